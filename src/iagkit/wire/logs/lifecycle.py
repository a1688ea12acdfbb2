"""Starts and ends of work, paired into one row a piece of work."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.message import Message, say

if TYPE_CHECKING:
    import pandas as pd

START: Final = frozenset({"start"})
END: Final = frozenset({"complete"})
BROKEN: Final = frozenset({"ate_abort", "pi_abort"})
"""Transitions that end a piece of work which was begun, and say nothing of one that was not."""
OTHER: Final = frozenset({
    "schedule", "assign", "reassign", "suspend", "resume", "withdraw", "autoskip", "manualskip",
    "unknown",
})  # fmt: skip
STANDARD: Final = START | END | BROKEN | OTHER


def is_standard(transitions: pd.Series[Any]) -> bool:
    """Tell whether a log uses the transitions of the XES lifecycle extension.

    Other words (``In Progress``, ``Awaiting Assignment``) are states of a case: none of them
    begins or ends a piece of work, and every row stays one.
    """
    words = {str(w).strip().lower() for w in transitions.dropna().unique()}
    return bool(words) and words <= STANDARD and bool(words & (START | END))


def paired(
    events: pd.DataFrame, facts: MutableMapping[str, Any]
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """Pair starts with ends.

    Parameters
    ----------
    events : DataFrame
        ``case``, ``activity``, ``end`` (time of the row), ``order``, ``transition``, and
        ``instance`` where the log tells which start belongs to which end.

    Returns
    -------
    DataFrame
        One row a piece of work: what the row of the end says, with ``start``.
    tuple of Message

    Notes
    -----
    Within a case, an activity and (where there is one) an instance, the first end belongs to the
    first start, the second to the second, and so on; an end with no start before it has none. A
    start and an end of the same time are taken in this order, whatever the order of the file.
    Starts without an end stay as rows without ``start``: that something was done then is known,
    how long it took is not. Transitions that neither begin nor end work (schedule, assign,
    suspend, ...) are left out and counted.
    """
    words = events["transition"].astype(str).str.strip().str.lower()
    begins = words.isin(START)
    breaks = words.isin(BROKEN)
    ends = words.isin(END) | breaks | events["transition"].isna()
    facts["other_transitions"] = int((~begins & ~ends).sum())
    work = events[begins | ends]
    work = work.assign(_begins=begins[work.index], _breaks=breaks[work.index])
    keys = ["case", "activity", *(["instance"] if "instance" in work.columns else [])]
    work = work.sort_values(
        [*keys, "end", "_begins", "order"], ascending=[True] * (len(keys) + 1) + [False, True],
        kind="stable",
    )  # fmt: skip
    work, lonely = _matched(work, keys)
    facts["starts_without_end"], facts["ends_without_start"] = lonely
    return work.drop(columns=["_begins", "_breaks"]), _said(facts, int(begins.sum()))


def _matched(work: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, tuple[int, int]]:
    """First in, first out, for all groups at once."""
    group = work.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    begins = work["_begins"].to_numpy(dtype=bool)
    lonely_end = _without_start(group, begins)
    number = np.empty(len(work), dtype=np.int64)
    end = ~begins & ~lonely_end
    for rows in (begins, end):
        number[rows] = _running(group[rows])
    times = work["end"].to_numpy()
    starts = work[begins][[]].assign(
        group=group[begins], number=number[begins], _start=times[begins],
        _row=np.flatnonzero(begins),
    )  # fmt: skip
    closes = work[end][[]].assign(group=group[end], number=number[end], _at=np.flatnonzero(end))
    both = closes.merge(starts, on=["group", "number"], how="left")
    start = np.full(len(work), np.datetime64("NaT", "us"))
    start[both["_at"].to_numpy()] = both["_start"].to_numpy()
    used = np.zeros(len(work), dtype=bool)
    used[both["_row"].dropna().to_numpy(dtype=np.int64)] = True
    lonely_start = begins & ~used
    broken = work["_breaks"].to_numpy(dtype=bool) & lonely_end
    kept = (end | lonely_start | lonely_end) & ~broken
    result = work.assign(start=start)[kept]
    n_lonely_ends = int((lonely_end & ~broken).sum()) if begins.any() else 0
    return result, (int(lonely_start.sum()), n_lonely_ends)


def _without_start(group: Any, begins: Any) -> Any:
    """Ends before which all starts of the group were already used up."""
    step = np.where(begins, 1, -1)
    total = np.cumsum(step)
    if not len(group):
        return begins
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    before = np.r_[0, total[:-1]]
    length = np.diff(np.r_[first, len(group)])
    net = total - np.repeat(before[first], length)
    # Lowest balance so far in each group, never above 0: groups are kept apart by a falling shelf.
    shelf = np.repeat(np.arange(len(first))[::-1], length) * (len(group) + 1)
    lowest = np.minimum.accumulate(np.minimum(net, 0) + shelf) - shelf
    earlier = np.r_[0, lowest[:-1]]
    earlier[first] = 0
    return ~begins & (net < earlier)


def _running(group: Any) -> Any:
    """Number of each row within its group; groups stand together."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return np.arange(len(group)) - np.repeat(first, np.diff(np.r_[first, len(group)]))


def _said(facts: MutableMapping[str, Any], starts: int) -> tuple[Message, ...]:
    if not starts:
        said: tuple[Message, ...] = ()
    else:
        said = (
            say(
                "starts and ends of work were paired, first with first, within case and activity; "
                "{starts} starts have no end and {ends} ends no start",
                starts=facts["starts_without_end"],
                ends=facts["ends_without_start"],
            ),
        )
    if facts["other_transitions"]:
        said += (
            say(
                "{n} rows that neither begin nor end work (scheduled, assigned ...) were left out",
                n=facts["other_transitions"],
            ),
        )
    return said
