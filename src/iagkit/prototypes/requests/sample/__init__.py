"""A city that does not exist: generated citizen requests in Spanish and Portuguese.

The committed data set ``citizen-requests-sample`` is what :func:`generate` makes with its
defaults. What is planted in it is known, so an audit of it has a right answer.
"""

import gzip
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from iagkit.core.errors import DataError
from iagkit.prototypes.requests.sample.chance import Chance
from iagkit.prototypes.requests.sample.city import City, Strengths

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "FILE", "Strengths", "generate", "write"]

FILE: Final = "requests.csv.gz"
COLUMNS: Final = (
    *("id", "date", "channel", "district", "sex", "age_band", "lang"),
    *("text", "office", "n_asks", "also"),
)


def generate(
    *,
    rows: int = 7000,
    seed: int = 0,
    planted: bool = True,
    strengths: Strengths | None = None,
) -> "pd.DataFrame":
    """Generate requests of citizens to the offices of an invented city.

    Parameters
    ----------
    rows : int, default 7000
        Requests to draw.
    seed : int, default 0
        Seed; the same one gives the same table on every machine.
    planted : bool, default True
        Whether Ribera Sur writes shorter and noisier texts and people of 60 and more are
        mislabelled more often. If not, groups are independent of texts, noise and labels
        (copied texts stay in one district), so that every alarm is a false one.
    strengths : Strengths, optional
        How strong the two disparities are.

    Returns
    -------
    pandas.DataFrame, shape (rows, 11)
        Columns ``COLUMNS``, by date; dates are ISO 8601 text, unknowns are missing.

    Raises
    ------
    DataError
        If ``rows`` is below one.

    Examples
    --------
    >>> generate(rows=2)["id"].tolist()
    ['R-000001', 'R-000002']
    """
    import pandas as pd

    if rows < 1:
        msg = f"'rows' must be at least 1; got {rows}. Ask for one request or more."
        raise DataError(msg)
    how = strengths or Strengths()
    requests = City(Chance(seed), how if planted else how.absent()).requests(rows)
    table = pd.DataFrame([asdict(request) for request in requests])
    table["date"] = [request.date.isoformat() for request in requests]
    table["id"] = [f"R-{number:06}" for number in range(1, rows + 1)]
    return table[list(COLUMNS)]


def csv(table: "pd.DataFrame") -> bytes:
    """Write the table as CSV: UTF-8, comma, LF, unknowns empty."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def write(directory: Path | str) -> Path:
    """Write the committed data file; its bytes hold no time of writing.

    Parameters
    ----------
    directory : Path or str
        Existing folder that receives ``requests.csv.gz``.

    Returns
    -------
    Path
        The file written.
    """
    path = Path(directory) / FILE
    path.write_bytes(gzip.compress(csv(generate()), compresslevel=9, mtime=0))
    return path
