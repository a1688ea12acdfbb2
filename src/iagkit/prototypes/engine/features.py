"""Sparse TF-IDF of words, word pairs and letter groups, several times faster than the usual way.

Letter groups never cross a word border, so they are cut once per distinct word and reach the
texts by one sparse product (texts x words) @ (words x groups). Nothing is stored but sorted
64-bit numbers, one idf each, and the few words shown in global explanations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from iagkit.core.errors import DataError
from iagkit.prototypes.engine.hashing import (
    Hashes,
    Index,
    Ints,
    Tokens,
    Words,
    distinct,
    pairs,
    token_spans,
    tokens,
)
from iagkit.text.normalise import DIGIT, to_codes

Floats = NDArray[np.float64]
Csr = Any
SHOWN_FROM = 5
FEW = 50


class WordShare(NamedTuple):
    """What one word of a text adds to a score."""

    start: int
    end: int
    value: float


class HashedTfidf(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF of words, pairs of neighbouring words and letter groups within words.

    Parameters
    ----------
    letter_sizes : tuple of int, letters
        Sizes of the letter groups; a word's two borders count as spaces. Empty: words only.
    word_pairs : bool
        Whether pairs of neighbouring words are features too.
    min_df : int, texts
        A feature must occur in at least so many training texts.
    common : float, share of the training texts
        A feature in more of them, and in more than 50, tells nothing apart and costs most.
    max_features : int, optional
        Keep only so many features, those in most texts.
    sublinear_tf : bool
        Count ``1 + log(n)`` instead of ``n`` for ``n`` occurrences.
    letter_weight : float
        Norm of the letter groups beside that of the words, before the row is given norm one.

    Attributes
    ----------
    idf_ : array of float64, shape (n_features,)
        Inverse document frequencies; columns are words, then pairs, then letter groups.
    common_keys_ : array of uint64, shape (n_common,)
        Words that were left out for being common.
    shown_terms_, shown_columns_ : arrays, shape (n_shown,)
        Words without digits in at least five training texts, and their columns.

    Notes
    -----
    One-letter words are no features. Letter case, accents and digit values are folded away,
    so no number of a person can become a feature.
    """

    def __init__(
        self,
        *,
        letter_sizes: tuple[int, ...] = (3, 4, 5),
        word_pairs: bool = True,
        min_df: int = 2,
        common: float = 1.0,
        max_features: int | None = None,
        sublinear_tf: bool = True,
        letter_weight: float = 1.0,
    ) -> None:
        self.letter_sizes = letter_sizes
        self.word_pairs = word_pairs
        self.min_df = min_df
        self.common = common
        self.max_features = max_features
        self.sublinear_tf = sublinear_tf
        self.letter_weight = letter_weight

    def fit(self, X: Iterable[str], y: ArrayLike | None = None) -> Self:
        """Learn which features occur often enough, and how rare each is."""
        self.fit_transform(X, y)
        return self

    def fit_transform(self, X: Iterable[str], y: ArrayLike | None = None) -> Csr:  # noqa: ARG002
        """Learn the features and return them for the same texts.

        Parameters
        ----------
        X : iterable of str, shape (n_texts,)
            Training texts.
        y : None
            Ignored.

        Returns
        -------
        csr_matrix of float64, shape (n_texts, n_features)
            Rows of norm one (or zero, where no feature occurs).

        Raises
        ------
        DataError
            If there is no text, one is not a string, or no feature is frequent enough.
        """
        return self.learn(long_words(tokens(strings(X))))

    def learn(self, run: Tokens) -> Csr:
        """Learn the features of texts already cut into words of two letters or more."""
        self.word_keys_ = run.words.hashes
        self.pair_keys_ = _repeated_pairs(run, self.min_df) if self.word_pairs else _NONE
        by_word = _word_counts(run)
        self.gram_keys_ = self._frequent_grams(run.words, by_word)
        counts = self._counts(run, by_word)
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        most = max(self.common * (run.bounds.size - 1), FEW)
        keep = self._kept(frequency, most=most)
        self._name_features(run.words, frequency, keep, most=most)
        n_texts = counts.shape[0]
        self.idf_ = 1.0 + np.log((1.0 + n_texts) / (1.0 + frequency[keep]))
        return self._weighed(_columns(counts, keep))

    def transform(self, X: Iterable[str]) -> Csr:
        """Return the learnt features for other texts.

        Parameters
        ----------
        X : iterable of str, shape (n_texts,)
            Texts.

        Returns
        -------
        csr_matrix of float64, shape (n_texts, n_features)
            Rows of norm one (or zero, where no feature occurs).
        """
        return self.weigh(long_words(tokens(strings(X))))

    def weigh(self, run: Tokens) -> Csr:
        """Return the learnt features of texts already cut into words."""
        check_is_fitted(self)
        return self._weighed(self._counts(run, _word_counts(run)))

    def term_spans(self, text: str) -> list[tuple[int, int]]:
        """Where each word of a text begins and ends, in characters."""
        return [(w.start, w.end) for w in self.attribute(text, np.zeros(self.idf_.size))]

    def attribute(self, text: str, coef: ArrayLike) -> list[WordShare]:
        """Divide ``x @ coef`` of one text among its words, exactly.

        Parameters
        ----------
        text : str
            One text.
        coef : array-like of float, shape (n_features,)
            Coefficients of one class.

        Returns
        -------
        list of WordShare
            One a word, in reading order. A letter group belongs to its word, a pair half to
            each of its words, and repetitions share alike; the sum is ``x @ coef``.
        """
        run = tokens(strings([text]))
        value = np.zeros(run.word.size)
        value[run.words.lengths[run.word] > 1] = self.divide(long_words(run), coef)
        return word_shares(text, value)

    def divide(self, run: Tokens, coef: ArrayLike) -> Floats:
        """Divide ``x @ coef`` of one text already cut into words among these words, exactly."""
        counts = self._counts(run, _word_counts(run))
        weighed = self._weighed(counts)
        share = np.zeros(self.idf_.size)
        share[weighed.indices] = weighed.data * np.asarray(coef, dtype=float)[weighed.indices]
        share[counts.indices] /= counts.data
        return self._shares(run, share)

    def word_effects(self, coef: ArrayLike) -> Floats:
        """Sum of the effects of each shown word, its letter groups included.

        Parameters
        ----------
        coef : array-like of float, shape (n_features,)
            Coefficients of one class.

        Returns
        -------
        array of float, shape (n_shown,)
            What one occurrence adds, before the text's length is divided out.
        """
        return self.effects_of(list(self.shown_terms_), coef)

    def effects_of(self, words: Sequence[str], coef: ArrayLike) -> Floats:
        """Sum of the effects of each of these words, known or not."""
        known = tokens(words)
        effect = self._letters_of(known.words) @ (self.idf_ * np.asarray(coef, dtype=float))
        return np.asarray(effect)[known.word]

    def _shares(self, run: Tokens, share: Floats) -> Floats:
        """Value of each token, from the value of one occurrence of each feature."""
        value = np.asarray(self._letters_of(run.words) @ share)[run.word]
        column = self._pair_columns(run.words.hashes[run.word])
        half = np.where(column < 0, 0.0, share[column]) / 2
        value[:-1] += half
        value[1:] += half
        return value

    def _pair_columns(self, hashes: Hashes) -> Ints:
        at = Index.of(self.pair_keys_).find(pairs(hashes[:-1], hashes[1:]))
        return np.where(at < 0, -1, at + self.word_keys_.size)

    def _frequent_grams(self, words: Words, by_word: Csr) -> Hashes:
        """Letter groups that may reach ``min_df``: their words together occur often enough."""
        if not self.letter_sizes:
            return _NONE
        owner, hashes = words.grams(self.letter_sizes)
        keys = distinct(hashes)
        texts = np.bincount(by_word.indices, minlength=words.hashes.size)
        at_most = np.bincount(Index.of(keys).find(hashes), texts[owner], minlength=keys.size)
        return keys[at_most >= self.min_df]

    def _letters_of(self, words: Words) -> Csr:
        """Features that depend on a word alone: itself and its letter groups."""
        size = self.word_keys_.size + self.pair_keys_.size
        own = Index.of(self.word_keys_).find(words.hashes)
        known = np.flatnonzero((own >= 0) & (words.lengths > 1))
        rows, columns = [known], [own[known]]
        if self.gram_keys_.size:
            long = np.flatnonzero(words.lengths > 1)
            owner, hashes = words.take(long).grams(self.letter_sizes)
            found = Index.of(self.gram_keys_).find(hashes)
            hit = found >= 0
            rows.append(long[owner[hit]])
            columns.append(found[hit] + size)
        shape = (words.hashes.size, size + self.gram_keys_.size)
        row, column = np.concatenate(rows), np.concatenate(columns)
        return sparse.csr_matrix((np.ones(row.size), (row, column)), shape=shape)

    def _counts(self, run: Tokens, by_word: Csr) -> Csr:
        """How often each feature occurs in each text."""
        letters = by_word @ self._letters_of(run.words)
        if not self.pair_keys_.size:
            return letters
        rows = run.document
        inside = np.flatnonzero(rows[1:] == rows[:-1])
        column = self._pair_columns(run.words.hashes[run.word])[inside]
        hit = column >= 0
        return letters + _counted(rows[inside[hit]], column[hit], letters.shape)

    def _kept(self, frequency: Ints, *, most: float) -> Ints:
        """Columns frequent enough and not too frequent; of equals, those that come first."""
        keep = np.flatnonzero((frequency >= self.min_df) & (frequency <= most))
        if keep.size == 0:
            msg = (
                f"at least one word or letter group must occur in {self.min_df} texts; none "
                "does. Is this the text column, and are there enough rows?"
            )
            raise DataError(msg)
        if self.max_features is not None and keep.size > self.max_features:
            first = np.argsort(-frequency[keep], kind="stable")[: self.max_features]
            keep = keep[np.sort(first)]
        return keep

    def _name_features(self, words: Words, frequency: Ints, keep: Ints, *, most: float) -> None:
        """Reduce the numbers to the kept columns and note the words to show."""
        n_words, n_pairs = self.word_keys_.size, self.pair_keys_.size
        kinds = np.searchsorted(keep, [n_words, n_words + n_pairs])
        own, two, letters = np.split(keep, kinds)
        common = np.flatnonzero(frequency[:n_words] > most)
        self.common_keys_ = self.word_keys_[common]
        shown = words.take(own)
        dull = np.isin(np.arange(own.size), _words_with_digits(shown))
        column = np.flatnonzero((frequency[own] >= SHOWN_FROM) & ~dull)
        self.shown_columns_ = column
        self.shown_terms_ = np.array(shown.take(column).texts(), dtype=np.str_)
        self.word_keys_ = self.word_keys_[own]
        self.pair_keys_ = self.pair_keys_[two - n_words]
        self.gram_keys_ = self.gram_keys_[letters - n_words - n_pairs]

    def _weighed(self, counts: Csr) -> Csr:
        """Turn counts into weights and give every row norm one, words and letters apart."""
        data = self._damped(counts.data)
        data *= self.idf_[counts.indices]
        n_words = self.word_keys_.size + self.pair_keys_.size
        letters = np.arange(counts.shape[1]) >= n_words
        squares = sparse.csr_matrix((data * data, counts.indices, counts.indptr), counts.shape)
        norm = np.sqrt(squares @ np.stack([~letters, letters], axis=1).astype(float))
        part = np.where(norm > 0, [1.0, self.letter_weight], 0.0)
        whole = norm * np.sqrt((part**2).sum(axis=1, keepdims=True))
        scale = np.divide(part, whole, out=np.zeros_like(norm), where=whole > 0)
        key = np.repeat(np.arange(0, scale.size, 2), np.diff(counts.indptr))
        key += letters[counts.indices]
        data *= scale.ravel()[key]
        return sparse.csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)

    def _damped(self, counts: Floats) -> Floats:
        """``1 + log(n)`` of whole numbers, most of which are one."""
        damped = counts.copy()
        if self.sublinear_tf:
            several = np.flatnonzero(counts > 1)
            damped[several] = 1.0 + np.log(counts[several])
        return damped


