"""Tables of a model's inputs: which columns hold numbers, and rows mixed from two tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, ModelError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Table = Any
Respond = Callable[[Any], Any]

NORMAL_IQR = 1.349


def numeric_columns(table: Table) -> tuple[str, ...]:
    """Names of the columns that hold numbers; yes and no are categories."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return tuple(
        name
        for name in table.columns
        if is_numeric_dtype(table[name].dtype) and not is_bool_dtype(table[name].dtype)
    )


def floats(table: Table) -> Floats:
    """All cells as numbers, missing ones as ``nan``; columns must be numeric."""
    return np.asarray(table.to_numpy(dtype=float, na_value=np.nan))


def deviation(table: Table) -> dict[str, float]:
    """Standard deviation of each numeric column; 1 where a column does not vary."""
    names = numeric_columns(table)
    known = {name: float(table[name].std(ddof=0)) for name in names}
    return {name: spread if spread > 0 else 1.0 for name, spread in known.items()}


def usual_spread(table: Table) -> dict[str, float]:
    """Interquartile range of each numeric column, in standard deviations of a normal one.

    It is 0 where at least half of the rows share one value (most people have no capital
    gains), so that such a column is left as it is by noise.
    """
    names = numeric_columns(table)
    quartiles = table[list(names)].quantile([0.25, 0.75])
    return {
        name: float(quartiles[name].iloc[1] - quartiles[name].iloc[0]) / NORMAL_IQR
        for name in names
    }


def scores(respond: Respond, table: Table) -> Floats:
    """One finite score a row.

    Raises
    ------
    ModelError
        If the model answers with anything else.
    """
    try:
        found = np.asarray(respond(table), dtype=float)
    except Exception as problem:  # the model is code of others and may raise anything
        msg = (
            f"'respond' must turn a table of {len(table)} rows into one score a row; it raised "
            f"{type(problem).__name__}. Does it take the columns of 'inputs', and no label?"
        )
        raise ModelError(msg) from problem
    if found.shape != (len(table),) or not np.isfinite(found).all():
        msg = (
            f"'respond' must give one finite score a row, shape ({len(table)},); got shape "
            f"{found.shape}, of them {int((~np.isfinite(found)).sum())} not finite. Hand over "
            "the score of the positive class alone"
        )
        raise ModelError(msg)
    return found


def joined(first: Table, second: Table) -> Table:
    """One column under another; categories that only one of them knows are kept."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    both = [first, second]
    kinds = {column.dtype for column in both}
    if len(kinds) == 1 or not all(isinstance(kind, pd.CategoricalDtype) for kind in kinds):
        return pd.concat(both, ignore_index=True)
    return pd.Series(union_categoricals(both, ignore_order=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixer:
    """Rows whose cells come from a case or from a row of the background.

    Parameters
    ----------
    columns : tuple of array
        Cells of the cases, then those of the background, column by column.
    codes : tuple of array of int
        The same cells as numbers: equal ones have the same.
    names : tuple of str
    n, m : int
        Number of cases and of background rows.
    """

    columns: tuple[Any, ...]
    codes: tuple[Ints, ...]
    names: tuple[str, ...]
    n: int
    m: int

    @classmethod
    def of(cls, inputs: Table, background: Table) -> Mixer:
        """Lay two tables of the same columns one under the other.

        Raises
        ------
        DataError
            If the columns differ, or a table has no row.
        """
        from pandas import factorize

        names = tuple(map(str, inputs.columns))
        if names != tuple(map(str, background.columns)) or not len(inputs) or not len(background):
            msg = (
                f"'inputs' and 'background' need rows, and the same columns in the same order; "
                f"got {inputs.shape} and {background.shape}. Take both from one table"
            )
            raise DataError(msg)
        columns = tuple(joined(inputs[name], background[name]).array for name in inputs.columns)
        codes = tuple(factorize(column)[0].astype(np.intp) for column in columns)
        return cls(columns=columns, codes=codes, names=names, n=len(inputs), m=len(background))

    def alike(self, cases: Ints, starts: Ints) -> NDArray[np.bool_]:
        """Whether cells of cases equal those of background rows, shape (pairs, n_columns)."""
        pairs = [code[cases] == code[self.n + starts] for code in self.codes]
        return np.stack(pairs, axis=1)

    def whole(self) -> Ints:
        """Index of the cases and the background rows as they are."""
        return np.repeat(np.arange(self.n + self.m)[:, None], len(self.names), axis=1)

    def rows(self, index: Ints) -> Table:
        """Compose rows, one a line of ``index``, shape (rows, n_columns), into the pool."""
        import pandas as pd

        cells = (column.take(index[:, j]) for j, column in enumerate(self.columns))
        return pd.DataFrame(dict(zip(self.names, cells, strict=True)), copy=False)
