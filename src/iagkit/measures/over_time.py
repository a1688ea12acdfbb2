"""Shares period by period: whether they changed, when, and whether they drift.

Whoever looks at every month for a change finds one by chance. Here the largest of all possible
changes is held against the largest that chance alone makes, and all series that are watched
share one error between them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from scipy.special import ndtri

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, Ints, checked_level, same_length
from iagkit.measures.chance import Chance, holm, rare
from iagkit.measures.change_points import Counts
from iagkit.measures.intervals import mover, wilson

K = TypeVar("K", bound=Hashable)
FEWEST_PERIODS = 2
SEASON = re.compile(r"\d{4}-(?P<season>0[1-9]|1[0-2]|Q[1-4])")
FEWEST_DRAWS, ROUGH_DRAWS = 1999, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One share a period, in the order of time.

    Parameters
    ----------
    periods : tuple of str, length t
        Names; ``2024-01`` and ``2024-Q1`` tell the season.
    hits : ndarray of float, shape (t,)
        Independent cases that count, of ``cases``.
    cases : ndarray of float, shape (t,)
        Independent cases that the rows are worth; 0 where there is none.
    n : ndarray of int, shape (t,)
        Rows.

    Raises
    ------
    DataError
        If lengths differ, or hits are below 0 or above the cases.
    """

    periods: tuple[str, ...]
    hits: Floats
    cases: Floats
    n: Ints

    def __post_init__(self) -> None:
        same_length(periods=np.array(self.periods), hits=self.hits, cases=self.cases, n=self.n)
        wrong = int((~((self.hits >= 0) & (self.hits <= self.cases + 1e-9))).sum())
        if wrong:
            msg = (
                f"expected hits from 0 to the cases of their period; {wrong} of "
                f"{len(self.periods)} periods have others. Were hits and cases swapped?"
            )
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Where the level of a series changed most, and whether that is more than chance.

    Parameters
    ----------
    last, period : str
        Last period of the old level and first of the new one.
    before, after : Estimate
        Level until ``last`` and from ``period`` on.
    difference : Estimate
        ``after - before``; its interval holds whichever period was picked, and 0 is inside
        unless the change was found.
    p, p_adjusted : float
        Chance of so large a change anywhere in the series if there is none; adjusted for all
        series that were watched together (Holm).
    found : bool
    season : float, optional
        The same chance if seasons may differ; ``None`` if nothing was found or the series is
        too short to tell a change from a season.
    """

    last: str
    period: str
    before: Estimate
    after: Estimate
    difference: Estimate
    p: float
    p_adjusted: float
    found: bool
    season: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Straight line through a series.

    Parameters
    ----------
    difference : Estimate
        How much the line rises from the first to the last period.
    p, p_adjusted : float
        Chance of so steep a line if nothing changes; adjusted like that of a change.
    found : bool
    """

    difference: Estimate
    p: float
    p_adjusted: float
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was found in one series.

    Parameters
    ----------
    change : Change
    trend : Trend
    spread : float
        How many times more than by chance neighbouring periods differ; cases count for so much
        less. 1 unless that is evident.
    """

    change: Change
    trend: Trend
    spread: float


def watch(
    series: Mapping[K, Series], *, level: float = 0.95, seed: int = 0
) -> dict[K, Watched | Message]:
    """Look for changes and trends in series that are watched together.

    Parameters
    ----------
    series : mapping to Series
        Of different metrics and groups.
    level : float
        With at least this probability nothing is found in any of them where nothing changed.
    seed : int
        The same seed gives the same answer.

    Returns
    -------
    dict
        For each series what was found, or why it cannot be watched.

    Raises
    ------
    DataError
        If ``level`` is not strictly between 0 and 1.

    Notes
    -----
    The statistic is the largest binomial likelihood ratio over all points at which a change may
    have come [1]_. What chance alone makes of it is drawn given the total of hits, under which
    the hits of the periods are multivariate hypergeometric whatever the share is: the test is
    exact for any sizes, also tiny ones [2]_. Drawing stops early once so many draws reach what
    was seen that nothing can be found any more; the p-value stays valid [3]_. The trend [4]_ is
    held against the same draws, and all p-values are adjusted together [5]_.

    If neighbouring periods differ by more than they do in 95 of 100 draws, cases count for as
    much less (mean squared differences [6]_, without the largest, which a change makes), and
    draws are held against their own roughness too, as it had to be estimated.

    Before and after are estimated where the change looks largest, so a weak change looks larger
    than it is; the interval allows for the choice.

    References
    ----------
    .. [1] Worsley, K. J. (1983). The power of likelihood ratio and cumulative sum tests for a
       change in a binomial probability. Biometrika 70(2), 455-464.
    .. [2] Barnard, G. A. (1963). Discussion of Bartlett. JRSS B 25, 294.
    .. [3] Besag, J. & Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika 78(2),
       301-304.
    .. [4] Armitage, P. (1955). Tests for linear trends in proportions and frequencies.
       Biometrics 11(3), 375-386.
    .. [5] Holm, S. (1979). A simple sequentially rejective multiple test procedure.
       Scandinavian Journal of Statistics 6(2), 65-70.
    .. [6] von Neumann, J. (1941). Distribution of the ratio of the mean square successive
       difference to the variance. Annals of Mathematical Statistics 12(4), 367-395.

    Examples
    --------
    >>> hits, cases = np.array([50.0] * 6 + [80.0] * 6), np.full(12, 100.0)
    >>> months = tuple(f"2024-{month:02}" for month in range(1, 13))
    >>> one = Series(periods=months, hits=hits, cases=cases, n=cases.astype(int))
    >>> change = watch({"accuracy": one})["accuracy"].change
    >>> change.period, change.found, round(change.difference.value, 2)
    ('2024-07', True, 0.3)
    """
    level = checked_level(level)
    paths = {key: _Path(one) for key, one in series.items()}
    seen = {key: path for key, path in paths.items() if len(path.periods) >= FEWEST_PERIODS}
    parts = {key: _seen(path, level, 2 * len(seen), seed) for key, path in seen.items()}
    ps = holm([p for part in parts.values() for p in (part.change.p, part.trend.p)])
    told: dict[K, Watched | Message] = {k: _too_few(path) for k, path in paths.items()}
    for place, (key, part) in enumerate(parts.items()):
        told[key] = _settled(part, ps[2 * place], ps[2 * place + 1], level)
    return told


def between(series: Series, first: str, second: str, *, level: float = 0.95) -> Estimate | Message:
    """Difference of two periods, ``second - first``, each of its own rows [1]_.

    Raises
    ------
    DataError
        If a period is not in the series, or ``level`` is not strictly between 0 and 1.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine 17(8), 873-890.
    """
    path, z = _Path(series), float(ndtri((1 + checked_level(level)) / 2))
    for period in (first, second):
        if period not in series.periods:
            msg = f"expected a period of the series; it has {', '.join(series.periods[:12])}"
            raise DataError(msg)
        if period not in path.periods:
            return say("a comparison over time needs cases in both periods")
    sides = [
        path.level(slice(place, place + 1), z, level)
        for place in (path.periods.index(first), path.periods.index(second))
    ]
    return _difference(*sides)


def seasons(periods: tuple[str, ...]) -> Ints | None:
    """Season of each period (month or quarter of the year), if each comes twice at least."""
    names = [found["season"] for p in periods if (found := SEASON.fullmatch(p))]
    if not periods or len(names) < len(periods):
        return None
    _, codes, times = np.unique(names, return_inverse=True, return_counts=True)
    return None if (times < 2).any() else codes.reshape(-1).astype(np.intp)


class _Path:
    """A series without the periods that have no case; cases count for less by ``spread``."""

    def __init__(self, series: Series, spread: float = 1.0) -> None:
        kept = np.flatnonzero(series.cases > 0)
        self.series, self.spread, self.at = series, spread, kept.astype(float)
        self.periods = tuple(series.periods[place] for place in kept)
        self.hits, self.cases = series.hits[kept] / spread, series.cases[kept] / spread
        self.n = series.n[kept]

    def counts(self, strata: Ints | None = None) -> Counts:
        """Whole counts to be redrawn."""
        return Counts.of(self.hits, self.cases, strata, self.at)

    def level(self, part: slice, z: float, level: float) -> Estimate:
        """Share of some periods together, with Wilson's limits."""
        cases = float(self.cases[part].sum())
        value = min(1.0, float(self.hits[part].sum() / cases))
        low, high = wilson(value, cases, z)
        return Estimate(value=value, n=int(self.n[part].sum()), low=low, high=high, level=level)


