"""A log as durations: how long each case took or has lasted, and whether its deadline was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING, Estimate
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.furthest import median
from iagkit.measures.processes.adjusted import DRAWS, AdjustedGap, adjusted_gap
from iagkit.measures.processes.survival import kaplan_meier, quantile
from iagkit.measures.processes.survival_groups import common_horizon, pseudo_days, split
from iagkit.measures.rates import share

Mask = NDArray[np.bool_]
DAY = np.timedelta64(86_400_000_000, "us")
FEWEST_CLOSED = 10
"""With fewer cases closed a group has no curve to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """One number a case; all arrays have one length.

    Parameters
    ----------
    days : ndarray of float
        From opening to closing, or to the cut of the log.
    closed : ndarray of bool
    judged : ndarray of bool
        Whether it is known if the deadline was met: it had passed when the log was cut, or every
        case is closed. Never of a deadline before the opening, which nobody could have met.
    late : ndarray of bool
        Of those judged: closed after the deadline, or open still.
    groups : mapping of str to ndarray of str
        Column → group; who has none has the group ``(missing)``.
    backwards : int
        Cases opened after the cut or their closing, which were left out.
    with_deadline, before_opening : int
        Cases that have a deadline, and those whose deadline is earlier than their opening.
    """

    days: Floats
    closed: Mask
    judged: Mask
    late: Mask
    groups: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    backwards: int = 0
    with_deadline: int = 0
    before_opening: int = 0

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """Median with open cases counted, beside that of closed cases alone.

    Parameters
    ----------
    days : Estimate or Message
        By Kaplan and Meier.
    closed_only : Estimate or Message
        Of cases that are closed; too small while others are open.
    short : Estimate or Message
        How many days the second says too little; the interval is that of the first.
    middles : pair of float or None
        Both medians, also where no interval can be told.
    """

    days: Estimate | Message
    closed_only: Estimate | Message
    short: Estimate | Message
    middles: tuple[float | None, float | None]


def durations(log: EventLog, *, also: Sequence[str] = ()) -> Durations:
    """Durations, lateness and groups of the cases of a log.

    Parameters
    ----------
    log : EventLog
    also : sequence of str
        Further columns of the cases to bring along, such as the type of request.

    Returns
    -------
    Durations

    Notes
    -----
    Lateness is told of the cases whose deadline had passed when the log was cut, whatever became
    of them: an open one is late. To count cases closed before a deadline yet to come, and not
    those still open, would make offices look better. Where every case is closed, as when only
    closed ones are asked about, the fate of each deadline is known. A deadline before the opening
    of its case is a mistake of the log and tells of no office whether it is late.
    """
    cases, until = log.cases, np.datetime64(log.until, "us")
    opened, closing, due = (
        cases[c].to_numpy().astype("datetime64[us]") for c in ("opened", "closed", "due")
    )
    closed = ~np.isnat(closing) & (closing <= until)
    days = (np.where(closed, closing, until) - opened) / DAY
    kept = days >= 0
    early = due < opened
    judged = ~np.isnat(due) & ~early & ((due <= until) | closed.all())
    late = judged & np.where(closed, closing > due, True)
    names = dict.fromkeys([*log.groups, *also])
    return Durations(
        days=days[kept], closed=closed[kept], judged=judged[kept], late=late[kept],
        groups={name: named(cases[name])[kept] for name in names},
        backwards=int((~kept).sum()), with_deadline=int((kept & ~np.isnat(due)).sum()),
        before_opening=int((kept & early).sum()),
    )  # fmt: skip


def named(column: Any) -> NDArray[Any]:
    """Groups as text; whole numbers without a point, and ``(missing)`` where there is none."""
    lacking = column.isna().to_numpy()
    if column.dtype.kind == "f" and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    told = column.astype(object).where(~lacking, MISSING).astype(str)
    return np.asarray(told.to_numpy(dtype=object), dtype=str)


def median_days(days: Floats, closed: Mask, *, level: float = 0.95) -> Median:
    """Median duration with open cases counted, and without them.

    Parameters
    ----------
    days : ndarray of float, shape (n_cases,)
    closed : ndarray of bool, shape (n_cases,)
    level : float

    Returns
    -------
    Median
    """
    found = quantile(kaplan_meier(days, closed), level=level)
    counted = found.told()
    if not closed.any():
        return Median(days=counted, closed_only=counted, short=counted, middles=(None, None))
    alone = median(days[closed], unit="days", level=level)
    middles = (found.value, alone.value)
    if isinstance(counted, Message):
        return Median(days=counted, closed_only=alone, short=counted, middles=middles)
    assert counted.low is not None
    assert counted.high is not None
    short = Estimate(
        value=counted.value - alone.value, low=counted.low - alone.value,
        high=counted.high - alone.value, n=counted.n, level=level, unit="days",
    )  # fmt: skip
    return Median(days=counted, closed_only=alone, short=short, middles=middles)


