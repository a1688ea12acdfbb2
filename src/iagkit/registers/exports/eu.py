"""EU AI Act: Annex VIII, outline of Annex IV and assessment of Article 27, point by point."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.core.record import Record
from iagkit.registers.exports.common import (
    Told,
    missing,
    notices,
    sections,
    state,
    stated,
    value_of,
)
from iagkit.registers.exports.forms import heading, page
from iagkit.registers.exports.plain import escaped
from iagkit.registers.filling import Entry, Filled

PLACES: Final = {
    "eu-ai-act-annex-viii": "annex-viii",
    "eu-ai-act-annex-iv": "annex-iv",
    "eu-ai-act-fria": "article-27",
}


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """Markdown and page; every point can be linked to."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    anchors = {heading(e): anchor(name, e) for e in filled.entries}
    files = {
        f"{name}.points.md": ("\n".join(_lines(told)).strip() + "\n").encode(),
        f"{name}.points.html": page(told, anchors=anchors),
    }
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, missing(filled), files)}


def anchor(profile: str, one: Entry) -> str:
    """Where a point stands, such as ``"annex-viii-a-5"``."""
    point = re.sub(r"[^a-z0-9]+", "-", one.field.id.lower()).strip("-")
    return f"{PLACES[profile]}-{point}"


def _lines(told: Told) -> Iterator[str]:
    name = told.filled.profile.id
    yield f"# {escaped(told.filled.profile.title)}: {escaped(told.subject)}\n"
    yield from (f"> {escaped(said)}\n" for said in notices(told))
    for section, entries in sections(told.filled).items():
        yield f"## {escaped(section)}\n"
        for one in entries:
            yield f'### <a id="{anchor(name, one)}"></a>{escaped(heading(one))}\n'
            yield from paragraphs(value_of(one))
            yield f"*{escaped(stated(told, one))}*\n"


def paragraphs(text: str) -> Iterator[str]:
    """A text as Markdown draws it, a paragraph a line."""
    yield from (f"{escaped(line)}\n" for line in text.split("\n") if line.strip())
