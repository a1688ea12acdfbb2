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
    """A loss, and the settings of it that compete."""

    loss: Loss
    strengths: tuple[float, ...]
    balances: tuple[float, ...]


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


def contest(
    task: Task,
    designs: Mapping[str, Any],
    sample: Flags,
    candidates: Mapping[str, Candidate],
) -> list[Trial]:
    """Try every candidate in every design, and the average of the best of each.

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
    trials: list[Trial] = []
    for context, design in designs.items():
        task.progress(context)
        folds = list(_folds(task, Space(design[np.flatnonzero(sample)]), sample))
        found = [t for n, c in candidates.items() for t in _tried(task, folds, sample, n, c)]
        found += _averaged(task, found, sample)
        for trial in found:
            facts = {"context": context, **trial.facts}
            trials.append(replace(trial, context=context, facts=facts))
    return trials


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


def _tried(
    task: Task, folds: list[Fold], sample: Flags, name: str, candidate: Candidate
) -> Iterator[Trial]:
    """All settings of one candidate; each strength starts where the one before it ended."""
    rows = _sampled_rows(task, sample)
    where = np.flatnonzero(sample)
    for balance in candidate.balances:
        task.progress(f"{name} {balance:g}")
        scores = {s: np.zeros((sample.size, task.n_classes)) for s in candidate.strengths}
        for fold in folds:
            own = fold.rows(rows).balanced(balance, task.n_classes)
            model = None
            for strength in candidate.strengths:
                model = fit(
                    fold.design,
                    own,
                    n_classes=task.n_classes,
                    loss=candidate.loss,
                    strength=strength,
                    start=model,
                )
                scores[strength][where[fold.test]] = fold.scores(model)
        for strength, found in scores.items():
            part = Part(candidate.loss, balance, strength)
            yield _judged(task, sample, name, (part,), found)


def _averaged(task: Task, trials: list[Trial], sample: Flags) -> list[Trial]:
    """The best of each candidate, brought to one scale and added."""
    best: dict[str, Trial] = {}
    for trial in trials:
        if trial.facts["macro_f1"] > best.get(trial.name, trial).facts["macro_f1"] or (
            trial.name not in best
        ):
            best[trial.name] = trial
    if len(best) < 2:
        return []
    spread = [_spread(trial.scores[sample]) for trial in best.values()]
    shares = [spread[0] / s / len(best) for s in spread]
    parts = tuple(
        replace(trial.parts[0], share=share)
        for trial, share in zip(best.values(), shares, strict=True)
    )
    scores = sum(s * t.scores for t, s in zip(best.values(), shares, strict=True))
    return [_judged(task, sample, AVERAGE, parts, np.asarray(scores))]


def _spread(scores: Floats) -> float:
    """How far the scores of one text differ, by and large."""
    return float(np.std(scores - scores.mean(axis=1, keepdims=True))) or 1.0


def _judged(task: Task, sample: Flags, name: str, parts: tuple[Part, ...], scores: Floats) -> Trial:
    """Score a setting on the rows of the sample, and tell how much folds differ."""
    from sklearn.metrics import accuracy_score, f1_score

    rows = np.flatnonzero(sample[task.at])
    truth, answer = task.y[rows], scores[task.at[rows]].argmax(axis=1)
    fold = task.fold[task.at[rows]]
    each = [f1_score(truth[fold == m], answer[fold == m], average="macro") for m in np.unique(fold)]
    facts = {
        "candidate": name,
        "balance": parts[0].balance if len(parts) == 1 else None,
        "strength": parts[0].strength if len(parts) == 1 else None,
        "macro_f1": float(f1_score(truth, answer, average="macro")),
        "spread": float(np.std(each, ddof=1)) if len(each) > 1 else 0.0,
        "accuracy": float(accuracy_score(truth, answer)),
        "n": int(rows.size),
    }
    return Trial(name=name, context="", parts=parts, scores=scores, facts=facts)
