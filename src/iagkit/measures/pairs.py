"""Every group against one, against everybody else, and every pair, corrected for how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtr, ndtri, stdtr, xlog1py, xlogy

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.shares import Shares, guarded_limits
from iagkit.measures.simultaneous import large, welch, widths

REST = "*"
"""Stands for everybody else in a comparison."""
EXPECTED = 10.0
"""With fewer expected hits or misses in a group, tests are exact."""
DRAWS = 9_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Share of a group less that of another, or why there is no difference.

    Parameters
    ----------
    group, against : str
        ``against`` is ``"*"`` for everybody else.
    estimate : Estimate or None
        With an interval that holds together with those of the other groups.
    because : Message, optional
        Why there is no estimate.
    p, p_adjusted : float, optional
        Of equality, alone and adjusted for the number of pairs (Holm); pairs only.
    """

    group: str
    against: str
    estimate: Estimate | None
    because: Message | None = None
    p: float | None = None
    p_adjusted: float | None = None


def differences(
    shares: Shares,
    names: Sequence[str],
    *,
    reference: str | None = None,
    level: float = 0.95,
    min_group: int = 1,
) -> tuple[Difference, ...]:
    """Each group less one reference group, or less everybody else.

    Parameters
    ----------
    shares : Shares
    names : sequence of str, length n_groups
    reference : str, optional
        Name of the group all others are compared with; everybody else without one.
    level : float
        Probability that all intervals hold together.
    min_group : int
        Smaller groups are told without an estimate; of everybody else they are part.

    Returns
    -------
    tuple of Difference
        One for each group but the reference.

    Raises
    ------
    DataError
        If there is no such reference.

    Notes
    -----
    MOVER from Wilson's limits, never nearer than the exact ones; against a reference at Dunnett's
    critical value [1]_ for groups of these sizes, against everybody else at Bonferroni's.

    References
    ----------
    .. [1] Dunnett, C. W. (1955). JASA 50(272), 1096-1121.
    """
    if reference is not None and reference not in names:
        msg = (
            f"expected one of the groups as reference ({', '.join(list(names)[:20])}); got "
            f"'{reference}'.{did_you_mean(reference, names)}"
        )
        raise DataError(msg)
    kept, _ = large(shares, names, min_group)
    if reference is None:
        return _against_rest(shares, names, kept, checked_level(level))
    return _against_one(shares, names, kept, names.index(reference), checked_level(level))


def _against_one(
    shares: Shares, names: Sequence[str], kept: NDArray[np.bool_], base: int, level: float
) -> tuple[Difference, ...]:
    others = [i for i in range(len(names)) if i != base]
    ready = [i for i in others if kept[i] and kept[base]]
    spread = np.sqrt(shares.safe_variance)
    z = dunnett(spread[ready], float(spread[base]), level) if ready else 0.0
    related = shares.related
    told = []
    for i in others:
        estimate = None
        if i in ready:
            r = 0.0 if related is None else float(related[i, base])
            estimate = _apart(shares.only([i, base]), z, r, level)
        told.append(_difference(names[i], names[base], estimate))
    return tuple(told)


def _difference(group: str, against: str, estimate: Estimate | None) -> Difference:
    because = None if estimate else say("too few cases on one side to compare the two")
    return Difference(group=group, against=against, estimate=estimate, because=because)


def _against_rest(
    shares: Shares, names: Sequence[str], kept: NDArray[np.bool_], level: float
) -> tuple[Difference, ...]:
    many = int(kept.sum())
    z = float(ndtri(1 - (1 - level) / 2 / max(1, many if many > 2 else 1)))
    told = []
    for i, name in enumerate(names):
        pair = rest_of(shares, i) if kept[i] else None
        estimate = None if pair is None else _apart(pair[0], z, pair[1], level)
        told.append(_difference(name, REST, estimate))
    return tuple(told)


def rest_of(shares: Shares, group: int) -> tuple[Shares, float] | None:
    """A group and everybody else as two shares, and the correlation of the two."""
    others = shares.known & (np.arange(len(shares.n)) != group)
    if not others.any() or not shares.known[group]:
        return None
    mass = (shares.n if shares.mass is None else shares.mass)[others].astype(float)
    part = mass / mass.sum()
    value = float(part @ shares.value[others])
    spread = np.sqrt(np.nan_to_num(shares.safe_variance))
    related = np.eye(len(spread)) if shares.related is None else shares.related
    varied = related * np.outer(spread, spread)
    variance = float(part @ varied[np.ix_(others, others)] @ part)
    alone = float((part**2) @ np.diag(varied)[others])
    cases = float(alone / variance / (part**2 / shares.cases[others]).sum())
    cases = min(max(cases, 1.0), float(shares.n[others].sum()))
    r = float(part @ varied[others, group]) / np.sqrt(variance * varied[group, group])
    both = _two(shares, group, others, value, cases, part * spread[others])
    return both, float(np.clip(r, -0.95, 0.95))


