"""Which cases are alike: the column that tells what kind of matter a case is."""

from __future__ import annotations

from typing import Final

from iagkit.core.errors import UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.registry import did_you_mean

WORDS: Final = ("type", "tipo", "class", "clase", "asunto", "assunto", "categor", "tramite")
MOST: Final = 2000
"""Different values above which a column tells cases apart."""


def kind_of_case(log: EventLog, told: object = "") -> str:
    """Column that tells which cases are alike.

    Parameters
    ----------
    log : EventLog
    told : str
        The declared column; default: the first one whose name says so.

    Returns
    -------
    str
        Empty if none does.

    Raises
    ------
    UsageError
        If the declared column is none of the cases, or one of the groups that are compared.
    """
    columns = [str(c) for c in log.cases.columns if c not in log.groups]
    if isinstance(told, str) and told:
        return _declared(log, told, columns)
    for word in WORDS:
        for column in columns:
            text = log.cases[column]
            if word in column.lower() and text.dtype.kind not in "fiM":
                return column if 1 < text.nunique() <= MOST else ""
    return ""


def _declared(log: EventLog, told: str, columns: list[str]) -> str:
    for name in (told, told.removeprefix("case:")):
        if name in columns:
            return name
    if told in log.groups:
        msg = (
            f"expected another column as the type of case than the groups that are compared; got "
            f"'{told}' for both. Name the kind of matter"
        )
        raise UsageError(msg)
    known = [c for c in columns if c not in ("case", "opened", "closed", "due")]
    msg = (
        f"expected a column of the cases as their type; there is no '{told}'."
        f"{did_you_mean(told, known)} The cases have: {', '.join(known[:20]) or 'none'}"
    )
    raise UsageError(msg)
