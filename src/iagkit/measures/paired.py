"""Two predictions of the same rows: how much a number changes from the first to the second.

Both are right or wrong about the same people, so they are compared row by row: what only one of
them does tells them apart, what both do cancels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtr, ndtri

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.groupwise import added, squares
from iagkit.measures.pairing import Number

FEW_DISCORDANT = 25
"""With fewer rows on which two predictions differ, the exact test has the last word."""
CHOSEN = 0.1
"""Part of the error of a gap that goes to the question which groups are furthest apart."""


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
            clusters=None if clusters is None else int(clusters[group]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GapChange:
    """Change of the gap between the furthest groups, whichever they are for each prediction.

    Parameters
    ----------
    estimate : Estimate or None
        Gap of the second prediction less that of the first; ``None`` only with ``because``.
    first, second : float or None
        The gaps.
    between : pair of str, optional
        Groups with the lowest and the highest value under the second prediction.
    left_out : tuple of str
        Groups with too few cases.
    because : Message, optional
    """

    estimate: Estimate | None
    first: float | None = None
    second: float | None = None
    between: tuple[str, str] | None = None
    left_out: tuple[str, ...] = ()
    because: Message | None = None


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
    0 is inside unless McNemar's exact test [2]_ says otherwise. Two predictions that agree on all
    rows have a change of exactly 0, in an interval for what further rows might show.

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


def gap_change(
    cells: Cells,
    groups: Groups,
    first: Number,
    second: Number,
    *,
    level: float = 0.95,
    min_group: int = 30,
) -> GapChange:
    """Change of the gap between the furthest groups.

    Parameters
    ----------
    cells, groups, first, second
        As for :func:`paired`.
    level : float
    min_group : int
        Groups with fewer cases under either prediction are left out and named.

    Returns
    -------
    GapChange

    Notes
    -----
    The gap is the largest difference of two groups. That of the second prediction less that of
    the first is at most the change of the pair that is truly furthest under the second, and at
    least that of the pair furthest under the first. Which pairs these may be is read from
    simultaneous intervals of all groups (a tenth of the error for each prediction, Bonferroni);
    the limits are the outermost of the paired intervals of those pairs, with the rest of the
    error. They hold whichever groups are furthest, and also if these change.
    """
    enough = (
        (first.n >= min_group)
        & (second.n >= min_group)
        & np.isfinite(first.value)
        & np.isfinite(second.value)
    )
    names = [" · ".join(name) for name in groups.names]
    left_out = tuple(name for name, kept in zip(names, enough, strict=True) if not kept)
    if enough.sum() < 2:
        because = say(
            "the change of a gap needs two groups with at least {min_group} cases under both "
            "predictions; {enough} of {groups} have them",
            min_group=min_group,
            enough=int(enough.sum()),
            groups=groups.of,
        )
        return GapChange(estimate=None, left_out=left_out, because=because)
    error = 1 - checked_level(level)
    change = paired(cells, groups, first, second, level=1 - error * (1 - 2 * CHOSEN))
    low, high = _outermost(change, enough, error)
    gaps = [float(np.ptp(side.value[enough])) for side in (first, second)]
    kept = [name for name, there in zip(names, enough, strict=True) if there]
    values = second.value[enough]
    return GapChange(
        estimate=Estimate(
            value=gaps[1] - gaps[0], n=int(change.n[enough].sum()), low=low, high=high, level=level
        ),
        first=gaps[0],
        second=gaps[1],
        between=(kept[int(values.argmin())], kept[int(values.argmax())]) if gaps[1] else None,
        left_out=left_out,
    )


def _outermost(change: Paired, kept: NDArray[np.bool_], error: float) -> tuple[float, float]:
    value, low, high = change.value[kept], change.low[kept], change.high[kept]
    down, up = value - low, high - value
    related = np.zeros((len(value),) * 2)
    if change.related is not None:
        related = change.related[np.ix_(kept, kept)]
    apart = value[:, None] - value
    lows = apart - _root(down[:, None], up, related)
    highs = apart + _root(up[:, None], down, related)
    z = float(ndtri(1 - error * CHOSEN / (2 * len(value))))
    return (
        float(lows[_maybe_furthest(change.first, kept, z)].min()),
        float(highs[_maybe_furthest(change.second, kept, z)].max()),
    )


def _root(one: Floats, other: Floats, related: Floats) -> Floats:
    inner = one**2 + other**2 - 2 * related * one * other
    return np.asarray(np.sqrt(np.maximum(inner, 0)))


def _maybe_furthest(number: Number, kept: NDArray[np.bool_], z: float) -> NDArray[np.bool_]:
    """Pairs (highest, lowest) that may be the furthest, shape (k, k)."""
    low, high = (side[kept] for side in number.limits(z))
    pairs = np.outer(high >= low.max(), low <= high.min())
    np.fill_diagonal(pairs, False)
    return np.asarray(pairs)


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
        down = _root(second.value - b_low, a_high - first.value, related)
        up = _root(b_high - second.value, first.value - a_low, related)
        return value - down, value + up

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


def _over(above: Floats, below: Floats) -> Floats:
    found = np.divide(above, below, out=np.zeros_like(above, dtype=float), where=below > 0)
    return np.asarray(found)
