"""Intervals for few clusters, copies of one text, and shares at 0 and 1.

Every interval of a share is Wilson's, taken at as many cases as the rows are worth; every
interval of a sum or difference of shares is put together from theirs (MOVER). What that
gives in simulation is in ``docs/statistics.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri, stdtrit

from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints

BOUND = 1.15
"""Room above that bound: few clusters centre their sums on a mean they themselves made."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What rows say of one mean, and how much they are worth.

    Parameters
    ----------
    value : float
        The mean.
    n : int
        Rows.
    clusters : int or None
        Clusters; ``None`` if every row stands alone.
    variance : float
        Variance of ``value`` if it were known that the rows were drawn in clusters.
    cases : float
        Independent cases that would say as much about a share as these rows.
    df : float
        Degrees of freedom of ``variance``; infinite for independent rows.
    fewest : float
        Independent cases they would be worth if all rows of a cluster were alike.
    """

    value: float
    n: int
    clusters: int | None
    variance: float
    cases: float
    df: float
    fewest: float

    @cached_property
    def safe_variance(self) -> float:
        """Variance of a share that is not zero where all rows are alike (Agresti & Coull)."""
        middle = (self.value * self.cases + 2) / (self.cases + 4)
        return middle * (1 - middle) / self.cases


def share_evidence(hits: Floats, codes: Ints | None) -> Evidence:
    """Evidence for a mean of values from 0 to 1, most often hits and misses.

    Parameters
    ----------
    hits : ndarray of float, shape (n,), within 0 to 1
    codes : ndarray of int, shape (n,), or None
        Cluster of each row.

    Notes
    -----
    The design effect (how many times more the mean varies than that of as many independent
    rows) is estimated from the residual sums of the clusters [1]_ and cannot go below 1: that
    copies of one text disagree more than strangers is luck. It is then drawn towards that of
    clusters in which all rows are alike (Kish [2]_) with the weight of one informative
    cluster: the rarer outcome alone tells how alike rows of a cluster are, and where it never
    occurs (a share of 0 or 1) nothing is known but the worst.

    The bound of ``p (1 - p)`` on the variance of a value within 0 to 1 makes fractions count
    like hits, a little conservatively.

    References
    ----------
    .. [1] Korn, E. L. & Graubard, B. I. (1998). Survey Methodology 24, 193-201.
    .. [2] Kish, L. (1965). Survey Sampling. Wiley, chapter 8.
    """
    n, value = hits.size, float(hits.mean())
    if codes is None:
        spread = value * (1 - value) / n
        return Evidence(
            value=value, n=n, clusters=None, variance=spread, cases=n, df=np.inf, fewest=n
        )
    rarer = hits > 0 if value <= 0.5 else hits < 1
    return clustered(value, (hits - value) / n, rarer=rarer, codes=codes)


def clustered(value: float, influence: Floats, *, rarer: np.ndarray, codes: Ints) -> Evidence:
    """Evidence for any estimate within 0 to 1 whose rows come in clusters.

    Parameters
    ----------
    value : float
        The estimate.
    influence : ndarray, shape (n,)
        How much each row moves it; sums to zero.
    rarer : ndarray of bool, shape (n,)
        Rows that pull it away from the nearer of 0 and 1.
    codes : ndarray of int, shape (n,)
    """
    n = influence.size
    sizes = cluster_sizes(codes)
    alike = float((sizes**2).sum() / n)
    independent = value * (1 - value) / n
    informative = len(np.unique(codes[rarer]))
    weight = np.sqrt(informative * min(value, 1 - value) * n / alike)
    seen = max(1.0, cluster_variance(influence, codes) / independent) if independent > 0 else alike
    effect = (weight * seen + alike) / (weight + 1)
    cases = max(1.0, n / effect)
    return Evidence(
        value=value,
        n=n,
        clusters=len(sizes),
        variance=value * (1 - value) / cases,
        cases=cases,
        df=freedom(sizes, effect),
        fewest=n / alike,
    )


def mean_evidence(values: Floats, codes: Ints | None) -> Evidence:
    """Evidence for the mean of any numbers; ``cases`` are those worth of rows."""
    n, value = values.size, float(values.mean())
    each = np.arange(n, dtype=np.intp) if codes is None else codes
    sizes = cluster_sizes(each)
    independent = float(values.var(ddof=min(1, n - 1))) / n
    seen = cluster_variance((values - value) / n, each)
    effect = max(1.0, seen / independent) if independent > 0 else 1.0
    return Evidence(
        value=value,
        n=n,
        clusters=None if codes is None else len(sizes),
        variance=independent * effect,
        cases=n / effect,
        df=freedom(sizes, effect),
        fewest=n / effect,
    )


def cluster_sizes(codes: Ints) -> Floats:
    """Rows of each cluster that has any."""
    sizes = np.bincount(codes).astype(float)
    return sizes[sizes > 0]


def cluster_variance(influence: Floats, codes: Ints) -> float:
    """Sum of squared cluster sums, corrected for having centred them."""
    sums = np.bincount(codes, weights=influence)
    g = len(np.unique(codes))
    return float((sums**2).sum() * g / max(g - 1, 1))


def freedom(sizes: Floats, effect: float) -> float:
    """Degrees of freedom of a cluster variance (Satterthwaite), at least 1.

    A few big clusters among many small ones carry the variance alone, the more so the more
    alike their rows are; the number of clusters less one would promise too much.
    """
    alike = (sizes**2).sum() / sizes.sum()
    inner = min(1.0, max(0.0, (effect - 1) / (alike - 1))) if alike > 1 else 0.0
    parts = sizes * (1 + (sizes - 1) * inner)
    return max(1.0, float(parts.sum() ** 2 / (parts**2).sum()) - 1)


def critical(level: float, df: float = np.inf) -> float:
    """Two-sided critical value: Student's t, or normal for infinite ``df``."""
    tail = (1 + level) / 2
    return float(ndtri(tail)) if np.isinf(df) else float(stdtrit(df, tail))


