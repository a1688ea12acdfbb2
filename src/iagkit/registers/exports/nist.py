"""NIST AI RMF: one's own profile over its 72 outcomes; evidence beside each, status by people."""

from __future__ import annotations

from collections.abc import Mapping

from iagkit.core.record import Record
from iagkit.registers.exports.common import Told, as_csv, as_page, state, value_of
from iagkit.registers.exports.forms import ANSWER, FIELD
from iagkit.registers.filling import Entry, Filled, as_text
from iagkit.registers.system import Value, from_record


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """All outcomes as CSV and as a page."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    known = from_record(record, None, filled.voice).values
    rows = [_row(e, known) for e in filled.entries]
    heads = ("function", "category", "outcome", "name", "status", "evidence")
    tables: dict[str, list[tuple[str, str, str]]] = {}
    for function, _, outcome, words, status, evidence in rows:
        tables.setdefault(function, []).append((f"{outcome} {words}", status, evidence))
    voice = filled.voice
    page_heads = [voice.tell(FIELD), voice.tell(ANSWER), voice.say("Evidence")]
    files = {
        f"{name}.outcomes.csv": as_csv([heads, *rows]),
        f"{name}.outcomes.html": as_page(told, tables, page_heads),
    }
    unsaid = [e.field.id for e in filled.entries if e.value is None]
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, unsaid, files)}


def _row(one: Entry, known: Mapping[str, Value]) -> tuple[str, ...]:
    function, _, number = one.field.id.partition(" ")
    category = f"{function} {number.partition('.')[0]}"
    return (function, category, one.field.id, one.field.name, value_of(one), _evidence(one, known))


def _evidence(one: Entry, known: Mapping[str, Value]) -> str:
    """What the record holds that bears on the outcome, concept by concept; no verdict on it."""
    return "\n".join(
        as_text(known[concept].content)
        for concept in one.concepts
        if concept in known and known[concept].kind == "auto"
    )
