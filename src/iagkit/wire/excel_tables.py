"""Excel workbooks: one sheet, values in place of formulas."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.core.registry import did_you_mean
from iagkit.wire.columns import Mixture, frame, name_columns, no_rows
from iagkit.wire.sources import Source, seekable

if TYPE_CHECKING:
    import pandas as pd

LARGEST: Final = 4 << 30
ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", ""})


def read(given: Source, *, sheet: str | None = None) -> pd.DataFrame:
    """Read a sheet, the first by default, as a DataFrame.

    The table begins at the first row that is not blank. ``attrs["notes"]`` of the result says
    which sheet was taken where there was a choice.

    Raises
    ------
    DataError
        If the file is damaged, the sheet is not there, has no rows, or holds formulas whose
        values were never saved.
    """
    with _workbook(given) as book:
        names = [s.title for s in book.worksheets if s.sheet_state == "visible"]
        chosen = _choose(names or [s.title for s in book.worksheets], sheet, given.name)
        rows = list(_rows(book[chosen]))
    if len(rows) < 2:
        others = [name for name in names if name != chosen]
        hint = f" Other sheets: {', '.join(others)} (choose with --query SHEET)." if others else ""
        msg = f"expected a header and rows; sheet '{chosen}' of '{given.name}' has none.{hint}"
        raise no_rows(given.name, len(rows[0])) if rows and not hint else DataError(msg)
    columns = name_columns(_trimmed(rows[0]), source=f"{given.name}, sheet '{chosen}'")
    table = _table(columns, rows[1:])
    _refuse_unsaved_formulas(table, given, chosen)
    if len(names) > 1 and sheet is None:
        table.attrs["notes"] = (
            say("sheet “{sheet}” was read, the first of {n}", sheet=chosen, n=len(names)),
        )
    return table


def _choose(names: list[str], sheet: str | None, source: str) -> str:
    if sheet is None:
        return names[0]
    if sheet not in names:
        msg = (
            f"expected one of the sheets of '{source}' ({', '.join(names)}); got "
            f"'{sheet}'.{did_you_mean(sheet, names)}"
        )
        raise DataError(msg)
    return sheet


@contextmanager
def _workbook(given: Source, *, values: bool = True) -> Iterator[Any]:
    from openpyxl import load_workbook

    with given.stored() as stored:
        content = seekable(stored)
        try:
            _refuse_bomb(zipfile.ZipFile(content), given.name)
            book = load_workbook(content, read_only=True, data_only=values, keep_links=False)
            _ = book.worksheets[0].title
        except DataError:
            raise
        except Exception:  # noqa: BLE001 (openpyxl raises nearly anything at damaged files)
            _damaged(given.name)
        try:
            yield book
        finally:
            book.close()


def _refuse_bomb(archive: zipfile.ZipFile, name: str) -> None:
    size = sum(part.file_size for part in archive.infolist())
    if size > LARGEST:
        msg = f"'{name}' would unpack to {size >> 30} GB. Save the table as CSV or Parquet"
        raise DataError(msg)


def _damaged(name: str) -> None:
    msg = (
        f"expected an Excel workbook; '{name}' cannot be read as one: it is damaged or cut. Open "
        "it in a spreadsheet program and save it again, or export it as CSV"
    )
    raise DataError(msg) from None


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Rows with something in them."""
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # some programs write a wrong one
    try:
        for row in sheet.iter_rows(values_only=True):
            cells = tuple(_cell(value) for value in row)
            if any(cell is not None for cell in cells):
                yield cells
    except Exception:  # noqa: BLE001 (openpyxl raises nearly anything at damaged files)
        _damaged(sheet.title)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return None if value.strip() in ERRORS else value
    return str(value) if isinstance(value, time | timedelta) else value


def _trimmed(header: tuple[Any, ...]) -> list[Any]:
    cells = list(header)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    width = max(len(names), *(len(row) for row in rows))
    beyond = [
        n for n in range(len(names), width) if any(len(r) > n and r[n] is not None for r in rows)
    ]
    columns = [*names, *(f"(unnamed {n + 1})" for n in beyond)]
    places = [*range(len(names)), *beyond]
    cells = [[row[n] if len(row) > n else None for n in places] for row in rows]
    kinds = [Mixture() for _ in columns]
    for row in cells:
        for kind, cell in zip(kinds, row, strict=True):
            kind.learn((cell,))
    return frame(columns, kinds, cells)


def _refuse_unsaved_formulas(table: Any, given: Source, sheet: str) -> None:
    """A formula that no spreadsheet program has computed has no value in the file."""
    empty = [n for n, name in enumerate(table.columns) if table[name].isna().all()]
    if not empty:
        return
    with _workbook(given, values=False) as book:
        for row in _rows(book[sheet]):
            at = [n for n in empty if len(row) > n and str(row[n] or "").startswith("=")]
            if at:
                msg = (
                    f"column '{table.columns[at[0]]}' of '{given.name}' holds formulas without "
                    "saved values. Open the file in a spreadsheet program, save it, and try again"
                )
                raise DataError(msg)
