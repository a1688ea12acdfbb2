"""When cases come in: by hour, weekday, month; and whether they come by chance alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.intervals import critical

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR
MONDAY: Final = 3
LEVEL: Final = 0.95
LEAST: Final = 30
"""Fewer arrivals tell nothing about their pattern."""
DATED: Final = 0.1
"""Share of stamps at midnight sharp above which they are dates, and hours mean nothing."""
UNITS: Final = (DAY, HOUR, 60 * SECOND, SECOND, 1000)
"""What stamps may be rounded to, in microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """The pattern of arrivals.

    Parameters
    ----------
    by_weekday : tuple of Estimate
        Arrivals a day, Monday first; ``n`` counts the days of the log.
    by_hour : tuple of Estimate
        Arrivals in each hour of the day, a day; empty where stamps are dates (more than a tenth of
        them at midnight sharp).
    by_month : tuple of Estimate or None
        Arrivals a day in each month, January first; ``None`` where the log has no such month.
    n : int
    weekly : Estimate
        Arrivals a week.
    dispersion : Estimate or None
        Variance of weekly counts of each hour (or weekday) divided by what chance alone gives; 1
        for a Poisson process whose rate repeats every week.
    dispersion_p : float or None
        Probability of one so far from 1, were it such a process.
    gaps_p : float or None
        The same for the gaps within an hour, whatever the rates of the hours (Kolmogorov-Smirnov).
    poisson : bool or None
        Whether neither test is below .05 / 2; unknown where neither could be done.
    because : tuple of Message
        Why a test could not be done, and what was done before it.
    """

    by_weekday: tuple[Estimate, ...]
    by_hour: tuple[Estimate, ...]
    by_month: tuple[Estimate | None, ...]
    n: int
    weekly: Estimate
    dispersion: Estimate | None
    dispersion_p: float | None
    gaps_p: float | None
    poisson: bool | None
    because: tuple[Message, ...] = ()


