"""How much near copies of a text flatter a score: topic of Mexico City requests, 7 classes.

The same model and the same declared text group (`grupo`), once with near copies joined to one
group, as iagkit does, and once with only identical texts kept together, as is usual.

    IAGKIT_DATA_MIRROR=... python benchmarks/near_copies.py [SEEDS]
"""

from __future__ import annotations

import os
import sys
from statistics import mean

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from iagkit.core.nouns import Estimate
from iagkit.measures.classification import macro_f1
from iagkit.prototypes.engine.candidates import select
from iagkit.prototypes.engine.splits import split
from iagkit.text.duplicates import exact_clusters, near_duplicates
from iagkit.wire import datasets


def held_out(*, joined: bool, seed: int) -> Estimate:
    """Macro-F1 on the held-out groups."""
    table = datasets.load("cdmx_foi_es", target="clasificacion").table
    texts = table["texto"].tolist()
    near = near_duplicates(texts) if joined else exact_clusters(texts)
    parted = split(near, by="grupo", labels=table["grupo"].tolist(), seed=seed)
    train, test = np.flatnonzero(~parted.test), np.flatnonzero(parted.test)
    labels = table["clasificacion"].to_numpy()
    chosen = select(
        [texts[i] for i in train], labels[train].astype(str), groups=parted.cluster[train].tolist()
    )
    told = chosen.scorer.predict([texts[i] for i in test])
    return macro_f1(labels[test], told, clusters=parted.cluster[test])


if __name__ == "__main__":
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    for joined in (True, False):
        found = [held_out(joined=joined, seed=seed) for seed in range(seeds)]
        print("near copies joined" if joined else "identical texts only")
        for seed, f1 in enumerate(found):
            print(f"  seed {seed}: macro-F1 {f1.value:.3f} [{f1.low:.3f}, {f1.high:.3f}], n={f1.n}")
        print(f"  mean of {seeds} seeds: {mean(f1.value for f1 in found):.3f}")
