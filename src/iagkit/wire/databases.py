"""One SELECT in a database, read only."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from iagkit.core.errors import DataError, UsageError
from iagkit.wire.columns import Mixture, frame, name_columns, no_rows

if TYPE_CHECKING:
    import pandas as pd

ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
COMMENT: Final = re.compile(r"\s+|--[^\n]*(?:\n|$)|/\*.*?\*/", re.DOTALL)
FETCHED: Final = 10_000
READS: Final = ("sqlite", "postgresql")
SECONDS: Final = "IAGKIT_QUERY_SECONDS"
"""Variable of the environment with the seconds after which a query is given up."""
PATIENCE: Final = 3600
"""Seconds for SQLite, which has no limit of its own; the server of PostgreSQL keeps its own."""
MOST_ROWS: Final = 5_000_000
"""More rows of SQLite do not come into the memory of a small machine."""
LONGEST_CELL: Final = 1 << 26
STEPS: Final = 100_000
"""Steps of SQLite's machine, some milliseconds, between two looks at the clock."""
WRITES: Final = re.compile(r"read-?only|data-modifying", re.IGNORECASE)
ENDLESS: Final = re.compile(r"statement timeout|^interrupted$", re.IGNORECASE)
HELPFUL: Final = re.compile(
    r"no such (table|column)|does not exist|syntax error|permission denied|read-?only|"
    r"authentication failed|connection refused|could not translate|not a database|timeout|too big",
    re.IGNORECASE,
)


def is_address(given: object) -> bool:
    """Tell whether this is the URL of a database, or of anything."""
    return bool(ADDRESS.match(str(given)))


def read(address: str, query: str | None) -> pd.DataFrame:
    """Read the answer to one SELECT as a DataFrame.

    Raises
    ------
    DataError
        If the database cannot be reached or does not answer; the password is never told.
    UsageError
        If there is no query, or it is not a single SELECT.
    """
    with _answer(address, query) as (names, answer):
        rows: list[Sequence[Any]] = []
        for part in answer.partitions(FETCHED):
            rows += part
            if len(rows) > MOST_ROWS:
                raise _too_many_rows(address)
        return _frame(names, rows, address)


def chunks(address: str, query: str | None, *, rows: int) -> Iterator[pd.DataFrame]:
    """Hand the answer over in DataFrames of at most ``rows`` rows."""
    with _answer(address, query) as (names, answer):
        part = answer.fetchmany(rows)
        while True:
            yield _frame(names, part, address)
            if not (part := answer.fetchmany(rows)):
                return


def seconds() -> float | None:
    """Seconds after which a query is given up, if the environment sets them.

    Raises
    ------
    UsageError
        If the environment asks for something else than a number above 0.
    """
    asked = os.environ.get(SECONDS)
    if asked is None:
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", asked) or float(asked) <= 0:
        msg = f"expected seconds above 0 in {SECONDS}, such as {PATIENCE}; got something else"
        raise UsageError(msg)
    return float(asked)


def postgres_limit() -> str:
    """Statement that sets the time limit of a session; without a wish, the server's own stays."""
    asked = seconds()
    return "SELECT 1" if asked is None else f"SET statement_timeout = {int(1000 * asked)}"


def _allowed(address: str) -> str:
    asked = seconds() or (PATIENCE if address.startswith("sqlite") else None)
    return "the time its server allows" if asked is None else f"{asked:g} seconds"


def _too_many_rows(address: str) -> DataError:
    return DataError(
        f"expected at most {MOST_ROWS:,} rows from {shown(address)}, because they come into "
        "memory; there are more. Does the query end? If it does, let it join or filter, or export "
        "the table as Parquet, which is counted where it is"
    )


def _frame(names: list[str], rows: Sequence[Sequence[Any]], address: str) -> pd.DataFrame:
    if not rows:
        raise no_rows(shown(address), len(names))
    kinds = [Mixture() for _ in names]
    cells = [[float(c) if isinstance(c, Decimal) else c for c in row] for row in rows]
    for row in cells:
        for kind, cell in zip(kinds, row, strict=True):
            kind.learn((cell,))
    return frame(names, kinds, cells)


@contextmanager
def _answer(address: str, query: str | None) -> Iterator[tuple[list[str], Any]]:
    select = single_select(query)
    with _connection(address) as connection:
        answer = connection.execution_options(no_parameters=True).exec_driver_sql(select)
        yield name_columns(list(answer.keys()), source=shown(address)), answer