def arrivals(moments: ArrayLike, *, until: datetime | None = None, seed: int = 0) -> Arrivals:
    r"""Describe when cases arrive, and test whether they do so by chance alone.

    Parameters
    ----------
    moments : array-like of datetime64, shape (n,)
        When each case was opened; missing ones are left out.
    until : datetime, optional
        When the log was cut; default: the last arrival.
    seed : int
        Of the noise that spreads rounded stamps over their unit.

    Returns
    -------
    Arrivals

    Raises
    ------
    DataError
        If there is no arrival.

    Notes
    -----
    Rates a day have intervals from the variance between days (Student), which hold when arrivals
    come in bursts. Two tests ask different things. *Dispersion*: the counts of one hour of the week
    over the :math:`k` weeks are Poisson with one mean. Given their sum :math:`n`, that of
    :math:`(N - \bar N)^2 / \bar N` has the mean :math:`k - 1` and the variance
    :math:`2 (k - 1) (n - 1) / n`; the total is compared with a gamma distribution of these
    moments, and its interval is that of the mean of the weeks. It answers to seasons and bursts
    over weeks. *Gaps*: given the count of an hour, the arrivals of a Poisson
    process are uniform in it, so that :math:`-(J + 1 - j) \log((L - T_j) / (L - T_{j-1}))` are
    exponential whatever the rate of the hour [1]_. It answers to batches and appointments. Stamps
    rounded to a unit are spread over it by a seeded uniform noise, as in [1]_.

    References
    ----------
    .. [1] Brown, L. et al. (2005). Statistical analysis of a telephone call center: a
       queueing-science perspective. JASA 100(469), 36-50.

    Examples
    --------
    >>> monday = np.datetime64("2024-01-01T09:00")
    >>> found = arrivals(monday + np.arange(40) * np.timedelta64(7, "D"))
    >>> found.by_weekday[0].value, found.by_weekday[1].value, found.poisson
    (1.0, 0.0, False)
    """
    at = np.sort(_known(moments))
    end = at[-1] if until is None else max(int(np.datetime64(until, "us").astype(np.int64)), at[-1])
    unit = DAY if are_dates(at) else next(u for u in (*UNITS, 1) if (at % u == 0).all())
    counts = np.bincount(at // DAY - at[0] // DAY, minlength=int(end // DAY - at[0] // DAY) + 1)
    days = np.arange(len(counts)) + int(at[0] // DAY)
    spread, p, why = _dispersion(at, end, by_hour=unit < DAY)
    gaps, more = _gaps(at, unit, seed)
    told = [x for x in (p, gaps) if x is not None]
    return Arrivals(
        by_weekday=tuple(
            _rate(counts[(days + MONDAY) % 7 == k]) for k in range(7) if len(counts) >= 7
        ),
        by_hour=_by_hour(at, len(counts)) if unit < DAY else (),
        by_month=_by_month(counts, days), n=len(at), weekly=_weekly(counts),
        dispersion=spread, dispersion_p=p, gaps_p=gaps,
        poisson=None if not told else min(told) >= (1 - LEVEL) / len(told),
        because=why + more,
    )  # fmt: skip


def _known(moments: ArrayLike) -> Ints:
    at = np.asarray(moments, dtype="datetime64[us]").ravel()
    known: Ints = at[~np.isnat(at)].astype(np.int64)
    if not len(known):
        msg = "expected moments at which cases were opened; there is none. Name the column"
        raise DataError(msg)
    return known


def are_dates(at: Ints) -> bool:
    """Whether moments, in microseconds, are dates whose time of day is unknown."""
    return bool((at % DAY == 0).mean() > DATED)


def _rate(counts: Ints) -> Estimate:
    """Mean a day with its interval; none for a single day."""
    n, value = len(counts), float(counts.mean())
    if n < 2:
        return Estimate(value=value, n=n, unit="arrivals a day")
    half = critical(LEVEL, n - 1) * float(counts.std(ddof=1)) / np.sqrt(n)
    return Estimate(
        value=value, n=n, low=max(value - half, 0.0), high=value + half, level=LEVEL,
        unit="arrivals a day",
    )  # fmt: skip


def _by_hour(at: Ints, days: int) -> tuple[Estimate, ...]:
    table = np.bincount((at // HOUR - at[0] // DAY * 24), minlength=24 * days)
    return tuple(_rate(table.reshape(days, 24)[:, hour]) for hour in range(24))


def _by_month(counts: Ints, days: Ints) -> tuple[Estimate | None, ...]:
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    return tuple(_rate(counts[month == k]) if (month == k).any() else None for k in range(12))


def _weekly(counts: Ints) -> Estimate:
    weeks = len(counts) // 7
    if not weeks:
        return Estimate(value=float(counts.sum()), n=0, unit="arrivals a week")
    whole = counts[: 7 * weeks].reshape(weeks, 7).sum(axis=1)
    e = _rate(whole)
    return Estimate(
        value=e.value, n=weeks, low=e.low, high=e.high, level=e.level, unit="arrivals a week"
    )


def _dispersion(
    at: Ints, end: int, *, by_hour: bool
) -> tuple[Estimate | None, float | None, tuple[Message, ...]]:
    """Chi-squared of the counts of each hour (or day) of the week, over whole weeks."""
    from scipy.stats import chi2

    step, slots = (HOUR, 168) if by_hour else (DAY, 7)
    first = at[0] // DAY * DAY
    weeks = int((end - first) // (7 * DAY))
    inside = at[at < first + weeks * 7 * DAY]
    if weeks < 4 or len(inside) < LEAST:
        why = say("arrivals are tested from {n} of them in 4 whole weeks on", n=LEAST)
        return None, None, (why,)
    table = np.bincount((inside - first) // step, minlength=weeks * slots)
    table = table.reshape(weeks, slots)
    mean = table.mean(axis=0)
    used = mean > 0
    parts = ((table - mean) ** 2)[:, used] / mean[used]
    total, expected = float(parts.sum()), float(used.sum() * (weeks - 1))
    sums = table.sum(axis=0)[used]
    variance = float((2 * (weeks - 1) * (sums - 1) / sums).sum())
    if not variance:
        why = say("no hour of the week has two arrivals, so their dispersion is unknown")
        return None, None, (why,)
    scale, freedom = variance / (2 * expected), 2 * expected**2 / variance
    tails = chi2.sf(total / scale, freedom), chi2.cdf(total / scale, freedom)
    by_week = parts.sum(axis=1) * weeks / expected
    half = critical(LEVEL, weeks - 1) * float(by_week.std(ddof=1)) / np.sqrt(weeks)
    value = total / expected
    spread = Estimate(
        value=value, n=len(inside), low=max(value - half, 0.0), high=value + half, level=LEVEL,
        unit="ratio", clusters=weeks,
    )  # fmt: skip
    p = float(min(1.0, 2 * min(tails)))
    return spread, p, ()


def _gaps(at: Ints, unit: int, seed: int) -> tuple[float | None, tuple[Message, ...]]:
    """Kolmogorov-Smirnov of the gaps within each hour, rescaled to be exponential."""
    from scipy.stats import kstest

    if unit >= HOUR:
        return None, (say("times are rounded to hours or days, so gaps within hours are unknown"),)
    noise = np.random.default_rng(seed).uniform(0, unit, len(at)) if unit > 1 else 0.0
    moved = np.sort(at + noise)
    hour = moved // HOUR
    begins = np.r_[True, hour[1:] != hour[:-1]]
    into = moved - hour * HOUR
    before = np.where(begins, 0.0, np.r_[0.0, into[:-1]])
    run = np.flatnonzero(begins)
    counts = np.diff(np.r_[run, len(at)])
    rank = np.arange(len(at)) - np.repeat(run, counts)
    left = np.maximum(HOUR - into, 1e-6)
    scaled = -(np.repeat(counts, counts) - rank) * np.log(left / (HOUR - before))
    several = np.repeat(counts, counts) > 1
    if several.sum() < LEAST:
        why = say("too few hours have two arrivals, so gaps within hours are unknown")
        return None, (why,)
    return float(kstest(scaled[several], "expon").pvalue), ()
