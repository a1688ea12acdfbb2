"""Personal data in texts of any length: found window by window, nothing lost at the seams."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from iagkit.text.privacy.entities import Entity

Find = Callable[[str], Sequence[Entity]]
WINDOW: Final = 20_000
MARGIN: Final = 1_000
"""Characters that are read beyond a window on both sides, longer than any entity and its cue."""
_WORD: Final = re.compile(r"[^\W_]+")
_SURE: Final = 6
"""Letters and digits from which a piece is told apart from ordinary words."""


def portions(blocks: Iterable[str], find: Find) -> Iterator[tuple[str, list[Entity]]]:
    """Cut a stream into portions, each with its entities; together they are the stream.

    Parameters
    ----------
    blocks : iterable of str
        The text as it comes; where it is cut has no meaning.
    find : callable
        Gives the entities of a text.

    Yields
    ------
    portion : str
    entities : list of Entity
        In offsets of the portion; none is cut by a seam.
    """
    rest = before = ""
    for block in blocks:
        rest += block
        while len(rest) > WINDOW + MARGIN:
            found = _found(before, rest[: WINDOW + MARGIN], find)
            cut = _cut(rest, found)
            yield rest[:cut], [e for e in found if e.start < cut]
            before, rest = rest[max(cut - MARGIN, 0) : cut], rest[cut:]
    if rest:
        yield rest, _found(before, rest, find)


def _found(before: str, window: str, find: Find) -> list[Entity]:
    """Entities of a window, read together with what stands before it."""
    shift = len(before)
    moved = (e._replace(start=e.start - shift, end=e.end - shift) for e in find(before + window))
    return [e._replace(start=max(e.start, 0)) for e in moved if e.end > 0]


def _cut(rest: str, found: Sequence[Entity]) -> int:
    """Where to cut: at the end of a paragraph, line or word, and never within an entity."""
    for between in ("\n\n", "\n", " "):
        at = rest.rfind(between, WINDOW // 2, WINDOW)
        if at >= 0:
            break
    cut = at + 1 if at >= 0 else WINDOW
    return max([cut, *(e.end for e in found if e.start < cut < e.end)])


def find_in_long(text: str, find: Find) -> list[Entity]:
    """Find in a text of any length, in time that grows with it and no faster.

    What is found once, if it cannot be an ordinary word, is found wherever it stands in the text.
    """
    found: list[Entity] = []
    begin = 0
    for portion, entities in portions((text,), find):
        found += [e._replace(start=e.start + begin, end=e.end + begin) for e in entities]
        begin += len(portion)
    return sorted([*found, *_again(text, found)])


def telling(piece: str) -> bool:
    """Tell whether a piece can be told apart from ordinary words: long, with digits, or two words.

    Examples
    --------
    >>> telling("30.123.456"), telling("Juan Pérez"), telling("Rosa")
    (True, True, False)
    """
    words = _WORD.findall(piece)
    if sum(map(len, words)) < _SURE:
        return False
    return "@" in piece or any(c.isdigit() for c in piece) or len(words) > 1


def _again(text: str, found: Sequence[Entity]) -> list[Entity]:
    """Other places of the same pieces that no entity touches."""
    by_word: dict[str, dict[str, Entity]] = {}
    taken = bytearray(len(text))
    for e in found:
        taken[e.start : e.end] = b"\1" * (e.end - e.start)
        piece = text[e.start : e.end]
        if telling(piece) and (first := _WORD.search(piece)):
            by_word.setdefault(first[0], {}).setdefault(piece, e)
    return list(_places(text, by_word, taken)) if by_word else []


def _places(text: str, by_word: dict[str, dict[str, Entity]], taken: bytearray) -> Iterator[Entity]:
    for word in _WORD.finditer(text):
        for piece, e in by_word.get(word[0], {}).items():
            begin = word.start() - piece.index(word[0])
            end = begin + len(piece)
            if begin >= 0 and text.startswith(piece, begin) and _is_whole(text, end, taken, begin):
                taken[begin:end] = b"\1" * len(piece)
                yield e._replace(start=begin, end=end)


def _is_whole(text: str, end: int, taken: bytearray, begin: int) -> bool:
    return not any(taken[begin:end]) and not (text[end : end + 1].isalnum())
