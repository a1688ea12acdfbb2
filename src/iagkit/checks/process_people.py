"""Those who work, all together: counts of five and more; nobody is named or ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from iagkit.checks.asking import MIN_CELL, Chapter, Learnt, counted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.processes.workforce import Workforce

PART: Final = "workforce"
DATES = say("the log has dates without times of day, so nobody knows when the work was done")
FEW = say("fewer than {few} people", few=MIN_CELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfPeople(Learnt):
    """A question about all who work."""

    needs: ClassVar[frozenset[str]] = frozenset({PART})
    part: ClassVar[str] = PART

    def of_learnt(self, _run: Run, told: Workforce) -> Iterator[Finding]:
        """Answers, whatever else the run holds."""
        yield from self.of_people(told)

    def of_people(self, told: Workforce) -> Iterator[Finding]:
        """What was measured under the last part of the name, or why it was not."""
        yield self.found(getattr(told, self.name.rpartition(".")[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class People(_OfPeople):
    """How many there are."""

    name: ClassVar[str] = "process.people.count"
    question: ClassVar[str] = "How many people or offices did the work?"

    def of_people(self, told: Workforce) -> Iterator[Finding]:
        """One finding."""
        yield self.found(counted(float(told.people), n=told.people, unit="people"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty(_OfPeople):
    """How many are there in each hour of a working day."""

    name: ClassVar[str] = "process.people.on_duty"
    question: ClassVar[str] = "How many are usually there in this hour, on the busiest weekday?"

    def of_people(self, told: Workforce) -> Iterator[Finding]:
        """One finding an hour, and one a weekday: the hour with most of them."""
        if not told.by_hour:
            yield self.found(DATES, {"hour": "*"})
        for hour, many in enumerate(told.on_duty.max(axis=0).tolist() if told.by_hour else ()):
            yield self.found(_told(many, told.people), {"hour": f"{hour:02}"})
        for day, many in enumerate(np.max(told.on_duty, axis=1).tolist(), 1):
            yield self.found(_told(many, told.people), {"weekday": str(day)})


def _told(many: int, people: int) -> Estimate | Message:
    if 0 < many < MIN_CELL:
        return FEW
    return counted(float(many), n=people, unit="people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces(_OfPeople):
    """Work of the person in the middle."""

    name: ClassVar[str] = "process.people.pieces"
    question: ClassVar[str] = "How many events did half of the people do at most?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills(_OfPeople):
    """Different activities of the person in the middle."""

    name: ClassVar[str] = "process.people.activities"
    question: ClassVar[str] = "How many different activities do half of the people do at most?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy(_OfPeople):
    """Hours a week with work under way, of the person in the middle."""

    name: ClassVar[str] = "process.people.busy_hours"
    question: ClassVar[str] = "How many hours a week is work under way, of half of the people?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentrated(_OfPeople):
    """How much of all work few people do."""

    name: ClassVar[str] = "process.people.busiest_tenth"
    question: ClassVar[str] = "How much of all work does a tenth of the people do?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging(_OfPeople):
    """Activities that stand still if one person is missing; which ones is not told."""

    name: ClassVar[str] = "process.people.hanging"
    question: ClassVar[str] = "How many frequent activities hang on one person?"


PARTS: tuple[Check, ...] = (
    People(), OnDuty(), Pieces(), Skills(), Busy(), Concentrated(), Hanging(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPeople(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_people"
    question: ClassVar[str] = "Who is there to do the work?"
    only_with: ClassVar[str] = PART
    parts: ClassVar[tuple[Check, ...]] = PARTS
