"""The closed loop: a plan is tried, and where half-hours fall short the plan must give more.

Formulas take each half-hour for itself, so that a plan may keep the promise of the week while its
worst half-hour is far from it. Here the plan is simulated, each half-hour that falls short gets
more people than it had, and the shifts are planned anew, until every half-hour is near its target,
or the budget does not allow it [1]_. What was changed by looking at a simulation is checked by
another one, with other luck.

References
----------
.. [1] Atlason, J., Epelman, M. A. & Henderson, S. G. (2008). Optimizing call center staffing using
   simulation and analytic center cutting-plane methods. Management Science 54(2), 295-309.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any, Literal

import numpy as np

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats, Ints
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.staffing.needs import Demand, Target, needed
from iagkit.prototypes.processes.staffing.shifts import ShiftPlan, plan_shifts
from iagkit.prototypes.processes.staffing.tours import Contract
from iagkit.prototypes.processes.staffing.trying import Tried, least_people, try_staff

WORST = 10
"""Half-hours with the most late cases: people are added there where only the week falls short."""
Verdict = Literal["reached", "impossible", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One plan and its trial.

    Parameters
    ----------
    plan : ShiftPlan
    tried : Tried
    below : tuple of int
        Parts of the week that are not shown to reach the floor; where all do but the week does not
        reach its target, those with the most late cases.
    """

    plan: ShiftPlan
    tried: Tried
    below: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How the loop ended.

    Parameters
    ----------
    verdict : {"reached", "impossible", "unknown"}
        ``"reached"``: a plan within the budget keeps every half-hour at the floor, in a simulation
        that was not looked at before, and the week at its target. ``"impossible"``: it is proven
        that no plan of these contracts does within the budget. ``"unknown"``: neither was shown.
    rounds : tuple of Round
        The last one is the plan to look at.
    floor : float
        Share of a half-hour's cases that must be taken up in time.
    """

    verdict: Verdict
    rounds: tuple[Round, ...]
    floor: float
    remarks: tuple[Message, ...] = ()

    @property
    def last(self) -> Round | None:
        """The last plan and its trial; none where nobody could be employed."""
        return self.rounds[-1] if self.rounds else None


def close_loop(
    demand: Demand,
    contracts: Sequence[Contract],
    *,
    target: Target,
    budget: float | None = None,
    near: float = 0.9,
    service: Duration | None = None,
    rounds: int = 15,
    weeks: int = 200,
    seed: int = 0,
    fast: bool = False,
    **more: Any,
) -> Closing:
    """Plan, try, tighten; until every half-hour is near its target, or it is shown not to go.

    Parameters
    ----------
    demand : Demand
        One queue; several that are served by the same people are one when pooled.
    contracts : sequence of Contract
    target : Target
    budget : float, a week, optional
    near : float, above 0, at most 1
        Share of its target that every half-hour must reach.
    service : Duration, optional
        Law of the time of work; exponential unless told otherwise. Only then a proof of the
        impossible is tried.
    rounds : int
        Most plans that are tried.
    weeks : int
        Simulated for each.
    seed : int
    fast : bool
    **more
        ``part_time_share``, ``gap``, ``nodes``, ``seconds``, ``solver`` of
        :func:`~iagkit.prototypes.processes.staffing.shifts.plan_shifts`.

    Returns
    -------
    Closing

    Raises
    ------
    UsageError
        If ``near`` or ``rounds`` make no sense.
    NoPlanError
        As for :func:`~iagkit.prototypes.processes.staffing.shifts.plan_shifts`.
    """
    if not 0 < near <= 1 or rounds < 1:
        msg = f"expected 'near' above 0 up to 1 and a round or more; got {near:g} and {rounds}"
        raise UsageError(msg)
    floor = near * target.share
    told = Promise(demand=demand, contracts=tuple(contracts), target=target, floor=floor)
    trial = partial(try_staff, demand, target=target, service=service, weeks=weeks, fast=fast)
    plans = partial(plan_shifts, contracts=contracts, budget=budget, grid=demand.grid, **more)
    done: list[Round] = []
    for share in dict.fromkeys((target.share, floor)):
        need = needed(demand, target=replace(target, share=share)).people
        done += _tighten(told, need, plans, trial, rounds, seed)
        if done and not done[-1].below:
            return Closing(verdict="reached", rounds=tuple(done), floor=floor)
    return _not_reached(told, plans, tuple(done), budget, service is None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Promise:
    """What is to be kept, and with whom."""

    demand: Demand
    contracts: tuple[Contract, ...]
    target: Target
    floor: float

    def broken(self, tried: Tried, *, surely: bool) -> tuple[int, ...]:
        """Parts below the floor; if none, those that keep the week from its target."""
        came = self.demand.rates > 0
        shares = tried.surely(self.floor) if surely else tried.shares
        below = np.flatnonzero(came & (shares < self.floor))
        if not len(below) and tried.week.value < self.target.share:
            late = (1 - tried.shares) * tried.cases * came
            below = np.sort(np.argsort(-late)[:WORST])
        return tuple(below.tolist())


def _tighten(
    told: Promise,
    need: Ints,
    plans: Callable[..., ShiftPlan],
    trial: Callable[..., Tried],
    rounds: int,
    seed: int,
) -> list[Round]:
    """Plan and try until nothing is below, or the needs are too much."""
    done: list[Round] = []
    for number in range(rounds):
        plan = plans({told.demand.name: need})
        have = np.asarray(sum(plan.staff.values()), dtype=np.intp)
        if not have.any():
            break
        tried = trial(have, seed=seed)
        below = told.broken(tried, surely=True)
        if not below:
            tried = trial(have, seed=seed + 1 + number)
            below = told.broken(tried, surely=False)
        done.append(Round(plan=plan, tried=tried, below=below))
        if not below or not plan.met:
            break
        need = _more(need, have, below, told.target.share - tried.shares)
    return done


def _more(need: Ints, have: Ints, below: tuple[int, ...], lacking: Floats) -> Ints:
    """One person more than there were; several where much is lacking."""
    places = list(below)
    step = np.maximum(1, np.ceil(have[places] * lacking[places] / 2)).astype(np.intp)
    found = need.copy()
    found[places] = np.maximum(need[places], have[places] + step)
    return found


def _not_reached(
    told: Promise,
    plans: Callable[..., ShiftPlan],
    done: tuple[Round, ...],
    budget: float | None,
    memoryless: bool,
) -> Closing:
    """Whether even what every plan must have is too much; otherwise nothing is shown."""
    verdict: Verdict = "unknown"
    remark = say(
        "within these rounds no plan keeps every half-hour at {floor}; that none can was not shown",
        floor=round(told.floor, 3),
    )
    most = most_work(told.contracts, budget, told.demand.service.value)
    if memoryless and most < told.floor * told.demand.weekly_work:
        verdict = "impossible"
        remark = say(
            "no plan keeps every half-hour at {floor}: a budget of {budget} a week pays for {most} "
            "hours of work at most, and {work} come",
            floor=round(told.floor, 3),
            budget=budget,
            most=round(most, 1),
            work=round(told.demand.weekly_work, 1),
        )
    elif memoryless:
        least = least_people(told.demand, target=replace(told.target, share=told.floor))
        plan = plans({told.demand.name: least})
        if not plan.met and plan.proven:
            verdict = "impossible"
            remark = say(
                "no plan keeps every half-hour at {floor}: {places} half-hours lack people who "
                "are needed whatever is done in all others, {hours} hours a week together",
                floor=round(told.floor, 3),
                places=len(plan.missing),
                hours=round(plan.missing_hours, 2),
            )
    return Closing(verdict=verdict, rounds=done, floor=told.floor, remarks=(remark,))


def most_work(contracts: Sequence[Contract], budget: float | None, service_hours: float) -> float:
    """Hours of work that a budget can pay for, whatever the shifts.

    All of the cheapest hours; and what was begun before each break and each end of a shift, which
    takes as long again as a whole case if work is without memory.
    """
    if budget is None:
        return inf
    shortest = min(min(c.lengths) - c.break_hours for c in contracts)
    over = 1 + 2 * service_hours / shortest if shortest > 0 else inf
    return budget / min(c.cost for c in contracts) * over
