"""Arithmetic of check digits: weighted sums, Luhn, ISO 7064; and dates written into a number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

_MONTH_LENGTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights, as many as there are weights.

    Examples
    --------
    >>> weighted("123", (3, 2, 1))
    10
    """
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))


def descending(digits: str, *, last: int = 2, first: int = 9) -> int:
    """Sum with weights that rise from the right, from ``last`` to ``first`` and over again.

    Examples
    --------
    >>> descending("12", last=2)
    7
    """
    span = first - last + 1
    return sum(int(d) * (last + i % span) for i, d in enumerate(reversed(digits)))


def luhn(digits: str) -> bool:
    """Whether the last digit is that of Luhn's formula (ISO/IEC 7812-1, annex B).

    Examples
    --------
    >>> luhn("79927398713"), luhn("79927398714")
    (True, False)
    """
    back = [int(d) for d in reversed(digits)]
    doubled = sum(d * 2 - 9 * (d > 4) for d in back[1::2])
    return (sum(back[::2]) + doubled) % 10 == 0


def mod97(characters: str) -> bool:
    """Whether letters and digits, the first four moved to the end, leave 1 (ISO 7064, 97-10).

    Examples
    --------
    >>> mod97("GB82WEST12345698765432")
    True
    """
    moved = characters[4:] + characters[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def is_day(day: str, month: str, year: str | None = None) -> bool:
    """Whether a day exists; without a year, in a leap year.

    Examples
    --------
    >>> is_day("30", "02"), is_day("29", "02"), is_day("29", "02", "1999")
    (False, True, False)
    """
    d, m = int(day), int(month)
    if not (1 <= m <= len(_MONTH_LENGTH) and 1 <= d <= _MONTH_LENGTH[m - 1]):
        return False
    if year is None:
        return True
    try:
        date(int(year), m, d)
    except ValueError:
        return False
    return True


def monotone(digits: str) -> bool:
    """Whether all digits are the same: passes many formulas and is nobody's number."""
    return digits == digits[:1] * len(digits)