def _two(
    shares: Shares,
    group: int,
    others: NDArray[np.bool_],
    value: float,
    cases: float,
    spread: Floats,
) -> Shares:
    n = np.array([shares.n[group], shares.n[others].sum()])
    pieces = None
    if shares.clusters is not None:
        pieces = np.array([shares.clusters[group], shares.clusters[others].sum()])
    both = np.array([shares.value[group], value])
    return Shares(
        value=both, hits=both * n, n=n, cases=np.array([shares.cases[group], cases]),
        df=np.array([shares.df[group], welch(spread**2, shares.df[others])]),
        fewest=np.array([shares.fewest[group], shares.fewest[others].sum()]), clusters=pieces,
    )  # fmt: skip


def _apart(pair: Shares, z: float, r: float, level: float) -> Estimate:
    """First share less the second, by MOVER from guarded limits."""
    df = welch(pair.safe_variance, pair.df)
    at = pair.with_freedom(np.full(2, df)).critical(z)
    low, high = guarded_limits(pair.value, pair.cases, at, tails=1.0)
    (a, b), (down_a, down_b), (up_a, up_b) = pair.value, pair.value - low, high - pair.value
    below = np.sqrt(max(down_a**2 + up_b**2 - 2 * r * down_a * up_b, 0.0))
    above = np.sqrt(max(up_a**2 + down_b**2 - 2 * r * up_a * down_b, 0.0))
    return Estimate(
        value=float(a - b), n=int(pair.n.sum()), low=float(a - b - below),
        high=float(a - b + above), level=level,
        clusters=None if pair.clusters is None else int(pair.clusters.sum()),
    )  # fmt: skip


def dunnett(errors: Floats, reference: float, level: float) -> float:
    """Critical value of several groups against one, from their standard errors.

    Notes
    -----
    Given the reference, groups are independent: one integral over where it lies.
    """
    nodes = np.linspace(-8, 8, 201)[:, None]
    weight = np.exp(-0.5 * nodes[:, 0] ** 2)
    both = np.sqrt(errors**2 + reference**2)

    def together(z: float) -> float:
        up, down = (reference * nodes + z * both) / errors, (reference * nodes - z * both) / errors
        return float(weight @ np.prod(ndtr(up) - ndtr(down), axis=1) / weight.sum())

    low, high = 0.0, float(ndtri(1 - (1 - level) / 2 / len(errors)))
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if together(middle) < level else (low, middle)
    return high


def pairwise(
    shares: Shares, names: Sequence[str], *, level: float = 0.95, min_group: int = 1
) -> tuple[Difference, ...]:
    """Every pair of groups, with p-values adjusted for their number.

    Parameters
    ----------
    shares, names, level, min_group
        As for :func:`differences`; smaller groups are in no pair.

    Returns
    -------
    tuple of Difference
        First less second, for every pair in the order of the names; intervals hold together
        (:func:`iagkit.measures.overlap.overlap_critical`), ``p`` is Fisher's exact one where
        counts are small and that of the pooled z otherwise, adjusted after Holm [1]_.

    References
    ----------
    .. [1] Holm, S. (1979). Scandinavian Journal of Statistics 6(2), 65-70.
    """
    kept, _ = large(shares, names, min_group)
    parts, told = shares.only(kept), [n for n, k in zip(names, kept, strict=True) if k]
    if len(told) < 2:
        return ()
    pairs = np.array(list(combinations(range(len(told)), 2)))
    p = _p_values(parts, pairs)
    low, high = _pair_limits(parts, pairs, checked_level(level))
    value = parts.value[pairs[:, 0]] - parts.value[pairs[:, 1]]
    n = parts.n[pairs].sum(axis=1)
    return tuple(
        Difference(
            group=told[a], against=told[b], p=float(p[i]), p_adjusted=float(q),
            estimate=Estimate(
                value=float(value[i]), n=int(n[i]), low=float(low[i]), high=float(high[i]),
                level=level,
            ),
        )
        for i, ((a, b), q) in enumerate(zip(pairs, holm(p), strict=True))
    )  # fmt: skip


