"""References to norms: articles, kind, number and year, resolved to a normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from iagkit.text.fields.anchors import Anchors, Places
from iagkit.text.fields.norms_words import BEGIN, CODES, SORTS
from iagkit.text.fields.nouns import Field

_W: Final = r"[ \t\u00a0\n]{0,3}"
_ROMAN: Final = r"[IVXLC]{1,8}(?!\w)"
_ORDINAL: Final = rf"(?:{_W}\.?[ºo°ª](?!\w))?"
_BIS: Final = rf"(?:{_W}(?:bis|ter|qu[áa]ter|quinquies|sexies|septies|octies)(?!\w))?"
_NUMBER: Final = rf"\d{{1,3}}(?:\.\d{{3}})*(?:\d+)?{_ORDINAL}(?:-[A-Z](?!\w))?{_BIS}"
_QUOTE: Final = r"[\"'“”‘’`´]*"
_LETTER: Final = rf"{_QUOTE}{_W}[a-zA-Z](?!\w)(?:{_W}{_QUOTE}|\))"
_PIECE: Final = (
    rf"(?:(?:§+|par[áa]grafos?|p[áa]rrafos?){_W}(?:{_NUMBER}|[úu]nico)"
    rf"|inc(?:isos?|s?{_W}\.)?{_W}(?:{_ROMAN}|{_NUMBER}|{_LETTER})"
    rf"|al[íi]neas?{_W}{_LETTER}|itens?{_W}[\d.]+|item{_W}(?:[\d.]+|{_ROMAN})|(?:primeira|segunda|parte){_W}(?:parte|final)|caput|{_QUOTE}{_W}caput{_W}{_QUOTE}"
    rf"|e{_W}seguintes|y{_W}siguientes|{_ROMAN}|{_NUMBER}(?!{_W}[/⁄])"
    rf"|[\"'“‘`´]+{_W}[a-z](?!\w){_W}[\"'”’`´]+|[a-h](?:\)|(?!\w)))"
)
_AND: Final = (
    rf"(?:{_W}(?:,|;|c/c|e/ou|\be\b|\by\b|\bou\b|\ba\b|\bo\b|\bdo\b|\bda\b|\bos\b"
    rf"|\bas\b)){{1,3}}{_W}"
)
_ART: Final = rf"(?:\b(?:arts?{_W}\.|ad{_W}\.|artigos?|art[íi]culos?|arts?)){_W}(?=\d|[IVX])"
_PIECES: Final = rf"(?:{_PIECE}(?:(?:{_AND}|{_W}|{_W}-{_W})(?:{_ART})?{_PIECE}){{0,14}})"
_BEFORE: Final = (
    rf"(?:(?:(?:§+|par[áa]grafos?|p[áa]rrafos?){_W}(?:{_NUMBER}(?:{_W}(?:,|\be\b){_W}{_NUMBER}){{0,3}}|[úu]nico)|caput"
    rf"|al[íi]neas?{_W}{_LETTER}(?:{_W}(?:,|\be\b){_W}{_LETTER}){{0,3}}"
    rf"|incisos?{_W}(?:{_ROMAN}|{_NUMBER}|{_LETTER})(?:{_W}(?:,|\be\b){_W}{_ROMAN}){{0,3}})"
    rf"{_W}(?:,{_W}|\be\b{_W}|\bd[oa]\b{_W})?){{1,5}}"
    rf"(?:do|da|del|de{_W}la)?{_W}"
)
_ARTICLES: Final = rf"(?:{_BEFORE})?{_ART}{_PIECES}"
_LINK: Final = (
    rf"{_W},?{_W}(?:(?:tod[oa]s|ambos|todos){_W})?"
    rf"(?:d[oae]s?|del|de{_W}la|de{_W}las|of{_W}the|,)?{_W}"
    rf"(?:(?:pr[óo]pri[oa]|citad[oa]|referid[oa]|vigente|novel|nov[oa]){_W})?"
)
_SIGN: Final = rf"(?:n{_W}\.?{_W}(?:[ºo°]s?|ros?)?{_W}\.?|n[uú]meros?|nros?{_W}\.?|nos?|№)"
_NUM: Final = (
    r"(?P<num>\d{1,3}(?:\.\d{3})+(?:-\d+)?|\d{1,6}(?:-\d(?!\d))?)"
    r"(?:\.(?=\s*[/⁄])|-[A-Z]{1,4}(?=[/⁄]))?"
)
_YEAR: Final = (
    rf"(?:{_W}[/⁄]{_W}(?P<year>(?:1[89]|20)\d\d|\d\d)(?!\d)"
    rf"|(?P<dash>-(?:19|20)\d\d)(?:-[A-Z]{{2,10}})*(?!\w)"
    rf"|{_W}(?:de|of){_W}(?P<of>(?:1[89]|20)\d\d)(?!\d|[.,]\d))?"
)
_SORT: Final = "|".join(f"(?P<s{i}>{s})" for i, s in enumerate(SORTS))
_QUALIFIED: Final = (
    rf"(?:{_W}(?:\(\w{{2,12}}\)|general(?:es)?|exentas?"
    rf"|estadua(?:l|is)|distrita(?:l|is)|federa(?:l|is)|municipa(?:l|is)|nacional(?:es)?"
    rf"|administrativas?|normativas?|org[âáa]nica|conjuntas?|reglamentari[oa]|provincial|suprem[oa]"
    rf"|(?-i:[-/]?{_W}[A-Z]{{2,6}}(?:[/⁄][A-Z]{{2,6}})?))){{0,3}}"
)
_NUMBERED: Final = (
    rf"(?<![\w])(?:{_SORT})(?!\w)(?:{_QUALIFIED}){_W}(?:,?{_W}{_SIGN})?{_W}"
    rf"{_NUM}(?!\w|[.,]\d){_YEAR}"
)
_CODE: Final = "|".join(f"(?P<c{i}>{c})" for i, c in enumerate(CODES))
_CODED: Final = rf"(?<![\w])(?:{_CODE})(?!\w)"
_FLAGS: Final = re.IGNORECASE
_NORM: Final = re.compile(rf"(?:{_NUMBERED}|{_CODED})", _FLAGS)
_BARE: Final = re.compile(
    rf"(?<![\w/.,⁄])(?:{_BEFORE})?(?P<bare>(?!(?:19|20)\d\d(?!\d)){_NUMBER})(?:{_AND}{_PIECE}){{0,8}}{_W},?{_W}d[ao]{_W}\Z",
    _FLAGS,
)
_ART_WORD: Final = re.compile(_ART, _FLAGS)
_ART_NUMBER: Final = re.compile(
    rf"(\d{{1,3}}(?:\.\d{{3}})+|\d+){_ORDINAL}(-[A-Z](?!\w))?(?:{_W}(bis|ter|qu[áa]ter|quinquies)(?!\w))?",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    rf"(?:§+|par[áa]grafos?|p[áa]rrafos?|incisos?|inc{_W}\.|ite(?:m|ns)){_W}"
    rf"[\d.]+{_ORDINAL}(?:{_W}(?:e|y|,){_W}\d+{_ORDINAL})*",
    _FLAGS,
)
"""Numbers of parts of an article, which are no articles."""
_SORTS: Final = tuple(SORTS.values())
_NORMAL: Final = tuple(CODES.values())
_OF_YEAR: Final = re.compile(r"\s+de\s+(?P<y>(?:1[89]|20)\d\d)(?!\d|[.,/]\d)")
_YEAR_ALONE: Final = re.compile(rf"{_W},{_W}del?{_W}(?P<y>(?:1[89]|20)\d\d)(?!\d|[.,/]\d)")
_SHARED: Final = re.compile(r"c[óo]digo\s+(?:penal|civil)|cp|ccb?", _FLAGS)
"""Codes that several countries call so; they are Brazil's only where no other is declared."""
_OF: Final = re.compile(rf"[dD][aAoO]{_W}\Z")
_OF_WIDE: Final = 5
_AFTER: Final = re.compile(
    rf"{_W},{_W}{_ARTICLES}|{_W}\({_W}{_ARTICLES}{_W}\)|{_W}Art{_W}\.{_W}\d+{_ORDINAL}", _FLAGS
)
_ARTICLE: Final = re.compile(_ARTICLES, _FLAGS)
_NEXT: Final = re.compile(
    rf"(?:{_W},{_W}|{_W}\b(?:y|e)\b{_W}|{_W},{_W}(?:y|e){_W})(?:{_SIGN}{_W})?{_NUM}(?!\w|[.,]\d){_YEAR}",
    _FLAGS,
)
_DATED: Final = re.compile(
    rf"(?:{_W},)?{_W}(?:de|del){_W}\d{{1,2}}{_ORDINAL}{_W}de{_W}[A-Za-zçÇ]{{4,10}}{_W}(?:de|del){_W}"
    r"(?P<y>\d{4}|\d\.\d{3})(?!\d)",
    _FLAGS,
)
_SMALL: Final = frozenset(("lc", "ec", "cf", "cp", "cc", "mp", "eca", "lep", "in"))
_CAPITAL: Final = frozenset(("constituição", "constituicao", "regimento interno"))
_ENGLISH: Final = frozenset(("act", "acts"))
_CROWD: Final = frozenset(("CP", "CC", "CF"))
"""Letters that mean other things too, unless an article stands before them."""
BEGINNINGS: Final = {
    **BEGIN,
    "article": "§ parag parra incis inc_ inc. incs alin capu art_ art. arts_ arts. artig artic "
    "ad_ ad.",
}
_TO_FIGURE: Final = 120
_REACH: Final = 160
_NEAR: Final = 70
_SHORT: Final = 2


