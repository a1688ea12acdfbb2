"""The smallest change of declared features that would turn a refusal: recourse.

The model is only asked, never opened. First every feature alone, then, for those still
refused, the most promising changes joined with a second and a third feature; what is found is
shrunk towards where the person stands. Each answer is verified: the model accepts it, bounds
and directions hold, and it lies where training rows lie. That nothing was found is no proof
that there is nothing, only that no change of so few features was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.explain.options import Feature, Options, changed, options, put, snapped
from iagkit.explain.plausible import Plausible
from iagkit.explain.tables import Floats, Ints, Respond, Table, scores

Flags = NDArray[np.bool_]
BEAM = 8
BUDGET = 200_000
"""Rows the model is asked about at once; within it all pairs of changes are tried."""
BISECTIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Recourse:
    """What each refused person could change.

    Parameters
    ----------
    changed : DataFrame, shape (n, d)
        Inputs after the change; as they were where none was found. Never leaves the run.
    found : array of bool, shape (n,)
    cost : array of float, shape (n,)
        Standard deviations of the numbers moved, plus 1 a change of category; infinite where
        none was found.
    features : array of int, shape (n,)
        Number of features that change.
    """

    changed: Table
    found: Flags
    cost: Floats
    features: Ints


def recourse(
    respond: Respond,
    inputs: Table,
    training: Table,
    features: Sequence[Feature],
    *,
    threshold: float = 0.5,
    most_features: int = 3,
    quantile: float = 0.95,
    seed: int = 0,
) -> Recourse:
    """Search the smallest plausible change that the model accepts, few features first.

    Parameters
    ----------
    respond : callable
        Table → one score of the favourable class a row.
    inputs : DataFrame, shape (n, d)
        Cases whose score is below ``threshold``.
    training : DataFrame
        What values occur, how much they vary and where rows lie.
    features : sequence of Feature
        Declared features; an input that is not declared is never changed.
    threshold : float
        Scores from here on are favourable.
    most_features : int
        At most so many features change.
    quantile : float
        A change is plausible if its fifth nearest training row is no farther than this
        quantile of the training rows' own, or than it was for the person before [1]_.
    seed : int

    Returns
    -------
    Recourse

    Raises
    ------
    DataError
        If a case is accepted already.
    DeclarationError
        If the features do not fit the inputs.

    References
    ----------
    .. [1] Karimi, A.-H., Barthe, G., Schölkopf, B. & Valera, I. (2022). A survey of algorithmic
       recourse. ACM Computing Surveys 55(5), section 3.
    .. [2] Ustun, B., Spangher, A. & Liu, Y. (2019). Actionable recourse in linear
       classification. FAT*, 10-19.
    """
    here = inputs.reset_index(drop=True)
    accepted = int((scores(respond, here) >= threshold).sum()) if len(here) else 0
    if accepted:
        msg = (
            f"recourse is for refused cases, with scores below {threshold:g}; {accepted} of "
            f"{len(here)} are not. Leave them out"
        )
        raise DataError(msg)
    search = _Search(
        respond, here, options(here, training, features), threshold,
        Plausible.of(training, quantile=quantile, seed=seed),
    )  # fmt: skip
    return search.run(most_features)


class _Search:
    """One search for all cases together, so that the model is asked rarely and for many rows."""

    def __init__(
        self,
        respond: Respond,
        inputs: Table,
        every: tuple[Options, ...],
        threshold: float,
        density: Plausible,
    ) -> None:
        self.respond, self.inputs, self.every, self.threshold = respond, inputs, every, threshold
        self.density = density
        own = density.distance(inputs) if len(inputs) else np.empty(0)
        self.limit = np.maximum(own, density.limit)
        self.best = np.full((len(inputs), len(every)), -1, dtype=np.intp)
        self.cost = np.full(len(inputs), np.inf)

    def run(self, most_features: int) -> Recourse:
        """Search with one feature, then two and so on, for those still without."""
        cases = np.arange(len(self.inputs))
        states = np.full((len(cases), len(self.every)), -1, dtype=np.intp)
        for _ in range(min(most_features, len(self.every)) if len(cases) else 0):
            cases, states = self._joined(cases, states)
            if not cases.size:
                break
            cases, states = self._tried(cases, states)
        return self._shrunk()

    def _joined(self, cases: Ints, states: Ints) -> tuple[Ints, Ints]:
        """All states with one more feature changed; those found twice are kept once."""
        grown = [self._with(cases, states, j) for j in range(len(self.every))]
        both = np.hstack([np.concatenate([c for c, _ in grown])[:, None],
                          np.concatenate([s for _, s in grown])])  # fmt: skip
        both = np.unique(both, axis=0)
        return both[:, 0], both[:, 1:]

    def _with(self, cases: Ints, states: Ints, j: int) -> tuple[Ints, Ints]:
        free = states[:, j] < 0
        row, pick = np.nonzero(np.isfinite(self.every[j].costs[cases[free]]))
        grown = states[free][row].copy()
        grown[:, j] = pick
        return cases[free][row], grown

    def _tried(self, cases: Ints, states: Ints) -> tuple[Ints, Ints]:
        """Keep the cheapest good state of each case; hand on the best of the others."""
        rows = changed(self.inputs, cases, states, self.every)
        told, cost = scores(self.respond, rows), self._costs(cases, states)
        good = self._good(rows, told, cases)
        order = np.flatnonzero(good)[np.argsort(cost[good], kind="stable")]
        solved, first = np.unique(cases[order], return_index=True)
        self.best[solved], self.cost[solved] = states[order[first]], cost[order[first]]
        return self._promising(cases, states, told, cost)

    def _costs(self, cases: Ints, states: Ints) -> Floats:
        total = np.zeros(len(cases))
        for j, one in enumerate(self.every):
            at = states[:, j] >= 0
            total[at] += one.costs[cases[at], states[at, j]]
        return total

    def _good(self, rows: Table, told: Floats, cases: Ints) -> Flags:
        """Accepted by the model, and no farther from training rows than is usual."""
        good = told >= self.threshold
        if good.any():
            good[good] = self.density.distance(rows[good]) <= self.limit[cases[good]]
        return np.asarray(good)

    def _promising(
        self, cases: Ints, states: Ints, told: Floats, cost: Floats
    ) -> tuple[Ints, Ints]:
        """The states of each unsolved case with the highest scores, cheaper ones first."""
        open_ = np.flatnonzero(np.isinf(self.cost[cases]))
        order = open_[np.lexsort((cost[open_], -told[open_], cases[open_]))]
        place = np.arange(order.size) - np.searchsorted(cases[order], cases[order])
        each = len(np.unique(cases[order])) * sum(one.costs.shape[1] for one in self.every)
        kept = order[place < max(BEAM, BUDGET // max(1, each))]
        return cases[kept], states[kept]

    def _shrunk(self) -> Recourse:
        found = np.isfinite(self.cost)
        cases = np.flatnonzero(found)
        rows = changed(self.inputs, cases, self.best[cases], self.every)
        for j, one in enumerate(self.every):
            at = np.flatnonzero(self.best[cases, j] >= 0)
            if one.number and at.size:
                rows = self._nearer(rows, cases, at, one)
        whole = self.inputs.copy()
        for name in whole.columns if cases.size else ():
            whole[name] = _placed_in(whole[name], cases, rows[name])
        return Recourse(
            changed=whole,
            found=found,
            cost=self._final_costs(rows, cases),
            features=np.where(found, (self.best >= 0).sum(axis=1), 0),
        )

    def _nearer(self, rows: Table, cases: Ints, at: Ints, one: Options) -> Table:
        """Halve the change of one number again and again while it stays good."""
        name = one.feature.name
        start = self.inputs[name].to_numpy(dtype=float)[cases[at]]
        good, bad = rows[name].to_numpy(dtype=float)[at], start
        for _ in range(BISECTIONS):
            middle = snapped((good + bad) / 2, start, one.feature, whole=one.whole)
            tried = rows.iloc[at].reset_index(drop=True)
            put(tried, one, np.arange(len(at)), middle)
            fine = self._good(tried, scores(self.respond, tried), cases[at]) & (middle != start)
            fine &= (middle >= one.low) & (middle <= one.high)
            good, bad = np.where(fine, middle, good), np.where(fine, bad, middle)
        put(rows, one, at, good)
        return rows

    def _final_costs(self, rows: Table, cases: Ints) -> Floats:
        cost = np.full(len(self.inputs), np.inf)
        cost[cases] = 0.0
        for j, one in enumerate(self.every):
            at = np.flatnonzero(self.best[cases, j] >= 0)
            if not at.size:
                continue
            name = one.feature.name
            if one.number:
                moved = rows[name].to_numpy(float) - self.inputs[name].to_numpy(float)[cases]
                cost[cases[at]] += np.abs(moved[at]) / self.density.spread[name]
            else:
                cost[cases[at]] += 1.0
        return cost


def _placed_in(column: Table, at: Ints, values: Table) -> Table:
    import pandas as pd

    cells = column.astype(object).to_numpy().copy()
    cells[at] = values.astype(object).to_numpy()
    same = column.dtype == values.dtype
    return pd.Series(cells, index=column.index).astype(column.dtype if same else values.dtype)
