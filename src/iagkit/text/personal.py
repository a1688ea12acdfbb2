"""What may be about a person: covered generously, so that no name is shown as a reason.

A light first line of patterns, cues and common names. It prefers to hide a harmless word to
showing a personal one, and does not replace a redaction engine: a rare surname in lower case
is not found here. The second line is in the explanations, which show no word that fewer than
five training texts share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from iagkit.text.names import AMBIGUOUS, NAMES
from iagkit.text.words import same_text

_WORD = r"[^\W\d_][^\W\d_'’-]*"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_'’.-]*"
_JOIN = r"(?:de la|de los|de las|del|de|da|do|dos|das|e|y|van|von|la)"
_NAME = rf"{_CAPITAL}(?:\s+(?:{_JOIN}\s+)?{_CAPITAL}){{0,4}}"
_CUES = (
    r"soy|me llamo|mi nombre(?: completo)? es|a nombre de|nombre:|firma:|atte\.?:?|atentamente,?|"
    r"sr\.?|sra\.?|srta\.?|señor|señora|señorita|don|doña|ing\.?|lic\.?|dr\.?|dra\.?|"
    r"ciudadan[oa]|vecin[oa]|mi (?:esposo|esposa|marido|hij[oa]|madre|padre|herman[oa]|abuel[oa])|"
    r"meu nome(?: completo)? [eé]|me chamo|sou (?:o|a)|eu,|em nome de|no nome de|assinado:?|"
    r"senhor|senhora|dona|seu|atenciosamente,?|"
    r"meu (?:marido|filho|pai|irm[aã]o|av[oô])|minha (?:esposa|filha|m[aã]e|irm[aã]|av[oó])|"
    r"my name is|i am|i'm|mr\.?|mrs\.?|ms\.?|miss|dear|sincerely,?|regards,?|on behalf of"
)
_PATTERNS: Final = (
    ("email", re.compile(r"[\w.+-]+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\s?\.\s?[\w-]+)+", re.I)),
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.I)),
    ("handle", re.compile(r"(?<![\w@])@\w{2,}")),
    ("phone", re.compile(r"(?:\+|\(?\b)\d[\d\s().-]{5,}\d\b")),
    ("number", re.compile(r"(?<!\w)[\w./-]*\d[\w./-]*")),
)
_AFTER_CUE: Final = re.compile(rf"(?<!\w)(?i:{_CUES})\s+(?P<name>{_NAME})")
_AFTER_NAME_CUE: Final = re.compile(
    r"(?<!\w)(?:me llamo|mi nombre es|meu nome [eé]|me chamo|my name is|a nombre de|no nome de|"
    r"em nome de|on behalf of)\s+"
    rf"(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})",
    re.IGNORECASE,
)
_RUNNING: Final = re.compile(_WORD)
_BEFORE: Final = re.compile(r"[^\W\d_][\"'”’)]*[ ,\t]+[\"'“‘(¿¡]*\Z")
_SMALL: Final = frozenset(("de", "del", "la", "los", "las", "da", "do", "dos", "das", "e", "y"))


class Span(NamedTuple):
    """Characters ``[start, end)`` of a text that may be personal, and of what kind."""

    start: int
    end: int
    kind: str


def personal_spans(text: str) -> list[Span]:
    """Find what may be about a person.

    Parameters
    ----------
    text : str
        One text.

    Returns
    -------
    list of Span
        ``start``, ``end`` and ``kind`` (``email``, ``link``, ``handle``, ``phone``, ``number``
        or ``name``), in reading order, not overlapping.

    Examples
    --------
    >>> text = "soy Ana Ruiz, tel. 555 123 4567"
    >>> [text[s.start:s.end] for s in personal_spans(text)]
    ['Ana Ruiz', '555 123 4567']
    """
    found = sorted([*_patterned(text), *_named(text)], key=lambda s: (s.start, -s.end))
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end > kept[-1].end:
            kept[-1] = kept[-1]._replace(end=span.end)
    return kept


def is_personal(word: str, context: str = "") -> bool:
    """Tell whether a word may be personal, alone or where it stands in a text.

    Parameters
    ----------
    word : str
        One word, as it is to be shown.
    context : str, optional
        The text it comes from; the word is personal if any of its places there is.

    Returns
    -------
    bool
        ``True`` if it should not be shown.

    Examples
    --------
    >>> is_personal("Fernández"), is_personal("bache"), is_personal("a12")
    (True, False, True)
    >>> is_personal("rosa"), is_personal("rosa", "me llamo rosa")
    (False, True)
    """
    plain = set(same_text(word).split())
    if any(c.isdigit() for c in word) or plain & NAMES:
        return True
    return any(plain & set(same_text(context[a:b]).split()) for a, b, _ in personal_spans(context))


def _patterned(text: str) -> Iterator[Span]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), kind)


def _named(text: str) -> Iterator[Span]:
    for pattern in (_AFTER_CUE, _AFTER_NAME_CUE):
        for match in pattern.finditer(text):
            yield Span(*match.span("name"), "name")
    shouting = _mostly_capitals(text)
    words = list(_RUNNING.finditer(text))
    plain = [same_text(word.group()) for word in words]
    known = [p in NAMES for p in plain]
    for i, word in enumerate(words):
        if known[i] or _beside(plain, known, i) or (not shouting and _in_the_middle(text, word)):
            yield Span(word.start(), word.end(), "name")


def _beside(plain: list[str], known: list[bool], i: int) -> bool:
    """Whether an ambiguous name stands next to a sure one, small words between them aside."""
    if plain[i] not in AMBIGUOUS:
        return False
    before = next((k for k in range(i - 1, max(i - 4, -1), -1) if plain[k] not in _SMALL), i)
    after = next((k for k in range(i + 1, min(i + 4, len(plain))) if plain[k] not in _SMALL), i)
    return known[before] or known[after]


def _in_the_middle(text: str, word: re.Match[str]) -> bool:
    """Whether a word has a capital although the sentence goes on: a proper name of something."""
    first, rest = word.group()[0], word.group()[1:]
    if not first.isupper() or (rest and rest.isupper()):
        return False
    return bool(_BEFORE.search(text[max(0, word.start() - 12) : word.start()]))


def _mostly_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > len(letters) / 2
