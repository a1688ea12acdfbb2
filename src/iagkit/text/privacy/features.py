"""What the tagger sees of a text: its tokens, and for each of them what is worth knowing.

Most features belong to a word wherever it stands, so that they are made once a word
(:func:`of_word`) and a tagger keeps their weights summed up. The rest, :func:`of_places`,
belong to the place: pairs of words, the heading of a line (``Nombre:``), and where else in the
document the word stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from iagkit.text.normalise import folded
from iagkit.text.privacy.features_words import HINTS

_UP, _LOW = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_TOKEN: Final = re.compile(
    rf"[{_UP}]?[{_LOW}]+|[{_UP}]+(?![{_LOW}])|[^\W\d_ºª]+|\d+|[^\w\s]|[ºª_]|\S"
)
_LONG: Final = 60
"""Tokens after which the end of any sentence ends a sequence."""
REACH: Final = 4
"""Words to either side that a token is told of."""
PAD: Final = "¶"
Kin = Mapping[str, tuple[int, ...]]
"""Word (:func:`plain`) → groups of words that it keeps company like, coarse to fine."""
NO_KIN: Final[Kin] = {}
_RARE: Final = (-1,)
"""Group of words that are in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens of one text, and where its sequences begin.

    ``words`` are the tokens; token ``i`` stands at ``starts[i]:ends[i]``; ``gaps[i]`` is what
    stands before it: nothing, a space, or :data:`PAD` for a line end; ``begins`` are the first
    tokens of the sequences that are tagged one by one.
    """

    words: list[str]
    starts: list[int]
    ends: list[int]
    gaps: list[str]
    begins: list[int]


def tokens(text: str) -> Tokens:
    """Cut a text into words, numbers and single signs.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    Tokens
        With exact offsets; ``aB`` and ``a1`` are cut, since entities end there.

    Examples
    --------
    >>> tokens("Nº 28.016").words
    ['N', 'º', '28', '.', '016']
    """
    found = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    words, starts, ends = [list(t) for t in zip(*found, strict=True)] if found else ([], [], [])
    gaps = [PAD]
    for end, start in zip(ends, starts[1:], strict=False):
        gaps.append("" if end == start else PAD if "\n" in text[end:start] else " ")
    return Tokens(words=words, starts=starts, ends=ends, gaps=gaps[: len(words)],
                  begins=_begins(words, gaps))  # fmt: skip


def _begins(words: list[str], gaps: list[str]) -> list[int]:
    """A sequence ends with a line that ends a sentence, or, when long, with any sentence."""
    begins = [0] if words else []
    for i in range(1, len(words)):
        if not gaps[i] or words[i - 1] not in ".:;!?":
            continue
        long = i - begins[-1] > _LONG and len(words[i - 2]) > 3 and words[i][0].isupper()
        if gaps[i] == PAD or long:
            begins.append(i)
    return begins


@lru_cache(maxsize=1 << 15)
def shape(word: str) -> str:
    """Outline of a word: ``X`` capital, ``x`` small, ``9`` digit; runs of more than two cut.

    Examples
    --------
    >>> shape("Pérez"), shape("28016"), shape("UTI")
    ('Xxx', '99999', 'XX')
    """
    if word.isdecimal():
        return "9" * min(len(word), 9)
    if not word[0].isalpha():
        return word
    if word.isupper():
        return "X" if len(word) == 1 else "XX"
    return "Xxx" if word[0].isupper() else "xx" if len(word) > 1 else "x"


@lru_cache(maxsize=1 << 15)
def plain(word: str) -> str:
    """The word without case and, if a number, without its value, except that of a year or day."""
    if not word.isdecimal():
        return word.lower()
    if len(word) == 4 and word[:2] in ("19", "20"):
        return "19yy" if word[0] == "1" else "20yy"
    if len(word) <= 2:
        value = int(word)
        return f"<{'12' if value <= 12 else '31' if value <= 31 else '99'}>{len(word)}"
    return "9" * min(len(word), 9)


def hints(word: str) -> tuple[str, ...]:
    """Lists of :mod:`features_words` on which a word stands."""
    return HINTS.get("".join(map(folded, word)), ())


def kin_of_word(word: str, kin: Kin) -> tuple[int, ...]:
    """Groups of a word; none where no groups were learnt."""
    return kin.get(plain(word), _RARE) if kin else ()


@lru_cache(maxsize=4096)
def of_word(word: str, groups: tuple[int, ...] = ()) -> dict[int, list[str]]:
    """Features of a word for itself (0) and for its neighbours (-1: I am the one before you).

    Parameters
    ----------
    word : str
        A token, or :data:`PAD` beyond either end of a text.
    groups : tuple of int
        As :func:`kin_of_word` tells them.

    Returns
    -------
    dict of int to list of str
        Offset from ``-REACH`` to ``REACH`` → features.
    """
    low, outline, lists = plain(word), shape(word), hints(word)
    kinds = [f"g={kind}" for kind in lists]
    kinds += [f"k{level}={group}" for level, group in enumerate(groups)]
    near = [f"w={low}", f"s={outline}", f"z={low[-3:]}", *kinds]
    fits = {
        0: [*_of_itself(word, low, outline, lists), *_of_groups(groups, outline)],
        1: near,
        2: [f"w={low}", f"s={outline}", *kinds],
    }
    fits |= {3: [f"w={low}", *kinds], 4: [f"w={low}"]}
    return {
        offset: [f"{offset}{feature}" for feature in fits[abs(offset)]]
        for offset in range(-REACH, REACH + 1)
    }


def _of_itself(word: str, low: str, outline: str, lists: tuple[str, ...]) -> list[str]:
    told = [
        "bias",
        f"w={low}",
        f"W={word if not word.isdecimal() else low}",
        f"s={outline}",
        f"l={min(len(word), 12)}",
    ]
    told += [f"p{n}={low[:n]}" for n in (1, 2, 3, 4) if len(low) > n]
    told += [f"z{n}={low[-n:]}" for n in (1, 2, 3, 4, 5) if len(low) > n]
    return told + [f"g={kind}" for kind in lists] + [f"g={'+'.join(lists)}|{outline}"]


def _of_groups(groups: tuple[int, ...], outline: str) -> list[str]:
    told = [f"k{level}={group}" for level, group in enumerate(groups)]
    return told + [f"{feature}|{outline}" for feature in told]


def of_places(found: Tokens) -> list[list[str]]:
    """Features of each token that come from where it stands.

    Parameters
    ----------
    found : Tokens
        A whole document.

    Returns
    -------
    list of list of str
        One list a token.
    """
    low = [PAD, PAD, *map(plain, found.words), PAD, PAD]
    outlines = [PAD, PAD, *map(shape, found.words), PAD, PAD]
    heads = _heads(found)
    again = _elsewhere(found, low[2:-2])
    rows = []
    for i, head in enumerate(heads):
        k = i + 2
        gap, after = found.gaps[i], found.gaps[i + 1] if i + 1 < len(heads) else PAD
        o = outlines[k]
        rows.append([
            f"a={low[k - 1]}|{low[k]}", f"b={low[k]}|{low[k + 1]}", f"c={low[k - 2]}|{low[k - 1]}",
            f"d={low[k + 1]}|{low[k + 2]}", f"e={outlines[k - 1]}|{o}|{outlines[k + 1]}",
            f"f={outlines[k - 2]}|{outlines[k - 1]}|{o}",
            f"h={o}|{outlines[k + 1]}|{outlines[k + 2]}",
            f"i={low[k - 1]}|{o}|{low[k + 1]}", f"j={gap}{o}{after}", *head, *again[i],
        ])  # fmt: skip
    return rows


def _heads(found: Tokens) -> list[tuple[str, ...]]:
    """The heading that a token stands under, how far behind it, and the place of the line."""
    words, gaps = found.words, found.gaps
    rows: list[tuple[str, ...]] = []
    lines = [i for i, gap in enumerate(gaps) if gap == PAD]
    last = len(lines)
    head, before, line, since = "", "", 0, 0
    for i, word in enumerate(words):
        if gaps[i] == PAD:
            before, head, line, since = head or before, "", line + 1, 0
        since += 1
        o = shape(word)
        rows.append((
            f"m={head}|{o}", f"n={head}|{min(since, 6)}", f"o={before}|{head}",
            f"q={min(line, 25)}", f"r={min(last - line, 6)}", f"t={head}|{plain(word)}",
        ))  # fmt: skip
        if word == ":":
            head, since = " ".join(map(plain, words[max(i - 2, lines[line - 1]) : i])), 0
    return rows


def _elsewhere(found: Tokens, low: list[str]) -> list[tuple[str, ...]]:
    """What stood beside other occurrences of a capitalised word in the same document."""
    places: dict[str, list[int]] = {}
    for i, word in enumerate(found.words):
        if word[0].isupper() and len(word) > 3:
            places.setdefault(low[i], []).append(i)
    rows: list[tuple[str, ...]] = [()] * len(low)
    for where in places.values():
        if len(where) < 2:
            continue
        seen = [(low[i - 1] if i else PAD, low[i + 1] if i + 1 < len(low) else PAD) for i in where]
        for at, i in enumerate(where):
            others = seen[max(0, at - 3) : at] + seen[at + 1 : at + 4]
            rows[i] = ("u", *{f"x={a}" for a, _ in others}, *{f"y={b}" for _, b in others})
    return rows
