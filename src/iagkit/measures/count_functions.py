"""Numbers of yes-or-no predictions that are no shares: functions of the four counts of a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from scipy.special import xlogy

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.binary import Mask, confusion, nobody, quadrants, rates_of
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.shares import Shares, shares
from iagkit.measures.simultaneous import Gap, gap_of_estimates

DRAWS = 2000


def _ratio(above: Floats, below: Floats) -> Floats:
    out = np.full(np.broadcast_shapes(np.shape(above), np.shape(below)), np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) != 0)
    return out


def f1(counts: Floats) -> Floats:
    """Harmonic mean of precision and recall, ``2 tp / (2 tp + fp + fn)`` (van Rijsbergen 1979)."""
    hit = 2 * counts[..., 1, 1]
    return _ratio(hit, hit + counts[..., 0, 1] + counts[..., 1, 0])


def balanced_accuracy(counts: Floats) -> Floats:
    """Mean of the true positive and the true negative rate (Brodersen et al. 2010, ICPR)."""
    right = np.stack([counts[..., 0, 0], counts[..., 1, 1]], axis=-1)
    return np.asarray(_ratio(right, counts.sum(axis=-1)).mean(axis=-1))


def matthews_corrcoef(counts: Floats) -> Floats:
    """Correlation of truth and prediction (Matthews 1975); undefined if one is constant."""
    tn, fp, fn, tp = (counts[..., i, j] for i in (0, 1) for j in (0, 1))
    margins = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return _ratio(tp * tn - fp * fn, margins)


def _benefits(counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Share of rows with benefit 0, 1 and 2, and no benefit more than the mean's."""
    n = counts.sum(axis=(-2, -1))
    two, none = _ratio(counts[..., 0, 1], n), _ratio(counts[..., 1, 0], n)
    mean = 1 + two - none
    return two, 1 - two - none, np.where(mean > 0, mean, np.nan)


def generalized_entropy_index(counts: Floats) -> Floats:
    """Inequality of benefits, each ``prediction - truth + 1``, with α = 2 [1]_.

    References
    ----------
    .. [1] Speicher, T. et al. (2018). KDD, 2239-2248.
    """
    two, one, mean = _benefits(counts)
    return np.asarray((4 * two + one) / mean**2 / 2 - 0.5)


def theil_index(counts: Floats) -> Floats:
    """Inequality of benefits with α = 1; see :func:`generalized_entropy_index`."""
    two, one, mean = _benefits(counts)
    return np.asarray(two * xlogy(2 / mean, 2 / mean) + one * xlogy(1 / mean, 1 / mean))


FUNCTIONS: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {
        "f1": f1,
        "balanced_accuracy": balanced_accuracy,
        "matthews_corrcoef": matthews_corrcoef,
        "generalized_entropy_index": generalized_entropy_index,
        "theil_index": theil_index,
    }
)
"""Of counts, shape (..., 2, 2) as :func:`iagkit.measures.binary.confusion` gives them, to values,
shape (...); ``nan`` where undefined. Names are those of scikit-learn and AIF360."""
_UNITS = {"matthews_corrcoef": "correlation", "generalized_entropy_index": "index",
          "theil_index": "index"}  # fmt: skip
_ENDS = {"matthews_corrcoef": (-1.0, 1.0)}


