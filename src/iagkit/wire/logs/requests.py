"""Tables with one row a request: opened, due, closed, and perhaps what was last done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.wire.logs import clocks, columns, ends, zones
from iagkit.wire.logs.nouns import Mapping, RawLog
from iagkit.wire.logs.times import written

if TYPE_CHECKING:
    import pandas as pd

OPENED: Final = "opened"
CLOSED: Final = "closed"
LAST: Final = "last motion"
NONE: Final = np.datetime64("NaT", "us")
END_OF_DAY: Final = np.timedelta64(86_400_000_000 - 1, "us")
MONTH: Final = np.timedelta64(30, "D")
TOLD: Final = {
    "repeated_cases": say("{n} rows repeat a case of an earlier row and were left out"),
    "differing_repeats": say("{n} of them differ from the row that was kept in one of its times"),
    "no_case": say("{n} rows without a case were left out"),
    "no_time": say("{n} cases without an opening date were left out"),
    "unread_time": say("{n} cases whose opening date cannot be read were left out"),
    "impossible_time": say(
        "{n} cases with an impossible opening date (before 1900 or after 2200) were left out"
    ),
    "placeholder_time": say(
        "{n} cases with an opening date that programs write for none (1 January 1900 or 1970) "
        "were left out"
    ),
    "after_the_cut": say("{n} cases opened after the cut of the log were left out"),
    "closed_before_opened": say("{n} cases were closed before they were opened and were left out"),
    "last_before_opened": say(
        "{n} cases were last dealt with before they were opened; that time was left out"
    ),
    "closed_without_time": say("{n} cases are closed, but nobody knows when; they were left out"),
    "unread_close": say("{n} closing dates cannot be read; the cases were taken as open"),
    "reopened": say(
        "{n} cases have a closing date and a status that is not closed; they were taken as open"
    ),
    "impossible_close": say(
        "{n} closing dates are impossible or after the cut of the log; the cases were taken as open"
    ),
}


def request_log(
    raw: RawLog,
    mapping: Mapping,
    *,
    zone: str = "",
    end_activities: Sequence[str] = (),
    until: np.datetime64 | None = None,
    groups: Sequence[str] = (),
) -> EventLog:
    """Bring a table of requests into the form of a log.

    Parameters
    ----------
    raw, mapping, zone
        As for :func:`iagkit.wire.logs.building.event_log`.
    end_activities : sequence of str
        Values of the last activity after which a case is over.
    until : datetime64, optional
    groups : sequence of str
        Columns of the table.

    Returns
    -------
    EventLog
        Activities ``opened``, ``closed``, and ``last motion`` of what is still open. Of a case in
        several rows the first is kept.

    Raises
    ------
    DataError
        If nothing usable is left.

    Notes
    -----
    A case is closed by the last activity if end activities are told; otherwise by its closing
    date, and by its status where there is one (a closing date beside a status that is not closed
    means that it was opened again); otherwise by a last activity that is a word for *closed*.
    """
    facts: dict[str, Any] = {"rows": len(raw.table)}
    roles = [r for r in ("opened", "closed", "due", "last") if getattr(mapping, r)]
    texts = {r: written(raw.table[getattr(mapping, r)], getattr(mapping, r)) for r in roles}
    clock = clocks.one_clock(texts, dates=mapping.dates, zone=zone)
    table = _one_row_a_case(raw, mapping, clock, facts)
    cut = _cut(clock) if until is None else until
    if "closed" in clock.unread:
        facts["unread_close"] = clock.unread["closed"]
    table = _usable_openings(table, cut, facts, clock)
    over, by, said = _over(raw, mapping, table, tuple(end_activities))
    facts["open_by"] = by
    table = _closings(table, over, cut, facts, by_date=by == "closing date")
    if table.empty:
        _refuse_nothing(raw.name, facts)
    cases = _cases(raw, mapping, table, groups)
    more: tuple[Message, ...] = ()
    if "due" in clock.dated and not {"opened", "closed"} <= clock.dated:
        cases["due"] = cases["due"] + END_OF_DAY
        more = (say("a deadline without a time of day was taken as the end of its day"),)
    clocks.count_deadlines(facts, clock, cases)
    counted = tuple(
        Message(told.template, {"n": facts[k]})
        for k, told in (TOLD | clocks.DEADLINES).items()
        if facts.get(k)
    )
    import pandas as pd

    return EventLog(
        events=_events(table, raw, mapping), cases=cases,
        until=pd.Timestamp(cut).to_pydatetime(), groups=tuple(map(columns.bare, groups)),
        zone=clock.zone, facts=facts,
        remarks=(*raw.remarks, *mapping.guessed, *clock.remarks, *said, *more, *counted),
    )  # fmt: skip


def _one_row_a_case(
    raw: RawLog, mapping: Mapping, clock: clocks.Clock, facts: dict[str, Any]
) -> pd.DataFrame:
    """Case, times and row number of the first row of each case."""
    import pandas as pd

    n = len(raw.table)
    rows = pd.DataFrame(index=range(n))
    if mapping.case:
        columns.refuse_rounded(raw.table[mapping.case])
    known = columns.as_text(raw.table[mapping.case]) if mapping.case else None
    rows["case"] = [str(k + 1) for k in range(n)] if known is None else known.to_numpy()
    for role in ("opened", "closed", "due", "last"):
        rows[role] = clock.times.get(role, np.full(n, NONE))
    rows["order"] = np.arange(n)
    facts["no_case"] = int(rows["case"].isna().sum())
    rows = rows[rows["case"].notna()]
    again = rows["case"].duplicated()
    facts["repeated_cases"] = int(again.sum())
    facts["copied_rows"] = columns.copies(raw.table)
    if facts["repeated_cases"]:
        kept = rows[~again].set_index("case")[["opened", "closed", "last"]]
        mine = rows.loc[again, ["opened", "closed", "last"]]
        theirs = kept.reindex(rows.loc[again, "case"]).set_axis(mine.index)
        differs = (mine != theirs) & ~(mine.isna() & theirs.isna())
        facts["differing_repeats"] = int(differs.any(axis=1).sum())
    return rows[~again].reset_index(drop=True)


def _cut(clock: clocks.Clock) -> np.datetime64:
    """Last closing or motion; and openings after it, as long as none is a month after the last.

    A single opening much later is rather a slip of the pen than a year in which nothing closed.
    """
    now = np.datetime64(datetime.now(UTC).replace(tzinfo=None), "us") + np.timedelta64(1, "D")
    told = [clock.times[r] for r in ("closed", "last") if r in clock.times]
    latest = zones.latest(told, now) if told else NONE
    opened = clock.times["opened"]
    if np.isnat(latest):
        return zones.latest([opened], now)
    after = np.sort(opened[zones.possible(opened) & (opened > latest) & (opened <= now)])
    steps = np.diff(after, prepend=latest)
    near: np.datetime64 = np.r_[latest, after][int((steps <= MONTH).cumprod().sum())]
    return near


def _usable_openings(
    table: pd.DataFrame, cut: np.datetime64, facts: dict[str, Any], clock: clocks.Clock
) -> pd.DataFrame:
    opened = table["opened"].to_numpy()
    missing, possible = np.isnat(opened), zones.possible(opened)
    facts["unread_time"] = min(clock.unread["opened"], int(missing.sum()))
    facts["no_time"] = int(missing.sum()) - facts["unread_time"]
    facts["placeholder_time"] = int(zones.placeholder(opened).sum())
    facts["impossible_time"] = int((~missing & ~possible).sum()) - facts["placeholder_time"]
    later = possible & (opened > cut)
    facts["after_the_cut"] = int(later.sum())
    return table[possible & ~later].reset_index(drop=True)


def _over(
    raw: RawLog, mapping: Mapping, table: pd.DataFrame, told: tuple[str, ...]
) -> tuple[Any, str, tuple[Message, ...]]:
    """Whether each case is closed, by whom that is said, and what is to be remarked."""
    closed = table["closed"].notna().to_numpy()
    rows = raw.table.iloc[table["order"].to_numpy()]
    if told and not mapping.last_activity:
        msg = (
            "expected --last-activity beside --end-activity, as the table has one row a case; got "
            "none. Name the column that says what was last done, or leave --end-activity out"
        )
        raise UsageError(msg)
    if told:
        last = columns.as_text(rows[mapping.last_activity])
        ends.refuse_unknown_activities(told, last.dropna())
        return (
            last.isin(told).to_numpy(),
            "end activities",
            (
                say(
                    "a case is open unless its last activity is one of {activities}",
                    activities=", ".join(told),
                ),
            ),
        )
    by_status = ends.by_status(rows[mapping.status], mapping.status) if mapping.status else None
    if mapping.closed:
        said = (
            say(
                "a case is open where its {column} is empty or after the cut of the log",
                column=mapping.closed,
            ),
        )
        if by_status is None:
            return closed, "closing date", said
        return by_status.over, "closing date and status", (*said, *by_status.remarks)
    if by_status is not None:
        return by_status.over, by_status.by, by_status.remarks
    if mapping.last_activity:
        last = rows[mapping.last_activity]
        found = ends.by_status(last, mapping.last_activity)
        if found is not None:
            return found.over, "words", found.remarks
    return (
        np.zeros(len(table), dtype=bool),
        "nothing",
        (
            say(
                "nothing says which cases are open: all were taken as open; say --closed or "
                "--status, or --end-activity with --last-activity"
            ),
        ),
    )


def _closings(
    table: pd.DataFrame, over: Any, cut: np.datetime64, facts: dict[str, Any], *, by_date: bool
) -> pd.DataFrame:
    """Closing time of what is over; left out where it cannot be."""
    opened, closed, last = (table[c].to_numpy().copy() for c in ("opened", "closed", "last"))
    dated = ~np.isnat(closed)
    facts["reopened"] = 0 if by_date else int((dated & ~over).sum())
    if not dated.any():
        closed = np.where(over, last, NONE)
    wrong = over & ~np.isnat(closed) & (~zones.possible(closed) | (closed > cut))
    facts["impossible_close"] = int(wrong.sum())
    over = over & ~wrong
    untimed = over & np.isnat(closed)
    backwards = over & (closed < opened)
    facts["closed_without_time"] = int(untimed.sum())
    facts["closed_before_opened"] = int(backwards.sum())
    early = ~over & (last < opened)
    facts["last_before_opened"] = int(early.sum())
    last = np.where(early | ~zones.possible(last) | (last > cut), NONE, last)
    table = table.assign(closed=np.where(over, closed, NONE), last=last)
    kept: pd.DataFrame = table[~untimed & ~backwards].reset_index(drop=True)
    return kept


def _refuse_nothing(name: str, facts: dict[str, Any]) -> None:
    why = ", ".join(
        f"{key.replace('_', ' ')}: {n}" for key, n in facts.items() if isinstance(n, int) and n
    )
    msg = (
        f"expected requests with a possible opening date; '{name}' has none that can be used "
        f"({why}). Are --opened and --closed the right columns, and not swapped?"
    )
    raise DataError(msg)


def _cases(
    raw: RawLog, mapping: Mapping, table: pd.DataFrame, groups: Sequence[str]
) -> pd.DataFrame:
    used = [name for name in mapping.columns().values() if name not in groups]
    used = [n for n in used if n not in (mapping.status, mapping.last_activity)]
    rows = raw.table.iloc[table["order"].to_numpy()].reset_index(drop=True)
    due = table["due"].to_numpy()
    cases = table[["case", "opened", "closed"]].assign(due=np.where(zones.possible(due), due, NONE))
    own = {columns.bare(str(n)): rows[n] for n in rows.columns if n not in used}
    whole: pd.DataFrame = cases.assign(**own).sort_values("case", kind="stable", ignore_index=True)
    return whole


def _events(table: pd.DataFrame, raw: RawLog, mapping: Mapping) -> pd.DataFrame:
    """Two events a case that is closed; one, and what was last done, of one that is open."""
    import pandas as pd

    who: Any = pd.Series([None] * len(table), dtype=columns.text_type())
    if mapping.resource:
        who = columns.as_text(raw.table[mapping.resource]).iloc[table["order"].to_numpy()]
        who = who.set_axis(table.index)
    parts = []
    waiting = table["closed"].isna() & table["last"].notna()
    for number, (activity, times, rows) in enumerate((
        (OPENED, table["opened"], table["opened"].notna()),
        (LAST, table["last"], waiting),
        (CLOSED, table["closed"], table["closed"].notna()),
    )):  # fmt: skip
        part = pd.DataFrame({
            "case": table["case"], "activity": activity, "start": NONE, "end": times,
            "resource": who, "order": table["order"], "_number": number,
        })  # fmt: skip
        parts.append(part[rows.to_numpy()])
    events = pd.concat(parts)
    events["start"] = events["start"].astype("datetime64[us]")
    events = events.sort_values(["case", "end", "_number"], kind="stable").reset_index(drop=True)
    result: pd.DataFrame = events.drop(columns="_number")
    return result
