"""Which words speak for which destination, and what that does not mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from iagkit.report.blocks import Block, Section, Table, Text
from iagkit.report.story import Story

SHOWN = 12
"""Words of a destination that are shown."""


def section(story: Story) -> Section | None:
    """Build the part about reasons, where the record holds any."""
    told = story.facts.get("explanations")
    if not isinstance(told, Mapping) or not told:
        return None
    voice = story.voice
    blocks: list[Block] = [
        Text(text=voice._(
            "The system adds up the weight of words. These are the words that speak most for "
            "each destination. A word speaks for a destination because it was frequent there in "
            "the past; it does not prove anything about a person or a request. Personal names and "
            "numbers are never shown."
        )),
        Table(
            caption=voice._("Words that speak most for each destination"),
            headings=[voice._("Destination"), voice._("Words, the weightiest first")],
            rows=sorted([story.target(code), _words(terms)] for code, terms in told.items()),
        ),
        Text(text=voice._(
            "Anyone whose request was decided can ask for the words that weighed in their own "
            "case."
        ), kind="note"),
    ]  # fmt: skip
    return Section(name="words", title=voice._("What it looks at"), blocks=blocks)


def _words(terms: Sequence[Sequence[Any]]) -> str:
    return ", ".join(str(term[0]) for term in terms[:SHOWN]) or "—"
