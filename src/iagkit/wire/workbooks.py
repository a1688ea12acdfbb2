"""Workbooks of several sheets that run nothing, and are the same bytes for the same rows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from iagkit.core.errors import OutputError
from iagkit.wire.rows import guarded

LONGEST: Final = 32_767
"""Characters that a cell of a workbook holds; more would be cut silently."""
WIDTH: Final = 48
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the file is given: what it holds tells when it was made."""
MADE: Final = datetime(2000, 1, 1)


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Write sheets of texts; the first row of each is its heading.

    Parameters
    ----------
    sheets : mapping of str to rows
        Name of the sheet (31 letters at most) → rows.

    Raises
    ------
    OutputError
        If a cell is longer than a workbook holds: nothing is cut.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = MADE
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(name, text) for text in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in sheet.columns:
            sheet.column_dimensions[column[0].column_letter].width = WIDTH
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.data_type = "s"
    told = io.BytesIO()
    book.save(told)
    return _timeless(told.getvalue())


def _cell(sheet: str, text: str) -> str:
    """A text as a cell; characters that XML cannot hold are drawn as what they are called."""
    kept = "".join(c if c in "\t\n\r" or ord(c) >= ord(" ") else f"U+{ord(c):04X}" for c in text)
    safe = guarded(kept)
    if len(safe) > LONGEST:
        msg = (
            f"expected cells of at most {LONGEST} characters in the sheet '{sheet}'; got "
            f"{len(safe)}. Use the CSV files, which hold texts of any length"
        )
        raise OutputError(msg)
    return safe


def _timeless(content: bytes) -> bytes:
    """The same archive without the time of writing."""
    told = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in sorted(read.namelist()):
            part = read.read(name)
            if name == "docProps/core.xml":
                part = _without_time(part)
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, part)
    return told.getvalue()


def _without_time(part: bytes) -> bytes:
    """``save`` sets the time of writing into the properties; put the fixed one there."""
    return re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", f">{MADE.isoformat()}Z<".encode(), part)
