"""Whether a simulated process may be believed: beside the past held out and a mere replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iagkit.core.message import Message, say
from iagkit.report.blocks import Block, Bullets, Cell, Heading, Section, Stack, Status, Table, Text
from iagkit.report.story import Story

WITHIN = "process.simulation.within_floor"
MEASURES: dict[str, Message] = {
    "ngd": say("Order of the steps"),
    "aedd": say("When things happen, over the whole time"),
    "cedd": say("Hours of the week in which things happen"),
    "redd": say("Pace within a case"),
    "ctdd": say("How long cases take"),
}


def section(story: Story) -> Section | None:
    """Build the part about the simulation, where one was made."""
    within = story.overall(WITHIN)
    if within is None:
        return None
    voice = story.voice
    if within.value >= 1:
        lead = voice._(
            "A process simulated from the older cases is as near to the newer ones as a replay of "
            "the last cases, or nearer, by every measure. It may be asked what a change would do."
        )
    else:
        lead = voice._(
            "A process simulated from the older cases is further from the newer ones than a mere "
            "replay of the last cases, by some measure. It is not certified: no change may be "
            "adopted because of it."
        )
    blocks: list[Block] = [Text(text=lead, kind="lead"), _table(story), *_assumed(story)]
    return Section(
        name="simulation", title=voice._("Is a simulation like the real process?"), blocks=blocks
    )


def _table(story: Story) -> Table:
    voice = story.voice
    distance, floor = (
        story.by(f"process.simulation.{name}", "measure") for name in ("distance", "floor")
    )
    rows: list[list[Cell]] = []
    for measure, found in distance.items():
        beside, label = floor.get(measure), MEASURES.get(measure)
        near = bool(
            found.estimate and beside and beside.estimate
            and found.estimate.value <= beside.estimate.value
        )  # fmt: skip
        word = voice._("no further") if near else voice._("further")
        name = Stack(main=voice.tell(label) if label else measure, small=measure.upper())
        result = Status(tone="pass" if near else "fail", word=word)
        rows.append([name, story.cell(found), story.cell(beside), result])
    return Table(
        caption=voice._("Distance from the cases held out"),
        headings=[voice._("What is compared"), voice._("Simulation"),
                  voice._("Replay of the last cases"), voice._("Beside the replay")],
        rows=rows, numeric=frozenset({1, 2}), stacked=True, wide=True,
    )  # fmt: skip


def _assumed(story: Story) -> list[Block]:
    told = story.facts.get("simulation")
    remarks: Any = told.get("remarks") if isinstance(told, Mapping) else ()
    sentences = [story.voice.tell(Message(str(r["template"]), r["values"])) for r in remarks or ()]
    if not sentences:
        return []
    items = [f"{text[:1].upper()}{text[1:]}." for text in sentences]
    return [Heading(text=story.voice._("What had to be assumed")), Bullets(items=items)]
