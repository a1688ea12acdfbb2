"""All personal data of a text: recognisers and tagger, merged by one order of precedence.

1. ways to reach a person, unmistakable (e-mail, profile, internet address, position);
2. numbers whose check digits hold (``checked``), of a person or not;
3. what a cue beside it tells (``cued``), names too; the number of a process, a norm or an amount
   told by its cue is thereby kept from being taken for something else;
4. the trained tagger (``tagged``);
5. the shape alone (``shaped``).

Of two of one rank the longer wins, then the earlier. What the stronger leaves over of a weaker
one, if letters or digits are in it, stays covered: overlap never uncovers a character.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter
from typing import Final

from iagkit.core.errors import DataError, UsageError
from iagkit.text.privacy.codes import codes
from iagkit.text.privacy.contacts import contacts, digital
from iagkit.text.privacy.entities import KINDS, NOT_PERSONAL, Entity, Tagger
from iagkit.text.privacy.numbers import numbers
from iagkit.text.privacy.parallel import Normalised, normalised
from iagkit.text.privacy.people import people
from iagkit.text.privacy.places import births, places

_DIGIT: Final = re.compile(r"[0-9]")
_RANK: Final = {"checked": 1, "cued": 2, "tagged": 3, "shaped": 4}
_AFTER_TAGGED: Final = 3.5
_UNMISTAKABLE: Final = frozenset(("email", "url", "ip", "position", "profile"))
_SOLID: Final = re.compile(r"[^\W_](?:.*[^\W_]\)?)?", re.DOTALL)
_FEWEST_LEFT: Final = 3
_COUNTRY: Final = re.compile(r"[a-z]{2}\Z")


def find_personal(
    text: str,
    *,
    countries: Collection[str] | None = None,
    tagger: Tagger | None = None,
    kinds: Collection[str] | None = None,
) -> list[Entity]:
    """Find the personal data of a text.

    Parameters
    ----------
    text : str
        One text of any length, in Spanish, Portuguese or English.
    countries : collection of str, optional
        Two-letter codes. Identifiers of other countries are not looked for; some that hold by
        chance too often (a Chilean RUT without full stops) are looked for only when their country
        is named. All countries by default.
    tagger : Tagger, optional
        Marks persons, places and the rest; without it, names are found by cues and lists.
    kinds : collection of str, optional
        Only these of `KINDS`; all by default.

    Returns
    -------
    list of Entity
        In reading order, not overlapping; offsets are of `text` as given.

    Raises
    ------
    DataError
        If `text` is not text.
    UsageError
        If a kind or a country does not exist.

    Examples
    --------
    >>> text = "CPF 111.444.777-35, processo 0012345-67.2019"
    >>> [(text[e.start : e.end], e.kind, e.certainty) for e in find_personal(text)]
    [('111.444.777-35', 'tax_id', 'checked')]
    """
    wanted, where = _asked(text, countries, kinds)
    plain = normalised(text)
    found = list(_recognised(plain.text, where, names="person" in wanted))
    if plain.offsets is not None:
        found = [_placed(e, plain) for e in found]
    if tagger is not None:
        marked = tagger([text])[0]
        found = [e for e in found if not _doubted(e, marked)] + marked
    merged = merge(found, text)
    return [e for e in merged if e.kind in wanted]


def _doubted(entity: Entity, marked: list[Entity]) -> bool:
    """Whether a tagger knows better: lists of names always, acts where it marked something."""
    if entity.source == "name-act":
        return any(m.start < entity.end and entity.start < m.end for m in marked)
    return entity.source == "name-list"


def recognised(text: str, *, countries: Collection[str] | None = None) -> list[Entity]:
    """Give what patterns alone find, also what is nobody's (`NOT_PERSONAL`), in reading order.

    Parameters
    ----------
    text : str
        One text.
    countries : collection of str, optional
        As of `find_personal`.

    Returns
    -------
    list of Entity
        In reading order, not overlapping.
    """
    _, where = _asked(text, countries, None)
    plain = normalised(text)
    return merge((_placed(e, plain) for e in _recognised(plain.text, where)), text)


def merge(found: Iterable[Entity], text: str) -> list[Entity]:
    """Settle overlaps by precedence; what is left of the weaker stays, in reading order."""
    kept: list[Entity] = []
    for entity in _without_street_names(sorted(found, key=_precedence)):
        for start, end in _free(entity, kept):
            if end - start == entity.end - entity.start:
                insort(kept, entity)
            else:
                _keep_rest(kept, entity, start, end, text)
    return kept


def _without_street_names(found: list[Entity]) -> list[Entity]:
    """Leave out a person cued inside an address: "Calle del Dr. Quispe, 83" is one place."""
    streets = sorted(e for e in found if e.kind == "address" and e.certainty == "tagged")
    if not streets:
        return found
    return [
        e
        for e in found
        if e.kind != "person"
        or not any((s.start < e.start and e.end <= s.end) or (s.start <= e.start and e.end < s.end)
                   for s in streets[_touched(e.start, e.end, streets)])
    ]  # fmt: skip


def _keep_rest(kept: list[Entity], entity: Entity, start: int, end: int, text: str) -> None:
    """What a stronger entity leaves over: joined to it if of its kind, else kept if solid."""
    if entity.kind in NOT_PERSONAL:
        return
    near = _touched(start, end, kept)
    for i, k in enumerate(kept[near], near.start):
        if k.kind == entity.kind and start <= k.end and k.start <= end:
            kept[i] = k._replace(start=min(start, k.start), end=max(end, k.end))
            return
    if entity.certainty == "tagged":
        piece = text[start:end]
        if any(map(str.isalnum, piece)):
            end -= len(piece) - len(piece.rstrip())
            start += len(piece) - len(piece.lstrip())
            insort(kept, entity._replace(start=start, end=end))
        return
    solid = _SOLID.search(text, start, end)
    if solid and solid.end() - solid.start() >= _FEWEST_LEFT:
        insort(kept, entity._replace(start=solid.start(), end=solid.end()))


def _precedence(entity: Entity) -> tuple[float, int, int]:
    rank: float = 0 if entity.source in _UNMISTAKABLE else _RANK[entity.certainty]
    if entity.kind == "amount" and entity.certainty == "cued":
        rank = _AFTER_TAGGED  # a postal code, a plot or a year may be of an address or a date
    return rank, entity.start - entity.end, entity.start


def _free(entity: Entity, kept: list[Entity]) -> list[tuple[int, int]]:
    """Parts of an entity that no stronger one covers."""
    parts = [(entity.start, entity.end)]
    for k in kept[_touched(entity.start, entity.end, kept)]:
        if k.start < entity.end and entity.start < k.end:
            parts = [
                piece
                for a, b in parts
                for piece in ((a, min(b, k.start)), (max(a, k.end), b))
                if piece[0] < piece[1]
            ]
    return parts


def _touched(start: int, end: int, kept: list[Entity]) -> slice:
    """Where those that may touch a span stand among entities in order that do not overlap."""
    first = bisect_left(kept, start, key=itemgetter(1))
    return slice(first, bisect_right(kept, end, lo=first, key=itemgetter(0)))


def _recognised(
    text: str, countries: frozenset[str] | None, *, names: bool = True
) -> Iterator[Entity]:
    yield from contacts(text)
    if names:
        yield from people(text)
    yield from births(text)
    if _DIGIT.search(text):
        yield from digital(text, countries)
        yield from codes(text, countries)
        yield from numbers(text, countries)
        yield from places(text)


def _placed(entity: Entity, plain: Normalised) -> Entity:
    start, end = plain.span(entity.start, entity.end)
    return entity._replace(start=start, end=end)


def _asked(
    text: object, countries: Collection[str] | None, kinds: Collection[str] | None
) -> tuple[frozenset[str], frozenset[str] | None]:
    if not isinstance(text, str):
        msg = f"'text' must be text; got {type(text).__name__}. Decode bytes, fill what is missing."
        raise DataError(msg)
    if kinds is None and countries is None:
        return _ALL, None
    wanted = _ALL if kinds is None else frozenset((kinds,) if isinstance(kinds, str) else kinds)
    where = frozenset((countries,) if isinstance(countries, str) else countries or ())
    if wanted - _ALL:
        msg = f"'kinds' must be among {', '.join(KINDS)}; got {', '.join(sorted(wanted - _ALL))}."
        raise UsageError(msg)
    if not all(_COUNTRY.match(c) for c in where):
        msg = f"'countries' must be two-letter codes as 'br'; got {', '.join(sorted(where))}."
        raise UsageError(msg)
    return wanted, where or None


_ALL: Final = frozenset(KINDS)
