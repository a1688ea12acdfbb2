"""What the review list asks of people: how many documents, and why."""

from __future__ import annotations

from iagkit.core.message import Message, say
from iagkit.report.blocks import Section, Table, Text
from iagkit.report.story import Story

LISTED = "review.listed"
WHY: dict[str, Message] = {
    "unsure": say("the program is not sure enough"),
    "only_area": say("only the area is sure"),
    "by_lot": say("drawn by lot, to see how often the program is right"),
}


def section(story: Story) -> Section | None:
    """Build the part about the review list, where the recipe writes one."""
    voice, whole = story.voice, story.overall(LISTED)
    if whole is None:
        return None
    title = voice._("What the review list asks of people")
    if story.record.unproven:
        told = voice.say(
            "A limit that blocks is not met, so the list holds all {n} documents: a person "
            "decides everything.", n=voice.number(whole.n),
        )  # fmt: skip
        return Section(name="review", title=title, blocks=[Text(text=told, kind="lead")])
    told = voice.say(
        "People are asked to read {value} of the documents, {many} of {n}. Those drawn by lot are "
        "the only ones that tell how often the program is right when nobody looks.",
        value=voice.estimate(whole), many=voice.number(round(whole.value * whole.n)),
        n=voice.number(whole.n),
    )  # fmt: skip
    table = Table(
        caption=voice._("Why a person reads it"),
        headings=[voice._("Why a person reads it"), voice._("Documents"), voice._("Share"),
                  voice.say("Interval ({level})", level=story.level())],
        rows=[
            [voice.tell(WHY[why]) if why in WHY else why,
             voice.number(round(f.estimate.value * f.estimate.n)) if f.estimate else "—",
             *story.cells(f)]
            for why, f in story.by(LISTED, "why").items()
        ],
        numeric=frozenset({1, 2, 3}),
    )  # fmt: skip
    return Section(name="review", title=title, blocks=[Text(text=told, kind="lead"), table])
