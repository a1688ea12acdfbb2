"""Whether a confidence means what it says."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import (
    Floats,
    Ints,
    checked_level,
    cluster_codes,
    labels,
    numbers,
    same_length,
)
from iagkit.measures.intervals import (
    Evidence,
    cluster_sizes,
    freedom,
    share_estimate,
    share_evidence,
    summed,
)
from iagkit.measures.rates import mean

DRAWS = 4_000
MIN_IN_BIN = 20
TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Cases of similar confidence.

    Parameters
    ----------
    low, high : float
        Range of confidence.
    confidence : float
        Mean of the cases.
    accuracy : Estimate
        Share of them that are right.
    """

    low: float
    high: float
    confidence: float
    accuracy: Estimate


def reliability(
    hits: ArrayLike,
    confidence: ArrayLike,
    *,
    bins: int = 10,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> tuple[Bin, ...]:
    """How often answers are right that claim a certain confidence.

    Parameters
    ----------
    hits : array-like of bool, shape (n,)
        Whether each answer is right.
    confidence : array-like of float within 0 to 1, shape (n,)
        The probability claimed for it.
    bins : int
        Equal ranges of confidence; those without any case are left out.
    clusters : array-like, shape (n,), optional
        Cases that repeat one another, see :func:`iagkit.measures.rates.share`.
    level : float

    Returns
    -------
    tuple of Bin

    Raises
    ------
    DataError
        If lengths differ, there is no case, or a confidence is not within 0 to 1.

    Examples
    --------
    >>> [found] = reliability([1, 0], [0.62, 0.68])
    >>> found.low, found.high, found.accuracy.value
    (0.6, 0.7, 0.5)
    """
    right, sure, codes = _cases(hits, confidence, clusters)
    level = checked_level(level)
    place = np.minimum((sure * _at_least_one(bins)).astype(int), bins - 1)
    return tuple(
        Bin(
            low=b / bins,
            high=(b + 1) / bins,
            confidence=float(sure[place == b].mean()),
            accuracy=share_estimate(_within(right, codes, place == b), level),
        )
        for b in np.unique(place).tolist()
    )


def ece(
    hits: ArrayLike,
    confidence: ArrayLike,
    *,
    bins: int = 15,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Expected calibration error: how far confidence and accuracy lie apart on average.

    Parameters
    ----------
    hits, confidence, clusters, level
        As for :func:`reliability`.
    bins : int
        At most so many bins with equally many cases, and at least 20 cases in each.

    Returns
    -------
    Estimate
        0 is perfect. The interval holds 0 where nothing speaks against perfect calibration.

    Raises
    ------
    DataError
        If lengths differ, there is no case, or a confidence is not within 0 to 1.

    Notes
    -----
    The mean absolute difference over bins [1]_ is above 0 even for a perfect model, from chance
    alone [2]_. So the value asked for is the true error on top of which chance gives as much as
    was seen: in half of the draws for the value, in all but a tail for the limits, which inverts
    a test [3]_. How the true error is spread over bins is not known. It is taken to be spread as
    seen, noise included, and, for the upper limit, also evenly over all bins, where chance adds
    least; the value is the mean of both. Draws are normal, with the covariance between bins
    that the clusters show, and never less than perfect calibration would have.

    References
    ----------
    .. [1] Guo, C. et al. (2017). ICML, PMLR 70, 1321-1330.
    .. [2] Kumar, A., Liang, P. & Ma, T. (2019). NeurIPS 32, 3787-3798.
    .. [3] Carpenter, J. (1999). Test inversion bootstrap confidence intervals. JRSS B 61(1),
       159-172.

    Examples
    --------
    >>> round(ece([1] * 50 + [0] * 50, [0.9] * 100).value, 2)
    0.4
    """
    right, sure, codes = _cases(hits, confidence, clusters)
    place = _equal_mass(sure, _at_least_one(bins))
    apart, noise, weight = _differences(right, sure, place, codes)
    value, low, high = error_over_bins(apart, noise, weight, level=level)
    return Estimate(
        value=value,
        n=len(right),
        low=low,
        high=high,
        level=level,
        clusters=None if codes is None else int(codes.max()) + 1,
    )


def error_over_bins(
    apart: Floats, noise: Floats, weight: Floats, *, level: float
) -> tuple[float, float, float]:
    """Calibration error and its limits from the differences of bins; see :func:`ece`.

    Parameters
    ----------
    apart : ndarray of float, shape (n_bins,)
        Accuracy less confidence in each bin.
    noise : ndarray of float, shape (draws, n_bins)
        How they vary by chance.
    weight : ndarray of float, shape (n_bins,)
        Share of the cases in each bin.
    level : float

    Returns
    -------
    value, low, high : float
    """
    seen = float(weight @ np.abs(apart))
    tail = (1 - checked_level(level)) / 2
    as_seen, even = apart / max(seen, TINY), np.where(apart < 0, -1.0, 1.0)
    low = _error(seen, as_seen, noise, weight, 1 - tail)
    high = max(_error(seen, shape, noise, weight, tail) for shape in (as_seen, even))
    middle = [_error(seen, shape, noise, weight, 0.5) for shape in (as_seen, even)]
    value = sum(middle) / 2
    return value, min(low, value), max(high, value)


def brier(
    truth: ArrayLike,
    probabilities: ArrayLike,
    *,
    classes: ArrayLike,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Mean squared distance of the probabilities from the truth: 0 is perfect, 2 the worst.

    Parameters
    ----------
    truth : array-like of str, shape (n,)
    probabilities : array-like of float, shape (n, n_classes)
    classes : array-like of str, shape (n_classes,)
        Class of each column of ``probabilities``.
    clusters, level
        As for :func:`reliability`.

    Returns
    -------
    Estimate

    Raises
    ------
    DataError
        If shapes differ. A truth that is no class counts as improbable.

    Notes
    -----
    Sum over classes, as Brier wrote it [1]_.

    References
    ----------
    .. [1] Brier, G. W. (1950). Monthly Weather Review 78(1), 1-3.

    Examples
    --------
    >>> brier(["a", "b"], [[0.8, 0.2], [0.4, 0.6]], classes=["a", "b"]).value
    0.2
    """
    true, known = labels("truth", truth), labels("classes", classes)
    told = np.asarray(probabilities, dtype=float)
    if told.shape != (len(true), len(known)):
        msg = (
            f"'probabilities' must have one row a case and one column a class, "
            f"{(len(true), len(known))}; got {told.shape}"
        )
        raise DataError(msg)
    is_true = true[:, None] == known[None, :]
    missing = 1.0 - is_true.any(axis=1)
    distance = ((told - is_true) ** 2).sum(axis=1) + missing
    return mean(distance, unit="squared probability", clusters=clusters, level=level)


def _cases(
    hits: ArrayLike, confidence: ArrayLike, clusters: ArrayLike | None
) -> tuple[Floats, Floats, Ints | None]:
    right = numbers("hits", hits, low=0, high=1)
    sure = numbers("confidence", confidence, low=0, high=1)
    n = same_length(hits=right, confidence=sure)
    return right, sure, cluster_codes(clusters, n)


def _at_least_one(bins: int) -> int:
    if bins < 1:
        msg = f"'bins' must be at least 1; got {bins}"
        raise DataError(msg)
    return bins


def _within(right: Floats, codes: Ints | None, where: NDArray[np.bool_]) -> Evidence:
    inside = None if codes is None else codes[where]
    if inside is not None and len(np.unique(inside)) == len(inside):
        inside = None
    return share_evidence(right[where], inside)


def _equal_mass(sure: Floats, bins: int) -> Ints:
    """Bin of each case; equal confidences share one."""
    many = max(1, min(bins, len(sure) // MIN_IN_BIN))
    edges = np.unique(np.quantile(sure, np.linspace(0, 1, many + 1)[1:-1]))
    place = np.searchsorted(edges, sure, side="left")
    return np.unique(place, return_inverse=True)[1].reshape(-1).astype(np.intp)


def _differences(
    right: Floats, sure: Floats, place: Ints, codes: Ints | None
) -> tuple[Floats, Floats, Floats]:
    """Accuracy minus confidence in each bin, how it varies by chance (draws), and its weight."""
    n, many = len(right), np.bincount(place)
    member = np.eye(len(many))[place] / many
    apart = (right - sure) @ member
    moved = member * (right - sure - apart[place])[:, None]
    sums = moved if codes is None else summed(moved, codes)
    covariance = sums.T @ sums * len(sums) / max(len(sums) - 1, 1)
    worth = [_within(right, codes, place == b).cases for b in range(len(many))]
    by_chance = (sure * (1 - sure)) @ member / np.array(worth)
    short = np.maximum(by_chance - np.diag(covariance), 0)
    sizes = np.ones(n) if codes is None else cluster_sizes(codes)
    spread = draws(covariance + np.diag(short), freedom(sizes, float((sizes**2).sum() / n)))
    return apart, spread, many / n


def draws(covariance: Floats, df: float) -> Floats:
    """Differences by chance, shape (draws, bins); wider where few clusters tell; seeded."""
    size, axes = np.linalg.eigh(covariance)
    normal, after = _normal(len(size))
    wider = np.sqrt(df / deepcopy(after).chisquare(df, DRAWS))
    return np.asarray(normal @ (axes * np.sqrt(np.maximum(size, 0))).T * wider[:, None])


@cache
def _normal(bins: int) -> tuple[Floats, np.random.Generator]:
    """Normal draws with their mirror images, the same for every group, and what comes after."""
    random = np.random.default_rng(0)
    half = random.standard_normal((DRAWS // 2, bins))
    return np.concatenate([half, -half]), random


def _error(seen: float, shape: Floats, noise: Floats, weight: Floats, q: float) -> float:
    """Error of this shape over bins with which the quantile ``q`` of what is seen is ``seen``."""
    place = q * (len(noise) - 1)
    at, part = int(place), place - int(place)

    def beyond(error: float) -> float:
        told = np.partition(np.abs(noise + error * shape) @ weight, (at, at + 1))
        return float(told[at] + part * (told[at + 1] - told[at]) - seen)

    if seen <= 0 or beyond(0.0) >= 0:
        return 0.0
    high = seen
    while beyond(high) < 0:
        high *= 2
    return float(brentq(beyond, 0.0, high, xtol=1e-5))