def norms(places: Anchors, *, country: str | None = None) -> Iterator[Field]:
    """References to norms, the articles before them included; each of a list by itself.

    Parameters
    ----------
    places : Anchors
    country : str, optional
        Country of references whose words belong to several.

    Yields
    ------
    Field
        ``value`` is ``country:kind:number:year``, followed by ``#16,18`` where articles are named;
        what is not told stays empty.
    """
    text = places.text
    cites = [m.span() for m in places.matches(_ARTICLE, places.of("article"))]
    at = done = 0
    for match in places.matches(_NORM, _begins(places)):
        if match.start() < done or not _meant(match):
            continue
        while at < len(cites) and cites[at][1] < match.start() - _REACH:
            at += 1
        begin = _from_articles(text, match.start(), done, cites[at:])
        if (
            begin == match.start()
            and match.group() in _CROWD
            and not _AFTER.match(text, match.end())
        ):
            continue
        for field in _references(text, match, begin, country):
            yield field
            done = field.end


def _begins(places: Anchors) -> Places:
    numbered = places.before("figure", places.of("numbered"), reach=_TO_FIGURE)
    return np.union1d(numbered, places.of("named"))


def _meant(match: re.Match[str]) -> bool:
    """Two or three letters are a norm only in capitals; a code of one word likewise."""
    first = re.split(r"[^A-Za-zçãõáéíóú]", match.group(), maxsplit=1)[0]
    if match.group().lower() in _CAPITAL or first.lower() in _ENGLISH:
        return first[:1].isupper()
    return first.lower() not in _SMALL or first.isupper()


