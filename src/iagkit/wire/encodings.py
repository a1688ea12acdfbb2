"""How the bytes of a text file became letters: decided from all of them, never guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from iagkit.core.errors import DataError

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL_BYTES: Final = bytes({*range(1, 9), *range(14, 32)} - {27})
UNDEFINED_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Letters and signs that texts in es, pt and en are written with, beyond ASCII.
USUAL: Final = re.compile(r"[\xa0-\xff\u0152\u0153\u0160\u0161\u0178\u2010-\u2044\u20ac\u2122]+")
SHOWN: Final = 5


@dataclass(slots=True)
class _Lines:
    """What the lines of a file are, counted in one pass."""

    number: int = 0
    utf8: int = 0
    not_utf8: int = 0
    not_utf8_at: list[int] = field(default_factory=list)
    utf8_at: list[int] = field(default_factory=list)
    nul_at: list[int] = field(default_factory=list)
    nuls: int = 0
    controls: int = 0
    undefined: bool = False
    size: int = 0

    def add(self, line: bytes) -> None:
        self.number += 1
        self.size += len(line)
        self._add_ascii(line)
        if line.isascii():
            return
        self.undefined = self.undefined or bool(UNDEFINED_1252.search(line))
        try:
            text = line.decode()
        except UnicodeDecodeError:
            self.not_utf8 += 1
            _keep(self.not_utf8_at, self.number)
            return
        beyond = "".join(c for c in text if ord(c) > 127)
        if USUAL.fullmatch(beyond):
            self.utf8 += 1
            _keep(self.utf8_at, self.number)

    def _add_ascii(self, line: bytes) -> None:
        self.controls += len(line) - len(line.translate(None, CONTROL_BYTES))
        if b"\0" in line:
            self.nuls += line.count(b"\0")
            _keep(self.nul_at, self.number)


def detect(blocks: Callable[[], Iterable[bytes]], *, name: str) -> str:
    """Find the encoding of a text file.

    Byte order marks are believed; UTF-16 without one is known by its zeros; otherwise the
    file is UTF-8 if all of it can be, and Windows-1252 (Latin-1 with more signs) if no line
    of it is beyond doubt UTF-8.

    Parameters
    ----------
    blocks : callable
        Gives the whole file in blocks; called again where single lines must be looked at.
    name : str
        Told in refusals.

    Returns
    -------
    str
        Name of a Python codec.

    Raises
    ------
    DataError
        If the file is binary, holds NUL bytes, or mixes encodings (the lines are named).
    """
    head = next(iter(blocks()), b"")
    for mark, codec in BOMS:
        if head.startswith(mark):
            return codec
    if wide := _wide(head[:4096]):
        return wide
    if _is_clean_utf8(blocks()):
        return "utf-8"
    seen = _Lines()
    for line in _lines(blocks()):
        seen.add(line)
    _refuse_binary(seen, name)
    if seen.not_utf8 == 0:
        return "utf-8"
    _refuse_mixture(seen, name)
    return "latin-1" if seen.undefined else "cp1252"


def _is_clean_utf8(blocks: Iterable[bytes]) -> bool:
    """Tell, quickly, whether all is UTF-8 with hardly a control sign: the usual case."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = controls = 0
    for block in blocks:
        size += len(block)
        controls += len(block) - len(block.translate(None, CONTROL_BYTES))
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return False
        if b"\0" in block:
            return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return controls <= 0.02 * size


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in blocks:
        lines = (rest + part).split(b"\n")
        rest = lines.pop()
        yield from lines
    yield from rest.split(b"\n")


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte is zero, the others never."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None


def _refuse_binary(seen: _Lines, name: str) -> None:
    if seen.nuls > 0.01 * seen.size or seen.controls > 0.02 * seen.size:
        msg = (
            f"expected a text table (CSV or JSON Lines); '{name}' is a binary file, whatever its "
            "name says. Export the table again as CSV, Excel or Parquet"
        )
        raise DataError(msg)
    if seen.nuls:
        msg = (
            f"expected text; '{name}' holds {seen.nuls} NUL byte(s), first on line(s) "
            f"{told(seen.nul_at)}. The file is damaged, or was cut and padded: export it again"
        )
        raise DataError(msg)


def _refuse_mixture(seen: _Lines, name: str) -> None:
    if not seen.utf8:
        return
    few, many = ("Latin-1", "UTF-8") if seen.not_utf8 <= seen.utf8 else ("UTF-8", "Latin-1")
    at, n = (seen.not_utf8_at, seen.not_utf8) if few == "Latin-1" else (seen.utf8_at, seen.utf8)
    msg = (
        f"expected one encoding; '{name}' mixes two: mostly {many}, but {n} line(s) are {few}, at "
        f"line(s) {told(at)}{' ...' if n > len(at) else ''}. Join the parts only after converting "
        "each to UTF-8"
    )
    raise DataError(msg)


def told(lines: list[int]) -> str:
    """Line numbers, the first few."""
    return ", ".join(map(str, lines[:SHOWN]))


def _keep(numbers: list[int], number: int) -> None:
    if len(numbers) < SHOWN:
        numbers.append(number)
