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
from iagkit.prototypes.processes.in_time import TRAIN, Labels, part
from iagkit.prototypes.processes.prefixes import Prefixes
from iagkit.prototypes.processes.trees import CANDIDATES, Candidate, Trees, columns_of, learner

Floats = NDArray[np.float64]
BLENDS: Final[tuple[float, ...]] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Shares of the trees in the answer that are tried; the rest is the median by last activity."""
ALIKE: Final = 0.01
"""Errors that differ by less in choosing are taken as equal: the simpler way, first of the list."""
MEMBERS: Final = 3
"""Forests that answer together, where they draw different columns."""
MOST: Final = 25_000
"""Prefixes to choose with, and to learn from, unless more are asked for: more cost time."""
FOR_CHOOSING: Final = 40_000
"""Prefixes to choose with at most, however many are learnt from: more hardly change the choice."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A candidate and its mean absolute error in days, with the best blend, in choosing."""

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

    most : int
        Prefixes to choose with, and to learn from; of larger logs whole cases are drawn.

    Notes
    -----
    The answer is a mixture of boosted trees that minimise the absolute error [1]_ and the median by
    last activity; the kind of trees and the share of each are chosen on the fifth of the training
    cases that began last. A kind that reads the date or the state of the process must have been no
    loss in the fifth before either. Then both learn from all training cases. Where the trees do not
    help, the share is 0 and the median answers alone.

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
        most: int = MOST,
    ) -> None:
        self.candidates = candidates
        self.labels = labels
        self.open_too = open_too
        self.seed = seed
        self.most = most

    def fit(self, prefixes: Prefixes, *, unknown_cases: int = 0) -> Self:
        """Choose on the cases that began last, then learn from all.

        Parameters
        ----------
        prefixes : Prefixes
            Of cases whose end is known (``ended``).
        unknown_cases : int
            Cases of the same time that were still going on. Where they outnumber the others, what
            is known is a choice of the short ones, in which no choice can be tested: the median
            answers alone.

        Raises
        ------
        DataError
            If there are too few cases to choose with.
        """
        if not self.candidates:
            msg = "expected at least one candidate; got none"
            raise DataError(msg)
        used = _fewer(prefixes, self.most, self.seed)
        few = _fewer(used, FOR_CHOOSING, self.seed)
        learn, ask = self._parted(few)
        tried, answers, median = self._tried(learn, ask)
        best = self._best(tried, few)
        how = self.candidates[best]
        self.chosen_ = how.name
        mostly_open = unknown_cases > len(np.unique(prefixes.case))
        self.blend_ = 0.0 if mostly_open else tried[best].blend
        tails = Trees(candidate=how, seed=self.seed).fit(learn, learn.remaining_days).tails(ask)
        self.validation_ = Validation(
            rows=ask, middle=answers[best], low=tails[0], high=tails[1],
            median=_error(median, ask.remaining_days), tried=tried,
        )  # fmt: skip
        self.trees_ = Trees(candidate=how, members=MEMBERS, seed=self.seed)
        self.trees_.fit(used, used.remaining_days)
        self.median_ = MedianByActivity().fit(prefixes, prefixes.remaining_days)
        return self

    def predict(self, prefixes: Prefixes) -> Floats:
        """Days that remain, one number a prefix."""
        return self._mixed(self.trees_.predict(prefixes), prefixes)

    def tails(self, prefixes: Prefixes) -> tuple[Floats, Floats]:
        """Days between which nine of ten should lie, before any correction for what happens."""
        return self.trees_.tails(prefixes)

    def answers(self, prefixes: Prefixes) -> tuple[Floats, Floats, Floats]:
        """As :meth:`predict` and :meth:`tails`, in one go."""
        middle, low, high = self.trees_.answers(prefixes)
        return self._mixed(middle, prefixes), low, high

    def _mixed(self, trees: Floats, prefixes: Prefixes) -> Floats:
        return self.blend_ * trees + (1 - self.blend_) * self.median_.predict(prefixes)

    def _parted(self, rows: Prefixes) -> tuple[Prefixes, Prefixes]:
        cases = int(rows.case.max()) + 1
        parts = part(rows, share=TRAIN, labels=self.labels, open_too=self.open_too, cases=cases)
        return rows.where(parts.train), rows.where(parts.test)

    def _tried(
        self, learn: Prefixes, ask: Prefixes
    ) -> tuple[tuple[Tried, ...], list[Floats], Floats]:
        """All that was tried, the answers of each with its blend, and those of the median."""
        truth, tried, answers = ask.remaining_days, [], []
        median = MedianByActivity().fit(learn, learn.remaining_days).predict(ask)
        told = _asked(self.candidates, learn, ask, self.seed)
        for how, trees in zip(self.candidates, told, strict=True):
            blend = _best_blend(trees, median, truth)
            answers.append(blend * trees + (1 - blend) * median)
            tried.append(Tried(
                name=how.name, days=_error(answers[-1], truth), alone=_error(trees, truth),
                blend=blend, n=len(truth),
            ))  # fmt: skip
        return tuple(tried), answers, median

    def _best(self, tried: Sequence[Tried], rows: Prefixes) -> int:
        """Place of the simplest among the best of those that hold in the period before too."""
        left = list(range(len(tried)))
        while True:
            least = min(tried[k].days for k in left)
            best = next(k for k in left if tried[k].days <= least * (1 + ALIKE))
            if len(left) == 1 or self._holds(self.candidates[best], rows):
                return best
            left.remove(best)

    def _holds(self, how: Candidate, rows: Prefixes) -> bool:
        """Whether reading the date or the process was no loss in the period before, either.

        Both lie beyond what was learnt as soon as time goes on: one period may flatter them.
        """
        if not (how.trend or how.process):
            return True
        before = rows.where(rows.case < int((int(rows.case.max()) + 1) * TRAIN))
        try:
            learn, ask = self._parted(before)
        except DataError:
            return True
        plain = replace(how, trend=False, process=False)
        truth = ask.remaining_days
        without, within = (
            _error(trees, truth) for trees in _asked((plain, how), learn, ask, self.seed)
        )
        return within <= without


def _asked(
    candidates: Sequence[Candidate], learn: Prefixes, ask: Prefixes, seed: int
) -> list[Floats]:
    """Days that each way answers; the prefixes are encoded once for all of them."""
    encoder = Encoder(trend=True, process=True)
    days = learn.remaining_days
    matrix, asked = encoder.fit_transform(learn, days), encoder.transform(ask)
    goal, found = np.log1p(days), []
    for how in candidates:
        columns = columns_of(how, encoder.names)
        told = learner(how, seed).fit(matrix[:, columns], goal).predict(asked[:, columns])
        found.append(np.expm1(np.clip(told, 0.0, goal.max())))
    return found


def _best_blend(trees: Floats, median: Floats, truth: Floats) -> float:
    return min(BLENDS, key=lambda w: _error(w * trees + (1 - w) * median, truth))


def _error(answer: Floats, truth: Floats) -> float:
    return float(np.abs(answer - truth).mean())


def _fewer(prefixes: Prefixes, most: int, seed: int) -> Prefixes:
    """Whole cases, drawn so that about as many prefixes remain as are wanted."""
    share = most / max(len(prefixes), 1)
    if share >= 1:
        return prefixes
    cases = np.unique(prefixes.case)
    drawn = np.random.default_rng(seed).random(len(cases)) < share
    return prefixes.where(np.isin(prefixes.case, cases[drawn]))
