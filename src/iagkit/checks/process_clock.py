"""How long cases take in the hours in which the office is open, beside the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from iagkit.checks.asking import Chapter, Question, level, too_few
from iagkit.checks.groups import too_many
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run

NEEDS = frozenset({"working_time"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Question):
    """Whether the declared hours fit what was done."""

    name: ClassVar[str] = "process.clock.outside"
    question: ClassVar[str] = "How many events lie outside the declared office hours?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding, or that no office hours were declared."""
        told = run.outcome.evidence["working_time"]
        yield self.found(told if isinstance(told, Message) else told.outside)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingMedian(Question):
    """Median in working time, open cases counted."""

    name: ClassVar[str] = "process.clock.median"
    question: ClassVar[str] = "After how much working time is half of the cases closed?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole, and each group with enough cases."""
        told = run.outcome.evidence["working_time"]
        if isinstance(told, Message):
            yield self.found(told)
            return
        if not len(told.hours):
            yield self.found(say("no case of the log has a possible duration"))
            return
        yield self.found(told.median(np.ones(len(told.hours), dtype=bool), level=level(run)))
        for column, groups in told.groups.items():
            yield from self._groups(run, told, column, groups)

    def _groups(self, run: Run, told: Any, column: str, groups: Any) -> Iterator[Finding]:
        if (many := too_many(groups)) is not None:
            yield self.found(many, {column: "*"})
            return
        needed = run.prototype.protocol.min_group
        for group in np.unique(groups):
            here = groups == group
            few = int(here.sum())
            found: Estimate | Message = too_few(few, needed)
            if few >= needed:
                found = told.median(here, level=level(run))
            yield self.found(found, {column: str(group)})


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceWait(Question):
    """Open hours that a piece of work waits."""

    name: ClassVar[str] = "process.clock.wait"
    question: ClassVar[str] = "How many working hours does a piece of work wait, on average?"
    needs: ClassVar[frozenset[str]] = NEEDS | {"working_wait"}

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding, or that waiting and working cannot be told apart."""
        yield self.found(run.outcome.evidence["working_wait"])


PARTS: tuple[Check, ...] = (Outside(), WorkingMedian(), PieceWait())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessClock(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_clock"
    question: ClassVar[str] = "How long do cases take in working time?"
    only_with: ClassVar[str] = "working_time"
    parts: ClassVar[tuple[Check, ...]] = PARTS
