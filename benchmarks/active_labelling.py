"""How few labels are enough when people read what the model is unsure of: Argentine norms.

42 headings. A pool without labels, a list of so many cases at a time, the labels that people
gave them, a new model. Beside it the same number of cases drawn by lot, and all labels. The
model is the quick one of the review queue (words and pairs, linear). The held-out part (`split`
"calib") is never listed, and no setting was chosen by it: the settings were chosen with --within,
where a quarter of the pool is held out in its place.

    IAGKIT_DATA_MIRROR=... python benchmarks/active_labelling.py [--seeds 5] [--within]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from numpy.typing import NDArray

from iagkit.measures.rates import share
from iagkit.prototypes.documents.learning import BY_LOT, fit_quickly, next_cases, scores_of
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.wire import datasets

BUDGET = 2_000


@dataclass(frozen=True, kw_only=True)
class Task:
    """A pool and held-out cases, as features; the labels of the pool are asked for one by one."""

    pool: Any
    labels: NDArray[Any]
    held: Any
    truth: NDArray[Any]

    def f1(self, model: Any) -> float:
        """Macro-F1 on the held-out cases."""
        from sklearn.metrics import f1_score

        return float(f1_score(self.truth, model.predict(self.held), average="macro"))


def task(*, within: bool) -> Task:
    """Norms with a heading; within the pool, every fourth text group of it is held out."""
    table = datasets.load("infoleg_ar_es", text="text", target="heading_class").table
    table = table[table["heading_class"].notna()]
    held = (table["split"] != "train").to_numpy()
    if within:
        table = table[~held]
        held = np.random.default_rng(7).random(table["grupo"].nunique()) < 0.25
        held = held[np.unique(table["grupo"], return_inverse=True)[1]]
    texts, labels = table["text"].to_numpy(dtype=object), table["heading_class"].to_numpy(str)
    features = HashedTfidf(letter_sizes=())
    pool = features.fit_transform(texts[~held])
    return Task(
        pool=pool, labels=labels[~held], held=features.transform(texts[held]), truth=labels[held]
    )


def by_queue(asked: Task, *, seed: int, args: argparse.Namespace) -> Iterator[tuple[int, float]]:
    """Macro-F1 after each list; the first is drawn by lot, as there is no model yet."""
    random = np.random.default_rng(seed)
    known = random.permutation(len(asked.labels))[: args.first]
    hits: list[bool] = []
    while True:
        model = fit_quickly(asked.pool[known], asked.labels[known], strength=args.strength)
        yield len(known), asked.f1(model)
        if len(known) >= BUDGET:
            break
        rest = np.setdiff1d(np.arange(len(asked.labels)), known)
        scores = scores_of(model, asked.pool[rest])
        many = min(args.batch, BUDGET - len(known))
        listed = next_cases(
            scores,
            asked.pool[rest],
            many=many,
            at_random=args.at_random,
            alike=args.alike,
            seed=seed,
        )
        lot = rest[listed.by_lot]
        if len(lot):
            hits += (model.predict(asked.pool[lot]) == asked.labels[lot]).tolist()
        last = [how == BY_LOT for how in listed.drawn]
        known = np.concatenate([known, rest[listed.places]])
    if hits:
        told = share(hits)
        right = float((model.predict(asked.held) == asked.truth).mean())
        print(
            f"    seed {seed}: cases drawn by lot were answered rightly {told.value:.3f} "
            f"[{told.low:.3f}, {told.high:.3f}] before they were learnt, all lists together; "
            f"held-out accuracy at the end {right:.3f}; last list {sum(last)} of {len(last)} by lot"
        )


def by_lot(asked: Task, *, seed: int, args: argparse.Namespace) -> float:
    """Macro-F1 of as many labels drawn by lot."""
    known = np.random.default_rng(seed).permutation(len(asked.labels))[:BUDGET]
    return asked.f1(fit_quickly(asked.pool[known], asked.labels[known], strength=args.strength))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Labels that are enough: lists against lots.")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=200)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--at-random", type=float, default=0.1)
    parser.add_argument("--alike", type=float, default=0.6)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--within", action="store_true", help="choose settings inside the pool")
    return parser.parse_args()


def told(name: str, found: list[float]) -> str:
    spread = f" ± {np.std(found, ddof=1):.3f} over {len(found)} seeds" if len(found) > 1 else ""
    return f"{name}: macro-F1 {np.mean(found):.3f}{spread}"


def main() -> None:
    args = options()
    began = time.process_time()
    asked = task(within=args.within)
    print(f"{len(asked.labels)} cases in the pool, {len(asked.truth)} held out; {vars(args)}")
    curves = [list(by_queue(asked, seed=seed, args=args)) for seed in range(args.seeds)]
    for step, (many, _) in enumerate(curves[0]):
        print(told(f"  {many:5} labels by the queue", [curve[step][1] for curve in curves]))
    lots = [by_lot(asked, seed=seed, args=args) for seed in range(args.seeds)]
    print(told(f"  {BUDGET:5} labels by lot      ", lots))
    every = fit_quickly(asked.pool, asked.labels, strength=args.strength)
    print(told(f"  {len(asked.labels):5} labels, all         ", [asked.f1(every)]))
    print(f"{time.process_time() - began:.0f} CPU s")


if __name__ == "__main__":
    main()