def _from_articles(text: str, begin: int, after: int, cites: list[tuple[int, int]]) -> int:
    """Where the articles of this norm begin: they stand right before it, linked by *do*, *del*."""
    for start, end in cites:
        if start >= begin:
            break
        stop = min(end, begin)
        if start >= after and _LINKED.fullmatch(text, stop, begin):
            return start
    if not _OF.search(text, max(after, begin - _OF_WIDE), begin):
        return begin
    bare = _BARE.search(text, max(after, begin - _NEAR), begin)
    return bare.start() if bare else begin


_LINKED: Final = re.compile(_LINK, _FLAGS)


def _references(
    text: str, match: re.Match[str], begin: int, country: str | None
) -> Iterator[Field]:
    articles = _articles(text[begin : match.start()])
    first = next(place for place, told in enumerate(match.groups()) if told)
    if first > len(SORTS):
        told = _OF_YEAR.match(text, match.end())
        end = _with_articles(text, told.end() if told else match.end())
        articles = articles or _articles(text[told.end() if told else match.end() : end])
        cited = (match.group(), _NORMAL[first - len(SORTS) - 4], told["y"] if told else "")
        yield _coded(begin, end, cited, articles, country)
        return
    sort, own = _SORTS[first]
    place = own or country
    year = _told_year(match) or _year_after(text, match.end())
    at = _with_articles(text, match.end()) if begin == match.start() else match.end()
    articles = articles or _articles(text[match.end() : at])
    yield _numbered(begin, at, sort, match["num"], year, place, articles)
    plural = _is_plural(match)
    while plural and (more := _NEXT.match(text, _past_date(text, at))):
        later = _told_year(more) or _year_after(text, more.end())
        yield _numbered(more.start("num"), more.end(), sort, more["num"], later, place, "")
        at = more.end()


