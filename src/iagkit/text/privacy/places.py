"""Where a person lives and when they were born: addresses and dates beside a cue.

The address of an office or of a building work is not personal data. So an address counts where
the text says that somebody lives there, or where it ends in a dwelling (flat, house number of a
block). Source of the street words: the postal services of the countries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.words import plain

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
_TAIL: Final = (
    rf"(?:[\s,;\-–/.]{{0,3}}(?:(?i:{_UNIT})\b\.?[\s:]{{0,2}}(?:n[°º.]\s?)?[\dA-Z][\w/-]{{0,6}}|"
    rf"\d{{1,5}}(?:[-/]\d{{1,4}})?(?![\w/])"
    rf"|\d{{2}}\.?\d{{3}}-?\d{{3}}|[A-Z](?![\w])|(?i:s/n)))"
)
_ADDRESS: Final = re.compile(
    rf"(?<![\w])(?:{_STREET}\b\.?\s(?:(?:d[aeo]s?|del|de la|de los)\s)?(?:{_PLACE}|\d{{1,4}}|"
    rf"[A-Z]\b)|{_BRASILIA}\s?\d{{1,4}}(?![\w.]\d)){_TAIL}{{0,9}}"
)
_MOST_PARTS: Final = 8
_ORDINAL: Final = (
    r"(?:primeir[oa]|segund[oa]|terceir[oa]|quart[oa]|quint[oa]|primer|tercer|\d{1,2}[ºª°])"
)
_PART: Final = re.compile(
    rf"\s?(?:[,/]|[-–](?=\s?[A-ZÀ-Þ\d]))\s?(?:(?i:{_UNIT}|"
    rf"{_ORDINAL})\b\.?[\s:]{{0,2}}(?:[\w°º./-]+\s?){{1,4}}(?=[,;.\n/)]|\s?[-–]|\Z)|"
    rf"\d{{1,5}}(?:\s?/\s?\d{{1,5}})?(?![\w.]\d)|{_PLACE}(?=\s?[-–,;.\n/)]|\Z)|[A-Z]{{2}}\b|"
    rf"(?:CEP|C\.?P\.?)?[\s:.]{{0,2}}\d{{2}}\.?\d{{3}}-?\d{{3}})"
)
_ENGLISH: Final = re.compile(
    r"(?<![\w])\d{1,5}\s(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|"
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
_STREET_WORDS = """
rua av avda travessa alameda rodovia estrada praça largo viela ladeira calle pasaje pje paseo
carrera cra diagonal transversal calzada blvd bulevar camino jirón jiron jr urb colonia barrio
plaza cerrada privada prolongación prolongacion ruta condomínio condominio residencial chácara
setor quadra qd vila villa conjunto street avenue road lane drive court
"""
_STREETS: Final = frozenset(_STREET_WORDS.split())
_LOWER_WORD: Final = re.compile(r"[a-zà-ÿ]+")
_BLOCK_CODE: Final = re.compile(r"[SQHCEA](?<!\w.)[A-Z]{0,6}\s?\d")
_MONTH: Final = (
    r"(?i:jan|ene|feb|fev|mar|abr|apr|may|mai|jun|jul|ago|aug|set|sep|out|oct|nov|dez|dic|"
    r"dec)[a-zç]*"
)
_DATE: Final = (
    rf"(?:\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?(?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|"
    rf"\d{{1,2}}[°º]?\s(?:de\s)?{_MONTH}\s?,?(?:(?:de|del)\s)?\s?\d{{4}}|"
    rf"{_MONTH}\s\d{{1,2}},?\s\d{{4}})"
)
_BORN: Final = re.compile(
    rf"(?i:nascid[oa]|nacid[oa]|nasci|naci[óo]|nascimento|nacimiento|nasc\b\.?|nac\b\.?|"
    rf"f\.?\s?nac\b\.?|born|birth|dob|d\.n\.)"
    rf"(?P<gap>[^\d.;]{{0,30}}?)(?P<date>{_DATE})(?!\d)"
)
_MAY_BE_BORN: Final = ("nasc", "naci", "nac", "f. n", "born", "birth", "dob", "d.n.")
_AGE: Final = re.compile(
    r"(?i:\b(?:edad|idade|age)\s?:\s?(?P<a>\d{1,3}(?:\s?(?:a[nñ]os|anos|years))?)|"
    r"\b(?P<b>\d{1,3}\s(?:a[nñ]os|anos)\sde\s(?:edad|idade))\b)"
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
    lower = text.lower()
    told = "c/" in lower or not _STREETS.isdisjoint(_LOWER_WORD.findall(lower))
    if not (told or _BLOCK_CODE.search(text)):
        return
    for pattern in (_ADDRESS, _ENGLISH):
        for match in pattern.finditer(text):
            end = _extended(text, match.end())
            written = text[match.start() : end].rstrip(" ,.;-–/")
            if any(c.isdigit() for c in written) and _personal(text, match.start(), written):
                yield Entity(
                    match.start(), match.start() + len(written), "address", "cued", "address"
                )


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
        for match in _BORN.finditer(text):
            yield Entity(*match.span("date"), "birth_date", "cued", "birth-date")
    if any(w in lower for w in _MAY_AGE):
        for match in _AGE.finditer(text):
            yield Entity(*match.span("a" if match["a"] else "b"), "age", "cued", "age")
