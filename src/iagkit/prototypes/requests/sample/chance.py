"""Chance that any machine repeats: every draw is made of one stream of uniform doubles."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 65_536


class Wheel(Generic[T]):
    """Options that come up as often as their weights say."""

    __slots__ = ("edges", "options")

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.options = tuple(weights)
        self.edges = tuple(accumulate(weights.values()))


class Chance:
    """Seeded draws, quick one at a time.

    Only ``Generator(PCG64).random`` is used: numpy keeps that stream of doubles stable,
    while the methods behind ``choice`` or ``integers`` may change between versions.

    Parameters
    ----------
    seed : int
        Seed of the stream.
    """

    __slots__ = ("_next",)

    def __init__(self, seed: int) -> None:
        self._next = _doubles(seed).__next__

    def happens(self, probability: float) -> bool:
        """Tell whether an event of this probability happens."""
        return self._next() < probability

    def below(self, n: int) -> int:
        """Draw one of 0 … n - 1."""
        return int(self._next() * n)

    def one(self, options: Sequence[T]) -> T:
        """Draw one of the options, each as likely."""
        return options[int(self._next() * len(options))]

    def spin(self, wheel: Wheel[T]) -> T:
        """Draw one option of the wheel."""
        edges = wheel.edges
        return wheel.options[bisect_right(edges, self._next() * edges[-1])]


def _doubles(seed: int) -> Iterator[float]:
    rng = np.random.Generator(np.random.PCG64(seed))
    while True:
        yield from rng.random(_BLOCK).tolist()
