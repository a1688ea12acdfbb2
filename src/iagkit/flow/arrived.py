"""Answers of `iagkit predict` that people decided: whose they are, and what the alarm makes of it.

Each case is as strange as the decision was unlikely to the model. The same is counted of the cases
the model was tested on, so that the two can be compared; see :mod:`iagkit.measures.drift`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.canonical import digest
from iagkit.core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

PLACES = (("prediction", "confidence"), ("second", "second_probability"),
          ("third", "third_probability"))  # fmt: skip
MARKS = ("by_lot", "model")
NEEDED = ("id", *(name for pair in PLACES for name in pair[:1]), "confidence", "decided", *MARKS)
NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a model answered to cases that came after its run.

    Parameters
    ----------
    batch : str
        Names these answers, however often the file is saved.
    rows : dict of str to dict
        Id → columns of the answer.
    """

    batch: str
    rows: Mapping[str, Mapping[str, Any]]

    def about(self, case: str, decision: str) -> dict[str, Any]:
        """What is kept of an answer beside the decision about it; plain JSON."""
        row = self.rows[case]
        return {
            "batch": self.batch,
            "prediction": str(row["prediction"]),
            "decided": _yes(row["decided"]),
            "by_lot": _yes(row["by_lot"]),
            "strange": strange(row, decision),
        }


def model_name(sha256: str) -> str:
    """Name a model in its answers; no spreadsheet takes it for a number."""
    return f"m-{sha256[:NAMED]}"


def are_answers(table: pd.DataFrame) -> bool:
    """Tell whether a table is what `iagkit predict` wrote, perhaps with decisions added."""
    return set(MARKS) <= {str(c) for c in table.columns}


def read_answers(source: str | Path, *, model: str) -> Answers:
    """Read what `iagkit predict` wrote.

    Parameters
    ----------
    source : str or Path
        CSV or Excel.
    model : str
        Name of the model of the run, of :func:`model_name`.

    Raises
    ------
    DataError
        If a column is not there, ids repeat, or another model answered.
    """
    from iagkit.wire.tables import read_table

    table = read_table(source)
    name = Path(source).name
    if lacking := [c for c in NEEDED if c not in table.columns]:
        msg = (
            f"expected what `iagkit predict` wrote in '{name}'; {', '.join(lacking)} is missing. "
            "Answer the table again, and keep all columns"
        )
        raise DataError(msg)
    others = int((table["model"].astype(str) != model).sum())
    if others:
        msg = (
            f"expected answers of the model of this run; {others} of {len(table)} rows of "
            f"'{name}' name another. Give the folder of the run whose model answered them"
        )
        raise DataError(msg)
    ids = [_text(value) for value in table["id"]]
    if doubles := len(ids) - len(set(ids)):
        msg = f"expected each id once in '{name}'; {doubles} repeat. Answer again with --id"
        raise DataError(msg)
    rows = dict(zip(ids, _records(table), strict=True))
    named = sorted((case, str(row["prediction"])) for case, row in rows.items())
    return Answers(batch=digest(named)[:NAMED], rows=rows)


def strange(row: Mapping[str, Any], decision: str) -> float:
    """How unlikely a decision was to the model, 0 to 1; below its third answer nothing is known."""
    for label, probability in PLACES:
        if str(row.get(label)) == decision:
            return round(1 - float(row[probability]), 4)
    return 1.0


def tested(answers: pd.DataFrame) -> NDArray[np.float64]:
    """The same of the cases a model was tested on, one a text group, shape (n_groups,)."""
    first = answers.drop_duplicates("cluster")
    return np.array([strange(row, str(row["truth"])) for row in _records(first)])


def by_case(said: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row a case that came after the run, in the order in which decisions were read back.

    Returns
    -------
    DataFrame
        ``overridden`` and ``strange`` (means over those who read it), ``by_lot``.
    """
    import pandas as pd

    cases: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in said:
        if "batch" in row:
            cases[row["batch"], row["id"]].append(row)
    told = [
        {
            "overridden": float(np.mean([r["decision"] != r["prediction"] for r in rows])),
            "strange": float(np.mean([r["strange"] for r in rows])),
            "by_lot": rows[0]["by_lot"],
        }
        for rows in cases.values()
    ]
    return pd.DataFrame(told, columns=["overridden", "strange", "by_lot"])


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(column) for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def _yes(value: Any) -> bool:
    return str(value).strip().casefold() in {"true", "1", "1.0", "verdadero", "verdadeiro"}


def _text(value: Any) -> str:
    from iagkit.prototypes.engine.model import label_text

    text = label_text(value)
    return text[1:] if text[:2] in {"'=", "'+", "'-", "'@"} else text
