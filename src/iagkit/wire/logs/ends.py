"""Which cases are open when the log is cut: as the log says, as told, or as it seems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.wire.logs.names import means_closed

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
LONG: Final = 0.99
"""Share of the gaps between two events of a case that are shorter than the age asked for."""
SHOWN: Final = 10
OFTEN: Final = 10
"""Occurrences from which on a name is told in a refusal: it is one of a step, not of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Which cases are over, who says so, what is to be remarked, and when, if that is told."""

    over: Bools
    by: str
    remarks: tuple[Message, ...] = ()
    at: Any = None


def by_activity(last: pd.DataFrame, told: Sequence[str], n_cases: int) -> Ended:
    """Cases with one of the told activities at their last time.

    Parameters
    ----------
    last : DataFrame
        ``code`` (number of the case) and ``activity`` of all events at the last time of a case.
    """
    over = np.zeros(n_cases, dtype=bool)
    over[last.loc[last["activity"].isin(list(told)), "code"].to_numpy()] = True
    return Ended(
        over=over,
        by="end activities",
        remarks=(
            say(
                "a case is open unless its last activity is one of {activities}",
                activities=", ".join(told),
            ),
        ),
    )


def refuse_unknown_activities(told: Sequence[str], known: pd.Series[Any]) -> None:
    """Refuse end activities that are not in the log."""
    names = set(known)
    absent = [name for name in told if name not in names]
    if absent:
        often = [str(name) for name, n in Counter(known).most_common(SHOWN) if n >= OFTEN]
        msg = (
            f"expected activities of the log for --end-activity; '{absent[0]}' is none."
            f"{did_you_mean(absent[0], sorted(map(str, names)))} Most frequent: "
            f"{', '.join(map(repr, often)) or 'none occurs often'}"
        )
        raise DataError(msg)


def by_status(status: pd.Series[Any], column: str) -> Ended | None:
    """Cases whose status is a word for *closed*; nothing if no status is, or all are."""
    words = [str(w) for w in status.dropna().unique()]
    closed = [w for w in words if means_closed(w)]
    if not closed or len(words) > 200:
        return None
    over = status.isin(closed).to_numpy(dtype=bool)
    said = say(
        "a case is open unless its {column} says that it is closed ({n} of {all} values do)",
        column=column,
        n=len(closed),
        all=len(words),
    )
    return Ended(over=over, by="status", remarks=(said,))


def as_it_seems(events: pd.DataFrame, until: np.datetime64) -> Ended:
    """Cases that are over as far as their events tell.

    Parameters
    ----------
    events : DataFrame
        ``code``, ``activity``, ``end``; sorted by case and time.
    until : datetime64
        When the log was cut.

    Notes
    -----
    How often cases went on after such a silence is counted in the log itself. Of the occurrences
    of an activity that are old enough to know (older, at the cut, than 99 % of the gaps between two
    events of a case are long), some were the last of their case, and some were followed by a gap
    longer than the silence of the case in question. That case is taken as open if the second are
    at least as many as the first. It is a guess, and told as one: cut in the past, logs of which
    the future is known have shown how good it is (``benchmarks/logs.py``).
    """
    code = events["code"].to_numpy()
    end = events["end"].to_numpy().astype("datetime64[us]")
    goes_on = np.r_[code[1:] == code[:-1], False]
    gap = (np.r_[end[1:], end[-1:]] - end).astype(np.int64)
    age = (until - end).astype(np.int64)
    enough = float(np.quantile(gap[goes_on], LONG)) if goes_on.any() else 0.0
    kinds, activity = np.unique(events["activity"].to_numpy(dtype=object), return_inverse=True)
    old = age > enough
    ended = np.bincount(activity[old & ~goes_on], minlength=len(kinds))
    seen = old & goes_on
    last = ~goes_on
    longer = _longer(activity[seen], gap[seen], activity[last], age[last])
    over = longer < ended[activity[last]]
    said = say(
        "nothing says which cases are open: {open} of {cases} were taken as open, because cases "
        "went on more often than not after such an activity and such a silence; name the "
        "activities that end a case with --end-activity",
        open=int((~over).sum()),
        cases=len(over),
    )
    return Ended(over=over, by="silence", remarks=(said,))


def _longer(kind: Ints, gap: Ints, asked: Ints, silence: Ints) -> Ints:
    """How many gaps after the same activity were longer than each silence."""
    lengths = np.unique(np.concatenate([gap, silence]))
    wide = len(lengths) + 1
    known = np.sort(kind * wide + np.searchsorted(lengths, gap))
    not_longer = np.searchsorted(known, asked * wide + np.searchsorted(lengths, silence), "right")
    all_of_kind: Ints = np.searchsorted(known, (asked + 1) * wide)
    return all_of_kind - not_longer
