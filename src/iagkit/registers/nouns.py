"""The nouns of registers: what a standard asks, and what a concept is in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["text", "bool", "choice", "number", "date", "list"]
Required = Literal["yes", "no", "conditional", "if_applicable"]
Verified = Literal["yes", "partial", "no"]
Fill = Literal["auto", "draft", "human"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a standard.

    Parameters
    ----------
    id, name, section : str
        In the standard's own words and language.
    required : {"yes", "no", "conditional", "if_applicable"}
        ``condition`` in ``extra`` tells when.
    kind : {"text", "bool", "choice", "number", "date", "list"}
    description : str
        Our help, in English.
    choices : tuple of str
        Values the standard allows; none if it leaves them open.
    max_length : int, optional
        Characters that the standard allows.
    source : str
        Which evidence may fill it, as the research behind the profile saw it.
    extra : mapping
        What else the standard says of it (``format``, ``schema_id``, ``tier``, …), and
        ``labels`` of choices whose values are codes.
    """

    id: str
    name: str
    section: str
    required: Required
    kind: Kind
    description: str
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    source: str = "human"
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one register, assessment or card asks for.

    Parameters
    ----------
    id, title, issuer, jurisdiction, version, date, licence : str
    source : tuple of str
        Where its fields were read.
    verified : {"yes", "partial", "no"}
        Whether they were read at the source; ``"no"`` may not be published without a reason.
    notes : tuple of str
        Notes, rules and doubts.
    fields : tuple of Field
    extra : mapping
        What else its file says, such as ``machine_schema`` or ``scoring``.
    """

    id: str
    title: str
    issuer: str
    jurisdiction: str
    version: str
    date: str
    source: tuple[str, ...]
    licence: str
    verified: Verified
    notes: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))

    def field(self, name: str) -> Field | None:
        """The field of this id, if there is one."""
        return next((one for one in self.fields if one.id == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What many standards ask under many names, and iagkit asks once.

    Parameters
    ----------
    id : str
        Such as ``"legal.basis"``.
    text : mapping of str to str
        In es, pt and en.
    fill : {"auto", "draft", "human"}
        Who can fill it at best: evidence, a sentence to be confirmed, or nobody but a person.
    kind : {"text", "bool", "choice", "number", "date", "list"}
        What an answer is.
    fields : mapping of str to tuple of str
        Profile → ids of its fields.
    choices : mapping
        Of a choice: answer → ``"profile/field"`` → the value it is there.
    """

    id: str
    text: Mapping[str, str]
    fill: Fill
    kind: Kind = "text"
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))
        object.__setattr__(self, "choices", MappingProxyType(dict(self.choices)))
