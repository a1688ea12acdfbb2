"""Durations of several groups, open cases counted: whether they differ, and by how many days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats, Ints, labels, same_length
from iagkit.measures.processes.survival import (
    Curve,
    areas,
    checked_cases,
    kaplan_meier,
    risk_at,
)

WATCHED = 10
"""Cases of a group that must still be watched where days are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Whether groups are closed equally fast.

    Parameters
    ----------
    groups : tuple of str
    closed, expected : ndarray of float, shape (n_groups,)
        Cases closed, and closings expected if all groups were alike (within strata).
    statistic : float
        Chi-square.
    df : int
        Degrees of freedom.
    p : float
    n : int
    """

    groups: tuple[str, ...]
    closed: Floats
    expected: Floats
    statistic: float
    df: int
    p: float
    n: int


def log_rank(
    durations: ArrayLike,
    closed: ArrayLike,
    groups: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    entered: ArrayLike | None = None,
) -> LogRank | Message:
    """Whether groups are closed equally fast, open cases counted as long as they last.

    Parameters
    ----------
    durations, closed, entered
        As for :func:`iagkit.measures.processes.survival.kaplan_meier`.
    groups : array-like of str, shape (n_cases,)
    strata : array-like of str, shape (n_cases,), optional
        Cases are compared within each, such as one type of request.

    Returns
    -------
    LogRank or Message
        A message where nothing can be compared.

    Raises
    ------
    DataError
        As for :func:`iagkit.measures.processes.survival.kaplan_meier`.

    Notes
    -----
    At each closing the groups share the closings by their cases at risk; differences from that
    are added up, variances hypergeometric [1]_, over strata too.

    References
    ----------
    .. [1] Peto, R. & Peto, J. (1972). JRSS A 135(2), 185-207.

    Examples
    --------
    >>> found = log_rank([1, 2, 3, 4], [True] * 4, ["a", "a", "b", "b"])
    >>> found.expected.round(3).tolist(), round(found.statistic, 3)
    ([0.833, 3.167], 2.882)
    """
    time, ended, start = checked_cases(durations, closed, entered)
    names, place = _coded("groups", groups)
    same_length(durations=time, groups=place)
    layer = np.zeros(len(time), dtype=np.intp) if strata is None else _coded("strata", strata)[1]
    same_length(durations=time, strata=layer)
    seen, hoped = np.zeros(len(names)), np.zeros(len(names))
    spread = np.zeros((len(names), len(names)))
    for rows in split(layer):
        part = None if start is None else start[rows]
        o, e, v = _one_stratum(time[rows], ended[rows], place[rows], part, len(names))
        seen, hoped, spread = seen + o, hoped + e, spread + v
    df = int(np.linalg.matrix_rank(spread, hermitian=True))
    if df == 0:
        return say("no two groups have open cases at the time of any closing")
    apart = seen - hoped
    statistic = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    return LogRank(
        groups=names, closed=seen, expected=hoped, statistic=statistic, df=df,
        p=float(chi2.sf(statistic, df)), n=len(time),
    )  # fmt: skip


def _one_stratum(
    time: Floats, ended: NDArray[np.bool_], place: Ints, start: Floats | None, of: int
) -> tuple[Floats, Floats, Floats]:
    """Closings seen and expected of each group, and their covariance."""
    seen, hoped, spread = np.zeros(of), np.zeros(of), np.zeros((of, of))
    times, at = np.unique(time[ended], return_inverse=True)
    here = np.unique(place)
    if not len(times) or len(here) < 2:
        return seen, hoped, spread
    risk = np.zeros((len(times), len(here)))
    for k, group in enumerate(here):
        mine = place == group
        risk[:, k] = risk_at(times, time[mine], None if start is None else start[mine])
    d = np.bincount(at, minlength=len(times)).astype(float)
    r = risk.sum(axis=1)
    share = risk / r[:, None]
    weight = d * np.where(r > 1, (r - d) / np.maximum(r - 1, 1), 0.0)
    seen[here] = np.bincount(place[ended], minlength=of)[here]
    hoped[here] = d @ share
    inner = np.diag(weight @ share) - (share * weight[:, None]).T @ share
    spread[np.ix_(here, here)] = inner
    return seen, hoped, spread


def _coded(name: str, values: ArrayLike) -> tuple[tuple[str, ...], Ints]:
    found, place = np.unique(labels(name, values), return_inverse=True)
    return tuple(map(str, found)), place.reshape(-1).astype(np.intp)


def split(codes: Ints) -> list[Ints]:
    """Rows of each code, in the order of the codes."""
    order = np.argsort(codes, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(codes[order])) + 1))


def common_horizon(durations: Floats, closed: NDArray[np.bool_], places: Sequence[Ints]) -> float:
    """Longest time for which every group is known.

    Parameters
    ----------
    durations, closed : ndarray, shape (n_cases,)
    places : sequence of ndarray of int
        Rows of each group.

    Returns
    -------
    float
        The smallest, over groups with open cases, of the time that ``WATCHED`` of its cases last;
        the longest duration if no case is open.
    """
    with_open = [rows for rows in places if not closed[rows].all()]
    if not with_open:
        return float(durations.max())
    tails = [np.sort(durations[rows])[::-1][min(WATCHED, len(rows)) - 1] for rows in with_open]
    return float(min(tails))


def pseudo_days(
    durations: Floats,
    closed: NDArray[np.bool_],
    horizon: float,
    *,
    entered: Floats | None = None,
) -> Floats:
    """What each case adds to the restricted mean: its days open, guessed where it is still open.

    Parameters
    ----------
    durations, closed, entered : ndarray, shape (n_cases,)
        Of one group.
    horizon : float

    Returns
    -------
    ndarray of float, shape (n_cases,)
        Their mean is the restricted mean of the curve. Without open cases each is the days that
        the case was open, at most the horizon.

    Notes
    -----
    Pseudo-observations [1]_, by the influence of each case on the curve, which gives Greenwood's
    variance and takes one pass.

    References
    ----------
    .. [1] Andersen, P. K., Hansen, M. G. & Klein, J. P. (2004). Lifetime Data Analysis 10,
       335-350.

    Examples
    --------
    >>> pseudo_days(np.array([1.0, 2.0, 6.0]), np.array([True, True, True]), 3.0).tolist()
    [1.0, 2.0, 3.0]
    """
    curve: Curve = kaplan_meier(durations, closed, entered=entered)
    mean, area = areas(curve, horizon)
    n, left = len(durations), curve.at_risk - curve.closed
    inside = (curve.times <= horizon) & (area > 0) & (left > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        jump = np.where(inside, area / left, 0.0)
    running = np.append(0.0, np.cumsum(jump * curve.closed / curve.at_risk))
    until = running[np.searchsorted(curve.times, durations, side="right")]
    if entered is not None:
        late = running[np.searchsorted(curve.times, entered, side="right")]
        until = until - np.where(entered > 0, late, 0.0)
    own = np.zeros(n)
    if len(curve.times):
        at = np.minimum(np.searchsorted(curve.times, durations), len(curve.times) - 1)
        own = np.where(closed, jump[at], 0.0)
    return np.asarray(mean - n * (own - until), dtype=float)
