"""Why work waits, where starts and ends of work are known."""

from __future__ import annotations

from iagkit.core.message import Message, say
from iagkit.report import charts, lasting
from iagkit.report.blocks import Block, Figure, Section, Text
from iagkit.report.story import Story

SHARE, WAIT = "process.cause.share", "process.cause.wait"
CAUSES: dict[str, Message] = {
    "batching": say("waiting for others, to be done in one go"),
    "prioritisation": say("others that came later were done first"),
    "contention": say("whoever does it was busy with what came before"),
    "unavailability": say("whoever does it was off duty"),
    "extraneous": say("somebody was there and free: something outside the log"),
    "unattributed": say("nobody knows who did it"),
}


def section(story: Story) -> Section | None:
    """Build the part about causes, where any can be told."""
    found = story.by(SHARE, "cause")
    if not found:
        return None
    voice, wait = story.voice, story.overall(WAIT)
    blocks: list[Block] = []
    if wait is not None:
        told = voice.say(
            "A piece of work waits {value}, on average, after what came before it was done.",
            value=voice.estimate(lasting.in_days(wait)),
        )
        blocks.append(Text(text=told, kind="lead"))
    named = {voice.tell(CAUSES[k]) if k in CAUSES else k: f for k, f in found.items()}
    title = voice._("Shares of all waiting")
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=charts.shares(story), title=title, desc=charts.described(story, named), bars=True,
    )  # fmt: skip
    caption = voice._(
        "Every hour of waiting has one cause; they add up to all of it. Calendars of people were "
        "discovered from the log itself, so that a cause may be mistaken where few worked."
    )
    table = charts.listed(story, title, voice._("Cause"), named)
    blocks.append(Figure(caption=caption, drawings=list(drawings), table=table))
    return Section(name="causes", title=voice._("Why does work wait?"), blocks=blocks)
