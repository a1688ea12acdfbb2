"""The rows a request model learns from: read by role, cleaned of what cannot be used, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Dataset
from iagkit.core.registry import did_you_mean
from iagkit.prototypes.engine.model import group_values, label_text, words_of
from iagkit.wire.headers import listed

if TYPE_CHECKING:
    import pandas as pd

MIN_TEXTS_PER_CLASS = 5
"""A class with fewer different texts cannot be both learnt and tested."""
PURE = 0.95
"""An office column that names the label this often is the label, not an input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Usable rows, in the order of the table, and what was left out.

    Parameters
    ----------
    table : DataFrame
        The rows themselves; never leaves the run.
    place : ndarray of int, shape (n_cases,)
        Where each stands in the whole table.
    texts, labels, ids : list of str
    offices : list of str or None
        Office each request was addressed to, where it is an input.
    groups : dict of str to list of str
        Group columns, missing values named.
    facts : dict
        Counts for the record.
    """

    table: pd.DataFrame
    place: NDArray[np.intp]
    text_column: str
    texts: list[str]
    labels: list[str]
    ids: list[str]
    offices: list[str] | None
    groups: dict[str, list[str]]
    facts: dict[str, Any]

    def column(self, name: str) -> list[str]:
        """Values of a column as names of groups.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        if name not in self.table.columns:
            known = [str(column) for column in self.table.columns]
            msg = (
                f"--split-by expects text, time, rows or a column; got '{name}', and the table has "
                f"{listed(known)}.{did_you_mean(name, known)}"
            )
            raise UsageError(msg)
        return group_values(self.table[name])


def prepare(dataset: Dataset, *, use_office: bool = True) -> Cases:
    """Read the declared columns; rows without text or label are left out and counted.

    Raises
    ------
    DataError
        If fewer than two classes or 50 rows remain.
    """
    text, target = _need(dataset, "text"), _need(dataset, "target")
    table = dataset.table
    blank = np.array([not t.strip() for t in words_of(table[text])])
    unlabelled = table[target].isna().to_numpy()
    place = np.flatnonzero(~(blank | unlabelled))
    kept = table.iloc[place].reset_index(drop=True)
    labels = [label_text(v) for v in kept[target]]
    _refuse_little(labels, target, len(table))
    office, why = _office(dataset, kept, labels) if use_office else (None, None)
    facts = {
        "rows": len(table), "rows_used": len(kept), "rows_without_text": int(blank.sum()),
        "rows_without_label": int((unlabelled & ~blank).sum()), "office_column": office,
        "office_not_used_because": why,
    }  # fmt: skip
    return Cases(
        table=kept,
        place=place,
        text_column=text,
        texts=words_of(kept[text]),
        labels=labels,
        ids=_ids(dataset, kept, place),
        offices=group_values(kept[office]) if office else None,
        groups={c: group_values(kept[c]) for c in dataset.card.named("group")},
        facts=facts,
    )


def learnable(labels: list[str], clusters: Any, train: Any) -> tuple[list[str], dict[str, int]]:
    """Classes with enough different texts to learn from, and the rows of those without.

    Returns
    -------
    classes : list of str
        Sorted.
    too_rare : dict of str to int
        Class → number of its rows; the model never answers with it.
    """
    texts: Counter[str] = Counter()
    for label, _ in {(labels[i], int(clusters[i])) for i in np.flatnonzero(train)}:
        texts[label] += 1
    known = sorted(label for label, n in texts.items() if n >= MIN_TEXTS_PER_CLASS)
    rows = Counter(labels)
    if len(known) < 2:
        msg = (
            f"expected at least two classes with {MIN_TEXTS_PER_CLASS} different texts each in the "
            f"training part; got {len(known)} of {len(rows)} classes. Bring more labelled rows, or "
            "join rare classes"
        )
        raise DataError(msg)
    return known, {label: rows[label] for label in sorted(set(rows) - set(known))}


def _need(dataset: Dataset, role: Any) -> str:
    column = dataset.column(role)
    if column is None:
        msg = f"the prototype needs a column with the role '{role}'; name it with --{role} COLUMN"
        raise DataError(msg)
    return column


def _refuse_little(labels: list[str], target: str, rows: int) -> None:
    classes = set(labels)
    if len(classes) < 2 or len(labels) < 50:
        msg = (
            f"expected at least 50 rows with a text and a label, of two classes or more, in "
            f"'{target}'; got {len(labels)} of {rows} rows and {len(classes)} class(es). Bring "
            "more labelled rows or name another --target"
        )
        raise DataError(msg)


def _office(
    dataset: Dataset, kept: pd.DataFrame, labels: list[str]
) -> tuple[str | None, str | None]:
    column = dataset.column("office")
    if column is None:
        return None, None
    told = group_values(kept[column])
    if column == dataset.column("target") or _purity(told, labels) >= PURE:
        return None, f"the column '{column}' names the label itself, so it cannot be an input"
    return column, None


def _purity(values: list[str], labels: list[str]) -> float:
    pairs = Counter(zip(values, labels, strict=True))
    best: Counter[str] = Counter()
    for (value, _), n in pairs.items():
        best[value] = max(best[value], n)
    return sum(best.values()) / len(labels)


def _ids(dataset: Dataset, kept: pd.DataFrame, place: NDArray[np.intp]) -> list[str]:
    """Names of the cases; a row without one is named by its place in the whole table."""
    column = dataset.column("id")
    if column is None:
        return [f"row-{number}" for number in place]
    names = [label_text(value) for value in kept[column]]
    if doubles := sum(n for n in Counter(names).values() if n > 1):
        msg = (
            f"expected a different id in every row of '{column}'; {doubles} rows share "
            "one, or have none, once spaces are taken away. Correct them, or leave --id out"
        )
        raise DataError(msg)
    return names
