"""Weights that make truth and group independent of one another in what is learnt from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats, labels, same_length


def reweighing(truth: ArrayLike, groups: ArrayLike) -> Floats:
    """Weight of each person under which the share granted is the same in every group.

    Parameters
    ----------
    truth : array-like of bool, shape (n,)
    groups : array-like of str, shape (n,)

    Returns
    -------
    ndarray of float, shape (n,)
        ``P(group) * P(truth) / P(group and truth)``, cases over expected cases; their mean is 1
        if every group has both truths.

    Raises
    ------
    DataError
        If lengths differ, or there is no case.

    Notes
    -----
    Kamiran and Calders [1]_: instead of changing labels, people of a group and truth that are
    rarer than independence would have it count more.

    References
    ----------
    .. [1] Kamiran, F. & Calders, T. (2012). Knowledge and Information Systems 33(1), 1-33.

    Examples
    --------
    >>> reweighing([True, True, True, False], ["a", "a", "b", "b"]).tolist()
    [0.75, 0.75, 1.5, 0.5]
    """
    names, granted = labels("groups", groups), np.asarray(truth, dtype=bool)
    same_length(truth=granted, groups=names)
    if granted.ndim != 1:
        msg = f"'truth' must be one row of yes or no; got shape {granted.shape}"
        raise DataError(msg)
    found, group = np.unique(names, return_inverse=True)
    cells = np.bincount(2 * group + granted, minlength=2 * len(found)).reshape(-1, 2)
    expected = cells.sum(1, keepdims=True) * cells.sum(0, keepdims=True) / len(names)
    return np.asarray((expected / np.maximum(cells, 1))[group, granted.astype(int)], dtype=float)
