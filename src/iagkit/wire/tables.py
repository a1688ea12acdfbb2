"""One table from anywhere: file, standard input or database; whole or piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.wire import (
    databases,
    excel_tables,
    json_tables,
    parquet_tables,
    sources,
    text_tables,
)
from iagkit.wire.sources import Source

if TYPE_CHECKING:
    import pandas as pd

NOT_UTF8: Final = say("read as Windows-1252 (Latin-1), because it is not UTF-8")


def read_table(source: str | Path, *, query: str | None = None) -> pd.DataFrame:
    r"""Read a table.

    The format is recognised by the content: CSV (any of ``, ; tab |``; UTF-8, UTF-16,
    Latin-1 or Windows-1252), Excel, Parquet, JSON Lines; each may be gzip. Codes such as
    ``00123`` stay text; whole numbers with gaps become floats; cells that read ``NA``,
    ``N/A``, ``NaN``, ``NULL`` or nothing are missing.

    Parameters
    ----------
    source : str or Path
        File, ``"-"`` for standard input, or a database URL (SQLite or PostgreSQL).
    query : str, optional
        One SELECT, for a database; the name of a sheet, for Excel (default: the first).

    Returns
    -------
    DataFrame
        Columns as they are named in the source; ``attrs["notes"]`` says what was chosen.

    Raises
    ------
    DataError
        If there is no such source, or it cannot be understood; no cell is ever told.
    UsageError
        If a database is given without a SELECT.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "requests.csv")
    >>> _ = file.write_text("id;office\n007;parks\n008;water\n")
    >>> read_table(file)["id"].tolist()
    ['007', '008']
    """
    if databases.is_address(source):
        return databases.read(str(source), query)
    return read(sources.source(source), query=query)


def read(
    given: Source, *, query: str | None = None, wanted: Sequence[str] | None = None
) -> pd.DataFrame:
    """Read a source that was already opened; of CSV only ``wanted`` columns, if all are there."""
    kind = sources.recognise(given)
    if kind == "xlsx":
        return excel_tables.read(given, sheet=query)
    refuse_query(given.name, query)
    if kind == "parquet":
        return parquet_tables.read(given)
    if kind == "json":
        return json_tables.read_array(given)
    if kind == "jsonl":
        shape = json_tables.understand(given)
        return next(json_tables.chunks(given, shape, rows=shape.rows))
    dialect = text_tables.understand(given, wanted)
    table = next(text_tables.chunks(given, dialect, rows=dialect.rows))
    if dialect.encoding in ("cp1252", "latin-1"):
        table.attrs["notes"] = (NOT_UTF8,)
    return table


def iter_table(
    source: str | Path, *, rows: int = 5000, query: str | None = None
) -> Iterator[pd.DataFrame]:
    """Read a table piece by piece, in memory for one piece (CSV, JSON Lines, Parquet, database).

    Text files are read twice: every row is checked before the first piece is handed over,
    and a column has the same type in every piece.

    Parameters
    ----------
    source, query
        As for :func:`read_table`.
    rows : int
        Most rows in a piece.

    Yields
    ------
    DataFrame

    Raises
    ------
    DataError, UsageError
        As :func:`read_table`.
    """
    if databases.is_address(source):
        yield from databases.chunks(str(source), query, rows=rows)
        return
    yield from pieces(sources.source(source), rows=rows, query=query)


def pieces(given: Source, *, rows: int, query: str | None = None) -> Iterator[pd.DataFrame]:
    """Hand over, piece by piece, a source that was already opened."""
    kind = sources.recognise(given)
    if kind == "parquet":
        refuse_query(given.name, query)
        yield from parquet_tables.chunks(given, rows=rows)
    elif kind == "csv":
        refuse_query(given.name, query)
        yield from text_tables.chunks(given, text_tables.understand(given), rows=rows)
    elif kind == "jsonl":
        refuse_query(given.name, query)
        yield from json_tables.chunks(given, json_tables.understand(given), rows=rows)
    else:
        yield from _slices(read(given, query=query), rows)


def _slices(table: pd.DataFrame, rows: int) -> Iterator[pd.DataFrame]:
    for begin in range(0, len(table), rows):
        yield table.iloc[begin : begin + rows].reset_index(drop=True)


def refuse_query(name: str, query: str | None) -> None:
    """Refuse a query where there is nothing to ask.

    Raises
    ------
    DataError
        If there is one.
    """
    if query is not None:
        msg = (
            f"--query is for a database URL, or names a sheet of an Excel file; '{name}' is "
            "neither. Leave it out"
        )
        raise DataError(msg)


def count_rows_hint(source: str | Path) -> int | None:
    """About how many rows a file has, for a progress bar; ``None`` where that is not cheap.

    Exact for Parquet, an estimate from the first 64 KB for CSV and JSON Lines.
    """
    if databases.is_address(source) or str(source) == "-":
        return None
    given = sources.source(source)
    kind = sources.recognise(given)
    if kind == "parquet":
        return parquet_tables.count(given)
    if kind not in ("csv", "jsonl") or given.packed():
        return None
    head = given.head()
    lines = max(1, head.count(b"\n"))
    return max(1, round(given.size() * lines / len(head)) - (kind == "csv"))


def size_in_bytes(source: str | Path) -> int | None:
    """Bytes of a file as stored; ``None`` for standard input and databases."""
    if databases.is_address(source) or str(source) == "-":
        return None
    return sources.source(source).size()
