"""A raw log and its mapping → the log in one form; what had to be dropped is counted and said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.event_log import MAX_ACTIVITIES, EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING
from iagkit.wire.logs import clocks, columns, ends, lifecycle, requests, zones
from iagkit.wire.logs.mapping import as_raw
from iagkit.wire.logs.nouns import TRACE, Mapping, RawLog
from iagkit.wire.logs.times import Written, written

if TYPE_CHECKING:
    import pandas as pd

NONE: Final = np.datetime64("NaT", "us")
END_OF_DAY: Final = np.timedelta64(86_400_000_000 - 1, "us")


def event_log(
    table: RawLog | pd.DataFrame,
    mapping: Mapping,
    *,
    zone: str = "",
    end_activities: Sequence[str] = (),
    until: datetime | None = None,
    groups: Sequence[str] = (),
) -> EventLog:
    """Bring a log into one form.

    Parameters
    ----------
    table : RawLog or DataFrame
    mapping : Mapping
        Which column is what; see :func:`iagkit.wire.logs.mapping.guess`.
    zone : str
        Time zone to have all times in, an IANA name; empty: what the offsets of the times tell.
    end_activities : sequence of str
        Activities after which a case is over; for requests, values of ``last_activity``.
    until : datetime, optional
        When the log was cut, in local time unless it has a zone of its own: what is later is left
        out, and what had not ended by then is open. Default: the last time of the log that is not
        in the future.
    groups : sequence of str
        Columns to compare, with or without ``case:``.

    Returns
    -------
    EventLog
        ``remarks`` say what was guessed and dropped; ``facts`` count it: ``rows`` of the file and
        how many had ``no_case``, ``no_time``, ``unread_time``, ``impossible_time``,
        ``placeholder_time`` or were ``after_the_cut``; ``copied_rows``, ``repeated_cases``,
        ``closed_before_opened``, ``ended_before_started``, ``starts_without_end``,
        ``ends_without_start``, ``other_transitions``; and ``open_by``, who says which cases are
        open.

    Raises
    ------
    DataError
        If a column holds no times, nothing usable is left, or an end activity is not in the log.
    UsageError
        If there is no time zone of this name.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "case": ["007", "007", "008"], "activity": ["in", "out", "in"],
    ...     "timestamp": ["2024-03-04 09:00", "2024-03-06 10:00", "2024-03-05 09:30"],
    ... })
    >>> from iagkit.wire.logs.mapping import guess
    >>> log = event_log(rows, guess(rows), end_activities=["out"])
    >>> log.cases["closed"].notna().tolist(), str(log.until)
    ([True, False], '2024-03-06 10:00:00')
    """
    raw = as_raw(table)
    zones.refuse_unknown_zone(zone)
    wanted = tuple(columns.resolve(raw, group) for group in groups)
    cut = None if until is None else np.datetime64(zones.local(until, zone), "us")
    if mapping.kind == "requests":
        return requests.request_log(
            raw, mapping, zone=zone, end_activities=end_activities, until=cut, groups=wanted
        )
    return _from_events(raw, mapping, zone, tuple(end_activities), cut, wanted)


def _from_events(
    raw: RawLog,
    mapping: Mapping,
    zone: str,
    told: tuple[str, ...],
    until: np.datetime64 | None,
    groups: tuple[str, ...],
) -> EventLog:
    facts: dict[str, Any] = {"rows": len(raw.table)}
    events, clock = _events(raw, mapping, zone, facts)
    remarks = [*raw.remarks, *mapping.guessed, *clock.remarks]
    _refuse_nothing(events, raw.name, facts)
    if told:
        ends.refuse_unknown_activities(told, events["activity"])
    if "transition" in events.columns:
        events, said = lifecycle.paired(events, facts)
        remarks += said
    cut = _cut(events, until)
    facts["after_the_cut"] = int((events["end"].to_numpy() > cut).sum())
    events = events[events["end"].to_numpy() <= cut]
    _refuse_nothing(events, raw.name, facts)
    events = _sorted(_without_negative_work(events, facts))
    ids = events["case"].drop_duplicates().tolist()
    code = np.cumsum(np.r_[0, events["case"].to_numpy()[1:] != events["case"].to_numpy()[:-1]])
    events["code"] = code
    cases, said = _cases(raw, mapping, events, clock, ids, groups)
    remarks += said
    ended = _ended(raw, mapping, events, cases, clock, told, cut)
    facts["open_by"] = ended.by
    last = cases.pop("_last").to_numpy()
    closed = last if ended.at is None else _not_before(ended.at, cases, last, ended.over, facts)
    cases["closed"] = np.where(ended.over, closed, NONE)
    clocks.count_deadlines(facts, clock, cases)
    return EventLog(
        events=_finished(raw, mapping, events, cases), cases=cases, until=_python(cut),
        groups=tuple(columns.bare(g) for g in groups), zone=clock.zone,
        remarks=(*remarks, *ended.remarks, *told_of(facts)), facts=facts,
    )  # fmt: skip


def _events(
    raw: RawLog, mapping: Mapping, zone: str, facts: dict[str, Any]
) -> tuple[pd.DataFrame, clocks.Clock]:
    """Rows with a case and a possible time; counted where they have none."""
    import pandas as pd

    table = raw.table
    activity = _activity(raw, mapping.activity)
    _refuse_ids(activity, mapping.activity)
    columns.refuse_rounded(table[mapping.case])
    clock = clocks.one_clock(_written(raw, mapping), dates=mapping.dates, zone=zone)
    end = clock.times["timestamp"]
    events = pd.DataFrame({
        "case": columns.as_text(table[mapping.case]),
        "activity": activity.fillna(MISSING),
        "start": clock.times.get("start", np.full(len(table), NONE)),
        "end": end,
        "resource": _resource(table, mapping.resource),
        "order": np.arange(len(table)),
    })  # fmt: skip
    if mapping.lifecycle and lifecycle.is_standard(table[mapping.lifecycle]):
        events["transition"] = table[mapping.lifecycle].to_numpy()
        if mapping.instance:
            events["instance"] = table[mapping.instance].to_numpy()
    if "closed" in clock.unread:
        facts["unread_close"] = clock.unread["closed"]
    facts["copied_rows"] = columns.copies(table)
    facts["no_case"] = int(events["case"].isna().sum())
    facts["no_activity"] = int((events["activity"] == MISSING).sum())
    facts["unread_time"] = clock.unread["timestamp"]
    facts["no_time"] = int(np.isnat(end).sum()) - facts["unread_time"]
    facts["placeholder_time"] = int(zones.placeholder(end).sum())
    facts["impossible_time"] = (
        int((~np.isnat(end) & ~zones.possible(end)).sum()) - facts["placeholder_time"]
    )
    kept = zones.possible(end) & events["case"].notna().to_numpy()
    return events[kept], clock


def _resource(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    import pandas as pd

    if name:
        return columns.as_text(table[name])
    return pd.Series([None] * len(table), index=table.index, dtype=columns.text_type())


def _written(raw: RawLog, mapping: Mapping) -> dict[str, Written]:
    """Columns of times by role; those of XES cases are brought to the cases later."""
    result = {}
    for role in ("timestamp", "start", "due", "closed", "opened"):
        if name := getattr(mapping, role):
            held = raw.table if name in raw.table.columns else raw.cases
            result[role] = written(held[name], name)
    return result


def _activity(raw: RawLog, name: str) -> pd.Series[Any]:
    """The column, or the keys of a classifier joined by ``+``."""
    if name in raw.table.columns:
        return columns.as_text(raw.table[name])
    keys = [key for key in raw.classifiers.get(name, ()) if key in raw.table.columns]
    if not keys:
        msg = (
            f"expected a column or a classifier '{name}' for --activity; '{raw.name}' has neither "
            "with its keys. Name a column"
        )
        raise DataError(msg)
    parts = [columns.as_text(raw.table[key]).fillna("") for key in keys]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "+" + part
    return joined


def _refuse_ids(activity: pd.Series[Any], name: str) -> None:
    """Refuse what is no activity before hours are spent on it."""
    found = activity.nunique()
    if found > MAX_ACTIVITIES:
        msg = (
            f"expected at most {MAX_ACTIVITIES:,} different activities; the column '{name}' has "
            f"{found:,} for {len(activity):,} events. Is it the number of a case, or free text? "
            "Name another column with --activity"
        )
        raise DataError(msg)


def _cut(events: pd.DataFrame, until: np.datetime64 | None) -> np.datetime64:
    if until is not None:
        return until
    now = np.datetime64(datetime.now(UTC).replace(tzinfo=None), "us") + np.timedelta64(1, "D")
    return zones.latest([events["end"].to_numpy(dtype="datetime64[us]")], now)


def _refuse_nothing(events: pd.DataFrame, name: str, facts: dict[str, Any]) -> None:
    if len(events):
        return
    why = ", ".join(f"{key.replace('_', ' ')}: {n}" for key, n in facts.items() if n)
    msg = (
        f"expected events with a case and a possible time; '{name}' has none that can be used "
        f"({why}). Are case and time the right columns?"
    )
    raise DataError(msg)


def _without_negative_work(events: pd.DataFrame, facts: dict[str, Any]) -> pd.DataFrame:
    """Work that ends before it starts has an unknown start; so has one of an impossible start."""
    start, end = events["start"].to_numpy(), events["end"].to_numpy()
    backwards = start > end
    facts["ended_before_started"] = int(backwards.sum())
    wrong = backwards | (~np.isnat(start) & ~zones.possible(start))
    facts["impossible_start"] = int(wrong.sum()) - facts["ended_before_started"]
    return events.assign(start=np.where(wrong, NONE, start))


def _sorted(events: pd.DataFrame) -> pd.DataFrame:
    return events.sort_values(["case", "end", "order"], kind="stable").reset_index(drop=True)


def _cases(
    raw: RawLog,
    mapping: Mapping,
    events: pd.DataFrame,
    clock: clocks.Clock,
    ids: list[str],
    groups: tuple[str, ...],
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    rows = raw.table.iloc[events["order"].to_numpy()]
    code = events["code"].to_numpy()
    used = [name for name in mapping.columns().values() if name not in groups]
    own, said = columns.of_cases(raw, rows, code, ids, used, groups)
    begun = np.fmin(events["start"].to_numpy(), events["end"].to_numpy())
    opened = events.assign(_begun=begun).groupby("code")["_begun"].min().to_numpy()
    last = events.groupby("code")["end"].max().to_numpy()
    due, more = _of_each(raw, mapping.due, clock, "due", events, ids)
    if "due" in clock.dated and "timestamp" not in clock.dated:
        due = due + END_OF_DAY
        more += (say("a deadline without a time of day was taken as the end of its day"),)
    own.insert(0, "case", events["case"].drop_duplicates().to_numpy())
    own.insert(1, "opened", opened)
    own.insert(2, "closed", np.full(len(ids), NONE))
    own.insert(3, "due", due)
    own["_last"] = last
    return own, (*said, *more)


def _of_each(
    raw: RawLog, name: str, clock: clocks.Clock, role: str, events: pd.DataFrame, ids: list[str]
) -> tuple[Any, tuple[Message, ...]]:
    """One time a case, from a column of the case or of its events (then the last one written)."""
    import pandas as pd

    if not name:
        return np.full(len(ids), NONE), ()
    times = clock.times[role]
    times = np.where(zones.possible(times), times, NONE)
    if name not in raw.table.columns:
        of = pd.Series(times, index=columns.as_text(raw.cases[TRACE]).to_numpy())
        return of[~of.index.duplicated()].reindex(ids).to_numpy(), ()
    mine = pd.Series(times[events["order"].to_numpy()], index=events["code"].to_numpy()).dropna()
    by = mine.groupby(level=0)
    changed = int((by.nunique() > 1).sum())
    said = (
        (
            say(
                "of {n} cases, whose {column} changes, the last value was taken",
                n=changed,
                column=name,
            ),
        )
        if changed
        else ()
    )
    return by.last().reindex(range(len(ids))).to_numpy(), said


def _ended(
    raw: RawLog,
    mapping: Mapping,
    events: pd.DataFrame,
    cases: pd.DataFrame,
    clock: clocks.Clock,
    told: tuple[str, ...],
    cut: np.datetime64,
) -> ends.Ended:
    last = events[events["end"].to_numpy() == cases["_last"].to_numpy()[events["code"]]]
    if told:
        return ends.by_activity(last, told, len(cases))
    ids = cases["case"].tolist()
    if mapping.closed:
        closed, _ = _of_each(raw, mapping.closed, clock, "closed", events, ids)
        said = say(
            "a case is open where its {column} is empty or after the cut of the log",
            column=mapping.closed,
        )
        return ends.Ended(over=closed <= cut, by="closing date", remarks=(said,), at=closed)
    if mapping.status:
        rows = raw.table if mapping.status in raw.table.columns else None
        if rows is not None:
            status = rows[mapping.status].iloc[events["order"].to_numpy()]
            status = status.groupby(events["code"].to_numpy()).last()
            found = ends.by_status(status.reindex(range(len(ids))), mapping.status)
            if found is not None:
                return found
    return ends.as_it_seems(events, cut)


def _not_before(
    closed: Any, cases: pd.DataFrame, last: Any, over: Any, facts: dict[str, Any]
) -> Any:
    """Closing dates; where one is before the opening, the time of the last event."""
    backwards = over & (closed < cases["opened"].to_numpy())
    facts["closed_before_opened"] = int(backwards.sum())
    return np.where(backwards, last, closed)


def _finished(
    raw: RawLog, mapping: Mapping, events: pd.DataFrame, cases: pd.DataFrame
) -> pd.DataFrame:
    """Columns of every log first, then the attributes of the events."""
    rows = raw.table.iloc[events["order"].to_numpy()]
    used = mapping.columns()
    if mapping.lifecycle and not lifecycle.is_standard(raw.table[mapping.lifecycle]):
        del used["lifecycle"]
    more = columns.of_events(rows, list(used.values()), cases)
    return events[["case", "activity", "start", "end", "resource", "order"]].assign(**more)


def _python(moment: np.datetime64) -> datetime:
    import pandas as pd

    return pd.Timestamp(moment).to_pydatetime()


TOLD: Final = {
    "no_activity": say("{n} rows without an activity were kept as one of its own, (missing)"),
    "no_case": say("{n} rows without a case were left out"),
    "no_time": say("{n} rows without a time were left out"),
    "unread_time": say("{n} rows whose time cannot be read were left out"),
    "impossible_time": say(
        "{n} rows with an impossible time (before 1900 or after 2200) were left out"
    ),
    "placeholder_time": say(
        "{n} rows with a time that programs write for none (1 January 1900 or 1970) were left out"
    ),
    "after_the_cut": say("{n} rows after the cut of the log were left out"),
    "ended_before_started": say(
        "{n} pieces of work end before they start; their start is unknown now"
    ),
    "impossible_start": say("{n} pieces of work have an impossible start; it is unknown now"),
    "closed_before_opened": say(
        "{n} cases have a closing date before their first event; the time of the last one was taken"
    ),
    "unread_close": say("{n} closing dates cannot be read; the cases were taken as open"),
    "copied_rows": say("{n} rows are the same as an earlier row in every column; they were kept"),
}


def told_of(facts: dict[str, Any]) -> tuple[Message, ...]:
    """Say what was counted on the way in."""
    return tuple(
        Message(told.template, {"n": facts[key]})
        for key, told in (TOLD | clocks.DEADLINES).items()
        if facts.get(key)
    )
