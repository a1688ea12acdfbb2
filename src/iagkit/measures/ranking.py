"""Who is served when not everybody can be: selection by score under a capacity, by group.

Cells know scores by bin. Rows of the bin in which the capacity ends have the same chance to be
among the selected, as if a lot decided; how much their true order could change is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expi

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.groupwise import Groupwise, mean_of_cells, share_each
from iagkit.measures.histograms import scored
from iagkit.measures.variation import Mask, added

COUNTED = 4096
"""So many places have their exposure added up one by one; later ones by their integral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Who is selected when the highest scores come first.

    Parameters
    ----------
    capacity : float
        Rows, or their weights, that are selected.
    chance : ndarray of float, shape (n_cells,)
        Chance of each row of a cell to be selected: 1, 0, or that of the lot in the last bin.
    edge : ndarray of bool, shape (n_cells,)
        Cells of the bin in which the capacity ends.
    scored : ndarray of bool, shape (n_cells,)
        Cells with a score; the others cannot be selected.
    threshold : float
        Lower end of that bin.
    """

    capacity: float
    chance: Floats
    edge: Mask
    scored: Mask
    threshold: float

    @property
    def drawn(self) -> float:
        """Chance of the rows of the last bin."""
        return float(self.chance[self.edge].max(initial=0.0))


def select(cells: Cells, *, share: float | None = None, capacity: float | None = None) -> Selection:
    """Select the highest scores until the capacity is used up.

    Parameters
    ----------
    cells : Cells
        With score bins.
    share : float, optional
        Share of the rows with a score that can be served, above 0, up to 1.
    capacity : float, optional
        Number of rows (or weight) that can be served; one of the two.

    Returns
    -------
    Selection

    Raises
    ------
    DataError
        If no scores were counted, or the capacity is not one, or more than all rows.
    """
    if cells.bins is None:
        msg = "expected scores among what was counted; got cells without. Name their column"
        raise DataError(msg)
    known = np.asarray((cells.bins != UNKNOWN) & (cells.mass > 0))
    mass = added(np.where(known, cells.bins, 0), cells.mass * known, cells.score_bins)
    limit = _limit(share, capacity, float(mass.sum()))
    from_top = np.cumsum(mass[::-1])[::-1]
    last = int(np.flatnonzero(from_top >= limit * (1 - 1e-12))[-1])
    above = from_top[last] - mass[last]
    lot = min(1.0, (limit - above) / mass[last])
    edge = known & (cells.bins == last)
    chance = np.where(edge, lot, np.where(known & (cells.bins > last), 1.0, 0.0))
    return Selection(
        capacity=limit, chance=chance, edge=edge, scored=known, threshold=last / cells.score_bins
    )


def _limit(share: float | None, capacity: float | None, whole: float) -> float:
    if (share is None) == (capacity is None):
        msg = "expected one of 'share' and 'capacity'; got both or neither"
        raise DataError(msg)
    limit = whole * share if share is not None else float(capacity or 0.0)
    if not 0 < limit <= whole * (1 + 1e-12):
        msg = (
            f"expected a capacity above 0 and up to all {whole:g} scored rows; got {limit:g}. "
            "Give a share from 0 to 1, or a number of rows"
        )
        raise DataError(msg)
    return limit


def selection_rate(
    cells: Cells, groups: Groups, selection: Selection, *, level: float = 0.95
) -> Groupwise:
    """Share of each group's scored rows that are selected.

    Parameters
    ----------
    cells : Cells
    groups : Groups
    selection : Selection
        Of the same cells.
    level : float

    Returns
    -------
    Groupwise
        With ``bound``: what the order within the last bin leaves open; the interval includes it.
        The threshold is taken as given, as it is for people who come later.
    """
    return _selected(cells, groups, selection, selection.scored, level)


def recall_at_capacity(
    cells: Cells, groups: Groups, selection: Selection, *, positive: int, level: float = 0.95
) -> Groupwise:
    """Share of each group's positive rows that are selected: of those in need, who is served.

    Parameters
    ----------
    cells, groups, selection, level
        As for :func:`selection_rate`.
    positive : int
        Number of the label in ``cells.labels`` that means need.

    Returns
    -------
    Groupwise

    Raises
    ------
    DataError
        If truth was not counted.
    """
    kept, side = scored(cells, positive)
    return _selected(cells, groups, selection, kept & (side == 1), level)


def precision_at_capacity(
    cells: Cells, groups: Groups, selection: Selection, *, positive: int, level: float = 0.95
) -> Groupwise:
    """Share of the selected rows of each group that are positive.

    Parameters
    ----------
    cells, groups, selection, positive, level
        As for :func:`recall_at_capacity`.

    Returns
    -------
    Groupwise
        Rows of the last bin count with their chance to be selected.

    Raises
    ------
    DataError
        If truth was not counted.
    """
    kept, side = scored(cells, positive)
    lighter = thinned(cells, selection)
    return share_each(lighter, groups, side.astype(float), kept & (lighter.n > 0), level=level)


def thinned(cells: Cells, selection: Selection) -> Cells:
    """Only what is selected: every cell with the share of its rows that the lot leaves."""
    chance = selection.chance
    return replace(
        cells,
        n=cells.n * chance,
        weight=None if cells.weight is None else cells.weight * chance,
        weight_squared=None if cells.weight_squared is None else cells.weight_squared * chance,
    )


def _selected(
    cells: Cells, groups: Groups, selection: Selection, among: Mask, level: float
) -> Groupwise:
    found = share_each(cells, groups, selection.chance, among, level=level)
    whole = np.where(found.known, groups.total(cells.mass, among), 1.0)
    edge = groups.total(cells.mass, among & selection.edge)
    every = max(float(cells.mass[selection.edge].sum()), 1e-300)
    left = every * selection.drawn
    most = np.minimum(edge, left)
    least = np.maximum(edge - (every - left), 0.0)
    open_ = np.maximum(most - edge * selection.drawn, edge * selection.drawn - least)
    bound = np.where(edge * (1 - selection.drawn) > 1e-9, open_ / whole, 0.0)
    low, high = np.maximum(found.low - bound, 0.0), np.minimum(found.high + bound, 1.0)
    return replace(found, bound=bound, low=low, high=high)


def exposure(
    cells: Cells, groups: Groups, *, places: float = np.inf, level: float = 0.95
) -> Groupwise:
    """Mean exposure of each group's rows when all are listed, the highest scores first.

    Parameters
    ----------
    cells : Cells
        With score bins.
    groups : Groups
    places : float
        So many places are shown; those behind have no exposure.
    level : float

    Returns
    -------
    Groupwise
        In shares of the exposure of the first place. With ``bound``: what the order within bins
        leaves open. Student's interval, of people drawn again to the same places.

    Raises
    ------
    DataError
        If no scores were counted, or no place is shown.

    Notes
    -----
    The place ``j`` has the exposure ``1 / log2(1 + j)`` [1]_; rows of one bin share that of their
    places, as in a list whose ties a lot decides.

    References
    ----------
    .. [1] Singh, A. & Joachims, T. (2018). Fairness of exposure in rankings. KDD, 2219-2228.
    """
    if cells.bins is None:
        msg = "expected scores among what was counted; got cells without. Name their column"
        raise DataError(msg)
    if places < 1:
        msg = f"'places' must be at least 1; got {places}"
        raise DataError(msg)
    known = np.asarray((cells.bins != UNKNOWN) & (cells.n > 0))
    bins = np.where(known, cells.bins, 0)
    rows = added(bins, cells.n * known, cells.score_bins)
    ahead = np.cumsum(rows[::-1])[::-1] - rows
    shown = _exposures(np.minimum(ahead + rows, places)) - _exposures(np.minimum(ahead, places))
    mean = np.divide(shown, rows, out=np.zeros_like(shown), where=rows > 0)
    found = mean_of_cells(cells, groups, mean[bins], known, level=level)
    bound = _open(cells, groups, known, ahead, rows, places)
    low, high = np.maximum(found.low - bound, 0.0), np.minimum(found.high + bound, 1.0)
    return replace(found, bound=bound, low=low, high=high)


def _open(
    cells: Cells, groups: Groups, known: Mask, ahead: Floats, rows: Floats, places: float
) -> Floats:
    """How far the mean exposure of a group could move if it came first, or last, in every bin."""
    keys = groups.place[known] * cells.score_bins + np.asarray(cells.bins)[known]
    found, at = np.unique(keys, return_inverse=True)
    own, b = added(at.reshape(-1), cells.n[known], len(found)), found % cells.score_bins

    def between(start: Floats, stop: Floats) -> Floats:
        return _exposures(np.minimum(stop, places)) - _exposures(np.minimum(start, places))

    end = ahead[b] + rows[b]
    middle = between(ahead[b], end) * own / rows[b]
    most = between(ahead[b], ahead[b] + own) - middle
    least = middle - between(end - own, end)
    place, n = found // cells.score_bins, groups.total(cells.n, known)
    sums = np.maximum(added(place, most, groups.of), added(place, least, groups.of))
    return np.asarray(np.divide(sums, n, out=np.zeros(groups.of), where=n > 0))


def _exposures(upto: Floats) -> Floats:
    """Sum of the exposure of the places 1 to so many."""
    first = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(1, COUNTED + 1) + 1.0))])
    near = np.minimum(upto, COUNTED)
    low = np.floor(near).astype(np.intp)
    part = near - low
    summed = first[low] + part * (first[np.minimum(low + 1, COUNTED)] - first[low])
    start, stop = np.log(COUNTED + 1.5), np.log(np.maximum(upto, COUNTED) + 1.5)
    return np.asarray(summed + np.log(2) * (expi(stop) - expi(start)))
