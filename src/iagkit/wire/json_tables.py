"""JSON Lines, read twice like CSV; and a JSON array of objects, as programs export it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.wire.columns import Mixture, frame, no_rows
from iagkit.wire.encodings import detect
from iagkit.wire.sources import Source
from iagkit.wire.text_tables import text_of

if TYPE_CHECKING:
    import pandas as pd

ARRAY_LIMIT: Final = 1 << 30


@dataclass(slots=True, kw_only=True)
class Shape:
    """What was understood of a JSON Lines file."""

    encoding: str
    kinds: dict[str, Mixture]
    rows: int


def understand(given: Source) -> Shape:
    """Find encoding, columns and types, and check every line, in constant memory.

    Raises
    ------
    DataError
        If a line is not a JSON object (the line is named), or there is none.
    """
    encoding = detect(given.blocks, name=given.name)
    kinds: dict[str, Mixture] = {}
    rows = 0
    for row in _objects(given, encoding):
        rows += 1
        for name, cell in row.items():
            kinds.setdefault(name, Mixture()).learn((cell,))
    if rows == 0 or not kinds:
        raise no_rows(given.name, len(kinds))
    return Shape(encoding=encoding, kinds=kinds, rows=rows)


def chunks(given: Source, shape: Shape, *, rows: int) -> Iterator[pd.DataFrame]:
    """Hand the table over in DataFrames of at most ``rows`` rows."""
    part: list[dict[str, Any]] = []
    for row in _objects(given, shape.encoding):
        part.append(row)
        if len(part) == rows:
            yield _frame(part, shape.kinds)
            part = []
    if part:
        yield _frame(part, shape.kinds)


def read_array(given: Source) -> pd.DataFrame:
    """Read a JSON array of objects as a DataFrame.

    Raises
    ------
    DataError
        If it is not one, is above 1 GB, or holds something that is not an object.
    """
    encoding = detect(given.blocks, name=given.name)
    with text_of(given, encoding) as text:
        content = text.read(ARRAY_LIMIT + 1)
    if len(content) > ARRAY_LIMIT:
        msg = (
            f"'{given.name}' is a JSON array above 1 GB. Write it as JSON Lines, one object a line"
        )
        raise DataError(msg)
    rows = _parse(content.removeprefix("\ufeff"), given.name, None)
    rows = rows if isinstance(rows, list) else [rows]
    if odd := [n for n, row in enumerate(rows, start=1) if not isinstance(row, dict)]:
        msg = (
            f"expected an array of JSON objects; item {odd[0]} of '{given.name}' is "
            f"{_kind(rows[odd[0] - 1])}. Give every row its column names"
        )
        raise DataError(msg)
    return _whole(rows, given.name)


def _whole(rows: list[dict[str, Any]], name: str) -> pd.DataFrame:
    kinds: dict[str, Mixture] = {}
    for row in rows:
        for column, cell in row.items():
            kinds.setdefault(column, Mixture()).learn((cell,))
    if not kinds:
        raise no_rows(name, 0)
    return _frame(rows, kinds)


def _frame(rows: list[dict[str, Any]], kinds: dict[str, Mixture]) -> pd.DataFrame:
    names = list(kinds)
    return frame(names, list(kinds.values()), [[row.get(n) for n in names] for row in rows])


def _objects(given: Source, encoding: str) -> Iterator[dict[str, Any]]:
    with text_of(given, encoding) as text:
        for number, line in enumerate(text, start=1):
            if not (content := line.strip().removeprefix("\ufeff")):
                continue
            row = _parse(content, given.name, number)
            if not isinstance(row, dict):
                msg = (
                    f"expected one JSON object a line; line {number} of '{given.name}' is "
                    f"{_kind(row)}. Write every row as an object with its column names"
                )
                raise DataError(msg)
            yield row


def _parse(content: str, name: str, line: int | None) -> Any:
    try:
        return json.loads(content, object_pairs_hook=_once, parse_constant=lambda _: None)
    except (json.JSONDecodeError, RecursionError, _TwiceError) as error:
        where = f"line {line}" if line is not None else "content"
        told = error.msg if isinstance(error, json.JSONDecodeError) else str(error) or "too deep"
        at = f", character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        msg = (
            f"expected JSON; the {where} of '{name}' is not valid ({told}{at}). Repair it, or "
            "export the file again; it may have been cut"
        )
        raise DataError(msg) from None


class _TwiceError(ValueError):
    """A key that stands in one object more than once."""


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key, value in pairs:
        if key in row:
            msg = "a name stands in one object more than once"
            raise _TwiceError(msg)
        row[key] = value
    return row


def _kind(value: Any) -> str:
    kinds = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "an object" if isinstance(value, dict) else "a number")
