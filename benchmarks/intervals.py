"""Do the intervals hold what they promise? Simulated, with known truth and fixed seeds.

Run ``OMP_NUM_THREADS=1 python benchmarks/intervals.py [--runs N]``; the tables stand in
``docs/statistics.md``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from iagkit.measures.calibration import ece
from iagkit.measures.classification import balanced_accuracy, macro_f1
from iagkit.measures.gaps import furthest_gap
from iagkit.measures.rates import share

Random = np.random.Generator
Array = np.ndarray[Any, Any]


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def head(*cells: str) -> None:
    row(*cells)
    row(*("---" for _ in cells))


def copies(random: Random, n: int, *, heavy: float = 2.2, most: int = 40) -> Array:
    """Text of each of ``n`` rows: most occur once, some up to ``most`` times."""
    return np.repeat(np.arange(n), np.minimum(random.zipf(heavy, n), most))[:n]


def alike(random: Random, codes: Array, p: float, inner: float) -> Array:
    """Hits with mean ``p`` and intra-cluster correlation ``inner``."""
    many = int(codes.max()) + 1
    if inner == 0:
        return random.random(codes.size) < p
    if inner == 1:
        return (random.random(many) < p)[codes]
    rate = (1 - inner) / inner
    return random.random(codes.size) < random.beta(p * rate, (1 - p) * rate, many)[codes]


def shares(runs: int) -> None:
    print("\n### Share, 95 %: how often the interval holds the truth\n")
    head("clusters", "likeness", "p = .02", "p = .1", "p = .35", "p = .7", "unclustered, p = .35")
    designs: dict[str, Callable[[Random], Array]] = {
        "none, n = 50": lambda _: np.arange(50),
        "30 of 2": lambda _: np.repeat(np.arange(30), 2),
        "8 of 10": lambda _: np.repeat(np.arange(8), 10),
        "20 of 10": lambda _: np.repeat(np.arange(20), 10),
        "60 of 10": lambda _: np.repeat(np.arange(60), 10),
        "300 rows, sizes 1 to 40": lambda r: copies(r, 300),
        "1350 rows, sizes 1 to 40": lambda r: copies(r, 1350),
        "1350 rows, sizes 1 to 120": lambda r: copies(r, 1350, heavy=1.8, most=120),
    }
    for name, design in designs.items():
        for inner in (0.0, 0.3, 1.0)[: 1 if name.startswith("none") else 3]:
            random, held = np.random.default_rng(1), []
            plain = 0
            for p in (0.02, 0.1, 0.35, 0.7):
                count = 0
                for _ in range(runs):
                    codes = design(random)
                    hits = alike(random, codes, p, inner)
                    found = share(hits, clusters=codes)
                    count += found.low <= p <= found.high
                    if p == 0.35:
                        naive = share(hits)
                        plain += naive.low <= p <= naive.high
                held.append(f"{count / runs:.3f}")
            row(name, inner, *held, f"{plain / runs:.3f}")


def groups_of(random: Random, k: int, kind: str, p: float, worse: float) -> tuple[Array, ...]:
    """Hits, groups and texts; ``worse`` is taken off the share of one group in the middle."""
    groups = np.repeat(np.arange(k), np.geomspace(80, 600, k).round().astype(int))
    n = groups.size
    if kind == "texts over groups":
        groups = random.permutation(groups)
    if kind == "independent":
        codes, own = np.arange(n), np.full(n, p)
    else:
        codes = copies(random, n)
        own = random.beta(p * 1.5, (1 - p) * 1.5, n)[codes]
    off = worse * (groups == k // 2) / p
    return random.random(n) < own * (1 - off), groups.astype(str), codes


def gaps(runs: int) -> None:
    print("\n### Furthest gap, 95 %: how often equal groups are not accused (interval holds 0)\n")
    head("rows", "p", "k = 2", "k = 3", "k = 5", "k = 10", "uncorrected pairs, k = 10")
    for kind in ("independent", "texts over groups", "texts in one group"):
        for p in (0.5, 0.85, 0.97):
            held = [silent(runs, k, kind, p, worse=0.0) for k in (2, 3, 5, 10)]
            row(kind, p, *(f"{h:.3f}" for h in held), f"{uncorrected(runs, kind, p):.3f}")
    print("\nA group that is .2 worse is found (interval above 0):\n")
    head("rows", "p", "k = 2", "k = 3", "k = 5", "k = 10")
    for kind in ("independent", "texts over groups", "texts in one group"):
        for p in (0.5, 0.85):
            held = [1 - silent(runs // 2, k, kind, p, worse=0.2) for k in (2, 3, 5, 10)]
            row(kind, p, *(f"{h:.3f}" for h in held))


def silent(runs: int, k: int, kind: str, p: float, *, worse: float) -> float:
    random, count = np.random.default_rng(10 * k), 0
    for _ in range(runs):
        hits, groups, codes = groups_of(random, k, kind, p, worse)
        found = furthest_gap(hits, groups, clusters=codes).estimate
        count += found is None or found.low == 0
    return count / runs


def uncorrected(runs: int, kind: str, p: float) -> float:
    """The same with row-wise normal intervals of each pair, the furthest one reported."""
    random, count = np.random.default_rng(100), 0
    for _ in range(runs):
        hits, groups, _ = groups_of(random, 10, kind, p, 0.0)
        n = np.array([(groups == g).sum() for g in np.unique(groups)])
        own = np.array([hits[groups == g].mean() for g in np.unique(groups)])
        variance = own * (1 - own) / n
        apart = np.abs(own[:, None] - own) / np.sqrt(variance[:, None] + variance + 1e-12)
        count += apart.max() < 1.96
    return count / runs


def confused(random: Random, k: int, right: float) -> tuple[Array, Array, float, float]:
    shares = 1 / np.arange(1, k + 1)
    shares /= shares.sum()
    matrix = random.dirichlet(np.full(k, 0.3), k) * (1 - right) + np.eye(k) * right
    joint = shares[:, None] * matrix
    f1 = 2 * np.diag(joint) / (joint.sum(0) + joint.sum(1))
    return shares, matrix, float(f1.mean()), float(np.diag(matrix).mean())


def answers(
    random: Random, n: int, shares: Array, matrix: Array, repeated: bool
) -> Iterable[Array]:
    k = len(shares)
    codes = copies(random, n, heavy=2.0, most=60) if repeated else np.arange(n)
    own, fresh = random.choice(k, n, p=shares)[codes], random.choice(k, n, p=shares)
    truth = np.where(random.random(n) < 0.75, own, fresh)
    luck = np.where(random.random(n) < 0.8, random.random(n)[codes], random.random(n))
    told = (matrix.cumsum(1)[truth] < luck[:, None]).sum(1).clip(0, k - 1)
    return truth.astype(str), told.astype(str), codes


def bootstrap(random: Random, truth: Array, told: Array, codes: Array) -> tuple[float, float]:
    """Percentile cluster bootstrap of macro-F1 from counts, 300 draws."""
    from scipy.sparse import csr_array

    k = int(max(truth.astype(int).max(), told.astype(int).max())) + 1
    cell, many = truth.astype(int) * k + told.astype(int), int(codes.max()) + 1
    counts = csr_array((np.ones(len(cell)), (codes, cell)), shape=(many, k * k))
    times = random.multinomial(many, np.full(many, 1 / many), size=300).astype(float)
    tables = (counts.T @ times.T).T.reshape(-1, k, k)
    size = tables.sum(1) + tables.sum(2)
    hit = 2 * np.diagonal(tables, axis1=1, axis2=2)
    f1 = np.where(size > 0, hit / np.maximum(size, 1), np.nan)
    low, high = np.nanquantile(np.nanmean(f1, axis=1), [0.025, 0.975])
    return float(low), float(high)


def class_means(runs: int) -> None:
    print("\n### Means over classes, 95 %: how often the interval holds the truth\n")
    head("classes", "rows", "macro-F1", "balanced accuracy", "macro-F1, percentile bootstrap", "ms")
    designs = [(2, 0.97, 200, False), (7, 0.6, 500, False), (7, 0.6, 1350, True),
               (14, 0.9, 1500, False), (26, 0.4, 1500, False), (26, 0.4, 1500, True)]  # fmt: skip
    for k, right, n, repeated in designs:
        random, held, spent = np.random.default_rng(k), np.zeros(3), 0.0
        shares, matrix, true_f1, true_recall = confused(random, k, right)
        for _ in range(runs):
            truth, told, codes = answers(random, n, shares, matrix, repeated)
            start = time.process_time()
            found = macro_f1(truth, told, clusters=codes)
            spent += time.process_time() - start
            recall = balanced_accuracy(truth, told, clusters=codes)
            low, high = bootstrap(random, truth, told, codes)
            held += (found.low <= true_f1 <= found.high, recall.low <= true_recall <= recall.high,
                     low <= true_f1 <= high)  # fmt: skip
        name = f"{n}{', texts repeat' if repeated else ''}"
        row(k, name, *(f"{h:.3f}" for h in held / runs), f"{1000 * spent / runs:.0f}")


def calibration(runs: int) -> None:
    print("\n### Calibration error, 95 %: how often the interval holds the truth\n")
    head("true error", "rows", "holds", "mean value", "mean of the plain error")
    worlds: dict[str, Callable[[Array], Array]] = {
        "0": lambda sure: sure,
        ".077": lambda sure: 1 / (1 + (1 / sure - 1) ** 0.6),
        ".1": lambda sure: np.clip(sure - 0.1, 0, 1),
    }
    big = np.random.default_rng(0).beta(4, 1.5, 400_000).clip(0.01, 0.999)
    for name, world in worlds.items():
        true = float(np.abs(world(big) - big).mean())
        for n, repeated in ((200, False), (1000, False), (1000, True), (4000, False)):
            random, held, value, plain = np.random.default_rng(n), 0, 0.0, 0.0
            for _ in range(runs):
                codes = copies(random, n) if repeated else np.arange(n)
                sure = random.beta(4, 1.5, n).clip(0.01, 0.999)[codes]
                luck = np.where(random.random(n) < 0.6, random.random(n)[codes], random.random(n))
                right = luck < world(sure)
                found = ece(right, sure, clusters=codes)
                held += found.low <= true <= found.high
                value += found.value
                bins = np.argsort(np.argsort(sure)) * 15 // n
                plain += sum(abs((right - sure)[bins == b].sum()) for b in range(15)) / n
            row(name, f"{n}{', texts repeat' if repeated else ''}", f"{held / runs:.3f}",
                f"{value / runs:.3f}", f"{plain / runs:.3f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500, help="samples in each cell")
    runs = parser.parse_args().runs
    print(f"{runs} samples a cell (half for power and classes); numpy {np.__version__}")
    shares(runs)
    gaps(runs)
    class_means(runs // 2)
    calibration(runs // 2)


if __name__ == "__main__":
    main()
