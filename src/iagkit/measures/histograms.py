"""Area under the ROC curve of many groups at once, from scores counted in bins.

Rows in one bin count as tied, half won and half lost; so the area from the rows lies within half
of the share of tied pairs, a bound that is told with every area and included in its interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats, Ints, checked_level
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.count_asked import EACH
from iagkit.measures.groupwise import Groupwise, complete
from iagkit.measures.variation import DOUBT, Mask, added, criticals, spread, squares

ROOM = 2**23
"""Numbers that one histogram may hold; more groups are taken in turns."""
STEPS = 60
"""Halvings until the limit of an area is exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Areas under the ROC curves of many groups; arrays have shape (n_groups,).

    Parameters
    ----------
    value : ndarray of float
        Chance that a positive scores above a negative, ties half; ``nan`` without both.
    low, high, error, df : ndarray of float
        Interval, standard error and its degrees of freedom; ``bound`` is included in the interval.
    bound : ndarray of float
        How far the area can lie from that of the scores before they were binned.
    positives, negatives : ndarray of float
        Independent rows that would say as much.
    variance : ndarray of float
        DeLong's.
    """

    value: Floats
    low: Floats
    high: Floats
    error: Floats
    df: Floats
    bound: Floats
    positives: Floats
    negatives: Floats
    variance: Floats


def auc_by_group(
    counts: ArrayLike, squared: ArrayLike | None = None, *, level: float = 0.95
) -> Areas:
    """Areas under the ROC curves of many groups from their histograms.

    Parameters
    ----------
    counts : array-like of float, shape (n_groups, 2, n_bins)
        Rows, or their weights, of each group by truth (negative, positive) and score bin.
    squared : array-like of float, shape (n_groups, 2, n_bins), optional
        Sums of squared weights; ``counts`` themselves if rows have no weights.
    level : float

    Returns
    -------
    Areas

    Raises
    ------
    DataError
        If the table has another shape, or holds a negative count.

    Notes
    -----
    The variance is DeLong's [1]_, which is that of the placements: the share of negatives that
    each positive passes, and the reverse. With few positives it is itself uncertain and too small
    for areas near 1; so it is drawn towards that of Hanley and McNeil [2]_ with the weight of five
    cases of the rarer side. The interval holds every area from which the observed one is not
    further than Student's (Brunner and Munzel's degrees of freedom [3]_) times the error at that
    area; unlike one of the area plus and minus, it stays within 0 to 1 and has width at 1 [4]_.

    References
    ----------
    .. [1] DeLong, E. R., DeLong, D. M. & Clarke-Pearson, D. L. (1988). Biometrics 44, 837-845.
    .. [2] Hanley, J. A. & McNeil, B. J. (1982). Radiology 143(1), 29-36.
    .. [3] Brunner, E. & Munzel, U. (2000). Biometrical Journal 42(1), 17-25.
    .. [4] Newcombe, R. G. (2006). Statistics in Medicine 25(4), 559-573, method 5.

    Examples
    --------
    >>> found = auc_by_group([[[8, 2], [1, 9]]])
    >>> found.value.tolist(), found.bound.tolist()
    ([0.85], [0.13])
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 3 or table.shape[1] != 2 or (table < 0).any():
        msg = (
            "'counts' must have the shape (groups, 2, bins) and hold no negative count; got "
            f"{table.shape}. Put negatives before positives"
        )
        raise DataError(msg)
    own = table if squared is None else np.asarray(squared, dtype=float)
    raw = _raw(table, own, _passed(table))
    return _areas(raw, np.ones(len(table)), np.full(len(table), np.inf), level)


