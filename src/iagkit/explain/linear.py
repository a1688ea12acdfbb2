"""Exact contributions of linear models: no sampling, because none is needed.

For a linear score the Shapley value of a feature, features taken as independent, is
``coef * (x - mean)`` [1]_. Library ``shap`` computes the same and is the oracle of the tests.

References
----------
.. [1] Štrumbelj, E. & Kononenko, I. (2014). Explaining prediction models and individual
   predictions with feature contributions. Knowledge and Information Systems 41, 647-665.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.explain.reasons import Discretion

Floats = NDArray[np.float64]
Counts = NDArray[np.intp]

MOST_CELLS = 50_000_000


class Term(NamedTuple):
    """A word, what it adds on average towards a class, and how many texts have it."""

    term: str
    weight: float
    n_texts: int


def contributions(X: Any, coef: ArrayLike, mean: ArrayLike) -> Floats:
    """Divide each score among the features, exactly.

    Parameters
    ----------
    X : array or sparse matrix of float, shape (n_rows, n_features)
        Rows to explain; a few, since the answer is dense.
    coef : array-like of float, shape (n_outputs, n_features) or (n_features,)
        Coefficients of the linear model.
    mean : array-like of float, shape (n_features,)
        Mean of the features in training; what a feature is compared with.

    Returns
    -------
    array of float, shape (n_rows, n_features, n_outputs)
        Contributions in the unit of the score (log odds for a logistic model). Their sum over
        features plus ``coef @ mean + intercept`` is the score.

    Raises
    ------
    DataError
        If the shapes do not fit one another.
    UsageError
        If the answer would have more than 50 million cells.
    """
    weights, centre = np.atleast_2d(np.asarray(coef, float)), np.asarray(mean, float)
    n_rows, n_features = X.shape
    _insist_on_fit(n_features, weights, centre)
    if n_rows * weights.size > MOST_CELLS:
        msg = (
            f"at most {MOST_CELLS:,} contributions fit in memory; {n_rows:,} rows x "
            f"{n_features:,} features x {len(weights)} outputs were asked. Explain fewer rows."
        )
        raise UsageError(msg)
    rows = X.toarray() if hasattr(X, "toarray") else np.asarray(X, float)
    return np.asarray((rows - centre)[:, :, None] * weights.T[None])


def mean_deviation(X: Any, mean: ArrayLike) -> Floats:
    """Mean distance of each feature from its mean, zeros of a sparse matrix included.

    Parameters
    ----------
    X : array or sparse matrix of float, shape (n_rows, n_features)
        Training rows, at least one.
    mean : array-like of float, shape (n_features,)
        Mean of the features.

    Returns
    -------
    array of float, shape (n_features,)
        ``mean(|x - mean|)``, without making the matrix dense.
    """
    centre = np.asarray(mean, float)
    if not hasattr(X, "tocsc"):
        return np.asarray(np.abs(np.asarray(X, float) - centre).mean(axis=0))
    columns = X.tocsc()
    filled = np.diff(columns.indptr)
    at = np.repeat(np.arange(centre.size), filled)
    away = np.bincount(at, np.abs(columns.data - centre[at]), minlength=centre.size)
    return np.asarray((away + (X.shape[0] - filled) * np.abs(centre)) / X.shape[0])


def global_terms(
    coef: ArrayLike,
    feature_names: Sequence[str],
    deviation: ArrayLike,
    *,
    classes: Sequence[str],
    discretion: Discretion,
    top: int = 15,
) -> dict[str, list[tuple[str, float]]]:
    """Name the features that move the scores of each class most, over all texts.

    Parameters
    ----------
    coef : array-like of float, shape (n_classes, n_features)
        Coefficients, one row a class.
    feature_names : sequence of str, shape (n_features,)
        What may be shown of each feature.
    deviation : array-like of float, shape (n_features,)
        What :func:`mean_deviation` returns for the training rows.
    classes : sequence of str, shape (n_classes,)
        Names of the classes.
    discretion : Discretion
        Which words may be shown.
    top : int
        At most so many a class.

    Returns
    -------
    dict of str to list of (str, float)
        Per class, words that speak for it: mean ``|phi|`` of the contrast with the average
        class, largest first.
    """
    weights = _contrast(coef, len(classes), len(feature_names)) * np.asarray(deviation, float)
    shown = np.array([not discretion.withheld(name) for name in feature_names], dtype=bool)
    return {
        name: [(str(feature_names[i]), float(row[i])) for i in _largest(row, shown, top)]
        for name, row in zip(classes, weights, strict=True)
    }


def texts_with(X: Any, label: ArrayLike, n_classes: int) -> Counts:
    """Count, per class, the texts in which each feature occurs.

    Parameters
    ----------
    X : sparse matrix, shape (n_texts, n_terms)
        Columns of the terms; anything but zero counts as occurring.
    label : array-like of int, shape (n_texts,)
        Class number of each text.
    n_classes : int
        Number of classes.

    Returns
    -------
    array of int, shape (n_classes, n_terms)
        Counts of texts.
    """
    cells = X.tocoo()
    there = cells.data != 0
    place = np.asarray(label, int)[cells.row[there]] * X.shape[1] + cells.col[there]
    return np.bincount(place, minlength=n_classes * X.shape[1]).reshape(n_classes, -1)


def office_terms(
    effects: ArrayLike,
    terms: Sequence[str],
    n_texts: ArrayLike,
    *,
    classes: Sequence[str],
    n: ArrayLike,
    discretion: Discretion,
    top: int = 15,
    least: int = 10,
) -> dict[str, list[Term]]:
    """Name the words that speak for each office, for a report that anyone may read.

    Parameters
    ----------
    effects : array-like of float, shape (n_classes, n_terms)
        What a term adds to the score of each class where it occurs.
    terms : sequence of str, shape (n_terms,)
        The terms, folded.
    n_texts : array-like of int, shape (n_classes, n_terms) or (n_terms,)
        Distinct training texts of each office with each term (see :func:`texts_with`), or of
        all offices together.
    classes : sequence of str, shape (n_classes,)
        Names of the offices.
    n : array-like of int, shape (n_classes,) or ()
        Distinct training texts of each office, at least one, or of all together.
    discretion : Discretion
        Which words may be shown.
    top : int
        At most so many an office.
    least : int
        A term in fewer texts is never shown: it could be about one person.

    Returns
    -------
    dict of str to list of Term
        Per office, the terms that on average lift its score most, against the average office,
        in its own texts compared with all texts; ``n_texts`` counts all texts with the term.
        Without counts by office the mean is over all texts, and common words come first.

    Raises
    ------
    DataError
        If the shapes do not fit one another.
    """
    counts, sizes = np.asarray(n_texts, dtype=int), np.asarray(n, dtype=int)
    lift = _contrast(effects, len(classes), len(terms))
    if (counts.shape, sizes.shape) not in {(lift.shape, lift.shape[:1]), (lift.shape[1:], ())}:
        msg = (
            f"'n_texts' must have a row an office and a column a term, {lift.shape}, and 'n' a "
            f"number an office, or both without offices; got {counts.shape} and {sizes.shape}"
        )
        raise DataError(msg)
    if counts.ndim == 1:
        every, weights = counts, lift * counts / sizes
    else:
        every = counts.sum(axis=0)
        weights = lift * (counts / sizes[:, None] - every / sizes.sum())
    seen = zip(terms, every, strict=True)
    shown = np.array([c >= least and not discretion.withheld(t) for t, c in seen], dtype=bool)
    shown = shown & (lift > 0)
    return {
        name: [Term(str(terms[i]), float(row[i]), int(every[i])) for i in _largest(row, ok, top)]
        for name, row, ok in zip(classes, weights, shown, strict=True)
    }


def _largest(row: Floats, shown: NDArray[np.bool_], top: int) -> NDArray[np.intp]:
    """Positions of the largest positive weights among those that may be shown."""
    order = np.argsort(-row, kind="stable")
    return order[(shown & (row > 0))[order]][:top]


def _contrast(coef: ArrayLike, n_classes: int, n_features: int) -> Floats:
    """Coefficients less their mean over classes; one row of a two-class model becomes two."""
    weights = np.atleast_2d(np.asarray(coef, float))
    if len(weights) == 1 and n_classes == 2:
        weights = np.vstack([-weights, weights])
    if weights.shape != (n_classes, n_features):
        msg = (
            f"one row a class and one column a term were expected, {n_classes} x {n_features}; "
            f"got {weights.shape[0]} x {weights.shape[1]}"
        )
        raise DataError(msg)
    return np.asarray(weights - weights.mean(axis=0))


def _insist_on_fit(n_features: int, weights: Floats, centre: Floats) -> None:
    if weights.shape[1] != n_features or centre.shape != (n_features,):
        msg = (
            f"'X', 'coef' and 'mean' must have as many features; got {n_features}, "
            f"{weights.shape[1]} and {centre.size}. Do they come from the same model?"
        )
        raise DataError(msg)
