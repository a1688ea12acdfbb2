"""The one pass: any table → cells, by one grouped query in the engine that holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from iagkit.core.errors import DataError
from iagkit.measures.cells import Cells
from iagkit.measures.count_asked import (
    MAX_CELLS,
    MAX_LABELS,
    MAX_LEVELS,
    PERIODS,
    Asked,
    Bins,
    Moment,
    refuse,
)
from iagkit.measures.count_levels import cells_of, label_as, range_of, shown_as
from iagkit.measures.count_query import count_cells, different, engine_of, peek, table_of

__all__ = [
    "MAX_CELLS", "MAX_LABELS", "MAX_LEVELS", "PERIODS", "Bins", "Moment", "count", "different",
    "label_as", "range_of", "shown_as", "table_of",
]  # fmt: skip


def count(
    frame: Any,
    *,
    groups: Sequence[str] = (),
    truth: str | None = None,
    prediction: str | None = None,
    against: str | None = None,
    score: str | None = None,
    weight: str | None = None,
    cluster: str | None = None,
    bins: Bins | None = None,
    score_bins: int = 4096,
    most_labels: int = MAX_LABELS,
    time: str | None = None,
    every: str = "month",
    moments: Mapping[str, Moment] | None = None,
) -> Cells:
    """Count a table by groups, truth, prediction and score, where the table is.

    Parameters
    ----------
    frame : dataframe or relation
        Whatever narwhals knows: pandas, polars (eager or lazy), pyarrow, DuckDB, ibis, PySpark
        and others. Only cells leave it.
    groups : sequence of str
        Columns of groups of people; at most 200 groups each.
    truth, prediction : str, optional
        Columns of labels; at most 500 labels.
    against : str, optional
        Column of a second prediction, to be compared with the first.
    score : str, optional
        Column of probabilities; counted in ``score_bins`` equal bins from 0 to 1.
    weight : str, optional
        Column of row weights, none negative.
    cluster : str, optional
        Column that names who a row is of; then cells hold the rows of one cluster each.
    bins : mapping of str to sequence of float, optional
        Edges that cut a column of numbers into ranges ``[a, b)``; the last one has no end.
    score_bins : int
        0 counts every different score for itself: areas under curves are then those of the rows,
        and there may be as many cells as rows.
    most_labels : int
        More different answers are refused.
    time : str, optional
        Column of dates; its periods become one more column of groups, the last, with levels such
        as ``"2024"``, ``"2024-Q1"``, ``"2024-01"``, ``"2024-W05"`` (ISO 8601) or ``"2024-01-31"``.
        Rows without a date are a period of their own.
    every : {"month", "day", "week", "quarter", "year"}
        Length of a period.
    moments : mapping of str to Moment, optional
        Sums of further numbers, by name; see :class:`Moment`.

    Returns
    -------
    Cells
        Sorted; the same for every engine, sums of weights and numbers to the last bit.

    Raises
    ------
    DataError
        If a column is not there, a score is not a probability, a weight is negative or missing,
        a group column holds more values than groups can have, or the engine gives up.

    Notes
    -----
    The engine is asked for the different values among the first 4,000 rows, for the largest
    weight and number to sum if there are any, and then for the cells, in one grouped query.
    Dates with a time zone are taken in the zone of the engine's session.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"sex": ["f", "m", "f"], "y": [1, 0, 1], "p": [1, 1, 0]})
    >>> cells = count(table, groups=["sex"], truth="y", prediction="p")
    >>> cells.levels, cells.n.tolist()
    ((('f', 'm'),), [1.0, 1.0, 1.0])
    """
    asked = Asked(
        groups=tuple(dict.fromkeys(groups)), truth=truth, prediction=prediction, against=against,
        score=score, weight=weight, cluster=cluster, bins=dict(bins or {}),
        score_bins=score_bins if score else 0, most_labels=most_labels, time=time,
        every=every, moments=dict(moments or {}),
    )  # fmt: skip
    table = table_of(frame)
    with engine_of(table):
        refuse(asked, table.collect_schema())
        _refuse_mixed(table, asked)
        peek(table, asked)
        counted, amounts = count_cells(table, asked)
    return cells_of(counted, amounts, asked)


def _refuse_mixed(table: Any, asked: Asked) -> None:
    """Objects of Python may be anything: look what they are, where engines would stumble."""
    schema = table.collect_schema()
    for column in asked.keys().values():
        if schema[column] != nw.Object:
            continue
        kind = _kind(table, column)
        if kind.startswith(("mixed", "unknown", "bytes")) and kind != "mixed-integer-float":
            msg = (
                f"expected one kind of value in '{column}'; got a column of objects ({kind}). "
                "Write it all as text, or all as numbers"
            )
            raise DataError(msg)


def _kind(table: Any, column: str) -> str:
    import pandas as pd

    native = table.get_column(column).to_native()
    if not isinstance(native, pd.Series):
        return "unknown"
    return pd.api.types.infer_dtype(native, skipna=True)
