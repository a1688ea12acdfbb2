"""How wide groups' intervals must be drawn so that those of equal groups rarely fail to meet.

The intervals of Gabriel [1]_: one a group, narrower than a confidence interval, drawn so that two
groups differ if theirs have no point in common. He took the width from a bound; here it is
computed, so that the intervals of equal groups have a common point with the probability asked for,
whatever the sizes of the groups and however rare the outcome. With k groups that takes k
intervals instead of k (k - 1) / 2 pairs.

References
----------
.. [1] Gabriel, K. R. (1978). JASA 73(364), 724-729.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, ndtr, ndtri, xlogy

from iagkit.measures.arrays import Floats

MANY = 30.0
"""With so many expected hits and misses in each group, normal limits are exact enough."""
EXACT = 40
"""Up to so many cases, tails are exact."""
NODES, FINE_NODES = 51, 71
POINTS = 24
CLOSED = {4: 1e-5, 8: 1e-9}
WIDEST = 12.0
CLOSE = 0.002
"""How near, in relation, the probability of not meeting comes to the one asked for."""
FINE = 0.006
DRAWS, FEWER_DRAWS = 8_000, 3_000
"""Of up to 30 related groups, and of more."""


def overlap_critical(cases: Floats, share: float, level: float) -> float:
    """Width, in standard errors, at which Wilson's intervals of equal shares meet.

    Parameters
    ----------
    cases : ndarray of float, shape (k,)
        Independent cases of each group.
    share : float
        The share that all have.
    level : float
        Probability that all k intervals have a common point.

    Returns
    -------
    float
        Normal critical value for Wilson's limits of each group.

    Notes
    -----
    All intervals meet if the highest lower limit lies below the lowest upper one. The
    probability of that is a sum over where the highest lower limit lies, of products over
    groups: exact for binomial counts but for the grid, their tails being those of Peizer and
    Pratt [1]_ for groups above 40 cases (error below .001), and for many expected hits and
    misses an integral of normal probabilities. For k groups of one size it is half of
    Tukey's studentised range.

    References
    ----------
    .. [1] Peizer, D. B. & Pratt, J. W. (1968). JASA 63(324), 1416-1456.
    """
    size = tuple(np.sort(np.asarray(cases, dtype=float)).tolist())
    if size[0] * min(share, 1 - share) >= MANY:
        return overlap_of_many(cases, level)
    whole = tuple(np.maximum(1, np.round(size)).tolist())
    return _counted(whole, round(min(share, 1 - share), 5), level)


def overlap_of_many(cases: Floats, level: float) -> float:
    """Width at which Wilson's intervals of equal shares meet, if no outcome were rare."""
    size = np.sort(np.asarray(cases, dtype=float))
    return _normal(tuple(np.round(size / size[-1], 4).tolist()), level)


def overlap_of_errors(errors: Floats, level: float) -> float:
    """Width at which normal intervals of equal numbers meet, from their standard errors."""
    size = np.sort(np.asarray(errors, dtype=float) ** -2.0)
    return _normal(tuple(np.round(size / size[-1], 4).tolist()), level)


@lru_cache(maxsize=4096)
def _normal(size: tuple[float, ...], level: float) -> float:
    error = 1 / np.sqrt(np.maximum(np.array(size), 1e-4))

    def too_often(c: float) -> float:
        """How many times more often than asked for they do not meet, as a logarithm."""
        apart = max(1 - float(_meet_normal(c, error)), 1e-15)
        return float(np.log(apart / (1 - level)))

    most = _sidak(len(size), level)
    return _root(too_often, low=most / 1.9, high=most)


def _sidak(k: int, level: float) -> float:
    """Width that would do if each of k intervals had to hold the one true share."""
    return float(-ndtri(-np.expm1(np.log(level) / k) / 2))


def _meet_normal(widths: Floats | float, error: Floats) -> Floats:
    """Probability that the intervals ``x ± width error`` of k equal normal numbers meet."""
    c = np.asarray(widths, dtype=float)[..., None, None]
    where = np.linspace(-1.0, 1.0, NODES)[:, None] * (c + 5) * error.min()
    scaled = where / error
    inside = np.maximum(ndtr(scaled + c) - ndtr(scaled - c), 1e-300)
    density = np.exp(-0.5 * (scaled + c) ** 2) / (np.sqrt(2 * np.pi) * error * inside)
    product = np.exp(np.log(inside).sum(axis=-1))
    step = where[..., 1, 0] - where[..., 0, 0]
    return np.asarray((product * density.sum(axis=-1)).sum(axis=-1) * step)


