"""In which order work is taken up: orders tried on the past of the office itself.

The past is replayed: whenever the office closed a case, it closes one now, but the order decides
which. What the office can do stays as it was; only who waits changes, so that no time of work
needs to be known. It is assumed that the cases of a lane (one kind of work, one office) may stand
in for one another: give lanes in which that is so.

Where a law or rule says first come, first served, it is a condition, not a preference: within a
declared class nobody is ever taken before somebody who came earlier, whatever the order says.
Earliest due date is Jackson's rule [1]_, ageing Kleinrock's [2]_.

References
----------
.. [1] Jackson, J. R. (1955). Scheduling a production line to minimize maximum tardiness.
   Management Science Research Project 43, University of California. (Earliest due date.)
.. [2] Kleinrock, L. (1964). A delay dependent queue discipline. Naval Research Logistics
   Quarterly 11(3-4), 329-341. (Ageing.)
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, Labels
from iagkit.measures.rates import mean, share

WEEK = 7.0
Rule = Literal["first_come", "due", "ageing", "risk", "quota"]
RULES: tuple[Rule, ...] = ("first_come", "due", "ageing", "risk", "quota")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who is next.

    Parameters
    ----------
    rule : {"first_come", "due", "ageing", "risk", "quota"}
        Who came first; whose deadline is first, cases without one last; the highest
        ``urgency + days waited / patience_days``; the highest ``risk + days waited /
        patience_days``; or the group that is furthest behind its quota, first come within it.
    patience_days : float
        Wait that weighs as much as a whole point of urgency or risk.
    quotas : mapping of str to float
        Share of the work for each group that waits, compared with the others.
    first_come_within : bool
        Whether the declared classes of the backlog must be served first come, first served.
    """

    rule: Rule = "first_come"
    patience_days: float = 30.0
    quotas: Mapping[str, float] = field(default_factory=dict)
    first_come_within: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "quotas", MappingProxyType(dict(self.quotas)))
        if self.rule not in RULES:
            msg = f"expected an order ({', '.join(RULES)}); got '{self.rule}'."
            raise UsageError(msg + did_you_mean(self.rule, RULES))
        if not self.patience_days > 0 or any(q <= 0 for q in self.quotas.values()):
            msg = "patience must be positive days, and quotas positive shares"
            raise UsageError(msg)
        if (self.rule == "quota") != bool(self.quotas):
            msg = f"quotas belong to the order 'quota', and only to it; got '{self.rule}'"
            raise UsageError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backlog:
    """Cases that came and moments at which one was closed.

    Parameters
    ----------
    arrived, closed, due : ndarray of float, shape (n,), days
        ``nan``: not closed; no deadline.
    until : float, days
        End of what is known.
    lane, group, serial : ndarray of str, shape (n,)
        Work that can stand in for one another; people to compare; classes in which the law says
        first come, first served.
    urgency, risk : ndarray of float, shape (n,)
        What somebody knows of the case; risk of being late, from a prediction made on arrival.
    """

    arrived: Floats
    closed: Floats
    due: Floats
    until: float
    lane: Labels
    group: Labels
    serial: Labels
    urgency: Floats
    risk: Floats

    def __post_init__(self) -> None:
        sizes = {len(getattr(self, name)) for name in self.__slots__ if name != "until"}
        backwards = int((self.closed < self.arrived).sum())
        if len(sizes) != 1 or not len(self.arrived) or backwards:
            msg = (
                "a backlog needs one value a case everywhere, a case at least, none closed before "
                f"it came; got lengths {sorted(sizes)}, {backwards} closed before they came"
            )
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replayed:
    """What becomes of each case under an order.

    Parameters
    ----------
    closed : ndarray of float, shape (n,), days
        ``nan``: still open at the end.
    """

    backlog: Backlog
    closed: Floats
    order: Order | None
    remarks: tuple[Message, ...] = ()

    @property
    def wait_days(self) -> Floats:
        """Days until closed; of open cases, until the end of what is known: at least so many."""
        end = np.where(np.isnan(self.closed), self.backlog.until, self.closed)
        return np.asarray(end - self.backlog.arrived)

    @property
    def late(self) -> NDArray[np.bool_]:
        """Whether a deadline has passed before the case was closed, or the log ended."""
        end = np.where(np.isnan(self.closed), self.backlog.until, self.closed)
        return np.asarray(end > self.backlog.due)

    def late_share(
        self, *, level: float = 0.95, among: NDArray[np.bool_] | None = None
    ) -> Estimate:
        """Share of cases with a deadline that are late; weeks of arrival are the evidence.

        Raises
        ------
        DataError
            If no case has a deadline.
        """
        some = ~np.isnan(self.backlog.due)
        some = some if among is None else some & among
        if not some.any():
            msg = "no case has a deadline, so none is late; give the column of due dates (--due)"
            raise DataError(msg)
        return share(self.late[some], clusters=weeks(self.backlog)[some], level=level)

    def longer_than(
        self, other: Replayed, *, level: float = 0.95, among: NDArray[np.bool_] | None = None
    ) -> Estimate:
        """Mean of the days that each case waits longer than in another replay."""
        some = np.ones(len(self.closed), dtype=bool) if among is None else among
        more = (self.wait_days - other.wait_days)[some]
        return mean(more, unit="days", clusters=weeks(self.backlog)[some], level=level)