def single_select(query: str | None) -> str:
    """Check that a query only reads, and is one statement.

    Raises
    ------
    UsageError
        Otherwise. A semicolon is refused wherever it stands but at the end: cutting SQL at
        quotes is a different art in every database, and none is needed to read a table.
    """
    if query is None or not query.strip():
        msg = 'a database needs a query; add --query "SELECT column, column FROM table"'
        raise UsageError(msg)
    select = query.strip().rstrip(";").rstrip()
    start = select
    while found := COMMENT.match(start):
        start = start[found.end() :]
    if not re.match(r"(select|with)\b", start, re.IGNORECASE) or ";" in select:
        msg = (
            "expected a single SELECT (or WITH ... SELECT), without ';' inside; got "
            f"{'several statements' if ';' in select else 'another statement'}. iagkit only reads"
        )
        raise UsageError(msg)
    return select


def shown(address: str) -> str:
    """Address without its password and without options, which may hold one."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return str(make_url(address).set(query={}).render_as_string(hide_password=True))
    except (ArgumentError, ValueError):
        return f"{address.partition('://')[0]}://..."


def sha256(table: Any) -> str:
    """Digest of an answer, written as CSV in UTF-8 with line feeds."""
    written: str = table.to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(written.encode()).hexdigest()


@contextmanager
def _connection(address: str) -> Iterator[Any]:
    engine = _engine(address)
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only = ON")
                _bound(connection.connection.driver_connection)
            else:
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
                connection.exec_driver_sql(postgres_limit())
            yield connection.execution_options(stream_results=True)
            connection.rollback()
    except SQLAlchemyError as error:
        refuse(error, address)
    finally:
        engine.dispose()


def _bound(connection: Any) -> None:
    """Give up a query of SQLite that takes too long, or makes a cell that fills the memory."""
    from sqlite3 import SQLITE_LIMIT_LENGTH

    end = time.monotonic() + (seconds() or PATIENCE)
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    connection.setlimit(SQLITE_LIMIT_LENGTH, LONGEST_CELL)


def _engine(address: str) -> Any:
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    kind = re.split(r"[+:]", address, maxsplit=1)[0].lower()
    if kind not in READS:
        msg = (
            f"expected the URL of an SQLite or PostgreSQL database; got one that begins with "
            f"'{kind}://'. Download the file first, or export the table as CSV"
        )
        raise UsageError(msg)
    try:
        url = make_url(address)
        if kind == "sqlite":
            _refuse_missing_file(url.database)
        return create_engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError):
        msg = f"expected {kind}://USER@HOST/DATABASE; the URL given cannot be understood"
        raise UsageError(msg) from None
    except ImportError as error:
        msg = (
            f"no driver for {kind} is installed ({error.name}). Install iagkit with its 'db' extra "
            "and begin the URL with postgresql+psycopg://"
        )
        raise DataError(msg) from None


def _refuse_missing_file(database: str | None) -> None:
    path = Path(str(database).removeprefix("file:").partition("?")[0])
    if not database or not path.is_file():
        msg = (
            f"expected an SQLite file; there is none at '{database or ''}'. An absolute path needs "
            "four slashes: sqlite:////folder/file.db"
        )
        raise DataError(msg)


def refuse(error: Exception, address: str) -> NoReturn:
    """Say that a database did not answer, and why as far as that holds no cell.

    Raises
    ------
    DataError
        Always.
    """
    original = getattr(error, "orig", error)
    first = str(original or "").strip().partition("\n")[0]
    if WRITES.search(first):
        msg = (
            f"expected a query that only reads; this one would write, which {shown(address)} was "
            "told to refuse. Nothing was changed. Give a SELECT without INSERT, UPDATE or DELETE"
        )
        raise UsageError(msg) from None
    if ENDLESS.search(first):
        msg = (
            f"expected an answer of {shown(address)} within {_allowed(address)}; the query was "
            f"given up there. Does it end? If it needs longer, set {SECONDS}"
        )
        raise DataError(msg) from None
    # Messages of databases may quote cells and passwords: only known, harmless ones are told.
    why = (
        first[:200]
        if HELPFUL.search(first) and "'" not in first
        else type(original or error).__name__
    )
    msg = (
        f"the database {shown(address)} did not answer: {why}. Check the URL, the query and rights"
    )
    raise DataError(msg) from None
