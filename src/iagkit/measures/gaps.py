"""How far apart the furthest groups are, corrected for having been chosen after looking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

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
from iagkit.measures.intervals import (
    Evidence,
    critical,
    mean_evidence,
    mover,
    share_critical,
    share_evidence,
    summed,
    wilson,
)

MIN_CLUSTERS = 5
"""Fewer pieces of evidence do not show how a group varies; Student's t has no good tail then."""
DRAWS = 20_000


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Difference between the groups with the lowest and the highest value.

    Parameters
    ----------
    estimate : Estimate or None
        ``None`` only together with ``because``.
    lowest, highest : str or None
        Names of the two groups.
    left_out : mapping of str to int
        Groups with too few cases, or too few clusters, and their number of cases.
    because : Message, optional
        Why there is no estimate.
    """

    estimate: Estimate | None
    lowest: str | None = None
    highest: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    because: Message | None = None


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
    The difference of every pair gets an interval by MOVER from Wilson's limits [1]_ (Student's
    for other units), at a level so strict that all hold together: the one that the largest of
    the standardised differences between jointly normal group values exceeds with probability
    ``1 - level`` (single-step max-T [2]_; Tukey's studentised range if groups are alike and
    independent). The furthest gap lies between the largest lower and the largest upper limit.
    Each pair has Student's degrees of freedom for its own clusters, so that a group with few
    of them widens its own pairs only.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine 17(8), 873-890.
    .. [2] Hothorn, T., Bretz, F. & Westfall, P. (2008). Biometrical Journal 50(3), 346-363.

    Examples
    --------
    >>> gap = furthest_gap([1] * 90 + [0] * 10 + [1] * 50 + [0] * 50, ["a"] * 100 + ["b"] * 100)
    >>> gap.lowest, gap.highest, round(gap.estimate.value, 2), round(gap.estimate.low, 2)
    ('b', 'a', 0.4, 0.28)
    """
    cases = numbers("values", values, **({"low": 0, "high": 1} if unit == "share" else {}))
    names = labels("groups", groups)
    same_length(values=cases, groups=names)
    codes = cluster_codes(clusters, cases.size)
    parts, left_out = _parts(names, codes, min_group)
    if len(parts) < 2:
        return Gap(estimate=None, left_out=left_out, because=_too_few(parts, left_out, min_group))
    compared = _Compared(cases, codes, parts, level=checked_level(level), unit=unit)
    return compared.gap(left_out)


def _parts(
    names: Labels, codes: Ints | None, min_group: int
) -> tuple[dict[str, Ints], dict[str, int]]:
    found, place = np.unique(names, return_inverse=True)
    order = np.argsort(place.reshape(-1), kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(place.reshape(-1)))[:-1])
    every = {str(name): row.astype(np.intp) for name, row in zip(found, rows, strict=True)}
    left_out = {
        name: len(row)
        for name, row in every.items()
        if len(row) < min_group or _pieces(row, codes) < MIN_CLUSTERS
    }
    return {name: row for name, row in every.items() if name not in left_out}, left_out


def _pieces(rows: Ints, codes: Ints | None) -> int:
    return len(rows) if codes is None else len(np.unique(codes[rows]))


def _too_few(parts: dict[str, Ints], left_out: dict[str, int], min_group: int) -> Message:
    return say(
        "a gap needs two groups with at least {min_group} cases from {min_clusters} sources each; "
        "{enough} of {groups} have them",
        min_group=min_group,
        min_clusters=MIN_CLUSTERS,
        enough=len(parts),
        groups=len(parts) + len(left_out),
    )


