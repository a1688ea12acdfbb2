"""Parquet as a relation of DuckDB: read when it is counted, in constant memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.wire.columns import name_columns, no_rows

if TYPE_CHECKING:
    import duckdb

MEMORY: Final = 2 << 30
"""Most bytes DuckDB may use; beyond, it writes to a private folder that is deleted."""


def engine(files: Sequence[Path]) -> tuple[duckdb.DuckDBPyConnection, Callable[[], None]]:
    """Connect to a DuckDB that may read these files and nothing else, and how to leave it.

    It fetches and loads no extension, opens no other file and calls nobody.
    """
    import duckdb

    folder = tempfile.TemporaryDirectory(prefix="iagkit-", ignore_cleanup_errors=True)
    connection = duckdb.connect(":memory:", config={
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "allow_community_extensions": "false", "memory_limit": f"{_memory()}B",
        "temp_directory": folder.name, "preserve_insertion_order": "false",
    })  # fmt: skip
    connection.execute("SET TimeZone = 'UTC'")  # as PostgreSQL's session: one period everywhere
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    allowed = ", ".join(quoted(str(path)) for path in files)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")

    def close() -> None:
        connection.close()
        folder.cleanup()

    return connection, close


def _memory() -> int:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if _has_pages() else 2 * MEMORY
    return min(MEMORY, pages // 2)


def _has_pages() -> bool:
    return hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names


def quoted(text: str) -> str:
    """Write a text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """Write the name of a column in SQL."""
    return '"' + column.replace('"', '""') + '"'


def progress_of(connection: duckdb.DuckDBPyConnection) -> Callable[[], float | None]:
    """Tell how much of the query under way is done; safe from another thread."""

    def progress() -> float | None:
        percent = connection.query_progress()
        return None if percent < 0 else min(1.0, percent / 100)

    return progress


def opened(
    name: str, files: Sequence[Path]
) -> tuple[duckdb.DuckDBPyRelation, Callable[[], float | None], Callable[[], None]]:
    """Open Parquet files as one relation; with its progress and how to close it.

    Raises
    ------
    DataError
        If one is damaged, they have not the same columns, or two columns are told apart by
        capital letters only.
    """
    import duckdb

    paths = [path.resolve() for path in files]
    connection, close = engine(paths)
    try:
        relation = connection.read_parquet(
            [str(path) for path in paths], hive_partitioning=_is_partitioned(paths)
        )
        _refuse_names(paths, name)
    except duckdb.Error:
        close()
        raise _unreadable(name, len(paths)) from None
    except BaseException:
        close()
        raise
    return relation, progress_of(connection), close


def _is_partitioned(paths: Sequence[Path]) -> bool:
    """Tell whether the folders of the files say a column, such as ``year=2024``."""
    return len(paths) > 1 and all("=" in path.parent.name for path in paths)


def _unreadable(name: str, files: int) -> DataError:
    if files == 1:
        return DataError(
            f"expected a Parquet file; '{name}' cannot be read as one: it is damaged or cut. Copy "
            "or download it again"
        )
    return DataError(
        f"expected Parquet files with the same columns in '{name}'; of its {files} files at least "
        "one is damaged, or has other columns or types. Copy them again, or name one file"
    )


def _refuse_names(paths: Sequence[Path], name: str) -> None:
    """DuckDB knows no capitals in names: a second column would silently get another name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names, *others = (pq.read_schema(path).names for path in paths)
    except pa.ArrowException:
        raise _unreadable(name, len(paths)) from None
    if any(set(other) != set(names) for other in others):
        raise _unreadable(name, len(paths))
    name_columns(names, source=name)
    seen: dict[str, str] = {}
    for column in names:
        other = seen.setdefault(column.casefold(), column)
        if other != column:
            msg = (
                f"expected names that differ by more than capital letters; '{name}' has '{other}' "
                f"and '{column}'. Rename one"
            )
            raise DataError(msg)


def rows(relation: Any, name: str) -> int:
    """Count the rows, from the notes at the end of each file.

    Raises
    ------
    DataError
        If there is none, or a file is damaged.
    """
    import duckdb

    try:
        found = int(relation.count("*").fetchall()[0][0])
    except duckdb.Error:
        raise _unreadable(name, 1) from None
    if found == 0:
        raise no_rows(name, len(relation.columns))
    return found


def only(relation: Any, columns: Sequence[str]) -> Any:
    """Keep these columns of a relation."""
    import duckdb

    return relation.select(*(duckdb.ColumnExpression(c) for c in dict.fromkeys(columns)))


def dated(frame: Any, column: str) -> Any:
    """Read a column of texts of a relation as ISO dates; whatever else it is stays as it is.

    Raises
    ------
    DataError
        If some are none.
    """
    import duckdb

    if not isinstance(frame, duckdb.DuckDBPyRelation) or column not in frame.columns:
        return frame
    if str(frame[column].types[0]) != "VARCHAR":
        return frame
    name = named(column)
    asks = f"count({name}), count(TRY_CAST({name} AS TIMESTAMP))"
    known, read = frame.aggregate(asks).fetchall()[0]
    if read < known:
        msg = (
            f"expected dates such as 2024-01-31 in '{column}'; {known - read} of {known} rows have "
            "something else. Write them so, or give a Parquet file whose column holds dates"
        )
        raise DataError(msg)
    return frame.project(f"* REPLACE (CAST({name} AS TIMESTAMP) AS {name})")


def sha256(files: Sequence[Path]) -> str:
    """Digest of the bytes of a file; for several, of their digests and names, in order."""
    digests = [(_sha256(path), path) for path in files]
    if len(digests) == 1:
        return digests[0][0]
    root = Path(os.path.commonpath([str(path.parent) for path in files]))
    listed = "".join(f"{digest}  {path.relative_to(root).as_posix()}\n" for digest, path in digests)
    return hashlib.sha256(listed.encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as opened_:
        return hashlib.file_digest(opened_, "sha256").hexdigest()
