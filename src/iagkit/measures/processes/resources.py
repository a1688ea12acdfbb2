"""Who works when, at what, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures.intervals import critical, wilson

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
HOUR: Final = 3_600_000_000
SLOTS: Final = 168
"""Hours of a week, from Monday 0:00."""
MONDAY: Final = 3
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """When resources are on duty, as far as their traces tell.

    Parameters
    ----------
    names : tuple of str
    on_duty : ndarray of bool, shape (n_resources, 168)
        Hours of the week, from Monday 0:00.
    weeks : ndarray of int, shape (n_resources,)
        Weeks in which a resource left any trace.
    shared : ndarray of bool, shape (n_resources,)
        Whose own traces are too few, so that the calendar is that of all together.
    """

    names: tuple[str, ...]
    on_duty: Flags
    weeks: Ints
    shared: Flags

    def hours(self, name: str) -> Mapping[int, tuple[tuple[float, float], ...]]:
        """Hours of one resource, as :class:`.clock.BusinessClock` takes them."""
        week = self.on_duty[self.names.index(name)].reshape(7, 24)
        return {day: _spans(week[day]) for day in range(7) if week[day].any()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one resource does.

    Parameters
    ----------
    resource : str
    events, cases : int
    activities : mapping of str to int
        Events of each activity, the most frequent first: the skills that were seen.
    busy_hours : Estimate or None
        Hours a week in which it has work under way, over the weeks with a trace; ``None`` where
        the log has no starts of work.
    busy : Estimate or None
        Share of the hours on duty in those weeks with work under way; it can exceed 1 where work
        lasts into hours off duty.
    together : float or None
        Hours of work for each busy hour: above 1 where pieces of work overlap.
    """

    resource: str
    events: int
    cases: int
    activities: Mapping[str, int]
    busy_hours: Estimate | None
    busy: Estimate | None
    together: float | None