class _Compared:
    """The groups of one gap, with what is known of each and of all together."""

    def __init__(
        self, values: Floats, codes: Ints | None, parts: dict[str, Ints], *, level: float, unit: str
    ) -> None:
        self.values, self.codes, self.parts, self.level, self.unit = (
            values,
            codes,
            parts,
            level,
            unit,
        )
        self.names = tuple(parts)
        self.known = tuple(self._evidence(rows) for rows in parts.values())
        self.spread = np.sqrt([self._variance(one) for one in self.known])
        self.related = self._related()

    def gap(self, left_out: dict[str, int]) -> Gap:
        """Range of the values, with the interval that holds for all pairs together."""
        level = self._pair_level()
        limits = [self._limits(*pair, level) for pair in combinations(range(len(self.names)), 2)]
        means = [one.value for one in self.known]
        lowest, highest = int(np.argmin(means)), int(np.argmax(means))
        low = max(0.0, *(low for low, _ in limits))
        return Gap(
            estimate=self._estimate(means[highest] - means[lowest], low, limits),
            lowest=self.names[lowest],
            highest=self.names[highest],
            left_out=left_out,
        )

    def _estimate(self, value: float, low: float, limits: list[tuple[float, float]]) -> Estimate:
        rows = np.concatenate(list(self.parts.values()))
        return Estimate(
            value=value,
            n=len(rows),
            low=min(low, value),
            high=max(value, *(high for _, high in limits)),
            level=self.level,
            unit=self.unit,
            clusters=None if self.codes is None else _pieces(rows, self.codes),
        )

    def _evidence(self, rows: Ints) -> Evidence:
        codes = None if self.codes is None else self.codes[rows]
        if codes is not None and len(np.unique(codes)) == len(codes):
            codes = None
        measure = share_evidence if self.unit == "share" else mean_evidence
        return measure(self.values[rows], codes)

    def _variance(self, one: Evidence) -> float:
        return one.safe_variance if self.unit == "share" else one.variance

    def _related(self) -> Floats:
        """Correlation of the group values: they share clusters that reach over groups."""
        k = len(self.names)
        if self.codes is None:
            return np.eye(k)
        moved = np.zeros((len(self.values), k))
        for column, rows in enumerate(self.parts.values()):
            moved[rows, column] = (self.values[rows] - self.known[column].value) / len(rows)
        sums = summed(moved, self.codes)
        spread = np.where(self.spread > 0, self.spread, np.inf)
        related = np.clip(sums.T @ sums / np.outer(spread, spread), -0.95, 0.95)
        np.fill_diagonal(related, 1.0)
        return np.asarray(related)

    def _pair_level(self) -> float:
        """Level of each pair that gives ``level`` for all pairs together."""
        if len(self.names) == 2:
            return self.level
        largest = np.zeros(DRAWS)
        drawn = self._draws()
        for a in range(len(self.names) - 1):
            apart = np.abs(drawn[:, a, None] - drawn[:, a + 1 :])
            np.maximum(largest, (apart / self._spread_of_pairs(a)).max(axis=1), out=largest)
        z = float(np.quantile(largest, self.level))
        return float(2 * ndtr(z) - 1)

    def _draws(self) -> Floats:
        """Group values as they would vary if all groups were alike; always the same draws."""
        covariance = self.related * np.outer(self.spread, self.spread)
        size, axes = np.linalg.eigh(covariance)
        normal = np.random.default_rng(0).standard_normal((DRAWS, len(self.names)))
        return np.asarray(normal @ (axes * np.sqrt(np.maximum(size, 0))).T)

    def _spread_of_pairs(self, a: int) -> Floats:
        """Standard errors of the differences between a group and those after it."""
        rest = slice(a + 1, None)
        both = self.spread[a] ** 2 + self.spread[rest] ** 2
        found = np.sqrt(both - 2 * self.related[a, rest] * self.spread[a] * self.spread[rest])
        return np.where(found > 0, found, np.inf)

    def _limits(self, a: int, b: int, level: float) -> tuple[float, float]:
        """Limits of the absolute difference of two groups, at least 0."""
        pair = (self.known[a], self.known[b])
        df = _pair_freedom(pair, (self.spread[a], self.spread[b]))
        values = np.array([one.value for one in pair])
        low, high = mover(
            values,
            [self._own_limits(one, level, df) for one in pair],
            weights=np.array([1.0, -1.0]),
            related=self.related[np.ix_([a, b], [a, b])],
        )
        return max(low, -high, 0.0), max(high, -low)

    def _own_limits(self, one: Evidence, level: float, df: float) -> tuple[float, float]:
        if self.unit == "share":
            return wilson(one.value, one.cases, share_critical(one, level, df))
        half = critical(level, df) * np.sqrt(one.variance)
        return one.value - half, one.value + half


def _pair_freedom(pair: tuple[Evidence, Evidence], spread: tuple[float, float]) -> float:
    """Degrees of freedom of a difference (Welch & Satterthwaite)."""
    parts = np.square(spread)
    below = sum(part**2 / one.df for part, one in zip(parts, pair, strict=True))
    return float(parts.sum() ** 2 / below) if below > 0 else float("inf")
