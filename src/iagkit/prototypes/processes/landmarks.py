"""Evenings on which a running case is looked at: what was known then, and how long to its deadline.

A list of open cases is made on an evening, not at an event. So the chance to be late is learnt and
tested on evenings too [1]_: each running case with a deadline ahead, as it stood that evening.

References
----------
.. [1] Van Houwelingen (2007). Dynamic prediction by landmarking in event history analysis.
   Scandinavian Journal of Statistics 34(1), 70-85.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.prototypes.processes.prefixes import DAY, Floats, Ints, Prefixes, Times, prefixes

STEPS_DAYS: Final = (1, 7, 28)
"""Days between two evenings that are tried: the first with which there are not too many rows."""
MOST: Final = 60_000
"""Rows from which on fewer evenings are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Running cases on evenings; arrays have shape (n,).

    Parameters
    ----------
    prefixes : Prefixes
        What was known after each event of each case.
    row : ndarray of int
        Row of ``prefixes`` that was the last of the case on that evening.
    at, due : ndarray of datetime64
        The evening, and the deadline, which lies after it.
    late : ndarray of bool
        Whether the deadline was missed. Means nothing while it lies after the cut of the log.
    step_days : int
        Days between two evenings.
    """

    prefixes: Prefixes
    row: Ints
    at: Times
    due: Times
    late: NDArray[np.bool_]
    step_days: int

    def __len__(self) -> int:
        return len(self.row)

    @property
    def case(self) -> Ints:
        """Number of the case of each row, by its first event."""
        return self.prefixes.case[self.row]

    @property
    def days_to_due(self) -> Floats:
        """Days from the evening to the deadline."""
        return np.asarray((self.due - self.at) / DAY, dtype=np.float64)

    @property
    def idle_days(self) -> Floats:
        """Days since anything was done."""
        return np.asarray((self.at - self.prefixes.at[self.row]) / DAY, dtype=np.float64)

    def where(self, chosen: NDArray[np.bool_]) -> Landmarks:
        """Some of the rows."""
        return Landmarks(
            prefixes=self.prefixes, row=self.row[chosen], at=self.at[chosen], due=self.due[chosen],
            late=self.late[chosen], step_days=self.step_days,
        )  # fmt: skip


def every_prefix(log: EventLog, *, attributes: Sequence[str] = ()) -> Prefixes:
    """Prefixes of all cases, from the first event on and with the last, as open cases need them."""
    return prefixes(log, attributes=attributes, whole=True, first=1, min_events=1)


def landmarks(log: EventLog, rows: Prefixes) -> Landmarks:
    """Look at running cases on evenings from the first event of the log to its cut.

    Parameters
    ----------
    log : EventLog
        With deadlines.
    rows : Prefixes
        Of :func:`every_prefix`.

    Returns
    -------
    Landmarks
        In the order of ``rows``, then of time.

    Raises
    ------
    DataError
        If no case has a deadline.
    """
    due, closed = (_of_case(log, rows, column) for column in ("due", "closed"))
    if np.isnat(due).all():
        msg = "expected deadlines of cases; got none. Say --due with the column that holds them"
        raise DataError(msg)
    until = np.datetime64(log.until, "us")
    over = np.where(np.isnat(closed), until, closed)
    stop = np.fmin(np.fmin(over, due), _next(rows, until))
    stop = np.where(np.isnat(due), rows.at, stop)
    start = rows.at.min().astype("datetime64[D]").astype("datetime64[us]")
    for step in STEPS_DAYS:
        first, last = (_evenings(times, start, step) for times in (rows.at, stop))
        many = np.maximum(last - first, 0)
        if many.sum() <= MOST:
            break
    row = np.repeat(np.arange(len(rows)), many)
    place = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many) + first[row]
    late = np.isnat(closed) | (closed > due)
    return Landmarks(
        prefixes=rows, row=row, at=start + place * (step * DAY), due=due[row], late=late[row],
        step_days=step,
    )  # fmt: skip


def running(log: EventLog, rows: Prefixes) -> Landmarks:
    """Cases that are open when the log ends, as they stand then; also those without a deadline."""
    due, closed = (_of_case(log, rows, column) for column in ("due", "closed"))
    until = np.datetime64(log.until, "us")
    here = np.isnat(closed) & (np.r_[rows.case[1:] != rows.case[:-1], True])
    row = np.flatnonzero(here)
    return Landmarks(
        prefixes=rows, row=row, at=np.full(len(row), until), due=due[row],
        late=due[row] < until, step_days=1,
    )  # fmt: skip


def _of_case(log: EventLog, rows: Prefixes, column: str) -> NDArray[Any]:
    """A time of its case for each prefix."""
    told = log.cases.set_index("case")[column].reindex(rows.names)
    return np.asarray(told.to_numpy(dtype="datetime64[us]"))


def _next(rows: Prefixes, until: np.datetime64) -> Times:
    """Time of the next event of the case; that of the cut after its last."""
    same = np.r_[rows.case[1:] == rows.case[:-1], False]
    return np.where(same, np.r_[rows.at[1:], rows.at[-1:]], until)


def _evenings(times: Times, start: np.datetime64, step: int) -> Ints:
    """Number of the first evening that is not before each time."""
    return np.ceil((times - start) / (step * DAY)).astype(np.int64)
