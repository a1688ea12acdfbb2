"""Waits with open cases counted: districts of Baltimore, courts of Santa Catarina, and simulations.

IAGKIT_DATA_MIRROR=… python benchmarks/process_waits.py [--runs 1000]
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from iagkit.measures.processes.adjusted import adjusted_gap
from iagkit.measures.processes.durations import (
    Durations,
    durations,
    late_gap,
    median_days,
    wait_gap,
)
from iagkit.measures.processes.survival import kaplan_meier, quantile, restricted_mean
from iagkit.measures.processes.survival_groups import log_rank
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

MEASURED = "median, 30", "median, 100", "mean within 8 days, 30", "mean within 8 days, 100"


def log_of(mirror, place, group):
    raw = read_raw(mirror / place)
    return event_log(raw, guess(raw), groups=[group])


def baltimore(mirror):
    """Of all requests, then of those that the published figures fit."""
    log = log_of(mirror, "baltimore_311/requests.csv.gz", "CouncilDistrict")
    found = durations(log, also=["SRType"])
    where, kind = found.groups["CouncilDistrict"], found.groups["SRType"]
    print("| requests | cases | raw gap | adjusted | chance, 95 % | p |\n|---|---|---|---|---|---|")
    row("deadline passed", late_gap(found, where, kind, draws=10_000))
    dated = log.cases["due"].notna().to_numpy() & (where != "(missing)")
    late = (log.cases["closed"] > log.cases["due"]).to_numpy()
    closed = dated & found.closed
    row("closed", adjusted_gap(late[closed], where[closed], kind[closed], draws=10_000))
    waited = closed & (found.days > 1 / 1440)
    row(
        "closed, above 1 minute",
        adjusted_gap(late[waited], where[waited], kind[waited], draws=10_000),
    )
    for least in (20, 30, 40, 41, 50):
        kinds, many = np.unique(kind[waited], return_counts=True)
        kept = waited & np.isin(kind, kinds[many >= least])
        gap = adjusted_gap(late[kept], where[kept], kind[kept], draws=10_000)
        row(f"… of kinds with {least} or more", gap)


def row(name, gap):
    told, n = gap.adjusted.estimate, gap.raw.estimate.n
    print(f"| {name} | {n} | {gap.raw.estimate.value:.3f} | {told.value:.3f} "
          f"({told.low:.3f} to {told.high:.3f}) | {gap.chance:.3f} | {gap.p:.3f} |")  # fmt: skip


def courts(mirror):
    found = durations(log_of(mirror, "tjsc_datajud/cases.csv.gz", "court_name"))
    where = found.groups["court_name"]
    print("\n| court | cases | open | closed only | Kaplan-Meier |\n|---|---|---|---|---|")
    for name in np.unique(where):
        mine = where == name
        told = median_days(found.days[mine], found.closed[mine])
        still, days = 1 - found.closed[mine].mean(), shown(told.days)
        print(f"| {name} | {mine.sum()} | {still:.2f} | {shown(told.closed_only)} | {days} |")


def shown(told):
    if not hasattr(told, "value"):
        return str(told)
    return f"{told.value:.0f} ({told.low:.0f} to {told.high:.0f})"


def cut(random, n, days, until):
    days, until = random.exponential(days, n), random.uniform(0, until, n)
    return np.minimum(days, until), days <= until


def coverage(runs):
    """How often 95 % intervals hold the median and the mean of days that are exponential."""
    truth = 10 * np.log(2), 10 * (1 - np.exp(-0.8))
    print("\n| 95 % interval of, cases | holds the truth |\n|---|---|")
    held = dict.fromkeys(MEASURED, 0)
    for seed in range(runs):
        for n in (30, 100):
            curve = kaplan_meier(*cut(np.random.default_rng(seed), n, 10.0, 40.0))
            found, area = quantile(curve), restricted_mean(curve, 8.0)
            high = np.inf if found.high is None else found.high
            held[f"median, {n}"] += (found.low or 0) <= truth[0] <= high
            held[f"mean within 8 days, {n}"] += area.low <= truth[1] <= area.high
    for name, times in held.items():
        print(f"| {name} | {times / runs:.3f} |")


def accusations(runs):
    """How often districts of unlike size and mix, treated alike, are called different."""
    tally = dict.fromkeys(("late: p", "late: interval", "days: p", "days: interval", "log-rank"), 0)
    for seed in range(runs):
        random = np.random.default_rng(seed)
        where = random.choice(5, 400, p=[0.4, 0.25, 0.15, 0.1, 0.1])
        kind = np.minimum(random.poisson(0.7 + 0.5 * where), 6)
        names, kinds = where.astype(str), kind.astype(str)
        gap = adjusted_gap(random.random(400) < 0.05 + 0.1 * kind, names, kinds, draws=199)
        days, closed = cut(random, 400, 3.0 + 2 * kind, 30.0)
        found = Durations(days=days, closed=closed, judged=closed, late=closed)
        waits, _ = wait_gap(found, names, kinds, draws=199)
        tally["late: p"] += gap.p <= 0.05
        tally["late: interval"] += gap.adjusted.estimate.low > 0
        tally["days: p"] += waits.p <= 0.05
        tally["days: interval"] += waits.adjusted.estimate.low > 0
        tally["log-rank"] += log_rank(days, closed, names, strata=kinds).p <= 0.05
    print("\n| alike, yet called different by | share of runs |\n|---|---|")
    for name, times in tally.items():
        print(f"| {name} | {times / runs:.3f} |")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=1000)
    runs = asked.parse_args().runs
    if place := os.environ.get("IAGKIT_DATA_MIRROR"):
        baltimore(Path(place))
        courts(Path(place))
    coverage(runs)
    accusations(runs)
