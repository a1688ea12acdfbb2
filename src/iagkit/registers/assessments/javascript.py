"""Numbers and emptiness the way the official tool has them, which runs in a browser."""

from __future__ import annotations

import math
import re
from typing import Any, Final

BLANK: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What ECMAScript trims; Python's own ``strip`` trims other signs."""
DECIMAL: Final = re.compile(r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]\+?[0-9]+)?")
CODED: Final = re.compile(r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+")


def number(text: str) -> float:
    """Read a text without a hyphen as ``Number`` does, 0 where that is not a number.

    Examples
    --------
    >>> number(" 3 "), number("0x10"), number("1e2"), number("three"), number("1_0")
    (3.0, 16.0, 100.0, 0.0, 0.0)
    """
    bare = text.strip(BLANK)
    if CODED.fullmatch(bare):
        return _whole(int(bare, 0))
    if DECIMAL.fullmatch(bare):
        return float(bare)
    return math.inf if bare in {"Infinity", "+Infinity"} else 0.0


def _whole(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def is_number(value: Any) -> bool:
    """Whether a value of a JSON file is a number; yes and no are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_empty(value: Any) -> bool:
    """Whether the survey takes a value for no answer: blank, an empty list, an object of such."""
    if isinstance(value, str):
        return not value.strip(BLANK)
    if isinstance(value, dict):
        return all(is_empty(inside) for inside in value.values())
    return value is None or value == []


def rounded(value: float) -> float:
    """Round to the nearest whole number, halves up; what is no number stays.

    Examples
    --------
    >>> rounded(0.85 * 10), rounded(0.85 * 50), round(0.85 * 10)
    (9.0, 43.0, 8)
    """
    if not math.isfinite(value):
        return value
    below = math.floor(value)
    return float(below + (value - below >= 0.5))
