"""Random numbers that are looked up, not drawn in turn: the same case meets the same luck.

A number is a function of seed, purpose, case and visit. Whatever a scenario changes elsewhere (one
clerk more, an activity less), the numbers of everything else stay what they were: common random
numbers without bookkeeping. The function is the finaliser of SplitMix64 [1]_, once for each index.

References
----------
.. [1] Steele, G. L., Lea, D. & Flood, C. H. (2014). Fast splittable pseudorandom number
   generators. OOPSLA 2014, 453-472.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from iagkit.measures.arrays import Floats

Words = NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
CHUNK = 1 << 14
"""Numbers made at a time: few enough to stay in the cache."""


def key(seed: int, purpose: str) -> np.uint64:
    """Key of a stream, the same on every machine.

    Parameters
    ----------
    seed : int
    purpose : str
        What the numbers are for, as in ``"service/review"``.
    """
    said = f"{int(seed)}/{purpose}".encode()
    return np.uint64(int.from_bytes(blake2b(said, digest_size=8).digest(), "little"))


def uniforms(keys: np.uint64 | Words, *indices: NDArray[np.int64]) -> Floats:
    """Numbers between 0 and 1, neither included, one for each set of indices.

    Parameters
    ----------
    keys : uint64, or ndarray of uint64, shape (n,)
        One key, or one for each number.
    *indices : ndarray of int, shape (n,)
        As case and visit; at least one.

    Returns
    -------
    ndarray of float, shape (n,)
    """
    size = len(indices[0])
    found = np.empty(size)
    for low in range(0, size, CHUNK):
        part = slice(low, low + CHUNK)
        state = keys[part] if isinstance(keys, np.ndarray) else keys
        for index in indices:
            state = _mixed(state + (index[part].astype(np.uint64) + np.uint64(1)) * GOLDEN)
        found[part] = (state >> np.uint64(11)) + 0.5
    found *= 2.0**-53
    return found


def _mixed(state: Words) -> Words:
    """Finaliser of SplitMix64, in place."""
    state ^= state >> np.uint64(30)
    state *= FIRST
    state ^= state >> np.uint64(27)
    state *= SECOND
    state ^= state >> np.uint64(31)
    return state
