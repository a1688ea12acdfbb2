"""Predictions of one label of several: classes against the rest, and their means, by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from iagkit.checks import labels
from iagkit.checks.asking import Question
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import (
    OF_NUMBERS,
    OF_SHARES,
    Asking,
    group_sets,
    named,
    numbers_told,
    shares_told,
)
from iagkit.checks.rates import COUNTED, SUBJECT
from iagkit.core.message import Message, say
from iagkit.core.nouns import Finding, Run
from iagkit.measures import multiclass
from iagkit.measures.binary import told
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.groupwise import Groupwise
from iagkit.measures.shares import shares

Part = Literal["recall", "precision", "f1"]
MEANS: tuple[tuple[str, Part, str], ...] = (
    (
        "balanced_accuracy",
        "recall",
        str(say("How much is found on average, all labels counting the same?")),
    ),
    (
        "macro_f1",
        "f1",
        str(say("How good are the answers on average, all labels counting the same?")),
    ),
)
OF_CLASS = ("true_positive_rate", "precision")
WATCHED = ("selection_rate", "true_positive_rate", "false_positive_rate")
"""Rates that are compared between groups for every class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes(Question):
    """Accuracy and means over classes, of all and by group; rates of every class."""

    name: ClassVar[str] = "classes"
    question: ClassVar[str] = "Are people of different groups given the right label alike?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = (
        *named(("accuracy", *WATCHED), OF_SHARES),
        *named(("balanced_accuracy", "macro_f1"), OF_NUMBERS),
        *named(("accuracy", "balanced_accuracy", "macro_f1", "recall", "precision"),
               family="performance"),
        *labels.GIVES,
    )  # fmt: skip

    def answer(self, run: Run) -> Iterator[Finding]:
        """Means for all sets of groups; classes for all rows and for single columns."""
        asked, every = settings(run), cells(run)
        if asked.task == "multilabel":
            yield from labels.of_label_sets(every, asked)
            return
        yield from overall(every, asked)
        for groups in group_sets(every, asked):
            yield from _means(every, groups, asked)
            if len(groups.columns) == 1:
                yield from _of_classes(every, groups, asked)


def overall(every: Cells, asked: AuditSettings) -> Iterator[Finding]:
    """Measures of all rows together, and precision and recall of each class."""
    whole = every.by(())
    number = multiclass.accuracy(every, whole, level=asked.level)
    yield _plain("performance.accuracy", SUBJECT["accuracy"], number)
    for name, part, question in _wanted(asked):
        number = multiclass.mean_of_classes(every, whole, part, level=asked.level)
        yield _plain(f"performance.{name}", question, number)
    if asked.task != "multiclass":
        return
    for code, label in enumerate(every.labels):
        masks = multiclass.one_vs_rest(every, code)
        for metric in OF_CLASS:
            (answer,) = told(shares(every, whole, *masks[metric]), _nobody(), level=asked.level)
            asking = _asking(metric, whole, asked, {"class": label})
            name = {"true_positive_rate": "recall"}.get(metric, metric)
            yield replace(asking.found("", {"class": label}, answer), check=f"performance.{name}")


def _wanted(asked: AuditSettings) -> tuple[tuple[str, Part, str], ...]:
    """Means over classes; of two labels the balanced accuracy is told with their four counts."""
    return MEANS if asked.task == "multiclass" else MEANS[1:]


def _plain(check: str, question: str, number: Groupwise) -> Finding:
    estimate = number.estimate()
    because = None if estimate else number.because[0]
    return Finding(check=check, question=question, estimate=estimate, because=because)


def _means(every: Cells, groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    if asked.task == "multiclass":
        known = (every.truth != UNKNOWN) & (every.prediction != UNKNOWN)
        right = np.asarray(every.truth == every.prediction)
        found = shares(every, groups, right, np.asarray(known))
        yield from shares_told(_asking("accuracy", groups, asked, {}), found, _nobody())
    for name, part, question in _wanted(asked):
        number = multiclass.mean_of_classes(every, groups, part, level=asked.level)
        asking = Asking(metric=name, question=question, groups=groups, asked=asked, more={})
        yield from numbers_told(asking, number)


def _of_classes(every: Cells, groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    if asked.task != "multiclass":
        return
    for code, label in enumerate(every.labels):
        masks = multiclass.one_vs_rest(every, code)
        for metric in WATCHED:
            asking = _asking(metric, groups, asked, {"class": label})
            yield from shares_told(asking, shares(every, groups, *masks[metric]), _nobody())


def _asking(metric: str, groups: Groups, asked: AuditSettings, more: dict[str, str]) -> Asking:
    return Asking(metric=metric, question=SUBJECT[metric], groups=groups, asked=asked, more=more)


def _nobody() -> Message:
    return say("no case of this group counts here")
