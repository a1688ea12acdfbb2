"""A few strong linear candidates, and the choice among them by grouped validation.

Selection sees training rows only: each candidate is scored on folds that keep every text group
together. The vocabulary and the idf are learnt once on all training *texts*, without labels.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError, ModelError
from iagkit.prototypes.engine.contest import Candidate, Task, contest, refit, score_all
from iagkit.prototypes.engine.features import Csr, HashedTfidf, WordShare
from iagkit.prototypes.engine.linear import Linear, Rows, Space
from iagkit.prototypes.engine.offices import Crossing, crossing, design_of, places
from iagkit.prototypes.engine.parts import PartsTfidf

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Features = HashedTfidf | PartsTfidf
COPIES = 0.5
FOLDS = 5
MOST_TEXTS = 3_000


CANDIDATES: dict[str, Candidate] = {
    "softmax": Candidate(
        loss="softmax", strengths=(1.0, 3.0, 10.0), balance=0.5, other_balances=(0.25, 0.75)
    ),
    "hinge": Candidate(loss="hinge", strengths=(0.1, 0.3, 1.0), balance=0.5),
    "squares": Candidate(loss="squares", strengths=(0.15, 0.5, 1.5), balance=0.5),
}
LONG: dict[str, Candidate] = {
    "joint": Candidate(loss="joint", strengths=(0.7, 1.0), balance=0.0),
}
"""For many long texts, where the others would take minutes."""
CONTEXTS: dict[str, tuple[float, float]] = {
    "added": (1.0, 0.0),
    "crossed": (3.0**0.5, 3.0**0.5),
}
"""Weight of an office by itself, and of each word at that office."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write the inputs as numbers."""

    features: Features
    crossing: Crossing
    design: Csr


