"""A table of counts with all its margins in one array: what an audit publishes of people.

A table of shape ``(L1, ..., Lm, C)`` has one axis for each group column and a last one for the
outcome. One more place on every axis holds the sum over it, so that the count of any group of
any subset of columns, and its size, stand in one array of shape ``(L1 + 1, ..., Lm + 1, C + 1)``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Bools = NDArray[np.bool_]
Counts = NDArray[np.int64]
Subset = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Everything that could be told of a table, flat, and what must not be.

    Parameters
    ----------
    shape : tuple of int
        Levels and outcome cells, one more each for the sum.
    values : array of int, shape (prod(shape),)
        Every count.
    published : array of bool, shape (prod(shape),)
        Counts of the subsets that are published at all.
    k : int
        Counts of 1 to ``k - 1`` are small.
    """

    shape: tuple[int, ...]
    values: Counts
    published: Bools
    k: int

    @property
    def small(self) -> Bools:
        """Counts of 1 to ``k - 1`` people, published or not."""
        return (self.values > 0) & (self.values < self.k)

    @property
    def fixed(self) -> Bools:
        """What a reader always knows: groups without anybody, and how many people there are."""
        sizes = np.repeat(self.values[self.shape[-1] - 1 :: self.shape[-1]], self.shape[-1])
        known: Bools = (sizes == 0) & self.published
        known[-1] = known[-1] or self.values[-1] >= self.k
        return known

    @property
    def inner(self) -> Bools:
        """Counts that are no sum of others."""
        inside = np.ones(self.shape, dtype=bool)
        for axis in range(inside.ndim):
            np.moveaxis(inside, axis, 0)[-1] = False
        return inside.reshape(-1)


def with_margins(counts: Counts) -> Counts:
    """Append to every axis its sum."""
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis, keepdims=True)], axis=axis)
    return counts


def window(shape: tuple[int, ...], subset: Subset) -> tuple[slice | int, ...]:
    """Where the table of a subset of columns stands; its last axis is outcome cells and size."""
    return tuple(slice(0, n - 1) if i in subset else n - 1 for i, n in enumerate(shape[:-1]))


def mask_of(shape: tuple[int, ...], subsets: Collection[Subset]) -> Bools:
    """Counts of the named subsets, and of all people together."""
    mask = np.zeros(shape, dtype=bool)
    for subset in (*subsets, ()):
        mask[window(shape, subset)] = True
    return mask


def sums(shape: tuple[int, ...]) -> csr_array:
    """Equations between counts: each sum less its parts along its first summed axis is 0."""
    from scipy.sparse import csr_array

    entries = np.arange(np.prod(shape)).reshape(shape)
    rows, columns, signs, done = [], [], [], 0
    for axis in range(len(shape)):
        front = np.moveaxis(entries[(slice(0, -1),) * axis], axis, -1)
        total = front[..., -1].reshape(-1)
        parts = front[..., :-1].reshape(len(total), -1)
        row = done + np.arange(len(total))
        rows += [row, np.repeat(row, parts.shape[1])]
        columns += [total, parts.reshape(-1)]
        signs += [np.full(len(total), -1.0), np.ones(parts.size)]
        done += len(total)
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(signs), where), shape=(done, entries.size))
