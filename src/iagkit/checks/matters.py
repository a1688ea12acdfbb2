"""How much of what arrives is the same matter again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Question, level
from iagkit.core.nouns import Finding, Run
from iagkit.measures.rates import share

LIKE = ("same", "near")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Question):
    """Share of documents whose matter another one represents; mass filings are told apart.

    Letters on one pattern are no one matter: each waits for its own answer.
    """

    name: ClassVar[str] = "matters.repeated"
    question: ClassVar[str] = "What share of the documents is a matter that is already there?"
    needs: ClassVar[frozenset[str]] = frozenset({"matters"})
    gives: ClassVar[tuple[str, ...]] = ("matters.repeated", "matters.filed")

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for all, one a kind, one of filings; a matter or filing is one evidence."""
        table = run.outcome.evidence["matters"]
        kind = np.asarray(table["kind"], dtype=object).astype(str)
        matter = np.asarray(table["matter"])
        again = np.isin(kind, LIKE)
        yield self.found(share(again, clusters=matter, level=level(run)))
        for name in LIKE:
            found = share(kind == name, clusters=matter, level=level(run))
            yield self.found(found, {"kind": name})
        filed = np.asarray(table["on_pattern"]) > np.asarray(table["documents"])
        pattern = np.asarray(table["pattern"], dtype=object).astype(str)
        told = self.found(share(filed, clusters=pattern, level=level(run)))
        yield replace(
            told,
            check="matters.filed",
            question="What share of the documents is on one pattern with others (mass filing)?",
        )
