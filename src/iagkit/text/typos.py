"""Mistakes that people make when typing on a telephone, for es, pt and en.

Neighbours on the keyboard, letters swapped, left out or doubled, and accents left out: what a
model should read past. The letters of the keyboard are QWERTY's, of which the Spanish and
Portuguese layouts share all but ``ñ`` and ``ç``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Literal

import numpy as np

from iagkit.core.errors import DataError, UsageError
from iagkit.text.words import LETTERS, strings

Kind = Literal["neighbour", "swap", "drop", "double", "accent"]
KINDS: tuple[Kind, ...] = ("neighbour", "swap", "drop", "double")
ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnmç")
ACCENTED = 0.5
"""Chance that a word loses its accents: most messages from telephones have none at all."""


def _neighbours() -> dict[str, str]:
    """Keys that touch each key: left and right, and above and below with half a key of slant."""
    near: dict[str, set[str]] = {key: set() for row in ROWS for key in row}
    places = {key: (i, j + i / 2) for i, row in enumerate(ROWS) for j, key in enumerate(row)}
    for a, (i, x) in places.items():
        for b, (k, y) in places.items():
            if a != b and abs(i - k) <= 1 and abs(x - y) <= 1:
                near[a].add(b)
    return {key: "".join(sorted(keys)) for key, keys in near.items()}


NEAR = _neighbours()


def mistyped(texts: Iterable[str], *, share: float = 0.1, seed: int = 0) -> list[str]:
    """Let some words of each text have a typing mistake, and accents go missing.

    Parameters
    ----------
    texts : iterable of str
    share : float
        Chance of each word of at least four letters to have one mistake. Short words are left
        alone: in them a mistake makes another word.
    seed : int
        The same seed makes the same mistakes in the same texts.

    Returns
    -------
    list of str
        Digits, spaces and punctuation stay as they are.

    Raises
    ------
    DataError
        If something is not text.
    UsageError
        If ``share`` is not within 0 to 1.

    Examples
    --------
    >>> mistyped(["Hay un árbol caído en la calle"], share=1, seed=4)
    ['Hay un árbop caidp en la cale']
    """
    if not 0 <= share <= 1:
        msg = f"'share' is a chance and must lie within 0 to 1; got {share}"
        raise UsageError(msg)
    random = np.random.default_rng(seed)
    return [
        LETTERS.sub(lambda found: _word(found[0], share, random), text) for text in strings(texts)
    ]


def _word(word: str, share: float, random: np.random.Generator) -> str:
    chance, accent, kind = random.random(), random.random(), random.choice(KINDS)
    place = float(random.random())
    told = without_accents(word) if share and accent < ACCENTED else word
    if len(word) < 4 or chance >= share:
        return told
    return mistake(told, kind, at=int(place * len(told)), random=random)


def without_accents(word: str) -> str:
    """Word without marks on its letters; ``ñ`` becomes ``n`` and ``ç`` becomes ``c``.

    Examples
    --------
    >>> without_accents("Atenção, señor")
    'Atencao, senor'
    """
    parts = unicodedata.normalize("NFD", word)
    return "".join(c for c in parts if not unicodedata.combining(c))


def mistake(word: str, kind: Kind, *, at: int, random: np.random.Generator) -> str:
    """Make one mistake in a word.

    Parameters
    ----------
    word : str
        At least two letters.
    kind : {"neighbour", "swap", "drop", "double", "accent"}
    at : int
        Letter, from 0; a swap exchanges it with the one after it.
    random : numpy.random.Generator
        Chooses among the neighbours.

    Raises
    ------
    DataError
        If the word has fewer than two letters or no letter at this place.
    """
    if len(word) < 2 or not 0 <= at < len(word):
        msg = f"a mistake needs a word of two letters and a place in it; got {len(word)} and {at}"
        raise DataError(msg)
    at = min(at, len(word) - 2) if kind == "swap" else at
    before, letter, after = word[:at], word[at], word[at + 1 :]
    match kind:
        case "neighbour":
            return before + _near(letter, random) + after
        case "swap":
            return before + after[0] + letter + after[1:]
        case "drop":
            return before + after
        case "double":
            return before + letter + letter + after
        case _:
            return before + without_accents(letter) + after


def _near(letter: str, random: np.random.Generator) -> str:
    keys = NEAR.get(letter.lower()) or NEAR.get(without_accents(letter.lower()), letter)
    other = str(random.choice(list(keys)))
    return other.upper() if letter.isupper() else other
