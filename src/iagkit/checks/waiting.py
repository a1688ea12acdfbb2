"""How long cases wait when so many are read a day, and who waits longer.

Waits hang together while a queue never empties, so the stretches between two evenings on which
nothing was left are the independent pieces of evidence [1]_.

References
----------
.. [1] Crane, M. A. & Iglehart, D. L. (1975). Simulating stable stochastic systems, III:
   regenerative processes and discrete-event simulations. Operations Research 23(1), 33-45.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import GROUP, MIN_CELL, Question, counted, group_columns, level, too_few
from iagkit.checks.groups import too_many
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.gaps import furthest_gap
from iagkit.measures.rates import mean
from iagkit.measures.urgency import Mask, Urgency

NEEDS = frozenset({"urgency"})
GAPS = 3
"""Gaps told for each column: recall, wait, wait of the urgent."""


def held_of(run: Run) -> Urgency:
    """What the run knows of urgency."""
    found: Urgency = run.outcome.evidence["urgency"]
    return found


def nobody_said() -> Message:
    """Say that there is no truth."""
    return say("nobody said which held-out cases were urgent")


def _strict(run: Run) -> float:
    many = len(list(group_columns(run)))
    return 1 - (1 - level(run)) / max(GAPS * many, 1)


def gap_of(
    asked: Question, run: Run, column: str, values: NDArray[Any], groups: NDArray[Any],
    pieces: NDArray[Any] | None, unit: str,
) -> Finding:  # fmt: skip
    """Difference between the furthest groups of a column, with the error shared."""
    if not len(values):
        return asked.found(nobody_said(), {column: "*"})
    if (many := too_many(groups)) is not None:
        return asked.found(many, {column: "*"})
    gap = furthest_gap(
        values, groups, clusters=pieces, level=_strict(run), unit=unit,
        min_group=run.prototype.protocol.min_group,
    )  # fmt: skip
    if gap.estimate is None:
        assert gap.because is not None
        return asked.found(gap.because, {column: "*"})
    assert gap.lowest is not None
    assert gap.highest is not None
    between = None if gap.lowest == gap.highest else (gap.lowest, gap.highest)
    return asked.found(gap.estimate, {column: "*"}, between)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waits(Question):
    """Days until cases are read, of all or of some, as a whole and by group."""

    of: ClassVar[Callable[[Urgency], Mask]]

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole, and each group with enough cases."""
        held = held_of(run)
        if (because := held.why_no_times) is not None:
            yield self.found(because)
            return
        among, read = type(self).of(held)[held.dated], held.reading()
        yield self.found(_not_below_zero(_days(read.wait, read.period, among, run, MIN_CELL)))
        needed = run.prototype.protocol.min_group
        for column, groups in group_columns(run):
            if (many := too_many(groups)) is not None:
                yield self.found(many, {column: "*"})
                continue
            for group in np.unique(groups):
                here = among & (groups[held.dated] == group)
                told = _days(read.wait, read.period, here, run, needed)
                yield self.found(_not_below_zero(told), {column: str(group)})


def _not_below_zero(told: Estimate | Message) -> Estimate | Message:
    """Nobody waits less than no time, whatever Student's interval says."""
    if isinstance(told, Message) or told.low is None:
        return told
    return replace(told, low=max(0.0, float(told.low)))


