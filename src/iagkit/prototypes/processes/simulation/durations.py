"""How long something takes: a rule that turns a number between 0 and 1 into hours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Hours that something takes, at random or fixed; made by one of its four constructors.

    Parameters
    ----------
    kind : {"fixed", "exponential", "lognormal", "sample"}
    values : tuple of float
        Hours; the mean; median in hours and standard deviation of the logarithm; or the sample,
        sorted.

    Raises
    ------
    DataError
        If a value is negative, not finite or missing.
    """

    kind: Literal["fixed", "exponential", "lognormal", "sample"]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        count = {"fixed": 1, "exponential": 1, "lognormal": 2}.get(self.kind, len(self.values))
        wrong = sum(not (math.isfinite(x) and x >= 0) for x in self.values)
        if wrong or not self.values or len(self.values) != count:
            msg = (
                f"a duration needs finite hours, none negative; {wrong} of {len(self.values)} "
                f"values of '{self.kind}' are not. Were start and end swapped?"
            )
            raise DataError(msg)

    @classmethod
    def fixed(cls, hours: float) -> Duration:
        """Always the same."""
        return cls(kind="fixed", values=(float(hours),))

    @classmethod
    def exponential(cls, mean: float) -> Duration:
        """Without memory: what is left does not depend on what has passed."""
        return cls(kind="exponential", values=(float(mean),))

    @classmethod
    def lognormal(cls, *, median: float, spread: float) -> Duration:
        """Many short, few long; ``spread`` is the standard deviation of the logarithm."""
        return cls(kind="lognormal", values=(float(median), float(spread)))

    @classmethod
    def sample(cls, hours: ArrayLike) -> Duration:
        """As often as seen, and never what was not seen."""
        return cls(kind="sample", values=tuple(np.sort(np.asarray(hours, dtype=float)).tolist()))

    def quantile(self, u: Floats) -> Floats:
        """Hours at a share ``u`` of all; grows with ``u``, so that equal luck stays equal."""
        values = self.values
        if self.kind == "fixed":
            return np.full(len(u), values[0])
        if self.kind == "exponential":
            return -values[0] * np.log(1 - u)
        if self.kind == "lognormal":
            from scipy.special import ndtri

            return np.asarray(values[0] * np.exp(values[1] * ndtri(u)))
        seen = np.asarray(values)
        return seen[np.minimum((u * len(seen)).astype(np.intp), len(seen) - 1)]

    @property
    def mean(self) -> float:
        """Mean in hours."""
        if self.kind == "lognormal":
            return self.values[0] * math.exp(self.values[1] ** 2 / 2)
        return math.fsum(self.values) / len(self.values)


NONE = Duration.fixed(0.0)
"""No time at all."""
MEMORYLESS = Duration.exponential(1.0)
"""Gaps of a Poisson process, counted in expected cases."""
