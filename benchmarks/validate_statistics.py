"""Do intervals, gaps and verdicts of the audit hold what they promise? Writes docs/statistics.md.

Run ``OMP_NUM_THREADS=1 python benchmarks/validate_statistics.py [--runs N] [--print]``. Shares
are enumerated exactly; everything else is simulated with a known truth and fixed seeds. What it
prints stands between two markers in ``docs/statistics.md`` unless ``--print`` is given.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from scipy.special import betaincinv, ndtri
from scipy.stats import binom

from iagkit.core.nouns import Estimate
from iagkit.measures.binary import rates_of
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.count_functions import FUNCTIONS, function_estimates, function_gap
from iagkit.measures.detectable import detectable_gap
from iagkit.measures.gap_changes import gap_change
from iagkit.measures.joint import joint_level
from iagkit.measures.over_time import Series, Watched, watch
from iagkit.measures.paired import paired
from iagkit.measures.pairing import Number, number
from iagkit.measures.pairs import differences, pairwise
from iagkit.measures.shares import (
    Shares,
    clustered_shares,
    guarded_limits,
    independent,
    shares,
    wilson_limits,
)
from iagkit.measures.simultaneous import Gap, gap, ratio

Array = np.ndarray[Any, Any]
Random = np.random.Generator
PAGE = Path(__file__).resolve().parents[1] / "docs" / "statistics.md"
BEGIN, END = "<!-- validate-statistics:begin -->", "<!-- validate-statistics:end -->"
K = (2, 3, 5, 10, 30, 100)
COLUMNS = {"sex": [0.5, 0.5], "race": [0.55, 0.2, 0.12, 0.08, 0.05], "region": [0.1] * 10}
METRICS = ("selection_rate", "true_positive_rate", "false_positive_rate")
SEVEN = (*METRICS, "false_negative_rate", "accuracy", "precision", "prevalence")
LISTED = (*METRICS, "precision", "negative_predictive_value", "accuracy", "prevalence")
FUNCTIONS_LISTED = ("balanced_accuracy", "f1", "matthews_corrcoef")


class Page:
    """What was found, as Markdown."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, *lines: str) -> None:
        """Add lines."""
        self.lines += lines

    def title(self, title: str, told: str) -> None:
        """Begin a section."""
        self.say(f"### {title}", "", told, "")

    def head(self, *cells: str) -> None:
        """Begin a table."""
        self.row(*cells)
        self.row(*("---" for _ in cells))

    def row(self, *cells: object) -> None:
        """Add a row of a table."""
        self.say("| " + " | ".join(str(c) for c in cells) + " |")

    def write(self, page: Path, *, all_of_it: bool) -> None:
        """Put sections between the markers of a page, each where one of its title stood."""
        before, rest = page.read_text("utf-8").split(BEGIN)
        middle, after = rest.split(END)
        told = {} if all_of_it else titled(middle)
        told |= titled("\n".join(self.lines))
        page.write_text(f"{before}{BEGIN}\n\n{''.join(told.values())}{END}{after}", "utf-8")


def titled(text: str) -> dict[str, str]:
    """Sections by their titles; what stands before the first has none."""
    parts = re.split(r"^(?=### )", text.strip() + "\n\n", flags=re.MULTILINE)
    return {part.split("\n")[0] if part.startswith("###") else "": part for part in parts if part}


def said(times: float, runs: int) -> str:
    return f"{times / runs:.3f}"


# Rates, enumerated


def limits(n: int, error: float) -> dict[str, tuple[Array, Array]]:
    hits = np.arange(n + 1.0)
    value, cases, z = hits / n, np.full(n + 1, float(n)), float(ndtri(1 - error / 2))
    low = np.where(hits > 0, betaincinv(hits + 0.5, n - hits + 0.5, error / 2), 0.0)
    drawn = [binom.ppf(tail, n, value) / n for tail in (error / 2, 1 - error / 2)]
    return {
        "guarded Wilson (ours)": guarded_limits(value, cases, z),
        "Wilson": wilson_limits(value, cases, z),
        "Jeffreys": (low, 1 - low[::-1]),
        "percentile bootstrap": (drawn[0], drawn[1]),
    }


