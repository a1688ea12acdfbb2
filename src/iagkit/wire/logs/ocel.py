"""OCEL 2.0, as SQLite or JSON, flattened: each object of one type is a case."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.wire.logs.nouns import OF_CASE, TRACE, RawLog
from iagkit.wire.sources import CHUNK, Source

if TYPE_CHECKING:
    import pandas as pd

ACTIVITY: Final = "concept:name"
TIME: Final = "time:timestamp"
LARGEST: Final = 2 << 30
"""Bytes of JSON that come into memory; larger logs are better kept as SQLite."""
SECONDS: Final = 600
STEPS: Final = 100_000
NEEDED: Final = ("event", "object", "event_object", "event_map_type", "object_map_type")


def read(given: Source, *, object_type: str = "") -> RawLog:
    """Read an OCEL log as one log of events.

    Parameters
    ----------
    given : Source
        SQLite or JSON of the standard OCEL 2.0 [1]_.
    object_type : str
        Type of object that is taken as the case.

    Returns
    -------
    RawLog
        One row for each event and object of the type that it belongs to: an event of three
        objects is repeated three times, and how many are is said. Attributes of events are
        columns, those of objects columns ``case:...`` with their first value.

    Raises
    ------
    DataError
        If the type is not named or not in the log (its types are listed with their objects), no
        event belongs to an object of the type, or the file is no whole OCEL log.

    References
    ----------
    .. [1] Berti, A. et al. (2023). OCEL (Object-Centric Event Log) 2.0 Specification.
    """
    packed = given.head(16).startswith(b"SQLite format 3\0")
    events, links, objects, values = _from_sqlite(given) if packed else _from_json(given)
    _refuse_other_type(object_type, Counter(objects.values()), given.name)
    return _flattened(given, object_type, events, links, objects, values)


# Events; pairs of event and object; object → type; object → its attributes.
Parts = tuple[
    list[dict[str, Any]], list[tuple[str, str]], dict[str, str], dict[str, dict[str, Any]]
]


def _refuse_other_type(wanted: str, types: Mapping[str, int], name: str) -> None:
    if wanted in types:
        return
    listed = ", ".join(f"'{kind}' ({n:,})" for kind, n in sorted(types.items()))
    asked = f"'{wanted}' is none of '{name}'" if wanted else f"'{name}' has several objects a case"
    msg = (
        f"expected the type of object that is the case; {asked}.{did_you_mean(wanted, types)} Say "
        f"--object-type with one of its types (and their objects): {listed or 'there is none'}"
    )
    raise DataError(msg)


def _flattened(
    given: Source,
    wanted: str,
    events: list[dict[str, Any]],
    links: list[tuple[str, str]],
    objects: Mapping[str, str],
    values: Mapping[str, dict[str, Any]],
) -> RawLog:
    import pandas as pd

    mine = [(event, item) for event, item in dict.fromkeys(links) if objects.get(item) == wanted]
    if not mine:
        msg = (
            f"expected events of objects of the type '{wanted}'; '{given.name}' links none to one. "
            "Say --object-type with another type"
        )
        raise DataError(msg)
    whole = pd.DataFrame(events).set_index("(id)")
    linked = pd.DataFrame(mine, columns=["(id)", TRACE])
    linked = linked[linked["(id)"].isin(whole.index)]
    # in the order of the file, whatever that of the links
    place = pd.Series(range(len(whole)), index=whole.index)
    linked = linked.iloc[place[linked["(id)"]].argsort(kind="stable")]
    table = whole.loc[linked["(id)"]].reset_index(drop=True)
    table[TRACE] = linked[TRACE].to_numpy()
    ids = linked[TRACE].drop_duplicates().tolist()
    cases = pd.DataFrame([
        {TRACE: i, **{f"{OF_CASE}{k}": v for k, v in values.get(i, {}).items()}} for i in ids
    ])  # fmt: skip
    return RawLog(
        name=given.name, table=table, cases=cases, sha256=given.sha256(),
        remarks=_said(linked, len(whole), wanted),
    )  # fmt: skip


def _said(linked: pd.DataFrame, n_events: int, wanted: str) -> tuple[Message, ...]:
    used = linked["(id)"].nunique()
    several = int((linked["(id)"].value_counts() > 1).sum())
    said: tuple[Message, ...] = (
        say(
            "each object of the type {type} is a case: {used} of {n} events belong to one",
            type=wanted, used=used, n=n_events,
        ),
    )  # fmt: skip
    if several:
        said += (
            say(
                "{n} events belong to several objects of the type and were repeated for each: "
                "their work is counted more than once",
                n=several,
            ),
        )
    return said


def _from_json(given: Source) -> Parts:
    content = _content(given)
    try:
        events = [
            {
                **{str(a["name"]): a.get("value") for a in e.get("attributes") or ()},
                "(id)": str(e["id"]), ACTIVITY: str(e["type"]), TIME: e["time"],
            }
            for e in content["events"]
        ]  # fmt: skip
        links = [
            (str(e["id"]), str(r["objectId"]))
            for e in content["events"]
            for r in e.get("relationships") or ()
        ]
        objects = {str(o["id"]): str(o["type"]) for o in content["objects"]}
        values = {
            str(o["id"]): _first_values(o.get("attributes") or ()) for o in content["objects"]
        }
    except (KeyError, TypeError, AttributeError) as error:
        what = f" (without {error})" if isinstance(error, KeyError) else ""
        msg = (
            "expected events and objects as OCEL 2.0 writes them in JSON; those of "
            f"'{given.name}' are otherwise{what}. Is it OCEL 1.0? Export it as OCEL 2.0"
        )
        raise DataError(msg) from None
    _refuse_no_events(events, given.name)
    return events, links, objects, values


def _first_values(attributes: Any) -> dict[str, Any]:
    """First value of each attribute: what becomes known later is not known when a case opens."""
    first: dict[str, tuple[str, Any]] = {}
    for one in attributes:
        name, at = str(one["name"]), str(one.get("time", ""))
        if name not in first or at < first[name][0]:
            first[name] = (at, one.get("value"))
    return {name: value for name, (_, value) in first.items()}


def _content(given: Source) -> Any:
    parts, size = [], 0
    for block in given.blocks():
        size += len(block)
        if size > LARGEST:
            msg = (
                f"expected at most {LARGEST >> 30} GB of JSON; '{given.name}' has more. Export the "
                "log as SQLite"
            )
            raise DataError(msg)
        parts.append(block)
    try:
        content = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        msg = (
            f"expected an OCEL log in JSON; '{given.name}' is damaged or was cut, and nothing of "
            "it is used. Copy or export it again"
        )
        raise DataError(msg) from None
    return content


def _refuse_no_events(events: list[dict[str, Any]], name: str) -> None:
    if not events:
        msg = f"expected an OCEL log with events; '{name}' has none. Export it again"
        raise DataError(msg)


def _from_sqlite(given: Source) -> Parts:
    with _database(given) as database:
        try:
            _refuse_other_tables(database, given.name)
            events = _events(database)
            links = [
                (str(e), str(o))
                for e, o in database.execute(
                    "SELECT ocel_event_id, ocel_object_id FROM event_object"
                )
            ]
            objects = {
                str(i): str(t) for i, t in database.execute("SELECT ocel_id, ocel_type FROM object")
            }
            values = _values(database)
        except sqlite3.Error as error:
            late = "interrupt" in str(error)
            why = f"was not read within {SECONDS} seconds" if late else "is damaged or otherwise"
            msg = (
                "expected tables as OCEL 2.0 names them (event, object, event_object, ...); "
                f"'{given.name}' {why}. Export the log again"
            )
            raise DataError(msg) from None
    _refuse_no_events(events, given.name)
    return events, links, objects, values


@contextmanager
def _database(given: Source) -> Iterator[sqlite3.Connection]:
    """The file opened for reading only: nothing in it can write, load or run for ever."""
    with tempfile.TemporaryDirectory() as folder:
        path = given.path
        if path is None or given.packed():
            path = Path(folder, "log.sqlite")
            with path.open("wb") as copy:
                copy.writelines(given.blocks())
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as database:
            end = time.monotonic() + SECONDS
            database.set_progress_handler(lambda: time.monotonic() > end, STEPS)
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CHUNK * 64)
            database.execute("PRAGMA query_only = ON")
            database.execute("PRAGMA trusted_schema = OFF")
            yield database


def _tables(database: sqlite3.Connection) -> set[str]:
    """Plain tables: a view or a virtual table may do more than hold rows."""
    rows = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {str(n) for n, sql in rows if not str(sql).upper().startswith("CREATE VIRTUAL")}


def _refuse_other_tables(database: sqlite3.Connection, name: str) -> None:
    absent = [table for table in NEEDED if table not in _tables(database)]
    if absent:
        msg = (
            f"expected the tables of OCEL 2.0; '{name}' is an SQLite database without "
            f"{', '.join(absent)}. If it holds another table, give it as sqlite:///FILE with "
            "--query"
        )
        raise DataError(msg)


def _of_types(database: sqlite3.Connection, of: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Type and row of each table ``event_...`` or ``object_...`` that the map names."""
    there = _tables(database)
    for kind, short in database.execute(f"SELECT ocel_type, ocel_type_map FROM {of}_map_type"):  # noqa: S608
        table = f"{of}_{short}"
        if table not in there:
            continue
        quoted = table.replace('"', '""')
        rows = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 (a table of this file)
        names = [column[0] for column in rows.description]
        for row in rows:
            yield str(kind), dict(zip(names, row, strict=True))


def _events(database: sqlite3.Connection) -> list[dict[str, Any]]:
    place = {
        str(i): n
        for n, (i,) in enumerate(database.execute("SELECT ocel_id FROM event ORDER BY rowid"))
    }
    events = [
        {
            **{k: v for k, v in row.items() if k not in ("ocel_id", "ocel_time")},
            "(id)": str(row["ocel_id"]), ACTIVITY: kind, TIME: row.get("ocel_time"),
        }
        for kind, row in _of_types(database, "event")
        if str(row.get("ocel_id")) in place
    ]  # fmt: skip
    return sorted(events, key=lambda event: place[event["(id)"]])


def _values(database: sqlite3.Connection) -> dict[str, dict[str, Any]]:
    """First known value of each attribute of each object."""
    found: dict[str, dict[str, tuple[str, Any]]] = {}
    for _, row in _of_types(database, "object"):
        mine = found.setdefault(str(row.get("ocel_id")), {})
        at = str(row.get("ocel_time", ""))
        for name, value in row.items():
            if name.startswith("ocel_") or value is None:
                continue
            if name not in mine or at < mine[name][0]:
                mine[name] = (at, value)
    return {i: {name: value for name, (_, value) in of.items()} for i, of in found.items()}
