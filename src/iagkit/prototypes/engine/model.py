"""A routing model as institutions keep it: answers, sets of answers, and when to ask a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import ModelError
from iagkit.core.nouns import MISSING
from iagkit.prototypes.engine.abstention import alternatives, decide, leads
from iagkit.prototypes.engine.calibration import probabilities
from iagkit.prototypes.engine.conformal import label_sets
from iagkit.text.asks import several_asks
from iagkit.text.language import detect
from iagkit.wire.headers import listed

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
UNKNOWN_CLASS = -1


class RoutingModel:
    """What was learnt and what was declared, in plain values that skops can keep.

    Parameters
    ----------
    scorer : object
        ``scorer.logits(texts, context)`` → ndarray (n, n_classes).
    classes : list of str
        In the order of the logits.
    temperature : float
        Logits are divided by it to become probabilities.
    thresholds : dict
        Conformal thresholds, column → group → limit.
    review_below : float
        Answers that lead the second by less go to a person; see
        :func:`~iagkit.prototypes.engine.abstention.leads`.
    roles : dict
        Which column holds the text, the office addressed, the groups.
    shown_words : dict of str to int
        Words that may be shown as reasons → number of training texts that hold them.
    about : dict
        The declaration in plain words: human role, taxonomy, languages.
    automatic : bool
        False where a blocking gate failed: then every case goes to a person.
    """

    tells_language: ClassVar[int | None] = None
    """Characters from the beginning of a text by which its language is known; all of them."""

    def __init__(
        self,
        *,
        scorer: Any,
        classes: list[str],
        temperature: float,
        thresholds: dict[str, dict[str, float]],
        review_below: float,
        roles: dict[str, Any],
        shown_words: dict[str, int],
        about: dict[str, Any],
        automatic: bool = True,
    ) -> None:
        self.scorer = scorer
        self.classes = classes
        self.temperature = temperature
        self.thresholds = thresholds
        self.review_below = review_below
        self.roles = roles
        self.shown_words = shown_words
        self.about = about
        self.automatic = automatic

    def probability(self, table: pd.DataFrame) -> Floats:
        """Calibrated probabilities, shape (n_rows, n_classes)."""
        texts, office = self.inputs(table)
        return probabilities(self.scorer.logits(texts, office), temperature=self.temperature)

    def inputs(self, table: pd.DataFrame) -> tuple[list[str], list[str] | None]:
        """Texts, and the offices addressed if the model reads them.

        Raises
        ------
        ModelError
            If a column the model was trained on is not there.
        """
        read = [c for c in (self.roles["text"], self.roles.get("office")) if c]
        if absent := [c for c in read if c not in table.columns]:
            msg = (
                f"the model reads the column(s) {', '.join(absent)}; the table has "
                f"{_told(table)}. Rename the columns, or use the model that "
                "was made for this table"
            )
            raise ModelError(msg)
        texts = words_of(table[self.roles["text"]])
        office = self.roles.get("office")
        return texts, group_values(table[office]) if office else None

    def answer(self, table: pd.DataFrame) -> pd.DataFrame:
        """Answer every row; no column holds free text.

        Returns
        -------
        DataFrame
            ``prediction``, ``confidence``, ``decided``, ``labels`` (the set that holds the
            right answer as often as promised), ``second`` and ``third`` with their probabilities,
            ``several_asks`` and ``lang``. A row without text goes to a person.
        """
        return self.told(table, self.probability(table))

    def told(self, table: pd.DataFrame, probability: Floats) -> pd.DataFrame:
        """Say what the probabilities of these rows mean, as in :meth:`answer`."""
        told, texts, langs = self.routed(table, probability)
        return told.assign(several_asks=several_asks(texts, langs), lang=langs)

    def routed(
        self, table: pd.DataFrame, probability: Floats
    ) -> tuple[pd.DataFrame, list[str], list[str]]:
        """Answers, texts and languages; a row without text goes to a person."""
        groups = {c: group_values(table[c]) for c in self.roles["groups"] if c in table.columns}
        told = answers(probability, groups=groups, model=self, index=table.index)
        texts = words_of(table[self.roles["text"]])
        told["decided"] &= np.array([bool(text.strip()) for text in texts], dtype=bool)
        heads = [text[: self.tells_language] for text in texts]
        return told, texts, languages(table, self.roles.get("language"), heads)

    def ids(self, table: pd.DataFrame, *, column: str | None, first: int) -> list[str]:
        """Names of the cases: a column, or the place of the row in the whole table."""
        own = column or self.roles.get("id")
        if column is not None and column not in table.columns:
            msg = f"expected the column '{column}' for --id; the table has {_told(table)}"
            raise ModelError(msg)
        if own is None or own not in table.columns:
            return [f"row-{number}" for number in range(first, first + len(table))]
        return group_values(table[own])


def _told(table: pd.DataFrame) -> str:
    return listed(table.columns)


def answers(
    probability: Floats, *, groups: Mapping[str, Sequence[str]], model: RoutingModel, index: Any
) -> pd.DataFrame:
    """Probabilities → what a person or the routing system is told."""
    import pandas as pd

    best = probability.argmax(axis=1)
    confidence = probability[np.arange(len(best)), best]
    sets = label_sets(probability, thresholds=model.thresholds, groups=groups)
    certain = decide(leads(probability), model.review_below)
    names = np.asarray(model.classes, dtype=object)
    return pd.DataFrame(
        {
            "prediction": names[best],
            "confidence": confidence,
            "decided": certain if model.automatic else np.zeros(len(best), dtype=bool),
            "labels": [tuple(names[row]) for row in sets],
            **alternatives(probability, model.classes),
        },
        index=index,
    )


def languages(table: pd.DataFrame, column: str | None, texts: Sequence[str]) -> list[str]:
    """Language of each text: as declared, else as detected."""
    if column is not None and column in table.columns:
        return group_values(table[column])
    return [lang for lang, _ in detect(texts)]


def words_of(column: pd.Series[Any]) -> list[str]:
    """Texts as strings; a missing one is empty."""
    return ["" if missing else str(v) for v, missing in zip(column, column.isna(), strict=True)]


def group_values(column: pd.Series[Any]) -> list[str]:
    """Group values as strings: whole numbers without a decimal point, missing as a group."""
    return [
        MISSING if gone else label_text(v) for v, gone in zip(column, column.isna(), strict=True)
    ]


def label_text(value: Any) -> str:
    """Tell ``1.0`` and ``1`` and ``True`` the same way on every platform."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    text = str(value).strip()
    return text or MISSING
