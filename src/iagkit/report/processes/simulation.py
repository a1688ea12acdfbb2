"""Whether a simulated process may be believed: beside the past held out and a mere replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iagkit.core.message import Message, say
from iagkit.core.nouns import Finding
from iagkit.report.blocks import Block, Bullets, Cell, Heading, Section, Stack, Status, Table, Text
from iagkit.report.story import Story

PREFIX = "process.simulation."
WITHIN = f"{PREFIX}within_floor"
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
    sure = within.value if within.low is None else within.low
    best = within.value if within.high is None else within.high
    if sure >= 1:
        lead = voice._(
            "A process simulated from the older cases is as near to the newer ones as a replay of "
            "the last cases, or nearer, by every measure. It may be asked what a change would do."
        )
    elif best >= 1:
        lead = voice._(
            "It is not known whether a process simulated from the older cases is as near to the "
            "newer ones as a mere replay of the last cases: its runs lie on both sides. It is not "
            "certified: no change may be adopted because of it."
        )
    else:
        lead = voice._(
            "A process simulated from the older cases is further from the newer ones than a mere "
            "replay of the last cases, by some measure. It is not certified: no change may be "
            "adopted because of it."
        )
    blocks: list[Block] = [Text(text=lead, kind="lead"), _table(story), *_fragile(story),
                           *_assumed(story)]  # fmt: skip
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
        name = Stack(main=voice.tell(label) if label else measure, small=measure.upper())
        rows.append([name, story.cell(found), story.cell(beside), _side(story, found, beside)])
    return Table(
        caption=voice._("Distance from the cases held out"),
        headings=[voice._("What is compared"), voice._("Simulation"),
                  voice._("Replay of the last cases"), voice._("Beside the replay")],
        rows=rows, numeric=frozenset({1, 2}), stacked=True, wide=True,
    )  # fmt: skip


def _side(story: Story, found: Finding, beside: Finding | None) -> Status:
    """Where the runs lie beside the replay, their whole interval counted."""
    voice, runs = story.voice, found.estimate
    floor = beside.estimate.value if beside and beside.estimate else None
    if runs is not None and floor is not None:
        low, high = (runs.value if end is None else end for end in (runs.low, runs.high))
        if high <= floor:
            return Status(tone="pass", word=voice._("no further"))
        if low > floor:
            return Status(tone="fail", word=voice._("further"))
    return Status(tone="unknown", word=voice._("not known"))


def _fragile(story: Story) -> list[Block]:
    """How many comparisons other cases held out could have turned round."""
    every = [f.estimate for f in story.by(f"{PREFIX}beside", "measure").values() if f.estimate]
    turned = [e for e in every if e.low is None or e.high is None or e.low <= 0 < e.high]
    if not turned:
        return []
    return [
        Text(text=story.voice.say(
            "The intervals above are those of the runs, for the cases that were held out. Had "
            "other cases been held out, the comparison could have come out the other way for {k} "
            "of {n} measures: so few cases are little evidence.", k=len(turned), n=len(every),
        ), kind="note")
    ]  # fmt: skip


def _assumed(story: Story) -> list[Block]:
    told = story.facts.get("simulation")
    remarks: Any = told.get("remarks") if isinstance(told, Mapping) else ()
    sentences = [story.voice.tell(Message(str(r["template"]), r["values"])) for r in remarks or ()]
    if not sentences:
        return []
    items = [f"{text[:1].upper()}{text[1:]}." for text in sentences]
    return [Heading(text=story.voice._("What had to be assumed")), Bullets(items=items)]