def held(n: int, low: Array, high: Array, shares: Array) -> Array:
    inside = (low <= shares[:, None]) & (shares[:, None] <= high)
    return np.asarray((binom.pmf(np.arange(n + 1), n, shares[:, None]) * inside).sum(axis=1))


def rates(page: Page, _: int) -> None:
    page.title(
        "A single share: exact, by enumeration",
        "Lowest and mean probability that the 95 % interval holds the true share, over every share "
        "from .02 to .5; the lowest is searched just beside every limit too.",
    )
    names = list(limits(5, 0.05))
    page.head("n", *(f"{name}: lowest / mean" for name in names))
    grid, worst = np.linspace(0.02, 0.5, 481), dict.fromkeys(names, 1.0)
    mean: dict[str, list[float]] = {name: [] for name in names}
    shown = {5, 6, 8, 10, 15, 20, 30, 50, 100, 200, 500, 1000}
    for n in [*range(5, 101), 150, 200, 300, 500, 1000]:
        told = []
        for name, (low, high) in limits(n, 0.05).items():
            beside = np.concatenate([grid, *(x + d for x in (low, high) for d in (-1e-9, 1e-9))])
            beside = beside[(beside >= 0.02) & (beside <= 0.5)]
            least = float(held(n, low, high, beside).min())
            average = float(held(n, low, high, grid).mean())
            worst[name] = min(worst[name], least)
            mean[name].append(average)
            told.append(f"{least:.3f} / {average:.3f}")
        if n in shown:
            page.row(n, *told)
    page.row("all 101 n", *(f"{worst[n]:.3f} / {np.mean(mean[n]):.3f}" for n in names))
    page.say("")


# Gaps of equal groups


