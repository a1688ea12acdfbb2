"""What was asked of an audit, as its checks read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from iagkit.core.nouns import Run
from iagkit.measures.cells import Cells

AuditTask = Literal["binary", "multiclass", "multilabel", "regression", "score"]
METRICS = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
    "precision",
    "negative_predictive_value",
    "false_discovery_rate",
    "false_omission_rate",
    "accuracy",
    "balanced_accuracy",
    "f1",
    "matthews_corrcoef",
    "prevalence",
)
"""Measures of yes-or-no predictions, in the order in which they are told."""
COORDINATES = (
    "truth", "prediction", "class", "confidence", "period", "given", "column", "check", "threshold",
)  # fmt: skip
"""What places of findings are called; a column of groups of that name would be taken for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """Settings of an audit of predictions; the cells stand beside it in the evidence.

    Parameters
    ----------
    task : {"binary", "multiclass", "multilabel", "regression", "score"}
    columns : tuple of str
        Group columns, without the period.
    positive : int, optional
        Number of the label that counts as yes, in ``Cells.labels``.
    depth : int
        So many columns are looked at together.
    level : float
        Confidence of every interval; of all gaps together, the ``family`` shares its error.
    min_group : int
        Groups with fewer cases are told but not compared.
    metrics : tuple of str
        What is measured, by name.
    reference : mapping of str to str
        Group column → group that the others are compared with; otherwise everybody else.
    strata : tuple of str
        Columns within which like is compared with like.
    family : int
        Gaps that share the error.
    joint : float, optional
        Level of each gap at which all hold together, where it was worked out from the counts.
    period : str, optional
        Column of the cells that holds periods of time.
    capacity : float, optional
        Share of cases that can be served, the highest scores first.
    population : mapping of str to mapping of str to float
        Group column → group → share of the population that the selected are held against.
    tolerance : float, optional
        Error of a number that does no harm.
    unit : str
        Of the numbers that are predicted.
    names : tuple of str
        Labels that a row may have, if it may have several.
    separator : str
        What stands between them in the labels of the cells.
    """

    task: AuditTask = "binary"
    columns: tuple[str, ...] = ()
    positive: int | None = None
    depth: int = 1
    level: float = 0.95
    min_group: int = 30
    metrics: tuple[str, ...] = METRICS
    reference: Mapping[str, str] = field(default_factory=dict)
    strata: tuple[str, ...] = ()
    family: int = 1
    joint: float | None = None
    period: str | None = None
    capacity: float | None = None
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    tolerance: float | None = None
    unit: str = "units"
    names: tuple[str, ...] = ()
    separator: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reference", MappingProxyType(dict(self.reference)))
        object.__setattr__(self, "population", MappingProxyType(dict(self.population)))

    @property
    def strict(self) -> float:
        """Level of one gap that gives ``level`` for the whole family; Bonferroni's unless known."""
        if self.joint is not None:
            return self.joint
        return 1 - (1 - self.level) / max(1, self.family)


def settings(run: Run) -> AuditSettings:
    """Settings of the audit that a run is."""
    found: AuditSettings = run.outcome.evidence["asked"]
    return found


def cells(run: Run) -> Cells:
    """Counts of the audit that a run is."""
    found: Cells = run.outcome.evidence["cells"]
    return found
