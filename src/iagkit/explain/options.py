"""What a person could change: declared features, and the values within their reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DeclarationError
from iagkit.explain.tables import Floats, Ints, Table, deviation, numeric_columns

MOST = 20
"""Values tried for each feature; the search then looks between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One input of the model, as an institution declares it to be changeable or not.

    Parameters
    ----------
    name : str
        Column of the inputs.
    actionable : bool
        Whether a person can change it at all; age and origin are not.
    direction : {"any", "up", "down"}
        Experience only grows, debts may be paid.
    low, high : float, optional
        Bounds of a number; without them those seen in training.
    step : float, optional
        A number changes by whole steps only.
    unit : str
        Spelt out: ``"months"``.

    Raises
    ------
    DeclarationError
        If the direction is none of these, ``low`` is above ``high`` or ``step`` is not above 0.
    """

    name: str
    actionable: bool = True
    direction: Literal["any", "up", "down"] = "any"
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        ordered = self.low is None or self.high is None or self.low <= self.high
        known = self.direction in {"any", "up", "down"}
        if not ordered or not known or not (self.step is None or self.step > 0):
            msg = (
                f"feature '{self.name}' needs a direction 'any', 'up' or 'down', low <= high and "
                f"a step above 0; got '{self.direction}', [{self.low}, {self.high}], {self.step}"
            )
            raise DeclarationError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Values within reach of each case for one feature.

    Parameters
    ----------
    feature : Feature
    values : array, shape (n, most)
        Numbers or categories; padded.
    costs : array of float, shape (n, most)
        Standard deviations of the training rows for a number, 1 for a change of category;
        infinite where padded.
    number : bool
    whole : bool
        Whether only whole numbers make sense.
    """

    feature: Feature
    values: NDArray[np.object_] | Floats
    costs: Floats
    number: bool
    whole: bool = False
    low: float = -np.inf
    high: float = np.inf


def options(inputs: Table, training: Table, features: Sequence[Feature]) -> tuple[Options, ...]:
    """List, for every case and actionable feature, what it could become.

    Parameters
    ----------
    inputs : DataFrame, shape (n, d)
        Cases that were refused.
    training : DataFrame
        Rows that show which values occur.
    features : sequence of Feature

    Returns
    -------
    tuple of Options
        One an actionable feature.

    Raises
    ------
    DeclarationError
        If a feature is no input, is named twice, or an unordered category has a direction.
    """
    names = [feature.name for feature in features]
    unknown = sorted(set(names) - set(map(str, inputs.columns)))
    if unknown or len(set(names)) < len(names):
        msg = (
            f"each feature must name one input once; unknown: {unknown or 'none'}, declared: "
            f"{len(names)}, different: {len(set(names))}"
        )
        raise DeclarationError(msg)
    numeric, spread = set(numeric_columns(training)), deviation(training)
    return tuple(
        _numbers(inputs[f.name], training[f.name], f, spread[f.name])
        if f.name in numeric
        else _categories(inputs[f.name], training[f.name], f)
        for f in features
        if f.actionable
    )


def _numbers(column: Table, training: Table, feature: Feature, spread: float) -> Options:
    now = column.to_numpy(dtype=float, na_value=np.nan)
    seen = training.to_numpy(dtype=float, na_value=np.nan)
    seen = seen[np.isfinite(seen)]
    whole = bool((seen == np.round(seen)).all())
    low = float(seen.min() if feature.low is None else feature.low)
    high = float(seen.max() if feature.high is None else feature.high)
    values = np.full((len(now), MOST), np.nan)
    grid = np.unique(seen)
    grid = grid if len(grid) <= MOST else np.quantile(seen, np.linspace(0, 1, MOST + 1))
    for i, start in enumerate(now):
        if np.isfinite(start):
            found = _reach(float(start), feature, (low, high), grid, whole=whole)
            values[i, : len(found)] = found
    costs = np.where(np.isfinite(values), np.abs(values - now[:, None]) / spread, np.inf)
    return Options(
        feature=feature, values=values, costs=costs, number=True, whole=whole, low=low, high=high
    )


