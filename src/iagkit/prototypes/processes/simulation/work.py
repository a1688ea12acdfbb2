"""Everything random, drawn before the first case arrives: who comes, which way, how much work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.model import Arrivals, Model
from iagkit.prototypes.processes.simulation.streams import key, uniforms
from iagkit.prototypes.processes.simulation.walks import Codes, table, walk
from iagkit.prototypes.processes.simulation.ways import Templates
from iagkit.prototypes.processes.simulation.weeks import WEEK, since_monday, stepwise

NEAR = 0.05
"""Share of the weight of all templates that is about the same hour of the week."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Work:
    """Cases and their steps, those of a case one after the other.

    Parameters
    ----------
    arrived : ndarray of float, shape (n_cases,), hours
        Cases under way come first, and arrived before 0.
    starts : ndarray of int, shape (n_cases + 1,)
        Where the steps of each case begin.
    activity : ndarray of int, shape (n_steps,)
    service, before, after : ndarray of float, shape (n_steps,), hours
    kind, group : ndarray of str, shape (n_cases,)
    due : ndarray of float, shape (n_cases,), hours
        Infinite where there is no deadline.
    rank, score : ndarray of float, shape (n_cases,)
    template : ndarray of int, shape (n_cases,)
        Which template each case lives; -1 if it follows a routing.
    predecessors : tuple of two ndarray of int, or None
        Where those of each step begin, and which steps they are.
    under_way : int
        How many cases were under way.
    """

    arrived: Floats
    starts: Codes
    activity: Codes
    service: Floats
    before: Floats
    after: Floats
    kind: NDArray[Any]
    group: NDArray[Any]
    due: Floats
    rank: Floats
    score: Floats
    template: Codes
    predecessors: tuple[Codes, Codes] | None
    under_way: int = 0

    @property
    def case(self) -> Codes:
        """Case of each step."""
        return np.repeat(np.arange(len(self.arrived)), np.diff(self.starts))


def draw(model: Model, *, seed: int, until: float, limit: int) -> Work:
    """Draw all cases that arrive before ``until``.

    Parameters
    ----------
    model : Model
    seed : int
    until : float, hours
    limit : int
        Steps of all cases together.

    Raises
    ------
    DataError
        If no case comes, ways cannot end, or there is more than ``limit``.
    """
    arrived = arrivals(model, seed=seed, until=until, limit=limit)
    cases = np.arange(len(arrived))
    if isinstance(model.way, Templates):
        new = _lived(model, model.way, arrived, cases, seed=seed, limit=limit)
    else:
        new = _routed(model, arrived, cases, seed=seed, limit=limit)
    if model.progress is None:
        return new
    left, told = model.progress.templates, model.progress
    chosen = np.arange(len(left))
    old = _from_templates(model, left, told.arrived, chosen, chosen, seed=seed, stream="under way/")
    return _joined(old, new)


def arrivals(model: Model, *, seed: int, until: float, limit: int) -> Floats:
    """Hours at which cases arrive, in order.

    Raises
    ------
    DataError
        If none comes before ``until``, or more than ``limit``.
    """
    told = model.arrivals
    if told.times:
        times = np.sort(np.asarray(told.times, dtype=float))
        found = times[times < until]
    else:
        found = _clock(told, model, until, _renewals(told, model, seed, until, limit))
    if len(found) == 0 and model.progress is None:
        msg = f"no case arrives in {until:g} hours. Simulate a longer time, or raise the rate"
        raise DataError(msg)
    return np.asarray(found)


def _renewals(told: Arrivals, model: Model, seed: int, until: float, limit: int) -> Floats:
    """Arrivals in the time in which gaps are counted."""
    end = until
    if told.rates:
        edges, rates = stepwise(told.rates, start=model.start, until=until, closed=told.closed)
        end = float(np.dot(np.diff(np.append(edges, until)), rates))
    expected = end / told.gaps.mean
    if expected > limit:
        msg = f"about {expected:.0f} cases would arrive, more than {limit}; simulate a shorter time"
        raise DataError(msg)
    stream, parts, total, drawn = key(seed, "arrivals"), [np.empty(0)], 0.0, 0
    while total < end and drawn <= limit:
        size = int(max(expected - drawn, 0) + 4 * expected**0.5 + 16)
        gaps = told.gaps.quantile(uniforms(stream, np.arange(drawn, drawn + size)))
        gaps[0] += total
        parts.append(np.cumsum(gaps))
        total, drawn = float(parts[-1][-1]), drawn + size
    times: Floats = np.concatenate(parts)
    kept: Floats = times[: int(np.searchsorted(times, end))]
    return kept


