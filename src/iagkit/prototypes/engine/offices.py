"""The office a request is addressed to, as columns beside the words and crossed with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Csr = Any


@dataclass(frozen=True, slots=True)
class Crossing:
    """Weights of an office by itself and of words at it, and which crossed columns exist."""

    own: float
    crossed: float
    pairs: NDArray[np.int64]
    n_offices: int

    @classmethod
    def none(cls) -> Crossing:
        """Texts only."""
        return cls(0.0, 0.0, np.zeros(0, dtype=np.int64), 0)


def places(context: Sequence[str], offices: Sequence[str]) -> Ints:
    """Number of each office, -1 for one that was never seen."""
    number = {office: place for place, office in enumerate(offices)}
    return np.array([number.get(office, -1) for office in context], dtype=np.intp)


def crossing(found: Csr, place: Ints, *, own: float, crossed: float, n_offices: int) -> Crossing:
    """List the crossed columns that occur in these rows."""
    pairs = _keys(found, place) if crossed else np.zeros(0, dtype=np.int64)
    return Crossing(own, crossed, np.unique(pairs[pairs >= 0]), n_offices)


def design_of(found: Csr, place: Ints, way: Crossing) -> Csr:
    """Put the office and the crossed columns beside the text features."""
    from scipy import sparse

    if not way.n_offices:
        return found
    known = np.flatnonzero(place >= 0)
    shape = (place.size, way.n_offices)
    alone = (np.full(known.size, way.own), (known, place[known]))
    blocks = [found, sparse.csr_matrix(alone, shape=shape)]
    if way.pairs.size:
        blocks.append(_crossed(found, place, way))
    return sparse.hstack(blocks, format="csr")


def _keys(found: Csr, place: Ints) -> NDArray[np.int64]:
    """``office * n_features + feature`` of every stored value; negative without an office."""
    office = np.repeat(place.astype(np.int64), np.diff(found.indptr))
    return np.where(office < 0, -1, office * found.shape[1] + found.indices)


def _crossed(found: Csr, place: Ints, way: Crossing) -> Csr:
    from scipy import sparse

    keys = _keys(found, place)
    at = np.minimum(np.searchsorted(way.pairs, keys), way.pairs.size - 1)
    hit = way.pairs[at] == keys
    passed = np.concatenate([[0], np.cumsum(hit)])
    data = way.crossed * found.data[hit]
    shape = (place.size, way.pairs.size)
    return sparse.csr_matrix((data, at[hit], passed[found.indptr]), shape=shape)
