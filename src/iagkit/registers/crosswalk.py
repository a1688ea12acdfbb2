"""The crosswalk: one concept, and the fields that ask for it in every profile."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from iagkit.registers.nouns import Concept
from iagkit.wire import register_files

BESIDE: Final = frozenset({"concept_id", "concept", "fill"})


@cache
def concepts() -> Mapping[str, Concept]:
    """All concepts by id, in the order of the crosswalk."""
    words = register_files.concepts()
    found = {}
    for row in register_files.crosswalk():
        told = words[row["concept_id"]]
        fields = {
            profile: tuple(ids.split(";"))
            for profile, ids in row.items()
            if profile not in BESIDE and ids
        }
        found[row["concept_id"]] = Concept(
            id=row["concept_id"],
            text=told.text.words(),
            fill=row["fill"],  # type: ignore[arg-type]
            kind=told.type,
            fields=fields,
            choices=told.choices,
        )
    return MappingProxyType(found)


@cache
def asked(profile: str) -> Mapping[str, tuple[Concept, ...]]:
    """Field of a profile → the concepts it asks for."""
    found: dict[str, tuple[Concept, ...]] = {}
    for concept in concepts().values():
        for name in concept.fields.get(profile, ()):
            found[name] = (*found.get(name, ()), concept)
    return MappingProxyType(found)
