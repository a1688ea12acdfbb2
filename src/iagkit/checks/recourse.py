"""What people who were refused could do about it, and whether that is alike for groups.

Recourse is about the model, not a promise: it tells which change of declared features the
model would accept, nothing of whether a person can make it or a court would agree.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asked import (
    background,
    draw,
    first,
    grouped,
    inputs_of,
    members,
    only,
    own_clusters,
    silent,
    strict,
    threshold,
    told,
    with_evidence,
)
from iagkit.checks.asking import GROUP, Chapter, Question, level, too_few
from iagkit.checks.groups import per_group, too_many
from iagkit.core.errors import DeclarationError, ModelError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.explain.recourse import Recourse as Found
from iagkit.explain.recourse import recourse
from iagkit.explain.tables import scores
from iagkit.measures.furthest import furthest_median, median
from iagkit.measures.gaps import Gap, furthest_gap
from iagkit.measures.rates import share

UNIT = "standard deviations"
MEASURES = 2
"""Gaps told for each column: cost, and having no recourse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The refused cases that were looked at, and what was found for them."""

    run: Run
    found: Found


def refused(run: Run, *, cases: int, seed: int) -> Refused | Message:
    """Search recourse for a sample of the refused, or say why that cannot be done."""
    made = run.outcome.evidence.get("refused")
    if isinstance(made, Refused):
        return made
    if (because := _undeclared(run) or silent(run)) is not None:
        return because
    try:
        return _searched(run, cases, seed)
    except ModelError:
        return say("the model does not give one score a case for these inputs")
    except DeclarationError:
        return say("the declared features do not fit the inputs of the model")


def _undeclared(run: Run) -> Message | None:
    features = run.outcome.evidence["features"]
    if not features:
        return say("it was not declared what a person could change")
    if not any(feature.actionable for feature in features):
        return say("no declared feature is actionable, so nobody has recourse")
    return None


def _searched(run: Run, cases: int, seed: int) -> Refused | Message:
    below = scores(run.outcome.respond, inputs_of(run)) < threshold(run)
    if not below.any():
        return say("no case was refused")
    part = draw(only(run, np.flatnonzero(below)), cases, seed)
    found = recourse(
        part.outcome.respond,
        inputs_of(part),
        background(run),
        tuple(run.outcome.evidence["features"]),
        threshold=threshold(run),
        seed=seed,
    )
    return Refused(run=part, found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfRefused(Question):
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", "features"})
    cases: int = 300
    seed: int = 0

    def answer(self, run: Run) -> Iterator[Finding]:
        """Findings about the refused, or why there are none."""
        known = refused(run, cases=self.cases, seed=self.seed)
        if isinstance(known, Message):
            yield self.found(known)
        else:
            yield from self.told_of(known)

    @abstractmethod
    def told_of(self, known: Refused) -> Iterator[Finding]:
        """Findings about the refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost(_OfRefused):
    """Median size of the smallest change found, of those for whom one was found."""

    name: ClassVar[str] = "recourse.cost"
    question: ClassVar[str] = "How much would half of the refused have to change at most?"

    def told_of(self, known: Refused) -> Iterator[Finding]:
        """Of all, and of each group."""
        yield self.found(_cost(known, first(known.run)))
        for where, rows in members(known.run):
            yield self.found(rows if isinstance(rows, Message) else _cost(known, rows), where)


def _cost(known: Refused, rows: NDArray[Any]) -> Estimate | Message:
    rows = rows[known.found.found[rows]]
    needed = known.run.prototype.protocol.min_group
    if len(rows) < needed:
        return too_few(len(rows), needed)
    texts = own_clusters(known.run, rows)
    return median(known.found.cost[rows], unit=UNIT, clusters=texts, level=level(known.run))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Apart(_OfRefused):
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", "features", GROUP})

    def told_of(self, known: Refused) -> Iterator[Finding]:
        """One finding a column."""
        for column, rows, groups in grouped(known.run):
            gap = too_many(groups) or self.gap(known, rows, groups)
            answer, between = (gap, None) if isinstance(gap, Message) else told(gap)
            yield self.found(answer, {column: "*"}, between)

    @abstractmethod
    def gap(self, known: Refused, rows: NDArray[Any], groups: NDArray[Any]) -> Gap | Message:
        """Gap between the furthest groups of these rows, or why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostGap(_Apart):
    """Difference of the median cost between the furthest groups."""

    name: ClassVar[str] = "recourse.cost.gap"
    question: ClassVar[str] = "How far apart are the groups in what the refused have to change?"

    def gap(self, known: Refused, rows: NDArray[Any], groups: NDArray[Any]) -> Gap | Message:
        """Of those for whom a change was found."""
        found, run = known.found.found[rows], known.run
        there = rows[found]
        if not there.size:
            return say("no recourse was found for anybody")
        return furthest_median(
            known.found.cost[there],
            groups[found],
            unit=UNIT,
            clusters=own_clusters(run, there),
            level=strict(run, MEASURES),
            min_group=run.prototype.protocol.min_group,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecourse(_OfRefused):
    """Share of the refused for whom no change of at most three features was found."""

    name: ClassVar[str] = "recourse.none"
    question: ClassVar[str] = "For how many of the refused was no change found that would help?"

    def told_of(self, known: Refused) -> Iterator[Finding]:
        """Of all, and of each group."""
        without, run = ~known.found.found, known.run
        every = first(run)
        whole = share(without[every], clusters=own_clusters(run, every), level=level(run))
        yield self.found(whole)
        for column, rows, groups in grouped(run):
            for group, found in per_group(only(run, rows), without[rows], groups):
                yield self.found(found, {column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRecourseGap(_Apart):
    """Difference of the share without recourse between the furthest groups."""

    name: ClassVar[str] = "recourse.none.gap"
    question: ClassVar[str] = "How far apart are the groups in how many find no way out?"

    def gap(self, known: Refused, rows: NDArray[Any], groups: NDArray[Any]) -> Gap | Message:
        """Of all who were refused."""
        return furthest_gap(
            ~known.found.found[rows],
            groups,
            clusters=own_clusters(known.run, rows),
            level=strict(known.run, MEASURES),
            min_group=known.run.prototype.protocol.min_group,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recourse(Chapter):
    """All of this page; the search is made once."""

    name: ClassVar[str] = "recourse"
    question: ClassVar[str] = "What could those who were refused do about it?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", "features"})
    parts: ClassVar[tuple[Check, ...]] = (Cost(), CostGap(), NoRecourse(), NoRecourseGap())

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts, from the same search."""
        if set(run.outcome.evidence) >= self.needs and len(run.outcome):
            known = refused(run, cases=Cost().cases, seed=Cost().seed)
            run = run if isinstance(known, Message) else with_evidence(run, refused=known)
        return Chapter.__call__(self, run)
