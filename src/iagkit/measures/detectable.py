"""What the data could have shown: the smallest gap they would not miss, and the cases they lack."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, checked_level
from iagkit.measures.overlap import apart_chance
from iagkit.measures.shares import Shares
from iagkit.measures.simultaneous import enough, too_few, widths

CLOSE = 0.02
"""How near the power comes, in normal deviates (.006 at a power of .8)."""


def detectable_gap(
    shares: Shares, *, level: float = 0.95, power: float = 0.8, min_group: int = 30
) -> Estimate | Message:
    """Smallest true gap that these groups would most often have shown.

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
    One group, the smallest, differs from all the others, who share what all have in common, and
    lies on the side of one half, where shares vary most; if a larger group differs, less is
    needed. Power is the probability that the intervals of comparison do not all meet, summed
    over binomial counts as for :func:`iagkit.measures.overlap.overlap_critical`. Clusters that
    reach over groups are taken as independent here.
    """
    kept = enough(shares, min_group)
    if kept.sum() < 2:
        left_out = dict.fromkeys(np.flatnonzero(~kept).astype(str).tolist(), 0)
        return too_few(kept, left_out, min_group)
    parts = shares.only(kept)
    near, _ = widths(parts, checked_level(level))
    common = float(((parts.value * parts.cases).sum() + 0.5) / (parts.cases.sum() + 1))
    apart = _smallest(min(common, 1 - common), np.sort(parts.cases), near, power)
    if apart is None:
        return say("the groups are too small to show any gap, even the largest possible")
    return Estimate(value=apart, n=int(parts.n.sum()))


def _smallest(share: float, cases: Floats, near: float, power: float) -> float | None:
    """Distance of the smallest group that is seen often enough; ``None`` beyond 1."""

    def lacking(apart: float) -> float:
        """How much power lacks, on the scale of normal deviates."""
        shares = np.full(len(cases), share)
        shares[0] += apart
        seen = min(max(apart_chance(near, cases, shares, share), 1e-9), 1 - 1e-9)
        return float(ndtri(power) - ndtri(seen))

    low, high = 0.0, 1 - share - 1e-6
    if lacking(high) > 0:
        return None
    middle = _guess(share, cases, near, power)
    for _ in range(12):
        middle = middle if low < middle < high else (low + high) / 2
        lacks = lacking(middle)
        if abs(lacks) < CLOSE:
            return middle
        low, high = (middle, high) if lacks > 0 else (low, middle)
        middle += lacks * np.sqrt(_varied(share, middle, cases))
    return high


def _varied(share: float, apart: float, cases: Floats) -> float:
    higher = min(share + apart, 1.0)
    return float(max(higher * (1 - higher), 1e-6) / cases[0] + share * (1 - share) / cases[-1])


def _guess(share: float, cases: Floats, near: float, power: float) -> float:
    """Where a normal approximation for the smallest and the largest group would put it."""
    alone = np.sqrt(share * (1 - share)) * (cases[[0, -1]] ** -0.5).sum()
    return float(near * alone + ndtri(power) * np.sqrt(_varied(share, near * alone, cases)))


PRACTICABLE = 1000
"""More times the present number of cases than these are not to be had."""


def cases_needed(found: Estimate, limit: float) -> int | Message | None:
    """How many more cases would decide whether a number lies above or below a limit.

    Parameters
    ----------
    found : Estimate
        With an interval.
    limit : float

    Returns
    -------
    int, Message or None
        ``0`` if the interval lies on one side already; a message if the value lies so near the
        limit that more than 1,000 times the present cases were needed; ``None`` without an
        interval.

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
    half = found.high - found.value if found.value < limit else found.value - found.low
    apart = abs(limit - found.value)
    if half > apart * math.sqrt(PRACTICABLE + 1):
        return say(
            "the number lies so near the limit that no practicable number of cases decides it"
        )
    return max(1, math.ceil(round(found.n * ((half / apart) ** 2 - 1), 6)))
