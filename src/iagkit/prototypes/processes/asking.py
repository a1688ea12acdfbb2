"""Models of cases asked by table, as explanations need it; errors by group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.errors import DataError
from iagkit.measures.counting import count
from iagkit.measures.groupwise import Groupwise
from iagkit.measures.regression import bias, error_moments, mean_absolute_error
from iagkit.prototypes.processes.encoding import Encoder
from iagkit.prototypes.processes.lateness import OURS, Lateness
from iagkit.prototypes.processes.prefixes import ARRAYS, Floats, Prefixes
from iagkit.prototypes.processes.remaining import RemainingTime

if TYPE_CHECKING:
    import pandas as pd

COUNT: Final = "count of "


def table_of(prefixes: Prefixes) -> pd.DataFrame:
    """All that a model reads of prefixes, in one table: numbers, words, counts of activities."""
    return prefixes.numbers.join(prefixes.words).join(prefixes.counts.add_prefix(COUNT))


def responding(model: RemainingTime) -> Callable[[pd.DataFrame], Floats]:
    """Make the function that an explanation asks: a table of :func:`table_of` → days.

    Raises
    ------
    DataError
        On being asked about a table that lacks a column the model has learnt.
    """
    encoder = model.trees_.encoder_
    return _asking(encoder, lambda table: model.predict(_prefixes(table, encoder)))


def responding_late(model: Lateness) -> Callable[[pd.DataFrame], Floats]:
    """The same of the chance to be late: a table with :data:`OURS` beside → probabilities."""
    encoder = model.encoder_

    def chances(table: pd.DataFrame) -> Floats:
        encoded = encoder.transform(_prefixes(table, encoder))
        return model.chances(np.column_stack([encoded, table[list(OURS)].to_numpy(float)]))

    return _asking(encoder, chances, also=OURS)


def _asking(
    encoder: Encoder, answer: Callable[[pd.DataFrame], Floats], also: Sequence[str] = ()
) -> Callable[[pd.DataFrame], Floats]:
    """Refuse tables that lack what was learnt."""
    counts = (COUNT + str(c) for c in encoder.counts_)
    needed = (*encoder.numbers_, *encoder.words_, *counts, *also)

    def respond(table: pd.DataFrame) -> Floats:
        absent = [c for c in needed if c not in table.columns]
        if absent:
            msg = f"expected the columns the model has learnt; {len(absent)} are missing: "
            msg += ", ".join(map(repr, absent[:5]))
            raise DataError(msg)
        return answer(table)

    return respond


def _prefixes(table: pd.DataFrame, encoder: Encoder) -> Prefixes:
    """Prefixes with what a model reads; what it does not read is empty."""
    counts = table[[COUNT + str(c) for c in encoder.counts_]]
    empty: dict[str, Any] = {name: np.zeros(len(table)) for name in ARRAYS}
    return Prefixes(
        numbers=table[list(encoder.numbers_)],
        words=table[list(encoder.words_)],
        counts=counts.set_axis(list(encoder.counts_), axis=1),
        cases=0,
        **empty,
    )


def errors_by_group(
    table: pd.DataFrame, group: str, *, level: float = 0.95
) -> tuple[Groupwise, Groupwise]:
    """Mean size of the errors and mean error, in days, of each group of people.

    Parameters
    ----------
    table : DataFrame
        Of :class:`iagkit.prototypes.processes.predicting.Evaluated`.
    group : str
        A column of it.
    level : float

    Returns
    -------
    size, signed : Groupwise
        Of prediction minus truth: a positive mean means that the group is told too long a time.
        Cases count as one piece of evidence.

    Raises
    ------
    DataError
        If the group is not a column of the table.
    """
    if group not in table.columns:
        msg = f"expected a column of groups among the predictions; '{group}' is none of them"
        raise DataError(msg)
    moments = error_moments("truth_days", "prediction_days")
    cells = count(table, groups=(group,), cluster="case", moments=moments)
    groups = cells.by([group])
    return (
        mean_absolute_error(cells, groups, unit="days", level=level),
        bias(cells, groups, unit="days", level=level),
    )
