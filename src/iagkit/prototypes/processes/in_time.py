"""Parting a log in time: learn from what was over, be asked about what began later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.prototypes.processes.prefixes import Prefixes

Labels = Literal["known", "all"]
TRAIN: Final = 0.8
"""Share of the cases, by their first events, to learn from."""
FEWEST: Final = 20
"""Cases below which nothing is learnt or measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Rows to learn from and rows to be asked about, as masks over the prefixes.

    Parameters
    ----------
    train, test : ndarray of bool
    from_ : datetime64
        First event of the first test case: when the model would have been learnt.
    unknown_cases : int
        Cases before that which were still going on, and so were not learnt from.
    open_cases : int
        Test cases whose end the log does not tell; what came of them is not counted.
    """

    train: NDArray[np.bool_]
    test: NDArray[np.bool_]
    from_: np.datetime64
    unknown_cases: int
    open_cases: int


def part(
    prefixes: Prefixes,
    *,
    share: float = TRAIN,
    labels: Labels = "known",
    cases: int = 0,
    open_too: bool = False,
) -> Parted:
    """Part the cases by their first event.

    Parameters
    ----------
    prefixes : Prefixes
    share : float
        Share of the cases that began first, in (0, 1); cases too short for a prefix count too.
    labels : {"known", "all"}
        ``"known"`` learns from those of them that were over when the first test case began.
        ``"all"`` learns from all of them, as published comparisons do; their ends were then
        partly in the future.
    cases : int
        Cases to part, by number; 0: all of the log.
    open_too : bool
        Whether the last event of an open case counts as its end, as published comparisons have it.

    Raises
    ------
    DataError
        If there are too few cases on either side.
    """
    if not 0 < share < 1:
        msg = f"expected a share of cases between 0 and 1; got {share}"
        raise DataError(msg)
    begins = int((cases or prefixes.cases) * share)
    later = prefixes.case >= begins
    if later.all() or not later.any():
        msg = f"expected cases on both sides of the date; got {_cases(prefixes, later)} after it"
        raise DataError(msg)
    from_ = prefixes.began[later].min()
    sure = prefixes.closed | open_too
    before = ~later
    over = before & sure & ((prefixes.ended < from_) | (labels == "all"))
    parted = Parted(
        train=over,
        test=later & sure,
        from_=from_,
        unknown_cases=_cases(prefixes, before & ~over),
        open_cases=_cases(prefixes, later & ~sure),
    )
    _refuse_few(prefixes, parted)
    return parted


def _cases(prefixes: Prefixes, rows: NDArray[np.bool_]) -> int:
    return len(np.unique(prefixes.case[rows]))


def _refuse_few(prefixes: Prefixes, parted: Parted) -> None:
    before, after = (_cases(prefixes, rows) for rows in (parted.train, parted.test))
    if min(before, after) < FEWEST:
        msg = (
            f"expected at least {FEWEST} closed cases to learn from and {FEWEST} to be asked "
            f"about; got {before} and {after}. The log is too short to say how well the time "
            "that remains can be predicted"
        )
        raise DataError(msg)
