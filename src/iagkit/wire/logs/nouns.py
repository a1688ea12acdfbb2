"""A log as its file holds it, and which of its columns is what."""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from iagkit.core.message import Message

Kind = Literal["events", "requests"]
Dates = Literal["", "day-first", "month-first"]
TRACE: Final = "case:concept:name"
"""Column with the case of an XES log."""
OF_CASE: Final = "case:"
"""What the names of columns of the case begin with, in logs made from XES."""
FLAGS: Final = MappingProxyType({
    "case": "--case-id", "activity": "--activity", "timestamp": "--timestamp", "start": "--start",
    "resource": "--resource", "lifecycle": "--lifecycle", "instance": "--instance",
    "opened": "--opened", "closed": "--closed", "due": "--due", "status": "--status",
    "last": "--last-motion", "last_activity": "--last-activity",
})  # fmt: skip
"""Role of a column → the flag that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLog:
    """A log as it was read: nothing dropped, nothing guessed.

    Parameters
    ----------
    name : str
        Name of the file, without folders.
    table : DataFrame
        One row an event, or one row a request, in the order of the file.
    cases : DataFrame, optional
        One row a case, with its own attributes (XES); the column ``case:concept:name`` links them.
    classifiers : mapping of str to tuple of str
        Ways to name an activity that an XES log declares: name → keys.
    sha256 : str
        Digest of the bytes as stored; empty where there is no file.
    remarks : tuple of Message
        What was chosen in reading.
    """

    name: str
    table: Any
    cases: Any = None
    classifiers: abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sha256: str = ""
    remarks: tuple[Message, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of events and cases."""
        of_cases = () if self.cases is None else self.cases.columns
        return tuple(dict.fromkeys([*map(str, self.table.columns), *map(str, of_cases)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Which column is what; empty where there is none.

    Parameters
    ----------
    kind : {"events", "requests"}
        One row an event, or one row a case with its opening and closing.
    case : str
        Column with the case; for requests it may be empty: each row is a case.
    activity : str
        Column with what was done, or the name of a classifier of an XES log.
    timestamp : str
        When it was done (ended).
    start : str
        When it was begun, where events have two times.
    resource, lifecycle, instance : str
        Who did it; whether the row is a start or an end (``lifecycle:transition``); which start
        belongs to which end (``concept:instance``).
    opened, closed, due, status : str
        Of the case: arrival, end, deadline, and a word that tells whether it is open.
    last, last_activity : str
        Of a request: when something was last done, and what.
    dates : {"", "day-first", "month-first"}
        How ``04/03/2024`` is read; empty: told by the dates themselves, or refused.
    guessed : tuple of Message
        What nobody told.
    """

    kind: Kind
    case: str = ""
    activity: str = ""
    timestamp: str = ""
    start: str = ""
    resource: str = ""
    lifecycle: str = ""
    instance: str = ""
    opened: str = ""
    closed: str = ""
    due: str = ""
    status: str = ""
    last: str = ""
    last_activity: str = ""
    dates: Dates = ""
    guessed: tuple[Message, ...] = ()

    def columns(self) -> dict[str, str]:
        """Role → column, of the roles that a column has."""
        return {role: getattr(self, role) for role in FLAGS if getattr(self, role)}
