"""Several labels a row, however a table holds them: columns of yes and no, lists, or text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from iagkit.core.errors import DataError
from iagkit.measures.cells import UNKNOWN, Cells
from iagkit.measures.count_levels import label_as
from iagkit.measures.count_query import arrow, table_of
from iagkit.measures.counting import count
from iagkit.measures.multilabel import (
    MAX_SETS,
    SEPARATOR,
    count_label_lists,
    count_label_sets,
    parted,
)


def count_labels(
    frame: Any,
    *,
    truth: str | Sequence[str],
    prediction: str | Sequence[str],
    labels: Sequence[str] = (),
    separator: str | None = None,
    **asked: Any,
) -> tuple[Cells, str]:
    """Count a table whose rows have several labels each.

    Parameters
    ----------
    frame : dataframe or relation
        As for :func:`iagkit.measures.counting.count`.
    truth, prediction : str or sequence of str
        One column of lists; one of text with a ``separator``; or one column a label, in the same
        order, of booleans or of 0 and 1.
    labels : sequence of str
        Labels that exist, or the names of the columns' labels; found out if not given.
    separator : str, optional
        What stands between the labels of a text. A text that is only the separator has none; an
        empty one is not known.
    **asked
        Groups, weight, cluster and bins, as for :func:`iagkit.measures.counting.count`.

    Returns
    -------
    cells : Cells
        Whose labels are sets, each written in one way.
    separator : str
        What stands between labels in them, for :func:`iagkit.measures.multilabel.label_sets`.

    Raises
    ------
    DataError
        If a column is not there or holds something else.
    """
    if not isinstance(truth, str) or not isinstance(prediction, str):
        pairs = dict(zip(labels or truth, zip(truth, prediction, strict=True), strict=True))
        return _one_way(count_label_sets(frame, labels=pairs, **asked), SEPARATOR), SEPARATOR
    asked |= {"truth": truth, "prediction": prediction}
    if separator is None and (texts := _texts_of_objects(frame, (truth, prediction))) is not None:
        frame, separator = texts, SEPARATOR
    if separator is None:
        named = labels or _labels_in(frame, (truth, prediction))
        return _one_way(count_label_lists(frame, labels=named, **asked), SEPARATOR), SEPARATOR
    if not separator.strip():
        msg = "expected a separator that can be seen, such as ';' or '|'; got none or a blank"
        raise DataError(msg)
    return _one_way(count(frame, most_labels=MAX_SETS, **asked), separator), separator


def _one_way(cells: Cells, separator: str) -> Cells:
    """Cells whose sets are written in one way each, whatever order the table has them in."""
    assert cells.truth is not None
    assert cells.prediction is not None
    written = [separator.join(sorted(parted(label, separator))) for label in cells.labels]
    labels = tuple(sorted(set(written)))
    places = {label: i for i, label in enumerate(labels)}
    number = np.array([*(places[label] for label in written), UNKNOWN], dtype=np.intp)
    return replace(
        cells, labels=labels, truth=number[cells.truth], prediction=number[cells.prediction]
    )


def _labels_in(frame: Any, columns: Sequence[str]) -> list[str]:
    """Every label that occurs in columns of lists, found by the engine."""
    import narwhals as nw

    table, found = table_of(frame), set[str]()
    schema = table.collect_schema()
    for column in columns:
        if not isinstance(schema.get(column), nw.List):
            told = f"got {schema[column]}" if column in schema else "the table has no such column"
            msg = (
                f"expected lists of labels in '{column}'; {told}. If it is text, tell what stands "
                "between two labels: --label-separator ';'"
            )
            raise DataError(msg)
        if table.implementation.is_pyarrow():  # it has no explode
            values = table[column].to_native().combine_chunks().flatten().unique().to_pylist()
        else:
            each = table.select(column).explode(column).group_by(column).agg(nw.len().alias("n"))
            values = arrow(each).column(column).to_pylist()
        found |= {v for v in values if v is not None}
    return sorted(found)


def _texts_of_objects(frame: Any, columns: Sequence[str]) -> Any:
    """Lists in a pandas table, which knows no such type, as text; ``None`` for other tables."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame) or not set(columns) <= set(frame.columns):
        return None
    if not all(frame[c].dtype == object for c in columns):
        return None
    return frame.assign(**{c: frame[c].map(_text_of(c)) for c in columns})


def _text_of(column: str) -> Any:
    def written(cell: Any) -> str | None:
        if cell is None or (isinstance(cell, float) and np.isnan(cell)):
            return None
        if isinstance(cell, str) or not hasattr(cell, "__iter__"):
            msg = (
                f"expected lists of labels in '{column}'; got {type(cell).__name__}. If it is "
                "text, tell what stands between two labels: --label-separator ';'"
            )
            raise DataError(msg)
        labels = [label_as(label) for label in cell]
        if any(SEPARATOR in label for label in labels):
            msg = f"expected labels without '{SEPARATOR}' in '{column}'; some hold it. Rename them"
            raise DataError(msg)
        return SEPARATOR + SEPARATOR.join(labels)

    return written