def weighted(random: Random, n: Array, p: float, *, times: float = 1.0) -> Shares:
    """Rows with log-normal weights, as a survey's; those of hits so many times larger."""
    place = np.repeat(np.arange(len(n)), n)
    weight = np.exp(random.normal(0, 0.7, len(place)))
    hit = random.random(len(place)) < p / (p + (1 - p) * times)
    weight *= np.where(hit, times, 1.0)
    key = place * 2 + hit
    size = 2 * len(n)
    cells = Cells(
        columns=("g",), levels=(tuple(map(str, range(len(n)))),),
        codes=(np.arange(size) // 2)[:, None],
        n=np.bincount(key, minlength=size).astype(float),
        weight=np.bincount(key, weights=weight, minlength=size),
        weight_squared=np.bincount(key, weights=weight**2, minlength=size),
    )  # fmt: skip
    groups = Groups(columns=("g",), names=(), place=np.arange(size) // 2, of=len(n))
    return shares(cells, groups, np.arange(size) % 2 == 1, np.ones(size, dtype=bool))


def clustered(random: Random, n: Array, p: float, *, over: bool) -> Shares:
    """Rows of persons, up to 20 each and alike by half, in one group or over several."""
    place = np.repeat(np.arange(len(n)), n)
    if over:
        place = random.permutation(place)
    m = len(place)
    who = np.repeat(np.arange(m), np.minimum(random.zipf(2.2, m), 20))[:m]
    own = random.beta(p, 1 - p, m)[who]
    hit = (random.random(m) < own).astype(float)
    return clustered_shares(place=place, cluster=who, hits=hit, mass=np.ones(m), n=n.astype(float))


def counted(random: Random, n: Array, p: float) -> Shares:
    return independent(random.binomial(n, p).astype(float), n.astype(float))


Maker = Callable[[Random, Array, float], Shares]
DESIGNS: tuple[tuple[str, tuple[int, int], float, Maker, tuple[int, ...]], ...] = (
    ("200 each", (200, 200), 0.3, counted, K),
    ("30 each", (30, 30), 0.5, counted, K),
    ("30 each", (30, 30), 0.1, counted, K),
    ("30 to 3,000", (30, 3000), 0.5, counted, K),
    ("30 to 3,000", (30, 3000), 0.1, counted, K),
    ("30 to 3,000", (30, 3000), 0.02, counted, K),
    ("200 each", (200, 200), 0.02, counted, K),
    ("30 each", (30, 30), 0.02, counted, K),
    ("100 to 1,000, weights", (100, 1000), 0.3, weighted, K),
    ("100 to 1,000, weights", (100, 1000), 0.05, weighted, K),
    ("100 to 1,000, persons in one group", (100, 1000), 0.3,
     lambda r, n, p: clustered(r, n, p, over=False), K[:5]),
    ("100 to 1,000, persons over groups", (100, 1000), 0.3,
     lambda r, n, p: clustered(r, n, p, over=True), K[:4]),
)  # fmt: skip


def sizes(ends: tuple[int, int], k: int) -> Array:
    return np.geomspace(*ends, k).round().astype(int)


def equal_groups(page: Page, runs: int) -> None:
    page.title(
        "Furthest gap and ratio of equal groups: how often the interval holds 0 (and 1)",
        f"95 % intervals, {runs:,} samples a cell (half for weights, a quarter for persons); seed: "
        "number of groups.",
    )
    page.head("groups", "share", *(f"k = {k}" for k in K))
    for name, ends, p, maker, ks in DESIGNS:
        told = []
        for k in K:
            if k not in ks:
                told.append("–")
                continue
            many = runs if maker is counted else runs // (2 if maker is weighted else 4)
            told.append(said(silent(k, sizes(ends, k), p, maker, many), many))
        page.row(name, p, *told)
    page.say("")


def silent(k: int, n: Array, p: float, maker: Maker, runs: int) -> int:
    """How often the interval of the gap holds 0; that of the ratio must hold 1 as often."""
    random, names, count = np.random.default_rng(k), [str(i) for i in range(k)], 0
    for run in range(runs):
        found = maker(random, n, p)
        told = gap(found, names, min_group=1).estimate
        quiet = told is None or told.low == 0
        if run % 20 == 0:
            beside = ratio(found, names, min_group=1).estimate
            assert beside is None or (beside.high == 1) == quiet
        count += quiet
    return count


def peers(page: Page, runs: int) -> None:
    page.title(
        "What is usual elsewhere: how often the interval holds 0",
        "200 cases in each group, share .3: the percentile interval of the largest difference "
        "(fairlearn's `difference_ci`, 200 resamples) and plain 95 % intervals of every pair.",
    )
    page.head("interval", *(f"k = {k}" for k in K))
    told: dict[str, list[str]] = {
        "percentile of the largest difference": [],
        "uncorrected pairs": [],
    }
    for k in K:
        random, n = np.random.default_rng(k), sizes((200, 200), k)
        hits = random.binomial(n, 0.3, size=(runs, k))
        value = hits / n
        spread = np.sqrt(value * (1 - value) / n)
        pair = np.abs(value[:, :, None] - value[:, None, :]) / np.hypot(
            spread[:, :, None], spread[:, None, :]
        )
        told["uncorrected pairs"].append(said(float((pair.max(axis=(1, 2)) < 1.96).sum()), runs))
        few = min(runs, 400)
        drawn = random.binomial(n, value[:few, None, :].repeat(200, axis=1)) / n
        low = np.quantile(np.ptp(drawn, axis=2), 0.025, axis=1)
        told["percentile of the largest difference"].append(said(float((low <= 0).sum()), few))
    for name, cells in told.items():
        page.row(name, *cells)
    page.say("")


# Gaps that are there


def true_gaps(page: Page, runs: int) -> None:
    page.title(
        "Furthest gap and ratio that are there: how often the interval holds them",
        f"95 % intervals, {runs:,} samples a cell; one group differs, where sizes do the smallest; "
        "seed: number of groups.",
    )
    page.head("groups", "shares", "gap, k = 2", "ratio, k = 2", "gap, k = 3", "ratio, k = 3",
              "gap, k = 10", "ratio, k = 10", "gap, k = 100", "ratio, k = 100")  # fmt: skip
    for ends in ((100, 100), (30, 3000), (1000, 1000)):
        for p, other in ((0.3, 0.5), (0.1, 0.25), (0.02, 0.1), (0.1, 0.02)):
            told = []
            for k in (2, 3, 10, 100):
                both = holds(k, sizes(ends, k), p, other, runs)
                told += [said(b, runs) for b in both]
            page.row(f"{ends[0]:,} to {ends[1]:,}", f"{p} and {other}", *told)
    page.say("")


def holds(k: int, n: Array, p: float, other: float, runs: int) -> tuple[int, int]:
    random, names = np.random.default_rng(k), [str(i) for i in range(k)]
    true = np.full(k, p)
    true[0] = other
    distance, quotient, good, right = abs(other - p), min(p, other) / max(p, other), 0, 0
    for _ in range(runs):
        found = independent(random.binomial(n, true).astype(float), n.astype(float))
        told, share = (f(found, names, min_group=1).estimate for f in (gap, ratio))
        good += within(told, distance)
        right += share is None or within(share, quotient)
    return good, right


def within(told: Estimate | None, true: float) -> bool:
    return (
        told is not None
        and told.low is not None
        and told.high is not None
        and told.low <= true + 1e-12
        and true <= told.high + 1e-12
    )


# Whole audits


def population(random: Random, n: int, false_positive: Sequence[float] = ()) -> Cells:
    """Sex, race and region of ``n`` people, truth and prediction; races may differ in errors."""
    share = np.einsum("i,j,k->ijk", *COLUMNS.values())
    error = np.full(5, 0.15)
    error[: len(false_positive)] = false_positive
    told = np.zeros((2, 5, 10, 2, 2))
    told[..., 1, 1], told[..., 1, 0] = 0.3 * 0.7, 0.3 * 0.3
    told[..., 0, 1] = 0.7 * error[None, :, None]
    told[..., 0, 0] = 0.7 * (1 - error[None, :, None])
    counts = random.multinomial(n, (share[..., None, None] * told).ravel())
    at = np.flatnonzero(counts)
    sex, race, region, truth, prediction = np.unravel_index(at, told.shape)
    return Cells(
        columns=tuple(COLUMNS),
        levels=tuple(tuple(map(str, range(len(s)))) for s in COLUMNS.values()),
        codes=np.stack([sex, race, region], axis=1), n=counts[at].astype(float),
        labels=("0", "1"), truth=truth, prediction=prediction,
    )  # fmt: skip


def every_share(cells: Cells, metrics: tuple[str, ...]) -> Iterator[tuple[str, str, Shares]]:
    for column in COLUMNS:
        for metric, found in rates_of(metrics, cells, cells.by([column]), positive="1").items():
            yield column, metric, found


def four_fifths(found: Shares) -> bool:
    """Whether a ratio to the largest group leaves .8 to 1.25 (aequitas' rule, tau = .8)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        quotient = found.value / found.value[int(np.argmax(found.n))]
    return bool(((quotient < 0.8) | (quotient > 1.25)).any())


def plain_pairs(found: Shares) -> bool:
    variance = found.value * (1 - found.value) / found.n
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.abs(found.value[:, None] - found.value) / np.sqrt(variance[:, None] + variance)
    return bool(np.nanmax(z) > 1.96)


def false_alarms(page: Page, runs: int) -> None:
    page.title(
        'Perfectly fair data, 17 groups: at least one false "unfair"',
        f"Sex 2 × race 5 (55 to 5 %) × region 10, nine gaps ({', '.join(METRICS)} of each column), "
        f"error divided over them (Bonferroni); {runs:,} samples a cell, seed: n.",
    )
    page.head("n", "ours: some gap's interval leaves 0 out",
              "ours: some group differs from all others", "ours: some pair by Holm",
              "uncorrected pairs", "aequitas' rule, .8")  # fmt: skip
    level = 1 - 0.05 / 9
    for n in (500, 1000, 2000, 5000, 20_000):
        random, wrong = np.random.default_rng(n), np.zeros(5)
        for _ in range(runs):
            seen = np.zeros(5, dtype=bool)
            for column, _, found in every_share(population(random, n), METRICS):
                names = [str(i) for i in range(len(COLUMNS[column]))][: len(found.n)]
                seen |= alarms(found, names, level)
            wrong += seen
        page.row(f"{n:,}", *(said(w, runs) for w in wrong))
    page.say("")


def alarms(found: Shares, names: list[str], level: float) -> Array:
    told = gap(found, names, level=level, min_group=1).estimate
    apart = [d.estimate for d in differences(found, names, level=level)]
    return np.array(
        [
            told is not None and (told.low or 0) > 0,
            any(e is not None and ((e.low or 0) > 0 or (e.high or 0) < 0) for e in apart),
            any(
                p.p_adjusted is not None and p.p_adjusted < 1 - level
                for p in pairwise(found, names)
            ),
            plain_pairs(found),
            four_fifths(found),
        ]
    )


def every_gap(page: Page, runs: int) -> None:
    page.title(
        "Perfectly fair data: at least one gap of the whole page is false",
        "The same people, columns alone and in pairs: 60 gaps (ten measures, without those that "
        f"are another one turned around), groups of 30 and more; {runs:,} samples a cell, a third "
        "for persons (95 % interval of the share in brackets), seed: n.",
    )
    page.head("n", "level shared by all gaps (ours)", "level shared by nine gaps (Bonferroni)")
    for name, n, maker, many in (
        ("500", 500, population, runs), ("5,000", 5000, population, runs),
        ("1,500 of 500 persons", 1500, persons, runs // 3),
    ):  # fmt: skip
        random, wrong = np.random.default_rng(n), np.zeros(2)
        for _ in range(many):
            cells = maker(random, n)
            sets = [cells.by(columns) for columns in cells.subsets(2)]
            ours = joint_level(cells, sets, (*LISTED, *FUNCTIONS_LISTED), positive="1")
            wrong += [any_listed(cells, sets, level) for level in (ours, 1 - 0.05 / 9)]
        low, high = independent(wrong, np.full(2, float(many))).intervals(0.95)
        told = (f"{w / many:.3f} ({a:.3f}–{b:.3f})"
                for w, a, b in zip(wrong, low, high, strict=True))  # fmt: skip
        page.row(name, *told)
    page.say("")


def persons(random: Random, n: int, each: int = 3) -> Cells:
    """Rows of persons, so many each: groups and truth are the person's, half of the answers too."""
    one = population(random, n // each)
    who = np.repeat(np.arange(len(one.n)), one.n.astype(int))
    truth, own = one.truth[who], one.prediction[who]
    cluster = np.repeat(np.arange(len(who)), each)
    anew = random.random(n) < np.where(truth[cluster] == 1, 0.7, 0.15)
    prediction = np.where(random.random(n) < 0.5, own[cluster], anew)
    return Cells(
        columns=one.columns, levels=one.levels, codes=one.codes[who][cluster], n=np.ones(n),
        labels=one.labels, truth=truth[cluster], prediction=prediction.astype(int),
        cluster=cluster,
    )  # fmt: skip


def any_listed(cells: Cells, sets: Sequence[Groups], level: float) -> bool:
    return any((told.estimate is not None and (told.estimate.low or 0) > 0)
               for groups in sets for told in listed_gaps(cells, groups, level))  # fmt: skip


def listed_gaps(cells: Cells, groups: Groups, level: float) -> Iterator[Gap]:
    names = [" · ".join(name) for name in groups.names]
    for found in rates_of(LISTED, cells, groups, positive="1").values():
        yield gap(found, names, level=level)
    for metric in FUNCTIONS_LISTED:
        yield function_gap(metric, cells, groups, positive="1", level=level)


def power(page: Page, runs: int) -> None:
    page.title(
        "Power: a group of 8 % with twice the false positive rate is found",
        "The same people; race d (8 %) has twice the false positive rate of all others; 30 % are "
        f"truly positive, so 5.6 % of all rows are its negatives. {runs:,} samples a cell, "
        "seed: n.",
    )
    page.head("n", "false positive rate", "3 gaps in the family", "9 gaps", "21 gaps (7 metrics)",
              "21 gaps, level shared (ours)", "against everybody else, 9 gaps")  # fmt: skip
    for n in (1000, 2000, 5000, 10_000):
        for base in (0.05, 0.1, 0.15):
            random, seen = np.random.default_rng(n), np.zeros(5)
            for _ in range(runs):
                cells = population(random, n, (base, base, base, 2 * base, base))
                found = rates_of(METRICS, cells, cells.by(["race"]), positive="1")[METRICS[2]]
                alone = [cells.by([column]) for column in COLUMNS]
                ours = joint_level(cells, alone, SEVEN, positive="1")
                seen += spotted(found, ours)
            page.row(f"{n:,}", f"{base} and {2 * base:g}", *(said(s, runs) for s in seen))
    page.say("")


def spotted(found: Shares, ours: float) -> Array:
    names = list("abcde")
    levels = [*(1 - 0.05 / m for m in (3, 9, 21)), ours]
    told = [gap(found, names, level=level, min_group=1) for level in levels]
    apart = {d.group: d.estimate for d in differences(found, names, level=levels[1])}["d"]
    seen = [g.highest == "d" and g.estimate is not None and (g.estimate.low or 0) > 0 for g in told]
    return np.array([*seen, apart is not None and (apart.low or 0) > 0])


def detectable(page: Page, runs: int) -> None:
    page.title(
        "Smallest gap that would have been shown",
        f"The smallest group is given exactly that gap (80 % power promised); {runs:,} samples a "
        "cell, seed: number of groups.",
    )
    page.head("groups", "share", *(f"k = {k}: gap / found" for k in (2, 5, 10, 100)))
    for ends in ((200, 200), (100, 3000), (1000, 1000)):
        for p in (0.05, 0.3):
            told = []
            for k in (2, 5, 10, 100):
                n, names = sizes(ends, k), [str(i) for i in range(k)]
                planned = detectable_gap(independent(n * p, n.astype(float)))
                assert isinstance(planned, Estimate)
                true = np.full(k, p)
                true[0] += planned.value
                random, seen = np.random.default_rng(k), 0
                for _ in range(runs):
                    found = independent(random.binomial(n, true).astype(float), n.astype(float))
                    estimate = gap(found, names).estimate
                    seen += estimate is not None and (estimate.low or 0) > 0
                told.append(f"{planned.value:.3f} / {said(seen, runs)}")
            page.row(f"{ends[0]:,} to {ends[1]:,}", p, *told)
    page.say("")


def functions(page: Page, runs: int) -> None:
    page.title(
        "Functions of the four counts: how often the 95 % interval holds the truth",
        f"{runs:,} samples a cell, seed: n; samples where the number is undefined are left out.",
    )
    page.head("n", "prevalence", "recall, false positive rate", *FUNCTIONS)
    for n in (30, 100, 500):
        for share, recall, false in ((0.5, 0.8, 0.2), (0.1, 0.7, 0.05), (0.3, 0.95, 0.02)):
            true = np.array([[(1 - share) * (1 - false), (1 - share) * false],
                             [share * (1 - recall), share * recall]])  # fmt: skip
            random = np.random.default_rng(n)
            counts = random.multinomial(n, true.ravel(), size=runs).astype(float)
            told = [good(metric, counts, FUNCTIONS[metric](true[None])[0]) for metric in FUNCTIONS]
            page.row(n, share, f"{recall}, {false}", *told)
    page.say("")


def good(metric: str, counts: Array, true: float) -> str:
    """All samples as groups of one table: one call for all."""
    runs = len(counts)
    place = np.repeat(np.arange(runs), 4)
    code = np.tile(np.arange(4), runs)
    cells = Cells(
        columns=("g",), levels=(tuple(map(str, range(runs))),), codes=place[:, None],
        n=counts.ravel(),
        labels=("0", "1"), truth=code // 2, prediction=code % 2,
    )  # fmt: skip
    groups = Groups(columns=("g",), names=(), place=place, of=runs)
    told = function_estimates(metric, cells, groups, positive="1")
    known = [e for e in told if isinstance(e, Estimate)]
    return said(sum(within(e, true) for e in known), len(known))


def single(page: Page, runs: int) -> None:
    page.title(
        "A share of weighted rows, and of persons' rows: how often the 95 % interval holds it",
        f"{runs:,} samples a cell, seed: number of rows.",
    )
    page.head("rows", "p = .02", "p = .1", "p = .3", "p = .5")
    makers: dict[str, Maker] = {
        "weights": weighted,
        "persons": lambda r, n, p: clustered(r, n, p, over=False),
    }
    for name, maker in makers.items():
        for n in (50, 200, 1000):
            told = []
            for p in (0.02, 0.1, 0.3, 0.5):
                random = np.random.default_rng(n)
                found = [maker(random, np.array([n]), p).intervals(0.95) for _ in range(runs)]
                told.append(said(sum(bool(lo[0] <= p <= hi[0]) for lo, hi in found), runs))
            page.row(f"{n:,}, {name}", *told)
    page.say("")


def weights_of_hits(page: Page, runs: int) -> None:
    page.title(
        "Rows whose weights depend on the outcome: how often the 95 % interval of the gap holds 0",
        "Equal groups of 100 to 1,000 rows, log-normal weights (σ = .7), those of hits twice as "
        f"large, as large, or half as large; {runs:,} samples a cell, seed: number of groups.",
    )
    page.head("share", "weights of hits", "k = 2", "k = 3", "k = 10")
    for p in (0.05, 0.3):
        for times in (2.0, 1.0, 0.5):
            maker = partial(weighted, times=times)
            told = [said(silent(k, sizes((100, 1000), k), p, maker, runs), runs)
                    for k in (2, 3, 10)]  # fmt: skip
            page.row(p, f"× {times:g}", *told)
    page.say("")


# Over time, and two predictions of the same rows


def shifted(random: Random, share: Array, cases: Array) -> Series:
    hits = random.binomial(cases, share).astype(float)
    periods = tuple(f"p{i:02}" for i in range(len(cases)))
    return Series(periods=periods, hits=hits, cases=cases.astype(float), n=cases)


def over_time(page: Page, runs: int) -> None:
    page.title(
        "Over time: a change or a trend is found",
        "Periods of 1 to 300 cases in any order where nothing changed, of 100 cases where the "
        f"share rises in the middle; {runs:,} samples a cell, seed: periods.",
    )
    page.head("periods", "series", "share .03", "share .3", "share .8",
              "a shift from .3 to .4 in one series")  # fmt: skip
    for periods, many in ((12, 1), (12, 4), (24, 1), (36, 2), (60, 1)):
        random, found = np.random.default_rng(periods), np.zeros(4)
        for run in range(runs):
            for place, share in enumerate((0.03, 0.3, 0.8)):
                found[place] += noticed(random, [np.full(periods, share)] * many, run)
            moved = np.where(np.arange(periods) < periods // 2, 0.3, 0.4)
            still = [np.full(periods, 0.3)] * (many - 1)
            found[3] += noticed(random, [moved, *still], run, cases=100)
        page.row(periods, many, *(said(f, runs) for f in found))
    page.say("")


def noticed(random: Random, shares: Sequence[Array], seed: int, cases: int = 0) -> bool:
    """Whether anything is found in any of the series; sizes are uneven without ``cases``."""
    periods = len(shares[0])
    uneven = np.geomspace(1, 300, periods).astype(int)
    watched = {
        place: shifted(random, share, np.full(periods, cases) if cases
                       else random.permutation(uneven))
        for place, share in enumerate(shares)
    }  # fmt: skip
    told = watch(watched, seed=seed).values()
    return any(isinstance(w, Watched) and (w.change.found or w.trend.found) for w in told)


def chances(base: float, first: float, second: float, together: float) -> Array:
    """Truth and two predictions, right so often; ``together``: right about the same rows."""
    both = together * min(first, second) + (1 - together) * first * second
    right = np.array([[1 - first - second + both, second - both], [first - both, both]])
    return np.stack([right[::-1, ::-1] * (1 - base), right * base])


def against(page: Page, runs: int) -> None:
    page.title(
        "Two predictions of the same rows: how often the 95 % interval holds the true change",
        "Three groups, the first prediction right in .8, .8 and .9 of rows, the second in .9, .8 "
        f"and .85; {runs:,} samples a cell, seed: rows of a group; samples where the number is "
        "undefined are left out.",
    )
    page.head("rows", "right about", "number", "change in a group", "change of the gap")
    for n in (40, 200):
        for together in (0.0, 0.7):
            groups = np.stack([chances(base, one, other, together) for base, one, other in
                               ((0.4, 0.8, 0.9), (0.4, 0.8, 0.8), (0.2, 0.9, 0.85))])  # fmt: skip
            for metric in ("accuracy", "true_positive_rate", "precision", "f1"):
                random = np.random.default_rng(n)
                told = [f"{held:.3f}" for held in changed(random, groups, metric, n, runs)]
                page.row(n, "the same rows" if together else "any rows", metric, *told)
    page.say("")


def both(counts: Array, metric: str) -> tuple[Cells, Groups, Number, Number]:
    place = np.array(list(np.ndindex(*counts.shape)))
    cells = Cells(
        columns=("g",), levels=(tuple(map(str, range(len(counts)))),), codes=place[:, :1],
        n=counts.reshape(-1).astype(float), labels=("0", "1"), truth=place[:, 1],
        prediction=place[:, 2], against=place[:, 3],
    )  # fmt: skip
    by = cells.by(["g"])
    one, other = (number(metric, cells, by, place[:, c], positive=1) for c in (2, 3))
    return cells, by, one, other


def changed(random: Random, groups: Array, metric: str, n: int, runs: int) -> tuple[float, float]:
    _, _, one, other = both(groups * 1e9, metric)
    change, apart = other.value - one.value, float(np.ptp(other.value) - np.ptp(one.value))
    own, gaps = [], []
    for _ in range(runs):
        drawn = np.stack([random.multinomial(n, g.ravel()).reshape(2, 2, 2) for g in groups])
        parts = both(drawn, metric)
        told, known = paired(*parts), gap_change(*parts, min_group=1).estimate
        inside = (told.low <= change + 1e-12) & (change <= told.high + 1e-12)
        own += inside[np.isfinite(told.value)].tolist()
        if known is not None:
            gaps.append(within(known, apart))
    return float(np.mean(own)), float(np.mean(gaps))


Section = Callable[[Page, int], None]


def sections(runs: int) -> tuple[tuple[Section, int], ...]:
    """In the order of the page."""
    return (
        (rates, 0), (equal_groups, runs), (peers, runs), (true_gaps, runs // 2),
        (false_alarms, runs), (every_gap, runs // 4), (power, runs // 2), (detectable, runs // 2),
        (functions, 2 * runs), (single, runs), (weights_of_hits, runs), (over_time, runs // 2),
        (against, runs),
    )  # fmt: skip


def written(section: Section, runs: int) -> tuple[list[str], float]:
    start, page = time.process_time(), Page()
    section(page, runs)
    return page.lines, time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="samples in most cells")
    parser.add_argument("--print", action="store_true", help="leave the page as it is")
    parser.add_argument("--only", default="", help="sections, by comma; the others stay")
    asked = parser.parse_args()
    wanted = {name for name in asked.only.split(",") if name}
    page, spent = Page(), 0.0
    chance = 1.96 * (0.95 * 0.05 / asked.runs) ** 0.5
    if not wanted:
        page.say(f"numpy {np.__version__}, scipy {scipy.__version__}; with {asked.runs:,} samples, "
                 f"±{chance:.3f} around .95 is chance.", "")  # fmt: skip
    with ProcessPoolExecutor() as pool:
        jobs = [
            pool.submit(written, *section)
            for section in sections(asked.runs)
            if not wanted or section[0].__name__ in wanted
        ]
        for job in jobs:
            lines, seconds = job.result()
            page.say(*lines)
            spent += seconds
            print("\n".join(lines), flush=True)
    print(f"{spent:.0f} CPU seconds")
    if not asked.print:
        page.write(PAGE, all_of_it=not wanted)


if __name__ == "__main__":
    main()
