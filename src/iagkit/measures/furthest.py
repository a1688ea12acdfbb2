"""Distances between the furthest groups for anything that can be resampled.

:func:`iagkit.measures.gaps.furthest_gap` knows how shares and means vary. A median, or a
profile of several numbers at once, is drawn again and again instead, whole clusters together.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import (
    Floats,
    Ints,
    Labels,
    checked_level,
    cluster_codes,
    labels,
    numbers,
    same_length,
)
from iagkit.measures.gaps import MIN_CLUSTERS, Gap
from iagkit.measures.intervals import critical, mean_evidence
from iagkit.measures.resampling import cluster_bootstrap

DRAWS = 1000
Statistic = Callable[[Floats, Floats], Floats]
"""(rows of a group, weights of its rows in each draw) → a line of numbers a draw."""


def mean_size(
    values: ArrayLike, *, unit: str, clusters: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Mean of numbers that are never negative and mostly small, such as sizes of reasons.

    Parameters
    ----------
    values : array-like of float, shape (n,), at least 0
    unit : str
    clusters, level
        As for :func:`iagkit.measures.rates.share`.

    Returns
    -------
    Estimate
        With Student's interval on the scale of the logarithm, which cannot go below 0 and
        allows for the long tail of such sizes. Without interval if there is a single case or
        cluster.

    Raises
    ------
    DataError
        If there is no case, or a value is negative or not finite.

    Notes
    -----
    In simulation (3,000 samples of 30) 95% intervals of exponential sizes hold in 94%, of
    sizes with a longer tail (gamma, shape 0.3) in 91%; on the plain scale in 93% and 87%.
    """
    cases = numbers("values", values, low=0)
    codes = cluster_codes(clusters, cases.size)
    found = mean_evidence(cases, codes)
    if (found.clusters or found.n) == 1:
        return _estimate(found.value, None, found.n, codes, level, unit)
    half = critical(checked_level(level), found.df) * np.sqrt(found.variance)
    spread = np.exp(half / found.value) if found.value > 0 else 1.0
    limits = (found.value / spread, found.value * spread)
    return _estimate(found.value, limits, found.n, codes, level, unit)


