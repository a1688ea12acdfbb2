"""Duties of transparency as a page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iagkit.report.blocks import Page, Section, Status
from iagkit.report.duties import ADVICE, blocks, sentence
from iagkit.report.voice import Voice
from iagkit.report.write import html


def duties_page(told: Mapping[str, Any], about: str) -> str:
    """Draw duties as one page that loads nothing and runs nothing.

    Parameters
    ----------
    told : mapping
        What ``iagkit duties --json`` prints.
    about : str
        What the system is called.
    """
    voice, counted = Voice(told["lang"]), told["counted"]
    whole = 0 < counted["n"] == counted["documented"]
    status = (
        Status(tone="pass", word=voice._("Documented")) if whole
        else Status(tone="unknown", word=voice._("Not complete yet"))
    )  # fmt: skip
    title = voice._("Which duties of transparency does it have?")
    section = Section(name="duties", title=title, blocks=blocks(voice, told["duties"]))
    return html(Page(
        lang=told["lang"], langs=(told["lang"],), title=title, kicker=about, purpose="",
        verdict=status, sentence=sentence(voice, **counted), sections=[section],
        closing=voice.tell(ADVICE), file="duties",
    ))  # fmt: skip
