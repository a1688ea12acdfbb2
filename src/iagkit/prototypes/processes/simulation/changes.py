"""What could be done otherwise: each change makes a new model of the one that was learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.registry import did_you_mean
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.model import (
    WEEK,
    Activity,
    Batch,
    Model,
    Pool,
    Priority,
)
from iagkit.prototypes.processes.simulation.walks import Codes
from iagkit.prototypes.processes.simulation.ways import Templates

MINUTES: Final = 10_080
"""Of a week."""


def more_staff(model: Model, pool: str, *, people: int = 1) -> Model:
    """More people in a pool (fewer, if negative), in the hours in which anybody is there.

    Parameters
    ----------
    model : Model
    pool : str
    people : int

    Raises
    ------
    DataError
        If there is no such pool, or it has fewer people than are taken away.
    """
    told = _pool(model, pool)
    capacity = tuple(c + people if c else 0 for c in told.capacity)
    return _with_pool(model, replace(told, capacity=capacity))


def later(model: Model, pool: str, *, hours: float) -> Model:
    """A pool begins and ends so many hours later each day (earlier, if negative).

    Parameters
    ----------
    model : Model
    pool : str
    hours : float
        Whole minutes.

    Raises
    ------
    DataError
        If there is no such pool.
    """
    told = _pool(model, pool)
    size = len(told.capacity)
    steps = hours * size / WEEK
    if size > 1 and abs(steps - round(steps)) > 1e-9:
        told = replace(told, capacity=tuple(np.repeat(told.capacity, MINUTES // size).tolist()))
        steps = hours * MINUTES / WEEK
    moved = np.roll(np.asarray(told.capacity), round(steps))
    return _with_pool(model, replace(told, capacity=tuple(moved.tolist())))


def in_order(
    model: Model, rule: str, *, patience: float = WEEK, quotas: Mapping[str, float] | None = None
) -> Model:
    """Another order of work; see :class:`Priority` for the rules.

    Parameters
    ----------
    model : Model
    rule : str
    patience : float, hours
    quotas : mapping of str to float, optional
    """
    return replace(
        model, priority=Priority(rule=rule, patience=patience, quotas=dict(quotas or {}))
    )


def without_rework(model: Model, activity: str) -> Model:
    """Nothing is done twice: from an activity, a case goes on as after its last visit to it.

    What lies between the first visit and the last, and the last itself, is left out.

    Parameters
    ----------
    model : Model
    activity : str

    Raises
    ------
    DataError
        If there is no such activity, no case does it twice, or the model has no templates.
    """
    way = _templates(model)
    at = way.activity == _code(model, way, activity)
    case = np.repeat(np.arange(len(way)), np.diff(way.starts))
    steps = np.flatnonzero(at)
    first, last = np.full(len(way), -1), np.full(len(way), -1)
    last[case[steps]] = steps
    first[case[steps[::-1]]] = steps[::-1]
    place = np.arange(len(case))
    keep = ~((place > first[case]) & (place <= last[case]) & (first[case] >= 0))
    if keep.all():
        msg = f"no case does '{activity}' twice: there is no loop to remove"
        raise DataError(msg)
    return replace(model, way=_kept(way, keep, case, first))


def _kept(way: Templates, keep: NDArray[np.bool_], case: Codes, first: Codes) -> Templates:
    """Templates without some steps; who waited for one of them waits for the first visit."""
    counts = np.bincount(case[keep], minlength=len(way))
    number = np.cumsum(keep) - 1
    target = np.where(keep, number, number[first[case]])
    starts = np.concatenate([[0], np.cumsum(counts)])
    found = None
    if way.predecessors is not None:
        begins, places = way.predecessors
        owner = np.repeat(np.arange(len(case)), np.diff(begins))
        needed = target[way.starts[case[owner]] + places]
        pairs = np.unique(np.column_stack([number[owner], needed])[keep[owner]], axis=0)
        pairs = pairs[pairs[:, 1] < pairs[:, 0]]
        size = np.bincount(pairs[:, 0], minlength=int(keep.sum()))
        own_case = case[keep][pairs[:, 0]]
        found = np.concatenate([[0], np.cumsum(size)]), pairs[:, 1] - starts[own_case]
    return replace(
        way,
        starts=starts,
        activity=way.activity[keep],
        service=way.service[keep],
        before=way.before[keep],
        after=_carried(way, keep),
        predecessors=found,
    )


def _carried(way: Templates, keep: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Delays after each step; that after the last step of a case stays with its last step."""
    after = way.after.copy()
    place = np.where(keep, np.arange(len(keep)), -1)
    last = np.maximum.reduceat(place, way.starts[:-1])
    dropped = ~keep[way.starts[1:] - 1]
    ends = way.starts[1:][dropped] - 1
    after[last[dropped]] = np.fmax(after[last[dropped]], after[ends])
    return np.asarray(after[keep])


