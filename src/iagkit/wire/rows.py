"""Rows that leave a run: ids, labels and numbers, never free text."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from iagkit.core.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run as a formula by a spreadsheet."""
BEGINS = re.compile(r"((?:^|[;\t\r\n])\s*)(?=[=+\-@])")
"""Where a spreadsheet that parts cells by a semicolon, a tab or a line would see a formula."""
GUARDED = re.compile(r"((?:^|[;\t\r\n])\s*)'(?=[=+\-@])")
BETWEEN = " | "


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write answers as Parquet; sets of labels become lists."""
    import pandas as pd

    sets = [list(labels) for labels in table["labels"].tolist()]
    table.assign(labels=pd.Series(sets, index=table.index)).to_parquet(path, index=False)


def write_csv(rows: Sequence[Mapping[str, Any]], path: Path, *, columns: Sequence[str]) -> None:
    """Write rows as CSV that a spreadsheet opens without running anything."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(row[c]) for c in columns] for row in rows)


class AnswerFile:
    """A CSV file of answers that is put in place only when it is whole.

    Parameters
    ----------
    path : Path
    private : bool
        Whether its owner alone may read it: it holds personal data.

    Raises
    ------
    OutputError
        If it cannot be written there; what stood there before stays.
    """

    def __init__(self, path: Path, *, private: bool = False) -> None:
        self.path = path
        self.private = private
        self._aside = path.with_name(f".{path.name}.partial-{os.getpid()}")

    def __enter__(self) -> Self:
        """Open the file aside."""
        if self.path.is_dir():
            msg = f"expected a file for the answers; '{self.path}' is a folder. Name a file in it"
            raise OutputError(msg)
        if self.path.exists() and not self.path.is_file():  # putting a file there would remove it
            msg = f"expected a file for the answers; '{self.path}' is a device or pipe. Name a file"
            raise OutputError(msg)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._aside.touch(0o600 if self.private else 0o666)
            self._file = self._aside.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise self._refusal(error) from None
        self._writer: Any = None
        return self

    def write(self, answers: pd.DataFrame) -> None:
        """Add rows; the first call decides the columns."""
        try:
            if self._writer is None:
                self._writer = csv.writer(self._file)
                self._writer.writerow(answers.columns)
            rows = answers.itertuples(index=False)
            self._writer.writerows([_cell(value) for value in row] for row in rows)
        except OSError as error:
            raise self._refusal(error) from None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the file in place if all went well."""
        try:
            self._file.close()
            if error is None:
                self._aside.replace(self.path)
        except OSError as full:
            raise self._refusal(full) from None
        finally:
            self._aside.unlink(missing_ok=True)

    def _refusal(self, error: OSError) -> OutputError:
        why = os.strerror(error.errno or 0)
        msg = f"the answers cannot be written to '{self.path}': {why}. Give --out another file"
        return OutputError(msg)


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | list):
        value = BETWEEN.join(map(str, value))
    if isinstance(value, float):
        return f"{value:.4f}"
    return guarded(value) if isinstance(value, str) else value


def guarded(text: str) -> str:
    """Write a cell so that no spreadsheet computes it, whichever sign it parts cells by."""
    text = f"'{text}" if text.startswith(("\t", "\r")) else text
    return BEGINS.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """Read a cell as it was before it was guarded."""
    text = text[1:] if text.startswith(("'\t", "'\r")) else text
    return GUARDED.sub(r"\1", text)
