"""Numbers of yes-or-no predictions, for every group at once, from the four counts.

Every rate is one share: which of true and false positives and negatives are counted, among which.
Names are those of scikit-learn and fairlearn. A rate of nobody is undefined and says which
denominator is empty; it is never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.shares import Shares, shares

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of a confusion matrix.

    Parameters
    ----------
    hits, among : frozenset of {"tp", "fp", "fn", "tn"}
        What counts, and what could count.
    """

    hits: frozenset[str]
    among: frozenset[str]


def _rate(hits: str, among: str) -> Rate:
    return Rate(frozenset(hits.split()), frozenset(among.split()))


RATES: Mapping[str, Rate] = MappingProxyType(
    {
        "selection_rate": _rate("tp fp", "tp fp fn tn"),
        "true_positive_rate": _rate("tp", "tp fn"),
        "false_positive_rate": _rate("fp", "fp tn"),
        "true_negative_rate": _rate("tn", "fp tn"),
        "false_negative_rate": _rate("fn", "tp fn"),
        "precision": _rate("tp", "tp fp"),
        "negative_predictive_value": _rate("tn", "tn fn"),
        "false_discovery_rate": _rate("fp", "tp fp"),
        "false_omission_rate": _rate("fn", "tn fn"),
        "accuracy": _rate("tp tn", "tp fp fn tn"),
        "prevalence": _rate("tp fn", "tp fp fn tn"),
    }
)
"""Rates by name; definitions as in scikit-learn and fairlearn (``selection_rate`` is also the
predicted prevalence, ``precision`` the positive predictive value)."""

CRITERIA: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "demographic_parity": ("selection_rate",),
        "equal_opportunity": ("true_positive_rate",),
        "predictive_equality": ("false_positive_rate",),
        "equalized_odds": ("true_positive_rate", "false_positive_rate"),
        "predictive_parity": ("precision",),
        "conditional_use_accuracy": ("precision", "negative_predictive_value"),
        "overall_accuracy_equality": ("accuracy",),
    }
)
"""Fairness criteria and the rates whose gaps are to be small (Verma & Rubin 2018, FairWare)."""


def quadrants(cells: Cells, positive: str) -> dict[str, Mask]:
    """Cells of true and false positives and negatives.

    Parameters
    ----------
    cells : Cells
        Counted with a prediction; without a truth, predictions alone decide and every cell
        stands as a true one (only ``selection_rate`` then means anything).
    positive : str
        The label that stands for yes.

    Returns
    -------
    dict of str to ndarray of bool, shape (n_cells,)
        ``tp``, ``fp``, ``fn``, ``tn``; cells whose truth or prediction is missing are in none.

    Raises
    ------
    DataError
        If there is no prediction, or no such label.
    """
    yes = label_code(cells, positive)
    if cells.prediction is None:
        msg = "expected a column of predictions; none was counted. Name it as 'prediction'"
        raise DataError(msg)
    known = cells.prediction != UNKNOWN
    told = cells.prediction == yes
    true = told
    if cells.truth is not None:
        known, true = known & (cells.truth != UNKNOWN), cells.truth == yes
    return {
        "tp": known & told & true,
        "fp": known & told & ~true,
        "fn": known & ~told & true,
        "tn": known & ~told & ~true,
    }


def label_code(cells: Cells, positive: str) -> int:
    """Number of a label.

    Raises
    ------
    DataError
        If truth and predictions never say it.
    """
    if positive not in cells.labels:
        msg = (
            f"expected '{positive}' as the label that stands for yes; truth and prediction say "
            f"{', '.join(cells.labels[:20])}.{did_you_mean(positive, cells.labels)}"
        )
        raise DataError(msg)
    return cells.labels.index(positive)


def confusion(cells: Cells, groups: Groups, positive: str) -> Floats:
    """Rows (or weight) of each group by truth and prediction.

    Parameters
    ----------
    cells : Cells
    groups : Groups
        Of the same cells.
    positive : str

    Returns
    -------
    ndarray of float, shape (n_groups, 2, 2)
        ``[group, truth, prediction]``, 1 being ``positive``; as scikit-learn lays it out.
    """
    each = quadrants(cells, positive)
    parts = [groups.total(cells.mass, each[q]) for q in ("tn", "fp", "fn", "tp")]
    return np.stack(parts, axis=1).reshape(groups.of, 2, 2)


def rate_shares(metric: str, cells: Cells, groups: Groups, *, positive: str) -> Shares:
    """Numerator and denominator of one rate in each group.

    Raises
    ------
    DataError
        If there is no such rate.
    """
    return rates_of((metric,), cells, groups, positive=positive)[metric]


def rates_of(
    metrics: tuple[str, ...], cells: Cells, groups: Groups, *, positive: str
) -> dict[str, Shares]:
    """Several rates of the same groups; see :func:`rate_shares`."""
    for metric in metrics:
        if metric not in RATES:
            msg = (
                f"expected one of {', '.join(RATES)}; got '{metric}'.{did_you_mean(metric, RATES)}"
            )
            raise DataError(msg)
    each = quadrants(cells, positive)

    def either(parts: frozenset[str]) -> Mask:
        return np.asarray(np.any([each[q] for q in sorted(parts)], axis=0), dtype=bool)

    return {
        metric: shares(cells, groups, either(RATES[metric].hits), either(RATES[metric].among))
        for metric in metrics
    }


def estimates(
    metric: str, cells: Cells, groups: Groups, *, positive: str, level: float = 0.95
) -> tuple[Estimate | Message, ...]:
    """One rate of each group with its interval, or why it is undefined.

    Parameters
    ----------
    metric : str
        A name of :data:`RATES`.
    cells : Cells
    groups : Groups
    positive : str
    level : float

    Returns
    -------
    tuple of Estimate or Message, length n_groups

    Notes
    -----
    Wilson's interval, guarded (:func:`iagkit.measures.shares.guarded_limits`), at as many cases
    as weighted or clustered rows are worth. Each holds for itself; gaps hold together.
    """
    found = rate_shares(metric, cells, groups, positive=positive)
    return told(found, nobody(metric, positive), level=level)


def told(found: Shares, because: Message, *, level: float = 0.95) -> tuple[Estimate | Message, ...]:
    """Shares as estimates with their intervals; ``because`` where there is no case."""
    low, high = found.intervals(checked_level(level))
    pieces = [None] * len(low) if found.clusters is None else found.clusters.tolist()
    rows = zip(
        found.value.tolist(), found.n.tolist(), low.tolist(), high.tolist(), pieces, strict=True
    )
    return tuple(
        Estimate(value=v, n=n, low=min(a, v), high=max(b, v), level=level, clusters=c)
        if n > 0
        else because
        for v, n, a, b, c in rows
    )


def nobody(metric: str, positive: str) -> Message:
    """Why a rate of a group is undefined: which denominator is empty."""
    among = RATES[metric].among
    if among == {"tp", "fn"}:
        return say("no case of this group is truly '{positive}'", positive=positive)
    if among == {"fp", "tn"}:
        return say("every case of this group is truly '{positive}'", positive=positive)
    if among == {"tp", "fp"}:
        return say("no case of this group was predicted '{positive}'", positive=positive)
    if among == {"tn", "fn"}:
        return say("every case of this group was predicted '{positive}'", positive=positive)
    return say("no case of this group has both a truth and a prediction")
