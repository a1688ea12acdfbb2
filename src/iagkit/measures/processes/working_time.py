"""How long cases take in the time in which an office is open, beside the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats
from iagkit.measures.processes.arrivals import are_dates
from iagkit.measures.processes.clock import BusinessClock
from iagkit.measures.processes.durations import named
from iagkit.measures.processes.survival import kaplan_meier, quantile
from iagkit.measures.rates import share

Mask = NDArray[np.bool_]
SHORT: Final = 2.0
"""Working days below which times are told in working hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """One number a case; all arrays have one length.

    Parameters
    ----------
    hours : ndarray of float
        Open hours from opening to closing, or to the cut of the log.
    closed : ndarray of bool
    groups : mapping of str to ndarray of str
    a_day : float
        Mean open hours of a weekday on which the office opens: one working day.
    in_days : bool
        Whether times are long enough to be told in working days.
    outside : Estimate or Message
        Share of the events that lie outside the office hours.
    """

    hours: Floats
    closed: Mask
    groups: dict[str, NDArray[np.str_]]
    a_day: float
    in_days: bool
    outside: Estimate | Message

    def median(self, among: Mask, *, level: float = 0.95) -> Estimate | Message:
        """Median with open cases counted (Kaplan and Meier), in working days or hours."""
        size = self.a_day if self.in_days else 1.0
        told = quantile(kaplan_meier(self.hours[among] / size, self.closed[among]), level=level)
        if told.value is None or told.low is None or told.high is None:
            return say("too few of the cases are closed to tell half of them in working time")
        found = told.told()
        assert isinstance(found, Estimate)
        return replace(found, unit="working days" if self.in_days else "working hours")


def working_time(log: EventLog, clock: BusinessClock) -> WorkingTime:
    """Count the open hours of each case.

    Parameters
    ----------
    log : EventLog
    clock : BusinessClock

    Returns
    -------
    WorkingTime
        Of the cases whose durations are possible, in their order.

    Raises
    ------
    DataError
        If a moment is before 1900 or after 2200.
    """
    cases, until = log.cases, np.datetime64(log.until, "us")
    opened, closing = (cases[c].to_numpy().astype("datetime64[us]") for c in ("opened", "closed"))
    closed = ~np.isnat(closing) & (closing <= until)
    end = np.where(closed, closing, until)
    kept = end >= opened
    hours = clock.hours_between(opened[kept], end[kept])
    each = [sum(b - a for a, b in spans) for spans in clock.hours.values() if spans]
    a_day = float(np.mean(each)) if each else 1.0
    middle = quantile(kaplan_meier(hours, closed[kept])).value if kept.any() else None
    return WorkingTime(
        hours=hours, closed=closed[kept], a_day=a_day,
        groups={column: named(cases[column])[kept] for column in log.groups},
        in_days=middle is None or middle >= SHORT * a_day, outside=_outside(log, clock),
    )  # fmt: skip


def _outside(log: EventLog, clock: BusinessClock) -> Estimate | Message:
    at = log.events["end"].to_numpy().astype("datetime64[us]")
    at = at[~np.isnat(at)]
    if not len(at) or are_dates(at.astype(np.int64)):
        return say("the log has dates without times of day, so nobody knows when the work was done")
    found = share(~clock.is_open(at))
    return Estimate(value=found.value, low=found.value, high=found.value, n=found.n)
