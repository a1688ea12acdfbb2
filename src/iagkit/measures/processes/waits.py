"""Why pieces of work wait: batches, others first, a busy or absent resource, or none of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures.intervals import critical
from iagkit.measures.processes import busy
from iagkit.measures.processes.resources import Calendars, calendars

if TYPE_CHECKING:
    import pandas as pd

    from iagkit.measures.processes.clock import BusinessClock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
HOUR: Final = 3_600_000_000
LEVEL: Final = 0.95
CAUSES: Final = (
    "batching", "prioritisation", "contention", "unavailability", "extraneous", "unattributed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Waiting time by its causes.

    Parameters
    ----------
    pieces : DataFrame
        One row a piece of work that could wait: ``case``, ``activity``, ``after`` (the activity
        whose end enabled it), ``resource``, ``enabled``, ``start``; and in hours ``wait``, and one
        column for each cause, which add up to it.
    shares : mapping of str to Estimate
        Cause → share of all waiting hours; intervals by cases. Empty if nothing waited.
    wait : Estimate or None
        Mean hours a piece waits; ``None`` where no piece could wait.
    batching_off_duty : float
        Hours of batching in which the resource was off duty anyway.
    first : int
        Pieces before which nothing of their case ended, so that nobody knows since when they wait.
    untimed : int
        Pieces whose start is not known.
    """

    pieces: pd.DataFrame
    shares: Mapping[str, Estimate]
    wait: Estimate | None
    batching_off_duty: float
    first: int
    untimed: int

    def by_activity(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Mean hours that a piece of an activity waits, in all and by cause; longest sum first."""
        found = {}
        total = self.pieces.groupby("activity")["wait"].sum()
        groups = dict(iter(self.pieces.groupby("activity")))
        for name in total.sort_values(ascending=False, kind="stable").index:
            part = groups[name]
            case = _codes(part["case"])
            ones = np.ones(len(part))
            found[str(name)] = {
                column: _ratio(part[column].to_numpy(), ones, case, unit="hours")
                for column in ("wait", *CAUSES)
            }
        return found

    def within(self, clock: BusinessClock) -> Estimate | None:
        """Mean of the hours a piece waits while the office is open; ``None`` as for ``wait``."""
        if not len(self.pieces):
            return None
        hours = clock.hours_between(self.pieces["enabled"], self.pieces["start"])
        case = _codes(self.pieces["case"])
        return _ratio(hours, np.ones(len(hours)), case, unit="working hours")


def waits(log: EventLog, on_duty: Calendars | None = None, *, batch: int = 2) -> Waits:
    """Divide the time that work waits among its causes.

    Parameters
    ----------
    log : EventLog
        With starts and ends of work.
    on_duty : Calendars, optional
        When each resource works; default: what :func:`.resources.calendars` discovers.
    batch : int
        Least pieces that make a batch.

    Returns
    -------
    Waits

    Raises
    ------
    DataError
        If the log has no starts of work, or a resource has no calendar.
    UsageError
        If ``batch`` is below 2.

    Notes
    -----
    The causes and their order are those of [1]_, with what it leaves open told here. A piece waits
    from the end of the last piece of its case that ended before it began (it is *enabled* then)
    to its start. From this interval are taken, in this order:

    *batching*
        from its enabling to that of the last piece of its batch. A batch is work of one resource
        on one activity, all enabled before the first began, that was begun together, or begun
        after a pause and done without one. Work that goes on from a queue makes no batch.
    *contention*
        moments in which the resource had something under way that was enabled before or when it
        was: first come, first served.
    *prioritisation*
        moments in which all the resource had under way was enabled later.
    *unavailability*
        the other moments in which the resource is off duty by its weekly calendar.
    *extraneous*
        the rest: nothing in the log explains it.

    The first piece of a case counts as enabled when it begins, and does not wait. What comes in
    off duty and is done in one go next morning is a batch; ``batching_off_duty`` tells how much.
    *unattributed* is the wait of pieces whose resource nobody knows.

    References
    ----------
    .. [1] Lashkevich, K., Milani, F., Chapela-Campa, D., Suvorau, I. & Dumas, M. (2023). Why am I
       waiting? Data-driven analysis of waiting times in business processes. CAiSE 2023, LNCS
       13901, 174-190.
    """
    if batch < 2:
        msg = f"expected at least 2 pieces in a batch; got {batch}"
        raise UsageError(msg)
    if not log.timed_work:
        msg = (
            "expected starts and ends of work, to tell waiting from working; this log has one time "
            "an event. Name the column of starts"
        )
        raise DataError(msg)
    duty = calendars(log) if on_duty is None else on_duty
    work = _work(log.events, duty)
    ready = np.maximum(_ready(work, batch), work.enabled)
    off = busy.OffDuty(on_duty=duty.on_duty)
    known = work.could & (work.who >= 0)
    hours = {cause: np.zeros(len(work.who), dtype=np.int64) for cause in CAUSES}
    hours["unattributed"][work.could & (work.who < 0)] = (work.start - work.enabled)[
        work.could & (work.who < 0)
    ]
    hours["batching"][known] = (ready - work.enabled)[known]
    split = busy.split(
        who=work.who[known], since=ready[known], until=work.start[known],
        enabled=work.enabled[known],
        done=busy.segments(work.who, work.start, work.end, work.enabled), off=off,
    )  # fmt: skip
    for cause, part in split.items():
        hours[cause][known] = part
    closed = off.between(work.who[known], work.enabled[known], ready[known]).sum()
    return _told(work, hours, int(closed), untimed=len(log.events) - len(work.who))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """Timed pieces of work; times in microseconds, resources as numbers of the calendars."""

    frame: pd.DataFrame
    case: Ints
    activity: Ints
    who: Ints
    start: Ints
    end: Ints
    enabled: Ints
    after: NDArray[Any]
    could: Flags


def _codes(column: pd.Series[Any]) -> Ints:
    import pandas as pd

    codes: Ints = pd.factorize(column)[0].astype(np.int64)
    return codes


def _microseconds(column: pd.Series[Any]) -> Ints:
    us: Ints = column.to_numpy().astype("datetime64[us]").astype(np.int64)
    return us


def _work(events: pd.DataFrame, duty: Calendars) -> _Work:
    case = _codes(events["case"])
    end = _microseconds(events["end"])
    timed = (events["start"].notna() & (events["start"] <= events["end"])).to_numpy()
    frame = events[timed]
    start = _microseconds(frame["start"])
    enabled, by = _enabled(case, end, np.flatnonzero(timed), start)
    could = by >= 0
    names = events["activity"].to_numpy(dtype=object)
    place = {name: i for i, name in enumerate(duty.names)}
    who = frame["resource"].map(lambda name: place.get(str(name), -2), na_action="ignore")
    codes = who.fillna(-1).to_numpy(dtype=np.int64)
    if (codes == -2).any():
        msg = (
            f"expected a calendar for every resource; {len(set(frame['resource'][codes == -2]))} "
            "have none. Discover them from the whole log"
        )
        raise DataError(msg)
    return _Work(
        frame=frame, case=case[timed], activity=_codes(events["activity"])[timed], who=codes,
        start=start, end=end[timed], enabled=np.where(could, enabled, start),
        after=np.where(could, names[by], ""), could=could,
    )  # fmt: skip


def _enabled(case: Ints, end: Ints, rows: Ints, start: Ints) -> tuple[Ints, Ints]:
    """End of the last piece of the case that ended by each start, and its row; row -1 if none."""
    times, rank = np.unique(np.concatenate([end, start]), return_inverse=True)
    wide = len(times)
    keys = case * wide + rank[: len(end)]
    order = np.argsort(keys, kind="stable")
    ends = keys[order]
    begun = case[rows] * wide + rank[len(end) :]
    # a piece without duration ended by its own start: it is one of those that are counted
    at = np.searchsorted(ends, begun, side="right") - 1 - (end[rows] == start)
    found = (at >= 0) & (ends[at] // wide == case[rows])
    by = np.where(found, order[at], -1)
    return end[by], by


def _ready(work: _Work, batch: int) -> Ints:
    """When the last piece of its batch was enabled; of what is in no batch, when it was itself."""
    ready = work.enabled.copy()
    rows = np.flatnonzero(work.could & (work.who >= 0))
    order = rows[np.lexsort((work.end[rows], work.start[rows], work.who[rows]))]
    fresh = _fresh(work)
    who, activity = work.who[order].tolist(), work.activity[order].tolist()
    start, end = work.start[order].tolist(), work.end[order].tolist()
    enabled, rested = work.enabled[order].tolist(), fresh[order].tolist()
    i, n = 0, len(order)
    while i < n:
        reach, last, j = end[i], enabled[i], i + 1
        while (
            j < n and who[j] == who[i] and activity[j] == activity[i] and enabled[j] <= start[i]
            and (start[j] == start[i] or (rested[i] and start[j] <= reach))
        ):  # fmt: skip
            reach, last, j = max(reach, end[j]), max(last, enabled[j]), j + 1
        if j - i >= batch:
            ready[order[i:j]] = last
        i = j
    return ready


def _fresh(work: _Work) -> Flags:
    """Whether a piece was begun after a pause: nothing of its resource was under way until then."""
    order = np.lexsort((work.end, work.start, work.who))
    who, start, end = work.who[order], work.start[order], work.end[order]
    # resources are laid one after another, so that one running maximum serves all
    rank = np.unique(np.concatenate([start, end]), return_inverse=True)[1]
    high = int(rank.max(initial=0)) + 1
    reach = np.maximum.accumulate((who + 1) * high + rank[len(start) :])
    before = np.r_[-1, reach[:-1]]
    mine = (who + 1) * high + rank[: len(start)]
    result = np.zeros(len(who), dtype=bool)
    result[order] = (before // high != who + 1) | (mine > before)
    return result


def _told(work: _Work, spent: Mapping[str, Ints], closed: int, *, untimed: int) -> Waits:
    could = work.could
    frame = work.frame[["case", "activity", "resource", "start"]][could]
    frame = frame.assign(
        after=work.after[could], enabled=work.enabled[could].astype("datetime64[us]"),
        wait=(work.start - work.enabled)[could] / HOUR,
        **{cause: part[could] / HOUR for cause, part in spent.items()},
    )  # fmt: skip
    case = work.case[could]
    total = frame["wait"].to_numpy()
    shares = {}
    if total.sum() > 0:
        shares = {c: _ratio(frame[c].to_numpy(), total, case, unit="share") for c in CAUSES}
    wait = _ratio(total, np.ones(len(total)), case, unit="hours") if len(total) else None
    return Waits(
        pieces=frame.reset_index(drop=True), shares=shares, wait=wait,
        batching_off_duty=closed / HOUR, first=int((~could).sum()), untimed=untimed,
    )  # fmt: skip


def _ratio(part: Floats, whole: Floats, case: Ints, *, unit: str) -> Estimate:
    """Ratio of two sums, with the linearised interval of independent cases."""
    value = float(part.sum() / whole.sum())
    of = np.unique(case, return_inverse=True)[1]
    left = np.bincount(of, weights=part - value * whole)
    m = len(left)
    if m < 2:
        return Estimate(value=value, n=len(part), unit=unit, clusters=m)
    half = critical(LEVEL, m - 1) * float(np.sqrt((left**2).sum() * m / (m - 1)) / whole.sum())
    high = value + half if unit != "share" else min(value + half, 1.0)
    return Estimate(
        value=value, n=len(part), low=max(value - half, 0.0), high=max(high, value), level=LEVEL,
        unit=unit, clusters=m,
    )  # fmt: skip
