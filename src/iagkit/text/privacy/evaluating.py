"""What was found against what was marked, counted by document: no interval, no opinion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.text.privacy.training import Marked

Ints = NDArray[np.int64]

IDENTIFYING: Final = (
    "person", "address", "birth_date", "national_id", "tax_id", "passport", "licence", "health_id",
    "social_security", "phone", "email", "handle", "bank_account", "card", "plate", "employee_id",
    "case_number", "other_id",
)  # fmt: skip
"""Kinds that tell who somebody is by themselves; a date, a place or a profession do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """One number a document in each field.

    Spans: ``marked`` by people, ``found``, ``right`` (same ends, same label), ``touched`` (marked
    ones that a found one of the same label overlaps), ``touching`` (the reverse). Characters that
    are no white space: ``characters`` marked, ``covered`` of them by anything found,
    ``hidden`` in all. A document with ``covered < characters`` leaks.
    """

    marked: Ints
    found: Ints
    right: Ints
    touched: Ints
    touching: Ints
    characters: Ints
    covered: Ints
    hidden: Ints

    @property
    def leaks(self) -> NDArray[np.bool_]:
        """Documents in which a marked character stays to be read."""
        return np.asarray(self.covered < self.characters)


def count(
    texts: Sequence[str],
    marked: Sequence[Sequence[Marked]],
    found: Sequence[Sequence[Marked]],
    *,
    labels: Collection[str] | None = None,
) -> Counts:
    """Compare what was found with what was marked.

    Parameters
    ----------
    texts : sequence of str
    marked, found : sequence of sequence of Marked, one for each text
        With labels of the same vocabulary.
    labels : collection of str, optional
        Count spans of these labels only; a marked character counts as covered whatever the label
        of what covers it.

    Returns
    -------
    Counts

    Examples
    --------
    >>> told = count(["Ana Paz"], [[Marked(0, 7, "p")]], [[Marked(0, 3, "p")]])
    >>> int(told.right[0]), int(told.touched[0]), int(told.covered[0]), bool(told.leaks[0])
    (0, 1, 3, True)
    """
    rows = [
        _row(text, _only(gold, labels), _only(here, labels), here)
        for text, gold, here in zip(texts, marked, found, strict=True)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 8)
    names = ("marked", "found", "right", "touched", "touching", "characters", "covered", "hidden")
    return Counts(**{name: table[:, k] for k, name in enumerate(names)})


def covered(marked: Marked, found: Iterable[Marked], text: str) -> bool:
    """Tell whether every letter and digit of a marked span is hidden."""
    hidden = _mask(text, found)[marked.start : marked.end]
    told = [c.isalnum() for c in text[marked.start : marked.end]]
    return bool(hidden[np.array(told, dtype=bool)].all())


def _only(spans: Iterable[Marked], labels: Collection[str] | None) -> list[Marked]:
    return [s for s in spans if labels is None or s.label in labels]


def _row(
    text: str, marked: list[Marked], found: list[Marked], everything: Iterable[Marked]
) -> tuple[int, ...]:
    solid = np.array([not c.isspace() for c in text], dtype=bool)
    gold, hidden = _mask(text, marked) & solid, _mask(text, everything) & solid
    own = _mask(text, found) & solid
    return (
        len(marked), len(found), len(set(marked) & set(found)),
        sum(_touches(s, found) for s in marked), sum(_touches(s, marked) for s in found),
        int(gold.sum()), int((gold & hidden).sum()), int(own.sum()),
    )  # fmt: skip


def _mask(text: str, spans: Iterable[Marked]) -> NDArray[np.bool_]:
    mask = np.zeros(len(text), dtype=bool)
    for span in spans:
        mask[span.start : span.end] = True
    return mask


def _touches(span: Marked, others: Iterable[Marked]) -> bool:
    return any(o.label == span.label and o.start < span.end and span.start < o.end for o in others)
