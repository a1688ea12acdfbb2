"""Prefixes as numbers: what category means how long is learnt from the training cases alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.prototypes.processes.prefixes import SINCE, Prefixes

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
QUANTILES: Final = (0.25, 0.5, 0.75)
STATES: Final = ("activity", "pair")
"""Categories for which quantiles of the target are learnt, not only its mean."""
SHRINK: Final = 10.0
"""A category counts as much as the whole once it has so many prefixes."""
FOLDS: Final = 5
MOST_COUNTS: Final = 40
TRENDS: Final = frozenset({"date"})
"""Numbers that only grow: at the time of use they lie beyond all that was learnt from."""


@dataclass(frozen=True, slots=True)
class Table:
    """What was learnt of one column of categories: one row a category, the last for strangers."""

    kinds: NDArray[np.str_]
    values: Floats

    def of(self, words: NDArray[Any]) -> Floats:
        """Look categories up."""
        return self.values[_positions(self.kinds, words)]


class Encoder:
    """Turn prefixes into a matrix of numbers.

    Parameters
    ----------
    trend : bool
        Whether the date itself is among the numbers.
    process : bool
        Whether open cases and the days since endings in bulk are.

    Notes
    -----
    Each category becomes the mean of ``log(1 + days)`` of its training prefixes, drawn towards
    the mean of all [1]_, and its frequency; the last activity and the last two become quantiles of
    the days too. For the training prefixes themselves these are learnt from the other cases (five
    parts), since a case would otherwise tell its own answer.

    References
    ----------
    .. [1] Micci-Barreca (2001). SIGKDD Explorations 3(1), 27-32.
    """

    def __init__(self, *, trend: bool = False, process: bool = False) -> None:
        self.trend = trend
        self.process = process

    def fit_transform(self, prefixes: Prefixes, days: Floats) -> Floats:
        """Learn from training prefixes, and encode each by what the other cases teach."""
        if len(prefixes) != len(days) or len(prefixes) == 0:
            msg = f"expected one target a prefix, and at least one; got {len(days)} for "
            msg += f"{len(prefixes)} prefixes"
            raise DataError(msg)
        self.words_ = tuple(map(str, prefixes.words.columns))
        self.numbers_ = self._kept(prefixes.numbers)
        self.counts_ = _most(prefixes.counts)
        self.tables_ = {c: _table(prefixes, c, days) for c in self.words_}
        parts = prefixes.case % FOLDS
        learnt = np.empty((len(days), self._widths()))
        for part in range(FOLDS):
            inside = parts == part
            if not inside.any():
                continue
            other = prefixes.where(~inside) if (~inside).any() else prefixes
            rest = days[~inside] if (~inside).any() else days
            tables = {c: _table(other, c, rest) for c in self.words_}
            learnt[inside] = _looked_up(tables, prefixes.where(inside))
        return np.hstack([self._plain(prefixes), learnt])

    def transform(self, prefixes: Prefixes) -> Floats:
        """Encode prefixes by what all training cases taught."""
        return np.hstack([self._plain(prefixes), _looked_up(self.tables_, prefixes)])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of the matrix."""
        learnt = [f"{c}: {what}" for c in self.words_ for what in _whats(c)]
        return (*self.numbers_, *(f"count of {c}" for c in self.counts_), *learnt)

    def _kept(self, numbers: pd.DataFrame) -> tuple[str, ...]:
        """Columns that vary; those that follow the calendar or the process only if asked for."""
        varies = numbers.nunique(dropna=False) > 1
        out = () if self.trend else TRENDS
        rest = () if self.process else SINCE
        return tuple(
            c
            for c in numbers.columns
            if varies[c] and c not in out and not c.startswith(tuple(rest))
        )

    def _widths(self) -> int:
        return sum(len(_whats(c)) for c in self.words_)

    def _plain(self, prefixes: Prefixes) -> Floats:
        numbers = prefixes.numbers.reindex(columns=list(self.numbers_)).to_numpy(dtype=np.float64)
        counts = prefixes.counts.reindex(columns=list(self.counts_), fill_value=0.0)
        return np.hstack([numbers, counts.to_numpy(dtype=np.float64)])


def _whats(column: str) -> tuple[str, ...]:
    quantiles = tuple(f"{q:.0%} of days" for q in QUANTILES) if column in STATES else ()
    return ("mean", "frequency", *quantiles)


def _most(counts: pd.DataFrame) -> tuple[str, ...]:
    often = (counts > 0).sum().sort_values(ascending=False, kind="stable")
    return tuple(often[often > 0].index[:MOST_COUNTS])


def _table(prefixes: Prefixes, column: str, days: Floats) -> Table:
    import pandas as pd

    words = prefixes.words[column].to_numpy(dtype=object).astype(str)
    codes, kinds = pd.factorize(words, sort=True)
    n = np.bincount(codes, minlength=len(kinds)).astype(np.float64)
    logs = np.log1p(days)
    mean = (np.bincount(codes, logs, len(kinds)) + SHRINK * logs.mean()) / (n + SHRINK)
    columns = [np.r_[mean, logs.mean()], np.log1p(np.r_[n, 0.0])]
    if column in STATES:
        grouped = pd.Series(days).groupby(codes)
        weight = n / (n + SHRINK)
        for q in QUANTILES:
            whole = float(np.quantile(days, q))
            own = grouped.quantile(q).to_numpy()
            columns.append(np.r_[weight * own + (1 - weight) * whole, whole])
    return Table(kinds=np.asarray(kinds, dtype=str), values=np.column_stack(columns))


def _looked_up(tables: dict[str, Table], prefixes: Prefixes) -> Floats:
    if not tables:
        return np.empty((len(prefixes), 0))
    words = prefixes.words
    none = np.full(len(prefixes), "", dtype=object)
    told = [words[c].to_numpy(dtype=object) if c in words else none for c in tables]
    return np.hstack([table.of(w) for table, w in zip(tables.values(), told, strict=True)])


def _positions(kinds: NDArray[np.str_], words: NDArray[Any]) -> Ints:
    """Place of each word among sorted kinds; the place after the last for strangers."""
    import pandas as pd

    codes, seen = pd.factorize(words.astype(str))
    seen = np.asarray(seen, dtype=str)
    place = np.minimum(np.searchsorted(kinds, seen), max(len(kinds) - 1, 0))
    known = kinds[place] == seen if len(kinds) else np.zeros(len(seen), dtype=bool)
    return np.asarray(np.where(known, place, len(kinds))[codes], dtype=np.int64)
