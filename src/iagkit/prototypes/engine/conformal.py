"""Sets of answers that hold the right one as often as promised, in every declared group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError

Floats = NDArray[np.float64]
Groups = Mapping[str, Sequence[str]]
OVERALL = ""


def fit_thresholds(
    probability_of_truth: Floats,
    *,
    clusters: NDArray[np.int64],
    groups: Groups,
    coverage: float = 0.9,
    min_clusters: int = 30,
) -> dict[str, dict[str, float]]:
    """Learn how improbable a label may be and still belong to the set.

    Least-ambiguous sets [1]_, calibrated within each group (Mondrian, [2]_) on out-of-fold
    probabilities (cross-conformal, [3]_). Copies of a text are one piece of evidence: the
    finite-sample correction counts clusters, not rows.

    Parameters
    ----------
    probability_of_truth : ndarray of float, shape (n,)
        Calibrated out-of-fold probability of the recorded label.
    clusters : ndarray of int, shape (n,)
    groups : mapping of str to sequence of str, shape (n,)
        Group columns.
    coverage : float
        Share of cases whose set shall hold the recorded label.
    min_clusters : int
        A group with fewer different texts uses the overall threshold.

    Returns
    -------
    dict
        Column → group → largest accepted ``1 - probability``; the empty column is overall.

    References
    ----------
    .. [1] Sadinle, Lei & Wasserman (2019). JASA 114(525), 223-234.
    .. [2] Vovk, Gammerman & Shafer (2005). Algorithmic Learning in a Random World, 4.5.
    .. [3] Vovk (2015). Annals of Mathematics and Artificial Intelligence 74, 9-28.
    """
    if not 0 < coverage < 1:
        msg = f"coverage is a share between 0 and 1; got {coverage}"
        raise DataError(msg)
    score = 1 - probability_of_truth
    overall = _quantile(score, clusters, coverage)
    found: dict[str, dict[str, float]] = {OVERALL: {OVERALL: overall}}
    for column, values in groups.items():
        of_row = np.asarray(values, dtype=object)
        found[column] = {}
        for group in sorted(set(values)):
            inside = of_row == group
            enough = len(np.unique(clusters[inside])) >= min_clusters
            own = _quantile(score[inside], clusters[inside], coverage) if enough else overall
            found[column][group] = own
    return found


def label_sets(
    probability: Floats, *, thresholds: Mapping[str, Mapping[str, float]], groups: Groups
) -> NDArray[np.bool_]:
    """Tell which labels belong to the set of each case.

    A case of several declared groups gets the widest of their sets, and so does a case
    whose group is not told. The most probable label always belongs to the set.

    Returns
    -------
    ndarray of bool, shape (n, n_classes)
    """
    limits = [
        _told(groups.get(c), of_group, len(probability))
        for c, of_group in thresholds.items()
        if c != OVERALL
    ]
    if not limits:
        limits = [np.full(len(probability), thresholds[OVERALL][OVERALL])]
    return _within(probability, np.maximum.reduce(limits))


def _told(values: Sequence[str] | None, of_group: Mapping[str, float], n: int) -> Floats:
    widest = max(of_group.values())
    if values is None:
        return np.full(n, widest)
    return np.array([of_group.get(value, widest) for value in values])


def _within(probability: Floats, limit: Floats) -> NDArray[np.bool_]:
    inside = (1 - probability) <= limit[:, None] + 1e-12
    inside[np.arange(len(inside)), probability.argmax(axis=1)] = True
    return np.asarray(inside)


def _quantile(score: Floats, clusters: NDArray[np.int64], coverage: float) -> float:
    independent = len(np.unique(clusters))
    level = np.ceil((independent + 1) * coverage) / independent
    if level > 1:
        return 1.0
    return float(np.quantile(score, level, method="higher"))
