"""Messages that ask for more than one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Chapter, Question, clusters, level
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.rates import share


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralAsks(Question):
    """Share of messages in which several requests were recognised."""

    name: ClassVar[str] = "asks.several"
    question: ClassVar[str] = "How many messages ask for several things at once?"
    needs: ClassVar[frozenset[str]] = frozenset({"several_asks"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        flagged = np.asarray(run.outcome.table["several_asks"], dtype=bool)
        yield self.found(share(flagged, clusters=clusters(run), level=level(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks(Chapter):
    """All of this page."""

    name: ClassVar[str] = "asks"
    question: ClassVar[str] = "Do messages ask for one thing each?"
    parts: ClassVar[tuple[Check, ...]] = (SeveralAsks(),)
