"""Gaps among comparable people: within strata of another column, put together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from iagkit.core.message import say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.overlap import overlap_of_many
from iagkit.measures.shares import Shares, shares
from iagkit.measures.simultaneous import Gap, gap, large, too_few


@dataclass(frozen=True, kw_only=True)
class Stratified:
    """A gap among comparable people beside the plain one.

    Parameters
    ----------
    gap : Gap
        Within strata, put together.
    raw : Gap
        Of the same groups without strata.
    turned : bool
        Whether the two groups furthest apart without strata lie the other way round within
        them (Simpson's paradox); which of the two is to be believed is a question of causes,
        not of counts.
    strata : int
        Strata in which at least two groups have cases.
    """

    gap: Gap
    raw: Gap
    turned: bool
    strata: int


def stratified_gap(
    cells: Cells,
    groups: Groups,
    strata: Groups,
    hits: NDArray[np.bool_],
    among: NDArray[np.bool_],
    *,
    level: float = 0.95,
    min_group: int = 30,
) -> Stratified:
    """Difference of the furthest groups among people of the same stratum.

    Parameters
    ----------
    cells : Cells
    groups, strata : Groups
        Of the same cells: who is compared, and who is comparable.
    hits, among : ndarray of bool, shape (n_cells,)
        Cells that count, and cells that could count.
    level : float
    min_group : int
        Groups with fewer cases in all are left out.

    Returns
    -------
    Stratified

    Notes
    -----
    Of each pair of groups the weighted mean of its differences within strata, with the weights
    of Mantel and Haenszel for a risk difference [1]_; a stratum where one of the two is absent
    says nothing. Variances are those of equal shares within a stratum. All pairs hold together
    at the critical value of as many groups of one size, which is never too small [2]_. Clusters
    that reach over strata are taken as one in each.

    References
    ----------
    .. [1] Greenland, S. & Robins, J. M. (1985). Biometrics 41(1), 55-68.
    .. [2] Hayter, A. J. (1984). Annals of Statistics 12(1), 61-75.
    """
    names = [" · ".join(name) for name in groups.names]
    alone = shares(cells, groups, hits, among)
    raw = gap(alone, names, level=level, min_group=min_group)
    kept, left_out = large(alone, names, min_group)
    if kept.sum() < 2:
        because = too_few(kept, left_out, min_group)
        return _without(Gap(estimate=None, left_out=left_out, because=because), raw)
    inside = _crossed(cells, groups, strata, hits, among)
    told = [n for n, k in zip(names, kept, strict=True) if k]
    pairs = np.array(list(combinations(range(len(told)), 2)))
    cases = inside.cases.reshape(groups.of, strata.of)[kept]
    value = np.nan_to_num(inside.value.reshape(groups.of, strata.of)[kept])
    apart, error = _weighted(value, cases, pairs)
    if not np.isfinite(apart).any():
        because = say("no two groups have cases in the same stratum of '{columns}'",
                      columns=", ".join(strata.columns))  # fmt: skip
        return _without(Gap(estimate=None, left_out=left_out, because=because), raw)
    z = overlap_of_many(np.ones(len(told)), checked_level(level)) * np.sqrt(2)
    found = _furthest(apart, z * error, pairs, told, level=level, n=int(alone.n[kept].sum()))
    return Stratified(
        gap=Gap(estimate=found[0], lowest=found[1], highest=found[2], left_out=left_out),
        raw=raw,
        turned=_turned(raw, apart, pairs, told),
        strata=int(((cases > 0).sum(axis=0) > 1).sum()),
    )


def _without(found: Gap, raw: Gap) -> Stratified:
    return Stratified(gap=found, raw=raw, turned=False, strata=0)


def _crossed(
    cells: Cells,
    groups: Groups,
    strata: Groups,
    hits: NDArray[np.bool_],
    among: NDArray[np.bool_],
) -> Shares:
    both = Groups(
        columns=(*groups.columns, *strata.columns),
        names=tuple((*g, *s) for g in groups.names for s in strata.names),
        place=groups.place * strata.of + strata.place,
        of=groups.of * strata.of,
    )
    return shares(cells, both, hits, among)


def _weighted(value: Floats, cases: Floats, pairs: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Difference of each pair, first less second, and its standard error; ``nan`` unknown."""
    total = cases.sum(axis=0)
    hits = (value * cases).sum(axis=0)
    common = hits.sum() / total.sum()
    middle = (hits + 2 * common) / (total + 2)
    first, second = pairs[:, 0], pairs[:, 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.nan_to_num(cases[first] * cases[second] / (cases[first] + cases[second]))
        spread = middle * (1 - middle) * (1 / cases[first] + 1 / cases[second])
        whole = weight.sum(axis=1)
        apart = (weight * (value[first] - value[second])).sum(axis=1) / whole
        varied = np.where(weight > 0, weight**2 * spread, 0.0).sum(axis=1)
        return apart, np.sqrt(varied) / whole


def _furthest(
    apart: Floats,
    half: Floats,
    pairs: NDArray[np.intp],
    names: list[str],
    *,
    level: float,
    n: int,
) -> tuple[Estimate, str, str]:
    size = np.abs(apart)
    furthest = int(np.nanargmax(size))
    low = max(0.0, float(np.nanmax(size - half)))
    value, high = float(size[furthest]), float(np.nanmax(size + half))
    first, second = (names[i] for i in pairs[furthest])
    lowest, highest = (first, second) if apart[furthest] < 0 else (second, first)
    found = Estimate(value=value, n=n, low=min(low, value), high=max(high, value), level=level)
    return found, lowest, highest


def _turned(raw: Gap, apart: Floats, pairs: NDArray[np.intp], names: list[str]) -> bool:
    if raw.lowest is None or raw.highest is None or raw.lowest == raw.highest:
        return False
    low, high = names.index(raw.lowest), names.index(raw.highest)
    at = int(np.flatnonzero((pairs == sorted((low, high))).all(axis=1))[0])
    higher_less_lower = apart[at] if high < low else -apart[at]
    return bool(higher_less_lower < 0)
