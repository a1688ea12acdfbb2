"""Working time as evidence: of cases, and of each piece of work where its start is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from iagkit.core.errors import UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.message import say
from iagkit.prototypes.processes.office import clock_of

NOT_DECLARED: Final = say(
    "office hours were not declared, so nobody knows how much of the time was working time"
)
NO_STARTS: Final = say("the log does not tell when work was begun")
NO_WAIT: Final = say("no piece of work follows another")


def evidence(log: EventLog, told: object) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the checks of working time need, and what the record tells of it.

    Parameters
    ----------
    log : EventLog
    told : mapping
        As :func:`.office.clock_of` reads it; nothing: no office hours were declared.

    Raises
    ------
    UsageError
        If the office hours cannot be read.
    """
    if not told:
        return {"working_time": NOT_DECLARED, "working_wait": NOT_DECLARED}, {}
    if not isinstance(told, Mapping):
        msg = "expected 'clock' with calendar, hours or recess below it; got one value"
        raise UsageError(msg)
    from iagkit.measures.processes.waits import waits
    from iagkit.measures.processes.working_time import working_time

    first = log.cases["opened"].min()
    clock = clock_of(told, years=range(first.year, log.until.year + 1))
    wait = waits(log).within(clock) if log.timed_work else NO_STARTS
    spent = working_time(log, clock)
    public = {
        "hours_a_day": spent.a_day,
        "closed_days": len(clock.closed_days(first.date(), log.until.date())),
    }
    return (
        {"working_time": spent, "working_wait": NO_WAIT if wait is None else wait},
        {"office": public},
    )
