"""What the review list asks of people: how many documents, and why each is on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Question, clusters, level
from iagkit.core.nouns import Finding, Run
from iagkit.measures.rates import share

WHY = ("unsure", "only_area", "by_lot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Question):
    """Share of the documents that people are asked to read, as a whole and by reason."""

    name: ClassVar[str] = "review.listed"
    question: ClassVar[str] = "How many documents are people asked to read, and why?"
    needs: ClassVar[frozenset[str]] = frozenset({"reading"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for all of them, and one for each reason that holds for any."""
        why = np.asarray(run.outcome.evidence["reading"], dtype=object).astype(str)
        texts, sure = clusters(run), level(run)
        yield self.found(share(why != "", clusters=texts, level=sure))
        for reason in WHY:
            if (why == reason).any():
                yield self.found(share(why == reason, clusters=texts, level=sure), {"why": reason})