def weeks(backlog: Backlog) -> NDArray[np.intp]:
    """Week in which each case came."""
    return np.asarray((backlog.arrived - backlog.arrived.min()) // WEEK, dtype=np.intp)


def backlog_of(
    log: EventLog,
    *,
    lane: str = "",
    group: str = "",
    serial: str = "",
    urgency: Sequence[float] | None = None,
    risk: Sequence[float] | None = None,
) -> Backlog:
    """Read a backlog from a log.

    Parameters
    ----------
    log : EventLog
    lane, group, serial : str
        Columns of its cases; empty: all cases are alike. Missing values are one of their own.
    urgency, risk : sequence of float, one for each row of ``log.cases``, optional

    Returns
    -------
    Backlog

    Raises
    ------
    DataError
        If a column is not there, or there is no case.
    """
    cases = log.cases
    for column in (lane, group, serial):
        if column and column not in cases.columns:
            msg = f"no column '{column}' of cases.{did_you_mean(column, cases.columns)}"
            raise DataError(msg)
    start = cases["opened"].min()

    def days(name: str) -> Floats:
        return np.asarray((cases[name] - start).dt.total_seconds() / 86400, dtype=float)

    def told(column: str) -> Labels:
        if not column:
            return np.full(len(cases), "")
        return np.asarray(cases[column].astype("string").fillna("(missing)"), dtype=str)

    zero = np.zeros(len(cases))
    return Backlog(
        arrived=days("opened"),
        closed=days("closed"),
        due=days("due"),
        until=(log.until - start.to_pydatetime()).total_seconds() / 86400,
        lane=told(lane),
        group=told(group),
        serial=told(serial),
        urgency=zero if urgency is None else np.asarray(urgency, dtype=float),
        risk=zero if risk is None else np.asarray(risk, dtype=float),
    )


def as_it_was(backlog: Backlog) -> Replayed:
    """What became of each case."""
    return Replayed(backlog=backlog, closed=backlog.closed, order=None)


def replay(backlog: Backlog, order: Order) -> Replayed:
    """Close one case whenever the office did, the one that the order says.

    Parameters
    ----------
    backlog : Backlog
    order : Order

    Returns
    -------
    Replayed
        As many cases are closed, at the same moments, in every lane.

    Raises
    ------
    DataError
        If a group has no quota.
    """
    missing = sorted(set(backlog.group) - set(order.quotas)) if order.quotas else []
    if missing:
        msg = f"{len(missing)} groups of the backlog have no quota; give one for each group"
        raise DataError(msg)
    keys = _keys(backlog, order)
    streams = _streams(backlog, order)
    closed = np.full(len(keys), np.nan)
    for lane in np.unique(backlog.lane):
        _lane(np.flatnonzero(backlog.lane == lane), backlog, order, keys, streams, closed)
    return Replayed(backlog=backlog, closed=closed, order=order, remarks=_bound(backlog, order))


def _bound(backlog: Backlog, order: Order) -> tuple[Message, ...]:
    """Say where the law leaves nothing to choose."""
    if not order.first_come_within or order.rule == "first_come":
        return ()
    classes = {(lane, serial) for lane, serial in zip(backlog.lane, backlog.serial, strict=True)}
    if len(classes) > len(set(backlog.lane)):
        return ()
    return (
        say("first come, first served is declared for all cases of a lane: no order changes it"),
    )


def _keys(backlog: Backlog, order: Order) -> Floats:
    """The smallest is next; nothing in it changes while a case waits."""
    if order.rule == "due":
        return np.where(np.isnan(backlog.due), inf, backlog.due)
    if order.rule in {"ageing", "risk"}:
        score = backlog.urgency if order.rule == "ageing" else backlog.risk
        return np.asarray(backlog.arrived / order.patience_days - score)
    return backlog.arrived


def _streams(backlog: Backlog, order: Order) -> Labels:
    """Cases of one stream are taken in a fixed order."""
    if order.first_come_within:
        return backlog.serial
    return backlog.group if order.rule == "quota" else np.full(len(backlog.arrived), "")


def _lane(
    cases: NDArray[np.intp],
    backlog: Backlog,
    order: Order,
    keys: Floats,
    streams: Labels,
    closed: Floats,
) -> None:
    coming = cases[np.argsort(backlog.arrived[cases], kind="stable")]
    moments = np.sort(backlog.closed[cases][~np.isnan(backlog.closed[cases])])
    within = backlog.arrived if order.first_come_within else keys
    waiting: dict[str, list[tuple[float, float, int]]] = {}
    quota = _Quota(order.quotas)
    next_ = 0
    for moment in moments.tolist():
        while next_ < len(coming) and backlog.arrived[coming[next_]] <= moment:
            case = int(coming[next_])
            heap = waiting.setdefault(str(streams[case]), [])
            heapq.heappush(heap, (float(within[case]), float(backlog.arrived[case]), case))
            quota.enter(str(backlog.group[case]))
            next_ += 1
        stream = min(
            (name for name, heap in waiting.items() if heap),
            key=lambda name: _turn(waiting[name][0][2], backlog, keys, quota),
        )
        case = heapq.heappop(waiting[stream])[2]
        closed[case] = moment
        quota.leave(str(backlog.group[case]))


class _Quota:
    """How much of its quota each group has had; who was not waiting saves nothing up."""

    def __init__(self, quotas: Mapping[str, float]) -> None:
        self.quotas = quotas
        self.had = dict.fromkeys(quotas, 0.0)
        self.waiting = dict.fromkeys(quotas, 0)

    def enter(self, group: str) -> None:
        if not self.quotas:
            return
        others = [self.had[g] for g, n in self.waiting.items() if n]
        if others and not self.waiting[group]:
            self.had[group] = max(self.had[group], min(others))
        self.waiting[group] += 1

    def leave(self, group: str) -> None:
        if self.quotas:
            self.had[group] += 1 / self.quotas[group]
            self.waiting[group] -= 1

    def next(self, group: str) -> float:
        return self.had[group] + 1 / self.quotas[group] if self.quotas else 0.0


def _turn(case: int, backlog: Backlog, keys: Floats, quota: _Quota) -> tuple[float, ...]:
    """Groups that had least of their quota first, then the key, then who came first."""
    had = quota.next(str(backlog.group[case]))
    return had, float(keys[case]), float(backlog.arrived[case]), case