class LinearScorer:
    """Texts (and the office addressed) → one score a class, linear in its features.

    Parameters
    ----------
    features : HashedTfidf or PartsTfidf
        Fitted feature pass.
    offices : list of str
        Offices known to the model; empty if it reads texts only. Others add nothing.
    own, crossed : float
        Weight of an office by itself, and of each text feature at that office.
    pairs : array of int64, shape (n_pairs,)
        Sorted ``office * n_features + feature`` of the crossed columns.
    coef : array of float64, shape (n_classes, n_features + n_offices + n_pairs)
        Coefficients of :meth:`design`.
    intercept : array of float64, shape (n_classes,)
        Scores of an empty text.
    classes : list of str
        In the order of the scores.
    """

    def __init__(
        self,
        *,
        features: Features,
        offices: list[str],
        own: float,
        crossed: float,
        pairs: NDArray[np.int64],
        coef: Floats,
        intercept: Floats,
        classes: list[str],
    ) -> None:
        self.features = features
        self.offices = offices
        self.own = own
        self.crossed = crossed
        self.pairs = pairs
        self.coef = coef
        self.intercept = intercept
        self.classes = classes

    def design(self, texts: Sequence[str], context: Sequence[str] | None = None) -> Csr:
        """Features of texts, shape (n_texts, n_columns): text, office, crossed."""
        found = self.features.transform(texts)
        if not self.offices:
            return found
        if context is None:
            msg = "texts and the office addressed were expected; got texts only. Name the column"
            raise ModelError(msg)
        crossed = Crossing(self.own, self.crossed, self.pairs, len(self.offices))
        return design_of(found, places(context, self.offices), crossed)

    def logits(self, texts: Sequence[str], context: Sequence[str] | None = None) -> Floats:
        """Scores, shape (n_texts, n_classes)."""
        return np.asarray(self.design(texts, context) @ self.coef.T) + self.intercept

    decision_function = logits

    def predict(self, texts: Sequence[str], context: Sequence[str] | None = None) -> list[str]:
        """Class with the highest score of each text."""
        return [self.classes[j] for j in self.logits(texts, context).argmax(axis=1)]

    def effects(self, column: int, office: str | None = None) -> Floats:
        """Coefficients of the text features for one class at one office, shape (n_features,)."""
        size = self.features.idf_.size
        coef = self.coef[column, :size].copy()
        place = int(places([office or ""], self.offices)[0])
        if place < 0:
            return coef
        low, high = np.searchsorted(self.pairs, [place * size, (place + 1) * size])
        start = size + len(self.offices)
        coef[self.pairs[low:high] - place * size] += (
            self.crossed * self.coef[column, start + low : start + high]
        )
        return coef

    def reasons(
        self, text: str, column: int, office: str | None = None
    ) -> tuple[list[WordShare], float]:
        """Divide one score exactly: shares of the words, and of the office by itself.

        Parameters
        ----------
        text : str
            One text.
        column : int
            Class, as its place in `classes`.
        office : str, optional
            The office addressed.

        Returns
        -------
        words : list of WordShare
            Share of each word of the text.
        office : float
            Share of the office. The shares and the intercept add up to the score.
        """
        place = int(places([office or ""], self.offices)[0])
        alone = self.own * self.coef[column, self.features.idf_.size + place] if place >= 0 else 0.0
        return self.features.attribute(text, self.effects(column, office)), float(alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The winner and how it won.

    Parameters
    ----------
    scorer : LinearScorer
        The winner, fitted on all training rows.
    classes : tuple
        Labels in the order of the scores.
    logits : array of float64, shape (n_rows, n_classes)
        Out-of-fold scores of the winner for every training row.
    table : tuple of dict
        One line a candidate: settings, ``macro_f1``, ``spread`` over folds, ``accuracy``.
    chosen : dict
        The winner's line.
    """

    scorer: LinearScorer
    classes: tuple[Any, ...]
    logits: Floats
    table: tuple[dict[str, Any], ...]
    chosen: dict[str, Any]


def select(
    texts: Sequence[str],
    labels: ArrayLike,
    *,
    groups: Sequence[Hashable],
    context: Sequence[str] | None = None,
    features: Mapping[str, Features] | None = None,
    candidates: Sequence[str] = tuple(CANDIDATES),
    folds: int = FOLDS,
    seed: int = 0,
    most_texts: int = MOST_TEXTS,
    progress: Callable[[str], None] = lambda _: None,
) -> Selection:
    """Choose among the candidates by grouped cross-validation; refit the winner on all rows.

    Parameters
    ----------
    texts : sequence of str, shape (n_rows,)
        Training texts.
    labels : array-like, shape (n_rows,)
        Their labels, of at least two classes.
    groups : sequence, shape (n_rows,)
        Rows of one group never stand on both sides of a fold, and together weigh as much as
        the square root of their number.
    context : sequence of str, shape (n_rows,), optional
        The office addressed: ignored, added or crossed with the words, whichever serves.
    features : mapping of str to HashedTfidf or PartsTfidf, optional
        Feature passes that compete, by name; the default is one, without a name, that weighs
        letter groups twice as much as words.
    candidates : sequence of str
        Names in ``CANDIDATES`` or ``LONG``.
    folds : int
        Parts of the training rows that are answered in turn by models of the others.
    seed : int
        Decides the folds; the same seed gives the same result.
    most_texts : int, distinct inputs
        With more, the choice is made on a sample of the groups.
    progress : callable
        Told what is being tried.

    Returns
    -------
    Selection
        Winner, out-of-fold scores, table.

    Raises
    ------
    DataError
        If there are fewer than two classes or two groups.
    """
    classes, y = np.unique(np.asarray(labels), return_inverse=True)
    cluster = np.unique([str(g) for g in groups], return_inverse=True)[1]
    _refuse_too_little(classes.size, int(cluster.max()) + 1)
    at, first = _distinct(list(zip(texts, context or [""] * y.size, strict=True)))
    task = _task(at, first, y, cluster, folds=folds, seed=seed, progress=progress)
    offices = sorted(set(context)) if context is not None else []
    ways = _ways(
        features or {"": HashedTfidf(letter_weight=2.0)},
        [texts[i] for i in first],
        [context[i] for i in first] if context is not None else [],
        offices,
    )
    designs = {name: way.design for name, way in ways.items()}
    sample = _sampled(cluster[first], most_texts, seed)
    trials = contest(
        task, designs, sample, {name: (CANDIDATES | LONG)[name] for name in candidates}
    )
    best = max(trials, key=lambda t: t.facts["macro_f1"])
    won, sparse = ways[best.context], all(part.loss == "joint" for part in best.parts)
    whole = Space(won.design, task.n_classes, sparse=sparse)
    if not sample.all():
        score_all(task, whole, best)
    return Selection(
        scorer=_scorer(won, offices, refit(task, whole, best), classes),
        classes=tuple(classes.tolist()),
        logits=best.scores[at],
        table=tuple(t.facts for t in trials),
        chosen=best.facts,
    )


def _task(
    at: Ints,
    first: Ints,
    y: Ints,
    cluster: Ints,
    *,
    folds: int,
    seed: int,
    progress: Callable[[str], None],
) -> Task:
    """Merge the rows, give copies less weight, and deal the groups to folds."""
    n_classes = int(y.max()) + 1
    weight = np.asarray(np.bincount(cluster)[cluster] ** -COPIES, dtype=float)
    fold = folds_of(y, cluster, folds=folds, seed=seed)
    return Task(
        rows=Rows.merged(at, y, weight, n_classes=n_classes),
        fold=fold[first],
        n_classes=n_classes,
        at=at,
        y=y,
        progress=progress,
    )


def folds_of(y: Ints, cluster: Ints, *, folds: int, seed: int) -> Ints:
    """Fold of each row: groups stay whole, classes are spread, sizes are even.

    Groups are dealt one by one, large first, each to the fold that holds least of its labels.
    """
    n_groups = int(cluster.max()) + 1
    size = np.bincount(cluster, minlength=n_groups)
    order = np.random.default_rng(seed).permutation(n_groups)
    order = order[np.argsort(-size[order], kind="stable")]
    share = np.zeros((n_groups, int(y.max()) + 1))
    np.add.at(share, (cluster, y), 1.0)
    rarity = 1.0 / share.sum(axis=0)
    share *= rarity
    held = np.zeros((min(folds, n_groups), share.shape[1]))
    fold = np.zeros(n_groups, dtype=np.intp)
    for group in order:
        fold[group] = np.argmin(held @ share[group] + 1e-3 * held.sum(axis=1) * rarity.min())
        held[fold[group]] += share[group]
    return fold[cluster]


def _refuse_too_little(n_classes: int, n_groups: int) -> None:
    if n_classes >= 2 and n_groups >= 2:
        return
    msg = (
        "at least two classes and two different texts are needed to learn from; got "
        f"{n_classes} and {n_groups}. Check the target column and the filters"
    )
    raise DataError(msg)


def _distinct(items: Sequence[Hashable]) -> tuple[Ints, Ints]:
    """Number equal items alike, in order of appearance: (number of each, first of each)."""
    seen: dict[Hashable, int] = {}
    number = np.array([seen.setdefault(item, len(seen)) for item in items], dtype=np.intp)
    first = np.full(len(seen), number.size, dtype=np.intp)
    np.minimum.at(first, number, np.arange(number.size))
    return number, first


def _ways(
    passes: Mapping[str, Features], texts: Sequence[str], context: Sequence[str], offices: list[str]
) -> dict[str, _Way]:
    """Each feature pass, with the office addressed used more or less."""
    at, first = _distinct(texts)
    place = places(context, offices)
    ways = {}
    for name, learnt in passes.items():  # copies of a text make no word look common
        found = learnt.fit_transform([texts[i] for i in first])[at]
        for use, way in _crossings(found, place, len(offices)):
            key = f"{name} {use}".strip()
            ways[key] = _Way(learnt, way, design_of(found, place, way))
    return ways


def _crossings(found: Csr, place: Ints, n_offices: int) -> Iterator[tuple[str, Crossing]]:
    """The office ignored, added, or crossed with the words."""
    yield "ignored", Crossing.none()
    for use, (own, crossed) in CONTEXTS.items() if n_offices else ():
        yield use, crossing(found, place, own=own, crossed=crossed, n_offices=n_offices)


def _sampled(cluster: Ints, most: int, seed: int) -> NDArray[np.bool_]:
    """Distinct inputs of as many whole groups as fit; all of them if there is room."""
    if cluster.size <= most:
        return np.ones(cluster.size, dtype=bool)
    size = np.bincount(cluster)
    order = np.random.default_rng(seed).permutation(size.size)
    taken = order[np.cumsum(size[order]) <= most]
    return np.isin(cluster, taken)


def _scorer(won: _Way, offices: list[str], model: Linear, classes: NDArray[Any]) -> LinearScorer:
    way = won.crossing
    return LinearScorer(
        features=won.features,
        offices=offices if way.n_offices else [],
        own=way.own,
        crossed=way.crossed,
        pairs=way.pairs,
        coef=np.asfortranarray(model.coef),  # its transpose is read row by row
        intercept=model.intercept,
        classes=[str(c) for c in classes.tolist()],
    )
