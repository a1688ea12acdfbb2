"""Gaps, ratios and differences of several groups at once, whose intervals hold together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri, stdtrit

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.intervals import critical
from iagkit.measures.overlap import (
    overlap_critical,
    overlap_of_errors,
    overlap_of_many,
    overlap_of_related,
)
from iagkit.measures.shares import Shares

MIN_CLUSTERS = 5
"""Fewer pieces of evidence do not show how a group varies; Student's t has no good tail then."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Difference, or ratio, of the groups with the lowest and the highest value.

    Parameters
    ----------
    estimate : Estimate or None
        ``None`` only together with ``because``.
    lowest, highest : str or None
        Names of the two groups.
    left_out : mapping of str to int
        Groups with too few cases, or too few clusters, and their number of cases.
    because : Message, optional
        Why there is no estimate.
    """

    estimate: Estimate | None
    lowest: str | None = None
    highest: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    because: Message | None = None


def gap(shares: Shares, names: Sequence[str], *, level: float = 0.95, min_group: int = 30) -> Gap:
    """Difference between the two groups whose shares lie furthest apart.

    Parameters
    ----------
    shares : Shares
    names : sequence of str, length n_groups
    level : float
        Probability that the interval holds the difference of the truly furthest groups,
        whichever they are.
    min_group : int
        Groups with fewer cases, or with fewer than 5 clusters, are left out and named.

    Returns
    -------
    Gap
        ``low`` is never below 0, and 0 is inside unless at least two groups differ.

    Notes
    -----
    Whether groups differ at all is answered by intervals of comparison, drawn so that those of
    equal groups have a common point with probability ``level``
    (:func:`iagkit.measures.overlap.overlap_critical`). How far they are apart is told by the
    furthest ends of those intervals, for two groups by MOVER from Wilson's limits [1]_, which
    alone would accuse equal groups of 30 and 3,000 with a share of .02 in twice to seven times
    as many samples as it says, at the strict levels of many gaps.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine 17(8), 873-890.
    """
    kept, left_out = large(shares, names, min_group)
    if kept.sum() < 2:
        return Gap(estimate=None, left_out=left_out, because=too_few(kept, left_out, min_group))
    parts, told = shares.only(kept), [n for n, k in zip(names, kept, strict=True) if k]
    low, high = _difference(parts, checked_level(level))
    lowest, highest = int(np.argmin(parts.value)), int(np.argmax(parts.value))
    value = float(parts.value[highest] - parts.value[lowest])
    return Gap(
        estimate=_estimate(parts, value, (low, high), level, "share"),
        lowest=told[lowest],
        highest=told[highest],
        left_out=left_out,
    )


def ratio(shares: Shares, names: Sequence[str], *, level: float = 0.95, min_group: int = 30) -> Gap:
    """Lowest share divided by the highest; 1 where all are alike, 0 where one has none.

    Parameters
    ----------
    shares, names, level, min_group
        As for :func:`gap`.

    Returns
    -------
    Gap
        Unit ``"ratio"``. The interval holds 1 whenever that of :func:`gap` holds 0. If no
        group has any hit, 0 of 0 is undefined and said to be.

    Notes
    -----
    From the limits that :func:`gap` takes; for two groups that differ, by MOVER-R [1]_.

    References
    ----------
    .. [1] Donner, A. & Zou, G. Y. (2012). Statistical Methods in Medical Research 21, 347-359.
    """
    kept, left_out = large(shares, names, min_group)
    if kept.sum() < 2:
        return Gap(estimate=None, left_out=left_out, because=too_few(kept, left_out, min_group))
    parts, told = shares.only(kept), [n for n, k in zip(names, kept, strict=True) if k]
    if not (parts.value > 0).any():
        because = say("the share is 0 in every group; a ratio of 0 to 0 is undefined")
        return Gap(estimate=None, left_out=left_out, because=because)
    lowest, highest = int(np.argmin(parts.value)), int(np.argmax(parts.value))
    value = float(parts.value[lowest] / parts.value[highest])
    return Gap(
        estimate=_estimate(parts, value, _quotient(parts, checked_level(level)), level, "ratio"),
        lowest=told[lowest],
        highest=told[highest],
        left_out=left_out,
    )


def gap_of_estimates(
    values: ArrayLike,
    errors: ArrayLike,
    dfs: ArrayLike,
    names: Sequence[str],
    *,
    n: ArrayLike,
    level: float = 0.95,
    unit: str = "share",
    related: Floats | None = None,
    min_group: int = 0,
) -> Gap:
    """Difference between the furthest of any numbers that have standard errors.

    Parameters
    ----------
    values, errors, dfs : array-like of float, shape (n_groups,)
        Number, standard error and its degrees of freedom (infinite if it is known); a group
        whose number or error is ``nan`` has none and is left out.
    names : sequence of str, length n_groups
    n : array-like of int, shape (n_groups,)
        Cases of each group.
    level : float
    unit : str
    related : ndarray, shape (n_groups, n_groups), optional
        Correlation of the numbers; independent without it.
    min_group : int

    Returns
    -------
    Gap

    Notes
    -----
    Two groups: Student's interval at Welch's degrees of freedom. More: intervals of comparison as
    in :func:`gap`, for normal numbers.
    """
    value, error, df = (np.asarray(a, dtype=float) for a in (values, errors, dfs))
    cases = np.asarray(n, dtype=np.intp)
    kept = np.isfinite(value) & np.isfinite(error) & (cases >= min_group)
    left_out = {name: int(c) for name, c, k in zip(names, cases, kept, strict=True) if not k}
    if kept.sum() < 2:
        return Gap(estimate=None, left_out=left_out, because=too_few(kept, left_out, min_group))
    related = None if related is None else related[np.ix_(kept, kept)]
    low, high = _normal_difference(value[kept], error[kept], df[kept], related, level)
    told = [name for name, k in zip(names, kept, strict=True) if k]
    lowest, highest = int(np.argmin(value[kept])), int(np.argmax(value[kept]))
    apart = float(value[kept][highest] - value[kept][lowest])
    return Gap(
        estimate=Estimate(
            value=apart, n=int(cases[kept].sum()), low=min(max(low, 0.0), apart),
            high=max(high, apart), level=level, unit=unit,
        ),
        lowest=told[lowest], highest=told[highest], left_out=left_out,
    )  # fmt: skip


def too_few(kept: NDArray[np.bool_], left_out: Mapping[str, int], min_group: int) -> Message:
    """Say that fewer than two groups are large enough."""
    return say(
        "a gap needs two groups with at least {min_group} cases from {min_clusters} sources each; "
        "{enough} of {groups} have them",
        min_group=min_group,
        min_clusters=MIN_CLUSTERS,
        enough=int(kept.sum()),
        groups=int(kept.sum()) + len(left_out),
    )


def enough(shares: Shares, min_group: int) -> NDArray[np.bool_]:
    """Groups with enough cases and enough clusters to be compared."""
    pieces = shares.n if shares.clusters is None else shares.clusters
    return np.asarray((shares.n >= max(min_group, 1)) & (pieces >= MIN_CLUSTERS))


def large(
    shares: Shares, names: Sequence[str], min_group: int
) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Groups that are large enough to be compared, and those that are not with their cases."""
    kept = enough(shares, min_group)
    left_out = {n: int(c) for n, c, k in zip(names, shares.n, kept, strict=True) if not k}
    return kept, left_out


