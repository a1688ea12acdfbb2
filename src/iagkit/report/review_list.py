"""The review list in the language of those who work through it: headings, cells, a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from iagkit.core.message import say
from iagkit.core.record import Record
from iagkit.report.blocks import Page, Section, Status, Table, Text
from iagkit.report.story import Story
from iagkit.report.voice import Voice
from iagkit.report.write import html

ID = "id"
"""Called so in every language, as it is how decisions find their case again."""
NAME = "review-list"
"""Its files, before the language and the ending."""
CERTAIN = 0.99
"""A share above is told to be above it: nothing is told to be sure."""
COLUMNS = (
    ("proposed", say("Proposed")),
    ("others", say("Next in line")),
    ("confidence", say("Confidence")),
    ("area", say("Area")),
    ("urgency", say("Urgency")),
    ("matter", say("Same matter")),
    ("on_pattern", say("Mass filing on one pattern: documents")),
    ("why", say("Why a person reads it")),
)
FILLED_IN = (say("Decision"), say("Reviewer"))
OPTIONAL = ("area", "urgency", "matter", "on_pattern")
SHARES = ("confidence", "urgency")
NUMBERS = (*SHARES, "on_pattern")


def headings(lines: Sequence[Any], *, lang: str) -> list[str]:
    """Names of the columns: those of the list, and two for people to fill in."""
    voice = Voice(lang)
    shown = [voice.tell(title) for name, title in COLUMNS if name in _told(lines)]
    return [ID, *shown, *map(voice.tell, FILLED_IN)]


def cells(lines: Sequence[Any], *, lang: str) -> list[list[Any]]:
    """Rows under :func:`headings`; numbers stay numbers, so that a spreadsheet can sort them."""
    voice, told = Voice(lang), _told(lines)
    return [
        [line.id, *(_cell(voice, getattr(line, name)) for name in told), "", ""] for line in lines
    ]


def review_page(lines: Sequence[Any], record: Record, *, lang: str) -> str:
    """Tell the list as one HTML file that asks nobody for anything."""
    story = Story.of(record, lang)
    voice, told = story.voice, _told(lines)
    titles = dict(COLUMNS)
    table = Table(
        caption=voice._("Documents for a person, in the order to read them"),
        headings=[ID, *(voice.tell(titles[name]) for name in told)],
        rows=[
            [line.id, *(_shown(voice, name, getattr(line, name)) for name in told)]
            for line in lines
        ],
        numeric=frozenset(i for i, name in enumerate(told, start=1) if name in NUMBERS),
        stacked=True,
    )
    first = (
        voice._("The most urgent come first.")
        if "urgency" in told
        else voice._("First come those whose answers teach most, then the least sure.")
    )
    how = voice._(
        "Write each decision into the column for it in review-list.xlsx or review-list.csv, and "
        "give the file to: iagkit feedback. Those drawn by lot stand scattered among the others, "
        "and tell how often the program is right."
    )
    return html(
        Page(
            lang=lang,
            title=voice._("Review list"),
            kicker=voice.words(record.prototype.get("title")),
            purpose=voice.words(record.prototype.get("intended_use")),
            verdict=Status(
                tone="plain", word=voice.plural("{n} document", "{n} documents", len(lines))
            ),
            sentence=voice.words(record.prototype.get("human_role", {}).get("reviewer")),
            sections=[
                Section(
                    name="list",
                    title=voice._("Review list"),
                    blocks=[Text(text=f"{first} {how}"), table],
                )
            ],
            closing=voice.say(
                "Told by iagkit {version} from the record with the digest {digest}.",
                version=record.about.get("iagkit") or "",
                digest=record.digest[:16],
            ),
            file=NAME,
        )
    )


def _told(lines: Sequence[Any]) -> list[str]:
    """Columns that say something of at least one document."""
    return [
        name
        for name, _ in COLUMNS
        if name not in OPTIONAL or any(getattr(line, name) is not None for line in lines)
    ]


def _cell(voice: Voice, value: Any) -> Any:
    if hasattr(value, "template"):
        return voice.tell(value)
    if isinstance(value, tuple):
        return " | ".join(value)
    return "" if value is None else value


def _shown(voice: Voice, name: str, value: Any) -> str:
    if name in SHARES and value is not None:
        return f"> {voice.percent(CERTAIN, 0)}" if value > CERTAIN else voice.percent(value, 0)
    return str(_cell(voice, value))
