"""Document triage on public data: what the informative parts add, and what it costs.

Run with ``IAGKIT_DATA_MIRROR`` set, one thread::

    OMP_NUM_THREADS=1 python benchmarks/triage.py [--data infoleg_ar_es] [--seed 0]

For each data set the rows are split as ``iagkit run document-triage --split-by grupo`` splits
them; the first 500 words of a text stand against its parts, and what is chosen against both.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from iagkit.prototypes.documents.recipe import choose
from iagkit.prototypes.engine import calibration, splits
from iagkit.prototypes.engine.candidates import Selection, select
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.parts import PartsTfidf
from iagkit.prototypes.engine.routing import Training
from iagkit.text.duplicates import near_duplicates

TARGETS = {"infoleg_ar_es": "heading_class", "dodf_persoseg_pt": "type_act"}
WORDS = 500


@dataclass(frozen=True)
class Data:
    """Rows with a label, split by text group."""

    texts: list[str]
    labels: np.ndarray
    cluster: np.ndarray
    test: np.ndarray


def read(name: str, seed: int) -> Data:
    folder = Path(os.environ["IAGKIT_DATA_MIRROR"]) / name
    table = pd.read_parquet(folder / f"{name}.parquet").dropna(subset=[TARGETS[name]])
    texts = table["text"].tolist()
    parted = splits.split(
        near_duplicates(texts), by="grupo", labels=table["grupo"].astype(str).tolist(), seed=seed
    )
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
        candidates=("margin",),
        folds=3,
    )


def told(name: str, found: Selection, data: Data, texts: list[str], seconds: float) -> None:
    rows = np.flatnonzero(data.test)
    y = np.searchsorted(found.classes, training(data, texts).labels)
    began = time.process_time()
    logits = found.scorer.logits([texts[i] for i in rows])
    speed = len(rows) / (time.process_time() - began)
    p = calibration.probabilities(logits, temperature=calibration.fit_temperature(found.logits, y))
    way = found.chosen["context"]
    answer, truth = np.asarray(found.classes)[p.argmax(axis=1)], data.labels[rows]
    print(
        f"{name:18s} macro-F1 {f1_score(truth, answer, average='macro'):.3f}  "
        f"accuracy {(answer == truth).mean():.3f}  "
        f"decided at 95 % {decided(p.max(axis=1), answer == truth):.3f}  "
        f"training {seconds:.0f} CPU s  {speed:,.0f} documents a CPU s  ({way})",
        flush=True,
    )


def decided(confidence: np.ndarray, right: np.ndarray, accuracy: float = 0.95) -> float:
    """Largest share of the surest answers of which 95 in 100 are right."""
    order = np.argsort(-confidence, kind="stable")
    enough = np.cumsum(right[order]) / np.arange(1, right.size + 1) >= accuracy
    return float((np.flatnonzero(enough).max() + 1) / right.size) if enough.any() else 0.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", choices=sorted(TARGETS), action="append")
    asked.add_argument("--seed", type=int, default=0)
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
        for way, (texts, learn) in ways.items():
            began = time.process_time()
            found = learn(training(data, texts))
            told(way, found, data, texts, time.process_time() - began)


if __name__ == "__main__":
    main()
