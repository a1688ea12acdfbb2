"""Lists for people to fill in: CSV and Excel that run nothing when they are opened."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from iagkit.wire.rows import FORMULA_MARKS

WIDEST = 60
"""Letters beyond which a column of the sheet grows no wider."""


def write_list(
    headings: Sequence[str], rows: Sequence[Sequence[Any]], *, csv_file: Path, excel_file: Path
) -> None:
    """Write the same list as CSV (UTF-8 with its mark, as Excel expects) and as a workbook.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    safe = [[_safe(cell) for cell in row] for row in rows]
    with csv_file.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([f"{c:.4f}" if isinstance(c, float) else c for c in row] for row in safe)
    _workbook(headings, safe).save(excel_file)


def _workbook(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    for row in (headings, *rows):
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for place, column in enumerate(zip(headings, *rows, strict=True), start=1):
        width = max(len(str(cell)) for cell in column)
        sheet.column_dimensions[get_column_letter(place)].width = 2 + min(width, WIDEST)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, float):
                cell.number_format = "0.00"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    return book


def _safe(cell: Any) -> Any:
    """Plain text; openpyxl refuses control characters, which no label needs."""
    if not isinstance(cell, str):
        return cell
    kept = "".join(c for c in cell if c.isprintable() or c in "\t\r")
    return f"'{kept}" if kept.startswith(FORMULA_MARKS) else kept
