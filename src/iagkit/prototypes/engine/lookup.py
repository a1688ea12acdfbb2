"""The row of one case, from the institution's own table; its texts never leave that table."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iagkit.core.errors import DataError
from iagkit.core.nouns import Dataset
from iagkit.core.record import Record
from iagkit.core.registry import did_you_mean
from iagkit.prototypes.engine.model import RoutingModel

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("text", "target", "groups", "time", "id", "office", "language", "split")
SETTINGS = frozenset({"data", "query", "long_texts", *ROLES})
READ = ("text", "id", "office", "language")
MOST_TO_COMPARE = 20_000
"""Looking for the nearest of more ids would take minutes."""


def row_of(
    case: str, *, model: RoutingModel, record: Record, file: Path, data: str | None
) -> pd.DataFrame:
    """Find the row of a case.

    Parameters
    ----------
    case : str
        Its id.
    model : RoutingModel
    record : Record
        Of the run; tells the columns, and the digest of the table.
    file : Path
        Private note of the run: where the table is, and the roles of its columns.
    data : str, optional
        The table, where it has moved since the run.

    Returns
    -------
    DataFrame of one row

    Raises
    ------
    DataError
        If the table cannot be found or read, there is no such case, or cases are named by
        their row and the table has changed.
    """
    from iagkit.wire import datasets

    told = _columns_of(model, record) | noted(file) | ({"data": data} if data else {})
    if "data" not in told:
        msg = f"the run does not say where its table is; name it with --data (case '{case}')"
        raise DataError(msg)
    dataset = datasets.load(**{**told, "required": ("text",)})
    ids = model.ids(dataset.table, column=dataset.column("id"), first=0)
    if case not in ids:
        near = did_you_mean(case, ids) if len(ids) <= MOST_TO_COMPARE else ""
        msg = f"there is no case '{case}' among the {len(ids)} of the table.{near}"
        raise DataError(msg)
    _refuse_other_rows(dataset, record, case)
    place = ids.index(case)
    row: pd.DataFrame = dataset.table.iloc[place : place + 1]
    return row


def _columns_of(model: RoutingModel, record: Record) -> dict[str, Any]:
    """Columns that the model reads, as far as the table itself has them."""
    from iagkit.wire.datasets import LANGUAGE

    columns = {column["name"] for column in record.dataset["columns"]} - {LANGUAGE}
    known = {role: model.roles.get(role) for role in READ}
    return {role: column for role, column in known.items() if column in columns}


def noted(file: Path, known: Collection[str] = SETTINGS) -> dict[str, Any]:
    """What the private note of a run tells: where its data are, and its settings."""
    if not file.is_file():
        return {}
    try:
        told = dict(json.loads(file.read_bytes()))
    except (ValueError, TypeError, RecursionError):
        told = {"damaged": True}
    if set(told) - set(known) or not isinstance(told.get("data", ""), str):
        msg = (
            f"expected a table and its columns in '{file}'; it is damaged. Remove it and name the "
            "table with --data"
        )
        raise DataError(msg)
    return told


def _refuse_other_rows(dataset: Dataset, record: Record, case: str) -> None:
    if dataset.column("id") is None and dataset.sha256 != record.dataset["sha256"]:
        msg = (
            f"expected the table of the run, as cases are named by their row; '{dataset.origin}' "
            f"is not the same, so '{case}' may be another case. Name that table with --data, or "
            "run again with --id"
        )
        raise DataError(msg)
