"""How far two samples lie apart, column by column, corrected for having looked at all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level, cluster_codes

DRAWS = 1000


def moved_shares(
    before: Mapping[str, Ints],
    now: Mapping[str, Ints],
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Share of the cases that lie elsewhere than before, for each column.

    Parameters
    ----------
    before, now : mapping of str to array of int, shapes (n_before,) and (n_now,)
        Range or category of each case, by column.
    clusters : array-like, shape (n_now,), optional
        Of the cases of now; those of before count one by one.
    level : float
        Probability that the intervals of *all* columns hold together.

    Returns
    -------
    dict of str to Estimate
        Total variation between the two distributions, 0 to 1. ``low`` is 0 unless the column
        has moved beyond what drawing cases again explains.

    Raises
    ------
    DataError
        If the columns differ, or a side has no case.

    Notes
    -----
    As for :func:`iagkit.measures.furthest.furthest_profile`: the errors of drawn shares, each
    column in units of its own mean error, all columns together (single-step max-T). The
    distance itself is never 0 in a sample.
    """
    sizes = [len(next(iter(side.values()), ())) for side in (before, now)]
    if set(before) != set(now) or not min(sizes):
        msg = (
            f"the same columns are needed before and now, with cases; got {len(before)} and "
            f"{len(now)} columns of {sizes[0]} and {sizes[1]} cases"
        )
        raise DataError(msg)
    blocks = [_blocks(np.asarray(before[name]), np.asarray(now[name])) for name in before]
    seen = [b.mean(axis=0) - a.mean(axis=0) for a, b in blocks]
    codes = cluster_codes(clusters, sizes[1])
    half = _half(blocks, seen, codes, checked_level(level))
    return {
        name: _told(0.5 * float(np.abs(part).sum()), float(width), sizes[1], codes, level)
        for name, part, width in zip(before, seen, half, strict=True)
    }


def _blocks(before: Ints, now: Ints) -> tuple[Floats, Floats]:
    every = np.unique(np.concatenate([before, now]))
    return (before[:, None] == every).astype(float), (now[:, None] == every).astype(float)


def _half(
    blocks: list[tuple[Floats, Floats]], seen: list[Floats], codes: Ints | None, level: float
) -> Floats:
    """Half width of each interval, shape (columns,)."""
    random, wide = np.random.default_rng(0), np.cumsum([len(part) for part in seen])[:-1]
    sides = [np.hstack([block[side] for block in blocks]) for side in (0, 1)]
    errors = []
    for _ in range(DRAWS // 50):
        drawn = _drawn(random, sides[1], codes) - _drawn(random, sides[0], None)
        moved = np.split(np.abs(drawn - np.concatenate(seen)), wide, axis=1)
        errors.append(np.stack([0.5 * part.sum(axis=1) for part in moved], axis=1))
    every = np.concatenate(errors)
    usual = every.mean(axis=0)
    scaled = every / np.where(usual > 0, usual, np.inf)
    return np.asarray(usual * np.quantile(scaled.max(axis=1), level))


def _drawn(random: np.random.Generator, rows: Floats, codes: Ints | None) -> Floats:
    many = len(rows) if codes is None else int(codes.max()) + 1
    times = random.multinomial(many, np.full(many, 1 / many), size=50).astype(float)
    weights = times if codes is None else times[:, codes]
    return np.asarray(weights @ rows / weights.sum(axis=1, keepdims=True))


def _told(value: float, half: float, n: int, codes: Ints | None, level: float) -> Estimate:
    return Estimate(
        value=value,
        n=n,
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        level=level,
        clusters=None if codes is None else int(codes.max()) + 1,
    )