def median(
    values: ArrayLike, *, unit: str, clusters: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Median with an interval that assumes nothing of the distribution.

    Parameters
    ----------
    values : array-like of float, shape (n,)
    unit : str
    clusters, level
        As for :func:`iagkit.measures.rates.share`.

    Returns
    -------
    Estimate
        Between two of the values in order [1]_; with clusters, a percentile interval over
        resamples of whole clusters. No interval where so few cases cannot give the level.

    Raises
    ------
    DataError
        If there is no case or a value is not finite.

    References
    ----------
    .. [1] David, H. A. & Nagaraja, H. N. (2003). Order Statistics, section 7.1. Wiley.

    Examples
    --------
    >>> found = median([1, 2, 3, 4, 5, 6, 7, 8, 30], unit="days")
    >>> found.value, found.low, found.high
    (5.0, 2.0, 8.0)
    """
    cases, codes = numbers("values", values), cluster_codes(clusters, len(np.ravel(values)))
    value = float(np.median(cases))
    if codes is None:
        limits = _between_values(np.sort(cases), checked_level(level))
    else:
        limits = cluster_bootstrap(
            lambda weights: _medians(cases, weights), n=cases.size, codes=codes, level=level
        )
    return _estimate(value, limits, cases.size, codes, level, unit)


def _between_values(ordered: Floats, level: float) -> tuple[float, float] | None:
    from scipy.stats import binom

    n = ordered.size
    below = int(binom.ppf((1 - level) / 2, n, 0.5))
    while below >= 0 and binom.cdf(below, n, 0.5) > (1 - level) / 2:
        below -= 1
    return None if below < 0 else (float(ordered[below]), float(ordered[n - 1 - below]))


def _estimate(
    value: float,
    limits: tuple[float, float] | None,
    n: int,
    codes: Ints | None,
    level: float,
    unit: str,
) -> Estimate:
    many = None if codes is None else int(codes.max()) + 1
    if limits is None:
        return Estimate(value=value, n=n, unit=unit, clusters=many)
    low, high = float(min(limits[0], value)), float(max(limits[1], value))
    return Estimate(value=value, n=n, low=low, high=high, level=level, unit=unit, clusters=many)


def _medians(values: Floats, weights: Floats) -> Floats:
    """Weighted medians, one a row of weights: the mean of the two middle values if between."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[:, order], axis=1)
    half = reached[:, -1:] / 2
    first, second = (reached >= half).argmax(axis=1), (reached > half).argmax(axis=1)
    return np.asarray((values[order][first] + values[order][second]) / 2)


def furthest_median(
    values: ArrayLike,
    groups: ArrayLike,
    *,
    unit: str,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    min_group: int = 30,
) -> Gap:
    """Difference between the lowest and the highest group median.

    Parameters
    ----------
    values : array-like of float, shape (n,)
    groups : array-like of str, shape (n,)
    unit : str
    clusters, level, min_group
        As for :func:`iagkit.measures.gaps.furthest_gap`.

    Returns
    -------
    Gap
        See :func:`furthest_profile` for the interval.

    Raises
    ------
    DataError
        If there is no case, a value is not finite, or lengths differ.
    """
    cases = numbers("values", values)
    return _Drawn(cases[:, None], groups, clusters, level, min_group).gap(
        lambda rows, weights: _medians(rows[:, 0], weights)[:, None], factor=1.0, unit=unit
    )


def furthest_profile(
    values: ArrayLike,
    groups: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    min_group: int = 30,
) -> Gap:
    """Total variation between the mean profiles of the two groups that lie furthest apart.

    Parameters
    ----------
    values : array-like of float, shape (n, d), at least 0
        Several sizes a case; the mean of a group, divided by its sum, is its profile.
    groups : array-like of str, shape (n,)
    clusters, level, min_group
        As for :func:`iagkit.measures.gaps.furthest_gap`.

    Returns
    -------
    Gap
        Share of the profile that would have to move, 0 (alike) to 1 (nothing in common).

    Raises
    ------
    DataError
        If ``values`` is not a table of finite sizes, or lengths differ.

    Notes
    -----
    By the triangle inequality the estimated distance of two groups is at most as far from the
    true one as their estimated difference is from the true difference. How far that is comes
    from drawing cases again (the difference of the drawn profiles less the observed one),
    each pair in units of its own mean error, all pairs together at ``level`` (as single-step
    max-T [1]_). So 0 is left out at most as often as promised if all groups are alike,
    however many there are and whichever lie furthest apart; the limits are wide elsewhere.
    The distance itself is never 0 in a sample: read it with its interval.

    References
    ----------
    .. [1] Hothorn, T., Bretz, F. & Westfall, P. (2008). Biometrical Journal 50(3), 346-363.
    """
    sizes = np.asarray(values, dtype=float)
    if sizes.ndim != 2 or not sizes.size or not np.isfinite(sizes).all() or (sizes < 0).any():
        msg = (
            "'values' must be a table of finite numbers of at least 0, a row a case; got shape "
            f"{sizes.shape}. Take absolute values first"
        )
        raise DataError(msg)
    return _Drawn(sizes, groups, clusters, level, min_group).gap(
        _profiles, factor=0.5, unit="share"
    )


def _profiles(rows: Floats, weights: Floats) -> Floats:
    sums = weights @ rows
    whole = sums.sum(axis=1, keepdims=True)
    return np.asarray(sums / np.where(whole > 0, whole, 1.0))


class _Drawn:
    """Groups of rows, drawn again together."""

    def __init__(
        self,
        rows: Floats,
        groups: ArrayLike,
        clusters: ArrayLike | None,
        level: float,
        min_group: int,
    ) -> None:
        names: Labels = labels("groups", groups)
        same_length(values=rows, groups=names)
        self.rows, self.level, self.min_group = rows, checked_level(level), min_group
        self.codes = cluster_codes(clusters, len(rows))
        every = {str(name): np.flatnonzero(names == name) for name in np.unique(names)}
        self.left_out = {g: len(at) for g, at in every.items() if self._small(at)}
        self.parts = {g: at for g, at in every.items() if g not in self.left_out}

    def _small(self, at: Ints) -> bool:
        pieces = len(at) if self.codes is None else len(np.unique(self.codes[at]))
        return len(at) < self.min_group or pieces < MIN_CLUSTERS

    def gap(self, statistic: Statistic, *, factor: float, unit: str) -> Gap:
        """Furthest distance, with the interval that holds for all pairs together."""
        if len(self.parts) < 2:
            return Gap(estimate=None, left_out=self.left_out, because=self._too_few())
        parts = list(self.parts.values())
        seen = np.stack([statistic(self.rows[at], np.ones((1, len(at))))[0] for at in parts])
        drawn = self._again(statistic, parts)
        pairs = list(combinations(range(len(parts)), 2))
        apart = np.array([np.abs(seen[a] - seen[b]).sum() for a, b in pairs]) * factor
        half = self._half(drawn - seen[:, None], pairs, factor)
        return self._told(apart, half, pairs, seen, unit)

    def _again(self, statistic: Statistic, parts: list[Ints]) -> Floats:
        """Statistics of each group in each draw, shape (groups, draws, p)."""
        random = np.random.default_rng(0)
        many = len(self.rows) if self.codes is None else int(self.codes.max()) + 1
        found = []
        for _ in range(DRAWS // 50):
            times = random.multinomial(many, np.full(many, 1 / many), size=50).astype(float)
            weights = times if self.codes is None else times[:, self.codes]
            found.append(np.stack([statistic(self.rows[at], weights[:, at]) for at in parts]))
        return np.concatenate(found, axis=1)

    def _half(self, moved: Floats, pairs: list[tuple[int, int]], factor: float) -> Floats:
        """Half widths of the intervals of all pairs, shape (pairs,)."""
        errors = np.stack([np.abs(moved[a] - moved[b]).sum(axis=1) for a, b in pairs]) * factor
        usual = errors.mean(axis=1)
        scaled = errors / np.where(usual > 0, usual, np.inf)[:, None]
        return np.asarray(usual * np.quantile(scaled.max(axis=0), self.level))

    def _told(
        self, apart: Floats, half: Floats, pairs: list[tuple[int, int]], seen: Floats, unit: str
    ) -> Gap:
        far = int(apart.argmax())
        rows = np.concatenate(list(self.parts.values()))
        names = [list(self.parts)[i] for i in pairs[far]]
        if seen.shape[1] == 1 and seen[pairs[far][0], 0] > seen[pairs[far][1], 0]:
            names.reverse()
        estimate = Estimate(
            value=float(apart[far]),
            n=len(rows),
            low=float(max(0.0, (apart - half).max())),
            high=float((apart + half).max() if unit != "share" else min(1.0, (apart + half).max())),
            level=self.level,
            unit=unit,
            clusters=None if self.codes is None else len(np.unique(self.codes[rows])),
        )
        return Gap(estimate=estimate, lowest=names[0], highest=names[1], left_out=self.left_out)

    def _too_few(self) -> Message:
        return say(
            "a gap needs two groups with at least {min_group} cases from {min_clusters} sources "
            "each; {enough} of {groups} have them",
            min_group=self.min_group,
            min_clusters=MIN_CLUSTERS,
            enough=len(self.parts),
            groups=len(self.parts) + len(self.left_out),
        )
