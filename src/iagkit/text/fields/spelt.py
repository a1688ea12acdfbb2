"""Numbers in words, in Spanish, Portuguese and English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from iagkit.text.words import same_text

_UNITS: Final = (
    "cero zero zero|un uno una um uma one primero primeiro first|dos dois duas two"
    "|tres three|cuatro quatro four"
    "|cinco five|seis six|siete sete seven|ocho oito eight|nueve nove nine|diez dez ten"
    "|once onze eleven|doce doze twelve|trece treze thirteen|catorce quatorze fourteen"
    "|quince quinze fifteen|dieciseis dezesseis dezasseis sixteen"
    "|diecisiete dezessete dezassete seventeen|dieciocho dezoito eighteen"
    "|diecinueve dezenove dezanove nineteen"
)
_TENS: Final = (
    "veinte vinte twenty|treinta trinta thirty|cuarenta quarenta forty|cincuenta cinquenta fifty"
    "|sesenta sessenta sixty|setenta seventy|ochenta oitenta eighty|noventa ninety"
)
_HUNDREDS: Final = (
    "cien ciento cem cento|doscientos doscientas duzentos duzentas"
    "|trescientos trescientas trezentos trezentas"
    "|cuatrocientos cuatrocientas quatrocentos quatrocentas|quinientos quinientas quinhentos "
    "quinhentas|seiscientos seiscientas seiscentos seiscentas|setecientos setecientas setecentos "
    "setecentas|ochocientos ochocientas oitocentos oitocentas|novecientos novecientas novecentos "
    "novecentas"
)
_TWENTIES: Final = "uno dos tres cuatro cinco seis siete ocho nueve"
VALUES: Final = {
    **{w: n for n, ws in enumerate(_UNITS.split("|")) for w in ws.split()},
    **{w: 10 * n for n, ws in enumerate(_TENS.split("|"), 2) for w in ws.split()},
    **{w: 100 * n for n, ws in enumerate(_HUNDREDS.split("|"), 1) for w in ws.split()},
    **{f"veinti{w}": 20 + n for n, w in enumerate(_TWENTIES.split(), 1)},
    "veintiun": 21, "veintiuna": 21,
}  # fmt: skip
TIMES: Final = {
    "mil": 10**3, "thousand": 10**3, "millon": 10**6, "millones": 10**6, "milhao": 10**6,
    "milhoes": 10**6, "million": 10**6, "millions": 10**6, "bilhao": 10**9, "bilhoes": 10**9,
}  # fmt: skip
_JOINTS: Final = frozenset(("y", "e", "and", "de"))

WORD: Final = (
    r"(?:veinti(?:[uú]n[oa]?|d[oó]s|tr[eé]s|cuatro|cinco|s[eé]is|siete|ocho|nueve)|"
    + "|".join(
        re.sub("e", "[eêé]", re.sub("o", "[oó]", w)).replace("milha[oó]", "milhão")
        for w in sorted(
            {*VALUES, *TIMES, "hundred", "milhao", "três", "milhões", "milhão"},
            key=len,
            reverse=True,
        )
        if not w.startswith("veinti")
    )
    + r"|mill[oó]n(?:es)?|milh(?:ão|ões)|bilh(?:ão|ões))"
)
"""One word of a number, accents or none; to be read without regard to case."""
PHRASE: Final = rf"{WORD}(?:[ \n]{{1,3}}(?:(?:y|e|and|de)[ \n]{{1,3}})?{WORD}){{0,14}}"
BEGINNINGS: Final = {
    "word": " ".join(w[:5] if len(w) > 4 else f"{w}_" for w in [*VALUES, *TIMES, "veinti"])
}


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """A word or a few, without case and accents; official texts use the same ones again."""
    return same_text(word)


def number_in_words(words: str) -> int | None:
    """Read a whole number in words; None if a word is none of a number's.

    Examples
    --------
    >>> number_in_words("DOS MIL SIETE"), number_in_words("mil novecentos e noventa e um")
    (2007, 1991)
    >>> number_in_words("un millón doscientos mil"), number_in_words("la mitad")
    (1200000, None)
    """
    total = part = 0
    for word in plain(words).split():
        if word in VALUES:
            part += VALUES[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in TIMES:
            total, part = _times(total, part, TIMES[word])
        elif word not in _JOINTS:
            return None
    return total + part


def _times(total: int, part: int, times: int) -> tuple[int, int]:
    """``doscientos mil millones`` multiplies what stands before; ``un millón dos mil`` adds."""
    if total and total < times:
        return (total + part) * times, 0
    return total + max(part, 1) * times, 0
