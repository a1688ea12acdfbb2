"""Small changes that should not matter: measuring error and cells that went missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from iagkit.explain.tables import Table, numeric_columns

SHAKE = 0.05


def shaken(
    inputs: Table, spread: Mapping[str, float], *, size: float = SHAKE, seed: int = 0
) -> Table:
    """Add normal noise to the numbers of a table.

    Parameters
    ----------
    inputs : DataFrame, shape (n, d)
    spread : mapping of str to float
        Usual spread of each numeric column (see :func:`iagkit.explain.tables.usual_spread`).
    size : float
        Standard deviation of the noise, in spreads.
    seed : int

    Returns
    -------
    DataFrame
        Whole numbers stay whole, nothing leaves the range of its column, categories and
        missing cells stay as they are.
    """
    random, moved = np.random.default_rng(seed), inputs.copy()
    for name in numeric_columns(inputs):
        values = inputs[name].to_numpy(dtype=float, na_value=np.nan)
        step = random.standard_normal(len(values)) * size * spread.get(name, 0.0)
        known = values[np.isfinite(values)]
        if not known.size:
            continue
        told = np.clip(values + step, known.min(), known.max())
        whole = bool((known == np.round(known)).all())
        moved[name] = _as_before(np.round(told) if whole else told, inputs[name])
    return moved


def _as_before(values: np.ndarray, column: Table) -> Table:
    import pandas as pd

    return pd.Series(values, index=column.index).astype(column.dtype)


def blanked(inputs: Table, *, share: float = 0.1, seed: int = 0) -> Table:
    """Let cells go missing completely at random.

    Parameters
    ----------
    inputs : DataFrame, shape (n, d)
    share : float
        Chance of each cell.
    seed : int

    Returns
    -------
    DataFrame
        Whole numbers become floating ones where a cell is missing.
    """
    gone = np.random.default_rng(seed).random(inputs.shape) < share
    return inputs.mask(gone)
