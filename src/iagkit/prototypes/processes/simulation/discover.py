"""From a log to a model that can be run: what comes, who works, what each case went through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from typing import Any, Final

import numpy as np
import pandas as pd

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.arriving import arrivals
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.model import Activity, Model
from iagkit.prototypes.processes.simulation.people import Shift, Staff, staff
from iagkit.prototypes.processes.simulation.steps import (
    MOMENT,
    lists,
    predecessors,
    somebody_free,
    work_hours,
)
from iagkit.prototypes.processes.simulation.walks import Codes
from iagkit.prototypes.processes.simulation.ways import Templates
from iagkit.prototypes.processes.simulation.weeks import WEEK, since_monday

MOST_CASES: Final = 20_000
"""Closed cases that are kept as templates."""
FEWEST_CASES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Discovered:
    """A model and what had to be assumed for it.

    Parameters
    ----------
    model : Model
    remarks : tuple of Message
    """

    model: Model
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Steps:
    """Steps of closed cases, in hours since the first opening; sorted by case, then start."""

    starts: Codes
    case: Codes
    activity: Codes
    names: tuple[str, ...]
    pool: Codes
    opened: Floats
    closed: Floats
    begin: Floats
    end: Floats


def discover(
    log: EventLog, *, closed: Iterable[date] = (), group: str = "", half_life: float = inf
) -> Model:
    """Learn a model from a log; see :func:`discovered` for what was assumed.

    Parameters
    ----------
    log : EventLog
        As it is known now: open cases are used as well.
    closed : iterable of date
        Days on which nobody works and nobody comes, past and future.
    group : str
        Column of the cases that says who brings them; default: the first of ``log.groups``.
    half_life : float, cases
        Cases after which an older one weighs half; infinite: all weigh the same. See
        :func:`~iagkit.prototypes.processes.simulation.validate.best_half_life`, which chooses it.

    Returns
    -------
    Model
        Hour 0 is the last arrival of the log.

    Raises
    ------
    DataError
        If fewer than 20 cases are closed, or arrivals cannot be learnt.
    """
    return discovered(log, closed=closed, group=group, half_life=half_life).model


def discovered(
    log: EventLog, *, closed: Iterable[date] = (), group: str = "", half_life: float = inf
) -> Discovered:
    """Learn a model from a log, and say what was assumed.

    Parameters
    ----------
    log, closed, group, half_life
        As for :func:`discover`.

    Returns
    -------
    Discovered

    Raises
    ------
    DataError
        As for :func:`discover`.

    Notes
    -----
    Cases are lived again whole (bootstrap of case templates), with the work, the parallel steps and
    the unexplained delays of that case; waits for people are not copied but arise anew from
    arrivals, calendars, skills and pools. A delay is unexplained [1]_ where somebody who may do the
    work was there and free just before it was begun; it is then lost time before the step.
    Because open cases tend to be long, closed ones are weighted by the inverse of the probability
    that a case of their length was not cut off [2]_.

    References
    ----------
    .. [1] Chapela-Campa, D. & Dumas, M. (2024). Enhancing business process simulation models with
       extraneous activity delays. Information Systems 122, 102346.
    .. [2] Robins, J. M. & Rotnitzky, A. (1992). Recovery of information and adjustment for
       dependent censoring using surrogate markers. AIDS Epidemiology, 297-331.
    """
    shut, cases = tuple(sorted(set(closed))), log.cases
    timed_cases = cases["closed"].notna() & cases["opened"].notna()
    over = cases[timed_cases & cases["case"].isin(log.events["case"])]
    if len(over) < FEWEST_CASES:
        msg = (
            f"a model is learnt from at least {FEWEST_CASES} closed cases; got {len(over)} of "
            f"{len(cases)}. Name what ends a case with --end-activity, or bring a longer log"
        )
        raise DataError(msg)
    weight, unknown = _uncensored(log, over, half_life)
    over = over.assign(weight=weight).sort_values("opened", kind="stable")
    over = _thinned(over)
    timed = log.timed_work
    found = staff(log.events[log.events["start"].notna()], closed=shut) if timed else _nobody()
    steps = _steps(log, over, found)
    way = _templates(log, over, steps, found, group or (log.groups[0] if log.groups else ""))
    activities = tuple(
        Activity(name=name, pools=found.skills.get(name, ()), service=_typical(way, i))
        for i, name in enumerate(way.names)
    )
    model = Model(
        arrivals=arrivals(cases["opened"], closed=shut),
        activities=activities,
        pools=found.pools,
        way=way,
        choose="rested",
        start=pd.Timestamp(cases["opened"].max()).to_pydatetime(),
    )
    return Discovered(model=model, remarks=_remarks(log, over, unknown, found))


def _nobody() -> Staff:
    return Staff(pools=(), skills={}, pool_of={})


def _uncensored(log: EventLog, over: pd.DataFrame, half_life: float) -> tuple[Any, float]:
    """Weight of each closed case, and share of cases longer than any that was closed.

    Cases weigh less the older they are; whether one is cut off is estimated with these weights.
    """
    cases = log.cases[log.cases["opened"].notna()].sort_values("opened", kind="stable")
    age = pd.Series(np.arange(len(cases))[::-1] / half_life, index=cases["case"].to_numpy())
    own = 0.5 ** age[over["case"]].to_numpy()
    is_open = cases["closed"].isna().to_numpy()
    if not is_open.any():
        return own, 0.0
    weight = 0.5 ** age.to_numpy()
    until = pd.Timestamp(log.until)
    length = (cases["closed"].fillna(until) - cases["opened"]).dt.total_seconds().to_numpy()
    cut, place = np.unique(length[is_open], return_inverse=True)
    lost = np.bincount(place, weights=weight[is_open])
    order = np.argsort(length, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(weight[order])])
    risk = below[-1] - below[np.searchsorted(length[order], cut, side="left")]
    stay = np.concatenate([[1.0], np.cumprod(np.maximum(1 - lost / risk, 0.0))])
    lasted = (over["closed"] - over["opened"]).dt.total_seconds().to_numpy()
    left = stay[np.searchsorted(cut, lasted, side="left")]
    own = np.asarray(own / np.maximum(left, 1 / len(cases)), dtype=float)
    return own, float(max(0.0, 1 - own.sum() / weight.sum()))


def _thinned(over: pd.DataFrame) -> pd.DataFrame:
    """At most so many cases as are kept, at even steps of their weights."""
    if len(over) <= MOST_CASES:
        return over
    total = over["weight"].cumsum().to_numpy()
    at = (np.arange(MOST_CASES) + 0.5) / MOST_CASES * total[-1]
    drawn, times = np.unique(np.searchsorted(total, at), return_counts=True)
    return over.iloc[drawn].assign(weight=times.astype(float))


def _steps(log: EventLog, over: pd.DataFrame, found: Staff) -> _Steps:
    origin = pd.Timestamp(log.cases["opened"].min())

    def hours(times: Any) -> Floats:
        return np.asarray((times - origin).dt.total_seconds()) / 3600

    place = pd.Series(np.arange(len(over)), index=over["case"].to_numpy())
    events = log.events[log.events["case"].isin(place.index) & log.events["end"].notna()]
    start = events["start"].where(events["start"].notna(), events["end"])
    events = events.assign(start=start, number=place[events["case"]].to_numpy())
    events = events.sort_values(["number", "start", "end", "order"], kind="stable")
    activity, names = pd.factorize(events["activity"], sort=True)
    pools = {pool.name: i for i, pool in enumerate(found.pools)}
    of_person = {person: pools[name] for person, name in found.pool_of.items()}
    number = events["number"].to_numpy()
    return _Steps(
        starts=np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(over)))]),
        case=number,
        activity=activity.astype(np.int64),
        names=tuple(str(name) for name in names),
        pool=events["resource"].map(of_person).fillna(-1).to_numpy().astype(np.int64),
        opened=hours(over["opened"]),
        closed=hours(over["closed"]),
        begin=hours(events["start"]),
        end=np.maximum(hours(events["end"]), hours(events["start"])),
    )


def _templates(
    log: EventLog,
    over: pd.DataFrame,
    steps: _Steps,
    found: Staff,
    group: str,
) -> Templates:
    origin = pd.Timestamp(log.cases["opened"].min()).to_pydatetime()
    last = float(max(steps.end.max(), steps.closed.max())) + 1
    shifts = [Shift.of(pool, start=origin, until=last) for pool in found.pools]
    needed, enabled = predecessors(steps.case, steps.activity, steps.begin, steps.end)
    enabled = np.fmax(enabled, steps.opened[steps.case])
    service = np.maximum(steps.end - steps.begin, 0.0)
    for i, shift in enumerate(shifts):
        own = steps.pool == i
        service[own] = work_hours(steps.begin[own], steps.end[own], shift)
    latest = np.maximum.reduceat(steps.end, steps.starts[:-1])
    after = np.zeros(len(service))
    after[_last(steps)] = np.maximum(steps.closed - latest, 0.0)
    due = (over["due"] - over["opened"]).dt.total_seconds().to_numpy() / 3600
    size = len(over)
    return Templates(
        names=steps.names,
        starts=steps.starts.astype(np.int64),
        activity=steps.activity,
        service=service,
        before=_unexplained(log, steps, found, shifts, enabled),
        after=after,
        kind=np.full(size, "", dtype=object),
        group=_text(over, group),
        due_after=np.where(np.isnan(due) | (due < 0), np.inf, due),
        rank=np.zeros(size),
        score=np.zeros(size),
        weight=over["weight"].to_numpy(dtype=float),
        predecessors=lists(needed, steps.starts),
        phase=(steps.opened + since_monday(origin)) % WEEK,
    )


def _text(over: pd.DataFrame, group: str) -> Any:
    if not group:
        return np.full(len(over), "", dtype=object)
    told = over[group]
    return told.astype(object).where(told.notna(), "").astype(str).to_numpy(dtype=object)


def _last(steps: _Steps) -> Codes:
    """Step of each case that ends last."""
    order = np.lexsort((steps.end, steps.case))
    return np.asarray(order[steps.starts[1:] - 1])


def _unexplained(
    log: EventLog, steps: _Steps, found: Staff, shifts: list[Shift], enabled: Floats
) -> Floats:
    """Hours lost before each step though somebody was there and free."""
    wait = np.maximum(steps.begin - enabled, 0.0)
    busy = _work_of_pools(log, found)
    at = steps.begin - np.minimum(MOMENT, wait / 2)
    places = {pool.name: i for i, pool in enumerate(found.pools)}
    for i, name in enumerate(steps.names):
        pools = found.skills.get(name, ())
        if not pools:
            continue
        own = np.flatnonzero((steps.activity == i) & (wait > 0))
        free = np.zeros(len(own), dtype=bool)
        for pool in pools:
            place = places[pool]
            free |= somebody_free(at[own], *busy[place], shifts[place])
        wait[own[~free]] = 0.0
    return wait


def _work_of_pools(log: EventLog, found: Staff) -> list[tuple[Floats, Floats]]:
    """Beginnings and ends of all work of each pool, also of open cases."""
    events = log.events[log.events["start"].notna() & log.events["end"].notna()]
    pool = events["resource"].map(found.pool_of)
    origin = pd.Timestamp(log.cases["opened"].min())
    busy = []
    for each in found.pools:
        own = events[pool == each.name]
        begun, ended = (
            np.sort((own[name] - origin).dt.total_seconds().to_numpy() / 3600)
            for name in ("start", "end")
        )
        busy.append((begun, ended))
    return busy


def _typical(way: Templates, activity: int) -> Duration:
    """Work of an activity over all cases, for steps that a scenario adds."""
    hours = way.service[way.activity == activity]
    return Duration.sample(np.quantile(hours, (np.arange(99) + 0.5) / 99))


def _remarks(
    log: EventLog, over: pd.DataFrame, unknown: float, found: Staff
) -> tuple[Message, ...]:
    remarks = []
    if not log.timed_work:
        remarks.append(
            say(
                "the log has one time for each event, so that working and waiting cannot be told "
                "apart: delays are replayed, and a change of staff cannot be simulated"
            )
        )
    elif not found.pools:
        remarks.append(
            say("no event names who did it: work is simulated without people, and nobody waits")
        )
    if int(log.cases["closed"].notna().sum()) > MOST_CASES:
        remarks.append(
            say("the model lives {cases} closed cases, drawn by their weight", cases=len(over))
        )
    if (still := int(log.cases["closed"].isna().sum())) > 0:
        remarks.append(
            say(
                "{open} of {cases} cases are open; closed cases are weighted for those that were "
                "cut off, and {share} of all cases last longer than any that was closed: they are "
                "not simulated",
                open=still,
                cases=len(log.cases),
                share=f"{unknown:.0%}",
            )
        )
    return tuple(remarks)


def starting(model: Model, log: EventLog, *, before: float) -> Model:
    """The same model, with hour 0 at an arrival of the log so many hours before its last one."""
    opened = log.cases["opened"].dropna().sort_values()
    early = opened <= opened.iloc[-1] - pd.Timedelta(hours=before)
    at = max(int(early.sum()) - 1, 0)
    return replace(model, start=pd.Timestamp(opened.iloc[at]).to_pydatetime())
