"""Which cases people should read next, so that their answers teach the most.

The review queue doubles as active labelling: the cases between whose two best answers the model
wavers come first [1]_, near copies of a case already on the list wait for the next list, and a
part is drawn by lot. Only that part tells how often the model is right, for the rest was chosen
because it is hard; so every line says how it came onto the list.

References
----------
.. [1] Settles, B. (2012). Active Learning. Morgan & Claypool, chapter 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import UsageError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
BY_LOT = "by lot"
UNSURE = "unsure"
AT_RANDOM = 0.1
"""Share of a list that is drawn by lot."""
ALIKE = 0.6
"""Cosine from which a case would teach what another of the same list already teaches."""
PART = 0.2
"""Share of the unsure documents of a run that head the review list because they teach most."""
LOOKED_AT = 5
"""So many times the places of the list are looked through for cases unlike one another."""
STEADY = 0.05
"""Stopping tolerance of the solver: closer solutions answer no better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Cases for people, in the order they should be read.

    Parameters
    ----------
    places : ndarray of int, shape (n_listed,)
        Rows of the pool.
    drawn : tuple of str, length n_listed
        ``"unsure"`` or ``"by lot"``: how each came onto the list.
    passed_over : int
        Unsure cases that were left for later because the list holds one like them.
    """

    places: Ints
    drawn: tuple[str, ...]
    passed_over: int

    def __len__(self) -> int:
        """Return the number of cases listed."""
        return int(self.places.size)

    @property
    def by_lot(self) -> Ints:
        """Rows that speak for the whole pool."""
        return self.places[[how == BY_LOT for how in self.drawn]]


def declared(params: Mapping[str, Any]) -> float:
    """Share of the unsure documents that a declaration gives to learning, under ``labelling``.

    Raises
    ------
    UsageError
        If it is no share.
    """
    asked = params.get("labelling", PART)
    if isinstance(asked, bool) or not isinstance(asked, int | float) or not 0 <= asked <= 1:
        msg = (
            "expected 'labelling' under 'params' to be a share from 0 to 1; got another value. "
            "Write 0 to list no document for what it teaches"
        )
        raise UsageError(msg)
    return float(asked)


def margins(scores: Floats) -> Floats:
    """How far the best answer of each case stands before the second.

    Parameters
    ----------
    scores : ndarray of float, shape (n_cases, n_classes)
        Probabilities or scores, of two classes or more.

    Returns
    -------
    ndarray of float, shape (n_cases,)
    """
    two = np.partition(scores, -2, axis=1)[:, -2:]
    return np.asarray(two[:, 1] - two[:, 0])


def next_cases(
    scores: Floats,
    design: Any,
    *,
    many: int,
    at_random: float = AT_RANDOM,
    alike: float = ALIKE,
    seed: int = 0,
) -> Queue:
    """List the cases of a pool that people should read next.

    Parameters
    ----------
    scores : ndarray of float, shape (n_cases, n_classes)
        Of the present model, for cases that nobody has read.
    design : csr_matrix, shape (n_cases, n_features)
        Their features, rows of norm one.
    many : int
        Places of the list; all cases if there are fewer.
    at_random : float
        Share of the places given by lot, 0 to 1; with 0 nothing can be said of all cases.
    alike : float
        Cosine from which two cases are too alike for one list, unless places stay empty.
    seed : int

    Returns
    -------
    Queue
        The least sure first, those drawn by lot scattered among them.

    Raises
    ------
    UsageError
        If ``many`` is not positive or a share is outside 0 to 1.

    Examples
    --------
    >>> from scipy.sparse import identity
    >>> told = np.array([[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]])
    >>> next_cases(told, identity(3, format="csr"), many=2, at_random=0).places.tolist()
    [1, 2]
    """
    _refuse(many, at_random, alike)
    random = np.random.default_rng(seed)
    many = min(many, len(scores))
    lot = np.sort(random.permutation(len(scores))[: round(many * at_random)])
    order = np.argsort(margins(scores), kind="stable")
    order = order[~np.isin(order, lot)]
    unsure, passed = _unlike(design, order, many - lot.size, alike)
    places = np.concatenate([unsure, lot]).astype(np.intp)
    how = np.array([UNSURE] * unsure.size + [BY_LOT] * lot.size, dtype=object)
    mixed = _scattered(unsure.size, lot.size, random)
    return Queue(places=places[mixed], drawn=tuple(how[mixed]), passed_over=passed)


def _refuse(many: int, at_random: float, alike: float) -> None:
    if many < 1 or not (0 <= at_random <= 1 and 0 < alike <= 1):
        msg = (
            "expected at least one place, a share by lot from 0 to 1 and a likeness above 0 up to "
            f"1; got {many}, {at_random:g} and {alike:g}. Mend the settings of the list"
        )
        raise UsageError(msg)


def _unlike(design: Any, order: Ints, many: int, alike: float) -> tuple[Ints, int]:
    """First ``many`` of an order that are unlike one another, filled up if they are too few."""
    if many == 0:
        return order[:0], 0
    near = order[: LOOKED_AT * many]
    part = design[near]
    close = (part @ part.T).tocsr()
    kept: list[int] = []
    barred = np.zeros(near.size, dtype=bool)
    for at in range(near.size):
        if len(kept) == many:
            break
        if not barred[at]:
            kept.append(at)
            row = slice(close.indptr[at], close.indptr[at + 1])
            barred[close.indices[row][close.data[row] >= alike]] = True
    rest = np.delete(order, kept)[: many - len(kept)]
    passed = 0 if len(kept) < many else kept[-1] + 1 - many
    return np.concatenate([near[kept], rest]), passed


def _scattered(first: int, second: int, random: np.random.Generator) -> Ints:
    """Order that keeps both parts in theirs, and mixes them."""
    behind = np.zeros(first + second, dtype=bool)
    behind[random.permutation(first + second)[:second]] = True
    found = np.empty(first + second, dtype=np.intp)
    found[~behind], found[behind] = np.arange(first), np.arange(first, first + second)
    return found


def fit_quickly(design: Any, labels: Sequence[str], *, strength: float = 1.0, seed: int = 0) -> Any:
    """Train a linear model in the seconds between two lists.

    Parameters
    ----------
    design : csr_matrix, shape (n_cases, n_features)
    labels : sequence of str, shape (n_cases,)
        Of two classes or more.
    strength : float
        Inverse of the ridge penalty.
    seed : int

    Returns
    -------
    LinearSVC
        ``decision_function(design)``, ``predict(design)``, ``classes_``.
    """
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=strength, tol=STEADY, random_state=seed)
    return model.fit(design, np.asarray(labels, dtype=object).astype(str))


def scores_of(model: Any, design: Any) -> Floats:
    """Scores of all classes, also where there are only two, shape (n_cases, n_classes)."""
    found = np.asarray(model.decision_function(design), dtype=float)
    return np.stack([-found, found], axis=1) if found.ndim == 1 else found
