"""Cells → columns with sane types: codes stay text, numbers become numbers, blanks are missing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.wire.headers import is_row

if TYPE_CHECKING:
    import pandas as pd

BLANK: Final = frozenset({"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null"})
"""Cells that R, SQL exports, Excel and pandas write for a missing value."""
NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,22})?(?:e[-+]\d{1,2})?")
LARGEST: Final = 2**53


@dataclass(slots=True)
class Kind:
    """Type of a column of written cells, learnt cell by cell; ``00123`` and ``1,5`` are text."""

    whole: bool = True
    number: bool = True
    missing: bool = False
    filled: bool = False

    def learn(self, cells: Iterable[str]) -> None:
        """Take more cells into account."""
        for cell in cells:
            if cell in BLANK:
                self.missing = True
                continue
            self.filled = True
            if self.number and NUMBER.fullmatch(cell):
                self.whole = self.whole and "." not in cell and "e" not in cell
            else:
                self.number = False

    def series(self, cells: Sequence[str]) -> pd.Series[Any]:
        """Convert cells of this column."""
        import pandas as pd

        known = [None if cell in BLANK else cell for cell in cells]
        if not (self.number and self.filled):
            return pd.Series(known, dtype=_text_type())
        if self.whole and not self.missing:
            return pd.Series([int(cell) for cell in cells], dtype="int64")
        numbers = [float("nan") if cell is None else float(cell) for cell in known]
        return pd.Series(numbers, dtype="float64")


@dataclass(slots=True)
class Mixture:
    """Type of a column of typed cells (Excel, JSON): numbers among texts are texts."""

    seen: set[type] = field(default_factory=set)
    big: bool = False

    def learn(self, cells: Iterable[Any]) -> None:
        """Take more cells into account."""
        for cell in cells:
            if cell is not None:
                self.seen.add(type(cell))
                self.big = self.big or (type(cell) is int and abs(cell) > LARGEST)

    def series(self, cells: Sequence[Any]) -> pd.Series[Any]:
        """Convert cells of this column."""
        import pandas as pd

        if self.seen and self.seen <= {int, float} and not self.big:
            whole = float not in self.seen and None not in cells
            numbers = [float("nan") if cell is None else cell for cell in cells]
            return pd.Series(numbers, dtype="int64" if whole else "float64")
        if self.seen and self.seen <= {datetime, date}:
            return pd.Series(pd.to_datetime(pd.Series(list(cells), dtype=object), utc=False))
        if self.seen == {bool}:
            return pd.Series(list(cells), dtype="bool" if None not in cells else "object")
        return pd.Series([_written(cell) for cell in cells], dtype=_text_type())


def _text_type() -> Any:
    """Type that pandas itself gives to texts: ``object`` before pandas 3, ``str`` since."""
    import pandas as pd

    return pd.Series(["text"]).dtype


def _written(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False, sort_keys=True)
    return str(cell)


def name_columns(header: Sequence[Any], *, source: str) -> list[str]:
    """Names of the columns, without blanks around them; one without a name gets its number.

    Raises
    ------
    DataError
        If two columns have the same name.
    """
    given = ["" if cell is None else str(cell).strip() for cell in header]
    names = [name or f"(unnamed {number})" for number, name in enumerate(given, start=1)]
    twice = sorted(name for name, n in Counter(names).items() if n > 1)
    if twice:
        hidden = " whose name looks like a cell (is the header missing?)"
        which = hidden if is_row(names) else f" called {', '.join(map(repr, twice))}"
        msg = (
            f"expected a different name for every column; '{source}' has more than one column"
            f"{which}. Rename them, so that it is clear which is meant"
        )
        raise DataError(msg)
    return names


def frame(
    names: Sequence[str], kinds: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> pd.DataFrame:
    """Rows of cells → DataFrame, each column by its kind; those without a kind are left out."""
    import pandas as pd

    cells = zip(*rows, strict=True) if rows else ((),) * len(names)
    wanted = [part for part in zip(names, kinds, cells, strict=True) if part[1] is not None]
    return pd.DataFrame(
        {name: kind.series(column) for name, kind, column in wanted},
        columns=[name for name, _, _ in wanted],
    )


def no_rows(source: str, columns: int) -> DataError:
    """Make the refusal of a table that is only a header."""
    found = f"a header of {columns} column(s) and no row" if columns else "nothing but blanks"
    msg = f"expected a header and rows; '{source}' has {found}. Export it again with its rows"
    return DataError(msg)
