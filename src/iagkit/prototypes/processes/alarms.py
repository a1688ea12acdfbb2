"""Alarms that people have time for: each evening the likeliest to be late, as many as are read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.prototypes.processes.landmarks import Landmarks
from iagkit.prototypes.processes.prefixes import DAY, Floats, Ints

SHARE: Final = 0.1
"""Of the cases that come, the share that people look at where no capacity is declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """What became of each case; arrays have shape (n_cases,).

    Parameters
    ----------
    case : ndarray of int
        Number of the case, by its first event.
    late : ndarray of bool
        Whether it missed its deadline.
    raised : ndarray of bool
        Whether people were asked to look at it before.
    days_ahead : ndarray of float
        Days from the alarm to the deadline; NaN without one.
    """

    case: Ints
    late: NDArray[np.bool_]
    raised: NDArray[np.bool_]
    days_ahead: Floats


def usual_capacity(rows: Landmarks) -> float:
    """Cases a day that make one in ten of those that came."""
    span = (rows.at.max() - rows.at.min()) / DAY + rows.step_days
    return float(SHARE * len(np.unique(rows.case)) / span)


def raise_alarms(rows: Landmarks, chance: Floats, *, capacity: float) -> Alarms:
    """Go through the evenings, and ask people to look at the likeliest that none had seen.

    Parameters
    ----------
    rows : Landmarks
    chance : ndarray of float, shape (n,)
        Of being late, by which cases are put in order.
    capacity : float
        Cases a day that people can look at; what is left of a part of one is kept for the next
        evening, and no more.

    Raises
    ------
    DataError
        If there is no capacity.
    """
    if not capacity > 0:
        msg = f"expected a capacity above 0 cases a day; got {capacity}"
        raise DataError(msg)
    case, first, code = np.unique(rows.case, return_index=True, return_inverse=True)
    raised, ahead = np.zeros(len(case), dtype=bool), np.full(len(case), np.nan)
    order = np.lexsort((-chance, rows.at))
    bounds = np.flatnonzero(np.r_[True, np.diff(rows.at[order]) > np.timedelta64(0), True])
    left, before = 0.0, rows.at.min() - rows.step_days * DAY
    for start, stop in pairwise(bounds):
        here = order[start:stop]
        days = (rows.at[here[0]] - before) / DAY
        left, before = min(left, 1.0) + capacity * days, rows.at[here[0]]
        new = here[~raised[code[here]]][: int(left + 1e-9)]
        raised[code[new]], ahead[code[new]] = True, rows.days_to_due[new]
        left -= len(new)
    return Alarms(case=case, late=rows.late[first], raised=raised, days_ahead=ahead)
