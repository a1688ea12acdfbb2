"""Is a model like the past it has not seen? Beside a replay, and refused where it is further."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, Scalar, say
from iagkit.core.nouns import Estimate
from iagkit.measures.processes.log_distance import log_distances
from iagkit.prototypes.processes.simulation.beside import Side, beside_replay
from iagkit.prototypes.processes.simulation.discover import discover, starting
from iagkit.prototypes.processes.simulation.engine import simulate
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.replay import among, cut_like, replay_floor, split

LEVEL: Final = 0.95
WARM_UP: Final = 336.0
"""Hours, at least, that the model runs before what is compared begins."""
LONGEST_WARM_UP: Final = 8760.0
UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {"ngd": "share", "aedd": "hours", "cedd": "hours", "redd": "hours", "ctdd": "hours"}
)


Certificate = Literal["certified", "refused", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """How far a model is from what was held out, and from where on it may be believed.

    Parameters
    ----------
    distances : mapping of str to Estimate
        ``ngd, aedd, cedd, redd, ctdd``: mean of the runs, its interval, and ``n``, the cases held
        out; ``clusters`` counts the runs.
    floor : mapping of str to Estimate
        The same of a replay of the last cases of the past.
    beside : mapping of str to Estimate
        By how much the simulation is further away than the replay, below zero: nearer; its interval
        also knows which cases happened to be held out. Empty where that was not tried.
    reasons : tuple of Message
        Why the model is not certified, one for each measure; empty if it is.
    """

    distances: Mapping[str, Estimate]
    floor: Mapping[str, Estimate]
    beside: Mapping[str, Estimate] = field(default_factory=dict)
    reasons: tuple[Message, ...] = ()

    def side(self, measure: str) -> Side:
        """Whether the runs are no further than the replay, further, or on both sides of it."""
        found, floor = self.distances[measure], self.floor[measure].value
        if found.low is None or found.high is None:
            return "unknown"
        if found.high <= floor:
            return "no further"
        return "further" if found.low > floor else "unknown"

    @property
    def fragile(self) -> tuple[str, ...]:
        """Measures in which other cases held out could have turned the comparison round."""
        return tuple(
            name for name, e in self.beside.items()
            if e.low is None or e.high is None or e.low <= 0 < e.high
        )  # fmt: skip

    @property
    def verdict(self) -> Certificate:
        """What the runs show: no measure further than its floor, one that is, or neither."""
        sides = {self.side(measure) for measure in self.floor}
        if "further" in sides:
            return "refused"
        return "unknown" if "unknown" in sides or not sides else "certified"

    @property
    def certified(self) -> bool:
        """Whether it is shown that no measure is further away than its floor."""
        return self.verdict == "certified"


def validate(
    model: Model,
    held_out: EventLog,
    *,
    past: EventLog,
    seeds: int = 10,
    resamples: int = 20,
    fast: bool = False,
) -> Validated:
    """Run a model over the time that was held out, and compare.

    Parameters
    ----------
    model : Model
        Learnt from ``past`` alone.
    held_out : EventLog
        Cases opened after it.
    past : EventLog
        What the model was learnt from; its last cases are the floor.
    seeds : int
        Runs; at least 2.
    resamples : int
        Draws of the held-out cases, with replacement, for ``beside``; 0: left out.
    fast : bool
        As for :func:`~iagkit.prototypes.processes.simulation.engine.simulate`.

    Returns
    -------
    Validated
        As many simulated cases are compared as were held out: the first that arrive from the first
        held-out arrival on, after a time in which the model fills. Where cases held out are open,
        simulation and replay are cut at the same moment as they were.

    Raises
    ------
    DataError
        If ``held_out`` is empty or begins before the end of ``past``, fewer than two runs are
        wanted, or too few cases come.
    """
    begins = held_out.cases["opened"].min()
    if pd.isna(begins) or begins < past.cases["opened"].max():
        msg = "held-out cases must be opened after those of the past; split the log by time"
        raise DataError(msg)
    if seeds < 2:
        msg = f"an interval needs at least two runs; got {seeds}"
        raise DataError(msg)
    filled = starting(model, past, before=_warm_up(past))
    logs = [simulated_like(filled, held_out, seed=seed, fast=fast) for seed in range(seeds)]
    runs = [log_distances(held_out, each) for each in logs]
    found = {
        name: mean_of_runs([run[name].value for run in runs], n=len(held_out.cases), unit=unit)
        for name, unit in UNITS.items()
    }
    floor = replay_floor(past, held_out)
    beside = (
        beside_replay(logs, runs, past, held_out, resamples=resamples, level=LEVEL)
        if resamples else {}
    )  # fmt: skip
    told = Validated(
        distances=MappingProxyType(found),
        floor=MappingProxyType(floor),
        beside=MappingProxyType(beside),
    )
    reasons = tuple(_reason(name, told) for name in UNITS if told.side(name) != "no further")
    return replace(told, reasons=reasons)


def best_half_life(
    log: EventLog, *, closed: Iterable[date] = (), seeds: int = 5, fast: bool = False
) -> float:
    """How fast the past should be forgotten, chosen inside the past.

    Parameters
    ----------
    log : EventLog
        The past; nothing of what is held out.
    closed : iterable of date
        As for :func:`~iagkit.prototypes.processes.simulation.discover.discover`.
    seeds : int
        Runs for each candidate.
    fast : bool

    Returns
    -------
    float, cases
        Infinite, or a half, a quarter, an eighth or a sixteenth of the cases. Each is tried on the
        last fifth of ``log`` and scored by order, relative times and durations (NGD, REDD, CTDD)
        compared with the floor; the longest that is within the error of the best is taken.
        Infinite also where the log is too short for that.
    """
    try:
        past, held_out = split(log)
        size = len(past.cases)
        found = {
            cases: _score(
                validate(
                    discover(past, closed=closed, half_life=cases),
                    held_out, past=past, seeds=seeds, resamples=0, fast=fast,
                )
            )
            for cases in (inf, size / 2, size / 4, size / 8, size / 16)
        }  # fmt: skip
    except DataError:
        return inf
    best, error = min(found.values())
    return max(cases for cases, (score, _) in found.items() if score <= best + error)


def _score(found: Validated) -> tuple[float, float]:
    """Mean logarithm of distance to floor, and about its standard error."""
    names = ("ngd", "redd", "ctdd")
    means = np.array([max(found.distances[name].value, 1e-9) for name in names])
    floors = np.array([max(found.floor[name].value, 1e-9) for name in names])
    highs = np.maximum([found.distances[name].high or 0.0 for name in names], means)
    return float(np.log(means / floors).mean()), float(((highs - means) / means).mean() / 2)


def _reason(name: str, found: Validated) -> Message:
    told: dict[str, Scalar] = {
        "measure": name.upper(),
        "value": _short(found.distances[name].value),
        "floor": _short(found.floor[name].value),
    }
    if found.side(name) == "unknown":
        return say(
            "{measure}: the simulation is {value} away from the cases held out, a mere replay of "
            "the last cases {floor}; which of the two is nearer is not known",
            **told,
        )
    if UNITS[name] == "hours":
        return say(
            "{measure}: the simulation is {value} hours away from the cases held out, a mere "
            "replay of the last cases {floor}; the model is not good enough to decide by",
            **told,
        )
    return say(
        "{measure}: {value} of the order of work differs from the cases held out, in a mere "
        "replay of the last cases {floor}; the model is not good enough to decide by",
        **told,
    )


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def _warm_up(past: EventLog) -> float:
    over = past.cases[past.cases["closed"].notna()]
    hours = (over["closed"] - over["opened"]).dt.total_seconds() / 3600
    return float(min(max(WARM_UP, 2 * hours.quantile(0.95)), LONGEST_WARM_UP))


def simulated_like(model: Model, held_out: EventLog, *, seed: int, fast: bool = False) -> EventLog:
    """A run of a model, cut to as many cases as are held out, from when those begin.

    Parameters
    ----------
    model : Model
        Begins before.
    held_out : EventLog
    seed : int
    fast : bool

    Returns
    -------
    EventLog

    Raises
    ------
    DataError
        If fewer cases come in eight times the time of those held out.
    """
    opened = held_out.cases["opened"]
    wanted, begins = len(held_out.cases), opened.min()
    offset = (begins - pd.Timestamp(model.start)) / pd.Timedelta(hours=1)
    span = max((opened.max() - begins) / pd.Timedelta(hours=1), 24.0)
    for longer in (1.5, 3.0, 8.0):
        run = simulate(model, seed=seed, until=offset + longer * span, fast=fast)
        kept = np.flatnonzero(run.work.arrived >= offset - 1e-6)[:wanted]
        if len(kept) == wanted:
            return cut_like(_only(run.log(), kept), held_out)
    msg = f"the model lets {len(kept)} cases come in a time in which {wanted} came eight times over"
    raise DataError(msg)


def _only(log: EventLog, kept: Any) -> EventLog:
    cases = log.cases.iloc[kept].reset_index(drop=True)
    events = log.events[among(log.events["case"], cases["case"])].reset_index(drop=True)
    return replace(log, events=events, cases=cases)


def mean_of_runs(values: list[float], *, n: int, unit: str) -> Estimate:
    """Mean over runs of what is never negative, with Student's interval.

    Parameters
    ----------
    values : list of float
        One a run, at least two.
    n : int
        Cases of each.
    unit : str
    """
    from scipy.special import stdtrit

    mean = float(np.mean(values))
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5
    half = float(stdtrit(len(values) - 1, (1 + LEVEL) / 2)) * error
    return Estimate(
        value=mean, n=n, low=max(mean - half, 0.0), high=mean + half, level=LEVEL, unit=unit,
        clusters=len(values),
    )  # fmt: skip
