"""One number of one prediction in each group, and how much each row moves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.binary import RATES
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.shares import Shares, shares, wilson_limits
from iagkit.measures.variation import spread, squares

Mask = NDArray[np.bool_]
QUADRANTS = ("tp", "fp", "fn", "tn")
STEP = 1e-30
DOUBT = 0.5
"""Added to each count for the variance alone, so that it is not zero where nothing went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number a group of one prediction.

    Parameters
    ----------
    value : ndarray of float, shape (n_groups,)
        ``nan`` where undefined.
    moved : ndarray of float, shape (n_cells,)
        How much one row (or one unit of weight) of each cell moves the number of its group.
    among : ndarray of bool, shape (n_cells,)
        Cells that count.
    hits : ndarray of bool, shape (n_cells,), optional
        For a share: cells that count as hits.
    shares : Shares
        The number as a share of so many independent cases, from 0 to 1.
    start, span : float
        The number is ``start + span`` times that share.
    unit : str
    """

    value: Floats
    moved: Floats
    among: Mask
    shares: Shares
    hits: Mask | None = None
    start: float = 0.0
    span: float = 1.0
    unit: str = "share"

    @property
    def n(self) -> Ints:
        """Rows that count, in each group."""
        return self.shares.n

    @property
    def clusters(self) -> Ints | None:
        """Clusters of each group."""
        return self.shares.clusters

    @property
    def scatter(self) -> Floats:
        """Standard deviation of a single case times the root of the number of cases."""
        share, cases = self.shares.value, self.shares.cases
        return np.asarray(np.sqrt(np.nan_to_num(share * (1 - share)) * cases))

    def limits(self, z: float) -> tuple[Floats, Floats]:
        """Wilson's limits of each number at a normal critical value."""
        low, high = wilson_limits(self.shares.value, self.shares.cases, self.shares.critical(z))
        return self.start + self.span * low, self.start + self.span * high

    def estimate(self, group: int = 0, *, level: float = 0.95) -> Estimate | None:
        """Number of one group alone, or nothing where it is undefined."""
        if not np.isfinite(self.value[group]):
            return None
        low, high = (self.start + self.span * side[group] for side in self.shares.intervals(level))
        value = float(self.value[group])
        return Estimate(
            value=value,
            n=int(self.n[group]),
            low=min(float(low), value),
            high=max(float(high), value),
            level=level,
            unit=self.unit,
            clusters=None if self.clusters is None else int(self.clusters[group]),
        )


def number(
    metric: str, cells: Cells, groups: Groups, told: Ints, *, positive: int | None = None
) -> Number:
    """A metric of one of the predictions, in each group.

    Parameters
    ----------
    metric : str
        A rate of :data:`iagkit.measures.binary.RATES`, ``balanced_accuracy``, ``f1`` or
        ``matthews_corrcoef``.
    cells : Cells
        Truth and predictions known.
    groups : Groups
    told : ndarray of int, shape (n_cells,)
        The prediction: ``cells.prediction`` or ``cells.against``.
    positive : int, optional
        Number of the label that means yes; without it only ``accuracy`` is known.

    Returns
    -------
    Number

    Raises
    ------
    DataError
        If there is no such metric.
    """
    truth = np.full(len(cells), UNKNOWN) if cells.truth is None else cells.truth
    if positive is None and metric == "accuracy":
        return _share(cells, groups, truth == told, np.ones(len(cells), dtype=bool))
    known = (*RATES, *FUNCTIONS)
    if metric not in known or positive is None:
        there = known if positive is not None else ("accuracy",)
        msg = f"expected one of {', '.join(there)}; got '{metric}'.{did_you_mean(metric, there)}"
        raise DataError(msg)
    each = _quadrants(truth == positive, told == positive)
    if metric in FUNCTIONS:
        return _function(FUNCTIONS[metric], cells, groups, each)
    rate = RATES[metric]
    return _share(cells, groups, _either(each, rate.hits), _either(each, rate.among))


def comparable(metric: str) -> bool:
    """Whether two predictions can differ in this metric: not in how often the truth is yes."""
    return metric != "prevalence" and (metric in RATES or metric in FUNCTIONS)


