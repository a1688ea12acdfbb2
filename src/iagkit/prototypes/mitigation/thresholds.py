"""One threshold a group: as many right decisions as a limit on the gap leaves room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats
from iagkit.prototypes.mitigation.cases import Flags, Ints, Labels

CANDIDATES = 200
"""Thresholds looked at in each group: quantiles of its scores, and none granted."""
STEPS = {1: 1001, 2: 101}
"""Most places tried for the lowest rate, for one rate and for two held together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """What each candidate threshold gives in one group."""

    thresholds: Floats
    rates: tuple[Floats, ...]
    right: Ints


def group_thresholds(
    scores: Floats, truth: Flags, groups: Labels, *, rates: Mapping[str, Flags], limit: float
) -> dict[str, float]:
    """Threshold of each group with which most decisions are right and no gap is above a limit.

    Parameters
    ----------
    scores : ndarray of float, shape (n,)
        The higher, the likelier granted: people at or above the threshold are.
    truth : ndarray of bool, shape (n,)
    groups : ndarray of str, shape (n,)
    rates : mapping of str to ndarray of bool, shape (n,)
        One or two rates whose gap is limited: name → the people among whom it is counted.
        Every group must have some of them.
    limit : float
        Largest gap, 0 to 1, of each rate between any two groups, among these people.

    Returns
    -------
    dict of str to float
        Group → threshold; infinite if nobody of it is granted.

    Raises
    ------
    DataError
        If a group has nobody among whom a rate is counted, or the limit is no share.

    Notes
    -----
    All groups must lie in one window ``[low, low + limit]`` of each rate. Given the window,
    groups do not depend on one another, so the best threshold of each is found alone. Windows
    are tried at every rate that a candidate gives, or in steps of .001 (.01 for two rates) if
    those are more. Granting all, or none, satisfies any limit, so there is always an answer, if
    perhaps a useless one. The gap among other people will be larger: it was not chosen on them.
    """
    if not 0 <= limit <= 1 or len(rates) not in STEPS:
        msg = f"expected one or two rates and a limit from 0 to 1; got {len(rates)} and {limit:g}"
        raise DataError(msg)
    found = np.unique(groups)
    curves = [_curve(scores, truth, rates, groups == group) for group in found]
    lows = [_lows(curves, number) for number in range(len(rates))]
    tables = [_best(curve, lows, limit) for curve in curves]
    total = np.sum([np.where(right < 0, -np.inf, right) for right, _ in tables], axis=0)
    window = np.unravel_index(int(np.argmax(total)), total.shape)
    return {
        str(group): float(curve.thresholds[place[window]])
        for group, curve, (_, place) in zip(found, curves, tables, strict=True)
    }


def _curve(scores: Floats, truth: Flags, rates: Mapping[str, Flags], here: Flags) -> _Curve:
    own, granted = scores[here], truth[here]
    candidates = np.unique(np.quantile(own, np.linspace(0, 1, CANDIDATES), method="lower"))
    thresholds = np.append(candidates, np.inf)
    order = np.argsort(own, kind="stable")
    first = np.searchsorted(own[order], thresholds, side="left")
    return _Curve(
        thresholds=thresholds,
        rates=tuple(_rate(people[here][order], first, name) for name, people in rates.items()),
        right=_above(granted[order], first) + first - _below(granted[order], first),
    )


def _rate(people: Flags, first: Ints, name: str) -> Floats:
    if not people.any():
        msg = f"expected people in every group among whom the {name} is counted; a group has none"
        raise DataError(msg)
    return np.asarray(_above(people, first) / people.sum(), dtype=float)


def _above(where: Flags, first: Ints) -> Ints:
    return np.asarray(where.sum() - _below(where, first), dtype=np.intp)


def _below(where: Flags, first: Ints) -> Ints:
    return np.asarray(np.concatenate([[0], np.cumsum(where)])[first], dtype=np.intp)


def _lows(curves: Sequence[_Curve], number: int) -> Floats:
    """Where windows of one rate begin."""
    seen = np.unique(np.concatenate([curve.rates[number] for curve in curves]))
    most = STEPS[len(curves[0].rates)]
    return np.linspace(0, 1, most) if len(seen) > most else np.asarray(seen, dtype=float)


def _best(curve: _Curve, lows: Sequence[Floats], limit: float) -> tuple[Ints, Ints]:
    """Right decisions of the best threshold in every window, -1 if none is in; and its place."""
    room = limit + 1e-12  # a gap that is the limit is not above it
    pairs = zip(curve.rates, (low[:, None] for low in lows), strict=True)
    inside = [(rate >= low) & (rate <= low + room) for rate, low in pairs]
    allowed = inside[0] if len(inside) == 1 else inside[0][:, None] & inside[1][None, :]
    right = np.where(allowed, curve.right, -1)
    place = right.argmax(axis=-1)
    return np.take_along_axis(right, place[..., None], axis=-1)[..., 0], place
