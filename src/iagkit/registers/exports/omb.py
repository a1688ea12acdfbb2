"""US inventory of AI use cases: one row with the columns of the consolidated file of OMB."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from iagkit.core.record import Record
from iagkit.registers.exports.common import Told, as_csv, missing, state, value_of
from iagkit.registers.filling import Entry, Filled
from iagkit.wire.register_files import reference

DICTIONARY: Final = "us_2025_data_dictionary.md"
COLUMN: Final = re.compile(r"^### \d+\) `(\w+)`$", re.MULTILINE)
LISTS: Final = frozenset({"demographic_features", "hi_public_consultation"})
"""Columns that the consolidated file writes as lists in brackets."""
LINKS: Final = frozenset({"code_url", "link_to_data", "pia_url"})
"""Columns that hold addresses and nothing else."""


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """One row; the two columns that OMB itself fills stay empty."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    entries = {e.field.id: e for e in filled.entries}
    row = [_cell(entries[one]) if one in entries else "" for one in columns()]
    files = {f"{name}.row.csv": as_csv([list(columns()), row])}
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, missing(filled), files)}


@cache
def columns() -> tuple[str, ...]:
    """Columns in the order of the data dictionary."""
    return tuple(COLUMN.findall(reference(DICTIONARY).decode()))


def _cell(one: Entry) -> str:
    if one.field.id in LINKS and not value_of(one).startswith(("https://", "http://")):
        return ""
    told = value_of(one).split("\n")
    if one.field.id in LISTS:
        return repr(told) if one.value is not None else ""
    return "; ".join(told) if one.field.kind in ("list", "choice") else value_of(one)
