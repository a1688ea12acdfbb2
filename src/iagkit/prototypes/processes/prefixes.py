"""What was known of a case at each of its events: one row a prefix, nothing from later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.event_log import EVENT_COLUMNS, EventLog

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Times = NDArray[np.datetime64]
DAY: Final = np.timedelta64(1, "D")
EPOCH: Final = np.datetime64("2000-01-01")
END: Final = "(end)"
"""What follows the last event of a case."""
START: Final = "(start)"
ENDINGS: Final = 3
BULK: Final = 3.0
"""Times the mean of the days before from which on work was done in bulk that day."""
UNKNOWN: Final = "(unknown)"
OURS: Final = frozenset({
    *EVENT_COLUMNS, "began", "ended", "length", "closed", "code", "place", "is_closed", "following",
})  # fmt: skip
COPY: Final = 0.99
"""Share of equal cells from which on a column is taken as a copy of another."""
BACK: Final = 3
"""Activities looked back at."""
WINDOWS_DAYS: Final = (1, 7, 30)
"""Days of the past over which what arrives and what is done is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixes:
    """Prefixes of cases: what was known, and what came of it.

    Parameters
    ----------
    numbers : DataFrame of float, one row a prefix
        Numbers known at that time.
    words : DataFrame of str, one row a prefix
        Categories known at that time; ``activity`` is that of the last event.
    counts : DataFrame of float
        How often each activity had been done; one column an activity.
    case : ndarray of int
        Number of the case, by its first event: case 0 began first. Cases that are too short for
        a prefix have numbers too.
    position : ndarray of int
        Events in the prefix.
    at : ndarray of datetime64
        Time of its last event.
    began, ended : ndarray of datetime64
        Times of the first and of the last event of the case.
    closed : ndarray of bool
        Whether the log says that the case is over, and so whether ``ended`` is its end.
    following : ndarray of str
        Activity of the next event; :data:`END` if there was none.
    names : ndarray of str
        Name of the case of each row.
    cases : int
        Cases of the whole log.
    """

    numbers: pd.DataFrame
    words: pd.DataFrame
    counts: pd.DataFrame
    case: Ints
    position: Ints
    at: Times
    began: Times
    ended: Times
    closed: NDArray[np.bool_]
    following: NDArray[Any]
    names: NDArray[Any]
    cases: int

    def __len__(self) -> int:
        return len(self.case)

    @property
    def remaining_days(self) -> Floats:
        """Days from the last event of the prefix to that of the case."""
        return np.asarray((self.ended - self.at) / DAY, dtype=np.float64)

    @property
    def activity(self) -> NDArray[Any]:
        """Activity of the last event of each prefix."""
        return self.words["activity"].to_numpy(dtype=object)

    def where(self, chosen: NDArray[np.bool_]) -> Prefixes:
        """Some of the rows."""
        return Prefixes(
            numbers=self.numbers[chosen], words=self.words[chosen], counts=self.counts[chosen],
            cases=self.cases,
            **{name: getattr(self, name)[chosen] for name in ARRAYS},
        )  # fmt: skip


ARRAYS: Final = ("case", "position", "at", "began", "ended", "closed", "following", "names")


SINCE: Final = ("open_cases", "since_")
"""What the names of numbers begin with that follow the whole process, not the case."""


def prefixes(
    log: EventLog,
    *,
    min_events: int = 3,
    first: int = 2,
    whole: bool = False,
    attributes: Sequence[str] = (),
) -> Prefixes:
    """Take a log apart into what was known after each event of each case.

    Parameters
    ----------
    log : EventLog
    min_events : int
        Cases with fewer events are left out.
    first : int
        Events of the shortest prefix.
    whole : bool
        Whether the last event of a case makes a prefix too: for cases that are open, and for
        asking whether an event is the last.
    attributes : sequence of str
        Columns of ``log.cases`` that were known when the case began. None is taken unless it is
        named: a log often holds, beside a case, what was written there after its end. Columns of
        events are taken as they stood at the time of the prefix.

    Returns
    -------
    Prefixes
        By case, in the order of their first events, and then by position.

    Raises
    ------
    DataError
        If no case is long enough, or a column is not there.

    Notes
    -----
    Everything is counted up to the moment of the prefix, in the whole log. A case counts among the
    open ones until its last event; where no activity tells that a case is over, that was known only
    later (benchmarks of remaining time count so too).
    """
    absent = [name for name in attributes if name not in log.cases.columns]
    if absent:
        msg = f"expected columns of the cases of the log for 'attributes'; '{absent[0]}' is none"
        raise DataError(msg)
    events = _ordered(log, min_events, attributes)
    place = events["place"].to_numpy()
    length = events["length"].to_numpy()
    chosen = (place >= first) & ((place < length) | whole)
    if not chosen.any():
        msg = (
            f"expected at least one case of {min_events} events or more; got none among "
            f"{len(log.cases)} cases. Is the case column the right one?"
        )
        raise DataError(msg)
    chains = _chains(events)
    words = chains.join(_last_words(events))
    numbers = _clock(events).join(_last_numbers(events)).join(_load(events, log))
    return Prefixes(
        numbers=_rows(numbers, chosen).astype(np.float64),
        words=_rows(words, chosen),
        counts=_rows(_counts(events), chosen),
        case=events["code"].to_numpy()[chosen],
        position=place[chosen],
        at=events["end"].to_numpy()[chosen],
        began=events["began"].to_numpy()[chosen],
        ended=events["ended"].to_numpy()[chosen],
        closed=events["is_closed"].to_numpy()[chosen],
        following=events["following"].to_numpy(dtype=object)[chosen],
        names=events["case"].to_numpy(dtype=object)[chosen],
        cases=len(log.events["case"].unique()),
    )


