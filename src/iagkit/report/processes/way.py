"""The way of the cases: the map as a drawing and as tables, what is done again, who goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iagkit.report import charts, process_map
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section
from iagkit.report.story import Story

AGAIN = "process.map.done_again"


def section(story: Story) -> Section | None:
    """Build the part about the map, where anything follows anything."""
    told = story.facts.get("map")
    if not isinstance(told, Mapping) or not told.get("arcs"):
        return None
    blocks: list[Block] = []
    if sentences := list(_ways(story)):
        blocks.append(Bullets(items=sentences))
    blocks += [*process_map.blocks(story.voice, told), *_again(story)]
    return Section(name="map", title=story.voice._("Which way do cases go?"), blocks=blocks)


def _ways(story: Story) -> Iterator[str]:
    voice = story.voice
    many, common = (story.overall(f"process.map.{name}") for name in ("variants", "commonest_way"))
    if many is not None and many.value == 1:
        yield voice._("All cases take one and the same way.")
        return
    if many is not None and common is not None:
        yield voice.say(
            "Cases take {many} different ways; {value} take the commonest one.",
            many=voice.number(many.value), value=voice.estimate(common),
        )  # fmt: skip
    if (alone := story.overall("process.map.own_way")) is not None:
        yield voice.say(
            "{value} of the cases take a way that no other case takes.", value=voice.value(alone)
        )
    if (passed := story.overall("process.map.handed_over")) is not None:
        yield voice.say(
            "At {value} of the steps somebody else goes on with the case.",
            value=voice.estimate(passed),
        )


def _again(story: Story) -> list[Block]:
    voice = story.voice
    named = {k: f for k, f in story.by(AGAIN, "activity").items() if f.estimate is not None}
    if not named:
        return []
    title = voice._("What is done more than once in a case")
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=charts.near_zero(story, named.values()), title=title,
        desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice._(
        "Of the cases with the activity, the share that has it more than once. That may be rework, "
        "or as it should be; people who do the work know."
    )
    table = charts.listed(story, title, voice._("Activity"), named)
    return [Heading(text=title), Figure(caption=caption, drawings=list(drawings), table=table)]
