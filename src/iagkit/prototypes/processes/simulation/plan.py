"""Model and work as plain arrays: all that the engine, compiled or not, needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.registry import did_you_mean, find, names
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.model import Model, Priority
from iagkit.prototypes.processes.simulation.walks import Codes
from iagkit.prototypes.processes.simulation.weeks import WEEK, since_monday, stepwise
from iagkit.prototypes.processes.simulation.work import Work

ALONE = -1
"""Queue of activities that need nobody."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lists:
    """Lists of different lengths: the ``i``-th is ``flat[starts[i]:starts[i + 1]]``."""

    starts: Codes
    flat: NDArray[Any]

    @classmethod
    def of(cls, rows: Sequence[Any], dtype: Any) -> Lists:
        """Put rows end to end."""
        starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        return cls(starts=starts, flat=np.array([x for row in rows for x in row], dtype=dtype))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What has to be done, by whom, when, in which order.

    Parameters
    ----------
    queue : ndarray of int, shape (n_steps,)
        Where a step waits: there is one queue for each list of pools; -1: it never waits.
    activity : ndarray of int, shape (n_steps,)
    service, before, after : ndarray of float, shape (n_steps,), hours
    base, slope : ndarray of float, shape (n_steps,)
        The smallest ``base + slope * enabled`` is next.
    last : ndarray of bool, shape (n_steps,)
        Whether the step ends its case; without meaning where there are ``followers``.
    followers : Lists of int, or None
        Steps that wait for each step; ``None``: the next one does.
    waits_for : ndarray of int, shape (n_steps,)
        How many steps must end before.
    roots : ndarray of int, shape (n_roots,)
        Steps that wait for none, in the order in which they come up.
    root_ready, root_enabled, root_time : ndarray of float, shape (n_roots,), hours
        ``root_time`` is ``root_enabled`` or 0, whichever is later.
    pools_of, queues_of : Lists of int
        Pools of each queue, first choice first; queues of each pool.
    changes, levels : Lists
        When the capacity of each pool changes, and to what.
    opens, done : Lists of float
        Stretches in which each pool is open: their beginnings; and the open hours that have passed
        at the end of each. Empty where work does not stop when the pool closes.
    batch_size : ndarray of int, shape (n_activities,)
    gates : Lists of float
        When the gate of each activity opens.
    rested : bool
        Whether the pool that has been free for longest is chosen.
    stop : float, hours
    """

    queue: Codes
    activity: Codes
    service: Floats
    before: Floats
    after: Floats
    base: Floats
    slope: Floats
    last: NDArray[np.bool_]
    followers: Lists | None
    waits_for: Codes
    roots: Codes
    root_ready: Floats
    root_enabled: Floats
    root_time: Floats
    pools_of: Lists
    queues_of: Lists
    changes: Lists
    levels: Lists
    opens: Lists
    done: Lists
    batch_size: Codes
    gates: Lists
    rested: bool
    stop: float

    @property
    def simple(self) -> bool:
        """Whether each queue has one pool, always the same people, and is served as it comes."""
        rows = (np.diff(self.pools_of.starts), np.diff(self.changes.starts))
        return bool(
            self.followers is None
            and all((row == 1).all() for row in rows)
            and (self.levels.flat > 0).all()
            and not self.batch_size.any()
            and len(self.gates.flat) == 0
            and (self.slope == 1).all()
            and np.isin(self.base, (0.0, -inf)).all()
        )

    @property
    def one_queue(self) -> bool:
        """Whether, simple as it is, all work is one step a case in one queue."""
        alone = len(self.pools_of.flat) == 1 and (self.queue == 0).all()
        return bool(alone and self.followers is None and self.last.all())


def plan(model: Model, work: Work, *, stop: float) -> Plan:
    """Lay out model and work.

    Parameters
    ----------
    model : Model
    work : Work
    stop : float, hours
        When the engine stops, whatever is left.
    """
    index = {pool.name: i for i, pool in enumerate(model.pools)}
    choices = [tuple(index[name] for name in a.pools) for a in model.activities]
    queues = list(dict.fromkeys(choice for choice in choices if choice))
    place = {choice: i for i, choice in enumerate(queues)}
    of_activity = np.array([place.get(choice, ALONE) for choice in choices], dtype=np.int64)
    serves = [[q for q, pools in enumerate(queues) if p in pools] for p in range(len(model.pools))]
    base, slope = order_of_work(model.priority, work)
    length = np.diff(work.starts)
    last = np.zeros(len(work.activity), dtype=bool)
    last[work.starts[1:][length > 0] - 1] = True
    levels = [_levels(model, i, stop) for i in range(len(model.pools))]
    opens, done = _stretches(model, levels)
    return Plan(
        queue=of_activity[work.activity],
        activity=work.activity,
        service=work.service,
        before=work.before,
        after=work.after,
        last=last,
        **_order(model, work, last, np.repeat(base, length), np.repeat(slope, length)),
        pools_of=Lists.of(queues, np.int64),
        queues_of=Lists.of(serves, np.int64),
        changes=Lists.of([times for times, _ in levels], float),
        levels=Lists.of([level for _, level in levels], np.int64),
        opens=opens,
        done=done,
        batch_size=np.array([a.batch.size if a.batch else 0 for a in model.activities]),
        gates=Lists.of([_gates(model, i, stop) for i in range(len(model.activities))], float),
        rested=model.choose == "rested",
        stop=stop,
    )


def _levels(model: Model, pool: int, stop: float) -> tuple[Floats, Floats]:
    told = model.pools[pool]
    return stepwise(told.capacity, start=model.start, until=stop, closed=told.closed)


def _stretches(model: Model, levels: Sequence[tuple[Floats, Floats]]) -> tuple[Lists, Lists]:
    opens, done = [], []
    for pool, (times, level) in zip(model.pools, levels, strict=True):
        opened = level > 0
        if opened.all() or not pool.pauses:
            opens.append(np.empty(0))
            done.append(np.empty(0))
            continue
        turns = np.concatenate([[opened[0]], opened[1:] & ~opened[:-1]])
        closes = np.append(times[1:][~opened[1:] & opened[:-1]], [inf] * int(opened[-1]))
        opens.append(times[turns])
        done.append(np.cumsum(closes - times[turns]))
    return Lists.of(opens, float), Lists.of(done, float)


def _gates(model: Model, activity: int, stop: float) -> Floats:
    batch = model.activities[activity].batch
    if batch is None or not batch.hours:
        return np.empty(0)
    weeks = np.arange(int(stop // WEEK) + 2) * WEEK - since_monday(model.start)
    times = np.sort((weeks[:, None] + np.asarray(batch.hours)).ravel())
    return np.asarray(times[(times >= 0) & (times <= stop)])


def _order(
    model: Model, work: Work, last: NDArray[np.bool_], base: Floats, slope: Floats
) -> dict[str, Any]:
    """Who waits for whom, and what comes up by itself, in order."""
    waits_for, followers = _followers(work, last)
    roots = np.flatnonzero(waits_for == 0)
    case = work.case[roots]
    ready = work.arrived[case].copy()
    if model.progress is not None:
        old = case < work.under_way
        ready[old] = model.progress.ready[case[old]]
        base = base.copy()
        base[roots[old]] = np.where(model.progress.begun[case[old]], -inf, base[roots[old]])
    begun = np.isneginf(base[roots])
    enabled = ready + np.where(begun, 0.0, work.before[roots])
    time = np.where(begun, 0.0, np.maximum(enabled, 0.0))
    order: Any = slice(None)
    if not (np.diff(time) > 0).all():
        order = np.lexsort((roots, base[roots] + slope[roots] * enabled, time))
    return {
        "base": base,
        "slope": slope,
        "waits_for": waits_for,
        "followers": followers,
        "roots": roots[order],
        "root_ready": ready[order],
        "root_enabled": enabled[order],
        "root_time": time[order],
    }


def _followers(work: Work, last: NDArray[np.bool_]) -> tuple[Codes, Lists | None]:
    if work.predecessors is None:
        waits_for = np.ones(len(last), dtype=np.int64)
        waits_for[work.starts[:-1][np.diff(work.starts) > 0]] = 0
        return waits_for, None
    starts, flat = work.predecessors
    after = np.repeat(np.arange(len(last)), np.diff(starts))
    order = np.argsort(flat, kind="stable")
    counts = np.bincount(flat, minlength=len(last))
    begins = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return np.diff(starts).astype(np.int64), Lists(starts=begins, flat=after[order])


def order_of_work(priority: Priority, work: Work) -> tuple[Floats, Floats]:
    """``base`` and ``slope`` of each case.

    Raises
    ------
    DataError
        If a registered rule gives something else than finite numbers, one a case or one for all.
    DeclarationError
        If no rule has this name.
    """
    size = len(work.arrived)
    if priority.rule in RULES:
        told = RULES[priority.rule](work, priority)
    else:
        told = _registered(priority.rule)(cases_of(work))
    base, slope = (np.broadcast_to(np.asarray(x, dtype=float), size) for x in told)
    if np.isnan(base).any() or np.isneginf(base).any() or not np.isfinite(slope).all():
        msg = f"the priority '{priority.rule}' must give two numbers for each case; some are not"
        raise DataError(msg)
    return base, slope


def _registered(rule: str) -> Callable[[pd.DataFrame], tuple[Any, Any]]:
    known = (*RULES, *names("priorities"))
    if rule not in known:
        msg = (
            f"expected a rule of priority ({', '.join(known)}); got '{rule}'."
            f"{did_you_mean(rule, known)} More are registered as iagkit.priorities"
        )
        raise DeclarationError(msg)
    return cast("Callable[[pd.DataFrame], tuple[Any, Any]]", find("priorities", rule))


def cases_of(work: Work) -> pd.DataFrame:
    """Table of the cases as a rule of priority sees it."""
    kept = ("arrived", "due", "kind", "group", "rank", "score", "template")
    columns = {name: getattr(work, name) for name in kept}
    return pd.DataFrame({"case": np.arange(len(work.arrived)), **columns})


def _virtual_clock(work: Work, quotas: Mapping[str, float]) -> Floats:
    """When each case would be done, had its group its quota of all work for itself."""
    group = work.group.astype(str)
    missing = sorted(set(group) - set(quotas))
    if missing:
        msg = f"{len(missing)} groups have no quota; give one for each group of the log"
        raise DataError(msg)
    pace = float(np.ptp(work.arrived)) / max(len(group), 1) * sum(quotas.values())
    clock = dict.fromkeys(quotas, -np.inf)
    found = np.empty(len(group))
    for case in np.argsort(work.arrived, kind="stable").tolist():
        name = group[case]
        clock[name] = found[case] = max(clock[name], work.arrived[case]) + pace / quotas[name]
    return found


RULES: dict[str, Callable[[Work, Priority], tuple[Any, Any]]] = {
    "fcfs": lambda *_: (0.0, 1.0),
    "arrival": lambda work, _: (work.arrived, 0.0),
    "class": lambda work, _: (work.rank, 0.0),
    "due": lambda work, _: (work.due, 0.0),
    "ageing": lambda work, priority: (-work.score, 1 / priority.patience),
    "quota": lambda work, priority: (_virtual_clock(work, priority.quotas), 0.0),
}
"""Rules of priority that are always there."""
