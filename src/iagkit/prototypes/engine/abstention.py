"""When the model does not decide: set by review capacity or by an error budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import UsageError

Floats = NDArray[np.float64]
NEVER = 2.0
"""A confidence that no answer reaches: everything goes to a person."""
STARTS = (0.1, 0.25, 0.5)
"""Shares from which the search for an error budget begins; each has a part of the doubt."""
STEP = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Answers with at least this confidence are given; the others go to a person."""

    threshold: float
    facts: dict[str, Any]


def learn_rule(
    confidence: Floats,
    correct: NDArray[np.bool_],
    *,
    clusters: NDArray[np.int64],
    review_share: float | None = None,
    max_error: float | None = None,
    level: float = 0.95,
    min_clusters: int = 30,
) -> Rule:
    """Learn the confidence from which an answer may be given without a person.

    With an error budget, growing shares of the most certain texts are tested in fixed
    sequences from several starts, each at its part of ``1 - level``; a sequence stops at the
    first share that may break the budget. So the chance of choosing a share that breaks it
    is at most ``1 - level`` [1]_. Each text has one vote, by one of its copies drawn at random
    [2]_: the budget is kept for texts still to come, however often they will be copied.

    Parameters
    ----------
    confidence, correct : ndarray, shape (n,)
        Out-of-fold confidence of the first answer, such as :func:`leads`, and whether it was the
        recorded label.
    clusters : ndarray of int, shape (n,)
        Copies of one text share a number.
    review_share : float, optional
        Share of cases that people can review.
    max_error : float, optional
        Share of wrong answers that is accepted among those given without a person.
    level : float
        Confidence of the error budget (one-sided).
    min_clusters : int
        Smallest number of texts a budget is judged on.

    Raises
    ------
    UsageError
        If both or neither are given, or one is not a share.

    References
    ----------
    .. [1] Angelopoulos, Bates, Candès, Jordan & Lei (2025). Learn then test. Annals of
       Applied Statistics 19(2); fixed-sequence testing.
    .. [2] Dunn, Wasserman & Ramdas (2023). JASA 118(544), 2491-2502; subsampling once.
    """
    if (review_share is None) == (max_error is None):
        msg = "give either --review-share or --max-error: one decides how many go to a person"
        raise UsageError(msg)
    asked = review_share if review_share is not None else max_error
    if asked is None or not 0 <= asked <= 1:
        msg = f"--review-share and --max-error are shares between 0 and 1; got {asked}"
        raise UsageError(msg)
    if review_share is not None:
        return _by_capacity(confidence, review_share)
    vote = _one_of_each(clusters)
    vote = vote[np.argsort(-confidence[vote], kind="stable")]
    kept = _largest_share(correct[vote], asked, level, min_clusters)
    threshold = float(confidence[vote[kept - 1]]) if kept else NEVER
    expected = float((confidence < threshold).mean())
    facts = {"rule": "max_error", "asked": asked, "review_share_expected": expected}
    return Rule(threshold=threshold, facts=facts)


def _one_of_each(clusters: NDArray[np.int64]) -> NDArray[np.int64]:
    """One row of each cluster, drawn at random but always the same."""
    shuffled = np.random.default_rng(0).permutation(len(clusters))
    return np.asarray(shuffled[np.unique(clusters[shuffled], return_index=True)[1]])


def _largest_share(correct: NDArray[np.bool_], budget: float, level: float, min_texts: int) -> int:
    """Find how many of the most certain texts keep the budget: the most of all sequences."""
    kept = 0
    for start in STARTS:
        for part in np.arange(start, 1 + STEP / 2, STEP):
            n = min(len(correct), int(np.floor(part * len(correct))))
            if n < min_texts:
                continue
            if _most_errors(int(n - correct[:n].sum()), n, (1 - level) / len(STARTS)) > budget:
                break
            kept = max(kept, n)
    return kept


def _most_errors(wrong: int, n: int, doubt: float) -> float:
    """Exact one-sided upper bound of a share of errors (Clopper & Pearson, 1934)."""
    from scipy.stats import beta

    return 1.0 if wrong == n else float(beta.ppf(1 - doubt, wrong + 1, n - wrong))


def _by_capacity(confidence: Floats, review_share: float) -> Rule:
    threshold = NEVER if review_share >= 1 else float(np.quantile(confidence, review_share))
    return Rule(threshold=threshold, facts={"rule": "review_share", "asked": review_share})


def leads(probability: Floats) -> Floats:
    """How sure the first answer of each case is beside the second alone, shape (n,).

    Of two cases with the same first probability, the one whose rest is spread over many answers
    is right more often than the one where a single rival holds it. So this decides who answers,
    and the probability is told.

    Parameters
    ----------
    probability : ndarray of float, shape (n, n_classes)
        Of two classes or more.

    Returns
    -------
    ndarray of float, shape (n,)
        ``first / (first + second)``, 0.5 to 1.

    Examples
    --------
    >>> leads(np.array([[0.6, 0.4, 0.0], [0.6, 0.2, 0.2]])).round(2).tolist()
    [0.6, 0.75]
    """
    two = np.partition(probability, -2, axis=1)[:, -2:]
    return np.asarray(two[:, 1] / two.sum(axis=1))


def decide(confidence: Floats, rule_threshold: float) -> NDArray[np.bool_]:
    """Tell which answers are given without a person."""
    return np.asarray(confidence >= rule_threshold)


def alternatives(probability: Floats, classes: Sequence[str]) -> dict[str, Any]:
    """Second and third choice of each case, for the person who decides.

    Returns
    -------
    dict
        ``second``, ``second_probability``, ``third``, ``third_probability``: arrays of
        shape (n,), those of the third only if there are three classes.
    """
    order = np.argsort(-probability, axis=1, kind="stable")
    names, rows = np.asarray(classes, dtype=object), np.arange(len(order))
    found: dict[str, Any] = {}
    for place, name in enumerate(("second", "third")[: len(classes) - 1], start=1):
        found[name] = names[order[:, place]]
        found[f"{name}_probability"] = probability[rows, order[:, place]]
    return found
