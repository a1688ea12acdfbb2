"""Where fields may begin: one pass over the characters, so that expressions are tried there alone.

An expression of references costs microseconds at every character of a text, and few characters
begin one. A place is an *anchor* if it begins a word, a number or a sign, and its first three
characters, without case and accents, are those of something that is sought. Anchors are more than
what is found and never fewer: the expressions decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Bits = NDArray[np.uint64]

_SIGNS: Final = {"$": 28, "/": 29, "⁄": 29, ".": 30, "-": 31, "§": 32, **dict.fromkeys("₲₡€£", 33)}
_DIGIT: Final = 27
_BASE: Final = 40
_LAST: Final = 0x2100
_OTHER: Final = 0


def _class_of(code: int) -> int:
    """Letters without case and accents are 1 to 26, digits 27; what nobody asks for is 0."""
    char = chr(code)
    if char in _SIGNS:
        return _SIGNS[char]
    plain = unicodedata.normalize("NFD", char)[0].lower()
    if "a" <= plain <= "z":
        return ord(plain) - ord("a") + 1
    return _DIGIT if char.isdecimal() else _OTHER


_CLASS: Final = np.array([_class_of(code) for code in range(_LAST)] + [_OTHER], dtype=np.uint16)


class Sought:
    """Beginnings by name, made into tables once.

    Parameters
    ----------
    **named : str
        Beginnings of a name, separated by spaces: up to five characters, where ``9`` is any
        digit, ``_`` whatever is neither letter nor digit. At most 32 names.
    """

    def __init__(self, **named: str) -> None:
        self._three = np.zeros(_BASE**3, dtype=np.uint64)
        self._two = np.zeros(_BASE**2, dtype=np.uint64)
        self._bits: dict[str, int] = {}
        for place, (name, beginnings) in enumerate(named.items()):
            self._bits[name] = 3 << 2 * place
            for beginning in beginnings.split():
                bit = np.uint64(1 << 2 * place + (len(beginning) > 3))
                self._three[_keys(beginning[:3], 3)] |= bit
                self._two[_keys(beginning[3:5], 2)] |= bit

    def within(self, text: str) -> Anchors:
        """Find the anchors of a text."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        kind = np.zeros(codes.size + 5, dtype=np.uint16)
        kind[1:-4] = _CLASS[np.minimum(codes, _LAST)]
        before, now, base = kind[:-5], kind[1:-4], np.uint16(_BASE)
        bits = self._three[(now * base + kind[2:-3]) * base + kind[3:-2]]
        bits[((now < _DIGIT) & (before - 1 < _DIGIT)) | ((now == _DIGIT) & (before == _DIGIT))] = 0
        at = np.flatnonzero(bits)
        return Anchors(
            text, at, bits[at] & self._two[kind[at + 4] * base + kind[at + 5]], self._bits
        )


def _keys(beginning: str, wide: int) -> NDArray[np.intp]:
    every = np.arange(_BASE)
    gaps = every[(every == _OTHER) | (every > _DIGIT)]
    keys = np.zeros(1, dtype=np.intp)
    for char in [*beginning, *[""] * (wide - len(beginning))]:
        may_be = {"": every, "_": gaps}.get(char, np.array([_class_of(ord(char or " "))]))
        keys = (keys[:, None] * _BASE + may_be).ravel()
    return keys


class Anchors:
    """Places of one text, by the name of what is sought."""

    def __init__(self, text: str, at: Places, bits: Bits, names: dict[str, int]) -> None:
        self.text = text
        self._at = at
        self._bits = bits
        self._names = names
        self._any = int(np.bitwise_or.reduce(bits, initial=np.uint64(0)))

    def of(self, *names: str) -> Places:
        """Places of some names, in order."""
        wanted = 0
        for name in names:
            wanted |= self._names[name]
        if not self._any & wanted:
            return self._at[:0]
        return np.asarray(self._at[(self._bits & np.uint64(wanted)) != 0])

    def before(self, name: str, places: Places, *, reach: int) -> Places:
        """Those of ``places`` that an anchor of ``name`` follows within ``reach`` characters."""
        ends = self.of(name)
        if ends.size == 0 or places.size == 0:
            return places[:0]
        after = np.searchsorted(ends, places)
        following = ends[np.minimum(after, ends.size - 1)]
        return places[(following >= places) & (following - places <= reach)]

    def matches(self, pattern: re.Pattern[str], places: Places) -> Iterator[re.Match[str]]:
        """What `re.finditer` gives, if ``pattern`` begins at none but these places."""
        return tried(pattern, self.text, places.tolist())


def tried(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """Matches of a pattern at some places, one after the other, none inside the one before."""
    done = 0
    for place in places:
        if place >= done and (match := pattern.match(text, place)):
            yield match
            done = match.end()
