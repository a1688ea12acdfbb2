"""Algorithmic Transparency Recording Standard: tables of its tiers, and the finder of GOV.UK."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from iagkit.core.record import Record
from iagkit.registers.exports.common import Told, as_csv, as_json, missing, state, value_of
from iagkit.registers.exports.forms import page
from iagkit.registers.filling import Entry, Filled
from iagkit.wire.register_files import reference

FINDER: Final = "algorithmic_transparency_record_"


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """Tables as CSV and page; of version 4, what the finder asks for too."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    rows = [(_tier(e), e.field.section, e.field.id, e.field.name, value_of(e))
            for e in filled.entries if not e.field.id.startswith(FINDER)]  # fmt: skip
    files = {
        f"{name}.tables.csv": as_csv([("Tier", "Section", "Number", "Field", "Response"), *rows]),
        f"{name}.tables.html": page(told),
    }
    if any(e.field.id.startswith(FINDER) for e in filled.entries):
        files[f"{name}.finder.json"] = as_json(finder(filled))
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, missing(filled), files)}


def _tier(one: Entry) -> str:
    """Tier of a field; what is metadata has none."""
    told = str(one.field.extra.get("tier", ""))
    if told in ("1", "2"):
        return told
    found = [n for n in ("1", "2") if f"(Tier {n}" in one.field.section]
    return found[0] if found else ""


def finder(filled: Filled) -> dict[str, Any]:
    """Facets by their keys, choices by the values that the finder knows; others are left out."""
    found: dict[str, Any] = {}
    for facet in _facets():
        entry = filled.entry(facet["key"])
        if entry is None or entry.value is None:
            continue
        allowed = {one["label"]: one["value"] for one in facet.get("allowed_values", ())}
        told = value_of(entry).split("\n") if allowed else [value_of(entry)]
        known = [allowed.get(one, one) for one in told if not allowed or one in allowed
                 or one in allowed.values()]  # fmt: skip
        many = facet.get("specialist_publisher_properties", {}).get("select") == "multiple"
        if known:
            found[facet["key"]] = known if many else known[0]
    return found


@cache
def _facets() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(reference("schemas/govuk-atrs-finder.json"))["facets"])
