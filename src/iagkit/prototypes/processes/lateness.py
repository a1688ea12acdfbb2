"""Will this case miss its due date? A probability at each of its events, measured in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures import intervals
from iagkit.prototypes.processes.encoding import Encoder
from iagkit.prototypes.processes.forest import of_classes
from iagkit.prototypes.processes.in_time import FEWEST, TRAIN
from iagkit.prototypes.processes.prefixes import DAY, Floats, Prefixes, prefixes

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
LEAST: Final = 0.001
"""No probability is nearer to 0 or 1: what was never seen is not impossible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEvaluated:
    """Probabilities of being late, and how good they were on cases that began later.

    Parameters
    ----------
    table : DataFrame, one row a prefix of a test case whose due date had not passed
        ``case``, ``position``, ``at``, ``activity``, ``days_to_due``, ``probability``,
        ``truth`` (late or not); then the columns of ``log.groups``.
    brier, brier_of_rate : Estimate
        Mean squared error of the probabilities, and of the rate of late ones after the same
        activity; cases count as one piece of evidence.
    late : Estimate
        Share of prefixes whose case was late.
    known, trained : int
        Test cases whose lateness is known; cases that were learnt from.
    """

    table: pd.DataFrame
    brier: Estimate
    brier_of_rate: Estimate
    late: Estimate
    known: int
    trained: int


class Lateness:
    """Boosted trees for the chance to be late, calibrated on the cases that began last.

    References
    ----------
    .. [1] Platt (1999). Probabilistic outputs for support vector machines.
    """

    def __init__(self, *, rounds: int = 80, seed: int = 0) -> None:
        self.rounds = rounds
        self.seed = seed

    def fit(self, prefixes: Prefixes, days_to_due: Floats, late: Bools) -> Self:
        """Learn on the first four fifths of the cases, calibrate on the last, learn from all."""
        begins = np.quantile(prefixes.case, TRAIN)
        first = prefixes.case < begins
        if min(first.sum(), (~first).sum()) == 0 or len(np.unique(late[first])) < 2:
            msg = "expected late cases and others on both sides of a date; got only one kind"
            raise DataError(msg)
        self._learn(prefixes.where(first), days_to_due[first], late[first])
        scores = self._scores(prefixes.where(~first), days_to_due[~first])
        self.slope_, self.shift_ = _calibrated(scores, late[~first])
        self._learn(prefixes, days_to_due, late)
        return self

    def predict(self, prefixes: Prefixes, days_to_due: Floats) -> Floats:
        """Probability to be late, one a prefix."""
        odds = self.slope_ * self._scores(prefixes, days_to_due) + self.shift_
        return np.asarray(np.clip(expit(odds), LEAST, 1 - LEAST))

    def _learn(self, prefixes: Prefixes, days_to_due: Floats, late: Bools) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier

        self.encoder_ = Encoder()
        matrix = self.encoder_.fit_transform(prefixes, late.astype(np.float64))
        learner = HistGradientBoostingClassifier(
            max_iter=self.rounds, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40,
            early_stopping=False, random_state=self.seed,
        )  # fmt: skip
        self.forest_ = of_classes(learner.fit(np.column_stack([matrix, days_to_due]), late))[0]

    def _scores(self, prefixes: Prefixes, days_to_due: Floats) -> Floats:
        matrix = self.encoder_.transform(prefixes)
        return self.forest_.predict(np.column_stack([matrix, days_to_due]))


