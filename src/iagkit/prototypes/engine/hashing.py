"""Words and letter groups as 64-bit numbers, all texts at once, without storing a string.

A word is the polynomial of its letters modulo 2**64; from running sums any stretch of text is
hashed in constant time. With a million different words the chance that any two share a number
is below 1e-7, so the numbers serve as the vocabulary itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from iagkit.text.normalise import DIGIT, SPACE, Codes, to_codes

Hashes = NDArray[np.uint64]
Ints = NDArray[np.intp]

BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 2**64)
CHUNK = 1 << 20
MOST_DIGITS = 6
THOUSANDS = 3
NO_NUMBER = 0
YOUNGEST = 40
"""Two digits up to this one are a year of this century."""


def mixed(hashes: Hashes) -> Hashes:
    """Spread the entropy over all bits (the finaliser of SplitMix64)."""
    h = hashes.copy()
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        h ^= h >> np.uint64(shift)
        h *= np.uint64(factor)
    h ^= h >> np.uint64(31)
    return h


@lru_cache(maxsize=2)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse modulo 2**64."""
    both = []
    for base in (BASE, INVERSE):
        steps = np.full(size, base, dtype=np.uint64)
        steps[0] = 1
        both.append(np.cumprod(steps, dtype=np.uint64))
    return both[0], both[1]


def stretches(codes: Codes, starts: Ints, ends: Ints) -> Hashes:
    """Hash the stretches [start, end) of a code array; equal letters give equal numbers."""
    room = max(CHUNK, 1 << int(codes.size).bit_length())
    power, inverse = _powers(room)
    total = np.zeros(codes.size + 1, dtype=np.uint64)
    np.cumsum(codes * power[: codes.size], out=total[1:])
    return mixed((total[ends] - total[starts]) * inverse[starts])


def pairs(first: Hashes, second: Hashes) -> Hashes:
    """Hash two neighbouring words, order kept."""
    return mixed(first * np.uint64(BASE) + second)


def distinct(hashes: Hashes) -> Hashes:
    """Sorted distinct numbers (sorting beats `numpy.unique`, which hashes one by one)."""
    ordered = np.sort(hashes)
    if ordered.size == 0:
        return ordered
    new = np.empty(ordered.size, dtype=bool)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


@dataclass(frozen=True, slots=True)
class Index:
    """Constant-time look-up in sorted numbers: they are uniform, so the top bits say where."""

    keys: Hashes
    first: NDArray[np.int32]
    shift: int

    @classmethod
    def of(cls, keys: Hashes) -> Index:
        """Cut the number range into about two slots a key."""
        bits = max(int(keys.size).bit_length() + 1, 4)
        slots = np.zeros((1 << bits) + 1, dtype=np.int32)
        shift = 64 - bits
        counts = np.bincount((keys >> np.uint64(shift)).astype(np.intp), minlength=1 << bits)
        np.cumsum(counts, out=slots[1:])
        return cls(keys, slots, shift)

    def find(self, hashes: Hashes) -> NDArray[np.int32]:
        """Position of each number among the keys, or -1."""
        if self.keys.size == 0:
            return np.full(hashes.size, -1, dtype=np.int32)
        slot = (hashes >> np.uint64(self.shift)).astype(np.intp)
        at = self.first[slot]
        last = self.keys.size - 1
        hit = self.keys[np.minimum(at, last)] == hashes
        found = np.where(hit, at, np.int32(-1))
        self._walk(hashes, slot, at, found, np.flatnonzero(~hit))
        return found

    def _walk(
        self,
        hashes: Hashes,
        slot: Ints,
        at: NDArray[np.int32],
        found: NDArray[np.int32],
        left: Ints,
    ) -> None:
        """Step through the rest of each slot; slots hold few keys, so few steps are made."""
        step = 0
        while left.size:
            step += 1
            place = at[left] + step
            inside = place < self.first[slot[left] + 1]
            left, place = left[inside], place[inside]
            hit = self.keys[place] == hashes[left]
            found[left[hit]] = place[hit]
            left = left[~hit]


