"""What the data could have shown: the smallest gap they would not miss, and the cases they lack."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import checked_level
from iagkit.measures.shares import Shares
from iagkit.measures.simultaneous import enough, too_few, widths


def detectable_gap(
    shares: Shares, *, level: float = 0.95, power: float = 0.8, min_group: int = 30
) -> Estimate | Message:
    """Smallest true gap that these groups would most often have shown, whichever two had it.

    Parameters
    ----------
    shares : Shares
    level : float
        Of the interval that has to leave 0 out.
    power : float
        Share of samples in which it would.
    min_group : int
        As for :func:`iagkit.measures.simultaneous.gap`.

    Returns
    -------
    Estimate or Message
        Without interval: it follows from the sizes of the groups, their common share and the
        level. A message if there is no gap to speak of, or none that could be shown.

    Notes
    -----
    For the two smallest groups, one at the common share of all and one further towards one half,
    where shares vary most; gaps of larger groups are shown more easily. Normal approximation: the
    distance at which the intervals of comparison part, and as many standard errors more as the
    power asks for (as in the planning of trials, Fleiss, Levin & Paik 2003, chapter 4).
    """
    kept = enough(shares, min_group)
    if kept.sum() < 2:
        left_out = dict.fromkeys(np.flatnonzero(~kept).astype(str).tolist(), 0)
        return too_few(kept, left_out, min_group)
    parts = shares.only(kept)
    near, _ = widths(parts, checked_level(level))
    smallest = np.sort(parts.cases)[:2]
    common = float((parts.value * parts.cases).sum() / parts.cases.sum())
    apart = _smallest(min(common, 1 - common), smallest, near, float(ndtri(power)))
    if apart is None:
        return say("the groups are too small to show any gap, even the largest possible")
    return Estimate(value=apart, n=int(parts.n.sum()))


def _smallest(share: float, cases: np.ndarray, near: float, more: float) -> float | None:
    """Distance of two shares that is seen in most samples; ``None`` beyond 1."""
    low, high = 0.0, 1 - share
    if _missing(high, share, cases, near, more) > 0:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        if _missing(middle, share, cases, near, more) > 0:
            low = middle
        else:
            high = middle
    return high


def _missing(apart: float, share: float, cases: np.ndarray, near: float, more: float) -> float:
    """How much further two shares would have to lie apart to be seen often enough."""
    root = np.sqrt(cases)
    higher = share + apart
    meet = share + apart * root.max() / root.sum()
    part = near * math.sqrt(meet * (1 - meet)) * float((1 / root).sum())
    varied = higher * (1 - higher) / cases.min() + share * (1 - share) / cases.max()
    return part + more * math.sqrt(varied) - apart


def cases_needed(found: Estimate, limit: float) -> int | None:
    """How many more cases would decide whether a number lies above or below a limit.

    Parameters
    ----------
    found : Estimate
        With an interval.
    limit : float

    Returns
    -------
    int or None
        ``0`` if the interval lies on one side already; ``None`` if no number of cases is known
        to decide it, because the value is the limit itself or there is no interval.

    Notes
    -----
    If the value and the mix of cases stay, half an interval shrinks with the square root of the
    number of cases. A plan, not a promise: the value of the new cases decides.

    Examples
    --------
    >>> cases_needed(Estimate(value=0.08, n=1000, low=0.04, high=0.12, level=0.95), 0.1)
    3000
    """
    if found.low is None or found.high is None or found.n == 0:
        return None
    if found.high <= limit or found.low > limit:
        return 0
    if found.value == limit:
        return None
    half = found.high - found.value if found.value < limit else found.value - found.low
    times = (half / abs(limit - found.value)) ** 2
    return max(1, math.ceil(round(found.n * (times - 1), 6)))
