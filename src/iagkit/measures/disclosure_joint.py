"""Which of any set of published counts to withhold together so that no small one is recovered.

Every count that an audit tells is a sum over the same innermost cells, whichever table it stands
in. So one other set of cells that agrees with everything told, and has ``k`` or more where the
truth has fewer, protects all tables at once [1]_ [2]_.

References
----------
.. [1] Kelly, J. P., Golden, B. L. & Assad, A. A. (1992). Networks 22(4), 397-417.
.. [2] Fischetti, M. & Salazar, J. J. (2001). Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.binary import Mask

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST: Final = 200_000
"""Entries of the sums up to which other cells are looked for: some ten seconds."""
ROUNDS: Final = 2
HALVINGS: Final = 5
"""The small sums are looked at in so many halves of halves, fewer if there is much to look at."""
NEAR: Final = 1e-6
WITHHELD: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Counts that are, or would be, told: sums over innermost cells.

    Parameters
    ----------
    rows : sparse array, shape (n_sums, n_cells)
        How often each cell counts in each sum.
    people : ndarray of float, shape (n_cells,)
        What the cells hold.
    goal : ndarray of float, shape (n_sums,)
        What a sum must be able to be, for a reader; 0 for one that is not small.
    told : ndarray of bool, shape (n_sums,)
        Sums that are told unless they are withheld here.
    fixed : ndarray of bool, shape (n_sums,)
        Sums that a reader knows in any case.
    price : ndarray of float, shape (n_sums,)
        What a reader loses with each.
    """

    rows: csr_array
    people: Floats
    goal: Floats
    told: Mask
    fixed: Mask
    price: Floats

    @property
    def values(self) -> Floats:
        """Each sum."""
        found: Floats = self.rows @ self.people
        return found


def withhold(sums: Sums) -> Mask | None:
    """Choose told sums to withhold so that each small one can be as large as its goal.

    Parameters
    ----------
    sums : Sums

    Returns
    -------
    ndarray of bool, shape (n_sums,), or None
        Sums to withhold; small ones are, in any case. ``None`` if there are too many to look.

    Notes
    -----
    A linear program finds the other cells that change least of what is told, weighted by price;
    what they change is withheld. Small sums need not reach their goals in the same other cells, so
    halves of them, and halves of these, are tried too. Weighing what changed little heavier, and
    again, makes the changes fewer [1]_. Cells are those that occur: who knows which do learns no
    more. The other cells may hold fractions of people.

    References
    ----------
    .. [1] Candès, E. J., Wakin, M. B. & Boyd, S. P. (2008). Enhancing sparsity by reweighted l1
       minimization. Journal of Fourier Analysis and Applications 14, 877-905.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> rows = csr_array(np.vstack([np.eye(3), np.ones((1, 3))]))
    >>> people, small = np.array([3.0, 40.0, 60.0]), np.array([True, False, False, False])
    >>> everyone = np.array([False, False, False, True])
    >>> found = withhold(Sums(rows=rows, people=people, goal=5.0 * small, told=~small,
    ...                       fixed=everyone, price=np.log1p(rows @ people)))
    >>> found.tolist()
    [True, True, False, False]
    """
    hidden = (sums.goal > 0) & ~sums.fixed
    targets = np.flatnonzero(sums.goal > 0)
    if not len(targets):
        return hidden
    if sums.rows.nnz > MOST:
        return None
    halvings = min(HALVINGS, int(np.log2(MOST / sums.rows.nnz)))
    return hidden | _touched(sums, targets, hidden, halvings)


def _touched(sums: Sums, targets: Ints, hidden: Mask, halvings: int) -> Mask:
    """Sums that other cells change, of which each target is safe in one.

    Cells in which all targets reach their goals at once may have to leave a margin that is told;
    those of one half of the targets, and of the other, need not. What costs less is taken.
    """
    targets = _unsafe(sums, targets, hidden)
    if not len(targets):
        return np.zeros_like(hidden)
    together = _cheapest(sums, targets, hidden)
    if len(targets) == 1:
        return ~sums.fixed if together is None else together
    if together is not None and halvings < 1:
        return together
    first, second = np.array_split(targets, 2)
    apart = _touched(sums, first, hidden, halvings - 1)
    apart |= _touched(sums, second, hidden | apart, halvings - 1)
    if together is None or sums.price @ apart < sums.price @ together:
        return apart
    return together


