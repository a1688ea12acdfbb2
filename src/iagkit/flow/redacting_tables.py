"""Columns of a table without personal data, and a look at those that nobody named.

The head of a column is a cue for its cells: 30123456 alone is nobody's, under ``dni`` it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from iagkit.core.errors import DataError
from iagkit.flow.long_texts import Find
from iagkit.flow.redacting import Asked, redact_stream
from iagkit.text.privacy.entities import Entity
from iagkit.wire.headers import listed

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES: Final = (".csv", ".tsv", ".parquet", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson")
LOOKED_AT: Final = 300
_LONGEST_CELL: Final = 2_000


class Seen(NamedTuple):
    """A column, in how many of its cells personal data was found, and how many were looked at."""

    column: str
    found: int
    cells: int


def is_table(path: Path) -> bool:
    """Tell whether a file is a table, by its name; a manifest of documents is asked for before."""
    return path.is_file() and any(s.lower() in SUFFIXES for s in path.suffixes[-2:])


def redact_table(
    table: pd.DataFrame, columns: Collection[str], how: Asked, *, kept: Counter[str]
) -> pd.DataFrame:
    """Redact columns of a table; what is missing stays missing, other columns stay as they are.

    Raises
    ------
    DataError
        If a column is not there.
    """
    if unknown := [c for c in columns if c not in table.columns]:
        msg = (
            f"expected columns of the table ({listed(table.columns)}); got "
            f"{', '.join(unknown)}. Name a column with --text"
        )
        raise DataError(msg)
    return table.assign(
        **{c: table[c].map(partial(_redacted, how=_under(c, how), kept=kept)) for c in columns}
    )


def _redacted(cell: Any, how: Asked, kept: Counter[str]) -> Any:
    written = _written(cell)
    return cell if written is None else "".join(redact_stream((written,), how, kept=kept))


def _written(cell: Any) -> str | None:
    """A cell as it is written; a whole number that is stored as a fraction without its ``.0``."""
    import pandas as pd

    if isinstance(cell, str):
        return cell
    if not pd.api.types.is_scalar(cell):
        return str(cell)
    if pd.isna(cell):
        return None
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _under(column: str, how: Asked) -> Asked:
    head = f"{' '.join(str(column).replace('_', ' ').split())}: "
    return replace(how, find=partial(_found_under, head=head, find=how.find))


def _found_under(cell: str, head: str, find: Find) -> Sequence[Entity]:
    moved = (
        e._replace(start=max(e.start - len(head), 0), end=e.end - len(head))
        for e in find(head + cell)
    )
    return [e for e in moved if e.end > e.start]


def personal_columns(table: pd.DataFrame, how: Asked, *, but: Collection[str] = ()) -> list[Seen]:
    """Look for personal data in the first rows of every column.

    Parameters
    ----------
    table : DataFrame
    how : Asked
    but : collection of str
        Columns that are not looked at, since they are redacted.

    Returns
    -------
    list of Seen
        Of columns with personal data, most first; of a long cell its beginning is looked at.
    """
    seen = []
    for column in table.columns:
        if column in but:
            continue
        cells = [w for c in table[column].head(LOOKED_AT) if (w := _written(c))]
        find = _under(column, how).find
        found = sum(bool(find(cell[:_LONGEST_CELL])) for cell in cells)
        if found:
            seen.append(Seen(str(column), found, len(cells)))
    return sorted(seen, key=lambda s: -s.found)


def refuse_unnamed(name: str, table: pd.DataFrame, how: Asked) -> None:
    """Refuse a table of which no column was named, and tell which hold personal data.

    Raises
    ------
    DataError
        Always.
    """
    seen = personal_columns(table, how)
    told = ", ".join(f"{s.column} ({s.found} of {s.cells})" for s in seen[:12]) or "none"
    msg = (
        f"expected --text once for each column of '{name}' that may tell of a person; got none. "
        f"Columns in whose first cells personal data was found: {told}"
    )
    raise DataError(msg)


def as_written(table: pd.DataFrame) -> pd.DataFrame:
    """Give numbers as they stand in the table, so that a writer of text does not round them."""
    import pandas as pd

    def one(cell: Any) -> Any:
        return "" if pd.isna(cell) else repr(float(cell))

    fractions = [c for c in table.columns if pd.api.types.is_float_dtype(table[c])]
    return table.assign(**{c: table[c].map(one).astype(object) for c in fractions})
