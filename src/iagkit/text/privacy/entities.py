"""What is found about a person in a text: nouns that recognisers, tagger and redaction share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

Certainty = Literal["checked", "cued", "shaped", "tagged"]

CERTAINTIES: Final[tuple[Certainty, ...]] = ("checked", "cued", "shaped", "tagged")
"""Shape and check digits hold; a cue word beside it; the shape alone; by the trained tagger."""

KINDS: Final[tuple[str, ...]] = (
    "person",
    "address",
    "place",
    "birth_date",
    "date",
    "age",
    "sex",
    "national_id",
    "tax_id",
    "passport",
    "licence",
    "health_id",
    "social_security",
    "phone",
    "email",
    "url",
    "handle",
    "ip",
    "bank_account",
    "card",
    "plate",
    "employee_id",
    "case_number",
    "organisation",
    "profession",
    "other_id",
)
"""Kinds of personal data; ids are a natural person's, ``case_number`` is of a person's own file."""

NOT_PERSONAL: Final[tuple[str, ...]] = (
    "company_id",
    "process_number",
    "norm_reference",
    "amount",
)
"""Recognised so as not to be taken for something else, and never returned as personal."""


class Entity(NamedTuple):
    """Characters ``[start, end)`` of a text as given, and what they tell of a person."""

    start: int
    end: int
    kind: str
    certainty: Certainty
    source: str
    country: str | None = None


class Tagger(Protocol):
    """A trained model that marks persons, places and the rest."""

    def __call__(self, texts: Sequence[str], /) -> list[list[Entity]]:
        """Entities of each text, in reading order, not overlapping, certainty ``tagged``."""
        ...


def without_overlap(entities: Iterable[Entity]) -> list[Entity]:
    """Keep each entity that touches none before it in the iterable; give them in reading order.

    Examples
    --------
    >>> cued = Entity(4, 9, "person", "cued", "name-cue")
    >>> without_overlap([cued, Entity(0, 5, "place", "tagged", "tagger")]) == [cued]
    True
    """
    kept: list[Entity] = []
    for entity in entities:
        if all(entity.end <= k.start or k.end <= entity.start for k in kept):
            kept.append(entity)
    return sorted(kept)
