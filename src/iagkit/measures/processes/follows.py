"""The map of a process: which activity directly follows which, how often, and after how long."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from iagkit.core.errors import UsageError
from iagkit.core.nouns import Estimate
from iagkit.measures.intervals import critical
from iagkit.measures.processes import follows_query as query

LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """How often one activity directly follows another within a case, and after how long.

    Parameters
    ----------
    source, target : str
    n : int
        Times; a count of the whole log.
    otherwise : int
        Times if events of the same time are taken in the opposite order.
    mean : Estimate
        Days between both times, with Student's interval.
    median : Estimate or None
        Days that half of them do not exceed, with the interval of order statistics (Conover);
        without interval below six, and ``None`` where medians were not asked for.

    Notes
    -----
    Intervals take the times as independent, which those of one case need not be.
    """

    source: str
    target: str
    n: int
    otherwise: int
    mean: Estimate
    median: Estimate | None = None

    @property
    def unstable(self) -> bool:
        """Whether its frequency is another one when ties are reversed."""
        return self.n != self.otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """A directly-follows map; all counts are of the whole log.

    Parameters
    ----------
    activities, starts, ends : mapping of str to int
        Events of each activity, and cases that begin or end with it; the most frequent first.
    arcs : tuple of Arc
        The most frequent first.
    events, cases : int
    left_out : int
        Rows without case, activity or a time that can be read.
    unstable : Estimate
        Share of all arcs, counted by frequency, that are others when ties are reversed.
    """

    activities: Mapping[str, int]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    arcs: tuple[Arc, ...]
    events: int
    cases: int
    left_out: int
    unstable: Estimate

    def filtered(self, *, activities: int = 20, arcs: int = 30, least: int = 1) -> Shown:
        """Keep what is most frequent.

        Parameters
        ----------
        activities, arcs : int
            At most so many; arcs between the kept activities only, none is bridged.
        least : int
            Arcs, starts and ends that are rarer are left out, also where there is room.

        Raises
        ------
        UsageError
            If a number is not positive.
        """
        if min(activities, arcs, least) < 1:
            msg = (
                "expected at least 1 for 'activities', 'arcs' and 'least'; got "
                f"{activities}, {arcs}, {least}"
            )
            raise UsageError(msg)
        kept = dict(list(self.activities.items())[:activities])
        inside = [a for a in self.arcs if a.source in kept and a.target in kept and a.n >= least]
        shown = tuple(inside[:arcs])
        all_arcs = sum(a.n for a in self.arcs)
        part = sum(a.n for a in shown)
        return Shown(
            activities=kept,
            starts={k: n for k, n in self.starts.items() if k in kept and n >= least},
            ends={k: n for k, n in self.ends.items() if k in kept and n >= least},
            arcs=shown,
            share=Estimate(value=part / all_arcs if all_arcs else 1.0, n=all_arcs),
            of_activities=len(self.activities), of_arcs=len(self.arcs), cases=self.cases,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The most frequent part of a map, and how much of it that is.

    Parameters
    ----------
    share : Estimate
        Share of all arcs, counted by frequency, that is kept; 1 where there is no arc.
    of_activities, of_arcs : int
        How many different ones the whole map has.
    """

    activities: Mapping[str, int]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    arcs: tuple[Arc, ...]
    share: Estimate
    of_activities: int
    of_arcs: int
    cases: int

    def plain(self) -> dict[str, Any]:
        """Write it as numbers and texts, for a record; ``report.process_map`` draws this."""
        return {
            "activities": [
                {"name": k, "n": n, "starts": self.starts.get(k, 0), "ends": self.ends.get(k, 0)}
                for k, n in self.activities.items()
            ],
            "arcs": [_plain(arc) for arc in self.arcs],
            "share": self.share.value, "all_arcs": self.share.n, "cases": self.cases,
            "of_activities": self.of_activities, "of_arcs": self.of_arcs,
        }  # fmt: skip


def _plain(arc: Arc) -> dict[str, Any]:
    days = arc.median or arc.mean
    return {
        "source": arc.source, "target": arc.target, "n": arc.n, "otherwise": arc.otherwise,
        "days": days.value, "low": days.low, "high": days.high,
        "days_are": "median" if arc.median else "mean",
    }  # fmt: skip