def _unsafe(sums: Sums, targets: Ints, hidden: Mask) -> Ints:
    """Targets not safe yet: tables that agree with what is told lift as many as they can."""
    from scipy.sparse import csr_array, diags_array, hstack

    kept = (sums.told & ~hidden) | sums.fixed
    known, width = _distinct(sums.rows[np.flatnonzero(kept)]), len(sums.people)
    while len(targets):
        aims = sums.goal[targets]
        many = len(targets)
        lifts = diags_array(aims, format="csr")
        found = _solved(
            np.concatenate([np.zeros(width), -np.ones(many)]),
            equal=(hstack([known, csr_array((known.shape[0], many))]), known @ sums.people),
            least=(hstack([sums.rows[targets], -lifts]), np.zeros(many)),
            top=np.concatenate([np.full(width, np.inf), np.ones(many)]),
        )
        assert found is not None, "the true table agrees with what is told"
        safe = sums.rows[targets] @ found[:width] >= aims - NEAR
        targets = targets[~safe]
        if not safe.any():
            break
    return targets


def _distinct(rows: csr_array) -> csr_array:
    return rows[_first_of_same(rows)[0]]


def _first_of_same(rows: csr_array) -> tuple[Ints, Ints]:
    """Sums of the same cells: the first of each, and which of the first each is."""
    ends = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
    cells = [(rows.indices[a:b].tobytes(), rows.data[a:b].tobytes()) for a, b in ends]
    first: dict[tuple[bytes, bytes], int] = {}
    for row, one in enumerate(cells):
        first.setdefault(one, row)
    number = {one: n for n, one in enumerate(first)}
    return np.array(list(first.values())), np.array([number[one] for one in cells])


def _cheapest(sums: Sums, targets: Ints, hidden: Mask) -> Mask | None:
    """Told sums changed by the cheapest cells in which all targets reach their goals."""
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    every = np.flatnonzero(sums.told & ~sums.fixed & ~hidden)
    first, same = _first_of_same(sums.rows[every])
    told, fixed = every[first], np.flatnonzero(sums.fixed)
    many, width = len(told), len(sums.people)
    one = eye_array(many, format="csr")
    rows, known = sums.rows[told], sums.rows[fixed]
    equal = vstack(
        [hstack([rows, -one, one]), hstack([known, csr_array((len(fixed), 2 * many))])],
        format="csr",
    )
    goals = hstack([sums.rows[targets], csr_array((len(targets), 2 * many))], format="csr")
    price = sums.price[told]
    best: tuple[float, Mask] | None = None
    for _ in range(ROUNDS):
        found = _solved(
            np.concatenate([np.zeros(width), price, price]),
            equal=(equal, np.concatenate([rows @ sums.people, known @ sums.people])),
            least=(goals, sums.goal[targets]),
            top=np.full(width + 2 * many, np.inf),
        )
        if found is None:
            break
        moved = np.abs(rows @ (found[:width] - sums.people))
        lost = float(sums.price[told][moved > NEAR].sum())
        if best is None or lost < best[0]:
            touched = np.zeros_like(hidden)
            touched[every] = (moved > NEAR)[same]
            best = lost, touched
        price = sums.price[told] / (moved + 0.1)
    return None if best is None else best[1]


def _solved(
    cost: Floats,
    *,
    equal: tuple[csr_array, Floats],
    least: tuple[csr_array, Floats],
    top: Floats,
) -> Floats | None:
    from scipy.optimize import linprog

    found = linprog(
        cost,
        A_eq=equal[0],
        b_eq=equal[1],
        A_ub=-least[0],
        b_ub=-least[1],
        bounds=np.column_stack([np.zeros(len(top)), top]),
        method="highs",
    )
    return found.x if found.status == 0 else None
