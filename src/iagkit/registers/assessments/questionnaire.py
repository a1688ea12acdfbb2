"""Questions one at a time, whatever the questionnaire: what is asked now, and what an answer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

from iagkit.core.message import Message, say

Kind = Literal["text", "choice", "choices", "number", "date", "list"]
Words = Mapping[str, str]
LONGEST: Final = 10_000
"""Characters of an answer in words; the official survey has no limit, a form needs one."""
YES_NO: Final = {"yes": say("yes"), "no": say("no")}
SAID: Final = {
    "too_long": say("at most {limit} characters; there are {n}"),
    "choice": say("one of the answers, by its number"),
    "choices": say("numbers of the answers, such as 1, 3"),
}
"""What was expected, when an answer does not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question as it is put.

    Parameters
    ----------
    key : str
        Name of the question in the file of answers.
    kind : {"text", "choice", "choices", "number", "date", "list"}
    title, section, help : mapping of str to str, or Message
        By language; a message is translated.
    options : tuple of (value, words)
        What can be chosen.
    limit : int
        Characters of an answer in words.
    required : bool
    evidence : str
        What the record says about it, if it was given.
    """

    key: str
    kind: Kind
    title: Words
    section: Words = field(default_factory=dict)
    help: Words = field(default_factory=dict)
    options: tuple[tuple[Any, Words | Message], ...] = ()
    limit: int = LONGEST
    required: bool = False
    evidence: str = ""


class MisfitError(ValueError):
    """An answer that does not fit its question; holds the sentence that says so."""

    def __init__(self, told: Message) -> None:
        super().__init__(str(told))
        self.told = told


class Questionnaire(Protocol):
    """What can be asked, and how its answers are kept."""

    @property
    def name(self) -> str:
        """Name on the command line."""
        ...

    @property
    def title(self) -> Words:
        """Title by language."""
        ...

    def asks(self, answers: Mapping[str, Any]) -> tuple[Ask, ...]:
        """Questions that are asked, given what was answered so far."""
        ...

    def check(self, ask: Ask, value: Any) -> Any:
        """Value as it is kept.

        Raises
        ------
        MisfitError
            If it does not fit the question.
        """
        ...


def read(ask: Ask, typed: str | list[str]) -> Any:
    """Understand what was typed or ticked: numbers from 1 of answers, values, or words.

    Returns
    -------
    value
        ``None`` for nothing at all.

    Raises
    ------
    MisfitError
        If it is no answer to the question.
    """
    if ask.kind in ("choice", "choices"):
        parts = typed if isinstance(typed, list) else typed.replace(";", ",").split(",")
        picked = [_option(ask, part.strip()) for part in parts if part.strip()]
        if ask.kind == "choices":
            return list(dict.fromkeys(picked)) or None
        if len(picked) > 1:
            raise MisfitError(SAID["choice"])
        return picked[0] if picked else None
    text = ("\n".join(typed) if isinstance(typed, list) else typed).strip()
    if len(text) > ask.limit:
        raise MisfitError(say(SAID["too_long"].template, limit=ask.limit, n=len(text)))
    return _worded(ask, text) if text else None


def _worded(ask: Ask, text: str) -> Any:
    if ask.kind == "list":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if ask.kind != "number":
        return text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise MisfitError(say("a number, written with digits")) from None


def _option(ask: Ask, part: str) -> Any:
    values = [value for value, _ in ask.options]
    if part.isascii() and part.isdigit() and 1 <= int(part) <= len(values):
        return values[int(part) - 1]
    by_name = {str(value).casefold(): value for value in values}
    if part.casefold() not in by_name:
        raise MisfitError(SAID[ask.kind])
    return by_name[part.casefold()]


def left(asks: tuple[Ask, ...], answers: Mapping[str, Any]) -> tuple[Ask, ...]:
    """Questions that have no answer yet."""
    return tuple(ask for ask in asks if answers.get(ask.key) in (None, "", [], {}))
