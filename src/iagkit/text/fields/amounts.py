"""Amounts of money with their currency, as the region writes them, in figures and plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.text.fields.anchors import Anchors
from iagkit.text.fields.nouns import Field
from iagkit.text.fields.spelt import PHRASE, number_in_words, plain

SIGNS: Final = {
    "R$": "BRL", "US$": "USD", "U$S": "USD", "u$s": "USD", "USD": "USD", "S/.": "PEN", "S/": "PEN",
    "₲": "PYG", "Gs.": "PYG", "₡": "CRC", "€": "EUR", "EUR": "EUR", "RD$": "DOP", "B/.": "PAB",
    "Bs.": "", "UF": "CLF", "UTM": "UTM", "C$": "NIO", "$U": "UYU", "MXN": "MXN", "COP": "COP",
    "ARS": "ARS", "CLP": "CLP", "BRL": "BRL", "PEN": "PEN", "GTQ": "GTQ", "Q.": "GTQ", "Q": "GTQ",
    "m$n": "ARM", "A$": "", "$": "", "£": "GBP",
}  # fmt: skip
"""Sign and currency (ISO 4217, and ``CLF``); empty where several countries share the sign."""
NAMES: Final = {
    "reais": "BRL", "real": "BRL", "soles": "PEN", "sol": "PEN", "guaranies": "PYG",
    "quetzales": "GTQ", "lempiras": "HNL", "colones": "", "cordobas": "NIO", "bolivianos": "BOB",
    "bolivares": "VES", "balboas": "PAB", "euros": "EUR", "dolares": "USD", "dollars": "USD",
    "pesos": "", "peso": "", "australes": "ARA", "cruzeiros": "BRR", "cruzados": "BRC",
    "unidades de fomento": "CLF", "pesos mexicanos": "MXN", "pesos argentinos": "ARS",
    "pesos chilenos": "CLP", "pesos colombianos": "COP", "pesos uruguayos": "UYU",
    "pesos dominicanos": "DOP", "dolares estadounidenses": "USD",
}  # fmt: skip
_FIGURE: Final = r"\d{1,3}(?:[.,'\u00a0 ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_MANY: Final = (
    r"(?:\s+(?:mil\s+)?(?:mil|mill[oó]n(?:es)?|milh(?:ão|ões)|bilh(?:ão|ões)|million|billion)"
    r"(?!\w))?"
)
_NAMED: Final = "|".join(
    re.sub("o", "[oó]", re.sub("a", "[aá]", re.sub("i", "[ií]", n)))
    for n in sorted(NAMES, key=len, reverse=True)
)
_CODES: Final = "ARS|BRL|CLP|COP|MXN|USD|UYU"
_SIGNED: Final = re.compile(
    rf"(?<![\w$])(?:(?P<code>{_CODES})\s?(?=\$))?"
    rf"(?P<sign>{'|'.join(map(re.escape, sorted(SIGNS, key=len, reverse=True)))})"
    rf"\s{{0,2}}(?P<minus>[-−–](?=\d))?(?P<n>{_FIGURE})(?P<many>{_MANY})(?:[.,]-)?"
    rf"(?:\s?(?P<behind>{_CODES})(?!\w))?"
)
_FOLLOWED: Final = re.compile(
    rf"(?<![\w,.])(?P<n>{_FIGURE})(?P<many>{_MANY})\s+(?:de\s+)?(?P<name>{_NAMED})(?!\w)",
    re.IGNORECASE,
)
_SPELT: Final = re.compile(
    rf"(?<![\w,.])(?<!\d )(?P<words>{PHRASE})\s+(?:de\s+)?(?P<name>{_NAMED})(?!\w)", re.IGNORECASE
)
_NAME_FIRST: Final = re.compile(
    rf"(?<!\w)(?P<name>{_NAMED})\s+(?P<words>{PHRASE})(?!\w)"
    rf"(?:\s+CON\s+[\w ]{{4,40}}?CENTAVOS)?"
    rf"(?:\s*\(\s*[^()\d]{{0,5}}(?P<n>{_FIGURE})(?:[.,]-)?\s*\))?",
    re.IGNORECASE,
)
_AGAIN: Final = re.compile(r"\s{0,2}\([^()\d]{0,12}")
_CLOSED: Final = re.compile(r"[^()\d]{0,24}\)")
_TIMES: Final = {
    "mil": 10**3, "millon": 10**6, "millones": 10**6, "milhao": 10**6, "milhoes": 10**6,
    "bilhao": 10**9, "bilhoes": 10**9, "million": 10**6, "billion": 10**9,
}  # fmt: skip
BEGINNINGS: Final = {
    "sign": "r$ us$ u$s usd s/ ₲ gs. ₡ € eur_ eur9 rd$ b/. bs. uf_ uf9 utm c$ $ mxn cop_ cop9 ars_ "
    "ars9 clp_ clp9 brl_ brl9 pen_ pen9 gtq q_ q9 m$n a$ £",
    "money": " ".join(name[:5] if len(name) > 4 else f"{name}_" for name in NAMES),
}
"""What amounts begin with, beside figures (``figure``) and numbers in words (``word``)."""
_REACH: Final = 160
HINTS: Final = {"br": "BRL", "ar": "ARS", "cl": "CLP", "co": "COP", "mx": "MXN", "uy": "UYU"}


def amounts(places: Anchors, *, country: str | None = None) -> Iterator[Field]:
    """Amounts with a currency; a bare number is none.

    Parameters
    ----------
    places : Anchors
    country : str, optional
        Decides what ``$`` and *pesos* mean; without it their currency stays ``?``.

    Yields
    ------
    Field
        ``value`` is ``BRL 1234.50``; ``sort`` the currency.
    """
    said = {
        _NAME_FIRST: places.of("money"),
        _SIGNED: places.of("sign"),
        _FOLLOWED: places.before("money", places.of("figure"), reach=_REACH),
        _SPELT: places.before("money", places.of("word"), reach=_REACH),
    }
    found = sorted(
        field
        for pattern, begins in said.items()
        for match in places.matches(pattern, begins)
        if (field := _read(match, country))
    )
    yield from _said_twice(places.text, found)


def _said_twice(text: str, found: list[Field]) -> Iterator[Field]:
    """``$ 15.000 (pesos quince mil)`` is one amount."""
    last: Field | None = None
    for field in found:
        if last and field.end <= last.end:
            continue
        if last and _AGAIN.fullmatch(text, last.end, field.start) and _same(last, field):
            close = _CLOSED.match(text, field.end)
            last = last._replace(end=close.end() if close else field.end)
            continue
        if last:
            yield last
        last = field
    if last:
        yield last


def _same(one: Field, other: Field) -> bool:
    return float(one.value.split()[1]) == float(other.value.split()[1]) and (
        one.sort == other.sort or "?" in one.sort + other.sort
    )


def _read(match: re.Match[str], country: str | None) -> Field | None:
    part = match.groupdict()
    figure, words = part.get("n"), part.get("words")
    amount = figure_of(figure) if figure else f"{number_in_words(words or '') or ''}"
    if not amount or (words and not figure and int(amount) < 2):
        return None
    for word in plain(part.get("many") or "").split():
        amount = _scaled(amount, _TIMES[word])
    sign, name = part.get("sign"), part.get("name")
    code = SIGNS[sign] if sign else NAMES[plain(name or "")]
    code = part.get("code") or (part.get("behind") if sign == "$" else "") or code
    amount = f"-{amount}" if part.get("minus") else amount
    if not code and (sign == "$" or plain(name or "") in ("peso", "pesos")):
        code = HINTS.get(country or "", "")
    return Field(*match.span(), "amount", f"{code or '?'} {amount}", code or "?")


def figure_of(written: str) -> str:
    """A number as it is written in one country or another, with a full stop before decimals.

    Examples
    --------
    >>> figure_of("1.234,50"), figure_of("1,234.5"), figure_of("1.234"), figure_of("12,5")
    ('1234.50', '1234.5', '1234', '12.5')
    """
    decimals = re.search(r"[.,](\d{1,2})\Z", written)
    whole = re.sub(r"\D", "", written[: decimals.start()] if decimals else written)
    return (whole.lstrip("0") or "0") + (f".{decimals[1]}" if decimals else "")


def _scaled(amount: str, times: int) -> str:
    whole, _, rest = amount.partition(".")
    exact = int(whole + rest) * times
    return str(exact // 10 ** len(rest)) if exact % 10 ** len(rest) == 0 else amount
