"""Those who work, all together; nobody is named, ranked, or told apart from fewer than five."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from iagkit.report import charts
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text
from iagkit.report.processes.arrivals import day_name, rates
from iagkit.report.story import Story

PREFIX: Final = "process.people."


def section(story: Story) -> Section | None:
    """Build the part about those who work."""
    many = story.overall(f"{PREFIX}count")
    if many is None:
        return None
    voice = story.voice
    lead = voice.say(
        "{n} people or offices did the work that the log tells of.", n=voice.number(many.value)
    )
    blocks: list[Block] = [Text(text=lead, kind="lead"), Bullets(items=list(_sentences(story)))]
    blocks += _on_duty(story, "weekday", voice._("How many are usually there, by weekday"))
    blocks += _on_duty(story, "hour", voice._("How many are usually there, by hour"))
    blocks.append(Text(text=voice._(
        "Nobody is named or ranked here. A log shows what was recorded, not how hard or how well "
        "somebody worked; it must not be used to watch or to grade people."
    ), kind="note"))  # fmt: skip
    return Section(name="people", title=voice._("Who is there to do the work?"), blocks=blocks)


def _sentences(story: Story) -> Iterator[str]:
    voice = story.voice
    pieces, kinds, busy, tenth, hanging = (
        story.overall(f"{PREFIX}{name}")
        for name in ("pieces", "activities", "busy_hours", "busiest_tenth", "hanging")
    )
    if pieces is not None and kinds is not None:
        yield voice.say(
            "Half of them did at most {pieces}; half of them do at most {kinds}.",
            pieces=voice.estimate(pieces), kinds=voice.estimate(kinds),
        )  # fmt: skip
    if busy is not None:
        yield voice.say(
            "Half of them have work under way at most {value}, in weeks in which they work.",
            value=voice.estimate(busy),
        )
    if tenth is not None:
        yield voice.say(
            "The tenth of them with most work did {value} of all.", value=voice.estimate(tenth)
        )
    if hanging is not None and hanging.value > 0:
        yield voice.say(
            "{value} of the frequent activities hang on one person, who does more than four fifths "
            "of them: if that person is missing, they may stand still.",
            value=voice.estimate(hanging),
        )


def _on_duty(story: Story, key: str, title: str) -> list[Block]:
    found = {
        k: f for k, f in sorted(story.by(f"{PREFIX}on_duty", key).items())
        if f.estimate is None or f.estimate.value > 0
    }  # fmt: skip
    known = [f for f in found.values() if f.estimate is not None]
    if not known:
        return []
    voice = story.voice
    named = {day_name(story, k) if key == "weekday" else f"{k}:00": f for k, f in found.items()}
    drawings = charts.in_parts(
        [charts.row(story, k, f) for k, f in named.items()],
        axis=rates(story, named), title=title, desc=charts.described(story, named), bars=True,
    )  # fmt: skip
    caption = voice._(
        "Whoever left traces in this hour of the week in at least a tenth of the weeks counts as "
        "there; hours without anybody are left out, and counts below five are not told."
    )
    heading = voice._("Day of the week") if key == "weekday" else voice._("Hour")
    table = charts.listed(story, title, heading, named, voice._("Of so many"))
    return [Heading(text=title), Figure(caption=caption, drawings=list(drawings), table=table)]
