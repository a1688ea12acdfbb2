"""All times of a log on one clock: the order of day and month, and the time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.wire.logs import zones
from iagkit.wire.logs.nouns import Dates
from iagkit.wire.logs.times import Stamps, Written, stamps_of

if TYPE_CHECKING:
    import pandas as pd


DEADLINES: Final = {
    "unread_due": say("{n} deadlines cannot be read and were left out"),
    "impossible_due": say(
        "{n} deadlines are impossible (before 1900 or after 2200) and were left out"
    ),
    "due_before_opened": say(
        "deadlines earlier than the opening of their case: {n}; these cases were kept, but not "
        "counted among those that can be late"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Local times of every column, in the order they were given.

    Parameters
    ----------
    times : mapping of str to ndarray of datetime64[us]
        By role; ``NaT`` where there is none.
    zone : str
    remarks : tuple of Message
    unread : mapping of str to int
        Cells that are neither blank nor a time, by role.
    dated : frozenset of str
        Roles whose column holds dates without any time of the day.
    """

    times: Mapping[str, Stamps]
    zone: str
    remarks: tuple[Message, ...]
    unread: Mapping[str, int]
    dated: frozenset[str]


def one_clock(columns: Mapping[str, Written], *, dates: Dates = "", zone: str = "") -> Clock:
    """Put all times of a log on one local clock.

    Raises
    ------
    DataError
        If a column holds no times, or nothing tells which of two orders of day and month it has.
    UsageError
        If there is no time zone of this name.
    """
    zones.refuse_unknown_zone(zone)
    orders, remarks = _orders(columns, dates)
    wall = {role: stamps_of(c, day_first=orders[role]) for role, c in columns.items()}
    for role, column in columns.items():
        _refuse_no_times(column, wall[role])
    local, found, more = zones.localised(wall, columns, zone)
    unread = {r: int((np.isnat(wall[r]) & ~c.blank).sum()) for r, c in columns.items()}
    short = [c.name for c in columns.values() if c.short_years]
    if short:
        more += (
            say(
                "years of two digits were read as 1970 to 2069 (columns: {columns})",
                columns=", ".join(short),
            ),
        )
    dated = frozenset(r for r, c in columns.items() if c.known.any() and not c.timed.any())
    return Clock(times=local, zone=found, remarks=(*remarks, *more), unread=unread, dated=dated)


def count_deadlines(facts: dict[str, Any], clock: Clock, cases: pd.DataFrame) -> None:
    """Count deadlines that cannot be: cells of the file, then cases."""
    if "due" not in clock.times:
        return
    due = clock.times["due"]
    facts["unread_due"] = clock.unread["due"]
    facts["impossible_due"] = int((~np.isnat(due) & ~zones.possible(due)).sum())
    facts["due_before_opened"] = int((cases["due"] < cases["opened"]).sum())


def _refuse_no_times(column: Written, wall: Stamps) -> None:
    filled, read = int((~column.blank).sum()), int((~np.isnat(wall)).sum())
    if read * 2 < filled:
        msg = (
            f"expected times in column '{column.name}'; of its {filled} cells with something in "
            f"them {read} can be read as one.{_numbers(column)} Name another column, or write "
            "times like 2024-03-04 15:30"
        )
        raise DataError(msg)


def _numbers(column: Written) -> str:
    """Say what numbers in the place of times may be."""
    if not column.numbers:
        return ""
    return (
        " They are numbers: perhaps seconds or milliseconds since 1970, or days as a spreadsheet "
        "counts them; write them out as dates."
    )


def _orders(
    columns: Mapping[str, Written], dates: Dates
) -> tuple[dict[str, bool], tuple[Message, ...]]:
    """Role → whether the day comes first, from dates that can be read in one way only."""
    evidence = {role: _evidence(column) for role, column in columns.items()}
    orders: dict[str, bool] = {}
    for role, (day, month, n) in evidence.items():
        if not n:
            orders[role] = True
        elif dates:
            orders[role] = _as_told(columns[role].name, day, month, dates)
        elif day and month:
            _refuse_both(columns[role].name, day, month)
        elif day or month:
            orders[role] = bool(day)
    open_ = [role for role in columns if role not in orders]
    if not open_:
        return orders, _told_order(columns, orders, evidence, dates)
    decided = {orders[role] for role in orders if evidence[role][2]}
    if len(decided) != 1:
        _refuse_ambiguous(columns[open_[0]].name, evidence[open_[0]][2])
    first = decided.pop()
    orders.update(dict.fromkeys(open_, first))
    return orders, _told_order(columns, orders, evidence, dates)


def _evidence(column: Written) -> tuple[int, int, int]:
    """Dates whose first number is above 12, whose second is, and dates in all."""
    rows = column.slashed & column.known
    first, second = column.first[rows], column.second[rows]
    return int((first > 12).sum()), int((second > 12).sum()), int(rows.sum())


def _as_told(name: str, day: int, month: int, dates: Dates) -> bool:
    against = month if dates == "day-first" else day
    if against:
        msg = (
            f"expected dates with the {dates.replace('-', ' ')} in column '{name}', as told; "
            f"{against} of them cannot be read so. Leave --dates out, or mend the column"
        )
        raise DataError(msg)
    return dates == "day-first"


def _refuse_both(name: str, day: int, month: int) -> None:
    msg = (
        f"expected dates in one order in column '{name}'; {day} can only have the day first and "
        f"{month} only the month first. Was it joined from two exports? Write its dates like "
        "2024-03-04"
    )
    raise DataError(msg)


def _refuse_ambiguous(name: str, n: int) -> None:
    msg = (
        f"expected dates that can be read in one way; in column '{name}' all {n} may have the day "
        "first or the month first. Say --dates day-first or --dates month-first"
    )
    raise DataError(msg)


def _told_order(
    columns: Mapping[str, Written],
    orders: Mapping[str, bool],
    evidence: Mapping[str, tuple[int, int, int]],
    dates: Dates,
) -> tuple[Message, ...]:
    said = []
    for first in (True, False):
        names = [columns[r].name for r in columns if evidence[r][2] and orders[r] == first]
        if names and not dates:
            said.append(
                say(
                    "dates were read with the day first, because some can be read in no other way "
                    "(columns: {columns})"
                    if first
                    else "dates were read with the month first, because some can be read in no "
                    "other way (columns: {columns})",
                    columns=", ".join(names),
                )
            )
    return tuple(said)
