"""Shares and means with intervals that know which rows repeat one another."""

from __future__ import annotations

from numpy.typing import ArrayLike

from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import checked_level, cluster_codes, numbers
from iagkit.measures.intervals import (
    mean_evidence,
    mean_limits,
    share_estimate,
    share_evidence,
)


def share(hits: ArrayLike, *, clusters: ArrayLike | None = None, level: float = 0.95) -> Estimate:
    """Share of cases that are hits.

    Parameters
    ----------
    hits : array-like of bool, or of float within 0 to 1, shape (n,)
    clusters : array-like, shape (n,), optional
        Cases with the same value repeat one another (copies of one text, requests of one
        person) and are drawn together.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Estimate
        Share with Wilson's interval; with ``clusters`` at as many independent cases as the
        rows are worth, and with Student's quantile for few clusters.

    Raises
    ------
    DataError
        If there is no case, a value is not within 0 to 1, or lengths differ.

    Notes
    -----
    See :func:`iagkit.measures.intervals.share_evidence`; after Korn & Graubard [1]_.

    References
    ----------
    .. [1] Korn, E. L. & Graubard, B. I. (1998). Survey Methodology 24, 193-201.

    Examples
    --------
    >>> found = share([1, 1, 1, 0])
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.75, 0.301, 0.954)
    """
    cases = numbers("hits", hits, low=0, high=1)
    codes = cluster_codes(clusters, cases.size)
    return share_estimate(share_evidence(cases, codes), checked_level(level))


def mean(
    values: ArrayLike,
    *,
    unit: str,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Mean of any numbers, with Student's interval.

    Parameters
    ----------
    values : array-like of float, shape (n,)
    unit : str
        Of the values, spelt out: ``"days"``, ``"labels"``.
    clusters : array-like, shape (n,), optional
        As for :func:`share`.
    level : float

    Returns
    -------
    Estimate
        Without interval if there is a single case or cluster: nothing shows how it varies.

    Raises
    ------
    DataError
        If there is no case, a value is not finite, or lengths differ.

    Examples
    --------
    >>> mean([1, 2, 3], unit="labels").value
    2.0
    """
    cases = numbers("values", values)
    codes = cluster_codes(clusters, cases.size)
    found = mean_evidence(cases, codes)
    if (found.clusters or found.n) == 1:
        return Estimate(value=found.value, n=found.n, unit=unit, clusters=found.clusters)
    low, high = mean_limits(found, checked_level(level))
    return Estimate(
        value=found.value,
        n=found.n,
        low=low,
        high=high,
        level=level,
        unit=unit,
        clusters=found.clusters,
    )
