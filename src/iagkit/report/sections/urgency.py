"""How many of the urgent cases are read in time, and what other capacities would find."""

from __future__ import annotations

from dataclasses import replace

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts, svg
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text
from iagkit.report.sections import by_group
from iagkit.report.story import Story
from iagkit.report.svg import Axis, Point

FOUND, MISSED = "urgency.recall_at_capacity", "urgency.expected_missed"


def section(story: Story) -> Section | None:
    """Build the part about urgency, where it was declared."""
    if not story.record.select(FOUND):
        return None
    voice = story.voice
    note = Text(text=voice._(
        "The order only says who is read first. Nothing is left unread because it does not look "
        "urgent, and what the list is worth depends on how many can be read."
    ), kind="note")  # fmt: skip
    blocks = [*_today(story), *_curve(story), *_groups(story), note]
    return Section(name="urgency", title=voice._("Is what is urgent read in time?"), blocks=blocks)


def _today(story: Story) -> list[Block]:
    found = story.record.find(FOUND)
    if found is None or found.estimate is None:
        why = story.sentence(found) if found else ""
        return [Text(text=why, kind="lead")] if why else []
    told = [_read(story, found.estimate)]
    if missed := story.overall(MISSED):
        told.append(story.voice.say(
            "In a hundred days, {value} that are urgent are to be expected among those that are "
            "not read the day they come.", value=story.voice.estimate(_in_hundred_days(missed)),
        ))  # fmt: skip
    lead = Text(text=" ".join(told), kind="lead")
    return [lead, *([Bullets(items=[needed])] if (needed := _needed(story)) else [])]


def _read(story: Story, found: Estimate) -> str:
    voice, listed = story.voice, story.overall("urgency.listed")
    capacity = _capacity(story)
    if listed is None or capacity is None:
        return voice.say("Of the urgent cases, {value} are read.", value=voice.estimate(found))
    return voice.say(
        "{capacity} cases can be read a day, and {listed} come onto a list. Of the urgent ones, "
        "{value} are among those that are read.",
        capacity=voice.number(capacity), value=voice.estimate(found),
        listed=voice.number(listed.value, 1 if listed.value >= 0.1 else 3),
    )  # fmt: skip


def _capacity(story: Story) -> float | None:
    """Cases a day, as declared."""
    told = (story.prototype.get("params") or {}).get("urgency") or {}
    return float(told["capacity"]) if "capacity" in told else None


def _needed(story: Story) -> str:
    found = next(iter(story.by("urgency.capacity_needed", "recall").items()), None)
    if found is None or found[1].estimate is None:
        return ""
    return story.voice.say(
        "To find {goal} of the urgent cases, {value} of a list must be read.",
        goal=story.scale(found[0]), value=story.voice.estimate(found[1].estimate),
    )  # fmt: skip


def _curve(story: Story) -> list[Block]:
    voice, found = story.voice, story.by(FOUND, "capacity")
    points = charts.points(found)
    if not points:
        return []
    title = voice._("What another capacity would find")
    named = {
        voice.say("{n} cases a day", n=voice.number(p.x)): found[key]
        for p, key in zip(points, sorted(found, key=float), strict=True)
    }
    top = max(p.x for p in points)
    axis = Axis(
        low=0.0, high=top, title=voice._("cases that are read a day"),
        ticks=[(x, voice.number(x)) for x in (0.0, *_told(story, points, top))],
    )  # fmt: skip
    drawing = svg.curve(
        points, x=axis, y=charts.close_up(story, found.values()), title=title,
        desc=charts.described(story, named), here=_here(story, points),
    )  # fmt: skip
    caption = voice._(
        "Share of the urgent cases among those that are read. The band is the interval; the ring "
        "marks the declared capacity."
    )
    table = charts.listed(story, title, voice._("Read a day"), named)
    missed = charts.listed(
        story, voice._("Urgent cases to expect in a hundred days that are not read the same day"),
        voice._("Read a day"), _missed(story),
    )  # fmt: skip
    return [Heading(text=title), Figure(caption=caption, drawings=[drawing], table=table), missed]


def _told(story: Story, points: list[Point], top: float) -> list[float]:
    """Capacities far enough apart to be written below one another."""
    capacity = _capacity(story)
    kept = {p.x for p in points if p.x >= top / 8 or p.x == capacity}
    return sorted(kept)


def _here(story: Story, points: list[Point]) -> tuple[Point, str] | None:
    capacity = _capacity(story)
    same = [p for p in points if p.x == capacity]
    return (same[0], story.voice._("as declared")) if same else None


def _missed(story: Story) -> dict[str, Finding]:
    found, voice = story.by(MISSED, "capacity"), story.voice
    return {
        voice.say("{n} cases a day", n=voice.number(float(key))): replace(
            f, estimate=_in_hundred_days(f.estimate) if f.estimate else None
        )
        for key, f in sorted(found.items(), key=lambda one: float(one[0]))
    }


def _in_hundred_days(a_day: Estimate) -> Estimate:
    """Tell the same number in a unit in which it can be read: few are missed in one day."""
    return replace(
        a_day,
        value=100 * a_day.value,
        low=None if a_day.low is None else 100 * a_day.low,
        high=None if a_day.high is None else 100 * a_day.high,
    )


def _groups(story: Story) -> list[Block]:
    return by_group.blocks(
        story, FOUND, title=story.voice._("Urgent cases that are read, by {column}"),
        axis=charts.shares(story, at=charts.QUARTERS),
    )  # fmt: skip
