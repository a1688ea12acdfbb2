"""What the model leaves to people, and what that buys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import (
    MIN_CELL,
    Chapter,
    Question,
    clusters,
    for_people,
    level,
    right,
    too_few,
)
from iagkit.core.message import say
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.rates import share
from iagkit.measures.selective import accuracy_at, review_for

CURVE = frozenset({"truth", "prediction", "confidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Question):
    """Share of cases that go to a person."""

    name: ClassVar[str] = "abstention.rate"
    question: ClassVar[str] = "How many cases go to a person?"
    needs: ClassVar[frozenset[str]] = frozenset({"decided"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        yield self.found(share(for_people(run), clusters=clusters(run), level=level(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticAccuracy(Question):
    """Share of right answers among those given without a person."""

    name: ClassVar[str] = "abstention.automatic_accuracy"
    question: ClassVar[str] = "Of what is decided automatically, how much is right?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "prediction", "decided"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; none if nothing was decided automatically."""
        alone, texts = ~for_people(run), clusters(run)
        if not alone.any():
            yield self.found(say("no case was decided automatically"))
        elif alone.sum() < MIN_CELL:
            yield self.found(too_few(int(alone.sum()), MIN_CELL))
        else:
            own = None if texts is None else texts[alone]
            yield self.found(share(right(run)[alone], clusters=own, level=level(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyAtReview(Question):
    """Points of the risk–coverage curve on held-out cases."""

    name: ClassVar[str] = "abstention.accuracy_at_review"
    question: ClassVar[str] = "If people took this share, the least sure, how right is the rest?"
    needs: ClassVar[frozenset[str]] = CURVE

    review_shares: tuple[float, ...] = tuple(x / 20 for x in range(19))

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each share."""
        hits, sure = right(run), np.asarray(run.outcome.table["confidence"], dtype=float)
        for review in self.review_shares:
            found = accuracy_at(
                hits, sure, review_share=review, clusters=clusters(run), level=level(run)
            )
            told = found if found.n >= MIN_CELL else too_few(found.n, MIN_CELL)
            yield self.found(told, {"review_share": f"{review:.2f}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForAccuracy(Question):
    """Share people must take for an accuracy of the rest; a description, not a threshold."""

    name: ClassVar[str] = "abstention.review_for_accuracy"
    question: ClassVar[str] = "What share must people take for this accuracy of the rest?"
    needs: ClassVar[frozenset[str]] = CURVE

    accuracies: tuple[float, ...] = (0.8, 0.85, 0.9, 0.95, 0.99)

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each accuracy."""
        hits, sure = right(run), np.asarray(run.outcome.table["confidence"], dtype=float)
        for wanted in self.accuracies:
            told = review_for(hits, sure, accuracy=wanted, clusters=clusters(run), level=level(run))
            yield self.found(told, {"accuracy": f"{wanted:.2f}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention(Chapter):
    """All of this page."""

    name: ClassVar[str] = "abstention"
    question: ClassVar[str] = "What is left to people, and what does that buy?"
    parts: ClassVar[tuple[Check, ...]] = (
        Rate(),
        AutomaticAccuracy(),
        AccuracyAtReview(),
        ReviewForAccuracy(),
    )
