"""Chile, Consejo para la Transparencia: the three sheets of algorithmic transparency."""

from __future__ import annotations

from typing import Final

from iagkit.core.errors import OutputError
from iagkit.core.record import Record
from iagkit.registers.exports.common import Told, as_csv, missing, sections, state, value_of
from iagkit.registers.exports.forms import page
from iagkit.registers.filling import Filled
from iagkit.wire.workbooks import workbook

SHEETS: Final = {
    "Sub-item 1": "1 SDA en uso",
    "Sub-item 2": "2 Servicios y trámites",
    "Sub-item 3": "3 Especificaciones",
}


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """A CSV a sheet, a workbook of the three, and a page."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    sheets = {
        SHEETS[section.partition(":")[0]]: [[e.field.name for e in entries],
                                            [value_of(e) for e in entries]]
        for section, entries in sections(filled).items()
    }  # fmt: skip
    files = {f"{name}.{title[0]}.csv": as_csv(rows) for title, rows in sheets.items()}
    files[f"{name}.form.html"] = page(told)
    try:
        files[f"{name}.xlsx"] = workbook(sheets)
    except OutputError:  # a cell that no workbook holds whole: the CSV files hold it
        files.pop(f"{name}.xlsx", None)
    standard = f"{filled.profile.title} {filled.profile.version}"
    return files | {f"{name}.state.json": state(told, standard, missing(filled), files)}