def roc_auc(cells: Cells, groups: Groups, *, positive: int, level: float = 0.95) -> Groupwise:
    """Area under the ROC curve of each group.

    Parameters
    ----------
    cells : Cells
        With truth and score bins.
    groups : Groups
        Of the same cells; ``cells.by(())`` for all rows together.
    positive : int
        Number of the label in ``cells.labels`` that a high score speaks for; all others are
        negative.
    level : float

    Returns
    -------
    Groupwise
        With ``bound``, which the interval includes, and which is 0 if every different score was
        counted for itself. Undefined for a group without positives or without negatives. Rows
        whose truth or score is missing are left out.

    Raises
    ------
    DataError
        If truth or scores were not counted.

    Notes
    -----
    See :func:`auc_by_group`; rows of one cluster are drawn together, and their effect on the
    variance is drawn towards that of clusters whose rows are all alike.
    """
    kept, side = scored(cells, positive, each=True)
    raw, moved, squared = _cells_raw(cells, groups, kept, side)
    clusters, effect, df = None, np.ones(groups.of), np.full(groups.of, np.inf)
    if cells.cluster is not None:
        clusters = spread(cells, groups, moved, squared, kept)
        effect, df = clusters.likely, clusters.df
    areas = _areas(raw, effect, df, level)
    return complete(
        groups, value=areas.value, low=areas.low, high=areas.high, error=areas.error, df=areas.df,
        bound=areas.bound, n=groups.total(cells.n, kept), level=level, unit="share",
        found=clusters, nobody=one_sided(groups, kept, side, cells.n),
    )  # fmt: skip


def scored(cells: Cells, positive: int, *, each: bool = False) -> tuple[Mask, Ints]:
    """Cells whose truth and score are known, and whether each one's truth is the positive label.

    Raises
    ------
    DataError
        If truth or scores were not counted, or not in bins and ``each`` score is not wanted.
    """
    if cells.truth is None or cells.bins is None:
        msg = (
            "expected truth and scores among what was counted; got cells without "
            f"{'truth' if cells.truth is None else 'scores'}. Name both columns when counting"
        )
        raise DataError(msg)
    if cells.score_bins == EACH and not each:
        msg = "expected scores in bins; each was counted for itself. Count with score_bins=4096"
        raise DataError(msg)
    kept = (cells.truth != UNKNOWN) & (cells.bins != UNKNOWN) & (cells.mass > 0)
    return kept, (cells.truth == positive).astype(np.intp)


def one_sided(groups: Groups, kept: Mask, side: Ints, n: Floats) -> list[Message]:
    """Why a group has no number that needs positives and negatives."""
    positives, negatives = groups.total(n, kept & (side == 1)), groups.total(n, kept & (side == 0))
    nobody = say("no row of this group has both a score and a truth")
    only = say("the truth of all rows of this group is the same; no pair can be compared")
    return [only if p + q > 0 else nobody for p, q in zip(positives, negatives, strict=True)]


def _passed(table: Floats) -> Floats:
    """Share of negatives behind each positive, and of positives ahead of each negative."""
    reached = np.cumsum(table, axis=2)
    reached -= table / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        reached /= table.sum(axis=2)[:, :, None]
    return np.stack([1 - reached[:, 1], reached[:, 0]], axis=1)


def _raw(table: Floats, own: Floats, passed: Floats) -> dict[str, Floats]:
    """Value, bound and DeLong's variance, before anything is said of intervals."""
    whole = table.sum(axis=2)
    both = (whole > 0).all(axis=1)
    whole = np.where(both[:, None], whole, np.nan)
    value = np.einsum("gb,gb->g", table[:, 1], np.nan_to_num(passed[:, 1])) / whole[:, 1]
    tied = np.einsum("gb,gb->g", table[:, 0], table[:, 1])
    away = np.nan_to_num(passed - value[:, None, None])
    summed = np.einsum("gsb,gsb,gsb->gs", own, away, away) / whole**2
    cases = whole**2 / own.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(cases > 1, summed * cases / (cases - 1), np.nan)
    return {
        "value": value, "bound": tied / (2 * whole.prod(axis=1)), "negatives": cases[:, 0],
        "positives": cases[:, 1], "of_negatives": parts[:, 0], "of_positives": parts[:, 1],
    }  # fmt: skip