def _clock(told: Arrivals, model: Model, until: float, times: Floats) -> Floats:
    """Hours at which so many cases were expected."""
    if not told.rates:
        return times
    edges, rates = stepwise(told.rates, start=model.start, until=until, closed=told.closed)
    if len(rates) == 1:
        return np.asarray(times / rates[0])
    expected = np.concatenate([[0.0], np.cumsum(np.diff(np.append(edges, until)) * rates)])
    at = np.minimum(np.searchsorted(expected, times, side="right") - 1, len(rates) - 1)
    return np.asarray(edges[at] + (times - expected[at]) / rates[at])


def _lived(
    model: Model,
    told: Templates,
    arrived: Floats,
    cases: Codes,
    *,
    seed: int,
    limit: int,
) -> Work:
    """Cases that live templates."""
    if told.in_turn:
        chosen = cases % len(told)
    else:
        luck = uniforms(key(seed, "template"), cases)
        chosen = _drawn(told, luck, arrived + since_monday(model.start))
    steps = int(np.diff(told.starts)[chosen].sum())
    if steps > limit:
        msg = f"the cases have {steps} steps, more than {limit}; simulate a shorter time"
        raise DataError(msg)
    return _from_templates(model, told, arrived, chosen, cases, seed=seed, stream="")


def _drawn(told: Templates, luck: Floats, hours: Floats) -> Codes:
    """Templates by weight; with phases, among the twentieth of the weight about the same hour."""
    if told.phase is None:
        order, place = np.arange(len(told)), luck
    else:
        order = np.argsort(told.phase, kind="stable")
        weight = np.concatenate([[0.0], np.cumsum(told.weight[order])]) / told.weight.sum()
        week = hours % WEEK
        low, high = (np.searchsorted(told.phase[order], week, side=s) for s in ("left", "right"))
        middle = (weight[low] + weight[high]) / 2
        half = np.maximum((weight[high] - weight[low]) / 2, NEAR / 2)
        place = (middle + (2 * luck - 1) * half) % 1.0
    edges = np.cumsum(told.weight[order]) / told.weight.sum()
    at = np.searchsorted(edges, place, side="right")
    return np.asarray(order[np.minimum(at, np.flatnonzero(told.weight[order])[-1])])


def _from_templates(
    model: Model,
    told: Templates,
    arrived: Floats,
    chosen: Codes,
    cases: Codes,
    *,
    seed: int,
    stream: str,
) -> Work:
    starts, source = _ranges(told.starts, chosen)
    codes = {activity.name: i for i, activity in enumerate(model.activities)}
    activity = np.array([codes[name] for name in told.names])[told.activity[source]]
    work = Work(
        arrived=np.asarray(arrived, dtype=float),
        starts=starts,
        activity=activity,
        service=told.service[source],
        before=told.before[source],
        after=told.after[source],
        kind=told.kind[chosen],
        group=told.group[chosen],
        due=arrived + told.due_after[chosen],
        rank=told.rank[chosen],
        score=told.score[chosen],
        template=chosen,
        predecessors=_placed(told, starts, source),
        under_way=0,
    )
    _fill(model, work, cases, seed=seed, stream=stream)
    return work


def _ranges(starts: Codes, chosen: Codes) -> tuple[Codes, Codes]:
    """Ranges ``starts[i]`` to ``starts[i + 1]`` of the chosen ``i``, end to end."""
    lengths = np.diff(starts)[chosen]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    return ends, np.arange(ends[-1]) + np.repeat(starts[chosen] - ends[:-1], lengths)


def _placed(told: Templates, starts: Codes, source: Codes) -> tuple[Codes, Codes] | None:
    """Predecessors of the steps, counted through all cases."""
    if told.predecessors is None:
        return None
    begin, places = told.predecessors
    ends, flat = _ranges(begin, source)
    case_start = np.repeat(starts[:-1], np.diff(starts))
    return ends, places[flat] + np.repeat(case_start, np.diff(ends))


def _routed(model: Model, arrived: Floats, cases: Codes, *, seed: int, limit: int) -> Work:
    """Cases that find their way step by step."""
    share = np.cumsum([kind.share for kind in model.kinds])
    kind = np.zeros(len(cases), dtype=np.int64)
    if len(share) > 1:
        luck = uniforms(key(seed, "kind"), cases)
        kind = np.searchsorted(share / share[-1], luck, side="right")
    starts, activity = _ways(model, kind, cases, key(seed, "way"), limit=limit)
    empty = np.full(len(activity), np.nan)
    kinds = model.kinds
    work = Work(
        arrived=arrived,
        starts=starts,
        activity=activity,
        service=empty,
        before=empty.copy(),
        after=empty.copy(),
        kind=np.array([k.name for k in kinds], dtype=object)[kind],
        group=np.array([k.group for k in kinds], dtype=object)[kind],
        due=arrived + np.array([k.due_after for k in kinds])[kind],
        rank=np.array([k.rank for k in kinds], dtype=float)[kind],
        score=np.array([k.score for k in kinds], dtype=float)[kind],
        template=np.full(len(cases), -1),
        predecessors=None,
    )
    _fill(model, work, cases, seed=seed, stream="")
    return work


