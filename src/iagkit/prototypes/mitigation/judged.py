"""Each method held against what turned out true, on people that no method has seen.

Gaps of all methods, columns and rates stand on one page, and whoever reads it will look for the
smallest: their intervals hold all together (Bonferroni), each of them for all pairs of groups.
Shares of single groups are told at the plain level, as descriptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.classification import balanced_accuracy
from iagkit.measures.gaps import Gap, furthest_gap
from iagkit.measures.intervals import correlation, mover, share_evidence, share_limits
from iagkit.measures.rates import share
from iagkit.prototypes.mitigation import questions as q
from iagkit.prototypes.mitigation.cases import Flags, Labels
from iagkit.prototypes.mitigation.methods import counted_in
from iagkit.prototypes.mitigation.people import MIN_TOLD, Moved, moved

MIN_GROUP = 30
ALL = "*"
PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The people held out, and what is asked of every method.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    groups : mapping of str to ndarray of str, shape (n,)
    joined : ndarray of str, shape (n,)
        Group over all columns together.
    clusters : ndarray of int, shape (n,), or None
    rates : sequence of str
        Rates that shall be alike.
    level, strict : float
        Level of single numbers; of each gap, so that all hold together.
    """

    truth: Flags
    groups: Mapping[str, Labels]
    joined: Labels
    clusters: Ints | None
    rates: Sequence[str]
    level: float
    strict: float

    def compared(self) -> Iterator[tuple[dict[str, str], Labels]]:
        """Coordinates of each gap, and the group of each person: columns, then all together."""
        for column, groups in self.groups.items():
            yield {column: ALL}, groups
        if len(self.groups) > 1:
            yield dict.fromkeys(self.groups, ALL), self.joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What one method decided.

    Parameters
    ----------
    method : str
    granted : ndarray of bool, shape (n,)
        As it was drawn, once.
    chance : ndarray of float, shape (n,)
        Probability with which each person is granted; 0 or 1 where nothing is drawn.
    """

    method: str
    granted: Flags
    chance: Floats


def findings(
    held: Held, decided: Decided, base: Decided, *, uses_group: Message
) -> Iterator[Finding]:
    """Tell all that is asked of one method.

    Parameters
    ----------
    held : Held
    decided, base : Decided
        The method; the estimator as it is.
    uses_group : Message

    Yields
    ------
    Finding
        ``where`` holds the method, and the group column with its group, or ``"*"`` for a gap.
    """
    here = {"method": decided.method}
    yield from _whole(held, decided, here)
    if decided.method != base.method:
        change = paired_difference(
            decided.granted == held.truth,
            base.granted == held.truth,
            clusters=held.clusters,
            level=held.level,
        )
        yield q.CHANGE.found(change, here)
    for told, groups in held.compared():
        yield from gap_findings(held, decided.granted, groups, {**here, **told})
    yield from _drawn(held, decided, here)
    yield q.USES_GROUP.found(uses_group, here)
    for column, groups in held.groups.items():
        yield from _of_groups(held, decided, column, groups)
    if decided.method != base.method:
        yield from _people(held, decided, base)


def _whole(held: Held, decided: Decided, here: dict[str, str]) -> Iterator[Finding]:
    told = partial(share, clusters=held.clusters, level=held.level)
    yield q.ACCURACY.found(told(decided.granted == held.truth), here)
    balanced = balanced_accuracy(
        held.truth, decided.granted, clusters=held.clusters, level=held.level
    )
    yield q.BALANCED.found(balanced, here)
    yield q.RATES["selection_rate"].found(told(decided.granted), here)


def _drawn(held: Held, decided: Decided, here: dict[str, str]) -> Iterator[Finding]:
    """How much hangs on the draw; two draws disagree with probability ``2 p (1 - p)``."""
    told = {
        q.DRAW: ((decided.chance > 0) & (decided.chance < 1)).astype(float),
        q.REDRAWN: 2 * decided.chance * (1 - decided.chance),
    }
    for asked, hits in told.items():
        never = Estimate(value=0.0, n=len(hits), low=0.0, high=0.0)
        found = share(hits, clusters=held.clusters, level=held.level) if hits.any() else never
        yield asked.found(found, here)


def _of_groups(held: Held, decided: Decided, column: str, groups: Labels) -> Iterator[Finding]:
    everyone = np.ones(len(held.truth), dtype=bool)
    asked = [(q.ACCURACY, decided.granted == held.truth, everyone)]
    for rate in dict.fromkeys(("selection_rate", *held.rates)):
        asked.append((q.RATES[rate], decided.granted, counted_in(rate, held.truth)))
    for question, hits, among in asked:
        for group in np.unique(groups):
            told = _share(held, hits, among & (groups == group))
            yield question.found(told, {"method": decided.method, column: str(group)})


def _share(held: Held, hits: Flags, rows: Flags) -> Estimate | Message:
    n = int(rows.sum())
    if n < MIN_TOLD:
        return say("fewer than {few} cases; {needed} are needed", few=MIN_TOLD, needed=MIN_GROUP)
    if n < MIN_GROUP:
        return say("{n} cases are too few; {needed} are needed", n=n, needed=MIN_GROUP)
    return share(hits[rows], clusters=_of(held.clusters, rows), level=held.level)


def _of(clusters: Ints | None, rows: Flags) -> Ints | None:
    return None if clusters is None else clusters[rows]


def gap_findings(
    held: Held, granted: Flags, groups: Labels, where: Mapping[str, str]
) -> Iterator[Finding]:
    """Gap of each rate that shall be alike, and the largest of them, each with its interval."""
    gaps = _gaps(held, granted, groups)
    answer, between = largest(list(gaps.values()), level=held.strict)
    yield q.GAP.found(answer, where, between)
    for rate, gap in gaps.items():
        answer, between = _told(gap)
        yield q.GAPS[rate].found(answer, where, between)


def largest_gap(
    held: Held, granted: Flags, groups: Labels
) -> tuple[Estimate | Message, tuple[str, str] | None]:
    """Largest gap of the rates that shall be alike, and its two groups."""
    return largest(list(_gaps(held, granted, groups).values()), level=held.strict)


def _gaps(held: Held, granted: Flags, groups: Labels) -> dict[str, Gap]:
    return {rate: _gap(held, granted, groups, rate) for rate in held.rates}


def _gap(held: Held, granted: Flags, groups: Labels, rate: str) -> Gap:
    rows = counted_in(rate, held.truth)
    return furthest_gap(
        granted[rows],
        groups[rows],
        clusters=_of(held.clusters, rows),
        level=held.strict,
        min_group=MIN_GROUP,
    )


def _told(gap: Gap) -> tuple[Estimate | Message, tuple[str, str] | None]:
    if gap.estimate is None:
        assert gap.because is not None
        return gap.because, None
    pair = (str(gap.lowest), str(gap.highest))
    return gap.estimate, None if pair[0] == pair[1] else pair


def largest(
    gaps: Sequence[Gap], *, level: float
) -> tuple[Estimate | Message, tuple[str, str] | None]:
    """Find the largest of several gaps, with an interval for the largest of the true ones.

    Parameters
    ----------
    gaps : sequence of Gap
        Each with an interval at ``level``.
    level : float

    Returns
    -------
    Estimate or Message
        The intervals hold all together at one minus the sum of what each may miss; then the
        largest true gap lies between the largest lower and the largest upper limit.
    between : pair of str or None
        Lowest and highest group of the largest gap found.
    """
    for gap in gaps:
        if gap.estimate is None:
            return _told(gap)
    known = [gap.estimate for gap in gaps if gap.estimate is not None]
    widest = max(range(len(known)), key=lambda i: known[i].value)
    whole = Estimate(
        value=known[widest].value,
        n=sum(one.n for one in known) if len(known) > 1 else known[0].n,
        low=max(one.low or 0.0 for one in known),
        high=max(one.high or 0.0 for one in known),
        level=1 - len(known) * (1 - level),
        clusters=known[widest].clusters if len(known) == 1 else None,
    )
    return whole, _told(gaps[widest])[1]


def paired_difference(
    now: Flags, before: Flags, *, clusters: Ints | None, level: float
) -> Estimate:
    """Difference of two shares of the same people.

    Parameters
    ----------
    now, before : ndarray of bool, shape (n,)
    clusters : ndarray of int, shape (n,), or None
    level : float

    Returns
    -------
    Estimate
        Share now less share before, -1 to 1.

    Notes
    -----
    Newcombe's method for paired shares [1]_: Wilson's limits of both, put together with the
    correlation that the people (or their clusters) show between them.

    References
    ----------
    .. [1] Newcombe, R. G. (1998). Statistics in Medicine 17(22), 2635-2650.

    Examples
    --------
    >>> import numpy as np
    >>> now = np.array([True] * 60 + [False] * 40)
    >>> found = paired_difference(now, np.roll(now, 10), clusters=None, level=0.95)
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (0.0, -0.09, 0.09)
    """
    both: list[Floats] = [np.asarray(hits, dtype=float) for hits in (now, before)]
    known = [share_evidence(hits, clusters) for hits in both]
    values = np.array([one.value for one in known])
    influence = np.stack(both, axis=1) - values
    low, high = mover(
        values,
        [share_limits(one, level) for one in known],
        weights=np.array([1.0, -1.0]),
        related=correlation(influence, clusters),
    )
    return Estimate(
        value=float(values[0] - values[1]),
        n=len(both[0]),
        low=low,
        high=high,
        level=level,
        clusters=known[0].clusters,
    )


def _people(held: Held, decided: Decided, base: Decided) -> Iterator[Finding]:
    for column, groups in held.groups.items():
        for one in moved(base.granted, decided.granted, held.truth, groups):
            if one.group is not None or column == next(iter(held.groups)):
                where = {} if one.group is None else {column: one.group}
                yield from _sides(one, {"method": decided.method, **where})


def _sides(one: Moved, where: Mapping[str, str]) -> Iterator[Finding]:
    yield q.GAINS.found(_count(one.gains, one.n), where)
    yield q.GAINS_RIGHT.found(_count(one.gains_right, one.n), where)
    yield q.LOSSES.found(_count(one.losses, one.n), where)
    yield q.LOSSES_RIGHT.found(_count(one.losses_right, one.n), where)


def _count(people: int | None, n: int) -> Estimate | Message:
    if people is None:
        return q.WITHHELD
    return Estimate(value=float(people), n=n, low=float(people), high=float(people), unit=PEOPLE)
