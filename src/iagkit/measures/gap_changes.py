"""How much the gap between groups changes from one prediction of the same rows to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.paired import Paired, paired, root
from iagkit.measures.pairing import Number

OF_PAIRS, OF_CHANGES, OF_BOUNDS = 0.2, 0.5, 0.1
"""Parts of the error: all pairs under each prediction, changes of pairs, pairs alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapChange:
    """Change of the gap between the furthest groups, whichever they are for each prediction.

    Parameters
    ----------
    estimate : Estimate or None
        Gap of the second prediction less that of the first; ``None`` only with ``because``.
    first, second : float or None
        The gaps.
    between : pair of str, optional
        Groups with the lowest and the highest value under the second prediction.
    left_out : tuple of str
        Groups with too few cases.
    because : Message, optional
    """

    estimate: Estimate | None
    first: float | None = None
    second: float | None = None
    between: tuple[str, str] | None = None
    left_out: tuple[str, ...] = ()
    because: Message | None = None


def gap_change(
    cells: Cells,
    groups: Groups,
    first: Number,
    second: Number,
    *,
    level: float = 0.95,
    min_group: int = 30,
) -> GapChange:
    """Change of the gap between the furthest groups.

    Parameters
    ----------
    cells, groups, first, second
        As for :func:`iagkit.measures.paired.paired`.
    level : float
        Probability that the interval holds the change, whichever groups are truly furthest.
    min_group : int
        Groups with fewer cases under either prediction are left out and named.

    Returns
    -------
    GapChange

    Raises
    ------
    DataError
        If ``level`` is not strictly between 0 and 1.

    Notes
    -----
    The gap is the largest difference of two groups; the pair that is furthest under the second
    prediction differs under the first by at most that one's gap. So the gap grows by at most the
    change of the pair that is truly furthest under the second, and also by at most that pair's
    difference less any lower limit of the first gap; it grows by at least what follows with both
    predictions exchanged. Which pairs may be the furthest, and the lower limit, are read from
    intervals of all pairs that hold together (Bonferroni); as the furthest pair is one and does
    not depend on the sample, its own two limits need no correction for the choice [1]_. The error
    is divided over all of these. Pairs are compared by MOVER from paired intervals, groups that
    share clusters with their correlation.

    References
    ----------
    .. [1] Berger, R. L. & Boos, D. D. (1994). P values maximized over a confidence set for the
       nuisance parameter. JASA 89(427), 1012-1016.
    """
    error = 1 - checked_level(level)
    kept = (np.minimum(first.n, second.n) >= max(1, min_group)) & np.isfinite(
        first.value + second.value
    )
    names = [" · ".join(name) for name in groups.names]
    left_out = tuple(name for name, k in zip(names, kept, strict=True) if not k)
    if kept.sum() < 2:
        return GapChange(
            estimate=None,
            left_out=left_out,
            because=_too_few(min_group, int(kept.sum()), groups.of),
        )
    change = paired(cells, groups, first, second, level=1 - OF_CHANGES * error)
    low, high = _limits(change, kept, error)
    gaps = [float(np.ptp(side.value[kept])) for side in (first, second)]
    told = Estimate(
        value=gaps[1] - gaps[0],
        n=int(change.n[kept].sum()),
        low=low,
        high=high,
        level=level,
        unit=first.unit,
    )
    return GapChange(
        estimate=told,
        first=gaps[0],
        second=gaps[1],
        between=_between(second.value[kept], [n for n in names if n not in left_out]),
        left_out=left_out,
    )


def _too_few(min_group: int, enough: int, groups: int) -> Message:
    return say(
        "the change of a gap needs two groups with at least {min_group} cases under both "
        "predictions; {enough} of {groups} have them",
        min_group=min_group,
        enough=enough,
        groups=groups,
    )


def _between(values: Floats, names: list[str]) -> tuple[str, str] | None:
    lowest, highest = int(values.argmin()), int(values.argmax())
    return None if values[lowest] == values[highest] else (names[lowest], names[highest])


def _limits(change: Paired, kept: NDArray[np.bool_], error: float) -> tuple[float, float]:
    related = _within(change.related, kept)
    moved = _Pairs(change.value[kept], change.low[kept], change.high[kept], related)
    first, second = (_Side(side, kept, error) for side in (change.first, change.second))
    grows = np.minimum(moved.high, second.alone.high - first.least)
    shrinks = np.maximum(moved.low, second.least - first.alone.high)
    return float(shrinks[first.furthest].min()), float(grows[second.furthest].max())


def _within(related: Floats | None, kept: NDArray[np.bool_]) -> Floats:
    many = int(kept.sum())
    return np.zeros((many, many)) if related is None else related[np.ix_(kept, kept)]


class _Pairs:
    """Differences of every two groups, row less column, with their limits."""

    def __init__(self, value: Floats, low: Floats, high: Floats, related: Floats) -> None:
        apart, down, up = value[:, None] - value, value - low, high - value
        self.low = apart - root(down[:, None], up, related)
        self.high = apart + root(up[:, None], down, related)


class _Side:
    """What is known of the gap of one prediction.

    ``furthest`` are the pairs that may be the furthest, ``least`` is a lower limit of the gap,
    and ``alone`` are the limits of each pair for itself.
    """

    def __init__(self, number: Number, kept: NDArray[np.bool_], error: float) -> None:
        many = int(kept.sum())
        pairs = many * (many - 1) / 2
        together = self._pairs(number, kept, 1 - OF_PAIRS * error / (2 * pairs))
        self.least = max(0.0, float(together.low.max()))
        self.furthest = together.high >= self.least
        np.fill_diagonal(self.furthest, False)
        self.alone = self._pairs(number, kept, 1 - OF_BOUNDS * error / 2)

    @staticmethod
    def _pairs(number: Number, kept: NDArray[np.bool_], one_sided: float) -> _Pairs:
        low, high = (side[kept] for side in number.limits(float(ndtri(one_sided))))
        return _Pairs(number.value[kept], low, high, _within(number.shares.related, kept))
