"""Intervals of areas under ROC curves, and of errors of numbers, held against known truths.

Run ``OMP_NUM_THREADS=1 python benchmarks/scores_and_errors.py [--runs N]``. Everything is
simulated with a known truth and fixed seeds, with scores in bins as an audit counts them; the
last lines time the areas of 117 groups.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from iagkit.measures.cells import Cells
from iagkit.measures.counting import count
from iagkit.measures.histograms import auc_by_group, roc_auc
from iagkit.measures.regression import (
    bias,
    error_moments,
    mean_absolute_error,
    root_mean_squared_error,
)
from iagkit.measures.simultaneous import gap_of_estimates

Array = np.ndarray[Any, Any]
Random = np.random.Generator
BINS = 1024


def binned(random: Random, area: float, positive: Array) -> Array:
    """Bins of scores that are normal on both sides, so far apart that the area is known."""
    apart = norm.ppf(area) * 2**0.5
    score = norm.cdf((random.normal(apart * positive, 1) - apart / 2) / 1.5)
    return np.minimum((score * BINS).astype(int), BINS - 1)


def histograms(random: Random, area: float, n: int, prevalence: float, many: int) -> Array:
    """Counts of so many samples, shape (many, 2, bins)."""
    positive = random.random((many, n)) < prevalence
    positive[:, :2] = [False, True]  # an area needs both
    bins = binned(random, area, positive)
    at = (np.arange(many)[:, None] * 2 + positive) * BINS + bins
    return np.bincount(at.ravel(), minlength=many * 2 * BINS).reshape(many, 2, BINS)


def areas(runs: int) -> None:
    print("95 % interval of the ROC AUC: share of samples that hold the true one (mean width)")
    sizes = (200, 500, 1000, 5000)
    print("| AUC | positives | " + " | ".join(f"n = {n}" for n in sizes) + " |")
    for area in (0.6, 0.75, 0.9, 0.97):
        for prevalence in (0.05, 0.1, 0.2, 0.5):
            cells = []
            for n in sizes:
                random, held, width = np.random.default_rng(n), 0, 0.0
                for _ in range(runs // 100):
                    found = auc_by_group(histograms(random, area, n, prevalence, 100))
                    held += int(((found.low <= area) & (area <= found.high)).sum())
                    width += float((found.high - found.low).sum())
                cells.append(f"{held / runs:.3f} ({width / runs:.3f})")
            print(f"| {area} | {prevalence} | " + " | ".join(cells) + " |", flush=True)


def gaps_of_areas(runs: int) -> None:
    print("\nGap of the AUC (.8) of groups that are alike: share of samples accused at 95 %")
    for k in (2, 5, 20):
        told = []
        for n in (100, 300, 2000):
            random, accused = np.random.default_rng(k * n), 0
            for _ in range(runs // 4):
                found = auc_by_group(histograms(random, 0.8, n, 0.2, k))
                gap = gap_of_estimates(
                    found.value, found.error, found.df, [str(i) for i in range(k)], n=np.full(k, n)
                )
                accused += gap.estimate is not None and (gap.estimate.low or 0) > 0
            told.append(f"{n} rows each: {accused / (runs // 4):.3f}")
        print(f"| {k} groups | " + " | ".join(told) + " |", flush=True)


def areas_of_clusters(runs: int) -> None:
    print("\nAUC (.8), four rows a person, alike by .64: share of samples that hold the true one")
    for people in (30, 100, 400):
        random, held = np.random.default_rng(people), 0
        for _ in range(runs // 2):
            person = np.repeat(np.arange(people), 4)
            positive = np.repeat(random.random(people) < 0.3, 4)
            positive[:8] = [False] * 4 + [True] * 4
            apart = norm.ppf(0.8) * 2**0.5
            noise = random.normal(size=people)[person] * 0.8 + random.normal(size=4 * people) * 0.6
            score = norm.cdf((noise + apart * positive - apart / 2) / 1.5)
            bins = np.minimum((score * BINS).astype(int), BINS - 1)
            cells = Cells(
                columns=(), levels=(), codes=np.zeros((4 * people, 0), dtype=np.intp),
                n=np.ones(4 * people), labels=("0", "1"), truth=positive.astype(np.intp),
                bins=bins, score=bins / BINS, score_bins=BINS, cluster=person,
            )  # fmt: skip
            found = roc_auc(cells, cells.by(()), positive=1)
            held += bool(found.low[0] <= 0.8 <= found.high[0])
        print(f"| {people} people | {held / (runs // 2):.3f} |", flush=True)


def errors(runs: int) -> None:
    print("\n95 % intervals of errors: share of samples that hold the true one")
    print("| errors | n | mean | mean size | root of mean square |")
    kinds = {
        "normal": (lambda r, s: r.normal(size=s), 0, (2 / np.pi) ** 0.5, 1),
        "exponential": (lambda r, s: r.exponential(1, s), 1, 1, 2**0.5),
        "log-normal, sigma 1": (lambda r, s: r.lognormal(0, 1, s), *np.exp([0.5, 0.5, 1])),
        "log-normal, sigma 1.5": (
            lambda r, s: r.lognormal(0, 1.5, s), *np.exp([1.125, 1.125, 2.25]),
        ),
    }  # fmt: skip
    for name, (draw, *true) in kinds.items():
        for n in (20, 50, 200, 1000):
            random, held = np.random.default_rng(n), np.zeros(3)
            for _ in range(runs // 100):
                table = pd.DataFrame(
                    {"g": np.repeat([f"group {i}" for i in range(100)], n), "y": 0.0}
                )
                cells = count(
                    table.assign(p=draw(random, 100 * n)), groups=["g"],
                    moments=error_moments("y", "p"),
                )  # fmt: skip
                groups = cells.by(["g"])
                for i, measure in enumerate((bias, mean_absolute_error, root_mean_squared_error)):
                    found = measure(cells, groups, unit="days")
                    held[i] += ((found.low <= true[i]) & (true[i] <= found.high)).sum()
            told = " | ".join(f"{share:.3f}" for share in held / runs)
            print(f"| {name} | {n} | {told} |", flush=True)


def speed() -> None:
    counts = np.random.default_rng(0).poisson(10, (117, 2, 4096)).astype(float)
    seconds = []
    for _ in range(5):
        start = time.process_time()
        found = auc_by_group(counts)
        seconds.append(time.process_time() - start)
    print(
        f"\nAreas of 117 groups with intervals, {counts.sum():,.0f} rows in 4,096 bins: "
        f"{min(seconds):.3f} CPU s; binning moves none by more than {found.bound.max():.1e}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    asked = parser.parse_args()
    for part in (areas, gaps_of_areas, areas_of_clusters, errors):
        part(asked.runs)
    speed()