def _with_articles(text: str, at: int) -> int:
    """End of the articles after a norm, unless they belong to another one behind them."""
    after = _AFTER.match(text, at)
    if after is None:
        return at
    linked = _LINKED.match(text, after.end())
    other = linked and linked.group().strip(" ,") and _NORM.match(text, linked.end())
    return at if other else after.end()


def _told_year(match: re.Match[str]) -> str:
    """Year beside the number: ``/2004``, ``-2019-JUS``, *de 2004*."""
    return match["year"] or match["of"] or (match["dash"] or "").lstrip("-")


def _is_plural(match: re.Match[str]) -> bool:
    word = re.match(r"\w+", match.group())
    return word is not None and word.group().lower().endswith("s")


def _past_date(text: str, at: int) -> int:
    dated = _DATED.match(text, at)
    return dated.end() if dated else at


def _year_after(text: str, at: int) -> str:
    """Year of ``de 5 de octubre de 2004`` after the number."""
    dated = _DATED.match(text, at) or _YEAR_ALONE.match(text, at)
    return dated["y"].replace(".", "") if dated else ""


def _coded(
    begin: int, end: int, cited: tuple[str, str, str], articles: str, country: str | None
) -> Field:
    written, normal, told = cited
    if country not in (None, "br") and _SHARED.fullmatch(written):
        normal = "codigo::"
    *places, sort, number, year = normal.split(":")
    place = places[0] if places else country or ""
    year = year or told
    if sort == "cpc" and (which := re.search(r"(20)?15|(19)?73", written + told)):
        year = "2015" if which.group().endswith("15") else "1973"
        sort, number = "lei", "13105" if year == "2015" else "5869"
    value = f"{place}:{sort}:{number}:{year}{articles}"
    return Field(begin, end, "norm", value, sort, number, year, place or None)


def _numbered(
    start: int, end: int, sort: str, number: str, year: str, country: str | None, articles: str
) -> Field:
    plain = number.replace(".", "")
    full = year if len(year) != _SHORT else ("19" if int(year) >= 30 else "20") + year
    value = f"{country or ''}:{sort}:{plain}:{full}{articles}"
    return Field(start, end, "norm", value, sort, plain, full, country)


def _articles(cited: str) -> str:
    """Articles of a citation, without their paragraphs: ``#16,18``."""
    found: list[str] = []
    parts = _ART_WORD.split(cited) if cited else []
    for part in parts[1:] or parts:
        found += ["".join(n).replace(".", "") for n in _ART_NUMBER.findall(_INSIDE.sub("", part))]
    return f"#{','.join(found)}" if found else ""
