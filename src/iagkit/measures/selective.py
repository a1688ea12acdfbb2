"""What a model is worth if people take the cases it is least sure of."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import (
    Floats,
    Ints,
    checked_level,
    cluster_codes,
    numbers,
    same_length,
)
from iagkit.measures.intervals import share_estimate, share_evidence, share_limits
from iagkit.measures.resampling import cluster_bootstrap

STEPS = 100
MIN_KEPT = 30
"""Fewer kept cases say too little about how right the most certain answers are."""


def accuracy_at(
    hits: ArrayLike,
    confidence: ArrayLike,
    *,
    review_share: float,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Accuracy of the rest if the least certain share of cases goes to people.

    Parameters
    ----------
    hits : array-like of bool, shape (n,)
        Whether each answer is right.
    confidence : array-like of float, shape (n,)
        Higher is more certain.
    review_share : float
        In 0 to below 1; at least one case is kept.
    clusters : array-like, shape (n,), optional
        Cases that repeat one another, see :func:`iagkit.measures.rates.share`.
    level : float

    Returns
    -------
    Estimate
        Its ``n`` is the number of cases kept.

    Raises
    ------
    DataError
        If lengths differ, there is no case, or a number is out of range.

    Notes
    -----
    One point of the risk–coverage curve [1]_ on held-out cases. Among equally certain cases
    the earlier rows are kept.

    References
    ----------
    .. [1] El-Yaniv, R. & Wiener, Y. (2010). JMLR 11, 1605-1641.

    Examples
    --------
    >>> accuracy_at([1, 0, 1, 1], [0.9, 0.2, 0.8, 0.7], review_share=0.25).value
    1.0
    """
    if not 0 <= review_share < 1:
        msg = f"'review_share' must be at least 0 and below 1; got {review_share}"
        raise DataError(msg)
    right, codes, _ = _sorted(hits, confidence, clusters)
    kept = max(1, len(right) - round(review_share * len(right)))
    return _of_first(right, codes, kept, checked_level(level))


def review_for(
    hits: ArrayLike,
    confidence: ArrayLike,
    *,
    accuracy: float,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate | Message:
    """Share of cases people must take so that the rest reaches an accuracy.

    Parameters
    ----------
    hits, confidence, clusters, level
        As for :func:`accuracy_at`.
    accuracy : float
        Wanted share of right answers among those given automatically.

    Returns
    -------
    Estimate or Message
        The smallest share, of 100 equal steps, with which the cases kept are right often
        enough; ``low`` and ``high`` are the smallest with which the upper, and the lower,
        limit of their accuracy is. ``high`` is 1 if no lower limit reaches it. A message if no
        share reaches it, or only fewer than 30 kept cases do.

    Raises
    ------
    DataError
        If lengths differ, there is no case, or a number is out of range.

    Notes
    -----
    This describes the held-out cases. A threshold chosen on the cases it is told of looks
    better than it will be; recipes choose theirs on other cases.

    Examples
    --------
    >>> right, sure = [1] * 50 + [0] * 50, [0.9] * 50 + [0.1] * 50
    >>> review_for(right, sure, accuracy=0.9).value
    0.45
    """
    if not 0 < accuracy <= 1:
        msg = f"'accuracy' must lie above 0 and at most at 1; got {accuracy}"
        raise DataError(msg)
    right, codes, _ = _sorted(hits, confidence, clusters)
    curve = _curve(right, codes, checked_level(level))
    reached = [review for review, value, _, _ in curve if value >= accuracy]
    if not reached:
        return say(
            "no review share makes {accuracy:.0%} of the rest right; "
            "the best of them reaches {best:.1%}",
            accuracy=accuracy,
            best=max((value for _, value, _, _ in curve), default=float(right.mean())),
        )
    value = reached[0]
    return Estimate(
        value=value,
        n=len(right),
        low=min([value, *(review for review, _, _, high in curve if high >= accuracy)]),
        high=next((review for review, _, low, _ in curve if low >= accuracy), 1.0),
        level=level,
        clusters=None if codes is None else len(np.unique(codes)),
    )


def aurc(
    hits: ArrayLike,
    confidence: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Area under the risk–coverage curve: mean error rate over all shares kept; lower is better.

    Parameters
    ----------
    hits, confidence, clusters, level
        As for :func:`accuracy_at`.
    seed : int
        Of the cluster bootstrap that gives the interval.

    Returns
    -------
    Estimate

    Notes
    -----
    After Geifman, Uziel & El-Yaniv [1]_.

    References
    ----------
    .. [1] Geifman, Y., Uziel, G. & El-Yaniv, R. (2019). ICLR, arXiv:1805.08206.

    Examples
    --------
    >>> round(aurc([1, 1, 0], [0.9, 0.8, 0.1]).value, 3)
    0.111
    """
    right, codes, order = _sorted(hits, confidence, clusters)
    wrong = 1 - right

    def area(weights: Floats) -> Floats:
        kept = np.cumsum(weights, axis=1)
        risk = np.cumsum(weights * wrong, axis=1) / np.maximum(kept, 1)
        return np.asarray((risk * weights).sum(axis=1) / weights.sum(axis=1))

    value = float(area(np.ones((1, len(right))))[0])
    low, high = cluster_bootstrap(
        area, n=len(order), codes=codes, level=checked_level(level), seed=seed
    )
    return Estimate(
        value=value,
        n=len(right),
        low=min(low, value),
        high=max(high, value),
        level=level,
        unit="mean error share",
        clusters=None if codes is None else len(np.unique(codes)),
    )


def _sorted(
    hits: ArrayLike, confidence: ArrayLike, clusters: ArrayLike | None
) -> tuple[Floats, Ints | None, Ints]:
    """Hits and clusters, most certain case first."""
    right = numbers("hits", hits, low=0, high=1)
    sure = numbers("confidence", confidence)
    n = same_length(hits=right, confidence=sure)
    codes = cluster_codes(clusters, n)
    order = np.argsort(-sure, kind="stable").astype(np.intp)
    return right[order], None if codes is None else codes[order], order


def _of_first(right: Floats, codes: Ints | None, kept: int, level: float) -> Estimate:
    return share_estimate(share_evidence(right[:kept], _first(codes, kept)), level)


def _first(codes: Ints | None, kept: int) -> Ints | None:
    if codes is None or len(np.unique(codes[:kept])) == kept:
        return None
    return codes[:kept]


def _curve(
    right: Floats, codes: Ints | None, level: float
) -> list[tuple[float, float, float, float]]:
    """Review share, accuracy of the rest and its limits, in equal steps, from no review up."""
    n, points = len(right), []
    for step in range(STEPS):
        kept = n - round(step / STEPS * n)
        if kept < min(MIN_KEPT, n):
            break
        found = share_evidence(right[:kept], _first(codes, kept))
        points.append((step / STEPS, found.value, *share_limits(found, level)))
    return points
