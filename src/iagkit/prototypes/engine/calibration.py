"""Logits → probabilities that mean what they say, learnt from out-of-fold answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

Floats = NDArray[np.float64]


def fit_temperature(logits: Floats, y: NDArray[np.int64], *, weight: Floats | None = None) -> float:
    """Find the one number that logits are divided by for the smallest log-loss.

    Parameters
    ----------
    logits : ndarray of float, shape (n, n_classes)
        Out-of-fold logits.
    y : ndarray of int, shape (n,)
        Column of the recorded label.
    weight : ndarray of float, shape (n,), optional

    Returns
    -------
    float
        Temperature in [0.01, 100].

    References
    ----------
    .. [1] Guo, Pleiss, Sun & Weinberger (2017). ICML, 1321-1330.
    """
    w = np.ones(len(y)) if weight is None else weight

    def loss(log_temperature: float) -> float:
        told = log_softmax(logits / np.exp(log_temperature), axis=1)[np.arange(len(y)), y]
        return float(-(w * told).sum() / w.sum())

    best = minimize_scalar(loss, bounds=(np.log(0.01), np.log(100)), method="bounded")
    return float(np.exp(best.x))


def probabilities(logits: Floats, *, temperature: float) -> Floats:
    """Return the calibrated probabilities, shape (n, n_classes); rows sum to one."""
    return np.asarray(softmax(logits / temperature, axis=1))
