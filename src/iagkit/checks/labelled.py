"""What checks of labels share in an audit: which metrics, of which label, and why none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from iagkit.checks.asking import too_few
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Run
from iagkit.measures.arrays import Ints
from iagkit.measures.binary import RATES, nobody
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.pairing import Number, number

COMPLEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "true_negative_rate": "false_positive_rate",
        "false_negative_rate": "true_positive_rate",
        "false_discovery_rate": "precision",
        "false_omission_rate": "negative_predictive_value",
    }
)
"""One less the other: what is said of one is said of both, and is said once."""


def known(run: Run, *, against: bool = False) -> Cells:
    """Counts of rows whose truth and prediction are known; and whose second one is, if asked."""
    counted = cells(run)
    return (counted if against else replace(counted, against=None)).known()


def unlabelled(run: Run) -> Message | None:
    """Why nothing can be said of labels, or nothing."""
    counted, asked = cells(run), settings(run)
    if asked.task not in ("binary", "multiclass") or counted.prediction is None:
        return say("only predicted labels are compared here; there are none")
    if not len(known(run)):
        return say("no row has both a truth and a prediction")
    return None


def metrics(asked: AuditSettings) -> tuple[str, ...]:
    """Metrics that were asked for, each fact once."""
    if asked.task == "multiclass":
        return ("accuracy",)
    return tuple(m for m in asked.metrics if COMPLEMENTS.get(m) not in asked.metrics)


def measured(
    asked: AuditSettings, metric: str, counts: Cells, groups: Groups, told: Ints
) -> Number:
    """One metric of one prediction in each group."""
    positive = asked.positive if asked.task == "binary" else None
    return number(metric, counts, groups, told, positive=positive)


def shown(
    asked: AuditSettings, metric: str, counts: Cells, found: Number, group: int
) -> Estimate | Message:
    """Number of a group that is large enough, or why it is not told."""
    if found.n[group] == 0 and metric in RATES:
        labelled = asked.positive is not None and 0 <= asked.positive < len(counts.labels)
        return nobody(metric, counts.labels[asked.positive or 0] if labelled else "")
    if found.n[group] < asked.min_group:
        return too_few(int(found.n[group]), asked.min_group)
    told = found.estimate(group, level=asked.level)
    return say("this is undefined: a label that it needs does not occur") if told is None else told