_NONE: Hashes = np.zeros(0, dtype=np.uint64)


def strings(texts: Iterable[str]) -> list[str]:
    """Insist on a list of strings; a lone string would be read letter by letter."""
    found = [texts] if isinstance(texts, str) else list(texts)
    wrong = sum(not isinstance(text, str) for text in found)
    if isinstance(texts, str) or wrong or not found:
        got = "a single string" if isinstance(texts, str) else f"{wrong} of {len(found)} not text"
        msg = f"a sequence of texts was expected, at least one; got {got}. Fill or drop gaps."
        raise DataError(msg)
    return found


def word_shares(text: str, value: Floats) -> list[WordShare]:
    """Put the value of each word beside the characters it stands on."""
    return [
        WordShare(int(start), int(end), float(one))
        for (start, end), one in zip(_spans(text), value, strict=True)
    ]


def long_words(run: Tokens) -> Tokens:
    """Leave out one-letter words, so that pairs reach over them."""
    keep = run.words.lengths[run.word] > 1
    passed = np.concatenate([[0], np.cumsum(keep)])
    return Tokens(run.word[keep], passed[run.bounds], run.words)


def _counted(rows: Ints, columns: NDArray[Any], shape: tuple[int, int]) -> Csr:
    """Count equal (row, column) pairs; sorting plain numbers is the fastest way."""
    key = np.sort(rows.astype(np.int64) * shape[1] + columns)
    new = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if key.size else key
    times = np.diff(np.append(new, key.size)).astype(float)
    row, column = np.divmod(key[new], max(shape[1], 1))
    indptr = np.searchsorted(row, np.arange(shape[0] + 1))
    return sparse.csr_matrix((times, column.astype(np.int32), indptr.astype(np.int32)), shape=shape)


