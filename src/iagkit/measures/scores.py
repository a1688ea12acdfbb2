"""Whether scores mean what they say, group by group, from counts in bins.

Cells keep the sum of the scores beside the counts, so means are exact; squares are known up to
the width of a bin, which is told where it matters.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.calibration import MIN_IN_BIN, Bin, draws, error_over_bins
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.groupwise import Groupwise, mean_of_cells, share_each
from iagkit.measures.histograms import scored
from iagkit.measures.intervals import freedom, summed
from iagkit.measures.variation import Mask, added, criticals, squares


def mean_score(cells: Cells, groups: Groups, *, level: float = 0.95) -> Groupwise:
    """Mean score of each group, with Student's interval; rows without a score are left out.

    Raises
    ------
    DataError
        If no scores were counted.
    """
    score = typical(cells)
    known = np.asarray(cells.bins != UNKNOWN)
    return mean_of_cells(cells, groups, score, known, level=level)


def typical(cells: Cells) -> Floats:
    """Mean score of the rows of each cell; 0 where it is missing.

    Raises
    ------
    DataError
        If no scores were counted.
    """
    if cells.bins is None or cells.score is None:
        msg = "expected scores among what was counted; got cells without. Name their column"
        raise DataError(msg)
    known = (cells.mass > 0) & (cells.bins != UNKNOWN)
    return np.divide(cells.score, cells.mass, out=np.zeros(len(cells)), where=known)


def calibration_in_the_large(
    cells: Cells, groups: Groups, *, positive: int, level: float = 0.95
) -> Groupwise:
    """Mean score less the share of positives: above 0, more is expected of a group than happens.

    Parameters
    ----------
    cells : Cells
        With truth and score bins.
    groups : Groups
    positive : int
        Number of the label in ``cells.labels`` that a high score speaks for.
    level : float

    Returns
    -------
    Groupwise
        Exact, -1 to 1 [1]_, with Student's interval; its variance is never less than that of
        scores that are right.

    Raises
    ------
    DataError
        If truth or scores were not counted.

    References
    ----------
    .. [1] Van Calster, B. et al. (2019). Calibration: the Achilles heel of predictive analytics.
       BMC Medicine 17, 230.
    """
    kept, side = scored(cells, positive)
    score = typical(cells)
    chance = score * (1 - score)
    return mean_of_cells(cells, groups, score - side, kept, level=level, chance=chance)


def brier_score(cells: Cells, groups: Groups, *, positive: int, level: float = 0.95) -> Groupwise:
    """Mean squared distance of the score from the truth, 0 to 1, as ``brier_score_loss`` has it.

    Parameters
    ----------
    cells, groups, positive, level
        As for :func:`calibration_in_the_large`.

    Returns
    -------
    Groupwise
        With ``bound``: what is open of the squares of scores within one bin, at most an eighth of
        the squared width of a bin. The interval includes it.

    Raises
    ------
    DataError
        If truth or scores were not counted.
    """
    kept, side = scored(cells, positive)
    score, width = typical(cells), 1 / cells.score_bins
    assert cells.bins is not None
    above = np.clip(score - cells.bins * width, 0.0, width)
    middle = above * (width - above) / 2  # half of the most that scores of a bin can vary
    found = mean_of_cells(cells, groups, (score - side) ** 2 + middle, kept, level=level)
    whole = np.where(found.known, groups.total(cells.mass, kept), 1.0)
    bound = groups.total(cells.mass * middle, kept) / whole
    low, high = np.maximum(found.low - bound, 0.0), np.minimum(found.high + bound, 1.0)
    return replace(found, bound=bound, low=low, high=high)


def reliability(
    cells: Cells, groups: Groups, *, positive: int, bins: int = 10, level: float = 0.95
) -> tuple[tuple[Bin, ...], ...]:
    """How often cases of each group are positive that have a certain score.

    Parameters
    ----------
    cells, groups, positive, level
        As for :func:`calibration_in_the_large`.
    bins : int
        Equal ranges of the score; those without any case are left out.

    Returns
    -------
    tuple of tuple of Bin
        The bins of each group; ``accuracy`` is the share of positives, ``confidence`` the mean
        score. Where the number of score bins is no multiple of ``bins``, edges are the nearest.

    Raises
    ------
    DataError
        If truth or scores were not counted, or ``bins`` is below 1.
    """
    if bins < 1:
        msg = f"'bins' must be at least 1; got {bins}"
        raise DataError(msg)
    kept, side = scored(cells, positive)
    assert cells.bins is not None
    edges = np.rint(np.arange(bins + 1) * cells.score_bins / bins)
    place = np.where(kept, np.searchsorted(edges, cells.bins, side="right") - 1, UNKNOWN)
    told: list[list[Bin]] = [[] for _ in range(groups.of)]
    for b in np.unique(place[kept]).tolist():
        among = place == b
        found = share_each(cells, groups, side.astype(float), among, level=level)
        mass = groups.total(cells.mass, among)
        sums = groups.total(typical(cells) * cells.mass, among)
        for g in np.flatnonzero(found.known).tolist():
            one = found.estimate(g)
            assert one is not None
            confidence = float(sums[g] / mass[g])
            told[g].append(
                Bin(low=b / bins, high=(b + 1) / bins, confidence=confidence, accuracy=one)
            )
    return tuple(tuple(one) for one in told)


def ece(
    cells: Cells, groups: Groups, *, positive: int, bins: int = 15, level: float = 0.95
) -> Groupwise:
    """Expected calibration error of each group, less what chance alone gives.

    Parameters
    ----------
    cells, groups, positive, level
        As for :func:`calibration_in_the_large`.
    bins : int
        At most so many bins with equally many cases, and at least 20 cases in each.

    Returns
    -------
    Groupwise
        As :func:`iagkit.measures.calibration.ece` gives it from rows.

    Raises
    ------
    DataError
        If truth or scores were not counted, or ``bins`` is below 1.
    """
    if bins < 1:
        msg = f"'bins' must be at least 1; got {bins}"
        raise DataError(msg)
    checked_level(level)
    kept, side = scored(cells, positive)
    own, score = squares(cells), typical(cells)
    order = np.flatnonzero(kept)[np.argsort(groups.place[kept], kind="stable")]
    parts = np.split(order, np.searchsorted(groups.place[order], np.arange(1, groups.of)))
    found = [
        _error_of(cells, at, side[at] - score[at], score[at], own[at], bins, level) for at in parts
    ]
    return _told(cells, groups, kept, np.array(found), level)


def _error_of(
    cells: Cells, at: Ints, away: Floats, score: Floats, own: Floats, bins: int, level: float
) -> tuple[float, float, float, float]:
    """Value, limits and degrees of freedom of the cells of one group."""
    if not len(at):
        return np.nan, np.nan, np.nan, np.nan
    assert cells.bins is not None
    mass = cells.mass[at]
    place = _equal_mass(cells.bins[at], cells.n[at], bins)
    many = int(place.max()) + 1

    def total(amount: Floats) -> Floats:
        return added(place, amount, many)

    whole = total(mass)
    apart = total(mass * away) / whole
    moved = (away - apart[place]) / whole[place]
    covariance, df = _covariance(cells, at, place, moved, own)
    by_chance = total(own * score * (1 - score)) / whole**2
    short = np.maximum(by_chance - np.diag(covariance), 0)
    noise = draws(covariance + np.diag(short), df)
    value, low, high = error_over_bins(apart, noise, whole / whole.sum(), level=level)
    return value, low, high, df


def _covariance(
    cells: Cells, at: Ints, place: Ints, moved: Floats, own: Floats
) -> tuple[Floats, float]:
    """Covariance of the differences of bins, and its degrees of freedom."""
    mass = cells.mass[at]
    if cells.cluster is None:
        cases = mass.sum() ** 2 / own.sum()
        variance = added(place, own * moved**2, 0)
        return np.diag(variance * cases / max(cases - 1, 1)), max(1.0, float(cases) - 1)
    codes = np.unique(cells.cluster[at], return_inverse=True)[1].reshape(-1).astype(np.intp)
    sums = summed(np.eye(int(place.max()) + 1)[place] * (moved * mass)[:, None], codes)
    sizes = added(codes, mass, 0)
    seen = sums.T @ sums * len(sizes) / max(len(sizes) - 1, 1)
    return seen, freedom(sizes, float((sizes**2).sum() / sizes.sum()))


def _equal_mass(bins: Ints, n: Floats, most: int) -> Ints:
    """Part of each cell; parts hold equally many rows, and equal scores share one."""
    many = max(1, min(most, int(n.sum()) // MIN_IN_BIN))
    steps, at = np.unique(bins, return_inverse=True)
    rows = added(at.reshape(-1), n, len(steps))
    reached = (np.cumsum(rows) - rows / 2) / rows.sum()
    part = np.minimum((reached * many).astype(np.intp), many - 1)
    return np.unique(part[at.reshape(-1)], return_inverse=True)[1].reshape(-1).astype(np.intp)


def _told(cells: Cells, groups: Groups, kept: Mask, found: Floats, level: float) -> Groupwise:
    value, low, high, df = found.T
    clusters = None
    if cells.cluster is not None:
        pairs = np.unique(np.stack([groups.place[kept], cells.cluster[kept]]), axis=1)
        clusters = np.bincount(pairs[0], minlength=groups.of)
    known, nobody = np.isfinite(value), say("no row of this group has both a score and a truth")
    return Groupwise(
        groups=groups, value=value, low=low, high=high, df=df, level=level, unit="share",
        error=(high - low) / (2 * criticals(level, np.where(known, df, 1.0))),
        n=np.rint(groups.total(cells.n, kept)).astype(np.intp),
        because=tuple(None if k else nobody for k in known), clusters=clusters,
    )  # fmt: skip
