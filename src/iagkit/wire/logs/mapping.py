"""Which column is what: as told, and otherwise by name; what nobody told is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.wire import headers, validate
from iagkit.wire.logs.names import candidates
from iagkit.wire.logs.nouns import FLAGS, Dates, Kind, Mapping, RawLog

if TYPE_CHECKING:
    import pandas as pd

EVENTS: Final = ("case", "activity", "timestamp", "start", "resource", "lifecycle", "instance",
                 "due")  # fmt: skip
REQUESTS: Final = ("case", "opened", "closed", "due", "status", "last", "last_activity")
NEEDED: Final = {"events": ("case", "activity", "timestamp"), "requests": ("opened",)}
APART: Final = ("case", "activity", "timestamp", "start", "opened", "closed", "due")
"""Roles that no column can have two of."""
ORDERS: Final = ("", "day-first", "month-first")


def guess(
    table: RawLog | pd.DataFrame,
    *,
    case_id: str = "",
    activity: str = "",
    timestamp: str = "",
    start: str = "",
    resource: str = "",
    lifecycle: str = "",
    instance: str = "",
    opened: str = "",
    closed: str = "",
    due: str = "",
    status: str = "",
    last: str = "",
    last_activity: str = "",
    dates: Dates = "",
) -> Mapping:
    """Find out which column of a log is what.

    Parameters
    ----------
    table : RawLog or DataFrame
    case_id, activity, timestamp, ... : str
        What is known; names of columns, for ``activity`` also of a classifier of an XES log.
        Columns that are not told are recognised by their names: those of XES, then what
        institutions call them in English, Spanish and Portuguese.
    dates : {"", "day-first", "month-first"}

    Returns
    -------
    Mapping
        A table with an activity a row is a log of events, one with an opening date and no
        activity a table of requests. ``guessed`` says what nobody told. To leave a role out that
        was guessed, use ``dataclasses.replace(mapping, lifecycle="")``.

    Raises
    ------
    DataError
        If a column that was told is not there.
    UsageError
        If a column that is needed is not recognised, or several may be meant; the candidates are
        listed with the flag to give.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"Expediente": ["007"], "Actividad": ["alta"], "Fecha": ["2024-03-04"]})
    >>> found = guess(log)
    >>> found.case, found.activity, found.timestamp
    ('Expediente', 'Actividad', 'Fecha')
    """
    raw = as_raw(table)
    if dates not in ORDERS:
        msg = f"expected day-first or month-first for --dates; got '{dates}'"
        raise UsageError(msg)
    told = {
        "case": case_id, "activity": activity, "timestamp": timestamp, "start": start,
        "resource": resource, "lifecycle": lifecycle, "instance": instance, "opened": opened,
        "closed": closed, "due": due, "status": status, "last": last,
        "last_activity": last_activity,
    }  # fmt: skip
    said = {role: _present(raw, role, name) for role, name in told.items() if name}
    _refuse_twice(said)
    kind = _kind(raw, said)
    if kind == "events":
        _refuse_of_requests(said)
    if kind == "requests" and "timestamp" in said:
        said["opened"] = said.pop("timestamp")
    roles = EVENTS if kind == "events" else REQUESTS
    found, remarks = _guessed(raw, said, kind, roles)
    roles_of: dict[str, Any] = {**said, **found}
    return Mapping(kind=kind, dates=dates, guessed=remarks, **roles_of)


def as_raw(table: RawLog | pd.DataFrame) -> RawLog:
    """Take a DataFrame as a log that was read from nowhere."""
    return table if isinstance(table, RawLog) else RawLog(name="the table", table=table)


def _present(raw: RawLog, role: str, name: str) -> str:
    columns = list(raw.columns)
    if role == "activity" and name in raw.classifiers:
        return name
    if f"case:{name}" in columns and name not in columns:
        return f"case:{name}"
    return validate.present(columns, name, option=FLAGS[role])


def _refuse_twice(said: dict[str, str]) -> None:
    """Refuse one column for two things of which none can be the other."""
    held: dict[str, str] = {}
    for role in APART:
        name = said.get(role)
        if name is None:
            continue
        if name in held:
            msg = (
                f"expected different columns for {FLAGS[held[name]]} and {FLAGS[role]}; got "
                f"'{name}' for both. Leave one of them out, or name its own column"
            )
            raise UsageError(msg)
        held[name] = role


def _refuse_of_requests(said: dict[str, str]) -> None:
    """Refuse what is never looked at in a table with one row an event."""
    role = next((role for role in ("opened", "last", "last_activity") if role in said), None)
    if role is None:
        return
    msg = (
        f"expected --opened, --last-motion and --last-activity only of a table with one row a "
        f"case; got {FLAGS[role]} beside --activity, --start, --lifecycle or --instance, which are "
        "of a table with one row an event. Leave one of them out"
    )
    raise UsageError(msg)


def _kind(raw: RawLog, said: dict[str, str]) -> Kind:
    """Without an activity a table is one of requests, and the time of a row that of its opening."""
    if {"activity", "start", "lifecycle", "instance"} & set(said):
        return "events"
    if {"opened", "last", "last_activity"} & set(said):
        return "requests"
    columns = tuple(c for c in raw.columns if c not in said.values())
    if candidates("activity", columns):
        return "events"
    opens = "timestamp" in said or candidates("opened", columns)
    closes = {"closed", "status", "due"} & set(said) or any(
        candidates(role, columns) for role in ("closed", "status", "last")
    )
    return "requests" if opens and closes else "events"


def _guessed(
    raw: RawLog, said: dict[str, str], kind: Kind, roles: tuple[str, ...]
) -> tuple[dict[str, str], tuple[Message, ...]]:
    free = tuple(c for c in raw.columns if c not in said.values())
    found: dict[str, str] = {}
    remarks: list[Message] = []
    for role in roles:
        if role in said:
            continue
        left = tuple(c for c in free if c not in found.values())
        fits = _of_role(role, left, kind, said)
        if role not in NEEDED[kind] and len(fits) > 1 and role != "case":
            remarks.append(
                say(
                    "columns {columns} may each be meant by {flag}; none was taken",
                    columns=", ".join(fits),
                    flag=FLAGS[role],
                )
            )
        elif fits:
            found[role] = fits[0] if len(fits) == 1 else _one_of(raw, role, fits)
        elif role in NEEDED[kind]:
            _refuse_unknown(raw, role, kind)
    if found:
        pairs = ", ".join(f"{FLAGS[role]} {column}" for role, column in found.items())
        remarks.insert(0, say("columns were recognised by their names: {columns}", columns=pairs))
    return found, tuple(remarks)


def _of_role(role: str, columns: tuple[str, ...], kind: Kind, said: dict[str, str]) -> list[str]:
    """Candidates; the time of an event is its end, or its only time, or its start."""
    if role == "due" and kind == "events":
        return candidates(role, columns)
    if role == "start" and "timestamp" in said:
        return []  # whoever names the time of an event names its start too, if it counts
    if role != "timestamp":
        return candidates(role, columns)
    exact = [c for c in columns if c.lower() == "time:timestamp"]
    return (
        exact
        or candidates("end", columns)
        or candidates("timestamp", columns)
        or candidates("start", columns)
    )


def _one_of(raw: RawLog, role: str, fits: list[str]) -> str:
    """Columns that part the rows in the same way are no choice."""
    if role == "case" and all(c in raw.table.columns for c in fits):
        codes = [_codes(raw.table[c]) for c in fits]
        if all(bool((codes[0] == other).all()) for other in codes[1:]):
            return fits[0]
    msg = (
        f"expected one column for {FLAGS[role]} in '{raw.name}'; {headers.listed(fits)} may "
        f"be meant. Say {FLAGS[role]} with one of them"
    )
    raise UsageError(msg)


def _codes(column: pd.Series[Any]) -> Any:
    import pandas as pd

    return pd.factorize(column)[0]


def _refuse_unknown(raw: RawLog, role: str, kind: Kind) -> None:
    shown = headers.listed(raw.columns)
    other = (
        " A table with one row a request has no activity: say --opened and --closed instead."
        if kind == "events"
        else ""
    )
    msg = (
        f"expected a column for {FLAGS[role]} in '{raw.name}'; no name is one that iagkit knows. "
        f"Say {FLAGS[role]} with one of them; it has {shown}.{other}"
    )
    raise UsageError(msg)
