"""How well it is known how long cases still take: beside the median, over time, and by group."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from iagkit.checks.asking import Chapter, Learnt, Told, level
from iagkit.checks.by_group import Sample, each_gap, each_group
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.rates import mean
from iagkit.measures.urgency import Mask

PART: Final = "remaining"
GAPS: Final = 2
"""Gaps told for each column: how far off, and to which side."""


def rows_of_cases(run: Run, names: Any) -> Ints:
    """Row in the outcome of the case of each row of a table."""
    import pandas as pd

    found = pd.Index(run.outcome.table["id"]).get_indexer(names)
    return np.asarray(found, dtype=np.intp)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfForecasts(Learnt):
    """A number of each forecast, by group."""

    part: ClassVar[str] = PART
    needs: ClassVar[frozenset[str]] = frozenset({PART})
    unit: ClassVar[str] = "days"

    @abstractmethod
    def values(self, told: Any) -> Floats:
        """One number a forecast."""

    def of_case(self, run: Run, told: Any) -> tuple[Floats, Ints, Mask]:
        """One number a forecast, the row of its case, and which cases were asked about."""
        row = rows_of_cases(run, told.table["case"])
        among = np.zeros(len(run.outcome.table), dtype=bool)
        among[row] = True
        return self.values(told), row, among


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mean(_OfForecasts):
    """The mean, as a whole and by group."""

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """The whole, and each group with enough cases."""
        values, row, among = self.of_case(run, told)

        def of(here: Mask) -> Estimate:
            kept = here[row]
            return mean(values[kept], unit=self.unit, clusters=row[kept], level=level(run))

        yield self.found(of(among))
        yield from each_group(self, run, among, of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap(_OfForecasts):
    """The difference between the furthest groups."""

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """One finding for each declared column, with the error shared among them."""
        values, row, _ = self.of_case(run, told)
        sample = Sample(values=values, among=row, pieces=row, unit=self.unit)
        yield from each_gap(self, run, sample, gaps=GAPS)


def _days_over(told: Any) -> Floats:
    """Days by which forecasts are too long."""
    table = told.table
    return np.asarray(table["prediction_days"] - table["truth_days"], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Error(_Mean):
    """How far forecasts are off, as a whole and by group."""

    name: ClassVar[str] = "process.remaining.error"
    question: ClassVar[str] = "By how much is the forecast of the time that remains off?"

    def values(self, told: Any) -> Floats:
        """Days off, to whichever side."""
        return np.abs(_days_over(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGap(_Gap):
    """Difference between the groups whose forecasts are most and least off."""

    name: ClassVar[str] = "process.remaining.error.gap"
    question: ClassVar[str] = "How far apart are the groups in how far forecasts are off?"

    def values(self, told: Any) -> Floats:
        """Days off, to whichever side."""
        return np.abs(_days_over(told))


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLong(_Mean):
    """Days that are told too many, as a whole and by group."""

    name: ClassVar[str] = "process.remaining.bias"
    question: ClassVar[str] = "By how much is the forecast too long on average?"

    def values(self, told: Any) -> Floats:
        """Days too long; below zero too short."""
        return _days_over(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLongGap(_Gap):
    """Difference between the groups that are told the longest and the shortest."""

    name: ClassVar[str] = "process.remaining.bias.gap"
    question: ClassVar[str] = "How far apart are the groups in being told too long a time?"

    def values(self, told: Any) -> Floats:
        """Days too long; below zero too short."""
        return _days_over(told)


PARTS: tuple[Check, ...] = (
    Error(), ErrorGap(), TooLong(), TooLongGap(),
    Told(
        name="process.remaining.error_of_median", part=PART, of=lambda told: told.error_of_median,
        question="By how much is the median after the same activity off?",
    ),
    Told(
        name="process.remaining.difference", part=PART, of=lambda told: told.difference,
        question="By how much is the forecast worse than that median?",
    ),
    Told(
        name="process.remaining.coverage", part=PART, of=lambda told: told.coverage,
        question="How often does the range told hold the time that remained?",
    ),
    Told(
        name="process.remaining.coverage_at_first", part=PART,
        of=lambda told: told.coverage_at_first,
        question="How often would it, if nothing were learnt from what came?",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRemaining(Chapter):
    """All of this page; silent where the prototype declares that nothing is to be forecast."""

    name: ClassVar[str] = "process_remaining"
    question: ClassVar[str] = "Is it known how long cases still take?"
    only_with: ClassVar[str] = PART
    parts: ClassVar[tuple[Check, ...]] = PARTS
