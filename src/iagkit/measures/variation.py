"""How far a number of each group varies by chance, from what each cell moves it.

Rows, weights and clusters are treated in one way for every measure: it tells how much the rows of
each cell move its number, and the variance, its degrees of freedom and what groups share follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.cells import Cells, Groups

Mask = NDArray[np.bool_]
DOUBT = 5.0
"""As much as five independent cases, an effect of clusters is thought to be the worst one."""
MOST_RELATED = 2000
"""With more groups than these, a table of all their correlations would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far the numbers of all groups vary by chance.

    Parameters
    ----------
    variance : ndarray of float, shape (n_groups,)
        As rows, weights and clusters show it; at least that of independent rows.
    effect : ndarray of float, shape (n_groups,)
        How many times more the number varies than with independent rows.
    alike : ndarray of float, shape (n_groups,)
        The same if all rows of a cluster were alike.
    pieces : ndarray of float, shape (n_groups,)
        Independent rows that would say as much, if clusters did not matter (Kish).
    df : ndarray of float, shape (n_groups,)
    clusters : ndarray of int, shape (n_groups,), optional
    related : ndarray of float, shape (n_groups, n_groups), optional
    """

    variance: Floats
    effect: Floats
    alike: Floats
    pieces: Floats
    df: Floats
    clusters: Ints | None = None
    related: Floats | None = None

    @property
    def likely(self) -> Floats:
        """Effect of clusters, drawn towards the worst as far as few cases leave it open."""
        cases = self.pieces / self.alike
        return np.asarray((self.effect * cases + DOUBT * self.alike) / (cases + DOUBT))


def added(at: Ints, amounts: Floats, many: int) -> Floats:
    """Sum of the amounts at each of so many places."""
    return np.asarray(np.bincount(at, weights=amounts, minlength=many), dtype=float)


def squares(cells: Cells) -> Floats:
    """Sum of the squared weights of each cell's rows."""
    if cells.weight is None:
        return cells.n
    if cells.weight_squared is None:  # one row a cell is then the best that can be said
        return np.asarray(cells.weight**2 / np.maximum(cells.n, 1))
    return cells.weight_squared


def spread(
    cells: Cells, groups: Groups, moved: Floats, squared: Floats, among: Mask | None = None
) -> Spread:
    """Variance of one number a group from what the rows of each cell move it.

    Parameters
    ----------
    cells : Cells
    groups : Groups
    moved : ndarray of float, shape (n_cells,)
        How much the rows of each cell move the number of their group, together; the sum over
        a group is 0.
    squared : ndarray of float, shape (n_cells,)
        Sum over the rows of each cell of the square of what each one moves.
    among : ndarray of bool, shape (n_cells,), optional
        Cells that count for the number.

    Returns
    -------
    Spread

    Notes
    -----
    The infinitesimal jackknife [1]_; with clusters, of whole clusters. Degrees of freedom are
    Satterthwaite's for clusters of uneven size.

    References
    ----------
    .. [1] Efron, B. (1982). The Jackknife, the Bootstrap and Other Resampling Plans. SIAM.
    """
    kept = np.ones(len(cells), dtype=bool) if among is None else among
    mass = np.where(kept, cells.mass, 0.0)
    own = positive(groups.total(squares(cells), kept))
    pieces = groups.total(mass) ** 2 / own
    alone = groups.total(squared, kept)
    ones = np.ones(groups.of)
    if cells.cluster is None:
        return Spread(variance=alone, effect=ones, alike=ones, pieces=pieces, df=pieces - 1)
    return _clustered(cells, groups, np.where(kept, moved, 0.0), mass, alone, pieces, own)


def positive(amounts: Floats) -> Floats:
    """Amounts to divide by: infinite where there is nothing."""
    return np.where(amounts > 0, amounts, np.inf)


def _clustered(
    cells: Cells,
    groups: Groups,
    moved: Floats,
    mass: Floats,
    alone: Floats,
    pieces: Floats,
    own: Floats,
) -> Spread:
    assert cells.cluster is not None
    where, at = np.unique(groups.place * (int(cells.cluster.max(initial=0)) + 1) + cells.cluster,
                          return_inverse=True)  # fmt: skip
    at, size = at.reshape(-1), added(at.reshape(-1), mass, len(where))
    place = (where // (int(cells.cluster.max(initial=0)) + 1))[size > 0]
    sums = added(at, moved, len(where))[size > 0]
    rows = size[size > 0]

    def total(amount: Floats) -> Floats:
        return added(place, amount, groups.of)

    many = total(np.ones(len(place)))
    seen = total(sums**2) * many / np.maximum(many - 1, 1)
    effect = np.maximum(1.0, np.divide(seen, alone, out=np.ones_like(seen), where=alone > 0))
    alike = np.maximum(1.0, total(rows**2) / own)
    inner = np.clip((effect - 1) / positive(alike - 1), 0, 1)[place]
    parts = rows * (1 + np.maximum(rows * many[place] / total(rows)[place] - 1, 0) * inner)
    df = np.maximum(1.0, total(parts) ** 2 / positive(total(parts**2)) - 1)
    return Spread(
        variance=alone * effect,
        effect=effect,
        alike=alike,
        pieces=pieces,
        df=df,
        clusters=many.astype(np.intp),
        related=_related(cells.cluster, groups, moved),
    )


def _related(cluster: Ints, groups: Groups, moved: Floats) -> Floats | None:
    """Correlation of the numbers of groups that share clusters; ``None`` if none do."""
    from scipy.sparse import csr_array

    if groups.of < 2 or groups.of > MOST_RELATED:
        return None
    shape = (int(cluster.max(initial=0)) + 1, groups.of)
    sums = csr_array((moved, (cluster, groups.place)), shape=shape)
    scatter = (sums.T @ sums).toarray()
    each = np.sqrt(positive(np.diag(scatter)))
    related = np.clip(scatter / np.outer(each, each), -0.95, 0.95)
    np.fill_diagonal(related, 1.0)
    return None if not (related - np.eye(groups.of)).any() else np.asarray(related)


def criticals(level: float, df: Floats) -> Floats:
    """Two-sided critical value for each group: Student's t, normal for infinite ``df``."""
    tail, finite = (1 + level) / 2, np.isfinite(df)
    student = stdtrit(np.where(finite, np.maximum(df, 1.0), 1.0), tail)
    return np.asarray(np.where(finite, student, ndtri(tail)))
