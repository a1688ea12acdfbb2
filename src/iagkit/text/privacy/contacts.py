"""Ways to reach somebody: e-mail, telephone, profile, handle, internet address, position."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.words import plain

_BEFORE_SIGN: Final = re.compile(r"[A-Za-zÀ-ÿ0-9_](?:[\w.+'-]{0,80}\w)?\s?\Z")
_LONGEST_LOCAL: Final = 83
_SIGN: Final = re.compile(
    r"[@\[(\s](?:(?<=@)|(?<=\[)\s?at\s?\]|(?<=\()\s?(?:at|arroba)\s?\)|(?<=\s)arroba\s)",
    re.IGNORECASE,
)
_DOMAIN: Final = re.compile(
    r"\s?[A-Za-zÀ-ÿ0-9-]+(?:\s?(?:\.|\[\s?dot\s?\]|\(\s?(?:dot|ponto|punto)\s?\)|\s(?:ponto|"
    r"punto)\s)\s?[A-Za-z0-9-]{2,})+",
    re.IGNORECASE,
)
_NO_LETTERS: Final = re.compile(r"[^A-Za-zÀ-ÿ]+")
_MAY_MAIL: Final = ("@", "arroba", "[at", "(at", "[ at", "( at")
_ROLE_WORDS = (
    "contato contacto contact info informacion informacoes ouvidoria sac atendimento atencion "
    "faleconosco "
    "secretaria mesadepartes mesa partes licitacao licitacoes rh protocolo presidencia gabinete "
    "imprensa "
    "prensa comunicacao consultas denuncias transparencia sic esic suporte soporte support admin "
    "webmaster "
    "noreply no reply naoresponda correo"
)
_ROLES: Final = frozenset(_ROLE_WORDS.split())
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
_PROFILE: Final = re.compile(
    r"(?:facebook|fb|instagram|twitter|x|tiktok|t|linkedin|youtube|wa|threads|lattes\.cnpq|orcid|"
    r"github|kwai|telegram)"
    r"\.(?:com|me|net|br|org)(?:\.br)?/(?!p/|watch|share|hashtag|search|intent|"
    r"groups)[\w.@+/?=-]{2,}",
    re.IGNORECASE,
)
_SITES: Final = (".com/", ".me/", ".net/", ".br/", ".org/")
_HANDLE: Final = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{2,29}(?!\.?\w*@)")
_IP: Final = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]\d|\w)|"
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|"
    r"(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])",
    re.IGNORECASE,
)
_MAY_IP: Final = re.compile(r"[0-9]\.\d{1,3}\.\d{1,3}\.\d")
_MAY_GPS: Final = re.compile(r"[.0-9](?:(?<=\.)\d{4}|(?<=\d)\s?['’′])")
_COLONS: Final = 2
_VERSION: Final = re.compile(
    r"(?:vers[aã]o|versi[oó]n|version|[ií]tem|apartado|punto|numeral|inciso|cap[ií]tulo|secci[oó]n|"
    r"se[cç][aã]o|cl[aá]usula|v)\.?\s*\Z",
    re.IGNORECASE,
)
"""What stands before the number of a version, or of a heading, that looks like an address."""
_GPS: Final = re.compile(
    r"(?<![\d.])-?\d{1,2}\.\d{4,}\s?[,;]\s?-?\d{1,3}\.\d{4,}(?!\d)|"
    r"\d{1,2}\s?°\s?\d{1,2}\s?['’′]\s?\d{1,2}(?:[.,]\d+)?\s?(?:\"|″|'')\s?[NS][,;\s]+"
    r"\d{1,3}\s?°\s?\d{1,2}\s?['’′]\s?\d{1,2}(?:[.,]\d+)?\s?(?:\"|″|'')\s?[EWOL]"
)

PHONES: Final = {
    **{"ar": ("54", 10, 11), "bo": ("591", 7, 8), "br": ("55", 10, 11), "cl": ("56", 8, 9)},
    **{"co": ("57", 8, 10), "cr": ("506", 8, 8), "cu": ("53", 6, 8), "do": ("1", 10, 10)},
    **{"ec": ("593", 8, 9), "es": ("34", 9, 9), "gt": ("502", 8, 8), "hn": ("504", 8, 8)},
    **{"ht": ("509", 8, 8), "mx": ("52", 10, 11), "ni": ("505", 8, 8), "pa": ("507", 7, 8)},
    **{"pe": ("51", 8, 9), "pt": ("351", 9, 9), "py": ("595", 8, 9), "sv": ("503", 8, 8)},
    **{"uy": ("598", 7, 8), "ve": ("58", 10, 10)},
}
"""Country: its code, and the fewest and most digits that follow it."""

_CODES: Final = sorted({code for code, _, _ in PHONES.values()}, key=len, reverse=True)
_INTERNATIONAL: Final = re.compile(
    rf"[+0](?<![\w+][+0])(?:(?<=\+)|(?<=0)0)\s?\(?(?P<code>{'|'.join(_CODES)})\)?(?P<rest>(?:[\s.\-()]{{0,3}}\d){{6,13}})(?!\d)"
)
_NATIONAL: Final = re.compile(
    r"[(\d](?<![\w.\-/][(\d])(?:(?<=\()"
    r"\s?0?\d{2,4}\s?\)\s?(?:15[\s-]?)?(?:9[\s.-]?)?\d{3,5}[\s.\-]{0,3}\d{3,4}|"
    r"(?<=\d)(?:\d{1,2}[\s-]9[\s.-]?\d{4}[\s.-]?\d{4}|\d[\s-][2-5]\d{3}-\d{4}|\d 9\d{8})|"
    r"(?<=9) ?\d{4}-\d{4})(?!\w|[-/.]\d)"
)
"""Begins with one set of characters, since that is what the engine scans for fastest."""
_TOLL_FREE: Final = re.compile(r"0?[389]00\b")


def contacts(text: str) -> Iterator[Entity]:
    """Find ways to reach a person; mailboxes of an office are not one.

    Parameters
    ----------
    text : str
        Plain text, as `normalised` writes it.

    Yields
    ------
    Entity
        ``email``, ``url`` and ``handle``; a page that is nobody's as one of `NOT_PERSONAL`.
    """
    lower = text.lower()
    if any(sign in lower for sign in _MAY_MAIL):
        yield from _mail(text)
        for match in _HANDLE.finditer(text) if "@" in text else ():
            yield Entity(*match.span(), "handle", "shaped", "handle")
    for match in _URL.finditer(text) if "://" in text or "www." in lower else ():
        end = match.end() - (match.group()[-1] in ".,;:!?")
        personal = _PROFILE.search(match.group())
        yield Entity(match.start(), end, "url" if personal else "norm_reference", "shaped", "url")
    for match in _PROFILE.finditer(text) if any(s in lower for s in _SITES) else ():
        yield Entity(*match.span(), "url", "shaped", "profile")


def digital(text: str, countries: frozenset[str] | None = None) -> Iterator[Entity]:
    """Find telephones, internet addresses and positions: what needs a digit."""
    for match in _IP.finditer(text) if _MAY_IP.search(text) or text.count(":") > _COLONS else ():
        if not _VERSION.search(text, max(0, match.start() - 12), match.start()):
            yield Entity(*match.span(), "ip", "shaped", "ip")
    for match in _GPS.finditer(text) if _MAY_GPS.search(text) else ():
        yield Entity(*match.span(), "place", "shaped", "position")
    yield from _phones(text, countries)


def _mail(text: str) -> Iterator[Entity]:
    """Look for the sign first, then at what stands on both sides of it."""
    at = 0
    for sign in _SIGN.finditer(text):
        before, behind = max(at, sign.start() - _LONGEST_LOCAL), _DOMAIN.match(text, sign.end())
        local = behind and _BEFORE_SIGN.search(text, before, sign.start())
        if not behind or not local:
            continue
        at = behind.end()
        words = [plain(w) for w in _NO_LETTERS.split(local.group()) if w]
        office = bool(words) and all(w in _ROLES for w in words)
        yield Entity(local.start(), at, "company_id" if office else "email", "shaped", "email")


def _phones(text: str, countries: frozenset[str] | None) -> Iterator[Entity]:
    for match in _INTERNATIONAL.finditer(text) if "+" in text or "00" in text else ():
        digits = sum(c.isdigit() for c in match["rest"])
        for country, (code, fewest, most) in PHONES.items():
            if code == match["code"] and fewest <= digits <= most:
                if not countries or country in countries:
                    yield Entity(*match.span(), "phone", "shaped", "phone", country)
                break
    for match in _NATIONAL.finditer(text):
        if not _TOLL_FREE.match(match.group().lstrip("(")):
            yield Entity(*match.span(), "phone", "shaped", "phone")
