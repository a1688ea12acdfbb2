"""A linear-chain conditional random field, applied with NumPy alone.

Training needs python-crfsuite; applying a trained field needs only its weights. The weights of
a word at each distance are summed once and kept, which makes tagging several times as fast as
handing every feature of every token over as a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
        self._learn(kinds)
        table = np.stack([self._words[word] for word in kinds])
        ids = np.array([0] * REACH + [kinds[w] for w in words] + [0] * REACH)
        n = len(words)
        found = self._summed(places)
        for offset in range(2 * REACH + 1):
            found += table[ids[offset : offset + n], offset]
        return found

    def _learn(self, words: Iterable[str]) -> None:
        """Keep the summed weights of new words, ``2 * REACH + 1`` × ``L`` each."""
        new = [word for word in words if word not in self._words]
        if len(self._words) + len(new) > _KEPT:
            self._words.clear()
            new = list(words)
        told = [features for word in new for _, features in sorted(of_word(word).items())]
        sums = self._summed(told).reshape(len(new), 2 * REACH + 1, len(self.labels))
        self._words.update(zip(new, sums, strict=True))

    def _summed(self, told: Sequence[Sequence[str]]) -> Floats:
        """Weights of each list of features, summed: one row a list."""
        get, at, ends = self.rows.get, [], [0]
        for features in told:
            at += [row for f in features if (row := get(f)) is not None]
            ends.append(len(at))
        sums = np.zeros((len(at) + 1, len(self.labels)), dtype=np.float64)
        np.cumsum(self.weights[at], axis=0, dtype=np.float64, out=sums[1:])
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


def mean_field(fields: Sequence[Field]) -> Field:
    """One field with the mean of all weights: as steady as all together, as fast as one.

    Parameters
    ----------
    fields : sequence of Field
        With the same labels.

    Returns
    -------
    Field

    References
    ----------
    .. [1] McDonald, R., Hall, K. & Mann, G. (2010). Distributed training strategies for the
       structured perceptron. NAACL, 456-464.
    """
    rows: dict[str, int] = {}
    for one in fields:
        for feature in one.rows:
            rows.setdefault(feature, len(rows))
    weights: Floats = np.zeros((max(len(rows), 1), len(fields[0].labels)), dtype=np.float32)
    for one in fields:
        if one.rows:
            weights[[rows[feature] for feature in one.rows]] += one.weights / len(fields)
    moves = np.mean([one.moves for one in fields], axis=0)
    return Field(labels=fields[0].labels, rows=rows, weights=weights, moves=moves)


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
