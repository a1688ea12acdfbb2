"""How far waits could have been other than they were, had the same weeks come in another order.

Waits hang together: one crowded week lengthens the waits of many cases, and the longest stretches
are the rarest. An interval from the waits alone is therefore too narrow, and may reach below no
wait at all. What is drawn here are weeks of arrivals; the queue is then read anew, by the same
rule [1]_. How often the intervals hold what they should stands in ``docs/statistics.md``.

References
----------
.. [1] Cheng, R. C. H. & Holland, W. (1997). Sensitivity of computer simulation experiments to
   errors in input data. Journal of Statistical Computation and Simulation 57, 219-241.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level, numbers, same_length
from iagkit.measures.queues import read_by

MANY = 200
WEEK = 7
"""Days that are drawn together, so that a week has its week-end."""
FEWEST = 5
"""Stretches below which nothing shows how they vary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replays:
    """Waits in queues that could have come about.

    Parameters
    ----------
    waited : ndarray of float, shape (n_replays, n), days
        Days that a case waited in a replay, added up over its draws.
    drawn : ndarray of int, shape (n_replays, n)
        How often it was drawn.
    stretches : int
        Stretches of days to draw from.
    """

    waited: NDArray[np.float32]
    drawn: NDArray[np.int16]
    stretches: int

    def less(self, other: Replays) -> Replays:
        """Days by which these waits are longer than those of the same draws read otherwise."""
        return replace(self, waited=self.waited - other.waited)

    def means(self, among: NDArray[np.bool_]) -> Floats:
        """Mean wait of these cases in each replay that has any, in days."""
        waited, many = (m[:, among].sum(axis=1, dtype=float) for m in (self.waited, self.drawn))
        return np.asarray(waited[many > 0] / many[many > 0])


def replayed(
    arrived: ArrayLike,
    score: ArrayLike,
    *,
    capacity: float,
    patience: float,
    many: int = MANY,
    seed: int = 0,
) -> Replays:
    """Read queues made of weeks that are drawn from those that came.

    Parameters
    ----------
    arrived, score, capacity, patience
        As for :func:`iagkit.measures.queues.read_by`.
    many : int
        Replays.
    seed : int
        The same weeks are drawn with the same seed, whatever the rule.

    Returns
    -------
    Replays
        Without any replay if all came within fewer days than can be told apart.

    Raises
    ------
    DataError
        As :func:`iagkit.measures.queues.read_by`.
    """
    scores, days = numbers("score", score), numbers("arrived", arrived).astype(np.int64)
    n = same_length(score=scores, arrived=days)
    span = int(days.max() - days.min()) + 1
    length = max(1, min(WEEK, span // FEWEST))
    many = many if span >= FEWEST else 0
    waited, drawn = np.zeros((many, n), np.float32), np.zeros((many, n), np.int16)
    random, order = np.random.default_rng(seed), np.argsort(days, kind="stable")
    begins = np.searchsorted(days[order] - days.min(), np.arange(span + 1))
    for number in range(many):
        came, place = _other(begins, length, random)
        rows = order[place]
        if rows.size == 0:
            continue
        read = read_by(came, scores[rows], capacity=capacity, patience=patience, seed=number)
        waited[number] = np.bincount(rows, weights=read.wait, minlength=n)
        drawn[number] = np.bincount(rows, minlength=n)
    return Replays(waited=waited, drawn=drawn, stretches=span // length)


def _other(begins: Ints, length: int, random: np.random.Generator) -> tuple[Ints, Ints]:
    """Days of another history, and which case of the sorted ones comes on each."""
    span = begins.size - 1
    # whole weeks from one weekday on: two week-ends never meet
    offset = int(random.integers(0, length))
    start = offset + length * random.integers(0, (span - offset) // length, -(-span // length))
    day = (start[:, None] + np.arange(length)).ravel()[:span]
    many = begins[day + 1] - begins[day]
    shift = np.repeat(begins[day] - (np.cumsum(many) - many), many)
    return np.repeat(np.arange(span), many), shift + np.arange(many.sum())


def mean_wait(
    days: ArrayLike, among: NDArray[np.bool_], *, replays: Replays, level: float = 0.95
) -> Estimate:
    """Mean number of days that some cases waited, with an interval that knows no negative wait.

    Parameters
    ----------
    days : array-like of float, shape (n,), days
        Of all cases.
    among : ndarray of bool, shape (n,)
        Cases to tell of, at least one.
    replays : Replays
        Of the same cases.
    level : float

    Returns
    -------
    Estimate
        In days; the interval holds the middle of the replays, and the mean itself. Without
        interval if the cases are not in most replays.

    Examples
    --------
    >>> days, score = [0, 0, 1, 2, 9, 9], [0.1, 0.9, 0.5, 0.5, 0.5, 0.5]
    >>> told = replayed(days, score, capacity=1, patience=30)
    >>> wait = read_by(days, score, capacity=1, patience=30).wait
    >>> found = mean_wait(wait, np.ones(6, dtype=bool), replays=told)
    >>> 0 <= found.low <= found.value <= found.high
    True
    """
    value = float(numbers("days", days)[among].mean())
    told = Estimate(value=value, n=int(among.sum()), unit="days", clusters=replays.stretches)
    means = replays.means(among)
    if 2 * means.size <= len(replays.drawn):
        return told
    tail = (1 - checked_level(level)) / 2
    low, high = (float(x) for x in np.quantile(means, [tail, 1 - tail]))
    return replace(told, low=min(low, value), high=max(high, value), level=level)
