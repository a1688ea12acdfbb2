"""Words folded one by one, faster than whole texts: without case and without accents."""

from __future__ import annotations

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
