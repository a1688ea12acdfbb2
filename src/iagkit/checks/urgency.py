"""What is urgent is found within what people can read, and nothing waits for ever.

Gaps of being found and of waiting share one error: each is told at a level divided over all
columns and the three gaps of this page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks import waiting
from iagkit.checks.asking import (
    GROUP,
    Chapter,
    Question,
    clusters,
    counted,
    group_columns,
    level,
    too_few,
)
from iagkit.checks.groups import too_many
from iagkit.checks.waiting import NEEDS, gap_of, held_of, nobody_said
from iagkit.core.message import Message
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.capacity import (
    Listed,
    capacity_for,
    chances,
    depth_of,
    listed,
    missed_at,
    recall_at,
)
from iagkit.measures.urgency import Mask

STEPS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Capacities told beside the declared one, as multiples of it."""
FOUND = 0.9


def _list(run: Run) -> Listed | Message:
    """Held-out cases of which it is known whether they were urgent, as a list."""
    held, texts = held_of(run), clusters(run)
    kept = held.said
    if not kept.any():
        return nobody_said()
    own = None if texts is None else texts[kept]
    return listed(
        held.score[kept], held.urgent[kept], length=held.listed, clusters=own, level=level(run)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Question):
    """Urgent cases among those that are read."""

    name: ClassVar[str] = "urgency.recall_at_capacity"
    question: ClassVar[str] = "How many of the urgent cases are among those that can be read?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole at the declared capacity, at others, and each group at the declared one."""
        cases, capacity = _list(run), held_of(run).capacity
        if isinstance(cases, Message):
            yield self.found(cases)
            return
        yield self.found(recall_at(cases, capacity))
        for step in STEPS:
            told = recall_at(cases, capacity * step)
            yield self.found(told, {"capacity": f"{capacity * step:g}"})
        for column, groups in group_columns(run):
            yield from self._by_group(run, cases, column, groups[held_of(run).said])

    def _by_group(
        self, run: Run, cases: Listed, column: str, groups: NDArray[Any]
    ) -> Iterator[Finding]:
        if (many := too_many(groups)) is not None:
            yield self.found(many, {column: "*"})
            return
        needed = run.prototype.protocol.min_group
        for group in np.unique(groups):
            here = groups == group
            few = int((cases.urgent & here).sum())
            short = few < needed
            told = too_few(few, needed) if short else _recall(run, cases, here)
            yield self.found(told, {column: str(group)})


def _recall(run: Run, cases: Listed, here: Mask) -> Estimate | Message:
    return recall_at(cases, held_of(run).capacity, among=here)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGap(Question):
    """Difference between the groups whose urgent cases are found least and most often."""

    name: ClassVar[str] = "urgency.recall_at_capacity.gap"
    question: ClassVar[str] = "How far apart are the groups in how many urgent cases are found?"
    needs: ClassVar[frozenset[str]] = NEEDS | {GROUP}

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each declared column."""
        cases, held = _list(run), held_of(run)
        for column, groups in group_columns(run):
            if isinstance(cases, Message):
                yield self.found(cases, {column: "*"})
                continue
            read = chances(cases.score, depth_of(cases, held.capacity))
            yield gap_of(
                self, run, column, read[cases.urgent], groups[held.said][cases.urgent],
                None if cases.clusters is None else cases.clusters[cases.urgent], "share",
            )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Question):
    """Urgent cases of a list that stay below the cut-off."""

    name: ClassVar[str] = "urgency.expected_missed"
    question: ClassVar[str] = "How many urgent cases of a list are not among those read first?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole at the declared capacity, and at others."""
        cases, capacity = _list(run), held_of(run).capacity
        if isinstance(cases, Message):
            yield self.found(cases)
            return
        yield self.found(missed_at(cases, capacity))
        for step in STEPS:
            told = missed_at(cases, capacity * step)
            yield self.found(told, {"capacity": f"{capacity * step:g}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed(Question):
    """Capacity at which most of the urgent cases are found."""

    name: ClassVar[str] = "urgency.capacity_needed"
    question: ClassVar[str] = "How many cases of a list must be read to find this many urgent ones?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        cases = _list(run)
        told = cases if isinstance(cases, Message) else capacity_for(cases, FOUND)
        yield self.found(told, {"recall": f"{FOUND:.2f}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(Question):
    """Cases that come onto one list."""

    name: ClassVar[str] = "urgency.listed"
    question: ClassVar[str] = "How many cases come onto one list?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding, as counted or declared."""
        held = held_of(run)
        yield self.found(counted(held.listed, n=len(held.score), unit="cases"))


PARTS: tuple[Check, ...] = (
    Length(),
    Found(),
    FoundGap(),
    Missed(),
    Needed(),
    waiting.Wait(),
    waiting.WaitGap(),
    waiting.WaitOfUrgent(),
    waiting.WaitOfUrgentGap(),
    waiting.WaitOfOthers(),
    waiting.Gained(),
    waiting.Longest(),
    waiting.Guaranteed(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InTime(Chapter):
    """All of this page; silent where no urgency was declared."""

    name: ClassVar[str] = "urgency"
    question: ClassVar[str] = "Is what is urgent read in time, and does nothing wait for ever?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts, if urgency was declared."""
        if "urgency" not in run.outcome.evidence:
            return ()
        return Chapter.__call__(self, run)
