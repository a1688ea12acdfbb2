"""Shares of many groups at once, each with how much evidence stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri, stdtrit

from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.intervals import BOUND

MOST_RELATED = 1000
"""With more groups than these, their correlations are taken as zero, which is wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """One share a group; all arrays have one length.

    Parameters
    ----------
    value : ndarray of float, shape (n_groups,)
        The share; ``nan`` where there is no case, which is not a share of 0.
    hits : ndarray of float, shape (n_groups,)
        Cases that count, of ``n``; not whole numbers only where rows are weighted.
    n : ndarray of int, shape (n_groups,)
        Rows that could count.
    cases : ndarray of float, shape (n_groups,)
        Independent cases that would say as much: ``n``, less for weights and clusters.
    df : ndarray of float, shape (n_groups,)
        Degrees of freedom of the variance; infinite for independent rows.
    fewest : ndarray of float, shape (n_groups,)
        Independent cases if all rows of a cluster were alike.
    clusters : ndarray of int, shape (n_groups,), optional
        Clusters of each group.
    related : ndarray of float, shape (n_groups, n_groups), optional
        Correlation of the shares, where clusters reach over groups; ``None``: independent.
    mass : ndarray of float, shape (n_groups,), optional
        Sum of the row weights; ``None``: ``n``.
    """

    value: Floats
    hits: Floats
    n: Ints
    cases: Floats
    df: Floats
    fewest: Floats
    clusters: Ints | None = None
    related: Floats | None = None
    mass: Floats | None = None

    @property
    def known(self) -> NDArray[np.bool_]:
        """Groups that have any case."""
        return self.n > 0

    @property
    def safe_variance(self) -> Floats:
        """Variance of each share that is not zero where all rows are alike (Agresti & Coull)."""
        middle = (self.value * self.cases + 2) / (self.cases + 4)
        return np.asarray(middle * (1 - middle) / self.cases)

    def with_freedom(self, df: Floats) -> Shares:
        """Return the same with these degrees of freedom."""
        return replace(self, df=df)

    def only(self, kept: NDArray[np.bool_] | Sequence[int]) -> Shares:
        """These groups alone, in this order."""
        related = None if self.related is None else self.related[kept][:, kept]
        mass = None if self.mass is None else self.mass[kept]
        return Shares(
            value=self.value[kept], hits=self.hits[kept], n=self.n[kept], cases=self.cases[kept],
            df=self.df[kept], fewest=self.fewest[kept], related=related, mass=mass,
            clusters=None if self.clusters is None else self.clusters[kept],
        )  # fmt: skip

    def critical(self, z: float) -> Floats:
        """Student's value for each group instead of the normal ``z``.

        It is at most what the normal one needs if all rows of a cluster are alike; see
        :func:`iagkit.measures.intervals.share_critical`.
        """
        if not np.isfinite(self.df).any():
            return np.full(len(self.n), z)
        finite = np.isfinite(self.df)
        student = stdtrit(np.where(finite, self.df, 1.0), ndtr(z))
        with np.errstate(invalid="ignore", divide="ignore"):
            most = BOUND * z * np.sqrt(np.maximum(1.0, self.cases / self.fewest))
        return np.where(finite, np.fmin(student, most), z)

    def limits(self, z: float) -> tuple[Floats, Floats]:
        """Wilson's limits of each share at the normal critical value ``z``; ``nan`` unknown."""
        return wilson_limits(self.value, self.cases, self.critical(z))

    def intervals(self, level: float) -> tuple[Floats, Floats]:
        """Interval of each share alone: Wilson's, guarded; see :func:`guarded_limits`."""
        z = self.critical(float(ndtri((1 + level) / 2)))
        return guarded_limits(self.value, self.cases, z)


