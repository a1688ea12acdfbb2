"""Deadlines of cases that the log does not tell, counted from their opening."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from iagkit.core.errors import DeclarationError
from iagkit.core.event_log import EventLog
from iagkit.core.message import say


def with_deadlines(log: EventLog, sla_days: Any) -> EventLog:
    """Give cases without a deadline one so many days after their opening.

    Parameters
    ----------
    log : EventLog
    sla_days : float, days of the calendar, or None
        As declared under ``params``; ``None`` leaves the log as it is.

    Returns
    -------
    EventLog
        Its ``remarks`` count the cases that were given one.

    Raises
    ------
    DeclarationError
        If it is no number above 0.
    """
    if sla_days is None:
        return log
    try:
        days = float(sla_days)
    except (TypeError, ValueError):
        days = math.nan
    if not 0 < days < math.inf:
        msg = f"expected days above 0 for 'sla_days' under 'params'; got '{str(sla_days)[:40]}'"
        raise DeclarationError(msg)
    due = log.cases["due"].to_numpy().astype("datetime64[us]")
    promised = log.cases["opened"].to_numpy().astype("datetime64[us]") + np.timedelta64(
        round(days * 86_400), "s"
    )
    without = np.isnat(due)
    told = say(
        "{n} cases without a deadline were given one {days} days after their opening, as declared",
        n=int(without.sum()), days=f"{days:g}",
    )  # fmt: skip
    cases = log.cases.assign(due=np.where(without, promised, due))
    return replace(log, cases=cases, remarks=(*log.remarks, told) if without.any() else log.remarks)
