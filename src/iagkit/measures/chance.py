"""What chance alone makes of counts: draws under no change, and p-values that stay valid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from iagkit.measures.arrays import Floats, Ints

BATCH = 500
ENOUGH = 20
"""So many draws that reach what was seen say that it is nothing rare."""
MOST = 10**8
"""More cases tell no more; the generator takes less than ten times as many."""


def redraw(
    hits: Ints, cases: Ints, strata: Ints, *, draws: int, random: np.random.Generator
) -> Floats:
    """Hits as they would fall if the share of every stratum had never changed.

    Given the total of hits of a stratum they are multivariate hypergeometric, whatever the share.

    Parameters
    ----------
    hits, cases : ndarray of int, shape (t,)
    strata : ndarray of int, shape (t,)
        Within each the total of hits is kept.
    draws : int
    random : Generator

    Returns
    -------
    ndarray of float, shape (draws, t)
    """
    drawn = np.empty((draws, len(hits)))
    for stratum in np.unique(strata):
        here = strata == stratum
        drawn[:, here] = random.multivariate_hypergeometric(
            cases[here], int(hits[here].sum()), size=draws, method="marginals"
        )
    return drawn


def whole(hits: Floats, cases: Floats) -> tuple[Ints, Ints]:
    """Hits and cases as whole numbers: of weighted rows, and of more than can be drawn, fewer."""
    scale = min(1.0, MOST / max(1.0, float(cases.sum())))
    fewer = np.maximum(np.floor(cases * scale + 1e-9), 1.0)
    share = hits / cases
    return np.rint(share * fewer).astype(np.int64), fewer.astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How rare what was seen is among draws.

    Parameters
    ----------
    p : tuple of float, length k
        Of each statistic.
    drawn : ndarray of float, shape (draws, k)
    """

    p: tuple[float, ...]
    drawn: Floats

    def exceeded(self, statistic: int, level: float) -> float:
        """Value that chance exceeds with probability ``1 - level``; infinite if unknown."""
        if len(self.drawn) * (1 - level) < 5:
            return float("inf")
        return float(np.quantile(self.drawn[:, statistic], level))


def rare(seen: Sequence[float], draw: Callable[[int], Floats], *, draws: int) -> Chance:
    """P-values of statistics by drawing, until they are known to be large [1]_.

    Parameters
    ----------
    seen : sequence of float, length k
    draw : callable
        Number of draws to an ndarray of shape (draws, k) of the statistics under chance.
    draws : int
        At most.

    References
    ----------
    .. [1] Besag, J. & Clifford, P. (1991). Biometrika 78(2), 301-304.
    """
    reached = np.asarray(seen) - 1e-9 * np.abs(seen)
    parts: list[Floats] = []
    while sum(map(len, parts)) < draws:
        parts.append(draw(min(BATCH, draws - sum(map(len, parts)))))
        as_far = np.concatenate(parts) >= reached
        if (as_far.sum(axis=0) >= ENOUGH).all():
            break
    return Chance(p=tuple(map(_p, as_far.T)), drawn=np.concatenate(parts))


def _p(as_far: np.ndarray) -> float:
    """Stop at the draw that is enough; without it, what was seen counts as one of the draws."""
    places = np.flatnonzero(as_far)
    if len(places) >= ENOUGH:
        return float(ENOUGH / (places[ENOUGH - 1] + 1))
    return float((len(places) + 1) / (len(as_far) + 1))


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """P-values adjusted for having looked at all of them [1]_, in the order given.

    References
    ----------
    .. [1] Holm, S. (1979). Scandinavian Journal of Statistics 6(2), 65-70.

    Examples
    --------
    >>> [round(x, 2) for x in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, dtype=float)
    order = np.argsort(values, kind="stable")
    steps = values[order] * np.arange(len(values), 0, -1)
    found = np.empty_like(values)
    found[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return tuple(float(x) for x in found)
