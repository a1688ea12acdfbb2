"""Closed form of linear models, alone or behind a preparation that works column by column.

The prepared columns of a pipeline (one a category, scaled numbers) are explained exactly by
``coef * (z - mean)``; what is asked is which input each of them comes from. Their names are
the preparation's own business, so inputs are changed one at a time and the columns that move
are theirs. If a column depends on several inputs, there is no closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from iagkit.explain.linear import contributions
from iagkit.explain.tables import Floats, Ints, Mixer, Table, floats, numeric_columns

MOST_COLUMNS = 2_000
CELLS = 10_000_000
RANDOM_PAIRS = 200
Prepare = Callable[[Table], Floats]


class Parts(NamedTuple):
    """Contributions of the inputs, shape (n, d), and what they are compared with."""

    values: Floats
    base: float


def linear_parts(model: Any, inputs: Table, background: Table) -> Parts | None:
    """Contributions to the linear score, or nothing where there is no closed form.

    Parameters
    ----------
    model : object
        A fitted linear model with one row of coefficients, or a pipeline that ends in one.
    inputs : DataFrame, shape (n, d)
    background : DataFrame, shape (m, d)
        The mean of *all* its rows is what cases are compared with.

    Returns
    -------
    Parts or None
    """
    prepare, last, alone = _opened(model)
    coef = np.atleast_2d(np.asarray(getattr(last, "coef_", np.empty((0, 0)))))
    if coef.shape[0] != 1 or coef.dtype.kind != "f":
        return None
    try:
        found = _explained(prepare, coef, inputs, background, alone=alone)
    except (TypeError, ValueError, KeyError):
        return None
    if found is None:
        return None
    return Parts(found.values, found.base + float(np.ravel(last.intercept_)[0]))


def _opened(model: Any) -> tuple[Prepare, Any, bool]:
    """Preparation and last step; whether the inputs themselves are the columns."""
    steps = getattr(model, "steps", None)
    if not steps:
        return _numbers, model, True
    if len(steps) == 1:
        return _numbers, steps[0][1], True
    return lambda table: _dense(model[:-1].transform(table)), steps[-1][1], False


def _numbers(table: Table) -> Floats:
    if len(numeric_columns(table)) < table.shape[1]:
        msg = "a linear model reads numbers only; some columns are not"
        raise TypeError(msg)
    return floats(table)


def _dense(matrix: Any) -> Floats:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, dtype=float)


def _explained(
    prepare: Prepare, coef: Floats, inputs: Table, background: Table, *, alone: bool
) -> Parts | None:
    cases = prepare(inputs)
    if cases.shape[1] != coef.shape[1] or cases.shape[1] > MOST_COLUMNS:
        return None
    seen = _seen(prepare, cases, background)
    owner = (
        np.arange(inputs.shape[1])
        if alone
        else _owners(prepare, Mixer.of(inputs, background), seen)
    )
    if owner is None:
        return None
    values = np.zeros(inputs.shape)
    np.add.at(values.T, owner, contributions(cases, coef, seen.mean)[:, :, 0].T)
    return Parts(values, float((coef @ seen.mean)[0]))


class _Seen(NamedTuple):
    """Of each prepared column: its mean in the background, and where it is least and most."""

    mean: Floats
    least: Ints
    most: Ints
    constant: Any


def _seen(prepare: Prepare, cases: Floats, background: Table) -> _Seen:
    """Walk through the background in pieces, so that it need not be prepared at once."""
    n, width = cases.shape
    every = np.arange(width)
    total = np.zeros(width)
    least, most = cases.argmin(axis=0), cases.argmax(axis=0)
    low, high = cases[least, every], cases[most, every]
    piece = max(1, CELLS // max(1, width))
    for at in range(0, len(background), piece):
        rows = prepare(background.iloc[at : at + piece])
        total += rows.sum(axis=0)
        down, up = rows.argmin(axis=0), rows.argmax(axis=0)
        lower, higher = rows[down, every] < low, rows[up, every] > high
        least, most = np.where(lower, n + at + down, least), np.where(higher, n + at + up, most)
        low, high = np.minimum(low, rows[down, every]), np.maximum(high, rows[up, every])
    return _Seen(total / len(background), least, most, low == high)


def _owners(prepare: Prepare, mixer: Mixer, seen: _Seen) -> Ints | None:
    """The one input that each prepared column depends on; nothing if on several, or on none.

    Inputs are changed from the row where a column is least to that where it is most, so that
    every column that varies moves, and between random rows, so that columns which depend on
    several inputs together are found out.
    """
    d, random = len(mixer.names), np.random.default_rng(0)
    pairs = random.integers(0, mixer.n + mixer.m, (2, RANDOM_PAIRS))
    here = np.concatenate([seen.least, seen.most, pairs[0]])
    there = np.concatenate([seen.most, seen.least, pairs[1]])
    index = np.repeat(here[:, None], d, axis=1)
    start = prepare(mixer.rows(index))
    moved = np.zeros((d, len(seen.mean)), dtype=bool)
    for j in range(d):
        other = index.copy()
        other[:, j] = there
        moved[j] = (prepare(mixer.rows(other)) != start).any(axis=0)
    times = moved.sum(axis=0)
    clear = (times == 1) | ((times == 0) & seen.constant)
    return np.asarray(moved.argmax(axis=0)) if clear.all() else None
