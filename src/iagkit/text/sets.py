"""Sets of shingles of many texts, one after the other: compared, bounded, linked.

The machinery that exact joins (`iagkit.text.duplicates`) and sketches (`iagkit.text.matters`)
share. A set is a stretch ``item[bounds[i]:bounds[i + 1]]`` of numbers below ``2**32``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.text.words import Ints

Labels = NDArray[np.intp]
Items = NDArray[Any]
Bitmaps = NDArray[np.uint16]

BITS = 512
BLOCK = 20_000


def spread(starts: Ints, sizes: Ints) -> Ints:
    """Positions of several stretches, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if ends.size else 0
    return np.repeat(starts - (ends - sizes), sizes) + np.arange(total)


def distinct(numbers: Items) -> Items:
    """Sorted distinct numbers; sorting beats the hashing of recent `numpy.unique`."""
    ordered = np.sort(numbers)
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: ordered.size]
    return np.asarray(ordered[new])


def shared(item: Items, bounds: Ints, left: Labels, right: Labels) -> Ints:
    """Size of the intersection of each pair of sets."""
    sizes, pairs = np.diff(bounds), np.arange(left.size) << 32
    keys = [
        np.repeat(pairs, sizes[side]) + item[spread(bounds[side], sizes[side])].astype(np.int64)
        for side in (left, right)
    ]
    both = np.sort(np.concatenate(keys), kind="stable")
    twice = both[1:][both[1:] == both[:-1]] >> 32
    return np.bincount(twice, minlength=left.size)


def bitmaps(item: Items, bounds: Ints) -> Bitmaps:
    """Parity of the shingles in each of 512 slots, shape (n_sets, 32)."""
    blocks = [
        _parities(item[bounds[begin] : bounds[min(begin + BLOCK, bounds.size - 1)]], sizes)
        for begin in range(0, bounds.size - 1, BLOCK)
        for sizes in [np.diff(bounds[begin : begin + BLOCK + 1])]
    ]
    return np.concatenate(blocks) if blocks else np.empty((0, BITS // 16), dtype=np.uint16)


def _parities(item: Items, sizes: Ints) -> Bitmaps:
    slot = (item.astype(np.uint64) * np.uint64(0x9E3779B1) >> np.uint64(7)) % np.uint64(BITS)
    row = np.repeat(np.arange(sizes.size), sizes)
    odd = np.bincount(row * BITS + slot.astype(np.int64), minlength=sizes.size * BITS) & 1
    return np.packbits(odd.astype(np.uint8).reshape(-1, BITS), axis=1).view(np.uint16)


def differing(maps: Bitmaps, left: Labels, right: Labels) -> NDArray[np.float32]:
    """How many slots of each pair differ: never more than the items that only one set has."""
    return np.asarray(_BIT_COUNT[maps[left] ^ maps[right]] @ _ONES)


_BIT_COUNT = np.array([n.bit_count() for n in range(1 << 16)], dtype=np.uint8)
_ONES = np.ones(BITS // 16, dtype=np.float32)


def linked(labels: Labels, left: Labels, right: Labels) -> Labels:
    """Merge clusters along pairs of texts."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    ends = (labels[left], labels[right])
    many = int(labels.max()) + 1 if labels.size else 0
    graph = coo_matrix((np.ones(left.size, dtype=bool), ends), shape=(many, many))
    return np.asarray(connected_components(graph, directed=False)[1].astype(np.intp)[labels])