def chance_apart(widths: Floats, errors: Floats) -> Floats:
    """Probability that intervals of equal normal numbers fail to meet at each of these widths.

    Parameters
    ----------
    widths : ndarray of float
        In units of the errors.
    errors : ndarray of float, shape (k,)

    Returns
    -------
    ndarray of float
        As ``widths``; between computed points its logarithm is drawn straight.
    """
    grid = np.linspace(0.0, max(float(widths.max()), 1.0), POINTS)
    scaled = np.maximum(errors / errors.min(), 1e-9)
    apart = np.maximum(1 - _meet_normal(grid, scaled), 1e-15)
    return np.exp(np.interp(widths, grid, np.log(apart)))


def _root(too_often: Callable[[float], float], *, low: float, high: float) -> float:
    """Where a smooth, falling, nearly straight line crosses zero (secant steps)."""
    at_low, at_high = too_often(low), too_often(high)
    for _ in range(20):
        middle = high - at_high * (high - low) / (at_high - at_low)
        low, at_low, high, at_high = high, at_high, middle, too_often(middle)
        if abs(at_high) < CLOSE:
            break
    return high


@lru_cache(maxsize=4096)
def _counted(size: tuple[float, ...], share: float, level: float) -> float:
    n = np.array(size)

    def too_often(c: float) -> float:
        """How many times more often than asked for they do not meet, as a logarithm."""
        apart = max(1 - _meet_counted(c, n, share, share), 1e-15)
        return float(np.log(apart / (1 - level)))

    return _first(too_often, start=overlap_of_many(n, level))


def _first(too_often: Callable[[float], float], *, start: float) -> float:
    """Smallest width, to ``FINE``, of those tried at which intervals miss rarely enough.

    Counts make the line fall in steps, so every second try halves the bracket.
    """
    low = high = start * 1.02
    at_low = at_high = too_often(high)
    while at_high > 0 and high < WIDEST:
        low, at_low, high = high, at_high, high * 1.1
        at_high = too_often(high)
    while at_low <= 0 and low > FINE:
        high, at_high, low = low, at_low, low / 1.2
        at_low = too_often(low)
    straight = True
    while high - low > FINE:
        part = at_high / (at_high - at_low) if straight else 0.5
        middle = min(max(high - part * (high - low), low + FINE / 2), high - FINE / 2)
        at_middle = too_often(middle)
        straight = not straight or min(middle - low, high - middle) < FINE
        if at_middle > 0:
            low, at_low = middle, at_middle
        else:
            high, at_high = middle, at_middle
    return high


def _meet_counted(c: float, n: Floats, share: Floats | float, common: float) -> float:
    """Probability that Wilson's intervals of k binomial shares meet.

    Summed over steps of where the highest lower limit lies; within a step the lowest upper limit
    is counted once as if it had to reach the end and once the beginning, and the mean is taken.
    """
    steps = _plausible(c, n.max(), common)[:, None]
    half = c * np.sqrt(n * steps * (1 - steps))
    most = np.floor(n * steps + half + 1e-9)
    least = np.ceil(n * steps - half - 1e-9) - 1
    up, down = binomial_below(most, n, share), binomial_below(least, n, share)
    now = np.prod(up - down, axis=1)
    strict = np.prod(np.maximum(up[:-1] - down[1:], 0.0), axis=1)
    mild = np.prod(up[1:] - down[:-1], axis=1)
    return float(now[0] + ((now[1:] - strict) + (mild - now[:-1])).sum() / 2)


def apart_chance(c: float, cases: Floats, shares: Floats, common: float) -> float:
    """Probability that Wilson's intervals of groups with these shares do not all meet.

    Parameters
    ----------
    c : float
        Their critical value.
    cases, shares : ndarray of float, shape (k,)
    common : float
        Share of the largest group.
    """
    n = np.maximum(1.0, np.round(cases))
    return 1 - _meet_counted(c, n, np.asarray(shares, dtype=float), common)


