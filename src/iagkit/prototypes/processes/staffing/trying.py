"""Staff tried in the simulation: the share of each half-hour's cases that is taken up in time."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.intervals import critical
from iagkit.measures.rates import share
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.engine import simulate
from iagkit.prototypes.processes.simulation.model import Activity, Arrivals, Model, Pool
from iagkit.prototypes.processes.simulation.ways import Routing
from iagkit.prototypes.processes.staffing.needs import Demand, Target

WEEK = 168.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tried:
    """What became of the cases of each part of the week, over all simulated weeks.

    Parameters
    ----------
    shares, low : ndarray of float, shape (grid.size,)
        Share of the cases that came in each part and were taken up in time, and the lower limit of
        its interval at ``level``, each part by itself; 1 where no case came.
    cases : ndarray of int, shape (grid.size,)
    week : Estimate
        Share of all cases, weeks being the pieces of evidence.
    weeks : int
    """

    shares: Floats
    low: Floats
    cases: Ints
    week: Estimate
    weeks: int
    level: float

    @property
    def worst(self) -> int:
        """Part of the week in which the fewest are taken up in time."""
        return int(np.argmin(self.shares))

    def surely(self, floor: float) -> Floats:
        """Lower limits; shares where so few cases came that no limit could reach the floor."""
        z = critical(self.level)
        shown = self.cases >= floor * (self.cases + z**2)
        return np.where(shown, self.low, self.shares)


def try_staff(
    demand: Demand,
    people: NDArray[np.int_],
    *,
    target: Target,
    service: Duration | None = None,
    weeks: int = 200,
    level: float = 0.95,
    seed: int = 0,
    fast: bool = False,
) -> Tried:
    """Let the cases of many weeks come, and look at each half-hour.

    Parameters
    ----------
    demand : Demand
        Arrivals are independent, at the rate of each part of the week.
    people : ndarray of int, shape (grid.size,)
        At work in each part. Who has begun a case when the shift ends finishes it.
    target : Target
        Its hours are looked at.
    service : Duration, optional
        Law of the time of work; without memory at the mean of the demand unless told otherwise.
    weeks : int
        After one week that fills the queue.
    level : float
    seed : int
    fast : bool
        Compiled engine (``iagkit[fast]``); the result is the same.

    Returns
    -------
    Tried
        Cases that are never taken up count as not in time.

    Raises
    ------
    DataError
        If the demand is not of seven days, or nobody comes or works.
    """
    grid = demand.grid
    if grid.days != 7 or weeks < 2 or not people.any():
        msg = (
            "trying staff needs seven days, two weeks or more and somebody at work; got "
            f"{grid.days} days, {weeks} weeks and {int(people.max())} people at most"
        )
        raise DataError(msg)
    work = Activity(
        name="work",
        service=service or Duration.exponential(demand.service.value),
        pools=("people",),
    )
    model = Model(
        arrivals=Arrivals.poisson(*demand.rates.tolist()),
        activities=(work,),
        pools=(Pool(name="people", capacity=tuple(people.tolist()), pauses=False),),
        way=Routing(moves={(): {"work": 1.0}, ("work",): {"": 1.0}}),
    )
    found = simulate(model, seed=seed, until=(weeks + 1) * WEEK, drain=WEEK, fast=fast)
    arrived = found.work.arrived
    late = arrived >= WEEK
    in_time = np.nan_to_num(found.wait[late], nan=np.inf) <= target.hours
    return _told(arrived[late], in_time, grid_size=grid.size, weeks=weeks, level=level)


def _told(
    arrived: Floats, in_time: NDArray[np.bool_], *, grid_size: int, weeks: int, level: float
) -> Tried:
    week = (arrived // WEEK).astype(np.intp) - 1
    slot = np.minimum((arrived % WEEK) / WEEK * grid_size, grid_size - 1).astype(np.intp)
    flat = week * grid_size + slot
    shape = (weeks, grid_size)
    came = np.bincount(flat, minlength=weeks * grid_size).reshape(shape)
    hits = np.bincount(flat, weights=in_time.astype(float), minlength=weeks * grid_size).reshape(
        shape
    )
    shares, low = _lower(hits, came, level)
    return Tried(
        shares=shares,
        low=low,
        cases=came.sum(axis=0),
        week=share(in_time, clusters=week, level=level),
        weeks=weeks,
        level=level,
    )


def _lower(hits: Any, came: Any, level: float) -> tuple[Floats, Floats]:
    """Shares and Wilson's lower limits; cases of one part of one week hang together."""
    weeks, n = len(came), came.sum(axis=0)
    some = np.maximum(n, 1)
    shares = np.where(n > 0, hits.sum(axis=0) / some, 1.0)
    rest = ((hits - shares * came) ** 2).sum(axis=0) * weeks / (weeks - 1)
    alone = shares * (1 - shares) * some
    worth = np.where(rest > alone, some * alone / np.maximum(rest, 1e-12), some)
    z = critical(level)
    centre = shares + z**2 / 2 / worth
    half = z * np.sqrt(shares * (1 - shares) / worth + (z / 2 / worth) ** 2)
    low = (centre - half) / (1 + z**2 / worth)
    return shares, np.where(n > 0, low, 1.0)


def least_people(demand: Demand, *, target: Target) -> Ints:
    """People without whom a part of the week fails, whatever is done in all others.

    Before a part begins the queue is taken to be empty, and as soon as it ends everybody who waits
    to be taken up; no staff elsewhere can do better. Work is without memory (exponential).

    Parameters
    ----------
    demand : Demand
    target : Target
        Of each part.

    Returns
    -------
    ndarray of int, shape (grid.size,)
    """
    rates, which = np.unique(demand.rates, return_inverse=True)
    hours, slot = demand.service.value, demand.grid.hours
    found = [_least(rate, hours, slot, target) for rate in rates.tolist()]
    return np.array(found, dtype=np.intp)[which]


def _least(rate: float, hours: float, slot: float, target: Target) -> int:
    people = 0
    while rate and best_share(rate, hours, slot, people, target.hours) < target.share:
        people += 1
    return people


def best_share(rate: float, hours: float, slot: float, people: int, within: float) -> float:
    """Share taken up in time at best, if the queue is empty before and is emptied after.

    Parameters
    ----------
    rate : float, cases an hour
    hours : float
        Mean time of work.
    slot : float, hours
        Length of the part.
    people : int
    within : float, hours

    Returns
    -------
    float
        By the transient solution of the queue (M/M/c from empty), at fifty moments.
    """
    from scipy.linalg import expm
    from scipy.special import gammainc

    early = max(slot - within, 0.0)
    if not early:
        return 1.0
    if not people:
        return 1 - early / slot
    size = people + ceil(rate * slot + 6 * np.sqrt(rate * slot) + 10)
    state = np.arange(size + 1)
    ends = np.minimum(state, people) / hours
    flow = np.diag(np.full(size, rate), 1) + np.diag(ends[1:], -1)
    np.fill_diagonal(flow, -flow.sum(axis=1))
    step = expm(flow * early / 50)
    now = np.zeros(size + 1)
    now[0] = 1.0
    now = now @ expm(flow * early / 100)
    before = np.maximum(state - people + 1, 1)
    quick = np.where(state < people, 1.0, gammainc(before, people * within / hours))
    total = 0.0
    for _ in range(50):
        total += float(now @ quick)
        now = now @ step
    return (early * total / 50 + slot - early) / slot
