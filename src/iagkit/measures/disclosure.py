"""Statistical disclosure control: which counts of an audit are withheld so that none is recovered.

An audit tells counts, and rates from which counts follow, for groups by one column, by two, by
all of them. A count of one to four people is close to naming them, and leaving it out is not
enough while the other groups and the total are told: it is what is missing. So others must be
withheld with it [1]_. What is promised here, for every count of 1 to ``k - 1`` people that is
published or would be: **a table of whole, non-negative numbers that agrees with everything told
has k or more there.** As the true table agrees too, the reader is left with at least two
answers, and cannot tell that the count is small: upper protection up to ``k`` in the words of
[1]_ and [2]_. Small counts of tables that are not published, of three columns where pairs are
shown, can follow from those that are; for each of them some such table has ``k`` or more, or 0.

What it does not promise: that a reader who knows some of the people, or this program's choices,
learns nothing; or that counts of several releases (two months, two models) protect each other.
Zeros are told, unless a zero must be withheld to hide another count; groups with nobody in them
always are told, since a reader may know that they cannot exist.

References
----------
.. [1] Hundepool, A., Domingo-Ferrer, J., Franconi, L., Giessing, S., Schulte Nordholt, E.,
   Spicer, K. & de Wolf, P.-P. (2012). Statistical Disclosure Control, chapters 4 and 5. Wiley.
.. [2] Fischetti, M. & Salazar, J. J. (2001). Solving the cell suppression problem on tabular
   data with linear constraints. Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.measures.disclosure_plan import Method, plan
from iagkit.measures.disclosure_tables import (
    Bools,
    Counts,
    Margins,
    Subset,
    mask_of,
    window,
    with_margins,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """What may be told of a table and what is withheld.

    A reader must not be shown which of the counts withheld are the small ones.

    Parameters
    ----------
    k : int
        Smallest count of people that is told.
    primary : array of bool, shape (L1 + 1, ..., Lm + 1, C + 1)
        Counts of 1 to ``k - 1`` that would have been published; the last place of every axis
        is its sum, the last one of the last axis the group's size.
    complementary : array of bool, same shape
        Counts withheld to hide those.
    published : array of bool, same shape
        Counts of the subsets of columns that are published at all.
    columns : tuple of int
        Columns of the table that were given which the axes above stand for.
    given : int
        Number of columns of the table that was given.
    method : str
        ``nothing small``; ``programs`` (fewest counts withheld), ``steps`` (large tables) or
        ``columns`` (very large ones: tables of single columns only).
    """

    k: int
    primary: Bools
    complementary: Bools
    published: Bools
    columns: tuple[int, ...]
    given: int
    method: str

    @property
    def n_cells(self) -> int:
        """Counts that would have been published, sizes of groups included."""
        return int(self.published.sum())

    @property
    def n_primary(self) -> int:
        """Of them, withheld because they are small."""
        return int(self.primary.sum())

    @property
    def n_complementary(self) -> int:
        """Of them, withheld to hide small ones."""
        return int(self.complementary.sum())

    def told(self, subset: Subset = ()) -> Bools:
        """Which counts of one subset of columns are told.

        Parameters
        ----------
        subset : tuple of int, ascending
            Group columns by number; empty for all people together.

        Returns
        -------
        array of bool, shape (levels of each column of the subset ..., C + 1)
            The last place is the group's size. All false if the subset is not published.

        Raises
        ------
        DataError
            If columns are not ascending or there is none of that number.
        """
        wanted = _checked_subset(subset, self.given)
        if not set(wanted) <= set(self.columns):
            msg = f"columns {wanted} are not published: those published are {self.columns}"
            raise DataError(msg)
        told = self.published & ~self.primary & ~self.complementary
        return told[window(told.shape, tuple(self.columns.index(i) for i in wanted))]

    def allows(
        self,
        subset: Subset,
        group: Sequence[int],
        cells: Sequence[int] = (),
        *,
        size: bool = False,
    ) -> bool:
        """Whether a number that reveals these counts of one group may be told.

        A sum of outcome cells, such as the positives of a group, is told only if each of them
        is: sums of some cells were no part of the proof.

        Parameters
        ----------
        subset : tuple of int, ascending
        group : sequence of int
            One level for each column of the subset, as positions.
        cells : sequence of int
            Outcome cells, as positions on the last axis of the table.
        size : bool
            Whether the size of the group is revealed too.

        Raises
        ------
        DataError
            If there is no such subset, group or cell.

        Examples
        --------
        >>> kept = protect([[50, 10], [3, 40], [6, 30]])
        >>> kept.allows((0,), (1,), cells=(0, 1))
        False
        >>> kept.allows((0,), (1,), size=True)
        True
        """
        told = self.told(subset)
        where = tuple(group)
        places = [*cells, *([told.shape[-1] - 1] if size else [])]
        _checked_place(told.shape, where, places)
        return bool(told[where][places].all())


def protect(
    counts: ArrayLike,
    *,
    k: int = 5,
    subsets: Collection[Subset] | None = None,
    method: Method | None = None,
) -> Suppression:
    """Choose the counts to withhold so that no count of 1 to ``k - 1`` people can be recovered.

    Parameters
    ----------
    counts : array-like of int, shape (L1, ..., Lm, C)
        People in each group of the group columns together, by outcome cell.
    k : int
        Smallest count that is told, two or more.
    subsets : collection of tuple of int, optional
        Subsets of columns whose tables are published, each ascending; all of them by default.
        All people together are always published.
    method : {"programs", "steps", "columns"}, optional
        How to look for what to withhold; by default by the size of the table.

    Returns
    -------
    Suppression

    Raises
    ------
    DataError
        If the counts are no table of non-negative whole numbers, or ``k`` or a subset has no
        meaning.

    Notes
    -----
    Each small count is lifted to ``k`` (or emptied, if of a table that is not published) by the
    cheapest change of the table that keeps what is told [1]_ [2]_. What the change touches is
    withheld, and the changed table, of whole people, is the proof. Changes that others replace
    are dropped in the end. With ``programs`` a change is the optimum of a linear program [1]_,
    with ``steps`` a chain of exchanges between the corners of boxes, as in the hypercube method
    [3]_. With ``columns`` only single columns are told, whole groups or nothing.

    References
    ----------
    .. [1] Kelly, J. P., Golden, B. L. & Assad, A. A. (1992). Cell suppression: disclosure
       protection for sensitive tabular data. Networks 22(4), 397-417.
    .. [2] Fischetti, M. & Salazar, J. J. (2001). Management Science 47(7), 1008-1027.
    .. [3] Giessing, S. & Repsilber, D. (2002). Tools and strategies to protect multiple tables
       with the GHQUAR cell suppression engine. In: Inference Control in Statistical Databases,
       LNCS 2316, 181-192. Springer.

    Examples
    --------
    Three people of one group are hidden, and with them enough of the others:

    >>> kept = protect([[3], [40], [60]])
    >>> kept.told((0,))[:, 0].tolist(), kept.told().tolist()
    ([False, False, True], [True, True])
    >>> kept.n_primary, kept.n_complementary, kept.n_cells
    (2, 2, 8)
    """
    table = _checked_counts(counts)
    given = table.ndim - 1
    wanted = _checked_subsets(subsets, given)
    columns = tuple(sorted({column for subset in wanted for column in subset}))
    unused = tuple(i for i in range(given) if i not in columns)
    full = with_margins(table.sum(axis=unused))
    renamed = [tuple(columns.index(i) for i in subset) for subset in wanted]
    published = mask_of(full.shape, renamed)
    margins = Margins(
        shape=full.shape, values=full.reshape(-1), published=published.reshape(-1), k=_checked_k(k)
    )
    hidden, found = plan(margins, renamed, method)
    primary = margins.small & margins.published
    return Suppression(
        k=k,
        primary=primary.reshape(full.shape),
        complementary=(hidden & margins.published & ~primary).reshape(full.shape),
        published=published,
        columns=columns,
        given=given,
        method=found,
    )


def _checked_counts(counts: ArrayLike) -> Counts:
    table = np.asarray(counts)
    if table.ndim == 0 or table.size == 0 or table.dtype.kind not in "iuf":
        msg = f"'counts' must be a table of whole numbers; got {table.dtype} of {table.shape}"
        raise DataError(msg)
    wrong = int((~(np.isfinite(table) & (table >= 0) & (table == np.rint(table)))).sum())
    if wrong:
        msg = (
            f"'counts' must hold non-negative whole numbers; {wrong} of {table.size} are not. "
            "Weighted counts cannot be protected: count people"
        )
        raise DataError(msg)
    return table.astype(np.int64)


def _checked_k(k: int) -> int:
    if k < 2:
        msg = f"'k' must be 2 or more, such as 5; got {k}"
        raise DataError(msg)
    return int(k)


def _checked_subsets(subsets: Collection[Subset] | None, columns: int) -> list[Subset]:
    if subsets is None:
        sizes = range(columns + 1)
        return [subset for size in sizes for subset in combinations(range(columns), size)]
    return sorted({_checked_subset(subset, columns) for subset in subsets})


def _checked_subset(subset: Subset, columns: int) -> Subset:
    wanted = tuple(subset)
    if wanted != tuple(sorted({i for i in wanted if 0 <= i < columns})):
        msg = f"a subset must name columns 0 to {columns - 1}, ascending; got {wanted}"
        raise DataError(msg)
    return wanted


def _checked_place(shape: tuple[int, ...], group: tuple[int, ...], cells: list[int]) -> None:
    levels = shape[:-1]
    inside = len(group) == len(levels) and all(
        0 <= g < n for g, n in zip(group, levels, strict=False)
    )
    if not inside or not all(0 <= cell < shape[-1] for cell in cells):
        msg = (
            f"a group within levels {levels} and cells below {shape[-1]} were expected; "
            f"got group {group} and cells {cells}"
        )
        raise DataError(msg)
