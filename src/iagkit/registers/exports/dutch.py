"""Dutch algorithm register: the published JSON Schema, and the ids of the live form, apart."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from iagkit.core.record import Record
from iagkit.registers.exports.common import Told, as_json, state, value_of
from iagkit.registers.filling import Entry, Filled
from iagkit.wire.register_files import reference

SCHEMA: Final = "nl-algoritmeregister-v1.0.0.schema.json"
CONSTANTS: Final = {"language": "nld", "schema": "1.0.0"}
CATEGORIES: Final = {
    "Hoog-risico AI-systeem": "Hoog-risico AI-systeem (Categorie A)",
    "Impactvolle algoritmes": "Impactvolle algoritmes (Categorie B)",
    "Overige algoritmes": "Overige algoritmes (Categorie C)",
}
"""Choices of the form → the spelling of the schema."""
PAIRS: Final = {
    "lawful_basis_grouping": ("legal_basis_title", "legal_basis_link"),
    "impacttoetsen_grouping": ("impact_assessments", "impact_assessment_link"),
    "source_data_grouping": ("data_source_title", "data_source_link"),
}
"""Lists of pairs in the form, each a title and a link in the schema."""
DUTCH: Final = {"lang": "nld"}
"""Registrations are in Dutch; which language ours is in, the state tells."""


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """One file by the published schema, one with the ids of the live form, and their state."""
    told = Told(filled=filled, record=record)
    by_schema, live = _by_schema(told), _live(told)
    owed = [name for name in _schema()["required"] if name not in by_schema]
    mark = ".draft" if owed else ""
    files = {
        f"{filled.profile.id}.schema{mark}.json": as_json(by_schema),
        f"{filled.profile.id}.form.json": as_json(live),
    }
    said = filled.voice.say(
        "The register takes registrations in Dutch: have the texts translated before they are sent."
    )
    files[f"{filled.profile.id}.state.json"] = state(
        told, _schema()["$id"], owed, files, said=(said,))  # fmt: skip
    return files


@cache
def _schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(reference(f"schemas/{SCHEMA}"))
    return read


def _by_schema(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = dict(CONSTANTS)
    for one in told.filled.entries:
        name = str(one.field.extra.get("schema_id", ""))
        if one.value is None or not name or name in CONSTANTS:
            continue
        found.update(_pair(one) if one.field.id in PAIRS else {name: _content(one, name)})
    order = _schema()["properties"]
    return {
        name: found[name] for name in order if name in found and _fits(order[name], found[name])
    }


def _pair(one: Entry) -> dict[str, str]:
    """Titles and links of a list, where the schema holds one of each."""
    title, link = PAIRS[one.field.id]
    lines = value_of(one).split("\n")
    links = [line for line in lines if line.startswith(("https://", "http://"))]
    titles = [line for line in lines if line not in links]
    found = {title: "; ".join(titles)} if titles else {}
    return found | ({link: links[0]} if len(links) == 1 else {})


def _content(one: Entry, name: str) -> Any:
    if name == "theme":
        return value_of(one).split("\n")
    told = value_of(one)
    return CATEGORIES.get(told, told) if name == "publication_category" else told


def _fits(asked: dict[str, Any], content: Any) -> bool:
    """Whether the schema takes it; what is too long is left out and owed, never cut."""
    if "enum" in asked:
        return content in asked["enum"]
    return not isinstance(content, str) or len(content) <= asked.get("maxLength", len(content))


def _live(told: Told) -> dict[str, Any]:
    """Ids of the form and API of the live register."""
    found: dict[str, Any] = {}
    for one in told.filled.entries:
        if one.field.id in DUTCH:
            found[one.field.id] = DUTCH[one.field.id]
        elif one.value is not None:
            many = one.field.kind == "list"
            found[one.field.id] = value_of(one).split("\n") if many else value_of(one)
    return found
