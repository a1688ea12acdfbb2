"""Shifts that give every half-hour its people at the least cost, or tell what is missing.

Who works on which days with which shift are whole numbers of people; where the breaks lie are
whole numbers for each shift and day [1]_, [2]_. The solver proves the least cost, or says by how
much it may be missed. Where the needs cannot be met within the budget, the fewest missing hours
are looked for, then the least cost at which no more are missing.

References
----------
.. [1] Dantzig, G. B. (1954). A comment on Edie's "Traffic delays at toll booths". Journal of the
   Operations Research Society of America 2(3), 339-341.
.. [2] Aykin, T. (1996). Optimal shift scheduling with multiple break windows. Management Science
   42(4), 591-602.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Ints
from iagkit.prototypes.processes.staffing.grid import Grid
from iagkit.prototypes.processes.staffing.layout import Layout, Weekly, lay_out
from iagkit.prototypes.processes.staffing.solving import (
    NODES,
    SECONDS,
    NoPlanError,
    Program,
    Solved,
    Solver,
    highs,
)
from iagkit.prototypes.processes.staffing.tours import Contract

ALMOST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """People who work the same week.

    Parameters
    ----------
    contract : str
    start_hour, hours : float
        Beginning, since midnight, and length of the shift.
    days : tuple of int
        Monday is 0.
    people : int
    """

    contract: str
    start_hour: float
    hours: float
    days: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What one part of the week lacks.

    Parameters
    ----------
    queue : str
    slot : int
    when : str
        As ``Mon 09:30``.
    people : float
        Missing in this part; with several skills a part of a person may be.
    """

    queue: str
    slot: int
    when: str
    people: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShiftPlan:
    """Shifts, what they cost, and how far that is proven.

    Parameters
    ----------
    tours : tuple of Tour
    staff : mapping of str to ndarray of int, shape (grid.size,)
        People of each contract at work in each part.
    given : mapping of str to ndarray of float, shape (grid.size,)
        People that each queue gets.
    cost, bound : float, a week
        What it costs, and what it costs at least whatever the shifts: proven.
    proven : bool
        Whether the plan is proven to be the best.
    gap : float
        Share of the cost by which a better plan may be cheaper; of the missing hours where some
        are missing.
    missing : tuple of Missing
        Empty where all needs are met.
    missing_hours : float
        Hours of people a week.
    enough : float, a week
        Where the needs were too much for the budget: a cost at which they are met is proven to be
        at least this; infinite where no budget helps, because shifts or people lack.
    seconds : float
        CPU time of the solver.
    """

    tours: tuple[Tour, ...]
    staff: Mapping[str, Ints]
    given: Mapping[str, Any]
    cost: float
    bound: float
    proven: bool
    gap: float
    grid: Grid
    missing: tuple[Missing, ...] = ()
    missing_hours: float = 0.0
    enough: float = 0.0
    remarks: tuple[Message, ...] = ()
    seconds: float = 0.0

    @property
    def people(self) -> int:
        """People employed."""
        return sum(tour.people for tour in self.tours)

    @property
    def met(self) -> bool:
        """Whether every part of the week has the people it needs."""
        return not self.missing

    @property
    def hours(self) -> float:
        """Hours at work in a week, breaks left out."""
        return float(sum(row.sum() for row in self.staff.values()) * self.grid.hours)


