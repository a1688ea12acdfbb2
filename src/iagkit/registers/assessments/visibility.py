"""When a question is shown: the conditions of the official survey, read exactly or refused.

Only the forms that occur in it are known: ``{name} = "value"``, ``{name} contains "value"`` or
``["value"]``, joined with ``and``, ``or`` and brackets; *and* binds closer than *or*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from iagkit.core.errors import DeclarationError
from iagkit.registers.assessments.javascript import is_empty

TOKEN: Final = re.compile(
    r'\s*(?:(?P<name>\{[\w.-]+\})|(?P<value>"[^"]*"|\["[^"]*"\])|(?P<word>[()=]|\w+))'
)
PLAIN: Final = re.compile(r"item\d+(?:-\d+)?")
"""Values that the official reader takes for text; a bare number or a yes it would convert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One answer held against one value."""

    name: str
    how: Literal["=", "contains"]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Conditions of which all must hold, or any."""

    how: Literal["and", "or"]
    parts: tuple[Condition, ...]


Condition = Compared | Joined


def condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    DeclarationError
        If it has a form that does not occur in the official survey.
    """
    words = list(_words(text))
    try:
        read = _any(words)
    except IndexError:
        raise _refused(text, "it ends too early") from None
    if words:
        raise _refused(text, f"'{words[0]}' stands where nothing more is expected")
    return read


def holds(asked: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds for these answers; no condition always does."""
    if asked is None:
        return True
    if isinstance(asked, Joined):
        held = (holds(part, answers) for part in asked.parts)
        return all(held) if asked.how == "and" else any(held)
    value = _given(asked.name, answers)
    if asked.how == "=" or is_empty(value):
        return isinstance(value, str) and value == asked.value
    if isinstance(value, str):
        return asked.value in value
    return isinstance(value, list) and asked.value in [v for v in value if isinstance(v, str)]


def names(asked: Condition | None) -> frozenset[str]:
    """Questions that a condition looks at."""
    if asked is None:
        return frozenset()
    if isinstance(asked, Compared):
        return frozenset({asked.name})
    return frozenset().union(*(names(part) for part in asked.parts))


def _given(name: str, answers: Mapping[str, Any]) -> Any:
    """Answer of this name, or of the first that differs from it in case only, as officially."""
    if name in answers:
        return answers[name]
    low = name.lower()
    return next((value for key, value in answers.items() if key.lower() == low), None)


def _words(text: str) -> Iterator[str]:
    place, end = 0, len(text.rstrip())
    while place < end:
        found = TOKEN.match(text, place)
        if found is None:
            raise _refused(text, f"'{text[place:].strip()[:20]}' cannot be read")
        yield found[0].strip()
        place = found.end()


def _any(words: list[str]) -> Condition:
    return _joined(words, "or")


def _joined(words: list[str], how: Literal["and", "or"]) -> Condition:
    inner = _one if how == "and" else lambda rest: _joined(rest, "and")
    parts = [inner(words)]
    while words[:1] == [how]:
        words.pop(0)
        parts.append(inner(words))
    return parts[0] if len(parts) == 1 else Joined(how=how, parts=tuple(parts))


def _one(words: list[str]) -> Condition:
    first = words.pop(0)
    if first == "(":
        inside = _any(words)
        if words.pop(0) != ")":
            raise _refused(first, "a bracket stays open")
        return inside
    how, value = words.pop(0), words.pop(0)
    bare, told = value.strip('[]"'), f"{first} {how} {value}"
    if first[0] != "{" or value[0] not in '["' or not PLAIN.fullmatch(bare):
        raise _refused(told, "a comparison is {name}, '=' or 'contains', a value")
    if how == "contains":
        return Compared(name=first[1:-1], how="contains", value=bare)
    if how != "=" or value[0] == "[":
        raise _refused(told, "only '=' with a value and 'contains' are known")
    return Compared(name=first[1:-1], how="=", value=bare)


def _refused(text: str, why: str) -> DeclarationError:
    msg = (
        f'expected a condition of the form {{name}} = "value" or contains, with and, or and '
        f"brackets; got '{text[:80]}': {why}. The survey is not the version this iagkit knows"
    )
    return DeclarationError(msg)
