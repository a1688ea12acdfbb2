"""Dates and ranges of dates, in figures and in words, day first unless four digits lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from iagkit.text.fields.anchors import Anchors
from iagkit.text.fields.nouns import Field
from iagkit.text.fields.spelt import PHRASE, number_in_words, plain

_MONTHS: Final = (
    "enero janeiro january jan ene|febrero fevereiro february feb fev|marco marzo march mar"
    "|abril april abr apr|mayo maio may mai|junio junho june jun|julio julho july jul"
    "|agosto august ago aug|septiembre setiembre setembro september set sept sep"
    "|octubre outubro october oct out|noviembre novembro november nov"
    "|diciembre dezembro december dic dez dec"
)
_MONTH_OF: Final = {w: n for n, ws in enumerate(_MONTHS.split("|"), 1) for w in ws.split()}
_NAMES: Final = "|".join(
    [*sorted((m for m in _MONTH_OF if len(m) > 3 or m == "may"), key=len, reverse=True), "março"]
)
_ROMAN: Final = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10,
    "XI": 11, "XII": 12,
}  # fmt: skip
_SHORT: Final = "|".join([*(m for m in _MONTH_OF if len(m) <= 3), *reversed(_ROMAN)])
_GAP: Final = r"[ \t\u00a0\n]{0,4}"
_DAY: Final = rf"(?:\d{{1,2}}(?:[ºo°]|ro\.?|st|nd|rd|th)?|{PHRASE}|1[ºo°]|primero|primeiro)"
_YEAR: Final = rf"(?:\d{{4}}|\d\.\d{{3}}|'?\d{{2}}(?!\d)|{PHRASE})"
_OF: Final = rf"{_GAP}(?:(?:d[ií]as?|day){_GAP})?(?:de|del|of|do|,)?{_GAP}(?:mes{_GAP}de{_GAP})?"
_OF_YEAR: Final = (
    rf"{_GAP}[,/]?{_GAP}(?:de|del|of|do)?{_GAP}(?:l?{_GAP}a[ñn]o{_GAP}|ano{_GAP}de{_GAP})?"
)
_FIGURES: Final = re.compile(
    r"(?<![\d/.\-⁄,])(?:(?P<d>\d{1,2})(?P<s>[/.\-⁄])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})"
    r"|(?P<iy>(?:1[6-9]|20)\d{2})(?P<t>[-/.])(?P<im>\d{2})(?P=t)(?P<id>\d{2}))(?![\d/⁄]|[-.]\d)"
)
_WORDS: Final = re.compile(
    rf"(?<!\w)(?:(?P<d>{_DAY})(?:{_OF}))?(?<![^\W_])(?P<m>{_NAMES})(?!\w)"
    rf"(?:{_OF_YEAR}(?<![^\W_])(?P<y>{_YEAR})(?!\w|[.,]?\d))?",
    re.IGNORECASE,
)
_ABBREVIATED: Final = re.compile(
    rf"(?<!\w)(?P<d>\d{{1,2}})[ /.\-](?P<m>{_SHORT})\.?[ /.\-](?P<y>\d{{4}}|\d{{2}})(?!\w)",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    rf"(?<!\w)(?P<m>{_NAMES}){_GAP}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,|{_GAP}(?:de|del)){_GAP}"
    r"(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_TO: Final = re.compile(
    rf"{_GAP}(?:a|al|até|ate|hasta|to|until|through|y|e|and|–|—|-|à){_GAP}(?:el{_GAP}|o{_GAP}|"
    rf"the{_GAP}|o{_GAP}dia{_GAP}|d[ií]a{_GAP})?\Z",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    r"(?:\b(?:del?|do|desde|from|entre|between)\s+(?:el\s+|o\s+|the\s+)?)\Z", re.IGNORECASE
)
_DAY_BEFORE: Final = re.compile(
    rf"\b(?:del?|do|entre|from|desde|between|d[ií]as?)\s+(?:el\s+|os?\s+|los\s+)?(?P<d>\d{{1,2}})[ºo°]?{_GAP}"
    rf"(?:al?|até|hasta|to|y|e|and|–|-){_GAP}(?:el{_GAP}|o{_GAP}|dia{_GAP})?\Z",
    re.IGNORECASE,
)
BEGINNINGS: Final = {
    "month": " ".join(
        m[:5] if len(m) > 4 else f"{m}_" for m in _MONTH_OF if len(m) > 3 or m == "may"
    ),
    "short": " ".join(f"{m}_" for m in [*_MONTH_OF, *_ROMAN] if len(m) <= 4),
    "day": "9/ 99/ 9. 99. 9- 99- 999",
}
"""What dates hold, beside figures (``figure``) and numbers in words (``word``)."""
_REACH: Final = 100
_WITH_DAY: Final = 7
_CENTURY: Final = 40


def dates(places: Anchors) -> Iterator[Field]:
    """Dates of a text; two joined by *a*, *hasta*, *até*, *to* after *del*, *from* are a range.

    Yields
    ------
    Field
        ``value`` is ``2007-11-14``, ``2005-04`` (no day), ``--06-03`` (no year), or two of them
        joined by ``/``; ``sort`` is ``date`` or ``range``.
    """
    text = places.text
    found = [_from_day(text, field) for field in sorted(_each(places))]
    at = 0
    while at < len(found):
        one = found[at]
        other = found[at + 1] if at + 1 < len(found) else None
        if other and _is_range(text, one, other):
            yield one._replace(
                end=other.end, sort="range", value=f"{_completed(one, other)}/{other.value}"
            )
            at += 2
            continue
        yield one
        at += 1


def _from_day(text: str, field: Field) -> Field:
    """Join ``1 al`` before ``15 de marzo de 2020`` to it."""
    first = _DAY_BEFORE.search(text, max(0, field.start - 24), field.start)
    if (
        first is None
        or len(field.value) < _WITH_DAY
        or not 1 <= int(first["d"]) <= int(field.value[-2:])
    ):
        return field
    value = f"{field.value[:-2]}{int(first['d']):02d}/{field.value}"
    return field._replace(start=first.start("d"), sort="range", value=value)


def _completed(one: Field, other: Field) -> str:
    """A first day without its year has the year of the second."""
    return one.value if not one.value.startswith("--") else other.value[:4] + one.value[1:]


def _is_range(text: str, one: Field, other: Field) -> bool:
    between = _TO.match(text[one.end : other.start])
    if between is None:
        return False
    word = between.group().strip().lower()
    said = _SPAN.search(text, max(0, one.start - 14), one.start)
    return bool(said) or word[:1] not in "yea" or word.startswith("a")


def _each(places: Anchors) -> list[Field]:
    found: list[Field] = []
    figure = places.of("figure")
    named = places.of("figure", "word", "month")
    said = {
        _FIGURES: places.of("day"),
        _MONTH_FIRST: places.of("month"),
        _ABBREVIATED: places.before("short", figure, reach=3),
        _WORDS: places.before("month", named, reach=_REACH),
    }
    for pattern, begins in said.items():
        for match in places.matches(pattern, begins):
            field = _figures(match) if pattern is _FIGURES else _named(match)
            if field and all(field.end <= f.start or f.end <= field.start for f in found):
                found.append(field)
    return found


def _figures(match: re.Match[str]) -> Field | None:
    part = match.groupdict()
    day, month, year = (part[k] or part["i" + k] for k in "dmy")
    value = _iso(int(year), int(month), int(day), short=len(year) == 2)
    return Field(*match.span(), "date", value, "date", year=value[:4]) if value else None


def _named(match: re.Match[str]) -> Field | None:
    day, year = match["d"], match["y"]
    month = _ROMAN.get(match["m"]) or _MONTH_OF.get(plain(match["m"]), 0)
    if day is None and year is None:
        return None
    y = _number(year) if year else None
    d = _number(day) if day else None
    if (year and y is None) or (day and d is None):
        return None
    short = bool(year) and len(year.strip("'")) == 2 and year.strip("'").isdigit()
    value = _iso(y, month, d, short=short)
    return Field(*match.span(), "date", value, "date", year=str(y or "")) if value else None


def _number(written: str) -> int | None:
    digits = re.match(r"'?(\d[\d.]*)", written)
    return int(digits[1].replace(".", "")) if digits else number_in_words(written)


def _iso(year: int | None, month: int, day: int | None, *, short: bool = False) -> str:
    """ISO form, or nothing if there is no such day."""
    if short and year is not None:
        year += 1900 if year >= _CENTURY else 2000
    if year is not None and not 1500 <= year <= 2199:
        return ""
    try:
        date(year or 2000, month, day or 1)
    except ValueError:
        return ""
    if year is None:
        return f"--{month:02d}-{day:02d}"
    return f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
