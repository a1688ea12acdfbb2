"""How long cases wait when so many are read a day, and who waits longer.

Means have the intervals of replayed weeks, which know no negative wait. Gaps rest on the stretches
between two evenings on which nothing was left: these are independent of one another [1]_.

References
----------
.. [1] Crane, M. A. & Iglehart, D. L. (1975). Simulating stable stochastic systems, III:
   regenerative processes and discrete-event simulations. Operations Research 23(1), 33-45.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import GROUP, MIN_CELL, Question, counted, level, too_few
from iagkit.checks.by_group import Sample, each_gap, each_group
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.replays import Replays, mean_wait
from iagkit.measures.urgency import Mask, Urgency

NEEDS = frozenset({"urgency"})


def held_of(run: Run) -> Urgency:
    """What the run knows of urgency."""
    found: Urgency = run.outcome.evidence["urgency"]
    return found


def nobody_said() -> Message:
    """Say that there is no truth."""
    return say("nobody said which held-out cases were urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated(Question):
    """A question about days, which nobody can answer without dates of arrival."""

    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Answers, or the one reason why there are none."""
        if (because := held_of(run).why_no_times) is not None:
            yield self.found(because)
        else:
            yield from self.of_dated(run)

    @abstractmethod
    def of_dated(self, run: Run) -> Iterator[Finding]:
        """Answers where days of arrival are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waits(_Dated):
    """Days until cases are read, of all or of some, as a whole and by group."""

    of: ClassVar[Callable[[Urgency], Mask]]

    def of_dated(self, run: Run) -> Iterator[Finding]:
        """The whole, and each group with enough cases."""
        held = held_of(run)
        among = type(self).of(held) & held.dated

        def told(here: Mask) -> Estimate | Message:
            return _days(run, held.ours.wait, here[held.dated], held.replays)

        yield self.found(told(among))
        yield from each_group(self, run, among, told)


def _days(run: Run, days: Floats | Ints, among: Mask, replays: Replays) -> Estimate | Message:
    many = int(among.sum())
    if many < MIN_CELL:
        return too_few(many, MIN_CELL) if many else say("there is no such case with a date")
    return mean_wait(days, among, replays=replays, level=level(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class _WaitGap(Question):
    needs: ClassVar[frozenset[str]] = NEEDS | {GROUP}
    of: ClassVar[Callable[[Urgency], Mask]]

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each declared column."""
        yield from each_gap(self, run, self._sample(held_of(run)))

    def _sample(self, held: Urgency) -> Sample | Message:
        if (because := held.why_no_times) is not None:
            return because
        among = type(self).of(held) & held.dated
        if not among.any():
            return nobody_said()
        here = among[held.dated]
        return Sample(
            values=held.ours.wait[here], among=among, pieces=held.ours.period[here], unit="days"
        )


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
    of: ClassVar[Callable[[Urgency], Mask]] = _all


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitGap(_WaitGap):
    """Difference between the groups that wait longest and shortest."""

    name: ClassVar[str] = "urgency.wait.gap"
    question: ClassVar[str] = "How far apart are the groups in the days they wait?"
    of: ClassVar[Callable[[Urgency], Mask]] = _all


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOfUrgent(_Waits):
    """Days until an urgent case is read."""

    name: ClassVar[str] = "urgency.wait_of_urgent"
    question: ClassVar[str] = "How many days does an urgent case wait until it is read, on average?"
    of: ClassVar[Callable[[Urgency], Mask]] = _urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOfUrgentGap(_WaitGap):
    """Difference between the groups whose urgent cases wait longest and shortest."""

    name: ClassVar[str] = "urgency.wait_of_urgent.gap"
    question: ClassVar[str] = "How far apart are the groups in the days their urgent cases wait?"
    of: ClassVar[Callable[[Urgency], Mask]] = _urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOfOthers(_Waits):
    """Days until a case that is not urgent is read."""

    name: ClassVar[str] = "urgency.wait_of_others"
    question: ClassVar[str] = "How many days does a case that is not urgent wait, on average?"
    of: ClassVar[Callable[[Urgency], Mask]] = _others


@dataclass(frozen=True, slots=True, kw_only=True)
class Gained(_Dated):
    """What the order by urgency changes against the order of arrival, for the same cases."""

    name: ClassVar[str] = "urgency.days_gained"
    question: ClassVar[str] = "How many days sooner is a case read than by order of arrival?"

    def of_dated(self, run: Run) -> Iterator[Finding]:
        """One finding for urgent cases and one for the others, who pay for it."""
        held = held_of(run)
        days = (held.as_they_came.wait - held.ours.wait).astype(float)
        for told, among in (("yes", _urgent(held)), ("no", _others(held))):
            found = _days(run, days, among[held.dated], held.sooner)
            yield self.found(found, {"urgent": told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest(_Dated):
    """The longest of all waits that came about."""

    name: ClassVar[str] = "urgency.longest_wait"
    question: ClassVar[str] = "How many days did the case wait that waited longest?"

    def of_dated(self, run: Run) -> Iterator[Finding]:
        """By urgency, and by order of arrival."""
        held = held_of(run)
        for told, read in (("urgency", held.ours), ("arrival", held.as_they_came)):
            found = counted(float(read.wait.max()), n=len(read.wait), unit="days")
            yield self.found(found, {"order": told})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guaranteed(_Dated):
    """Days after which everything has been read, whatever comes within the load seen."""

    name: ClassVar[str] = "urgency.guaranteed_wait"
    question: ClassVar[str] = "After how many days has everything been read, at this load?"

    def of_dated(self, run: Run) -> Iterator[Finding]:
        """One finding; none where more comes than can be read."""
        held = held_of(run)
        told = held.longest
        n = int(held.dated.sum())
        known = told if isinstance(told, Message) else counted(float(told), n=n, unit="days")
        yield self.found(known)