def plan_shifts(
    needs: Mapping[str, ArrayLike | Weekly],
    contracts: Sequence[Contract],
    *,
    budget: float | None = None,
    part_time_share: float = 1.0,
    gap: float = 0.0,
    nodes: int = NODES,
    seconds: float = SECONDS,
    grid: Grid | None = None,
    solver: Solver = highs,
) -> ShiftPlan:
    """Find shifts that meet all needs at the least cost.

    Parameters
    ----------
    needs : mapping of str to array-like of int, shape (grid.size,), or Weekly
        People that each queue needs in each part of the week; or what it gains from each person,
        of which only the whole week matters.
    contracts : sequence of Contract
    budget : float, a week, optional
        Cost that must not be passed, whatever is missing then.
    part_time_share : float, from 0 to 1
        Largest share of the paid hours that part-time contracts may have.
    gap : float
        The solver may stop as soon as the plan is proven to be as near to the best.
    nodes : int
        Nodes of each of up to three searches: the same needs have the same plan on every machine.
    seconds : float
        By the clock, for each: an emergency brake, after which there is no plan at all.
    grid : Grid, optional
    solver : Solver

    Returns
    -------
    ShiftPlan

    Raises
    ------
    DataError
        If needs do not fit the grid, are not whole, or nobody has the skill of a queue.
    UsageError
        If the budget is negative or no node is allowed.
    NoPlanError
        If the nodes are used up before any plan was found, or a search was stopped by the clock.

    Examples
    --------
    >>> day = Grid(days=1, slots=4)
    >>> half = Contract(name="half", starts=(0, 6, 12), lengths=(12.0,), days=(1,))
    >>> found = plan_shifts({"desk": [1, 2, 1, 0]}, [half], grid=day)
    >>> found.people, found.cost, found.proven
    (2, 24.0, True)
    """
    grid = grid or Grid()
    if budget is not None and not 0 <= budget < inf:
        msg = f"a budget is a cost a week, not negative; got {budget:g}"
        raise UsageError(msg)
    if nodes < 1:
        msg = f"a search needs one node at least; got {nodes}"
        raise UsageError(msg)
    began = time.process_time()
    laid = lay_out(needs, contracts, part_time_share=part_time_share, grid=grid)
    search = partial(solver, nodes=nodes, gap=gap, seconds=seconds)
    found = search(laid.cheapest())
    if found.status in {"optimal", "feasible"} and (
        budget is None or found.value <= budget + ALMOST
    ):
        plan = _plan(laid, found, grid)
    else:
        plan = _short(laid, found, budget, search, grid)
    return replace(plan, seconds=time.process_time() - began)


def _short(
    laid: Layout,
    first: Solved,
    budget: float | None,
    search: Callable[[Program], Solved],
    grid: Grid,
) -> ShiftPlan:
    """Fewest missing hours within the budget, then the least cost with no more missing."""
    fewest = search(laid.fewest_missing(budget))
    if fewest.x is None:
        msg = (
            "no plan was found within the nodes of a search; give more nodes, fewer starts or "
            "lengths of shifts, or a gap above 0"
        )
        raise NoPlanError(msg)
    missing = laid.missing(fewest.x)
    cheaper = search(laid.cheapest_missing(budget, missing))
    best = cheaper if cheaper.x is not None else fewest
    plan = _plan(laid, best, grid)
    if plan.met:  # the first search ended before it found what the second did
        return replace(plan, bound=first.bound, gap=_gap(plan.cost, first.bound), proven=False)
    unproven = first.status == "unknown" or (budget is not None and first.bound <= budget)
    remarks = [_said(plan, budget, first)]
    if unproven:
        remarks.append(say("the search ended before it was proven that the needs cannot be met"))
    return replace(
        plan,
        proven=not unproven and fewest.status == "optimal" and cheaper.status == "optimal",
        gap=fewest.gap,
        enough=first.bound,
        remarks=tuple(remarks),
    )


def _gap(cost: float, bound: float) -> float:
    return max(0.0, cost - bound) / cost if cost else 0.0


def _said(plan: ShiftPlan, budget: float | None, first: Solved) -> Message:
    places, hours = len(plan.missing), round(plan.missing_hours, 2)
    if first.bound == inf or budget is None:
        return say(
            "no budget helps: with these contracts {places} half-hours lack people, {hours} hours "
            "a week together",
            places=places,
            hours=hours,
        )
    return say(
        "a budget of {budget} a week is too small: {places} half-hours lack people, {hours} hours "
        "a week together; all needs cost at least {enough}",
        budget=budget,
        places=places,
        hours=hours,
        enough=round(first.bound, 2),
    )


def _plan(laid: Layout, found: Solved, grid: Grid) -> ShiftPlan:
    x = found.x
    if x is None:
        msg = "no solution to read a plan from"
        raise UsageError(msg)
    tours = tuple(
        Tour(
            contract=laid.contracts[shift.contract].name,
            start_hour=shift.start * grid.hours,
            hours=shift.length * grid.hours,
            days=days,
            people=people,
        )
        for shift, days, people in laid.tours(x)
    )
    lacking = laid.lacking(x)
    missing = tuple(
        Missing(queue=queue, slot=int(slot), when=grid.told(int(slot)), people=float(row[slot]))
        for queue, row in lacking.items()
        for slot in np.flatnonzero(row > ALMOST)
    )
    cost = laid.cost(x)
    return ShiftPlan(
        tours=tours,
        staff=laid.staff(x),
        given=laid.given(x),
        cost=cost,
        bound=found.bound if not missing else cost,
        proven=found.status == "optimal",
        gap=found.gap,
        grid=grid,
        missing=missing,
        missing_hours=float(sum(m.people for m in missing) * grid.hours),
    )
