"""Written times → local wall time and its offset, many at once; nothing is guessed in silence.

Texts are sorted by *shape* (``00/00/0000 00:00``: every digit a zero), one regular expression is
asked per shape, and numbers are cut out of all texts of that shape together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Stamps = NDArray[np.datetime64]
SHAPES: Final = 400
"""More shapes than these are no column of times."""
LONGEST: Final = 40
NEVER: Final = np.datetime64("NaT", "us")
NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan ene", "feb fev", "mar", "apr abr", "may mai", "jun", "jul", "aug ago",
            "sep set", "oct out", "nov", "dec dic dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_TIME = (
    r"(?:(?:, ?|[T ]+|T? ?- ?)(?P<H>00?)[:.h](?P<M>00)(?:[:.](?P<S>00)(?:[.,](?P<f>0+))?)?"
    r"(?: ?(?P<ap>[AaPp]\.? ?[Mm]\.?))?"
    r"(?: ?(?P<z>Z|UTC|GMT)| ?(?P<zs>[+-])(?P<zh>00):?(?P<zm>00)?)?)?"
)
PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>0000)[-/.](?P<m>00?)[-/.](?P<d>00?)" + _TIME,
        r"(?P<a>00?)[-/.](?P<b>00?)[-/.](?P<y>0000|00)" + _TIME,
        r"(?P<d>00?)[-/. ](?:de )?(?P<mon>[A-Za-z]{3,10})\.?[-/., ] ?(?:de |del )?(?P<y>0000)"
        + _TIME,
        r"(?P<mon>[A-Za-z]{3,10})\.? (?P<d>00?),? (?P<y>0000)" + _TIME,
        r"(?P<y>0000)(?P<m>00)(?P<d>00)"
        r"(?:T?(?P<H>00)(?P<M>00)(?P<S>00)?(?P<f>0{3,6})?(?P<z>Z)?)?",
    )
)


@dataclass(slots=True, kw_only=True)
class Written:
    """A column of times before it is known whether its days come first.

    Parameters
    ----------
    name : str
    year, first, second : ndarray of int, shape (n,)
        ``first`` and ``second`` are month and day where ``slashed`` is false.
    clock : ndarray of int, shape (n,), microseconds
        Time of the day.
    offset : ndarray of float, shape (n,), minutes
        Distance of the clock from UTC; ``nan`` where none is written.
    known, slashed, timed : ndarray of bool, shape (n,)
        Whether it is a time at all; whether the order of day and month must be found out; whether
        a time of the day is written.
    blank : ndarray of bool, shape (n,)
        Missing in the file.
    numbers : bool
        Whether most of the cells are plain numbers.
    stamps : ndarray of datetime64[us], optional
        Wall time, where the file holds times and not texts.
    """

    name: str
    year: Ints
    first: Ints
    second: Ints
    clock: Ints
    offset: NDArray[np.float64]
    known: Bools
    slashed: Bools
    timed: Bools
    blank: Bools
    short_years: bool = False
    numbers: bool = False
    stamps: Stamps | None = None


def written(column: pd.Series[Any], name: str = "") -> Written:
    """Take a column of times apart; what is no time is neither ``known`` nor ``blank``."""
    import pandas as pd

    if isinstance(column.dtype, pd.DatetimeTZDtype) or column.dtype.kind == "M":
        return _typed(column, name)
    blank = column.isna().to_numpy(dtype=bool)
    codes, uniques = pd.factorize(_texts(column))
    found = _apart([str(u) for u in uniques], name)
    at = np.where(codes < 0, len(uniques), codes)
    taken = {
        field: np.append(getattr(found, field), none)[at]
        for field, none in (
            ("year", 0), ("first", 0), ("second", 0), ("clock", 0), ("offset", np.nan),
            ("known", False), ("slashed", False), ("timed", False),
        )
    }  # fmt: skip
    numbers = sum(NUMBER.fullmatch(str(u)) is not None for u in uniques) * 2 > len(uniques)
    return Written(name=name, blank=blank, short_years=found.short_years, numbers=numbers, **taken)


def _typed(column: pd.Series[Any], name: str) -> Written:
    import pandas as pd

    aware = isinstance(column.dtype, pd.DatetimeTZDtype)
    wall = column.dt.tz_localize(None) if aware else column
    stamps = wall.to_numpy().astype("datetime64[us]")
    offset = np.full(len(stamps), np.nan)
    if aware:
        utc = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        offset = (stamps - utc).astype("int64") / MINUTE
    blank = np.isnat(stamps)
    zero = np.zeros(len(stamps), dtype=np.int64)
    timed = (stamps != stamps.astype("datetime64[D]")) & ~blank
    return Written(
        name=name, year=zero, first=zero, second=zero, clock=zero, offset=offset, known=~blank,
        slashed=zero.astype(bool), timed=timed, blank=blank, stamps=stamps,
    )  # fmt: skip


def _texts(column: pd.Series[Any]) -> pd.Series[Any]:
    """Cells as texts: ``20240304.0`` is the number 20240304; blanks stay blanks."""
    if column.dtype.kind in "iu":
        return column.astype(str)
    if column.dtype.kind == "f":
        return column.map(lambda v: f"{v:.0f}", na_action="ignore").astype(object)
    return column.map(_text, na_action="ignore").astype(object)


def _text(cell: object) -> str:
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    return str(cell).strip()


def _apart(texts: Sequence[str], name: str) -> Written:
    n = len(texts)
    ascii_ = [t if len(t) <= LONGEST and t.isascii() else _plain(t) for t in texts]
    width = max((len(t) for t in ascii_), default=1) or 1
    letters = np.array(ascii_, dtype=f"S{width}").view(np.uint8).reshape(n, width)
    shape = np.where((letters >= 48) & (letters <= 57), np.uint8(48), letters)
    out = Written(
        name=name, year=np.zeros(n, np.int64), first=np.zeros(n, np.int64),
        second=np.zeros(n, np.int64), clock=np.zeros(n, np.int64), offset=np.full(n, np.nan),
        known=np.zeros(n, bool), slashed=np.zeros(n, bool), timed=np.zeros(n, bool),
        blank=np.zeros(n, bool),
    )  # fmt: skip
    left = np.arange(n)
    for _ in range(SHAPES):
        if not left.size:
            break
        same = (shape[left] == shape[left[0]]).all(axis=1)
        rows, left = left[same], left[~same]
        _read_shape(out, bytes(shape[rows[0]]).rstrip(b"\0").decode(), letters, rows)
    return out


def _plain(text: str) -> str:
    """Blanks and signs that spreadsheets write; a text that is no time becomes nothing."""
    for sign, plain in (("\u202f", " "), ("\xa0", " "), ("\u2212", "-"), ("ç", "c")):
        text = text.replace(sign, plain)
    return text if len(text) <= LONGEST and text.isascii() else ""


def _read_shape(out: Written, shape: str, letters: NDArray[np.uint8], rows: Ints) -> None:
    found = next(filter(None, (p.fullmatch(shape) for p in PATTERNS)), None)
    if found is None:
        return
    at = letters[rows]
    parts = found.groupdict()

    def number(part: str) -> Ints:
        if parts.get(part) is None:
            return np.zeros(len(rows), np.int64)
        begin, end = found.span(part)
        powers = 10 ** np.arange(end - begin - 1, -1, -1, dtype=np.int64)
        digits: Ints = (at[:, begin:end].astype(np.int64) - 48) @ powers
        return digits

    good = _clock(out, parts, number, rows)
    year = number("y")
    if parts["y"] == "00":
        out.short_years = True
        year = np.where(year < 70, 2000, 1900) + year
    out.year[rows] = year
    if parts.get("a"):
        out.first[rows], out.second[rows], out.slashed[rows] = number("a"), number("b"), True
    elif parts.get("mon"):
        month = MONTHS.get(parts["mon"][:3].lower(), 0)
        out.first[rows], out.second[rows] = month, number("d")
    else:
        out.first[rows], out.second[rows] = number("m"), number("d")
    out.known[rows] = good
    out.timed[rows] = parts.get("H") is not None


def _clock(out: Written, parts: dict[str, str], number: Any, rows: Ints) -> Bools:
    """Time of the day and its offset; tells where they are possible."""
    hour, minute, second = number("H"), number("M"), number("S")
    good: Bools = (hour < 24) & (minute < 60) & (second < 61)
    if parts.get("ap"):
        good &= (hour >= 1) & (hour <= 12)
        hour = hour % 12 + 12 * (parts["ap"][0] in "Pp")
    places = len(parts.get("f") or "")
    fraction = number("f") * 10**6 // 10**places if places else number("f")
    second = np.minimum(second, 59)  # a leap second
    out.clock[rows] = ((hour * 60 + minute) * 60 + second) * 10**6 + fraction
    if parts.get("z"):
        out.offset[rows] = 0
    elif parts.get("zs"):
        away = number("zh") * 60 + number("zm")
        good &= away <= 15 * 60
        out.offset[rows] = away * (-1 if parts["zs"] == "-" else 1)
    return good


def stamps_of(column: Written, *, day_first: bool) -> Stamps:
    """Wall times as written; ``NaT`` where there is none."""
    if column.stamps is not None:
        return column.stamps
    swap = column.slashed & day_first
    month = np.where(swap, column.second, column.first)
    day = np.where(swap, column.first, column.second)
    good = column.known & (month >= 1) & (month <= 12) & (day >= 1) & (column.year >= 1)
    months = (np.where(good, column.year, 1970) - 1970) * 12 + np.where(good, month, 1) - 1
    first = months.astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    good &= day <= length
    days = first.astype("datetime64[D]").astype(np.int64) + np.where(good, day, 1) - 1
    stamps: Stamps = (days * DAY + column.clock).astype("datetime64[us]")
    stamps[~good] = NEVER
    return stamps
