"""Texts as hashed word pairs and a short sketch each, read in parts and never kept.

Words, pairs and triples are numbers of 64 bits, made for a whole part at once. Of a text
remain its distinct word pairs (32 bits each; two pairs of a comparison collide once in some
million comparisons), fingerprints of its folded words and of those with digits, and
``N_SKETCH`` minima of its word triples under as many hash functions [1]_: two texts agree in
one of them as often as their sets of triples overlap.

References
----------
.. [1] Broder, A. (1997). On the resemblance and containment of documents. SEQUENCES '97.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from iagkit.text.normalise import SPACE
from iagkit.text.sets import Bitmaps, Labels, bitmaps, distinct
from iagkit.text.words import Ints, strings, to_codes_and_digits

Hashes = NDArray[np.uint64]
Halves = NDArray[np.uint32]

N_SKETCH = 16
PART = 2_000_000
"""Characters read at once."""
NONE = 0xFFFFFFFF
"""Minimum of a text without words."""
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


class Sketched(NamedTuple):
    """What remains of texts: nobody can read them from it, all comparisons need no more."""

    fingerprint: Hashes
    """Equal for texts whose words are the same once folded, shape (n_texts,)."""
    figures: Hashes
    """Equal for texts with the same words that hold digits, in any order, shape (n_texts,)."""
    minima: Halves
    """Shape (N_SKETCH, n_texts)."""
    item: Halves
    """Distinct word pairs of each text, one after the other."""
    bounds: Ints
    maps: Bitmaps

    @property
    def sizes(self) -> Ints:
        """Number of distinct word pairs of each text."""
        return np.diff(self.bounds)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Read texts once, in parts.

        Raises
        ------
        DataError
            If something is not text.
        """
        parts = [_part(part) for part in _parts(texts)] or [_part([])]
        sizes = np.concatenate([np.diff(p.bounds) for p in parts])
        return cls(
            np.concatenate([p.fingerprint for p in parts]),
            np.concatenate([p.figures for p in parts]),
            np.concatenate([p.minima for p in parts], axis=1),
            np.concatenate([p.item for p in parts]),
            np.concatenate([[0], np.cumsum(sizes)]),
            np.concatenate([p.maps for p in parts]),
        )


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    size = 0
    for text in strings(texts) if isinstance(texts, str) else texts:
        part.append(text)
        size += len(text) if isinstance(text, str) else 0
        if size >= PART:
            yield strings(part)
            part, size = [], 0
    if part:
        yield strings(part)


def _part(texts: list[str]) -> Sketched:
    word, digit, counts = _words(texts)
    n_texts, stretch = counts.size, counts + 1
    begin = np.cumsum(stretch) - stretch
    line = np.zeros(word.size + n_texts + 1, dtype=np.uint64)
    line[np.arange(word.size) + np.repeat(np.arange(n_texts), counts) + 1] = word
    figure = np.zeros(line.size, dtype=np.uint64)
    figure[np.arange(word.size) + np.repeat(np.arange(n_texts), counts)] = np.where(digit, word, 0)
    row = np.repeat(np.arange(n_texts), stretch)
    place = np.arange(line.size - 1) - np.repeat(begin, stretch)
    pair = mixed(line[:-1] * _STEP + line[1:])
    key = distinct((row.astype(np.uint64) << _HALF) | (pair >> _HALF))
    item = (key & np.uint64(NONE)).astype(np.uint32)
    sizes = np.bincount((key >> _HALF).astype(np.int64), minlength=n_texts)
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    folded = mixed(line[:-1] + place.astype(np.uint64) * _STEP)
    return Sketched(
        np.add.reduceat(folded, begin) if n_texts else folded[:0],
        np.add.reduceat(figure[:-1], begin) if n_texts else folded[:0],
        _minima(mixed(pair[:-1] * _STEP + line[2:]), begin, stretch),
        item,
        bounds,
        bitmaps(item, bounds),
    )


def _minima(triple: Hashes, begin: Ints, stretch: Ints) -> Halves:
    """Least value of each text's triples; the last window reaches into the next text."""
    found = np.empty((N_SKETCH, begin.size), dtype=np.uint32)
    if begin.size == 0:
        return found
    chance = np.random.default_rng(4).integers(0, 2**63, size=(N_SKETCH, 2), dtype=np.uint64)
    triple = np.append(triple, np.uint64(0))
    last = begin + stretch - 1
    for number, (turn, times) in enumerate(chance):
        value = ((triple ^ turn) * (times | np.uint64(1)) >> _HALF).astype(np.uint32)
        value[last] = NONE
        found[number] = np.minimum.reduceat(value, begin)
    return found


def _words(texts: list[str]) -> tuple[Hashes, NDArray[np.bool_], Labels]:
    """Hash of each word, whether it holds a digit, and how many words each text has."""
    codes, places = to_codes_and_digits("\n".join(texts))
    letter = codes != SPACE
    first = np.flatnonzero(letter & ~np.concatenate([[False], letter[:-1]])[: letter.size])
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    came = first if places is None else places[first]
    counts = np.bincount(
        np.searchsorted(starts, came, side="right") - 1, minlength=len(texts)
    ).astype(np.intp)
    if first.size == 0:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=bool), counts
    codes, letter = codes[first[0] :], letter[first[0] :]
    begin = first - first[0]
    length = np.diff(np.append(begin, codes.size))
    inside = np.arange(codes.size) - np.repeat(begin, length)
    power = np.cumprod(np.full(int(length.max()), _STEP, dtype=np.uint64))
    value = np.where(letter, codes.astype(np.uint64) * power[inside], np.uint64(0))
    digit = np.logical_or.reduceat((codes >= ord("0")) & (codes <= ord("9")), begin)
    return mixed(np.add.reduceat(value, begin)), digit, counts


def mixed(numbers: Hashes) -> Hashes:
    """Spread what differs over all 64 bits."""
    numbers = (numbers ^ (numbers >> _HALF)) * _MIX
    return (numbers ^ (numbers >> _HALF)) * _MIX
