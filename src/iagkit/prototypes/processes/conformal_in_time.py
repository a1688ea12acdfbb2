"""Intervals that keep their promise while the process changes: they learn from each outcome."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]
DAY: Final = np.timedelta64(1, "D")
STEP: Final = 0.03
"""Part of the usual size of a score by which one outcome moves the width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InTime:
    """Intervals as they would have been told, and which of them held.

    Parameters
    ----------
    low, high : ndarray of float, days
    hit : ndarray of bool
    margin : ndarray of float
        What was added on each side, in ``log(1 + days)``, when each interval was told.
    learnt : ndarray of int
        Outcomes that were known by then.
    last : float
        Margin after all outcomes: for what is asked next.
    """

    low: Floats
    high: Floats
    hit: NDArray[np.bool_]
    margin: Floats
    learnt: NDArray[np.int64]
    last: float


def first_margin(low: Floats, high: Floats, truth: Floats, *, coverage: float = 0.9) -> float:
    """What must be added to intervals so that as many of the cases seen lie inside.

    Parameters
    ----------
    low, high, truth : ndarray of float, days
        Of cases that the intervals were not learnt from.
    coverage : float

    Returns
    -------
    float
        In ``log(1 + days)``; negative if the intervals are too wide. Conformalised quantile
        regression [1]_.

    References
    ----------
    .. [1] Romano, Patterson & Candès (2019). NeurIPS 32.
    """
    scores = _scores(low, high, truth)
    n = len(scores)
    if n == 0:
        msg = "expected at least one outcome to learn the width of intervals from; got none"
        raise DataError(msg)
    place = min(n, int(np.ceil((n + 1) * coverage)))
    return float(np.sort(scores)[place - 1])


def in_time(
    low: Floats,
    high: Floats,
    truth: Floats,
    *,
    issued: Times,
    margin: float,
    spread: float,
    coverage: float = 0.9,
    step: float = STEP,
) -> InTime:
    """Tell intervals in the order of time; widen them after a miss, narrow them after a hit.

    Parameters
    ----------
    low, high : ndarray of float, shape (n,), days
        Intervals before correction.
    truth : ndarray of float, shape (n,), days
        What came of them.
    issued : ndarray of datetime64, shape (n,)
        When each was told.
    margin : float
        Correction to begin with, of :func:`first_margin`.
    spread : float
        Usual size of a score, of :func:`usual_size`.
    coverage : float
    step : float
        Part of ``spread`` by which an outcome moves the margin.

    Returns
    -------
    InTime

    Notes
    -----
    The margin follows the quantile of the scores by online gradient steps, whose long-run share
    of hits is ``coverage`` whatever the process does [1]_. An outcome counts when it is known and
    not before: a hit or a case that ended too early at the end of the case, a case that takes too
    long as soon as its interval is over. So each is known after ``high`` days at the latest, and
    the long ones do not arrive last.

    References
    ----------
    .. [1] Angelopoulos, Candès & Tibshirani (2023). Conformal PID control. NeurIPS 36.
    .. [2] Gibbs & Candès (2021). Adaptive conformal inference. NeurIPS 34.
    """
    n = len(truth)
    if not len(low) == len(high) == len(issued) == n:
        msg = f"expected arrays of one length; got {len(low)}, {len(high)}, {n}, {len(issued)}"
        raise DataError(msg)
    below, above, real = np.log1p(low), np.log1p(high), np.log1p(truth)
    told = np.empty((2, n))
    margins, learnt = np.empty(n), np.zeros(n, dtype=np.int64)
    hits = np.zeros(n, dtype=bool)
    waiting: list[tuple[float, int]] = []
    clock = (issued - issued.min()) / DAY if n else np.empty(0)
    known = 0
    for i in np.argsort(clock, kind="stable").tolist():
        while waiting and waiting[0][0] <= clock[i]:
            hit = hits[heapq.heappop(waiting)[1]]
            margin += step * spread * (coverage - hit)
            known += 1
        told[:, i] = _widened(float(below[i]), float(above[i]), margin)
        margins[i], learnt[i] = margin, known
        hits[i] = told[0, i] <= real[i] <= told[1, i]
        heapq.heappush(waiting, (clock[i] + min(truth[i], float(np.expm1(told[1, i]))), i))
    while waiting:
        hit = hits[heapq.heappop(waiting)[1]]
        margin += step * spread * (coverage - hit)
    days = np.expm1(told)
    return InTime(low=days[0], high=days[1], hit=hits, margin=margins, learnt=learnt, last=margin)


def usual_size(low: Floats, high: Floats, truth: Floats) -> float:
    """Distance between the median and the 90 % quantile of the scores; never nothing."""
    scores = _scores(low, high, truth)
    return max(float(np.quantile(scores, 0.9) - np.quantile(scores, 0.5)), 0.01)


def widened(low: Floats, high: Floats, margin: float) -> tuple[Floats, Floats]:
    """Intervals with a margin on each side, in days, none below zero."""
    pairs = [
        _widened(a, b, margin)
        for a, b in zip(np.log1p(low).tolist(), np.log1p(high).tolist(), strict=True)
    ]
    days = np.expm1(np.asarray(pairs, dtype=np.float64).reshape(-1, 2))
    return days[:, 0], days[:, 1]


def _widened(low: float, high: float, margin: float) -> tuple[float, float]:
    """A negative margin narrows to the middle and no further."""
    below, above = low - margin, high + margin
    if below > above:
        below = above = (low + high) / 2
    return max(below, 0.0), max(above, 0.0)


def _scores(low: Floats, high: Floats, truth: Floats) -> Floats:
    below, above, real = np.log1p(low), np.log1p(high), np.log1p(truth)
    return np.asarray(np.maximum(below - real, real - above))
