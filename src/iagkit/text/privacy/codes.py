"""Identifiers with letters in them: CURP, RFC, NIE, RIF, IBAN, passports, plates, PIX keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from iagkit.text.privacy.checksums import CHECKS, compact
from iagkit.text.privacy.cues import cue_before
from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.words import plain


class Code(NamedTuple):
    """How an identifier with letters is written, and whether it is believed unchecked."""

    check: str
    kind: str
    pattern: str
    shaped: bool = False


CODES: Final = (
    Code(
        "iban",
        "bank_account",
        r"[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?",
    ),
    Code("br.pix", "bank_account", r"000201[\x20-\x7e]{20,400}?6304[0-9A-Fa-f]{4}"),
    Code(
        "mx.curp",
        "national_id",
        r"[A-Za-zÑñ]{4}[\s-]?\d{6}[\s-]?[HMXhmx][A-Za-z]{5}[A-Za-z0-9]\d",
        shaped=True,
    ),
    Code("mx.ine", "national_id", r"[A-Z]{6}\s?\d{8}\s?[HM]\s?\d{3}"),
    Code("mx.rfc", "tax_id", r"[A-ZÑ&]{4}[ -]?\d{6}[ -]?[A-Z0-9]{3}", shaped=True),
    Code("mx.rfc_company", "company_id", r"[A-ZÑ&]{3}[ -]?\d{6}[ -]?[A-Z0-9]{3}", shaped=True),
    Code("es.dni", "national_id", r"[XYZxyz][ -]?\d{7}[ -]?[A-Za-z]"),
    Code("es.cif", "company_id", r"[ABCDEFGHJNPQRSUVW][ -]?\d{7}[ -]?[0-9A-J]"),
    Code("ve.rif", "tax_id", r"[VEPvep][ -]?\d{8}[ -]?\d"),
    Code("ve.rif_company", "company_id", r"[JGCjgc][ -]?\d{8}[ -]?\d", shaped=True),
    Code("ve.ci", "national_id", r"[VE][ -.]{1,2}\d{1,2}\.?\d{3}\.?\d{3}", shaped=True),
    Code("pa.cedula", "national_id", r"(?:PE|E|N|PI|\d{1,2}-?(?:AV|PI))-\d{1,4}-\d{2,6}"),
    Code("pt.cc", "national_id", r"\d{8} ?\d ?[A-Z]{2}\d"),
    Code("br.cnpj", "company_id", r"[A-Z0-9]{2}\.[A-Z0-9]{3}\.[A-Z0-9]{3}/[A-Z0-9]{4}-\d{2}"),
)
_CODES: Final = re.compile(
    "(?:" + "|".join(f"(?P<c{i}>{c.pattern})" for i, c in enumerate(CODES)) + r")(?![^\W_])"
)
_FIRST_DIGIT: Final = re.compile(r"[0-9](?<!\d.)")
_LETTERS_BEFORE: Final = re.compile(r"[A-Za-zÑñ](?<![^\W_].)[A-Za-zÑñ&]{0,5}[\s.\-]{0,2}\Z")
_LONGEST_LETTERS: Final = 8
_DIGIT_START: Final = re.compile(
    r"\d(?:00201|\d?(?:-|AV|PI)|[A-Z\d]\.[A-Z\d]{3}\.|[\d ]{3,11}[- ]?[A-Z])"
)
"""How those of `CODES`, plates and numbers with a cue begin that begin with a digit."""
_UUID: Final = re.compile(
    r"(?<!\w)[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(?!\w)", re.I
)
_PLATE: Final = re.compile(
    r"(?:[A-Z]{3}[- ]?\d[A-J0-9]\d{2}|[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}|[A-Z]{3}[- ]?\d{3,4}[- "
    r"]?[A-Z]?|"
    r"[A-Z]{4}[- ]?\d{2}|\d{4}[- ]?[A-Z]{3}|[A-Z]{1,2}[- ]?\d{4,6}|[PCMA][- ]?\d{3}[- "
    r"]?[A-Z]{3})(?![^\W_])"
)
_PLATE_CUE: Final = re.compile(
    r"(?i:placas?|patente|dominio|chapa|ve[ií]culo|veh[ií]culo|carro|moto|autom[oó]vil|auto|"
    r"plate)\b.{0,25}\Z",
    re.S,
)
_SURE_PLATE: Final = re.compile(r"[A-Z]{3}\d[A-J]\d{2}|[A-Z]{2} ?\d{3} ?[A-Z]{2}")
_TOKEN: Final = re.compile(
    r"(?<![\w/])(?=[A-Za-z]*\d)(?:[A-Za-z]{1,4}[-.]?)\d[\dA-Za-z.\-]{2,60}(?![\w/])|"
    r"(?<![\w.\-/])\d{4,12}[A-Z](?!\w)"
)
_BY_CUE: Final = frozenset(
    ("passport", "employee_id", "licence", "national_id", "other_id", "case_number", "health_id")
)


def codes(text: str, countries: frozenset[str] | None = None) -> Iterator[Entity]:
    """Find identifiers that mix letters and digits.

    Parameters
    ----------
    text : str
        Plain text, as `normalised` writes it.
    countries : frozenset of str, optional
        Rules of other countries are not asked.

    Yields
    ------
    Entity
        In the order of the rules; those of companies as ``company_id``.
    """
    for match in _UUID.finditer(text) if text.count("-") >= 4 else ():
        near = plain(text[max(0, match.start() - 40) : match.start()])
        if "pix" in near or "chave" in near:
            yield Entity(*match.span(), "bank_account", "cued", "br.pix", "br")
    at = 0
    for start in _starts(text):
        if start < at:
            continue
        for found in _at(text, start, countries):
            yield found
            at = found.end


def _starts(text: str) -> Iterator[int]:
    """Where a word of letters and digits may begin: few letters before a digit, or a digit."""
    last = -1
    for digit in _FIRST_DIGIT.finditer(text):
        start = digit.start()
        for word in _LETTERS_BEFORE.finditer(text, max(0, start - _LONGEST_LETTERS), start):
            if word.start() > last:
                last = word.start()
                yield last
        if (start == 0 or not text[start - 1].isalnum()) and _DIGIT_START.match(text, start):
            last = start
            yield start


def _at(text: str, start: int, countries: frozenset[str] | None) -> Iterator[Entity]:
    """What begins at one place: an identifier, else a plate, else a number told by its cue."""
    match = _CODES.match(text, start)
    found = list(_checked(match, countries)) if match else []
    if found:
        yield from found
        return
    plate = _PLATE.match(text, start)
    if plate:
        cued = _PLATE_CUE.search(text, max(0, start - 45), start)
        if cued or _SURE_PLATE.fullmatch(plate.group()):
            yield Entity(*plate.span(), "plate", "cued" if cued else "shaped", "plate")
            return
    token = _TOKEN.match(text, start)
    cue = cue_before(text, start) if token else None
    if token and cue and cue.kind in _BY_CUE:
        yield Entity(*token.span(), cue.kind, "cued", cue.words.split(" ")[0] or "id")


def _checked(match: re.Match[str], countries: frozenset[str] | None) -> Iterator[Entity]:
    code = CODES[int(str(match.lastgroup)[1:])]
    country = code.check[:2] if "." in code.check else None
    if countries and country and country not in countries:
        return
    written = match.group() if code.check in ("pa.cedula", "br.pix") else compact(match.group())
    if code.check in CHECKS and CHECKS[code.check](written):
        yield Entity(*match.span(), code.kind, "checked", code.check, country)
    elif code.shaped:
        yield Entity(*match.span(), code.kind, "shaped", code.check, country)
