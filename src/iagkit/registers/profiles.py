"""Profiles by name: what a register, an assessment or a card asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from iagkit.registers.nouns import Field, Profile
from iagkit.wire import register_files
from iagkit.wire.register_files import ChoiceModel, FieldModel, ProfileModel

OWN: Final = frozenset(
    {"id", "name", "section", "required", "type", "description", "choices", "max_length",
     "auto_source"}
)  # fmt: skip
TOLD: Final = frozenset(
    {"id", "title", "issuer", "jurisdiction", "version", "date", "source", "licence", "verified",
     "notes", "rules", "verified_note", "fields"}
)  # fmt: skip


def load_profile(name: str | Path) -> Profile:
    """Read a profile.

    Parameters
    ----------
    name : str or Path
        Such as ``"uk-atrs"``; or the path of an institution's own.

    Raises
    ------
    DeclarationError
        If there is none of this name (the likely one is told), or it is not valid.
    """
    read = register_files.profile(name)
    return Profile(
        id=read.id,
        title=read.title,
        issuer=read.issuer,
        jurisdiction=read.jurisdiction,
        version=read.version,
        date=read.date,
        source=read.source,
        licence=read.licence,
        verified=read.verified,
        notes=(*((read.verified_note,) if read.verified_note else ()), *read.notes, *read.rules),
        fields=tuple(_field(one) for one in read.fields),
        extra=_rest(read, TOLD),
    )


def profile_names() -> tuple[str, ...]:
    """Names of all profiles, sorted."""
    return register_files.profile_names()


def _field(read: FieldModel) -> Field:
    coded = {c.value: c.label for c in read.choices if isinstance(c, ChoiceModel)}
    points = {
        c.value: c.points
        for c in read.choices
        if isinstance(c, ChoiceModel) and c.points is not None
    }
    more = {"labels": coded, "choice_points": points} if coded else {}
    return Field(
        id=read.id,
        name=read.name,
        section=read.section,
        required=read.required,
        kind=read.type,
        description=read.description,
        choices=tuple(c.value if isinstance(c, ChoiceModel) else c for c in read.choices),
        max_length=read.max_length,
        source=read.auto_source,
        extra={**_rest(read, OWN), **more},
    )


def _rest(read: FieldModel | ProfileModel, told: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in read if name not in told and value not in (None, ())}