def _quadrants(true: Mask, told: Mask) -> dict[str, Mask]:
    return {"tp": true & told, "fp": ~true & told, "fn": true & ~told, "tn": ~true & ~told}


def _either(each: Mapping[str, Mask], parts: frozenset[str]) -> Mask:
    return np.asarray(np.logical_or.reduce([each[part] for part in sorted(parts)]))


def _share(cells: Cells, groups: Groups, hits: Mask, among: Mask) -> Number:
    found = shares(cells, groups, hits & among, among)
    whole = groups.total(cells.mass, among)[groups.place]
    away = (hits & among) - np.nan_to_num(found.value)[groups.place]
    moved = np.divide(away, whole, out=np.zeros(len(cells)), where=among & (whole > 0))
    return Number(value=found.value, moved=moved, among=among, hits=hits & among, shares=found)


@dataclass(frozen=True, slots=True)
class Function:
    """A number of the four counts that does not change with their scale.

    Parameters
    ----------
    of : callable
        ``tp, fp, fn, tn`` to the number.
    counted : frozenset of str
        Which of them it looks at.
    start, span : float
        It lies between ``start`` and ``start + span``.
    unit : str
    """

    of: Callable[..., Floats]
    counted: frozenset[str] = frozenset(QUADRANTS)
    start: float = 0.0
    span: float = 1.0
    unit: str = "share"


def _balanced(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    return np.asarray((tp / (tp + fn) + tn / (tn + fp)) / 2)


def _f1(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:  # noqa: ARG001
    return np.asarray(2 * tp / (2 * tp + fp + fn))


def _matthews(tp: Floats, fp: Floats, fn: Floats, tn: Floats) -> Floats:
    below = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return np.asarray((tp * tn - fp * fn) / below)


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "balanced_accuracy": Function(_balanced),
        "f1": Function(_f1, frozenset({"tp", "fp", "fn"})),
        "matthews_corrcoef": Function(_matthews, start=-1.0, span=2.0, unit="correlation"),
    }
)


def _function(function: Function, cells: Cells, groups: Groups, each: Mapping[str, Mask]) -> Number:
    counts = np.stack([groups.total(cells.mass, each[part]) for part in QUADRANTS])
    with np.errstate(divide="ignore", invalid="ignore"):
        value = function.of(*counts)
        slopes = np.nan_to_num(_slopes(function, counts))
    among = _either(each, function.counted)
    moved = sum(each[part] * slopes[i][groups.place] for i, part in enumerate(QUADRANTS))
    moved = np.asarray(moved, dtype=float)
    found = spread(cells, groups, cells.mass * moved, squares(cells) * moved**2, among)
    n = groups.total(cells.n, among)
    share = (value - function.start) / function.span
    cases = _cases(function, counts, found.pieces) / found.likely
    known = np.isfinite(share)
    df = np.full(groups.of, np.inf) if found.clusters is None else np.fmax(found.df, 1.0)
    worth = Shares(
        value=share, hits=share * n, n=n.astype(np.intp),
        cases=np.where(known, np.maximum(cases, 1.0), 0.0), df=df,
        fewest=np.maximum(n / found.alike, 1.0), clusters=found.clusters, related=found.related,
    )  # fmt: skip
    return Number(
        value=value, moved=moved, among=among, shares=worth,
        start=function.start, span=function.span, unit=function.unit,
    )  # fmt: skip


def _cases(function: Function, counts: Floats, pieces: Floats) -> Floats:
    """Cases a share would need to vary as much as the number does, with so many equal rows."""
    here = np.array([part in function.counted for part in QUADRANTS])
    scale = pieces / np.maximum(counts[here].sum(axis=0), 1e-300)
    rows = counts * scale + DOUBT
    share = (function.of(*rows) - function.start) / function.span
    varied = (rows * (_slopes(function, rows) / function.span) ** 2).sum(axis=0)
    return np.asarray(share * (1 - share) / np.maximum(varied, 1e-300))


def _slopes(function: Function, counts: Floats) -> Floats:
    """Derivative by each count, exact (complex step), shape (4, n_groups)."""
    steps = STEP * np.eye(len(counts))[:, :, None] * 1j
    return np.stack([np.imag(function.of(*(counts + step))) / STEP for step in steps])