def function_estimates(
    metric: str,
    cells: Cells,
    groups: Groups,
    *,
    positive: str,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[Estimate | Message, ...]:
    """One function of counts for each group with its interval, or why it is undefined.

    Parameters
    ----------
    metric : str
        A name of :data:`FUNCTIONS`.
    cells : Cells
    groups : Groups
    positive : str
    level : float
    seed : int
        Of the draws; the same seed gives the same interval.

    Returns
    -------
    tuple of Estimate or Message, length n_groups

    Raises
    ------
    DataError
        If there is no such function.

    Notes
    -----
    F1 is a function of one share, that of true positives among all cases where truth or
    prediction is positive, and has its guarded Wilson limits. Balanced accuracy is put together
    from those of its two rates (MOVER [1]_). The others have quantiles of 2,000 tables drawn as
    the multinomial counts say, with half a case more in every cell [2]_, so that empty cells keep
    their doubt.

    References
    ----------
    .. [1] Zou, G. Y. (2007). Psychological Methods 12(4), 399-413.
    .. [2] Rubin, D. B. (1981). Annals of Statistics 9(1), 130-134, with Jeffreys' prior.
    """
    counts, n = _counts(metric, cells, groups, positive)
    value = FUNCTIONS[metric](counts)
    low, high = _limits(metric, cells, groups, positive, checked_level(level), seed)
    unit = _UNITS.get(metric, "share")
    return tuple(
        Estimate(
            value=float(v), n=int(c), low=min(float(a), float(v)), high=max(float(b), float(v)),
            level=level, unit=unit,
        )
        if np.isfinite(v)
        else _undefined(metric, table, positive)
        for v, c, a, b, table in zip(value, n, low, high, counts, strict=True)
    )  # fmt: skip


def function_gap(
    metric: str,
    cells: Cells,
    groups: Groups,
    *,
    positive: str,
    level: float = 0.95,
    min_group: int = 30,
    seed: int = 0,
) -> Gap:
    """Difference of a function of counts between the furthest groups.

    Parameters
    ----------
    metric, cells, groups, positive, level, seed
        As for :func:`function_estimates`.
    min_group : int
        Groups with fewer cases are left out.

    Returns
    -------
    Gap
        See :func:`iagkit.measures.simultaneous.gap_of_estimates`; standard errors are those of
        the drawn tables, with as many degrees of freedom as the rarest truth or answer of the
        group has cases, less one. Groups are taken as independent.
    """
    counts, n = _counts(metric, cells, groups, positive)
    worth = _worth(cells, groups, positive, counts)
    drawn = FUNCTIONS[metric](draws(worth, seed=seed))
    with np.errstate(invalid="ignore"):
        errors = drawn.std(axis=0)
    names = [" · ".join(name) for name in groups.names]
    return gap_of_estimates(
        FUNCTIONS[metric](counts), errors, _freedom(metric, worth), names, n=n, level=level,
        min_group=min_group, unit=_UNITS.get(metric, "share"),
    )  # fmt: skip


def _freedom(metric: str, worth: Floats) -> Floats:
    """Cases of the rarest truth or answer, less one: with few of them errors are poorly known."""
    margins = [*np.moveaxis(worth.sum(axis=-1), -1, 0)]
    if metric != "balanced_accuracy":
        margins += [*np.moveaxis(worth.sum(axis=-2), -1, 0)]
    if metric == "f1":
        margins = [worth.sum(axis=(-2, -1)) - worth[..., 0, 0]]
    return np.asarray(np.maximum(np.min(margins, axis=0) - 1, 1.0), dtype=float)


def draws(counts: Floats, *, seed: int, many: int = DRAWS) -> Floats:
    """Tables as the counts of each group might have come out.

    Parameters
    ----------
    counts : ndarray of float, shape (n_groups, 2, 2)
    seed, many : int

    Returns
    -------
    ndarray, shape (many, n_groups, 2, 2)
        Shares of each table, adding up to one.
    """
    random = np.random.default_rng(seed)
    drawn = random.standard_gamma(np.broadcast_to(counts + 0.5, (many, *counts.shape)))
    return np.asarray(drawn / drawn.sum(axis=(-2, -1), keepdims=True))


def _counts(metric: str, cells: Cells, groups: Groups, positive: str) -> tuple[Floats, Floats]:
    if metric not in FUNCTIONS:
        msg = (
            f"expected one of {', '.join(FUNCTIONS)}; got '{metric}'."
            f"{did_you_mean(metric, FUNCTIONS)}"
        )
        raise DataError(msg)
    return confusion(cells, groups, positive), groups.total(cells.n, _any(cells, positive))


def _any(cells: Cells, positive: str) -> Mask:
    return np.asarray(np.any(list(quadrants(cells, positive).values()), axis=0), dtype=bool)


def _worth(cells: Cells, groups: Groups, positive: str, counts: Floats) -> Floats:
    """Counts of as many independent cases as weighted or clustered rows are worth."""
    if cells.weight is None and cells.cluster is None:
        return counts
    names = ("selection_rate", "prevalence", "accuracy")
    found = rates_of(names, cells, groups, positive=positive).values()
    cases = np.min([one.cases for one in found], axis=0)
    total = np.maximum(counts.sum(axis=(1, 2)), 1e-300)
    return np.asarray(counts * (cases / total)[:, None, None], dtype=float)


def _limits(
    metric: str, cells: Cells, groups: Groups, positive: str, level: float, seed: int
) -> tuple[Floats, Floats]:
    if metric == "f1":
        each = quadrants(cells, positive)
        either = each["tp"] | each["fp"] | each["fn"]
        low, high = shares(cells, groups, each["tp"], either).intervals(level)
        return 2 * low / (1 + low), 2 * high / (1 + high)
    if metric == "balanced_accuracy":
        names = ("true_positive_rate", "true_negative_rate")
        two = rates_of(names, cells, groups, positive=positive)
        return _middle(two[names[0]], two[names[1]], level)
    counts = confusion(cells, groups, positive)
    drawn = FUNCTIONS[metric](draws(_worth(cells, groups, positive, counts), seed=seed))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return _open(metric, counts, low, high)


def _middle(one: Shares, other: Shares, level: float) -> tuple[Floats, Floats]:
    """Limits of the mean of two independent shares."""
    middle = (one.value + other.value) / 2
    ends = [share.intervals(level) for share in (one, other)]
    down = np.hypot(*(s.value - low for s, (low, _) in zip((one, other), ends, strict=True))) / 2
    up = np.hypot(*(high - s.value for s, (_, high) in zip((one, other), ends, strict=True))) / 2
    return np.maximum(middle - down, 0.0), np.minimum(middle + up, 1.0)


def _open(metric: str, counts: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Where a value lies at its own end, such as a perfect correlation, that end is kept."""
    value = FUNCTIONS[metric](counts)
    bottom, top = _ENDS.get(metric, (0.0, np.inf))
    low = np.where(value <= bottom, bottom, low)
    return low, np.where(value >= top, top, high)


def _undefined(metric: str, table: Floats, positive: str) -> Message:
    if table.sum() == 0:
        return nobody("accuracy", positive)
    if metric == "f1":
        return say(
            "no case of this group is '{positive}', neither in truth nor predicted",
            positive=positive,
        )
    if metric == "matthews_corrcoef":
        return say("truth or prediction is the same for every case of this group")
    if metric == "balanced_accuracy":
        missing = "true_positive_rate" if table[1].sum() == 0 else "true_negative_rate"
        return nobody(missing, positive)
    return say("every case of this group is a false negative; nobody has any benefit to compare")
