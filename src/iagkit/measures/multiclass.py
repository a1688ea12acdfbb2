"""One label of several: confusion, classes against the rest, and means over classes, by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.groupwise import Groupwise, bounded, share_each
from iagkit.measures.variation import Mask, Spread, added, spread, squares

Over = Literal["present", "all"]
Average = Literal["macro", "weighted"]
Part = Literal["recall", "precision", "f1"]


def confusion(cells: Cells, groups: Groups) -> Floats:
    """Rows, or their weights, by truth and prediction.

    Parameters
    ----------
    cells : Cells
    groups : Groups
        ``cells.by(())`` for all rows together.

    Returns
    -------
    ndarray of float, shape (n_groups, n_labels, n_labels)
        Truth before prediction, both in the order of ``cells.labels``; rows of which one is
        missing are left out.

    Raises
    ------
    DataError
        If truth or predictions were not counted.
    """
    truth, told, kept = _answers(cells)
    many = len(cells.labels)
    at = (groups.place[kept] * many + truth[kept]) * many + told[kept]
    return added(at, cells.mass[kept], groups.of * many**2).reshape(groups.of, many, many)


def _answers(cells: Cells) -> tuple[Ints, Ints, Mask]:
    if cells.truth is None or cells.prediction is None:
        msg = (
            "expected truth and predictions among what was counted; got cells without "
            f"{'truth' if cells.truth is None else 'predictions'}. Name both columns when counting"
        )
        raise DataError(msg)
    kept = (cells.truth != UNKNOWN) & (cells.prediction != UNKNOWN) & (cells.mass > 0)
    return cells.truth, cells.prediction, kept


def one_vs_rest(cells: Cells, label: int) -> Mapping[str, tuple[Mask, Mask]]:
    """Rates of one class against the rest, as cells that count and cells that could count.

    Parameters
    ----------
    cells : Cells
        With truth and predictions.
    label : int
        Number of the class in ``cells.labels``.

    Returns
    -------
    mapping of str to pair of ndarray of bool, shape (n_cells,)
        Rate, under scikit-learn's or fairlearn's name, to its two masks.

    Raises
    ------
    DataError
        If truth or predictions were not counted.
    """
    truth, prediction, kept = _answers(cells)
    true, told = truth == label, prediction == label
    among = {
        "selection_rate": kept, "prevalence": kept, "accuracy": kept,
        "true_positive_rate": kept & true, "false_negative_rate": kept & true,
        "false_positive_rate": kept & ~true, "true_negative_rate": kept & ~true,
        "precision": kept & told, "false_discovery_rate": kept & told,
        "negative_predictive_value": kept & ~told, "false_omission_rate": kept & ~told,
    }  # fmt: skip
    hits = {
        "selection_rate": told, "prevalence": true, "accuracy": true == told,
        "true_positive_rate": told, "false_negative_rate": ~told,
        "false_positive_rate": told, "true_negative_rate": ~told,
        "precision": true, "false_discovery_rate": ~true,
        "negative_predictive_value": ~true, "false_omission_rate": true,
    }  # fmt: skip
    return {name: (hits[name] & mask, mask) for name, mask in among.items()}


def accuracy(cells: Cells, groups: Groups, *, level: float = 0.95) -> Groupwise:
    """Share of each group's rows whose prediction is the truth; also micro-averaged F1.

    Raises
    ------
    DataError
        If truth or predictions were not counted.
    """
    truth, told, kept = _answers(cells)
    return share_each(cells, groups, truth == told, kept, level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfClasses:
    """Recall, precision or F1 of every class in every group.

    Parameters
    ----------
    value : ndarray of float, shape (n_groups, n_labels)
        ``nan`` for 0 of 0: a recall where the class never is the truth, a precision where it is
        never predicted, an F1 where it is neither.
    rows : ndarray of float, shape (n_groups, n_labels)
        Rows, or their weights, that it is taken from.
    support : ndarray of float, shape (n_groups, n_labels)
        Rows, or their weights, whose truth is the class.
    """

    value: Floats
    rows: Floats
    support: Floats


def of_classes(cells: Cells, groups: Groups, part: Part) -> OfClasses:
    """Recall, precision or F1 of every class in every group.

    Parameters
    ----------
    cells : Cells
    groups : Groups
    part : {"recall", "precision", "f1"}

    Raises
    ------
    DataError
        If truth or predictions were not counted.
    """
    table = confusion(cells, groups)
    both, true, told = np.einsum("gcc->gc", table), table.sum(axis=2), table.sum(axis=1)
    rows = {"recall": true, "precision": told, "f1": true + told - both}[part]
    below = {"recall": true, "precision": told, "f1": (true + told) / 2}[part]
    value = np.divide(both, below, out=np.full(both.shape, np.nan), where=below > 0)
    return OfClasses(value=value, rows=rows, support=true)


def mean_of_classes(
    cells: Cells,
    groups: Groups,
    part: Part,
    *,
    average: Average = "macro",
    over: Over = "present",
    level: float = 0.95,
) -> Groupwise:
    """Mean over the classes of recall, precision or F1, in each group.

    Parameters
    ----------
    cells : Cells
        With truth and predictions.
    groups : Groups
    part : {"recall", "precision", "f1"}
        The macro average of the recall is the balanced accuracy.
    average : {"macro", "weighted"}
        All classes alike, or each by how often it is the truth.
    over : {"present", "all"}
        A class of which the part is undefined in a group (0 of 0) is left out of that group's
        mean, as scikit-learn does with ``zero_division=numpy.nan`` on the rows of the group; or it
        makes the mean of that group undefined. Means over different classes compare different
        tasks: ``"all"`` is the stricter basis of a gap.
    level : float

    Returns
    -------
    Groupwise

    Raises
    ------
    DataError
        If truth or predictions were not counted.

    Notes
    -----
    The error is that of rows (or clusters) drawn together, so that classes may depend on one
    another. Where a class is always or never right its rows show no variance; then that of two
    more hits and two more misses is added [1]_. Wilson's interval at as many cases as give it.

    References
    ----------
    .. [1] Agresti, A. & Coull, B. A. (1998). The American Statistician 52(2), 119-126.
    """
    found = of_classes(cells, groups, part)
    weight, defined = _weights(found, average), ~np.isnan(found.value)
    some = defined.all(axis=1) if over == "all" else defined.any(axis=1)
    some &= weight.any(axis=1)
    mean = np.where(some, (np.nan_to_num(found.value) * weight).sum(axis=1), np.nan)
    _, _, kept = _answers(cells)
    moved = _moved(cells, groups, part, found, weight, np.nan_to_num(mean), average)
    known = spread(cells, groups, cells.mass * moved, squares(cells) * moved**2, kept)
    rows = found.rows * worth(known.pieces, found.support.sum(axis=1))
    more = unseen(found.value, rows, weight, part)
    cases = cases_worth(mean, known, more)
    n = groups.total(cells.n, kept)
    return bounded(groups, mean, cases, known, n, level, nobody=_reasons(n))


def _weights(found: OfClasses, average: Average) -> Floats:
    """Weight of each class in the mean of each group, summing to 1."""
    defined = ~np.isnan(found.value)
    raw = np.where(defined, found.support if average == "weighted" else 1.0, 0.0)
    whole = raw.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(raw, whole, out=np.zeros_like(raw), where=whole > 0))


def _moved(
    cells: Cells,
    groups: Groups,
    part: Part,
    found: OfClasses,
    weight: Floats,
    mean: Floats,
    average: Average,
) -> Floats:
    """How much one row of each cell moves the mean of its group."""
    truth, told, kept = _answers(cells)
    g = groups.place[kept]
    t, p = truth[kept], told[kept]
    value, hit = np.nan_to_num(found.value), (t == p).astype(float)
    rows = np.where(found.rows > 0, found.rows, np.inf)
    each = weight / rows
    if part == "recall":
        away = each[g, t] * (hit - value[g, t])
    elif part == "precision":
        away = each[g, p] * (hit - value[g, p])
    else:  # F1 is 2 both / (true + told); rows holds true + told - both
        size = np.where(found.rows > 0, _true_and_told(cells, groups), np.inf)
        each = weight / size
        away = 2 * hit * each[g, t] - each[g, t] * value[g, t] - each[g, p] * value[g, p]
    if average == "weighted":
        counted = np.where(np.isnan(found.value), 0.0, found.support)
        own = np.divide(value - mean[:, None], counted.sum(axis=1, keepdims=True),
                        out=np.zeros_like(value), where=counted > 0)  # fmt: skip
        away += own[g, t]
    moved = np.zeros(len(cells))
    moved[kept] = away
    return moved


def _true_and_told(cells: Cells, groups: Groups) -> Floats:
    table = confusion(cells, groups)
    return np.asarray(table.sum(axis=1) + table.sum(axis=2))


def worth(pieces: Floats, whole: Floats) -> Floats:
    """Independent rows that one unit of weight is worth, shape (n_groups, 1)."""
    return np.divide(pieces, whole, out=np.ones_like(whole), where=whole > 0)[:, None]


def unseen(value: Floats, rows: Floats, weight: Floats, part: Part) -> Floats:
    """Variance of each group's mean that parts at 0 or 1 hide.

    Parameters
    ----------
    value, rows, weight : ndarray of float, shape (n_groups, n_labels)
        Parts, the independent rows that they are taken from, and their weights in the mean.
    part : {"recall", "precision", "f1"}
        F1 is ``2 J / (1 + J)`` of a share ``J``; its limits follow from that share's.

    Returns
    -------
    ndarray of float, shape (n_groups,)
    """
    cases, value = np.maximum(rows, 1e-9), np.nan_to_num(value)
    share = value / (2 - value) if part == "f1" else value
    middle = (share * cases + 2) / (cases + 4)
    slope = 2 / (1 + middle) ** 2 if part == "f1" else 1.0
    more = (middle * (1 - middle) - share * (1 - share)) / cases * slope**2
    return np.asarray((weight**2 * np.maximum(more, 0.0)).sum(axis=1))


def cases_worth(mean: Floats, found: Spread, more: Floats, times: int = 1) -> Floats:
    """Independent cases whose share would vary like a mean, at most ``times`` those there are."""
    variance = (found.variance + more) * found.likely / found.effect
    inner = np.clip(np.nan_to_num(mean), 1e-9, 1 - 1e-9)
    return np.minimum(inner * (1 - inner) / np.maximum(variance, 1e-300), times * found.pieces)


def _reasons(n: Floats) -> list[Message]:
    nobody = say("no row of this group has both a truth and a prediction")
    absent = say("a class does not occur in this group, so that no mean of all classes exists")
    return [absent if rows > 0 else nobody for rows in n]
