"""What it is not for, and what people do."""

from __future__ import annotations

from iagkit.report.blocks import Block, Heading, Pairs, Section, Text
from iagkit.report.story import Story


def section(story: Story) -> Section:
    """Build the part about limits and people."""
    voice, declared = story.voice, story.prototype
    blocks: list[Block] = []
    if words := voice.words(declared.get("not_for")):
        blocks += [Heading(text=voice._("What it is not for")), Text(text=words)]
    if people := story.human(declared.get("human_role") or ()):
        blocks += [Heading(text=voice._("What people do")), Pairs(items=people)]
    return Section(name="limits", title=voice._("Limits, and the part of people"), blocks=blocks)
