"""Words folded one by one; and expressions tried only where they may begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_ACCENTS: Final = str.maketrans(
    "áàâãäåéèêëíìîïóòôõöúùûüçñýÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇÑÝ",
    "aaaaaaeeeeiiiiooooouuuucnyaaaaaaeeeeiiiiooooouuuucny",
)


def plain(word: str) -> str:
    """Fold one word.

    Examples
    --------
    >>> plain("MATRÍCULA")
    'matricula'
    """
    return word.lower() if word.isascii() else word.translate(_ACCENTS).lower()


def matches_from(
    starts: re.Pattern[str], pattern: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """Give the matches of an expression that begin where a simpler one does, none over another.

    The engine looks for one set of characters much faster than for a choice of words.

    Examples
    --------
    >>> street = re.compile(r"(?:Rua|Calle) [A-Z]")
    >>> [m.group() for m in matches_from(re.compile(r"[CR]"), street, "Casa, Rua A, Calle B")]
    ['Rua A', 'Calle B']
    """
    at = 0
    for start in starts.finditer(text):
        if start.start() >= at and (match := pattern.match(text, start.start())):
            at = max(match.end(), at + 1)
            yield match
