"""Words of many texts as plain numbers: exact (no hashing), in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.text.normalise import DIGIT, Codes, Places, to_codes

Ints = NDArray[np.int64]

ASCII = 128
LETTERS = re.compile(r"[^\W\d_]+")


class Numbered(NamedTuple):
    """Running words: number of each, borders of the texts, and what the numbers stand for."""

    word: Ints
    bounds: Ints
    vocabulary: list[str]

    @property
    def text(self) -> Ints:
        """The text each word stands in."""
        return np.repeat(np.arange(self.bounds.size - 1), np.diff(self.bounds))


def strings(texts: Iterable[str], *, name: str = "texts") -> list[str]:
    """Insist on a sequence of strings; a lone string would be read letter by letter.

    Raises
    ------
    DataError
        If a single string came, or something that is not text is among them.
    """
    found = [texts] if isinstance(texts, str) else list(texts)
    wrong = sum(not isinstance(text, str) for text in found)
    if isinstance(texts, str) or wrong:
        got = "a single string" if isinstance(texts, str) else f"{wrong} of {len(found)} not text"
        msg = f"'{name}' must be a sequence of texts; got {got}. Fill or drop what is missing."
        raise DataError(msg)
    return found


def same_text(text: str) -> str:
    """Fold away case, accents, punctuation and white space; digits stay what they are.

    Two requests that differ in a year or a file number are two requests, so digits, which
    the models do not see, are kept here.

    Examples
    --------
    >>> same_text("¿Cuántos  DAÑOS hubo en 2017?")
    'cuantos danos hubo en 2017'
    """
    codes, _ = to_codes_and_digits(text)
    return " ".join(codes.astype("<u2").tobytes().decode("utf-16-le", "replace").split())


def to_codes_and_digits(text: str) -> tuple[Codes, Places | None]:
    """Fold a text as `to_codes` does, but for ASCII digits, which stay what they are."""
    codes, places = to_codes(text)
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    came = raw if places is None else raw[places]
    digits = (codes == DIGIT) & (came < ASCII)
    return np.where(digits, came.astype(np.uint16), codes), places


def numbered(lists: Sequence[list[str]]) -> Numbered:
    """Give every distinct word a number, in order of first appearance."""
    number: dict[str, int] = {}
    word = np.fromiter(
        (number.setdefault(w, len(number)) for w in chain.from_iterable(lists)), dtype=np.int64
    )
    bounds = np.concatenate([[0], np.cumsum([len(words) for words in lists], dtype=np.int64)])
    return Numbered(word, bounds, list(number))
