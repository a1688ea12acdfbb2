"""A parallel text in which nothing hides: the same letters, plain, with the way back.

Ids are hidden, by accident or on purpose, behind full-width digits, letters of other alphabets
that look alike, zero-width and right-to-left marks, HTML entities and loose accents. Patterns are
looked for in the parallel text, and what they find is given in offsets of the text as it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Final, NamedTuple

_STRANGE: Final = re.compile(r"[^\x00-\x7e¡-¬®-ÿ]")
_ENTITY: Final = re.compile(r"&[#\w]")
_MIXED: Final = re.compile(r"[0-9](?:[.\-/]?[OoIl|]|(?<=[OoIl|]\d)|(?<=[OoIl|][.\-/]\d))")
_GONE: Final = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef"
)
_MARK: Final = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_UNEVEN: Final = re.compile(
    rf"(?P<gone>[{_GONE}]+)|(?P<mark>[{_MARK}])|(?P<entity>&(?:#\d{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|\w{{2,8}});)"
)
_TWINS: Final = {
    **dict(zip("АВЕЅІЈКМНОРСТУХаеорсухіјѕԁԛԝһ", "ABESIJKMHOPCTYXaeopcyxijsdqwh", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαινυρ", "ABEZHIKMNOPTYXoaivup", strict=True)),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
    **dict.fromkeys("․。｡·•∙", "."),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("∶：", ":"),
    **{"З": "3", "б": "6", "Օ": "O", "օ": "o", "ⵔ": "O"},
}
_NUMBER_LIKE: Final = re.compile(
    r"(?<![^\W_])(?:\d|(?<![A-Za-z]\.)(?<![A-Za-z]\.\s)[OoIl|])(?:[.\-/ ]?[\dOoIl|]){5,}(?![^\W_])"
)
_ENOUGH_DIGITS: Final = 5
_AS_DIGITS: Final = str.maketrans("OoIl|", "00111")


class Normalised(NamedTuple):
    """The parallel text; ``offsets[i]`` is where its character ``i`` begins and ends in the other.

    ``offsets`` is ``None`` when the two are equally long, character by character.
    """

    text: str
    offsets: tuple[tuple[int, int], ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give a span of the parallel text in offsets of the text as it came."""
        if self.offsets is None or end <= start:
            return start, end
        return self.offsets[start][0], self.offsets[end - 1][1]


class _Plainer(dict[int, int | str]):
    """Code points to the one plain character they stand for, learnt as they are met."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        self[code] = found = _plainer(character)
        return found


def _plainer(character: str) -> str:
    if character in _TWINS:
        return _TWINS[character]
    if character.isspace() and character not in "\n\r":
        return " "
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    simple = unicodedata.normalize("NFKC", character)
    return _TWINS.get(simple, simple) if len(simple) == 1 and ord(character) > 0xFF else character


_PLAINER: Final = _Plainer((code, code) for code in range(0x7F))


def normalised(text: str) -> Normalised:
    r"""Write a text plainly, and keep the way back.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    Normalised
        The plain text and the offsets of its characters in `text`.

    Examples
    --------
    >>> plain = normalised("D\u200bNI １２&#51;")
    >>> plain.text, plain.span(4, 7)
    ('DNI 123', (5, 12))
    """
    if not (_STRANGE.search(text) or _ENTITY.search(text) or _MIXED.search(text)):
        return Normalised(text, None)
    if not _UNEVEN.search(text):
        return Normalised(_digits_for_letters(text.translate(_PLAINER)), None)
    characters: list[str] = []
    offsets: list[tuple[int, int]] = []
    for piece, start, end in _pieces(text):
        if characters and piece and unicodedata.combining(piece):
            characters[-1] = _joined(characters[-1], piece)
            offsets[-1] = (offsets[-1][0], end)
        else:
            characters += piece
            offsets += [(start, end)] * len(piece)
    plain = "".join(characters).translate(_PLAINER)
    return Normalised(_digits_for_letters(plain), tuple(offsets))


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Characters with their places: marks alone, entities as what they mean, hidden ones gone."""
    at = 0
    for match in _UNEVEN.finditer(text):
        yield from ((text[i], i, i + 1) for i in range(at, match.start()))
        start, at = match.span()
        if match["mark"]:
            yield match["mark"], start, at
        elif match["entity"]:
            meant = unescape(match["entity"])
            if meant == match["entity"]:
                yield from ((text[i], i, i + 1) for i in range(start, at))
            elif not re.fullmatch(f"[{_GONE}]*", meant):
                yield from ((c, start, at) for c in meant)
    yield from ((text[i], i, i + 1) for i in range(at, len(text)))


def _joined(base: str, mark: str) -> str:
    composed = unicodedata.normalize("NFC", base + mark)
    return composed if len(composed) == 1 else base


def _digits_for_letters(text: str) -> str:
    """Read O as 0 and l as 1 where the rest of a long number is digits."""
    return _NUMBER_LIKE.sub(_read_as_digits, text)


def _read_as_digits(match: re.Match[str]) -> str:
    written = match.group()
    if sum(c.isdigit() for c in written) < _ENOUGH_DIGITS:
        return written
    return written.translate(_AS_DIGITS)
