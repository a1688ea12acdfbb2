"""Who gains and who loses, in numbers of people; small numbers are not told.

Numbers from 1 to 4 are withheld, and so is whatever would give them away by subtraction: the
other side of the same group (how many are granted in all is told elsewhere), what was right
where what was wrong is that small, and the next smallest group of the column (its total is
told). Zero is told: it is about nobody. This protects the numbers of this page; it is no proof
against whoever knows more of the people it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iagkit.prototypes.mitigation.cases import Flags, Labels

MIN_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """People of one group whose decision is another than before; ``None`` is withheld.

    Parameters
    ----------
    group : str or None
        ``None``: everybody.
    n : int
        People of the group.
    gains, losses : int or None
        Refused before and granted now; granted before and refused now.
    gains_right, losses_right : int or None
        Of these, those who should be granted; those who should be refused.
    """

    group: str | None
    n: int
    gains: int | None
    gains_right: int | None
    losses: int | None
    losses_right: int | None


def moved(before: Flags, now: Flags, truth: Flags, groups: Labels) -> tuple[Moved, ...]:
    """Count who changes sides, over all and in each group.

    Parameters
    ----------
    before, now : ndarray of bool, shape (n,)
        Granted by the estimator as it is; granted by the method.
    truth : ndarray of bool, shape (n,)
        Should be granted.
    groups : ndarray of str, shape (n,)

    Returns
    -------
    tuple of Moved
        Everybody first, then each group by name.

    Examples
    --------
    >>> import numpy as np
    >>> no, yes = np.zeros(12, dtype=bool), np.ones(12, dtype=bool)
    >>> moved(no, yes, np.arange(12) < 6, np.array(["a"] * 12))[0]
    Moved(group=None, n=12, gains=12, gains_right=6, losses=0, losses_right=0)
    """
    whole = _counted(before, now, truth, None)
    every = [
        _counted(before[here], now[here], truth[here], str(group))
        for group in np.unique(groups)
        if (here := groups == group).any()
    ]
    return (*_withheld([whole], alone=True), *_withheld(every, alone=False))


def _counted(before: Flags, now: Flags, truth: Flags, group: str | None) -> Moved:
    gains, losses = ~before & now, before & ~now
    return Moved(
        group=group,
        n=len(truth),
        gains=int(gains.sum()),
        gains_right=int((gains & truth).sum()),
        losses=int(losses.sum()),
        losses_right=int((losses & ~truth).sum()),
    )


def _withheld(every: Sequence[Moved], *, alone: bool) -> list[Moved]:
    sides = [(m.gains or 0, m.losses or 0) for m in every]
    halves = [_halves(m) for m in every]
    no_side = _hidden([any(map(_few, side)) for side in sides], [sum(s) for s in sides], alone)
    few = [hidden or any(map(_few, half)) for hidden, half in zip(no_side, halves, strict=True)]
    no_half = _hidden(few, [sum(s) for s in sides], alone)
    return [
        _told(m, side=not a, half=not b) for m, a, b in zip(every, no_side, no_half, strict=True)
    ]


def _halves(m: Moved) -> tuple[int, int, int, int]:
    """Right and wrong of both sides."""
    gains, right, losses, fair = (
        m.gains or 0,
        m.gains_right or 0,
        m.losses or 0,
        m.losses_right or 0,
    )
    return right, gains - right, fair, losses - fair


def _few(count: int) -> bool:
    return 0 < count < MIN_TOLD


def _hidden(few: list[bool], sizes: list[int], alone: bool) -> list[bool]:
    """Hide one more group, the smallest that anybody moved in, so that no total tells the first."""
    told = [i for i, hidden in enumerate(few) if not hidden]
    if alone or not any(few) or not told:
        return few
    more = min(told, key=lambda i: (sizes[i] == 0, sizes[i]))
    return [hidden or i == more for i, hidden in enumerate(few)]


def _told(m: Moved, *, side: bool, half: bool) -> Moved:
    return Moved(
        group=m.group,
        n=m.n,
        gains=m.gains if side else None,
        gains_right=m.gains_right if half else None,
        losses=m.losses if side else None,
        losses_right=m.losses_right if half else None,
    )
