"""What each step of a log waited for: other steps of its case, people, or nobody knows what."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.people import Shift
from iagkit.prototypes.processes.simulation.walks import Codes

WINDOW: Final = 12
"""Steps before a step that are looked at."""
OVERLAP: Final = 0.05
"""Share of the pairs of two activities that overlap, from which they are done in parallel."""
MOMENT: Final = 1 / 60
"""Hours before the beginning of work at which it is asked whether somebody was free."""


def parallel(case: Codes, activity: Codes, start: Floats, end: Floats) -> NDArray[np.bool_]:
    """Which activities are done in parallel: they overlap more than now and then.

    Parameters
    ----------
    case, activity : ndarray of int, shape (n_steps,)
        Sorted by case, then start.
    start, end : ndarray of float, shape (n_steps,), hours

    Returns
    -------
    ndarray of bool, shape (n_activities, n_activities)
        Symmetric; an activity is never parallel with itself.
    """
    size = int(activity.max()) + 1
    near, over = np.zeros((size, size)), np.zeros((size, size))
    for lag in range(1, min(WINDOW, len(case) - 1) + 1):
        same = case[lag:] == case[:-lag]
        first, second = activity[:-lag][same], activity[lag:][same]
        np.add.at(near, (first, second), 1)
        laps = np.minimum(end[:-lag], end[lag:])[same] > start[lag:][same]
        np.add.at(over, (first[laps], second[laps]), 1)
    near, over = near + near.T, over + over.T
    found = (over >= 2) & (over > OVERLAP * near)
    np.fill_diagonal(found, val=False)
    return np.asarray(found)


def predecessors(
    case: Codes, activity: Codes, start: Floats, end: Floats
) -> tuple[NDArray[np.bool_], Floats]:
    """Steps that each step had to wait for.

    Parameters
    ----------
    case, activity : ndarray of int, shape (n_steps,)
        Sorted by case, then start.
    start, end : ndarray of float, shape (n_steps,), hours

    Returns
    -------
    before : ndarray of bool, shape (n_steps, 12)
        Whether the step so many places (1 to 12) before in the same case must have ended: it ended
        before this one began, its activity is not done in parallel with this one, and no other
        such step waits for it.
    enabled : ndarray of float, shape (n_steps,), hours
        When the last of them ended; ``nan`` where there is none.
    """
    together = parallel(case, activity, start, end)
    size = len(case)
    before = np.zeros((size, WINDOW + 1), dtype=bool)
    enabled = np.full(size, np.nan)
    for lag in range(1, min(WINDOW, size - 1) + 1):
        over = (case[lag:] == case[:-lag]) & (end[:-lag] <= start[lag:])
        before[lag:, lag] = over & ~together[activity[:-lag], activity[lag:]]
        enabled[lag:] = np.fmax(enabled[lag:], np.where(before[lag:, lag], end[:-lag], np.nan))
    needed = before.copy()
    for near in range(1, WINDOW):
        for further in range(1, WINDOW + 1 - near):
            # the step `near` places before already waits for the one `near + further` before
            implied = before[:, near].copy()
            implied[:near] = False
            implied[near:] &= before[:-near, further]
            needed[:, near + further] &= ~implied
    return needed[:, 1:], enabled


def lists(before: NDArray[np.bool_], starts: Codes) -> tuple[Codes, Codes] | None:
    """Predecessors as the templates hold them; ``None`` where each step waits for the last one."""
    first = np.zeros(len(before), dtype=bool)
    first[starts[:-1]] = True
    in_turn = before[:, 0] & ~before[:, 1:].any(axis=1)
    if (in_turn | first).all():
        return None
    place = np.arange(len(before)) - np.repeat(starts[:-1], np.diff(starts))
    steps, lag = np.nonzero(before)
    begins = np.concatenate([[0], np.cumsum(before.sum(axis=1))]).astype(np.int64)
    return begins, (place[steps] - lag - 1).astype(np.int64)


def work_hours(start: Floats, end: Floats, shift: Shift | None) -> Floats:
    """Hours of work: those in which the pool was open, or all where nearly none was."""
    wall = end - start
    if shift is None:
        return wall
    inside = shift.open_between(start, end)
    return np.where((inside < 0.05 * wall) & (wall < 8), wall, inside)


def somebody_free(at: Floats, begun: Floats, ended: Floats, shift: Shift) -> NDArray[np.bool_]:
    """Whether fewer people of a pool were at work than were there.

    Parameters
    ----------
    at : ndarray of float, shape (n,), hours
    begun, ended : ndarray of float, shape (n_steps,), hours
        All work of the pool, each sorted.
    shift : Shift
    """
    busy = np.searchsorted(begun, at, side="right") - np.searchsorted(ended, at, side="right")
    return np.asarray(busy < shift.people(at))
