"""Will this case miss its deadline? A probability on each evening it is open, tested in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.cells import Cells
from iagkit.measures.counting import count
from iagkit.measures.histograms import roc_auc
from iagkit.measures.rates import mean, share
from iagkit.prototypes.processes.alarms import Alarms, raise_alarms, usual_capacity
from iagkit.prototypes.processes.encoding import Encoder
from iagkit.prototypes.processes.forest import of_classes
from iagkit.prototypes.processes.in_time import FEWEST, TRAIN
from iagkit.prototypes.processes.landmarks import Landmarks, every_prefix, landmarks
from iagkit.prototypes.processes.prefixes import Floats, Prefixes

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
LEAST: Final = 0.001
"""No probability is nearer to 0 or 1: what was never seen is not impossible."""
OURS: Final = ("days_to_due", "idle_days")
"""Numbers of the evening, beside those of the prefix."""
SQUARED: Final = "squared probability"


SAYS_NOTHING: Final = 0.98
"""Width of an interval of a share from which it leaves nothing out."""
ALL_ALIKE: Final = say("all cases that could be tested are late, or none is")
SAME_CHANCE: Final = say(
    "the same chance is told of every case that could be tested, so that none stands above another"
)
ANYTHING: Final = say("so few cases could be tested that almost any share is possible")


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEvaluated:
    """Probabilities of being late, and how good they were on cases that began later.

    Parameters
    ----------
    table : DataFrame, one row an evening on which a test case was open and its deadline ahead
        ``case``, ``at``, ``activity``, ``days_to_due``, ``probability``, ``rate`` (share of late
        ones after the same activity), ``truth`` (late or not).
    model : Lateness
    brier, brier_of_rate, difference : Estimate
        Mean squared error of the probabilities, of the rate, and the first minus the second; all
        evenings of a case count as one piece of evidence.
    auc, auc_of_rate : Estimate or Message
        Probability that a late case stands above one that is not; or why there is none.
    bias : Estimate
        Mean probability minus share of late ones.
    late : Estimate
        Share of evenings whose case was late.
    alarms, alarms_of_rate : Alarms
        Raised by the probabilities, and by the rate, under the same capacity.
    names : ndarray of str
        Of the cases of the alarms.
    capacity : float
        Cases a day that people look at.
    declared : bool
        Whether the institution told the capacity.
    step_days : int
        Days between two evenings.
    trained : int
        Cases that were learnt from.
    from_ : datetime64
        When the model would have been learnt.
    """

    table: pd.DataFrame
    model: Lateness
    brier: Estimate
    brier_of_rate: Estimate
    difference: Estimate
    auc: Estimate | Message
    auc_of_rate: Estimate | Message
    bias: Estimate
    late: Estimate
    alarms: Alarms
    alarms_of_rate: Alarms
    names: NDArray[Any]
    capacity: float
    declared: bool
    step_days: int
    trained: int
    from_: np.datetime64

    def facts(self) -> dict[str, Any]:
        """Plain JSON for a record."""
        return {
            "from": str(self.from_)[:19],
            "cases_learnt_from": self.trained,
            "cases_tested": len(self.names),
            "days_between_evenings": self.step_days,
            "capacity": round(self.capacity, 4),
            "capacity_declared": self.declared,
        }


class Lateness:
    """Boosted trees for the chance to be late, calibrated on the cases that began last.

    References
    ----------
    .. [1] Platt (1999). Probabilistic outputs for support vector machines.
    """

    def __init__(self, *, rounds: int = 80, seed: int = 0) -> None:
        self.rounds = rounds
        self.seed = seed

    def fit(self, rows: Landmarks) -> Self:
        """Learn on the first four fifths of the cases, calibrate on the last, learn from all.

        Raises
        ------
        DataError
            If late cases, or others, are missing before or after that date.
        """
        later = rows.case >= np.quantile(np.unique(rows.case), TRAIN)
        began = rows.prefixes.began[rows.row]
        first = ~later & (rows.due < began[later].min())
        if not all(len(np.unique(rows.late[side])) == 2 for side in (first, later)):
            msg = "expected late cases and others on both sides of a date; got only one kind"
            raise DataError(msg)
        self._learn(rows.where(first))
        self.slope_, self.shift_ = _calibrated(self._scores(rows.where(later)), rows.late[later])
        self._learn(rows)
        return self

    def predict(self, rows: Landmarks) -> Floats:
        """Probability to be late, one an evening."""
        return self.chances(self.matrix(rows))

    def chances(self, matrix: Floats) -> Floats:
        """Probability to be late, one a row of :meth:`matrix`."""
        odds = self.slope_ * self.forest_.predict(matrix) + self.shift_
        return np.asarray(np.clip(expit(odds), LEAST, 1 - LEAST))

    def matrix(self, rows: Landmarks) -> Floats:
        """What the trees are asked about; columns as in ``encoder_.names``, then :data:`OURS`."""
        used, place = np.unique(rows.row, return_inverse=True)
        return _with_evening(self.encoder_.transform(_at(rows.prefixes, used))[place], rows)

    def _learn(self, rows: Landmarks) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier

        self.encoder_ = Encoder()
        used, first, place = np.unique(rows.row, return_index=True, return_inverse=True)
        goal = rows.late[first].astype(np.float64)
        encoded = self.encoder_.fit_transform(_at(rows.prefixes, used), goal)
        learner = HistGradientBoostingClassifier(
            max_iter=self.rounds, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40,
            early_stopping=False, random_state=self.seed,
        )  # fmt: skip
        matrix = _with_evening(encoded[place], rows)
        self.forest_ = of_classes(learner.fit(matrix, rows.late))[0]

    def _scores(self, rows: Landmarks) -> Floats:
        return self.forest_.predict(self.matrix(rows))


def evaluate_lateness(
    log: EventLog,
    *,
    attributes: Sequence[str] = (),
    capacity: float | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> LateEvaluated:
    """Learn from cases whose deadline had passed when the first test case began.

    Parameters
    ----------
    log : EventLog
        With deadlines.
    attributes : sequence of str
        Columns of the cases that were known when they began.
    capacity : float, optional
        Cases a day that people can look at; default: a tenth of those that came.
    level : float
    seed : int

    Returns
    -------
    LateEvaluated

    Raises
    ------
    DataError
        If there are no deadlines, too few cases, or none or all of them are late.

    Notes
    -----
    Only deadlines that had passed count, on both sides: that a case is closed in time can be known
    sooner than that it is late, and to take what is known first would make cases look better.
    """
    every = landmarks(log, every_prefix(log, attributes=attributes))
    rows = every.where(every.due < np.datetime64(log.until))
    later = rows.case >= int(rows.prefixes.cases * TRAIN)
    _refuse_few(rows, later, later)
    from_ = rows.prefixes.began[rows.row][later].min()
    train = ~later & (rows.due < from_)
    _refuse_few(rows, train, later)
    learnt, asked = rows.where(train), rows.where(later)
    model = Lateness(seed=seed).fit(learnt)
    return _told(learnt, asked, model, capacity, level)


def _told(
    learnt: Landmarks, asked: Landmarks, model: Lateness, capacity: float | None, level: float
) -> LateEvaluated:
    chance, rate, truth = model.predict(asked), _rate(learnt, asked), asked.late
    daily = usual_capacity(asked) if capacity is None else capacity
    alarms = raise_alarms(asked, chance, capacity=daily)
    squared = [(told - truth) ** 2 for told in (chance, rate)]

    def of(values: Floats, unit: str = SQUARED, least: float = -1.0) -> Estimate:
        found = mean(values, unit=unit, clusters=asked.case, level=level)
        low, high = found.low, found.high
        if low is None or high is None:
            return found
        return replace(found, low=max(low, least), high=min(high, 1.0))

    return LateEvaluated(
        table=_table(asked, chance, rate), model=model,
        brier=of(squared[0], least=0.0), brier_of_rate=of(squared[1], least=0.0),
        difference=of(squared[0] - squared[1]),
        auc=area(asked, chance, level=level), auc_of_rate=area(asked, rate, level=level),
        bias=of(chance - truth, "share"),
        late=share(truth, clusters=asked.case, level=level),
        alarms=alarms, alarms_of_rate=raise_alarms(asked, rate, capacity=daily),
        names=_names(asked, alarms), capacity=daily, declared=capacity is not None,
        step_days=asked.step_days, trained=len(np.unique(learnt.case)),
        from_=asked.prefixes.began[asked.row].min(),
    )  # fmt: skip


def _names(asked: Landmarks, alarms: Alarms) -> NDArray[Any]:
    """Names of the cases of alarms."""
    _, first = np.unique(asked.case, return_index=True)
    assert len(first) == len(alarms.case)
    return asked.prefixes.names[asked.row[first]]


def _at(prefixes: Prefixes, used: NDArray[np.int64]) -> Prefixes:
    here = np.zeros(len(prefixes), dtype=bool)
    here[used] = True
    return prefixes.where(here)


def _with_evening(encoded: Floats, rows: Landmarks) -> Floats:
    return np.column_stack([encoded, rows.days_to_due, rows.idle_days])


def _refuse_few(rows: Landmarks, train: Bools, test: Bools) -> None:
    before, after = (len(np.unique(rows.case[side])) for side in (train, test))
    if min(before, after) < FEWEST:
        msg = (
            f"expected at least {FEWEST} cases whose deadline has passed on each side of the date; "
            f"got {before} before and {after} after"
        )
        raise DataError(msg)


def _rate(learnt: Landmarks, asked: Landmarks) -> Floats:
    """Share of late ones on evenings after the same activity: what any model must beat."""
    import pandas as pd

    late = pd.Series(learnt.late.astype(float))
    rates = late.groupby(learnt.prefixes.activity[learnt.row]).mean()
    told = pd.Series(asked.prefixes.activity[asked.row]).map(rates)
    return told.fillna(late.mean()).to_numpy(dtype=np.float64)


def area(asked: Landmarks, chance: Floats, *, level: float) -> Estimate | Message:
    """How often a late case stands above one in time; or why nobody can say.

    Parameters
    ----------
    asked : Landmarks
    chance : ndarray of float, shape (n_evenings,)
    level : float
    """
    import pandas as pd

    table = pd.DataFrame({"late": asked.late.astype(int), "told": chance, "case": asked.case})
    cells: Cells = count(table, truth="late", score="told", cluster="case")
    if len(cells.labels) < 2:
        return ALL_ALIKE
    if np.ptp(chance) == 0:
        return SAME_CHANCE
    found = roc_auc(cells, cells.by(()), positive=1, level=level).estimate(0)
    if found is None or found.low is None or found.high is None:
        return ALL_ALIKE
    return found if found.high - found.low < SAYS_NOTHING else ANYTHING


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


def _table(asked: Landmarks, chance: Floats, rate: Floats) -> pd.DataFrame:
    import pandas as pd

    rows = asked.prefixes
    return pd.DataFrame({
        "case": rows.names[asked.row], "at": asked.at, "activity": rows.activity[asked.row],
        "days_to_due": asked.days_to_due, "probability": chance, "rate": rate, "truth": asked.late,
    })  # fmt: skip
