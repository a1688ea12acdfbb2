"""The same matter: equal texts, near copies and letters from one template, in a million texts.

Sketches propose: texts that agree in one of their minima stand in one bucket; of each bucket,
neighbours (by the next minimum) and everybody with the first are compared, so that the work grows
with the texts and not with their pairs, however large a mass filing is. Bitmaps discard, the sets
of word pairs decide. Two texts are *alike* when

- their sets of word pairs overlap by ``JACCARD`` (Jaccard), or
- ``CONTAINED`` of the shorter one's pairs stand in the longer one, and at least ``FEWEST`` do.

Chains cannot form: a matter is a *star* [1]_. Everybody in it is alike to its representative,
which is the text with most links and copies; whoever is linked to it only through others is asked
again among the rest. What is found is therefore always so (precise up to the rule); what is missed
are copies that agree in none of the minima, and texts quoted in much longer ones. A partition may
depend on the order of the texts; the same texts in the same order give the same one.

References
----------
.. [1] Aslam, J., Pelekhov, E. & Rus, D. (2004). The star clustering algorithm for static and
   dynamic information organization. J. Graph Algorithms and Applications 8(1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.text.duplicates import in_order
from iagkit.text.sets import Labels, differing, linked, shared
from iagkit.text.sketches import N_SKETCH, NONE, Sketched

JACCARD: Final = 0.6
CONTAINED: Final = 0.5
NEAR: Final = 0.75
"""Share of the shorter text's pairs from which it is a near copy, and no letter from a template."""
FEWEST: Final = 12
"""Word pairs that must be shared before a part of a text counts."""
ROUNDS: Final = 12
BATCH: Final = 100_000

