"""What moves a forecast, in kinds of inputs that a person can name.

A model reads dozens of columns, of which most say the same in other words. They are taken together
in a few kinds, each of which is given or not given as a whole, and the forecast is divided among
the kinds (Shapley values; see :mod:`iagkit.explain.walks`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.explain.attribution import Attribution, drawn
from iagkit.explain.walks import sampled_values
from iagkit.prototypes.processes.asking import COUNT, responding, responding_late, table_of
from iagkit.prototypes.processes.at_work import AtWork
from iagkit.prototypes.processes.landmarks import Landmarks
from iagkit.prototypes.processes.lateness import OURS
from iagkit.prototypes.processes.prefixes import Floats, Prefixes

if TYPE_CHECKING:
    import pandas as pd

OTHERS: Final = 24
"""Cases that each is compared with."""
EXPLAINED: Final = 60
"""Cases whose forecasts are explained to say what moves forecasts as a whole."""
KINDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("left", ("days_to_due",)),
    ("time", ("elapsed_days", "gap_", "longest_gap", "mean_gap", "idle_days")),
    ("who", ("resource", "of_resource", "handed_over", "different_resources")),
    ("load", ("events_", "openings_", "open_cases", "of_activity_", "since_ending", "since_bulk")),
    ("date", ("hour", "weekday", "day_of_", "began_day", "since_monday", "date")),
    ("done", (COUNT, "position", "repeats", "different_activities")),
    ("step", ("activity", "pair")),
)
"""Kind of input → how the names of its columns begin; all others are of the case itself."""
OWN: Final = "case"


def kind_of(column: str) -> str:
    """Kind of a column."""
    return next((kind for kind, begins in KINDS if column.startswith(begins)), OWN)


def in_kinds(
    respond: Callable[[pd.DataFrame], Floats],
    inputs: pd.DataFrame,
    others: pd.DataFrame,
    *,
    seed: int = 0,
) -> Attribution:
    """Divide the forecast of each case among kinds of inputs.

    Parameters
    ----------
    respond : callable
        Table → one number a row.
    inputs, others : DataFrame
        Cases to explain, and cases that they are compared with; the same columns.
    seed : int

    Returns
    -------
    Attribution
        With one column a kind; its values add up to the forecast less the mean of the others.
    """
    import pandas as pd

    pool = pd.concat([inputs, others], ignore_index=True)
    kinds: dict[str, list[str]] = {}
    for column in pool.columns:
        kinds.setdefault(kind_of(str(column)), []).append(column)
    same = pd.DataFrame({kind: _first_alike(pool[columns]) for kind, columns in kinds.items()})

    def asked(rows: pd.DataFrame) -> Floats:
        parts = [
            pool[columns].iloc[rows[kind].to_numpy()].reset_index(drop=True)
            for kind, columns in kinds.items()
        ]
        return respond(pd.concat(parts, axis=1)[list(pool.columns)])

    n = len(inputs)
    values, base = sampled_values(asked, same.iloc[:n], same.iloc[n:], seed=seed)
    return Attribution(values=values, base=base, features=tuple(kinds), method="sampled")


def of_days(model: AtWork, asked: Prefixes, others: Prefixes, *, seed: int = 0) -> Attribution:
    """What moves the days that remain."""
    assert model.remaining is not None
    return in_kinds(responding(model.remaining), table_of(asked), _few(table_of(others)), seed=seed)


def of_risk(model: AtWork, asked: Landmarks, others: Landmarks, *, seed: int = 0) -> Attribution:
    """What moves the chance to be late."""
    assert model.lateness is not None
    respond = responding_late(model.lateness)
    return in_kinds(respond, table_of_evenings(asked), _few(table_of_evenings(others)), seed=seed)


def table_of_evenings(rows: Landmarks) -> pd.DataFrame:
    """What the chance to be late rests on, in one table."""
    table = table_of(rows.prefixes).iloc[rows.row].reset_index(drop=True)
    numbers = dict(zip(OURS, (rows.days_to_due, rows.idle_days), strict=True))
    return table.assign(**numbers)


def some(rows: Any, case: Any, *, most: int = EXPLAINED, seed: int = 0) -> Any:
    """One row of each of some cases, drawn with a seed."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(case))
    _, first = np.unique(np.asarray(case)[order], return_index=True)
    chosen = order[random.permutation(first)[:most]]
    mask = np.zeros(len(case), dtype=bool)
    mask[chosen] = True
    return rows.where(mask)


def _few(table: pd.DataFrame) -> pd.DataFrame:
    found: pd.DataFrame = drawn(table, OTHERS, 0)
    return found


def _first_alike(part: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Place of the first row with the same cells: what is alike need not be asked twice."""
    code = part.groupby(list(part.columns), dropna=False, sort=False).ngroup().to_numpy()
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return np.asarray(first[place])
