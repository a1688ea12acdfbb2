"""How much of what arrives is the same matter again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Question, level
from iagkit.core.nouns import Finding, Run
from iagkit.measures.rates import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Question):
    """Share of documents whose matter another document represents, by kind of likeness."""

    name: ClassVar[str] = "matters.repeated"
    question: ClassVar[str] = "What share of the documents is a matter that is already there?"
    needs: ClassVar[frozenset[str]] = frozenset({"matters"})
    gives: ClassVar[tuple[str, ...]] = ("matters.repeated",)

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for all, then one a kind; a matter is one piece of evidence."""
        table = run.outcome.evidence["matters"]
        kind = np.asarray(table["kind"], dtype=object).astype(str)
        matter = np.asarray(table["matter"])
        again = ~np.isin(kind, ("alone", "representative"))
        yield self.found(share(again, clusters=matter, level=level(run)))
        for name in ("same", "near", "template"):
            found = share(kind == name, clusters=matter, level=level(run))
            yield self.found(found, {"kind": name})
