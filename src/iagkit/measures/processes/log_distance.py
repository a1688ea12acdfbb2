"""How far one log is from another: in the order of work, in time, and in how long cases take.

The distances of Chapela-Campa and others [1]_, with the details of the authors' own package
``log-distance-measures`` (bins of an hour, all times rounded down), so that figures can be set
beside published ones. Both starts and ends of work count; where a log has no starts, only ends do.

References
----------
.. [1] Chapela-Campa, D., Benchekroun, I., Baron, O., Dumas, M., Krass, D. & Senderovich, A. (2023).
   Can I trust my simulation model? Measuring the quality of business process simulation models.
   BPM 2023, LNCS 14159, 20-37.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

HOUR: Final = 3_600_000_000
"""Microseconds of an hour."""
FURTHEST: Final = 23.0
"""Distance of a weekday on which only one of the logs has events."""


def ngd(log: EventLog, other: EventLog, *, n: int = 3) -> Estimate:
    """N-gram distance: how much the order of work differs.

    Parameters
    ----------
    log, other : EventLog
    n : int
        Activities in a row that are compared; cases are padded with ``n - 1`` blanks on both sides.

    Returns
    -------
    Estimate
        Share from 0 (the same n-grams, as often) to 1 (none in common): the sum of the absolute
        differences of counts, divided by all counts. Counts, not shares, are compared: a log with
        more cases is further away. ``n`` counts the cases of both logs.

    Raises
    ------
    DataError
        If a log has no event, or ``n`` is below 1.

    Notes
    -----
    Events of a case are in the order of their start, then of their end.
    """
    if n < 1:
        msg = f"'n' must be at least one activity; got {n}"
        raise DataError(msg)
    ours, theirs = _grams(_both(lambda events: events, log, other), n)
    moved, total = np.abs(ours - theirs).sum(), ours.sum() + theirs.sum()
    return Estimate(value=float(moved / total), n=_cases(log) + _cases(other))


def aedd(log: EventLog, other: EventLog) -> Estimate:
    """Absolute event distribution distance: how far events lie from those of the other log.

    Parameters
    ----------
    log, other : EventLog

    Returns
    -------
    Estimate
        Hours by which events would have to be moved on average; ``n`` counts the times of both.

    Raises
    ------
    DataError
        If a log has no event.
    """
    ours, theirs = _both(_stamps, log, other)
    return _moved(ours, theirs, first=min(ours.min(), theirs.min()) // HOUR * HOUR)


def cedd(log: EventLog, other: EventLog) -> Estimate:
    """Circadian event distribution distance: how much the hours of each weekday differ.

    Parameters
    ----------
    log, other : EventLog

    Returns
    -------
    Estimate
        Hours, mean of the seven weekdays. A weekday on which neither has events counts 0, one on
        which only one has events counts 23. ``n`` counts the times of both.

    Raises
    ------
    DataError
        If a log has no event.
    """
    (our_day, our_hour), (their_day, their_hour) = map(_circadian, _both(_stamps, log, other))
    distances = [_of_day(our_hour[our_day == d], their_hour[their_day == d]) for d in range(7)]
    return Estimate(value=float(np.mean(distances)), n=len(our_day) + len(their_day), unit="hours")


def redd(log: EventLog, other: EventLog) -> Estimate:
    """Relative event distribution distance: how far events lie, counted from the start of the case.

    Parameters
    ----------
    log, other : EventLog

    Returns
    -------
    Estimate
        Hours by which events would have to be moved on average; ``n`` counts the times of both.

    Raises
    ------
    DataError
        If a log has no event.
    """
    return _moved(*_both(_relative, log, other), first=0)


def ctdd(log: EventLog, other: EventLog) -> Estimate:
    """Cycle time distribution distance: how much the time from first start to last end differs.

    Parameters
    ----------
    log, other : EventLog

    Returns
    -------
    Estimate
        Hours by which cycle times would have to be moved on average; ``n`` counts the cases of
        both.

    Raises
    ------
    DataError
        If a log has no event.
    """
    ours, theirs = _both(_cycles, log, other)
    return _moved(ours, theirs, first=min(ours.min(), theirs.min()))


DISTANCES: Mapping[str, Callable[[EventLog, EventLog], Estimate]] = MappingProxyType(
    {"ngd": ngd, "aedd": aedd, "cedd": cedd, "redd": redd, "ctdd": ctdd}
)
"""All five, by name; the smaller, the nearer."""


def log_distances(log: EventLog, other: EventLog) -> dict[str, Estimate]:
    """All five distances between two logs.

    Parameters
    ----------
    log, other : EventLog

    Returns
    -------
    dict of str to Estimate
        ``ngd`` (share), ``aedd``, ``cedd``, ``redd`` and ``ctdd`` (hours).

    Raises
    ------
    DataError
        If a log has no event.
    """
    return {name: distance(log, other) for name, distance in DISTANCES.items()}


def _both(of: Callable[[pd.DataFrame], Any], log: EventLog, other: EventLog) -> list[Any]:
    """The same of both logs."""
    return [of(_timed(each)) for each in (log, other)]


def _timed(log: EventLog) -> pd.DataFrame:
    """Events with a start each: where it is not known, the end."""
    events = log.events
    if len(events) == 0:
        msg = "both logs need at least one event; one has none. Was it cut too early?"
        raise DataError(msg)
    start = events["start"].where(events["start"].notna(), events["end"])
    timed: pd.DataFrame = events[["case", "activity", "end"]].assign(start=start)
    return timed


def _micros(times: pd.Series) -> Any:
    return times.astype("datetime64[us]").astype("int64").to_numpy()


def _stamps(events: pd.DataFrame) -> Any:
    return np.concatenate([_micros(events["start"]), _micros(events["end"])])


def _relative(events: pd.DataFrame) -> Any:
    first = _micros(events.groupby("case", sort=False)["start"].transform("min"))
    return np.concatenate([_micros(events["start"]) - first, _micros(events["end"]) - first])


def _cycles(events: pd.DataFrame) -> Any:
    cases = events.groupby("case", sort=False)
    return _micros(cases["end"].max()) - _micros(cases["start"].min())


def _circadian(stamps: Any) -> tuple[Any, Any]:
    """Weekday (Monday is 0) and hour; the epoch was a Thursday."""
    hours = stamps // HOUR
    return (hours // 24 + 3) % 7, hours % 24


def _of_day(ours: Any, theirs: Any) -> float:
    if len(ours) and len(theirs):
        return _earth_moved(ours, theirs)
    return FURTHEST if len(ours) or len(theirs) else 0.0


def _moved(ours: Any, theirs: Any, *, first: int) -> Estimate:
    """Hours by which times, rounded down to hours since the first, must be moved."""
    moved = _earth_moved((ours - first) // HOUR, (theirs - first) // HOUR)
    return Estimate(value=moved, n=len(ours) + len(theirs), unit="hours")


def _earth_moved(ours: Any, theirs: Any) -> float:
    """Wasserstein distance of order 1 between two samples of whole numbers."""
    values, places = np.unique(np.concatenate([ours, theirs]), return_inverse=True)
    shares: list[Floats] = [
        np.bincount(part, minlength=len(values)) / len(part)
        for part in (places[: len(ours)], places[len(ours) :])
    ]
    above = np.cumsum(shares[0] - shares[1])[:-1]
    return float(np.abs(above) @ np.diff(values))


def _grams(logs: Sequence[pd.DataFrame], n: int) -> list[Ints]:
    """How often each n-gram of any of the logs is in each of them."""
    import pandas as pd

    sizes = [len(each) for each in logs]
    names = np.concatenate([each["activity"].astype(object).to_numpy() for each in logs])
    kinds = np.split(pd.factorize(names)[0] + 1, np.cumsum(sizes)[:-1])
    padded = [_padded(each, kind, n) for each, kind in zip(logs, kinds, strict=True)]
    code = np.concatenate([row for row, _ in padded])
    base = int(code.max()) + 1
    gram = code
    for k in range(1, n):
        longer = gram[:-1] * base + code[k:]
        gram = np.unique(longer, return_inverse=True)[1].reshape(-1)
    starts = np.concatenate([start for _, start in padded])
    of = np.repeat(np.arange(len(logs)), [len(row) for row, _ in padded])[: len(gram)]
    begins = starts[: len(gram)]
    many = int(gram.max()) + 1
    return [np.bincount(gram[begins & (of == k)], minlength=many) for k in range(len(logs))]


def _padded(events: pd.DataFrame, kind: Ints, n: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Activities of one case after another, each between blanks; and where an n-gram begins."""
    import pandas as pd

    case = pd.factorize(events["case"])[0]
    order = np.lexsort((_micros(events["end"]), _micros(events["start"]), case))
    case, blank = case[order], n - 1
    size = np.bincount(case) + 2 * blank
    row = np.zeros(int(size.sum()), dtype=np.int64)
    row[np.arange(len(case)) + blank * (2 * case + 1)] = kind[order]
    into = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, into <= np.repeat(size, size) - n


def _cases(log: EventLog) -> int:
    return int(log.events["case"].nunique())
