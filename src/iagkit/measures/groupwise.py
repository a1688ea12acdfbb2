"""One number a group, with its error, so that it can be told and compared.

Whatever a measure is, it gives how much each cell moves it; how far the number varies by chance
then follows from rows, weights or clusters in the same way for every measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.shares import Shares, guarded_limits, shares

Mask = NDArray[np.bool_]
DOUBT = 5.0
"""As much as five independent cases, an effect of clusters is thought to be the worst one."""
MOST_RELATED = 2000
"""With more groups than these, a table of all their correlations would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groupwise:
    """One number a group; all arrays have one length.

    Parameters
    ----------
    groups : Groups
    value : ndarray of float, shape (n_groups,)
        ``nan`` where undefined, which is not 0; ``because`` says why.
    error : ndarray of float, shape (n_groups,)
        Standard error; ``nan`` where nothing shows how the number varies.
    df : ndarray of float, shape (n_groups,)
        Degrees of freedom of the error.
    low, high : ndarray of float, shape (n_groups,)
        Interval at ``level``, ``bound`` included; ``nan`` without one.
    n : ndarray of int, shape (n_groups,)
        Rows behind each number.
    level : float
    unit : str
    because : tuple of Message or None, length n_groups
    clusters : ndarray of int, shape (n_groups,), optional
    related : ndarray of float, shape (n_groups, n_groups), optional
        Correlation of the numbers, where clusters reach over groups.
    bound : ndarray of float, shape (n_groups,), optional
        How far the number can lie from the one that rows would give, because scores were binned.
    """

    groups: Groups
    value: Floats
    error: Floats
    df: Floats
    low: Floats
    high: Floats
    n: Ints
    level: float
    unit: str
    because: tuple[Message | None, ...]
    clusters: Ints | None = None
    related: Floats | None = None
    bound: Floats | None = None

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.value)

    @property
    def known(self) -> Mask:
        """Groups whose number is defined."""
        return np.isfinite(self.value)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each group; those of several columns joined by a dot."""
        return tuple(" · ".join(name) for name in self.groups.names)

    def estimate(self, group: int = 0) -> Estimate | None:
        """Number of a group, or ``None``, for which ``because`` has the reason."""
        if not self.known[group]:
            return None
        told = Estimate(
            value=float(self.value[group]),
            n=int(self.n[group]),
            unit=self.unit,
            clusters=None if self.clusters is None else int(self.clusters[group]),
        )
        if not (np.isfinite(self.low[group]) and np.isfinite(self.high[group])):
            return told
        return Estimate(
            value=told.value,
            n=told.n,
            low=min(float(self.low[group]), told.value),
            high=max(float(self.high[group]), told.value),
            level=self.level,
            unit=self.unit,
            clusters=told.clusters,
        )


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
    own = _positive(groups.total(squares(cells), kept))
    pieces = groups.total(mass) ** 2 / own
    alone = groups.total(squared, kept)
    ones = np.ones(groups.of)
    if cells.cluster is None:
        return Spread(variance=alone, effect=ones, alike=ones, pieces=pieces, df=pieces - 1)
    return _clustered(cells, groups, np.where(kept, moved, 0.0), mass, alone, pieces, own)


def _positive(amounts: Floats) -> Floats:
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
    inner = np.clip((effect - 1) / _positive(alike - 1), 0, 1)[place]
    parts = rows * (1 + np.maximum(rows * many[place] / total(rows)[place] - 1, 0) * inner)
    df = np.maximum(1.0, total(parts) ** 2 / _positive(total(parts**2)) - 1)
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
    each = np.sqrt(_positive(np.diag(scatter)))
    related = np.clip(scatter / np.outer(each, each), -0.95, 0.95)
    np.fill_diagonal(related, 1.0)
    return None if not (related - np.eye(groups.of)).any() else np.asarray(related)


def criticals(level: float, df: Floats) -> Floats:
    """Two-sided critical value for each group: Student's t, normal for infinite ``df``."""
    tail, finite = (1 + level) / 2, np.isfinite(df)
    student = stdtrit(np.where(finite, np.maximum(df, 1.0), 1.0), tail)
    return np.asarray(np.where(finite, student, ndtri(tail)))


def share_each(
    cells: Cells,
    groups: Groups,
    part: Floats | Mask,
    among: Mask,
    *,
    level: float = 0.95,
    unit: str = "share",
) -> Groupwise:
    """Share of each group's rows that count, where a cell may count in part.

    Parameters
    ----------
    cells : Cells
    groups : Groups
    part : ndarray of float within 0 to 1, or bool, shape (n_cells,)
        How far each row of a cell counts.
    among : ndarray of bool, shape (n_cells,)
        Cells that could count.
    level : float
    unit : str

    Returns
    -------
    Groupwise
        With Wilson's interval, guarded, at as many cases as the rows are worth; see
        :func:`iagkit.measures.shares.shares`. Parts of a row count like chances of a
        whole one, a little conservatively.
    """
    among = among & (cells.mass > 0)
    if part.dtype == bool:
        return _whole(groups, shares(cells, groups, among & (part > 0), among), level, unit)
    total = _positive(groups.total(cells.mass, among))
    value = groups.total(cells.mass * part, among) / total
    away = (part - value[groups.place]) / total[groups.place]
    found = spread(cells, groups, cells.mass * away, squares(cells) * away**2, among)
    cases = found.pieces / found.likely
    return bounded(groups, value, cases, found, groups.total(cells.n, among), level, unit)


