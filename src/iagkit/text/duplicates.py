"""The same text twice, or nearly: copies are one piece of evidence and never cross a split.

Two texts are *nearly the same* when their sets of neighbouring word pairs (borders of the
text count as words) overlap by at least ``threshold`` (Jaccard). All such pairs are found,
none is guessed: a prefix filter [1]_ proposes, a parity bitmap [2]_ discards, and the sets
themselves decide. So are texts with the same first 60 words: one request, cut off by a form
or continued with other addresses. A cluster is a connected component of these pairs. A text
quoted in the middle of a longer one is not found.

Word pairs that stand in more than ``largest`` of the distinct texts (and more than 1,000)
are a form's own words and are not compared. Chains are cut: a component of more than
``largest`` of the distinct texts (and more than 50) is joined again at stricter thresholds,
up to .99, and without regard to openings, until its parts are small enough. Exact copies
always stay together.

References
----------
.. [1] Bayardo, R., Ma, Y. & Srikant, R. (2007). Scaling up all pairs similarity search. WWW.
.. [2] Sandes, E., Teodoro, G. & Melo, A. (2020). Bitmap filter: speeding up exact set
   similarity joins with bitwise operations. Information Systems 88.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np

from iagkit.core.errors import UsageError
from iagkit.text.sets import Bitmaps, Labels, bitmaps, differing, distinct, linked, shared, spread
from iagkit.text.words import Ints, numbered, same_text, strings

FEW = 50
FORM = 1000
OPENING = 60
STRICTER = (0.85, 0.9, 0.95, 0.99)
BATCH = 200_000


def exact_clusters(texts: Iterable[str]) -> Labels:
    """Number the texts so that copies share a number.

    Parameters
    ----------
    texts : iterable of str, shape (n_texts,)
        Raw texts; case, accents, white space and punctuation are folded away, digits are not.

    Returns
    -------
    array of int, shape (n_texts,)
        Cluster of each text, numbered in order of first appearance.

    Raises
    ------
    DataError
        If something is not text.

    Examples
    --------
    >>> exact_clusters(["¿Qué baches?", "que  BACHES", "que baches 2"]).tolist()
    [0, 0, 1]
    """
    return _numbered_alike([same_text(t) for t in strings(texts)])


def _numbered_alike(folded: list[str]) -> Labels:
    number: dict[str, int] = {}
    return np.asarray([number.setdefault(t, len(number)) for t in folded], dtype=np.intp)


def near_duplicates(
    texts: Iterable[str], *, threshold: float = 0.8, largest: float = 0.1
) -> Labels:
    """Number the texts so that copies, and copies with small edits, share a number.

    Parameters
    ----------
    texts : iterable of str, shape (n_texts,)
        Raw texts.
    threshold : float, in (0, 1]
        Overlap (Jaccard) of word pairs from which two texts are nearly the same.
    largest : float, share of the distinct texts
        A component beyond it is held to be a chain and joined again more strictly.

    Returns
    -------
    array of int, shape (n_texts,)
        Cluster of each text, numbered in order of first appearance; the partition does not
        depend on the order of the texts.

    Raises
    ------
    DataError
        If something is not text.
    UsageError
        If a setting is outside (0, 1].
    """
    _insist_on_share("threshold", threshold)
    _insist_on_share("largest", largest)
    folded = [same_text(t) for t in strings(texts)]
    copies = _numbered_alike(folded)
    if copies.size == 0:
        return copies
    first = np.unique(copies, return_index=True)[1]
    words = [folded[i].split() for i in first]
    most = max(largest * first.size, FEW)
    sets = _Sets.of(words, common=max(most, FORM))
    return in_order(_joined(sets, _openings(words), threshold, most)[copies])


def in_order(labels: Labels) -> Labels:
    """Renumber clusters by first appearance, from 0."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.intp)
    rank[np.argsort(first)] = np.arange(first.size)
    return rank[inverse]


def _insist_on_share(name: str, value: float) -> None:
    if not 0 < value <= 1:
        msg = f"'{name}' must be a share above 0 and at most 1; got {value}. Try 0.8."
        raise UsageError(msg)