def _plausible(c: float, n: float, share: float) -> Floats:
    """Common points that are not hopeless for the largest group, even after arcsine."""
    z2 = (c + 4.5) ** 2
    middle, half = (
        (share + z2 / (2 * n)) / (1 + z2 / n),
        np.sqrt(z2 * share * (1 - share) / n + z2 * z2 / (4 * n * n)) / (1 + z2 / n),
    )
    ends = np.arcsin(np.sqrt(np.clip([middle - half, middle + half], 0, 1)))
    return np.asarray(np.sin(np.linspace(ends[0], ends[1], FINE_NODES)) ** 2)


def binomial_below(hits: Floats, n: Floats, share: Floats | float) -> Floats:
    """Probability of at most so many hits.

    Parameters
    ----------
    hits : ndarray of float, shape (m, k)
    n : ndarray of float, shape (k,)
    share : float, or ndarray of float, shape (k,)

    Returns
    -------
    ndarray, shape (m, k)
        Exact for up to 40 cases and for no hit or no miss, else by Peizer and Pratt's normal
        deviate.
    """
    share = np.broadcast_to(np.asarray(share, dtype=float), n.shape)
    small = n <= EXACT
    found = np.empty(hits.shape)
    found[:, ~small] = _peizer_pratt(hits[:, ~small], n[~small], share[~small])
    inside = np.clip(hits[:, small], 0, n[small])
    found[:, small] = bdtr(inside, n[small].astype(np.int64), share[small])
    return np.where(hits < 0, 0.0, np.where(hits >= n, 1.0, found))


def _peizer_pratt(hits: Floats, n: Floats, share: Floats) -> Floats:
    x, other = np.clip(hits, 0, n - 1), 1 - share
    above, below = x + 0.5, n - x - 0.5
    shift = x + 2 / 3 - (n + 1 / 3) * share
    shift += 0.02 * (other / (x + 1) - share / (n - x) + (other - 0.5) / (n + 1))
    bent = 1 + other * _bend(above / (n * share)) + share * _bend(below / (n * other))
    found = ndtr(shift * np.sqrt(bent / ((n + 1 / 6) * share * other)))
    return np.where(x < 1, other**n, np.where(x > n - 2, 1 - share**n, found))


def _bend(x: Floats) -> Floats:
    away = 1 - x
    near = np.abs(away) < 1e-3
    exact = (1 - x * x + 2 * xlogy(x, x)) / np.where(near, 1.0, away) ** 2
    return np.where(near, away / 3 + away * away / 6, exact)


def overlap_of_related(errors: Floats, related: Floats, level: float) -> float:
    """Width at which intervals of related numbers meet, from normal draws of a fixed seed."""
    size, axes = np.linalg.eigh(related * np.outer(errors, errors))
    drawn = (axes * np.sqrt(np.maximum(size, 0))) @ _normal_draws(len(errors))
    return float(np.quantile(widths_needed(drawn, errors[:, None]), level))


@lru_cache(maxsize=4)
def _normal_draws(k: int) -> Floats:
    return np.random.default_rng(0).standard_normal((k, DRAWS if k <= 30 else FEWER_DRAWS))


def widths_needed(drawn: NDArray[Any], errors: NDArray[Any]) -> Floats:
    """Width at which all intervals of a draw just meet (Dinkelbach's steps, exact at the end).

    From a width that is too small, the two intervals furthest apart tell the next; it only grows.

    Parameters
    ----------
    drawn : ndarray of float, shape (k, draws)
    errors : ndarray of float, shape (k, 1)

    Returns
    -------
    ndarray of float, shape (draws,)
        In units of the errors.
    """
    every = np.arange(drawn.shape[1])
    wide = np.zeros(drawn.shape[1], dtype=drawn.dtype)
    for _ in range(20):
        half = wide * errors
        top, bottom = (drawn - half).argmax(axis=0), (drawn + half).argmin(axis=0)
        apart = drawn[top, every] - drawn[bottom, every]
        grown = apart / (errors[top, 0] + errors[bottom, 0])
        if (grown <= wide + CLOSED[drawn.dtype.itemsize]).all():
            break
        wide = np.maximum(wide, grown)
    return np.asarray(wide, dtype=float)
