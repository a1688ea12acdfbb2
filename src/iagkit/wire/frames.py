"""Where the rows of an audit are: opened in the engine that counts them, and closed again.

Parquet and large CSV are read by DuckDB, a query stays in its database, and smaller files come into
memory.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.wire import csv_frames, databases, parquet_frames, postgres_frames, sources, tables
from iagkit.wire.sources import Source

WILD: Final = re.compile(r"[*?\[]")


def _nothing() -> None:
    """Close what needs no closing."""


def _unknown() -> float | None:
    """Tell no progress."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Rows that can be counted where they are, until this is closed.

    Parameters
    ----------
    frame : dataframe or relation
        What narwhals accepts.
    origin : str
        Name of the file or folder, or the address of the database without its password.
    sha256 : str
        Digest of the bytes of a file; of the names and digests of the files of a folder; of
        address and query for a database, whose rows are not read for it.
    rows : int or None
        How many rows, where that is known without reading them.
    notes : tuple of Message
        What was chosen in reading.
    progress : callable
        Share of the rows that a count under way has read, or ``None`` where the engine does not
        tell; may be called from another thread.
    close : callable
        Leave the engine; a count still under way in a database is cancelled there.
    """

    frame: Any
    origin: str
    sha256: str
    rows: int | None = None
    notes: tuple[Message, ...] = ()
    progress: Callable[[], float | None] = _unknown
    close: Callable[[], None] = _nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_frame(
    source: str | Path,
    *,
    query: str | None = None,
    columns: Sequence[str] | None = None,
    dates: Sequence[str] = (),
) -> Opened:
    r"""Open rows for a count, without reading them where an engine can.

    Parameters
    ----------
    source : str or Path
        Parquet file, folder of Parquet files or pattern such as ``"2024/*.parquet"``; CSV, Excel
        or JSON Lines; ``"-"`` for standard input; URL of a PostgreSQL or SQLite database.
    query : str, optional
        One SELECT, for a database; the name of a sheet, for Excel.
    columns : sequence of str, optional
        Columns that are needed; the others are not kept. Ignored if one of them is not there, so
        that whoever counts can say so.
    dates : sequence of str
        Columns in which DuckDB shall read ISO dates if they are texts. Tables that come into memory
        and queries are left as they are.

    Returns
    -------
    Opened
        To be used in a ``with`` statement.

    Raises
    ------
    DataError
        If there is no such source, or it cannot be understood.
    UsageError
        If a database is given without a SELECT.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp(), "decisions.csv")
    >>> _ = file.write_text("sex,granted\nf,1\nm,0\n")
    >>> with open_frame(file) as opened:
    ...     opened.origin, len(opened.frame)
    ('decisions.csv', 2)
    """
    opened = _opened(source, query, columns)
    try:
        for column in dates:
            opened = replace(opened, frame=parquet_frames.dated(opened.frame, column))
    except BaseException:
        opened.close()
        raise
    return opened


def _opened(source: str | Path, query: str | None, columns: Sequence[str] | None) -> Opened:
    if databases.is_address(source):
        return _database(str(source), query, columns)
    if files := _parquet_files(source):
        return _parquet(_named(Path(source)), files, query, columns)
    given = sources.source(source)
    kind = sources.recognise(given)
    if kind == "parquet" and given.path is not None and not given.packed():
        return _parquet(given.name, [given.path], query, columns)
    return _table(given, query, columns)


def _database(address: str, query: str | None, columns: Sequence[str] | None) -> Opened:
    select = databases.single_select(query)
    shown = databases.shown(address)
    digest = hashlib.sha256(f"{shown}\n{select}".encode()).hexdigest()
    note = say("the digest of a database is that of its address and the query, not of its rows")
    if not address.lower().startswith("postgresql"):
        table = _narrow(databases.read(address, select), columns)
        return Opened(frame=table, origin=shown, sha256=digest, rows=len(table), notes=(note,))
    frame, close = postgres_frames.opened(address, select)
    return Opened(frame=frame, origin=shown, sha256=digest, notes=(note,), close=close)


def _table(given: Source, query: str | None, columns: Sequence[str] | None) -> Opened:
    kind = sources.recognise(given)
    if given.size() >= csv_frames.LARGE and kind in ("csv", "jsonl"):
        tables.refuse_query(given.name, query)
        return _large(given, kind, columns)
    table = tables.read(given, query=query, wanted=columns)
    notes = tuple(table.attrs.pop("notes", ()))
    kept = _narrow(table, columns)
    return Opened(frame=kept, origin=given.name, sha256=given.sha256(), rows=len(kept), notes=notes)


def _large(given: Source, kind: str, columns: Sequence[str] | None) -> Opened:
    """A table that does not come into memory: counted where it is, or copied to be so."""
    digest = given.sha256()
    if kind == "csv" and (found := csv_frames.read_in_place(given, columns)) is not None:
        frame, progress, close, rows = found
        return Opened(
            frame=frame, origin=given.name, sha256=digest, rows=rows, progress=progress, close=close
        )
    pieces = tables.pieces(given, rows=csv_frames.PIECE)
    frame, progress, close = csv_frames.copied(given.name, pieces, columns)
    note = say("copied to a private file while it was counted, because it is large")
    return Opened(
        frame=frame, origin=given.name, sha256=digest, rows=parquet_frames.rows(frame, given.name),
        notes=(note,), progress=progress, close=close,
    )  # fmt: skip


def _narrow(table: Any, columns: Sequence[str] | None) -> Any:
    """Only these columns, if all of them are there."""
    if columns is None or not set(columns) <= set(table.columns):
        return table
    return table[list(dict.fromkeys(columns))]


def _parquet(
    name: str, files: Sequence[Path], query: str | None, columns: Sequence[str] | None
) -> Opened:
    tables.refuse_query(name, query)
    relation, progress, close = parquet_frames.opened(name, files)
    try:
        rows = parquet_frames.rows(relation, name)
        digest = parquet_frames.sha256(files)
    except BaseException:
        close()
        raise
    if columns is not None and set(columns) <= set(relation.columns):
        relation = parquet_frames.only(relation, columns)
    return Opened(
        frame=relation, origin=name, sha256=digest, rows=rows, progress=progress, close=close
    )


def _parquet_files(source: str | Path) -> list[Path]:
    """Files of a folder or a pattern, in order; none if the source is a single file."""
    path = Path(source).expanduser()
    if path.is_dir():
        found = sorted(p for p in path.rglob("*.parquet") if p.is_file())
        if not found:
            msg = (
                f"expected a file, or a folder with Parquet files (*.parquet); '{path}' is a "
                "folder without any. Name the file"
            )
            raise DataError(msg)
        return found
    if path.exists() or not WILD.search(str(source)):
        return []
    found = sorted(p for p in _matching(path) if p.is_file())
    if not found:
        msg = f"expected files that match '{source}'; there is none. Check the path"
        raise DataError(msg)
    other = [p.name for p in found if p.suffix.lower() != ".parquet"]
    if other:
        msg = (
            f"expected Parquet files (*.parquet) for a pattern; '{source}' also matches "
            f"{len(other)} other file(s), such as '{other[0]}'. Join other tables to one file first"
        )
        raise DataError(msg)
    return found


def _named(path: Path) -> str:
    """Name of a folder, or a pattern from its first wild part on."""
    wild = [place for place, part in enumerate(path.parts) if WILD.search(part)]
    return path.name if path.exists() or not wild else "/".join(path.parts[wild[0] :])


def _matching(path: Path) -> list[Path]:
    whole = path.absolute()
    return list(Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))))