def _seen(path: _Path, level: float, tests: int, seed: int) -> Watched:
    """Change and trend of one series, before the p-values of all are adjusted together."""
    random, strict = np.random.default_rng(seed), 1 - (1 - level) / tests
    if (spread := path.counts().spread(random)) > 1:
        path = _Path(path.series, spread)
    counts, usual = path.counts(), None
    if spread > 1:
        usual = float(counts.roughness(counts.redrawn(ROUGH_DRAWS, random)).mean()) or None
    chance = rare(
        (float(counts.largest(counts.hits)), float(counts.slope(counts.hits))),
        lambda draws: _statistics(counts, counts.redrawn(draws, random), usual),
        draws=max(FEWEST_DRAWS, int(6 * tests / (1 - level))),
    )
    change, trend = _change(path, counts, chance, strict), _trend(path, counts, chance, strict)
    if change.p <= 1 - level:
        change = replace(change, season=_season(path, random))
    return Watched(change=change, trend=trend, spread=spread)


def _statistics(counts: Counts, hits: Floats, usual: float | None) -> Floats:
    """Of drawn hits; against their own roughness where that of the series had to be estimated."""
    found = np.stack([counts.largest(hits), counts.slope(hits)], axis=1)
    if usual is None:
        return found
    own = np.maximum(counts.roughness(hits) / usual, 1e-9)
    return np.asarray(found / np.stack([own, np.sqrt(own)], axis=1))


