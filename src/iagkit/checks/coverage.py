"""Whether the shortlist handed to people holds the right answer, for everyone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Chapter, Question, clusters, group_columns, level, shortlisted
from iagkit.checks.groups import per_group
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.rates import mean, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformal(Question):
    """Share of cases whose truth is in the conformal prediction set."""

    name: ClassVar[str] = "coverage.conformal"
    question: ClassVar[str] = "How often does the shortlist hold the right answer?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "labels"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """Overall, and for each declared group."""
        hits = shortlisted(run)
        yield self.found(share(hits, clusters=clusters(run), level=level(run)))
        for column, groups in group_columns(run):
            for group, told in per_group(run, hits, groups):
                yield self.found(told, {column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSize(Question):
    """Mean number of labels in the conformal prediction set."""

    name: ClassVar[str] = "coverage.set_size"
    question: ClassVar[str] = "How many answers are on the shortlist?"
    needs: ClassVar[frozenset[str]] = frozenset({"labels"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        sizes = np.array([len(offered) for offered in run.outcome.table["labels"]], dtype=float)
        yield self.found(mean(sizes, unit="labels", clusters=clusters(run), level=level(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Chapter):
    """All of this page."""

    name: ClassVar[str] = "coverage"
    question: ClassVar[str] = "Does the shortlist hold the right answer?"
    needs: ClassVar[frozenset[str]] = frozenset({"labels"})
    parts: ClassVar[tuple[Check, ...]] = (Conformal(), SetSize())
