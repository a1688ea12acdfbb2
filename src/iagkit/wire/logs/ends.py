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
QUIET: Final = 0.95
"""Share of the gaps between two events of a case that are shorter than the silence asked for."""
USUALLY: Final = 0.5
"""Share of its occurrences from which on an activity usually is the last of a case."""
SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Which cases are over, who says so, and what is to be remarked."""

    over: Bools
    by: str
    remarks: tuple[Message, ...] = ()


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
        listed = [str(name) for name, _ in Counter(known).most_common(SHOWN)]
        msg = (
            f"expected activities of the log for --end-activity; '{absent[0]}' is none."
            f"{did_you_mean(absent[0], sorted(map(str, names)))} Most frequent: "
            f"{', '.join(map(repr, listed))}"
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


def as_it_seems(events: pd.DataFrame, last: pd.DataFrame, until: np.datetime64) -> Ended:
    """Cases that are over as far as their events tell.

    Notes
    -----
    A case is taken as open if both hold: its last event is younger, at the cut of the log, than
    95 % of the gaps between two events of a case are long; and its last activity is not one that
    usually is the last of a case (in less than half of its occurrences, among those old enough to
    know). It is a guess, and told as one.
    """
    code, end = events["code"].to_numpy(), events["end"].to_numpy()
    same = code[1:] == code[:-1]
    gaps = (end[1:] - end[:-1])[same].astype("timedelta64[us]").astype(np.int64)
    n_cases = int(code.max()) + 1 if len(code) else 0
    quiet = int(np.quantile(gaps, QUIET)) if gaps.size else 0
    silence = np.zeros(n_cases, dtype=np.int64)
    silence[last["code"].to_numpy()] = (
        (until - last["end"].to_numpy()).astype("timedelta64[us]").astype(np.int64)
    )
    usual = _usually_last(events, until - np.timedelta64(quiet, "us"))
    closing = np.zeros(n_cases, dtype=bool)
    closing[last.loc[last["activity"].isin(usual), "code"].to_numpy()] = True
    over = (silence > quiet) | closing
    days = round(quiet / 86_400e6, 1)
    said = say(
        "nothing says which cases are open: {open} of {cases} were taken as open, because their "
        "last event is less than {days} days before the cut of the log and seldom a last one; "
        "name the activities that end a case with --end-activity",
        open=int((~over).sum()),
        cases=n_cases,
        days=days,
    )
    return Ended(over=over, by="silence", remarks=(said,))


def _usually_last(events: pd.DataFrame, before: np.datetime64) -> list[str]:
    code = events["code"].to_numpy()
    is_last = np.r_[code[1:] != code[:-1], True] if len(code) else np.zeros(0, bool)
    old = (events["end"].to_numpy() <= before) & ~np.isnat(events["end"].to_numpy())
    share = events.assign(_last=is_last)[old].groupby("activity")["_last"].mean()
    return [str(name) for name in share.index[share >= USUALLY]]
