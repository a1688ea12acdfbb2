"""What a long run says about a steady state: its warm-up left out, its memory allowed for."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate

LEAST = 2
"""Batches below which nothing tells how far they vary."""


def batch_means(
    values: ArrayLike,
    *,
    warm_up: float = 0.1,
    batches: int = 30,
    level: float = 0.95,
    unit: str = "hours",
) -> Estimate:
    """Mean of what hangs together from one case to the next, with an interval that knows it.

    Parameters
    ----------
    values : array-like of float, shape (n,)
        One for each case, in order of arrival.
    warm_up : float
        Share at the beginning that is left out, as the run began empty.
    batches : int
        The rest is cut into so many stretches of equal length; their means are taken to be
        independent, so that each must be long beside the memory of the system.
    level : float
    unit : str

    Returns
    -------
    Estimate
        ``n`` cases were used, ``clusters`` batches.

    Raises
    ------
    DataError
        If a value is missing, or there are fewer than two batches of one case.

    Notes
    -----
    Student's t over the means of the batches [1]_.

    References
    ----------
    .. [1] Law, A. M. (2015). Simulation modeling and analysis, 5th edition, section
       9.5. McGraw-Hill.

    Examples
    --------
    >>> batch_means([9.0, 1.0, 3.0, 2.0, 4.0], warm_up=0.2, batches=2).value
    2.5
    """
    from scipy.stats import t

    given = np.asarray(values, dtype=float)
    size = (len(given) - int(warm_up * len(given))) // max(batches, 1)
    if batches < LEAST or size < 1 or not np.isfinite(given).all():
        msg = (
            f"at least two batches of finished cases are needed; got {batches} batches, "
            f"{len(given)} cases, {int((~np.isfinite(given)).sum())} without a value. "
            "Simulate a longer time"
        )
        raise DataError(msg)
    used = given[len(given) - size * batches :]
    means = used.reshape(batches, size).mean(axis=1)
    half = t.ppf((1 + level) / 2, batches - 1) * means.std(ddof=1) / batches**0.5
    middle = float(means.mean())
    return Estimate(
        value=middle,
        n=len(used),
        low=middle - float(half),
        high=middle + float(half),
        level=level,
        unit=unit,
        clusters=batches,
    )
