"""Days that remain: boosted trees on prefixes, beside the median by last activity.

Learn from cases that were over, choose on those that began last among them, and only then be
asked about cases that began later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.prototypes.processes.encoding import Encoder
from iagkit.prototypes.processes.forest import Forest, mean_of, of_boosting
from iagkit.prototypes.processes.in_time import TRAIN, Labels, part
from iagkit.prototypes.processes.prefixes import Prefixes

Floats = NDArray[np.float64]
BLENDS: Final[tuple[float, ...]] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of the trees in the answer that are tried; the rest is the median by last activity."""
TAILS: Final = (0.05, 0.95)
ALIKE: Final = 0.01
"""Errors that differ by less in choosing are taken as equal: the simpler way, first of the list."""
MEMBERS: Final = 3
"""Forests that answer together, where they draw different columns."""
FOR_CHOOSING: Final = 40_000
"""Prefixes to choose with: more cost time and hardly change what is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to learn; ``log`` learns ``log(1 + days)``, whose median is that of the days."""

    name: str
    log: bool = True
    trend: bool = False
    process: bool = False
    lean: bool = False
    rounds: int = 150
    rate: float = 0.06
    leaves: int = 15
    fewest: int = 20
    columns: float = 1.0


SLOW: Final = Candidate(name="slow", rounds=300, rate=0.03, leaves=31, fewest=40, columns=0.3)
FEW: Final = Candidate(name="few leaves", rounds=60, leaves=6, fewest=100, columns=0.5)
CANDIDATES: Final = (
    FEW,
    replace(FEW, name="few leaves, with the date", trend=True),
    replace(FEW, name="few leaves, with the process", process=True),
    Candidate(name="quick"),
    Candidate(name="quick, with the date", trend=True),
    Candidate(name="quick, with the process", process=True),
    SLOW,
    replace(SLOW, name="deep", rounds=120, rate=0.1, leaves=80),
    Candidate(name="states only", lean=True, fewest=50),
)


class MedianByActivity:
    """Median of the days that remained after the same activity: what any model must beat."""

    def fit(self, prefixes: Prefixes, days: Floats) -> Self:
        """Learn one median an activity, and that of all for strangers."""
        import pandas as pd

        medians = pd.Series(days).groupby(prefixes.activity).median()
        self.kinds_ = np.asarray(medians.index, dtype=str)
        self.days_ = medians.to_numpy(dtype=np.float64)
        self.whole_ = float(np.median(days))
        return self

    def predict(self, prefixes: Prefixes) -> Floats:
        """Days that remain, one number a prefix."""
        known = dict(zip(self.kinds_.tolist(), self.days_.tolist(), strict=True))
        return np.asarray([known.get(str(a), self.whole_) for a in prefixes.activity])


class Trees:
    """Boosted trees on encoded prefixes: a forest for the median, two for the tails."""

    def __init__(self, *, candidate: Candidate, members: int = 1, seed: int = 0) -> None:
        self.candidate = candidate
        self.members = members
        self.seed = seed

    def fit(self, prefixes: Prefixes, days: Floats, *, tails: bool = False) -> Self:
        """Learn from prefixes and the days that remained."""
        self.encoder_ = Encoder(trend=self.candidate.trend, process=self.candidate.process)
        matrix = self.encoder_.fit_transform(_as_asked(prefixes, self.candidate), days)
        self.log_ = self.candidate.log
        self.lean_ = self.candidate.lean
        goal = np.log1p(days) if self.log_ else days
        alike = self.candidate.columns == 1.0
        seeds = range(self.seed, self.seed + (1 if alike else self.members))
        self.middle_ = mean_of([self._learn(matrix, goal, None, seed) for seed in seeds])
        wanted = TAILS if tails else ()
        self.tails_ = tuple(self._learn(matrix, goal, q, self.seed) for q in wanted)
        self.most_ = float(goal.max())
        return self

    def predict(self, prefixes: Prefixes) -> Floats:
        """Days that remain, one number a prefix."""
        return self._days(self.middle_, self.matrix(prefixes))

    def tails(self, prefixes: Prefixes) -> tuple[Floats, Floats]:
        """Days that one prefix in twenty falls short of, and that one in twenty exceeds."""
        matrix = self.matrix(prefixes)
        low, high = (self._days(forest, matrix) for forest in self.tails_)
        return np.minimum(low, high), np.maximum(low, high)

    def matrix(self, prefixes: Prefixes) -> Floats:
        """What the trees are asked about, one row a prefix; columns as in ``encoder_.names``."""
        return self.encoder_.transform(_as_asked(prefixes, self.candidate))

    def _days(self, forest: Forest, matrix: Floats) -> Floats:
        told = np.clip(forest.predict(matrix), 0.0, self.most_)
        return np.asarray(np.expm1(told) if self.log_ else told)

    def _learn(self, matrix: Floats, goal: Floats, quantile: float | None, seed: int) -> Forest:
        from sklearn.ensemble import HistGradientBoostingRegressor

        how = self.candidate
        learner = HistGradientBoostingRegressor(
            loss="absolute_error" if quantile is None else "quantile",
            quantile=quantile,
            max_iter=how.rounds,
            learning_rate=how.rate,
            max_leaf_nodes=how.leaves,
            min_samples_leaf=how.fewest,
            max_features=how.columns,
            early_stopping=False,
            random_state=seed,
        )
        return of_boosting(learner.fit(matrix, goal))


