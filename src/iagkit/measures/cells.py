"""Counts of a table by groups, truth and prediction: all that an audit of predictions needs.

Everything else is taken from these cells and never from the rows again: groups of one column
and of several together, their rates, intervals and gaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats, Ints

UNKNOWN = -1
"""Code of a truth, prediction or score that is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Rows of a table, counted by everything that tells them apart for an audit.

    Parameters
    ----------
    columns : tuple of str, length m
        Group columns; the periods of a time column are the last.
    levels : tuple of tuple of str, length m
        Groups of each column, sorted; those whose group is not known are ``"(missing)"``, last.
    codes : ndarray of int, shape (n_cells, m)
        Group of each cell in each column.
    labels : tuple of str
        What truth and prediction may say; empty without them.
    truth, prediction, against : ndarray of int, shape (n_cells,), optional
        Number of the label in ``labels``; ``-1`` is missing. ``against`` is a second prediction.
    n : ndarray of float, shape (n_cells,)
        Rows of each cell.
    weight, weight_squared : ndarray of float, shape (n_cells,), optional
        Sums of the row weights and of their squares.
    bins : ndarray of int, shape (n_cells,), optional
        Bin of the score, ``0`` to ``score_bins - 1``; ``-1`` is missing.
    score : ndarray of float, shape (n_cells,), optional
        Sum of the scores, weighted if rows are.
    score_bins : int
        Equal bins from 0 to 1; 0 if ``bins`` are the different scores themselves, rising.
    cluster : ndarray of int, shape (n_cells,), optional
        Rows of one person (or text, or household) have one number; a cell then holds the rows
        of one cluster only.
    sums : mapping of str to ndarray of float, shape (n_cells,)
        Further sums of numbers, by name; see :class:`~iagkit.measures.counting.Moment`.
    """

    columns: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Ints
    n: Floats
    labels: tuple[str, ...] = ()
    truth: Ints | None = None
    prediction: Ints | None = None
    against: Ints | None = None
    weight: Floats | None = None
    weight_squared: Floats | None = None
    bins: Ints | None = None
    score: Floats | None = None
    score_bins: int = 0
    cluster: Ints | None = None
    sums: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sums", MappingProxyType(dict(self.sums)))

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.n)

    @property
    def rows(self) -> int:
        """Rows that were counted."""
        return int(self.n.sum())

    @property
    def mass(self) -> Floats:
        """What each cell weighs: the sum of its weights, or its rows."""
        return self.n if self.weight is None else self.weight

    def where(self, kept: NDArray[np.bool_]) -> Cells:
        """Only these cells; levels and labels stay."""
        arrays = {name: getattr(self, name) for name in _PER_CELL}
        cut: dict[str, Any] = {n: None if a is None else a[kept] for n, a in arrays.items()}
        cut["sums"] = {name: a[kept] for name, a in self.sums.items()}
        return replace(self, **cut)

    def known(self) -> Cells:
        """Only cells whose truth and prediction are known, as far as the table has them."""
        kept = np.ones(len(self), dtype=bool)
        for codes in (self.truth, self.prediction, self.against):
            kept &= True if codes is None else codes != UNKNOWN
        return self if kept.all() else self.where(kept)

    def by(self, columns: Sequence[str] = ()) -> Groups:
        """Groups of these columns together that occur in the table.

        Raises
        ------
        DataError
            If a column was not counted.
        """
        unknown = [c for c in columns if c not in self.columns]
        if unknown:
            msg = f"expected counted columns ({', '.join(self.columns)}); got {', '.join(unknown)}"
            raise DataError(msg)
        which = [self.columns.index(c) for c in columns]
        place = np.zeros(len(self), dtype=np.intp)
        for i in which:
            place = place * len(self.levels[i]) + self.codes[:, i]
        found, first, place = np.unique(place, return_index=True, return_inverse=True)
        names = tuple(tuple(self.levels[i][self.codes[cell, i]] for i in which) for cell in first)
        return Groups(columns=tuple(columns), names=names, place=place.reshape(-1), of=len(found))

    def subsets(self, depth: int) -> tuple[tuple[str, ...], ...]:
        """Columns alone, then pairs, and so on up to ``depth`` together."""
        deep = range(1, min(depth, len(self.columns)) + 1)
        return tuple(subset for k in deep for subset in combinations(self.columns, k))


_PER_CELL = (
    "codes", "n", "truth", "prediction", "against", "weight", "weight_squared", "bins", "score",
    "cluster",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Groups of one or several columns, and the group of each cell.

    Parameters
    ----------
    columns : tuple of str, length m
        Empty for all rows together.
    names : tuple of tuple of str, length of
        Level of each group in each of the columns.
    place : ndarray of int, shape (n_cells,)
        Number of each cell's group.
    of : int
        How many groups.
    """

    columns: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    place: Ints
    of: int

    def where(self, group: int) -> dict[str, str]:
        """Coordinates of a group, as a finding carries them."""
        return dict(zip(self.columns, self.names[group], strict=True))

    def total(self, amounts: Floats, among: NDArray[np.bool_] | None = None) -> Floats:
        """Sum of an amount a cell over each group, of all cells or only ``among`` some."""
        if among is not None:
            amounts = np.where(among, amounts, 0.0)
        return np.bincount(self.place, weights=amounts, minlength=self.of).astype(float, copy=False)
