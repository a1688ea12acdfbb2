"""How well the inputs of a model tell which group a person belongs to.

A model that never sees a protected attribute still uses it if its inputs give it away. The
learner here is small on purpose: a multinomial logistic regression on categories and on
numbers cut at their quantiles. It finds what single inputs and their sum give away, not what
only a combination of them does; a stronger learner may be handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError
from iagkit.explain.tables import Floats, Ints, Table, numeric_columns

Labels = NDArray[Any]
Learner = Callable[[Table, Labels, Table], Any]
"""(training inputs, their groups, other inputs) → chances of the groups, sorted by name."""

BINS = 8
RARE = 10
PENALTY = 1.0


def ranges(train: Table, other: Table) -> dict[str, tuple[Ints, Ints]]:
    """Number of the range or category of each cell, learnt from the first table.

    Parameters
    ----------
    train, other : DataFrame
        Tables of the same columns.

    Returns
    -------
    dict of str to tuple of array of int, shapes (n_train,) and (n_other,)
        Numbers: which eighth of the training rows, -1 where missing. Categories: place among
        those that at least ten training rows share (missing is one), -1 for all others.
    """
    numeric = set(numeric_columns(train))
    return {
        str(name): (_eighths if name in numeric else _categories)(train[name], other[name])
        for name in train.columns
    }


def _eighths(train: Table, other: Table) -> tuple[Ints, Ints]:
    """Ranges between eighths; a value that fills several of them is a range of its own."""
    a, b = (column.to_numpy(dtype=float, na_value=np.nan) for column in (train, other))
    known = a[np.isfinite(a)]
    every = np.quantile(known, np.arange(1, BINS) / BINS) if known.size else np.empty(0)
    cuts, times = np.unique(every, return_counts=True)
    first, second = (
        np.searchsorted(cuts, x, side="left") + np.searchsorted(cuts[times > 1], x, side="right")
        for x in (a, b)
    )
    return np.where(np.isnan(a), -1, first), np.where(np.isnan(b), -1, second)


def _categories(train: Table, other: Table) -> tuple[Ints, Ints]:
    a, b = (
        column.astype(object).where(column.notna(), "").astype(str) for column in (train, other)
    )
    times = a.value_counts()
    place = {value: i for i, value in enumerate(sorted(times[times >= RARE].index))}
    first, second = (x.map(place).fillna(-1).to_numpy(dtype=np.intp) for x in (a, b))
    return first, second


def encoded(train: Table, other: Table) -> tuple[Floats, Floats]:
    """Ranges and categories as zeros and ones, shapes (n_train, p) and (n_other, p)."""
    parts = [_ones(a, b) for a, b in ranges(train, other).values()]
    first, second = zip(*parts, strict=True)
    return np.hstack(first), np.hstack(second)


def _ones(a: Ints, b: Ints) -> tuple[Floats, Floats]:
    values = np.unique(a)
    return (a[:, None] == values).astype(float), (b[:, None] == values).astype(float)


def chances(train: Table, groups: Labels, other: Table) -> Floats:
    """Chances of each group by penalised multinomial logistic regression.

    Parameters
    ----------
    train : DataFrame, shape (n, d)
    groups : array of str, shape (n,)
    other : DataFrame, shape (m, d)

    Returns
    -------
    array of float, shape (m, k)
        Rows add up to one; columns as the sorted names of the groups.
    """
    names, codes = np.unique(groups, return_inverse=True)
    a, b = encoded(train, other)
    weights = _fitted(_with_one(a), np.eye(len(names))[codes.reshape(-1)])
    return _softmax(_with_one(b) @ weights)


def _with_one(rows: Floats) -> Floats:
    return np.hstack([rows, np.ones((len(rows), 1))])


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _fitted(rows: Floats, hot: Floats) -> Floats:
    """Weights, shape (p, k), that minimise log loss plus a ridge on all but the constant."""
    from scipy.optimize import minimize

    p, k = rows.shape[1], hot.shape[1]
    ridge = np.full((p, 1), PENALTY)
    ridge[-1] = 1e-6

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(p, k)
        told = _softmax(rows @ weights)
        height = -np.log(np.maximum((told * hot).sum(axis=1), 1e-300)).sum()
        height += 0.5 * (ridge * weights**2).sum()
        return float(height), np.ravel(rows.T @ (told - hot) + ridge * weights)

    found = minimize(loss, np.zeros(p * k), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x.reshape(p, k))


class Guesses(NamedTuple):
    """Rows that were held out, and the group that their inputs point to."""

    rows: Ints
    groups: Labels


def told_apart(
    inputs: Table,
    groups: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    learner: Learner = chances,
    seed: int = 0,
) -> Guesses:
    """Guess the group of one half of the people, having learnt from the other half.

    Parameters
    ----------
    inputs : DataFrame, shape (n, d)
    groups : array-like of str, shape (n,)
        At least two groups, each in both halves.
    clusters : array-like, shape (n,), optional
        Rows of one cluster are in the same half.
    learner : callable
        See :data:`Learner`.
    seed : int

    Returns
    -------
    Guesses
        The group whose chance, divided by its share in training, is largest: a guess that
        does not profit from one group being larger.

    Raises
    ------
    DataError
        If a half lacks a group, or lengths differ.

    Notes
    -----
    One split, not folds in turn: where inputs know nothing of the group, scores of folds in
    turn vary up to twice as much as the same number of independent guesses, since every pair
    of people is used in both directions, and no unbiased estimate of that exists [1]_. Half
    of the guesses, independent given what was learnt, give as narrow an honest interval.

    References
    ----------
    .. [1] Bengio, Y. & Grandvalet, Y. (2004). No unbiased estimator of the variance of K-fold
       cross-validation. JMLR 5, 1089-1105.
    """
    names = np.asarray(groups).astype(str)
    if len(names) != len(inputs):
        msg = f"one group a row is needed; got {len(names)} groups for {len(inputs)} rows"
        raise DataError(msg)
    second = _second_half(names, np.arange(len(names)) if clusters is None else clusters, seed)
    rows = np.flatnonzero(second)
    if len(np.unique(names[rows])) < len(np.unique(names)):
        msg = "a group has no case in the half that is tested; leave small groups out"
        raise DataError(msg)
    guess = _pointed_to(inputs[~second], names[~second], inputs[second], names, learner)
    return Guesses(rows, guess)


def _second_half(names: Labels, clusters: ArrayLike, seed: int) -> NDArray[np.bool_]:
    """Every second cluster of each group, in random order."""
    _, first, codes = np.unique(np.asarray(clusters), return_index=True, return_inverse=True)
    mixed = np.random.default_rng(seed).permutation(len(first))
    order = mixed[np.argsort(names[first][mixed], kind="stable")]
    second = np.zeros(len(first), dtype=bool)
    second[order[1::2]] = True
    return np.asarray(second[codes.reshape(-1)])


def _pointed_to(train: Table, own: Labels, other: Table, names: Labels, learner: Learner) -> Labels:
    known, times = np.unique(own, return_counts=True)
    if len(known) < len(np.unique(names)) or len(known) < 2:
        msg = (
            f"the half that is learnt from needs all of at least two groups; got {len(known)} "
            f"of {len(np.unique(names))}. Leave small groups out"
        )
        raise DataError(msg)
    found = np.asarray(learner(train, own, other), dtype=float)
    if found.shape != (len(other), len(known)):
        msg = (
            f"a learner must give a chance a row and group, {(len(other), len(known))}; got "
            f"{found.shape}"
        )
        raise DataError(msg)
    return np.asarray(known[(found / times).argmax(axis=1)])
