"""How well one label a case is predicted, over all and for each class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
    clustered,
    correlation,
    critical,
    mover,
    share_estimate,
    share_evidence,
    share_limits,
    wilson,
)
from iagkit.measures.rates import share


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Truths and predictions as numbers of one list of classes."""

    classes: tuple[str, ...]
    truth: Ints
    prediction: Ints
    codes: Ints | None
    level: float

    @property
    def n(self) -> int:
        """Cases."""
        return len(self.truth)


def labelled(
    truth: ArrayLike, prediction: ArrayLike, *, clusters: ArrayLike | None, level: float
) -> Labelled:
    """Check and code what all measures of this module take.

    Raises
    ------
    DataError
        If lengths differ, there is no case, or a label is missing.
    """
    true, told = labels("truth", truth), labels("prediction", prediction)
    n = same_length(truth=true, prediction=told)
    classes, codes = np.unique(np.concatenate([true, told]), return_inverse=True)
    codes = codes.reshape(-1).astype(np.intp)
    return Labelled(
        classes=tuple(str(c) for c in classes),
        truth=codes[:n],
        prediction=codes[n:],
        codes=cluster_codes(clusters, n),
        level=checked_level(level),
    )


def accuracy(
    truth: ArrayLike,
    prediction: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Share of cases whose prediction is the truth.

    Parameters
    ----------
    truth, prediction : array-like of str, shape (n,)
    clusters : array-like, shape (n,), optional
        Cases that repeat one another, see :func:`iagkit.measures.rates.share`.
    level : float

    Returns
    -------
    Estimate

    Raises
    ------
    DataError
        If lengths differ, there is no case, or a label is missing.

    Examples
    --------
    >>> accuracy(["water", "roads"], ["water", "waste"]).value
    0.5
    """
    data = labelled(truth, prediction, clusters=clusters, level=level)
    hits = (data.truth == data.prediction).astype(float)
    return share_estimate(share_evidence(hits, data.codes), data.level)


def top_k(
    rank: ArrayLike, *, k: int, clusters: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Share of cases whose truth is among the ``k`` labels thought most probable.

    Parameters
    ----------
    rank : array-like of int, shape (n,)
        Place of the truth among all labels by probability; 1 is first.
    k : int
        At least 1.
    clusters, level
        As for :func:`accuracy`.

    Raises
    ------
    DataError
        If a rank is below 1 or there is none.

    Examples
    --------
    >>> top_k([1, 2, 5, 3], k=3).value
    0.75
    """
    if k < 1:
        msg = f"'k' must be at least 1; got {k}"
        raise DataError(msg)
    ranks = numbers("rank", rank, low=1)
    return share(ranks <= k, clusters=clusters, level=level)


def by_class(
    truth: ArrayLike,
    prediction: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Mapping[str, Mapping[str, Estimate]]:
    """Precision, recall and F1 of each class that occurs.

    Parameters
    ----------
    truth, prediction : array-like of str, shape (n,)
    clusters, level
        As for :func:`accuracy`.

    Returns
    -------
    mapping of str to mapping of str to Estimate
        Class → ``"precision"``, ``"recall"``, ``"f1"``. A precision is missing where the class
        was never predicted, a recall where it never was the truth: 0 of 0 is not 0.

    Notes
    -----
    F1 is ``2 J / (1 + J)`` with the share ``J`` of cases where truth and prediction both are
    the class among those where one of them is; so Wilson's limits of ``J`` give those of F1.

    Examples
    --------
    >>> found = by_class(["a", "a", "b"], ["a", "b", "b"])
    >>> round(found["b"]["f1"].value, 3), found["b"]["precision"].value
    (0.667, 0.5)
    """
    data = labelled(truth, prediction, clusters=clusters, level=level)
    return {name: _of_class(data, number) for number, name in enumerate(data.classes)}


def macro_f1(
    truth: ArrayLike,
    prediction: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Mean of the F1 of all classes that occur as truth or prediction.

    Parameters
    ----------
    truth, prediction : array-like of str, shape (n,)
    clusters, level
        As for :func:`accuracy`.

    Returns
    -------
    Estimate
        The value is scikit-learn's ``f1_score(average="macro")``; the interval is put
        together from those of the classes (:func:`iagkit.measures.intervals.mover`), with
        the correlation that the rows, or clusters, show between classes.

    Examples
    --------
    >>> round(macro_f1(["a", "a", "b"], ["a", "b", "b"]).value, 3)
    0.667
    """
    data = labelled(truth, prediction, clusters=clusters, level=level)
    parts = [_f1_evidence(data, c) for c in range(len(data.classes))]
    values = np.array([_f1_of(part.value) for part in parts])
    moved = np.stack([_f1_influence(data, c, f) for c, f in enumerate(values)], axis=1)

    def limits(part: Evidence, z: float) -> tuple[float, float]:
        low, high = wilson(part.value, part.cases, z)
        return _f1_of(low), _f1_of(high)

    return _mean_of_classes(data, parts, values, moved, limits)


def balanced_accuracy(
    truth: ArrayLike,
    prediction: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """Mean of the recalls of all classes that occur as truth.

    Parameters
    ----------
    truth, prediction : array-like of str, shape (n,)
    clusters, level
        As for :func:`accuracy`.

    Returns
    -------
    Estimate
        Interval as for :func:`macro_f1`.

    Examples
    --------
    >>> balanced_accuracy(["a", "a", "b"], ["a", "b", "b"]).value
    0.75
    """
    data = labelled(truth, prediction, clusters=clusters, level=level)
    present = np.unique(data.truth)
    hits = (data.truth == data.prediction).astype(float)
    parts = [_within(hits, data.truth == c, data.codes) for c in present]
    values = np.array([part.value for part in parts])
    pairs = zip(present, parts, strict=True)
    moved = np.stack([(data.truth == c) * (hits - one.value) / one.n for c, one in pairs], axis=1)
    return _mean_of_classes(
        data, parts, values, moved, lambda part, z: wilson(part.value, part.cases, z)
    )


def hierarchical_f1(
    truth: ArrayLike,
    prediction: ArrayLike,
    *,
    parents: Mapping[str, str],
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """F1 that gives part credit for a wrong office under the right department.

    Parameters
    ----------
    truth, prediction : array-like of str, shape (n,)
    parents : mapping of str to str
        Class → the one above it; a class that is no key stands at the top.
    clusters, level
        As for :func:`accuracy`.

    Returns
    -------
    Estimate

    Raises
    ------
    DataError
        If the parents run in a circle.

    Notes
    -----
    Truth and prediction are replaced by themselves with all their ancestors; precision and
    recall are taken over all cases together [1]_.

    References
    ----------
    .. [1] Kiritchenko, S., Matwin, S., Nock, R. & Famili, A. F. (2006). Learning and
       evaluation in the presence of class hierarchies. Canadian AI, 395-406.

    Examples
    --------
    >>> up = {"potholes": "streets", "lamps": "streets"}
    >>> hierarchical_f1(["potholes", "lamps"], ["lamps", "lamps"], parents=up).value
    0.75
    """
    data = labelled(truth, prediction, clusters=clusters, level=level)
    lines = [_line(name, parents) for name in data.classes]
    shared = np.array([[len(a & b) for b in lines] for a in lines], dtype=float)
    depth = np.diag(shared)
    both = 2 * shared[data.truth, data.prediction]
    size = depth[data.truth] + depth[data.prediction]
    value = float(both.sum() / size.sum())
    each = np.arange(data.n, dtype=np.intp) if data.codes is None else data.codes
    rarer = both < size if value > 0.5 else both > 0
    found = clustered(value, (both - value * size) / size.sum(), rarer=rarer, codes=each)
    told = share_estimate(found, data.level)
    return told if data.codes is not None else replace(told, clusters=None)


def _line(name: str, parents: Mapping[str, str]) -> frozenset[str]:
    line = [name]
    while line[-1] in parents:
        above = parents[line[-1]]
        if above in line:
            msg = f"'parents' must lead upwards to an end; they run in a circle through '{above}'"
            raise DataError(msg)
        line.append(above)
    return frozenset(line)


def _within(hits: Floats, where: NDArray[np.bool_], codes: Ints | None) -> Evidence:
    return share_evidence(hits[where], _alone(None if codes is None else codes[where]))


def _alone(codes: Ints | None) -> Ints | None:
    return None if codes is None or len(np.unique(codes)) == len(codes) else codes


def _f1_evidence(data: Labelled, c: int) -> Evidence:
    involved = (data.truth == c) | (data.prediction == c)
    return _within((data.truth == data.prediction).astype(float), involved, data.codes)


def _f1_of(share_of_both: float) -> float:
    return 2 * share_of_both / (1 + share_of_both)


def _f1_influence(data: Labelled, c: int, f1: float) -> Floats:
    true, told = data.truth == c, data.prediction == c
    size = true.sum() + told.sum()
    return np.asarray((2.0 * (true & told) - f1 * (true.astype(float) + told)) / size)


def _of_class(data: Labelled, c: int) -> dict[str, Estimate]:
    hits = (data.truth == data.prediction).astype(float)
    rows = {"precision": data.prediction == c, "recall": data.truth == c}
    found = {
        name: share_estimate(_within(hits, where, data.codes), data.level)
        for name, where in rows.items()
        if where.any()
    }
    found["f1"] = _f1_estimate(_f1_evidence(data, c), data.level)
    return found


def _f1_estimate(both: Evidence, level: float) -> Estimate:
    low, high = share_limits(both, level)
    return Estimate(
        value=_f1_of(both.value),
        n=both.n,
        low=_f1_of(low),
        high=_f1_of(high),
        level=level,
        clusters=both.clusters,
    )


def _mean_of_classes(
    data: Labelled,
    parts: Sequence[Evidence],
    values: Floats,
    moved: Floats,
    limits: Callable[[Evidence, float], tuple[float, float]],
) -> Estimate:
    hits = (data.truth == data.prediction).astype(float)
    whole = share_evidence(hits, data.codes)
    z = critical(data.level, whole.df)
    low, high = mover(
        values,
        [limits(part, z) for part in parts],
        weights=np.full(len(values), 1 / len(values)),
        related=correlation(moved, data.codes),
    )
    return Estimate(
        value=float(values.mean()),
        n=data.n,
        low=max(low, 0.0),
        high=min(high, 1.0),
        level=data.level,
        clusters=whole.clusters,
    )
