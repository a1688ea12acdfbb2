"""What is simulated: arrivals, ways, work, pools and order; declared once, frozen, complete.

All times are hours since ``start`` of the model. A scenario is the same model with something
replaced (:func:`dataclasses.replace`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.durations import MEMORYLESS, NONE, Duration
from iagkit.prototypes.processes.simulation.ways import END, Routing, Templates

WEEK = 168.0
"""Hours of a week."""
MONDAY = datetime(2024, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """People who can stand in for one another.

    Parameters
    ----------
    name : str
    capacity : tuple of int
        How many work in each part of the week; the week starts on Monday at 0:00 and is cut into
        as many equal parts as there are numbers: 1 is always, 168 are hours, 336 half-hours.
    closed : tuple of date
        Days on which nobody works: holidays, recess.
    pauses : bool
        Whether work stops when the pool closes (capacity 0), and goes on when it opens again;
        otherwise who has begun stays until the work is done. Where capacity only falls, everybody
        finishes what was begun.
    cost : float
        Of one hour of one person.
    """

    name: str
    capacity: tuple[int, ...] = (1,)
    closed: tuple[date, ...] = ()
    pauses: bool = True
    cost: float = 0.0

    def __post_init__(self) -> None:
        wrong = sum(not (c >= 0 and int(c) == c) for c in self.capacity)
        if not self.capacity or wrong:
            msg = (
                f"pool '{self.name}' needs whole numbers of people, none negative, at least one "
                f"number; {wrong} of {len(self.capacity)} are not"
            )
            raise DataError(msg)

    @property
    def weekly_hours(self) -> float:
        """Hours of work in a week without closed days."""
        return sum(self.capacity) * WEEK / len(self.capacity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Work that is let through together, at a size or at hours of the week, whichever is first.

    Parameters
    ----------
    size : int
        Cases that open the gate; 0: only the clock does.
    hours : tuple of float
        Hours since Monday 0:00, below 168, at which the gate opens.

    Raises
    ------
    DataError
        If the gate never opens.
    """

    size: int = 0
    hours: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or (not self.size and not self.hours):
            msg = f"a batch needs a size of 1 or more, or hours; got size {self.size} and no hours"
            raise DataError(msg)
        if any(not 0 <= hour < WEEK for hour in self.hours):
            msg = "hours of a batch are counted from Monday 0:00, from 0 to below 168"
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A piece of work.

    Parameters
    ----------
    name : str
    service : Duration
        Work of one person.
    pools : tuple of str
        Who may do it, the first choice first; nobody: it needs no person, and never waits.
    before, after : Duration
        Time lost before the case may be taken up, and after the work: post, other offices, the
        applicant. Nobody is busy meanwhile.
    services : mapping of str to Duration
        Work for cases of some kinds, where it is different.
    batch : Batch, optional
    """

    name: str
    service: Duration = NONE
    pools: tuple[str, ...] = ()
    before: Duration = NONE
    after: Duration = NONE
    services: Mapping[str, Duration] = field(default_factory=dict)
    batch: Batch | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "services", MappingProxyType(dict(self.services)))
        if self.name == END:
            msg = "an activity needs a name; the empty one is the end of a case"
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """When cases come: gaps between them, a rhythm of the week, or times that are given.

    Parameters
    ----------
    rates : tuple of float, cases an hour
        One for each equal part of the week, from Monday 0:00. Empty: gaps are hours.
    gaps : Duration
        With rates, gaps are counted in expected cases: mean 1, and exponential for a Poisson
        process; more even or more bunched otherwise.
    times : tuple of float, hours
        Arrivals as they were, instead of rates and gaps; put in order.
    closed : tuple of date
        Days on which nobody comes; only with rates.
    """

    rates: tuple[float, ...] = ()
    gaps: Duration = MEMORYLESS
    times: tuple[float, ...] = ()
    closed: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if any(not 0 <= rate < inf for rate in self.rates):
            msg = f"rates must be finite and not negative; got {len(self.rates)} rates"
            raise DataError(msg)
        if any(not 0 <= time < inf for time in self.times):
            msg = "times of arrival are hours since the start of the model, none negative"
            raise DataError(msg)
        if not self.times and (self.gaps.mean <= 0 or (self.rates and max(self.rates) <= 0)):
            msg = "no case ever comes, or all at once: rates and the mean gap must be positive"
            raise DataError(msg)

    @classmethod
    def poisson(cls, *rates: float, closed: tuple[date, ...] = ()) -> Arrivals:
        """Independent arrivals; one rate, or one for each equal part of the week."""
        return cls(rates=rates, closed=closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What cases of one kind share, where they follow a routing.

    Parameters
    ----------
    name, group : str
        Type of the case, and who brings it.
    share : float
        How many of all cases, compared with the other kinds.
    due_after : float, hours
        Deadline, counted from the arrival.
    rank, score : float
        For the order of work: lower ranks first; higher scores are more urgent.
    routing : Routing, optional
        Its own way.
    """

    name: str = ""
    group: str = ""
    share: float = 1.0
    due_after: float = inf
    rank: float = 0.0
    score: float = 0.0
    routing: Routing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """Who is next: the smallest ``base + slope * (hour at which the case could be taken up)``.

    Parameters
    ----------
    rule : str
        ``"fcfs"`` (who is ready first), ``"arrival"`` (whose case came first), ``"class"`` (lower
        rank), ``"due"`` (earliest deadline), ``"ageing"`` (highest ``score + wait / patience``),
        ``"quota"`` (cases of a group are spaced as if it had its quota of the work for itself: a
        virtual clock [1]_), or a name registered as ``iagkit.priorities``: a function that is given
        the table of cases (``case, arrived, due, kind, group, rank, score``) and gives ``base`` and
        ``slope``, numbers or one for each case. Equal ones are taken in the order in which they
        became ready.
    patience : float, hours
        Wait that weighs as much as a whole point of score; only for ageing.
    quotas : mapping of str to float
        Share of the work of each group, compared with the others; only for quota.

    References
    ----------
    .. [1] Zhang, L. (1990). VirtualClock: a new traffic control algorithm for packet switching
       networks. SIGCOMM 1990, 19-29.
    """

    rule: str = "fcfs"
    patience: float = WEEK
    quotas: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quotas", MappingProxyType(dict(self.quotas)))
        if (self.rule == "quota") != bool(self.quotas) or any(q <= 0 for q in self.quotas.values()):
            msg = f"positive quotas belong to the order 'quota', and only to it; got '{self.rule}'"
            raise DataError(msg)
        if not self.patience > 0:
            msg = f"patience must be positive hours; got {self.patience:g}"
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Progress:
    """Cases that are under way when the clock starts.

    Parameters
    ----------
    templates : Templates
        What is left of each case, one template a case; deadlines count from ``arrived``.
    arrived : ndarray of float, shape (n,), hours, not positive
    ready : ndarray of float, shape (n,), hours, not positive
        Since when the first step left waits, or was ready before it was begun.
    begun : ndarray of bool, shape (n,)
        Whether somebody works on the first step; its ``service`` is what is left of it.
    """

    templates: Templates
    arrived: Floats
    ready: Floats
    begun: NDArray[np.bool_]

    def __post_init__(self) -> None:
        sizes = {len(self.templates), len(self.arrived), len(self.ready), len(self.begun)}
        if len(sizes) > 1 or not ((self.arrived <= self.ready) & (self.ready <= 0)).all():
            msg = "cases under way need arrived <= ready <= 0, one of each for every template"
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A process that can be simulated.

    Parameters
    ----------
    arrivals : Arrivals
    activities : tuple of Activity
    pools : tuple of Pool
    way : Routing or Templates
        Templates carry kind, group and deadline of each case; a routing takes them from ``kinds``.
    kinds : tuple of Kind
    priority : Priority
    choose : {"listed", "rested"}
        Which of several free pools takes the work: the first named by the activity, or the one
        that has been free for longest.
    progress : Progress, optional
    start : datetime
        Hour 0, local time without zone.

    Raises
    ------
    DataError
        If a name is used twice or is not declared, or no kind has a share.
    """

    arrivals: Arrivals
    activities: tuple[Activity, ...]
    way: Routing | Templates
    pools: tuple[Pool, ...] = ()
    kinds: tuple[Kind, ...] = (Kind(),)
    priority: Priority = field(default_factory=Priority)
    choose: Literal["listed", "rested"] = "listed"
    progress: Progress | None = None
    start: datetime = MONDAY

    def __post_init__(self) -> None:
        pools = _once("pools", [pool.name for pool in self.pools])
        activities = _once("activities", [activity.name for activity in self.activities])
        used = {pool for activity in self.activities for pool in activity.pools}
        _declared("pools", used, pools)
        _declared("activities", set(self._named()), activities)
        _once("kinds", [kind.name + "\0" + kind.group for kind in self.kinds])
        if not any(kind.share > 0 for kind in self.kinds) or any(k.share < 0 for k in self.kinds):
            msg = "shares of kinds must not be negative, and one must be positive"
            raise DataError(msg)
        if self.start.tzinfo is not None:
            msg = "'start' must be local time without zone, as the times of a log"
            raise DataError(msg)

    def _named(self) -> Any:
        """Activities that the ways name."""
        if isinstance(self.way, Templates):
            yield from self.way.names
        else:
            for way in (self.way, *(kind.routing for kind in self.kinds if kind.routing)):
                for past, row in way.moves.items():
                    yield from (*past, *(name for name in row if name != END))
        if self.progress is not None:
            yield from self.progress.templates.names


def _once(what: str, names: list[str]) -> set[str]:
    if len(set(names)) < len(names):
        msg = f"names of {what} must differ; {len(names) - len(set(names))} are used again"
        raise DataError(msg)
    return set(names)


def _declared(what: str, used: set[str], declared: set[str]) -> None:
    missing = sorted(used - declared)
    if missing:
        msg = (
            f"{what} must be declared before they are used; {len(missing)} are not, as "
            f"'{missing[0]}'.{did_you_mean(missing[0], declared)}"
        )
        raise DataError(msg)
