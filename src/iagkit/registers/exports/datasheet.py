"""Datasheet of a data set: the seven sections of Gebru et al., question by question."""

from __future__ import annotations

from collections.abc import Iterator

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
from iagkit.registers.exports.eu import paragraphs
from iagkit.registers.exports.plain import escaped
from iagkit.registers.filling import Filled


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """The datasheet; it is named after the data, not after the system."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    files = {f"{name}.data.md": ("\n".join(_lines(told)).strip() + "\n").encode()}
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, missing(filled), files)}


def _lines(told: Told) -> Iterator[str]:
    card, read = told.record.dataset, told.reading
    title = read.words(card.get("title")) or str(card.get("name") or told.subject)
    yield f"# {escaped(title)}\n"
    yield from (f"> {escaped(said)}\n" for said in notices(told))
    for section, entries in sections(told.filled).items():
        yield f"## {escaped(section)}\n"
        for one in entries:
            yield f"### {escaped(one.field.name)}\n"
            yield f"{escaped(one.field.description)}\n"
            yield from paragraphs(value_of(one))
            yield f"*{escaped(stated(told, one))}*\n"
