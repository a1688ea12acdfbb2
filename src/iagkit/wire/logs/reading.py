"""A log from anywhere: XES, OCEL, or a table of events or requests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from iagkit.core.errors import DataError, FetchError, UsageError
from iagkit.core.message import Message
from iagkit.core.registry import did_you_mean
from iagkit.wire import databases, registry, sources, tables
from iagkit.wire.logs import ocel, xes
from iagkit.wire.logs.nouns import RawLog
from iagkit.wire.sources import Source

XML: Final = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<")
LOGS: Final = registry.TABLES | {"xes", "xes.gz", "csv.gz", "ocel.json", "sqlite"}
SQLITE: Final = b"SQLite format 3\0"
OCEL: Final = (b'"eventTypes"', b'"objectTypes"', b'"ocel:events"', b'"ocel:global-event"')


def read_raw(source: str | Path, *, query: str | None = None, object_type: str = "") -> RawLog:
    """Read a log as its file holds it.

    Parameters
    ----------
    source : str or Path
        XES (``.xes``, ``.xes.gz``), OCEL 2.0 (SQLite or JSON), or a table that
        :func:`iagkit.wire.tables.read_table` reads; told apart by the content. Or the name of a
        registered data set, which is fetched if needed.
    query : str, optional
        One SELECT for the URL of a database, or the sheet of an Excel file.
    object_type : str
        Of an OCEL log: the type of object that is taken as the case.

    Returns
    -------
    RawLog

    Raises
    ------
    DataError
        If the file cannot be read whole; a log of which a part was read is never handed over.
    FetchError
        If a data set cannot be brought, or has several logs.
    """
    if databases.is_address(source):
        table = databases.read(str(source), query)
        return RawLog(name=databases.shown(str(source)), table=table)
    return read(sources.source(_place(source)), query=query, object_type=object_type)


def _place(source: str | Path) -> str | Path:
    """The file itself, or that of the data set of this name."""
    told, known = str(source), registry.names()
    if told == "-" or Path(told).expanduser().exists():
        return source
    if told not in known:
        near = did_you_mean(told, known) if Path(told).name == told and "." not in told else ""
        if near:
            msg = f"expected a file or the name of a data set; '{told}' is neither.{near}"
            raise DataError(msg)
        return source
    logs = [f.file for f in registry.manifest(told).files if f.format in LOGS]
    if len(logs) != 1:
        msg = (
            f"expected a data set with one log; '{told}' has {len(logs)} ({', '.join(logs)}). "
            f"Fetch it with 'iagkit datasets fetch {told}' and name the file you want"
        )
        raise FetchError(msg)
    return registry.file_of(told, logs[0])


def read(given: Source, *, query: str | None = None, object_type: str = "") -> RawLog:
    """Read a log from a source that was already opened."""
    head = given.head()
    if XML.match(head.replace(b"\0", b"")[:200]) and b"<html" not in head[:2000].lower():
        tables.refuse_query(given.name, query)
        _refuse_object_type(given.name, object_type)
        return xes.read(given)
    if head.startswith(SQLITE) or (head.lstrip()[:1] == b"{" and _is_ocel(given)):
        tables.refuse_query(given.name, query)
        return ocel.read(given, object_type=object_type)
    _refuse_object_type(given.name, object_type)
    table = tables.read(given, query=query)
    notes: tuple[Message, ...] = tuple(table.attrs.get("notes", ()))
    table.attrs = {}
    return RawLog(name=given.name, table=table, sha256=given.sha256(), remarks=notes)


def _refuse_object_type(name: str, object_type: str) -> None:
    if object_type:
        msg = f"expected an OCEL log for --object-type; '{name}' is none. Leave it out"
        raise UsageError(msg)


def _is_ocel(given: Source) -> bool:
    """Tell an OCEL document from JSON Lines: the keys it must have, within its first megabytes."""
    name = given.name.lower().removesuffix(".gz")
    if name.endswith((".jsonocel", ".ocel.json")):
        return True
    head = given.head()
    first = head.lstrip().partition(b"\n")[0]
    if any(key in head for key in OCEL):
        return True
    return first.strip() == b"{" and any(key in block for block in given.blocks() for key in OCEL)
