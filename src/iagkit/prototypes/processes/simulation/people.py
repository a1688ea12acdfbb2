"""Who works, when and at what, learnt from a log: calendars, skills, pools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.model import Pool
from iagkit.prototypes.processes.simulation.weeks import stepwise

SLOTS: Final = 336
"""Half-hours of a week."""
DAY_SLOTS: Final = 48
MINUTE: Final = 60_000_000
"""Microseconds."""
ENOUGH: Final = 60
"""Beginnings and ends from which a person has hours of their own."""
PER_SLOT: Final = 12
"""Beginnings and ends for each open half-hour from which weekdays may have different hours."""
QUIET: Final = 0.2
"""Share of the usual number of beginnings and ends below which a half-hour is closed."""
SKILL: Final = 0.01
"""Share of an activity, or a tenth of one's own work, from which it counts as a skill."""
NAMED: Final = 0.5
"""Share of an activity that named people must have done."""
GONE: Final = 0.25
"""Newest share of the time of the log in which a person must have worked to be still there."""
MANY: Final = 150
"""Pools above which people are put together by their main activity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Pools and what each may do.

    Parameters
    ----------
    pools : tuple of Pool
    skills : mapping of str to tuple of str
        Pools of each activity, those that did it most first.
    pool_of : mapping of str to str
        Pool of each person.
    """

    pools: tuple[Pool, ...]
    skills: dict[str, tuple[str, ...]]
    pool_of: dict[str, str]


def staff(events: pd.DataFrame, *, closed: Iterable[date] = ()) -> Staff:
    """Learn who works, when and at what.

    Parameters
    ----------
    events : dataframe
        ``activity, start, end, resource``; starts are known.
    closed : iterable of date
        Days on which nobody works.

    Returns
    -------
    Staff
        People with the same skills and hours are one pool. Who works on several things at once
        counts as often as that. People who did nothing in the newest quarter of the time are left
        out where others can do their work.
    """
    named = events[events["resource"].notna()]
    skills = _skills(events, named)
    people = sorted({person for who in skills.values() for person in who})
    hours = _hours(named, people)
    at_once = {person: _at_once(part) for person, part in _parts(named, people)}
    alike: dict[tuple[Any, ...], list[str]] = {}
    for person in people:
        does = frozenset(a for a, who in skills.items() if person in who)
        alike.setdefault((does, hours[person].tobytes()), []).append(person)
    if len(alike) > MANY:
        alike = _by_main_activity(named, people)
    pools, pool_of = [], {}
    for members in alike.values():
        hours_of_all = (_to_the_stroke(named, p, hours[p]) for p in members)
        capacity = _sum([at_once[p] * each for p, each in zip(members, hours_of_all, strict=True)])
        name = members[0] if len(members) == 1 else f"{members[0]} +{len(members) - 1}"
        pools.append(Pool(name=name, capacity=_short(capacity), closed=tuple(closed)))
        pool_of.update(dict.fromkeys(members, name))
    able = {a: tuple(dict.fromkeys(pool_of[p] for p in who)) for a, who in skills.items()}
    return Staff(pools=tuple(pools), skills=able, pool_of=pool_of)


