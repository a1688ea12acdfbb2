"""How many things a message asks for, read from how it is put together.

Four signs are counted and the strongest is believed: phrases that open another subject
("por otro lado", "além disso", "also"), points of a list, separate questions, and clauses
that ask to be told or given something. It is a
flag for a person, not a parser: a second request that nothing announces is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.text.language import UNKNOWN, check_language
from iagkit.text.normalise import folded
from iagkit.text.words import strings

_TELLS: Final = {
    "es": (
        "quiero|quería|quisiera|queremos|solicito|solicitamos|pido|pedimos|necesito|necesitamos|"
        "requiero|deseo|informo|aviso|reporto|denuncio|me gustaría|les pido|"
        "le pido|les solicito|le solicito|se solicita|me cobraron|saber"
    ),
    "pt": (
        "quero|queria|queremos|gostaria|solicito|solicitamos|peço|pedimos|preciso|precisamos|"
        "requeiro|desejo|informo|aviso|denuncio|saber"
    ),
    "en": (
        "i want|i would like|i'd like|i need|i request|i am requesting|i wish|we want|we need|"
        "we request|there is|there are|please|can you|could you"
    ),
}
_LINKS: Final = {
    "es": (
        r"además(?! del?\b)|por otr[oa] (?:lado|parte)|en otro orden|otr[oa] (?:tema|asunto|cosa)|"
        r"segund[oa] (?:tema|asunto|cosa|punto)|de paso|y aparte|aprovecho|aprovechando|"
        r"ya que estoy|por último|finalmente|asimismo|así mismo|igualmente|adicionalmente|"
        r"(?:también|tambien|tmb|tmbn|tb|tbn)(?= (?:TELLS)\b)"
    ),
    "pt": (
        r"além disso|além do mais|por outro lado|outr[oa] (?:assunto|coisa|tema)|"
        r"segund[oa] (?:assunto|tema|coisa|ponto)|aproveito|aproveitando|já q(?:ue)? estou|"
        r"por fim|por último|outrossim|adicionalmente|ademais|e aparte|de quebra|"
        r"(?:também|tambem|tbm|tb)(?= (?:TELLS)\b)"
    ),
    "en": (
        r"in addition(?! to\b)|additionally|furthermore|moreover|on another (?:note|matter)|"
        r"another (?:thing|matter|issue|request)|second(?:ly)?,|while i'?m at it|by the way|"
        r"on the other hand|separately|finally,|lastly|"
        r"(?:i also|we also|also,|also)(?= (?:TELLS)\b| want| need)"
    ),
}
_QUESTION: Final = {
    "es": r"cuánt[oa]s?|cuál(?:es)?|cuándo|dónde|qué|cómo|quién(?:es)?|por qué|si",
    "pt": r"quant[oa]s?|qua(?:l|is)|quando|onde|o que|que|como|quem|por ?qu[eê]|se",
    "en": r"how|what|which|when|where|who|why|whether",
}
_WANTS: Final = {
    "es": (
        r"(?:solicito|solicitamos|solicita|requiero|requerimos|deseo|quiero|quisiera|necesito|"
        r"pido|gustaría)\b[^.;?\n]{0,25}\b(?:información|informen?|informar|saber|conocer|"
        r"copias?|número|nombres?|documentos?|lista|listado|relación|datos|cuánt[oa]s?|"
        r"cuál(?:es)?|fechas?|versi[oó]n|proporcionen?|entreguen?|indiquen?)\b"
    ),
    "pt": (
        r"(?:solicito|solicitamos|requeiro|desejo|quero|queria|gostaria|preciso|peço)\b"
        r"[^.;?\n]{0,25}\b(?:informaç(?:ão|ões)|informem?|informar|saber|conhecer|cópias?|"
        r"número|nomes?|documentos?|lista|listagem|relação|dados|quant[oa]s?|qua(?:l|is)|datas?)\b"
    ),
    "en": (
        r"(?:request(?:ing)?|want|need|would like|please provide|seeking)\b[^.;?\n]{0,25}\b"
        r"(?:information|know|cop(?:y|ies)|numbers?|names?|documents?|lists?|records?|data|dates?)\b"
    ),
}
_COURTESY: Final = re.compile(
    r"que (?:tengo|debo|puedo|devo|posso|eu) |con quien|com quem|a quien|quien (?:se|me|puede)|"
    r"(?:me|nos) (?:puede|pueden|podria|ajuda|pode)|(?:puede|pueden|podrian?|podem|pode) |"
    r"donde (?:tengo|debo|puedo)|como (?:hago|faco|puedo|posso|devo)|que (?:hago|faco)|"
    r"can you|could you|would you|who (?:can|do|should)|what (?:should|can|do) i"
)
_LISTED: Final = re.compile(r"(?:^|[\s.;:,])(\d{1,2}|[a-h])\s?[.)°º-]{1,2}\s?(?=[^\W\d])")
_BULLET: Final = re.compile(r"^\s*[-*•–·]\s*\w", re.MULTILINE)


def count_asks(text: str, lang: str) -> int:
    """Count what a message asks for.

    Parameters
    ----------
    text : str
        One message.
    lang : str
        ``es``, ``pt``, ``en``; ``und`` reads it with the phrases of all three.

    Returns
    -------
    int
        At least 1: a message without a recognised sign is one request.

    Raises
    ------
    UsageError
        If the language is not known.

    Examples
    --------
    >>> count_asks("No hay luz. Por otro lado, quiero pagar el predial.", "es")
    2
    """
    langs = tuple(_LINKS) if lang == UNKNOWN else (check_language(lang),)
    plain = _plain(text)
    linked = max(1 + len(_TURNS[k].findall(plain)) for k in langs)
    asked = max(_questions(plain, k) for k in langs)
    told = max(len(_WANTED[k].findall(plain)) for k in langs)
    return max(linked, _points(text), asked, told)


def several_asks(texts: Iterable[str], langs: Sequence[str]) -> NDArray[np.bool_]:
    """Flag messages with two requests or more.

    Parameters
    ----------
    texts : iterable of str, shape (n_texts,)
        Messages.
    langs : sequence of str, shape (n_texts,)
        Language of each; ``und`` where it is not known.

    Returns
    -------
    array of bool, shape (n_texts,)
        Whether more than one request is recognised.

    Raises
    ------
    DataError
        If there are not as many languages as texts.
    """
    texts, langs = strings(texts), strings(langs, name="langs")
    if len(texts) != len(langs):
        msg = f"each text needs its language; got {len(texts)} texts and {len(langs)} languages"
        raise DataError(msg)
    return np.array([count_asks(t, k) > 1 for t, k in zip(texts, langs, strict=True)], dtype=bool)


def _plain(text: str) -> str:
    """Lower case without accents, "x" for "por" written out; punctuation and lines stay."""
    return re.sub(r"\bx(?= otr[oa]\b)", "por", "".join(_letter(c) for c in text))


def _letter(character: str) -> str:
    return folded(character) if character.isalpha() else character


def _points(text: str) -> int:
    """Length of the longest list: 1, 2, 3 ... or a, b, c ..., or lines that begin with a dash."""
    marks = [m.group(1) for m in _LISTED.finditer(text.lower())]
    numbers = _run([int(m) for m in marks if m.isdigit()])
    letters = _run([ord(m) - 96 for m in marks if not m.isdigit()])
    bullets = len(_BULLET.findall(text))
    return max(numbers, letters, bullets)


def _run(marks: list[int]) -> int:
    """How far the marks count up from one."""
    reached = 0
    for mark in marks:
        if mark == reached + 1:
            reached = mark
    return reached


def _questions(plain: str, lang: str) -> int:
    """Count questions that ask for something of their own, courtesies left out."""
    asked = [piece for piece in re.split(r"[.;\n¿]+|(?<=\?)", plain) if piece.endswith("?")]
    return sum(
        bool(_ASKING[lang].match(p.strip())) and not _COURTESY.match(p.strip()) for p in asked
    )


def _pattern(table: dict[str, str], lang: str) -> re.Pattern[str]:
    pattern = table[lang].replace("TELLS", _TELLS[lang])
    return re.compile(rf"\b(?:{_unaccented(pattern)})")


def _unaccented(pattern: str) -> str:
    return "".join(folded(c) if c.isalpha() and ord(c) > 127 else c for c in pattern)


_WANTED: Final = {k: re.compile(rf"\b{_unaccented(p)}") for k, p in _WANTS.items()}
_TURNS: Final = {lang: _pattern(_LINKS, lang) for lang in _LINKS}
_ASKING: Final = {
    lang: re.compile(rf"(?:y |e |and |o |ou |or )?(?:{_unaccented(p)})\b")
    for lang, p in _QUESTION.items()
}
