"""How far apart groups could lie, wherever those belong whose group is not known."""

from __future__ import annotations

import numpy as np

from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats


def gap_bounds(hits: Floats, n: Floats, unknown: tuple[float, float]) -> Estimate | None:
    """Least and greatest gap of the furthest groups over every way to place the unknown.

    Parameters
    ----------
    hits, n : ndarray of float, shape (n_groups,)
        Cases that count, of all cases, in the groups that are known.
    unknown : (hits, n)
        The same of those whose group is not known.

    Returns
    -------
    Estimate or None
        The gap of the known, with bounds in the place of an interval (no confidence level):
        the upper one is reached, the lower one may not be. ``None`` with fewer than two groups.

    Notes
    -----
    Worst-case bounds [1]_. Hits among the unknown lift the share of the group they are given to,
    misses lower it; for two groups the ones can go to one and the others to the other.

    References
    ----------
    .. [1] Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer.

    Examples
    --------
    >>> found = gap_bounds(np.array([5.0, 3.0]), np.array([10.0, 10.0]), (1.0, 2.0))
    >>> round(found.low, 3), round(found.value, 3), round(found.high, 3)
    (0.091, 0.2, 0.273)
    """
    there = n > 0
    if there.sum() < 2:
        return None
    hits, n = hits[there], n[there]
    more, all_ = unknown
    least, most = hits / (n + all_ - more), (hits + more) / (n + more)
    apart, near = most[:, None] - least, least[:, None] - most
    np.fill_diagonal(apart, -np.inf)
    np.fill_diagonal(near, -np.inf)
    share = hits / n
    value = float(share.max() - share.min())
    return Estimate(
        value=value,
        n=round(float(n.sum() + all_)),
        low=min(max(0.0, float(near.max())), value),
        high=max(float(apart.max()), value),
    )
