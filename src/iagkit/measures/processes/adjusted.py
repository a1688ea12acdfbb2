"""How far apart groups are, plainly and among like cases, and how far chance alone puts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import (
    Floats,
    Ints,
    checked_level,
    cluster_codes,
    labels,
    numbers,
    same_length,
)
from iagkit.measures.gaps import MIN_CLUSTERS, Gap, furthest_gap
from iagkit.measures.processes.shuffled import Sample, shuffler
from iagkit.measures.simultaneous import gap_of_estimates

DRAWS = 4_000
BATCH = 500
LEAST_DRAWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedGap:
    """A gap among like cases beside the plain one.

    Parameters
    ----------
    raw : Gap
        Of the groups as they are.
    adjusted : Gap
        After what the mix of cases explains was taken away.
    each : mapping of str to Estimate
        Adjusted number of each group; all intervals hold together.
    chance : float or None
        What the adjusted gap exceeds with probability ``1 - chance_level`` if groups make no
        difference within a stratum; ``None`` without adjusted gap.
    p : float or None
        Probability that chance alone puts groups as far apart, among like cases.
    draws : int
    strata : int
        Strata with cases of at least two groups.
    compared : Estimate or None
        Share of the cases that lie in them; the others say nothing of the gap.
    turned : bool
        Whether the furthest groups lie the other way round among like cases.
    """

    raw: Gap
    adjusted: Gap
    each: Mapping[str, Estimate]
    chance: float | None = None
    p: float | None = None
    draws: int = 0
    strata: int = 0
    compared: Estimate | None = None
    turned: bool = False


def adjusted_gap(
    values: ArrayLike,
    groups: ArrayLike,
    strata: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    min_group: int = 30,
    unit: str = "share",
    chance_level: float = 0.95,
    draws: int = DRAWS,
    seed: int = 0,
) -> AdjustedGap:
    """Difference of the furthest groups, plainly and adjusted for the mix of their cases.

    Parameters
    ----------
    values : array-like of bool or float, shape (n_cases,)
        Such as whether a case was late, or its days (with open cases:
        :func:`iagkit.measures.processes.survival_groups.pseudo_days`).
    groups : array-like of str, shape (n_cases,)
        Such as the district.
    strata : array-like of str, shape (n_cases,)
        Such as the type of request: cases of one stratum are alike.
    clusters : array-like, shape (n_cases,), optional
        Cases that hang together, such as those of one address.
    level : float
    min_group : int
        Groups with fewer cases, or fewer than 5 clusters, are left out and named.
    unit : str
        ``"share"`` where values are hits or shares.
    chance_level : float
        Share of shuffles that stay below ``chance``.
    draws : int
        Shuffles behind ``chance`` and ``p``; 100 at least.
    seed : int

    Returns
    -------
    AdjustedGap

    Raises
    ------
    DataError
        If there is no case, a value is not finite, a label is missing, lengths differ, or draws are
        too few.

    Notes
    -----
    Least squares with one number a stratum and one a group [1]_: differences of groups within
    strata, put together; a stratum of one group says nothing. Adjusted numbers of groups are these
    differences on top of the mean of all. The null distribution keeps the cases of every stratum
    and hands their outcomes out anew among its groups [2]_: exact, however small the strata;
    clusters change the sign of all they add at once. Intervals of the raw gap are those of
    :func:`iagkit.measures.gaps.furthest_gap`; those of the adjusted gap rest on the spread within
    strata (:func:`iagkit.measures.simultaneous.gap_of_estimates`); those of single groups on
    Šidák's level.

    References
    ----------
    .. [1] Searle, S. R. (1987). Linear Models for Unbalanced Data, chapter 4. Wiley.
    .. [2] Good, P. (2005). Permutation, Parametric and Bootstrap Tests of Hypotheses. Springer.

    Examples
    --------
    Of 40 cases of each of two kinds, a district has mostly the slow one.

    >>> late = [1] * 30 + [0] * 10 + [0] * 40
    >>> kind = ["permit"] * 40 + ["lamp"] * 40
    >>> where = (["a"] * 3 + ["b"]) * 10 + (["a"] + ["b"] * 3) * 10
    >>> found = adjusted_gap(late, where, kind, draws=500)
    >>> round(found.raw.estimate.value, 2), found.adjusted.estimate.value < 0.05
    (0.4, True)
    """
    if draws < LEAST_DRAWS:
        msg = f"'draws' must be {LEAST_DRAWS} at least, so that rare gaps can be told; got {draws}"
        raise DataError(msg)
    told, names, pieces = _told(values, groups, strata, clusters, unit)
    raw = furthest_gap(
        told.values, names[told.place], clusters=pieces, level=checked_level(level),
        min_group=min_group, unit=unit,
    )  # fmt: skip
    many = np.bincount(told.place, minlength=len(names))
    kept = (many >= max(min_group, 1)) & ~np.isin(names, list(raw.left_out))
    if raw.estimate is None or kept.sum() < 2:
        return AdjustedGap(raw=raw, adjusted=raw, each={})
    sample = told.only(kept)
    told_names = [str(name) for name in names[kept]]
    drawn = partial(_chance, sample, draws=draws, seed=seed)
    return _adjusted(sample, told_names, raw, level, unit, drawn, checked_level(chance_level))


def _told(
    values: ArrayLike, groups: ArrayLike, strata: ArrayLike, clusters: ArrayLike | None, unit: str
) -> tuple[Sample, np.ndarray, Ints | None]:
    value = numbers("values", values, **({"low": 0, "high": 1} if unit == "share" else {}))
    names, place = np.unique(labels("groups", groups), return_inverse=True)
    layer = np.unique(labels("strata", strata), return_inverse=True)[1]
    same_length(values=value, groups=place, strata=layer)
    codes = cluster_codes(clusters, len(value))
    sample = Sample(
        values=value, place=place.reshape(-1).astype(np.intp),
        layer=layer.reshape(-1).astype(np.intp), clusters=codes,
    )  # fmt: skip
    return sample, names, codes


def _adjusted(
    sample: Sample,
    names: list[str],
    raw: Gap,
    level: float,
    unit: str,
    shuffled: Callable[[Floats], Floats],
    chance_level: float,
) -> AdjustedGap:
    strata, rows = sample.overlapping()
    n, solver = sample.sizes, sample.solver()
    if solver is None:
        because = say("groups have no cases of one kind in common, so they cannot be compared")
        apart = Gap(estimate=None, left_out=raw.left_out, because=because)
        return AdjustedGap(raw=raw, adjusted=apart, each={})
    shift = solver @ sample.excess()
    value = float(sample.values.mean()) + shift
    spread = solver @ sample.covariance() @ solver.T
    error = np.sqrt(np.diag(spread))
    error = np.where(sample.pieces() < MIN_CLUSTERS, np.nan, error)
    with np.errstate(divide="ignore", invalid="ignore"):
        related = np.nan_to_num(spread / np.outer(error, error))
    np.fill_diagonal(related, 1.0)
    found = gap_of_estimates(
        value, error, np.full(len(n), np.inf), names, n=n, level=level, unit=unit,
        related=np.clip(related, -1, 1),
    )  # fmt: skip
    drawn = shuffled(solver)
    reached = int((drawn >= np.ptp(shift) * (1 - 1e-9)).sum())
    return AdjustedGap(
        raw=raw, adjusted=found, each=_each(value, error, n, names, level, unit),
        chance=float(np.quantile(drawn, chance_level)), p=(reached + 1) / (len(drawn) + 1),
        draws=len(drawn),
        strata=strata, compared=Estimate(value=rows / len(sample.values), n=len(sample.values)),
        turned=_turned(raw, value, names),
    )  # fmt: skip


def _chance(sample: Sample, solver: Floats, *, draws: int, seed: int) -> Floats:
    """Gaps of the furthest groups in each draw."""
    shuffled = shuffler(sample, np.random.default_rng(seed))
    sizes = [BATCH] * (draws // BATCH) + [draws % BATCH] * (draws % BATCH > 0)
    return np.concatenate([np.ptp(shuffled(many) @ solver.T, axis=1) for many in sizes])


def _each(
    value: Floats, error: Floats, n: Ints, names: list[str], level: float, unit: str
) -> dict[str, Estimate]:
    z = float(ndtri((1 + level ** (1 / len(names))) / 2))
    found = {}
    for name, v, e, many in zip(names, value, error, n, strict=True):
        if np.isfinite(e):
            low, high = v - z * e, v + z * e
            if unit == "share":
                v, low, high = np.clip([v, low, high], 0, 1)  # noqa: PLW2901
            found[name] = Estimate(
                value=float(v), n=int(many), low=float(low), high=float(high), level=level,
                unit=unit,
            )  # fmt: skip
    return found


def _turned(raw: Gap, value: Floats, names: list[str]) -> bool:
    if raw.lowest not in names or raw.highest not in names:
        return False
    low, high = names.index(str(raw.lowest)), names.index(str(raw.highest))
    return bool(value[low] > value[high])


def surprise(found: AdjustedGap) -> Message | None:
    """Say that groups lie the other way round among like cases, or nothing."""
    if not found.turned:
        return None
    return say(
        "among like cases {lowest} is above {highest}: the plain comparison shows which cases they "
        "have, not how they are treated",
        lowest=found.raw.lowest, highest=found.raw.highest,
    )  # fmt: skip
