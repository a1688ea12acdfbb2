"""What people still owe to all registers together, each question once, by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from iagkit.core.message import say
from iagkit.registers.crosswalk import concepts
from iagkit.registers.filling import Entry, Filled
from iagkit.registers.telling import ROLES, Teller, owner

Task = Literal["answer", "confirm", "shorten"]
TASKS: Final = {
    "answer": say("to answer"),
    "confirm": say("to confirm or correct"),
    "shorten": say("to shorten"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing a role owes.

    Parameters
    ----------
    role : str
        See ``telling.ROLES``.
    key : str
        Key of the answer: a concept, or ``"profile/field"``.
    text : str
        What is asked, in words.
    task : {"answer", "confirm", "shorten"}
    fields : tuple of str
        The fields that wait for it.
    """

    role: str
    key: str
    text: str
    task: Task
    fields: tuple[str, ...]


def owed(registers: Sequence[Filled], voice: Teller) -> tuple[Owed, ...]:
    """Everything that is required and not answered, or proposed and not confirmed.

    Returns
    -------
    tuple of Owed
        By role in the order of ``telling.ROLES``, then by key; a question that several
        registers ask stands once.
    """
    found: dict[tuple[str, str, Task], list[str]] = {}
    words: dict[str, str] = {}
    for filled in registers:
        for entry in filled.entries:
            for role, key, task in _of(entry):
                words[key] = _words(entry, key, voice)
                named = f"{filled.profile.id}/{entry.field.id}"
                found.setdefault((role, key, task), []).append(named)
    order = list(ROLES)
    listed = sorted(found, key=lambda one: (order.index(one[0]), one[2], one[1]))
    return tuple(
        Owed(role=role, key=key, text=words[key], task=task, fields=tuple(found[role, key, task]))
        for role, key, task in listed
    )


def _of(entry: Entry) -> list[tuple[str, str, Task]]:
    if not entry.owed_by or (entry.state == "missing" and entry.field.required != "yes"):
        return []
    task: Task = "shorten" if entry.blocked else "answer"
    asked: list[tuple[str, str, Task]] = [(_role(entry, key), key, task) for key in entry.asks]
    return asked + [(_role(entry, key), key, "confirm") for key in entry.confirms]


def _role(entry: Entry, key: str) -> str:
    return owner(key) if key in concepts() else entry.owed_by


def _words(entry: Entry, key: str, voice: Teller) -> str:
    concept = concepts().get(key)
    return voice.words(concept.text) if concept else entry.field.name
