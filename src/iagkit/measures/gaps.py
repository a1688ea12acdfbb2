"""How far apart the furthest groups of rows are, corrected for having been chosen after looking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from iagkit.measures.arrays import (
    Floats,
    Ints,
    checked_level,
    cluster_codes,
    labels,
    numbers,
    same_length,
)
from iagkit.measures.intervals import correlation, mean_evidence
from iagkit.measures.shares import Shares, clustered_shares, independent
from iagkit.measures.simultaneous import MIN_CLUSTERS, Gap, gap, gap_of_estimates

__all__ = ["MIN_CLUSTERS", "Gap", "furthest_gap"]


def furthest_gap(
    values: ArrayLike,
    groups: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    min_group: int = 30,
    unit: str = "share",
) -> Gap:
    """Difference between the two groups that lie furthest apart.

    Parameters
    ----------
    values : array-like of bool or float, shape (n,)
        Hits, or shares within 0 to 1, if ``unit`` is ``"share"``; otherwise any numbers.
    groups : array-like of str, shape (n,)
        Give those whose group is not known a group of their own.
    clusters : array-like, shape (n,), optional
        Cases that repeat one another; a cluster may reach over several groups.
    level : float
        Probability that the interval holds the difference of the truly furthest groups,
        whichever they are.
    min_group : int
        Groups with fewer cases, or with fewer than 5 clusters, are left out and named.
    unit : str

    Returns
    -------
    Gap
        ``low`` is never below 0, and 0 is inside unless at least one pair differs.

    Raises
    ------
    DataError
        If there is no case, a value is not finite or no share, or lengths differ.

    Notes
    -----
    Of shares see :func:`iagkit.measures.simultaneous.gap`: two groups by MOVER from Wilson's
    limits [1]_, more by intervals of comparison [2]_ whose width is computed so that those of
    equal groups meet with probability ``level``, for clusters that reach over groups by draws of
    correlated normal numbers. Of other units see
    :func:`iagkit.measures.simultaneous.gap_of_estimates`. Each group has Student's degrees of
    freedom for its own clusters, so that a group with few of them widens its own interval only.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine 17(8), 873-890.
    .. [2] Gabriel, K. R. (1978). JASA 73(364), 724-729.

    Examples
    --------
    >>> gap = furthest_gap([1] * 90 + [0] * 10 + [1] * 50 + [0] * 50, ["a"] * 100 + ["b"] * 100)
    >>> gap.lowest, gap.highest, round(gap.estimate.value, 2), round(gap.estimate.low, 2)
    ('b', 'a', 0.4, 0.28)
    """
    cases = numbers("values", values, **({"low": 0, "high": 1} if unit == "share" else {}))
    names, place = np.unique(labels("groups", groups), return_inverse=True)
    place = place.reshape(-1).astype(np.intp)
    same_length(values=cases, groups=place)
    codes = cluster_codes(clusters, cases.size)
    told, level = [str(name) for name in names], checked_level(level)
    if unit == "share":
        parts = _shares(cases, place, codes, len(told))
        found = gap(parts, told, level=level, min_group=min_group)
    else:
        found = _of_means(cases, place, codes, told, level=level, min_group=min_group, unit=unit)
    return _with_clusters(found, np.isin(place, [told.index(n) for n in found.left_out]), codes)


def _shares(values: Floats, place: Ints, codes: Ints | None, of: int) -> Shares:
    n = np.bincount(place, minlength=of).astype(float)
    if codes is None:
        return independent(np.bincount(place, weights=values, minlength=of).astype(float), n)
    rows = np.ones(len(values))
    return clustered_shares(place=place, cluster=codes, hits=values, mass=rows, n=n)


def _with_clusters(found: Gap, left_out: np.ndarray, codes: Ints | None) -> Gap:
    """Count a cluster once, however many groups it reaches over."""
    if codes is None or found.estimate is None:
        return found
    pieces = len(np.unique(codes[~left_out]))
    return replace(found, estimate=replace(found.estimate, clusters=pieces))


def _of_means(
    values: Floats,
    place: Ints,
    codes: Ints | None,
    names: list[str],
    *,
    level: float,
    min_group: int,
    unit: str,
) -> Gap:
    rows = [np.flatnonzero(place == g) for g in range(len(names))]
    known = [mean_evidence(values[r], None if codes is None else codes[r]) for r in rows]
    pieces = np.array([one.n if one.clusters is None else one.clusters for one in known])
    n = np.array([one.n for one in known])
    moved = np.zeros((len(values), len(names)))
    for group, (r, one) in enumerate(zip(rows, known, strict=True)):
        moved[r, group] = values[r] - one.value
    return gap_of_estimates(
        [one.value for one in known],
        np.where(pieces < MIN_CLUSTERS, np.nan, np.sqrt([one.variance for one in known])),
        [one.df for one in known],
        names,
        n=n,
        level=level,
        unit=unit,
        related=None if codes is None else correlation(moved, codes),
        min_group=min_group,
    )
