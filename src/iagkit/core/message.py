"""Sentences that can be told in another language after they were written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Message:
    """An English sentence with named gaps, and what fills them.

    The record keeps both, so that a report translates the sentence and formats the
    numbers of a reader's language.

    Parameters
    ----------
    template : str
        English sentence in :meth:`str.format` syntax; the key of the translation catalogues.
    values : mapping of str to scalar
        What fills the gaps: counts, names of columns and groups; never a cell of free text.
    """

    template: str
    values: Mapping[str, Scalar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __str__(self) -> str:
        """English text."""
        return self.template.format(**self.values)

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, Scalar]]]:
        """Copy, though a read-only mapping cannot be: tables carry messages in ``attrs``."""
        return (Message, (self.template, dict(self.values)))


def limits_of(card: Mapping[str, Any]) -> list[Message | str]:
    """Known limits of the data of a record: words of its card, and what iagkit remarked."""
    told = list(card.get("limits") or ())
    made = list(card.get("limits_of") or ()) + [None] * len(told)
    return [
        str(text) if of is None else Message(str(of["template"]), of["values"])
        for text, of in zip(told, made, strict=False)
    ]


def say(template: str, /, **values: Scalar) -> Message:
    """Make a message; the name marks its template for the translation catalogues."""
    return Message(template, values)