def evaluate_lateness(
    log: EventLog, *, attributes: Sequence[str] = (), level: float = 0.95, seed: int = 0
) -> LateEvaluated:
    """Learn from cases whose lateness was known when the first test case began.

    Parameters
    ----------
    log : EventLog
        With due dates.
    attributes : sequence of str
        Columns of the cases that were known when they began.
    level : float
    seed : int

    Returns
    -------
    LateEvaluated

    Raises
    ------
    DataError
        If there are no due dates, too few cases, or none or all of them are late.

    Notes
    -----
    That a case is late is known as soon as its due date has passed while it was open; that it is
    not, when it ends.
    """
    if log.cases["due"].notna().sum() < FEWEST:
        msg = (
            f"expected due dates of at least {FEWEST} cases; got {log.cases['due'].notna().sum()}. "
            "Say --due with the column that holds them"
        )
        raise DataError(msg)
    rows = prefixes(log, attributes=attributes, whole=False)
    due = log.cases.set_index("case")["due"].reindex(rows.names).to_numpy()
    rows, due, late, known_at = _judged(rows, due, np.datetime64(log.until))
    begins = int(rows.cases * TRAIN)
    later = rows.case >= begins
    _refuse_few(rows, later)
    train = ~later & (known_at < rows.began[later].min())
    left = np.asarray((due - rows.at) / DAY, dtype=np.float64)
    _refuse_few(rows, later, train)
    asked, truth = rows.where(later), late[later]
    model = Lateness(seed=seed).fit(rows.where(train), left[train], late[train])
    chance = model.predict(asked, left[later])
    rate = _rate(rows.where(train), late[train], asked)
    return LateEvaluated(
        table=_table(asked, left[later], chance, truth, log),
        brier=_mean((chance - truth) ** 2, asked, level),
        brier_of_rate=_mean((rate - truth) ** 2, asked, level),
        late=_mean(truth.astype(np.float64), asked, level),
        known=len(np.unique(asked.case)),
        trained=len(np.unique(rows.case[train])),
    )


def _judged(
    rows: Prefixes, due: NDArray[np.datetime64], until: np.datetime64
) -> tuple[Prefixes, NDArray[np.datetime64], Bools, NDArray[np.datetime64]]:
    """Prefixes before their due date whose lateness the log tells, and since when it was known."""
    told = ~np.isnat(due) & (rows.at < due)
    over = (due < until) | (rows.closed & (rows.ended <= due))
    chosen = told & over
    rows, due = rows.where(chosen), due[chosen]
    late = ~(rows.closed & (rows.ended <= due))
    return rows, due, late, np.where(late, due, rows.ended)


def _refuse_few(rows: Prefixes, later: Bools, train: Bools | None = None) -> None:
    sides = [~later if train is None else train, later]
    before, after = (len(np.unique(rows.case[side])) for side in sides)
    if min(before, after) < FEWEST:
        msg = (
            f"expected at least {FEWEST} cases whose lateness is known on each side of the date; "
            f"got {before} before and {after} after"
        )
        raise DataError(msg)


def _rate(train: Prefixes, late: Bools, asked: Prefixes) -> Floats:
    import pandas as pd

    rates = pd.Series(late.astype(float)).groupby(train.activity).mean()
    return pd.Series(asked.activity).map(rates).fillna(late.mean()).to_numpy(dtype=np.float64)


def _calibrated(scores: Floats, late: Bools) -> tuple[float, float]:
    """Slope and shift of the log-odds by which the probabilities fit; targets as Platt's."""
    yes, no = late.sum(), (~late).sum()
    goal = np.where(late, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(at: Floats) -> float:
        odds = at[0] * scores + at[1]
        return float(np.mean(np.logaddexp(0, odds) - goal * odds))

    start = [1.0, float(logit(goal.mean()) - scores.mean())]
    found = minimize(loss, start, bounds=[(0.0, 5.0), (None, None)])
    return float(found.x[0]), float(found.x[1])


def _table(
    asked: Prefixes, left: Floats, chance: Floats, truth: Bools, log: EventLog
) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame({
        "case": asked.names, "position": asked.position, "at": asked.at,
        "activity": asked.activity, "days_to_due": left, "probability": chance, "truth": truth,
    })  # fmt: skip
    groups = [g for g in log.groups if g not in table.columns]
    return table.merge(log.cases[["case", *groups]], on="case", how="left", sort=False)


def _mean(values: Floats, asked: Prefixes, level: float) -> Estimate:
    codes = np.unique(asked.case, return_inverse=True)[1].astype(np.int64)
    evidence = intervals.mean_evidence(values.astype(np.float64), codes)
    low, high = intervals.mean_limits(evidence, level)
    return Estimate(
        value=evidence.value, n=len(values), low=max(low, 0.0), high=high, level=level,
        unit="share", clusters=evidence.clusters,
    )  # fmt: skip