def _rows(table: pd.DataFrame, chosen: NDArray[np.bool_]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(table.loc[chosen]).reset_index(drop=True)


def _ordered(log: EventLog, min_events: int, attributes: Sequence[str]) -> pd.DataFrame:
    """Events in the order of arrival of their cases, with what was known of these."""
    events = log.events
    own = events.groupby("case", sort=False)
    events = events.assign(
        began=own["end"].transform("min"), ended=own["end"].transform("max"),
        length=own["end"].transform("size"), first=own["order"].transform("min"),
    )  # fmt: skip
    events = events.sort_values(["began", "first", "end", "order"], kind="stable")
    new = events["case"] != events["case"].shift()
    events = events.assign(code=np.cumsum(new) - 1)
    events = events[events["length"] >= min_events].drop(columns="first")
    of_cases = log.cases[["case", "closed", *(a for a in attributes if a not in events.columns)]]
    events = events.merge(of_cases, on="case", how="left", sort=False)
    new = (events["case"] != events["case"].shift()).to_numpy()
    following = events["activity"].astype(object).shift(-1)
    last = np.r_[new[1:], True] if len(events) else new
    found: pd.DataFrame = events.assign(
        place=events.groupby("case", sort=False).cumcount() + 1,
        is_closed=events["closed"].notna(),
        following=following.mask(last, END).fillna(UNKNOWN),
        resource=events["resource"].astype(object).fillna(UNKNOWN),
        activity=events["activity"].astype(object).fillna(UNKNOWN),
    ).reset_index(drop=True)
    return found


def _chains(events: pd.DataFrame) -> pd.DataFrame:
    """The last activities, alone and as a pair, and who did the last two."""
    import pandas as pd

    back = {"activity": events["activity"]}
    for steps in range(1, BACK):
        back[f"activity-{steps}"] = _before(events, "activity", steps)
    table = pd.DataFrame(back)
    first = table["activity-1"].astype(str) + " > " + table["activity"].astype(str)
    who, before = events["resource"], _before(events, "resource", 1)
    return table.assign(pair=first, resource=who, resource_before=before)


def _before(events: pd.DataFrame, column: str, steps: int) -> pd.Series[Any]:
    shifted = events[column].shift(steps)
    return shifted.where(events["code"] == events["code"].shift(steps), START)


def _own(events: pd.DataFrame, *, numbers: bool) -> list[str]:
    """Columns that the log itself has, without copies of the activity, resource or case."""
    known = [events[c].astype(object) for c in ("activity", "resource", "case")]
    return [
        name
        for name in events.columns
        if name not in OURS
        and (events[name].dtype.kind in "fiu") == numbers
        and not any((events[name].astype(object) == other).mean() > COPY for other in known)
    ]


def _last_words(events: pd.DataFrame) -> pd.DataFrame:
    filled = _as_of_then(events, _own(events, numbers=False))
    return filled.astype(object).where(filled.notna(), UNKNOWN).astype(str)


def _last_numbers(events: pd.DataFrame) -> pd.DataFrame:
    return _as_of_then(events, _own(events, numbers=True))


def _as_of_then(events: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The last value that was told up to each event."""
    if not columns:
        return events[[]].copy()
    return events.groupby("code", sort=False)[list(columns)].ffill()


def _clock(events: pd.DataFrame) -> pd.DataFrame:
    """Times of the prefix: how long it took, how long each step, which hour and day it is."""
    import pandas as pd

    end, began = events["end"], events["began"]
    place = events["place"].to_numpy()
    elapsed = (end.to_numpy() - began.to_numpy()) / DAY
    gap = _gap(events)
    of_case = pd.Series(gap).groupby(events["code"].to_numpy())
    midnight = end.dt.normalize()
    of_day = (end - midnight).to_numpy()
    return pd.DataFrame({
        "position": place,
        "elapsed_days": elapsed,
        "gap_days": gap,
        "gap_before_days": np.where(place > 1, np.r_[0.0, gap[:-1]], 0.0),
        "longest_gap_days": of_case.cummax().to_numpy(),
        "mean_gap_days": elapsed / np.maximum(place - 1, 1),
        "hour": of_day / np.timedelta64(1, "h"),
        "weekday": end.dt.day_of_week,
        "day_of_month": end.dt.day,
        "day_of_year": end.dt.day_of_year,
        "began_day_of_year": began.dt.day_of_year,
        "repeats": events.groupby(["code", "activity"], sort=False).cumcount().to_numpy(),
        "of_resource": events.groupby(["code", "resource"], sort=False).cumcount().to_numpy(),
        "handed_over": _new_value(events, "resource"),
        "different_activities": _different(events, "activity"),
        "different_resources": _different(events, "resource"),
        "since_monday_days": of_day / DAY + end.dt.day_of_week.to_numpy(),
        "date": (end.to_numpy() - EPOCH) / DAY,
    })  # fmt: skip


def _gap(events: pd.DataFrame) -> Floats:
    end = events["end"].to_numpy()
    gap = np.diff(end, prepend=end[:1]) / DAY
    return np.where(events["place"].to_numpy() > 1, gap, 0.0)


def _new_value(events: pd.DataFrame, column: str) -> Floats:
    """How often the value had changed from one event to the next."""
    import pandas as pd

    before = _before(events, column, 1)
    changed = ((events[column] != before) & (events["place"] > 1)).astype(float)
    return np.asarray(pd.Series(changed).groupby(events["code"]).cumsum(), dtype=np.float64)


def _different(events: pd.DataFrame, column: str) -> Floats:
    seen = events.groupby(["code", column], sort=False).cumcount() == 0
    return np.asarray(seen.astype(float).groupby(events["code"]).cumsum().to_numpy())


def _counts(events: pd.DataFrame) -> pd.DataFrame:
    """How often each activity had been done in the case, up to each event."""
    import pandas as pd

    codes, kinds = pd.factorize(events["activity"], sort=True)
    done = np.zeros((len(events), len(kinds)), dtype=np.float32)
    done[np.arange(len(events)), codes] = 1
    running = np.cumsum(done, axis=0)
    first = events["place"].to_numpy() == 1
    base = (running - done)[np.flatnonzero(first)]
    return pd.DataFrame(running - base[np.cumsum(first) - 1], columns=list(kinds))


def _load(events: pd.DataFrame, log: EventLog) -> pd.DataFrame:
    """What arrived and what was done in the days before, in the whole log and by this person."""
    import pandas as pd

    at = events["end"].to_numpy()
    done = np.sort(log.events["end"].to_numpy())
    opened = np.sort(log.events.groupby("case", sort=False)["end"].min().to_numpy())
    found = {}
    for days in WINDOWS_DAYS:
        found[f"events_{days}d"] = _within(done, at, days)
        found[f"openings_{days}d"] = _within(opened, at, days)
    ended = np.sort(log.cases["closed"].dropna().to_numpy())
    still = np.searchsorted(opened, at, "right") - np.searchsorted(ended, at, "left")
    found["open_cases"] = still.astype(np.float64)
    for name, days in (("resource", 7), ("activity", 7)):
        found[f"of_{name}_{days}d"] = _within_own(log.events, events, name, days)
    return pd.DataFrame(found).join(_since_endings(events, log))


def _since_endings(events: pd.DataFrame, log: EventLog) -> pd.DataFrame:
    """Days since work that often ends cases was last done, and since it was last done in bulk."""
    import pandas as pd

    every = log.events
    lasts = every.drop_duplicates("case", keep="last")["activity"].value_counts()
    at = events["end"].to_numpy()
    found = {}
    for place, kind in enumerate(lasts.index[:ENDINGS]):
        moments = every.loc[every["activity"] == kind, "end"].dt.floor("D")
        daily = moments.value_counts().sort_index()
        found[f"since_ending_{place}_days"] = _since(daily.index.to_numpy(), at)
        bulk = daily > BULK * daily.cumsum().shift(1, fill_value=0) / np.arange(1, len(daily) + 1)
        found[f"since_bulk_{place}_days"] = _since(daily.index.to_numpy()[bulk.to_numpy()], at)
    return pd.DataFrame(found)


def _since(moments: Times, at: Times) -> Floats:
    """Days since the last moment before; missing if there was none."""
    place = np.searchsorted(moments, at, side="left")
    days = np.full(len(at), np.nan)
    some = place > 0
    days[some] = (at[some] - moments[place[some] - 1]) / DAY
    return days


def _within(moments: Times, at: Times, days: int) -> Floats:
    after = np.searchsorted(moments, at, side="left")
    before = np.searchsorted(moments, at - days * DAY, side="left")
    return (after - before).astype(np.float64)


def _within_own(every: pd.DataFrame, events: pd.DataFrame, column: str, days: int) -> Floats:
    """How much the same person, or of the same work, was done in the days before."""
    found = np.zeros(len(events))
    times = every["end"].to_numpy()
    told = every[column].astype(object).fillna(UNKNOWN)
    moments = {kind: np.sort(times[rows]) for kind, rows in told.groupby(told).indices.items()}
    at = events["end"].to_numpy()
    for kind, rows in events.groupby(column, sort=False).indices.items():
        found[rows] = _within(moments[kind], at[rows], days)
    return found
