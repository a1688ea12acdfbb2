"""Whether scores rank people rightly and mean what they say, by groups of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks import thresholds
from iagkit.checks.asking import Question, counted
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import OF_NUMBERS, Asking, group_sets, named, numbers_told
from iagkit.checks.rates import COUNTED
from iagkit.core.message import say
from iagkit.core.nouns import Finding, Run
from iagkit.measures import scores as measured
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.groupwise import Groupwise
from iagkit.measures.histograms import roc_auc

Measure = Callable[..., Groupwise]
OF_TRUTH: tuple[tuple[str, Measure, str], ...] = (
    (
        "roc_auc",
        roc_auc,
        str(say("How often does who qualifies get the higher score of two people?")),
    ),
    (
        "calibration_in_the_large",
        measured.calibration_in_the_large,
        str(say("Is more expected of this group than happens, or less?")),
    ),
    ("ece", measured.ece, str(say("How far do the scores of this group lie from what happens?"))),
    (
        "brier_score",
        measured.brier_score,
        str(say("How far off are the scores, squared, on average?")),
    ),
)
OVERALL = {"roc_auc": "performance.roc_auc", "ece": "calibration.ece",
           "brier_score": "performance.brier_score"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores(Question):
    """Discrimination and calibration of scores, of all and by group."""

    name: ClassVar[str] = "scores"
    question: ClassVar[str] = "Do scores mean the same for every group?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = (
        *named(("mean_score", *(name for name, *_ in OF_TRUTH)), OF_NUMBERS),
        *OVERALL.values(),
        "performance.roc_auc.bound",
        "performance.brier_score.bound",
        "calibration.reliability",
        *thresholds.GIVES,
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """Numbers and gaps of all sets of groups; the reliability of single columns."""
        asked, every = settings(run), cells(run)
        for groups in group_sets(every, asked):
            yield from _numbers(run, groups, asked)
            if len(groups.columns) < 2 and every.truth is not None:
                yield from _reliability(every, groups, asked)
                yield from thresholds.at_every_tenth(every, groups, asked)


def _numbers(run: Run, groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    every = cells(run)
    question = str(say("How high are the scores of this group on average?"))
    found = measured.mean_score(every, groups, level=asked.level)
    yield from numbers_told(_asking("mean_score", question, groups, asked), found)
    if every.truth is None:
        return
    for name, measure, question in OF_TRUTH:
        counts, of = _counted(run, measure, groups)
        found = measure(counts, of, positive=asked.positive, level=asked.level)
        yield from numbers_told(_asking(name, question, groups, asked), found)
        if not groups.columns and name in OVERALL:
            yield Finding(
                check=OVERALL[name], question=question, estimate=found.estimate(),
                because=None if found.estimate() else found.because[0],
            )  # fmt: skip
        if not groups.columns and found.bound is not None and found.bound[0] > 0:
            told = counted(float(found.bound[0]), n=int(found.n[0]), unit="share")
            yield Finding(
                check=f"performance.{name}.bound",
                question="How far can this number lie from that of unbinned scores?",
                estimate=told,
            )


def _counted(run: Run, measure: Measure, groups: Groups) -> tuple[Cells, Groups]:
    """Counts of bins, or, for areas if that was asked, of every score for itself."""
    each: Cells | None = run.outcome.evidence.get("each_score")
    if each is None or measure is not roc_auc:
        return cells(run), groups
    return each, each.by(groups.columns)


def _reliability(every: Cells, groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    question = str(say("How often is this score right?"))
    told = measured.reliability(every, groups, positive=_code(asked), level=asked.level)
    for group, bins in enumerate(told):
        for one in bins:
            where = {**groups.where(group), "confidence": f"{one.low:.1f}–{one.high:.1f}"}
            yield Finding(
                check="calibration.reliability", question=question, where=where,
                estimate=one.accuracy,
            )  # fmt: skip


def _code(asked: AuditSettings) -> int:
    assert asked.positive is not None
    return asked.positive


def _asking(metric: str, question: str, groups: Groups, asked: AuditSettings) -> Asking:
    return Asking(metric=metric, question=question, groups=groups, asked=asked, more={})
