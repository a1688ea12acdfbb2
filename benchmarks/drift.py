"""What time does to a model of norms, when the alarm comes, and what reviewed cases repair.

Argentine norms with 42 headings, learnt until 2013, followed since. The alarm is repeated with
other lots of reviewed cases, the repair with other reviewed cases; false alarms and delays come
from simulated streams. How the alarms and the repair work was settled on norms before 2014 alone
(--learn-until 2008-01-01 --until 2014-01-01, and others); --calm deals the days out by lot, so
that nothing changes and every alarm is false.

    IAGKIT_DATA_MIRROR=... python benchmarks/drift.py [--lots 200] [--repairs 3]
    IAGKIT_DATA_MIRROR=... python benchmarks/drift.py --learn-until 2008-01-01 --until 2014-01-01
    IAGKIT_DATA_MIRROR=... python benchmarks/drift.py --calm --until 2008-01-01 --repairs 0
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from functools import partial
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from iagkit.core.nouns import Dataset
from iagkit.measures.drift import watch
from iagkit.prototypes.documents.drift import (
    BY_CERTAINTY,
    BY_REVIEW,
    EACH,
    REPAIR_WITH,
    Drift,
    by_certainty,
    by_lot,
    by_review,
    first_of,
    look_back,
    sides,
)
from iagkit.prototypes.documents.recipe import choose
from iagkit.prototypes.documents.repair import repair
from iagkit.prototypes.engine.cases import prepare
from iagkit.prototypes.engine.routing import Answered, answer_held_out
from iagkit.text.dates import read_dates
from iagkit.wire import datasets, declare

REPAIRED_AFTER = 4
"""Years after the learning part from which a repair is tried."""
COVERAGE, LEVEL, KEPT, READ = 0.9, 0.95, 0.85, 100
FEWEST = 50
"""Cases before which a coverage so far says nothing."""


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lots", type=int, default=200)
    parser.add_argument("--repairs", type=int, default=3)
    parser.add_argument("--learn-until", default="2014-01-01")
    parser.add_argument("--until", default="2100-01-01")
    parser.add_argument("--calm", action="store_true")
    asked = parser.parse_args()
    simulated()
    data, cut = stream(asked.learn_until, asked.until, calm=asked.calm)
    declared = declare.prototype("citizen-requests", split_by=f"time:{cut}")
    began = time.process_time()
    done = answer_held_out(
        prepare(data, use_office=False), data, declared, choose=partial(choose, seed=0)
    )
    print(f"learnt and answered in {time.process_time() - began:.0f} CPU s")
    arrived = np.asarray(read_dates(done.cases.table["date"]), dtype="datetime64[ns]")
    held = arrived[done.parted.test]
    told(look_back(done, held, coverage=COVERAGE, level=LEVEL, repair_with=0))
    raised(done, held, asked.lots, calm=asked.calm)
    since = np.datetime64(cut, "Y") + REPAIRED_AFTER
    repairs(done, arrived, asked.repairs, since=since.astype("datetime64[D]"))


def stream(learn_until: str, until: str, *, calm: bool) -> tuple[Dataset, str]:
    """Norms until a day, and the day from which they are followed."""
    data = datasets.load("infoleg_ar_es", text="text", target="heading_class", time="date")
    days = np.asarray(read_dates(data.table["date"]), dtype="datetime64[D]")
    table = data.table[days < np.datetime64(until)].reset_index(drop=True)
    if calm:
        dealt = np.random.default_rng(5).permutation(len(table)) // 3
        table = table.assign(date=(np.datetime64("2000-01-01") + dealt).astype(str))
        learn_until = str(np.datetime64("2000-01-01") + int(0.7 * len(table)) // 3)
    return replace(data, table=table), learn_until


def simulated(runs: int = 300, known: int = 2_000) -> None:
    """False alarms of stable streams, and cases until the alarm where coverage fell."""
    random = np.random.default_rng(0)
    one = partial(watch, error=EACH)
    false = [one(random.random(known), random.random(500)).at is not None for _ in range(runs)]
    print(f"stable stream of 500 reviewed cases: alarm in {np.mean(false):.3f} of {runs} runs")
    for cover in (0.85, 0.8, 0.7, 0.65, 0.5):
        seen = [one(random.random(known), _missed(random, 2_000, cover)).seen
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


def _value(told: Any) -> float:
    return float(getattr(told, "value", 0.0))


def raised(done: Answered, held: Any, lots: int, *, calm: bool) -> None:
    """When the first alarm comes, for many lots of reviewed cases."""
    order = np.argsort(held, kind="stable")
    days = np.sort(held)
    before, since = sides(done, order, coverage=COVERAGE)
    so_far = np.cumsum(since.held) / np.arange(1, since.held.size + 1)
    fell = np.flatnonzero((so_far < KEPT) & (np.arange(so_far.size) >= FEWEST))
    where = f"case {fell[0]}, {days[fell[0]].astype('datetime64[D]')}" if fell.size else "never"
    print(f"coverage so far under {KEPT} first at {where}, of {so_far.size}")
    firsts, random, certain = since.firsts, np.random.default_rng(1), None
    rows = []
    for seed in range(lots):
        if calm:
            since = since.in_order(random.permutation(since.truth.size))
            firsts, certain = since.firsts, None
        lot = by_lot(firsts, seed=seed)
        certain = certain or by_certainty(before, since)
        reviewed = by_review(before, since, lot)
        first = first_of({BY_REVIEW: (reviewed, lot), BY_CERTAINTY: (certain, firsts)}, days)
        at = so_far.size - 1 if first is None else first.at
        read = int((lot <= at).sum())
        alone = None if reviewed.at is None else int(lot[reviewed.at])
        rows.append((first is not None, read, at, first is not None and first.by == BY_REVIEW,
                     _early(so_far, at, read, first is not None),
                     _early(so_far, alone or 0, reviewed.seen, alone is not None)))  # fmt: skip
    any_, read, at, ours, early, early_alone = np.array(rows, dtype=float).T
    low, mid, high = np.quantile(read, [0.1, 0.5, 0.9])
    print(
        f"an alarm in {any_.mean():.3f} of {lots} lots, first by reviewed cases in "
        f"{ours.mean():.2f}; {mid:.0f} ({low:.0f}-{high:.0f}) reviewed until then, in the "
        f"median on {days[int(np.median(at))].astype('datetime64[D]')}, coverage so far "
        f"{np.median(so_far[at.astype(int)]):.3f}; within {READ} reviewed and before coverage fell "
        f"under {KEPT}: {early.mean():.3f}; by reviewed cases alone {early_alone.mean():.3f}"
    )


def _early(so_far: Any, at: int, read: int, raised: bool) -> bool:
    kept = at < FEWEST or bool((so_far[FEWEST : at + 1] >= KEPT).all())
    return raised and read <= READ and kept


def repairs(done: Answered, arrived: Any, many: int, *, since: Any) -> None:
    """What 300 reviewed cases since a day buy, tested on the others since then."""
    rows = np.flatnonzero((arrived >= since) & done.parted.test)
    cases, learnt = done.cases, done.learnt.train
    found = []
    for seed in range(many):
        one = repair(
            [cases.texts[i] for i in learnt], [cases.labels[i] for i in learnt],
            [cases.texts[i] for i in rows], [cases.labels[i] for i in rows],
            clusters=done.parted.cluster[rows], many=REPAIR_WITH, coverage=COVERAGE, seed=seed,
        )  # fmt: skip
        found.append(
            (one.accuracy.value, _value(one.decided), one.coverage.value, one.set_size.value)
        )
        print(
            f"repair {seed}: {one.reviewed} reviewed; accuracy {_e(one.accuracy)}, decided at 90 % "
            f"{_value(one.decided):.3f}, coverage {_e(one.coverage)}, "
            f"sets {one.set_size.value:.2f}",
            flush=True,
        )
    if found:
        print("mean", np.mean(found, axis=0).round(3), "spread", np.std(found, axis=0).round(3))


if __name__ == "__main__":
    main()