def _estimate(
    parts: Shares, value: float, limits: tuple[float, float], level: float, unit: str
) -> Estimate:
    return Estimate(
        value=value, n=int(parts.n.sum()), low=min(limits[0], value), high=max(limits[1], value),
        level=level, unit=unit,
        clusters=None if parts.clusters is None else int(parts.clusters.sum()),
    )  # fmt: skip


def _difference(parts: Shares, level: float) -> tuple[float, float]:
    """Limits of the furthest difference, at least 0."""
    near, far = widths(parts, level)
    low_ends, high_ends = parts.limits(near)
    least = max(0.0, float(low_ends.max() - high_ends.min()))
    if len(parts.n) == 2:
        low, high = _pair_difference(parts, level)
        plain = max(low, -high, 0.0)
        if parts.related is None:
            plain = (plain or least) if least > 0 else 0.0
        return plain, max(high, -low)
    low_ends, high_ends = parts.limits(far)
    return least, _apart(high_ends, low_ends)


def _apart(high_ends: Floats, low_ends: Floats) -> float:
    """Largest distance from the lower end of one group to the upper end of another."""
    first, last = int(np.argmin(low_ends)), int(np.argmax(high_ends))
    if first != last:
        return float(high_ends[last] - low_ends[first])
    others = np.arange(len(low_ends)) != first
    return float(
        max(high_ends[others].max() - low_ends[first], high_ends[last] - low_ends[others].min())
    )


