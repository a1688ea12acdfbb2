"""What may be about a person: covered generously, so that no name is shown as a reason.

Addresses and names are those that redaction finds (`iagkit.text.privacy`); everything with a digit
and every capital in the middle of a sentence comes on top, since hiding a harmless word is better
here than showing a personal one. A rare surname in lower case is not found. The second line is in
the explanations, which show no word that fewer than five training texts share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Final, NamedTuple

from iagkit.text.names import AMBIGUOUS, NAMES
from iagkit.text.privacy.contacts import contacts
from iagkit.text.privacy.parallel import normalised
from iagkit.text.privacy.people import people
from iagkit.text.privacy.words import plain
from iagkit.text.words import same_text

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PHONE: Final = re.compile(r"(?:\+|\(?\b)\d[\d\s().-]{5,}\d\b")
_NUMBER: Final = re.compile(r"(?<!\w)[\w./-]*\d[\w./-]*")
_WORD = r"[^\W\d_][^\W\d_'’-]*"
_AFTER_NAME_CUE: Final = re.compile(
    r"(?<!\w)(?:me llamo|mi nombre es|meu nome [eé]|me chamo|my name is|a nombre de|no nome de|"
    r"em nome de|on behalf of)\s+"
    rf"(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})",
    re.IGNORECASE,
)
"""Up to three words after who says a name, whether anybody knows them as names or not."""
_KINDS: Final = {"url": "link", "norm_reference": "link", "company_id": "email", "person": "name"}
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
    folded = set(same_text(word).split())
    if any(c.isdigit() for c in word) or folded & NAMES:
        return True
    return any(folded & set(same_text(context[a:b]).split()) for a, b, _ in personal_spans(context))


def _patterned(text: str) -> Iterator[Span]:
    """What redaction would find, and everything that has a digit."""
    parallel = normalised(text)
    for entity in chain(contacts(parallel.text), people(parallel.text)):
        span = parallel.span(entity.start, entity.end)
        yield Span(*span, _KINDS.get(entity.kind, entity.kind))
    for kind, pattern in (("link", _LINK), ("phone", _PHONE), ("number", _NUMBER)):
        for match in pattern.finditer(text):
            yield Span(*match.span(), kind)


def _named(text: str) -> Iterator[Span]:
    for match in _AFTER_NAME_CUE.finditer(text):
        yield Span(*match.span("name"), "name")
    shouting = _mostly_capitals(text)
    words = list(_RUNNING.finditer(text))
    folded = [plain(word.group()) for word in words]
    known = [word in NAMES for word in folded]
    for i, word in enumerate(words):
        if known[i] or _beside(folded, known, i) or (not shouting and _in_the_middle(text, word)):
            yield Span(word.start(), word.end(), "name")


def _beside(folded: list[str], known: list[bool], i: int) -> bool:
    """Whether an ambiguous name stands next to a sure one, small words between them aside."""
    if folded[i] not in AMBIGUOUS:
        return False
    before = next((k for k in range(i - 1, max(i - 4, -1), -1) if folded[k] not in _SMALL), i)
    after = next((k for k in range(i + 1, min(i + 4, len(folded))) if folded[k] not in _SMALL), i)
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
