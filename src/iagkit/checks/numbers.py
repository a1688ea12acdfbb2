"""Predicted numbers: how far off they are, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from iagkit.checks.asking import Question
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import OF_NUMBERS, Asking, group_sets, named, numbers_told
from iagkit.checks.rates import COUNTED
from iagkit.core.message import say
from iagkit.core.nouns import Finding, Run
from iagkit.measures import regression
from iagkit.measures.groupwise import Groupwise

QUESTIONS = {
    "mean_absolute_error": str(
        say("How far off are the numbers predicted for this group, on average?")
    ),
    "bias": str(say("Is too much predicted for this group, or too little?")),
    "root_mean_squared_error": str(say("How far off are they, large errors weighing more?")),
    "r2_score": str(
        say("How much of the differences within this group do the predictions explain?")
    ),
    "within_tolerance": str(say("How many of the numbers predicted are near enough?")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Question):
    """Errors of all and by group, with gaps."""

    name: ClassVar[str] = "numbers"
    question: ClassVar[str] = "Are the numbers of every group predicted equally well?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = (
        *named(QUESTIONS, OF_NUMBERS),
        *named(QUESTIONS, family="performance"),
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """All sets of groups; the numbers of all rows are told as performance too."""
        asked, every = settings(run), cells(run)
        measures = _measures(asked)
        for groups in group_sets(every, asked):
            for name, measure in measures.items():
                found = measure(every, groups, level=asked.level)
                asking = Asking(
                    metric=name, question=QUESTIONS[name], groups=groups, asked=asked, more={}
                )
                yield from numbers_told(asking, found, gaps=name != "r2_score")
                if not groups.columns:
                    estimate = found.estimate()
                    yield Finding(
                        check=f"performance.{name}", question=QUESTIONS[name], estimate=estimate,
                        because=None if estimate else found.because[0],
                    )  # fmt: skip


def _measures(asked: AuditSettings) -> Mapping[str, Callable[..., Groupwise]]:
    in_unit = {
        name: partial(getattr(regression, name), unit=asked.unit)
        for name in ("mean_absolute_error", "bias", "root_mean_squared_error")
    }
    near = {} if asked.tolerance is None else {"within_tolerance": regression.within_tolerance}
    return {**in_unit, "r2_score": regression.r2_score, **near}
