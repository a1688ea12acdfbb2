"""Attributes of XES events and cases, collected by key, then made into columns of their types."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.errors import DataError
from iagkit.wire.logs.columns import text_type

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS: Final = 5000
PLACEHOLDERS: Final = frozenset({"", "__INVALID__", "UNKNOWN", "DEFAULT", "NULL"})
"""What programs write as default of an attribute that has none."""
NONE: Final = frozenset({None, "", "__INVALID__"})
MIXED: Final = "string"
POOL: Final = 10_000
WHOLE: Final = 2**53
BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}


class Held:
    """One attribute: the rows that have it, and its values as they are written."""

    __slots__ = ("append", "at", "kept", "key", "kind", "pool", "rows", "values")

    def __init__(self, key: str, kind: str) -> None:
        self.key = key
        self.kind = kind
        self.rows = array("q")
        self.values: list[Any] = []
        self.at = self.rows.append
        self.append = self.values.append
        self.pool: dict[str, str] = {}
        self.kept: Callable[[str], str] = self.once if kind == "string" else str

    def once(self, value: str) -> str:
        """Keep equal texts once, as long as there are few: names repeat, times and ids do not."""
        self.pool[value] = value
        if len(self.pool) > POOL:
            self.pool, self.kept = {}, str
        return value


class Attributes:
    """All attributes of events, or of cases, by key."""

    __slots__ = ("held", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.held: dict[str, Held] = {}

    def new(self, key: str, kind: str) -> Held:
        """Begin an attribute.

        Raises
        ------
        DataError
            If there are more than any log has.
        """
        if len(self.held) >= MOST_COLUMNS:
            msg = (
                f"expected at most {MOST_COLUMNS} different attributes; '{self.name}' has more. Is "
                "something that should be a value written as a key?"
            )
            raise DataError(msg)
        self.held[key] = held = Held(key, kind)
        return held

    def put(self, key: str, kind: str, row: int, value: Any) -> None:
        """Keep the value of a row."""
        held = self.held.get(key)
        if held is None:
            held = self.new(key, kind)
        elif held.kind != kind:
            held.kind = MIXED
        held.at(row)
        held.append(value)

    def frame(self, n: int) -> pd.DataFrame:
        """One row an event (or case), one column an attribute."""
        import pandas as pd

        columns = {key: column(held, n) for key, held in self.held.items()}
        return pd.DataFrame(columns, index=range(n))


def column(held: Held, n: int) -> pd.Series[Any]:
    """Make a column of the type that the log declares, or of texts where a value does not fit."""
    import pandas as pd

    values = held.values
    kind = held.kind
    if kind in ("int", "float") and (numbers := _numbers(values, whole=kind == "int")) is not None:
        if len(values) == n:
            whole = kind == "int" and float(np.abs(numbers).max(initial=0)) < WHOLE
            typed = numbers.astype("int64") if whole else numbers
            return pd.Series(_spread(held, typed, n, typed.dtype.type(0)))
        return pd.Series(_spread(held, numbers, n, np.nan))
    if kind == "boolean" and all(str(v).lower() in BOOLEANS for v in values):
        truths = np.array([BOOLEANS[str(v).lower()] for v in values], dtype=object)
        return pd.Series(_spread(held, truths, n, None))
    if not NONE.isdisjoint(values):
        values = [None if v in NONE else v for v in values]
    texts = np.array(values, dtype=object)
    written: pd.Series[Any] = pd.Series(_spread(held, texts, n, None), dtype=text_type())
    return written


def _numbers(values: Sequence[Any], *, whole: bool) -> Any:
    try:
        numbers = np.array(values, dtype=float)
    except (TypeError, ValueError):
        return None
    return None if whole and (np.abs(numbers) >= WHOLE).any() else numbers


def _spread(held: Held, values: Any, n: int, none: Any) -> Any:
    spread = np.full(n, none, dtype=values.dtype)
    spread[np.frombuffer(held.rows, dtype=np.int64)] = values
    return spread
