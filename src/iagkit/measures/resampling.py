"""Cluster bootstrap of any statistic that can be taken from weighted rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from iagkit.measures.arrays import Floats, Ints


def cluster_bootstrap(
    statistic: Callable[[Floats], Floats],
    *,
    n: int,
    codes: Ints | None,
    level: float,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """Percentile interval from drawing whole clusters again and again [1]_.

    Parameters
    ----------
    statistic : callable
        Row weights, shape (draws, n), to values, shape (draws,).
    n : int
        Rows.
    codes : ndarray of int, shape (n,), or None
        Cluster of each row, 0 to ``n_clusters - 1``.
    level : float
    draws, seed : int
        The same seed gives the same interval.

    Returns
    -------
    low, high : float

    References
    ----------
    .. [1] Davison, A. C. & Hinkley, D. V. (1997). Bootstrap Methods and their Application.
       Cambridge, section 3.8.
    """
    random = np.random.default_rng(seed)
    many = n if codes is None else int(codes.max()) + 1
    found = [
        statistic(_weights(random, min(50, draws - start), many, codes))
        for start in range(0, draws, 50)
    ]
    low, high = np.quantile(np.concatenate(found), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _weights(random: np.random.Generator, draws: int, many: int, codes: Ints | None) -> Floats:
    times = random.multinomial(many, np.full(many, 1 / many), size=draws).astype(float)
    return times if codes is None else times[:, codes]
