"""Hours of the week laid over the time that is simulated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import numpy as np

from iagkit.measures.arrays import Floats

WEEK, DAY = 168.0, 24.0


def since_monday(start: datetime) -> float:
    """Hours from the Monday 0:00 before ``start``."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return start.weekday() * DAY + (start - midnight) / timedelta(hours=1)


def stepwise(
    values: Sequence[float], *, start: datetime, until: float, closed: Iterable[date] = ()
) -> tuple[Floats, Floats]:
    """A weekly rhythm from hour 0 to ``until``.

    Parameters
    ----------
    values : sequence of float
        One for each equal part of the week.
    start : datetime
        Hour 0.
    until : float, hours
    closed : iterable of date
        Days on which the value is 0.

    Returns
    -------
    times : ndarray of float, shape (n,), hours
        Where a new value begins; the first is 0.
    values : ndarray of float, shape (n,)
        No two in a row are equal.
    """
    offset, part = since_monday(start), WEEK / len(values)
    days = sorted({(date_ - start.date()).days * DAY - offset % DAY for date_ in closed})
    if len(set(values)) == 1 and not days:
        return np.zeros(1), np.array([float(values[0])])
    first = int(offset // part)
    parts = np.arange(first, int((offset + until) // part) + 1)
    edges = np.concatenate([parts * part - offset, *[[day, day + DAY] for day in days]])
    edges = np.unique(np.maximum(edges[edges <= until], 0.0))
    level = np.asarray(values, dtype=float)[
        ((edges + offset) / part + 1e-9).astype(int) % len(values)
    ]
    if days:
        began = np.searchsorted(np.asarray(days), edges + 1e-9, side="right") - 1
        inside = (began >= 0) & (edges < np.asarray(days)[began] + DAY - 1e-9)
        level = np.where(inside, 0.0, level)
    new = np.concatenate([[True], np.diff(level) != 0])
    return edges[new], level[new]
