"""What time does to a model of norms, when the alarm comes, and what reviewed cases repair.

Argentine norms with 42 headings, learnt until 2013, followed since. The alarm is repeated with
other lots of reviewed cases, the repair with other reviewed cases; false alarms and delays come
from simulated streams.

    IAGKIT_DATA_MIRROR=... python benchmarks/drift.py [--lots 200] [--repairs 3]
"""

from __future__ import annotations

import argparse
import os
import time
from functools import partial
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from iagkit.measures.drift import watch
from iagkit.prototypes.documents.drift import REPAIR_WITH, Drift, look_back, sides
from iagkit.prototypes.documents.recipe import choose
from iagkit.prototypes.documents.repair import repair
from iagkit.prototypes.engine.cases import prepare
from iagkit.prototypes.engine.routing import Answered, answer_held_out
from iagkit.text.dates import read_dates
from iagkit.wire import datasets, declare

RATES = (0.04, 0.05, 0.06)
REPAIRED_SINCE = np.datetime64("2018-01-01")
COVERAGE, LEVEL = 0.9, 0.95


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lots", type=int, default=200)
    parser.add_argument("--repairs", type=int, default=3)
    asked = parser.parse_args()
    simulated()
    declared = declare.prototype("citizen-requests", split_by="time:2014-01-01")
    data = datasets.load("infoleg_ar_es", text="text", target="heading_class", time="date")
    began = time.process_time()
    done = answer_held_out(
        prepare(data, use_office=False), data, declared, choose=partial(choose, seed=0)
    )
    print(f"learnt and answered in {time.process_time() - began:.0f} CPU s")
    arrived = np.asarray(read_dates(done.cases.table["date"]), dtype="datetime64[ns]")
    held = arrived[done.parted.test]
    told(look_back(done, held, coverage=COVERAGE, level=LEVEL, repair_with=0))
    alarms(done, held, asked.lots)
    repairs(done, arrived, asked.repairs)


def simulated(runs: int = 300, known: int = 2_000) -> None:
    """False alarms of stable streams, and cases until the alarm where coverage fell."""
    random = np.random.default_rng(0)
    false = [watch(random.random(known), random.random(500)).at is not None for _ in range(runs)]
    print(f"stable stream of 500 reviewed cases: alarm in {np.mean(false):.3f} of {runs} runs")
    for cover in (0.85, 0.8, 0.7, 0.65, 0.5):
        seen = [watch(random.random(known), _missed(random, 2_000, cover)).seen
                for _ in range(runs // 6)]  # fmt: skip
        low, mid, high = np.quantile(seen, [0.1, 0.5, 0.9])
        print(f"coverage {cover:.2f} instead of .90: alarm after {mid:.0f} ({low:.0f}-{high:.0f})")


def _missed(random: np.random.Generator, n: int, cover: float) -> Any:
    found, missing = random.random(n), random.random(n) < (1 - cover - 0.1) / 0.9
    found[missing] = 0.9 + 0.1 * random.random(missing.sum())
    return found


def told(found: Drift) -> None:
    """Print periods, signs, changes and moves."""
    print(f"learnt: accuracy {_e(found.learnt_accuracy)}, coverage {_e(found.learnt_coverage)}")
    for period, e in found.accuracy.items():
        print(f"{period}: accuracy {_e(e)}, coverage {_e(found.coverage[period])}, n {e.n}")
    for sign in found.signals:
        print(f"{sign.name}: {_e(sign.before)} -> {_e(sign.after)}")
    print("alarm without labels after", found.unlabelled.seen, "raised:", found.unlabelled.at)
    for change in found.mix[:12]:
        print(f"{change.kind}: {change.label} {change.before:.3f} -> {change.after:.3f}")
    for move in found.moved[:12]:
        print(f"{move.looks_like} -> {move.recorded}: {_e(move.before)} -> {_e(move.after)}")


def _e(e: Any) -> str:
    return f"{e.value:.3f} [{e.low:.3f}, {e.high:.3f}]"


def alarms(done: Answered, held: Any, lots: int) -> None:
    """When the alarm comes, for several shares of reviewed cases and many lots."""
    order = np.argsort(held, kind="stable")
    before, since = sides(done, order, coverage=COVERAGE)
    known, firsts = before.strange[before.firsts], since.firsts
    so_far = np.cumsum(since.held) / np.arange(1, since.held.size + 1)
    random = np.random.default_rng(1)
    for rate in RATES:
        seen, at = [], []
        for _ in range(lots):
            lot = firsts[random.random(firsts.size) < rate]
            alarm = watch(known, since.strange[lot])
            seen.append(alarm.seen)
            at.append(int(lot[alarm.at]) if alarm.at is not None else held.size - 1)
        early = (so_far[at] >= 0.85) & (np.array(seen) <= 100)
        low, mid, high = np.quantile(seen, [0.1, 0.5, 0.9])
        day = np.sort(held)[int(np.median(at))].astype("datetime64[D]")
        print(
            f"reviewed {rate:.0%}: alarm after {mid:.0f} ({low:.0f}-{high:.0f}) cases, in the "
            f"median on {day}; coverage so far {np.median(so_far[at]):.3f}; within 100 cases and "
            f"before it fell under .85: {early.mean():.2f} of {lots} lots"
        )


def repairs(done: Answered, arrived: Any, many: int) -> None:
    """What 300 reviewed cases since 2018 buy, tested on the others since 2018."""
    rows = np.flatnonzero(arrived >= REPAIRED_SINCE)
    cases, learnt = done.cases, done.learnt.train
    found = []
    for seed in range(many):
        one = repair(
            [cases.texts[i] for i in learnt], [cases.labels[i] for i in learnt],
            [cases.texts[i] for i in rows], [cases.labels[i] for i in rows],
            clusters=done.parted.cluster[rows], many=REPAIR_WITH, coverage=COVERAGE, seed=seed,
        )  # fmt: skip
        found.append((one.accuracy.value, one.decided, one.coverage.value, one.set_size.value))
        print(
            f"repair {seed}: {one.reviewed} reviewed; accuracy {_e(one.accuracy)}, decided at 90 % "
            f"{one.decided:.3f}, coverage {_e(one.coverage)}, sets {one.set_size.value:.2f}",
            flush=True,
        )
    print("mean", np.mean(found, axis=0).round(3), "spread", np.std(found, axis=0).round(3))


if __name__ == "__main__":
    main()
