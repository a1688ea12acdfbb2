"""Is a simulation further from the held-out cases than a replay? A difference with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import numpy as np

from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures.intervals import critical
from iagkit.measures.processes.log_distance import DISTANCES, log_distances
from iagkit.prototypes.processes.simulation.replay import cut_like, replayed

Side = Literal["no further", "further", "unknown"]
RUNS: Final = 2
"""Runs that are held against each draw of cases; they differ little beside the draws."""
SEED: Final = 2024


def beside_replay(
    logs: Sequence[EventLog],
    runs: Sequence[Mapping[str, Estimate]],
    past: EventLog,
    held_out: EventLog,
    *,
    resamples: int,
    level: float,
) -> dict[str, Estimate]:
    """By how much a simulation is further away than the nearer of the two replays.

    Parameters
    ----------
    logs : sequence of EventLog
        Simulated, at least two.
    runs : sequence of mapping of str to Estimate
        Their distances from ``held_out``.
    past, held_out : EventLog
    resamples : int
    level : float

    Returns
    -------
    dict of str to Estimate
        Distance of the simulation minus that of the replay, by measure. The half-width of the
        interval is the root of two squares: Student's of the runs, and the normal one of the
        differences over draws of the held-out cases with replacement (bootstrap [1]_), both sides
        held against the same draw.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall.
    """
    replays = [cut_like(replayed(past, held_out, weeks=weeks), held_out) for weeks in (False, True)]
    floors = [log_distances(held_out, each) for each in replays]
    nearer = {m: int(floors[1][m].value < floors[0][m].value) for m in DISTANCES}
    draws = _over_draws(logs[:RUNS], replays, nearer, held_out, resamples)
    return {
        m: _difference(
            np.array([run[m].value for run in runs]), floors[nearer[m]][m].value, draws[m],
            n=len(held_out.cases), unit=runs[0][m].unit, level=level,
        )
        for m in DISTANCES
    }  # fmt: skip


def _over_draws(
    logs: Sequence[EventLog],
    replays: Sequence[EventLog],
    nearer: Mapping[str, int],
    held_out: EventLog,
    resamples: int,
) -> dict[str, list[float]]:
    """Differences on draws of the held-out cases."""
    random = np.random.default_rng(SEED)
    found: dict[str, list[float]] = {m: [] for m in DISTANCES}
    for _ in range(resamples):
        drawn = _drawn(held_out, random)
        ours = [log_distances(drawn, each) for each in logs]
        for m, distance in DISTANCES.items():
            theirs = distance(drawn, replays[nearer[m]]).value
            found[m].append(float(np.mean([each[m].value for each in ours])) - theirs)
    return found


def _drawn(log: EventLog, random: np.random.Generator) -> EventLog:
    """As many cases of a log, drawn with replacement; each draw is a case of its own."""
    names = log.cases["case"].to_numpy()
    events = log.events
    code = events["case"].map({name: i for i, name in enumerate(names)}).to_numpy()
    order = np.argsort(code, kind="stable")
    counts = np.bincount(code, minlength=len(names))
    begins = np.concatenate([[0], np.cumsum(counts)])
    chosen = random.integers(len(names), size=len(names))
    sizes = counts[chosen]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rows = order[np.repeat(begins[chosen], sizes) + within]
    case = np.repeat(np.arange(len(names)), sizes).astype(str)
    cases = log.cases.iloc[chosen].assign(case=np.arange(len(names)).astype(str))
    return replace(
        log,
        events=events.iloc[rows].assign(case=case).reset_index(drop=True),
        cases=cases.reset_index(drop=True),
    )


def _difference(
    values: Any, floor: float, draws: Sequence[float], *, n: int, unit: str, level: float
) -> Estimate:
    from scipy.special import stdtrit

    size, mean = len(values), float(values.mean()) - floor
    luck = float(stdtrit(size - 1, (1 + level) / 2)) * float(values.std(ddof=1)) / size**0.5
    drawn = critical(level) * float(np.std(draws, ddof=1)) if len(draws) > 1 else 0.0
    half = float(np.hypot(luck, drawn))
    return Estimate(
        value=mean, n=n, low=mean - half, high=mean + half, level=level, unit=unit, clusters=size
    )
