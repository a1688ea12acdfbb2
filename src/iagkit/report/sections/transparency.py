"""What the institution owes to the public where it says the system is used."""

from __future__ import annotations

from iagkit.report import duties
from iagkit.report.blocks import Block, Section, Text
from iagkit.report.story import Story

PREFIX = "transparency."


def section(story: Story) -> Section | None:
    """Build the part about duties; nothing where no jurisdiction was declared."""
    rows = story.facts.get("duties")
    if rows is None:
        return None
    voice, whole = story.voice, story.overall(f"{PREFIX}documented")
    n = 0 if whole is None else whole.n
    told = 0 if whole is None else round(whole.value * n)
    blocks: list[Block] = [
        Text(text=duties.sentence(voice, documented=told, n=n), kind="lead"),
        *_fields(story),
        *duties.blocks(voice, rows),
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
