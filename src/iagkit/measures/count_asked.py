"""What a count is asked for, and what of it can be refused before any row is read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal

import narwhals as nw

from iagkit.core.errors import DataError
from iagkit.core.registry import did_you_mean

MAX_LEVELS: Final = 200
"""More groups in one column are no groups; a number is to be cut into ranges first."""
MAX_NUMBERS: Final = 20
"""More different numbers or dates than this are amounts, ages or days rather than codes."""
VALUES: Final = "values"
"""Instead of edges: the numbers of a column are codes, each a group of its own."""
MAX_LABELS: Final = 500
"""More different answers are no labels but numbers, or texts."""
MAX_PERIODS: Final = 400
"""More periods are no longer a course that a person reads."""
MAX_CELLS: Final = 5_000_000
"""More cells than this do not fit a small machine, and hold one or two rows each."""

EACH: Final = 0
"""Instead of a number of bins: every different score is one of its own."""

Bins = Mapping[str, Sequence[float] | Literal["values"]]
PERIODS: Final = ("day", "week", "month", "quarter", "year")
ANSWERS: Final = ("truth", "prediction", "against")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Sums of a column of numbers, or of the difference of two, over each cell.

    Parameters
    ----------
    column : str
        The number.
    minus : str, optional
        Column that is taken from it: a truth, so that the difference is an error.
    within : float, optional
        Tolerance, in the unit of the column: rows whose number is at most so far from 0.

    Notes
    -----
    Under a name ``error``, ``Cells.sums`` holds ``error.known`` (rows where the number is known),
    ``error.sum``, ``error.absolute``, ``error.square``, ``error.fourth`` and, with a tolerance,
    ``error.within``: the sums of e, abs(e), e², e⁴ and [abs(e) ≤ within]. If rows have weights,
    these are sums of w·e and so on, ``error.ww.known``, ``error.ww.sum`` ... are those with w²
    instead, which variances need, and ``error.rows`` counts the rows.
    """

    column: str
    minus: str | None = None
    within: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which column plays which part in a count."""

    groups: tuple[str, ...] = ()
    truth: str | None = None
    prediction: str | None = None
    against: str | None = None
    score: str | None = None
    weight: str | None = None
    cluster: str | None = None
    bins: Bins = field(default_factory=dict)
    score_bins: int = 0
    most_labels: int = MAX_LABELS
    time: str | None = None
    every: str = "month"
    moments: Mapping[str, Moment] = field(default_factory=dict)

    @property
    def ranges(self) -> dict[str, Sequence[float]]:
        """Edges of the columns that are cut into ranges."""
        return {c: e for c, e in self.bins.items() if not isinstance(e, str)}

    def most(self, column: str, kind: Any) -> int:
        """Most different groups that a column of such values may have."""
        amounts = kind.is_numeric() or isinstance(kind, nw.Date | nw.Datetime | nw.Time)
        return MAX_NUMBERS if amounts and column not in self.bins else MAX_LEVELS

    def answers(self) -> dict[str, str]:
        """Columns of truth and predictions, by part."""
        parts = {part: getattr(self, part) for part in ANSWERS}
        return {part: column for part, column in parts.items() if column is not None}

    def numbers(self) -> dict[str, str]:
        """Columns that must hold numbers, and what for."""
        found = {column: f"ranges of '{column}'" for column in self.ranges}
        for moment in self.moments.values():
            found |= {c: "numbers to sum" for c in (moment.column, moment.minus) if c is not None}
        found |= {} if self.weight is None else {self.weight: "weights"}
        return found | ({} if self.score is None else {self.score: "scores"})

    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        single = (self.score, self.weight, self.cluster, self.time)
        named = (*self.groups, *self.answers().values(), *(c for c in single if c is not None))
        return tuple(dict.fromkeys((*named, *self.numbers())))

    def keys(self) -> dict[str, str]:
        """Name under which each column is grouped, and the column."""
        keys = {f"g{i}": column for i, column in enumerate(self.groups)} | self.answers()
        more = {"time": self.time, "cluster": self.cluster, "bin": self.score}
        return keys | {key: column for key, column in more.items() if column is not None}


def refuse(asked: Asked, schema: Mapping[str, Any]) -> None:
    """Refuse what cannot be counted, by the names and types of the columns alone.

    Raises
    ------
    DataError
        With what was expected, what came and what to do.
    """
    _refuse_absent(asked.columns(), list(schema))
    _refuse_one_column_twice(asked)
    _refuse_edges(asked)
    for column, role in asked.numbers().items():
        _insist_on_number(column, role, schema[column])
    for column in (c for key, c in asked.keys().items() if key not in ("bin", "time")):
        _refuse_nested(column, schema[column])
    if asked.time is not None:
        _insist_on_dates(asked, schema[asked.time])
    if asked.score is not None and asked.score_bins < 2 and asked.score_bins != EACH:
        msg = f"expected at least 2 bins of the score; got {asked.score_bins}"
        raise DataError(msg)


def _refuse_absent(columns: Iterable[str], there: Sequence[Any]) -> None:
    for name in columns:
        if name not in there and _like_data(there):
            msg = (
                f"expected a column '{name}' in a table whose first line names its columns; that "
                f"line, of {len(there)}, holds numbers instead. Add a line with names"
            )
            raise DataError(msg)
        if name not in there:
            msg = (
                f"expected a column '{name}'; the table has {_names(there)}"
                f".{did_you_mean(name, there)}"
            )
            raise DataError(msg)


def _names(there: Sequence[Any]) -> str:
    more = " ..." if len(there) > 20 else ""
    return ", ".join(map(str, there[:20])) + more or "no columns"


def _like_data(there: Sequence[Any]) -> bool:
    """Whether names are numbers in part: then they are likely a row, which is not to be told."""
    return any(isinstance(name, str) and not math.isnan(_as_number(name)) for name in there)


def _refuse_one_column_twice(asked: Asked) -> None:
    taken: dict[str, str] = {}
    for part, column in asked.answers().items():
        if (other := taken.setdefault(column, part)) != part:
            msg = (
                f"expected different columns for {other} and {part}; both are '{column}', which "
                "agrees with itself in every row. Name the column that the system wrote"
            )
            raise DataError(msg)
    if asked.time is not None and asked.time in asked.groups:
        msg = f"expected '{asked.time}' as a group or as the time; got both. Leave one out"
        raise DataError(msg)


def _refuse_edges(asked: Asked) -> None:
    for column, edges in asked.bins.items():
        if column not in asked.groups:
            msg = (
                f"expected ranges for a column of groups ({', '.join(asked.groups)}); got ranges "
                f"for '{column}', which is none. Name it as a group too"
            )
            raise DataError(msg)
        if edges == VALUES:
            continue
        numbers = [_as_number(edge) for edge in edges]
        ordered = all(a < b for a, b in pairwise(numbers))
        if (
            not 1 <= len(numbers) < MAX_LEVELS
            or not ordered
            or not all(map(math.isfinite, numbers))
        ):
            msg = (
                f"expected the edges of '{column}' as at least one number, each greater than the "
                f"one before; got {_told(edges)}. Write them such as --bins {column}=0,18,30,65"
            )
            raise DataError(msg)


def _as_number(edge: Any) -> float:
    try:
        return float(edge)
    except (TypeError, ValueError):
        return math.nan


def _told(edges: Sequence[Any]) -> str:
    shown = ", ".join(map(str, edges[:6])) or "none"
    return f"{shown}{' ...' if len(edges) > 6 else ''}"


SWAPPED: Final = "Were the columns swapped, or are numbers written as text?"
WEIGHTS: Final = (
    "A weight says for how many people a row stands: a number of 0 or more, below 1e60, in every "
    "row. Name the column that holds it with --weight, or leave it out"
)


def _insist_on_number(column: str, role: str, kind: Any) -> None:
    if not kind.is_numeric():
        remedy = WEIGHTS if role == "weights" else SWAPPED
        msg = f"expected numbers in '{column}' ({role}); got {_called(kind)}. {remedy}"
        raise DataError(msg)


def _called(kind: Any) -> str:
    """What a type of column is to somebody who has a table, not an engine."""
    text = isinstance(kind, nw.String | nw.Categorical | nw.Enum | nw.Object)
    return "text, at least in some rows" if text else str(kind)


def _refuse_nested(column: str, kind: Any) -> None:
    if isinstance(kind, nw.List | nw.Array | nw.Struct | nw.Binary | nw.Duration):
        msg = (
            f"expected one word, number or date in each cell of '{column}'; got {kind}. Write what "
            "is compared to a column of its own; lists of labels need --task multilabel"
        )
        raise DataError(msg)


def _insist_on_dates(asked: Asked, kind: Any) -> None:
    if asked.every not in PERIODS:
        near = did_you_mean(asked.every, PERIODS)
        msg = f"expected one of the periods {', '.join(PERIODS)}; got '{asked.every}'.{near}"
        raise DataError(msg)
    if not isinstance(kind, nw.Date | nw.Datetime):
        msg = (
            f"expected dates in '{asked.time}'; got {kind}. Turn them into dates first "
            f"(pandas.to_datetime, or CAST({asked.time} AS DATE) in SQL)"
        )
        raise DataError(msg)


def no_groups(column: str, told: str, kind: Any, edges: Sequence[float] = ()) -> DataError:
    """Refuse a column with more values than groups of people can have.

    Parameters
    ----------
    column : str
    told : str
        How many values it has.
    kind : narwhals data type
        Of the column; numbers, dates and words have remedies of their own.
    edges : sequence of float
        Of ranges that would hold a like number of rows.
    """
    most = MAX_LEVELS
    remedy = f"Join rare values first; if they are dates, give {column} as --time"
    if isinstance(kind, nw.Date | nw.Datetime):
        most = MAX_NUMBERS
        remedy = f"Give it as --time {column} (time='{column}'), or write the year to a column"
    elif kind.is_numeric():
        most = MAX_NUMBERS
        shown = [f"{edge:g}" for edge in edges or (0, 18, 30, 65)]
        remedy = (
            f"Declare ranges, such as --bins {column}={','.join(shown)} (bins={{'{column}': "
            f"[{', '.join(shown)}]}}); if its numbers are codes, --bins {column}={VALUES}"
        )
    return DataError(
        f"expected groups of people in '{column}', at most {most}; got {told}. {remedy}"
    )


def no_labels(column: str, told: str, most: int = MAX_LABELS) -> DataError:
    """Refuse a column with more values than labels can have."""
    return DataError(
        f"expected labels in '{column}', at most {most}; got {told}. Give probabilities as "
        "--score, and numbers with --task regression, or name the column of labels"
    )
