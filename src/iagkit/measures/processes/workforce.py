"""Those who work, all together: how many, when, at how much. Nobody is named or ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.furthest import median
from iagkit.measures.processes.arrivals import are_dates
from iagkit.measures.processes.resources import calendars, skills, specialisation, workload
from iagkit.measures.rates import share

Ints = NDArray[np.int64]
FEWEST: Final = 5
"""Fewer people are not described: whoever knows the office would know who is meant."""
TENTHS: Final = 10 * FEWEST
FREQUENT: Final = 30
"""Pieces of work from which it is asked how many people can do an activity."""
MOST: Final = 0.8
"""Share of an activity above which it hangs on one person."""
NOBODY: Final = say("the log does not tell who did the work")
FEW: Final = say("fewer than {few} people work, who are not told apart", few=FEWEST)
NO_STARTS: Final = say("the log does not tell when work was begun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workforce:
    """What may be said of all who work.

    Parameters
    ----------
    people : int
        At least 5.
    on_duty : ndarray of int, shape (7, 24)
        How many are usually there in each hour of each weekday, Monday first.
    by_hour : bool
        Whether the log has times of day, so that hours mean anything.
    pieces : Estimate
        Median of the pieces of work a person did.
    activities : Estimate
        Median of the different activities a person does.
    busy_hours : Estimate or Message
        Median of the hours a week in which a person has work under way.
    busiest_tenth : Estimate or Message
        Share of all work that the tenth of people with most work did.
    hanging : Estimate or Message
        Share of the frequent activities of which one person did more than four fifths.
    """

    people: int
    on_duty: Ints
    by_hour: bool
    pieces: Estimate
    activities: Estimate
    busy_hours: Estimate | Message
    busiest_tenth: Estimate | Message
    hanging: Estimate | Message


def workforce(log: EventLog, *, level: float = 0.95) -> Workforce | Message:
    """Describe those who work, all together.

    Parameters
    ----------
    log : EventLog
    level : float

    Returns
    -------
    Workforce or Message
        The reason where nobody is named, or fewer than 5 are.

    Notes
    -----
    Calendars are those of :func:`.resources.calendars`. A resource may be a person, an office or a
    program; the log does not tell which.
    """
    if not log.events["resource"].notna().any():
        return NOBODY
    duty = calendars(log)
    if len(duty.names) < FEWEST:
        return FEW
    each = workload(log, duty)
    pieces = np.array([work.events for work in each], dtype=float)
    hours = [work.busy_hours.value for work in each if work.busy_hours is not None]
    busy = median(hours, unit="hours a week", level=level) if len(hours) >= FEWEST else NO_STARTS
    return Workforce(
        people=len(each), on_duty=duty.on_duty.sum(axis=0).reshape(7, 24).astype(np.int64),
        by_hour=not are_dates(_moments(log)), pieces=median(pieces, unit="events", level=level),
        activities=median([len(w.activities) for w in each], unit="activities", level=level),
        busy_hours=busy, busiest_tenth=_busiest_tenth(pieces), hanging=_hanging(log),
    )  # fmt: skip


def _moments(log: EventLog) -> Ints:
    ended: Ints = log.events["end"].to_numpy().astype("datetime64[us]").astype(np.int64)
    return ended


def _busiest_tenth(pieces: NDArray[np.float64]) -> Estimate | Message:
    if len(pieces) < TENTHS:
        return say("a tenth of fewer than {least} people is too few to be told of", least=TENTHS)
    top = np.sort(pieces)[::-1][: len(pieces) // 10]
    value = float(top.sum() / pieces.sum())
    return Estimate(value=value, low=value, high=value, n=len(pieces))


def _hanging(log: EventLog) -> Estimate | Message:
    _, _, counts = skills(log)
    frequent = counts[:, counts.sum(axis=0) >= FREQUENT]
    if not frequent.shape[1]:
        return say("no activity has {least} pieces of work whose worker is known", least=FREQUENT)
    alone = np.array([found.value > MOST for found in specialisation(frequent)])
    found = share(alone)
    return Estimate(value=found.value, low=found.value, high=found.value, n=found.n)