def wilson_limits(value: Floats, cases: Floats, z: Floats | float) -> tuple[Floats, Floats]:
    """Wilson's score limits of many shares; see :func:`iagkit.measures.intervals.wilson`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shrink = 1 + z * z / cases
        centre = (value + z * z / (2 * cases)) / shrink
        half = z / shrink * np.sqrt(value * (1 - value) / cases + z * z / (4 * cases * cases))
    low = np.where(value <= 0, 0.0, np.minimum(np.maximum(centre - half, 0.0), value))
    high = np.where(value >= 1, 1.0, np.maximum(np.minimum(centre + half, 1.0), value))
    return low, high


def guarded_limits(
    value: Floats, cases: Floats, z: Floats | float, *, tails: float = 2.0
) -> tuple[Floats, Floats]:
    """Wilson's limits, opened where few hits or few misses make them too narrow.

    Parameters
    ----------
    value, cases : ndarray of float, shape (n,)
    z : float or ndarray of float, shape (n,)
        Normal critical value.
    tails : float
        How often the error of one side the exact limit may have; with 1 no limit is ever nearer
        than the exact one, which is for comparisons whose errors add up.

    Returns
    -------
    low, high : ndarray of float, shape (n,)

    Notes
    -----
    With one hit in ten Wilson's lower limit is so high that rare outcomes are missed in up to
    17 of 100 samples instead of 5. Brown, Cai and DasGupta [1]_ lower it for one, two and three
    hits to the exact one-sided limit at the whole error; here that is done wherever the exact
    limit is the lower one (up to about ten hits), and the same for misses. Then 95 % intervals
    hold in at least 91 % of samples for every number of cases from 5 and every share from .02
    to .98, and in 95.6 % on average (enumerated, not simulated: ``docs/statistics.md``).

    References
    ----------
    .. [1] Brown, L. D., Cai, T. T. & DasGupta, A. (2001). Statistical Science 16(2), 101-133.
    """
    low, high = wilson_limits(value, cases, z)
    error = np.broadcast_to(tails * ndtr(-np.asarray(z, dtype=float)), np.shape(value))
    return (
        np.minimum(low, _exact_low(value, cases, error)),
        np.maximum(high, 1 - _exact_low(1 - value, cases, error)),
    )


FEW = 20.0
"""From so many hits on the exact limit is never the lower one, at any level in use."""


def _exact_low(value: Floats, cases: Floats, error: Floats) -> Floats:
    """One-sided exact lower limit (Clopper & Pearson) where hits are few; elsewhere 1."""
    hits = value * cases
    few = (hits > 1e-9) & (hits < FEW)
    low = np.where(hits <= 1e-9, 0.0, 1.0)
    low[few] = betaincinv(hits[few], (cases - hits)[few] + 1, error[few])
    return low


def shares(
    cells: Cells, groups: Groups, hits: NDArray[np.bool_], among: NDArray[np.bool_]
) -> Shares:
    """Share of the rows ``among`` some that are ``hits``, in each group.

    Parameters
    ----------
    cells : Cells
    groups : Groups
        Of the same cells.
    hits, among : ndarray of bool, shape (n_cells,)
        Cells that count, and cells that could count.

    Returns
    -------
    Shares

    Notes
    -----
    Weighted rows have the linearised variance of a ratio [1]_, taken from the sums of the
    squared weights; clustered rows that of the sums of each cluster [2]_. Both are told as the
    number of independent cases that would say as much. How many times more a share varies than
    that of independent rows (the design effect) is estimated from few hits badly, so it is
    never taken below 1 and is drawn towards the worst (Kish [3]_: all rows of a cluster alike,
    weights unrelated to hits) with the weight of one informative cluster or row. Where hits of
    the whole table weigh more than other rows, that worst is as many times worse as they make
    the share of all.

    References
    ----------
    .. [1] Särndal, C.-E., Swensson, B. & Wretman, J. (1992). Model Assisted Survey Sampling.
       Springer, section 5.6.
    .. [2] Korn, E. L. & Graubard, B. I. (1998). Survey Methodology 24, 193-201.
    .. [3] Kish, L. (1965). Survey Sampling. Wiley, chapters 8 and 11.
    """
    hits = hits & among
    if cells.cluster is None and cells.weight is None:
        return independent(groups.total(cells.n, hits), groups.total(cells.n, among))
    kept = among & (cells.mass > 0)
    if cells.cluster is None:
        return _weighted(cells, groups, hits & kept, kept)
    return clustered_shares(
        place=groups.place[kept],
        cluster=cells.cluster[kept],
        hits=np.where(hits, cells.mass, 0.0)[kept],
        mass=cells.mass[kept],
        n=groups.total(cells.n, kept),
    )


def independent(hits: Floats, n: Floats) -> Shares:
    """Shares of rows that stand alone, from their counts."""
    return Shares(
        value=_ratio(hits, n), hits=hits, n=n.astype(np.intp), cases=n, df=np.full(len(n), np.inf),
        fewest=n,
    )  # fmt: skip


def _ratio(above: Floats, below: Floats) -> Floats:
    out = np.full(len(below), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out


def _sums(at: Ints, amounts: NDArray[Any], of: int = 0) -> Floats:
    return np.asarray(np.bincount(at, weights=amounts, minlength=of), dtype=float)


def _weighted(
    cells: Cells, groups: Groups, hits: NDArray[np.bool_], among: NDArray[np.bool_]
) -> Shares:
    assert cells.weight_squared is not None
    n = groups.total(cells.n, among)
    mass, squares = groups.total(cells.mass, among), groups.total(cells.weight_squared, among)
    value = _ratio(groups.total(cells.mass, hits), mass)
    of_hits = groups.total(cells.weight_squared, hits)
    moved = (1 - value) ** 2 * of_hits + value**2 * (squares - of_hits)
    variance = _ratio(moved * n / np.maximum(n - 1, 1), mass**2)
    rows = groups.total(cells.n, hits)
    alike = _ratio(n * squares, mass**2) * _heavier(cells, hits, among)
    fewer = np.where(value <= 0.5, rows, n - rows)
    effect = _effect(value, n, variance, alike, fewer)
    freedom = np.where(alike > 1 + 1e-9, np.maximum(1.0, n / alike - 1), np.inf)
    return Shares(
        value=value, hits=value * n, n=n.astype(np.intp), cases=_cases(n, effect),
        df=np.where(n > 0, freedom, np.inf), fewest=_cases(n, alike), mass=mass,
    )  # fmt: skip


def _heavier(cells: Cells, hits: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """How many times more the share of all rows varies than if weights were unrelated to hits."""
    assert cells.weight_squared is not None
    mass, squares = cells.mass[among], cells.weight_squared[among]
    hit = hits[among]
    if not mass.sum() or hit.all() or not hit.any():
        return 1.0
    value = mass[hit].sum() / mass.sum()
    moved = np.where(hit, (1 - value) ** 2, value**2)
    return max(1.0, float((moved * squares).sum() / (value * (1 - value) * squares.sum())))


def _cases(n: Floats, effect: Floats) -> Floats:
    return np.asarray(np.where(n > 0, np.maximum(1.0, n / np.fmax(effect, 1.0)), 0.0), dtype=float)


def _effect(
    value: Floats, n: Floats, variance: Floats, alike: Floats, informative: Floats
) -> Floats:
    """Design effect of each share; see :func:`iagkit.measures.intervals.clustered`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        alone = value * (1 - value) / n
        weight = np.sqrt(informative * np.minimum(value, 1 - value) * n / alike)
        seen = np.where(alone > 0, np.fmax(1.0, variance / alone), alike)
        return np.asarray((weight * seen + alike) / (weight + 1))


