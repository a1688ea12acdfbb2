"""What the institution owes to the public where it says the system is used."""

from __future__ import annotations

from iagkit.report import duties
from iagkit.report.blocks import Block, Section, Text
from iagkit.report.story import Story

PREFIX = "transparency."


def section(story: Story) -> Section | None:
    """Build the part about duties; nothing where no jurisdiction was declared."""
    told = story.facts.get("duties")
    if told is None:
        return None
    voice = story.voice
    blocks: list[Block] = [
        Text(text=duties.sentence(voice, **told["counted"]), kind="lead"),
        *_fields(story),
        *duties.blocks(voice, told["told"]),
    ]
    title = voice._("Which duties of transparency does it have?")
    return Section(name="transparency", title=title, blocks=blocks)


def _fields(story: Story) -> list[Block]:
    asked = story.overall(f"{PREFIX}fields")
    if asked is None:
        return []
    told = story.voice.say(
        "Of what they ask, this run and the answers declared with it document {value}. More "
        "answers are given with iagkit publish --answers; iagkit duties counts again.",
        value=story.voice.estimate(asked),
    )
    return [Text(text=told)]
