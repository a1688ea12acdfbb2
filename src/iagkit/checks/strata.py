"""Gaps among comparable people: like is compared with like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Question
from iagkit.checks.audit_settings import cells, settings
from iagkit.checks.comparing import Asking, named
from iagkit.checks.rates import COUNTED, SUBJECT
from iagkit.core.message import say
from iagkit.core.nouns import Finding, Run
from iagkit.measures.binary import RATES, quadrants
from iagkit.measures.strata import stratified_gap

WATCHED = ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata(Question):
    """Stratified gaps beside the plain ones, with a warning where they turn round."""

    name: ClassVar[str] = "strata"
    question: ClassVar[str] = "Does the gap remain among people who are alike otherwise?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = named(WATCHED, (".stratified_gap", ".simpson"))

    def answer(self, run: Run) -> Iterator[Finding]:
        """Each group column within each declared column of strata."""
        asked, every = settings(run), cells(run)
        if asked.positive is None:
            because = say("strata are compared for yes-or-no predictions only")
            yield self.found(because)
            return
        each = quadrants(every, every.labels[asked.positive])
        metrics = WATCHED if every.truth is not None else WATCHED[:1]
        pairs = ((c, s) for c in asked.columns for s in asked.strata if c != s)
        for column, stratum in pairs:
            for metric in metrics:
                hits, among = (
                    sum((each[q] for q in part), start=~each["tp"] & each["tp"])
                    for part in (RATES[metric].hits, RATES[metric].among)
                )
                groups = every.by((column,))
                found = stratified_gap(
                    every, groups, every.by((stratum,)), hits, among,
                    level=asked.strict, min_group=asked.min_group,
                )  # fmt: skip
                asking = Asking(
                    metric=metric, question=SUBJECT[metric], groups=groups, asked=asked,
                    more={"given": stratum},
                )  # fmt: skip
                yield asking.apart(".stratified_gap", found.gap)
                if found.turned:
                    because = say(
                        "the two groups furthest apart lie the other way round within "
                        "“{stratum}” (Simpson's paradox): which is to be believed is a question "
                        "of causes, not of counts",
                        stratum=stratum,
                    )
                    yield asking.found(".simpson", asking.whole, because)