def calendars(log: EventLog, *, support: float = 0.1, least: int = 4) -> Calendars:
    """Discover when each resource is on duty.

    Parameters
    ----------
    log : EventLog
    support : float
        An hour of the week is on duty if there is a trace in it in at least so large a share of
        the weeks in which the resource left any, and in at least two of them.
    least : int
        With traces in fewer weeks, the hours of all resources together are taken.

    Returns
    -------
    Calendars
        Empty where nobody is named.

    Notes
    -----
    Traces are starts and ends of work; where a log has one time an event it is its end. Work
    under way for hours leaves none between, so gaps within a day are closed: an office is taken
    as open from its first to its last hour of a weekday. Weekly calendars of one hour, with the
    support of their hours, as in [1]_. The simulation discovers half-hours of its own
    (``prototypes.processes.simulation.people``), which must be open often enough to take work;
    in the place of these, the wait by absence of a log of purchases is .003 instead of .202.

    References
    ----------
    .. [1] López-Pintado, O. & Dumas, M. (2022). Business process simulation with differentiated
       resources: does it make a difference? BPM 2022, LNCS 13420, 361-378.
    """
    who, at, names = _traces(log.events)
    if not names:
        empty = np.zeros(0, dtype=np.int64)
        return Calendars(names=(), on_duty=np.zeros((0, SLOTS), dtype=bool), weeks=empty,
                         shared=empty.astype(bool))  # fmt: skip
    hour = at // HOUR + 24 * MONDAY
    hour -= hour.min() // SLOTS * SLOTS
    wide = int(hour.max()) // SLOTS * SLOTS + SLOTS
    whose, when = np.divmod(np.unique(who * wide + hour), wide)
    weeks = np.bincount(np.unique(whose * wide + when // SLOTS) // wide, minlength=len(names))
    hits = np.bincount(whose * SLOTS + when % SLOTS, minlength=len(names) * SLOTS)
    hits = hits.reshape(len(names), SLOTS)
    own = _closed((hits >= 2) & (hits >= support * weeks[:, None]))
    anyone = np.unique(when)
    together = np.bincount(anyone % SLOTS, minlength=SLOTS)
    all_weeks = len(np.unique(anyone // SLOTS))
    common = _closed((together >= min(2, all_weeks)) & (together >= support * all_weeks))
    shared = (weeks < least) | ~own.any(axis=1)
    own[shared] = common
    return Calendars(names=names, on_duty=own, weeks=weeks, shared=shared)


def workload(log: EventLog, on_duty: Calendars | None = None) -> tuple[Work, ...]:
    """Tell what each resource does and how busy it is, the one with most events first.

    Parameters
    ----------
    log : EventLog
    on_duty : Calendars, optional
        Default: those that are discovered.

    Returns
    -------
    tuple of Work
        Empty where nobody is named.

    Examples
    --------
    >>> from datetime import datetime
    >>> import pandas as pd
    >>> start = pd.to_datetime(["2024-03-04 09:00", "2024-03-04 09:30"])
    >>> log = EventLog(
    ...     events=pd.DataFrame({"case": ["1", "2"], "activity": ["a", "b"], "start": start,
    ...         "end": start + pd.Timedelta(hours=1), "resource": "Ana", "order": range(2)}),
    ...     cases=pd.DataFrame({"case": ["1", "2"], "opened": start, "closed": pd.NaT,
    ...         "due": pd.NaT}),
    ...     until=datetime(2024, 3, 5))
    >>> (ana,) = workload(log)
    >>> ana.busy_hours.value, round(ana.together, 3), dict(ana.activities)
    (1.5, 1.333, {'a': 1, 'b': 1})
    """
    import pandas as pd

    known = log.events[log.events["resource"].notna()]
    calendar = calendars(log) if on_duty is None else on_duty
    if not len(known):
        return ()
    code = pd.Categorical(known["resource"].astype(str), categories=list(calendar.names)).codes
    who = code.astype(np.int64)
    cases = known.groupby(who)["case"].nunique()
    skills = known.groupby([who, known["activity"].astype(str)]).size()
    skills = skills.sort_values(ascending=False, kind="stable")
    done: dict[int, dict[str, int]] = {}
    for (k, activity), n in skills.items():
        done.setdefault(int(k), {})[activity] = int(n)
    begin, end, timed = _work(known)
    result = []
    for k, n in sorted(enumerate(np.bincount(who).tolist()), key=lambda item: -item[1]):
        if n:
            mine = timed & (who == k)
            hours, share, together = _busy(begin[mine], end[mine], calendar, k)
            result.append(
                Work(resource=calendar.names[k], events=n, cases=int(cases[k]),
                     activities=done[k], busy_hours=hours, busy=share, together=together)
            )  # fmt: skip
    return tuple(result)


def skills(log: EventLog, *, least: int = 1) -> tuple[tuple[str, ...], tuple[str, ...], Ints]:
    """Count who did what.

    Parameters
    ----------
    log : EventLog
    least : int
        What somebody did less often counts as not done.

    Returns
    -------
    resources, activities : tuple of str
    counts : ndarray of int, shape (n_resources, n_activities)
    """
    import pandas as pd

    known = log.events[log.events["resource"].notna()]
    table = pd.crosstab(known["resource"].astype(str), known["activity"].astype(str))
    counts = table.to_numpy(dtype=np.int64)
    return tuple(table.index), tuple(table.columns), np.where(counts >= least, counts, 0)


def specialisation(counts: Ints) -> tuple[Estimate, ...]:
    """Share of each activity that its most frequent resource does; near 1 it depends on one.

    Parameters
    ----------
    counts : ndarray of int, shape (n_resources, n_activities)
        As :func:`skills` gives them.
    """
    found = []
    for column in counts.T:
        n = int(column.sum())
        value = float(column.max()) / n if n else 0.0
        low, high = wilson(value, n, critical(LEVEL)) if n else (0.0, 1.0)
        found.append(Estimate(value=value, n=n, low=low, high=high, level=LEVEL))
    return tuple(found)


def union(begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Join intervals that touch or overlap; in and out sorted by their begin."""
    order = np.argsort(begin, kind="stable")
    begin, reach = begin[order], np.maximum.accumulate(end[order])
    first = np.flatnonzero(np.r_[True, begin[1:] > reach[:-1]]) if len(begin) else np.zeros(0, int)
    last = np.r_[first[1:] - 1, len(begin) - 1] if len(begin) else first
    return begin[first], reach[last]


def _traces(events: pd.DataFrame) -> tuple[Ints, Ints, tuple[str, ...]]:
    import pandas as pd

    known = events[events["resource"].notna()]
    codes, names = pd.factorize(known["resource"].astype(str), sort=True)
    stamps = [known[c].to_numpy().astype("datetime64[us]") for c in ("start", "end")]
    who = np.concatenate([codes, codes]).astype(np.int64)
    at = np.concatenate(stamps)
    there = ~np.isnat(at)
    return who[there], at[there].astype(np.int64), tuple(str(name) for name in names)


def _closed(on: Flags) -> Flags:
    """On duty from the first to the last hour of each weekday."""
    days = on.reshape(len(on) if on.ndim > 1 else 1, 7, 24)
    before = np.logical_or.accumulate(days, axis=2)
    after = np.logical_or.accumulate(days[..., ::-1], axis=2)[..., ::-1]
    closed: Flags = (before & after).reshape(on.shape)
    return closed


def _spans(day: Flags) -> tuple[tuple[float, float], ...]:
    edges = np.flatnonzero(np.diff(np.r_[False, day, False].astype(np.int8)))
    return tuple((float(a), float(b)) for a, b in edges.reshape(-1, 2).tolist())


def _work(known: pd.DataFrame) -> tuple[Ints, Ints, Flags]:
    begin = known["start"].to_numpy().astype("datetime64[us]")
    end = known["end"].to_numpy().astype("datetime64[us]")
    timed = ~np.isnat(begin) & ~np.isnat(end) & (end >= begin)
    return begin.astype(np.int64), end.astype(np.int64), timed


def _busy(
    begin: Ints, end: Ints, calendar: Calendars, k: int
) -> tuple[Estimate | None, Estimate | None, float | None]:
    """Hours a week, share of the duty, and pieces of work at once."""
    if not len(begin):
        return None, None, None
    joined_begin, joined_end = union(begin, end)
    week = SLOTS * HOUR
    shift = 24 * MONDAY * HOUR
    first = (joined_begin + shift) // week
    last = (joined_end + shift - 1) // week
    each: dict[int, int] = {}
    for a, b, f, t in zip(joined_begin + shift, joined_end + shift, first, last, strict=True):
        for w in range(int(f), max(int(f), int(t)) + 1):
            each[w] = each.get(w, 0) + int(min(b, (w + 1) * week) - max(a, w * week))
    hours = np.array(list(each.values()), dtype=float) / HOUR
    duty = int(calendar.on_duty[k].sum())
    total = float((joined_end - joined_begin).sum())
    together = float((end - begin).sum()) / total if total else None
    found = _mean(hours, "hours a week")
    share = None
    if duty:
        share = _mean(hours / duty, "share")
    return found, share, together


def _mean(values: NDArray[np.float64], unit: str) -> Estimate:
    n, value = len(values), float(values.mean())
    if n < 2:
        return Estimate(value=value, n=n, unit=unit)
    half = critical(LEVEL, n - 1) * float(values.std(ddof=1)) / np.sqrt(n)
    low = max(value - half, 0.0)
    return Estimate(value=value, n=n, low=low, high=value + half, level=LEVEL, unit=unit)
