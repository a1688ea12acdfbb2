"""Who waits how long until a case is read, and how long anything can wait."""

from __future__ import annotations

from dataclasses import replace

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text
from iagkit.report.sections import by_group
from iagkit.report.story import Story
from iagkit.report.svg import Axis

WAIT, OF_URGENT = "urgency.wait", "urgency.wait_of_urgent"
ALL_WAITS = (WAIT, OF_URGENT, "urgency.wait_of_others")
STEPS = (1, 2, 5)
TICKS = 4
PAID = 0.05
"""Days later from which others pay: less is told as none."""


def section(story: Story) -> Section | None:
    """Build the part about waiting, where urgency was declared."""
    wait = story.record.find(WAIT)
    if wait is None:
        return None
    title = story.voice._("Who waits, and how long?")
    if wait.estimate is None:
        return Section(name="waiting", title=title, blocks=[Text(text=story.sentence(wait))])
    blocks = [*_bound(story), *_means(story), *_groups(story)]
    return Section(name="waiting", title=title, blocks=blocks)


def _bound(story: Story) -> list[Block]:
    voice, bound = story.voice, story.record.find("urgency.guaranteed_wait")
    if bound is None:
        return []
    if bound.estimate is None:
        told = voice.say("How long a case waits at most, nobody can promise: {why}.",
                         why=story.reason(bound))  # fmt: skip
    else:
        told = voice.say(
            "Every day of waiting moves a case up, so nothing waits for ever: as long as no more "
            "comes than came, everything has been read after {value}.",
            value=voice.value(bound.estimate),
        )
    return [Text(text=told, kind="lead"), *_longest(story)]


def _longest(story: Story) -> list[Block]:
    voice, found = story.voice, story.by("urgency.longest_wait", "order")
    known = {order: f.estimate for order, f in found.items() if f.estimate}
    items = []
    if {"urgency", "arrival"} <= set(known):
        items.append(voice.say(
            "The longest wait that came about was {ours}; by order of arrival it would have been "
            "{first}.", ours=voice.value(known["urgency"]), first=voice.value(known["arrival"]),
        ))  # fmt: skip
    gained = {k: f.estimate for k, f in story.by("urgency.days_gained", "urgent").items()}
    if (yes := gained.get("yes")) is not None:
        items.append(voice.say(
            "Urgent cases are read {value} sooner than by order of arrival.",
            value=voice.estimate(yes),
        ))  # fmt: skip
    if (no := gained.get("no")) is not None:
        items.append(_paid(story, _later(no)))
    return [Bullets(items=items)] if items else []


def _paid(story: Story, later: Estimate) -> str:
    value = story.voice.estimate(later)
    if later.value < PAID:
        return story.voice.say(
            "The others are read {value} later than by order of arrival.", value=value
        )
    return story.voice.say(
        "The others pay for it: they are read {value} later than by order of arrival.", value=value
    )


def _later(sooner: Estimate) -> Estimate:
    """Tell days sooner as days later."""
    return replace(
        sooner,
        value=-sooner.value,
        low=None if sooner.high is None else -sooner.high,
        high=None if sooner.low is None else -sooner.low,
    )


def _means(story: Story) -> list[Block]:
    voice = story.voice
    names = {
        WAIT: voice._("Any case"),
        OF_URGENT: voice._("Urgent cases"),
        "urgency.wait_of_others": voice._("Cases that are not urgent"),
    }
    named = {names[c]: f for c in ALL_WAITS if (f := story.record.find(c)) is not None}
    title = voice._("Days until a case is read, on average")
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=_days(story, *named.values()), title=title, desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice._(
        "The dot is the mean; the line is the interval, made by reading weeks that could have "
        "come in another order. It does not reach below no wait."
    )
    table = charts.listed(story, title, voice._("Cases"), named)
    return [Heading(text=title), Figure(caption=caption, drawings=drawings, table=table)]


def _groups(story: Story) -> list[Block]:
    voice = story.voice
    titles = {
        WAIT: voice._("Who waits longer? Days until a case is read, by {column}"),
        OF_URGENT: voice._("Days until an urgent case is read, by {column}"),
    }
    return [
        block
        for check, title in titles.items()
        for block in by_group.blocks(
            story, check, title=title, axis=_days(story, *story.record.select(check))
        )
    ]


def _days(story: Story, *findings: Finding) -> Axis:
    """Scale from no wait to the next round number of days above the highest interval."""
    top = max((_high(f.estimate) for f in findings if f.estimate), default=1.0)
    steps = (step * 10.0**power for power in range(6) for step in STEPS)
    step = next(step for step in steps if step * TICKS >= top or step >= 5e5)
    ticks = [(step * i, story.voice.number(step * i)) for i in range(TICKS + 1)]
    return Axis(low=0.0, high=step * TICKS, ticks=ticks, title=story.voice._("days"))


def _high(estimate: Estimate) -> float:
    return estimate.value if estimate.high is None else estimate.high
