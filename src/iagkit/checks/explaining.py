"""Explanations of a run's cases, made once and used by every check that judges them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from iagkit.checks.asked import background, draw, inputs_of, silent
from iagkit.core.errors import DataError, ModelError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Run
from iagkit.explain.attribution import Attribution, attribute, drawn
from iagkit.explain.faithfulness import (
    Faithfulness,
    Stability,
    faithfulness,
    neighbours,
    stability,
)
from iagkit.explain.noise import shaken
from iagkit.explain.tables import Table, usual_spread

CASES = 300
DELETED_TO = 20
"""Background rows whose values stand for a deleted input."""
NEIGHBOURS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The cases explained, and what was said of them.

    Parameters
    ----------
    run : Run
        With these cases only.
    attribution : Attribution
    """

    run: Run
    attribution: Attribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Whether explanations follow the model and hold for near neighbours."""

    faithful: Faithfulness
    stable: Stability | None


def explained(run: Run, *, cases: int = CASES, seed: int = 0) -> Explained | Message:
    """Explain a sample of the cases, or say why that cannot be done.

    Evidence ``explainer``, a function from inputs to one number a case and input, is an
    explanation of the institution's own; without it iagkit's is used.
    """
    made = run.outcome.evidence.get("explained")
    if isinstance(made, Explained):
        return made
    if (because := silent(run)) is not None:
        return because
    part = draw(run, cases, seed)
    try:
        found = _explainer(part)(inputs_of(part), 0)
    except (ModelError, DataError):
        return say("the explanations do not give one number a case and input of the model")
    return Explained(run=part, attribution=found)


def examined(known: Explained, *, seed: int = 0) -> Examined | Message:
    """Test explanations, or say why that cannot be done."""
    made = known.run.outcome.evidence.get("examined")
    if isinstance(made, Examined):
        return made
    inputs = inputs_of(known.run)
    if inputs.shape[1] < 2:
        return say("a model with a single input needs no explanation of which input counts")
    others = drawn(background(known.run), DELETED_TO, seed)
    try:
        follows = faithfulness(
            known.run.outcome.respond, inputs, others, known.attribution.values, seed=seed
        )
    except (ModelError, DataError):
        return say("the model does not answer cases whose inputs are mixed with those of others")
    return Examined(faithful=follows, stable=_stable(known, inputs))


def _stable(known: Explained, inputs: Table) -> Stability | None:
    """Compare with near neighbours; nothing if no number of the inputs can be shaken."""
    spread = usual_spread(background(known.run))
    if not any(width > 0 for width in spread.values()):
        return None
    near = neighbours(
        _explainer(known.run), lambda seed: shaken(inputs, spread, seed=seed), draws=NEIGHBOURS
    )
    return stability(known.attribution, *near)


def _explainer(run: Run) -> Callable[[Table, int], Attribution]:
    own = run.outcome.evidence.get("explainer")
    if own is not None:
        return lambda table, _: _given(own, table)
    others, outcome = background(run), run.outcome
    model = outcome.evidence.get("model") if outcome.model is None else outcome.model
    return lambda table, seed: attribute(outcome.respond, table, others, model=model, seed=seed)


def _given(explainer: Callable[[Table], Any], table: Table) -> Attribution:
    try:
        values = np.asarray(explainer(table), dtype=float)
    except (TypeError, ValueError) as problem:
        msg = "'explainer' must turn inputs into numbers, one a case and input; it did not"
        raise DataError(msg) from problem
    if values.shape != table.shape or not np.isfinite(values).all():
        msg = (
            f"'explainer' must give one finite number a case and input, {table.shape}; got "
            f"{values.shape}"
        )
        raise DataError(msg)
    names = tuple(map(str, table.columns))
    return Attribution(values=values, base=0.0, features=names, method="given")