def turned_round(
    medians: Mapping[str, Median],
) -> tuple[Estimate | Message, tuple[str, str] | None]:
    """Share of pairs of groups whose order turns round when open cases are left out.

    Parameters
    ----------
    medians : mapping of str to Median

    Returns
    -------
    Estimate or Message
        Over the pairs whose medians are both known; counted in full.
    pair of str, or None
        The groups that are furthest apart among those turned round: the one that closed cases
        alone call faster, then the other.
    """
    known = {
        name: (m.middles[0], m.middles[1])
        for name, m in medians.items()
        if m.middles[0] is not None and m.middles[1] is not None
    }
    pairs = [(a, b) for a in known for b in known if known[a][1] < known[b][1]]
    if not pairs:
        return say("there are no two groups whose medians are known"), None
    worse = {(a, b): known[a][0] - known[b][0] for a, b in pairs}
    turned = [pair for pair, more in worse.items() if more > 0]
    value = len(turned) / len(pairs)
    found = Estimate(value=value, low=value, high=value, n=len(pairs))
    return found, max(turned, key=lambda pair: worse[pair]) if turned else None


def late_share(found: Durations, among: Mask, *, level: float = 0.95) -> Estimate | Message:
    """Share late of the cases whose deadline has passed, open ones counted.

    Parameters
    ----------
    found : Durations
    among : ndarray of bool, shape (n_cases,)
    level : float
    """
    judged = among & found.judged
    if not judged.any():
        return say("no case has a deadline that had passed when the log was cut")
    return share(found.late[judged], level=level)


def late_gap(
    found: Durations,
    groups: NDArray[Any],
    alike: NDArray[Any],
    *,
    level: float = 0.95,
    min_group: int = 30,
    chance_level: float = 0.95,
    draws: int = DRAWS,
) -> AdjustedGap | Message:
    """How far apart groups are in the share late, plainly and among like cases.

    Parameters
    ----------
    found : Durations
    groups, alike : ndarray of str, shape (n_cases,)
        Who is compared, and which cases are comparable.
    level, min_group, chance_level, draws
        As for :func:`iagkit.measures.processes.adjusted.adjusted_gap`.
    """
    kept = found.judged & (groups != MISSING)
    if not kept.any():
        return say("no case has a deadline that had passed when the log was cut")
    return adjusted_gap(
        found.late[kept], groups[kept], alike[kept], level=level, min_group=min_group,
        chance_level=chance_level, draws=draws,
    )  # fmt: skip


def wait_gap(
    found: Durations,
    groups: NDArray[Any],
    alike: NDArray[Any],
    *,
    level: float = 0.95,
    min_group: int = 30,
    chance_level: float = 0.95,
    draws: int = DRAWS,
) -> tuple[AdjustedGap, float] | Message:
    """How far apart groups are in the days they wait, plainly and among like cases.

    Parameters
    ----------
    found, groups, alike, level, min_group, chance_level, draws
        As for :func:`late_gap`.

    Returns
    -------
    AdjustedGap and horizon in days, or Message
        Of the mean days open within the horizon (restricted means); the horizon is the longest
        time at which all groups are still watched.

    Notes
    -----
    Groups with fewer than ``FEWEST_CLOSED`` closed cases are left out, since nothing is known of
    how long theirs take.
    """
    names, place = np.unique(groups, return_inverse=True)
    place = place.reshape(-1).astype(np.intp)
    enough = (np.bincount(place) >= min_group) & (names != MISSING)
    enough &= np.bincount(place, found.closed) >= FEWEST_CLOSED
    if enough.sum() < 2:
        return say(
            "days can be compared between groups with {n} cases, {closed} of them closed; fewer "
            "than two have them",
            n=min_group, closed=FEWEST_CLOSED,
        )  # fmt: skip
    rows = np.flatnonzero(enough[place])
    days, closed, at = found.days[rows], found.closed[rows], place[rows]
    each = split(at)
    horizon = common_horizon(days, closed, each)
    if horizon <= 0:
        return say("cases last no time that could be compared")
    values = _by_group(days, closed, each, horizon)
    gap = adjusted_gap(
        values, groups[rows], alike[rows], level=level, min_group=min_group,
        chance_level=chance_level, draws=draws, unit="days",
    )  # fmt: skip
    return gap, horizon


def _by_group(days: Floats, closed: Mask, each: Sequence[Ints], horizon: float) -> Floats:
    values = np.empty(len(days))
    for mine in each:
        values[mine] = pseudo_days(days[mine], closed[mine], horizon)
    return values
