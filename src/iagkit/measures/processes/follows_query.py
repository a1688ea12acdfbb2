"""The queries behind the map of a process, in DuckDB's SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from iagkit.core.errors import DataError
from iagkit.core.event_log import MAX_ACTIVITIES
from iagkit.measures.count_query import engine_of, table_of

if TYPE_CHECKING:
    import duckdb

CODES: Final = 8192
"""More than there are activities; the last code says that there is none before."""
STEPS: Final = 200
"""Quantiles that are asked of each arc, so that medians have intervals whatever its frequency."""
DAY: Final = 86_400_000_000
"""Microseconds."""
HASHED: Final = ('hash("case")', 'hash("case", 1)')
PLAIN: Final = ('"case"', "0")
"""What tells two cases apart, and what tells whether that failed."""
KEPT: Final = "iagkit_arcs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One arc as it was counted; without ``source`` it is the beginning of cases."""

    source: str | None
    target: str
    n: int
    tied: int
    days: float
    squares: float
    grid: list[float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A relation of which each row has ``case``, ``activity``, ``t`` (microseconds), ``o``.

    ``total`` counts the rows before those without one of them were left out; ``whole`` has them
    still.
    """

    relation: duckdb.DuckDBPyRelation
    whole: duckdb.DuckDBPyRelation
    ordered: bool
    total: int

    def ask(self, sql: str) -> list[Any]:
        """Ask about ``events``."""
        found: list[Any] = self.relation.query("events", sql).fetchall()
        return found

    def do(self, sql: str) -> None:
        """Change a table of ours in the engine."""
        self.relation.query("events", sql)


@contextmanager
def opened(
    frame: Any, case: str, activity: str, timestamp: str, order: str | None
) -> Iterator[Rows]:
    """Bring the four columns of any table into a relation."""
    table = table_of(frame)
    names = [case, activity, timestamp, *([order] if order else [])]
    with engine_of(table):
        _refuse_missing(table, names)
        if table.implementation is nw.Implementation.DUCKDB:
            yield _rows(table.to_native(), case, activity, timestamp, order)
            return
        held, order = _held(table, names, order)
        with _engine() as connection:
            yield _rows(connection.from_arrow(held), case, activity, timestamp, order)


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to an engine that fetches and opens nothing."""
    import duckdb

    connection = duckdb.connect(":memory:", config={
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "preserve_insertion_order": "false",
    })  # fmt: skip
    try:
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


def _refuse_missing(table: Any, names: Sequence[str]) -> None:
    there = table.collect_schema().names()
    missing = [name for name in names if name not in there]
    if missing:
        msg = (
            f"expected the columns {', '.join(names)}; there is no {', '.join(missing)} among "
            f"{', '.join(there[:20])}. Name the columns of case, activity and time"
        )
        raise DataError(msg)


def _held(table: Any, names: Sequence[str], order: str | None) -> tuple[Any, str | None]:
    """Four columns as Arrow has them; the order of the rows where no column tells it."""
    narrow = table.select(names)
    if isinstance(narrow, nw.LazyFrame):
        narrow = narrow.collect("pyarrow")
    elif order is None:
        order = "order of the rows"
        narrow = narrow.with_row_index(order)
    return narrow.to_arrow(), order


def _rows(
    relation: duckdb.DuckDBPyRelation, case: str, activity: str, timestamp: str, order: str | None
) -> Rows:
    kind = str(dict(zip(relation.columns, relation.types, strict=True))[timestamp])
    time = _quoted(timestamp)
    if kind == "VARCHAR":
        time = f"try_cast({time} AS TIMESTAMP)"
    elif not kind.startswith(("TIMESTAMP", "DATE")):
        msg = (
            f"expected dates or times in '{timestamp}'; it is of the type {kind}. Name the column "
            "of the time of each event"
        )
        raise DataError(msg)
    narrow = relation.project(
        f'{_quoted(case)} AS "case", CAST({_quoted(activity)} AS VARCHAR) AS activity, '
        f"epoch_us({time}) AS t, {_quoted(order) if order else 0} AS o"
    )
    return Rows(
        relation=narrow.filter('"case" IS NOT NULL AND activity IS NOT NULL AND t IS NOT NULL'),
        whole=narrow,
        ordered=order is not None,
        total=_total(relation),
    )


def _total(relation: duckdb.DuckDBPyRelation) -> int:
    return int(relation.aggregate("count(*)").fetchall()[0][0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def activities(rows: Rows, name: str) -> list[str]:
    """All activities, also those of rows that are left out: one column is quick to read."""
    asked = f"SELECT DISTINCT activity FROM rows LIMIT {MAX_ACTIVITIES + 1}"  # noqa: S608
    found = [name for (name,) in rows.whole.query("rows", asked).fetchall() if name is not None]
    if len(found) > MAX_ACTIVITIES:
        msg = (
            f"expected activities in '{name}'; it has more than {MAX_ACTIVITIES:,} different "
            "values. Is it free text, or the number of a case? Name another column"
        )
        raise DataError(msg)
    return sorted(found)


def count(
    rows: Rows, known: Sequence[str], *, medians: bool
) -> tuple[list[Counted], Mapping[tuple[str, str], int]]:
    """Count all arcs and beginnings of cases, and the arcs that are others when ties are reversed.

    What was counted stays in a table of the engine until then: it tells which cases have ties.
    """
    try:
        apart = HASHED
        found = _first(rows, known, apart, medians=medians)
        if any(row[-1] for row in found):
            apart = PLAIN
            found = _first(rows, known, apart, medians=medians)
        counted = _counted(found, known)
        return counted, _reversed(rows, known, counted, apart[0])
    finally:
        rows.do(f"DROP TABLE IF EXISTS {KEPT}")


def _first(
    rows: Rows, known: Sequence[str], told_apart: tuple[str, str], *, medians: bool
) -> list[Any]:
    rows.do(_counting(known, told_apart, medians=medians))
    return rows.ask(f"SELECT * EXCLUDE cases FROM {KEPT}")  # noqa: S608


def _counted(found: Sequence[Any], known: Sequence[str]) -> list[Counted]:
    if not found:
        msg = "expected events with a case, an activity and a time; there is none"
        raise DataError(msg)
    return [
        Counted(
            source=None if arc // CODES == CODES - 1 else known[arc // CODES],
            target=known[arc % CODES], n=n, tied=tied,
            days=float(us or 0) / DAY, squares=squares or 0.0,
            grid=[us / DAY for us in grid] if grid else None,
        )
        for arc, n, tied, us, squares, grid, _ in found
    ]  # fmt: skip


def _counting(known: Sequence[str], told_apart: tuple[str, str], *, medians: bool) -> str:
    """Ask for each arc as one number, so that little is sorted and one column is looked back at."""
    apart, check = told_apart
    grid = f"quantile_disc(d, [x / {STEPS}.0 FOR x IN range({STEPS + 1})])" if medians else "NULL"
    return f"""
        CREATE OR REPLACE TEMP TABLE {KEPT} AS WITH coded AS (
            SELECT {apart} AS c, t, o, CAST({check} AS UBIGINT) // {CODES} * {CODES}
                   + CAST(enum_code(CAST(activity AS {_enum(known)})) AS UBIGINT) AS k
            FROM events
        ), pairs AS (
            SELECT c, k, lag(k) OVER w AS before, t - lag(t) OVER w AS d
            FROM coded WINDOW w AS (PARTITION BY c ORDER BY t, o)
        ), arcs AS (
            SELECT c, d, before // {CODES} <> k // {CODES} AS met, CAST(
                       coalesce(before % {CODES}, {CODES - 1}) * {CODES} + k % {CODES} AS UINTEGER
                   ) AS arc
            FROM pairs
        )
        SELECT arc, count(*) AS n, count(*) FILTER (d = 0) AS tied, sum(d) AS us,
               sum((d / {DAY}.0) * (d / {DAY}.0)) AS squares, {grid} AS grid,
               list(DISTINCT c) FILTER (d = 0) AS cases, bool_or(met) AS met
        FROM arcs GROUP BY arc
    """  # noqa: S608  names of activities are literals, quoted


def _enum(known: Sequence[str]) -> str:
    literals = ", ".join("'" + name.replace("'", "''") + "'" for name in known or ("none",))
    return f"ENUM ({literals})"


def _reversed(
    rows: Rows, known: Sequence[str], counted: Sequence[Counted], apart: str
) -> Mapping[tuple[str, str], int]:
    tied = sum(c.tied for c in counted)
    if not tied:
        return {}
    if not rows.ordered:
        msg = (
            f"expected a column that tells the order of the file: {tied:,} events have the time of "
            "the one before them, and only the order tells which is first. Name such a column"
        )
        raise DataError(msg)
    forth = {(c.source, c.target): c.n for c in counted if c.source is not None}
    return {
        (source, target): forth.get((source, target), 0) + change
        for source, target, change in rows.ask(_turning(known, apart))
    }


def _turning(known: Sequence[str], apart: str) -> str:
    return f"""
        WITH coded AS MATERIALIZED (
            SELECT {apart} AS c, CAST(activity AS {_enum(known)}) AS k, t, o
            FROM events WHERE {apart} IN (SELECT unnest(cases) FROM {KEPT})
        ), pairs AS (
            SELECT lag(k) OVER w AS source, k AS target, 1 AS change
            FROM coded WINDOW w AS (PARTITION BY c ORDER BY t, o DESC)
            UNION ALL
            SELECT lag(k) OVER v AS source, k AS target, -1 AS change
            FROM coded WINDOW v AS (PARTITION BY c ORDER BY t, o)
        )
        SELECT CAST(source AS VARCHAR), CAST(target AS VARCHAR), CAST(sum(change) AS BIGINT)
        FROM pairs WHERE source IS NOT NULL GROUP BY source, target HAVING sum(change) <> 0
    """  # noqa: S608  names of activities are literals, quoted
