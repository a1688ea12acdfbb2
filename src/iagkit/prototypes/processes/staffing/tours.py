"""Which weeks of work a contract allows: when shifts begin, how long they are, on which days.

A *tour* is one person's week: the same shift on each of the days worked. The break of each day may
be elsewhere within its limits. Shifts may pass midnight, and the last day passes into the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats, Ints
from iagkit.prototypes.processes.staffing.grid import Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What people of one kind may be asked to work.

    Parameters
    ----------
    name : str
    starts : tuple of float, hours since midnight
        When a shift may begin.
    lengths : tuple of float, hours
        From beginning to end, break included.
    days : tuple of int
        Days worked in a week; one number, or several to choose from.
    on : tuple of int
        Days on which work is allowed, Monday 0; empty: all.
    together : bool
        Whether the days worked follow one another.
    skills : tuple of str
        Queues whose work they can do; empty: all.
    cost : float
        Of one paid hour.
    most : int, optional
        People of this kind that there are.
    break_hours : float
        Break of a shift of ``break_from`` hours or more; 0: none.
    break_from : float, hours
    break_between : tuple of float
        Earliest and latest beginning of the break, hours after the beginning of the shift.
    break_paid : bool
    part_time : bool
        Whether these hours count as part-time.
    """

    name: str
    starts: tuple[float, ...]
    lengths: tuple[float, ...] = (8.0,)
    days: tuple[int, ...] = (5,)
    on: tuple[int, ...] = ()
    together: bool = False
    skills: tuple[str, ...] = ()
    cost: float = 1.0
    most: int | None = None
    break_hours: float = 0.0
    break_from: float = 6.0
    break_between: tuple[float, float] = (3.0, 5.0)
    break_paid: bool = False
    part_time: bool = False

    def __post_init__(self) -> None:
        if not self.starts or not self.lengths or not self.days:
            msg = f"contract '{self.name}' needs at least one start, one length and one day"
            raise DataError(msg)
        good = (
            all(0 <= hour < 24 for hour in self.starts)
            and all(0 < hours <= 24 for hours in self.lengths)
            and self.cost > 0
            and self.break_hours >= 0
            and (self.most is None or self.most >= 0)
        )
        if not good:
            msg = (
                f"contract '{self.name}' needs starts from 0 to below 24, lengths above 0 up to 24 "
                "hours, a positive cost, and no negative break or number of people"
            )
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shift:
    """One way to work on one day.

    Parameters
    ----------
    contract : int
        Number of the contract.
    start, length : int
        Parts of a day.
    works : ndarray of bool, shape (n_breaks, length)
        Parts in which a person works, for each place of the break; one row if there is none.
    paid_hours : float
    """

    contract: int
    start: int
    length: int
    works: NDArray[np.bool_]
    paid_hours: float

    def slots(self, day: int, choice: int, grid: Grid) -> Ints:
        """Parts of the week in which a person works who begins on this day."""
        first = day * grid.slots + self.start
        return np.asarray((first + np.flatnonzero(self.works[choice])) % grid.size)


def shifts_of(contract: Contract, *, number: int, grid: Grid) -> list[Shift]:
    """All shifts that a contract allows.

    Raises
    ------
    DataError
        If an hour of the contract is not a whole number of parts, or a break does not fit.
    """
    what = f"hours of contract '{contract.name}'"
    pause = grid.parts(contract.break_hours, what)
    found = []
    for length in sorted({grid.parts(hours, what) for hours in contract.lengths}):
        if length > grid.size:
            msg = f"{what}: a shift must not be longer than the week"
            raise DataError(msg)
        breaks = pause if length * grid.hours >= contract.break_from else 0
        works = _breaks(contract, length, breaks, grid)
        unpaid = 0 if contract.break_paid else breaks
        paid = (length - unpaid) * grid.hours
        for start in sorted({grid.parts(hour, what) for hour in contract.starts}):
            one = Shift(contract=number, start=start, length=length, works=works, paid_hours=paid)
            found.append(one)
    return found


def _breaks(contract: Contract, length: int, pause: int, grid: Grid) -> NDArray[np.bool_]:
    """Parts worked, one row for each place at which the break may begin."""
    if not pause:
        return np.ones((1, length), dtype=bool)
    first, last = (
        grid.parts(hours, f"hours of contract '{contract.name}'")
        for hours in contract.break_between
    )
    places = [p for p in range(first, last + 1) if p > 0 and p + pause < length]
    if not places:
        msg = (
            f"contract '{contract.name}': no break of {contract.break_hours:g} hours fits between "
            f"{contract.break_between[0]:g} and {contract.break_between[1]:g} hours of a shift of "
            f"{length * grid.hours:g}"
        )
        raise DataError(msg)
    works = np.ones((len(places), length), dtype=bool)
    for row, place in enumerate(places):
        works[row, place : place + pause] = False
    return works


def day_patterns(contract: Contract, *, grid: Grid) -> list[tuple[int, ...]]:
    """All choices of days that a contract allows in a week.

    Raises
    ------
    DataError
        If there is none.
    """
    allowed = [d for d in range(grid.days) if not contract.on or d in contract.on]
    found = [p for n in sorted(set(contract.days)) for p in combinations(allowed, n) if n]
    if contract.together:
        found = [p for p in found if _adjacent(p, grid.days)]
    if not found:
        msg = (
            f"contract '{contract.name}' allows no choice of days: {contract.days} of "
            f"{len(allowed)} allowed ones"
        )
        raise DataError(msg)
    return found


def _adjacent(days: tuple[int, ...], cycle: int) -> bool:
    """Whether days follow one another; after the last day comes the first."""
    gaps = sum((day + 1) % cycle not in days for day in days)
    return gaps <= 1


def days_of(patterns: Sequence[tuple[int, ...]]) -> list[int]:
    """Days on which anybody may work."""
    return sorted({day for pattern in patterns for day in pattern})


def deal(
    days: Sequence[int], people: Floats, *, length: int, heads: int
) -> list[tuple[tuple[int, ...], int]]:
    """Deal days out so that each person works ``length`` of them.

    Each in turn takes the days that lack most people, which always works out [1]_.

    References
    ----------
    .. [1] Gale, D. (1957). A theorem on flows in networks. Pacific Journal of Mathematics 7(2),
       1073-1082.
    """
    left = np.round(people).astype(int)
    found: Counter[tuple[int, ...]] = Counter()
    for _ in range(heads):
        chosen = np.sort(np.argsort(-left, kind="stable")[:length])
        left[chosen] -= 1
        found[tuple(days[i] for i in chosen)] += 1
    return sorted(found.items())
