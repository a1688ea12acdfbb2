"""How good a log is before anything is read from it: ties, impossible dates, copies, gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
MINUTES: Final = 1440
IMPOSSIBLE: Final = ("no_time", "unread_time", "impossible_time", "after_the_cut")
"""What a reader of logs counts of dates that cannot be; see ``EventLog.facts``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuality:
    """What a log is like; counts are of the whole log, so that no interval belongs to them.

    Parameters
    ----------
    cases, events : int
        In the log, after what could not be used was left out.
    rows : int
        In the file; the number of events where nothing was counted in reading.
    zone : str
        Time zone of all times; empty if nothing tells.
    tied : Estimate
        Share of two consecutive events of a case that have the same time.
    unstable_arcs : Estimate
        Share of directly-follows arcs, counted by frequency, that are other ones when events of
        the same time are taken in the opposite order of the file.
    impossible_dates : int
        Dates that are missing where there must be one, cannot be read, are of a year before 1900
        or after 2200, or lie after the cut of the log.
    impossible : mapping of str to int
        The same by kind: ``no_time``, ``unread_time``, ``impossible_time``, ``after_the_cut``.
    placeholder_dates : int
        Dates that programs write for none.
    backwards : int
        Cases closed before they were opened, and pieces of work that end before they start.
    repeated_rows : Estimate
        Share of the rows of the file that repeat a case (tables of requests) or another row.
    copied_events : Estimate
        Share of events that are the same as another in case, activity, times and resource.
    open_cases : Estimate
        Share of cases that are not over when the log is cut.
    open_by : str
        Who says which cases are open; empty if it is not known.
    without_resource : Estimate
        Share of events of which nobody knows who did them.
    without_due : Estimate
        Share of cases without a deadline.
    single_events : Estimate
        Share of cases with one event.
    at_midnight : Estimate
        Share of times at 00:00:00: all of them where a log has dates only.
    at_busiest_minute : Estimate
        Share of the other times at the minute of the day that has most of them; at random it would
        be near 1 in 1,440, in office hours near 1 in 480.
    busiest_minute : str
        That minute, as ``HH:MM``; empty without such times.
    timed_work : Estimate
        Share of events with a start and an end.
    """

    cases: int
    events: int
    rows: int
    zone: str
    tied: Estimate
    unstable_arcs: Estimate
    impossible_dates: int
    impossible: Mapping[str, int]
    placeholder_dates: int
    backwards: int
    repeated_rows: Estimate
    copied_events: Estimate
    open_cases: Estimate
    open_by: str
    without_resource: Estimate
    without_due: Estimate
    single_events: Estimate
    at_midnight: Estimate
    at_busiest_minute: Estimate
    busiest_minute: str
    timed_work: Estimate

    @property
    def date_only(self) -> bool:
        """Whether nearly all times are midnights, so that durations are whole days."""
        return self.at_midnight.value >= 0.99


def log_quality(log: EventLog) -> LogQuality:
    """Count what makes a log doubtful.

    Parameters
    ----------
    log : EventLog
        Sorted by case, then ``end``, then ``order``. What was dropped in reading is taken from
        ``facts``.

    Returns
    -------
    LogQuality

    Notes
    -----
    The order of two events of one time in a case is that of the file, and nothing else; so are
    the arcs of the map between them. ``unstable_arcs`` takes such events in the opposite order
    and counts how many arcs come out otherwise: half the sum, over all pairs of activities, of
    the difference of both frequencies, divided by the number of arcs (the total variation
    distance of the two maps). Ties that change nothing in the map (the same activity twice) do
    not count. Ties as a flaw of logs: [1]_.

    References
    ----------
    .. [1] Suriadi, S. et al. (2017). Event log imperfection patterns for process mining.
       Information Systems 64, 132-150.

    Examples
    --------
    >>> from datetime import datetime
    >>> import pandas as pd
    >>> day = pd.to_datetime(["2024-03-04", "2024-03-04", "2024-03-05"])
    >>> log = EventLog(
    ...     events=pd.DataFrame({"case": ["1"] * 3, "activity": list("abc"), "start": pd.NaT,
    ...         "end": day, "resource": None, "order": range(3)}),
    ...     cases=pd.DataFrame({"case": ["1"], "opened": day[:1], "closed": pd.NaT, "due": pd.NaT}),
    ...     until=datetime(2024, 3, 5))
    >>> log_quality(log).tied
    Estimate(value=0.5, n=2, low=None, high=None, level=None, unit='share', clusters=None)
    """
    events, cases, facts = log.events, log.cases, log.facts
    code = _codes(events["case"])
    end = events["end"].to_numpy().astype("datetime64[us]")
    same = code[1:] == code[:-1]
    tied = same & (end[1:] == end[:-1])
    sizes = np.bincount(code) if len(code) else np.zeros(0, dtype=int)
    times = _times(events)
    midnight = times == times.astype("datetime64[D]")
    minute, busiest = _busiest(times[~midnight])
    rows = int(facts.get("rows", len(events)))
    impossible = {kind: int(facts.get(kind, 0)) for kind in IMPOSSIBLE}
    repeated = int(facts.get("repeated_cases", facts.get("copied_rows", 0)))
    return LogQuality(
        cases=len(cases), events=len(events), rows=rows, zone=log.zone,
        tied=_share(int(tied.sum()), int(same.sum())),
        unstable_arcs=unstable_arcs(events),
        impossible_dates=sum(impossible.values()), impossible=impossible,
        placeholder_dates=int(facts.get("placeholder_time", 0)),
        backwards=_backwards(events, cases, facts),
        repeated_rows=_share(repeated, rows),
        copied_events=_share(_copies(events), len(events)),
        open_cases=_share(int(cases["closed"].isna().sum()), len(cases)),
        open_by=str(facts.get("open_by", "")),
        without_resource=_share(int(events["resource"].isna().sum()), len(events)),
        without_due=_share(int(cases["due"].isna().sum()), len(cases)),
        single_events=_share(int((sizes == 1).sum()), len(sizes)),
        at_midnight=_share(int(midnight.sum()), len(times)),
        at_busiest_minute=_share(busiest, int((~midnight).sum())),
        busiest_minute=minute,
        timed_work=_share(int(events["start"].notna().sum()), len(events)),
    )  # fmt: skip


