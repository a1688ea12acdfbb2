"""What a list by urgency is worth when only its first places are read.

A unit reads so many cases of each list. The cut-off is no property of the model: it moves with
the capacity, and so does all that is told here. The threshold is taken as given, as it is for
the lists of later days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Labels, checked_level, numbers, same_length
from iagkit.measures.rates import share

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Cases with their scores, and how long the lists are in which such cases come.

    Parameters
    ----------
    score : ndarray of float, shape (n,)
        The higher, the further up.
    urgent : ndarray of bool, shape (n,)
        Whether a case was urgent, as people said.
    length : float, cases
        Length of a list; the cases stand for all that come onto lists.
    clusters : ndarray, shape (n,), optional
        Cases that repeat one another.
    level : float
    """

    score: Floats
    urgent: Mask
    length: float
    clusters: Labels | None = None
    level: float = 0.95

    def where(self, kept: Mask) -> Listed:
        """Only these cases, of lists of the same length."""
        clusters = None if self.clusters is None else self.clusters[kept]
        return replace(self, score=self.score[kept], urgent=self.urgent[kept], clusters=clusters)


def listed(
    score: ArrayLike,
    urgent: ArrayLike,
    *,
    length: float | None = None,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Listed:
    """Put scores and truth together.

    Parameters
    ----------
    score : array-like of float, shape (n,)
    urgent : array-like of bool, shape (n,)
    length : float, optional
        Cases on a list; by default these cases are one list.
    clusters : array-like, shape (n,), optional
    level : float
        Of the intervals.

    Returns
    -------
    Listed

    Raises
    ------
    DataError
        If lengths differ, a score is not finite, ``urgent`` is not yes or no, or a list is empty.
    """
    scores, yes = numbers("score", score), numbers("urgent", urgent, low=0, high=1)
    groups = None if clusters is None else np.asarray(clusters)
    n = same_length(score=scores, urgent=yes, clusters=groups)
    long = float(n if length is None else length)
    if not 0 < long < np.inf or not np.isin(yes, (0, 1)).all():
        msg = (
            "expected yes or no in 'urgent' and at least one case on a list; got a list of "
            f"{long:g}. Count the cases that come onto one list, or leave 'length' out"
        )
        raise DataError(msg)
    return Listed(
        score=scores, urgent=yes > 0, length=long, clusters=groups, level=checked_level(level)
    )


def chances(score: ArrayLike, depth: float) -> Floats:
    """Chance of each case to stand in the part of the list that is read.

    Parameters
    ----------
    score : array-like of float, shape (n,)
    depth : float
        Share of the list that is read, 0 to 1.

    Returns
    -------
    ndarray of float, shape (n,)
        1 above the cut-off, 0 below; cases with its very score are drawn by lot.

    Examples
    --------
    >>> chances([0.9, 0.5, 0.5, 0.1], 0.5).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    scores = numbers("score", score)
    places = min(max(depth, 0.0), 1.0) * scores.size
    _, place, many = np.unique(-scores, return_inverse=True, return_counts=True)
    before = np.cumsum(many) - many
    drawn = np.clip((places - before) / many, 0.0, 1.0)
    return np.asarray(drawn[place.reshape(-1)], dtype=float)


def depth_of(cases: Listed, capacity: float) -> float:
    """Share of each list that is read.

    Raises
    ------
    DataError
        If the capacity is not above 0.
    """
    if not 0 < capacity < np.inf:
        msg = f"expected a capacity above 0 cases; got {capacity:g}. Say how many people can read"
        raise DataError(msg)
    return min(1.0, capacity / cases.length)


def recall_at(cases: Listed, capacity: float, *, among: Mask | None = None) -> Estimate | Message:
    """Share of the urgent cases that stand among those that are read.

    Parameters
    ----------
    cases : Listed
    capacity : float, cases of each list
    among : ndarray of bool, shape (n,), optional
        Tell it of these cases only; they stand in the same lists as the others.

    Returns
    -------
    Estimate or Message
        Why there is none, if no case is urgent.

    Examples
    --------
    >>> recall_at(listed([4, 3, 2, 1], [1, 0, 1, 0]), 2).value
    0.5
    """
    read = chances(cases.score, depth_of(cases, capacity))
    asked = cases.urgent if among is None else cases.urgent & among
    if not asked.any():
        return say("no case was urgent, so nobody can tell how many are found")
    own = None if cases.clusters is None else cases.clusters[asked]
    return share(read[asked], clusters=own, level=cases.level)


def missed_at(cases: Listed, capacity: float) -> Estimate:
    """Urgent cases to expect among those of a list that are not read.

    Parameters
    ----------
    cases : Listed
    capacity : float, cases of each list

    Returns
    -------
    Estimate
        In cases a list, over all cases.

    Examples
    --------
    >>> missed_at(listed([4, 3, 2, 1], [1, 0, 1, 0], length=40), 20).value
    10.0
    """
    left = (1 - chances(cases.score, depth_of(cases, capacity))) * cases.urgent
    found = share(left, clusters=cases.clusters, level=cases.level)
    assert found.low is not None
    assert found.high is not None
    return replace(
        found,
        value=found.value * cases.length,
        low=found.low * cases.length,
        high=found.high * cases.length,
        unit="cases",
    )


def capacity_for(cases: Listed, recall: float) -> Estimate | Message:
    """How many cases of each list must be read to find this share of the urgent ones.

    Parameters
    ----------
    cases : Listed
    recall : float, above 0, up to 1

    Returns
    -------
    Estimate or Message
        In cases a list. The interval holds every capacity at which the interval of the recall
        holds ``recall``; its end is the whole list where fewer would not be known to do.

    Examples
    --------
    >>> capacity_for(listed([4, 3, 2, 1], [1, 0, 1, 0]), 0.9).value
    3.0
    """
    if not 0 < recall <= 1:
        msg = f"expected a share of the urgent cases above 0 and up to 1; got {recall:g}"
        raise DataError(msg)
    if not cases.urgent.any():
        return say("no case was urgent, so nobody can tell how many are found")
    order = np.argsort(-cases.score[cases.urgent], kind="stable")
    worst = np.sort(cases.score)
    own = cases.score[cases.urgent][order]
    places = cases.score.size - np.searchsorted(worst, own, side="left")
    reach = _Reach(cases=cases, order=order, places=places, recall=recall)
    scale = cases.length / cases.score.size
    low, value, high = (scale * reach.first(side) for side in ("high", "value", "low"))
    return Estimate(
        value=value,
        n=cases.score.size,
        low=min(low, value),
        high=max(high, value),
        level=cases.level,
        unit="cases",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """Recall after each urgent case, the highest score first."""

    cases: Listed
    order: NDArray[np.intp]
    places: NDArray[np.intp]
    recall: float

    def first(self, side: str) -> float:
        """Fewest places at which this side of the interval reaches the recall."""
        many = len(self.places)
        low, high = 1, many + 1
        while low < high:
            middle = (low + high) // 2
            if getattr(self._found(middle), side) >= self.recall:
                high = middle
            else:
                low = middle + 1
        return float(self.places[low - 1]) if low <= many else float(self.cases.score.size)

    def _found(self, many: int) -> Estimate:
        """Recall when the places down to the score of the so-manieth urgent case are read."""
        hits = np.zeros(len(self.places))
        hits[self.order] = self.places <= self.places[many - 1]
        clusters = self.cases.clusters
        own = None if clusters is None else clusters[self.cases.urgent]
        return share(hits, clusters=own, level=self.cases.level)
