"""What people of several skills save: all queues as one, or some people who help out.

One queue for all work needs fewer people, because what is quiet here is crowded there. The mean
time of work of the pooled queue is that of all its cases; where the means differ much, the pooled
law is wider than Erlang's and the pooled needs are a little too small. Try them in a simulation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Ints
from iagkit.prototypes.processes.staffing.layout import Weekly
from iagkit.prototypes.processes.staffing.needs import Demand, Target, needed
from iagkit.prototypes.processes.staffing.shifts import ShiftPlan, plan_shifts
from iagkit.prototypes.processes.staffing.solving import NODES, SECONDS, Solver, highs
from iagkit.prototypes.processes.staffing.tours import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """The same work planned in three ways.

    Parameters
    ----------
    apart : tuple of ShiftPlan
        Each queue has its own people; the promise holds in every half-hour.
    weekly : tuple of ShiftPlan
        Each queue has its own people; the promise holds for the week as a whole.
    together : ShiftPlan
        Everybody can do all work; the promise holds in every half-hour.
    """

    apart: tuple[ShiftPlan, ...]
    weekly: tuple[ShiftPlan, ...]
    together: ShiftPlan

    @property
    def cost_apart(self) -> float:
        """Cost a week of separate queues."""
        return sum(plan.cost for plan in self.apart)

    @property
    def saved_by_pooling(self) -> float:
        """Share of the cost of separate queues."""
        return 1 - self.together.cost / self.cost_apart

    @property
    def saved_by_week(self) -> float:
        """Share of the cost, if only the whole week counts: paid for by its worst half-hours."""
        return 1 - sum(plan.cost for plan in self.weekly) / self.cost_apart

    @property
    def proven(self) -> bool:
        """Whether all plans are proven to be the best."""
        return all(plan.proven for plan in (*self.apart, *self.weekly, self.together))


def pooled(demands: Sequence[Demand], *, name: str = "all") -> Demand:
    """Take several queues as one.

    Parameters
    ----------
    demands : sequence of Demand
        Of the same weeks.
    name : str
        Of the new queue.

    Returns
    -------
    Demand
        Limits of the rates are added up: wide enough whether or not the queues are crowded at the
        same time. The mean time of work is weighted by what comes, and so are its limits.

    Raises
    ------
    DataError
        If there is no queue, or their grids or numbers of weeks differ.
    """
    same = {(d.grid, d.weeks, d.level) for d in demands}
    if len(same) != 1:
        msg = f"queues to pool need one grid, the same weeks and level; got {len(same)} different"
        raise DataError(msg)
    cases = np.array([d.weekly_cases for d in demands])
    ends = [(d.service.low, d.service.value, d.service.high) for d in demands]
    known = all(low is not None and high is not None for low, _, high in ends)
    means = np.array([[end[1] if x is None else x for x in end] for end in ends])
    low, value, high = (float(x) for x in np.average(means, axis=0, weights=cases))
    service = Estimate(value=value, n=sum(d.service.n for d in demands), unit="hours")
    if known:
        service = replace(service, low=low, high=high, level=demands[0].level)
    return Demand(
        name=name,
        rates=np.sum([d.rates for d in demands], axis=0),
        low=np.sum([d.low for d in demands], axis=0),
        high=np.sum([d.high for d in demands], axis=0),
        service=service,
        weeks=demands[0].weeks,
        n=sum(d.n for d in demands),
        level=demands[0].level,
        grid=demands[0].grid,
    )


def compare_pooling(
    demands: Sequence[Demand],
    contracts: Sequence[Contract],
    *,
    target: Target,
    part_time_share: float = 1.0,
    gap: float = 0.0,
    nodes: int = NODES,
    seconds: float = SECONDS,
    solver: Solver = highs,
) -> Pooling:
    """Plan separate queues, a promise for the week only, and one queue for all.

    Parameters
    ----------
    demands : sequence of Demand
    contracts : sequence of Contract
        Their skills are not looked at: they are what is compared.
    target : Target
    part_time_share, gap, nodes, seconds, solver
        As for :func:`~iagkit.prototypes.processes.staffing.shifts.plan_shifts`.

    Returns
    -------
    Pooling

    Raises
    ------
    DataError
        If the queues do not fit together.
    """
    free = [replace(contract, skills=()) for contract in contracts]
    one = pooled(demands)

    def planned(name: str, need: Ints | Weekly) -> ShiftPlan:
        return plan_shifts(
            {name: need},
            free,
            part_time_share=part_time_share,
            gap=gap,
            nodes=nodes,
            seconds=seconds,
            grid=one.grid,
            solver=solver,
        )

    return Pooling(
        apart=tuple(planned(d.name, needed(d, target=target).people) for d in demands),
        weekly=tuple(planned(d.name, Weekly.of(d, target=target)) for d in demands),
        together=planned(one.name, needed(one, target=target).people),
    )