def _ways(
    model: Model, kind: Codes, cases: Codes, luck: np.uint64, *, limit: int
) -> tuple[Codes, Codes]:
    """Activities of all cases, whatever way each kind goes."""
    codes = {activity.name: i for i, activity in enumerate(model.activities)}
    parts = [
        (who, *walk(table(way, codes), cases[who], luck, limit=limit))
        for who, way in _by_way(model, kind)
    ]
    if len(parts) == 1:
        return parts[0][1:]
    length = np.zeros(len(cases), dtype=np.int64)
    for who, begins, _ in parts:
        length[who] = np.diff(begins)
    starts = np.concatenate([[0], np.cumsum(length)])
    activity = np.empty(starts[-1], dtype=np.int64)
    for who, _, way in parts:
        activity[_ranges(starts, who)[1]] = way
    return starts, activity


def _by_way(model: Model, kind: Codes) -> Iterator[tuple[Codes, Any]]:
    shared = np.array([k.routing is None for k in model.kinds])
    if shared.any():
        yield np.flatnonzero(shared[kind]), model.way
    for i, told in enumerate(model.kinds):
        if told.routing is not None:
            yield np.flatnonzero(kind == i), told.routing


def _fill(model: Model, work: Work, cases: Codes, *, seed: int, stream: str) -> None:
    """Draw the times that no template gives."""
    case = work.case
    for activity, (steps, visit) in zip(
        model.activities, _visits(work.activity, case, len(model.activities)), strict=True
    ):
        for name, times, rule in (
            ("service", work.service, activity.service),
            ("before", work.before, activity.before),
            ("after", work.after, activity.after),
        ):
            missing = np.isnan(times[steps])
            places, luck = steps[missing], key(seed, f"{stream}{name}/{activity.name}")
            own = activity.services if name == "service" else {}
            if rule.kind == "fixed" and not own:
                times[places] = rule.values[0]
                continue
            u = uniforms(luck, cases[case[places]], visit[missing])
            times[places] = _by_kind(rule, own, work.kind[case[places]] if own else None, u)


def _by_kind(rule: Duration, own: Mapping[str, Duration], kind: Any, u: Floats) -> Floats:
    found = rule.quantile(u)
    for name, special in own.items():
        found[kind == name] = special.quantile(u[kind == name])
    return found


def _visits(activity: Codes, case: Codes, count: int) -> Iterator[tuple[Codes, Codes]]:
    """For each activity its steps, and the how-manieth visit of its case each is."""
    order = np.argsort(activity.astype(np.int16), kind="stable")
    edges = np.searchsorted(activity[order], np.arange(count + 1))
    for i in range(count):
        steps = order[edges[i] : edges[i + 1]]
        at = np.arange(len(steps))
        first = np.concatenate([[True], np.diff(case[steps]) != 0])[: len(steps)]
        yield steps, at - np.maximum.accumulate(np.where(first, at, 0)) if len(at) else at


def _joined(old: Work, new: Work) -> Work:
    """Cases under way, then the new ones."""
    steps = len(old.activity)
    joined = {
        name: np.concatenate([getattr(old, name), getattr(new, name)])
        for name in ("arrived", "activity", "service", "before", "after", "kind", "group", "due")
    }
    return Work(
        **joined,
        starts=np.concatenate([old.starts, new.starts[1:] + steps]),
        rank=np.concatenate([old.rank, new.rank]),
        score=np.concatenate([old.score, new.score]),
        template=np.concatenate([old.template, new.template]),
        predecessors=_both(old, new),
        under_way=len(old.arrived),
    )


def _both(old: Work, new: Work) -> tuple[Codes, Codes] | None:
    if old.predecessors is None and new.predecessors is None:
        return None
    (a, b), (c, d) = _explicit(old), _explicit(new)
    return np.concatenate([a, c[1:] + a[-1]]), np.concatenate([b, d + len(old.activity)])


def _explicit(work: Work) -> tuple[Codes, Codes]:
    """Predecessors written out, where they were one after the other."""
    if work.predecessors is not None:
        return work.predecessors
    first = np.zeros(len(work.activity), dtype=bool)
    first[work.starts[:-1][np.diff(work.starts) > 0]] = True
    return np.concatenate([[0], np.cumsum(~first)]), np.flatnonzero(~first) - 1
