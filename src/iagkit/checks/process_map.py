"""What the map of a process holds: activities, arcs, and how much of them is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Chapter, Question, counted
from iagkit.core.message import say
from iagkit.core.nouns import Check, Finding, Run

NEEDS = frozenset({"follows", "map_shown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Activities(Question):
    """Different things that are done."""

    name: ClassVar[str] = "process.map.activities"
    question: ClassVar[str] = "How many different activities are there?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about the whole map."""
        follows = run.outcome.evidence["follows"]
        many = len(follows.activities)
        yield self.found(counted(float(many), n=follows.events, unit="activities"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs(Question):
    """Different steps from one activity to the next."""

    name: ClassVar[str] = "process.map.arcs"
    question: ClassVar[str] = "How many different steps from one activity to the next are there?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about the whole map."""
        follows = run.outcome.evidence["follows"]
        steps = sum(arc.n for arc in follows.arcs)
        yield self.found(counted(float(len(follows.arcs)), n=steps, unit="steps"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Question):
    """Share of all steps that the drawn map shows."""

    name: ClassVar[str] = "process.map.shown"
    question: ClassVar[str] = "How many of all steps does the drawn map show?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; none where no case has two events."""
        share = run.outcome.evidence["map_shown"].share
        if share.n == 0:
            yield self.found(say("no case has two events, so nothing follows anything"))
        else:
            yield self.found(counted(share.value, n=share.n, unit="share"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Question):
    """Steps that lead back to what was just done."""

    name: ClassVar[str] = "process.map.repeated_steps"
    question: ClassVar[str] = "How many steps repeat the activity that was just done?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about the whole map."""
        arcs = run.outcome.evidence["follows"].arcs
        steps = sum(arc.n for arc in arcs)
        if not steps:
            yield self.found(say("no case has two events, so nothing follows anything"))
            return
        again = sum(arc.n for arc in arcs if arc.source == arc.target)
        yield self.found(counted(again / steps, n=steps, unit="share"))


PARTS: tuple[Check, ...] = (Activities(), Arcs(), Shown(), Repeated())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMap(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_map"
    question: ClassVar[str] = "Which way do cases go?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)
