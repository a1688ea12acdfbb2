"""The same matter, and mass filings on one pattern, in a million texts.

Three levels, as an office decides differently about each:

- *same*: the same words, once case, accents and punctuation are folded;
- *near*: ``NEAR`` of all word pairs of two texts are shared (Jaccard), one is at most a tenth
  longer (who adds a passage says something else), and all their figures are the same: two requests
  that differ in a year or the number of a file are two requests;
- *template*: ``JACCARD`` of their pairs are shared, or ``CONTAINED`` of the shorter one's pairs
  stand in the longer one and at least ``FEWEST`` do: letters on one pattern, of several people or
  about several things.

The same and the near are one *matter*, unless there are more than ``VERSIONS`` different near
copies: a text that so many have changed a little is a form, where each has put another name.
Letters on one pattern are no one matter: they are counted, and each waits for its own answer.

Sketches propose: texts that agree in one of their minima stand in one bucket; of each bucket,
neighbours (by the next minimum) and everybody with the first are compared, so that the work grows
with the texts and not with their pairs, however large a mass filing is. Bitmaps discard, the sets
of word pairs decide.

Chains cannot form: a matter is a *star* [1]_. Everybody in it is near to its representative, which
is the text with most links and copies; whoever is linked to it only through others is asked again
among the rest. Patterns are stars of representatives. What is found is therefore always so
(precise up to the rule); what is missed are copies that agree in none of the minima, and texts
quoted in much longer ones. A partition may depend on the order of the texts; the same texts in the
same order give the same one.

References
----------
.. [1] Aslam, J., Pelekhov, E. & Rus, D. (2004). The star clustering algorithm for static and
   dynamic information organization. J. Graph Algorithms and Applications 8(1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from iagkit.text.duplicates import in_order
from iagkit.text.sets import Labels, differing, linked, shared
from iagkit.text.sketches import N_SKETCH, NONE, Sketched

JACCARD: Final = 0.6
CONTAINED: Final = 0.5
NEAR: Final = 0.6
"""Share of all word pairs (Jaccard) from which texts with the same figures are near copies: about
one word in eight has been changed."""
LENGTH: Final = 0.9
"""Pairs of the shorter near copy, to those of the longer one."""
VERSIONS: Final = 10
FEWEST: Final = 12
"""Word pairs that must be shared before a part of a text counts."""
ROUNDS: Final = 12
BATCH: Final = 100_000

KINDS: Final = ("alone", "representative", "same", "near", "template")
"""Nobody like it; the text that stands for its matter; the same words as that text; a near copy of
it; nobody of the same matter, but others on its pattern."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """Which texts are one matter, and which are on one pattern, in the order they came.

    Parameters
    ----------
    matter : array of int, shape (n_texts,)
        Number of each text's matter, by first appearance: the same words and near copies.
    representative : array of int, shape (n_texts,)
        Place of the text that stands for the matter.
    pattern : array of int, shape (n_texts,)
        Place of the text that stands for the pattern; all texts of a matter have the same.
    similarity : array of float, shape (n_texts,)
        To the representative: share of all their word pairs that both have (Jaccard); 1 for itself
        and its copies. Of kind ``template``, to the pattern: the share of the shorter one's.
    kind : array of str, shape (n_texts,)
        One of `KINDS`.
    """

    matter: Labels
    representative: Labels
    pattern: Labels
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
    copies = np.bincount(copy_of, minlength=first.size)
    rows = np.flatnonzero(read.minima[0, first] != NONE)
    group, _ = _groups(read, first[rows], near=False)
    rows = rows[np.bincount(group)[group] > 1]
    centre, close = _without_forms(_stars(read, first, copies, rows, near=True))
    heads = rows[centre[rows] == rows]
    members = np.bincount(centre, weights=copies, minlength=first.size).astype(np.intp)
    pattern, like = _stars(read, first, members, heads, near=False)
    return _told(first, copy_of, Stars(centre, close), Stars(pattern[centre], like))


class Stars(NamedTuple):
    """Centre of each distinct text, and how close it is."""

    centre: Labels
    close: Floats


def _without_forms(stars: Stars) -> Stars:
    """Near copies of which there are too many stand for themselves again."""
    form = np.bincount(stars.centre)[stars.centre] > VERSIONS
    itself = np.arange(stars.centre.size)
    return Stars(np.where(form, itself, stars.centre), np.where(form, 1.0, stars.close))


def _told(first: Labels, copy_of: Labels, matters: Stars, patterns: Stars) -> Matters:
    """From distinct texts back to all of them."""
    of_all, on = matters.centre[copy_of], patterns.centre[copy_of]
    size, letters = (np.bincount(each, minlength=first.size)[each] for each in (of_all, on))
    kind = np.select(
        [
            letters == 1,
            size == 1,
            first[of_all] == np.arange(copy_of.size),
            of_all == copy_of,
        ],
        [KINDS[0], KINDS[4], KINDS[1], KINDS[2]],
        default=KINDS[3],
    )
    return Matters(
        matter=in_order(of_all),
        representative=first[of_all],
        pattern=first[on],
        similarity=np.where(size == 1, patterns.close[copy_of], matters.close[copy_of]),
        kind=kind,
    )


def _stars(read: Sketched, first: Labels, weight: Labels, rows: Labels, *, near: bool) -> Stars:
    """Stars among some distinct texts; all others are alone."""
    centre = np.arange(first.size)
    close = np.ones(first.size)
    left = rows
    for _ in range(ROUNDS):
        group, degree = _groups(read, first[left], near=near)
        many = np.bincount(group)[group] > 1
        left, group, degree = left[many], group[many], degree[many] + weight[left[many]]
        if left.size == 0:
            break
        star = left[_busiest(group, degree)[group]]
        reached, similarity = _compared(read, first[left], first[star], near=near)
        reached |= left == star
        centre[left[reached]], close[left[reached]] = star[reached], similarity[reached]
        left = left[~reached]
    return Stars(centre, close)


def _busiest(group: Labels, degree: Labels) -> Labels:
    """Place of the text with most links in each group (groups numbered anew, in place)."""
    group[:] = np.unique(group, return_inverse=True)[1]
    order = np.lexsort((-np.arange(group.size), degree, group))
    return np.asarray(order[np.append(np.flatnonzero(np.diff(group[order])), group.size - 1)])


def _groups(read: Sketched, rows: Labels, *, near: bool) -> tuple[Labels, Labels]:
    """Connected texts, and links of each; a pair whose ends are connected is not asked again."""
    group = np.arange(rows.size)
    degree = np.zeros(rows.size, dtype=np.intp)
    for number in range(N_SKETCH):
        for one, other in _proposed(read, rows, number):
            apart = group[one] != group[other]
            left, right = one[apart], other[apart]
            alike, _ = _compared(read, rows[left], rows[right], near=near)
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


def _compared(
    read: Sketched, left: Labels, right: Labels, *, near: bool
) -> tuple[NDArray[np.bool_], Floats]:
    """Whether each pair is near, or else alike, and how close it is (0 where it is not)."""
    alike = np.zeros(left.size, dtype=bool)
    close = np.zeros(left.size)
    for begin in range(0, left.size, BATCH):
        part = slice(begin, begin + BATCH)
        alike[part], close[part] = _compared_batch(read, left[part], right[part], near=near)
    return alike, close


def _compared_batch(
    read: Sketched, left: Labels, right: Labels, *, near: bool
) -> tuple[NDArray[np.bool_], Floats]:
    alike, close = np.zeros(left.size, dtype=bool), np.zeros(left.size)
    one, other = read.sizes[left], read.sizes[right]
    # half of the smaller set shared leaves at most as many apart as the larger has
    may_be = np.flatnonzero(differing(read.maps, left, right) <= np.maximum(one, other))
    left, right, one, other = left[may_be], right[may_be], one[may_be], other[may_be]
    common = shared(read.item, read.bounds, left, right)
    jaccard = common / np.maximum(one + other - common, 1)
    if near:
        even = np.minimum(one, other) >= LENGTH * np.maximum(one, other)
        alike[may_be] = (jaccard >= NEAR) & even & (read.figures[left] == read.figures[right])
        close[may_be] = jaccard
        return alike, close
    part = common / np.maximum(np.minimum(one, other), 1)
    enough = common >= FEWEST
    alike[may_be] = (jaccard >= JACCARD) | (enough & (part >= CONTAINED))
    close[may_be] = np.where(enough, part, jaccard)
    return alike, close
