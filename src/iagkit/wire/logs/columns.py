"""Columns of events and of cases: ids as text, and what is known of a case from its first event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.wire import headers
from iagkit.wire.logs.nouns import OF_CASE, TRACE, RawLog

if TYPE_CHECKING:
    import pandas as pd

WHOLE: Final = 2**53
"""Whole numbers from here on are not all told apart with a floating point."""
ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d\d+")
OWN: Final = frozenset({"case", "opened", "closed", "due"})
OWN_OF_EVENTS: Final = frozenset({"case", "activity", "start", "end", "resource", "order"})


def as_text(column: pd.Series[Any]) -> pd.Series[Any]:
    """Ids and names as texts, as they are written: ``007`` stays, ``7.0`` is the number 7."""
    import pandas as pd

    codes, uniques = pd.factorize(_comparable(column))
    texts = pd.Series([*map(_stripped, uniques), None], dtype=text_type())
    return texts.iloc[codes].set_axis(column.index)


def text_type() -> Any:
    """Type that pandas itself gives to texts: ``object`` before pandas 3, ``str`` since."""
    import pandas as pd

    return pd.Series(["text"]).dtype


def refuse_rounded(column: pd.Series[Any]) -> None:
    """Refuse ids that a spreadsheet wrote as numbers of fewer digits: cases would fall together.

    Raises
    ------
    DataError
        If there is any ``1.23457E+19``, or a number with a floating point above ``2**53``.
    """
    import pandas as pd

    if column.dtype.kind in "iub":
        return
    ids = pd.unique(_comparable(column))
    if column.dtype.kind == "f":
        rounded = int(((np.abs(ids) >= WHOLE) & np.isfinite(ids)).sum())
    else:
        texts = [i for i in ids if isinstance(i, str) and "+" in i]
        rounded = sum(ROUNDED.fullmatch(text.strip()) is not None for text in texts)
    if rounded:
        msg = (
            f"expected the ids of cases with all their digits in '{column.name}'; {rounded} "
            "different ones are numbers that a spreadsheet has rounded (like 1.23457E+19), so that "
            "several cases became one. Export the column as text"
        )
        raise DataError(msg)


def _number(cell: float) -> str:
    return str(int(cell)) if float(cell).is_integer() else str(cell)


def _stripped(cell: Any) -> str | None:
    if isinstance(cell, float):
        return _number(cell)
    return str(cell).strip() or None


def copies(table: pd.DataFrame) -> int:
    """Rows that are the same as an earlier one in every column."""
    return int(table.apply(_comparable).duplicated().sum())


def _comparable(column: pd.Series[Any]) -> pd.Series[Any]:
    """Cells that are lists or the like cannot be compared; their texts can."""
    import pandas as pd

    if column.dtype != object:
        return column
    try:
        pd.factorize(column)
    except TypeError:
        return column.map(str, na_action="ignore")
    return column


def bare(name: str) -> str:
    """Name of an attribute of the case without ``case:``, unless that is a name of iagkit's own."""
    short = name.removeprefix(OF_CASE)
    return f"{short} (source)" if short in OWN else short


def resolve(raw: RawLog, group: str) -> str:
    """Column of the source that a group names, with or without ``case:``."""
    columns = raw.columns
    for name in (group, f"{OF_CASE}{group}"):
        if name in columns:
            return name
    msg = (
        f"expected a column '{group}' (--group); '{raw.name}' has {headers.listed(columns)}."
        f"{did_you_mean(group, columns)} Name one of them"
    )
    raise DataError(msg)


def of_cases(
    raw: RawLog,
    table: pd.DataFrame,
    codes: Any,
    ids: Sequence[str],
    used: Sequence[str],
    groups: Sequence[str],
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """Attributes of the cases, one row a case in the order of ``ids``.

    Parameters
    ----------
    table : DataFrame
        Rows of the log in the order of time, those of a case together.
    codes : ndarray of int, shape (n_rows,)
        Number of the case of each row, rising.
    used : sequence of str
        Columns that have a role already.
    groups : sequence of str
        Columns of the source that are wanted, whatever they hold.

    Notes
    -----
    An attribute is one of the case if the log says so (``case:``, or attributes of an XES trace),
    or if the first event of every case that has a value holds it and no later event holds another:
    what becomes known on the way is not known when a case opens, and stays with the events. Of a
    wanted column that changes within a case, the first value is taken, and said.
    """
    import pandas as pd

    result = pd.DataFrame(index=range(len(ids)))
    said: list[Message] = []
    if raw.cases is not None:
        named = raw.cases.assign(**{TRACE: as_text(raw.cases[TRACE])})
        own = named.drop_duplicates(TRACE).set_index(TRACE).reindex(list(ids))
        for name in own.columns:
            if name not in used:
                result[bare(str(name))] = own[name].to_numpy()
    first = _first_rows(codes)
    for name in map(str, table.columns):
        if name in used or bare(name) in result.columns:
            continue
        wanted = name in groups
        column = _comparable(table[name])
        known = _of_case(column, codes, first, len(ids))
        if known is None and wanted:
            known, changing = _first_known(column, codes, len(ids))
            if changing:
                said.append(
                    say(
                        "of {n} cases, whose {column} changes, the first value was taken",
                        n=changing,
                        column=name,
                    )
                )
        if known is not None:
            result[bare(name)] = known.to_numpy()
    return result.copy(), tuple(said)


def _first_rows(codes: Any) -> Any:
    return np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else codes


def _of_case(column: pd.Series[Any], codes: Any, first: Any, n_cases: int) -> Any:
    """Value of each case, if the first event of every case holds it and none another."""
    import pandas as pd

    values, _ = pd.factorize(column)
    start = np.full(n_cases, -1)
    start[codes[first]] = values[first]
    if bool(((values >= 0) & (values != start[codes])).any()):
        return None
    return column.iloc[first].set_axis(codes[first]).reindex(range(n_cases))


def _first_known(column: pd.Series[Any], codes: Any, n_cases: int) -> tuple[Any, int]:
    known = column.notna().to_numpy()
    rows = column[known]
    at = codes[known]
    first = _first_rows(at)
    values = rows.iloc[first].set_axis(at[first]).reindex(range(n_cases))
    changing = int((rows.groupby(at).nunique() > 1).sum())
    return values, changing


def of_events(table: pd.DataFrame, used: Sequence[str], cases: pd.DataFrame) -> dict[str, Any]:
    """Attributes of the events that are not attributes of their case."""
    return {
        (f"{name} (source)" if name in OWN_OF_EVENTS else name): table[name].to_numpy()
        for name in map(str, table.columns)
        if name not in used and bare(name) not in cases.columns
    }
