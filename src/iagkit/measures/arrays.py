"""What comes in, as arrays of one length; refusals name columns and counts, never a cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Labels = NDArray[Any]


def numbers(name: str, values: ArrayLike, *, low: float = -np.inf, high: float = np.inf) -> Floats:
    """One-dimensional finite numbers, at least one, all within ``low`` to ``high``.

    Raises
    ------
    DataError
        If that is not so.
    """
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        msg = f"'{name}' must hold numbers; some are not. Were the columns swapped?"
        raise DataError(msg) from None
    if array.ndim != 1 or array.size == 0:
        msg = f"'{name}' must be one row of at least one number; got shape {array.shape}"
        raise DataError(msg)
    wrong = int((~((array >= low) & (array <= high) & np.isfinite(array))).sum())
    if wrong:
        msg = (
            f"'{name}' must hold finite numbers from {low:g} to {high:g}; "
            f"{wrong} of {array.size} are not. Leave them out or repair them first"
        )
        raise DataError(msg)
    return array


def labels(name: str, values: ArrayLike) -> Labels:
    """One-dimensional text labels, at least one, none missing.

    Raises
    ------
    DataError
        If that is not so.
    """
    array = np.asarray(values, dtype=object)
    if array.ndim != 1 or array.size == 0:
        msg = f"'{name}' must be one row of at least one label; got shape {array.shape}"
        raise DataError(msg)
    missing = sum(value is None or value != value for value in array)  # noqa: PLR0124
    if missing:
        msg = f"'{name}' must have no missing label; {missing} of {array.size} are missing"
        raise DataError(msg)
    return array.astype(str)


def same_length(**arrays: NDArray[Any] | None) -> int:
    """Length that all arrays have.

    Raises
    ------
    DataError
        If two differ.
    """
    sizes = {name: len(array) for name, array in arrays.items() if array is not None}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in sizes.items())
        msg = f"one value a case is needed everywhere; got lengths: {told}"
        raise DataError(msg)
    return next(iter(sizes.values()))


def cluster_codes(clusters: ArrayLike | None, n: int) -> Ints | None:
    """Clusters as 0, 1, 2 …; ``None`` if every case stands alone.

    Raises
    ------
    DataError
        If there is not one cluster for each of the ``n`` cases.
    """
    if clusters is None:
        return None
    array = np.asarray(clusters)
    same_length(cases=np.empty(n), clusters=array)
    found, codes = np.unique(array, return_inverse=True)
    return None if len(found) == n else codes.reshape(-1).astype(np.intp)


def checked_level(level: float) -> float:
    """Return a confidence level strictly between 0 and 1.

    Raises
    ------
    DataError
        If it is not.
    """
    if not 0 < level < 1:
        msg = f"'level' must lie strictly between 0 and 1, such as 0.95; got {level}"
        raise DataError(msg)
    return float(level)
