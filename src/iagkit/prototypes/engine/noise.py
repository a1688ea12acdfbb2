"""Recorded labels that the model, asked out of fold, confidently contradicts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def doubtful_labels(
    probability: NDArray[np.float64], recorded: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find labels worth a second look, the most doubtful first.

    Confident learning [1]_: another class reaches the confidence that its own members
    reach on average, and beats the recorded one.

    Parameters
    ----------
    probability : ndarray of float, shape (n, n_classes)
        Calibrated **out-of-fold** probabilities.
    recorded : ndarray of int, shape (n,)
        Column of the recorded label; -1 where the model does not know the class.

    Returns
    -------
    ndarray of int
        Row numbers, by falling difference of the two probabilities.

    References
    ----------
    .. [1] Northcutt, Jiang & Chuang (2021). JAIR 70, 1373-1411.
    """
    rows = np.flatnonzero(recorded >= 0)
    p, own = probability[rows], recorded[rows]
    self_confidence = p[np.arange(len(own)), own]
    usual = np.array(
        [
            self_confidence[own == j].mean() if (own == j).any() else np.inf
            for j in range(p.shape[1])
        ]
    )
    rival = np.where(p >= usual, p, -1.0)
    rival[np.arange(len(own)), own] = -1.0
    lead = rival.max(axis=1) - self_confidence
    doubtful = np.flatnonzero((rival.max(axis=1) > 0) & (lead > 0))
    return np.asarray(rows[doubtful[np.argsort(-lead[doubtful], kind="stable")]])
