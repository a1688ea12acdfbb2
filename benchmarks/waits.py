"""How often intervals of the mean wait hold it: replayed weeks, and Student's on stretches.

Arrivals by chance, a capacity that just suffices, waits by urgency with ageing. What an interval
should hold is the mean over many such times; a time is read as its own record would be.

    python benchmarks/waits.py [--times 100]
"""

from __future__ import annotations

import argparse
import os
from typing import Any, NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from iagkit.measures.queues import read_by
from iagkit.measures.rates import mean
from iagkit.measures.replays import mean_wait, replayed

TRUTH = 400
PATIENCE = 30.0


class World(NamedTuple):
    """Days, cases read a day, share of it that comes, share that is urgent, whether days rest."""

    days: int
    capacity: float
    load: float
    urgent: float
    weekends: bool


WORLDS = (
    World(120, 4, 0.8, 0.2, weekends=False),
    World(250, 4, 0.9, 0.2, weekends=False),
    World(250, 6, 0.9, 0.2, weekends=True),
)


def main() -> None:
    """Print a line for each world, all cases and the urgent ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    times = parser.parse_args().times
    random = np.random.default_rng(1)
    for world in WORLDS:
        long_run = np.mean([_means(*_one(world, random)) for _ in range(TRUTH)], axis=0)
        held = np.array([_held(world, long_run, random) for _ in range(times)], dtype=float)
        for kind, name in enumerate(("all", "urgent")):
            ours, student, below, width = np.nanmean(held[:, kind], axis=0)
            print(
                f"{world.days} days, load {world.load}, weekends {world.weekends}, {name}: mean "
                f"{long_run[kind]:.2f} days; replays hold it in {ours:.2f}, Student in "
                f"{student:.2f} of {times} (below no wait: {below:.2f}); width {width:.2f} days",
                flush=True,
            )


def _one(world: World, random: np.random.Generator) -> Any:
    """Days, scores, urgency and reading of one time."""
    rate = np.full(world.days, world.capacity * world.load)
    if world.weekends:
        rate *= np.where(np.arange(world.days) % 7 < 5, 7 / 5, 0.0)
    days = np.repeat(np.arange(world.days), random.poisson(rate))
    urgent = random.random(days.size) < world.urgent
    score = np.clip(0.35 + 0.3 * urgent + random.normal(0, 0.15, days.size), 0, 1)
    read = read_by(days, score, capacity=world.capacity, patience=PATIENCE)
    return days, score, urgent, read


def _means(_days: Any, _score: Any, urgent: Any, read: Any) -> tuple[float, float]:
    return float(read.wait.mean()), float(read.wait[urgent].mean())


def _held(world: World, long_run: Any, random: np.random.Generator) -> list[list[float]]:
    days, score, urgent, read = _one(world, random)
    told = replayed(days, score, capacity=world.capacity, patience=PATIENCE)
    found = []
    for truth, among in zip(long_run, (np.ones_like(urgent), urgent), strict=True):
        ours = mean_wait(read.wait, among, replays=told)
        student = mean(read.wait[among], unit="days", clusters=read.period[among])
        assert ours.low is not None
        assert ours.high is not None
        low, high = student.low, student.high
        known = low is not None and high is not None
        found.append([
            ours.low <= truth <= ours.high,
            float(low <= truth <= high) if low is not None and high is not None else np.nan,
            float(known and (low or 0.0) < 0),
            ours.high - ours.low,
        ])  # fmt: skip
    return found


if __name__ == "__main__":
    main()
