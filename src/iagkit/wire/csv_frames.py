"""Large tables of text: CSV read in place by DuckDB, anything else copied to Parquet first.

Dialect, blanks and types are those of :mod:`iagkit.wire.text_tables`, so that a table is the same
table however large it is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.wire import encodings, parquet_frames, text_tables
from iagkit.wire.columns import BLANK, NUMBER
from iagkit.wire.sources import Source

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LARGE: Final = 200 << 20
"""Bytes from which a file no longer comes into memory."""
LONGEST_LINE: Final = 1 << 24
PIECE: Final = 50_000
"""Rows that are copied at a time."""
Leave = tuple[Any, Callable[[], float | None], Callable[[], None], int]


def read_in_place(given: Source, columns: Sequence[str] | None) -> Leave | None:
    """Open a large CSV as a relation of DuckDB; with progress, how to close it, and its rows.

    Returns
    -------
    tuple or None
        ``None`` where DuckDB does not read what :mod:`text_tables` may: another encoding, broken
        rows. Whoever asks reads it piece by piece then, and is told what is wrong with it.
    """
    import duckdb

    encoding = encodings.detect(given.blocks, name=given.name)
    if given.path is None or given.packed() or not encoding.startswith("utf-8"):
        return None
    names, delimiter, skip = text_tables.opening(given, encoding)
    path = given.path.resolve()
    connection, close = parquet_frames.engine([path])
    try:
        texts = connection.sql(_reader(path, names, delimiter, skip))
        kept = columns if columns is not None and set(columns) <= set(names) else names
        typed, rows = _typed(texts, list(dict.fromkeys(kept)))
    except duckdb.Error:
        close()
        return None
    except BaseException:
        close()
        raise
    return typed, parquet_frames.progress_of(connection), close, rows


def _reader(path: Path, names: Sequence[str], delimiter: str, skip: int) -> str:
    """Query that reads every cell as text, with blanks missing."""
    quoted = parquet_frames.quoted
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    blanks = ", ".join(quoted(blank) for blank in sorted(BLANK))
    return (
        f"SELECT * FROM read_csv({quoted(str(path))}, delim={quoted(delimiter)}, skip={skip}, "  # noqa: S608 (quoted)
        f"columns={{{columns}}}, nullstr=[{blanks}], header=true, quote='\"', escape='\"', "
        f"auto_detect=false, strict_mode=true, max_line_size={LONGEST_LINE})"
    )


def _typed(texts: duckdb.DuckDBPyRelation, names: Sequence[str]) -> tuple[Any, int]:
    """Give columns of numbers their type, as learnt from all rows; and count the rows."""
    asks = ["count(*)"]
    for name in map(parquet_frames.named, names):
        number = f"regexp_full_match({name}, {parquet_frames.quoted(NUMBER.pattern)})"
        asks += [
            f"count({name})",
            f"bool_and({number})",
            f"bool_or(regexp_matches({name}, '[.e]'))",
        ]
    rows, *told = texts.aggregate(", ".join(asks)).fetchone() or (0,)
    columns = []
    for i, name in enumerate(names):
        known, number, broken = told[3 * i : 3 * i + 3]
        kind = "BIGINT" if known == rows and not broken else "DOUBLE"
        plain = parquet_frames.named(name)
        columns.append(f"CAST({plain} AS {kind}) AS {plain}" if known and number else plain)
    return texts.project(", ".join(columns)), int(rows)


def copied(
    name: str, pieces: Iterator[pd.DataFrame], columns: Sequence[str] | None
) -> tuple[Any, Callable[[], float | None], Callable[[], None]]:
    """Copy a table piece by piece to a Parquet file, private and deleted on close; open that."""
    folder = tempfile.TemporaryDirectory(prefix="iagkit-", ignore_cleanup_errors=True)
    file = Path(folder.name, "table.parquet")
    try:
        _write(pieces, file, columns)
        relation, progress, leave = parquet_frames.opened(name, [file])
    except BaseException:
        folder.cleanup()
        raise

    def close() -> None:
        leave()
        folder.cleanup()

    return relation, progress, close


def _write(pieces: Iterator[pd.DataFrame], file: Path, columns: Sequence[str] | None) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer = None
    try:
        for piece in pieces:
            there = columns is not None and set(columns) <= set(piece.columns)
            part = piece[list(dict.fromkeys(columns or ()))] if there else piece
            table = pa.Table.from_pandas(part, preserve_index=False).replace_schema_metadata(None)
            writer = writer or pq.ParquetWriter(file, table.schema)
            writer.write_table(table.cast(writer.schema))
    except pa.ArrowException:
        msg = (
            "expected one kind of value in each column; a column of the table mixes several. Write "
            "it all as text, or all as numbers"
        )
        raise DataError(msg) from None
    finally:
        if writer is not None:
            writer.close()
