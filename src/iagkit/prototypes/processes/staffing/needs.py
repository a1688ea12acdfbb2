"""How many people each half-hour needs, from what came and how long the work took.

Each part of the week is taken for itself, as if it lasted for ever (stationary, independent,
period by period [1]_), with Erlang C. That is a first proposal, not yet the truth: what one
half-hour leaves undone the next one finds. :mod:`~iagkit.prototypes.processes.staffing.closing`
tries it. Intervals of arrivals are those of Garwood [2]_, widened where counts vary more than by
chance.

References
----------
.. [1] Green, L. V., Kolesar, P. J. & Soares, J. (2001). Improving the SIPP approach for staffing
   service systems that have cyclic demands. Operations Research 49(4), 549-564.
.. [2] Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints
from iagkit.prototypes.processes.staffing.grid import Grid

MOST = 2000
"""People at once, beyond which nothing is proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is promised: this share of cases is taken up within so many hours.

    Parameters
    ----------
    share : float, above 0, below 1
    hours : float, not negative
    """

    share: float = 0.9
    hours: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or not 0 <= self.hours < np.inf:
            msg = (
                f"a target is a share strictly between 0 and 1 within hours, none negative; got "
                f"{self.share:g} within {self.hours:g}. No staff can promise every case"
            )
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Work that comes in a week.

    Parameters
    ----------
    name : str
        Of the queue.
    rates, low, high : ndarray of float, shape (grid.size,), cases an hour
        What came on average, and its interval at ``level``, for each part of the week by itself.
    service : Estimate, hours
        Mean time of work of one case.
    weeks : int
        Whole weeks behind it.
    n : int
        Cases that came in them.
    """

    name: str
    rates: Floats
    low: Floats
    high: Floats
    service: Estimate
    weeks: int
    n: int
    level: float = 0.95
    grid: Grid = field(default_factory=Grid)
    remarks: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        sizes = {len(self.rates), len(self.low), len(self.high)}
        if sizes != {self.grid.size} or not (self.rates >= 0).all() or self.service.value <= 0:
            msg = (
                f"demand '{self.name}' needs {self.grid.size} rates, none negative, and a positive "
                f"time of work; got lengths {sorted(sizes)}, {self.service.value:g} hours of work"
            )
            raise DataError(msg)

    @property
    def weekly_cases(self) -> float:
        """Cases that come in a week."""
        return float(self.rates.sum() * self.grid.hours)

    @property
    def weekly_work(self) -> float:
        """Hours of work that come in a week."""
        return self.weekly_cases * self.service.value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Needs:
    """People that each part of the week needs for itself.

    Parameters
    ----------
    demand : Demand
    target : Target
    people, low, high : ndarray of int, shape (grid.size,)
        For what came on average; and where both the arrivals and the time of work are at the lower,
        or upper, end of their intervals.
    """

    demand: Demand
    target: Target
    people: Ints
    low: Ints
    high: Ints

    @property
    def hours(self) -> float:
        """Hours of people a week, if every part could be staffed by itself."""
        return float(self.people.sum() * self.demand.grid.hours)


def attained(rates: ArrayLike, *, service_hours: float, within: float, most: int) -> Floats:
    """Share of cases taken up in time, for each rate and number of people, by Erlang C.

    Parameters
    ----------
    rates : array-like of float, shape (n,), cases an hour
    service_hours : float
    within : float, hours
    most : int
        Largest number of people looked at.

    Returns
    -------
    ndarray of float, shape (n, most + 1)
        0 where more comes than can be done; 1 where nothing comes.

    Examples
    --------
    >>> attained([9.0], service_hours=1.0, within=0.0, most=10)[0, 10].round(4).item()
    0.3313
    """
    coming = np.asarray(rates, dtype=float)
    load = coming * service_hours
    found = np.zeros((len(load), most + 1))
    blocked = np.ones(len(load))
    for people in range(1, most + 1):
        blocked = load * blocked / (people + load * blocked)
        stable = load < people
        idle = 1 - load / people * (1 - blocked)
        waits = np.where(stable, blocked / np.where(stable, idle, 1), 1)
        spare = np.where(stable, people / service_hours - coming, 0)
        found[:, people] = np.where(stable, 1 - waits * np.exp(-spare * within), 0)
    found[load == 0] = 1.0
    return found


def enough(rates: ArrayLike, *, service_hours: float, target: Target) -> tuple[Ints, Floats]:
    """Find the least number of people that keeps a target, and all shares up to a little more.

    Returns
    -------
    ndarray of int, shape (n,)
    ndarray of float, shape (n, most + 1)
        As :func:`attained`.

    Raises
    ------
    DataError
        If more than ``MOST`` people would be needed at once.
    """
    load = float(np.max(np.asarray(rates, dtype=float), initial=0.0)) * service_hours
    if load > MOST:
        msg = f"at most {MOST} people at once are looked at; the work alone keeps {load:.0f} busy"
        raise DataError(msg)
    most = ceil(load + 5 * sqrt(load) + 5)
    while True:
        shares = attained(rates, service_hours=service_hours, within=target.hours, most=most)
        reached = shares >= target.share
        if reached.any(axis=1).all():
            return np.asarray(reached.argmax(axis=1)), shares
        most = 2 * most


def needed(demand: Demand, *, target: Target) -> Needs:
    """Find out how many people each part of the week needs.

    Parameters
    ----------
    demand : Demand
    target : Target
        Kept in every part for itself.

    Returns
    -------
    Needs
    """
    service = demand.service
    ends = (service.low or service.value, service.high or service.value)
    people, low, high = (
        enough(rates, service_hours=hours, target=target)[0]
        for rates, hours in (
            (demand.rates, service.value),
            (demand.low, max(ends[0], 1e-9)),
            (demand.high, ends[1]),
        )
    )
    low = np.where(demand.rates > 0, low, 0)
    high = np.where(demand.rates > 0, high, 0)
    return Needs(demand=demand, target=target, people=people, low=low, high=high)


def shares_of(demand: Demand, people: NDArray[np.int_], *, target: Target) -> Floats:
    """Share of cases that each part takes up in time with so many people, by Erlang C.

    Parameters
    ----------
    demand : Demand
    people : ndarray of int, shape (grid.size,)
    target : Target

    Returns
    -------
    ndarray of float, shape (grid.size,)
        1 where nothing comes.
    """
    table = attained(
        demand.rates,
        service_hours=demand.service.value,
        within=target.hours,
        most=max(int(people.max()), 1),
    )
    return np.asarray(table[np.arange(len(people)), people])


def weekly_share(demand: Demand, people: NDArray[np.int_], *, target: Target) -> float:
    """Share of a week's cases that are taken up in time, by Erlang C.

    Raises
    ------
    DataError
        If no case comes.
    """
    if not demand.rates.any():
        msg = f"no case comes to '{demand.name}'; a share of none is unknown"
        raise DataError(msg)
    return float(np.average(shares_of(demand, people, target=target), weights=demand.rates))
