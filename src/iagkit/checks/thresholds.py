"""What other thresholds of a score would do to each group: told, never chosen.

Thresholds are tenths, which are edges of the bins in which scores are counted: what is told of
them is that of the rows, without an error of binning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from iagkit.checks.audit_settings import AuditSettings
from iagkit.checks.comparing import Asking, named
from iagkit.checks.rates import SUBJECT
from iagkit.core.nouns import Finding
from iagkit.measures.binary import nobody, rates_of, told
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.simultaneous import gap
from iagkit.measures.thresholds import at_threshold

TENTHS: Final = tuple(t / 10 for t in range(1, 10))
METRICS: Final = ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")
"""Enough for the curves: who is chosen; ROC; precision and recall."""
MOST_GROUPS: Final = 16
"""Columns with more groups are told by their gaps only: a record stays small."""
GIVES: Final = named(METRICS, ("", ".gap"), family="threshold")


def at_every_tenth(every: Cells, groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    """Rates of groups and their gaps at each tenth; nothing if there are more than two labels."""
    if every.truth is None or asked.positive is None or len(every.labels) > 2:
        return
    for threshold in TENTHS:
        cells = at_threshold(every, threshold, positive=asked.positive)
        positive = cells.labels[asked.positive]
        for metric, shares in rates_of(METRICS, cells, groups, positive=positive).items():
            asking = Asking(
                metric=metric, question=SUBJECT[metric], groups=groups, asked=asked,
                more={"threshold": f"{threshold:.1f}"},
            )  # fmt: skip
            found: list[Finding] = []
            if groups.of <= MOST_GROUPS:
                found += asking.each(told(shares, nobody(metric, positive), level=asked.level))
            if groups.columns:
                apart = gap(shares, asking.names, level=asked.strict, min_group=asked.min_group)
                found.append(asking.apart(".gap", apart))
            for one in found:
                yield replace(one, check=one.check.replace("fairness", "threshold", 1))