def _whole(groups: Groups, found: Shares, level: float, unit: str) -> Groupwise:
    """Shares of whole rows, as every other audit tells them."""
    low, high = found.intervals(checked_level(level))
    reasons = say("no row of this group can be counted")
    return Groupwise(
        groups=groups, value=np.where(found.known, found.value, np.nan), low=low, high=high,
        error=np.sqrt(found.safe_variance), df=found.df, n=found.n, level=level, unit=unit,
        because=tuple(None if k else reasons for k in found.known), clusters=found.clusters,
        related=found.related,
    )  # fmt: skip


def bounded(
    groups: Groups,
    value: Floats,
    cases: Floats,
    found: Spread,
    n: Floats,
    level: float,
    unit: str = "share",
    nobody: Sequence[Message] | None = None,
) -> Groupwise:
    """Put numbers within 0 to 1 together with Wilson's limits at so many cases."""
    df = np.full(groups.of, np.inf) if found.clusters is None else found.df
    z = criticals(checked_level(level), df)
    known = (n > 0) & np.isfinite(value)
    safe = np.where(known, value, 0.5)
    low, high = guarded_limits(safe, np.where(known, cases, 1.0), z)
    return complete(
        groups, value=np.where(known, value, np.nan), low=low, high=high,
        error=(high - low) / (2 * z), df=df, n=n, level=level, unit=unit, found=found,
        nobody=nobody,
    )  # fmt: skip


def complete(
    groups: Groups,
    *,
    value: Floats,
    low: Floats,
    high: Floats,
    error: Floats,
    df: Floats,
    n: Floats,
    level: float,
    unit: str,
    found: Spread | None = None,
    nobody: Sequence[Message] | None = None,
    bound: Floats | None = None,
) -> Groupwise:
    """Numbers of all groups; those without a value have no interval, but a reason."""
    known = np.isfinite(value)
    reasons = nobody or [say("no row of this group can be counted")] * groups.of
    blank = np.where(known, 0.0, np.nan)
    return Groupwise(
        groups=groups, value=value, low=low + blank, high=high + blank, error=error + blank,
        df=df, n=np.rint(n).astype(np.intp), level=level, unit=unit,
        because=tuple(None if k else r for k, r in zip(known, reasons, strict=True)),
        clusters=None if found is None else found.clusters,
        related=None if found is None else found.related,
        bound=bound,
    )  # fmt: skip


def mean_each(
    groups: Groups, value: Floats, found: Spread, n: Floats, *, level: float, unit: str
) -> Groupwise:
    """Put means of any numbers together with Student's limits.

    A group with a single row, or a single cluster, has no interval: nothing shows how it varies.
    """
    alone = (found.pieces if found.clusters is None else found.clusters) <= 1
    more = found.pieces / np.maximum(found.pieces - 1, 1e-9) if found.clusters is None else 1.0
    error = np.where(alone, np.nan, np.sqrt(found.variance * more))
    half = criticals(checked_level(level), np.maximum(found.df, 1.0)) * error
    return complete(
        groups, value=np.where(n > 0, value, np.nan), low=value - half, high=value + half,
        error=error, df=np.maximum(found.df, 1.0), n=n, level=level, unit=unit, found=found,
    )  # fmt: skip


def mean_of_cells(
    cells: Cells,
    groups: Groups,
    each: Floats,
    among: Mask,
    *,
    level: float = 0.95,
    unit: str = "share",
    chance: Floats | None = None,
) -> Groupwise:
    """Mean over each group's rows of a number that all rows of a cell have.

    Parameters
    ----------
    cells : Cells
    groups : Groups
    each : ndarray of float, shape (n_cells,)
        The number.
    among : ndarray of bool, shape (n_cells,)
        Cells that count.
    level : float
    unit : str
    chance : ndarray of float, shape (n_cells,), optional
        Variance that each row has at least, even if all those of a group happen to be alike.

    Returns
    -------
    Groupwise
        With Student's interval.
    """
    among = among & (cells.mass > 0)
    total = _positive(groups.total(cells.mass, among))
    value = groups.total(cells.mass * each, among) / total
    away = (each - value[groups.place]) / total[groups.place]
    found = spread(cells, groups, cells.mass * away, squares(cells) * away**2, among)
    if chance is not None:
        least = groups.total(squares(cells) * chance, among) / total**2
        found = replace(found, variance=np.maximum(found.variance, least))
    n = groups.total(cells.n, among)
    return mean_each(groups, value, found, n, level=level, unit=unit)
