"""The list that people work through: what to read first, what is proposed, and why to read it.

It holds ids, labels and numbers; no word of a document, and no recorded answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from iagkit.core.message import Message, say
from iagkit.prototypes.documents.model import AREA

if TYPE_CHECKING:
    import pandas as pd

BY_LOT = 0.1
"""Cases drawn by lot among those decided, for each case that people read anyway."""
AT_LEAST = 30
"""Cases drawn by lot in any case: where the model decides nearly all, nobody else would notice."""
UNSURE = say("the program is not sure enough")
TEACHES = say("not sure, and its answer would teach the program most")
ONLY_AREA = say("only the area is sure")
DRAWN = say("drawn by lot, to see how often the program is right")
BLOCKED = say("a limit is not met yet, so a person decides")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One document for a person."""

    id: str
    proposed: str
    others: tuple[str, ...]
    confidence: float
    area: str | None
    urgency: float | None
    matter: str | None
    on_pattern: int | None
    why: Message


def review_lines(table: pd.DataFrame, *, automatic: bool, seed: int = 0) -> list[Line]:
    """List the documents that people read, in the order to read them.

    The most urgent come first where urgency is known. Else those come first whose answers teach
    most, and then the least sure.

    Parameters
    ----------
    table : DataFrame
        Answers with ``id``; ``urgency`` and ``matter`` are told where they are known. ``teaches``
        is the place among those that teach most, from 1, or 0.
    automatic : bool
        Whether the model may decide at all; if not, every document is listed.
    seed : int
        Of the lot.

    Returns
    -------
    list of Line
        A tenth as many again, and at least thirty, drawn by lot among the documents that were
        decided, stand scattered among them: only these tell how often the model is right.
    """
    asked, lot, random = _asked_and_drawn(table, automatic=automatic, seed=seed)
    order = _first(table.iloc[asked])
    places = random.permutation(asked.size + lot.size) < lot.size
    listed = np.empty(asked.size + lot.size, dtype=np.intp)
    listed[~places], listed[places] = asked[order], lot
    return [
        _line(row, _why(row, drawn=bool(by_lot), automatic=automatic))
        for row, by_lot in zip(table.iloc[listed].to_dict("records"), places, strict=True)
    ]


def reasons(table: pd.DataFrame, *, seed: int = 0) -> Any:
    """Why a person reads each document, where the model may decide at all.

    Returns
    -------
    ndarray of str, shape (n,)
        ``"unsure"``, ``"only_area"``, ``"by_lot"``; empty where nobody is asked to.
    """
    asked, lot, _ = _asked_and_drawn(table, automatic=True, seed=seed)
    found = np.full(len(table), "", dtype=object)
    found[asked] = "unsure"
    if "level" in table:
        found[np.intersect1d(asked, np.flatnonzero(table["level"] == AREA))] = "only_area"
    found[lot] = "by_lot"
    return found


def _asked_and_drawn(
    table: pd.DataFrame, *, automatic: bool, seed: int
) -> tuple[Any, Any, np.random.Generator]:
    """Rows that people read anyway, rows drawn by lot among the others, and the lot itself."""
    decided = table["decided"].to_numpy(dtype=bool)
    asked = np.flatnonzero(~decided) if automatic else np.arange(len(table))
    random = np.random.default_rng(seed)
    rest = np.setdiff1d(np.arange(len(table)), asked)
    lot = random.permutation(rest)[: max(AT_LEAST, int(np.ceil(BY_LOT * asked.size)))]
    return asked, lot, random


def _first(table: pd.DataFrame) -> Any:
    """Order of reading: urgency falls; else those that teach most, then certainty grows."""
    if "urgency" in table:
        return np.argsort(-table["urgency"].to_numpy(), kind="stable")
    sure = table["confidence"].to_numpy()
    if "teaches" not in table:
        return np.argsort(sure, kind="stable")
    place = table["teaches"].to_numpy()
    return np.lexsort([sure, np.where(place > 0, place, len(table) + place.max() + 1)])


def _why(row: Mapping[Any, Any], *, drawn: bool, automatic: bool) -> Message:
    if drawn:
        return DRAWN
    if row["decided"] and not automatic:
        return BLOCKED
    if row.get("teaches"):
        return TEACHES
    return ONLY_AREA if row.get("level") == AREA else UNSURE


def _line(row: Mapping[Any, Any], why: Message) -> Line:
    others = (row.get("second"), row.get("third"))
    return Line(
        id=str(row["id"]),
        proposed=str(row["prediction"]),
        others=tuple(str(other) for other in others if _there(other) is not None),
        confidence=float(row["confidence"]),
        area=_there(row.get("area")),
        urgency=_there(row.get("urgency")),
        matter=_there(row.get("matter")),
        on_pattern=_count(row.get("on_pattern")),
        why=why,
    )


def _there(value: Any) -> Any:
    """A value, or ``None`` for what a table calls missing."""
    missing = value is None or (isinstance(value, float) and np.isnan(value))
    return None if missing else value


def _count(value: Any) -> int | None:
    """A number of documents, or ``None`` for what a table calls missing."""
    return None if value is None or np.isnan(value) else int(value)
