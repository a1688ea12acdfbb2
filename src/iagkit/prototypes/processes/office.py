"""Office hours as they are declared → the clock that counts them.

Under ``clock`` in the params of a prototype, all optional::

    clock:
      calendar: BR-SC                  # ISO 3166: country, or country and subdivision
      hours: mon-fri 8-12 13:30-17     # several lines for different days
      recess: [12-20/01-20]            # every year; or 2024-07-15/2024-07-26
      optional: true                   # days that public offices may take, such as Carnival
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from iagkit.core.errors import UsageError
from iagkit.measures.processes.clock import OFFICE, BusinessClock, Hours

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPELT: Final = {
    **{name: i for i, name in enumerate(DAYS)},
    **{name: i for i, name in enumerate(("lun", "mar", "mie", "jue", "vie", "sab", "dom"))},
    **{name: i for i, name in enumerate(("seg", "ter", "qua", "qui", "sex"))},
}
"""Days of the week in en, es and pt, as their first three letters."""
SPAN: Final = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?")
YEARLY: Final = re.compile(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)")
KNOWN: Final = ("calendar", "hours", "recess", "optional")


def clock_of(told: Mapping[str, Any], *, years: Sequence[int]) -> BusinessClock:
    """Build the clock that a prototype declares.

    Parameters
    ----------
    told : mapping
        See the head of this module.
    years : sequence of int
        Years of the log, in which a yearly recess is closed.

    Returns
    -------
    BusinessClock

    Raises
    ------
    UsageError
        If anything cannot be read, or the holidays of the place are not known.
    """
    if unknown := sorted(set(told) - set(KNOWN)):
        msg = f"expected {', '.join(KNOWN)} under 'clock'; got {', '.join(map(str, unknown))}"
        raise UsageError(msg)
    country, subdivision = _place(str(told.get("calendar") or ""))
    recess = [day for text in _listed(told.get("recess")) for day in _recess(text, years)]
    return BusinessClock(
        hours=_hours(_listed(told.get("hours"))), country=country, subdivision=subdivision,
        optional=bool(told.get("optional", False)), recess=tuple(recess),
    )  # fmt: skip


def hours_a_day(clock: BusinessClock) -> float:
    """Mean hours of a weekday on which the office opens."""
    each = [sum(b - a for a, b in spans) for spans in clock.hours.values() if spans]
    return sum(each) / len(each)


def _listed(told: Any) -> list[str]:
    if not told:
        return []
    return [told] if isinstance(told, str) else [str(each) for each in told]


def _place(told: str) -> tuple[str, str]:
    """``BR``, ``BR-SC``; ``es-AR`` as a language with its country."""
    first, _, rest = told.strip().partition("-")
    if first.islower() and rest:
        first, _, rest = rest.partition("-")
    return first.upper(), rest.upper()


def _hours(lines: Sequence[str]) -> Hours:
    """``mon-fri 8-12 13:30-17``."""
    if not lines:
        return OFFICE
    found: dict[int, tuple[tuple[float, float], ...]] = {}
    for line in (part for each in lines for part in each.split(";")):
        days, *spans = line.split() if line.strip() else ("",)
        read = [SPAN.fullmatch(span) for span in spans]
        at = _weekdays(days)
        if not at or not read or None in read:
            msg = f"expected office hours such as 'mon-fri 8-12 13:30-17'; got '{line[:60]}'"
            raise UsageError(msg)
        for day in at:
            found[day] = tuple(
                (int(s[1]) + int(s[2] or 0) / 60, int(s[3]) + int(s[4] or 0) / 60)
                for s in read
                if s
            )
    return found


def _weekdays(told: str) -> list[int]:
    plain = told.lower().replace("é", "e").replace("á", "a")
    found: list[int] = []
    for part in plain.split(","):
        ends = [SPELT.get(name[:3]) for name in part.split("-")]
        if None in ends or len(ends) > 2:
            return []
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        found += range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return found


def _recess(told: str, years: Sequence[int]) -> list[tuple[date, date]]:
    """``12-20/01-20`` of every year, or ``2024-07-15/2024-07-26``."""
    try:
        if yearly := YEARLY.fullmatch(told.strip()):
            a, b, c, d = map(int, yearly.groups())
            over = (c, d) < (a, b)
            return [
                (date(year, a, b), date(year + over, c, d))
                for year in range(min(years) - 1, max(years) + 1)
            ]
        first, last = told.split("/")
        return [(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))]
    except ValueError:
        msg = (
            "expected a recess such as 12-20/01-20 (every year) or 2024-07-15/2024-07-26; got "
            f"'{told[:60]}'"
        )
        raise UsageError(msg) from None
