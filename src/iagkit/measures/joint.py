"""The level at which many gaps may each be told so that all of them hold together.

An audit lists the gaps of every rate, by every column and by several columns together. They are
of the same people, so they move together: how much is known from the counts, and dividing the
error over them as if they did not (Bonferroni) gives power away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.binary import RATES, quadrants
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.count_functions import FUNCTIONS
from iagkit.measures.overlap import chance_apart, widths_needed

DRAWS = 2_000
SOURCES = 1_000
"""Clusters or cells beyond so many are added up at random, with random signs."""
MOST = 1_000
"""With more groups than these the error is divided as if gaps had nothing in common."""
QUADRANTS = ("tn", "fp", "fn", "tp")
Gradient = Callable[[Floats], Floats]
"""(counts of each group, shape (n_groups, 4)) → how much a case more of each kind changes it."""


def joint_level(
    cells: Cells,
    sets: Sequence[Groups],
    metrics: Sequence[str],
    *,
    positive: str,
    level: float = 0.95,
    min_group: int = 30,
    beside: int = 0,
) -> float:
    """Level of each gap at which all of them hold together.

    Parameters
    ----------
    cells : Cells
    sets : sequence of Groups
        Of the same cells: each has one gap of every metric.
    metrics : sequence of str
        Rates and functions of the four counts; others are ignored.
    positive : str
        The label that means yes.
    level : float
        Probability that no gap of all is called one although all groups are alike.
    min_group : int
        Smaller groups are not compared.
    beside : int
        Further gaps that share the error, of numbers that do not follow from these counts.

    Returns
    -------
    float
        At least ``level``, at most what Bonferroni's division of the error asks for.

    Raises
    ------
    DataError
        If ``level`` is not strictly between 0 and 1, or a label or prediction is missing.

    Notes
    -----
    The smallest p-value of all gaps, as Westfall and Young [1]_: the counts are drawn again (their
    normal limit, half as they are and half as if groups were alike, so that no group is without
    any case), whole clusters together; in each draw every gap has the width at which its intervals
    of comparison just meet (:func:`iagkit.measures.overlap.overlap_critical`) and the probability
    that chance would need as much; the level is that which the smallest of them passes in
    ``level`` of the draws. Only how gaps move together is taken from draws: how wide the
    intervals of one gap are at that level is still computed from its counts. Fixed seed.

    References
    ----------
    .. [1] Westfall, P. H. & Young, S. S. (1993). Resampling-Based Multiple Testing. Wiley.
    """
    error, told = 1 - checked_level(level), list(_distinct(metrics))
    gaps = len(told) * len(sets)
    if gaps + beside < 2:
        return level
    if not gaps or sum(groups.of for groups in sets) > MOST:
        return 1 - error / (gaps + beside)
    drawn = _Drawn.of_cells(cells, sets, positive)
    least = np.ones(DRAWS)
    for groups in sets:
        for chance in drawn.chances(groups, told, min_group):
            np.minimum(least, chance, out=least)
    return 1 - _shared(np.sort(least), error, beside, gaps)


def _shared(least: Floats, error: float, beside: int, gaps: int) -> float:
    """Largest error of one gap that with all others, and those beside, stays within ``error``."""
    spent = np.searchsorted(least, least, side="right") / len(least) + beside * least
    passed = int(np.searchsorted(spent, error, side="right"))
    allowed = float(least[passed - 1]) if passed else 0.0
    return min(error, max(allowed, error / (gaps + beside)))


def listed(metrics: Sequence[str], sets: int) -> int:
    """Gaps of these metrics that are not another one turned around."""
    return len(list(_distinct(metrics))) * sets


def _distinct(metrics: Sequence[str]) -> Iterator[Gradient]:
    """One gradient for each metric that is not another one turned around."""
    met: set[frozenset[frozenset[str]]] = set()
    for metric in metrics:
        if metric in RATES:
            rate = RATES[metric]
            sides = frozenset({rate.hits, rate.among - rate.hits})
            if sides not in met:
                met.add(sides)
                yield _of_share(rate.hits, rate.among)
        elif metric in FUNCTIONS:
            yield _of_function(FUNCTIONS[metric])


def _of_share(hits: frozenset[str], among: frozenset[str]) -> Gradient:
    hit, part = (np.array([q in of for q in QUADRANTS], dtype=float) for of in (hits, among))

    def gradient(counts: Floats) -> Floats:
        n = (counts @ part)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((hit - (counts @ hit)[:, None] / n * part) / n)

    return gradient


def _of_function(function: Callable[[Floats], Floats]) -> Gradient:
    def gradient(counts: Floats) -> Floats:
        step = 1e-4 * counts.sum(axis=1)
        slopes = []
        for kind in range(4):
            moved = step[:, None] * np.eye(4)[kind]
            with np.errstate(invalid="ignore", divide="ignore"):
                up, down = (function(t.reshape(-1, 2, 2)) for t in (counts + moved, counts - moved))
                slopes.append((up - down) / (2 * step))
        return np.stack(slopes, axis=1)

    return gradient


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Counts of the four kinds, and what moves each of them in every draw.

    Parameters
    ----------
    cell : ndarray of int, shape (m,)
        A cell of the table, whose groups are those of its counts.
    kind : ndarray of int, shape (m,)
        Which of the four.
    mass, moves : ndarray of float, shape (m,)
        How much it counts, and how much its source moves it.
    source : ndarray of int, shape (m,)
        What moves together.
    clustered : bool
        Whether a source may reach over groups.
    """

    cell: Ints
    kind: Ints
    mass: Floats
    moves: Floats
    source: Ints
    clustered: bool

    @classmethod
    def of_cells(cls, cells: Cells, sets: Sequence[Groups], positive: str) -> _Drawn:
        each = quadrants(cells, positive)
        kind = np.select([each[q] for q in QUADRANTS], list(range(4)), default=-1)
        kept = np.flatnonzero((kind >= 0) & (cells.mass > 0))
        if cells.cluster is not None:
            source: Ints = np.unique(cells.cluster[kept], return_inverse=True)[1].reshape(-1)
            mass = cells.mass[kept]
            return cls(kept, kind[kept], mass, *_sketched(source, mass), clustered=True)
        squares = cells.n if cells.weight_squared is None else cells.weight_squared
        columns = sorted({column for groups in sets for column in groups.columns})
        return cls._alike(cells, cells.by(columns), kept, kind[kept], squares[kept])

    @classmethod
    def _alike(
        cls, cells: Cells, finest: Groups, kept: Ints, kind: Ints, squares: Floats
    ) -> _Drawn:
        """Independent rows: half as they are, half as if all groups were alike."""
        _, first, at = np.unique(finest.place[kept], return_index=True, return_inverse=True)
        at = at.reshape(-1) * 4 + kind
        parts = []
        for amounts in (cells.mass[kept], squares):
            table = np.bincount(at, weights=amounts, minlength=4 * len(first)).reshape(-1, 4)
            alike = np.outer(table.sum(axis=1), table.sum(axis=0) / table.sum())
            parts.append(((table + alike) / 2).reshape(-1))
        cell, which = np.repeat(kept[first], 4), np.tile(np.arange(4, dtype=np.intp), len(first))
        moves, source = _sketched(np.arange(len(cell)), np.sqrt(parts[1]))
        return cls(cell, which, parts[0], moves, source, clustered=False)

    def chances(
        self, groups: Groups, gradients: Sequence[Gradient], min_group: int
    ) -> Iterator[Floats]:
        """Probability that chance needs as wide intervals, of each gap in each draw."""
        at = groups.place[self.cell] * 4 + self.kind
        summed = np.bincount(at, weights=self.mass, minlength=4 * groups.of)
        counts = np.asarray(summed, dtype=float).reshape(-1, 4)
        of = int(self.source.max()) + 1 if len(self.source) else 1
        moved = np.bincount(at * of + self.source, weights=self.moves, minlength=4 * groups.of * of)
        moved = moved.reshape(groups.of, 4, of)
        drawn = (moved.reshape(-1, of).astype(np.float32) @ _normal(of)).reshape(groups.of, 4, -1)
        for gradient in gradients:
            slope = gradient(counts)
            errors = np.sqrt((np.einsum("gq,gqs->gs", slope, moved) ** 2).sum(axis=1))
            kept = (errors > 0) & (counts.sum(axis=1) >= min_group) & np.isfinite(errors)
            if kept.sum() < 2:
                continue
            apart = np.einsum("gq,gqd->gd", slope[kept].astype(np.float32), drawn[kept])
            needed = widths_needed(apart, errors[kept, None].astype(np.float32))
            yield self._chance(needed, errors[kept])

    def _chance(self, widths: Floats, errors: Floats) -> Floats:
        if not self.clustered:
            return chance_apart(widths, errors)
        rank = np.empty(len(widths))
        rank[np.argsort(-widths, kind="stable")] = np.arange(1, len(widths) + 1)
        return rank / len(widths)


def _sketched(source: Ints, moves: Floats) -> tuple[Floats, Ints]:
    """Sources added up at random to at most ``SOURCES``: covariances stay, but for a little noise.

    Random signs make what does not belong together cancel (count sketch).
    """
    many = int(source.max()) + 1 if len(source) else 1
    if many <= SOURCES:
        return moves, source
    random = np.random.default_rng(0)
    where, sign = random.integers(SOURCES, size=many), random.choice([-1.0, 1.0], size=many)
    return moves * sign[source], where[source]


@lru_cache(maxsize=1)
def _normal(of: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((of, DRAWS), dtype=np.float32)
