"""How long cases take when some of them are still open: the curve of Kaplan and Meier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, checked_level, numbers, same_length

TINY = 1e-9
"""Room for rounding where a curve stands exactly at a share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Share of cases still open after each time at which any was closed.

    Parameters
    ----------
    times : ndarray of float, shape (n_times,)
        Different times of closing, ascending.
    open_share : ndarray of float, shape (n_times,)
        Share open after that time.
    spread : ndarray of float, shape (n_times,)
        Greenwood's sum: the variance of ``open_share`` divided by its square; infinite once
        the share is 0.
    at_risk, closed : ndarray of float, shape (n_times,)
        Cases seen open just before, and closed at that time.
    n, events : int
        Cases, and how many of them were closed.
    longest : float
        Longest time that any case was seen.
    emptied : bool
        Whether the cases seen ran out early (only where cases enter late) and later ones are
        lost in the curve.
    """

    times: Floats
    open_share: Floats
    spread: Floats
    at_risk: Floats
    closed: Floats
    n: int
    events: int
    longest: float
    emptied: bool = False

    def limits(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Pointwise interval of the share, by the logarithm of its logarithm.

        Returns
        -------
        tuple of ndarray, shape (n_times,)
            ``nan`` where the share is 0 or 1, of which the method says nothing.
        """
        z = ndtri((1 + checked_level(level)) / 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            logged = np.log(self.open_share)
            width = z * np.sqrt(self.spread) / np.abs(logged)
            low, high = np.exp(logged * np.exp(width)), np.exp(logged * np.exp(-width))
        inside = (self.open_share > 0) & (self.open_share < 1)
        return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """Time after which a share of the cases is closed.

    Parameters
    ----------
    share : float
        Share closed by then: .5 is the median.
    value : float or None
        ``None``: fewer than this share were closed as long as anybody was watched.
    low, high : float or None
        Interval; ``None``: no limit can be told.
    n, events : int
    level : float
    longest : float
        Longest time that any case was seen.
    """

    share: float
    value: float | None
    low: float | None
    high: float | None
    n: int
    events: int
    level: float
    longest: float

    def told(self) -> Estimate | Message:
        """As an estimate in days; where a limit is missing, what is known in a sentence."""
        if self.value is None or self.low is None or self.high is None:
            return self._unknown()
        return Estimate(
            value=self.value, n=self.n, low=self.low, high=self.high, level=self.level, unit="days"
        )

    def _unknown(self) -> Message:
        if self.events == 0:
            return say("none of the {n} cases is closed yet, so no duration is known", n=self.n)
        if self.value is not None:
            return say(
                "{share:.0%} of the {n} cases are closed after {days:.1f} days, but too few were "
                "watched so long that an upper limit could be told",
                share=self.share, n=self.n, days=self.value,
            )  # fmt: skip
        low = self.longest if self.low is None else self.low
        return say(
            "too many of the {n} cases are still open to know when {share:.0%} of them are closed; "
            "it takes {days:.1f} days at least ({level:.0%} confidence)",
            share=self.share, n=self.n, days=low, level=self.level,
        )  # fmt: skip


def kaplan_meier(
    durations: ArrayLike, closed: ArrayLike, *, entered: ArrayLike | None = None
) -> Curve:
    """Share of cases still open after each time, with open cases counted as long as they last.

    Parameters
    ----------
    durations : array-like of float, shape (n_cases,), any unit
        Time from opening to closing, or to the cut of the log for those still open; not negative.
    closed : array-like of bool, shape (n_cases,)
        Whether the case was closed at the end of its duration.
    entered : array-like of float, shape (n_cases,), optional
        Time from opening to the moment since which the case is in the log (left truncation);
        a log that starts late holds no case that was closed before. Less than the duration.

    Returns
    -------
    Curve

    Raises
    ------
    DataError
        If there is no case, a time is negative or not finite, or a case enters after its end.

    Notes
    -----
    The product-limit estimate [1]_ with Greenwood's variance [2]_. Cases closed and cases cut
    at the same time: the closed come first. It holds if open cases are like the others that
    were open as long.

    References
    ----------
    .. [1] Kaplan, E. L. & Meier, P. (1958). JASA 53(282), 457-481.
    .. [2] Greenwood, M. (1926). Reports on Public Health and Medical Subjects 33, 1-26.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 3, 4], [True, True, False, True, False])
    >>> curve.open_share.round(2).tolist()
    [0.8, 0.6, 0.3]
    """
    time, ended, start = checked_cases(durations, closed, entered)
    times, many = np.unique(time[ended], return_counts=True)
    events = many.astype(float)
    at_risk = risk_at(times, time, start)
    left = at_risk - events
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(left / at_risk)
        spread = np.cumsum(events / (at_risk * left))
    zero = np.flatnonzero(left <= 0)
    emptied = bool(zero.size and (time > times[zero[0]]).any())
    return Curve(
        times=times, open_share=share, spread=spread, at_risk=at_risk, closed=events,
        n=len(time), events=int(ended.sum()), longest=float(time.max()), emptied=emptied,
    )  # fmt: skip


def checked_cases(
    durations: ArrayLike, closed: ArrayLike, entered: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats | None]:
    """Durations, whether closed, and entries, if they fit together.

    Raises
    ------
    DataError
        As for :func:`kaplan_meier`.
    """
    time = numbers("durations", durations, low=0)
    ended = np.asarray(closed)
    if ended.dtype != np.bool_:
        msg = "'closed' must hold true or false for each case; it holds something else"
        raise DataError(msg)
    start = None if entered is None else numbers("entered", entered, low=0)
    same_length(durations=time, closed=ended, entered=start)
    if start is not None and (wrong := int(((start >= time) & (start > 0)).sum())):
        msg = (
            f"a case must enter the log before it ends; {wrong} of {len(time)} do not. Leave out "
            "what ended before the log begins"
        )
        raise DataError(msg)
    return time, ended, start


def risk_at(times: Floats, durations: Floats, entered: Floats | None) -> Floats:
    """Cases in the log and open just before each of ``times``."""
    gone = np.searchsorted(np.sort(durations), times, side="left")
    if entered is None:
        return np.asarray(len(durations) - gone, dtype=float)
    late = entered > 0
    here = (~late).sum() + np.searchsorted(np.sort(entered[late]), times, side="left")
    return np.asarray(here - gone, dtype=float)


def quantile(curve: Curve, share: float = 0.5, *, level: float = 0.95) -> Quantile:
    """Time after which a share of the cases is closed, with its interval.

    Parameters
    ----------
    curve : Curve
    share : float
        Strictly between 0 and 1.
    level : float

    Returns
    -------
    Quantile

    Raises
    ------
    DataError
        If ``share`` or ``level`` is not strictly between 0 and 1.

    Notes
    -----
    The interval holds all times whose interval of the open share holds ``1 - share`` [1]_; of the
    shares the interval is that of the logarithm of the logarithm. Where the curve stands exactly
    at ``1 - share`` for a while, the middle of it, so that without open cases the median is the
    usual one.

    References
    ----------
    .. [1] Brookmeyer, R. & Crowley, J. (1982). Biometrics 38(1), 29-41.

    Examples
    --------
    >>> quantile(kaplan_meier([1, 2, 3, 4], [True] * 4)).value
    2.5
    """
    if not 0 < share < 1:
        msg = f"'share' must lie strictly between 0 and 1, such as 0.5; got {share}"
        raise DataError(msg)
    limit = 1 - share
    lowest, highest = curve.limits(level)
    value = low = high = None
    if not curve.emptied:
        value = _crossing(curve, curve.open_share, limit)
        low, high = _first_below(curve, lowest, limit), _first_below(curve, highest, limit)
    if value is not None and low is not None:
        low = min(low, value)
    return Quantile(
        share=share, value=value, low=low, high=high, n=curve.n, events=curve.events,
        level=level, longest=curve.longest,
    )  # fmt: skip


def _crossing(curve: Curve, shares: Floats, limit: float) -> float | None:
    at = np.flatnonzero(shares <= limit + TINY)
    if not at.size:
        return None
    first, time = at[0], float(curve.times[at[0]])
    stays = abs(float(shares[first]) - limit) <= TINY and first + 1 < len(curve.times)
    return (time + float(curve.times[first + 1])) / 2 if stays else time


def _first_below(curve: Curve, shares: Floats, limit: float) -> float | None:
    at = np.flatnonzero(shares <= limit + TINY)
    return float(curve.times[at[0]]) if at.size else None


def open_after(curve: Curve, time: float, *, level: float = 0.95) -> Estimate | Message:
    """Share of cases still open after a time.

    Parameters
    ----------
    curve : Curve
    time : float
        In the unit of the durations.
    level : float

    Returns
    -------
    Estimate or Message
        A message where nobody was watched so long. Where no case or every case is closed by
        then, the exact limits (Clopper and Pearson) for the cases that were watched.
    """
    if curve.emptied or (time > curve.longest and not _all_closed(curve)):
        return say("no case was watched for so long")
    before = int(np.searchsorted(curve.times, time + TINY, side="right")) - 1
    share = 1.0 if before < 0 else float(curve.open_share[before])
    if 0 < share < 1:
        low, high = (float(limit[before]) for limit in curve.limits(level))
    else:
        watched = curve.n if before < 0 else float(curve.at_risk[before])
        edge = ((1 - checked_level(level)) / 2) ** (1 / max(watched, 1.0))
        low, high = (edge, 1.0) if share >= 1 else (0.0, 1 - edge)
    return Estimate(value=share, n=curve.n, low=low, high=high, level=level)


def _all_closed(curve: Curve) -> bool:
    return bool(len(curve.open_share) and curve.open_share[-1] <= 0)


def restricted_mean(
    curve: Curve, horizon: float, *, level: float = 0.95, unit: str = "days"
) -> Estimate | Message:
    """Mean time that a case is open within a horizon.

    Parameters
    ----------
    curve : Curve
    horizon : float
        What is open longer counts as open so long.
    level : float
    unit : str

    Returns
    -------
    Estimate or Message
        A message where no case was watched up to the horizon.

    Raises
    ------
    DataError
        If the horizon is not positive.

    Notes
    -----
    The area under the curve up to the horizon [1]_; variance from Greenwood's terms.

    References
    ----------
    .. [1] Royston, P. & Parmar, M. K. B. (2013). BMC Medical Research Methodology 13, 152.

    Examples
    --------
    >>> restricted_mean(kaplan_meier([1, 2, 6], [True] * 3), 3.0).value
    2.0
    """
    if not horizon > 0:
        msg = f"'horizon' must be a positive time; got {horizon}"
        raise DataError(msg)
    if curve.emptied or (horizon > curve.longest and not _all_closed(curve)):
        return say("no case was watched for so long")
    value, area = areas(curve, horizon)
    inside = (curve.times <= horizon) & (area > 0)
    d, r = curve.closed[inside], curve.at_risk[inside]
    error = float(np.sqrt((area[inside] ** 2 * d / (r * (r - d))).sum()))
    half = float(ndtri((1 + checked_level(level)) / 2)) * error
    low, high = max(value - half, 0.0), min(value + half, horizon)
    return Estimate(value=value, n=curve.n, low=low, high=high, level=level, unit=unit)


def areas(curve: Curve, horizon: float) -> tuple[float, Floats]:
    """Area under the curve up to the horizon, and what lies to the right of each time."""
    ends = np.append(curve.times[1:], np.inf)
    steps = np.clip(np.minimum(ends, horizon) - np.minimum(curve.times, horizon), 0, None)
    pieces = curve.open_share * np.where(np.isfinite(steps), steps, 0.0)
    right = np.asarray(np.cumsum(pieces[::-1])[::-1], dtype=float)
    first = min(float(curve.times[0]), horizon) if len(curve.times) else horizon
    return first + float(right[0] if len(right) else 0.0), right
