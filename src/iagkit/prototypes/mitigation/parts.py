"""Three parts of the people: to learn from, to choose on, and to judge by, once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iagkit.core.errors import DataError, LeakError, UsageError
from iagkit.prototypes.mitigation.cases import Cases, Flags, Ints, Labels

CHOOSE_SHARE = 0.25
"""Of the people not held out, those on whom thresholds are chosen."""
MIN_CELL = 5
"""People of one group and one truth without whom neither a threshold nor a weight is chosen."""
ENOUGH = 20
"""With fewer, chance moves the rate of a group by more than any limit, so it is not chosen for."""
SMALL = "(small groups)"
MAX_JOINED = 200
"""Every pair of groups is compared for every method: more would take minutes and find nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Who belongs to which part; row numbers.

    Parameters
    ----------
    fit, choose, test : ndarray of int
    """

    fit: Ints
    choose: Ints
    test: Ints


def divide(cases: Cases, *, test_share: float, seed: int) -> Parts:
    """Draw the three parts, whole clusters at a time.

    Parameters
    ----------
    cases : Cases
        With ``side``, the test part is taken from there.
    test_share : float
        Share of the clusters (or rows, where each stands alone) to hold out.
    seed : int

    Raises
    ------
    UsageError
        If the share or the seed has no meaning.
    LeakError
        If a cluster stands on both sides of a declared split.
    DataError
        If a part stays without one of the outcomes, or lacks a group that the test part has.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from iagkit.prototypes.mitigation.cases import cases
    >>> table = pd.DataFrame({"y": [0, 1] * 40, "g": list("aabb") * 20, "x": range(80)})
    >>> parts = divide(cases(table, truth="y", groups=["g"]), test_share=0.3, seed=0)
    >>> len(parts.fit), len(parts.choose), len(parts.test)
    (42, 14, 24)
    """
    if not 0 < test_share < 1 or seed < 0:
        msg = (
            "expected a test share strictly between 0 and 1 and a seed of 0 or more; got "
            f"{test_share:g} and {seed}. Give --test-share 0.3 --seed 0"
        )
        raise UsageError(msg)
    own = np.arange(len(cases), dtype=np.intp) if cases.clusters is None else cases.clusters
    random = np.random.default_rng(seed)
    test = _drawn(own, test_share, random) if cases.side is None else _declared(cases.side, own)
    choose = np.zeros(len(own), dtype=bool)
    choose[~test] = _drawn(own[~test], CHOOSE_SHARE, random)
    parts = Parts(fit=_rows(~test & ~choose), choose=_rows(choose), test=_rows(test))
    _refuse_one_outcome(cases, parts)
    _refuse_unseen_groups(cases, parts)
    return parts


def _drawn(clusters: Ints, share: float, random: np.random.Generator) -> Flags:
    found, code = np.unique(clusters, return_inverse=True)
    drawn = np.zeros(len(found), dtype=bool)
    drawn[random.permutation(len(found))[: round(len(found) * share)]] = True
    return np.asarray(drawn[code])


def _declared(side: Labels, clusters: Ints) -> Flags:
    if strange := int((~np.isin(side, ("train", "test"))).sum()):
        msg = (
            f"expected 'train' or 'test' in every row of the split column; {strange} of "
            f"{len(side)} rows say something else. Mend the column, or leave --split-column out"
        )
        raise DataError(msg)
    test = np.asarray(side == "test")
    if both := len(np.intersect1d(clusters[test], clusters[~test])):
        msg = (
            f"expected every cluster on one side of the split column; {both} stand on both, so "
            "the test would be memory. Mend the column, or leave --split-column out"
        )
        raise LeakError(msg)
    return test


def _rows(where: Flags) -> Ints:
    return np.flatnonzero(where).astype(np.intp)


def _refuse_one_outcome(cases: Cases, parts: Parts) -> None:
    for rows in (parts.fit, parts.choose, parts.test):
        granted = int(cases.truth[rows].sum())
        if granted < MIN_CELL or len(rows) - granted < MIN_CELL:
            msg = (
                f"expected at least {MIN_CELL} cases of each outcome to learn from, to choose on "
                f"and to judge by; one part has {granted} granted and {len(rows) - granted} "
                "refused. Bring more rows, or another --test-share"
            )
            raise DataError(msg)


def _refuse_unseen_groups(cases: Cases, parts: Parts) -> None:
    for column, groups in cases.groups.items():
        unseen = np.setdiff1d(groups[parts.test], groups[parts.fit])
        if len(unseen):
            people = int(np.isin(groups[parts.test], unseen).sum())
            msg = (
                f"expected every group of '{column}' among those learnt from; {len(unseen)} "
                f"group(s) with {people} row(s) stand in the test part only. Join small groups in "
                "the table, or try another --seed or --test-share"
            )
            raise DataError(msg)


def pooled(groups: Labels, truth: Flags, parts: Parts) -> Labels:
    """Join groups too small to choose anything for; they are judged apart all the same.

    Parameters
    ----------
    groups : ndarray of str, shape (n,)
    truth : ndarray of bool, shape (n,)
    parts : Parts

    Returns
    -------
    ndarray of str, shape (n,)
        Groups with fewer than 20 people of either truth to learn from or to choose on are one
        (with fewer than 5 where hardly anybody has more); so are the next smallest with them,
        if they are fewer than 5 together.

    Raises
    ------
    DataError
        If not even two groups are left, or there are too many to compare.
    """
    found, code = np.unique(groups, return_inverse=True)
    least = np.min(
        [_counts(code, truth, rows, len(found)) for rows in (parts.fit, parts.choose)], 0
    )
    least = least.min(axis=1)
    for enough in (ENOUGH, MIN_CELL):
        small = _smallest(least, enough)
        left = len(found) - small.sum() + small.any()
        if left > 1:
            return np.asarray(np.where(small[code], SMALL, groups).astype(str))
    msg = (
        f"expected two groups with at least {MIN_CELL} people of each outcome to learn from "
        "and to choose on; fewer have them. Bring more rows, or join groups in the table"
    )
    raise DataError(msg)


def _smallest(least: Ints, enough: int) -> Flags:
    """Groups below a number, and as many of the next as make them a group at all."""
    order = np.argsort(least, kind="stable")
    many = int((least < enough).sum())
    while 0 < many < len(least) and least[order[:many]].sum() < MIN_CELL:
        many += 1
    return np.isin(np.arange(len(least)), order[:many])


def _counts(code: Ints, truth: Flags, rows: Ints, groups: int) -> Ints:
    """People of each group by truth, shape (n_groups, 2)."""
    cells = np.bincount(2 * code[rows] + truth[rows], minlength=2 * groups)
    return cells.reshape(groups, 2)