def spread(starts: Ints, lengths: Ints) -> Ints:
    """Positions of several stretches, one after the other."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if ends.size else 0)


@dataclass(frozen=True, slots=True)
class Words:
    """Distinct words: their numbers (sorted) and letters (for letter groups and display)."""

    hashes: Hashes
    letters: Codes
    lengths: Ints

    @property
    def starts(self) -> Ints:
        """Where each word begins in `letters`."""
        return np.cumsum(self.lengths) - self.lengths

    def take(self, which: Ints) -> Words:
        """Some of the words, in the order asked."""
        lengths = self.lengths[which]
        return Words(self.hashes[which], self.letters[spread(self.starts[which], lengths)], lengths)

    def texts(self) -> list[str]:
        """The words as strings."""
        whole = self.letters.astype("<u2").tobytes().decode("utf-16-le")
        return [whole[s : s + n] for s, n in zip(self.starts, self.lengths, strict=True)]

    def grams(self, sizes: Sequence[int]) -> tuple[Ints, Hashes]:
        """Letter groups of each word, its borders written as spaces: (word, number) pairs."""
        wide = self.lengths + 2
        begin = np.cumsum(wide) - wide
        codes = np.full(int(wide.sum()), SPACE, dtype=np.uint64)
        codes[spread(begin + 1, self.lengths)] = self.letters
        owner = np.repeat(np.arange(wide.size), wide)
        found = [_grams_of(codes, owner, size) for size in sizes]
        return np.concatenate([w for w, _ in found]), np.concatenate([h for _, h in found])


def _grams_of(codes: Hashes, owner: Ints, size: int) -> tuple[Ints, Hashes]:
    """All groups of one size that do not cross from a word into the next."""
    count = max(codes.size - size + 1, 0)
    if count == 0:
        return owner[:0], codes[:0]
    whole = owner[:count] == owner[size - 1 :]
    hashes = np.full(count, size, dtype=np.uint64)
    for step in range(size):
        hashes *= np.uint64(BASE)
        hashes += codes[step : step + count]
    return owner[:count][whole], mixed(hashes[whole])


@dataclass(frozen=True, slots=True)
class Numbers:
    """What tokens of digits say; `NO_NUMBER` of all others.

    ``value`` of each token at which a number begins: "24.156" is two tokens and one number. Three
    tokens and more are none: norms have no such numbers, people have. ``year`` of each token that
    is one, 1800 to 2099; in "21/8/98" it is the third.
    """

    value: Hashes
    year: Hashes


@dataclass(frozen=True, slots=True)
class Tokens:
    """Running words of many texts: which word, of which text, in reading order.

    ``numbers`` tells what tokens of digits say, where that was asked for.
    """

    word: NDArray[np.int32]
    bounds: Ints
    words: Words
    numbers: Numbers | None = None

    @property
    def document(self) -> Ints:
        """The text each token stands in."""
        return np.repeat(np.arange(self.bounds.size - 1), np.diff(self.bounds))


def chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list of texts into pieces of about a million characters."""
    start, size = 0, 0
    for stop, text in enumerate(texts):
        if size + len(text) > CHUNK and stop > start:
            yield texts[start:stop]
            start, size = stop, 0
        size += len(text) + 1
    if start < len(texts):
        yield texts[start:]


def token_spans(codes: Codes) -> tuple[Ints, Ints]:
    """Begin and end of every word; the array must begin and end with a space."""
    inside = codes > SPACE
    flips = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    return flips[::2], flips[1::2]