def unstable_arcs(events: pd.DataFrame) -> Estimate:
    """Share of directly-follows arcs that depend on the order of the file.

    Parameters
    ----------
    events : DataFrame
        ``case``, ``activity``, ``end``, ``order``, in any order.

    Returns
    -------
    Estimate
        Over all arcs, counted by frequency; 0 of 0 where no case has two events.
    """
    case, activity = _codes(events["case"]), _codes(events["activity"])
    end = events["end"].to_numpy().astype("datetime64[us]").astype(np.int64)
    order = events["order"].to_numpy()
    forth = _arcs(np.lexsort((order, end, case)), case, activity)
    back = _arcs(np.lexsort((-order, end, case)), case, activity)
    kinds, place = np.unique(np.concatenate([forth, back]), return_inverse=True)
    n = len(forth)
    there = np.bincount(place[:n], minlength=len(kinds))
    here = np.bincount(place[n:], minlength=len(kinds))
    return _share(int(np.abs(there - here).sum()) // 2, n)


def _arcs(order: Ints, case: Ints, activity: Ints) -> Ints:
    """One number for each arc: from which activity to which."""
    case, activity = case[order], activity[order]
    same = case[1:] == case[:-1]
    wide = int(activity.max(initial=0)) + 1
    arcs: Ints = (activity[:-1] * wide + activity[1:])[same]
    return arcs


def _codes(column: pd.Series[Any]) -> Ints:
    import pandas as pd

    codes: Ints = pd.factorize(column)[0].astype(np.int64)
    return codes


def _share(part: int, n: int) -> Estimate:
    """A share of all there is; of nothing it is 0 of 0, which ``n`` says."""
    return Estimate(value=part / n if n else 0.0, n=n)


def _times(events: pd.DataFrame) -> NDArray[np.datetime64]:
    """All times that somebody or something stamped: starts and ends."""
    stamps = np.concatenate([
        events[column].to_numpy().astype("datetime64[us]") for column in ("start", "end")
    ])  # fmt: skip
    known: NDArray[np.datetime64] = stamps[~np.isnat(stamps)]
    return known


def _busiest(times: NDArray[np.datetime64]) -> tuple[str, int]:
    """Minute of the day with most times, and how many it has."""
    if not len(times):
        return "", 0
    of_day = (times - times.astype("datetime64[D]")).astype("timedelta64[m]").astype(np.int64)
    counts = np.bincount(of_day, minlength=MINUTES)
    top = int(counts.argmax())
    return f"{top // 60:02d}:{top % 60:02d}", int(counts[top])


def _copies(events: pd.DataFrame) -> int:
    return int(events.duplicated(["case", "activity", "start", "end", "resource"]).sum())


def _backwards(events: pd.DataFrame, cases: pd.DataFrame, facts: Mapping[str, Any]) -> int:
    """Counted in reading, and what is still so."""
    read = sum(
        int(facts.get(k, 0))
        for k in ("closed_before_opened", "ended_before_started", "last_before_opened")
    )
    still = int((cases["closed"] < cases["opened"]).sum())
    return read + still + int((events["end"] < events["start"]).sum())
