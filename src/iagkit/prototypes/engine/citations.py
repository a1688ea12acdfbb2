"""Norms that a text cites and the year it names first, as features.

"Ley 24.156" says more of a matter than most words, and the year tells which offices there were.

Everywhere else the values of digits are folded away, so that no number of a person becomes a
feature. Here a number of at most six digits is read where it counts norms or their articles: where
nothing but other numbers and small words stands between it and a word such as "ley" or "lei"; and a
year where a text begins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from iagkit.prototypes.engine.hashing import (
    NO_NUMBER,
    Hashes,
    Index,
    Ints,
    Numbers,
    Tokens,
    Words,
    distinct,
    pairs,
    tokens,
)
from iagkit.text.normalise import DIGIT

Flags = NDArray[np.bool_]
YEARS = 2
"""So many years are read where a text begins."""
YEAR = 99
"""Kind of what is a year and no norm."""

NORMS = (
    ("ley", "leyes", "lei", "leis", "law", "laws", "act"),
    ("decreto", "decretos", "decree", "decrees"),
    ("resolucion", "resoluciones", "resolucao", "resolucoes", "portaria", "disposicion"),
)
"""Words for norms, folded; es, pt and en. Those of a row mean the same."""
BETWEEN = (
    *("n", "no", "nos", "nro", "nros", "num", "numero", "numeros", "number", "numbers"),
    *("de", "del", "do", "da", "dos", "das", "la", "las", "los", "el", "o", "os", "a", "as"),
    *("y", "e", "and", "of", "the"),
)
"""Words that may stand between the word for a norm and its number."""


class Citations(NamedTuple):
    """What texts cite: as running words, and on which two tokens of the texts each stands."""

    run: Tokens
    first: Ints
    second: Ints


def cited(run: Tokens) -> Citations:
    """Find the norms that texts cite.

    Parameters
    ----------
    run : Tokens
        All tokens of the texts, one-letter words included, with their numbers.

    Returns
    -------
    Citations
        ``run`` with one word a citation; ``first`` and ``second``, shape (n_citations,), the
        tokens that name the kind of norm and at which its number begins.
    """
    kind = _kinds(run.words)[run.word]
    other = ~_small(run.words)[run.word] & (kind < 0)
    value = _numbers_of(run).value
    at = np.flatnonzero(value != NO_NUMBER)
    before = _last(kind >= 0)[at]
    text = _texts(run, at)
    near = (before >= run.bounds[text]) & (before > _last(other)[at])
    at, before = at[near], before[near]
    hashes = pairs(kind[before].astype(np.uint64), value[at])
    return Citations(_running(hashes, text[near], run.bounds.size), before, at)


def dated(run: Tokens, *, within: int) -> Citations:
    """Find the first years and their decades among the first tokens of texts.

    Parameters
    ----------
    run : Tokens
        As in :func:`cited`.
    within : int, tokens
        How far is read.

    Returns
    -------
    Citations
        ``run`` with two words a year; both tokens of each are the one that says the year.
    """
    year = _numbers_of(run).year
    at = np.flatnonzero(year != NO_NUMBER)
    text = _texts(run, at)
    rank = np.arange(at.size) - np.searchsorted(text, text)
    near = (at - run.bounds[text] < within) & (rank < YEARS)
    at, text = np.repeat(at[near], 2), np.repeat(text[near], 2)
    said = year[at]
    said[1::2] //= np.uint64(10)
    hashes = pairs(np.full(at.size, YEAR, dtype=np.uint64), said)
    return Citations(_running(hashes, text, run.bounds.size), at, at)


def _numbers_of(run: Tokens) -> Numbers:
    none = np.zeros(run.word.size, dtype=np.uint64)
    return run.numbers or Numbers(none, none)


def _texts(run: Tokens, at: Ints) -> Ints:
    """Text in which each token stands."""
    return np.asarray(np.searchsorted(run.bounds, at, side="right") - 1)


def _running(hashes: Hashes, text: Ints, n_bounds: int) -> Tokens:
    """Citations as words of their texts, which are never shown: their letters are not kept."""
    keys = distinct(hashes)
    words = Words(keys, np.full(2 * keys.size, DIGIT, dtype=np.uint16), np.full(keys.size, 2))
    return Tokens(Index.of(keys).find(hashes), np.searchsorted(text, np.arange(n_bounds)), words)


def _kinds(words: Words) -> Ints:
    """Row of `NORMS` in which each word stands, or -1."""
    kind = np.full(words.hashes.size, -1, dtype=np.intp)
    for row, names in enumerate(NORMS):
        kind[np.isin(words.hashes, tokens(names).words.hashes)] = row
    return kind


def _small(words: Words) -> Flags:
    """Tell which words may stand between: those with digits, and `BETWEEN`."""
    small = np.isin(words.hashes, tokens(BETWEEN).words.hashes)
    owner = np.repeat(np.arange(words.lengths.size), words.lengths)
    small[owner[words.letters == DIGIT]] = True
    return small


def _last(mark: Flags) -> Ints:
    """Place of the last marked token up to each token, or -1."""
    return np.asarray(np.maximum.accumulate(np.where(mark, np.arange(mark.size), -1)))
