"""Document triage on public data: what the informative parts add, and what it costs.

Run with ``IAGKIT_DATA_MIRROR`` set, one thread::

    OMP_NUM_THREADS=1 python benchmarks/triage.py [--data infoleg_ar_es] [--seed 0] [--chosen]

For each data set the rows are split as ``iagkit run document-triage --split-by grupo`` splits
them; the first 500 words of a text stand against its parts, and what is chosen against both
(``--chosen``: only the latter). Intervals are of 400 draws of text groups with replacement.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from iagkit.prototypes.documents.recipe import choose
from iagkit.prototypes.engine import abstention, calibration, splits
from iagkit.prototypes.engine.candidates import Selection, select
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.parts import PartsTfidf
from iagkit.prototypes.engine.routing import Training
from iagkit.text.duplicates import near_duplicates

TARGETS = {"infoleg_ar_es": "heading_class", "dodf_persoseg_pt": "type_act"}
WORDS = 500
DRAWS = 400
MOST = 3_000


@dataclass(frozen=True)
class Data:
    """Rows with a label, split by text group."""

    texts: list[str]
    labels: np.ndarray
    cluster: np.ndarray
    test: np.ndarray


def read(name: str, seed: int) -> Data:
    folder = Path(os.environ["IAGKIT_DATA_MIRROR"]) / name
    table = pd.read_parquet(folder / f"{name}.parquet")
    known = table[TARGETS[name]].notna().to_numpy()
    near = near_duplicates(table["text"].tolist())[known]
    table = table[known]
    texts = table["text"].tolist()
    parted = splits.split(near, by="grupo", labels=table["grupo"].astype(str).tolist(), seed=seed)
    return Data(texts, table[TARGETS[name]].to_numpy(str), parted.cluster, parted.test)


def training(data: Data, texts: list[str]) -> Training:
    rows = np.flatnonzero(~data.test)
    return Training(
        texts=[texts[i] for i in rows],
        labels=data.labels[rows],
        clusters=data.cluster[rows],
        offices=None,
    )


def one_way(rows: Training, features: Any) -> Selection:
    return select(
        rows.texts,
        rows.labels,
        groups=rows.clusters.tolist(),
        features={"only": features},
        candidates=("joint",),
        folds=3,
    )


def told(name: str, found: Selection, data: Data, texts: list[str], seconds: float) -> None:
    rows = np.flatnonzero(data.test)
    y = np.searchsorted(found.classes, training(data, texts).labels)
    logits = found.scorer.logits([texts[i] for i in rows])
    temperature = calibration.fit_temperature(found.logits, y)
    p = calibration.probabilities(logits, temperature=temperature)
    answer, truth, sure = (
        np.asarray(found.classes)[p.argmax(axis=1)], data.labels[rows], abstention.leads(p),
    )  # fmt: skip
    unseen = calibration.probabilities(found.logits, temperature=temperature)
    rule = abstention.learn_rule(
        abstention.leads(unseen), unseen.argmax(axis=1) == y,
        clusters=data.cluster[~data.test], max_error=0.05,
    )  # fmt: skip
    right, given = answer == truth, sure >= rule.threshold
    cluster = data.cluster[rows]
    print(
        f"{name:18s} macro-F1 {drawn(cluster, lambda i: macro_f1(truth[i], answer[i]))}  "
        f"accuracy {drawn(cluster, lambda i: right[i].mean())}  "
        f"decided at 95 % {drawn(cluster, lambda i: decided(sure[i], right[i]))}  "
        f"by the rule {given.mean():.3f}, of them right "
        f"{drawn(cluster, lambda i: right[i][given[i]].mean())}  "
        f"training {seconds:.0f} CPU s  {speed(found, texts):,.0f} documents a CPU s  "
        f"({found.chosen['context'].split()[0]}, {found.chosen['strength']})",
        flush=True,
    )


def macro_f1(truth: np.ndarray, answer: np.ndarray) -> float:
    return float(f1_score(truth, answer, average="macro", labels=np.unique(truth)))


def drawn(cluster: np.ndarray, measure: Callable[[np.ndarray], float]) -> str:
    """Value, and where 95 in 100 draws of whole groups put it."""
    number = np.unique(cluster, return_inverse=True)[1]
    order = np.argsort(number, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(number))[:-1])
    rng = np.random.default_rng(0)
    again = [
        measure(np.concatenate([members[g] for g in rng.integers(0, len(members), len(members))]))
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(again, [0.025, 0.975])
    return f"{measure(order):.3f} [{low:.3f}, {high:.3f}]"


def speed(found: Selection, texts: list[str]) -> float:
    """Long documents (2,500 characters in infoleg) a CPU second, the best of three times."""
    size = np.quantile([len(text) for text in texts], 0.6)
    long = [text for text in texts if len(text) >= size][:MOST]
    seconds = []
    for _ in range(3):
        began = time.process_time()
        found.scorer.logits(long)
        seconds.append(time.process_time() - began)
    return len(long) / min(seconds)


def decided(confidence: np.ndarray, right: np.ndarray, accuracy: float = 0.95) -> float:
    """Largest share of the surest answers of which 95 in 100 are right."""
    order = np.argsort(-confidence, kind="stable")
    enough = np.cumsum(right[order]) / np.arange(1, right.size + 1) >= accuracy
    return float((np.flatnonzero(enough).max() + 1) / right.size) if enough.any() else 0.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", choices=sorted(TARGETS), action="append")
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--chosen", action="store_true")
    options = asked.parse_args()
    for name in options.data or sorted(TARGETS):
        data = read(name, options.seed)
        print(f"{name}: {(~data.test).sum()} to learn from, {data.test.sum()} held out")
        first = [" ".join(text.split()[:WORDS]) for text in data.texts]
        ways = {
            f"first {WORDS} words": (first, lambda r: one_way(r, HashedTfidf(letter_sizes=()))),
            "informative parts": (data.texts, lambda r: one_way(r, PartsTfidf())),
            "as chosen": (data.texts, choose),
        }
        for way, (texts, learn) in list(ways.items())[-1 if options.chosen else 0 :]:
            began = time.process_time()
            found = learn(training(data, texts))
            told(way, found, data, texts, time.process_time() - began)


if __name__ == "__main__":
    main()
