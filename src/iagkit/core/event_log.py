"""The event log: what happened to each case, when, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from iagkit.core.errors import DataError
from iagkit.core.message import Message

EVENT_COLUMNS = ("case", "activity", "start", "end", "resource", "order")
CASE_COLUMNS = ("case", "opened", "closed", "due")
MAX_ACTIVITIES = 5000
"""Different activities that a map may have; more are texts or ids."""
FEW = "(fewer than 5 cases)"
"""Name of all groups of a column that are too small to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLog:
    """A log in one form, whatever file it came in.

    Parameters
    ----------
    events : dataframe, one row a piece of work
        ``case`` and ``activity`` text; ``start`` and ``end`` local time without zone (``start`` is
        missing where the log has one time an event); ``resource`` text or missing; ``order`` the
        row of the file. Sorted by case, then ``end``, then ``order``.
    cases : dataframe, one row a case
        ``case``; ``opened``; ``closed``, missing while the case is open; ``due``, missing where
        there is no deadline; then the columns named in ``groups`` and any other of the case.
    until : datetime
        When the log was cut: what is open then is *at least* so old.
    groups : tuple of str
        Columns of ``cases`` to compare.
    zone : str
        Time zone of all times, an IANA name; empty if nothing tells.
    remarks : tuple of Message
        What was changed or guessed on the way in.
    """

    events: Any
    cases: Any
    until: datetime
    groups: tuple[str, ...] = ()
    zone: str = ""
    remarks: tuple[Message, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))
        for name, table, needed in (
            ("events", self.events, EVENT_COLUMNS),
            ("cases", self.cases, (*CASE_COLUMNS, *self.groups)),
        ):
            missing = [column for column in needed if column not in table.columns]
            if missing:
                msg = f"'{name}' of a log needs the columns {', '.join(needed)}; without {missing}"
                raise DataError(msg)

    @property
    def timed_work(self) -> bool:
        """Whether starts of work are known, so that waiting and working can be told apart."""
        return bool(self.events["start"].notna().any())
