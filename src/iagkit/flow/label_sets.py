"""Audits of rows with several labels each: which columns hold them, and how they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from iagkit.core.errors import UsageError
from iagkit.measures.cells import Cells

if TYPE_CHECKING:
    from iagkit.flow.asked import Inquiry

Columns = str | Sequence[str] | None
MAX_NAMES = 100
TOGETHER = " + "


def columns_of(truth: Columns, prediction: Columns, labels: tuple[str, ...]) -> dict[str, Any]:
    """Truth, prediction and labels as an inquiry has them; several columns are one a label.

    Raises
    ------
    UsageError
        If they are not as many on both sides, or one name each.
    """
    true, told = _listed(truth), _listed(prediction)
    if max(len(true), len(told)) < 2:
        one = {"truth": next(iter(true), None), "prediction": next(iter(told), None)}
        return {**one, "labels": labels}
    names = labels or true
    if not len(true) == len(told) == len(names) == len(set(names)):
        msg = (
            "expected a column of truth, one of prediction and one name for each label, in the "
            f"same order; got {len(true)}, {len(told)} and {len(set(names))}"
        )
        raise UsageError(msg)
    return {
        "truth": TOGETHER.join(true), "prediction": TOGETHER.join(told), "labels": names,
        "label_columns": dict(zip(names, zip(true, told, strict=True), strict=True)),
    }  # fmt: skip


def _listed(columns: Columns) -> tuple[str, ...]:
    if columns is None:
        return ()
    return (columns,) if isinstance(columns, str) else tuple(columns)


def cells_of(frame: Any, asked: Inquiry) -> Cells | None:
    """Count the sets of labels; ``None`` if a row has only one.

    Raises
    ------
    UsageError
        If the task is another one, or a column is not named.
    DataError
        If the columns hold something else.
    """
    if not asked.several:
        _refuse_other_task(asked)
        return None
    if asked.truth is None or asked.prediction is None:
        msg = "expected --truth and --prediction for --task multilabel; name both columns"
        raise UsageError(msg)
    from iagkit.measures.count_labels import count_labels

    pairs = asked.label_columns.values()
    return count_labels(
        frame, truth=[true for true, _ in pairs] or asked.truth,
        prediction=[told for _, told in pairs] or asked.prediction, labels=asked.labels,
        separator=asked.label_separator, groups=asked.groups, weight=asked.weight,
        cluster=asked.cluster, bins=asked.bins,
    )[0]  # fmt: skip


def _refuse_other_task(asked: Inquiry) -> None:
    if asked.label_separator is not None or asked.label_columns:
        msg = (
            f"expected one label a row for --task {asked.task}; several columns of truth or a "
            "--label-separator are for --task multilabel"
        )
        raise UsageError(msg)


def refuse_rows(asked: Inquiry) -> None:
    """Refuse functions and models, which are asked for one answer a row.

    Raises
    ------
    UsageError
    """
    if asked.several:
        msg = "expected no metrics and no model for several labels a row; audit one label with them"
        raise UsageError(msg)


def named(asked: Inquiry, cells: Cells, task: str) -> dict[str, Any]:
    """Names of the labels, and what stands between them in the cells, for the settings.

    Raises
    ------
    DataError
        If a label occurs that was not declared.
    UsageError
        If there are more labels than a page can tell of.
    """
    if task != "multilabel":
        return {}
    from iagkit.measures.multilabel import SEPARATOR, label_sets

    separator = asked.label_separator or SEPARATOR
    names = label_sets(cells, names=asked.labels or None, separator=separator).names
    if not 1 <= len(names) <= MAX_NAMES:
        msg = (
            f"expected at most {MAX_NAMES} labels, each of several rows; got {len(names)}. Join "
            "rare ones, or name the column of labels"
        )
        raise UsageError(msg)
    return {"names": names, "separator": separator}
