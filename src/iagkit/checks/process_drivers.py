"""What moves forecasts of cases: the mean size of what each kind of input adds or takes away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from iagkit.checks.asking import Chapter, Learnt, level
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.furthest import mean_size

PART: Final = "drivers"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sizes(Learnt):
    part: ClassVar[str] = PART
    needs: ClassVar[frozenset[str]] = frozenset({PART})
    of: ClassVar[str]
    unit: ClassVar[str]

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """One finding a kind of input, the largest first."""
        known = told.get(self.of)
        if known is None:
            return
        sizes = np.abs(known.values)
        for j in np.argsort(-sizes.mean(axis=0), kind="stable"):
            if not sizes[:, j].any():
                continue
            size = mean_size(sizes[:, j], unit=self.unit, level=level(run))
            yield self.found(size, {"input": known.features[j]})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDays(_Sizes):
    """What moves the days that remain."""

    name: ClassVar[str] = "process.drivers.days"
    question: ClassVar[str] = "By how much time does this move the forecast, to whichever side?"
    of: ClassVar[str] = "days"
    unit: ClassVar[str] = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRisk(_Sizes):
    """What moves the chance to be late."""

    name: ClassVar[str] = "process.drivers.risk"
    question: ClassVar[str] = "How much does this move the chance to be late, to whichever side?"
    of: ClassVar[str] = "risk"
    unit: ClassVar[str] = "share"


PARTS: tuple[Check, ...] = (OfDays(), OfRisk())


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDrivers(Chapter):
    """All of this page; silent where nothing was learnt."""

    name: ClassVar[str] = "process_drivers"
    question: ClassVar[str] = "What moves the forecasts of cases?"
    only_with: ClassVar[str] = PART
    parts: ClassVar[tuple[Check, ...]] = PARTS
