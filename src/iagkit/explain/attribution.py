"""What each input adds to a score: exact where a closed form exists, sampled elsewhere.

One question for all models: how does the score of a case differ from the mean score of a
background, and which input carries how much of it (Shapley values of the interventional
game [1]_)? Linear models, alone or behind a preprocessing that works column by column, have a
closed form; trees are given to library ``shap`` [2]_; every other model is asked itself. An
answer of the first two is used only if it adds up to what the model really responds.

References
----------
.. [1] Janzing, D., Minorics, L. & Blöbaum, P. (2020). Feature relevance quantification in
   explainable AI: a causal problem. AISTATS, PMLR 108.
.. [2] Lundberg, S. M. et al. (2020). From local explanations to global understanding with
   explainable AI for trees. Nature Machine Intelligence 2, 56-67.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from iagkit.core.errors import DataError
from iagkit.explain.closed_form import linear_parts
from iagkit.explain.tables import Floats, Respond, Table, floats, numeric_columns, scores
from iagkit.explain.walks import sampled_values

Method = Literal["linear", "tree", "sampled", "given"]
BACKGROUND_ROWS = 50
"""Rows that trees and models asked themselves are compared with: the cost grows with them."""
CLOSE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Contributions of the inputs to the scores of some cases.

    Parameters
    ----------
    values : array of float, shape (n, d)
        Contributions; with ``base`` they add up to the score of each case.
    base : float
        Score that the cases are compared with: the mean over the background.
    features : tuple of str, length d
    method : {"linear", "tree", "sampled", "given"}
    unit : {"score", "log odds"}
        Scale on which they add up.
    """

    values: Floats
    base: float
    features: tuple[str, ...]
    method: Method
    unit: str = "score"

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(self.features):
            msg = (
                f"an attribution needs a column a feature, {len(self.features)}; got shape "
                f"{self.values.shape}"
            )
            raise DataError(msg)


def attribute(
    respond: Respond,
    inputs: Table,
    background: Table,
    *,
    model: Any = None,
    seed: int = 0,
) -> Attribution:
    """Divide the score of each case among the inputs.

    Parameters
    ----------
    respond : callable
        Table → one score of the positive class a row.
    inputs : DataFrame, shape (n, d)
        Cases to explain.
    background : DataFrame, shape (m, d)
        What they are compared with. Linear models use the mean of all of it, all others 50 rows,
        always the same.
    model : object, optional
        The fitted model, for closed forms; without it the model is asked through ``respond``.
    seed : int
        Orders in which a model that must be asked is asked.

    Returns
    -------
    Attribution

    Raises
    ------
    ModelError, DataError
        If ``respond`` does not give a score a row, or the tables do not fit one another.
    """
    for way in (_linear, _trees):
        found = way(model, inputs, background)
        if found is not None and (unit := _adds_up(found, respond, inputs)):
            return replace(found, unit=unit)
    rows = drawn(background, BACKGROUND_ROWS, 0)
    values, base = sampled_values(respond, inputs, rows, seed=seed)
    return Attribution(values=values, base=base, features=_names(inputs), method="sampled")


def drawn(table: Table, most: int, seed: int) -> Table:
    """At most so many rows, drawn with a seed, in their own order."""
    if len(table) <= most:
        return table
    kept = np.random.default_rng(seed).choice(len(table), most, replace=False)
    return table.iloc[np.sort(kept)]


def _names(inputs: Table) -> tuple[str, ...]:
    return tuple(map(str, inputs.columns))


def _adds_up(found: Attribution, respond: Respond, inputs: Table) -> str:
    """Scale on which contributions add up to what the model responds; empty if on none."""
    from scipy.special import expit

    total, seen = found.base + found.values.sum(axis=1), scores(respond, inputs)
    scales: dict[str, Callable[[Floats], Floats]] = {"score": np.asarray, "log odds": expit}
    return next((u for u, of in scales.items() if np.allclose(of(total), seen, atol=CLOSE)), "")


def _linear(model: Any, inputs: Table, background: Table) -> Attribution | None:
    """Closed form with the exact mean of the whole background, or nothing."""
    found = linear_parts(model, inputs, background)
    if found is None:
        return None
    return Attribution(
        values=found.values, base=found.base, features=_names(inputs), method="linear"
    )


def _trees(model: Any, inputs: Table, background: Table) -> Attribution | None:
    """Exact values of a tree model from ``shap``, or nothing where it cannot give them."""
    grown = ("tree_", "estimators_", "_predictors", "booster_", "get_booster")
    if not any(hasattr(model, name) for name in grown):
        return None
    if len(numeric_columns(inputs)) < inputs.shape[1]:
        return None
    import shap

    try:
        explainer = shap.TreeExplainer(model, floats(drawn(background, BACKGROUND_ROWS, 0)))
        values = np.asarray(explainer.shap_values(floats(inputs), check_additivity=False))
        base = np.ravel(explainer.expected_value)
    except Exception:  # noqa: BLE001 - shap raises its own kinds for models it does not know
        return None
    if values.ndim == 3 and values.shape[2] == 2:
        values = values[:, :, 1]
    if values.shape != inputs.shape:
        return None
    return Attribution(values=values, base=float(base[-1]), features=_names(inputs), method="tree")