def _days(
    days: NDArray[Any], pieces: NDArray[Any], among: Mask, run: Run, needed: int
) -> Estimate | Message:
    many = int(among.sum())
    if many < needed:
        return too_few(many, needed) if many else say("there is no such case with a date")
    return mean(days[among], unit="days", clusters=pieces[among], level=level(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class _WaitGap(Question):
    of: ClassVar[Callable[[Urgency], Mask]]

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each declared column."""
        held = held_of(run)
        for column, groups in group_columns(run):
            if (because := held.why_no_times) is not None:
                yield self.found(because, {column: "*"})
                continue
            among, read = type(self).of(held)[held.dated], held.reading()
            own = groups[held.dated][among]
            yield gap_of(self, run, column, read.wait[among], own, read.period[among], "days")


def _all(held: Urgency) -> Mask:
    return np.ones(len(held.score), dtype=bool)


def _urgent(held: Urgency) -> Mask:
    return np.asarray(held.urgent == 1)


def _others(held: Urgency) -> Mask:
    return np.asarray(held.urgent == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(_Waits):
    """Days until any case is read."""

    name: ClassVar[str] = "urgency.wait"
    question: ClassVar[str] = "How many days does a case wait until it is read, on average?"
    needs: ClassVar[frozenset[str]] = NEEDS
    of: ClassVar[Callable[[Urgency], Mask]] = _all


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitGap(_WaitGap):
    """Difference between the groups that wait longest and shortest."""

    name: ClassVar[str] = "urgency.wait.gap"
    question: ClassVar[str] = "How far apart are the groups in the days they wait?"
    needs: ClassVar[frozenset[str]] = NEEDS | {GROUP}
    of: ClassVar[Callable[[Urgency], Mask]] = _all


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOfUrgent(_Waits):
    """Days until an urgent case is read."""

    name: ClassVar[str] = "urgency.wait_of_urgent"
    question: ClassVar[str] = "How many days does an urgent case wait until it is read, on average?"
    needs: ClassVar[frozenset[str]] = NEEDS
    of: ClassVar[Callable[[Urgency], Mask]] = _urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOfUrgentGap(_WaitGap):
    """Difference between the groups whose urgent cases wait longest and shortest."""

    name: ClassVar[str] = "urgency.wait_of_urgent.gap"
    question: ClassVar[str] = "How far apart are the groups in the days their urgent cases wait?"
    needs: ClassVar[frozenset[str]] = NEEDS | {GROUP}
    of: ClassVar[Callable[[Urgency], Mask]] = _urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOfOthers(_Waits):
    """Days until a case that is not urgent is read."""

    name: ClassVar[str] = "urgency.wait_of_others"
    question: ClassVar[str] = "How many days does a case that is not urgent wait, on average?"
    needs: ClassVar[frozenset[str]] = NEEDS
    of: ClassVar[Callable[[Urgency], Mask]] = _others


@dataclass(frozen=True, slots=True, kw_only=True)
class Gained(Question):
    """What the order by urgency changes against the order of arrival, for the same cases."""

    name: ClassVar[str] = "urgency.days_gained"
    question: ClassVar[str] = "How many days sooner is a case read than by order of arrival?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for urgent cases and one for the others, who pay for it."""
        held = held_of(run)
        if (because := held.why_no_times) is not None:
            yield self.found(because)
            return
        ours, first = held.reading(), held.reading(by_arrival=True)
        for told, among in (("yes", _urgent(held)), ("no", _others(held))):
            days = (first.wait - ours.wait).astype(float)
            found = _days(days, ours.period, among[held.dated], run, MIN_CELL)
            yield self.found(found, {"urgent": told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest(Question):
    """The longest of all waits that came about."""

    name: ClassVar[str] = "urgency.longest_wait"
    question: ClassVar[str] = "How many days did the case wait that waited longest?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """By urgency, and by order of arrival."""
        held = held_of(run)
        if (because := held.why_no_times) is not None:
            yield self.found(because)
            return
        for told, by_arrival in (("urgency", False), ("arrival", True)):
            wait = held.reading(by_arrival=by_arrival).wait
            found = counted(float(wait.max()), n=len(wait), unit="days")
            yield self.found(found, {"order": told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guaranteed(Question):
    """Days after which everything has been read, whatever comes within the load seen."""

    name: ClassVar[str] = "urgency.guaranteed_wait"
    question: ClassVar[str] = "After how many days has everything been read, at this load?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; none where more comes than can be read."""
        held = held_of(run)
        told = held.why_no_times or held.longest
        if isinstance(told, Message):
            yield self.found(told)
        else:
            yield self.found(counted(float(told), n=int(held.dated.sum()), unit="days"))
