"""Names of columns as a message may tell them: without a header, the first row stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

LONGEST: Final = 60
_MOST: Final = 40
_DIGITS: Final = 6
"""So many digits are no number of a year or a column: an id, a telephone, a date."""
_MAIL: Final = re.compile(r"\S@\S")


def listed(columns: Iterable[Any]) -> str:
    """Name the first columns of a table, or say that they look like what stands in a row.

    Examples
    --------
    >>> listed(["text", "unit", "2024"])
    'text, unit, 2024'
    >>> listed(["Rosa Quispe", "30.123.456"])
    '2 columns whose names look like a row of data (is the header missing?)'
    """
    names = [str(c) for c in columns]
    if is_row(names):
        return f"{len(names)} columns whose names look like a row of data (is the header missing?)"
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(map(_brief, names[:_MOST])) + more


def is_row(names: Sequence[str]) -> bool:
    """Tell whether among the names of columns there is an address or a number of a person."""
    return any(_MAIL.search(n) or sum(c.isdigit() for c in n) >= _DIGITS for n in names)


def _brief(column: str) -> str:
    return column if len(column) <= LONGEST else f"(a name of {len(column):,} characters)"
