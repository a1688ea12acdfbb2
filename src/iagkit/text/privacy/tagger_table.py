"""Weights of features, looked up and summed for each token of a document.

The weights of a word at each distance are summed once and kept, which makes tagging several times
as fast as handing every feature of every token over as a string.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.text.privacy.features import PAD, REACH, Kin, kin_of_word, of_word

Floats = NDArray[np.float32]
_KEPT: Final = 20_000
"""Words whose summed weights are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A row of ``weights`` (``n_features`` × ``n_columns``) for each feature of ``rows``.

    ``kin`` are the groups of words that some of the features speak of.
    """

    rows: dict[str, int]
    weights: Floats
    kin: Kin = field(default_factory=dict, repr=False)
    _words: dict[str, Floats] = field(default_factory=dict, repr=False, compare=False)

    def scores(self, words: Sequence[str], places: Sequence[Sequence[str]]) -> Floats:
        """Sum of the weights of all features of each token.

        Parameters
        ----------
        words : sequence of str, length n_tokens
        places : sequence of sequence of str, length n_tokens
            Features of the places (:func:`iagkit.text.privacy.features.of_places`).

        Returns
        -------
        ndarray of float, shape (n_tokens, n_columns)
        """
        kinds = {word: k for k, word in enumerate(dict.fromkeys((PAD, *words)))}
        self._learn(kinds)
        near = np.stack([self._words[word] for word in kinds])
        ids = np.array([0] * REACH + [kinds[w] for w in words] + [0] * REACH)
        found = self._summed(places)
        for offset in range(2 * REACH + 1):
            found += near[ids[offset : offset + len(words)], offset]
        return found

    def _learn(self, words: Iterable[str]) -> None:
        """Keep the summed weights of new words, ``2 * REACH + 1`` × ``n_columns`` each."""
        new = [word for word in words if word not in self._words]
        if len(self._words) + len(new) > _KEPT:
            self._words.clear()
            new = list(words)
        if not new:
            return
        told = [
            features
            for word in new
            for _, features in sorted(of_word(word, kin_of_word(word, self.kin)).items())
        ]
        sums = self._summed(told).reshape(len(new), 2 * REACH + 1, -1)
        self._words.update(zip(new, sums, strict=True))

    def _summed(self, told: Sequence[Sequence[str]]) -> Floats:
        """Weights of each list of features, summed: one row a list."""
        from scipy.sparse import csr_array

        get = self.rows.get
        known = [[row for f in features if (row := get(f)) is not None] for features in told]
        ends = np.cumsum([0, *map(len, known)])
        at = np.fromiter(chain.from_iterable(known), dtype=np.int64, count=ends[-1])
        ones = np.ones(len(at), dtype=np.float32)
        which = csr_array((ones, at, ends), shape=(len(told), len(self.weights)))
        return np.asarray(which @ self.weights, dtype=np.float32)
