"""Predictions of several labels a row: the whole set, all labels together, and each for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from iagkit.checks.audit_settings import AuditSettings
from iagkit.checks.comparing import (
    OF_NUMBERS,
    OF_SHARES,
    Asking,
    group_sets,
    named,
    numbers_told,
    shares_told,
)
from iagkit.checks.rates import SUBJECT
from iagkit.core.message import say
from iagkit.core.nouns import Finding
from iagkit.measures import multilabel
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.multiclass import Part, one_vs_rest
from iagkit.measures.multilabel import LabelSets
from iagkit.measures.shares import shares

NOBODY = say("no case of this group counts here")
WHOLE_SET = str(say("How often is the whole set of labels right?"))
MEANS = (
    ("hamming_loss", multilabel.hamming_loss,
     str(say("How many of all answers, one a case and label, are wrong?"))),
    ("macro_f1", partial(multilabel.mean_of_labels, part="f1", average="macro"),
     str(say("How good are the answers on average, all labels counting the same?"))),
    ("micro_f1", partial(multilabel.mean_of_labels, part="f1", average="micro"),
     str(say("How good are the answers, all labels of all cases counting the same?"))),
)  # fmt: skip
WATCHED = ("selection_rate", "true_positive_rate", "false_positive_rate")
"""Rates that are compared between groups for every label."""
OF_LABEL: tuple[tuple[Part, str], ...] = (
    ("recall", SUBJECT["true_positive_rate"]), ("precision", SUBJECT["precision"]),
    ("f1", str(say("How good are the answers for this label, misses and intruders both?"))),
)  # fmt: skip
OVERALL = ("subset_accuracy", *(name for name, _, _ in MEANS))
GIVES = (
    *named(("subset_accuracy", *WATCHED), OF_SHARES), *named(OVERALL[1:], OF_NUMBERS),
    *named((*OVERALL, *(name for name, _ in OF_LABEL)), family="performance"),
)  # fmt: skip


def of_label_sets(every: Cells, asked: AuditSettings) -> Iterator[Finding]:
    """Findings about all rows, the groups of each set of columns, and each label."""
    sets = multilabel.label_sets(every, names=asked.names, separator=asked.separator)
    for groups in group_sets(every, asked):
        for finding in _together(every, groups, sets, asked):
            yield finding
            if not groups.columns:
                yield replace(finding, check=finding.check.replace("fairness", "performance", 1))
        if len(groups.columns) < 2:
            yield from _apart(every, groups, sets, asked)


def _together(
    every: Cells, groups: Groups, sets: LabelSets, asked: AuditSettings
) -> Iterator[Finding]:
    right = (sets.truth == sets.prediction).all(axis=1)
    found = shares(every, groups, right & sets.known, sets.known)
    yield from shares_told(_asking("subset_accuracy", WHOLE_SET, groups, asked), found, NOBODY)
    for name, measure, question in MEANS:
        number = measure(every, groups, sets, level=asked.level)
        yield from numbers_told(_asking(name, question, groups, asked), number)


def _apart(
    every: Cells, groups: Groups, sets: LabelSets, asked: AuditSettings
) -> Iterator[Finding]:
    """Each label as a question of yes or no: of all rows how well, of groups how alike."""
    for i, label in enumerate(sets.names):
        if not groups.columns:
            yield from _of_all(every, groups, _only(sets, i), asked)
            continue
        masks = one_vs_rest(multilabel.of_label(every, sets, i), 1)
        for metric in WATCHED:
            asking = _asking(metric, SUBJECT[metric], groups, asked, label)
            yield from shares_told(asking, shares(every, groups, *masks[metric]), NOBODY)


def _of_all(
    every: Cells, groups: Groups, one: LabelSets, asked: AuditSettings
) -> Iterator[Finding]:
    for part, question in OF_LABEL:
        number = multilabel.mean_of_labels(every, groups, one, part, level=asked.level)
        asking = _asking(part, question, groups, asked, one.names[0])
        for finding in numbers_told(asking, number):
            yield replace(finding, check=f"performance.{part}")


def _only(sets: LabelSets, label: int) -> LabelSets:
    here = np.array([label])
    return replace(
        sets, names=(sets.names[label],), truth=sets.truth[:, here],
        prediction=sets.prediction[:, here],
    )  # fmt: skip


def _asking(
    metric: str, question: str, groups: Groups, asked: AuditSettings, label: str | None = None
) -> Asking:
    more = {} if label is None else {"class": label}
    return Asking(metric=metric, question=question, groups=groups, asked=asked, more=more)