def directly_follows(
    frame: Any,
    *,
    case: str = "case",
    activity: str = "activity",
    timestamp: str = "end",
    order: str | None = "order",
    medians: bool = False,
) -> Follows:
    """Count which activity directly follows which, where the table is.

    Parameters
    ----------
    frame : dataframe or relation
        One row an event, in any order. A relation of DuckDB (a Parquet or CSV file that
        ``wire.frames.open_frame`` opened) is counted in its engine, within the memory it may use;
        any other table that narwhals knows hands its four columns over to one.
    case, activity, timestamp : str
        Columns; the times dates, timestamps, or ISO texts.
    order : str or None
        Column that tells which of two events of the same time is first in the file; ``None``: the
        order of the rows, which only tables in memory have.
    medians : bool
        Also the medians; twice the work.

    Returns
    -------
    Follows

    Raises
    ------
    DataError
        If a column is not there or holds no times, there is no event, there are more than 5,000
        activities, or events have equal times and nothing tells their order.

    Notes
    -----
    Events are partitioned by a 64-bit hash of their case; a second hash tells whether two cases
    ever met in one partition, and then all is counted again by the case itself: counts are exact.
    Only cases with ties are sorted a second time, in the opposite order of the file.

    Examples
    --------
    >>> import pandas as pd
    >>> day = pd.to_datetime(["2024-03-04", "2024-03-06", "2024-03-05"])
    >>> log = pd.DataFrame({"case": ["1", "1", "2"], "activity": ["in", "out", "in"], "end": day})
    >>> found = directly_follows(log, order=None)
    >>> [(a.source, a.target, a.n, a.mean.value) for a in found.arcs], dict(found.ends)
    ([('in', 'out', 1, 2.0)], {'in': 1, 'out': 1})
    """
    with query.opened(frame, case, activity, timestamp, order) as rows:
        known = query.activities(rows, activity)
        counted, turned = query.count(rows, known, medians=medians)
    return _follows(counted, turned, rows.total)


def _follows(
    counted: Iterable[query.Counted], turned: Mapping[tuple[str, str], int], total: int
) -> Follows:
    rows = list(counted)
    starts = {c.target: c.n for c in rows if c.source is None}
    events = dict(starts)
    for c in rows:
        if c.source is not None:
            events[c.target] = events.get(c.target, 0) + c.n
    left = dict(events)
    for c in rows:
        if c.source is not None:
            left[c.source] -= c.n
    ends = {k: n for k, n in left.items() if n}
    arcs = [_arc(c, turned) for c in rows if c.source is not None]
    n_arcs = sum(a.n for a in arcs)
    there = {(a.source, a.target) for a in arcs}
    moved = sum(abs(a.n - a.otherwise) for a in arcs)
    moved += sum(n for key, n in turned.items() if key not in there)
    n_events = sum(events.values())
    return Follows(
        activities=_ranked(events), starts=_ranked(starts), ends=_ranked(ends),
        arcs=tuple(sorted(arcs, key=lambda a: (-a.n, a.source, a.target))),
        events=n_events, cases=sum(starts.values()), left_out=total - n_events,
        unstable=Estimate(value=moved / (2 * n_arcs) if n_arcs else 0.0, n=n_arcs),
    )  # fmt: skip


def _ranked(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _arc(c: query.Counted, turned: Mapping[tuple[str, str], int]) -> Arc:
    assert c.source is not None
    return Arc(
        source=c.source, target=c.target, n=c.n,
        otherwise=turned.get((c.source, c.target), c.n),
        mean=_mean(c), median=None if c.grid is None else _median(c.grid, c.n),
    )  # fmt: skip


def _mean(c: query.Counted) -> Estimate:
    value = c.days / c.n
    if c.n < 2:
        return Estimate(value=value, n=c.n, unit="days")
    spread = max(c.squares - c.days * value, 0.0) / (c.n - 1)
    half = critical(LEVEL, c.n - 1) * math.sqrt(spread / c.n)
    return Estimate(
        value=value, n=c.n, low=max(value - half, 0.0), high=value + half, level=LEVEL, unit="days"
    )


def _median(grid: list[float], n: int) -> Estimate:
    """Median and interval from quantiles on a grid; the interval is rounded outwards to it."""
    steps = len(grid) - 1
    half = critical(LEVEL) * math.sqrt(n) / 2
    low, high = math.floor(n / 2 - half), math.ceil(n / 2 + 1 + half)
    value = grid[steps // 2]
    if low < 1 or high > n:
        return Estimate(value=value, n=n, unit="days")
    return Estimate(
        value=value, n=n, low=grid[low * steps // n], high=grid[math.ceil(high * steps / n)],
        level=LEVEL, unit="days",
    )  # fmt: skip
