"""How far people agree about the same text: the ceiling over every score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level, cluster_codes, labels, same_length
from iagkit.measures.intervals import share_estimate, share_evidence


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """What repeated texts tell of the labels themselves.

    Parameters
    ----------
    agreement : Estimate or None
        Probability that two labels of one text agree, each repeated text counting once;
        its ``n`` is the number of repeated texts.
    best : Estimate
        Share of all rows that the best function of the text could get right.
    best_repeated : Estimate or None
        The same over rows of repeated texts only.
    texts, repeated, pairs : int
        Different texts; those that occur more than once; pairs of rows with the same text.
    because : Message, optional
        Why ``agreement`` and ``best_repeated`` are not known.
    """

    agreement: Estimate | None
    best: Estimate
    best_repeated: Estimate | None
    texts: int
    repeated: int
    pairs: int
    because: Message | None = None


def human_ceiling(texts: ArrayLike, label: ArrayLike, *, level: float = 0.95) -> Ceiling:
    """Agreement on repeated texts, and the best accuracy any function of the text can reach.

    Parameters
    ----------
    texts : array-like, shape (n,)
        Rows with the same value have the same text.
    label : array-like of str, shape (n,)
        What each row was labelled by people.
    level : float

    Returns
    -------
    Ceiling

    Raises
    ------
    DataError
        If lengths differ, there is no row, or a label is missing.

    Notes
    -----
    A text counts once in ``agreement`` however often it was sent: one letter copied a hundred
    times would otherwise outvote all others. The best function answers each text with its
    commonest label; chosen on the rows it is scored on, and right by definition on texts that
    occur once, ``best`` is an upper bound of what can be reached, not a forecast.

    Examples
    --------
    >>> found = human_ceiling([1, 1, 2, 3], ["water", "roads", "water", "waste"])
    >>> found.agreement.value, found.best.value, found.best_repeated.value
    (0.0, 0.75, 0.5)
    """
    names = labels("label", label)
    n = same_length(texts=np.asarray(texts), label=names)
    codes = cluster_codes(texts, n)
    text = np.arange(n, dtype=np.intp) if codes is None else codes
    counts = _counts(text, np.unique(names, return_inverse=True)[1].reshape(-1))
    level = checked_level(level)
    best = _best(counts, level)
    again = counts.many > 1
    pairs = int((counts.many * (counts.many - 1) // 2).sum())
    if not again.any():
        return Ceiling(
            agreement=None,
            best=best,
            best_repeated=None,
            texts=len(again),
            repeated=0,
            pairs=0,
            because=say("no text occurs twice, so nobody can tell whether people agree"),
        )
    return Ceiling(
        agreement=share_estimate(share_evidence(counts.alike[again], None), level),
        best=best,
        best_repeated=_best(counts.where(again), level),
        texts=len(again),
        repeated=int(again.sum()),
        pairs=pairs,
    )


@dataclass(frozen=True, kw_only=True)
class _Counts:
    """Per text: rows, rows with its commonest label, share of its pairs that agree."""

    many: Floats
    commonest: Floats
    alike: Floats

    def where(self, kept: NDArray[np.bool_]) -> _Counts:
        return _Counts(many=self.many[kept], commonest=self.commonest[kept], alike=self.alike[kept])


def _counts(text: Ints, label: Ints) -> _Counts:
    pairs, count = np.unique(np.stack([text, label]), axis=1, return_counts=True)
    size = int(text.max()) + 1
    many = np.bincount(pairs[0], weights=count, minlength=size).astype(float)
    commonest = np.zeros(size)
    np.maximum.at(commonest, pairs[0], count)
    agreeing = np.bincount(pairs[0], weights=count * (count - 1), minlength=size)
    alike = agreeing / np.maximum(many * (many - 1), 1)
    return _Counts(many=many, commonest=commonest, alike=alike)


def _best(counts: _Counts, level: float) -> Estimate:
    """Rows with the commonest label of their text; a text is a cluster of its rows."""
    many = counts.many.astype(np.intp)
    codes = np.repeat(np.arange(len(many), dtype=np.intp), many)
    first = np.arange(len(codes)) - np.repeat(np.cumsum(many) - many, many)
    hits = (first < np.repeat(counts.commonest, many)).astype(float)
    alone = len(many) == len(codes)
    return share_estimate(share_evidence(hits, None if alone else codes), level)
