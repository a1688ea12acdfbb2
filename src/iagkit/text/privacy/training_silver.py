"""Examples without annotators: names that stand where the text itself says that they are names.

Argentine norms write ``Juana PÉREZ (D.N.I. N° …)`` and the gazette of the Federal District
``JUANA PEREZ, matrícula …``. The name before such a cue is marked and its sentence kept; the cue
itself is cut out of half of the sentences, so that the tagger learns names and not cues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from random import Random
from typing import Final

from iagkit.text.privacy.training import Example, Marked

PERSON: Final = "PERSON"
_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’´`]*"
_TITLE = (
    r"(?:\b(?:señora?|señorita|don|doña|doctora?|licenciad[oa]|ingenier[oa]|contadora?|abogad[oa]|"
    r"arquitect[oa]|profesora?|ciudadan[oa]|agente|servidora?|Sr|Sra|Srta|Dra?|Lic|Ing|Cont|Abog|"
    r"Arq|Prof|Da?|Dn|Cdora?|Mg|Mgter|Cdor|C\.P\.N|CPN)\b\.?)"
)
_JOIN = r"(?:(?i:de\s+la|de\s+los|de\s+las|del|de|da|do|dos|das|e|y|van|von|la|di|i)|D['’])"
_NAME = rf"(?P<name>{_CAP}(?:\s+(?:{_JOIN}\s+)*(?:{_CAP}|[A-Z]\.)){{1,6}})"
_ID = (
    r"\s*,?\s*[(,]?\s*(?:(?:D\.?\s?N\.?\s?I|M\.\s?I|L\.\s?E|L\.\s?C|C\.\s?I|C\.U\.I\.[TL])\b\.?"
    r"|[Mm]atr[ií]cula|MATR[IÍ]CULA)[^\d(),;]{0,25}\d[\d.\-/ \s]*[\dXx]?\s*\)?"
)
_CUE: Final = re.compile(_ID)
_BEFORE: Final = re.compile(rf"(?<!\w){_NAME}\Z")
_WINDOW: Final = 120
"""Characters before a number in which its name must begin; looking further back takes long."""
_SENTENCE_END: Final = re.compile(r"(?<=[.;:])\s*\n\s*\n?|\n\s*(?=\**(?:Art|ART))")
_FIRST: Final = re.compile(rf"(?:{_TITLE}\s+)+")


def names_before_ids(text: str) -> list[Marked]:
    """Mark each name that stands right before the number of a person.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Marked
        Label ``PERSON``; a title before the name is not part of it.

    Examples
    --------
    >>> names_before_ids("Desígnase al Dr. Juan Carlos QUISPE (D.N.I. N° 12.345.678) en")
    [Marked(start=17, end=35, label='PERSON')]
    """
    return [span for span, _ in _cued(text)]


def _cued(text: str) -> Iterator[tuple[Marked, int]]:
    """Each name before a number, and where the number ends."""
    for cue in _CUE.finditer(text):
        begin = max(0, cue.start() - _WINDOW)
        match = _BEFORE.search(text, begin, cue.start())
        if match is None:
            continue
        start, end = match.span("name")
        if title := _FIRST.match(text, start, end):
            start = title.end()
        if len(text[start:end].split()) > 1:
            yield Marked(start, end, PERSON), cue.end()


def silver(texts: Iterable[str], *, most: int, seed: int = 0) -> list[Example]:
    """Sentences with a name before a number, names marked, half of the numbers cut out.

    Parameters
    ----------
    texts : iterable of str
        Norms or acts.
    most : int
        Sentences that are kept, drawn at random.
    seed : int

    Returns
    -------
    list of Example
    """
    random = Random(seed)  # noqa: S311 (no secret)
    found = [example for text in texts for example in _sentences(text, random)]
    return found if len(found) <= most else random.sample(found, most)


def _sentences(text: str, random: Random) -> Iterator[Example]:
    for piece in _SENTENCE_END.split(text):
        spans = names_before_ids(piece)
        if not spans or len(piece) > 1500:
            continue
        yield _without_cues(piece, spans) if random.random() < 0.5 else Example(piece, tuple(spans))


def _without_cues(text: str, spans: list[Marked]) -> Example:
    """Cut out what follows each name, and move the spans behind it."""
    ends = {span.start: end for span, end in _cued(text)}
    kept, moved, at = [], [], 0
    length = 0
    for span in spans:
        kept.append(text[at : span.end])
        length += span.end - at
        moved.append(Marked(length - (span.end - span.start), length, span.label))
        at = ends[span.start]
    kept.append(text[at:])
    return Example("".join(kept), tuple(moved))