def _pair_limits(parts: Shares, pairs: NDArray[np.intp], level: float) -> tuple[Floats, Floats]:
    first, second = pairs[:, 0], pairs[:, 1]
    if len(parts.n) == 2:
        r = 0.0 if parts.related is None else float(parts.related[0, 1])
        one = _apart(parts, float(ndtri((1 + level) / 2)), r, level)
        assert one.low is not None
        assert one.high is not None
        return np.array([one.low]), np.array([one.high])
    low, high = parts.limits(widths(parts, level)[1])
    return low[first] - high[second], high[first] - low[second]


def holm(p: ArrayLike) -> Floats:
    """Adjust p-values so that the first wrong one is rare (Holm 1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    alone = np.asarray(p, dtype=float)
    order = np.argsort(alone, kind="stable")
    steps = alone[order] * np.arange(len(alone), 0, -1)
    adjusted = np.empty(len(alone))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def _p_values(parts: Shares, pairs: NDArray[np.intp]) -> Floats:
    first, second = pairs[:, 0], pairs[:, 1]
    cases, hits = parts.cases, parts.value * parts.cases
    both = cases[first] + cases[second]
    pooled = (hits[first] + hits[second]) / both
    related = 0.0 if parts.related is None else parts.related[first, second]
    alone = 1 / cases[first] + 1 / cases[second]
    shared = 2 * related / np.sqrt(cases[first] * cases[second])
    spread = np.sqrt(pooled * (1 - pooled) * np.maximum(alone - shared, 1e-300))
    apart = np.abs(parts.value[first] - parts.value[second])
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(apart > 0, apart / spread, 0.0)
    df = np.array([welch(1 / cases[pair], parts.df[pair]) for pair in pairs])
    p = np.where(np.isfinite(df), 2 * stdtr(np.where(np.isfinite(df), df, 1), -z), 2 * ndtr(-z))
    fewest = np.minimum(cases[first], cases[second]) * np.minimum(pooled, 1 - pooled)
    for i in np.flatnonzero(fewest < EXPECTED):
        a, b = pairs[i]
        p[i] = fisher(round(hits[a]), round(cases[a]), round(hits[b]), round(cases[b]))
    return np.asarray(p)


def fisher(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Two-sided p-value of two equal shares, given how many hits there are (Fisher).

    Examples
    --------
    >>> round(fisher(3, 4, 1, 4), 4)
    0.4857
    """
    from scipy.stats import hypergeom

    total = hits + other_hits
    at = np.arange(max(0, total - other_n), min(n, total) + 1)
    chance = hypergeom.pmf(at, n + other_n, total, n)
    seen = chance[hits - at[0]]
    return float(min(1.0, chance[chance <= seen * (1 + 1e-7)].sum()))


def equality(shares: Shares, *, seed: int = 0) -> float:
    """p-value of all groups having one share.

    Parameters
    ----------
    shares : Shares
    seed : int
        Of the draws, where counts are small.

    Returns
    -------
    float

    Notes
    -----
    The statistic is the likelihood ratio. Where each group expects ten hits and ten misses it is
    compared with chi-square, otherwise with tables that have the same group sizes and the same
    hits in all (exact conditional test by 9,999 draws [1]_). Weighted and clustered rows count
    as the independent cases they are worth, rounded.

    References
    ----------
    .. [1] Agresti, A. (2013). Categorical Data Analysis. Wiley, section 3.5.
    """
    parts = shares.only(shares.known)
    n = np.maximum(np.round(parts.cases), 1).astype(np.int64)
    hits = np.minimum(np.round(parts.value * n), n).astype(np.int64)
    total, whole = int(hits.sum()), int(n.sum())
    if len(n) < 2 or total in (0, whole):
        return 1.0
    seen = _deviance(hits[None, :], n, total / whole)[0]
    if n.min() * min(total, whole - total) / whole >= EXPECTED:
        return float(chdtrc(len(n) - 1, seen))
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(
        n, total, size=DRAWS, method="marginals"
    )
    as_far = _deviance(drawn, n, total / whole) >= seen - 1e-9
    return float((1 + as_far.sum()) / (DRAWS + 1))


def _deviance(hits: NDArray[np.int64], n: NDArray[np.int64], share: float) -> Floats:
    own = hits / n
    inside = xlogy(hits, own) + xlog1py(n - hits, -own)
    pooled = hits * np.log(share) + (n - hits) * np.log1p(-share)
    return np.asarray(2 * (inside - pooled).sum(axis=1))