def wilson(value: float, cases: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share [1]_.

    References
    ----------
    .. [1] Wilson, E. B. (1927). JASA 22(158), 209-212.
    """
    shrink = 1 + z * z / cases
    centre = (value + z * z / (2 * cases)) / shrink
    half = z / shrink * np.sqrt(value * (1 - value) / cases + z * z / (4 * cases * cases))
    low = 0.0 if value <= 0 else float(min(max(centre - half, 0.0), value))
    high = 1.0 if value >= 1 else float(max(min(centre + half, 1.0), value))
    return low, high


def share_critical(evidence: Evidence, level: float, df: float) -> float:
    """Student's value, at most what the normal one needs if all rows of a cluster are alike.

    Student's long tail stands for not knowing the variance; but that of a share is bounded by
    its value and by how much copies can repeat, so at strict levels the bound is closer.
    """
    bound = critical(level) * np.sqrt(max(1.0, evidence.cases / evidence.fewest))
    return float(min(critical(level, df), BOUND * bound))


def share_limits(evidence: Evidence, level: float) -> tuple[float, float]:
    """Wilson's limits at as many cases as the rows are worth."""
    z = share_critical(evidence, level, evidence.df)
    return wilson(evidence.value, evidence.cases, z)


def mean_limits(evidence: Evidence, level: float) -> tuple[float, float]:
    """Student's limits of a mean."""
    half = critical(level, evidence.df) * np.sqrt(evidence.variance)
    return evidence.value - half, evidence.value + half


def share_estimate(evidence: Evidence, level: float) -> Estimate:
    """Share with Wilson's limits."""
    low, high = share_limits(evidence, level)
    return Estimate(
        value=evidence.value,
        n=evidence.n,
        low=low,
        high=high,
        level=level,
        clusters=evidence.clusters,
    )


def mover(
    values: Floats, limits: Sequence[tuple[float, float]], *, weights: Floats, related: Floats
) -> tuple[float, float]:
    """Interval of a weighted sum of estimates from the intervals of its terms.

    Parameters
    ----------
    values : ndarray, shape (k,)
    limits : sequence of pairs, length k
        Interval of each value.
    weights : ndarray, shape (k,)
    related : ndarray, shape (k, k)
        Correlation of the estimates.

    Notes
    -----
    Method of variance estimates recovery [1]_: each term gives the variance that holds near
    the limit asked for, so that terms at 0 or 1 keep their uncertainty.

    References
    ----------
    .. [1] Zou, G. Y. (2007). Psychological Methods 12(4), 399-413.
    """
    low, high = np.asarray(limits, dtype=float).T
    down = np.where(weights >= 0, values - low, high - values) * np.abs(weights)
    up = np.where(weights >= 0, high - values, values - low) * np.abs(weights)
    signed = related * np.sign(np.outer(weights, weights))
    total = float(weights @ values)
    return (
        total - float(np.sqrt(max(down @ signed @ down, 0.0))),
        total + float(np.sqrt(max(up @ signed @ up, 0.0))),
    )


def correlation(influences: Floats, codes: Ints | None) -> Floats:
    """Correlation of several estimates from what each row, or cluster, moves them.

    Parameters
    ----------
    influences : ndarray, shape (n, k)
    codes : ndarray of int, shape (n,), or None

    Returns
    -------
    ndarray, shape (k, k)
        Ones on the diagonal; zero beside an estimate that no row moves.
    """
    sums = influences if codes is None else summed(influences, codes)
    scatter = sums.T @ sums
    spread = np.sqrt(np.diag(scatter))
    spread[spread == 0] = np.inf
    related = np.clip(scatter / np.outer(spread, spread), -1, 1)
    np.fill_diagonal(related, 1.0)
    return np.asarray(related, dtype=float)


def summed(rows: Floats, codes: Ints) -> Floats:
    """Sums over the rows of each cluster, shape (n_clusters, k)."""
    from scipy.sparse import csr_array

    n = len(codes)
    which = csr_array((np.ones(n), (codes, np.arange(n))), shape=(int(codes.max()) + 1, n))
    return np.asarray(which @ rows, dtype=float)
