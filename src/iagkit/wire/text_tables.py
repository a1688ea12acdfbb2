"""CSV in all its dialects, read twice: once to understand and check it, once to hand it over."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, TextIO, cast

from iagkit.core.errors import DataError
from iagkit.wire.columns import Kind, frame, name_columns, no_rows
from iagkit.wire.encodings import SHOWN, detect, told
from iagkit.wire.sources import HEAD, Source

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS: Final = ",;\t|"
BATCH: Final = 1000
NONE: Final = "\x1f"
"""Separator of a table with a single column: a sign that no text holds."""
csv.field_size_limit(2**24)  # its own limit, 131,072, is shorter than some petitions


@dataclass(slots=True, kw_only=True)
class Dialect:
    """What was understood of a CSV file; of columns that nobody wants, no kind."""

    encoding: str
    delimiter: str
    names: list[str]
    kinds: list[Kind | None]
    rows: int
    skip: int = 0


@contextmanager
def text_of(given: Source, encoding: str) -> Iterator[TextIO]:
    """Open a source as text.

    Raises
    ------
    DataError
        If a byte does not fit the encoding that the file announces.
    """
    with given.unpacked() as opened:
        text = io.TextIOWrapper(cast("IO[bytes]", _Unowned(opened)), encoding, newline="")
        try:
            yield text
        except UnicodeError:
            msg = (
                f"'{given.name}' announces {codecs.lookup(encoding).name} at its beginning, but "
                "holds bytes that are not. It is damaged or was joined from two files: export it "
                "again as UTF-8"
            )
            raise DataError(msg) from None


class _Unowned(io.BufferedIOBase):
    """Bytes of a stream that somebody else will close."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self.stream.read(-1 if size is None else size)

    def read1(self, size: int = -1, /) -> bytes:
        return self.stream.read(size if size > 0 else HEAD)


def understand(given: Source, wanted: Sequence[str] | None = None) -> Dialect:
    """Find encoding, delimiter and types, and check every row, in constant memory.

    Only ``wanted`` columns are understood, if all of them are there.

    Raises
    ------
    DataError
        If the file is binary, mixes encodings, has no rows, or rows of several lengths.
    """
    encoding = detect(given.blocks, name=given.name)
    with text_of(given, encoding) as text:
        delimiter, skip = _sniff(text.read(HEAD))
    with text_of(given, encoding) as text:
        records = _records(text, delimiter, skip, given.name)
        _, header = next(records, (0, []))
        names = name_columns(header, source=given.name)
        every = wanted is None or not set(wanted) <= set(names)
        kinds = [Kind() if every or name in (wanted or ()) else None for name in names]
        rows = _learn(records, kinds, given.name)
    if rows == 0:
        raise no_rows(given.name, len(names))
    return Dialect(
        encoding=encoding, delimiter=delimiter, names=names, kinds=kinds, rows=rows, skip=skip
    )


def opening(given: Source, encoding: str) -> tuple[list[str], str, int]:
    """Names of the columns, the delimiter, and how many lines come before the header."""
    with text_of(given, encoding) as text:
        delimiter, skip = _sniff(text.read(HEAD))
    with text_of(given, encoding) as text:
        _, header = next(_records(text, delimiter, skip, given.name), (0, []))
    return name_columns(header, source=given.name), delimiter, skip


def _learn(records: Iterator[tuple[int, list[str]]], kinds: list[Kind | None], name: str) -> int:
    rows = 0
    part: list[list[str]] = []
    ragged: list[int] = []
    lengths = Counter[int]()
    for line, cells in records:
        rows += 1
        if len(cells) != len(kinds):
            lengths[len(cells)] += 1
            if len(ragged) < SHOWN:
                ragged.append(line)
            continue
        part.append(cells)
        if len(part) == BATCH:
            _learn_columns(kinds, part)
            part = []
    _learn_columns(kinds, part)
    if ragged:
        _refuse_ragged(ragged, lengths, len(kinds), name)
    return rows


def _learn_columns(kinds: list[Kind | None], rows: list[list[str]]) -> None:
    for kind, column in zip(kinds, zip(*rows, strict=True), strict=False):
        if kind is not None and (kind.number or not kind.missing):
            kind.learn(column)


def _refuse_ragged(at: list[int], lengths: Counter[int], columns: int, name: str) -> None:
    n = sum(lengths.values())
    msg = (
        f"expected {columns} cells in every row, as in the header of '{name}'; {n} row(s) have "
        f"{' or '.join(map(str, sorted(lengths)[:SHOWN]))}, at line(s) {told(at)}"
        f"{' ...' if n > len(at) else ''}. Put cells that hold the separator between quotes, or "
        "export the table again"
    )
    raise DataError(msg)


def chunks(given: Source, dialect: Dialect, *, rows: int) -> Iterator[pd.DataFrame]:
    """Hand the table over in DataFrames of at most ``rows`` rows."""
    with text_of(given, dialect.encoding) as text:
        records = _records(text, dialect.delimiter, dialect.skip, given.name)
        next(records)
        part: list[list[str]] = []
        for _, cells in records:
            part.append(cells)
            if len(part) == rows:
                yield frame(dialect.names, dialect.kinds, part)
                part = []
        if part:
            yield frame(dialect.names, dialect.kinds, part)


def _records(text: TextIO, delimiter: str, skip: int, name: str) -> Iterator[tuple[int, list[str]]]:
    """Line at which each record begins, and its cells; blank lines are passed over."""
    for _ in range(skip):
        text.readline()
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    begins = skip + 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + skip + 1
    except csv.Error as error:
        raise _broken_quotes(error, begins, name) from None


def _broken_quotes(error: csv.Error, line: int, name: str) -> DataError:
    kind = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
    if "expected after" in kind:
        kind = "there is text after a closing quote"
    msg = (
        f"expected a CSV row; in '{name}', in the row that begins at line {line}, {kind}. Write a "
        'quote inside a quoted cell twice (""), or export the table again'
    )
    return DataError(msg)


def _sniff(sample: str) -> tuple[str, int]:
    """Delimiter that splits most rows of a sample as it splits the header, and lines to skip."""
    first = sample.partition("\n")[0].rstrip("\r")
    if first.lower() in {f"sep={d}" for d in DELIMITERS}:
        return first[4:], 1
    whole = sample if len(sample) < HEAD else sample[: sample.rfind("\n") + 1] or sample
    scores = {d: _score(whole, d) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: scores[d])
    return (best if scores[best] > (0.0, 1) else NONE), 0


def _score(sample: str, delimiter: str) -> tuple[float, int]:
    """Share of the rows that have as many cells as the header, and that number."""
    try:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        rows = [row for row in reader if row]
    except csv.Error:
        return 0.0, 1
    if not rows or len(rows[0]) == 1:
        return 0.0, 1
    rows = rows[:-1] if len(rows) > 2 and len(sample) >= HEAD - 1 else rows
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows), len(rows[0])
