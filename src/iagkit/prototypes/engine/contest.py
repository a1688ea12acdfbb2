"""Candidates against each other: out-of-fold scores of every setting, by text group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.prototypes.engine.linear import Fold, Linear, Loss, Rows, Space, fit

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]
AVERAGE = "average"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A loss, and its settings: all strengths at one balance, other balances at the best."""

    loss: Loss
    strengths: tuple[float, ...]
    balance: float
    other_balances: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Training rows merged to distinct inputs, and the fold of each input."""

    rows: Rows
    fold: Ints
    n_classes: int
    at: Ints
    y: Ints
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One setting with its out-of-fold scores of the distinct inputs."""

    name: str
    context: str
    parts: tuple[Part, ...]
    scores: Floats
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One linear model of a trial, and its share in the sum."""

    loss: Loss
    balance: float
    strength: float
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """One design cut into folds, where settings are tried."""

    task: Task
    context: str
    folds: list[Fold]
    sample: Flags


def contest(
    task: Task,
    designs: Mapping[str, Any],
    sample: Flags,
    candidates: Mapping[str, Candidate],
) -> list[Trial]:
    """Try the first candidate in every design, all in the best, and the average of their best.

    Parameters
    ----------
    task : Task
        Rows and folds.
    designs : mapping of str to csr_matrix
        Ways to write the inputs as numbers.
    sample : array of bool, shape (n_inputs,)
        The inputs on which the choice is made.
    candidates : mapping of str to Candidate
        Who takes part.

    Returns
    -------
    list of Trial
        With ``facts``: settings and results.
    """
    runs: list[tuple[_Bench, list[Trial]]] = []
    sparse = all(candidate.loss == "joint" for candidate in candidates.values())
    first, *others = candidates.items()
    for context, design in designs.items():
        space = Space(design[np.flatnonzero(sample)], task.n_classes, sparse=sparse)
        folds = list(_folds(task, space, sample))
        bench = _Bench(task=task, context=context, folds=folds, sample=sample)
        trials = list(_strengths(bench, *first))
        runs = sorted([*runs, (bench, trials)], key=lambda run: -_best(run[1]).facts["macro_f1"])
    bench, trials = runs[0]
    trials += _balances(bench, *first, _best(trials))
    for name, candidate in others:
        found = list(_strengths(bench, name, candidate))
        trials += found + _balances(bench, name, candidate, _best(found))
    trials += _averaged(bench, trials)
    return [trial for _, found in runs for trial in found]


def refit(task: Task, space: Space, trial: Trial) -> Linear:
    """Fit the parts of a trial on all rows and add them up: still one linear model."""
    everything = np.arange(space.n_texts)
    return _sum_of_parts(task, Fold(space, everything, everything[:0]), trial, sparse=True)


def score_all(task: Task, space: Space, trial: Trial) -> None:
    """Fill in the out-of-fold scores of the inputs that were not in the sample."""
    for fold in _folds(task, space, np.ones(space.n_texts, dtype=bool)):
        model = _sum_of_parts(task, fold, trial, sparse=False)
        trial.scores[fold.test] = fold.scores(model)


def _sum_of_parts(task: Task, fold: Fold, trial: Trial, *, sparse: bool) -> Linear:
    models = []
    for part in trial.parts:
        rows = fold.rows(task.rows).balanced(part.balance, task.n_classes)
        model = fit(
            fold.design, rows, n_classes=task.n_classes, loss=part.loss, strength=part.strength
        )
        models.append(fold.model(model) if sparse else model)
    share = [part.share for part in trial.parts]
    return Linear(
        np.tensordot(share, [m.coef for m in models], axes=1),
        np.tensordot(share, [m.intercept for m in models], axes=1),
    )


def _folds(task: Task, space: Space, sample: Flags) -> Iterator[Fold]:
    mark = task.fold[sample]
    for number in np.unique(mark):
        yield Fold(space, np.flatnonzero(mark != number), np.flatnonzero(mark == number))


def _sampled_rows(task: Task, sample: Flags) -> Rows:
    place = np.where(sample, np.cumsum(sample) - 1, -1)[task.rows.at]
    keep = place >= 0
    return Rows(place[keep], task.rows.y[keep], task.rows.weight[keep])


def _best(trials: list[Trial]) -> Trial:
    return max(trials, key=lambda trial: trial.facts["macro_f1"])


def _strengths(bench: _Bench, name: str, candidate: Candidate) -> Iterator[Trial]:
    """Rising strengths at the usual balance; each starts where the one before it ended."""
    parts = [Part(candidate.loss, candidate.balance, s) for s in candidate.strengths]
    yield from _tried(bench, name, parts)


def _balances(bench: _Bench, name: str, candidate: Candidate, best: Trial) -> list[Trial]:
    """Other balances at the strength that did best."""
    parts = [replace(best.parts[0], balance=b) for b in candidate.other_balances]
    return [trial for part in parts for trial in _tried(bench, name, [part])]


def _tried(bench: _Bench, name: str, parts: list[Part]) -> Iterator[Trial]:
    """Out-of-fold scores of one balance and one or more strengths."""
    task = bench.task
    task.progress(f"{name} {bench.context} {parts[0].balance:g}")
    rows = _sampled_rows(task, bench.sample)
    where = np.flatnonzero(bench.sample)
    scores = [np.zeros((bench.sample.size, task.n_classes)) for _ in parts]
    for fold in bench.folds:
        own = fold.rows(rows).balanced(parts[0].balance, task.n_classes)
        model = None
        for part, found in zip(parts, scores, strict=True):
            model = fit(
                fold.design,
                own,
                n_classes=task.n_classes,
                loss=part.loss,
                strength=part.strength,
                start=model,
            )
            found[where[fold.test]] = fold.scores(model)
    for part, found in zip(parts, scores, strict=True):
        yield _judged(bench, name, (part,), found)


def _averaged(bench: _Bench, trials: list[Trial]) -> list[Trial]:
    """The best of each candidate, brought to one scale and added."""
    names = dict.fromkeys(trial.name for trial in trials)
    best = [_best([t for t in trials if t.name == name]) for name in names]
    if len(best) < 2:
        return []
    spread = [_spread(trial.scores[bench.sample]) for trial in best]
    shares = [spread[0] / s / len(best) for s in spread]
    parts = tuple(
        replace(trial.parts[0], share=share) for trial, share in zip(best, shares, strict=True)
    )
    scores = np.tensordot(shares, [trial.scores for trial in best], axes=1)
    return [_judged(bench, AVERAGE, parts, scores)]


def _spread(scores: Floats) -> float:
    """How far the scores of one text differ, by and large."""
    return float(np.std(scores - scores.mean(axis=1, keepdims=True))) or 1.0


def _judged(bench: _Bench, name: str, parts: tuple[Part, ...], scores: Floats) -> Trial:
    """Score a setting on the rows of the sample, and tell how much folds differ."""
    from sklearn.metrics import accuracy_score, f1_score

    task = bench.task
    rows = np.flatnonzero(bench.sample[task.at])
    truth, answer = task.y[rows], scores[task.at[rows]].argmax(axis=1)
    fold = task.fold[task.at[rows]]
    each = [f1_score(truth[fold == m], answer[fold == m], average="macro") for m in np.unique(fold)]
    facts = {
        "context": bench.context,
        "candidate": name,
        "balance": parts[0].balance if len(parts) == 1 else None,
        "strength": parts[0].strength if len(parts) == 1 else None,
        "macro_f1": float(f1_score(truth, answer, average="macro")),
        "spread": float(np.std(each, ddof=1)) if len(each) > 1 else 0.0,
        "accuracy": float(accuracy_score(truth, answer)),
        "n": int(rows.size),
    }
    return Trial(name=name, context=bench.context, parts=parts, scores=scores, facts=facts)
