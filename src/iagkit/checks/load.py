"""How much work arrives where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Chapter, Question, clusters, for_people, level
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.rates import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected(Question):
    """Share of cases whose answer is each office."""

    name: ClassVar[str] = "load.expected"
    question: ClassVar[str] = "What share of the cases is sent here?"
    needs: ClassVar[frozenset[str]] = frozenset({"prediction"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each class, also those to which nothing is sent."""
        told = np.asarray(run.outcome.table["prediction"], dtype=object).astype(str)
        known = map(str, run.outcome.evidence.get("classes", ()))
        for office in sorted({*told.tolist(), *known}):
            found = share(told == office, clusters=clusters(run), level=level(run))
            yield self.found(found, {"office": office})


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Question):
    """Cases for people, of every hundred."""

    name: ClassVar[str] = "load.review"
    question: ClassVar[str] = "Of 100 cases, how many must people look at?"
    needs: ClassVar[frozenset[str]] = frozenset({"decided"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        found = share(for_people(run), clusters=clusters(run), level=level(run))
        assert found.low is not None
        assert found.high is not None
        yield self.found(
            replace(
                found,
                value=100 * found.value,
                low=100 * found.low,
                high=100 * found.high,
                unit="cases per 100",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Load(Chapter):
    """All of this page."""

    name: ClassVar[str] = "load"
    question: ClassVar[str] = "How much work arrives where?"
    parts: ClassVar[tuple[Check, ...]] = (Expected(), Review())