def _sum(rows: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Sum of rows of half-hours and of minutes."""
    size = max(len(row) for row in rows)
    return np.asarray(sum(np.repeat(row, size // len(row)) for row in rows))


def _to_the_stroke(named: pd.DataFrame, person: str, hours: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Hours of a person in minutes, the minute of closing included, if work begins on its stroke.

    Otherwise what comes at that moment would wait for the morning.
    """
    open_ = hours.astype(np.int64)
    closing = np.flatnonzero(hours & ~np.roll(hours, -1))
    starts = named.loc[named["resource"] == person, "start"]
    micros = starts.astype("datetime64[us]").astype("int64").to_numpy()
    stroke = micros[micros % (30 * MINUTE) == 0] // (30 * MINUTE) + 3 * DAY_SLOTS
    if np.isin((stroke - 1) % SLOTS, closing).sum() < QUIET * len(closing) * len(starts) / max(
        hours.sum(), 1
    ):
        return open_
    minutes = np.repeat(open_, 30)
    minutes[(closing * 30 + 30) % len(minutes)] = 1
    return minutes


def _parts(named: pd.DataFrame, people: list[str]) -> Any:
    kept = named[named["resource"].isin(people)]
    return ((str(person), part) for person, part in kept.groupby("resource", sort=True))


def _skills(events: pd.DataFrame, named: pd.DataFrame) -> dict[str, list[str]]:
    """Who does each activity, most work first; nobody where few events name a person."""
    if not len(named):
        return {}
    first, last = named["end"].min(), named["end"].max()
    there = named.groupby("resource")["end"].max() >= last - GONE * (last - first)
    counts = named.groupby(["activity", "resource"]).size()
    total, own = events.groupby("activity").size(), named.groupby("resource").size()
    found: dict[str, list[str]] = {}
    for activity, row in counts.groupby(level="activity"):
        who = row.droplevel("activity").sort_values(ascending=False, kind="stable")
        if who.sum() < NAMED * total[activity]:
            continue
        able = who[(who >= SKILL * who.sum()) | (who >= 0.1 * own[who.index])]
        present = able[there[able.index]]
        found[str(activity)] = [str(p) for p in (present if len(present) else able).index]
    return found


def _hours(named: pd.DataFrame, people: list[str]) -> dict[str, NDArray[np.bool_]]:
    """Open half-hours of each person; who left few traces has the hours of all of these."""
    own, few = {}, []
    for person, part in _parts(named, people):
        if 2 * len(part) >= ENOUGH:
            own[person] = open_hours(_stamps(part))
        else:
            few.append(person)
    if few:
        shared = open_hours(_stamps(named[named["resource"].isin(few)]))
        own.update(dict.fromkeys(few, shared))
    return own


def _stamps(part: pd.DataFrame) -> pd.Series[Any]:
    stamps: pd.Series[Any] = pd.concat([part["start"], part["end"]])
    return stamps


def open_hours(stamps: pd.Series[Any]) -> NDArray[np.bool_]:
    """Half-hours of the week in which work begins or ends as often as to call them open.

    Parameters
    ----------
    stamps : series of datetime, shape (n,)

    Returns
    -------
    ndarray of bool, shape (336,)
        Weekdays and half-hours of the day are judged apart; together only where there are many.
    """
    micros = stamps.astype("datetime64[us]").astype("int64").to_numpy()
    # what happens on the stroke belongs to both sides: work that ends, and work that begins
    slot = (micros // (30 * MINUTE) + 3 * DAY_SLOTS) % SLOTS
    stroke = micros % (30 * MINUTE) == 0
    seen = np.bincount(slot, minlength=SLOTS) - 0.5 * np.bincount(slot[stroke], minlength=SLOTS)
    seen += 0.5 * np.bincount((slot[stroke] - 1) % SLOTS, minlength=SLOTS)
    table = seen.reshape(7, DAY_SLOTS)
    days, clock = _busy(table.sum(1)), _closed_gaps(_busy(table.sum(0)))
    found = np.outer(days, clock)
    if seen.sum() >= PER_SLOT * max(found.sum(), 1):
        usual = np.median(table[found]) if found.any() else 0.0
        found = table > QUIET * usual
        found = np.array([_closed_gaps(row) for row in found])
    return np.asarray(found.ravel())


def _busy(seen: Floats) -> NDArray[np.bool_]:
    """Parts with at least a fifth of what parts have that hold most of the work."""
    ordered = np.sort(seen)[::-1]
    most = ordered[: int(np.searchsorted(np.cumsum(ordered), 0.5 * seen.sum())) + 1]
    return np.asarray(seen >= max(QUIET * float(most.mean()), 0.5))


def _closed_gaps(open_: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Single half-hours between two open ones are open."""
    around = np.roll(open_, 1) & np.roll(open_, -1)
    return np.asarray(open_ | around)


def _at_once(part: pd.DataFrame) -> int:
    """Pieces of work that are in hand at once, at all but one in twenty beginnings."""
    starts = np.sort(part["start"].to_numpy())
    ends = np.sort(part["end"].to_numpy())
    hand = np.arange(1, len(starts) + 1) - np.searchsorted(ends, starts, side="right")
    return max(int(np.quantile(hand, 0.95)), 1)


def _by_main_activity(named: pd.DataFrame, people: list[str]) -> dict[tuple[Any, ...], list[str]]:
    counts = named[named["resource"].isin(people)].groupby(["resource", "activity"]).size()
    main = counts.unstack(fill_value=0).idxmax(axis=1)
    found: dict[tuple[Any, ...], list[str]] = {}
    for person in people:
        found.setdefault((main[person],), []).append(person)
    return found


def _short(capacity: NDArray[np.int64]) -> tuple[int, ...]:
    """One number where all are the same."""
    return (int(capacity[0]),) if (capacity == capacity[0]).all() else tuple(capacity.tolist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Open hours of a pool laid over the time of a log.

    Parameters
    ----------
    edges : ndarray of float, hours
    level : ndarray of float
        People from each edge on.
    passed : ndarray of float, hours
        Open hours until each edge.
    """

    edges: Floats
    level: Floats
    passed: Floats

    @classmethod
    def of(cls, pool: Pool, *, start: datetime, until: float) -> Shift:
        """Lay the week of a pool over ``until`` hours from ``start``."""
        edges, level = stepwise(pool.capacity, start=start, until=until, closed=pool.closed)
        length = np.diff(np.append(edges, until)) * (level > 0)
        return cls(
            edges=np.append(edges, until),
            level=level,
            passed=np.concatenate([[0.0], np.cumsum(length)]),
        )

    def people(self, at: Floats) -> Floats:
        """How many are there."""
        place = np.searchsorted(self.edges[:-1], at, side="right") - 1
        return np.asarray(self.level[np.maximum(place, 0)])

    def open_between(self, low: Floats, high: Floats) -> Floats:
        """Open hours from ``low`` to ``high``."""
        return np.asarray(
            np.interp(high, self.edges, self.passed) - np.interp(low, self.edges, self.passed)
        )
