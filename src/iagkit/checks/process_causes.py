"""Why work waits, where starts and ends are known; nobody who works is named."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from iagkit.checks.asking import Chapter, Question
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Finding, Run

NEEDS = frozenset({"causes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfCauses(Question):
    """A question that cannot be answered where starts of work are not known."""

    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Answers, or the one reason why there are none."""
        told = run.outcome.evidence["causes"]
        if isinstance(told, Message):
            yield self.found(told)
        else:
            yield from self.of_causes(told)

    @abstractmethod
    def of_causes(self, told: Any) -> Iterator[Finding]:
        """Answers where work and waiting can be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(_OfCauses):
    """Hours that work waits before it is begun."""

    name: ClassVar[str] = "process.cause.wait"
    question: ClassVar[str] = "How many hours does a piece of work wait, on average?"

    def of_causes(self, told: Any) -> Iterator[Finding]:
        """One finding; none where no piece follows another."""
        yield self.found(
            say("no piece of work follows another") if told.wait is None else told.wait
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(_OfCauses):
    """Share of all waiting that each cause explains."""

    name: ClassVar[str] = "process.cause.share"
    question: ClassVar[str] = "How much of all waiting has this cause?"

    def of_causes(self, told: Any) -> Iterator[Finding]:
        """One finding a cause; they add up to all waiting."""
        if not told.shares:
            yield self.found(say("no work waited"))
        for cause, share in told.shares.items():
            yield self.found(share, {"cause": cause})


PARTS: tuple[Check, ...] = (Wait(), Cause())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCauses(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_causes"
    question: ClassVar[str] = "Why does work wait?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)