def widths(parts: Shares, level: float) -> tuple[float, float]:
    """Critical values of the intervals of comparison: for the near and for the far end of a gap.

    The near end answers whether groups differ at all, so it is drawn for equal groups with as rare
    an outcome as theirs. A rare outcome makes that narrow, which says nothing of how far groups
    may be apart: the far end is never drawn narrower than for common outcomes.
    """
    if parts.related is not None:
        both = overlap_of_related(np.sqrt(parts.safe_variance), parts.related, level)
        return both, both
    pooled = ((parts.value * parts.cases).sum() + 0.5) / (parts.cases.sum() + 1)
    near = overlap_critical(parts.cases, float(pooled), level)
    return near, max(near, overlap_of_many(parts.cases, level))


def _pair_limits(parts: Shares, level: float) -> tuple[Floats, Floats]:
    """Wilson's limits of two groups at the degrees of freedom of their difference."""
    z = float(ndtri((1 + level) / 2))
    df = welch(parts.safe_variance, parts.df)
    return parts.with_freedom(np.full(2, df)).limits(z)


def welch(variances: Floats, dfs: Floats) -> float:
    """Degrees of freedom of a difference (Welch & Satterthwaite)."""
    below = float((variances**2 / dfs).sum())
    return float(variances.sum() ** 2 / below) if below > 0 else float("inf")


def _pair_difference(parts: Shares, level: float) -> tuple[float, float]:
    low, high = _pair_limits(parts, level)
    (a, b), (down_a, down_b), (up_a, up_b) = parts.value, parts.value - low, high - parts.value
    r = 0.0 if parts.related is None else float(parts.related[0, 1])
    below = np.sqrt(max(down_a**2 + up_b**2 - 2 * r * down_a * up_b, 0.0))
    above = np.sqrt(max(up_a**2 + down_b**2 - 2 * r * up_a * down_b, 0.0))
    return float(a - b - below), float(a - b + above)


def _quotient(parts: Shares, level: float) -> tuple[float, float]:
    """Limits of the lowest share over the highest, at most 1."""
    near, far = widths(parts, level)
    low, high = parts.limits(near)
    most = min(float(high.min() / low.max()), 1.0) if low.max() > 0 else 1.0
    if len(parts.n) == 2:
        least, plain = _pair_quotient(parts, level)
        if parts.related is None:
            plain = (plain if plain < 1 else most) if most < 1 else 1.0
        return least, plain
    low, high = parts.limits(far)
    return float(low.min() / high.max()) if high.max() > 0 else 0.0, most


def _pair_quotient(parts: Shares, level: float) -> tuple[float, float]:
    low, high = _pair_limits(parts, level)
    b, a = np.argsort(parts.value, kind="stable")
    r = 0.0 if parts.related is None else float(parts.related[0, 1])
    least = _mover_r((parts.value[b], low[b]), (parts.value[a], high[a]), r, upper=False)
    most = _mover_r((parts.value[b], high[b]), (parts.value[a], low[a]), r, upper=True)
    return min(least, 1 / most) if most > 1 else least, min(most, 1.0)


def _mover_r(
    above: tuple[float, float], below: tuple[float, float], r: float, *, upper: bool
) -> float:
    """Limit of a ratio of two shares from their limits [1]_, with correlation ``r``.

    References
    ----------
    .. [1] Donner, A. & Zou, G. Y. (2012). Statistical Methods in Medical Research 21, 347-359.
    """
    (p, end_p), (q, end_q) = above, below
    product = p * q + r * (p - end_p) * (q - end_q)
    square_p, square_q = end_p * (2 * p - end_p), end_q * (2 * q - end_q)
    root = np.sqrt(max(product**2 - square_p * square_q, 0.0))
    if upper:
        return float((product + root) / square_q) if square_q > 0 else float("inf")
    return float(max(square_p / (product + root), 0.0)) if product + root > 0 else 0.0


def _normal_difference(
    value: Floats, error: Floats, df: Floats, related: Floats | None, level: float
) -> tuple[float, float]:
    if len(value) == 2:
        r = 0.0 if related is None else float(related[0, 1])
        spread = np.sqrt(max(float((error**2).sum()) - 2 * r * float(error.prod()), 0.0))
        half = critical(checked_level(level), welch(error**2, df)) * spread
        apart = abs(float(value[0] - value[1]))
        return apart - half, apart + half
    safe = np.maximum(error, 1e-9 * max(float(error.max()), 1e-300))
    if related is not None:
        c = overlap_of_related(safe, related, level)
    else:
        c = overlap_of_errors(safe, level) if error.max() > 0 else 0.0
    finite = np.isfinite(df)
    half = error * np.where(finite, stdtrit(np.where(finite, df, 1.0), ndtr(c)), c)
    low, high = value - half, value + half
    return float(low.max() - high.min()), _apart(high, low)
