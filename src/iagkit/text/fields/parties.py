"""Parties of a case, by the word before them or by *X c/ Y s/ Z*; asked for only where needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.text.fields.nouns import Field
from iagkit.text.words import same_text

ROLES: Final = {
    "author": "autor autora autores actor actora actores demandante demandantes plaintiff"
    " exequente "
    "ejecutante accionante tutelante",
    "defendant": "reu re reus demandado demandada demandados defendant executado"
    " executada ejecutado "
    "accionado accionada acusado imputado",
    "applicant": "requerente requerentes solicitante peticionario recorrente recurrente agravante "
    "apelante impetrante reclamante paciente quejoso embargante apellant applicant interessado "
    "interessada interesado interesada quejosa",
    "respondent": "requerido requerida recorrido recorrida recurrido agravado agravada apelado "
    "apelada impetrado reclamado reclamada embargado embargada respondent",
}  # fmt: skip
_ROLE_OF: Final = {word: role for role, words in ROLES.items() for word in words.split()}
_CUE: Final = "|".join(sorted({*_ROLE_OF, "réu", "ré", "réus"}, key=len, reverse=True))
_WORD: Final = r"[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ][\w'’.&-]*"
_JOINT: Final = r"(?:d[aeo]s?|del|de la|y|e|&|of|von|van)"
_NAME: Final = (
    rf"{_WORD}(?:,[ \t]*{_WORD}(?![^\n:]{{0,20}}:))?"
    rf"(?:[ \t]+(?:{_JOINT}[ \t]+){{0,2}}{_WORD}){{0,9}}"
)
_CUED: Final = re.compile(
    rf"(?<!\w)(?P<cue>(?i:{_CUE}))(?:\((?:a|s|as|es)\))?[ \t]*(?:/[ \t]*[A-Za-z]+)?[ \t]*:[ \t]*"
    rf"(?P<name>{_NAME})"
)
_AGAINST: Final = re.compile(
    rf"(?P<one>{_NAME})[ \t]*,?[ \t]+(?:c/|C/|vs\.?|v\.|contra)[ \t]*(?P<other>{_NAME})"
    r"(?=[ \t]*(?:,|s/|S/|\.|\n|$|sobre|[\"”»]))"
)


def parties(text: str) -> Iterator[Field]:
    """Names beside the word that tells their role, and both sides of *c/*, *vs.*, *contra*.

    Yields
    ------
    Field
        Span of the name alone; ``value`` is empty (the name stays in the text), ``sort`` the role.
    """
    for match in _CUED.finditer(text):
        yield Field(*match.span("name"), "party", "", _ROLE_OF[same_text(match["cue"])])
    for match in _AGAINST.finditer(text):
        yield Field(*match.span("one"), "party", "", "author")
        yield Field(*match.span("other"), "party", "", "defendant")