def _change(path: _Path, counts: Counts, chance: Chance, strict: float) -> Change:
    at = int(np.argmax(counts.ratios(counts.hits))) + 1
    sure = float(ndtri(1 - (1 - strict) / (2 * (len(path.periods) - 1))))
    z = _critical(sure, float(np.sqrt(chance.exceeded(0, strict))))
    before, after = (path.level(part, z, strict) for part in (slice(at), slice(at, None)))
    return Change(
        last=path.periods[at - 1],
        period=path.periods[at],
        before=before,
        after=after,
        difference=_difference(before, after),
        p=chance.p[0],
        p_adjusted=chance.p[0],
        found=False,
    )


def _critical(sure: float, drawn: float) -> float:
    """What draws ask for, if less; where all draws are alike they say nothing."""
    return min(sure, drawn) if drawn > 0 else sure


def _difference(before: Estimate, after: Estimate) -> Estimate:
    assert before.low is not None
    assert before.high is not None
    assert after.low is not None
    assert after.high is not None
    low, high = mover(
        np.array([before.value, after.value]),
        [(before.low, before.high), (after.low, after.high)],
        weights=np.array([-1.0, 1.0]),
        related=np.eye(2),
    )
    value, n = after.value - before.value, before.n + after.n
    return Estimate(value=value, n=n, low=low, high=high, level=after.level)


def _trend(path: _Path, counts: Counts, chance: Chance, strict: float) -> Trend:
    rise, error = counts.rise()
    half = _critical(float(ndtri((1 + strict) / 2)), chance.exceeded(1, strict)) * error
    line = Estimate(
        value=rise, n=int(path.n.sum()), low=rise - half, high=rise + half, level=strict
    )
    return Trend(difference=line, p=chance.p[1], p_adjusted=chance.p[1], found=False)


def _season(path: _Path, random: np.random.Generator) -> float | None:
    strata = seasons(path.periods)
    if strata is None:
        return None
    counts = path.counts(strata)
    seen = (float(counts.largest(counts.hits)),)
    return rare(
        seen,
        lambda draws: counts.largest(counts.redrawn(draws, random))[:, None],
        draws=FEWEST_DRAWS,
    ).p[0]


def _settled(part: Watched, change: float, trend: float, level: float) -> Watched:
    """With the adjusted p-values; what was not found has 0 inside its interval."""
    found = (change <= 1 - level, trend <= 1 - level)
    return replace(
        part,
        change=replace(
            part.change,
            p_adjusted=change,
            found=found[0],
            season=part.change.season if found[0] else None,
            difference=_open(part.change.difference, found[0]),
        ),
        trend=replace(
            part.trend,
            p_adjusted=trend,
            found=found[1],
            difference=_open(part.trend.difference, found[1]),
        ),
    )


def _open(found: Estimate, closed: bool) -> Estimate:
    if closed:
        return found
    assert found.low is not None
    assert found.high is not None
    return replace(found, low=min(found.low, 0.0), high=max(found.high, 0.0))


def _too_few(path: _Path) -> Message:
    return say(
        "a change over time needs at least {needed} periods with cases; there are {periods}",
        needed=FEWEST_PERIODS,
        periods=len(path.periods),
    )