def _as_asked(prefixes: Prefixes, how: Candidate) -> Prefixes:
    """The prefix with the columns that a candidate uses."""
    if not how.lean:
        return prefixes
    words = prefixes.words[[c for c in LEAN_WORDS if c in prefixes.words]]
    return replace(prefixes, words=words, counts=prefixes.counts.iloc[:, :0])


LEAN_WORDS: Final = ("activity", "activity-1", "pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A candidate and its mean absolute error in days, with the best blend, on validation cases."""

    name: str
    days: float
    alone: float
    blend: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What the choice rested on: answers about cases that the chosen way had not learnt from.

    Parameters
    ----------
    rows : Prefixes
    middle, low, high : ndarray of float, days
        Answers of the chosen way, learnt before ``rows`` began.
    median : float
        Mean absolute error of the median by last activity, days.
    tried : tuple of Tried
    """

    rows: Prefixes
    middle: Floats
    low: Floats
    high: Floats
    median: float
    tried: tuple[Tried, ...]


class RemainingTime:
    """Days until the end of a case, with a choice made in time.

    Parameters
    ----------
    candidates : sequence of Candidate
    labels : {"known", "all"}
        As in :func:`iagkit.prototypes.processes.in_time.part`, for the validation cases.
    open_too : bool
    seed : int

    Notes
    -----
    The answer is a mixture of boosted trees that minimise the absolute error [1]_ and the median by
    last activity; the kind of trees and the share of each are chosen on the fifth of the training
    cases that began last. Then both learn from all training cases. Where the trees do not help,
    the share is 0 and the median answers alone.

    References
    ----------
    .. [1] Friedman (2001). Annals of Statistics 29(5), 1189-1232.
    """

    def __init__(
        self,
        *,
        candidates: Sequence[Candidate] = CANDIDATES,
        labels: Labels = "known",
        open_too: bool = False,
        seed: int = 0,
    ) -> None:
        self.candidates = candidates
        self.labels = labels
        self.open_too = open_too
        self.seed = seed

    def fit(self, prefixes: Prefixes) -> Self:
        """Choose on the cases that began last, then learn from all.

        Parameters
        ----------
        prefixes : Prefixes
            Of cases whose end is known (``ended``).

        Raises
        ------
        DataError
            If there are too few cases to choose with.
        """
        self.validation_, chosen, self.blend_ = self._choose(prefixes)
        self.chosen_ = chosen.name
        days = prefixes.remaining_days
        self.trees_ = Trees(candidate=chosen, members=MEMBERS, seed=self.seed)
        self.trees_.fit(prefixes, days, tails=True)
        self.median_ = MedianByActivity().fit(prefixes, days)
        return self

    def predict(self, prefixes: Prefixes) -> Floats:
        """Days that remain, one number a prefix."""
        trees, median = self.trees_.predict(prefixes), self.median_.predict(prefixes)
        return self.blend_ * trees + (1 - self.blend_) * median

    def tails(self, prefixes: Prefixes) -> tuple[Floats, Floats]:
        """Days between which nine of ten should lie, before any correction for what happens."""
        return self.trees_.tails(prefixes)

    def _choose(self, prefixes: Prefixes) -> tuple[Validation, Candidate, float]:
        if not self.candidates:
            msg = "expected at least one candidate; got none"
            raise DataError(msg)
        few = _fewer(prefixes, self.seed)
        cases = int(prefixes.case.max()) + 1
        parts = part(few, share=TRAIN, labels=self.labels, open_too=self.open_too, cases=cases)
        learn, ask = few.where(parts.train), few.where(parts.test)
        days, truth = learn.remaining_days, ask.remaining_days
        median = MedianByActivity().fit(learn, days).predict(ask)
        tried, answers = [], []
        for how in self.candidates:
            trees = Trees(candidate=how, seed=self.seed).fit(learn, days).predict(ask)
            blend = _best_blend(trees, median, truth)
            answers.append(blend * trees + (1 - blend) * median)
            tried.append(Tried(
                name=how.name, days=_error(answers[-1], truth), alone=_error(trees, truth),
                blend=blend, n=len(truth),
            ))  # fmt: skip
        least = min(one.days for one in tried)
        best = next(k for k, one in enumerate(tried) if one.days <= least * (1 + ALIKE))
        how = self.candidates[best]
        low, high = Trees(candidate=how, seed=self.seed).fit(learn, days, tails=True).tails(ask)
        shown = Validation(
            rows=ask, middle=answers[best], low=low, high=high,
            median=_error(median, truth), tried=tuple(tried),
        )  # fmt: skip
        return shown, how, tried[best].blend


def _best_blend(trees: Floats, median: Floats, truth: Floats) -> float:
    return min(BLENDS, key=lambda w: _error(w * trees + (1 - w) * median, truth))


def _error(answer: Floats, truth: Floats) -> float:
    return float(np.abs(answer - truth).mean())


def _fewer(prefixes: Prefixes, seed: int) -> Prefixes:
    """Whole cases, drawn so that about as many prefixes remain as choosing needs."""
    share = FOR_CHOOSING / max(len(prefixes), 1)
    if share >= 1:
        return prefixes
    cases = np.unique(prefixes.case)
    drawn = np.random.default_rng(seed).random(len(cases)) < share
    return prefixes.where(np.isin(prefixes.case, cases[drawn]))
