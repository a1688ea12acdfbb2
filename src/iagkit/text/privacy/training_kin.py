"""Words that keep the same company, learnt from texts that nobody has marked.

A surname that no corpus marks stands where surnames stand. Words are placed by what stands up to
two words beside them (positive pointwise mutual information, cut to its main directions) and put
into groups, few large ones and many small ones; the group of a word is a feature of the tagger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.text.privacy.features import Kin, plain, tokens

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
GROUPS: Final = (50, 200, 800)
"""Groups of words at each level."""
_FEWEST: Final = 5
"""Occurrences below which a word is in no group."""
_WORDS: Final = 15_000
_BESIDE: Final = 2_000
"""Common words whose company counts."""
_OFFSETS: Final = (-2, -1, 1, 2)
_DIRECTIONS: Final = 64
_ROUNDS: Final = 12


def kin_of(texts: Iterable[str], *, most: int = 2_500_000, seed: int = 0) -> Kin:
    """Put the words of texts into groups by their company.

    Parameters
    ----------
    texts : iterable of str
        The more the better; nothing needs to be marked.
    most : int
        Words that are read, at most, from texts in an order drawn at random.
    seed : int

    Returns
    -------
    mapping of str to tuple of int
        Word, as :func:`iagkit.text.privacy.features.plain` writes it → its group at each level;
        empty if no word is frequent enough.

    References
    ----------
    .. [1] Levy, O. & Goldberg, Y. (2014). Neural word embedding as implicit matrix factorization.
       NIPS, 2177-2185.
    .. [2] Dhillon, I. & Modha, D. (2001). Concept decompositions for large sparse text data using
       clustering. Machine Learning 42, 143-175.
    """
    documents = _read(texts, most, seed)
    seen = Counter(word for words in documents for word in words)
    vocabulary = [word for word, n in seen.most_common(_WORDS) if n >= _FEWEST]
    if len(vocabulary) <= 2 * _DIRECTIONS:
        return {}
    at = {word: k for k, word in enumerate(vocabulary)}
    apart = [-1] * max(_OFFSETS)
    ids = np.array([k for words in documents for k in (*(at.get(w, -1) for w in words), *apart)])
    places = _places(ids, len(vocabulary), seed)
    groups = [_groups(places, min(many, len(places)), seed) for many in GROUPS]
    return dict(zip(vocabulary, zip(*(g.tolist() for g in groups), strict=True), strict=True))


def _read(texts: Iterable[str], most: int, seed: int) -> list[list[str]]:
    listed = list(texts)
    Random(seed).shuffle(listed)  # noqa: S311 (no secret)
    documents, read = [], 0
    for text in listed:
        if read >= most:
            break
        documents.append([plain(word) for word in tokens(text).words])
        read += len(documents[-1])
    return documents


def _places(ids: Ints, many: int, seed: int) -> Floats:
    """A direction of length 1 for each word, ``many`` × ``_DIRECTIONS``."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import svds

    beside = min(_BESIDE, many)
    rows, columns = [], []
    for k, offset in enumerate(_OFFSETS):
        word = ids[max(0, -offset) : len(ids) - max(0, offset)]
        other = ids[max(0, offset) : len(ids) - max(0, -offset)]
        both = (word >= 0) & (other >= 0) & (other < beside)
        rows.append(word[both])
        columns.append(other[both] + k * beside)
    at = np.concatenate(rows), np.concatenate(columns)
    shape = (many, len(_OFFSETS) * beside)
    table = coo_array((np.ones(len(at[0])), at), shape=shape)
    table.sum_duplicates()
    here, there = table.coords
    own, others = table.sum(axis=1), table.sum(axis=0) ** 0.75  # tempered, as in [1]
    expected = own[here] * others[there] / others.sum()
    told = np.maximum(np.log(table.data / expected), 0.0)
    left, size, _ = svds(coo_array((told, (here, there)), shape=shape), k=_DIRECTIONS, rng=seed)
    placed = left * np.sqrt(size)
    length = np.linalg.norm(placed, axis=1, keepdims=True)
    return np.asarray(placed / np.maximum(length, 1e-9), dtype=np.float32)


def _groups(places: Floats, many: int, seed: int) -> Ints:
    """Spherical k-means: the group of each word."""
    random = np.random.default_rng(seed)
    middles = places[random.choice(len(places), many, replace=False)]
    group: Ints = np.zeros(len(places), dtype=np.intp)
    for _ in range(_ROUNDS):
        group = (places @ middles.T).argmax(axis=1)
        sums = np.zeros_like(middles)
        np.add.at(sums, group, places)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        middles = np.where(length > 0, sums / np.maximum(length, 1e-9), middles)
    return group