def clustered_shares(
    *, place: Ints, cluster: Ints, hits: Floats, mass: Floats, n: Floats
) -> Shares:
    """Shares of rows that come in clusters, a cluster perhaps in several groups.

    Parameters
    ----------
    place, cluster : ndarray of int, shape (m,)
        Group and cluster of each cell or row.
    hits, mass : ndarray of float, shape (m,)
        What counts, and what could count: rows or weights.
    n : ndarray of float, shape (n_groups,)
        Rows of each group.

    Returns
    -------
    Shares
    """
    whole = _sums(place, mass, len(n))
    value, scale = _ratio(_sums(place, hits, len(n)), whole), _ratio(n, whole)
    keys, where = np.unique(cluster.astype(np.int64) * len(n) + place, return_inverse=True)
    at, part = (keys % len(n)).astype(np.intp), keys // len(n)
    sizes = _sums(where.reshape(-1), mass) * scale[at]
    own = _sums(where.reshape(-1), hits) * scale[at]
    moved = (own - value[at] * sizes) / n[at]
    alike = _ratio(_sums(at, sizes**2, len(n)), n)
    effect = np.where(_alone(alike), 1.0, _seen(value, n, alike, at, moved, own, sizes))
    freedom = _freedom(sizes, at, effect, alike)
    found = Shares(
        value=value, hits=value * n, n=n.astype(np.intp), cases=_cases(n, effect),
        df=np.where(_alone(alike) | (n == 0), np.inf, freedom), fewest=_cases(n, alike),
        clusters=np.bincount(at, minlength=len(n)).astype(np.intp), mass=whole,
    )  # fmt: skip
    return _with_relations(found, at, part, moved)


def _alone(alike: Floats) -> NDArray[np.bool_]:
    return alike <= 1 + 1e-9


def _seen(
    value: Floats, n: Floats, alike: Floats, at: Ints, moved: Floats, own: Floats, sizes: Floats
) -> Floats:
    """Design effect of each group from what each of its clusters moves its share."""
    many = _sums(at, np.ones(len(at)), len(n))
    variance = _sums(at, moved**2, len(n)) * many / np.maximum(many - 1, 1)
    rare = np.where(value[at] <= 0.5, own > 0, own < sizes * (1 - 1e-12))
    return _effect(value, n, variance, alike, _sums(at, rare, len(n)))


def _freedom(sizes: Floats, at: Ints, effect: Floats, alike: Floats) -> Floats:
    """Degrees of freedom (Satterthwaite); see :func:`iagkit.measures.intervals.freedom`."""
    of = len(effect)
    with np.errstate(invalid="ignore", divide="ignore"):
        inner = np.where(alike > 1, np.clip((effect - 1) / (alike - 1), 0, 1), 0.0)
        parts = sizes * (1 + np.maximum(sizes - 1, 0) * inner[at])
        found = _sums(at, parts, of) ** 2 / _sums(at, parts**2, of) - 1
    return np.fmax(1.0, found)


def _with_relations(found: Shares, at: Ints, part: Ints, moved: Floats) -> Shares:
    """Correlation of the shares, if any cluster has rows in several groups."""
    of = len(found.n)
    if of < 2 or of > MOST_RELATED or len(np.unique(part)) == len(part):
        return found
    from scipy.sparse import csr_array

    codes = np.unique(part, return_inverse=True)[1].reshape(-1)
    sums = csr_array((moved, (codes, at)), shape=(int(codes.max()) + 1, of))
    spread = np.sqrt(np.nan_to_num(found.safe_variance))
    spread[spread == 0] = np.inf
    related = np.clip((sums.T @ sums).toarray() / np.outer(spread, spread), -0.95, 0.95)
    np.fill_diagonal(related, 1.0)
    return replace(found, related=related)
