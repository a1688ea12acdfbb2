"""A linear-chain conditional random field, applied with NumPy alone.

Training needs python-crfsuite; applying a trained field needs only its weights. The weights of
a word at each distance are summed once and kept, which makes tagging several times as fast as
handing every feature of every token over as a string.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.text.privacy.features import PAD, REACH, Tokens, of_word

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
_KEPT: Final = 20_000
"""Words whose summed weights are kept."""
_TOGETHER: Final = 64
"""Sequences that are worked through side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Weights of a trained field.

    ``labels`` has ``L`` names (``O``, ``B-…``, ``I-…``); ``rows`` maps a feature to its row of
    ``weights`` (``n_features`` × ``L``); ``moves`` is ``L`` × ``L``, from a label to the next.
    """

    labels: tuple[str, ...]
    rows: dict[str, int]
    weights: Floats
    moves: Floats
    _words: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)

    def marginals(self, found: Tokens, places: Sequence[Sequence[str]]) -> list[Floats]:
        """Probability of each label for each token.

        Parameters
        ----------
        found : Tokens
            One document.
        places : sequence of sequence of str, length n_tokens
            Features of the places (:func:`iagkit.text.privacy.features.of_places`).

        Returns
        -------
        list of ndarray of float, shape (n_in_sequence, L)
            One array a sequence; each row adds up to 1.
        """
        ends = [*found.begins[1:], len(found.words)]
        scores = self._scores(found.words, places)
        return _forward_backward(
            [scores[a:b] for a, b in zip(found.begins, ends, strict=True)], np.exp(self.moves)
        )

    def _scores(self, words: list[str], places: Sequence[Sequence[str]]) -> Floats:
        """Sum of the weights of all features of each token, ``n_tokens`` × ``L``."""
        kinds = {word: k for k, word in enumerate(dict.fromkeys((PAD, *words)))}
        table = np.stack([self._of(word) for word in kinds])
        ids = np.array([0] * REACH + [kinds[w] for w in words] + [0] * REACH)
        n = len(words)
        found = np.zeros((n, len(self.labels)), dtype=np.float32)
        for offset in range(2 * REACH + 1):
            found += table[ids[offset : offset + n], offset]
        return found + self._of_places(places)

    def _of(self, word: str) -> Floats:
        """Summed weights of a word, ``2 * REACH + 1`` × ``L``."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _KEPT:
                self._words.clear()
            told = of_word(word)
            known = np.stack([self._sum(told[o]) for o in range(-REACH, REACH + 1)])
            self._words[word] = known
        return known

    def _sum(self, features: Sequence[str]) -> Floats:
        at = [row for f in features if (row := self.rows.get(f)) is not None]
        return np.asarray(self.weights[at].sum(axis=0), dtype=np.float32)

    def _of_places(self, places: Sequence[Sequence[str]]) -> Floats:
        get, at, counts = self.rows.get, [0], []
        for features in places:
            before = len(at)
            at += [row for f in features if (row := get(f)) is not None]
            counts.append(len(at) - before)
        sums = np.zeros((len(at) + 1, len(self.labels)), dtype=np.float64)
        np.cumsum(self.weights[at], axis=0, dtype=np.float64, out=sums[1:])
        ends = 1 + np.cumsum([0, *counts])
        return np.asarray(sums[ends[1:]] - sums[ends[:-1]], dtype=np.float32)


def _forward_backward(scores: list[Floats], moves: Floats) -> list[Floats]:
    """Marginals of each sequence (Rabiner's scaled recursions), similar lengths side by side."""
    found: list[Floats] = [np.empty((0, len(moves)), np.float32)] * len(scores)
    for which in _batches([len(s) for s in scores]):
        longest = max(len(scores[i]) for i in which)
        batch = np.zeros((longest, len(which), len(moves)), dtype=np.float32)
        for k, i in enumerate(which):
            batch[: len(scores[i]), k] = scores[i]
        lengths = np.array([len(scores[i]) for i in which])
        marginals = _batch(batch, lengths, moves)
        for k, i in enumerate(which):
            found[i] = marginals[: lengths[k], k]
    return found


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for begin in range(0, len(order), _TOGETHER):
        yield order[begin : begin + _TOGETHER]


def _batch(scores: Floats, lengths: Ints, moves: Floats) -> Floats:
    """Marginals, time × sequence × label; what lies behind a sequence's end is of no matter."""
    own = np.exp(scores - scores.max(axis=2, keepdims=True))
    ahead = np.empty_like(own)
    ahead[0] = own[0] / own[0].sum(axis=1, keepdims=True)
    for t in range(1, len(own)):
        step = (ahead[t - 1] @ moves) * own[t]
        ahead[t] = step / step.sum(axis=1, keepdims=True)
    back = np.ones_like(own[0])
    for t in range(len(own) - 2, -1, -1):
        step = (own[t + 1] * back) @ moves.T
        going = (t + 1 < lengths)[:, None]
        back = np.where(going, step / step.sum(axis=1, keepdims=True), 1.0).astype(np.float32)
        ahead[t] *= back
    return np.asarray(ahead / ahead.sum(axis=2, keepdims=True), dtype=np.float32)


def field_of(state: dict[tuple[str, str], float], moves: dict[tuple[str, str], float],
             labels: Sequence[str]) -> Field:  # fmt: skip
    """Build a field from weights by (feature, label) and by (label, label).

    Parameters
    ----------
    state : dict
        (Feature, label) → weight; a pair that is not there weighs nothing.
    moves : dict
        (Label, next label) → weight.
    labels : sequence of str
        All labels.

    Returns
    -------
    Field
    """
    at = {label: k for k, label in enumerate(labels)}
    rows = {f: k for k, f in enumerate(dict.fromkeys(feature for feature, _ in state))}
    weights: NDArray[Any] = np.zeros((max(len(rows), 1), len(at)), dtype=np.float32)
    for (feature, label), weight in state.items():
        weights[rows[feature], at[label]] = weight
    steps: NDArray[Any] = np.zeros((len(at), len(at)), dtype=np.float32)
    for (a, b), weight in moves.items():
        steps[at[a], at[b]] = weight
    return Field(labels=tuple(labels), rows=rows, weights=weights, moves=steps)
