"""A second count on demand: every score for itself, so that areas are those of the rows."""

from __future__ import annotations

import time as clock
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from iagkit.core.errors import UsageError
from iagkit.measures.cells import UNKNOWN, Cells

if TYPE_CHECKING:
    from iagkit.checks.audit_settings import AuditSettings
    from iagkit.flow.asked import Inquiry


def each_score(
    frame: Any, asked: Inquiry, settings: AuditSettings, cells: Cells
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Evidence of a count of every different score, and what it cost; both empty if not asked.

    The engine sorts; as many cells come back as groups have different scores, up to one a row.

    Raises
    ------
    UsageError
        If there are no scores of yes or no whose truth is known.
    DataError
        If there are more different scores than a small machine holds.
    """
    if not asked.exact:
        return {}, {}
    if asked.score is None or asked.truth is None or settings.positive is None:
        msg = (
            "--exact-scores counts every score for itself, for areas under curves; give --score "
            "and --truth of answers yes or no, or leave it out"
        )
        raise UsageError(msg)
    from iagkit.measures.count_asked import EACH
    from iagkit.measures.counting import count

    began = clock.monotonic()
    each = count(
        frame, groups=asked.groups, truth=asked.truth, score=asked.score, score_bins=EACH,
        weight=asked.weight, cluster=asked.cluster, bins=asked.bins,
    )  # fmt: skip
    cost = {"counts": len(each), "seconds": round(clock.monotonic() - began, 1)}
    return {"each_score": _labelled(each, cells.labels)}, {"exact_scores": cost}


def _labelled(each: Cells, labels: tuple[str, ...]) -> Cells:
    """Cells whose truth is numbered as that of other cells is."""
    assert each.truth is not None
    number = np.array([*(labels.index(label) for label in each.labels), UNKNOWN], dtype=np.intp)
    return replace(each, labels=labels, truth=number[each.truth])
