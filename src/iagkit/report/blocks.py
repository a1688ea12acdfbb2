"""What a page is made of, whatever it is written in; HTML and Markdown draw the same blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["pass", "fail", "unknown", "plain"]
MARKS: dict[str, str] = {"pass": "✓", "fail": "✗", "unknown": "?", "plain": "·"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A result, told by sign, by word and by colour."""

    tone: Tone
    word: str

    @property
    def mark(self) -> str:
        """Sign that stands beside the word."""
        return MARKS[self.tone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A table cell of two lines: what matters, and below it the small print."""

    main: str | Status
    small: str = ""


Cell = str | Status | Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph."""

    text: str
    kind: Literal["plain", "lead", "note"] = "plain"
    block: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading within a section."""

    text: str
    block: str = "heading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list."""

    items: Sequence[str]
    block: str = "bullets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Terms and what they mean."""

    items: Sequence[tuple[str, str]]
    block: str = "pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Something to type."""

    text: str
    block: str = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings; the first cell of each row names it.

    ``wide`` tables scroll on a telephone, ``stacked`` ones become a card a row.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: frozenset[int] = field(default_factory=frozenset)
    wide: bool = False
    stacked: bool = False
    block: str = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Drawings side by side under one caption, and the same numbers as a table.

    ``drawings`` are SVG elements made by ``iagkit.report.svg``, already escaped.
    """

    caption: str
    drawings: Sequence[str]
    table: Table | None = None
    beside: bool = False
    block: str = "figure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """A hundred cases, drawn; ``drawing`` is made by ``iagkit.report.svg``."""

    sentence: str
    drawing: str
    legend: Sequence[tuple[str, str]]
    block: str = "frequencies"


Block = Text | Heading | Bullets | Pairs | Code | Table | Figure | Frequencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page with its own heading and place in the table of contents."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole report in one language; ``file`` is its name before the language and the ending.

    ``langs`` are the languages it is there in, its own included; ``see`` names the sections where
    the cautions of the first sentence stand.
    """

    lang: str
    title: str
    kicker: str
    purpose: str
    verdict: Status
    sentence: str
    sections: Sequence[Section]
    closing: str
    file: str = "report"
    langs: Sequence[str] = ("es", "pt", "en")
    see: Sequence[str] = ()
