"""Statistics of a series of counts: largest likelihood ratio, trend, and roughness."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import xlogy

from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.chance import redraw, whole

ROUGH_FROM = 8
"""Fewer periods do not show whether they differ by more than chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Hits and cases of periods in order; those of one stratum are alike if nothing changed.

    Parameters
    ----------
    hits, cases : ndarray of int, shape (t,)
        No period without cases.
    strata : ndarray of int, shape (t,)
        Season of each period; zeros if seasons are alike.
    at : ndarray of float, shape (t,)
        Place of each period in time.
    """

    hits: Ints
    cases: Ints
    strata: Ints
    at: Floats
    expected: Floats = field(init=False)
    scatter: Floats = field(init=False)

    def __post_init__(self) -> None:
        hits = np.bincount(self.strata, weights=self.hits)
        cases = np.maximum(np.bincount(self.strata, weights=self.cases), 1)
        share = hits / cases
        object.__setattr__(self, "expected", self.cases * share[self.strata])
        # n/(n-1): the total is given, so hits of a stratum are drawn without putting back
        object.__setattr__(self, "scatter", share * (1 - share) / np.maximum(cases - 1, 1))

    @classmethod
    def of(cls, hits: Floats, cases: Floats, strata: Ints | None, at: Floats) -> Counts:
        """Whole counts of what may be worth fractions of a case."""
        one = np.zeros(len(hits), dtype=np.intp)
        hit, many = whole(hits, cases)
        return cls(hits=hit, cases=many, strata=one if strata is None else strata, at=at)

    def redrawn(self, draws: int, random: np.random.Generator) -> Floats:
        """Hits as chance alone would have them, shape (draws, t)."""
        return redraw(self.hits, self.cases, self.strata, draws=draws, random=random)

    def ratios(self, hits: Floats | Ints) -> Floats:
        """Twice the log likelihood ratio of a change before each period but the first.

        Parameters
        ----------
        hits : ndarray, shape (..., t)
            With the totals of these counts.

        Returns
        -------
        ndarray, shape (..., t - 1)
            Chi-squared with one degree of freedom, roughly, if nothing changed.
        """
        after, expected, cases = (_after(a) for a in (hits, self.expected, self.cases))
        every = (hits.sum(axis=-1, keepdims=True), self.expected.sum(), self.cases.sum())
        told = _deviance(after, expected, cases)
        told = told + _deviance(every[0] - after, every[1] - expected, every[2] - cases)
        return told * self._scale(expected, cases)

    def _scale(self, expected: Floats, cases: Floats) -> Floats:
        """Strata differ and hits are drawn without putting back: the variance is that, not pq."""
        with np.errstate(divide="ignore", invalid="ignore"):
            rest, others = self.expected.sum() - expected, self.cases.sum() - cases
            spread = 1 / (1 / expected + 1 / (cases - expected) + 1 / rest + 1 / (others - rest))
            told = spread / self._variance()
        return np.where(np.isfinite(told), told, 0.0)

    def _variance(self) -> Floats:
        """Variance of the hits after each possible change, given the totals."""
        many = len(self.scatter)
        own = np.zeros((many, len(self.cases)))
        own[self.strata, np.arange(len(self.cases))] = self.cases
        after = _after(own)
        return np.asarray(self.scatter @ (after * (own.sum(axis=1, keepdims=True) - after)))

    def largest(self, hits: Floats | Ints) -> Floats:
        """Largest of the ratios, shape (...)."""
        return np.asarray(self.ratios(hits).max(axis=-1))

    def slope(self, hits: Floats | Ints) -> Floats:
        """Standardised slope of a straight line, without its sign (Cochran & Armitage)."""
        away, spread = self._line()
        raw = np.abs((hits - self.expected) @ away)
        return np.asarray(raw / spread if spread > 0 else np.zeros_like(raw))

    def rise(self) -> tuple[float, float]:
        """Rise of the line from the first to the last period, and its error if all are alike."""
        away, spread = self._line()
        inner = float(self.cases @ away**2)
        if inner == 0:
            return 0.0, 0.0
        long = float(self.at[-1] - self.at[0])
        return float(long * (self.hits @ away) / inner), long * spread / inner

    def _line(self) -> tuple[Floats, float]:
        away = self.at - float(self.at @ self.cases) / self.cases.sum()
        many = len(self.scatter)
        sums = [np.bincount(self.strata, self.cases * a, many) for a in (away**2, away)]
        total = np.bincount(self.strata, self.cases, many)
        variance = float(self.scatter @ (total * sums[0] - sums[1] ** 2))
        return away, float(np.sqrt(max(variance, 0.0)))

    def roughness(self, hits: Floats | Ints) -> Floats:
        """Mean squared difference of neighbours against chance, without the largest.

        A single change makes one large difference; it must not pass for roughness.
        """
        share, pooled = hits / self.cases, self.hits.sum() / self.cases.sum()
        chance = pooled * (1 - pooled) * (1 / self.cases[1:] + 1 / self.cases[:-1])
        apart = np.diff(share, axis=-1) ** 2 / np.where(chance > 0, chance, np.inf)
        return np.asarray((apart.sum(axis=-1) - apart.max(axis=-1)) / max(1, len(self.cases) - 2))

    def spread(self, random: np.random.Generator, draws: int = 1000) -> float:
        """How many times more than by chance neighbours differ; 1 unless that is evident."""
        if len(self.cases) < ROUGH_FROM:
            return 1.0
        usual = self.roughness(self.redrawn(draws, random))
        seen = float(self.roughness(self.hits))
        mean = float(usual.mean())
        return max(1.0, seen / mean) if mean > 0 and seen > np.quantile(usual, 0.95) else 1.0


def _after(amounts: Floats | Ints) -> Floats:
    """Sums from each period on, without the first: shape (..., t - 1)."""
    return np.asarray(np.cumsum(amounts[..., ::-1], axis=-1)[..., ::-1][..., 1:], dtype=float)


def _deviance(hits: Floats, expected: Floats, cases: Floats) -> Floats:
    misses, awaited = cases - hits, cases - expected
    safe, rest = np.maximum(expected, 1e-300), np.maximum(awaited, 1e-300)
    told = 2 * (xlogy(hits, np.maximum(hits, 1e-300) / safe))
    return np.asarray(told + 2 * xlogy(misses, np.maximum(misses, 1e-300) / rest))