def _word_counts(run: Tokens) -> Csr:
    shape = (run.bounds.size - 1, run.words.hashes.size)
    return _counted(run.document, run.word, shape)


def _repeated_pairs(run: Tokens, min_df: int) -> Hashes:
    """Pairs of neighbouring words that occur at least ``min_df`` times in all."""
    rows = run.document
    hashes = run.words.hashes[run.word]
    every = np.sort(pairs(hashes[:-1], hashes[1:])[rows[1:] == rows[:-1]])
    new = np.flatnonzero(np.concatenate([[True], every[1:] != every[:-1]])) if every.size else every
    return every[new[np.diff(np.append(new, every.size)) >= min_df].astype(np.intp)]


def _columns(counts: Csr, keep: Ints) -> Csr:
    """The kept columns, renumbered."""
    place = np.full(counts.shape[1], -1, dtype=np.int32)
    place[keep] = np.arange(keep.size)
    column = place[counts.indices]
    hit = column >= 0
    passed = np.concatenate([[0], np.cumsum(hit)])
    shape = (counts.shape[0], keep.size)
    return sparse.csr_matrix((counts.data[hit], column[hit], passed[counts.indptr]), shape=shape)


def _words_with_digits(words: Words) -> Ints:
    owner = np.repeat(np.arange(words.lengths.size), words.lengths)
    return np.asarray(owner[words.letters == DIGIT])


def _spans(text: str) -> Ints:
    """Characters each word stands on, shape (n_words, 2)."""
    codes, places = to_codes(f"\n{text}\n")
    spans = np.stack(token_spans(codes), axis=1)
    marks = spans if places is None else places[spans]
    return np.asarray(marks - 1)
