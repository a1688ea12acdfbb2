"""Whether stated certainty is real certainty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import MIN_CELL, Chapter, Question, clusters, level, right, too_few
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.calibration import ece, reliability

NEEDS = frozenset({"truth", "prediction", "confidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationError(Question):
    """Expected calibration error of the confidence in the answer given."""

    name: ClassVar[str] = "calibration.ece"
    question: ClassVar[str] = "How far is the stated certainty from the real one, on average?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        sure = run.outcome.table["confidence"]
        yield self.found(ece(right(run), sure, clusters=clusters(run), level=level(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability(Question):
    """Accuracy of the answers that state a similar confidence."""

    name: ClassVar[str] = "calibration.reliability"
    question: ClassVar[str] = "Of the answers with this stated certainty, how many are right?"
    needs: ClassVar[frozenset[str]] = NEEDS

    bins: int = 10

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each range of confidence that occurs."""
        sure = run.outcome.table["confidence"]
        for found in reliability(
            right(run), sure, bins=self.bins, clusters=clusters(run), level=level(run)
        ):
            few = found.accuracy.n < MIN_CELL
            told = too_few(found.accuracy.n, MIN_CELL) if few else found.accuracy
            yield self.found(told, {"confidence": f"{found.low:.1f}–{found.high:.1f}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration(Chapter):
    """All of this page."""

    name: ClassVar[str] = "calibration"
    question: ClassVar[str] = "Is stated certainty real certainty?"
    needs: ClassVar[frozenset[str]] = NEEDS
    parts: ClassVar[tuple[Check, ...]] = (CalibrationError(), Reliability())
