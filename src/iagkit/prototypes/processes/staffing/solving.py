"""The door to the solver: whole numbers that cost least under linear conditions.

HiGHS [1]_ comes with scipy. Another solver fits the same door: a function as :class:`Solver`
describes it. How far a search goes is counted in *nodes*, programs without whole numbers that were
solved on the way, never in time: the same program has the same answer on every machine, busy or
not. A limit by the clock is there for emergencies only, and leaves no plan at all.

References
----------
.. [1] Huangfu, Q. & Hall, J. A. J. (2018). Parallelizing the dual revised simplex method.
   Mathematical Programming Computation 10(1), 119-142.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, Final, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import UsageError
from iagkit.measures.arrays import Floats, Ints

NODES: Final = 2000
"""Nodes of a search, at most; some ten to twenty a second for a week of half-hours with breaks."""
SECONDS: Final = 600.0
"""By the clock, after which a search is given up as hopeless."""
BY_THE_CLOCK: Final = 1
"""How scipy calls a search that time has stopped."""


CLOSED: Final = 1e-6
"""Share of its value within which a bound proves a solution, where nodes ended the search."""


class NoPlanError(UsageError):
    """A search that ended before any plan was found, or that the clock has stopped."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Least ``cost @ x`` with ``row_low <= rows @ x <= row_high`` and ``0 <= x <= most``.

    Parameters
    ----------
    cost, most : ndarray of float, shape (n,)
    whole : ndarray of bool, shape (n,)
        Which are whole numbers.
    rows : sparse matrix, shape (m, n)
    row_low, row_high : ndarray of float, shape (m,)
    """

    cost: Floats
    most: Floats
    whole: NDArray[np.bool_]
    rows: Any
    row_low: Floats
    row_high: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """What a solver found.

    Parameters
    ----------
    status : {"optimal", "feasible", "infeasible", "unknown"}
        ``"feasible"``: nodes were used up with a solution whose gap is known; ``"unknown"``:
        without one.
    x : ndarray of float, shape (n,), or None
    value : float
        Of the solution; infinite without one.
    bound : float
        No solution costs less: proven.
    """

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    x: Floats | None
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Share by which the solution may be dearer than the best one."""
        if self.status == "infeasible" or self.value == inf:
            return inf
        return max(0.0, self.value - self.bound) / max(abs(self.value), 1e-9)


class Solver(Protocol):
    """What searches for the least cost."""

    def __call__(self, program: Program, /, *, nodes: int, gap: float, seconds: float) -> Solved:
        """Search.

        Parameters
        ----------
        program : Program
        nodes : int
            Where the search ends, with the best that was found.
        gap : float
            At which it may end.
        seconds : float
            By the clock.

        Returns
        -------
        Solved
            The same for the same program, nodes and gap.

        Raises
        ------
        NoPlanError
            If the seconds are over: what was found by then would depend on the machine.
        """
        ...


def highs(program: Program, /, *, nodes: int, gap: float, seconds: float) -> Solved:
    """Solve with HiGHS, on one core; see :class:`Solver`."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        program.cost,
        integrality=program.whole.astype(int),
        bounds=Bounds(np.zeros(len(program.cost)), program.most),
        constraints=LinearConstraint(program.rows, program.row_low, program.row_high),
        options={"node_limit": nodes, "mip_rel_gap": gap, "time_limit": seconds},
    )
    if found.status == BY_THE_CLOCK:
        msg = (
            f"no plan was found: a search was stopped after {seconds:g} seconds, and what it had "
            "found by then depends on the machine; give more seconds, fewer nodes, fewer starts or "
            "lengths of shifts"
        )
        raise NoPlanError(msg)
    if found.status == 2:
        return Solved(status="infeasible", x=None, value=inf, bound=inf)
    bound = found.mip_dual_bound if found.mip_dual_bound is not None else -inf
    if found.x is None:
        return Solved(status="unknown", x=None, value=inf, bound=float(bound))
    x = np.where(program.whole, np.round(found.x), found.x)
    value = float(found.fun)
    proven = found.status == 0 or value - bound <= CLOSED * max(abs(value), 1.0)
    status: Literal["optimal", "feasible"] = "optimal" if proven else "feasible"
    return Solved(status=status, x=x, value=value, bound=float(bound))


class Writer:
    """Writes a program down, a block of unknowns and a row of conditions at a time."""

    def __init__(self) -> None:
        self.cost: list[Floats] = []
        self.most: list[Floats] = []
        self.whole: list[NDArray[np.bool_]] = []
        self.size = 0
        self.parts: list[tuple[Ints, Ints, Floats]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def unknowns(
        self, count: int, *, cost: ArrayLike = 0.0, most: ArrayLike = inf, whole: bool = True
    ) -> Ints:
        """Add unknowns, and give their numbers."""
        self.cost.append(np.broadcast_to(np.asarray(cost, dtype=float), count))
        self.most.append(np.broadcast_to(np.asarray(most, dtype=float), count))
        self.whole.append(np.full(count, whole))
        self.size += count
        return np.arange(self.size - count, self.size, dtype=np.intp)

    def row(
        self, which: ArrayLike, factors: ArrayLike, *, low: float = -inf, high: float = inf
    ) -> int:
        """Add a condition, and give its number."""
        which = np.asarray(which, dtype=np.intp)
        factors = np.broadcast_to(np.asarray(factors, dtype=float), which.shape)
        self.parts.append((np.full(len(which), len(self.low), dtype=np.intp), which, factors))
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def more(self, row: int, which: ArrayLike, factors: ArrayLike) -> None:
        """Add unknowns to a condition that is there."""
        which = np.asarray(which, dtype=np.intp)
        factors = np.broadcast_to(np.asarray(factors, dtype=float), which.shape)
        self.parts.append((np.full(len(which), row, dtype=np.intp), which, factors))

    def program(self) -> Program:
        """All that was written."""
        from scipy.sparse import csr_array

        rows, columns, values = (
            np.concatenate([part[i] for part in self.parts]) if self.parts else np.zeros(0)
            for i in range(3)
        )
        shape = (len(self.low), self.size)
        return Program(
            cost=np.concatenate(self.cost),
            most=np.concatenate(self.most),
            whole=np.concatenate(self.whole),
            rows=csr_array((values, (rows, columns)), shape=shape),
            row_low=np.array(self.low),
            row_high=np.array(self.high),
        )
