"""Dates as people of the region write them: the day first, unless four digits lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


def read_dates(column: pd.Series[Any]) -> NDArray[np.datetime64]:
    """Read a column of dates; what cannot be read is missing.

    Parameters
    ----------
    column : Series
        Dates, or texts such as ``2024-03-04``, ``04/03/2024``, ``20240304``.

    Returns
    -------
    ndarray of datetime64[ns], shape (n_rows,)
        In UTC; ``NaT`` where there is none.
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column):
        return _naive(pd.to_datetime(column, utc=True))
    texts = column.astype(str).str.strip().str.replace(r"^(\d{4,8})\.0$", r"\1", regex=True)
    year_first = texts.str.match(r"\d{4}")  # pandas would read 2024-03-04 with the day first too
    return np.where(year_first, _read(texts, day_first=False), _read(texts, day_first=True))


def _read(texts: pd.Series[str], *, day_first: bool) -> NDArray[np.datetime64]:
    import pandas as pd

    return _naive(
        pd.to_datetime(texts, errors="coerce", format="mixed", dayfirst=day_first, utc=True)
    )


def _naive(dates: pd.Series[Any]) -> NDArray[np.datetime64]:
    return np.asarray(dates.dt.tz_localize(None), dtype="datetime64[ns]")
