"""The methods: each learns from the same people and tells a chance of being granted.

A chance strictly between 0 and 1 means that a draw decides. This module is the door to
fairlearn [1]_; its warnings about pandas to come are not for the reader of an audit.

References
----------
.. [1] Weerts, H. et al. (2023). Fairlearn: Assessing and improving fairness of AI systems.
   JMLR 24(257), 1-8.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from iagkit.core.errors import DataError, UsageError
from iagkit.measures.arrays import Floats
from iagkit.prototypes.mitigation.cases import Flags, Labels
from iagkit.prototypes.mitigation.reweigh import reweighing
from iagkit.prototypes.mitigation.thresholds import group_thresholds

ROUNDS = 20
"""Most rounds of the exponentiated gradient, 50 in fairlearn; each trains up to five models."""
DIGITS = 9
"""Weights of several models add up to 1 only nearly; no draw hangs on the tenth digit."""
RATES: Mapping[str, tuple[str, ...]] = {
    "demographic_parity": ("selection_rate",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "true_positive_rate_parity": ("true_positive_rate",),
    "false_positive_rate_parity": ("false_positive_rate",),
}
"""Constraint → the rates that it asks to be alike in all groups."""
MOMENTS = {
    "demographic_parity": "DemographicParity",
    "equalized_odds": "EqualizedOdds",
    "true_positive_rate_parity": "TruePositiveRateParity",
    "false_positive_rate_parity": "FalsePositiveRateParity",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One part of the cases: what a decision rests on, the truth, the group."""

    inputs: Any
    truth: Flags
    groups: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What every method gets: the same people, the same estimator, one constraint.

    Parameters
    ----------
    fit, choose, test : People
        To learn from, to choose on, and to answer; methods never see the truth of the last.
    estimator : classifier
        Not fitted.
    base : classifier
        The same, fitted on ``fit``.
    constraint : str
        A key of :data:`RATES`.
    limit : float
        Largest gap that thresholds may leave among the people they are chosen on.
    """

    fit: People
    choose: People
    test: People
    estimator: Any
    base: Any
    constraint: str
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to decide.

    Parameters
    ----------
    chance : callable
        Study → chance of each person of the test part to be granted, shape (n_test,).
    needs_group : bool
        Whether the group of a person must be known when the decision is made.
    weighs : bool
        Whether the estimator must take a weight for each person.
    """

    chance: Callable[[Study], Floats]
    needs_group: bool = False
    weighs: bool = False


def fitted(estimator: Any, people: People, weights: Floats | None = None) -> Any:
    """Train a copy of an estimator.

    Raises
    ------
    DataError
        If it refuses; its own words are not told, they may hold a cell.
    """
    from sklearn.base import clone

    told = {} if weights is None else {weight_name(estimator): weights}
    with _refusing(estimator):
        return clone(estimator, safe=False).fit(people.inputs, people.truth.astype(int), **told)


def weight_name(estimator: Any) -> str:
    """Name under which an estimator, or the last step of a pipeline, takes weights.

    Raises
    ------
    UsageError
        If it takes none.
    """
    from sklearn.utils.validation import has_fit_parameter

    steps = getattr(estimator, "steps", None)
    last, prefix = (steps[-1][1], f"{steps[-1][0]}__") if steps else (estimator, "")
    if not has_fit_parameter(last, "sample_weight"):
        told = ", ".join(name for name, method in METHODS.items() if method.weighs)
        msg = (
            f"expected an estimator whose 'fit' takes 'sample_weight'; {type(last).__name__} does "
            f"not. Use another one, or leave out the methods {told}"
        )
        raise UsageError(msg)
    return f"{prefix}sample_weight"


def scores(model: Any, people: People) -> Floats:
    """How likely each person is granted, as fairlearn reads it off an estimator."""
    with _refusing(model):
        if hasattr(model, "predict_proba"):
            return np.asarray(model.predict_proba(people.inputs)[:, 1], dtype=float)
        if hasattr(model, "decision_function"):
            return np.asarray(model.decision_function(people.inputs), dtype=float)
        return _answers(model, people)


def counted_in(rate: str, truth: Flags) -> Flags:
    """Those among whom a rate is counted."""
    among = {"true_positive_rate": truth, "false_positive_rate": ~truth}
    return among.get(rate, np.ones(len(truth), dtype=bool))


def chosen_thresholds(study: Study, *, limit: float) -> Floats:
    """Decisions with one threshold a group, chosen for a limit on the gap."""
    part = study.choose
    rates = {rate: counted_in(rate, part.truth) for rate in RATES[study.constraint]}
    own = group_thresholds(
        scores(study.base, part), part.truth, part.groups, rates=rates, limit=limit
    )
    limits = np.array([own[group] for group in study.test.groups])
    return np.asarray(scores(study.base, study.test) >= limits, dtype=float)


def _baseline(study: Study) -> Floats:
    return _answers(study.base, study.test)


def _reweighing(study: Study) -> Floats:
    weights = reweighing(study.fit.truth, study.fit.groups)
    return _answers(fitted(study.estimator, study.fit, weights), study.test)


def _group_thresholds(study: Study) -> Floats:
    return chosen_thresholds(study, limit=study.limit)


def _threshold_optimizer(study: Study) -> Floats:
    from fairlearn.postprocessing import ThresholdOptimizer

    optimizer = ThresholdOptimizer(
        estimator=study.base, constraints=study.constraint, prefit=True, predict_method="auto"
    )
    part, test = study.choose, study.test
    with _refusing(study.base):
        optimizer.fit(part.inputs, part.truth.astype(int), sensitive_features=part.groups)
        told = optimizer._pmf_predict(test.inputs, sensitive_features=test.groups)
    return np.asarray(told[:, 1], dtype=float).round(DIGITS)


def _exponentiated_gradient(study: Study) -> Floats:
    from fairlearn import reductions

    gradient = reductions.ExponentiatedGradient(
        study.estimator,
        getattr(reductions, MOMENTS[study.constraint])(),
        max_iter=ROUNDS,
        sample_weight_name=weight_name(study.estimator),
    )
    part = study.fit
    with _refusing(study.estimator):
        gradient.fit(part.inputs, part.truth.astype(int), sensitive_features=part.groups)
        pairs = zip(
            gradient.predictors_, gradient.weights_[gradient.predictors_.index], strict=True
        )
        told = [weight * _answers(model, study.test) for model, weight in pairs if weight > 0]
    return np.asarray(np.sum(told, axis=0), dtype=float).round(DIGITS)


def _answers(model: Any, people: People) -> Floats:
    return np.asarray(model.predict(people.inputs), dtype=float)


@contextmanager
def _refusing(estimator: Any) -> Iterator[None]:
    """What an estimator says of its inputs may hold a cell; only its kind is told."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            warnings.filterwarnings("ignore", category=FutureWarning)
            yield
    except (TypeError, ValueError) as refusal:
        msg = (
            f"expected inputs that {type(estimator).__name__} can learn from; it refused them with "
            f"a {type(refusal).__name__}. Missing values and texts must be dealt with by the "
            "estimator itself: use a Pipeline, or 'boosting', or name other inputs"
        )
        raise DataError(msg) from None


METHODS: Mapping[str, Method] = {
    "baseline": Method(chance=_baseline),
    "threshold_optimizer": Method(chance=_threshold_optimizer, needs_group=True),
    "exponentiated_gradient": Method(chance=_exponentiated_gradient, weighs=True),
    "reweighing": Method(chance=_reweighing, weighs=True),
    "group_thresholds": Method(chance=_group_thresholds, needs_group=True),
}
"""Registered ways to decide, in the order in which they are told; none is preferred."""
