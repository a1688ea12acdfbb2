"""Two predictions of the same rows: how much a number changes from the first to the second.

Both are right or wrong about the same people, so they are compared row by row: what only one of
them does tells them apart, what both do cancels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, betaincinv, ndtr, ndtri

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.pairing import Number
from iagkit.measures.variation import added, squares

FEW_DISCORDANT = 25
"""With fewer rows on which two predictions differ, the exact test has the last word."""
RARE = 5
"""With at most so many, the exact limits of how often each prediction alone says yes hold too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Change of one number a group from the first prediction to the second.

    Parameters
    ----------
    groups : Groups
    first, second : Number
    value, low, high : ndarray of float, shape (n_groups,)
        ``second - first`` with its interval; ``nan`` where one of them is undefined.
    p : ndarray of float, shape (n_groups,)
        Chance of so large a change if both were equally good.
    exact : bool
        Whether ``p`` is McNemar's exact one; otherwise it is the normal one.
    n : ndarray of int, shape (n_groups,)
        Rows that count for either.
    level : float
    related : ndarray of float, shape (n_groups, n_groups), optional
        Correlation of the changes, where clusters reach over groups.
    """

    groups: Groups
    first: Number
    second: Number
    value: Floats
    low: Floats
    high: Floats
    p: Floats
    exact: bool
    n: Ints
    level: float
    related: Floats | None = None

    def estimate(self, group: int = 0) -> Estimate | Message:
        """Change of one group, or why there is none."""
        if not np.isfinite(self.value[group]):
            return say("one of the two predictions leaves this undefined: it has no such case")
        clusters = self.first.clusters
        return Estimate(
            value=float(self.value[group]),
            n=int(self.n[group]),
            low=float(self.low[group]),
            high=float(self.high[group]),
            level=self.level,
            unit=self.first.unit,
            clusters=None if clusters is None else int(clusters[group]),
        )


def paired(
    cells: Cells, groups: Groups, first: Number, second: Number, *, level: float = 0.95
) -> Paired:
    """Change from the first to the second prediction in each group.

    Parameters
    ----------
    cells : Cells
        Counted with both predictions.
    groups : Groups
        Of the same cells.
    first, second : Number
        The same metric of both predictions.
    level : float
        Of each interval alone.

    Returns
    -------
    Paired

    Raises
    ------
    DataError
        If ``level`` is not strictly between 0 and 1.

    Notes
    -----
    Newcombe's method 10 [1]_ for shares of the same rows. It puts Wilson's limits of both shares
    together with their correlation, which is lowered by half a row where it is positive. The same
    holds for shares of different rows (precision) and for other numbers, with the correlation of
    what each row, or cluster, moves them. With fewer than 25 rows on which the predictions differ
    0 is inside unless McNemar's exact test [2]_ says otherwise; with 5 or fewer the limits are no
    closer than those put together from exact ones of what only one prediction does. Two
    predictions that agree on all rows have a change of exactly 0, in an interval for what further
    rows might show.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Improved confidence intervals for the difference between
       binomial proportions based on paired data. Statistics in Medicine 17(22), 2635-2650.
    .. [2] McNemar, Q. (1947). Psychometrika 12(2), 153-157.
    """
    z = float(ndtri((1 + checked_level(level)) / 2))
    joint = _Joint(cells, groups, first, second)
    value = second.value - first.value
    low, high = joint.limits(z)
    p = joint.p(value)
    if joint.common:
        low, high = joint.at_least(low, high, level)
        doubtful = (joint.discordant < FEW_DISCORDANT) & (p > 1 - level)
        low, high = (
            np.where(doubtful, np.fmin(low, 0), low),
            np.where(doubtful, np.fmax(high, 0), high),
        )
    return Paired(
        groups=groups,
        first=first,
        second=second,
        value=value,
        low=low,
        high=high,
        p=p,
        exact=joint.common,
        n=groups.total(cells.n, first.among | second.among).astype(np.intp),
        level=level,
        related=joint.related(),
    )


def root(one: Floats, other: Floats, related: Floats) -> Floats:
    """Error of a difference from the errors of its terms and their correlation (MOVER)."""
    inner = one**2 + other**2 - 2 * related * one * other
    return np.asarray(np.sqrt(np.maximum(inner, 0)))


class _Joint:
    """What the rows of each group say of both predictions together."""

    def __init__(self, cells: Cells, groups: Groups, first: Number, second: Number) -> None:
        self.cells, self.groups, self.first, self.second = cells, groups, first, second
        alone = cells.cluster is None and cells.weight is None
        same = first.hits is not None and second.hits is not None
        self.common = alone and same and bool((first.among == second.among).all())

    def total(self, one: Floats, other: Floats) -> Floats:
        """Sum over rows, or clusters, of the products of what each of them moves two numbers."""
        if self.cells.cluster is None:
            return self.groups.total(squares(self.cells) * one * other)
        mass = self.cells.mass
        keys = self.groups.place * (int(self.cells.cluster.max(initial=0)) + 1) + self.cells.cluster
        found, first, at = np.unique(keys, return_index=True, return_inverse=True)
        sums = [added(at.reshape(-1), mass * moved, len(found)) for moved in (one, other)]
        return added(self.groups.place[first], sums[0] * sums[1], self.groups.of)

    def correlation(self) -> Floats:
        """Correlation of both numbers, lowered by half a row where it is positive."""
        first, second = self.first, self.second
        own = [self.total(side.moved, side.moved) for side in (first, second)]
        scale = np.sqrt(own[0] * own[1])
        raw = _over(self.total(first.moved, second.moved), scale)
        half = _over(np.full(self.groups.of, 0.5), first.scatter * second.scatter)
        return np.asarray(np.clip(np.where(raw > 0, np.maximum(raw - half, 0), raw), -1, 1))

    def limits(self, z: float) -> tuple[Floats, Floats]:
        first, second, related = self.first, self.second, self.correlation()
        (a_low, a_high), (b_low, b_high) = first.limits(z), second.limits(z)
        value = second.value - first.value
        down = root(second.value - b_low, a_high - first.value, related)
        up = root(b_high - second.value, first.value - a_low, related)
        return value - down, value + up

    def at_least(self, low: Floats, high: Floats, level: float) -> tuple[Floats, Floats]:
        """Limits no closer than exact ones of what only one prediction does, if that is rare.

        Where the predictions hardly differ, strict levels ask how rare a difference that was
        never seen may be; the normal tail promises too much.
        """
        n, tail = self.groups.total(self.cells.n, self.first.among), (1 - level) / 2
        gain, loss = self._only(self.second, self.first), self._only(self.first, self.second)
        (a, a_low, a_high), (b, b_low, b_high) = (_exact(x, n, tail) for x in (gain, loss))
        rare = (gain + loss <= RARE) & (n > 0)
        down, up = np.hypot(a - a_low, b_high - b), np.hypot(a_high - a, b - b_low)
        return (
            np.where(rare, np.fmin(low, a - b - down), low),
            np.where(rare, np.fmax(high, a - b + up), high),
        )

    @property
    def discordant(self) -> Floats:
        """Rows on which the predictions differ."""
        return self._only(self.first, self.second) + self._only(self.second, self.first)

    def _only(self, one: Number, other: Number) -> Floats:
        assert one.hits is not None
        assert other.hits is not None
        return self.groups.total(self.cells.n, one.hits & ~other.hits)

    def p(self, value: Floats) -> Floats:
        """McNemar's exact p-value, or the normal one where it does not apply."""
        if self.common:
            fewer = np.minimum(
                self._only(self.first, self.second), self._only(self.second, self.first)
            )
            return np.asarray(np.minimum(1.0, 2 * bdtr(fewer, self.discordant.astype(int), 0.5)))
        moved = self.second.moved - self.first.moved
        error = np.sqrt(self.total(moved, moved))
        steps = np.divide(np.abs(value), error, out=np.zeros_like(error), where=error > 0)
        return np.asarray(2 * ndtr(-steps))

    def related(self) -> Floats | None:
        """Correlation of the changes of groups that share clusters."""
        if self.cells.cluster is None or self.groups.of < 2:
            return None
        from scipy.sparse import csr_array

        cluster, moved = self.cells.cluster, self.second.moved - self.first.moved
        shape = (int(cluster.max(initial=0)) + 1, self.groups.of)
        sums = csr_array((self.cells.mass * moved, (cluster, self.groups.place)), shape=shape)
        scatter = (sums.T @ sums).toarray()
        each = np.sqrt(np.diag(scatter))
        found = np.clip(_over(scatter, np.outer(each, each)), -0.95, 0.95)
        np.fill_diagonal(found, 1.0)
        return np.asarray(found)


def _exact(hits: Floats, n: Floats, tail: float) -> tuple[Floats, Floats, Floats]:
    """Share of hits, with the limits of Clopper and Pearson."""
    n = np.maximum(n, 1)
    low = np.where(hits > 0, betaincinv(np.maximum(hits, 1), n - hits + 1, tail), 0.0)
    high = np.where(hits < n, betaincinv(hits + 1, np.maximum(n - hits, 1), 1 - tail), 1.0)
    return hits / n, low, high


def _over(above: Floats, below: Floats) -> Floats:
    found = np.divide(above, below, out=np.zeros_like(above, dtype=float), where=below > 0)
    return np.asarray(found)
