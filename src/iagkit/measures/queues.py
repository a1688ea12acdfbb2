"""Who waits how long when a unit reads so many cases a day, by arrival or by urgency.

By urgency alone, a case that never looks urgent can wait for ever. So every day of waiting adds
to the urgency: the case with the highest ``score + days waited / patience`` is read first. A
later case can overtake an earlier one only if it comes less than ``patience`` days after it,
and from this follows how long anything can wait, as long as no more comes than can be read
[1]_. Where more comes, every order makes somebody wait ever longer; that is said, not hidden.

References
----------
.. [1] Cruz, R. L. (1991). A calculus for network delay, part I. IEEE Transactions on
   Information Theory 37(1), 114-131.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import ceil, floor, inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats, Ints, numbers, same_length

EXACT = 9
"""Decimal places of the order: what floating point adds beyond must not decide who is first."""
ALMOST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """No stretch of ``days`` days brings more than ``burst + rate * days`` cases.

    Parameters
    ----------
    rate : float, cases a day
    burst : float, cases
    """

    rate: float
    burst: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """When each case was read.

    Parameters
    ----------
    wait : ndarray of int, shape (n,), days
        From arrival to reading; 0 is the same day.
    period : ndarray of int, shape (n,)
        Cases of one number came while the queue was never empty: what they waited hangs
        together, and the numbers are independent of one another.
    days : int
        Days from the first arrival until nothing was left.
    """

    wait: Ints
    period: Ints
    days: int


def load_of(arrived: ArrayLike, *, rate: float | None = None) -> Load:
    """What the arrivals of a time were at most.

    Parameters
    ----------
    arrived : array-like of int, shape (n,)
        Day of each arrival.
    rate : float, optional
        Cases a day; by default those that came, on average from the first day to the last.

    Returns
    -------
    Load
        The smallest burst that holds for every stretch of days.

    Examples
    --------
    >>> load_of([0, 0, 0, 2], rate=1.0)
    Load(rate=1.0, burst=2.0)
    """
    days = _days(arrived)
    counts = np.bincount(days - days.min())
    mean = len(days) / len(counts) if rate is None else rate
    above = np.concatenate([[0.0], np.cumsum(counts - mean)])
    return Load(rate=mean, burst=float((above - np.minimum.accumulate(above)).max()))


def longest_wait(
    load: Load, *, capacity: float, patience: float, score: float = 0.0
) -> int | Message:
    """Days after which everything has been read, whatever comes within the load.

    Parameters
    ----------
    load : Load
    capacity : float, cases a day
        With a fraction, some days one more is read.
    patience : float, days
        0 is the order of arrival; infinite the order of urgency alone.
    score : float, 0 to 1
        Of the case that waits: the more urgent, the fewer can overtake it.

    Returns
    -------
    int or Message
        Why there is none, if more comes than can be read.

    Notes
    -----
    Let a case still wait ``w`` days after it came. Since the last evening before on which
    nothing ahead of it was left, only cases ahead of it were read, with the whole capacity
    ``k``. They came since then, and at most ``a`` days later than it, as later ones overtake
    nobody. So ``k (w + u) <= burst - 1 + rate (min(w, a) + u)`` with ``u >= 1`` days before.

    Examples
    --------
    >>> longest_wait(Load(rate=9.0, burst=20.0), capacity=10, patience=30)
    19
    """
    if load.rate > capacity * (1 + ALMOST):
        return say(
            "{rate} cases come a day and {capacity} can be read: in any order somebody waits ever "
            "longer; more must be read, or less must come",
            rate=round(load.rate, 2),
            capacity=round(capacity, 2),
        )
    spare = max(capacity - load.rate, 0.0)
    behind = load.burst - 1 + (0 if float(capacity).is_integer() else 1) - spare
    if behind < -ALMOST:
        return 0
    later = _later(patience * (1 - score))
    if capacity * later - load.rate * later > behind + ALMOST:
        return floor(behind / spare + ALMOST) + 1
    if later == inf:
        return say("without ageing, somebody may wait ever longer at this load")
    return max(int(later), floor((behind + load.rate * later) / capacity + ALMOST)) + 1


def _later(patience: float) -> float:
    """Days that a case may come later and still overtake."""
    return patience if patience == inf else max(ceil(patience - ALMOST) - 1, 0)


def patience_for(load: Load, *, capacity: float, longest: int) -> int | Message:
    """Days of patience with which nothing waits longer than promised.

    Parameters
    ----------
    load : Load
    capacity : float, cases a day
    longest : int, days

    Returns
    -------
    int or Message
        The most patience that keeps the promise, which lets urgent cases go ahead furthest.

    Examples
    --------
    >>> patience_for(Load(rate=9.0, burst=20.0), capacity=10, longest=15)
    15
    """
    found = longest_wait(load, capacity=capacity, patience=0)
    if isinstance(found, Message):
        return found
    if found > longest:
        return say(
            "even by order of arrival somebody may wait {found} days; {longest} cannot be promised",
            found=found,
            longest=longest,
        )
    low, high = 0, 2 * longest + 2
    while low < high:
        middle = (low + high + 1) // 2
        told = longest_wait(load, capacity=capacity, patience=middle)
        if isinstance(told, int) and told <= longest:
            low = middle
        else:
            high = middle - 1
    return low


def read_by(
    arrived: ArrayLike,
    score: ArrayLike,
    *,
    capacity: float,
    patience: float,
    seed: int = 0,
) -> Reading:
    """Read a queue day by day until nothing is left.

    Parameters
    ----------
    arrived : array-like of int, shape (n,)
        Day of each arrival; what comes on a day can be read that day.
    score : array-like of float, shape (n,), 0 to 1
    capacity : float, cases a day
        With a fraction, as many more as have added up to a whole case.
    patience : float, days
        As for :func:`longest_wait`; with 0, cases of one day are read in an order by lot, for
        nobody knows which of them came first.
    seed : int
        Decides between equals.

    Returns
    -------
    Reading

    Raises
    ------
    DataError
        If nothing can be read, lengths differ, a day is not whole or a score outside 0 to 1.

    Examples
    --------
    >>> read_by([0, 0, 0, 1], [0.1, 0.2, 0.9, 1.0], capacity=1, patience=3).wait.tolist()
    [3, 2, 0, 0]
    """
    scores, days = numbers("score", score, low=0, high=1), _days(arrived)
    same_length(score=scores, arrived=days)
    if not (0 < capacity < inf and patience >= 0):
        msg = (
            "expected a capacity above 0 cases a day and a patience of 0 days or more; got "
            f"{capacity:g} and {patience:g}"
        )
        raise DataError(msg)
    first = days - days.min()
    read = _read(first, _order(first, scores, patience, seed), capacity)
    return Reading(
        wait=(read - first).astype(np.intp), period=_periods(first, read), days=int(read.max()) + 1
    )


def _days(arrived: ArrayLike) -> NDArray[np.int64]:
    found = numbers("arrived", arrived)
    if (found != np.round(found)).any():
        msg = "'arrived' must hold whole days, as numbers; some are not. Drop the time of day"
        raise DataError(msg)
    return found.astype(np.int64)


def _order(first: NDArray[np.int64], scores: Floats, patience: float, seed: int) -> Ints:
    """Place of each case among all: ageing moves all alike, so that it never changes."""
    lot = np.random.default_rng(seed).random(len(first))
    if patience == 0:
        keys: tuple[NDArray[np.generic], ...] = (lot, first)
    elif patience == inf:
        keys = (lot, first, -scores)
    else:
        keys = (lot, first, -np.round(patience * scores - first, EXACT))
    place = np.empty(len(first), dtype=np.intp)
    place[np.lexsort(keys)] = np.arange(len(first))
    return place


def _read(first: NDArray[np.int64], place: Ints, capacity: float) -> NDArray[np.int64]:
    """Day on which each case is read."""
    coming = np.lexsort((place, first))
    by_place = np.argsort(place)
    read = np.empty(len(first), dtype=np.int64)
    waiting: list[int] = []
    day, at, n = 0, 0, len(first)
    while at < n or waiting:
        if not waiting:
            day = max(day, int(first[coming[at]]))
        while at < n and first[coming[at]] <= day:
            heapq.heappush(waiting, int(place[coming[at]]))
            at += 1
        for _ in range(min(_today(capacity, day), len(waiting))):
            read[by_place[heapq.heappop(waiting)]] = day
        day += 1
    return read


def _today(capacity: float, day: int) -> int:
    return floor(capacity * (day + 1) + ALMOST) - floor(capacity * day + ALMOST)


def _periods(first: NDArray[np.int64], read: NDArray[np.int64]) -> Ints:
    """Number of each case's stretch between two evenings on which nothing was left."""
    days = int(read.max()) + 1
    left = np.cumsum(np.bincount(first, minlength=days) - np.bincount(read, minlength=days))
    started = np.concatenate([[0], np.cumsum(left == 0)])
    return np.unique(started[first], return_inverse=True)[1].reshape(-1).astype(np.intp)
