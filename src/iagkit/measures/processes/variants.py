"""Which ways cases take, what is done again, and from whom to whom work is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.intervals import critical, wilson

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way through the process: its activities in order, and the share of cases on it."""

    activities: tuple[str, ...]
    share: Estimate
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework:
    """How often an activity is done again in a case.

    Parameters
    ----------
    activity : str
    share : Estimate
        Of the cases with the activity, how many have it more than once.
    again : int
        How often it is done again at once, without another in between.
    later : int
        How often it is done again after others: a loop.
    """

    activity: str
    share: Estimate
    again: int
    later: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOvers:
    """Steps from one piece of work of a case to the next, by who does them.

    Parameters
    ----------
    share : Estimate or None
        Of the steps whose two resources are known, how many pass to another; ``None`` if none is.
    unknown : int
        Steps of which a resource is missing.
    pairs : mapping of (str, str) to int
        From whom to whom, the most frequent first.
    a_case : Estimate or None
        Hand-overs a case, of cases whose resources are all known.
    """

    share: Estimate | None
    unknown: int
    pairs: Mapping[tuple[str, str], int]
    a_case: Estimate | None


def variants(events: pd.DataFrame) -> tuple[Variant, ...]:
    """Find the ways through the process, the most frequent first.

    Parameters
    ----------
    events : DataFrame
        ``case``, ``activity``, ``end`` and ``order``, as in an ``EventLog``.

    Returns
    -------
    tuple of Variant
        Shares with Wilson's interval. A case that is open has the way it went so far.

    Raises
    ------
    DataError
        If there is no event.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"case": list("1122"), "activity": list("abab"), "order": range(4),
    ...     "end": pd.to_datetime(["2024-03-04"] * 4)})
    >>> [(v.activities, v.cases) for v in variants(log)]
    [(('a', 'b'), 2)]
    """
    case, activity, names, _ = _sorted(events)
    begins = np.flatnonzero(np.r_[True, case[1:] != case[:-1]])
    ends = np.r_[begins[1:], len(case)]
    counts: dict[bytes, int] = {}
    narrow = activity.astype(np.int32)
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        way = narrow[begin:end].tobytes()
        counts[way] = counts.get(way, 0) + 1
    n = len(begins)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Variant(
            activities=tuple(names[i] for i in np.frombuffer(way, dtype=np.int32).tolist()),
            share=_share(cases, n), cases=cases,
        ) for way, cases in ranked
    )  # fmt: skip


def rework(events: pd.DataFrame) -> tuple[Rework, ...]:
    """Count what is done again, the most often repeated activity first.

    Parameters
    ----------
    events : DataFrame
        As for :func:`variants`.

    Returns
    -------
    tuple of Rework
        Only activities that are repeated in some case.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"case": list("1111"), "activity": list("aaba"), "order": range(4),
    ...     "end": pd.to_datetime(["2024-03-04"] * 4)})
    >>> [(r.activity, r.again, r.later) for r in rework(log)]
    [('a', 1, 1)]
    """
    case, activity, names, _ = _sorted(events)
    wide = len(names)
    keys, times = np.unique(case * wide + activity, return_counts=True)
    of = keys % wide
    cases = np.bincount(of, minlength=wide)
    several = np.bincount(of[times > 1], minlength=wide)
    extra = np.bincount(of, weights=times - 1, minlength=wide).astype(np.int64)
    same = (case[1:] == case[:-1]) & (activity[1:] == activity[:-1])
    again = np.bincount(activity[1:][same], minlength=wide)
    found = [
        Rework(activity=names[i], share=_share(int(several[i]), int(cases[i])),
               again=int(again[i]), later=int(extra[i] - again[i]))
        for i in np.flatnonzero(several).tolist()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: (-(r.again + r.later), r.activity)))


def hand_overs(events: pd.DataFrame) -> HandOvers:
    """Count the steps at which a case passes from one resource to another.

    Parameters
    ----------
    events : DataFrame
        As for :func:`variants`, with ``resource``.

    Examples
    --------
    >>> import pandas as pd
    >>> log = pd.DataFrame({"case": list("111"), "activity": list("abc"), "order": range(3),
    ...     "end": pd.to_datetime(["2024-03-04"] * 3), "resource": ["Ana", "Ana", "Eva"]})
    >>> found = hand_overs(log)
    >>> found.share.value, dict(found.pairs)
    (0.5, {('Ana', 'Eva'): 1})
    """
    import pandas as pd

    case, _, _, place = _sorted(events)
    who, people = pd.factorize(events["resource"])
    who = who.astype(np.int64)[place]
    step = case[1:] == case[:-1]
    known = step & (who[1:] >= 0) & (who[:-1] >= 0)
    passed = known & (who[1:] != who[:-1])
    keys, times = np.unique((who[:-1] * len(people) + who[1:])[passed], return_counts=True)
    ranked = np.lexsort((keys, -times))
    pairs = {
        (str(people[k // len(people)]), str(people[k % len(people)])): int(n)
        for k, n in zip(keys[ranked].tolist(), times[ranked].tolist(), strict=True)
    }
    n = int(known.sum())
    return HandOvers(
        share=_share(int(passed.sum()), n) if n else None, unknown=int(step.sum()) - n,
        pairs=pairs, a_case=_a_case(case, who, passed),
    )  # fmt: skip


def _a_case(case: Ints, who: Ints, passed: NDArray[np.bool_]) -> Estimate | None:
    whole = np.bincount(case, weights=who < 0) == 0
    each = np.bincount(case[1:], weights=passed, minlength=len(whole))[whole]
    if not len(each):
        return None
    value, n = float(each.mean()), len(each)
    if n < 2:
        return Estimate(value=value, n=n, unit="hand-overs a case")
    half = critical(LEVEL, n - 1) * float(each.std(ddof=1)) / np.sqrt(n)
    return Estimate(value=value, n=n, low=max(value - half, 0.0), high=value + half, level=LEVEL,
                    unit="hand-overs a case")  # fmt: skip


def _sorted(events: pd.DataFrame) -> tuple[Ints, Ints, list[str], Ints]:
    """Codes of case and activity in the order of the log, the names, and that order."""
    import pandas as pd

    if not len(events):
        msg = "expected events with a case and an activity; there is none"
        raise DataError(msg)
    case = pd.factorize(events["case"])[0].astype(np.int64)
    codes, found = pd.factorize(events["activity"], sort=True)
    end = events["end"].to_numpy().astype("datetime64[us]").astype(np.int64)
    place = np.lexsort((events["order"].to_numpy(), end, case))
    names: list[Any] = [str(name) for name in found]
    return case[place], codes.astype(np.int64)[place], names, place


def _share(part: int, n: int) -> Estimate:
    low, high = wilson(part / n, n, critical(LEVEL))
    return Estimate(value=part / n, n=n, low=low, high=high, level=LEVEL)
