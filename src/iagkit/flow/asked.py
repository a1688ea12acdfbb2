"""What a person asks of an audit, checked and settled once the table was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from iagkit.checks.audit_settings import AuditSettings, AuditTask
from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Policy
from iagkit.core.record import to_json
from iagkit.core.registry import did_you_mean
from iagkit.flow import label_sets, refusing
from iagkit.measures.cells import UNKNOWN, Cells

if TYPE_CHECKING:
    from iagkit.measures.counting import Bins

TASKS = ("binary", "multiclass", "multilabel", "regression")
YES = ("1", "yes", "si", "sí", "sim", "true", "y", "s", "positive", "positivo", "granted")
MAX_CLASSES = 100
SINGLE = ("truth", "prediction", "score", "against", "weight", "cluster", "time")
"""Roles that one column has; the time may also be another one."""
COMPARED = (".gap", ".ratio")
BOTH_ERRORS = {
    "fairness.equalized_odds": ("fairness.true_positive_rate", "fairness.false_positive_rate")
}
SHOWN_LABELS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """Everything that can be asked of an audit; see :func:`iagkit.audit`."""

    truth: str | None = None
    prediction: str | None = None
    score: str | None = None
    groups: tuple[str, ...] = ()
    task: str | None = None
    positive: str | None = None
    labels: tuple[str, ...] = ()
    label_separator: str | None = None
    label_columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    threshold: float | None = None
    exact: bool = False
    weight: str | None = None
    cluster: str | None = None
    bins: Bins = field(default_factory=dict)
    depth: int = 2
    reference: Mapping[str, str] = field(default_factory=dict)
    strata: tuple[str, ...] = ()
    against: str | None = None
    time: str | None = None
    every: str | None = None
    capacity: float | None = None
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    tolerance: float | None = None
    unit: str = "units"
    min_group: int = 30
    level: float = 0.95
    k: int = 5

    def __post_init__(self) -> None:
        refusing.refuse_kinds(self)
        self._refuse_contradictions()
        refusing.refuse_roles(self)
        refusing.refuse_population(self)
        if not 0 < self.level < 1:
            msg = f"expected a level between 0 and 1, such as 0.95; got {self.level}"
            raise UsageError(msg)
        if self.depth < 1 or self.min_group < 1 or self.k < 0:
            msg = (
                "expected a depth and a smallest group of 1 or more, and k of 0 or more; got "
                f"depth={self.depth}, min_group={self.min_group}, k={self.k}"
            )
            raise UsageError(msg)

    def _refuse_contradictions(self) -> None:
        if self.task is not None and self.task not in TASKS:
            near = did_you_mean(self.task, TASKS)
            msg = f"expected one of the tasks {', '.join(TASKS)}; got '{self.task}'.{near}"
            raise UsageError(msg)
        if not self.groups:
            msg = "expected at least one column of groups; name it with --group (groups=[...])"
            raise UsageError(msg)
        if self.prediction is None and self.score is None:
            msg = "expected predictions or scores; name their column with --prediction or --score"
            raise UsageError(msg)
        taken: dict[str, str] = {}
        for part in SINGLE[:-1]:
            column = getattr(self, part)
            if column is not None and (first := taken.setdefault(column, part)) != part:
                msg = (
                    f"expected one role for each column; '{column}' is given as --{first} and as "
                    f"--{part}"
                )
                raise UsageError(msg)
        if self.capacity is not None and (self.score is None or not 0 < self.capacity <= 1):
            msg = (
                "expected a capacity above 0 and up to 1 (a share of all cases), and --score, by "
                f"which the highest come first; got {self.capacity:g}"
                f"{' without scores' if self.score is None else ''}"
            )
            raise UsageError(msg)
        if self.every is not None and self.time is None:
            msg = "--every cuts time into periods; name the column of dates with --time"
            raise UsageError(msg)

    def told(self) -> dict[str, Any]:
        """What differs from the default, as plain JSON: a record keeps it, to be run again."""
        asked = {f.name: to_json(getattr(self, f.name)) for f in fields(self)}
        usual = {f.name: to_json(_default(f)) for f in fields(self)}
        return {name: value for name, value in asked.items() if value != usual[name]}

    @classmethod
    def again(cls, told: Mapping[str, Any]) -> Inquiry:
        """Ask the same as :meth:`told` tells."""
        pairs = {c: tuple(pair) for c, pair in told.get("label_columns", {}).items()}
        plain: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in told.items()
        }
        return cls(**plain | ({"label_columns": pairs} if pairs else {}))

    def columns(self, more: Sequence[str] = ()) -> tuple[str, ...]:
        """Every column that is read, and ``more``."""
        parts = SINGLE[2:] if self.label_columns else SINGLE
        single = [c for part in parts if (c := getattr(self, part)) is not None]
        each = (c for pair in self.label_columns.values() for c in pair)
        return tuple(dict.fromkeys((*self.groups, *each, *single, *more)))

    @property
    def ranges(self) -> dict[str, Sequence[float]]:
        """Edges of the columns that are cut into ranges."""
        return {c: e for c, e in self.bins.items() if not isinstance(e, str)}

    @property
    def several(self) -> bool:
        """Whether a row has several labels."""
        several = self.label_separator is not None or bool(self.label_columns)
        return self.task == "multilabel" or (self.task is None and several)

    def task_of(self, cells: Cells) -> AuditTask:
        """Kind of predictions that was counted.

        Raises
        ------
        DataError
            If truth and predictions do not hold what the task needs.
        """
        if self.task == "regression" or cells.sums:
            return "regression"
        self._refuse_missing(cells)
        if self.several:
            return "multilabel"
        self._refuse_undeclared(cells)
        if not self.labels:
            refusing.refuse_scores(cells, str(self.prediction))
            refusing.refuse_spellings(cells.labels, YES)
            refusing.refuse_strangers(cells, str(self.truth), str(self.prediction))
        many = len(cells.labels)
        if many > MAX_CLASSES:
            msg = (
                f"expected labels in '{self.truth}' and '{self.prediction}'; got {many} different "
                "values. For numbers give --task regression; for free text, name the label columns"
            )
            raise DataError(msg)
        if self.task == "multiclass" or (self.task is None and many > 2):
            return "multiclass"
        if many > 2:
            msg = f"expected two labels for --task binary; got {many}: {_told(cells.labels)}"
            raise DataError(msg)
        return "binary"

    def settled(self, cells: Cells, task: AuditTask, policy: Policy) -> AuditSettings:
        """Settings that the counted table allows.

        Raises
        ------
        DataError
            If a reference is no group, or a column has only one.
        """
        refusing.refuse_idle(self, task)
        columns = tuple(c for c in cells.columns if c != self.time)
        single_groups(cells, columns)
        refusing.refuse_stars(cells)
        return AuditSettings(
            task=task, columns=columns, level=self.level, min_group=self.min_group,
            positive=self._positive(cells, task),
            depth=min(self.depth, len(columns)), reference=self._references(cells),
            strata=self._strata(columns), family=family(policy, len(columns), self.depth),
            period=self.time, capacity=self.capacity, population=self.population,
            tolerance=self.tolerance, unit=self.unit, **label_sets.named(self, cells, task),
        )  # fmt: skip

    def _strata(self, columns: Sequence[str]) -> tuple[str, ...]:
        for column in self.strata:
            if column not in columns:
                msg = (
                    f"expected a group column in --strata ({', '.join(columns)}); got '{column}'."
                    f"{did_you_mean(column, columns)} Name it with --group too"
                )
                raise UsageError(msg)
        return self.strata

    def _refuse_missing(self, cells: Cells) -> None:
        for name, codes in ((self.truth, cells.truth), (self.prediction, cells.prediction)):
            if codes is not None and not cells.n[codes != UNKNOWN].sum():
                msg = (
                    f"expected labels in '{name}'; all {cells.rows} rows are missing. Name the "
                    "column that holds them"
                )
                raise DataError(msg)

    def _refuse_undeclared(self, cells: Cells) -> None:
        if not self.labels:
            return
        extra = [label for label in cells.labels if label not in self.labels]
        if extra:
            told = (cells.truth, cells.prediction)
            codes = {cells.labels.index(label) for label in extra}
            rows = [
                int(cells.n[np.isin(c, list(codes))].sum()) if c is not None else 0 for c in told
            ]
            msg = (
                f"expected the declared labels {_told(self.labels)}; {rows[0]} rows of "
                f"'{self.truth}' and {rows[1]} of '{self.prediction}' hold others. Declare them "
                "with --labels, or repair the rows"
            )
            raise DataError(msg)

    def _positive(self, cells: Cells, task: AuditTask) -> int | None:
        if task in ("regression", "multilabel") or (task == "multiclass" and self.positive is None):
            return None
        return self.yes(cells)

    def yes(self, cells: Cells) -> int:
        """Number of the label that means yes.

        Raises
        ------
        DataError
            If it is not told and the labels do not say it themselves.
        """
        if self.positive is not None:
            if self.positive in cells.labels:
                return cells.labels.index(self.positive)
            near = did_you_mean(self.positive, cells.labels)
            msg = f"expected --positive to be one of {_told(cells.labels)}; got another.{near}"
            raise DataError(msg)
        found = [i for i, label in enumerate(cells.labels) if label.lower() in YES]
        if len(found) != 1:
            msg = (
                f"expected to know which label means yes; the labels are {_told(cells.labels)}. "
                "Tell it with --positive LABEL (positive='LABEL')"
            )
            raise DataError(msg)
        return found[0]

    def _references(self, cells: Cells) -> Mapping[str, str]:
        for column, group in self.reference.items():
            if column not in cells.columns:
                near = did_you_mean(column, cells.columns)
                msg = f"expected a group column in --reference; '{column}' is none.{near}"
                raise UsageError(msg)
            levels = cells.levels[cells.columns.index(column)]
            if group not in levels:
                msg = (
                    f"expected a group of '{column}' in --reference; got another. It has "
                    f"{_told(levels)}.{did_you_mean(group, levels)}"
                )
                raise DataError(msg)
        return self.reference


def family(policy: Policy, columns: int, depth: int) -> int:
    """Gaps that are judged, which share the error: measures times sets of group columns."""
    judged = {g.check.rpartition(".")[0] for g in policy.gates if g.check.endswith(COMPARED)}
    measures = {part for name in judged for part in BOTH_ERRORS.get(name, (name,))}
    sets = sum(comb(columns, together) for together in range(1, min(depth, columns) + 1))
    return max(1, len(measures)) * max(1, sets)


def with_both_labels(cells: Cells, positive: str | None) -> Cells:
    """Add the label that nobody has, so that 'none' can be counted as such."""
    (only,) = cells.labels
    other = {"1": "0", "0": "1"}.get(only) if positive in (None, only) else positive
    if other is None:
        return cells
    labels = tuple(sorted((only, other)))
    move = labels.index(only)
    codes = {
        part: None if (old := getattr(cells, part)) is None else np.where(old == 0, move, old)
        for part in ("truth", "prediction", "against")
    }
    return replace(
        cells, labels=labels, truth=codes["truth"], prediction=codes["prediction"],
        against=codes["against"],
    )  # fmt: skip


def single_groups(cells: Cells, columns: Sequence[str]) -> None:
    """Refuse a column in which everybody is of one group.

    Raises
    ------
    DataError
    """
    for column in columns:
        levels = cells.levels[cells.columns.index(column)]
        if len(levels) < 2:
            msg = (
                f"expected at least two groups in '{column}'; all {cells.rows} rows have the same "
                "value, so nobody can be compared. Name another column with --group"
            )
            raise DataError(msg)


def _told(labels: Sequence[Any]) -> str:
    """Some labels; long ones could be texts of people and are not repeated."""
    short = [f"'{x}'" for x in labels if len(str(x)) <= 40][:SHOWN_LABELS]
    more = len(labels) - len(short)
    return ", ".join(short) + (f" and {more} more" if more else "")


def _default(of: Field[Any]) -> Any:
    return of.default_factory() if of.default_factory is not MISSING else of.default
