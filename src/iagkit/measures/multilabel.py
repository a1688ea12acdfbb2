"""Several labels a row: what is right is a set, counted as one label of sets.

One grouped query counts every pair of a true and a predicted set, so that labels of one row stay
together: errors of means over labels know how labels depend on one another, and the share of
rows whose whole set is right needs no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.counting import Bins, count, table_of
from iagkit.measures.groupwise import Groupwise, bounded, share_each
from iagkit.measures.multiclass import Part, cases_worth, unseen, worth
from iagkit.measures.variation import Mask, spread, squares

SEPARATOR = "|"
MAX_SETS = 20_000
"""More different sets than this are no answers to one question."""
NEITHER = "?"
"""Stands in a set for a value that is neither yes nor no."""
TRUTH, TOLD = "iagkit true set", "iagkit predicted set"


def count_label_sets(
    frame: Any,
    *,
    labels: Mapping[str, tuple[str, str]],
    groups: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
    bins: Bins | None = None,
) -> Cells:
    """Count a table that has two columns for each label: whether it is true, and predicted.

    Parameters
    ----------
    frame : dataframe or relation
        As for :func:`iagkit.measures.counting.count`.
    labels : mapping of str to pair of str
        Label → its columns of truth and of prediction, of booleans, or of 0 and 1.
    groups, weight, cluster, bins
        As for :func:`iagkit.measures.counting.count`.

    Returns
    -------
    Cells
        Whose labels are sets, for :func:`label_sets`. A row of which any label is missing has no
        set. A table that already holds sets in one column, as text such as ``"roads|water"``, is
        counted by :func:`iagkit.measures.counting.count` itself.

    Raises
    ------
    DataError
        If a column is not there, or holds anything but booleans, 0 and 1.
    """
    _refuse_names(labels)
    columns = [c for pair in labels.values() for c in pair]
    schema = table_of(frame).collect_schema()
    _refuse_absent(columns, schema)
    sets = {
        name: [_said(pair[k], label, schema) for label, pair in labels.items()]
        for k, name in enumerate((TRUTH, TOLD))
    }
    cells = _counted(frame, sets, groups=groups, weight=weight, cluster=cluster, bins=bins)
    told = "booleans, or 0 and 1"
    return _refuse_neither(cells, columns, told, "Are they probabilities? Decide with a threshold")


def count_label_lists(
    frame: Any,
    *,
    truth: str,
    prediction: str,
    labels: Sequence[str],
    groups: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
    bins: Bins | None = None,
) -> Cells:
    """Count a table that has two columns of lists of labels: what is true, and what is predicted.

    Parameters
    ----------
    frame : dataframe or relation
        Of an engine that knows lists: polars, DuckDB, PySpark, pyarrow.
    truth, prediction : str
        Columns of lists of text.
    labels : sequence of str
        All labels that exist.
    groups, weight, cluster, bins
        As for :func:`iagkit.measures.counting.count`.

    Returns
    -------
    Cells
        As :func:`count_label_sets` gives them.

    Raises
    ------
    DataError
        If a column is not there, holds no lists, or a list holds a label that was not named, or
        one twice.
    """
    import narwhals as nw

    _refuse_names(labels)
    schema = table_of(frame).collect_schema()
    _refuse_absent([truth, prediction], schema)
    for column in (truth, prediction):
        if not isinstance(schema[column], nw.List):
            msg = (
                f"expected lists of labels in '{column}'; got {schema[column]}. Write them as text "
                f"such as 'roads{SEPARATOR}water', which is counted like any label"
            )
            raise DataError(msg)
    sets = {TRUTH: _listed(truth, labels), TOLD: _listed(prediction, labels)}
    cells = _counted(frame, sets, groups=groups, weight=weight, cluster=cluster, bins=bins)
    told = f"lists of the {len(labels)} labels that were named, each once,"
    return _refuse_neither(cells, [truth, prediction], told, "Name all labels")


def _listed(column: str, labels: Sequence[str]) -> list[Any]:
    import narwhals as nw

    value, none = nw.col(column), nw.lit("")
    has = [value.list.contains(label) for label in labels]
    ones = [nw.when(one).then(1).otherwise(0) for one in has]
    known = sum(ones[1:], ones[0])
    parts = [
        nw.when(one).then(nw.lit(label + SEPARATOR)).otherwise(none)
        for label, one in zip(labels, has, strict=True)
    ]
    odd = nw.when(value.list.len() == known).then(none).otherwise(nw.lit(NEITHER + SEPARATOR))
    known_list = nw.when(~value.is_null()).then(odd).otherwise(nw.lit(None, nw.String))
    return [*parts, known_list]


def _counted(frame: Any, sets: Mapping[str, Sequence[Any]], **asked: Any) -> Cells:
    import narwhals as nw

    texts = [nw.concat_str(nw.lit(SEPARATOR), *parts).alias(name) for name, parts in sets.items()]
    read = table_of(frame).with_columns(*texts).to_native()
    return count(read, truth=TRUTH, prediction=TOLD, most_labels=MAX_SETS, **asked)


def _refuse_absent(columns: Sequence[str], schema: Any) -> None:
    absent = [c for c in columns if c not in schema.names()]
    if absent:
        msg = f"expected the columns {', '.join(columns)}; the table has no {', '.join(absent)}"
        raise DataError(msg)


def _refuse_names(labels: Iterable[str]) -> None:
    names = list(labels)
    wrong = [name for name in names if SEPARATOR in name or not name or name == NEITHER]
    if wrong or not names:
        msg = (
            f"expected labels with names that hold no '{SEPARATOR}'; got {len(names)}, of them "
            f"{len(wrong)} that do or have no name. Rename them"
        )
        raise DataError(msg)


def _said(column: str, label: str, schema: Any) -> Any:
    import narwhals as nw

    kind = schema[column]
    value, text = nw.col(column), nw.lit(label + SEPARATOR)
    if kind == nw.Boolean:
        told = nw.when(value).then(text).otherwise(nw.lit(""))
        return nw.when(~value.is_null()).then(told).otherwise(nw.lit(None, nw.String))
    if not kind.is_numeric():
        msg = f"expected booleans, or 0 and 1, in '{column}'; got {kind}. Convert it first"
        raise DataError(msg)
    number = value.cast(nw.Float64).fill_nan(None)
    no = nw.when(number == 0).then(nw.lit("")).otherwise(nw.lit(NEITHER + SEPARATOR))
    told = nw.when(number == 1).then(text).otherwise(no)
    return nw.when(~number.is_null()).then(told).otherwise(nw.lit(None, nw.String))


def _refuse_neither(cells: Cells, columns: Sequence[str], told: str, remedy: str) -> Cells:
    odd = [i for i, label in enumerate(cells.labels) if NEITHER in label.split(SEPARATOR)]
    if odd and cells.truth is not None and cells.prediction is not None:
        rows = int(cells.n[np.isin(cells.truth, odd) | np.isin(cells.prediction, odd)].sum())
        msg = (
            f"expected {told} in {', '.join(columns)}; {rows} of {cells.rows} rows hold something "
            f"else. {remedy}"
        )
        raise DataError(msg)
    return cells


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSets:
    """Which labels each cell has.

    Parameters
    ----------
    names : tuple of str, length k
    truth, prediction : ndarray of bool, shape (n_cells, k)
    known : ndarray of bool, shape (n_cells,)
        Cells whose two sets are known.
    """

    names: tuple[str, ...]
    truth: Mask
    prediction: Mask
    known: Mask


def parted(text: str, separator: str = SEPARATOR) -> frozenset[str]:
    """Labels of a set that is written as text."""
    return frozenset(x for x in map(str.strip, text.split(separator)) if x)


def label_sets(
    cells: Cells, *, names: Sequence[str] | None = None, separator: str = SEPARATOR
) -> LabelSets:
    """Read the sets that cells have as labels.

    Parameters
    ----------
    cells : Cells
        With truth and predictions such as ``"roads|water"``; an empty text is the empty set.
    names : sequence of str, optional
        Labels that exist; without it, those that occur.
    separator : str

    Raises
    ------
    DataError
        If truth or predictions were not counted, or a label occurs that ``names`` does not have.
    """
    if cells.truth is None or cells.prediction is None:
        msg = "expected truth and predictions among what was counted; name both columns"
        raise DataError(msg)
    sets = [parted(label, separator) for label in cells.labels]
    found = sorted(frozenset().union(*sets))
    told = tuple(names) if names is not None else tuple(found)
    if more := set(found) - set(told):
        msg = (
            f"expected only the {len(told)} labels that were named; the table holds {len(more)} "
            "others. Name them too, or leave those rows out"
        )
        raise DataError(msg)
    table = np.array([[name in one for name in told] for one in sets] + [[False] * len(told)])
    known = (cells.truth != UNKNOWN) & (cells.prediction != UNKNOWN) & (cells.mass > 0)
    return LabelSets(
        names=told, truth=table[cells.truth], prediction=table[cells.prediction], known=known
    )


def of_label(cells: Cells, sets: LabelSets, label: int) -> Cells:
    """Cells of one label as a question of yes or no, for every measure of such predictions.

    The labels of the result are ``"0"`` and ``"1"``; its positive label has the number 1.
    """

    def coded(told: Mask) -> Ints:
        return np.where(sets.known, told[:, label], UNKNOWN).astype(np.intp)

    return replace(
        cells, labels=("0", "1"), truth=coded(sets.truth), prediction=coded(sets.prediction)
    )


def subset_accuracy(
    cells: Cells, groups: Groups, sets: LabelSets, *, level: float = 0.95
) -> Groupwise:
    """Share of rows whose predicted set is the true one, without a label too many or missing."""
    hits = (sets.truth == sets.prediction).all(axis=1)
    return share_each(cells, groups, hits, sets.known, level=level)


def hamming_loss(
    cells: Cells, groups: Groups, sets: LabelSets, *, level: float = 0.95
) -> Groupwise:
    """Share of all answers, one a row and label, that are wrong.

    Answers to one row are one piece of evidence.
    """
    wrong = (sets.truth != sets.prediction).mean(axis=1)
    whole = np.ones_like(wrong)[:, None]
    answers = whole * len(sets.names)
    return _mean(cells, groups, sets, wrong[:, None], whole, answers, None, level)


def mean_of_labels(
    cells: Cells,
    groups: Groups,
    sets: LabelSets,
    part: Part,
    *,
    average: Literal["macro", "micro"] = "macro",
    level: float = 0.95,
) -> Groupwise:
    """Recall, precision or F1 over all labels, in each group.

    Parameters
    ----------
    cells : Cells
    groups : Groups
    sets : LabelSets
        Of the same cells.
    part : {"recall", "precision", "f1"}
    average : {"macro", "micro"}
        Mean over the labels of which the part is defined in the group, or one part of all answers
        together.
    level : float

    Returns
    -------
    Groupwise
    """
    true, told = sets.truth.astype(float), sets.prediction.astype(float)
    below = {"recall": true, "precision": told, "f1": (true + told) / 2}[part]
    rows = {"recall": true, "precision": told, "f1": np.maximum(true, told)}[part]
    amounts = (true * told, below, rows)
    if average == "micro":
        amounts = tuple(a.sum(axis=1, keepdims=True) for a in amounts)
    return _mean(cells, groups, sets, *amounts, part, level)


def _mean(
    cells: Cells,
    groups: Groups,
    sets: LabelSets,
    above: Floats,
    below: Floats,
    rows: Floats,
    part: Part | None,
    level: float,
) -> Groupwise:
    """Mean over columns of the ratio of two sums, each column's over the rows of a group."""

    def total(amounts: Floats) -> Floats:
        each = [groups.total(cells.mass * a, sets.known) for a in amounts.T]
        return np.stack(each, axis=1)

    over = total(below)
    value = np.divide(total(above), over, out=np.full(over.shape, np.nan), where=over > 0)
    some = over > 0
    weight = some / np.maximum(some.sum(axis=1, keepdims=True), 1)
    mean = np.where(some.any(axis=1), (np.nan_to_num(value) * weight).sum(axis=1), np.nan)
    each = np.divide(weight, over, out=np.zeros_like(over), where=some)[groups.place]
    away = (each * (above - np.nan_to_num(value)[groups.place] * below)).sum(axis=1)
    found = spread(cells, groups, cells.mass * away, squares(cells) * away**2, sets.known)
    n = groups.total(cells.n, sets.known)
    counted = total(rows) * worth(found.pieces, groups.total(cells.mass, sets.known))
    more = unseen(value, counted, weight, part or "recall")
    cases = cases_worth(mean, found, more, times=len(sets.names))
    nobody = say("no label occurs in this group, neither as truth nor as prediction")
    return bounded(groups, mean, cases, found, n, level, nobody=[nobody] * groups.of)
