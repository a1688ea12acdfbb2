"""Long documents by their informative parts: how they begin, what they order, what they cite.

An act says in its first lines what it is and in its operative part what it does; in between it
tells its reasons, in words that every act shares, and the norms it rests on. Each part gets
features of its own, so that a word counts for more where it says more. All parts are cut from one
run of words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from iagkit.core.errors import DataError
from iagkit.prototypes.engine.citations import Citations, cited, dated
from iagkit.prototypes.engine.features import (
    Csr,
    Floats,
    HashedTfidf,
    WordShare,
    long_words,
    strings,
    word_shares,
)
from iagkit.prototypes.engine.hashing import Ints, Tokens, tokens

Flags = NDArray[np.bool_]
OPERATIVE = (
    *("decreta", "decretan", "resuelve", "resuelven", "sanciona", "sancionan", "dispone"),
    *("disponen", "acuerda", "acuerdan", "falla", "resolve", "resolvem", "sanciono", "acordam"),
    *("promulga", "enacted", "hereby", "ordered"),
)
"""Words after which an act or a judgment says what it orders, folded; es, pt and en."""
WHOLE, TITLE, HEAD, RULING = "whole", "title", "head", "ruling"
CITED, DATED = "cited", "dated"
NUMBERED = (CITED, DATED)
COMMON = {WHOLE: 0.25, TITLE: 0.3, HEAD: 0.4, RULING: 0.4, CITED: 0.4, DATED: 0.4}
"""Share of the texts beyond which a feature of a part is left out."""
LETTERS = (4, 5)
"""Sizes of letter groups in titles, where words are few."""


class _Read(NamedTuple):
    """Texts cut into words: all of them, and those of two letters or more."""

    every: Tokens
    long: Tokens

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        every = tokens(strings(texts), numbers=True)
        return cls(every, long_words(every))


class PartsTfidf(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF of words and pairs, of the whole text and again of its informative parts.

    Parameters
    ----------
    title, head : int, words
        How long the title is, and the beginning, of which it is a part.
    ruling : int, words
        How much is read after the first word of command.
    title_weight, head_weight, ruling_weight, cited_weight, dated_weight : float
        Norm of these parts, of the norms cited and of the years named in the beginning, beside
        that of the whole text.
    min_df : int, texts
        A feature must occur in at least so many training texts.

    Attributes
    ----------
    parts_ : list of str
        Parts that have features; a table without acts has no rulings.
    passes_ : list of HashedTfidf
        One a part.
    idf_ : array of float64, shape (n_features,)
        Inverse document frequencies, part after part.
    shown_terms_, shown_columns_ : arrays, shape (n_shown,)
        As in :class:`HashedTfidf`, of the whole text.
    """

    def __init__(
        self,
        *,
        title: int = 20,
        head: int = 45,
        ruling: int = 80,
        title_weight: float = 0.4,
        head_weight: float = 0.7,
        ruling_weight: float = 0.6,
        cited_weight: float = 0.4,
        dated_weight: float = 0.3,
        min_df: int = 2,
    ) -> None:
        self.title = title
        self.head = head
        self.ruling = ruling
        self.title_weight = title_weight
        self.head_weight = head_weight
        self.ruling_weight = ruling_weight
        self.cited_weight = cited_weight
        self.dated_weight = dated_weight
        self.min_df = min_df

    def fit(self, X: Iterable[str], y: ArrayLike | None = None) -> Self:
        """Learn which features occur often enough in each part, and how rare each is."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Iterable[str], y: ArrayLike | None = None) -> Csr:  # noqa: ARG002
        """Learn the features and return them for the same texts, shape (n_texts, n_features).

        Raises
        ------
        DataError
            If no word of the whole texts is frequent enough.
        """
        read = _Read.of(X)
        self.parts_: list[str] = []
        self.passes_: list[HashedTfidf] = []
        blocks = [self._learnt(read, part) for part in self._weights()]
        self.idf_ = np.concatenate([one.idf_ for one in self.passes_])
        self.shown_terms_ = self.passes_[0].shown_terms_
        self.shown_columns_ = self.passes_[0].shown_columns_
        for one in self.passes_:  # what may be shown is decided once, in one place
            one.shown_terms_, one.shown_columns_ = self.shown_terms_[:0], self.shown_columns_[:0]
        return sparse.hstack([b for b in blocks if b is not None], format="csr")

    def transform(self, X: Iterable[str]) -> Csr:
        """Return the learnt features for other texts, shape (n_texts, n_features)."""
        check_is_fitted(self)
        read, weights = _Read.of(X), self._weights()
        blocks = [
            one.weigh(self._part(read, part)) * weights[part]
            for part, one in zip(self.parts_, self.passes_, strict=True)
        ]
        return sparse.hstack(blocks, format="csr")

    def attribute(self, text: str, coef: ArrayLike) -> list[WordShare]:
        """Divide ``x @ coef`` of one text among its words, exactly.

        What a part adds belongs to the words it stands on; what a citation adds, half to the
        number of the norm and half to the word before it, such as "ley".
        """
        read = _Read.of([text])
        value = np.zeros(read.every.word.size)
        long = np.flatnonzero(read.every.words.lengths[read.every.word] > 1)
        for part, one, own in self._with_own(coef):
            shares = one.divide(self._part(read, part), own)
            if part in NUMBERED:
                found = self._numbered(read, part)
                np.add.at(value, found.first, shares / 2)
                np.add.at(value, found.second, shares / 2)
            else:
                value[long[self._inside(read.long, part)]] += shares
        return word_shares(text, value)

    def word_effects(self, coef: ArrayLike) -> Floats:
        """Sum of the effects of each shown word, wherever it stands."""
        terms = list(self.shown_terms_)
        effects = [
            one.effects_of(terms, own)
            for part, one, own in self._with_own(coef)
            if part not in NUMBERED
        ]
        return np.asarray(np.sum(effects, axis=0))

    def _weights(self) -> dict[str, float]:
        return {
            WHOLE: 1.0,
            TITLE: self.title_weight,
            HEAD: self.head_weight,
            RULING: self.ruling_weight,
            CITED: self.cited_weight,
            DATED: self.dated_weight,
        }

    def _learnt(self, read: _Read, part: str) -> Csr | None:
        """Features of a part; none if it has no word that repeats."""
        one = HashedTfidf(
            letter_sizes=LETTERS if part == TITLE else (),
            word_pairs=part not in (TITLE, *NUMBERED),
            min_df=self.min_df,
            common=COMMON[part],
        )
        try:
            found = one.learn(self._part(read, part))
        except DataError:
            if part == WHOLE:
                raise
            return None
        self.parts_.append(part)
        self.passes_.append(one)
        return found * self._weights()[part]

    def _part(self, read: _Read, part: str) -> Tokens:
        """Words of a part; of what is cited, one for each."""
        if part in NUMBERED:
            return self._numbered(read, part).run
        run = _cut(read.long, self._inside(read.long, part))
        return _own_words(run) if part == TITLE else run

    def _numbered(self, read: _Read, part: str) -> Citations:
        return cited(read.every) if part == CITED else dated(read.every, within=self.head)

    def _inside(self, run: Tokens, part: str) -> Flags:
        """Tell which words stand in a part."""
        if part == WHOLE:
            return np.ones(run.word.size, dtype=bool)
        place = np.arange(run.word.size) - np.repeat(run.bounds[:-1], np.diff(run.bounds))
        if part in (TITLE, HEAD):
            return place < (self.title if part == TITLE else self.head)
        begin = np.repeat(_commands(run), np.diff(run.bounds))
        return (place > begin) & (place <= begin + self.ruling)

    def _with_own(self, coef: ArrayLike) -> Iterable[tuple[str, HashedTfidf, Floats]]:
        """Each part with its coefficients, its weight within them."""
        weights = self._weights()
        cuts = np.cumsum([one.idf_.size for one in self.passes_])[:-1]
        own = np.split(np.asarray(coef, dtype=float), cuts)
        for part, one, its in zip(self.parts_, self.passes_, own, strict=True):
            yield part, one, its * weights[part]


def _commands(run: Tokens) -> Ints:
    """Place of the first word of command in each text; beyond its end where there is none."""
    known = np.isin(run.words.hashes, tokens(OPERATIVE).words.hashes)
    where = np.flatnonzero(known[run.word])
    after = np.append(where, np.iinfo(np.int64).max // 2)
    return np.asarray(after[np.searchsorted(where, run.bounds[:-1])] - run.bounds[:-1])


def _cut(run: Tokens, inside: Flags) -> Tokens:
    """Keep some of the words; texts stay where they are."""
    passed: Any = np.concatenate([[0], np.cumsum(inside)])
    return Tokens(run.word[inside], passed[run.bounds], run.words)


def _own_words(run: Tokens) -> Tokens:
    """Forget the words that do not occur, so that they are not cut into letter groups."""
    occurs = np.zeros(run.words.hashes.size, dtype=bool)
    occurs[run.word] = True
    number = (np.cumsum(occurs) - 1).astype(np.int32)
    return Tokens(number[run.word], run.bounds, run.words.take(np.flatnonzero(occurs)))
