"""Boosted trees on prefixes: the ways to learn them, for the median and for both tails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from iagkit.prototypes.processes.encoding import TRENDS, Encoder
from iagkit.prototypes.processes.forest import Forest, mean_of, of_boosting, over_columns
from iagkit.prototypes.processes.prefixes import SINCE, Prefixes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TAILS: Final = (0.05, 0.95)
LEAN: Final = ("activity", "activity-1", "pair")
"""Categories that the lean way reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to learn ``log(1 + days)``, whose median is that of the days.

    Parameters
    ----------
    name : str
    trend : bool
        Whether the date itself is read.
    process : bool
        Whether open cases and the days since endings in bulk are.
    lean : bool
        Whether, of all categories and counts, only the last activities are.
    rounds, leaves, fewest : int
        Trees, their leaves, and prefixes a leaf must hold.
    rate : float
    columns : float
        Share of the columns that a node may choose from.
    """

    name: str
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


class Trees:
    """Boosted trees on encoded prefixes: forests for the median, two for the tails.

    Parameters
    ----------
    candidate : Candidate
    members : int
        Forests that answer together, where they draw different columns.
    seed : int
    """

    def __init__(self, *, candidate: Candidate, members: int = 1, seed: int = 0) -> None:
        self.candidate = candidate
        self.members = members
        self.seed = seed

    def fit(self, prefixes: Prefixes, days: Floats) -> Self:
        """Learn from prefixes and the days that remained."""
        self.encoder_ = Encoder(trend=True, process=True)
        matrix = self.encoder_.fit_transform(prefixes, days)
        goal = np.log1p(days)
        self.most_ = float(goal.max())
        alike = self.candidate.columns == 1.0
        seeds = range(self.seed, self.seed + (1 if alike else self.members))
        self.middle_ = mean_of([self._forest(matrix, goal, seed) for seed in seeds])
        self.tails_ = tuple(self._forest(matrix, goal, self.seed, q) for q in TAILS)
        return self

    def predict(self, prefixes: Prefixes) -> Floats:
        """Days that remain, one number a prefix."""
        return self._days(self.middle_, self.matrix(prefixes))

    def tails(self, prefixes: Prefixes) -> tuple[Floats, Floats]:
        """Days that one prefix in twenty falls short of, and that one in twenty exceeds."""
        return self._tails(self.matrix(prefixes))

    def answers(self, prefixes: Prefixes) -> tuple[Floats, Floats, Floats]:
        """Middle and both tails, days; the prefixes are encoded once."""
        matrix = self.matrix(prefixes)
        return (self._days(self.middle_, matrix), *self._tails(matrix))

    def matrix(self, prefixes: Prefixes) -> Floats:
        """What the trees are asked about, one row a prefix; columns as in ``encoder_.names``."""
        return self.encoder_.transform(prefixes)

    def _tails(self, matrix: Floats) -> tuple[Floats, Floats]:
        low, high = (self._days(forest, matrix) for forest in self.tails_)
        return np.minimum(low, high), np.maximum(low, high)

    def _days(self, forest: Forest, matrix: Floats) -> Floats:
        return np.expm1(np.clip(forest.predict(matrix), 0.0, self.most_))

    def _forest(self, matrix: Floats, goal: Floats, seed: int, quantile: float = 0.5) -> Forest:
        columns = columns_of(self.candidate, self.encoder_.names)
        learnt = learner(self.candidate, seed, quantile).fit(matrix[:, columns], goal)
        return over_columns(of_boosting(learnt), columns, matrix.shape[1])


def columns_of(how: Candidate, names: Sequence[str]) -> Ints:
    """Places of the columns that a candidate reads."""
    return np.flatnonzero([_reads(how, name) for name in names])


def _reads(how: Candidate, name: str) -> bool:
    told = name.split(": ", maxsplit=1)[0]
    counted = name.startswith("count of ")
    return not (
        (name in TRENDS and not how.trend)
        or (name.startswith(SINCE) and not how.process)
        or (how.lean and (counted or (told != name and told not in LEAN)))
    )


def learner(how: Candidate, seed: int, quantile: float = 0.5) -> Any:
    """Make the learner of a candidate: absolute error for the median, pinball loss elsewhere."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    middle = quantile == 0.5
    return HistGradientBoostingRegressor(
        loss="absolute_error" if middle else "quantile",
        quantile=None if middle else quantile,
        max_iter=how.rounds,
        learning_rate=how.rate,
        max_leaf_nodes=how.leaves,
        min_samples_leaf=how.fewest,
        max_features=how.columns,
        early_stopping=False,
        random_state=seed,
    )
