"""What a change would do, before anybody adopts it: the same cases, with and without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.engine import YEAR, simulate
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.simulated import Simulated, on_duty

LEVEL: Final = 0.95
FEWEST: Final = 20
"""Cases of a group in every run, from which the group is compared."""
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wait": "hours",
        "wait_median": "hours",
        "wait_90": "hours",
        "duration": "hours",
        "duration_median": "hours",
        "duration_90": "hours",
        "late": "share",
        "cost": "cost",
        "duty": "hours",
        "work": "hours",
        "gap": "hours",
    }
)
"""What is compared, and its unit; see :class:`Comparison`."""
AIMS: Final = ("cost", "duration", "gap")
"""What the Pareto front weighs against one another; less is better."""
OTHERWISE: Final = ("duration", "late")
"""What it weighs where only the duration of those is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One measure without and with a change.

    Parameters
    ----------
    before, after : Estimate
        Mean of the runs with its interval; ``n`` counts the cases of all runs, ``clusters`` the
        runs.
    change : Estimate
        Mean of the differences between runs with the same luck; its interval holds for all
        scenarios of the comparison together.
    """

    before: Estimate
    after: Estimate
    change: Estimate

    @property
    def sure(self) -> bool:
        """Whether the interval of the change leaves out zero."""
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and not low <= 0 <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Scenarios beside the process as it is.

    Parameters
    ----------
    effects : mapping of str to mapping of str to Effect
        Scenario → measure → effect. ``wait``: hours that a case waits for people, all steps
        together, on average, and the half (``_median``) and nine tenths (``_90``) of the cases that
        wait no longer; ``duration``: hours from arrival to the end, likewise; ``late``: share
        of cases with a deadline that miss it; ``cost``: of the hours on duty by the costs of the
        pools, or those hours themselves where no pool has a cost; ``duty``: hours on duty;
        ``work``: hours of work done; ``gap``: hours by which the mean durations of the slowest
        and the quickest group differ. All are of cases that arrived after the warm-up; cost, duty
        and work are of the whole run. A measure that cannot be known is left out: wait, cost and
        duty where the model has no people.
    groups : mapping of str to mapping of str to Effect
        Scenario → group → effect on the mean duration: who waits less, and who longer.
    front : tuple of str
        Scenarios (``""`` is the process as it is) that no other beats in cost, duration and gap;
        in duration and missed deadlines where neither of the other two is known.
    unfinished : float
        Share of the counted cases of the process as it is that were not over when the engine
        stopped: of them only the shortest time they may take is known.
    remarks : tuple of Message
    """

    effects: Mapping[str, Mapping[str, Effect]]
    groups: Mapping[str, Mapping[str, Effect]]
    front: tuple[str, ...]
    unfinished: float = 0.0
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What one run came to."""

    values: Mapping[str, float]
    groups: Mapping[str, tuple[float, int]]
    cases: int
    open_cases: int
    remarks: tuple[Message, ...] = field(default=())


def compare(
    baseline: Model,
    scenarios: Mapping[str, Model],
    seeds: int | Sequence[int] = 10,
    *,
    until: float = 2184.0,
    warm_up: float = 336.0,
    follow: float = 0.0,
    drain: float = YEAR,
    fast: bool = False,
) -> Comparison:
    """Run the process as it is and otherwise, with the same arrivals, ways and work.

    Parameters
    ----------
    baseline : Model
    scenarios : mapping of str to Model
        By name; made with :mod:`~iagkit.prototypes.processes.simulation.changes`, or by hand.
    seeds : int or sequence of int
        Runs, at least 2; or their seeds.
    until : float, hours
        Cases arrive before; default: a quarter of a year.
    warm_up : float, hours
        Cases that arrive before this are not counted: the process begins empty.
    follow : float, hours
        Cases that arrive in the last hours are not counted either: they only keep people as busy
        as ever while those counted are finished.
    drain, fast
        As for :func:`~iagkit.prototypes.processes.simulation.engine.simulate`.

    Returns
    -------
    Comparison

    Raises
    ------
    DataError
        If there is no scenario, a name is empty, fewer than two runs are wanted, or no case is
        left after the warm-up.

    Notes
    -----
    Common random numbers: luck belongs to the case, not to the run, so that differences between
    runs of the same seed are those of the change [1]_. Intervals of changes are Student's, of the
    paired differences, with Bonferroni's correction for the number of scenarios.

    References
    ----------
    .. [1] Glasserman, P. & Yao, D. D. (1992). Some guidelines and guarantees for common random
       numbers. Management Science 38(6), 884-908.
    """
    chosen = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
    if not scenarios or "" in scenarios or len(set(chosen)) < 2:
        msg = (
            f"a comparison needs a scenario with a name and two different seeds; got "
            f"{len(scenarios)} scenarios and {len(set(chosen))} seeds"
        )
        raise DataError(msg)
    counted = (warm_up, until - follow)
    run = partial(_runs, seeds=chosen, counted=counted, until=until, drain=drain, fast=fast)
    as_is = run(baseline)
    found = {name: run(model) for name, model in scenarios.items()}
    together = len(scenarios)
    effects = {
        name: MappingProxyType(_effects(as_is, runs, together)) for name, runs in found.items()
    }
    groups = {
        name: MappingProxyType(_by_group(as_is, runs, together)) for name, runs in found.items()
    }
    return Comparison(
        effects=MappingProxyType(effects),
        groups=MappingProxyType(groups),
        front=pareto(_points({"": as_is, **found})),
        unfinished=sum(run.open_cases for run in as_is) / sum(run.cases for run in as_is),
        remarks=_remarks({"": as_is, **found}),
    )


def _runs(
    model: Model, *, seeds: Sequence[int], counted: tuple[float, float], **more: Any
) -> list[_Outcome]:
    return [_outcome(simulate(model, seed=seed, **more), *counted) for seed in seeds]


def _outcome(run: Simulated, begin: float, end: float) -> _Outcome:
    work = run.work
    counted = (work.arrived >= begin) & (work.arrived < end)
    if not counted.any():
        msg = (
            f"no case arrives after {begin:g} hours of warm-up and before hour {end:g}; simulate a "
            "longer time"
        )
        raise DataError(msg)
    size = len(work.arrived)
    closed, done = run.closed, run.finished
    duration = np.where(done, closed, run.stop) - work.arrived
    wait = _waits(run, size)
    pools, duty = run.pools(), float(on_duty(run.model, run.until).sum())
    priced = any(pool.cost for pool in run.model.pools)
    values = _spread("duration", duration[counted])
    if run.model.pools:
        values |= _spread("wait", wait[counted]) | {
            "cost": float(pools["cost"].sum()) if priced else duty,
            "duty": duty,
            "work": float(pools["work_hours"].sum()),
        }
    due = counted & np.isfinite(work.due)
    if due.any():
        ended = np.where(done, closed, np.inf)
        values["late"] = float((ended[due] > work.due[due]).mean())
    groups = _groups(work.group[counted], duration[counted])
    means = [mean for mean, n in groups.values() if n >= FEWEST]
    if len(means) > 1:
        values["gap"] = max(means) - min(means)
    return _Outcome(
        values=values,
        groups=groups,
        cases=int(counted.sum()),
        open_cases=int((counted & ~done).sum()),
        remarks=run.remarks,
    )


def _spread(name: str, hours: Floats) -> dict[str, float]:
    half, most = np.quantile(hours, (0.5, 0.9)).tolist()
    return {name: float(hours.mean()), f"{name}_median": half, f"{name}_90": most}


def _waits(run: Simulated, size: int) -> Floats:
    """Hours that each case waits for people; a step that was never begun waited until the end."""
    begun = np.where(np.isnan(run.times.start), run.stop, run.times.start)
    waited = np.where(np.isnan(run.times.enabled), 0.0, begun - run.times.enabled)
    waited = np.maximum(waited, 0.0)
    return np.bincount(run.work.case, weights=waited, minlength=size).astype(float)


def _groups(group: NDArray[Any], duration: Floats) -> dict[str, tuple[float, int]]:
    names, places = np.unique(group.astype(str), return_inverse=True)
    sums, counts = np.bincount(places, weights=duration), np.bincount(places)
    return {
        str(name): (float(total / n), int(n))
        for name, total, n in zip(names, sums, counts, strict=True)
        if name
    }


def _effects(as_is: list[_Outcome], runs: list[_Outcome], together: int) -> dict[str, Effect]:
    found = {}
    for name, unit in UNITS.items():
        if all(name in run.values for run in (*as_is, *runs)):
            before, after = ([run.values[name] for run in each] for each in (as_is, runs))
            n = sum(run.cases for run in as_is)
            found[name] = effect(before, after, n=n, unit=unit, together=together)
    return found


def _by_group(as_is: list[_Outcome], runs: list[_Outcome], together: int) -> dict[str, Effect]:
    names = {
        name
        for name in as_is[0].groups
        if all(run.groups.get(name, (0.0, 0))[1] >= FEWEST for run in (*as_is, *runs))
    }
    return {
        name: effect(
            [run.groups[name][0] for run in as_is],
            [run.groups[name][0] for run in runs],
            n=sum(run.groups[name][1] for run in as_is),
            unit="hours",
            together=together * len(names),
        )
        for name in sorted(names)
    }


def effect(
    before: Sequence[float], after: Sequence[float], *, n: int, unit: str, together: int = 1
) -> Effect:
    """Means and their difference, paired by seed.

    Parameters
    ----------
    before, after : sequence of float, shape (n_runs,)
    n : int
        Cases of all runs.
    unit : str
    together : int
        Changes for which the interval of the difference holds at once.
    """
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    made = partial(_mean, n=n, unit=unit)
    return Effect(
        before=made(first), after=made(second), change=made(second - first, together=together)
    )


def _mean(values: Floats, *, n: int, unit: str, together: int = 1) -> Estimate:
    from scipy.special import stdtrit

    size = len(values)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / size**0.5
    half = float(stdtrit(size - 1, 1 - (1 - LEVEL) / (2 * together))) * error
    return Estimate(
        value=mean, n=n, low=mean - half, high=mean + half, level=LEVEL, unit=unit, clusters=size
    )


def _points(found: Mapping[str, list[_Outcome]]) -> dict[str, dict[str, float]]:
    """Means of what the front weighs."""
    everywhere = set.intersection(*(set(run.values) for runs in found.values() for run in runs))
    aims = everywhere.intersection(AIMS)
    aims = aims if len(aims) > 1 else everywhere.intersection(OTHERWISE)
    return {
        name: {aim: float(np.mean([run.values[aim] for run in runs])) for aim in aims}
        for name, runs in found.items()
    }


def pareto(points: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    """Names of the points that no other beats: none is as good in all aims and better in one.

    Parameters
    ----------
    points : mapping of str to mapping of str to float
        Name → aim → value; less is better. Aims that not all points have are not weighed.

    Returns
    -------
    tuple of str
        In the order in which they were given.
    """
    aims = sorted(set.intersection(*(set(point) for point in points.values())))
    rows = {name: np.array([point[aim] for aim in aims]) for name, point in points.items()}
    return tuple(
        name
        for name, row in rows.items()
        if not any((other <= row).all() and (other < row).any() for other in rows.values())
    )


def _remarks(found: Mapping[str, list[_Outcome]]) -> tuple[Message, ...]:
    """What went wrong in runs, once each; numbers differ from run to run, the first is told."""
    remarks: list[Message] = []
    for name, runs in found.items():
        left = sum(run.open_cases for run in runs)
        if left:
            remarks.append(
                say(
                    "{scenario}: {left} of {cases} counted cases were not finished; their time "
                    "until the end of the simulation counts, and is too short",
                    scenario=name or "-",
                    left=left,
                    cases=sum(run.cases for run in runs),
                )
            )
        overloaded = [r for run in runs for r in run.remarks if "load" in r.values]
        remarks.extend(overloaded[:1])
    return tuple(remarks)
