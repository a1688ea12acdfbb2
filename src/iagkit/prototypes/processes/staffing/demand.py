"""What comes in a week and how long it takes, read from a log, with intervals."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.rates import mean
from iagkit.prototypes.processes.staffing.grid import Grid
from iagkit.prototypes.processes.staffing.needs import Demand

LONGEST = 12.0
"""Hours after which a piece of work was hardly done in one go."""


def demand_of(
    log: EventLog,
    activity: str,
    *,
    comes: Literal["ready", "begun"] = "ready",
    longest_hours: float = LONGEST,
    quiet: float = 0.0,
    level: float = 0.95,
    grid: Grid | None = None,
) -> Demand:
    """Read what comes to one activity in a week, and how long its work takes.

    Parameters
    ----------
    log : EventLog
        With starts and ends of work.
    activity : str
    comes : {"ready", "begun"}
        A piece of work comes when the one before it in its case ends, the first when the case
        opens; or, where a case waits for somebody else before, when its work was begun.
    longest_hours : float
        Longer pieces of work are left out of the mean: they were not done in one go.
    quiet, level, grid
        As for :func:`demand`.

    Returns
    -------
    Demand

    Raises
    ------
    DataError
        If the activity is not in the log, no start of its work is known, or no whole week is.
    """
    events, names = log.events, set(log.events["activity"])
    if activity not in names:
        msg = f"no event of '{activity}' in the log.{did_you_mean(activity, names)}"
        raise DataError(msg)
    before = events.groupby("case")["end"].shift()
    opened = events["case"].map(log.cases.set_index("case")["opened"])
    ready = before.fillna(opened)
    mine = (events["activity"] == activity).to_numpy()
    work = events[mine & events["start"].notna().to_numpy()]
    if work.empty:
        msg = (
            f"no start of '{activity}' is known, so that waiting and working cannot be told apart; "
            "give the log's column of starts (--start), or a time of work of your own"
        )
        raise DataError(msg)
    came = (ready if comes == "ready" else events["start"])[mine]
    hours = (work["end"] - work["start"]).dt.total_seconds().to_numpy() / 3600
    whole = (hours > 0) & (hours <= longest_hours)
    remarks = _left_out(hours, longest_hours)
    if not whole.any():
        msg = (
            f"no piece of work of '{activity}' takes more than 0 and up to {longest_hours:g} hours"
        )
        raise DataError(msg)
    return demand(
        came.dropna().to_numpy(),
        hours[whole],
        name=activity,
        clusters=work["case"].to_numpy()[whole],
        since=log.cases["opened"].min(),
        until=pd.Timestamp(log.until),
        quiet=quiet,
        level=level,
        grid=grid,
        remarks=remarks,
    )


def _left_out(hours: Floats, longest: float) -> tuple[Message, ...]:
    none, long = int((hours <= 0).sum()), int((hours > longest).sum())
    if not none + long:
        return ()
    return (
        say(
            "{none} of {n} pieces of work take no time and {long} more than {longest} hours; they "
            "count as cases that come, not towards the mean time of work",
            none=none,
            long=long,
            n=len(hours),
            longest=longest,
        ),
    )


def demand(
    came: ArrayLike,
    work_hours: ArrayLike,
    *,
    name: str,
    clusters: ArrayLike | None = None,
    since: Any = None,
    until: Any = None,
    quiet: float = 0.0,
    level: float = 0.95,
    grid: Grid | None = None,
    remarks: tuple[Message, ...] = (),
) -> Demand:
    """Count what comes in each part of the week, with its interval.

    Parameters
    ----------
    came : array-like of datetime64, shape (n,)
    work_hours : array-like of float, shape (m,)
        Times of work; not necessarily of the same cases.
    name : str
    clusters : array-like, shape (m,), optional
        The case of each piece of work: those of one case resemble one another.
    since, until : datetime, optional
        What the log covers, first and last day whole; otherwise from the first case that came to
        the last. Only whole weeks from Monday to Sunday count.
    quiet : float, from 0 to below 1
        The parts in which least comes, together no more than this share of all cases, are not
        staffed; their cases come when the next staffed part begins.
    level : float
        Of the intervals, for each part by itself. Weeks that differ by more than chance widen them.
    grid : Grid, optional

    Returns
    -------
    Demand

    Raises
    ------
    DataError
        If there is no whole week, or no case in them.
    """
    grid, level = grid or Grid(), checked_level(level)
    if grid.days != 7:
        msg = f"what comes is counted by weeks of 7 days; the grid has {grid.days}"
        raise DataError(msg)
    counts = weekly_counts(came, since=since, until=until, name=name, grid=grid)
    if not counts.any():
        msg = f"no case of '{name}' came in {len(counts)} whole weeks"
        raise DataError(msg)
    moved, n = _not_quiet(counts, quiet)
    if n:
        told = say("{n} cases came in half-hours that are not staffed; they count in the next", n=n)
        remarks = (*remarks, told)
    rates, low, high = _rates(moved, level=level, hours=grid.hours)
    return Demand(
        name=name,
        rates=rates,
        low=low,
        high=high,
        service=_mean_hours(work_hours, clusters, level),
        weeks=len(counts),
        n=int(counts.sum()),
        level=level,
        grid=grid,
        remarks=remarks,
    )


def weekly_counts(
    came: ArrayLike, *, since: Any = None, until: Any = None, name: str, grid: Grid
) -> Floats:
    """Count cases in each part of each whole week.

    Parameters
    ----------
    came : array-like of datetime64, shape (n,)
    since, until : datetime, optional
    name : str
        For refusals.
    grid : Grid

    Returns
    -------
    ndarray of float, shape (n_weeks, grid.size)

    Raises
    ------
    DataError
        If there is no whole week, or a time is missing.
    """
    times = pd.DatetimeIndex(np.asarray(came, dtype="datetime64[us]"))
    if len(times) == 0 or times.isna().any():
        msg = f"'{name}' needs times at which cases came, none missing; got {len(times)}"
        raise DataError(msg)
    begin = pd.Timestamp(since if since is not None else times.min()).floor("D")
    end = pd.Timestamp(until if until is not None else times.max()).ceil("D")
    first = begin + pd.Timedelta(days=-begin.weekday() % 7)
    weeks = max((end - first) // pd.Timedelta(weeks=1), 0)
    if not weeks:
        msg = (
            f"'{name}' covers {(end - begin).total_seconds() / 86400:.1f} days and no whole week "
            "from Monday to Sunday; give a log of several weeks"
        )
        raise DataError(msg)
    part = ((times - first).total_seconds().to_numpy() // (grid.hours * 3600)).astype(np.int64)
    inside = part[(part >= 0) & (part < weeks * grid.size)]
    found = np.bincount(inside, minlength=weeks * grid.size).astype(float)
    return found.reshape(weeks, grid.size)


def _not_quiet(counts: Floats, quiet: float) -> tuple[Floats, int]:
    """Move the cases of the quietest parts to the next part that is staffed."""
    if not 0 <= quiet < 1:
        msg = f"'quiet' is a share from 0 to below 1; got {quiet:g}"
        raise DataError(msg)
    total = counts.sum(axis=0)
    order = np.argsort(total, kind="stable")
    closed = np.zeros(len(total), dtype=bool)
    closed[order[np.cumsum(total[order]) <= quiet * total.sum()]] = True
    open_ = np.flatnonzero(~closed)
    moved = counts.copy()
    for part in np.flatnonzero(closed & (total > 0)):
        later = open_[np.searchsorted(open_, part) % len(open_)]
        moved[:, later] += moved[:, part]
        moved[:, part] = 0
    return moved, int(total[closed].sum())


def _rates(counts: Floats, *, level: float, hours: float) -> tuple[Floats, Floats, Floats]:
    """Means and Garwood's limits, at as many cases as they are worth."""
    from scipy.stats import chi2

    weeks, total = len(counts), counts.sum(axis=0)
    spread = 1.0
    if weeks > 1:
        rest = ((counts - total / weeks) ** 2).sum()
        spread = max(1.0, float(rest / (weeks - 1) / (total / weeks).sum()))
    worth, tail = total / spread, (1 - level) / 2
    low = np.where(worth > 0, chi2.ppf(tail, np.maximum(2 * worth, 1e-9)) / 2, 0)
    high = chi2.ppf(1 - tail, 2 * (worth + 1)) / 2
    scale = spread / weeks / hours
    return total / weeks / hours, low * scale, high * scale


def _mean_hours(work_hours: ArrayLike, clusters: ArrayLike | None, level: float) -> Estimate:
    hours = np.asarray(work_hours, dtype=float)
    if hours.size == 0 or not (hours > 0).all() or not np.isfinite(hours).all():
        wrong = int((~(hours > 0)).sum())
        msg = (
            f"times of work must be positive hours, at least one; {wrong} of {hours.size} are not. "
            "Were starts and ends swapped?"
        )
        raise DataError(msg)
    return mean(hours, clusters=clusters, level=level, unit="hours")
