"""What checks of cases share: each group with enough cases, and the furthest groups.

Gaps that are told together share one error: each is told at a level divided over all columns and
the gaps of a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import Question, group_columns, level, too_few
from iagkit.checks.groups import too_many
from iagkit.core.message import Message
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.arrays import Ints
from iagkit.measures.gaps import furthest_gap
from iagkit.measures.urgency import Mask

GAPS = 3
"""Gaps of urgency told for each column: recall, wait, wait of the urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Numbers of some of the cases of the outcome.

    Parameters
    ----------
    values : ndarray, shape (n_among,)
    among : ndarray of bool, shape (n_cases,), or of int, shape (n_among,)
        Which cases they are of: one number a case, or the row of the case of each number.
    pieces : ndarray, shape (n_among,), or None
        Cases that hang together.
    unit : str
    """

    values: NDArray[Any]
    among: Mask | Ints
    pieces: NDArray[Any] | None
    unit: str


def each_group(
    asked: Question, run: Run, among: Mask, told: Callable[[Mask], Estimate | Message]
) -> Iterator[Finding]:
    """Tell of the cases ``among`` in each group that has enough of them."""
    needed = run.prototype.protocol.min_group
    for column, groups in group_columns(run):
        if (many := too_many(groups)) is not None:
            yield asked.found(many, {column: "*"})
            continue
        for group in np.unique(groups):
            here = among & (groups == group)
            few = int(here.sum())
            found = too_few(few, needed) if few < needed else told(here)
            yield asked.found(found, {column: str(group)})


def each_gap(
    asked: Question, run: Run, sample: Sample | Message, *, gaps: int = GAPS
) -> Iterator[Finding]:
    """Tell, for each column, how far apart the furthest groups are, with the error shared.

    ``gaps`` of a column are told together with this one, itself included.
    """
    columns = list(group_columns(run))
    strict = 1 - (1 - level(run)) / max(gaps * len(columns), 1)
    for column, groups in columns:
        if isinstance(sample, Message):
            yield asked.found(sample, {column: "*"})
        else:
            yield _gap(asked, run, column, sample, groups[sample.among], strict)


def _gap(
    asked: Question, run: Run, column: str, sample: Sample, groups: NDArray[Any], strict: float
) -> Finding:
    if (many := too_many(groups)) is not None:
        return asked.found(many, {column: "*"})
    gap = furthest_gap(
        sample.values, groups, clusters=sample.pieces, level=strict, unit=sample.unit,
        min_group=run.prototype.protocol.min_group,
    )  # fmt: skip
    if gap.estimate is None:
        assert gap.because is not None
        return asked.found(gap.because, {column: "*"})
    assert gap.lowest is not None
    assert gap.highest is not None
    between = None if gap.lowest == gap.highest else (gap.lowest, gap.highest)
    return asked.found(gap.estimate, {column: "*"}, between)
