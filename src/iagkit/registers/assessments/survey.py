"""The official survey of Canada's Algorithmic Impact Assessment, as a tree of questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from iagkit.core.errors import DeclarationError
from iagkit.registers.assessments.javascript import number
from iagkit.registers.assessments.visibility import Condition, condition, holds
from iagkit.wire import register_files

Counts = Literal["raw", "mitigation", "none"]
FILE: Final = "canada/survey-enfr.v1.0.1.json"
VERSION: Final = "1.0.1"
SUFFIXES: Final[dict[str, Counts]] = {"-RS": "raw", "-MS": "mitigation", "-NS": "none"}
SELECTS: Final = frozenset({"radiogroup", "dropdown", "checkbox"})
KNOWN: Final = {
    "question": frozenset(
        {"type", "name", "title", "choices", "visibleIf", "help", "isRequired", "description",
         "choicesOrder"}
    ),
    "block": frozenset({"type", "name", "title", "elements", "visibleIf"}),
    "html": frozenset({"type", "name", "html"}),
    "survey": frozenset({"pages", "showQuestionNumbers", "showProgressBar", "firstPageIsStarted"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An answer that can be chosen; its points stand after the last hyphen of its value."""

    value: str
    text: Mapping[str, str]

    @property
    def points(self) -> float:
        """Points it gives."""
        return points(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the survey, in English and French."""

    name: str
    kind: str
    title: Mapping[str, str]
    help: Mapping[str, str]
    choices: tuple[Choice, ...]
    shown_if: Condition | None
    required: bool
    counts: Counts
    section: str

    @property
    def max(self) -> float:
        """Most points an answer can give."""
        given = [choice.points for choice in self.choices]
        return sum(given) if self.kind == "checkbox" else max(given, default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that asks nothing."""

    name: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A page or panel; it is shown if its condition holds and anything inside is shown."""

    name: str
    title: Mapping[str, str]
    shown_if: Condition | None
    parts: tuple[Block | Question | Note, ...]

    def is_shown(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is shown for these answers."""
        return holds(self.shown_if, answers) and any(_is_shown(p, answers) for p in self.parts)

    def questions(self) -> Iterator[Question]:
        """All questions inside, in order."""
        for part in self.parts:
            if isinstance(part, Question):
                yield part
            elif isinstance(part, Block):
                yield from part.questions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All pages, in order."""

    pages: tuple[Block, ...]

    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(q for page in self.pages for q in page.questions())

    def shown(self, answers: Mapping[str, Any]) -> frozenset[str]:
        """Names of the questions that are shown for these answers.

        Conditions are held against the answers as they are, those of hidden questions too: the
        official tool decides once, before it drops any.
        """
        return frozenset(_shown(self.pages, answers))


def points(value: str) -> float:
    """Number after the last hyphen; 0 if there is none, or something else stands there.

    Examples
    --------
    >>> points("item1-3"), points("item1"), points("a-b-2"), points("item1-x")
    (3.0, 0.0, 2.0, 0.0)
    """
    _, hyphen, tail = value.rpartition("-")
    return number(tail) if hyphen else 0.0


@cache
def canada() -> Survey:
    """The official survey that comes with iagkit.

    Raises
    ------
    DeclarationError
        If it holds something that this reader does not know; nothing is skipped.
    """
    return read(json.loads(register_files.reference(FILE)))


def read(told: Mapping[str, Any]) -> Survey:
    """Read a survey of this kind.

    Raises
    ------
    DeclarationError
        If it holds something that this reader does not know.
    """
    _only(told, "survey")
    survey = Survey(pages=tuple(_block(page, "") for page in told["pages"]))
    names = [question.name for question in survey.questions()]
    if len(set(names)) != len(names):
        msg = "expected every question of the survey once; a name stands there twice"
        raise DeclarationError(msg)
    return survey


def _block(told: Mapping[str, Any], section: str) -> Block:
    _only(told, "block")
    name = str(told["name"])
    return Block(
        name=name,
        title=_words(told.get("title", "")),
        shown_if=_condition(told),
        parts=tuple(_part(one, name or section) for one in told["elements"]),
    )


def _part(told: Mapping[str, Any], parent: str) -> Block | Question | Note:
    kind = told.get("type", "")
    if kind == "panel":
        return _block(told, parent)
    if kind == "html":
        _only(told, "html")
        return Note(name=told["name"], text=_words(told["html"]))
    if kind not in {*SELECTS, "text", "comment"}:
        msg = f"expected kinds of questions of the official survey; got '{kind}'"
        raise DeclarationError(msg)
    _only(told, "question")
    return _question(told, parent)


def _question(told: Mapping[str, Any], parent: str) -> Question:
    name, kind = str(told["name"]), str(told["type"])
    told_by = next((end for end in (name[-3:], parent[-3:]) if end in SUFFIXES), "-NS")
    return Question(
        name=name,
        kind=kind,
        title=_words(told["title"]),
        help=_words(told.get("help") or told.get("description") or ""),
        choices=tuple(_choice(one) for one in told.get("choices", ())),
        shown_if=_condition(told),
        required=bool(told.get("isRequired", False)),
        counts=SUFFIXES[told_by] if kind in SELECTS else "none",
        section=parent.removesuffix(parent[-3:]).removesuffix("Panel"),
    )


def _choice(told: Mapping[str, Any]) -> Choice:
    if set(told) != {"value", "text"} or not isinstance(told["value"], str):
        msg = f"expected choices with a value and a text; got {', '.join(sorted(told))}"
        raise DeclarationError(msg)
    return Choice(value=told["value"], text=_words(told["text"]))


def _condition(told: Mapping[str, Any]) -> Condition | None:
    return condition(told["visibleIf"]) if "visibleIf" in told else None


def _words(told: Any) -> Mapping[str, str]:
    if isinstance(told, str):
        return {"en": told, "fr": told}
    english = str(told.get("default") or told.get("en") or "")
    return {"en": english, "fr": str(told.get("fr") or english)}


def _only(told: Mapping[str, Any], what: str) -> None:
    if more := sorted(set(told) - KNOWN[what]):
        msg = (
            f"expected a survey of version {VERSION}; a {what} of it has '{more[0]}', unknown here"
        )
        raise DeclarationError(msg)


def _is_shown(part: Block | Question | Note, answers: Mapping[str, Any]) -> bool:
    if isinstance(part, Note):
        return True
    return part.is_shown(answers) if isinstance(part, Block) else holds(part.shown_if, answers)


def _shown(parts: tuple[Block | Question | Note, ...], answers: Mapping[str, Any]) -> Iterator[str]:
    for part in parts:
        if _is_shown(part, answers):
            if isinstance(part, Question):
                yield part.name
            elif isinstance(part, Block):
                yield from _shown(part.parts, answers)
