"""How people type: accents left out, abbreviations, capitals, slips of the finger."""

import re
from typing import Final

from iagkit.prototypes.requests.sample.chance import Chance

_BARE = str.maketrans("áéíóúüñâêôãõàçÁÉÍÓÚÜÑÂÊÔÃÕÀÇ", "aeiouunaeoaoacAEIOUUNAEOAOAC")
_STOPS = re.compile(r"[.,;:¿?¡!]+(?=\s|$)|[¿¡]")
_WORD = re.compile(r"\w+")

_SHORT: Final = {
    "es": {
        **{"que": "q", "qué": "q", "porque": "xq", "por": "x", "para": "p/"},
        **{"también": "tmb", "avenida": "av.", "gracias": "grax", "teléfono": "tel"},
        **{"cuándo": "cdo", "señores": "sres", "número": "nro"},
        **{"municipalidad": "muni", "dirección": "dir.", "están": "estan", "más": "mas"},
    },
    "pt": {
        **{"que": "q", "porque": "pq", "você": "vc", "vocês": "vcs", "também": "tb"},
        **{"não": "n", "avenida": "av.", "rua": "r.", "obrigado": "obg", "está": "tá"},
        **{"obrigada": "obg", "muito": "mto", "para": "pra", "telefone": "tel"},
        **{"quando": "qdo", "número": "nº", "estamos": "tamo", "prefeitura": "pref."},
    },
}
_BESIDE: Final = {
    **{"q": "wa", "w": "qe", "e": "wr", "r": "et", "t": "ry", "y": "tu", "u": "yi"},
    **{"i": "uo", "o": "ip", "p": "o", "a": "sq", "s": "ad", "d": "sf", "f": "dg"},
    **{"g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "kñ", "z": "xa", "x": "zc"},
    **{"c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n"},
}

_SLIP = 0.003
_NO_ACCENTS, _ABBREVIATES, _LOWER, _NO_STOPS, _CAPITALS = 0.30, 0.22, 0.18, 0.14, 0.03


def typed(text: str, lang: str, chance: Chance, *, noise: float = 1.0) -> str:
    """Write a clean text the way one person would type it.

    Parameters
    ----------
    text : str
        Clean text.
    lang : str
        ``es`` or ``pt``: whose abbreviations to use.
    chance : Chance
        Where the draws come from.
    noise : float, default 1
        Multiplies the slips per letter and the odds of every other habit.

    Returns
    -------
    str
        The same message as typed; digits are never touched.
    """
    if chance.happens(_odds(_ABBREVIATES, noise)):
        text = _abbreviated(text, lang, chance).replace("..", ".")
    if chance.happens(_odds(_NO_ACCENTS, noise)):
        text = text.translate(_BARE)
    if chance.happens(_odds(_NO_STOPS, noise)):
        text = _STOPS.sub("", text)
    text = _slipped(text, chance, _SLIP * noise)
    if chance.happens(_odds(_LOWER, noise)):
        text = text.lower()
    return text.upper() if chance.happens(_odds(_CAPITALS, noise)) else text


def _odds(probability: float, factor: float) -> float:
    return probability * factor / (1 - probability + probability * factor)


def _abbreviated(text: str, lang: str, chance: Chance) -> str:
    short = _SHORT[lang]

    def one(found: re.Match[str]) -> str:
        word = found[0]
        brief = short.get(word.lower())
        return brief if brief and chance.happens(0.8) else word

    return _WORD.sub(one, text)


def _slipped(text: str, chance: Chance, rate: float) -> str:
    letters = list(text)
    mean = len(letters) * rate
    # One more slip as long as chance says so: some messages have none, some have many.
    while chance.happens(mean / (1 + mean)):
        at = chance.below(len(letters) - 1)
        if letters[at].isalpha() and letters[at + 1].isalpha():
            letters[at : at + 2] = _slip(letters[at], letters[at + 1], chance)
    return "".join(letters)


def _slip(letter: str, after: str, chance: Chance) -> tuple[str, ...]:
    kind = chance.below(4)
    if kind == 0:
        return (after,)
    if kind == 1:
        return (letter, letter, after)
    if kind == 2:
        return (after, letter)
    return (chance.one(_BESIDE.get(letter.lower(), letter)), after)
