"""Which ways cases take, what is done again, and how often work is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from iagkit.checks.asking import MIN_CELL, Chapter, Question, counted
from iagkit.core.message import say
from iagkit.core.nouns import Check, Finding, Run

NEEDS = frozenset({"variants", "rework", "hand_overs"})
TOLD: Final = 10
"""Activities that are done again, the most often repeated first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants(Question):
    """Different ways through the process."""

    name: ClassVar[str] = "process.map.variants"
    question: ClassVar[str] = "How many different ways do cases take?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about all cases."""
        ways = run.outcome.evidence["variants"]
        cases = sum(way.cases for way in ways)
        yield self.found(counted(float(len(ways)), n=cases, unit="ways"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Commonest(Question):
    """Cases on the way that most of them take."""

    name: ClassVar[str] = "process.map.commonest_way"
    question: ClassVar[str] = "How many cases take the commonest way?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about all cases."""
        yield self.found(run.outcome.evidence["variants"][0].share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone(Question):
    """Cases that go a way of their own."""

    name: ClassVar[str] = "process.map.own_way"
    question: ClassVar[str] = "How many cases take a way that no other case takes?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about all cases."""
        ways = run.outcome.evidence["variants"]
        cases, alone = sum(way.cases for way in ways), sum(way.cases == 1 for way in ways)
        yield self.found(counted(alone / cases, n=cases, unit="share"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Again(Question):
    """Cases in which an activity is done more than once."""

    name: ClassVar[str] = "process.map.done_again"
    question: ClassVar[str] = "In how many of its cases is an activity done more than once?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding an activity, of those with enough cases."""
        enough = [r for r in run.outcome.evidence["rework"] if r.share.n >= MIN_CELL]
        if not enough:
            yield self.found(say("no activity is done more than once in a case"))
        for each in enough[:TOLD]:
            yield self.found(each.share, {"activity": each.activity})


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Question):
    """Steps at which somebody else goes on."""

    name: ClassVar[str] = "process.map.handed_over"
    question: ClassVar[str] = "At how many steps does somebody else go on with the case?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; nobody is named."""
        share = run.outcome.evidence["hand_overs"].share
        unknown = say("of no step it is known who did it and who went on")
        yield self.found(unknown if share is None else share)


PARTS: tuple[Check, ...] = (Variants(), Commonest(), Alone(), Again(), HandedOver())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessWays(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_ways"
    question: ClassVar[str] = "Which ways do cases take, and what is done again?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)
