"""What follows from a finding: the counts of people that its number and its cases reveal.

Each count is named by a group and by parts of the outcomes, such as true and false positives.
:mod:`iagkit.checks.publishable` protects all counts that any finding reveals, together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from iagkit.checks.audit_settings import AuditSettings
from iagkit.core.judge import WHOLE
from iagkit.core.nouns import Finding
from iagkit.measures import ranking
from iagkit.measures.arrays import Floats
from iagkit.measures.binary import RATES, quadrants
from iagkit.measures.cells import UNKNOWN, Cells
from iagkit.measures.histograms import scored
from iagkit.measures.multilabel import label_sets, of_label

QUADRANTS = ("tp", "fp", "fn", "tn")
BETWEEN = (
    ".gap", ".ratio", ".detectable_gap", ".stratified_gap", ".simpson", ".cases_needed",
    ".gap_change", ".gap_bounds",
)  # fmt: skip
"""Endings of findings about all groups together."""
OF_SERIES = (".change", ".trend", ".season", ".spread")
OF_SCORES = frozenset({"roc_auc", "ece", "brier_score", "calibration_in_the_large"})
BINS = 10
Group = tuple[tuple[str, str], ...]
Parts = tuple[str, ...]
# A group of people, and the parts of the outcomes that are added up.
Count = tuple[Group, Parts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a share is of: what counts, and among which."""

    hits: Parts
    among: Parts

    @property
    def rest(self) -> Parts:
        """What could count, and does not."""
        return tuple(sorted(set(self.among) - set(self.hits)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Parts of the outcomes of all cells of an audit, and which of them a finding reveals.

    Parameters
    ----------
    cells : Cells
    asked : AuditSettings
    parts : mapping of str to ndarray of float, shape (n_cells,)
        Share of each cell's rows that is in a part.
    """

    cells: Cells
    asked: AuditSettings
    parts: Mapping[str, Floats] = field(default_factory=dict)

    def shares(self, finding: Finding) -> tuple[Share, ...]:
        """Shares of a group whose counts a finding reveals."""
        kind, _, rest = finding.check.partition(".")
        metric, where = rest.partition(".")[0], finding.where
        if finding.check == "fairness.group_size":
            return self._share(("all",), ("all",))
        if finding.check == "confusion.count":
            pair = f"{where['truth']}|{where['prediction']}"
            return self._share((pair,), (pair,))
        if where.keys() & {"confidence", "threshold"}:
            return self._of_bins(metric, where)
        if kind in ("ranking", "against"):
            changed = finding.check.endswith("change")
            return self._ranking(metric) if kind == "ranking" else self._against(metric, changed)
        return self._of_class(metric, where["class"]) if "class" in where else self._plain(metric)

    def _plain(self, metric: str) -> tuple[Share, ...]:
        plain = {
            "within_tolerance": (("near",), ("near", "far")),
            "subset_accuracy": (("right",), ("right", "wrong")),
            "mean_score": (("scored",), ("scored",)),
            **dict.fromkeys(OF_SCORES, (("score+",), ("score+", "score-"))),
        }
        if metric in plain and plain[metric][0][0] in self.parts:
            return self._share(*plain[metric])
        if self.asked.names:
            return self._of_label(metric, None)
        if self.asked.task == "multiclass" and self._pairs:
            return self._of_classes(metric)
        if metric in RATES and "tp" in self.parts:
            return self._share(RATES[metric].hits, RATES[metric].among)
        each = [q for q in QUADRANTS if q in self.parts] or ["all"]
        return tuple(s for q in each for s in self._share((q,), each))

    def _of_classes(self, metric: str) -> tuple[Share, ...]:
        if metric == "accuracy":
            right = {f"{label}|{label}" for label in self.cells.labels}
            return self._share(right, self._pairs)
        each = [(part, label) for label in self.cells.labels for part in ("recall", "precision")]
        return tuple(s for part, label in each for s in self._of_class(part, label))

    @property
    def _pairs(self) -> list[str]:
        return [part for part in self.parts if "|" in part]

    def _share(self, hits: Iterable[str], among: Iterable[str]) -> tuple[Share, ...]:
        there = {*self.parts, "all"}
        found = Share(
            hits=tuple(sorted(there & set(hits))), among=tuple(sorted(there & set(among)))
        )
        return (found,) if found.among else ()

    def _of_class(self, metric: str, label: str) -> tuple[Share, ...]:
        if self.asked.names:
            return self._of_label(metric, label)

        def of(test: Callable[[str, str], bool]) -> list[str]:
            return [p for p in self._pairs if test(*p.split("|", 1))]

        true, told = of(lambda t, _: t == label), of(lambda _, p: p == label)
        if metric == "selection_rate":
            return self._share(told, self._pairs)
        if metric == "false_positive_rate":
            return self._share(set(told) - set(true), set(self._pairs) - set(true))
        if metric == "precision":
            return self._share(set(told) & set(true), told)
        recall = self._share(set(told) & set(true), true)
        if metric in ("true_positive_rate", "recall"):
            return recall
        return recall + self._share(set(told) & set(true), told)

    def _of_bins(self, metric: str, where: Mapping[str, str]) -> tuple[Share, ...]:
        """One bin of the score; or, of a threshold, those from there on, and those below."""
        if (one := where.get("confidence")) is not None:
            return self._share((f"{one}+",), (f"{one}+", f"{one}-"))
        threshold = round(float(where["threshold"]) * BINS)
        sides = {"tp": (True, "+"), "fp": (True, "-"), "fn": (False, "+"), "tn": (False, "-")}

        def bins(outcomes: Iterable[str]) -> list[str]:
            return [
                f"{_range(b)}{sign}"
                for above, sign in map(sides.__getitem__, outcomes)
                for b in range(BINS)
                if (b >= threshold) == above
            ]

        return self._share(bins(RATES[metric].hits), bins(RATES[metric].among))

    def _of_label(self, metric: str, label: str | None) -> tuple[Share, ...]:
        """Outcomes of one label of several, or, of means over labels, those of each."""
        names = self.asked.names if label is None else (label,)
        rates = {"recall": ["true_positive_rate"]}.get(metric, [metric])
        if metric not in (*RATES, "recall"):
            rates = ["true_positive_rate", "precision"]
        return tuple(
            share
            for name in names
            for rate in rates
            for share in self._share(
                [f"{name}|{q}" for q in RATES[rate].hits],
                [f"{name}|{q}" for q in RATES[rate].among],
            )
        )

    def _ranking(self, metric: str) -> tuple[Share, ...]:
        ranked = [part for part in self.parts if part.rstrip("+-?") in ("in", "out")]
        inside = [part for part in ranked if part.startswith("in")]
        return self._share(*{
            "recall_at_capacity": (("in+",), ("in+", "out+")),
            "precision_at_capacity": (("in+",), ("in+", "in-")),
            "exposure": (("scored",), ("scored",)),
        }.get(metric, (inside, ranked)))  # fmt: skip

    def _against(self, metric: str, changed: object) -> tuple[Share, ...]:
        pairs = [part for part in self.parts if ">" in part]
        if metric not in RATES or self.asked.task != "binary":
            return tuple(s for pair in pairs for s in self._share((pair,), pairs))

        def side(which: int, of: frozenset[str]) -> set[str]:
            return {pair for pair in pairs if pair.split(">")[which] in of}

        rate = RATES[metric]
        hits, among = side(1, rate.hits), side(1, rate.among)
        if not changed:
            return self._share(hits, among)
        before = side(0, rate.hits)
        every = among | side(0, rate.among)
        return (
            *self._share(hits, among), *self._share(before, side(0, rate.among)),
            *self._share(hits ^ before, every),
        )  # fmt: skip

    def groups(self, finding: Finding) -> tuple[Group, ...]:
        """Groups that a finding tells of; those that a number of several is made of."""
        where = self._columns(finding)
        if finding.check.endswith((".gap", ".ratio")) and finding.between is not None:
            return tuple(self._end(where, name) for name in finding.between)
        if finding.check.endswith(".difference") and finding.between is not None:
            (column,), other = where, finding.between[1]
            return (_group(where), () if other == WHOLE else ((column, other),))
        told = {c: v for c, v in where.items() if v != WHOLE}
        if finding.check.startswith("over_time.") and finding.check.endswith(OF_SERIES):
            return self._each(told, [str(self.asked.period)])
        if finding.check.endswith(".gap_change"):
            return self._each(told, [c for c in where if c not in told])
        if finding.check.endswith((".stratified_gap", ".simpson")):
            return self._each({}, [*where, finding.where["given"]])
        return (_group(told),)

    def _columns(self, finding: Finding) -> dict[str, str]:
        dated = finding.check.startswith("over_time.") and self.asked.period is not None
        named = {
            str(self.asked.period) if dated and c == "period" else c: v
            for c, v in finding.where.items()
        }
        return {c: v for c, v in named.items() if c in self.cells.columns}

    def _end(self, where: Mapping[str, str], name: str) -> Group:
        open_columns = [c for c, v in where.items() if v == WHOLE]
        levels = name.split(" · ") if len(open_columns) > 1 else [name]
        ends = dict(zip(open_columns, levels, strict=False))
        return _group({**where, **ends})

    def _each(self, told: Mapping[str, str], columns: list[str]) -> tuple[Group, ...]:
        names = self.cells.by(columns).names
        return tuple(_group({**told, **dict(zip(columns, name, strict=True))}) for name in names)


def _group(where: Mapping[str, str]) -> Group:
    return tuple(sorted(where.items()))


def outcomes(every: Cells, asked: AuditSettings) -> Outcomes:
    """Parts of the outcomes that an audit tells of, as shares of the rows of its cells."""
    every, near = _apart(every)
    parts: dict[str, Floats] = {"all": np.ones(len(every)), **near}
    masked = {**_labelled(every, asked), **_scored(every, asked)}
    parts |= {name: mask.astype(float) for name, mask in masked.items()}
    parts |= _ranked(every, asked)
    return Outcomes(cells=every, asked=asked, parts=parts)


def _apart(every: Cells) -> tuple[Cells, dict[str, Floats]]:
    """Rows whose number is near enough, and the others, in cells of their own."""
    sums = [of for name, of in every.sums.items() if name.endswith(".within")]
    if not sums:
        return every, {}
    near = every.n * np.clip(sums[0] / np.maximum(every.mass, 1e-300), 0, 1)
    plain = Cells(
        columns=every.columns, levels=every.levels, codes=np.concatenate([every.codes] * 2),
        n=np.concatenate([near, every.n - near]),
        cluster=None if every.cluster is None else np.concatenate([every.cluster] * 2),
    )  # fmt: skip
    side = np.repeat([1.0, 0.0], len(every))
    return plain, {"near": side, "far": 1 - side}


def _labels(every: Cells, asked: AuditSettings) -> dict[str, np.ndarray]:
    """Whether whole sets are right, and the outcomes of each label."""
    sets = label_sets(every, names=asked.names, separator=asked.separator)
    right = (sets.truth == sets.prediction).all(axis=1)
    masks = {"right": sets.known & right, "wrong": sets.known & ~right}
    for i, name in enumerate(asked.names):
        found = quadrants(of_label(every, sets, i), "1")
        masks |= {f"{name}|{outcome}": mask for outcome, mask in found.items()}
    return masks


def _range(b: int) -> str:
    return f"{b / BINS:.1f}–{(b + 1) / BINS:.1f}"


def _labelled(every: Cells, asked: AuditSettings) -> dict[str, np.ndarray]:
    if every.prediction is None or not every.labels:
        return {}
    if asked.names:
        masks = _labels(every, asked)
        missing = ~(masks["right"] | masks["wrong"])
        return {**masks, "unknown": missing} if missing.any() else masks
    if asked.task == "binary" and asked.positive is not None:
        yes = every.labels[asked.positive]
        first = quadrants(every, yes)
        masks = dict(first)
        if every.against is not None:
            second = quadrants(replace(every, prediction=every.against), yes)
            masks |= {f"{a}>{b}": first[a] & second[b] for a in first for b in second}
    else:
        masks = {}
    if every.truth is not None:
        known = (every.truth != UNKNOWN) & (every.prediction != UNKNOWN)
        for t, truth in enumerate(every.labels):
            for p, told in enumerate(every.labels):
                masks[f"{truth}|{told}"] = known & (every.truth == t) & (every.prediction == p)
        if asked.task != "binary" and every.against is not None:
            right, then = every.truth == every.prediction, every.truth == every.against
            known = known & (every.against != UNKNOWN)
            masks |= {f"{a}>{b}": known & (right == a) & (then == b)
                      for a in (True, False) for b in (True, False)}  # fmt: skip
    missing = ~np.any(list(masks.values()), axis=0)
    return {**masks, "unknown": missing} if missing.any() else masks


def _scored(every: Cells, asked: AuditSettings) -> dict[str, np.ndarray]:
    if every.bins is None or every.score_bins < 1:
        return {}
    masks = {"scored": every.bins != UNKNOWN}
    if every.truth is None or asked.positive is None:
        return masks
    kept, side = scored(every, asked.positive)
    masks |= {"score+": kept & (side == 1), "score-": kept & (side == 0)}
    edges = np.rint(np.arange(BINS + 1) * every.score_bins / BINS)
    place = np.searchsorted(edges, every.bins, side="right") - 1
    for b in np.unique(place[kept]).tolist():
        masks |= {f"{_range(b)}{sign}": masks[f"score{sign}"] & (place == b) for sign in "+-"}
    return masks


def _ranked(every: Cells, asked: AuditSettings) -> dict[str, Floats]:
    if asked.capacity is None or every.bins is None or every.score_bins < 1:
        return {}
    chance = ranking.select(every, share=asked.capacity).chance
    there = (every.bins != UNKNOWN).astype(float)
    truth = np.full(len(every), UNKNOWN) if every.truth is None else every.truth
    known = (truth != UNKNOWN) & (asked.positive is not None)
    sides = {
        "+": known & (truth == asked.positive),
        "-": known & (truth != asked.positive),
        "?": ~known,
    }
    return {
        f"{name}{sign}": mask * share
        for name, share in (("in", chance), ("out", there - chance))
        for sign, mask in sides.items()
        if mask.any()
    }
