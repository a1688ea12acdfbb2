"""A linear-chain conditional random field, applied with NumPy and a sparse product.

Training needs python-crfsuite; applying a trained field needs only its weights. They lie in a
table (:mod:`iagkit.text.privacy.tagger_table`) that all fields of a tagger share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.text.privacy.features import NO_KIN, Kin, Tokens
from iagkit.text.privacy.tagger_table import Table

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
_TOGETHER: Final = 64
"""Sequences that are worked through side by side."""
_LEAST: Final = -40.0
"""Logarithm below which a weight counts as this: three in a row still fit a small float."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Weights of a trained field.

    ``labels`` has ``L`` names (``O``, ``B-…``, ``I-…``); its weights are ``L`` columns of
    `table`, from `first` on; ``moves`` is ``L`` × ``L``, from a label to the next.
    """

    labels: tuple[str, ...]
    table: Table
    moves: Floats
    first: int = 0

    @property
    def weights(self) -> Floats:
        """Weights of the features of the table, ``n_features`` × ``L``."""
        return self.table.weights[:, self.first : self.first + len(self.labels)]

    def marginals(self, found: Tokens, scores: Floats) -> Floats:
        """Probability of each label for each token.

        Parameters
        ----------
        found : Tokens
            One document.
        scores : ndarray of float, shape (n_tokens, n_columns)
            What the table says of its tokens (:meth:`Table.scores`).

        Returns
        -------
        ndarray of float, shape (n_tokens, L)
            Each row adds up to 1.
        """
        own = self._own(scores)
        own = np.exp(np.maximum(own - own.max(axis=1, keepdims=True), _LEAST))
        begins = np.array(found.begins)
        lengths = np.diff(begins, append=len(own))
        moves = np.exp(np.maximum(self.moves - self.moves.max(), _LEAST))
        both = np.stack([moves, moves.T])
        for which in _batches(lengths):
            _weigh(own, begins[which], lengths[which], both)
        return np.asarray(own / own.sum(axis=1, keepdims=True), dtype=np.float32)

    def likeliest(self, found: Tokens, scores: Floats) -> list[str]:
        """Labels of the likeliest way through each sequence (Viterbi).

        A long span comes out whole more often than from the likeliest label of each token.

        Parameters
        ----------
        found : Tokens
            One document.
        scores : ndarray of float, shape (n_tokens, n_columns)

        Returns
        -------
        list of str, length n_tokens
        """
        own = self._own(scores)
        ends = [*found.begins[1:], len(own)]
        ways = [_way(own[a:b], self.moves) for a, b in zip(found.begins, ends, strict=True)]
        return [self.labels[k] for way in ways for k in way]

    def _own(self, scores: Floats) -> Floats:
        return scores[:, self.first : self.first + len(self.labels)]


def _way(own: Floats, moves: Floats) -> list[int]:
    """Numbers of the labels of one sequence."""
    reached, came = own[0], []
    for row in own[1:]:
        through = reached[:, None] + moves
        came.append(through.argmax(axis=0))
        reached = through.max(axis=0) + row
    way = [int(reached.argmax())]
    for before in reversed(came):
        way.append(int(before[way[-1]]))
    return way[::-1]


def _batches(lengths: Ints) -> Iterator[Ints]:
    order = np.argsort(lengths, kind="stable")
    for begin in range(0, len(order), _TOGETHER):
        yield order[begin : begin + _TOGETHER]


def _weigh(own: Floats, begins: Ints, lengths: Ints, both: Floats) -> None:
    """Multiply each token's own weights by what comes from before and from behind it, in place.

    Rabiner's scaled recursions, forwards and, on the sequences turned round, backwards in one
    go; what lies behind a sequence's end is of no matter.
    """
    longest = int(lengths.max())
    sequence = np.repeat(np.arange(len(lengths)), lengths)
    ahead = np.arange(len(sequence)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    back = lengths[sequence] - 1 - ahead
    token = begins[sequence] + ahead
    given = np.ones((longest, 2, len(lengths), own.shape[1]), dtype=np.float32)
    given[ahead, 0, sequence] = given[back, 1, sequence] = own[token]
    reached = np.ones_like(given)
    here = given[0] / given[0].sum(axis=2, keepdims=True)
    for t in range(1, longest):
        np.matmul(here, both, out=reached[t])
        np.multiply(reached[t], given[t], out=here)
        here /= np.add.reduce(here, axis=2, keepdims=True)
    own[token] *= reached[ahead, 0, sequence] * reached[back, 1, sequence]


def mean_field(fields: Sequence[Field]) -> Field:
    """One field with the mean of all weights: as steady as all together, as fast as one.

    Parameters
    ----------
    fields : sequence of Field
        With the same labels and, if any, the same groups of words.

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
        for feature in one.table.rows:
            rows.setdefault(feature, len(rows))
    weights: Floats = np.zeros((len(rows), len(fields[0].labels)), dtype=np.float32)
    for one in fields:
        weights[[rows[feature] for feature in one.table.rows]] += one.weights / len(fields)
    moves = np.mean([one.moves for one in fields], axis=0)
    table = Table(rows=rows, weights=weights, kin=_kin(fields))
    return Field(labels=fields[0].labels, table=table, moves=moves)


def _kin(fields: Sequence[Field]) -> Kin:
    return next((one.table.kin for one in fields if one.table.kin), NO_KIN)


def side_by_side(fields: Sequence[Field]) -> tuple[Field, ...]:
    """Fields that share one table, so that a feature is looked up once for all of them.

    Parameters
    ----------
    fields : sequence of Field
        If with groups of words, with the same.

    Returns
    -------
    tuple of Field
        With the same labels and weights.
    """
    rows: dict[str, int] = {}
    for one in fields:
        for feature in one.table.rows:
            rows.setdefault(feature, len(rows))
    ends = np.cumsum([0, *(len(one.labels) for one in fields)])
    weights: Floats = np.zeros((len(rows), ends[-1]), dtype=np.float32)
    for one, a, b in zip(fields, ends, ends[1:], strict=False):
        weights[[rows[feature] for feature in one.table.rows], a:b] = one.weights
    table = Table(rows=rows, weights=weights, kin=_kin(fields))
    return tuple(
        Field(labels=one.labels, table=table, moves=one.moves, first=int(a))
        for one, a in zip(fields, ends, strict=False)
    )


def field_of(
    state: dict[tuple[str, str], float],
    moves: dict[tuple[str, str], float],
    labels: Sequence[str],
    *,
    kin: Kin = NO_KIN,
) -> Field:
    """Build a field from weights by (feature, label) and by (label, label).

    Parameters
    ----------
    state : dict
        (Feature, label) → weight; a pair that is not there weighs nothing.
    moves : dict
        (Label, next label) → weight.
    labels : sequence of str
        All labels.
    kin : mapping
        Groups of words that features speak of.

    Returns
    -------
    Field
    """
    at = {label: k for k, label in enumerate(labels)}
    rows = {f: k for k, f in enumerate(dict.fromkeys(feature for feature, _ in state))}
    weights: NDArray[Any] = np.zeros((len(rows), len(at)), dtype=np.float32)
    for (feature, label), weight in state.items():
        weights[rows[feature], at[label]] = weight
    steps: NDArray[Any] = np.zeros((len(at), len(at)), dtype=np.float32)
    for (a, b), weight in moves.items():
        steps[at[a], at[b]] = weight
    table = Table(rows=rows, weights=weights, kin=kin)
    return Field(labels=tuple(labels), table=table, moves=steps)
