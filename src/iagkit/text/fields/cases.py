"""Numbers of files at courts and offices; Brazil's unified number by its check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from iagkit.text.fields.anchors import Anchors
from iagkit.text.fields.nouns import Field

_MOD: Final = 97


class Shape(NamedTuple):
    """How the files of one country or court are numbered."""

    sort: str
    country: str
    begins: str
    pattern: str


SHAPES: Final = (
    Shape("cnj", "br", "figure", r"(?<![\d.\-])\d{1,7}\s?-\s?\d{2}\s?\.\s?(?:19"
    r"|20)\d{2}\.\d\.?\d{2}\.\d{4}(?!\d)"),
    Shape("cnj", "br", "long", r"(?<![\d.\-])\d{13}[1-9]\d{6}(?!\d)"),
    Shape("tcu", "br", "tc",
    r"(?<!\w)TC\s?-?\s?(?:n\s?[.ºo°]*\s?)?\d{3}\.\d{3}/(?P<y2>\d{4}|\d\d)-\d(?!\d)"),
    Shape("sei", "br", "long", r"(?<![\d.])\d{5}[-.]\d{6,8}/(?P<y3>(?:19|20)\d{2})-\d{2}(?!\d)"),
    Shape("registro", "br", "registro", r"(?<![\d.\-/⁄])(?P<yb>(?:19|20)\d{2})[/⁄]\d{7}-\d(?!\d)"),
    Shape("tjdft", "br", "long", r"(?<!\d)(?P<yc>(?:19|20)\d{2})\d{10}[A-Z]{3}(?!\w)"),
    Shape("tjmg", "br", "tjmg", r"(?<![\d.])1\.\d{4}\.\d{2}\.\d{6}-\d/\d{3}(?!\d)"),
    Shape("trf", "br", "trf", r"(?<![\d.])(?P<yd>(?:19|20)\d{2})\.\d{2}\.\d{2}\.\d{6}-\d(?!\d)"),
    Shape("gdf", "br", "four", r"(?<![\d.\-])\d{4}-\d{6}/(?P<ye>(?:19|20)\d{2})(?!\d)"),
    Shape("tst", "br", "long", r"(?<!\d)\d{5}-(?P<yf>(?:19|20)\d{2})-\d{3}-\d{2}-\d{2}-\d(?!\d)"),
    Shape("gdf", "br", "three", r"(?<![\d.])\d{3}\.\d{3}\.\d{3}/(?P<yg>(?:19|20)\d{2})(?!\d)"),
    Shape("expediente", "ar", "chamber",
    r"(?<!\w)(?:C(?:AF|CC|CF|FP|IV|NT|OM|PE|SS)|F(?:BB|CB|CR|GR|LP|MP|MZ|PA|RE|RO|SA|SM|TU))\s\d{1,6}/"
    r"(?P<yh>(?:19|20)\d{2})(?:/[A-Z]{2}\d{1,3})*(?!\w)"),
    Shape("causa", "ar", "causa", r"(?i:\bcausas?)\s+(?i:n\S{0,3}\s*)?\d[\d.]{0,8}"
    r"/(?P<yi>(?:19|20)\d{2}|\d{2})(?!\d)"),
    Shape("gde", "ar", "ex",
    r"(?<!\w)EX-(?P<y4>20\d{2})-\d{5,9}-\s?-?[A-Z]{2,}-[A-Z0-9]+(?:#[A-Z]+)?"),
    Shape("expediente", "ar", "letter",
    r"(?<!\w)(?:EXP-?\s?)?[A-Z]\d{2}\s?:\s?\d{5,7}/(?P<y5>\d{4})(?!\d)"),
    Shape("radicado", "co", "long", r"(?<!\d)\d{5}[- ]?\d{2}[- ]?\d{2}[- ]?\d{3}[- ]?(?P<y6>(?:19"
    r"|20)\d{2})[- ]?\d{5}[- ]?\d{2}(?!\d)"),
    Shape("tc", "pe", "long", r"(?<!\d)\d{5}-(?P<y7>(?:19|20)\d{2})-P[AHICT]+C?/TC"),
    Shape("expediente", "pe", "long", r"(?<!\d)\d{5}-(?P<y8>(?:19"
    r"|20)\d{2})-\d{1,3}-\d{4}-[A-Z]{2}-[A-Z]{2}-\d{2}"),
    Shape("ruc", "cl", "ruc", r"(?i:\bR\.?U\.?C\.?)\s*(?:N\s?[°º.]*\s?)?\d{8,10}-[\dK](?!\d)"),
    Shape("rol", "cl", "rol", r"(?i:\br(?:ol"
    r"|it))\s*(?:N\s?[°º.]*\s?)?(?:[A-Z]-?)?\d[\d.]*-(?P<y9>(?:19|20)\d{2})(?!\d)"),
    Shape("amparo", "mx", "amparo", r"(?i:\b(?:juicio de amparo|amparo (?:directo"
    r"|indirecto)(?: en revisi[oó]n)?|toca(?: penal| civil)?"
    r"|contradicci[oó]n de tesis))\s+(?:N\S{0,3}\s+)?\d{1,5}/(?P<ya>(?:19"
    r"|20)\d{2})(?!\d)"),
    Shape("expediente", "", "file", r"(?i:\b(?:expedientes?|exptes?\.?|exp\."
    r"|expte))\s*(?:(?i:n(?:ro"
    r"|[úu]mero)?)?\s?[°º.]*\s?)?[A-Z]{0,4}[-\s]?\d[\d.]{0,9}(?:[-/][\dA-Z]{1,8}){1,3}(?!\d)"),
    Shape("processo", "br", "process", r"(?i:\bprocessos?(?:\s+administrativo"
    r"|\s+sei)?)\s*(?i:n\s?[.ºo°]*)?\s*\d[\d.]{2,12}(?:[-/]\d{1,8}){1,3}(?!\d)"),
)  # fmt: skip
"""The first that matches wins; without a country, the words are those of several."""
BEGINNINGS: Final = {
    "long": "99999", "tc": "tc", "ex": "ex-2", "ruc": "ruc r.u ru.", "rol": "rol rit",
    "amparo": "juici ampar toca_ contr", "file": "exped exp_ exp. exp9 expt", "process": "proce",
    "registro": "9999/", "trf": "9999.", "four": "9999-", "three": "999.9", "tjmg": "9.999",
    "causa": "causa", "chamber": (
        "caf_ ccc_ ccf_ cfp_ civ_ cnt_ com_ cpe_ css_ fbb_ fcb_ fcr_ fgr_ flp_ fmp_ fmz_ fpa_ fre_ "
        "fro_ fsa_ fsm_ ftu_"
    ),
    "letter": " ".join(["exp", *(f"{letter}99" for letter in "abcdefghijklmnopqrstuvwxyz")]),
}  # fmt: skip
"""What numbers of files begin with, beside figures (``figure``)."""
_UNIFIED: Final = re.compile(r"\.\d\.?\d{2}\.\d{4}")
_CASES: Final = tuple((shape, re.compile(shape.pattern)) for shape in SHAPES)


def cnj_holds(written: str) -> bool:
    """Whether the check digits of a unified number are right (CNJ, resolution 65/2008; ISO 7064).

    Examples
    --------
    >>> cnj_holds("0715337-93.2014.8.01.0001"), cnj_holds("0715337-94.2014.8.01.0001")
    (True, False)
    """
    digits = re.sub(r"\D", "", written).zfill(20)
    return len(digits) == 20 and int(digits[:7] + digits[9:] + digits[7:9]) % _MOD == 1


def cases(places: Anchors) -> Iterator[Field]:
    """Numbers of files.

    Yields
    ------
    Field
        ``value`` is the normal number: of a unified number ``0715337-93.2014.8.01.0001``, leading
        zeros written; ``sort`` is ``cnj`` only if the check digits hold, else ``cnj-unchecked``.
    """
    taken: list[tuple[int, int]] = []
    for shape, pattern in _CASES:
        if shape.sort == "cnj" and shape.begins == "figure" and not _UNIFIED.search(places.text):
            continue
        for match in places.matches(pattern, places.of(shape.begins)):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if field := _read(shape, match):
                taken.append(match.span())
                yield field


def _read(shape: Shape, match: re.Match[str]) -> Field | None:
    written = match.group()
    if shape.sort != "cnj":
        year = next((y for y in match.groupdict().values() if y), "")
        number = re.sub(r"\s+", "", written[re.search(r"\d", written).start() :])  # type: ignore[union-attr]
        value = written if written[:3] == "EX-" else number
        return Field(*match.span(), "case", value, shape.sort, number, year, shape.country or None)
    if written.isdigit() and not cnj_holds(written):
        return None
    return unified(*match.span(), written)


def unified(start: int, end: int, written: str) -> Field:
    """Field of a unified number, by its check digits."""
    digits = re.sub(r"\D", "", written).zfill(20)
    sort = "cnj" if cnj_holds(digits) else "cnj-unchecked"
    value = f"{digits[:7]}-{digits[7:9]}.{digits[9:13]}.{digits[13]}.{digits[14:16]}.{digits[16:]}"
    return Field(start, end, "case", value, sort, value, digits[9:13], "br")
