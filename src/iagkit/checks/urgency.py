"""What is urgent is found within what people can read, and nothing waits for ever."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks import waiting
from iagkit.checks.asking import GROUP, Chapter, Question, clusters, counted, level
from iagkit.checks.by_group import Sample, each_gap, each_group
from iagkit.checks.waiting import NEEDS, held_of, nobody_said
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
from iagkit.measures.urgency import Urgency

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
class _OfLists(Question):
    """A question about lists, which nobody can answer without truth."""

    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Answers, or the one reason why there are none."""
        cases = _list(run)
        if isinstance(cases, Message):
            yield self.found(cases)
        else:
            yield from self.of_list(run, cases)

    @abstractmethod
    def of_list(self, run: Run, cases: Listed) -> Iterator[Finding]:
        """Answers where it is known what was urgent."""

    def at_capacities(
        self, run: Run, told: Callable[[float], Estimate | Message]
    ) -> Iterator[Finding]:
        """Answer for the declared capacity, then for others beside it."""
        capacity = held_of(run).capacity
        yield self.found(told(capacity))
        for step in STEPS:
            yield self.found(told(capacity * step), {"capacity": f"{capacity * step:g}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(_OfLists):
    """Urgent cases among those that are read."""

    name: ClassVar[str] = "urgency.recall_at_capacity"
    question: ClassVar[str] = "How many of the urgent cases are among those that can be read?"

    def of_list(self, run: Run, cases: Listed) -> Iterator[Finding]:
        """The whole at the declared capacity, at others, and each group at the declared one."""
        held = held_of(run)
        yield from self.at_capacities(run, lambda capacity: recall_at(cases, capacity))
        yield from each_group(
            self, run, held.urgent == 1,
            lambda here: recall_at(cases, held.capacity, among=here[held.said]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundGap(Question):
    """Difference between the groups whose urgent cases are found least and most often."""

    name: ClassVar[str] = "urgency.recall_at_capacity.gap"
    question: ClassVar[str] = "How far apart are the groups in how many urgent cases are found?"
    needs: ClassVar[frozenset[str]] = NEEDS | {GROUP}

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each declared column."""
        yield from each_gap(self, run, self._sample(held_of(run), _list(run)))

    def _sample(self, held: Urgency, cases: Listed | Message) -> Sample | Message:
        if isinstance(cases, Message) or not cases.urgent.any():
            return nobody_said()
        urgent = cases.urgent
        return Sample(
            values=chances(cases.score, depth_of(cases, held.capacity))[urgent],
            among=held.urgent == 1,
            pieces=None if cases.clusters is None else cases.clusters[urgent],
            unit="share",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(_OfLists):
    """Urgent cases of a list that stay below the cut-off."""

    name: ClassVar[str] = "urgency.expected_missed"
    question: ClassVar[str] = "How many urgent cases of a list are not among those read first?"

    def of_list(self, run: Run, cases: Listed) -> Iterator[Finding]:
        """The whole at the declared capacity, and at others."""
        yield from self.at_capacities(run, lambda capacity: missed_at(cases, capacity))


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
