"""Who is trained on and who is tested on: whole text groups, never single rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError, LeakError, UsageError

ROWS = "rows"
TEXT = "text"
TIME = "time"
TRAIN = "train"
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A declared division of the rows.

    Parameters
    ----------
    test : ndarray of bool, shape (n_rows,)
        True where a row is held out.
    cluster : ndarray of int, shape (n_rows,)
        Rows with the same number never stand on both sides.
    facts : dict
        The protocol of the split in plain JSON, for the record.
    """

    test: Flags
    cluster: Ints
    facts: dict[str, Any]


def split(
    clusters: ArrayLike,
    *,
    by: str,
    labels: Sequence[str] | None = None,
    times: Any | None = None,
    test_share: float = 0.25,
    seed: int = 0,
) -> Split:
    """Hold out whole groups of texts.

    A group is what (nearly) the same text and the declared column join together. The hash
    of its name decides the side, so a group stays on its side when rows are added later.

    Parameters
    ----------
    clusters : array-like of int, shape (n_rows,)
        Groups of the same or nearly the same text.
    by : str
        ``"text"``, ``"time"``, ``"time:2014-01-01"``, ``"rows"``, or the name of a column, whose
        values are ``labels``.
    labels : sequence of str, shape (n_rows,), optional
        Names of the groups: the declared column, or a digest of each text.
    times : array-like of datetime64, shape (n_rows,), optional
        Needed for ``by="time"``: the latest groups by first appearance are held out, or those
        that first appeared on the named day or later.
    test_share : float
        Share of the groups (of the rows, by time) to hold out.
    seed : int

    Raises
    ------
    LeakError
        If single rows were asked for although texts repeat.
    DataError
        If one side would stay empty.
    UsageError
        If ``by`` asks for times and there are none.
    """
    near = np.asarray(clusters, dtype=np.int64)
    if by == ROWS:
        _refuse_leak(near)
    names = [str(x) for x in (labels if labels is not None else near)]
    joined = _join(near, names)
    if by_time(by):
        test = _latest(joined, _need_times(times), test_share, _day_of(by))
    else:
        test = _hashed(joined, names, test_share, seed)
    _refuse_empty_side(test)
    facts = {
        "by": TIME if by_time(by) else by, "seed": seed, "test_share_asked": test_share,
        "n_train": int((~test).sum()), "n_test": int(test.sum()),
        "groups_train": len(np.unique(joined[~test])), "groups_test": len(np.unique(joined[test])),
        "groups_joined_by_near_duplicates": len(set(names)) - len(np.unique(joined)),
    }  # fmt: skip
    if (day := _day_of(by)) is not None:
        facts |= {"from": str(day), "test_share_asked": None}
    return Split(test=test, cluster=joined, facts=facts)


def by_time(by: str) -> bool:
    """Tell whether a split is by time: ``"time"``, or ``"time:"`` and the first day to test on."""
    return by == TIME or by.startswith(f"{TIME}:")


def _day_of(by: str) -> np.datetime64 | None:
    if not by.startswith(f"{TIME}:"):
        return None
    try:
        return np.datetime64(by.partition(":")[2], "D")
    except ValueError:
        msg = f"expected a day such as time:2014-01-01 for --split-by; got '{by}'. Write it so"
        raise UsageError(msg) from None


def declared(side: Sequence[str], clusters: ArrayLike, *, column: str, test: str = "test") -> Split:
    """Take over a division that the table already carries, unless it leaks.

    Raises
    ------
    LeakError
        If (nearly) the same text stands on both sides.
    """
    near = np.asarray(clusters, dtype=np.int64)
    _refuse_other_sides(side, column=column, test=test)
    held = np.array([str(x) == test for x in side])
    _refuse_empty_side(held)
    both = np.intersect1d(near[held], near[~held])
    if len(both):
        rows = int(np.isin(near[held], both).sum())
        msg = (
            f"expected the column '{column}' to keep copies of one text on one side; {rows} of "
            f"{held.sum()} test rows have (nearly) the same text as a training row, so the score "
            "would be memory, not skill. Use --split-by text, or mend the column"
        )
        raise LeakError(msg)
    facts = {"by": f"column '{column}'", "n_train": int((~held).sum()), "n_test": int(held.sum())}
    return Split(test=held, cluster=near, facts=facts)


def _refuse_other_sides(side: Sequence[str], *, column: str, test: str) -> None:
    strange = sum(str(x) not in (TRAIN, test) for x in side)
    if strange:
        msg = (
            f"expected '{TRAIN}' or '{test}' in every row of the column '{column}'; {strange} of "
            f"{len(side)} rows say something else. Mend the column, or use --split-by text"
        )
        raise DataError(msg)


def text_name(text: str) -> str:
    """Name of a text that does not tell it: a digest."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _refuse_leak(near: Ints) -> None:
    copies = len(near) - len(np.unique(near))
    if copies:
        msg = (
            f"a split by single rows was asked for, but {copies} of {len(near)} rows repeat "
            "(nearly) the text of another row, so the same text would stand in training and in "
            "the test. Use --split-by text (the default) or a column that names the text"
        )
        raise LeakError(msg)


def _join(near: Ints, names: Sequence[str]) -> Ints:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    own = np.unique(np.asarray(names, dtype=object).astype(str), return_inverse=True)[1]
    n_near, n = int(near.max()) + 1, len(near)
    edges = coo_array((np.ones(n), (near, own + n_near)), shape=(n_near + own.max() + 1,) * 2)
    component = connected_components(edges, directed=False)[1][near]
    return np.unique(component, return_inverse=True)[1].astype(np.int64)


def _hashed(joined: Ints, names: Sequence[str], share: float, seed: int) -> Flags:
    first: dict[int, str] = {}
    for group, name in zip(joined.tolist(), names, strict=True):
        first[group] = min(name, first.get(group, name))
    side = {group: _unit(f"{seed}:{name}") < share for group, name in first.items()}
    return np.array([side[group] for group in joined.tolist()])


def _unit(name: str) -> float:
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32


def _latest(
    joined: Ints, times: NDArray[np.datetime64], share: float, day: np.datetime64 | None
) -> Flags:
    first = np.full(joined.max() + 1, np.datetime64("NaT"), dtype=times.dtype)
    np.fmin.at(first, joined, times)
    of_row = first[joined]
    cut = np.sort(of_row)[int(np.floor(len(of_row) * (1 - share)))] if day is None else day
    return np.asarray(of_row >= cut)


def _need_times(times: Any | None) -> NDArray[np.datetime64]:
    if times is None:
        msg = "a split by time needs to know the date of each row; declare it with --time COLUMN"
        raise UsageError(msg)
    found = np.asarray(times, dtype="datetime64[ns]")
    if missing := int(np.isnat(found).sum()):
        msg = (
            f"a split by time needs a date in every row; {missing} of {len(found)} are missing or "
            "cannot be read. Fill them, or use --split-by text"
        )
        raise DataError(msg)
    return found


def _refuse_empty_side(test: Flags) -> None:
    if test.all() or not test.any():
        msg = (
            f"expected rows to train on and rows to test on; got {int((~test).sum())} and "
            f"{int(test.sum())}. More different texts are needed, or another --split-by"
        )
        raise DataError(msg)
