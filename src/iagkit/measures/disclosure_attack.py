"""What a reader works out from published counts: the test of everything that protects them.

Written without the code that chooses what to withhold, so that one mistake is not made twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Subset = tuple[int, ...]
ROUNDED = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduced:
    """Bounds of every count that was withheld, as a reader finds them.

    Parameters
    ----------
    low, high : array of float, shape (n_withheld,)
        Least and greatest value in any table that agrees with what was told; ``high`` may be
        infinite.
    where : tuple of (tuple of int, tuple of int), length n_withheld
        Subset of columns, and place in its table.
    """

    low: Floats
    high: Floats
    where: tuple[tuple[Subset, tuple[int, ...]], ...]

    @property
    def recovered(self) -> int:
        """Counts withheld that are known exactly."""
        return int((self.low == self.high).sum())

    def known_small(self, k: int) -> int:
        """Counts withheld that are known to lie between 1 and ``k - 1``."""
        return int(((self.low >= 1) & (self.high < k)).sum())


def attack(
    tables: Mapping[Subset, NDArray[Any]], *, levels: tuple[int, ...], whole: bool = False
) -> Deduced:
    """Bounds of every withheld count, from everything that was published together.

    Parameters
    ----------
    tables : mapping from tuple of int to array of float, shape (levels of the subset ..., C + 1)
        Published tables by the columns they show, ascending: outcome cells and, last, the size
        of the group; nan where a count is withheld.
    levels : tuple of int
        Number of levels of each group column.
    whole : bool
        Search among whole numbers only, which can but narrow the bounds: integer programs
        instead of linear ones, for small tables.

    Returns
    -------
    Deduced
        Bounds rounded inwards to whole numbers.

    Raises
    ------
    DataError
        If no table of non-negative numbers agrees with what is told.

    Notes
    -----
    The audit problem of [1]_: minimum and maximum of each count withheld over all non-negative
    tables that give the published ones.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012). Statistical Disclosure Control, section 4.4. Wiley.

    Examples
    --------
    >>> told = {(): np.array([13.0, 13.0]), (0,): np.array([[np.nan, np.nan], [10.0, 10.0]])}
    >>> found = attack(told, levels=(2,))
    >>> found.low.tolist(), found.recovered
    ([3.0, 3.0], 2)
    """
    cells = next(iter(tables.values())).shape[-1] - 1
    rows = {subset: _rows(subset, levels, cells) for subset in tables}
    reader = _Reader(_known(tables, rows), whole=whole)
    low, high, where = [], [], []
    for subset, table in tables.items():
        for place in zip(*np.nonzero(np.isnan(table)), strict=True):
            entry = int(np.ravel_multi_index(place, table.shape))
            count = rows[subset][[entry]].toarray()[0]
            low.append(reader.least(count))
            high.append(reader.most(count))
            where.append((subset, tuple(int(i) for i in place)))
    return Deduced(low=np.array(low), high=np.array(high), where=tuple(where))


class _Reader:
    """Who has read the tables: equations over the innermost counts, and bounds of each."""

    def __init__(self, known: tuple[csr_array, Floats], *, whole: bool) -> None:
        self.rows, self.values = known
        self.whole = int(whole)
        self.top = np.full(self.rows.shape[1], np.inf)
        row, column = self.rows.nonzero()
        np.minimum.at(self.top, column, self.values[row])
        self._solved(np.zeros(len(self.top)))

    def least(self, count: Floats) -> float:
        return float(np.ceil(self._solved(count) - ROUNDED))

    def most(self, count: Floats) -> float:
        # An innermost count that no told number holds may be anything; all others are bounded.
        if np.isinf(self.top[count > 0]).any():
            return float(np.inf)
        return float(np.floor(-self._solved(-count) + ROUNDED))

    def _solved(self, count: Floats) -> float:
        from scipy.optimize import linprog

        found = linprog(
            count,
            A_eq=self.rows,
            b_eq=self.values,
            bounds=np.column_stack([np.zeros(len(self.top)), self.top]),
            integrality=self.whole,
            method="highs",
        )
        if found.status != 0:
            msg = (
                "no table of non-negative counts agrees with the tables published "
                f"({found.message}). Do they come from the same cases?"
            )
            raise DataError(msg)
        return float(found.fun)


def _known(
    tables: Mapping[Subset, NDArray[Any]], rows: Mapping[Subset, csr_array]
) -> tuple[csr_array, Floats]:
    """Equations of everything that is told."""
    from scipy.sparse import csr_array, vstack

    values = {subset: np.asarray(table, float).reshape(-1) for subset, table in tables.items()}
    told = {subset: np.flatnonzero(~np.isnan(value)) for subset, value in values.items()}
    equations = vstack([rows[subset][told[subset]] for subset in tables], format="csr")
    return csr_array(equations), np.concatenate([values[s][told[s]] for s in tables])


def _rows(subset: Subset, levels: tuple[int, ...], cells: int) -> csr_array:
    """Which innermost counts each entry of a table adds up, shape (n_entries, n_innermost)."""
    from scipy.sparse import csr_array, eye_array, kron, vstack

    axes = [
        eye_array(n, format="csr") if i in subset else csr_array(np.ones((1, n)))
        for i, n in enumerate(levels)
    ]
    axes.append(vstack([eye_array(cells, format="csr"), csr_array(np.ones((1, cells)))]))
    return csr_array(reduce(lambda left, right: kron(left, right, format="csr"), axes))
