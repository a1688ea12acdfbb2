"""How cases arrive, learnt from a log: by the clock, evenly, at random or in bunches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.model import Arrivals
from iagkit.prototypes.processes.simulation.weeks import WEEK, since_monday, stepwise

PARTS: Final = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0)
"""Hours, parts of a day in which cases that come by the clock come or do not."""
HOURS: Final = 168
BY_THE_CLOCK: Final = 0.8
"""Share of equal gaps from which arrivals are taken to come by the clock."""
LEFT_OUT: Final = 0.1
"""Share of the cases by which a clock may be wrong, and still be one."""
RECENT: Final = 0.25
"""Share of the cases, the newest, that say how many come now."""
DRIFTED: Final = 2.0
"""Standard errors by which the newest must differ from all before only they count."""
BELIEF: Final = 4.0
"""Cases that the product of weekday and hour weighs, where an hour of the week is estimated."""
QUANTILES: Final = 1000


def arrivals(opened: pd.Series[Any], *, closed: Iterable[date] = ()) -> Arrivals:
    """Learn how cases arrive.

    Parameters
    ----------
    opened : series of datetime, shape (n_cases,)
        Local times of arrival.
    closed : iterable of date
        Days on which nobody can come.

    Returns
    -------
    Arrivals
        Where most gaps are the same to the second: by the clock, in the half-hours in which cases
        come. Otherwise a rate for each hour of the week and gaps as seen, counted in expected
        cases: neither assumed to be Poisson nor to be even. Where the newest quarter of the cases
        came at a rate that differs by more than two standard errors, that rate is taken.

    Raises
    ------
    DataError
        If there are fewer than three cases, or all arrive at once.
    """
    times = pd.to_datetime(pd.Series(opened)).dropna().sort_values()
    if len(times) < 3 or times.iloc[0] == times.iloc[-1]:
        msg = (
            f"arrivals are learnt from at least three cases, not all at once; got {len(times)}. "
            "Is the log cut, or the time of opening the same for all?"
        )
        raise DataError(msg)
    start: datetime = times.iloc[0].to_pydatetime()
    hours = (times - times.iloc[0]).dt.total_seconds().to_numpy() / 3600
    shut = tuple(sorted(set(closed)))
    clock = _clock(hours, start, shut)
    return clock if clock is not None else _rhythm(hours, start, shut)


def _clock(hours: Floats, start: datetime, closed: tuple[date, ...]) -> Arrivals | None:
    """Arrivals at equal gaps in the half-hours of the week that are open."""
    gaps = np.round(np.diff(hours) * 3600).astype(np.int64)
    usual, counts = np.unique(gaps, return_counts=True)
    gap = int(usual[counts.argmax()])
    if gap == 0 or counts.max() < BY_THE_CLOCK * len(gaps):
        return None
    length = next((part for part in PARTS if gap <= part * 3600), None)
    if length is None:
        return Arrivals(gaps=Duration.fixed(gap / 3600))
    seen, there = _counted(hours, start, closed, int(WEEK / length))
    rate = 3600 / gap
    open_ = seen > 0.5 * rate * there
    if abs(rate * there[open_].sum() - len(hours)) > LEFT_OUT * len(hours):
        return None
    return Arrivals(
        rates=tuple(np.where(open_, rate, 0.0).tolist()), gaps=Duration.fixed(1.0), closed=closed
    )


def _rhythm(hours: Floats, start: datetime, closed: tuple[date, ...]) -> Arrivals:
    """A rate for each hour of the week, and gaps counted in expected cases."""
    seen, there = _counted(hours, start, closed, HOURS)
    days, clock = seen.reshape(7, 24), there.reshape(7, 24)
    by_day, by_hour = _ratio(days.sum(1), clock.sum(1)), _ratio(days.sum(0), clock.sum(0))
    product = np.outer(by_day, by_hour).ravel() / max(seen.sum() / there.sum(), 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(product > 0, BELIEF / product, 0.0)
        rates = np.where(product > 0, (seen + BELIEF) / (there + weight), 0.0)
    expected = _expected(hours, rates, start, closed)
    rates *= _level(expected)
    gaps = np.diff(expected)
    gaps = gaps / gaps.mean()
    if len(gaps) > QUANTILES:
        gaps = np.quantile(gaps, (np.arange(QUANTILES) + 0.5) / QUANTILES)
        gaps /= gaps.mean()
    return Arrivals(rates=tuple(rates.tolist()), gaps=Duration.sample(gaps), closed=closed)


def _level(expected: Floats) -> float:
    """How many cases come now, compared with how many were expected by the rhythm."""
    size = len(expected) - 1
    recent = max(int(RECENT * size), 2)
    mean, now = np.diff(expected).mean(), np.diff(expected)[-recent:]
    error = now.std(ddof=1) / recent**0.5
    drifted = error > 0 and abs(now.mean() - mean) > DRIFTED * error
    return float(1 / (now.mean() if drifted else mean))


def _counted(
    hours: Floats, start: datetime, closed: tuple[date, ...], parts: int
) -> tuple[Floats, Floats]:
    """Cases, and hours that were open to them, in each part of the week."""
    length, last = WEEK / parts, float(hours[-1])
    offset = since_monday(start)
    places = ((hours + offset) / length + 1e-9).astype(np.int64) % parts
    edges, level = stepwise(
        tuple(range(1, parts + 1)), start=start, until=last + 1e-6, closed=closed
    )
    there = np.zeros(parts + 1)
    np.add.at(there, level.astype(np.int64), np.diff(np.append(edges, last)))
    return np.bincount(places, minlength=parts).astype(float), np.maximum(there[1:], 0.0)


def _ratio(seen: Floats, there: Floats) -> Floats:
    return np.divide(seen, there, out=np.zeros(len(seen)), where=there > 0)


def _expected(hours: Floats, rates: Floats, start: datetime, closed: tuple[date, ...]) -> Floats:
    """Expected cases until each arrival."""
    last = float(hours[-1])
    edges, level = stepwise(tuple(rates.tolist()), start=start, until=last, closed=closed)
    edges = np.append(edges, max(last, edges[-1]))
    total = np.concatenate([[0.0], np.cumsum(np.diff(edges) * level)])
    return np.asarray(np.interp(hours, edges, total))
