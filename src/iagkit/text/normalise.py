"""Letters as the models see them: lower case, unaccented, digits hidden, one table look-up.

Spanish, Portuguese and English share the table: citizens leave accents out more often than
an accent tells two offices apart, and a digit's value is more often personal data than topic.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]
Places = NDArray[np.intp]

DROP, SPACE, EXPAND, DIGIT = 0, 32, 1, 48
LAST = 0xFFFF


class CodeTable(NamedTuple):
    """Where each code point of the basic plane goes, and the few that become several."""

    single: Codes
    several: dict[int, str]


def folded(character: str) -> str:
    """Lower-case letters and zeros that stand for one character; empty if it is a mark.

    Examples
    --------
    >>> folded("Ñ"), folded("7"), folded("ﬁ"), folded("?")
    ('n', '0', 'fi', ' ')
    """
    parts = unicodedata.normalize("NFKD", character).casefold()
    letters = [c for c in parts if not unicodedata.combining(c)]
    if not letters:
        return ""
    return "".join(_kept(c) for c in letters)


def _kept(character: str) -> str:
    if not character.isalnum() or ord(character) > LAST:
        return " "
    return "0" if character.isdigit() else character


@cache
def code_table() -> CodeTable:
    """Build the table once a process (about 0.1 s); beyond the basic plane all is space."""
    single = np.full(LAST + 1, SPACE, dtype=np.uint16)
    several: dict[int, str] = {}
    for code in range(LAST):
        to = folded(chr(code)) if not 0xD800 <= code <= 0xF8FF else " "
        if len(to) > 1:
            several[code] = to
        single[code] = EXPAND if len(to) > 1 else ord(to or "\0")
    single[[DROP, EXPAND]] = SPACE
    return CodeTable(single, several)


def to_codes(text: str) -> tuple[Codes, Places | None]:
    """Fold a text of any length into code points, in time linear in it.

    Parameters
    ----------
    text : str
        Any text; lone surrogates and emoji become spaces.

    Returns
    -------
    codes : array of uint16, shape (n_codes,)
        Letters folded, digits 48, everything else 32 (space).
    places : array of int, shape (n_codes,), or None
        The character each code came from; None when they are the same one to one.
    """
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    table = code_table()
    codes = np.take(table.single, raw, mode="clip")
    if codes.size == 0 or codes.min() >= SPACE:
        return codes, None
    return _uneven(raw, codes, table.several)


def _uneven(raw: NDArray[np.uint32], codes: Codes, several: dict[int, str]) -> tuple[Codes, Places]:
    """Drop the marks and write out the ligatures, remembering where each came from."""
    long = np.flatnonzero(codes == EXPAND)
    letters = [several[int(c)] for c in raw[long]]
    times = (codes != DROP).astype(np.intp)
    times[long] = [len(piece) for piece in letters]
    places = np.repeat(np.arange(codes.size), times)
    out = codes[places]
    out[out == EXPAND] = [ord(c) for c in "".join(letters)]
    return out, places


def normalise(text: str, *, lang: str | None = None) -> str:  # noqa: ARG001 - one table serves all three
    """Fold a text as the feature pass reads it: words of lower-case letters, single spaces.

    Parameters
    ----------
    text : str
        Text as it came.
    lang : str, optional
        Accepted for symmetry; es, pt and en are folded alike.

    Returns
    -------
    str
        Folded words, separated by one space.

    Examples
    --------
    >>> normalise("¿Cuántos  DAÑOS hubo en 2017?")
    'cuantos danos hubo en 0000'
    """
    codes, _ = to_codes(text)
    return " ".join(codes.astype("<u2").tobytes().decode("utf-16-le").split())
