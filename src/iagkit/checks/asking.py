"""What every built-in check shares: say what is missing instead of failing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run

GROUP = "group:"
CELLS = "cells"
"""Evidence of an audit of predictions: its rows were counted where they are."""
MIN_CELL = 5
"""Fewer cases are not told apart: they say nothing, and may say who they are of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(ABC):
    """A check that answers, or says why it cannot; it never raises for what is not there.

    A subclass names its columns and evidence in ``needs`` and writes :meth:`answer`; ``needs``
    of ``"group:"`` means at least one declared group column.
    """

    name: ClassVar[str]
    question: ClassVar[str]
    needs: ClassVar[frozenset[str]]

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answer, or say why there is no answer."""
        because = lacking(run, self.needs)
        return (self.found(because),) if because else tuple(self.answer(run))

    @abstractmethod
    def answer(self, run: Run) -> Iterable[Finding]:
        """Findings of a run that holds all this check needs."""

    def found(
        self,
        answer: Estimate | Message,
        where: Mapping[str, str] | None = None,
        between: tuple[str, str] | None = None,
    ) -> Finding:
        """Wrap an estimate, or the reason why there is none."""
        known = isinstance(answer, Estimate)
        return Finding(
            check=self.name,
            question=self.question,
            estimate=answer if isinstance(answer, Estimate) else None,
            because=answer if isinstance(answer, Message) else None,
            where=where or {},
            between=between if known else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt(Question):
    """A question about a part of a run, which may have left a reason in the place of evidence."""

    part: ClassVar[str]
    """Name of the evidence; what its subclasses need beside it stands in ``needs``."""

    def answer(self, run: Run) -> Iterator[Finding]:
        """Answers, or the one reason why there are none."""
        told = run.outcome.evidence[self.part]
        if isinstance(told, Message):
            yield self.found(told)
        else:
            yield from self.of_learnt(run, told)

    @abstractmethod
    def of_learnt(self, run: Run, told: Any) -> Iterable[Finding]:
        """Answers where there is evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(ABC):
    """A check about evidence that a prototype may declare that it does not want."""

    name: ClassVar[str]
    question: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()
    part: ClassVar[str]
    head: ClassVar[str]
    """Name of the finding that says why there are no others."""

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers; the one reason why there are none; nothing, if nothing was wanted."""
        told = run.outcome.evidence.get(self.part)
        if told is None:
            return ()
        if isinstance(told, Message):
            return (self.none(told),)
        return tuple(self.of_told(told))

    @abstractmethod
    def of_told(self, told: Any) -> Iterable[Finding]:
        """Answers where there is evidence."""

    def none(self, because: Message) -> Finding:
        """Say why there are none."""
        return Finding(check=self.head, question=self.question, because=because)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A check that is one look at the evidence of a part.

    Parameters
    ----------
    name, question : str
    part : str
        Name of the evidence, which may be the reason why there is none.
    of : callable
        Evidence → the answer, or why there is none.
    """

    name: str
    question: str
    part: str
    of: Callable[[Any], Estimate | Message]

    @property
    def needs(self) -> frozenset[str]:
        """The evidence."""
        return frozenset({self.part})

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """One finding about the whole."""
        told: Any = lacking(run, self.needs) or run.outcome.evidence[self.part]
        answer = told if isinstance(told, Message) else self.of(told)
        asked = partial(Finding, check=self.name, question=self.question)
        if isinstance(answer, Message):
            return (asked(because=answer),)
        return (asked(estimate=answer),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Several checks under one registered name."""

    name: ClassVar[str]
    question: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()
    only_with: ClassVar[str] = ""
    """Evidence without which nothing was asked for, and nothing is said; where a reason stands in
    its place, that is told once for each kind of finding, and not for every part."""
    parts: ClassVar[tuple[Check, ...]]

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts; one reason if what all of them need is not there."""
        if self.only_with and self.only_with not in run.outcome.evidence:
            return ()
        asked = partial(Finding, question=self.question)
        if because := lacking(run, self.needs):
            return (asked(check=self.name, because=because),)
        told = run.outcome.evidence.get(self.only_with)
        if isinstance(told, Message):
            kinds = dict.fromkeys(".".join(part.name.split(".")[:2]) for part in self.parts)
            return tuple(asked(check=kind, because=told) for kind in kinds)
        return tuple(finding for part in self.parts for finding in part(run))


def lacking(run: Run, needs: Iterable[str]) -> Message | None:
    """Why a run cannot answer, or nothing."""
    table = run.outcome.table
    held = {*map(str, table.columns), *run.outcome.evidence}
    if any(name.startswith(GROUP) for name in held):
        held.add(GROUP)
    missing = sorted(set(needs) - held)
    if GROUP in missing:
        return say("no group column was declared, so groups cannot be compared")
    if missing:
        return say("the outcome holds no {missing}", missing=", ".join(missing))
    if needs and len(table) == 0 and CELLS not in held:
        return say("no case was held out, so nothing can be measured")
    return None


def clusters(run: Run) -> NDArray[Any] | None:
    """Cluster of each held-out case, if the recipe tells which cases repeat one another."""
    table = run.outcome.table
    return np.asarray(table["cluster"]) if "cluster" in table.columns else None


def level(run: Run) -> float:
    """Confidence level that the protocol asks for."""
    return run.prototype.protocol.level


def group_columns(run: Run) -> Iterator[tuple[str, NDArray[Any]]]:
    """Declared group columns: name without prefix, and the group of each case."""
    table = run.outcome.table
    for column in map(str, table.columns):
        if column.startswith(GROUP):
            yield column.removeprefix(GROUP), np.asarray(table[column], dtype=object).astype(str)


def too_few(n: int, needed: int) -> Message:
    """Say that a part of the cases is too small, without telling very small numbers."""
    if n < MIN_CELL:
        return say("fewer than {few} cases; {needed} are needed", few=MIN_CELL, needed=needed)
    return say("{n} cases are too few; {needed} are needed", n=n, needed=needed)


def counted(value: float, *, n: int, unit: str) -> Estimate:
    """A number that was counted in full: its interval is the number itself."""
    return Estimate(value=value, n=n, low=value, high=value, unit=unit)


def right(run: Run) -> NDArray[np.bool_]:
    """Whether each prediction is the truth."""
    table = run.outcome.table
    truth, told = (np.asarray(table[c], dtype=object) for c in ("truth", "prediction"))
    return np.asarray(truth == told, dtype=bool)


def for_people(run: Run) -> NDArray[np.bool_]:
    """Whether each case goes to a person."""
    return ~np.asarray(run.outcome.table["decided"], dtype=bool)


def shortlisted(run: Run) -> NDArray[np.bool_]:
    """Whether each truth is among the labels offered."""
    table = run.outcome.table
    pairs = zip(table["truth"], table["labels"], strict=True)
    return np.fromiter((truth in offered for truth, offered in pairs), bool, len(table))
