"""A model brought up to date with a few hundred recent cases that people reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.message import Message
from iagkit.core.nouns import Estimate
from iagkit.measures.rates import mean, share
from iagkit.measures.selective import review_for
from iagkit.prototypes.engine import calibration, conformal
from iagkit.prototypes.engine.parts import PartsTfidf

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
RECENT = 10.0
"""Weight of a recent case beside an old one; this and the strength were settled on Argentine norms
before 2014 (learnt until 2007, repaired since 2010), where weights of 1 and 3 reached less."""
STRENGTH, STEADY = 0.5, 0.05
FOLDS = 5
NEVER_SEEN = -3.0
"""Score of a class that a fold had no case of: below that of any it had."""
WANTED = 0.9
CAUTION = 1.0
"""Standard errors by which more is asked of the shortlist: few cases may have been lucky ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What a repaired model reaches on the recent cases nobody had reviewed.

    Parameters
    ----------
    reviewed : int
        Cases by lot that it learnt from, and was calibrated with out of fold.
    accuracy, coverage : Estimate
        Of its first answer, and of its shortlist.
    set_size : Estimate
        Labels on the shortlist.
    decided : Estimate or Message
        Largest share of the surest cases of which 9 in 10 were answered rightly; its limits
        are those with which the lower, and the upper, limit of their accuracy reaches 9 in 10.
    """

    reviewed: int
    accuracy: Estimate
    coverage: Estimate
    set_size: Estimate
    decided: Estimate | Message


def repair(
    old_texts: Sequence[str],
    old_labels: Sequence[str],
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    clusters: NDArray[np.int64],
    many: int,
    coverage: float = 0.9,
    level: float = 0.95,
    seed: int = 0,
) -> Repaired:
    """Learn again with recent reviewed cases, recalibrate on them alone, test on the others.

    Parameters
    ----------
    old_texts, old_labels : sequence of str
        What the present model learnt from.
    texts, labels : sequence of str, shape (n,)
        Recent cases. The texts are all known, so that their words are; of the labels only
        those of the reviewed cases are used before the test.
    clusters : ndarray of int, shape (n,)
        Copies of a text are reviewed together or not at all.
    many : int
        Cases to review, drawn by lot, so that they speak for the rest.
    coverage, level : float
    seed : int
    """
    features = PartsTfidf()
    design = features.fit_transform([*old_texts, *texts])
    y = np.asarray([*old_labels, *labels], dtype=object).astype(str)
    n_old = len(old_texts)
    random = np.random.default_rng(seed)
    inside = _drawn(clusters, many, random)
    chosen, rest = n_old + np.flatnonzero(inside), n_old + np.flatnonzero(~inside)
    bench = _Bench(design=design, y=y, n_old=n_old, classes=np.unique(y[np.r_[:n_old, chosen]]))
    fold = random.permutation(clusters.max() + 1)[clusters[inside]] % FOLDS
    logits = np.zeros((chosen.size, bench.classes.size))
    for number in range(FOLDS):
        own = fold == number
        logits[own] = bench.scores(chosen[~own], chosen[own])
    own_y = np.searchsorted(bench.classes, y[chosen])
    temperature = calibration.fit_temperature(logits, own_y)
    told = calibration.probabilities(logits, temperature=temperature)
    limits = conformal.fit_thresholds(
        told[np.arange(own_y.size), own_y],
        clusters=clusters[inside], groups={}, coverage=_cautious(coverage, clusters[inside]),
    )  # fmt: skip
    found = calibration.probabilities(bench.scores(chosen, rest), temperature=temperature)
    sets = conformal.label_sets(found, thresholds=limits, groups={})
    return _measured(bench, found, sets, rest, clusters[~inside], many=chosen.size, level=level)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """Old cases and recent ones as features."""

    design: Any
    y: NDArray[np.str_]
    n_old: int
    classes: NDArray[np.str_]

    def scores(self, recent: Ints, asked: Ints) -> Floats:
        """Learn from the old cases and some recent ones; score others."""
        from sklearn.svm import LinearSVC

        rows = np.concatenate([np.arange(self.n_old), recent])
        weight = np.where(rows < self.n_old, 1.0, RECENT)
        model = LinearSVC(C=STRENGTH, tol=STEADY, random_state=0)
        model.fit(self.design[rows], self.y[rows], sample_weight=weight)
        scores = np.full((asked.size, self.classes.size), NEVER_SEEN)
        found = np.asarray(model.decision_function(self.design[asked]))
        found = np.stack([-found, found], axis=1) if found.ndim == 1 else found
        scores[:, np.searchsorted(self.classes, model.classes_)] = found
        return scores


def _cautious(coverage: float, clusters: NDArray[np.int64]) -> float:
    """Ask for so much that a lot of average luck still keeps what is promised."""
    n = len(np.unique(clusters))
    return float(min(coverage + CAUTION * np.sqrt(coverage * (1 - coverage) / n), n / (n + 1)))


def _drawn(clusters: NDArray[np.int64], many: int, random: np.random.Generator) -> Any:
    """Whole text groups by lot until so many cases are drawn."""
    groups, of_case = np.unique(clusters, return_inverse=True)
    place = random.permutation(groups.size)
    sizes = np.bincount(of_case)
    ordered = np.argsort(place)
    kept = ordered[: int(np.searchsorted(np.cumsum(sizes[ordered]), many)) + 1]
    return np.isin(of_case, kept)


def _measured(
    bench: _Bench, p: Floats, sets: Any, rest: Ints, clusters: Any, *, many: int, level: float
) -> Repaired:
    truth, sure = bench.y[rest], p.max(axis=1)
    right = bench.classes[p.argmax(axis=1)] == truth
    place = np.searchsorted(bench.classes, truth).clip(0, bench.classes.size - 1)
    held = (bench.classes[place] == truth) & sets[np.arange(rest.size), place]
    return Repaired(
        reviewed=many,
        accuracy=share(right, clusters=clusters, level=level),
        coverage=share(held, clusters=clusters, level=level),
        set_size=mean(sets.sum(axis=1), unit="labels", clusters=clusters, level=level),
        decided=_decided(right, sure, clusters, level),
    )


def _decided(right: Any, sure: Floats, clusters: Any, level: float) -> Estimate | Message:
    asked = review_for(right, sure, accuracy=WANTED, clusters=clusters, level=level)
    if isinstance(asked, Message):
        return asked
    least, most = sorted(1 - (limit or 0.0) for limit in (asked.low, asked.high))
    reached = np.cumsum(right[np.argsort(-sure)]) / np.arange(1, right.size + 1)
    value = float((np.flatnonzero(reached >= WANTED).max(initial=-1) + 1) / right.size)
    return replace(asked, value=value, low=min(value, least), high=max(value, most))