def in_parallel(model: Model, first: str, second: str) -> Model:
    """Two activities are done side by side where the second waited for the first.

    Parameters
    ----------
    model : Model
    first, second : str

    Raises
    ------
    DataError
        If there is no such activity, the second never waits for the first, or the model has no
        templates.

    Notes
    -----
    The second then waits for what the first waits for, and what waited for the second waits for
    both. Whether it can be done without the result of the first, only the office knows.
    """
    way = _templates(model)
    one, two = _code(model, way, first), _code(model, way, second)
    rows, moved = _rows(way), 0
    for low, high in pairwise(way.starts.tolist()):
        own = rows[low:high]
        for step in range(high - low):
            if way.activity[low + step] != two:
                continue
            firsts = [p for p in own[step] if way.activity[low + p] == one]
            if not firsts:
                continue
            moved += 1
            own[step] = _without(own[step], firsts, [own[p] for p in firsts])
            for follower in range(step + 1, high - low):
                if step in own[follower]:
                    own[follower] = sorted({*own[follower], *firsts})
        rows[low:high] = own
    if not moved:
        msg = f"'{second}' never waits for '{first}': there is nothing to do side by side"
        raise DataError(msg)
    begins = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    flat = np.array([p for row in rows for p in row], dtype=np.int64)
    return replace(model, way=replace(way, predecessors=(begins, flat)))


def _without(row: list[int], firsts: list[int], before: list[list[int]]) -> list[int]:
    return sorted({*(p for p in row if p not in firsts), *(p for each in before for p in each)})


def _rows(way: Templates) -> list[list[int]]:
    """Predecessors of each step, written out."""
    if way.predecessors is None:
        return [[] if i == 0 else [i - 1] for n in np.diff(way.starts) for i in range(n)]
    begins, flat = (each.tolist() for each in way.predecessors)
    return [flat[low:high] for low, high in pairwise(begins)]


def batched(model: Model, activity: str, *, hours: Sequence[float], size: int = 0) -> Model:
    """Let work through at given hours of the week only; no hours and no size: whenever it comes.

    Parameters
    ----------
    model : Model
    activity : str
    hours : sequence of float
        Since Monday 0:00, below 168.
    size : int
        Cases that open the gate before the hour.

    Raises
    ------
    DataError
        If there is no such activity, or an hour is outside the week.
    """
    batch = Batch(size=size, hours=tuple(hours)) if size or hours else None
    _known(activity, [a.name for a in model.activities], "activity")
    return replace(
        model,
        activities=tuple(
            replace(a, batch=batch) if a.name == activity else a for a in model.activities
        ),
    )


def gated(model: Model, activity: str, *, hours: Sequence[float]) -> Model:
    """The same for an activity whose past waits for its gate were learnt as delays: those go.

    Parameters
    ----------
    model : Model
    activity : str
    hours : sequence of float
        As for :func:`batched`.

    Raises
    ------
    DataError
        As for :func:`batched`, or if the model has no templates.
    """
    way = _templates(model)
    at = way.activity == _code(model, way, activity)
    ready = replace(model, way=replace(way, before=np.where(at, 0.0, way.before)))
    return batched(ready, activity, hours=hours)


def busier(model: Model, factor: float) -> Model:
    """So many times as many arrivals.

    Raises
    ------
    DataError
        If the arrivals of the model are given one by one.
    """
    told = model.arrivals
    if told.times:
        msg = "arrivals are given one by one; a model with rates can be made busier"
        raise DataError(msg)
    if told.rates:
        more = replace(told, rates=tuple(rate * factor for rate in told.rates))
    else:
        more = replace(told, gaps=_scaled(told.gaps, 1 / factor))
    return replace(model, arrivals=more)


def slower(model: Model, factor: float) -> Model:
    """All work takes so many times as long."""
    activities = tuple(_slower(activity, factor) for activity in model.activities)
    way = model.way
    if isinstance(way, Templates):
        way = replace(way, service=way.service * factor)
    return replace(model, activities=activities, way=way)


def delayed(model: Model, factor: float) -> Model:
    """Delays that nobody can explain are so many times as long."""
    activities = tuple(
        replace(a, before=_scaled(a.before, factor), after=_scaled(a.after, factor))
        for a in model.activities
    )
    way = model.way
    if isinstance(way, Templates):
        way = replace(way, before=way.before * factor, after=way.after * factor)
    return replace(model, activities=activities, way=way)


def _slower(activity: Activity, factor: float) -> Activity:
    services = {kind: _scaled(told, factor) for kind, told in activity.services.items()}
    return replace(activity, service=_scaled(activity.service, factor), services=services)


def _scaled(told: Duration, factor: float) -> Duration:
    if told.kind == "lognormal":
        return replace(told, values=(told.values[0] * factor, told.values[1]))
    return replace(told, values=tuple(value * factor for value in told.values))


def _pool(model: Model, name: str) -> Pool:
    _known(name, [pool.name for pool in model.pools], "pool")
    return next(pool for pool in model.pools if pool.name == name)


def _with_pool(model: Model, changed: Pool) -> Model:
    return replace(
        model, pools=tuple(changed if p.name == changed.name else p for p in model.pools)
    )


def _templates(model: Model) -> Templates:
    if isinstance(model.way, Templates):
        return model.way
    msg = "this change needs cases that are lived again; the model has a routing. Change that"
    raise DataError(msg)


def _code(model: Model, way: Templates, activity: str) -> int:
    _known(activity, [a.name for a in model.activities], "activity")
    return way.names.index(activity) if activity in way.names else -1


def _known(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        msg = f"expected the name of one of {len(known)} of kind '{what}'; got '{name}'."
        raise DataError(msg + did_you_mean(name, known))
