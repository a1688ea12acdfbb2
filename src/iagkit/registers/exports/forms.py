"""Forms that have no schema: CSV with the standard's own names, and a page of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from iagkit.core.message import say
from iagkit.core.record import Record
from iagkit.registers.exports.common import (
    Told,
    as_csv,
    as_json,
    as_page,
    missing,
    sections,
    state,
    stated,
    value_of,
)
from iagkit.registers.filling import Entry, Filled
from iagkit.wire import yamls

FIELD: Final = say("Field")
ANSWER: Final = say("Answer")
WHO: Final = say("Who says so")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How one standard is written down.

    Parameters
    ----------
    row : bool
        One row for the system, a column a field, as inventories are; else one row a field.
    named : bool
        Whether columns and rows carry the names of the fields, or their ids.
    data : {"", "json", "yaml"}
        A further file for programs, keyed by the ids.
    """

    row: bool = False
    named: bool = True
    data: str = ""


FORMS: Final = {
    "brazil-cnj-615": Form(data="json"),
    "brazil-pl2338-aia": Form(),
    "chile-ficha": Form(data="json"),
    "colombia-directiva-007": Form(data="json"),
    "eurocities-adts": Form(row=True, named=False, data="json"),
    "france-etalab": Form(row=True, data="yaml"),
    "nyc-ll35": Form(row=True),
    "uruguay-eia": Form(),
}
KEPT_APART: Final = {"france-etalab": ("Mention individuelle", "Réponse individuelle")}
"""Sections that are no part of the inventory: what a person is told who gets a decision."""


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """CSV and page, and JSON or YAML where programs read the standard."""
    told, form, name = (
        Told(filled=filled, record=record),
        FORMS[filled.profile.id],
        filled.profile.id,
    )
    listed = [e for e in filled.entries if not _apart(name, e)]
    files = {
        f"{name}.{'row' if form.row else 'form'}.csv": _row(listed, form)
        if form.row else _list(listed),
        f"{name}.form.html": page(told),
    }  # fmt: skip
    content = {e.field.id: _content(e) for e in listed if e.value is not None}
    if form.data == "json":
        files[f"{name}.data.json"] = as_json(content)
    elif form.data == "yaml":
        files[f"{name}.data.yaml"] = yamls.dump(content)
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, missing(filled), files)}


def page(told: Told, *, anchors: dict[str, str] | None = None) -> bytes:
    """Page of tables, one a section of the standard."""
    voice = told.filled.voice
    tables = {
        section: [(heading(one), value_of(one), _who(told, one)) for one in entries]
        for section, entries in sections(told.filled).items()
    }  # fmt: skip
    heads = [voice.tell(one) for one in (FIELD, ANSWER, WHO)]
    return as_page(told, tables, heads, anchors=anchors)


def heading(one: Entry) -> str:
    """Number and name of a field, as the standard prints them."""
    plain = one.field.id.replace(".", "").replace(" ", "")
    numbered = any(c.isdigit() for c in plain) and len(one.field.id) <= len("MEASURE 2.13")
    return f"{one.field.id} {one.field.name}" if numbered or len(plain) == 1 else one.field.name


def _who(told: Told, one: Entry) -> str:
    """Who says so, and what of it is open."""
    why = f": {told.filled.voice.tell(one.because)}" if one.because else ""
    return f"{stated(told, one)}{why}"


def _apart(profile: str, one: Entry) -> bool:
    return one.field.section.startswith(KEPT_APART.get(profile, ("\0",)))


def _row(listed: Sequence[Entry], form: Form) -> bytes:
    heads = [e.field.name if form.named else e.field.id for e in listed]
    return as_csv([heads, [value_of(e) for e in listed]])


def _list(listed: Sequence[Entry]) -> bytes:
    rows = [(e.field.section, e.field.id, e.field.name, value_of(e)) for e in listed]
    return as_csv([("section", "id", "name", "answer"), *rows])


def _content(one: Entry) -> object:
    content = one.value.content if one.value else ""
    return list(content) if isinstance(content, tuple) else content
