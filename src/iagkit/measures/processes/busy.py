"""How the time of a resource is divided, for millions of waits at once.

Whatever a resource has under way is cut into segments, each with the earliest enabling among what
is under way. How much of a wait falls into segments enabled early enough is then a sum over a
range of segments and a range of keys, which a wavelet matrix [1]_ gives for all waits together.

References
----------
.. [1] Claude, F. & Navarro, G. (2012). The wavelet matrix. SPIRE 2012, LNCS 7608, 167-179.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
HOUR: Final = 3_600_000_000
SLOTS: Final = 168
WEEK: Final = SLOTS * HOUR
SHIFT: Final = 72 * HOUR
"""From Monday, 29 December 1969, to the beginning of 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Disjoint intervals in which resources have work under way, by resource and begin."""

    who: Ints
    begin: Ints
    end: Ints
    key: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class OffDuty:
    """Weekly calendars, to be asked how long a resource is off duty between two moments."""

    on_duty: Flags

    def until(self, who: Ints, at: Ints) -> Ints:
        """Microseconds off duty from a Monday long ago to each moment."""
        off = (~self.on_duty).astype(np.int64)
        before = np.concatenate([np.zeros((len(off), 1), np.int64), np.cumsum(off, axis=1)], axis=1)
        week, into = np.divmod(at + SHIFT, WEEK)
        slot, rest = np.divmod(into, HOUR)
        past: Ints = (week * before[who, SLOTS] + before[who, slot]) * HOUR + rest * off[who, slot]
        return past

    def between(self, who: Ints, since: Ints, until: Ints) -> Ints:
        """Microseconds off duty from one moment to another."""
        return self.until(who, until) - self.until(who, since)


def segments(who: Ints, start: Ints, end: Ints, enabled: Ints) -> Segments:
    """Cut what resources have under way into segments; those of nobody (-1) are left out."""
    used = np.flatnonzero((who >= 0) & (end > start))
    order = used[np.lexsort((end[used], start[used], who[used]))]
    who, start, end, enabled = who[order], start[order], end[order], enabled[order]
    if not len(who):
        return Segments(who=who, begin=start, end=end, key=enabled)
    cluster = np.cumsum(_opens(who, start, end)) - 1
    size = np.bincount(cluster)
    alone = size[cluster] == 1
    parts = [(who[alone], start[alone], end[alone], enabled[alone])]
    shared = ~alone
    whose, begins, ends, keys = _swept(
        cluster[shared].tolist(), start[shared].tolist(), end[shared].tolist(),
        enabled[shared].tolist(),
    )  # fmt: skip
    of = who[np.flatnonzero(np.r_[True, cluster[1:] != cluster[:-1]])]
    parts.append((of[whose], begins, ends, keys))
    whose, begins, ends, keys = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((begins, whose))
    return Segments(who=whose[order], begin=begins[order], end=ends[order], key=keys[order])


def _opens(who: Ints, start: Ints, end: Ints) -> Flags:
    """Whether a piece begins when nothing else of its resource is under way."""
    ranks = np.unique(np.concatenate([start, end]), return_inverse=True)[1]
    wide = int(ranks.max()) + 1
    reach = np.maximum.accumulate(who * wide + ranks[len(start) :])
    opens = np.r_[True, who[1:] * wide + ranks[1 : len(start)] >= reach[:-1]]
    return np.asarray(opens, dtype=np.bool_)


def _swept(
    cluster: list[int], start: list[int], end: list[int], enabled: list[int]
) -> tuple[Ints, Ints, Ints, Ints]:
    """Segments of clusters of overlapping pieces: cluster, begin, end, earliest enabling."""
    found: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    first, n = 0, len(cluster)
    while first < n:
        last = first
        while last < n and cluster[last] == cluster[first]:
            last += 1
        moments = sorted({*start[first:last], *end[first:last]})
        under_way: list[tuple[int, int]] = []
        i = first
        for at, until in itertools.pairwise(moments):
            while i < last and start[i] <= at:
                heapq.heappush(under_way, (enabled[i], end[i]))
                i += 1
            while under_way[0][1] <= at:
                heapq.heappop(under_way)
            for column, value in zip(
                found, (cluster[first], at, until, under_way[0][0]), strict=True
            ):
                column.append(value)
        first = last
    whose, begins, ends, keys = (np.array(column, dtype=np.int64) for column in found)
    return whose, begins, ends, keys


def split(
    *, who: Ints, since: Ints, until: Ints, enabled: Ints, done: Segments, off: OffDuty
) -> dict[str, Ints]:
    """Divide waits among contention, prioritisation, unavailability and the rest.

    Parameters
    ----------
    who, since, until, enabled : ndarray of int, shape (n,), microseconds
        Whose work waits, from when to when, and since when it could have been done.
    done : Segments
    off : OffDuty

    Returns
    -------
    dict of str to ndarray of int, shape (n,), microseconds
        They add up to ``until - since``.
    """
    low, high = _range(who, since, until, done)
    before, after = _outside(since, until, low, high, done)
    length = done.end - done.begin
    working = _sum(length, low, high) - before - after
    keys, rank = np.unique(done.key, return_inverse=True)
    bound = np.searchsorted(keys, enabled, side="right")
    early = dominated(rank, length, low, high, bound)
    some = high > low
    if len(length):
        head, tail = np.where(some, low, 0), np.where(some, high - 1, 0)
        early -= np.where(some & (done.key[head] <= enabled), before, 0)
        early -= np.where(some & (done.key[tail] <= enabled), after, 0)
    absent = off.between(who, since, until) - _off_at_work(who, since, until, low, high, done, off)
    return {
        "contention": early, "prioritisation": working - early, "unavailability": absent,
        "extraneous": until - since - working - absent,
    }  # fmt: skip


def _range(who: Ints, since: Ints, until: Ints, done: Segments) -> tuple[Ints, Ints]:
    """Segments of the resource that end after the beginning and begin before the end."""
    times = np.unique(np.concatenate([done.begin, done.end, since, until]))
    wide = len(times)

    def keyed(whose: Ints, at: Ints) -> Ints:
        return whose * wide + np.searchsorted(times, at)

    low = np.searchsorted(keyed(done.who, done.end), keyed(who, since), side="right")
    high = np.searchsorted(keyed(done.who, done.begin), keyed(who, until), side="left")
    return low, np.maximum(high, low)


def _outside(since: Ints, until: Ints, low: Ints, high: Ints, done: Segments) -> tuple[Ints, Ints]:
    """What of the first and of the last segment lies outside the wait."""
    if not len(done.begin):
        return np.zeros_like(since), np.zeros_like(since)
    some = high > low
    head, tail = np.where(some, low, 0), np.where(some, high - 1, 0)
    before = np.where(some, np.maximum(since - done.begin[head], 0), 0)
    after = np.where(some, np.maximum(done.end[tail] - until, 0), 0)
    return before, after


def _off_at_work(
    who: Ints, since: Ints, until: Ints, low: Ints, high: Ints, done: Segments, off: OffDuty
) -> Ints:
    """Microseconds of a wait in which the resource is off duty and works all the same."""
    if not len(done.begin):
        return np.zeros_like(since)
    found = _sum(off.between(done.who, done.begin, done.end), low, high)
    some = high > low
    head, tail = np.where(some, low, 0), np.where(some, high - 1, 0)
    early = off.between(who, np.minimum(done.begin[head], since), since)
    late = off.between(who, until, np.maximum(done.end[tail], until))
    return found - np.where(some, early + late, 0)


def _sum(values: Ints, low: Ints, high: Ints) -> Ints:
    total = np.concatenate([[0], np.cumsum(values)])
    part: Ints = total[high] - total[low]
    return part


def dominated(rank: Ints, weight: Ints, low: Ints, high: Ints, bound: Ints) -> Ints:
    """Sum of ``weight[low:high]`` where ``rank`` is below a bound, for many ranges at once.

    Parameters
    ----------
    rank, weight : ndarray of int, shape (m,)
        Ranks from 0.
    low, high, bound : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of int, shape (n,)
    """
    found = np.zeros(len(low), dtype=np.int64)
    for bit in reversed(
        range(max(int(bound.max(initial=0)), int(rank.max(initial=0))).bit_length())
    ):
        ones = (rank >> bit) & 1
        zeros = np.concatenate([[0], np.cumsum(1 - ones)])
        order = np.argsort(ones, kind="stable")
        rank, weight = rank[order], weight[order]
        wants = (bound >> bit) & 1 == 1
        left, right = zeros[low], zeros[high]
        found += np.where(wants, _sum(weight, left, right), 0)
        low = np.where(wants, zeros[-1] + low - left, left)
        high = np.where(wants, zeros[-1] + high - right, right)
    return found
