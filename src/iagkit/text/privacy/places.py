"""Where a person lives and when they were born: addresses and dates beside a cue.

The address of an office or of a building work is not personal data. So an address counts where
the text says that somebody lives there, or where it ends in a dwelling (flat, house number of a
block). Source of the street words: the postal services of the countries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final

from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.words import matches_from, plain

_STREET: Final = (
    r"(?:Rua|Avenida|Av|Avda|Travessa|Trav|Alameda|Rodovia|Estrada|Pra[çc]a|Largo|Viela|Ladeira|"
    r"Calle|C/|Pasaje|Pje|Paseo|Carrera|Cra|Diagonal|Transversal|Calzada|Blvd|Bulevar|Camino|"
    r"Jir[oó]n|Jr|"
    r"Urb|Urbanizaci[oó]n|Colonia|Barrio|Plaza|Cerrada|Privada|Prolongaci[oó]n|Ruta|Condom[ií]nio|"
    r"Residencial|Ch[áa]cara|Setor|Quadra|QD|Vila|Villa|Conjunto|"
    r"RUA|AVENIDA|AV|TRAVESSA|ALAMEDA|CALLE|CARRERA|COLONIA|QUADRA|CONJUNTO|SETOR)"
)
_BRASILIA: Final = (
    r"(?:S[QH][NSC][A-Z]{0,3}|SH[A-Z]{1,4}|HI?G[NS]|HC[NS]?|SCL[NS]|CL[NSRW]{1,3}|CR[NS]|CC?SW|"
    r"SQSW|SGA[NS]|SMPW|SMLN|SMDB|"
    r"Q[A-Z]{1,3}|EQ[A-Z]{1,3}|CN[A-Z]|CS[A-Z]|AR|AE|AOS|SRIA|SRES|SRL|CA|EPTG)"
)
_UNIT: Final = (
    r"(?:bloco|bl|casa|cs|apto|ap|apt|apartamento|apart|loja|depto|dpto|departamento|piso|torre|"
    r"andar|sala|salas|"
    r"lote|lt|lotes|conj|conjunto|quadra|qd|cj|unidad|unidade|interior|int|manzana|mz|no|nro|"
    r"n[úu]mero|numero|"
    r"n[°º]|#|km|edif[ií]cio|edificio|ed|local|oficina|puerta|escalera|esc|pta|m[óo]dulo|col|"
    r"colonia|cep|c\.?p|"
    r"bairro|barrio|condom[ií]nio|residencial|chácara|etapa|fase|setor|rua|entrada)"
)
_PLACE: Final = (
    r"[A-ZÀ-Þ][\w'’À-ÿ.]*(?:\s(?:d[aeo]s?|del|de la|de los|e|y|[A-ZÀ-Þ][\w'’À-ÿ.]*)){0,5}"
)
_FLOOR: Final = (
    r"\d{1,2}\.?[ºª°](?!\w)(?:\s(?:(?i:piso|andar|planta|izquierda|derecha|izq|izda?|dcha?|der|esq)\b|"
    r"[A-Z](?!\w)|\d{1,2}\.?[ºª°]))?"
)
_TAIL: Final = (
    rf"(?:[\s,;\-–/.]{{0,3}}(?:{_FLOOR}|(?i:{_UNIT})\b\.?[\s:]{{0,2}}(?:n[°º.]\s?)?[\dA-Z][\w/-]{{0,6}}|"
    rf"\d{{1,5}}(?:[-/]\d{{1,4}})?(?![\w/]|\.?[ºª°])"
    rf"|\d{{2}}\.?\d{{3}}-?\d{{3}}|[A-Z](?![\w])|(?i:s/n)))"
)
_ADDRESS: Final = re.compile(
    rf"(?:{_STREET}\b\.?\s(?:(?:d[aeo]s?|del|de la|de los)\s)?(?:{_PLACE}|\d{{1,4}}|"
    rf"[A-Z]\b)|{_BRASILIA}\s?\d{{1,4}}(?![\w.]\d)){_TAIL}{{0,9}}"
)
_MOST_PARTS: Final = 8
_ORDINAL: Final = (
    r"(?:primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|primer|tercer|bajo|"
    r"[áa]tico|\d{1,2}\.?[ºª°])"
)
_PART: Final = re.compile(
    rf"\s?(?:[,/]|[-–](?=\s?[A-ZÀ-Þ\d]))\s?(?:(?i:{_UNIT}|"
    rf"{_ORDINAL})(?!\w)\.?[\s:]{{0,2}}(?:[\w°º./-]+[ \t]?){{1,4}}(?=[,;.\n/)]|\s?[-–]|\Z)|"
    rf"\d{{1,5}}(?:\s?/\s?\d{{1,5}})?(?![\w.]\d|\.?[ºª°])|{_PLACE}(?=\s?[-–,;.\n/)]|\Z)|[A-Z]{{2}}\b|"
    rf"(?:CEP|C\.?P\.?)?[\s:.]{{0,2}}\d{{2}}\.?\d{{3}}-?\d{{3}})"
)
_ENGLISH: Final = re.compile(
    r"[0-9](?<!\w.)\d{0,4}\s(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|"
    r"Court|Blvd)\b\.?"
    r"(?:,?\s(?:Apt|Unit|Suite|#)\.?\s?\w{1,5})?"
)
_LIVES: Final = re.compile(
    r"(?:\bresid|\bmor[aoe]\b|\bmoramos|\bmorador|domicili|\bviv[oei]\b|\bvivimos|meu endere|mi "
    r"direccion|mi casa|"
    r"minha casa|inquilin|vizinh|vecin|escritorio profissional|estudio juridico|\blive|living|my "
    r"(?:home|address|house)|"
    r"(?:\A|[.;,:)\n]\s*|\n|residencial\s|particular\s)(?:endereco|direccion|domicilio|"
    r"address)s?\s?:)"
)
_PUBLIC: Final = re.compile(
    r"(?:seguinte endereco|imovel de interesse|empresa|sede|obra|secretaria|hospital|escola)"
)
_DWELLING: Final = re.compile(
    r"\b(?i:casa|cs|apto|ap|apt|apartamento|depto|dpto|loja|piso)\b\.?\s?(?:n[°º.]\s?)?\d"
)
_CAPITAL: Final = re.compile(r"[ABCDEHJLPQRSTUV](?<!\w.)")
_MONTH: Final = (
    r"(?i:jan|ene|feb|fev|mar|abr|apr|may|mai|jun|jul|ago|aug|set|sep|out|oct|nov|dez|dic|"
    r"dec)[a-zç]*"
)
_DAY: Final = r"\d{1,2}\.?(?:[°ºª]|st|nd|rd|th|er)?"
_YEAR: Final = r"(?:(?:del?|do)\s)?(?:a[ñn]o\s(?:de\s)?)?\d{4}"
_SPELT_YEAR: Final = (
    r"(?:(?:del?|do)\s)?(?:a[ñn]o\s(?:de\s)?)?(?i:mil\s(?:novecientos|novecentos)|dos\smil|dois\smil)"
    r"(?:\s(?!de\b|en\b|em\b|y\s(?:de|en)\b)[a-zà-ÿ]{1,12}){0,4}"
)
_DATE: Final = (
    rf"(?:\d{{1,2}}\s?[/.\-]\s?(?:\d{{1,2}}|[IVX]{{1,4}})\s?[/.\-]\s?(?:\d{{4}}|\d{{2}})|"
    rf"\d{{4}}-\d{{2}}-\d{{2}}|{_DAY}\s(?:(?:de|of)\s)?{_MONTH}\s?,?\s?{_YEAR}|"
    rf"{_MONTH}\s{_DAY},?\s\d{{4}}|"
    rf"(?!(?:el|aos?|en|em|no|d[ií]a|de)\s)(?:[a-zà-ÿ]{{1,12}}\s){{1,4}}de\s{_MONTH}\s{_SPELT_YEAR})"
)
_BORN: Final = re.compile(
    rf"(?i:nascid[oa]|nacid[oa]|nasci|nac[ií][óo]?|nascimento|nacimiento|nasc|nac|"
    rf"f\.?\s?nac|born|birth(?:date|day)?|dob|d\.n\.)s?(?![^\W_])\.?"
    rf"(?:(?P<gap>[^\d.;]{{0,30}}?)(?<![^\W_])(?P<date>{_DATE})|"
    rf"(?<=ac[ií]|sci|orn)\s(?:en|em|in)\s(?:el\sa[ñn]o\s|o\sano\s)?(?P<year>(?:19|20)\d\d))(?!\d)"
)
_MAY_BEGIN: Final = re.compile(r"[nNbBfFdD](?=[aAoOiInN.\s])")
_MAY_BE_BORN: Final = ("nasc", "naci", "nací", "nac", "f. n", "born", "birth", "dob", "d.n.")
_AGE: Final = re.compile(
    r"(?i:\b(?:edad|idade|age)\s?:\s?(?P<a>\d{1,3}(?:\s?(?:a[nñ]os|anos|years))?)|"
    r"\b(?P<b>\d{1,3}\s(?:a[nñ]os|anos))(?=\sde\s(?:edad|idade)\b))"
)
_MAY_AGE: Final = ("edad", "idade", "age:")


def places(text: str) -> Iterator[Entity]:
    """Find addresses where somebody lives.

    Parameters
    ----------
    text : str
        Plain text, as `normalised` writes it.

    Yields
    ------
    Entity
        Kind ``address``, certainty ``cued``.
    """
    for match in chain(matches_from(_CAPITAL, _ADDRESS, text), _ENGLISH.finditer(text)):
        end = _extended(text, match.end())
        written = text[match.start() : end].rstrip(" ,.;-–/")
        if any(c.isdigit() for c in written) and _personal(text, match.start(), written):
            yield Entity(match.start(), match.start() + len(written), "address", "cued", "address")


def _extended(text: str, end: int) -> int:
    """Take in what follows between commas while it still reads as an address."""
    for _ in range(_MOST_PARTS):
        part = _PART.match(text, end)
        if not part:
            break
        end = part.end()
    return end


def _personal(text: str, start: int, written: str) -> bool:
    near = plain(text[max(0, start - 90) : start])
    lives = None
    for lives in _LIVES.finditer(near):  # noqa: B007 - the last one is the nearest
        pass
    if lives:
        return not _PUBLIC.search(near, lives.end())
    return bool(_DWELLING.search(written)) and not _PUBLIC.search(near)


def births(text: str) -> Iterator[Entity]:
    """Find birth dates, and ages given as such.

    Yields
    ------
    Entity
        Kinds ``birth_date`` and ``age``, certainty ``cued``.
    """
    lower = text.lower()
    if any(w in lower for w in _MAY_BE_BORN):
        for match in matches_from(_MAY_BEGIN, _BORN, text):
            told = match.span("date" if match["date"] else "year")
            yield Entity(*told, "birth_date", "cued", "birth-date")
    if any(w in lower for w in _MAY_AGE):
        for match in _AGE.finditer(text):
            yield Entity(*match.span("a" if match["a"] else "b"), "age", "cued", "age")
