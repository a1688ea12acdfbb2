"""A table of decisions with known truth: who was granted rightly, of which groups, from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import MISSING
from iagkit.core.registry import did_you_mean
from iagkit.wire import validate
from iagkit.wire.headers import listed

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]
Labels = NDArray[Any]
MAX_GROUPS = 100
TOGETHER = " · "
"""Joins the names of one person's groups, where several columns were declared."""
YES = ("1", "yes", "si", "sí", "sim", "true", "y", "s", "positive", "positivo", "granted")
RESERVED = ("method", "limit")
"""Coordinates of a finding; a group column of that name could not be told from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """What the methods learn from and are judged on.

    Parameters
    ----------
    inputs : DataFrame, n_cases rows
        What a decision may rest on.
    truth : ndarray of bool, shape (n_cases,)
        Whether the person should be granted what is decided about.
    positive : str
        The outcome that grants, as the column writes it.
    groups : mapping of str to ndarray of str, shape (n_cases,)
        Group column → group of each person; the missing are a group.
    clusters : ndarray of int, shape (n_cases,), or None
        Rows that repeat one another, such as several of one person.
    side : ndarray of str, shape (n_cases,), or None
        ``"train"`` or ``"test"``, where the table says so.
    left_out : int
        Rows without a truth, of which nothing can be learnt.
    """

    inputs: pd.DataFrame
    truth: Flags
    positive: str
    groups: Mapping[str, Labels]
    clusters: Ints | None
    side: Labels | None
    left_out: int

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.truth)

    @property
    def joined(self) -> Labels:
        """Group of each person over all columns together."""
        columns = list(self.groups.values())
        told = columns[0].astype(object)
        for more in columns[1:]:
            told = told + TOGETHER + more.astype(object)
        return told.astype(str)


def cases(
    table: pd.DataFrame,
    *,
    truth: str,
    groups: Sequence[str],
    inputs: Sequence[str] | None = None,
    positive: object = None,
    clusters: str | None = None,
    split_column: str | None = None,
) -> Cases:
    """Take a table apart into what is known, who it is about and what a decision may rest on.

    Parameters
    ----------
    table : DataFrame
    truth : str
        Column with the two outcomes.
    groups : sequence of str
        Columns whose groups are compared, at least one.
    inputs : sequence of str, optional
        Default: every column that has no other part; group columns only if they are named here.
    positive : label, optional
        The outcome that grants; needed unless the outcomes are 0 and 1, or no and yes.
    clusters, split_column : str, optional

    Returns
    -------
    Cases

    Raises
    ------
    DataError
        If a column is not there or cannot be what it was declared.
    UsageError
        If columns were declared in a way that has no meaning.
    """
    told = _declared(table, truth, groups, inputs, clusters, split_column)
    known = ~table[truth].isna().to_numpy()
    rows = table.loc[known]
    outcomes = names(rows[truth])
    grants = _positive(outcomes, truth, positive)
    return Cases(
        inputs=rows[list(told)].reset_index(drop=True),
        truth=np.asarray(outcomes == grants),
        positive=grants,
        groups={column: _groups(rows, column) for column in groups},
        clusters=None if clusters is None else _codes(rows, clusters),
        side=None if split_column is None else names(rows[split_column]),
        left_out=int((~known).sum()),
    )


def _declared(
    table: pd.DataFrame,
    truth: str,
    groups: Sequence[str],
    inputs: Sequence[str] | None,
    clusters: str | None,
    split_column: str | None,
) -> tuple[str, ...]:
    """Columns a decision rests on, once every declared column is there and has one part."""
    parts = [c for c in (truth, *groups, clusters, split_column) if c is not None]
    for column in (*parts, *(inputs or ())):
        _present(table, column)
    if not groups or len(set(parts)) < len(parts) or set(groups) & set(RESERVED):
        msg = (
            f"expected a truth, one or more groups, a cluster and a split in columns of their own, "
            f"groups not called {' or '.join(map(repr, RESERVED))}; got {', '.join(parts)}. Name "
            "other columns, or rename them"
        )
        raise UsageError(msg)
    told = [str(c) for c in table.columns if c not in parts] if inputs is None else list(inputs)
    if not told:
        msg = (
            "expected at least one column to decide from; none is left beside truth, groups, "
            "cluster and split. Name inputs with --input COLUMN"
        )
        raise DataError(msg)
    if wrong := [c for c in told if c in (truth, clusters, split_column)]:
        msg = (
            f"expected inputs that are known before the decision; '{wrong[0]}' is the truth, the "
            "cluster or the split. Leave it out of --input"
        )
        raise UsageError(msg)
    for column in told:
        validate.single(table, column)
    return tuple(dict.fromkeys(told))


def _present(table: pd.DataFrame, column: str) -> None:
    if column not in table.columns:
        shown = listed(table.columns)
        hint = did_you_mean(column, table.columns)
        msg = f"expected a column '{column}'; the table has {shown}.{hint} Name one of them"
        raise DataError(msg)
    validate.single(table, column)


def _positive(outcomes: Labels, column: str, positive: object) -> str:
    labels = np.unique(outcomes)
    if len(labels) != 2:
        msg = (
            f"expected two outcomes in '{column}', such as 0 and 1; its {len(outcomes)} filled "
            f"rows have {len(labels)} different ones. Name the column with the decision that "
            "should have been made with --truth, or make two of them first"
        )
        raise DataError(msg)
    folded = {label.casefold(): label for label in labels.tolist()}
    wanted = YES if positive is None else (name(positive), name(positive).casefold())
    for label in wanted:
        if label in labels.tolist() or label in folded:
            return str(label if label in labels.tolist() else folded[label])
    came = "nothing" if positive is None else "another word"
    msg = (
        f"expected to be told which of the two outcomes in '{column}' grants; got {came}. Give one "
        "of its two labels with --positive LABEL, written as in the column"
    )
    raise UsageError(msg)


def _groups(rows: pd.DataFrame, column: str) -> Labels:
    told = names(rows[column])
    found = len(np.unique(told))
    if found < 2:
        msg = (
            f"expected at least two groups in '{column}'; it has {found}, so there is no gap to "
            "narrow. Name another column with --group"
        )
        raise DataError(msg)
    if found > MAX_GROUPS:
        msg = (
            f"expected groups in '{column}', at most {MAX_GROUPS}; it has {found} different "
            "values. Make a column of ranges (such as 18-29, 30-44) and name that one with --group"
        )
        raise DataError(msg)
    return told


def _codes(rows: pd.DataFrame, column: str) -> Ints:
    missing = rows[column].isna()
    if missing.any():
        msg = (
            f"expected a cluster in every row of '{column}'; {int(missing.sum())} are missing. "
            "Fill them (a row of its own is a cluster of its own)"
        )
        raise DataError(msg)
    return np.unique(names(rows[column]), return_inverse=True)[1].astype(np.intp)


def names(values: pd.Series[Any]) -> Labels:
    """Write each value as people would: 1 for 1.0, and one word for all that is missing."""
    import pandas as pd

    codes, found = pd.factorize(values.astype(object), use_na_sentinel=True)
    words = np.array([*(name(value) for value in found), MISSING])
    return np.asarray(words[codes], dtype=str)


def name(value: object) -> str:
    """Write one value: whole numbers without decimals, the rest as it is."""
    whole = isinstance(value, float | np.floating) and float(value).is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]