KINDS: Final = ("alone", "representative", "same", "near", "template")
"""Nobody like it; the text of its matter; the same words; a near copy; from one template."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """Which texts are one matter, in the order they came.

    Parameters
    ----------
    matter : array of int, shape (n_texts,)
        Number of each text's matter, by first appearance.
    representative : array of int, shape (n_texts,)
        Place of the text that stands for the matter.
    similarity : array of float, shape (n_texts,)
        Share of the shorter text's word pairs that stand in the representative (Jaccard, where
        fewer than 12 are shared); 1 for itself and its copies.
    kind : array of str, shape (n_texts,)
        One of `KINDS`.
    """

    matter: Labels
    representative: Labels
    similarity: Floats
    kind: NDArray[np.str_]

    def __len__(self) -> int:
        """Give the number of texts."""
        return int(self.matter.size)


def same_matter(texts: Iterable[str]) -> Matters:
    """Find texts of one matter; texts are read once and need not fit into memory.

    Parameters
    ----------
    texts : iterable of str, shape (n_texts,)
        Raw texts, or a generator of them; case, accents and punctuation do not count.

    Returns
    -------
    Matters
        About 900 bytes a short text while it is made; 60 for each text of the result.

    Raises
    ------
    DataError
        If something is not text.

    Examples
    --------
    >>> words = [f"palabra{i}" for i in range(30)]
    >>> letter = " ".join(words)
    >>> same_matter([letter, letter.upper(), f"Soy Ana y {letter}", "otra cosa"]).kind.tolist()
    ['representative', 'same', 'near', 'alone']
    """
    read = Sketched.of(texts)
    _, first, copy_of = np.unique(read.fingerprint, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(order.size, dtype=np.intp)
    rank[order] = np.arange(order.size)
    first, copy_of = first[order], rank[copy_of]
    centre, similarity = _stars(read, first, np.bincount(copy_of, minlength=first.size))
    return _told(first, copy_of, centre, similarity)


def _told(first: Labels, copy_of: Labels, centre: Labels, similarity: Floats) -> Matters:
    """From distinct texts back to all of them."""
    of_all = centre[copy_of]
    size = np.bincount(of_all, minlength=first.size)[of_all]
    close = similarity[copy_of]
    itself = first[of_all] == np.arange(copy_of.size)
    kind = np.select(
        [size == 1, itself, of_all == copy_of, close >= NEAR],
        KINDS[:4],
        default=KINDS[4],
    )
    return Matters(
        matter=in_order(of_all), representative=first[of_all], similarity=close, kind=kind
    )


def _stars(read: Sketched, first: Labels, copies: Labels) -> tuple[Labels, Floats]:
    """Centre of each distinct text, and how close it is."""
    centre = np.arange(first.size)
    close = np.ones(first.size)
    left = np.flatnonzero(read.minima[0, first] != NONE)
    for _ in range(ROUNDS):
        group, degree = _groups(read, first[left])
        many = np.bincount(group)[group] > 1
        left, group, degree = left[many], group[many], degree[many] + copies[left[many]]
        if left.size == 0:
            break
        star = left[_busiest(group, degree)[group]]
        reached, similarity = _compared(read, first[left], first[star])
        reached |= left == star
        centre[left[reached]], close[left[reached]] = star[reached], similarity[reached]
        left = left[~reached]
    return centre, close


def _busiest(group: Labels, degree: Labels) -> Labels:
    """Place of the text with most links in each group (groups numbered anew, in place)."""
    group[:] = np.unique(group, return_inverse=True)[1]
    order = np.lexsort((-np.arange(group.size), degree, group))
    return np.asarray(order[np.append(np.flatnonzero(np.diff(group[order])), group.size - 1)])


def _groups(read: Sketched, rows: Labels) -> tuple[Labels, Labels]:
    """Connected texts, and links of each; a pair whose ends are connected is not asked again."""
    group = np.arange(rows.size)
    degree = np.zeros(rows.size, dtype=np.intp)
    for number in range(N_SKETCH):
        for one, other in _proposed(read, rows, number):
            apart = group[one] != group[other]
            left, right = one[apart], other[apart]
            alike, _ = _compared(read, rows[left], rows[right])
            left, right = left[alike], right[alike]
            degree += np.bincount(left, minlength=rows.size) + np.bincount(
                right, minlength=rows.size
            )
            group = linked(group, left, right)
    return group, degree


def _proposed(read: Sketched, rows: Labels, number: int) -> Iterator[tuple[Labels, Labels]]:
    """Pairs of one bucket: everybody with its first text, then each with the next."""
    if rows.size == 0:
        return
    key = read.minima[number, rows]
    order = np.lexsort((read.minima[(number + 1) % N_SKETCH, rows], key))
    key = key[order]
    begins = np.concatenate([[True], key[1:] != key[:-1]])
    at = np.flatnonzero(begins)
    leader = np.minimum.reduceat(order, at)[np.cumsum(begins) - 1]
    member = np.flatnonzero(leader != order)
    yield leader[member], order[member]
    same = np.flatnonzero(~begins)
    yield order[same - 1], order[same]


def _compared(read: Sketched, left: Labels, right: Labels) -> tuple[NDArray[np.bool_], Floats]:
    """Whether each pair is alike, and how close it is (0 where it is not)."""
    alike = np.zeros(left.size, dtype=bool)
    close = np.zeros(left.size)
    for begin in range(0, left.size, BATCH):
        part = slice(begin, begin + BATCH)
        alike[part], close[part] = _compared_batch(read, left[part], right[part])
    return alike, close


def _compared_batch(
    read: Sketched, left: Labels, right: Labels
) -> tuple[NDArray[np.bool_], Floats]:
    alike, close = np.zeros(left.size, dtype=bool), np.zeros(left.size)
    one, other = read.sizes[left], read.sizes[right]
    # half of the smaller set shared leaves at most as many apart as the larger has
    near = np.flatnonzero(differing(read.maps, left, right) <= np.maximum(one, other))
    one, other = one[near], other[near]
    common = shared(read.item, read.bounds, left[near], right[near])
    jaccard = common / np.maximum(one + other - common, 1)
    part = common / np.maximum(np.minimum(one, other), 1)
    enough = common >= FEWEST
    alike[near] = (jaccard >= JACCARD) | (enough & (part >= CONTAINED))
    close[near] = np.where(enough, part, jaccard)
    return alike, close
