"""One number a group, with its error, so that it can be told and compared.

Whatever a measure is, it gives how much each cell moves it; how far the number varies by chance
then follows from rows, weights or clusters in the same way for every measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.shares import Shares, guarded_limits, shares
from iagkit.measures.variation import Mask, Spread, criticals, positive, spread, squares


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
    total = positive(groups.total(cells.mass, among))
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
    total = positive(groups.total(cells.mass, among))
    value = groups.total(cells.mass * each, among) / total
    away = (each - value[groups.place]) / total[groups.place]
    found = spread(cells, groups, cells.mass * away, squares(cells) * away**2, among)
    if chance is not None:
        least = groups.total(squares(cells) * chance, among) / total**2
        found = replace(found, variance=np.maximum(found.variance, least))
    n = groups.total(cells.n, among)
    return mean_each(groups, value, found, n, level=level, unit=unit)
