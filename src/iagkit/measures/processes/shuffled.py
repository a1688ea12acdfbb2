"""Outcomes handed out anew within strata, and how groups then differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.chance import redraw
from iagkit.measures.intervals import summed

MOST_ROWS = 20_000
"""Of more cases than these, numbers that are no hits are drawn from the normal limit of shuffling,
whose mean and covariance are exact."""
CHUNK = 4_000_000
"""Numbers shuffled at once."""
Draw = Callable[[int], Floats]
"""How many → excess of each group, shape (draws, n_groups)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A number, a group and a stratum for each case.

    Parameters
    ----------
    values : ndarray of float, shape (n_cases,)
    place, layer : ndarray of int, shape (n_cases,)
        Group and stratum.
    clusters : ndarray of int, shape (n_cases,), or None
    """

    values: Floats
    place: Ints
    layer: Ints
    clusters: Ints | None

    def only(self, kept: NDArray[np.bool_]) -> Sample:
        """Cases of some groups."""
        rows = kept[self.place]
        clusters = None if self.clusters is None else self.clusters[rows]
        return Sample(
            values=self.values[rows],
            place=(np.cumsum(kept) - 1)[self.place[rows]],
            layer=np.unique(self.layer[rows], return_inverse=True)[1].reshape(-1),
            clusters=clusters,
        )

    @property
    def sizes(self) -> Ints:
        """Cases of each group."""
        return np.bincount(self.place)

    def cells(self, weights: Floats | None = None) -> Floats:
        """Cases, or sums, of each group and stratum."""
        shape = int(self.place.max()) + 1, int(self.layer.max()) + 1
        at = self.place * shape[1] + self.layer
        return np.bincount(at, weights, minlength=shape[0] * shape[1]).reshape(shape).astype(float)

    def residuals(self) -> Floats:
        """What each case differs from the mean of its stratum."""
        mean = np.bincount(self.layer, self.values) / np.bincount(self.layer)
        return np.asarray(self.values - mean[self.layer], dtype=float)

    def excess(self) -> Floats:
        """Sum of that in each group."""
        return np.asarray(np.bincount(self.place, self.residuals()), dtype=float)

    def solver(self) -> Floats | None:
        """What turns the excess of groups into their differences within strata, or nothing.

        Returns
        -------
        ndarray, shape (n_groups, n_groups), or None
            Least squares with one number a stratum; differences sum to zero over cases. ``None``
            where some groups share no stratum with the others, not even by way of third ones.
        """
        cells = self.cells()
        sizes = cells.sum(axis=1)
        normal = np.diag(sizes) - cells @ (cells / cells.sum(axis=0)).T
        if np.linalg.matrix_rank(normal, hermitian=True) < len(sizes) - 1:
            return None
        centre = np.eye(len(sizes)) - sizes / sizes.sum()
        return np.asarray(centre @ np.linalg.pinv(normal, hermitian=True), dtype=float)

    def pieces(self) -> Ints:
        """Independent pieces of evidence of each group."""
        if self.clusters is None:
            return self.sizes
        pairs = np.unique(np.column_stack([self.place, self.clusters]), axis=0)
        return np.bincount(pairs[:, 0], minlength=len(self.sizes))

    def overlapping(self) -> tuple[int, int]:
        """Strata with at least two groups, and the cases in them."""
        cells = self.cells()
        several = (cells > 0).sum(axis=0) > 1
        return int(several.sum()), int(cells[:, several].sum())

    def covariance(self) -> Floats:
        """How excesses vary and move together, given the cases of each stratum."""
        if self.clusters is not None:
            moves = self.moves()
            many = len(moves)
            return np.asarray(moves.T @ moves * many / max(many - 1, 1), dtype=float)
        share, squares = self._shares(), self.cells(self.residuals() ** 2) * self._corrected()
        crossed = squares @ share.T
        inner = np.diag(squares.sum(axis=1)) - crossed - crossed.T
        inner += (share * squares.sum(axis=0)) @ share.T
        return np.asarray(inner, dtype=float)

    def moves(self) -> Floats:
        """How much each cluster moves each excess, shape (n_clusters, n_groups)."""
        assert self.clusters is not None
        share, residual = self._shares(), self.residuals()
        own = -share.T[self.layer]
        own[np.arange(len(residual)), self.place] += 1
        codes = np.unique(self.clusters, return_inverse=True)[1].reshape(-1)
        return summed(own * residual[:, None], codes)

    def _shares(self) -> Floats:
        cells = self.cells()
        return np.asarray(cells / cells.sum(axis=0), dtype=float)

    def _corrected(self) -> Floats:
        """What squares are short of, for being taken from the mean that they made."""
        n = np.bincount(self.layer).astype(float)
        return np.where(n > 1, n / np.maximum(n - 1, 1), 0.0)


def shuffler(sample: Sample, random: np.random.Generator) -> Draw:
    """How excesses come out when outcomes of a stratum are handed out anew.

    Notes
    -----
    Hits of a stratum fall on its groups as balls from an urn (multivariate hypergeometric), which
    is the same as shuffling them and faster. Clusters: see
    :func:`iagkit.measures.processes.adjusted.adjusted_gap`.
    """
    if sample.clusters is not None:
        return _signs(sample.moves(), random)
    if np.isin(sample.values, (0.0, 1.0)).all():
        return _urns(sample, random)
    if len(sample.values) > MOST_ROWS:
        return _normal(sample, random)
    return _shuffles(sample, random)


def _signs(moves: Floats, random: np.random.Generator) -> Draw:
    def draw(many: int) -> Floats:
        signs = random.choice(np.array([-1.0, 1.0], dtype=np.float32), (many, len(moves)))
        return np.asarray(signs @ moves.astype(np.float32), dtype=float)

    return draw


def _urns(sample: Sample, random: np.random.Generator) -> Draw:
    cells, hits = sample.cells(), sample.cells(sample.values)
    hoped = (cells * (hits.sum(axis=0) / cells.sum(axis=0))).sum(axis=1)
    n, total = cells.sum(axis=0), hits.sum(axis=0)
    open_ = (total > 0) & (total < n) & ((cells > 0).sum(axis=0) > 1)
    group, layer = np.nonzero(cells[:, open_] > 0)
    whole = cells[:, open_][group, layer].astype(np.int64)
    won = hits[:, open_][group, layer].astype(np.int64)
    fixed = hits[:, ~open_].sum(axis=1)
    onto = (group[:, None] == np.arange(len(cells))).astype(np.float64)

    def draw(many: int) -> Floats:
        drawn = redraw(won, whole, layer, draws=many, random=random)
        return np.asarray(drawn @ onto + fixed - hoped, dtype=float)

    return draw


def _normal(sample: Sample, random: np.random.Generator) -> Draw:
    cells, squares = sample.cells(), np.bincount(sample.layer, sample.residuals() ** 2)
    n = cells.sum(axis=0)
    spread = np.where(n > 1, squares / np.maximum(n - 1, 1), 0.0)
    whole = np.diag(cells @ spread) - (cells * spread / n) @ cells.T
    values, vectors = np.linalg.eigh(whole)
    root = vectors * np.sqrt(np.clip(values, 0, None))

    def draw(many: int) -> Floats:
        return np.asarray(random.standard_normal((many, len(root))) @ root.T)

    return draw


def _shuffles(sample: Sample, random: np.random.Generator) -> Draw:
    order = np.lexsort((sample.place, sample.layer))
    residual, place, layer = sample.residuals()[order], sample.place[order], sample.layer[order]
    parts = []
    for rows in np.split(np.arange(len(order)), np.flatnonzero(np.diff(layer)) + 1):
        starts = np.append(0, np.flatnonzero(np.diff(place[rows])) + 1)
        parts.append((residual[rows], starts, place[rows][starts]))
    moving = [p for p in parts if len(p[1]) > 1 and np.ptp(p[0]) > 0]

    def draw(many: int) -> Floats:
        sums = np.zeros((many, len(sample.sizes)))
        for mine, starts, groups in moving:
            step = max(1, CHUNK // len(mine))
            for first in range(0, many, step):
                here = slice(first, min(first + step, many))
                rows = np.tile(mine, (here.stop - here.start, 1))
                mixed = random.permuted(rows, axis=1, out=rows)
                sums[here, groups] += np.add.reduceat(mixed, starts, axis=1)
        return np.asarray(sums, dtype=float)

    return draw
