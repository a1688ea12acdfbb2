"""One decision, told to the person whose request it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from iagkit.core.nouns import Estimate
from iagkit.core.record import Record
from iagkit.explain.letters import Decision, letter
from iagkit.explain.reasons import Reasons
from iagkit.prototypes.engine.abstention import NEVER
from iagkit.prototypes.engine.model import RoutingModel
from iagkit.prototypes.engine.story import why

if TYPE_CHECKING:
    import pandas as pd


def letter_of(
    model: RoutingModel, row: pd.DataFrame, *, case: str, record: Record, lang: str
) -> dict[str, Any]:
    """Write the letter about one case, and tell what it was made of.

    Parameters
    ----------
    model : RoutingModel
    row : DataFrame of one row
        The case, from the institution's own table.
    case : str
        Its id.
    record : Record
        Holds how often answers like this one were right on held-out cases.
    lang : {"es", "pt", "en"}

    Returns
    -------
    dict
        ``letter``, ``prediction``, ``confidence``, ``decided``, ``alternatives``, ``words``.
    """
    answer = model.answer(row).iloc[0]
    (text,), offices = model.inputs(row)
    words = why(model, text, answer["prediction"], office=offices[0] if offices else None)
    places = [answer.get(place) for place in ("prediction", "second", "third")]
    told = letter(
        decision=Decision(
            office=answer["prediction"] if answer["decided"] else None,
            alternatives=tuple(p for p in places if p is not None),
            certainty=_certainty(record, decided=bool(answer["decided"])),
            case=case,
            several_asks=bool(answer.get("several_asks", False)),
            only_suggests=not model.automatic or model.review_below >= NEVER,
            reads_office=model.roles.get("office") is not None,
            of_document=str(record.prototype["recipe"]).startswith("documents."),
        ),
        lang=lang,
        words=words,
        human_role=model.about["human_role"],
        taxonomy=model.about["taxonomy"],
    )
    return {
        "letter": told,
        "prediction": answer["prediction"],
        "confidence": round(float(answer["confidence"]), 4),
        "decided": bool(answer["decided"]),
        "alternatives": [p for p in places if p is not None],
        "words": _shown(words),
    }


def _certainty(record: Record, *, decided: bool) -> Estimate | None:
    """How often such answers were right: automatic ones, or one of the first three."""
    check = "abstention.automatic_accuracy" if decided else "performance.top_3_accuracy"
    found = record.find(check)
    return found.estimate if found else None


def _shown(words: Reasons) -> list[dict[str, Any]]:
    return [{"word": r.word, "weight": r.weight, "direction": r.direction} for r in words.shown]
