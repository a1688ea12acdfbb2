"""What is done next, and what moves the forecasts, in kinds of inputs that have a name."""

from __future__ import annotations

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.report import charts
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text
from iagkit.report.processes.remaining import days_axis
from iagkit.report.story import Story

NEXT, DRIVERS = "process.next.", "process.drivers."
INPUTS: dict[str, Message] = {
    "left": say("how near the deadline is"),
    "time": say("how long the case has been open and waiting"),
    "who": say("who had it"),
    "load": say("how much work the office had"),
    "date": say("day and time of the year"),
    "done": say("how much was done in it"),
    "step": say("the last steps"),
    "case": say("what was written down at its opening"),
}


def following(story: Story) -> Section | None:
    """Build the part about the next activity."""
    right = story.overall(f"{NEXT}right")
    last = story.overall(f"{NEXT}right_of_last")
    if right is None or last is None:
        return None
    voice = story.voice
    lead = voice.say(
        "What is done next was told rightly {value} of the time; by the most frequent follower of "
        "the last activity it is {rule}.", value=voice.estimate(right), rule=voice.estimate(last),
    )  # fmt: skip
    told = [_better(story, story.overall(f"{NEXT}difference"))]
    top, top_of_last = (story.overall(f"{NEXT}{name}") for name in ("top_3", "top_3_of_last"))
    if top is not None and top_of_last is not None:
        told.append(voice.say(
            "It was among the three likeliest {value} of the time, and among the three most "
            "frequent followers {rule}.",
            value=voice.estimate(top), rule=voice.estimate(top_of_last),
        ))  # fmt: skip
    blocks: list[Block] = [Text(text=lead, kind="lead"), Bullets(items=[t for t in told if t])]
    return Section(name="next", title=voice._("What is done next?"), blocks=blocks)


def _better(story: Story, gain: Estimate | None) -> str:
    voice = story.voice
    if gain is None or gain.low is None:
        return ""
    if gain.low > 0:
        return voice.say(
            "For the same cases looking further back is right more often, by {size}.",
            size=voice.gap(gain),
        )
    return voice._(
        "For the same cases it cannot be said that looking further back is right more often; then "
        "the rule should be used."
    )


def drivers(story: Story) -> Section | None:
    """Build the part about what moves forecasts."""
    voice = story.voice
    blocks: list[Block] = []
    for name, title in (
        ("days", voice._("Time by which forecasts of the time that remains are moved")),
        ("risk", voice._("Points by which the chance to be late is moved")),
    ):
        blocks += _sizes(story, f"{DRIVERS}{name}", title, days=name == "days")
    if not blocks:
        return None
    lead = voice._(
        "What the program looks at is told here in a few kinds. That a kind moves a forecast does "
        "not mean that it makes cases slow."
    )
    contest = voice._(
        "Whoever wants to know what moved the forecast of their own open case asks with its "
        "number, and gets a letter: iagkit explain, with the folder and --id."
    )
    blocks = [Text(text=lead, kind="lead"), *blocks, Text(text=contest, kind="note")]
    return Section(name="drivers", title=voice._("What moves the forecasts?"), blocks=blocks)


def _sizes(story: Story, check: str, title: str, *, days: bool) -> list[Block]:
    voice = story.voice
    named = {
        voice.tell(INPUTS[kind]) if kind in INPUTS else kind: f
        for kind, f in story.by(check, "input").items()
        if f.estimate is not None
    }
    if not named:
        return []
    found = list(named.values())
    axis = days_axis(story, found) if days else charts.near_zero(story, found)
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=axis, title=title, desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice._("Mean size over cases drawn by lot, to whichever side, beside other cases.")
    table = charts.listed(story, title, voice._("What the program looks at"), named)
    return [Heading(text=title), Figure(caption=caption, drawings=list(drawings), table=table)]