def _cells_raw(
    cells: Cells, groups: Groups, kept: Mask, side: Ints
) -> tuple[dict[str, Floats], Floats, Floats]:
    """What :func:`_raw` says of all groups, and how the rows of each cell move their area."""
    moved, squared, found = np.zeros(len(cells)), np.zeros(len(cells)), []
    assert cells.bins is not None
    own, each = squares(cells), cells.score_bins == EACH
    bins = int(cells.bins.max(initial=0)) + 1 if each else cells.score_bins
    for start in range(0, max(1, groups.of), max(1, ROOM // bins)):
        many = min(max(1, ROOM // bins), groups.of - start)
        inside = np.flatnonzero(kept & (groups.place >= start) & (groups.place < start + many))
        place, used = cells.bins[inside], bins
        if each:  # most groups have few of all different scores
            steps, place = np.unique(place, return_inverse=True)
            place, used = place.reshape(-1), max(1, len(steps))
        at = ((groups.place[inside] - start) * 2 + side[inside]) * used + place
        table, of_squares = (
            added(at, w[inside], many * 2 * used).reshape(many, 2, used) for w in (cells.mass, own)
        )
        passed = _passed(table)
        found.append(_raw(table, of_squares, passed) | ({"bound": np.zeros(many)} if each else {}))
        if cells.cluster is not None:
            which = groups.place[inside] - start
            away = passed.reshape(-1)[at] - found[-1]["value"][which]
            away /= table.sum(axis=2)[which, side[inside]]
            moved[inside] = np.nan_to_num(cells.mass[inside] * away)
            squared[inside] = np.nan_to_num(own[inside] * away**2)
    return {k: np.concatenate([one[k] for one in found]) for k in found[0]}, moved, squared


def _areas(raw: dict[str, Floats], effect: Floats, df: Floats, level: float) -> Areas:
    """Intervals; ``effect`` is how many times more clusters vary, ``df`` what they leave."""
    value, p, q = raw["value"], raw["positives"], raw["negatives"]
    seen = raw["of_positives"] + raw["of_negatives"]
    with np.errstate(divide="ignore", invalid="ignore"):
        below = raw["of_positives"] ** 2 / (p - 1) + raw["of_negatives"] ** 2 / (q - 1)
        welch = np.where(below > 0, seen**2 / below, np.minimum(p, q) - 1)
        times = np.nan_to_num(seen / _hanley(value, p, q), nan=1.0, posinf=1.0)
    few = np.minimum(p, q)
    times = np.where(times > 0, (times * few + DOUBT) / (few + DOUBT), 1.0) * effect
    df = np.maximum(1.0, np.minimum(np.nan_to_num(welch, nan=1.0), df))
    t = criticals(checked_level(level), df)
    low, high = _limits(value, p, q, t * np.sqrt(times))
    return Areas(
        value=value, error=(high - low) / (2 * t), df=df, bound=raw["bound"],
        low=np.maximum(low - raw["bound"], 0.0), high=np.minimum(high + raw["bound"], 1.0),
        positives=p, negatives=q, variance=seen * effect,
    )  # fmt: skip


def _hanley(area: Floats, p: Floats, q: Floats) -> Floats:
    """Variance of an area by Hanley and McNeil, of exponential scores on the less lucky side.

    Which side is called positive makes no difference, so that neither does it to an interval.
    """
    first, second = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    one, other = (p - 1) * first + (q - 1) * second, (q - 1) * first + (p - 1) * second
    return np.asarray((area * (1 - area) + np.maximum(one, other)) / (p * q))


def _limits(value: Floats, p: Floats, q: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Areas that are ``z`` of their own errors away from the value, by halving."""

    def furthest(end: float) -> Floats:
        inner, outer = value, np.full_like(value, end)
        for _ in range(STEPS):
            middle = (inner + outer) / 2
            close = np.abs(value - middle) <= z * np.sqrt(np.maximum(_hanley(middle, p, q), 0))
            inner, outer = np.where(close, middle, inner), np.where(close, outer, middle)
        return outer

    return furthest(0.0), furthest(1.0)
