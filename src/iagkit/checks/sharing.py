"""Which gaps an audit lists, and the level of each at which all of them hold together."""

from __future__ import annotations

from dataclasses import replace

from iagkit.checks.audit_settings import AuditSettings
from iagkit.checks.classes import MEANS, WATCHED
from iagkit.checks.comparing import group_sets
from iagkit.checks.functions import OF_GROUPS
from iagkit.checks.labels import OVERALL
from iagkit.checks.labels import WATCHED as OF_EACH_LABEL
from iagkit.checks.numbers import QUESTIONS
from iagkit.checks.ranking import LISTED
from iagkit.checks.scores import OF_TRUTH
from iagkit.checks.strata import WATCHED as OF_STRATA
from iagkit.measures.binary import RATES
from iagkit.measures.cells import Cells
from iagkit.measures.joint import joint_level, listed


def sharing(asked: AuditSettings, cells: Cells, *, own: int = 0) -> AuditSettings:
    """Settings in which every gap that is listed shares the error of all.

    Parameters
    ----------
    asked : AuditSettings
        ``family`` gaps are judged; they are among those listed, or share the error beside them.
    cells : Cells
    own : int
        Measures that were brought along.

    Returns
    -------
    AuditSettings
        Gaps turned around (of true and false negatives, say) count once, as they are one. Each
        group against everybody else is another question, whose answers share the same level by
        column and measure.
    """
    sets = [groups for groups in group_sets(cells, asked) if groups.columns]
    metrics = _of_counts(asked, cells)
    beside = own * len(asked.columns) + _of_the_rest(asked, cells, len(sets))
    family = max(listed(metrics, len(sets)) + beside, 1)
    if not metrics or asked.positive is None:
        return replace(asked, family=max(family, asked.family), joint=None)
    joint = joint_level(
        cells, sets, metrics, positive=cells.labels[asked.positive], level=asked.level,
        min_group=asked.min_group, beside=beside,
    )  # fmt: skip
    return replace(asked, family=family, joint=joint)


def _of_counts(asked: AuditSettings, cells: Cells) -> tuple[str, ...]:
    """Measures of the four counts."""
    if asked.task != "binary" or cells.prediction is None:
        return ()
    if cells.truth is None:
        return ("selection_rate",)
    return (*(m for m in asked.metrics if m in RATES), *OF_GROUPS)


def _of_the_rest(asked: AuditSettings, cells: Cells, sets: int) -> int:
    """Gaps of everything else."""
    many, columns = 0, len(asked.columns)
    if asked.task == "binary" and cells.truth is not None:
        pairs = sum(c != s for c in asked.columns for s in asked.strata)
        many += (len(MEANS) - 1) * sets + len(OF_STRATA) * pairs
    if asked.task == "multiclass":
        many += (1 + len(MEANS)) * sets + len(WATCHED) * len(cells.labels) * columns
    if asked.task == "multilabel":
        many += len(OVERALL) * sets + len(OF_EACH_LABEL) * len(asked.names) * columns
    if asked.task == "regression":
        many += (len(QUESTIONS) - 1 - (asked.tolerance is None)) * sets
    if cells.bins is not None:
        many += (1 + (len(OF_TRUTH) if cells.truth is not None else 0)) * sets
    if asked.capacity is not None:
        many += len(LISTED) * columns
    return many