class _Sets(NamedTuple):
    """Sorted sets of shingle numbers, one after the other; rare shingles have small numbers."""

    item: Ints
    bounds: Ints
    texts_with: Ints
    """In how many sets each shingle occurs."""

    @classmethod
    def of(cls, lists: list[list[str]], *, common: float) -> Self:
        """Word pairs of each text, without those in more than ``common`` texts."""
        words = numbered([["^", *words, "$"] for words in lists])
        inside = np.flatnonzero(words.text[:-1] == words.text[1:])
        pair = words.word[inside] * len(words.vocabulary) + words.word[inside + 1]
        sets = cls.from_items(
            words.text[inside], np.unique(pair, return_inverse=True)[1], len(lists)
        )
        own = sets.texts_with[sets.item] <= common
        if own.all():
            return sets
        row = np.repeat(np.arange(len(lists)), sets.sizes)
        return cls.from_items(row[own], sets.item[own], len(lists))

    @classmethod
    def from_items(cls, row: Ints, item: Ints, n_sets: int) -> Self:
        n_items = int(item.max()) + 1 if item.size else 1
        row, item = np.divmod(distinct(row * n_items + item), n_items)
        often = np.bincount(item, minlength=n_items)
        rank = np.empty(n_items, dtype=np.int64)
        rank[np.argsort(often, kind="stable")] = np.arange(n_items)
        key = np.sort(row * n_items + rank[item])
        bounds = np.searchsorted(key, np.arange(n_sets + 1) * n_items)
        return cls(key % n_items, bounds, np.sort(often))

    @property
    def sizes(self) -> Ints:
        return np.diff(self.bounds)

    def take(self, which: Labels) -> Self:
        """Some of the sets, shingles ranked anew."""
        sizes = self.sizes[which]
        row = np.repeat(np.arange(which.size), sizes)
        return self.from_items(row, self.item[spread(self.bounds[which], sizes)], which.size)


def _openings(lists: list[list[str]]) -> Labels:
    """Number long texts by their first words; short ones stand alone."""
    number: dict[object, int] = {}
    keys = (tuple(w[:OPENING]) if len(w) >= OPENING else i for i, w in enumerate(lists))
    return np.asarray([number.setdefault(k, len(number)) for k in keys], dtype=np.intp)


def _joined(sets: _Sets, start: Labels, threshold: float, most: float) -> Labels:
    """Components at the threshold; those that are too large are joined again, more strictly."""
    labels = _components(sets, start, threshold)
    stricter = [t for t in STRICTER if t > threshold]
    if not stricter:
        return labels
    size = np.bincount(labels)
    for chain in np.flatnonzero(size > most):
        members = np.flatnonzero(labels == chain)
        parts = _joined(sets.take(members), np.arange(members.size), stricter[0], most)
        labels[members] = parts + (labels.max() + 1)
    return labels


def _components(sets: _Sets, start: Labels, threshold: float) -> Labels:
    """Merge the starting clusters along the pairs whose overlap reaches the threshold."""
    labels = start
    maps = bitmaps(sets.item, sets.bounds)
    for one, other in _candidates(sets, threshold):
        apart = labels[one] != labels[other]
        left, right = _alike(sets, maps, one[apart], other[apart], threshold)
        labels = linked(labels, left, right)
    return labels


def _alike(
    sets: _Sets, maps: Bitmaps, left: Labels, right: Labels, threshold: float
) -> tuple[Labels, Labels]:
    """Those pairs whose overlap truly reaches the threshold."""
    together = sets.sizes[left] + sets.sizes[right]
    apart = differing(maps, left, right)
    near = apart <= (1 - threshold) / (1 + threshold) * together + 1e-9
    left, right, together = left[near], right[near], together[near]
    common = shared(sets.item, sets.bounds, left, right)
    alike = common >= threshold * (together - common) - 1e-9
    return left[alike], right[alike]


def _candidates(sets: _Sets, threshold: float) -> Iterator[tuple[Labels, Labels]]:
    """Pairs that share one of their rarest shingles and are of similar size, in batches.

    Two sets that overlap enough share a shingle among the first ``n - ceil(t n) + 1`` of
    each, in any common order; rarest first makes the lists short. Within one shingle's list
    the sets stand by size, so that each is compared with the next ones only.
    """
    sizes = sets.sizes
    length = np.minimum(sizes, sizes - np.ceil(threshold * sizes - 1e-9).astype(np.int64) + 1)
    item = sets.item[spread(sets.bounds[:-1], length)]
    row = np.repeat(np.arange(sizes.size), length)
    shared = sets.texts_with[item] > 1
    order = np.lexsort((row[shared], sizes[row[shared]], item[shared]))
    item, row = item[shared][order], row[shared][order]
    longest = (sizes / threshold + 1e-9).astype(np.int64)
    place = _place(item, sizes[row])
    reach = np.searchsorted(place, _place(item, longest[row]), side="right")
    behind = reach - np.arange(item.size) - 1
    for begin, stop in _batches(behind):
        first = np.repeat(np.arange(begin, stop), behind[begin:stop])
        second = spread(np.arange(begin, stop) + 1, behind[begin:stop])
        yield row[first], row[second]


def _place(item: Ints, size: Ints) -> Ints:
    """One sortable number for (shingle, size); no text has 2**22 words."""
    return (item << 22) + np.minimum(size, (1 << 22) - 1)


def _batches(counts: Ints) -> Iterator[tuple[int, int]]:
    """Cut so that each batch makes about ``BATCH`` pairs."""
    total = np.cumsum(counts)
    begin = 0
    while begin < counts.size:
        done = int(total[begin - 1]) if begin else 0
        stop = max(int(np.searchsorted(total, done + BATCH, side="right")), begin + 1)
        yield begin, stop
        begin = stop