def _numbers(
    text: str, codes: Codes, places: Ints | None, starts: Ints, ends: Ints, bounds: Ints
) -> Numbers:
    """Value of each number at its first token; within a number one character parts tokens."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    sizes = ends - starts
    at = np.flatnonzero((codes[starts] == DIGIT) & (codes[ends - 1] == DIGIT))
    at = at[sizes[at] <= MOST_DIGITS]
    value = np.zeros(starts.size + 2, dtype=np.uint64)
    for place in range(MOST_DIGITS):
        inside = at[sizes[at] > place]
        stood = starts[inside] + place
        digit = raw[stood if places is None else places[stood]] - np.uint32(DIGIT)
        value[inside] = value[inside] * np.uint64(10) + digit
    known = np.zeros(value.size, dtype=bool)
    known[at] = True
    joined = np.zeros(value.size, dtype=bool)
    joined[1 : starts.size] = (starts[1:] - ends[:-1] == 1) & known[1 : starts.size] & known[:-3]
    joined[bounds] = False
    first = at[~joined[at]]
    first = first[~joined[first + 2] | ~joined[first + 1]]  # longer ones number no norm
    total, behind = value[first], value[first + 1]
    thousands = sizes[np.minimum(first + 1, sizes.size - 1)] == THOUSANDS
    both = np.where(thousands, total * np.uint64(1000) + behind, pairs(total, behind))
    found = np.full(starts.size, NO_NUMBER, dtype=np.uint64)
    found[first] = np.where(joined[first + 1], both, total)
    return Numbers(found, _years(value[:-2], sizes, joined[:-2]))


def _years(value: Hashes, sizes: Ints, joined: NDArray[np.bool_]) -> Hashes:
    """Year that each token says: four digits, or two that end a date."""
    third = joined.copy()
    third[1:] &= joined[:-1]
    short = third & (sizes == 2)
    year = np.where(short, value + np.where(value > YOUNGEST, 1900, 2000).astype(np.uint64), value)
    known = (short | (sizes == 4)) & (year >= 1800) & (year < 2100)
    return np.where(known, year, NO_NUMBER).astype(np.uint64)


def _piece(texts: Sequence[str], *, numbers: bool = False) -> Tokens:
    whole = "\n" + "\n".join(texts) + "\n"
    codes, places = to_codes(whole)
    offsets = np.cumsum([1, *(len(t) + 1 for t in texts)])
    if places is not None:
        offsets = np.searchsorted(places, offsets)
    starts, ends = token_spans(codes)
    hashes = stretches(codes, starts, ends)
    keys = distinct(hashes)
    word = Index.of(keys).find(hashes)
    first = np.empty(keys.size, dtype=np.intp)
    first[word[::-1]] = np.arange(word.size)[::-1]
    lengths = (ends - starts)[first]
    words = Words(keys, codes[spread(starts[first], lengths)], lengths)
    bounds = np.searchsorted(starts, offsets)
    if not numbers:
        return Tokens(word, bounds, words)
    return Tokens(word, bounds, words, _numbers(whole, codes, places, starts, ends, bounds))


def tokens(texts: Sequence[str], *, numbers: bool = False) -> Tokens:
    """Split many texts into words and number the distinct ones.

    Parameters
    ----------
    texts : sequence of str, shape (n_texts,)
        Raw texts.
    numbers : bool
        Whether the values of numbers are told as well.

    Returns
    -------
    Tokens
        Words in reading order; ``bounds[i]:bounds[i + 1]`` are those of text ``i``.
    """
    parts = [_piece(piece, numbers=numbers) for piece in chunks(texts)] or [_piece([])]
    if len(parts) == 1:
        return parts[0]
    hashes = np.concatenate([p.words.hashes for p in parts])
    keys = distinct(hashes)
    known = Index.of(keys).find(hashes)
    first = np.empty(keys.size, dtype=np.intp)
    first[known[::-1]] = np.arange(known.size)[::-1]
    pool = Words(
        hashes,
        np.concatenate([p.words.letters for p in parts]),
        np.concatenate([p.words.lengths for p in parts]),
    )
    cuts = np.cumsum([p.words.hashes.size for p in parts])[:-1]
    word = np.concatenate(
        [new[p.word] for p, new in zip(parts, np.split(known, cuts), strict=True)]
    )
    sizes = np.concatenate([np.diff(p.bounds) for p in parts])
    told = [p.numbers for p in parts if p.numbers is not None]
    found = Numbers(
        np.concatenate([n.value for n in told] or [_NO_HASHES]),
        np.concatenate([n.year for n in told] or [_NO_HASHES]),
    )
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    return Tokens(word, bounds, pool.take(first), found if numbers else None)


_NO_HASHES: Hashes = np.zeros(0, dtype=np.uint64)
