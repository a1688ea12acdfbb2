"""XES (IEEE 1849), read as a stream: memory for what is kept, none for the document."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.wire.logs.nouns import OF_CASE, TRACE, RawLog
from iagkit.wire.logs.xes_columns import PLACEHOLDERS, Attributes
from iagkit.wire.sources import Source

if TYPE_CHECKING:
    import pandas as pd

TYPES: Final = frozenset({"string", "date", "int", "float", "boolean", "id", "list", "container"})
DEEPEST: Final = 40
"""Elements one within another; more are made to exhaust a reader."""
LONGEST: Final = 16 << 20
"""Bytes of one name, value or comment."""
INFLATED: Final = 300
"""Times that gzip may have made a log smaller; real ones are 10 to 60 times smaller."""
SMALL: Final = 256 << 20
"""Bytes below which nobody asks how much smaller gzip made them."""
KEYS: Final = re.compile(r"'([^']*)'|(\S+)")
IN_EVENT: Final = 4
"""Depth of an attribute of an event: log, trace, event, attribute."""


def read(given: Source) -> RawLog:
    """Read an XES log.

    Parameters
    ----------
    given : Source
        ``.xes`` or ``.xes.gz``.

    Returns
    -------
    RawLog
        Events with a column for each of their attributes and ``case:concept:name``; cases with
        theirs, named ``case:...``. An attribute within an attribute has both names, parted by
        ``/``; a list is a JSON text. Numbers and booleans are typed as the log says, times stay
        texts with their offset. Defaults of the log (``global``) fill what is missing unless they
        are placeholders or times, and are counted.

    Raises
    ------
    DataError
        If the file is damaged or cut (it says how many events had been read; none is used), is no
        XES, declares a document type (with which entities are defined and other files named), or
        is made to exhaust a reader.

    Notes
    -----
    Read by expat, which calls back for each element; a document type is refused at its first
    sign, before any entity is known, so that none can be expanded or fetched. Structure as in the
    standard [1]_.

    References
    ----------
    .. [1] IEEE Std 1849-2016, Standard for eXtensible Event Stream (XES).
    """
    reader = _Reader(given.name)
    for block in _blocks(given, reader):
        _parse(reader, block)
    _parse(reader, b"", last=True)
    if not len(reader.of):
        msg = (
            f"expected an XES log with events; '{given.name}' has {reader.n_traces:,} cases and no "
            "event. Export it again"
        )
        raise DataError(msg)
    return _finished(reader, given)


class _Reader:
    """What is called back for each element, and what it keeps."""

    __slots__ = (
        "classifiers", "defaults", "events", "fed", "held", "in_event", "in_trace", "key", "keys",
        "lists", "n_events", "n_traces", "name", "of", "parser", "root", "scope", "traces",
    )  # fmt: skip

    def __init__(self, name: str) -> None:
        self.name = name
        self.events, self.traces = Attributes(name), Attributes(name)
        self.held = self.events.held
        self.of = array("q")
        self.n_events = -1  # number of the event that is open
        self.n_traces = self.fed = 0
        self.key = ""  # of the attribute of an event that is open
        self.in_trace = self.in_event = self.root = False
        self.scope = ""
        self.keys = [""] * (DEEPEST + 2)  # of the attributes that are open, by depth
        self.lists: list[tuple[int, str, list[Any]]] = []
        self.classifiers: dict[str, tuple[str, ...]] = {}
        self.defaults: dict[str, dict[str, tuple[str, str]]] = {}
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler, self.parser.EndElementHandler = _callbacks(self)

    def doctype(self, *_: object) -> None:
        """Refuse entities, and files that a document type may name, before there are any."""
        msg = (
            f"expected an XES log, which needs no document type; '{self.name}' declares one "
            "(<!DOCTYPE ...>), with which files can make a reader open others or fill its memory. "
            "Nothing was read. Export the log again, or take the declaration out if you trust it"
        )
        raise DataError(msg)

    def other(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        """Take in what is no plain attribute of an event that was met before."""
        if depth > DEEPEST:
            msg = (
                f"expected an XES log; '{self.name}' has elements {DEEPEST} levels one within "
                "another, as no log has. Export it again"
            )
            raise DataError(msg)
        if not self.root:
            self.begin(tag)
        elif tag in TYPES:
            self.attribute(depth, tag, attributes)
        elif tag == "event":
            self.refuse_event_in_event()
            self.in_event = True
            self.of.append(self.n_traces - 1 if self.in_trace else -1)
            self.n_events += 1
        elif tag == "trace" and depth == 2:
            self.in_trace = True
            self.n_traces += 1
        elif tag == "global" and depth == 2:
            self.scope = attributes.get("scope", "event")
        elif tag == "classifier" and depth == 2:
            keys = tuple(a or b for a, b in KEYS.findall(attributes.get("keys", "")))
            self.classifiers[attributes.get("name", "")] = keys
        self.keys[depth] = self.key = attributes.get("key", "") if tag in TYPES else ""

    def refuse_event_in_event(self) -> None:
        """An event within another would give it its own attributes."""
        if self.in_event:
            msg = (
                f"expected an XES log, in which no event or case holds another; '{self.name}' has "
                f"one that does, after {len(self.of):,} events. Export it again"
            )
            raise DataError(msg)

    def begin(self, tag: str) -> None:
        """Look at the outermost element."""
        if tag != "log":
            msg = (
                f"expected an XES log, whose outermost element is <log>; that of '{self.name}' is "
                "another. It may be a web page or an error message saved in place of the log: "
                "download it again"
            )
            raise DataError(msg)
        self.root = True

    def attribute(self, depth: int, tag: str, attributes: dict[str, str]) -> None:
        """Keep an attribute of an event or case, a default, or one within another."""
        key = attributes.get("key", "")
        if depth == IN_EVENT + 1 and self.in_event:
            self.keys[IN_EVENT] = self.key
        within = [k for k in self.keys[2:depth] if k]
        name = "/".join((*within, key))
        value = attributes.get("value")
        if self.scope:
            self.defaults.setdefault(self.scope, {})[name] = (tag, value or "")
        elif tag == "list":
            self.lists.append((depth, name, []))
        elif self.lists:
            self.lists[-1][2].append({key: value} if key else value)
        elif tag != "container":
            self.put(name, tag, value)

    def put(self, name: str, kind: str, value: Any) -> None:
        """Keep a value of the event or case that is open; those of the log are of no use here."""
        if self.in_event:
            self.events.put(name, kind, self.n_events, value)
        elif self.in_trace:
            self.traces.put(name, kind, self.n_traces - 1, value)

    def leave(self, depth: int, tag: str) -> None:
        """Leave an element that is no plain attribute of an event."""
        if self.lists and self.lists[-1][0] == depth:
            _, name, values = self.lists.pop()
            self.put(name, "list", json.dumps(values, ensure_ascii=False))
        tag = tag.rpartition(":")[2]
        if tag == "event":
            self.in_event = False
        elif tag == "trace":
            self.in_trace = False
        elif tag == "global":
            self.scope = ""


def _callbacks(
    reader: _Reader,
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    """Make what is called at the beginning and end of each element.

    Nearly all elements are attributes of an event whose key was met before: these are kept at
    once, without a look at anything but names of this function, as there are millions.
    """
    depth = 0
    known, other, leave, lists = reader.held.get, reader.other, reader.leave, reader.lists

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == IN_EVENT and reader.in_event:
            held = known(attributes.get("key", ""))
            if held is not None and held.kind == tag and (value := attributes.get("value")):
                reader.key = held.key
                held.at(reader.n_events)
                held.append(held.pool.get(value) or held.kept(value))
                return
        other(depth, tag.rpartition(":")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if depth < IN_EVENT - 1 or lists:
            leave(depth + 1, tag)

    return start, end


def _blocks(given: Source, reader: _Reader) -> Iterator[bytes]:
    """Decompressed bytes; a file that was cut is told with what had been read."""
    blocks = given.blocks()
    stored = given.size()
    while True:
        try:
            block = next(blocks)
        except StopIteration:
            return
        except DataError:
            raise _cut(reader) from None
        reader.fed += len(block)
        if reader.fed > max(SMALL, INFLATED * stored):
            msg = (
                f"expected an XES log; '{given.name}' unpacks to more than {INFLATED} times its "
                "size, as no log does. If it is one, unpack it and give the .xes file"
            )
            raise DataError(msg)
        yield block


def _cut(reader: _Reader) -> DataError:
    return DataError(
        f"expected a whole XES file; '{reader.name}' is damaged or was cut after "
        f"{len(reader.of):,} events of {reader.n_traces:,} cases, and none of them is used. Copy "
        "or download it again"
    )


def _parse(reader: _Reader, block: bytes, *, last: bool = False) -> None:
    try:
        reader.parser.Parse(block, last)
    except expat.ExpatError as error:
        if last:
            raise _cut(reader) from None
        msg = (
            f"expected well-formed XML; '{reader.name}' is not at line {error.lineno} "
            f"({expat.ErrorString(error.code)}), after {len(reader.of):,} events of "
            f"{reader.n_traces:,} cases, and none of them is used. Export the log again"
        )
        raise DataError(msg) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeError | LookupError):
            msg = (
                f"'{reader.name}' announces an encoding that its bytes do not have, or that nobody "
                "knows. Export it again as UTF-8"
            )
            raise DataError(msg) from None
        raise
    if not last and reader.fed - reader.parser.CurrentByteIndex > LONGEST:
        msg = (
            f"expected an XES log; '{reader.name}' holds a single value of more than "
            f"{LONGEST >> 20} MB. Export the log without its attachments"
        )
        raise DataError(msg)


def _finished(reader: _Reader, given: Source) -> RawLog:
    """Columns of events and cases, linked by the name of the case."""
    events = reader.events.frame(len(reader.of))
    cases = reader.traces.frame(reader.n_traces)
    said = [*_filled(events, reader.defaults.get("event", {}))]
    said += _filled(cases, reader.defaults.get("trace", {}))
    cases = cases.rename(columns=lambda key: f"{OF_CASE}{key}")
    said += _name_cases(cases)
    of = np.frombuffer(reader.of, dtype=np.int64)
    names: Any = np.array([*cases[TRACE], None], dtype=object)  # the last: of no case
    events[TRACE] = names[of]
    return RawLog(
        name=given.name, table=events, cases=cases, classifiers=reader.classifiers,
        sha256=given.sha256(), remarks=tuple(said),
    )  # fmt: skip


def _filled(table: pd.DataFrame, defaults: dict[str, tuple[str, str]]) -> list[Message]:
    """Fill what is missing with the defaults of the log, unless they are none or times."""
    said = []
    for key, (kind, value) in defaults.items():
        usable = kind in ("string", "id") and value.strip().upper() not in PLACEHOLDERS
        if not usable or key not in table.columns:
            continue
        missing = int(table[key].isna().sum())
        if missing:
            table[key] = table[key].fillna(value)
            said.append(
                say(
                    "{n} missing values of {column} were filled with the default of the log",
                    n=missing, column=key,
                )
            )  # fmt: skip
    return said


def _name_cases(cases: pd.DataFrame) -> list[Message]:
    """Give cases without a name the number they have in the file."""
    said = []
    if TRACE not in cases.columns:
        cases[TRACE] = None
    names = cases[TRACE].astype(object)
    nameless = names.isna()
    if nameless.any():
        numbers = [f"(case {n + 1})" for n in np.flatnonzero(nameless)]
        names[nameless] = numbers
        said.append(
            say("{n} cases have no name and were numbered as in the file", n=int(nameless.sum()))
        )
    again = int(names.duplicated().sum())
    if again:
        said.append(say("{n} cases have the name of an earlier one and were joined to it", n=again))
    cases[TRACE] = names.to_numpy()
    return said