def _reach(
    start: float, feature: Feature, bounds: tuple[float, float], grid: Floats, *, whole: bool
) -> Floats:
    """At most ``MOST`` values on the allowed side, within bounds, on whole steps."""
    low, high = bounds
    if feature.direction == "up":
        low = max(low, start)
    if feature.direction == "down":
        high = min(high, start)
    if low > high:
        return np.empty(0)
    values = np.clip(np.append(grid, [low, high]), low, high)
    values = np.unique(snapped(values, start, feature, whole=whole))
    values = values[(values >= low) & (values <= high) & (values != start)]
    if len(values) > MOST:
        values = values[np.unique(np.linspace(0, len(values) - 1, MOST).round().astype(int))]
    return np.asarray(values)


def snapped(values: Floats, start: float | Floats, feature: Feature, *, whole: bool) -> Floats:
    """Values on whole steps from where the person stands, or whole numbers, towards it."""
    step = feature.step or (1.0 if whole else None)
    if step is None:
        return values
    return np.asarray(
        start + np.trunc((values - start) / step + 1e-9 * np.sign(values - start)) * step
    )


def _categories(column: Table, training: Table, feature: Feature) -> Options:
    seen = _ordered(training, feature)
    now = column.astype(object).to_numpy()
    values = np.full((len(now), max(1, len(seen))), None, dtype=object)
    for i, start in enumerate(now):
        found = [v for v in seen if _allowed(v, start, seen, feature)]
        values[i, : len(found)] = found
    there = np.array([[v is not None for v in row] for row in values])
    costs = np.where(there, 1.0, np.inf)
    return Options(feature=feature, values=values, costs=costs, number=False)


def _ordered(training: Table, feature: Feature) -> list[object]:
    known = training.dropna()
    if getattr(training.dtype, "ordered", False):
        present = set(known.unique())
        return [value for value in training.cat.categories if value in present]
    if feature.direction != "any":
        msg = (
            f"'{feature.name}' holds categories without order, so it cannot go "
            f"'{feature.direction}'; declare direction 'any', or make it an ordered category"
        )
        raise DeclarationError(msg)
    return sorted(known.unique(), key=str)


def _allowed(value: object, start: object, seen: list[object], feature: Feature) -> bool:
    if value == start or start not in seen:
        return False
    if feature.direction == "any":
        return True
    later = seen.index(value) > seen.index(start)
    return later == (feature.direction == "up")


def changed(inputs: Table, cases: Ints, picks: Ints, every: Sequence[Options]) -> Table:
    """Rows of cases with some features set to one of their options.

    Parameters
    ----------
    inputs : DataFrame, shape (n, d)
    cases : array of int, shape (rows,)
    picks : array of int, shape (rows, n_options)
        Which option of each actionable feature; -1 leaves it as it is.
    every : sequence of Options

    Returns
    -------
    DataFrame, shape (rows, d)
    """
    rows = inputs.iloc[cases].reset_index(drop=True)
    for j, one in enumerate(every):
        at = np.flatnonzero(picks[:, j] >= 0)
        if at.size:
            put(rows, one, at, one.values[cases[at], picks[at, j]])
    return rows


def put(rows: Table, one: Options, at: Ints, values: NDArray[np.object_] | Floats) -> None:
    """Set some cells of one feature, keeping the type of its column where the values allow."""
    import pandas as pd

    column = rows[one.feature.name]
    cells = (
        column.to_numpy(dtype=float, na_value=np.nan).copy()
        if one.number
        else column.astype(object).to_numpy().copy()
    )
    cells[at] = values
    fits = not one.number or column.dtype.kind == "f" or bool((cells == np.round(cells)).all())
    rows[one.feature.name] = pd.Series(cells, index=rows.index).astype(
        column.dtype if fits else float
    )
