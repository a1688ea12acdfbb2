"""How urgent a document is: learnt from a yes/no column, or from classes declared urgent.

The score orders what people read; it never decides a matter, and nothing is left unread for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.message import Message
from iagkit.core.registry import did_you_mean
from iagkit.measures.queues import patience_for
from iagkit.measures.urgency import Urgency
from iagkit.prototypes.engine.candidates import LinearScorer, folds_of
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.linear import Linear, Rows, fit, softmax_loss

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Declared",
    "Urgency",
    "declared",
    "evidence",
    "learn",
    "score_of",
    "scores",
    "yes_or_no",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]
YES = frozenset({"yes", "y", "true", "1", "si", "sí", "s", "sim", "urgente", "urgent"})
NO = frozenset(
    {"no", "n", "false", "0", "não", "nao", "normal", "no urgente", "não urgente", "not urgent"}
)
NAMES = ["no", "yes"]
STRENGTHS = (1.0, 10.0, 100.0)
FEWEST = 20
"""Urgent cases in training, below which nothing is learnt of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What an institution says of urgency, under ``urgency`` in the params of a prototype.

    Parameters
    ----------
    capacity : float, cases a day
        That people can read.
    column : str, optional
        Column that says whether a case was urgent.
    yes : tuple of str
        Values of it that mean urgent, where it does not say yes or no.
    classes : tuple of str
        Classes that are urgent by themselves, in place of a column.
    patience_days : float
        After so many days a case without urgency goes before any new one.
    longest_wait_days : int, optional
        Promise from which the patience is computed instead.
    arriving : float, cases a day, optional
        That come, where the table has no dates.
    """

    capacity: float
    column: str | None = None
    yes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    patience_days: float = 30.0
    longest_wait_days: int | None = None
    arriving: float | None = None


def declared(params: Mapping[str, Any]) -> Declared | None:
    """Read the declaration of urgency, if there is one.

    Raises
    ------
    DeclarationError
        If it has unknown keys, no positive capacity, or names neither or both of a column and
        classes.
    """
    told = params.get("urgency")
    if told is None:
        return None
    known = [f.name for f in fields(Declared)]
    if strange := [name for name in told if name not in known]:
        msg = (
            f"expected {', '.join(known)} under 'urgency'; got '{strange[0]}'."
            f"{did_you_mean(str(strange[0]), known)}"
        )
        raise DeclarationError(msg)
    lists = {name: tuple(map(str, told.get(name) or ())) for name in ("yes", "classes")}
    _refuse(told, lists["classes"])
    return Declared(**{**told, **lists})


def with_options(
    params: Mapping[str, Any],
    *,
    capacity: float | None = None,
    column: str | None = None,
    classes: Sequence[str] = (),
) -> dict[str, Any]:
    """Put what a person said beside the table in the place of what is declared.

    Parameters
    ----------
    params : mapping
        Of a prototype.
    capacity : float, cases a day, optional
    column : str, optional
        Says what was urgent; then no class is urgent by itself.
    classes : sequence of str
        Urgent by themselves; then no column is read.

    Returns
    -------
    dict
        The same, if nothing was said.

    Raises
    ------
    DeclarationError
        As :func:`declared`.
    """
    if capacity is None and column is None and not classes:
        return dict(params)
    told = dict(params.get("urgency") or {})
    if column is not None or classes:
        told = {k: v for k, v in told.items() if k not in ("column", "yes", "classes")}
    said = {"capacity": capacity, "column": column, "classes": list(classes) or None}
    told |= {name: value for name, value in said.items() if value is not None}
    declared({"urgency": told})
    return {**params, "urgency": told}


def _refuse(told: Mapping[str, Any], classes: tuple[str, ...]) -> None:
    for name in ("capacity", "patience_days", "longest_wait_days", "arriving"):
        value = told.get(name, 1)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and 0 < value < np.inf):
            msg = f"expected a number above 0 for '{name}' under 'urgency'; got {value!r}"
            raise DeclarationError(msg)
    if told.get("capacity") is None or (told.get("column") is None) != bool(classes):
        msg = (
            "expected under 'urgency' a capacity (cases a day), and either the column that says "
            "what was urgent or the classes that are; give --capacity and --urgent or "
            "--urgent-class"
        )
        raise DeclarationError(msg)


def yes_or_no(column: pd.Series[Any], yes: Sequence[str] = ()) -> Flags:
    """Whether each case was urgent: 1 yes, 0 no, -1 nobody said.

    Parameters
    ----------
    column : Series
        Yes or no in Spanish, Portuguese or English, 1 and 0, or anything with ``yes`` told.
    yes : sequence of str
        Values that mean urgent; all others then mean no.

    Raises
    ------
    DataError
        If values are neither and ``yes`` is not told, or none or all are urgent.
    """
    from iagkit.prototypes.engine.model import label_text

    gone = column.isna().to_numpy()
    values = np.array([label_text(v).casefold() for v in column], dtype=object)
    wanted = {str(v).casefold() for v in yes} or YES
    hit = np.isin(values, list(wanted))
    other = ~hit & ~gone & ~np.isin(values, list(NO))
    if not yes and other.any():
        msg = (
            f"expected yes or no in the column '{column.name}'; {int(other.sum())} of "
            f"{len(column)} rows say something else. Name the urgent values under 'yes'"
        )
        raise DataError(msg)
    found = np.where(gone, -1, hit.astype(int)).astype(np.int8)
    if not hit.any() or not (found == 0).any():
        msg = (
            f"expected urgent cases and others in the column '{column.name}'; got "
            f"{int(hit.sum())} urgent of {len(column)}. Name the urgent values under 'yes'"
        )
        raise DataError(msg)
    return found


def score_of(probability: Floats, classes: Sequence[str], urgent: Sequence[str]) -> Floats:
    """Probability that a case is of a class declared urgent, shape (n,).

    Parameters
    ----------
    probability : ndarray of float, shape (n, n_classes)
        Calibrated.
    classes : sequence of str
        In the order of the columns.
    urgent : sequence of str

    Raises
    ------
    DeclarationError
        If none of the urgent classes was learnt.
    """
    held = np.isin(np.asarray(classes, dtype=object).astype(str), list(urgent))
    if not held.any():
        msg = (
            f"expected urgent classes among those learnt; '{urgent[0]}' is not one."
            f"{did_you_mean(urgent[0], classes)}"
        )
        raise DeclarationError(msg)
    return np.asarray(np.clip(probability[:, held].sum(axis=1), 0.0, 1.0))


def learn(
    texts: Sequence[str],
    urgent: Flags,
    *,
    clusters: Sequence[int] | NDArray[Any],
    features: HashedTfidf | None = None,
    seed: int = 0,
) -> LinearScorer:
    """Learn a linear score of urgency from training texts.

    Parameters
    ----------
    texts : sequence of str, shape (n,)
    urgent : ndarray of int, shape (n,)
        As :func:`yes_or_no` tells it; texts of which nobody said are not learnt from.
    clusters : sequence of int, shape (n,)
        Copies of one text; they stand on one side when the strength is chosen.
    features : HashedTfidf, optional
        Already fitted; by default words and pairs of these texts.
    seed : int

    Returns
    -------
    LinearScorer
        Of the classes ``no`` and ``yes``; explains itself word by word, and can be kept on disk.

    Raises
    ------
    DataError
        If fewer than 20 urgent texts, or others, are left.
    """
    known = np.flatnonzero(urgent >= 0).tolist()
    y = urgent[known].astype(np.intp)
    if min(int(y.sum()), int((1 - y).sum())) < FEWEST:
        msg = (
            f"expected at least {FEWEST} urgent cases and {FEWEST} others to learn from; got "
            f"{int(y.sum())} and {int((1 - y).sum())}. Bring more, or declare urgent classes"
        )
        raise DataError(msg)
    own = [texts[i] for i in known]
    if features is None:
        features = HashedTfidf(letter_sizes=())
        design = features.fit_transform(own)
    else:
        design = features.transform(own)
    codes = np.unique(np.asarray(clusters)[known], return_inverse=True)[1].reshape(-1)
    model = _best(design, y, codes.astype(np.intp), seed)
    return LinearScorer(
        features=features, offices=[], own=0.0, crossed=0.0,
        pairs=np.empty(0, dtype=np.int64), coef=model.coef, intercept=model.intercept,
        classes=list(NAMES),
    )  # fmt: skip


def _best(design: Any, y: NDArray[np.intp], cluster: NDArray[np.intp], seed: int) -> Linear:
    """Refit, on all cases, the strength that tells a fifth of the texts best."""
    weight = np.asarray(1 / np.sqrt(np.bincount(cluster)[cluster]))
    held = folds_of(y, cluster, folds=5, seed=seed) == 0
    rows = np.arange(len(y))
    part = Rows(rows[~held], y[~held], weight[~held])
    losses = [
        _loss(fit(design, part, n_classes=2, loss="softmax", strength=s), design[held], y[held])
        for s in STRENGTHS
    ]
    strength = STRENGTHS[int(np.argmin(losses))]
    return fit(design, Rows(rows, y, weight), n_classes=2, loss="softmax", strength=strength)


def _loss(model: Linear, design: Any, y: NDArray[np.intp]) -> float:
    return float(softmax_loss(model.scores(design), y)[0].mean())


def scores(scorer: LinearScorer, texts: Sequence[str]) -> Floats:
    """How urgent texts look to a learnt score, shape (n,), 0 to 1."""
    from scipy.special import expit

    found = scorer.logits(texts)
    return np.asarray(expit(found[:, 1] - found[:, 0]))


def evidence(
    asked: Declared,
    *,
    score: Floats,
    urgent: Flags,
    arrived: NDArray[np.datetime64] | None,
    share: float,
) -> Urgency:
    """Put together what the checks of urgency need.

    Parameters
    ----------
    asked : Declared
    score, urgent : ndarray, shape (n_heldout,)
    arrived : ndarray of datetime64, shape (n_heldout,), optional
        Day each held-out case came.
    share : float
        Held-out cases of all cases of the same days; 1 for a split by time.

    Returns
    -------
    Urgency
        With the patience that keeps the promised longest wait, where one was declared and can
        be kept; otherwise with that declared.
    """
    found = Urgency(
        score=score, urgent=urgent, capacity=float(asked.capacity), share=share,
        arrived=arrived, length=asked.arriving, patience=float(asked.patience_days),
    )  # fmt: skip
    if asked.longest_wait_days is None or found.why_no_times is not None:
        return found
    told = patience_for(found.load, capacity=found.part, longest=asked.longest_wait_days)
    return found if isinstance(told, Message) else replace(found, patience=float(told))
