"""Cost, time and gap of each change in one picture, with the same numbers in a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from iagkit.core.message import Message, say
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Table, Text
from iagkit.report.names import UNITS
from iagkit.report.processes import scenarios
from iagkit.report.story import Story
from iagkit.report.svg import Axis, Frame, Point, drawing, element, percent, written

HEIGHT = 260
NEAR = 16
"""Pixels between labels, at least."""
PLAIN = ("cost", "late")
"""What is no time."""
LEAST_SHARE = 0.01
"""Room beside shares, so that ticks differ."""
NO_COST = say("The cost is left out: the log does not tell who worked from when to when.")
NO_GROUPS = say("The gap between groups is left out: no column of groups was declared.")
FEW = say(
    "The gap between groups is left out: there are not two groups of “{column}” with {n} cases or "
    "more in each run."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A change, or the process as it is."""

    letter: str
    values: Mapping[str, float]
    front: bool


def blocks(story: Story, family: str, told: Mapping[str, Any]) -> list[Block]:
    """A picture of time and what else is known, a table, and why the rest is left out."""
    spots = _spots(story, family, set(told.get("front") or ()))
    known = [a for a in ("cost", "duration", "gap") if all(a in s.values for s in spots)]
    aims = known if len(known) > 1 or not all("late" in s.values for s in spots) else [
        *known, "late",
    ]  # fmt: skip
    voice = story.voice
    missing = [voice.tell(why) for why in _missing(known, told)]
    if "duration" not in aims or len(aims) < 2:
        note = voice._(
            "Neither the cost nor the gap between groups is known, so that changes can only be "
            "ranked by the days that cases take."
        )
        return [Text(text=note, kind="note"), *([Bullets(items=missing)] if missing else [])]
    title = voice._("Changes weighed against one another")
    across = next(a for a in aims if a != "duration")
    desc = voice.say(
        "{n} points; none is better in everything than {front}.",
        n=len(spots), front=", ".join(s.letter for s in spots if s.front),
    )  # fmt: skip
    caption = voice._(
        "Full dots: no other point is as good in everything and better in something. Rings: "
        "another one is. Means of the runs; the nearer to the lower left corner the better."
    )
    picture = _picture(story, spots, across, title, desc)
    table = _table(story, spots, aims, title)
    found: list[Block] = [
        Heading(text=title), Figure(caption=caption, drawings=[picture], table=table),
    ]  # fmt: skip
    return [*found, Bullets(items=missing)] if missing else found


def _missing(known: list[str], told: Mapping[str, Any]) -> list[Message]:
    """Why what a change is weighed by is left out."""
    found = [] if "cost" in known else [NO_COST]
    if "gap" in known or "column" not in told:
        return found
    few = Message(FEW.template, {"column": told["column"], "n": told["fewest"]})
    return [*found, few if told["column"] else NO_GROUPS]


def _spots(story: Story, family: str, front: set[str]) -> list[Spot]:
    now = story.by(f"{family}.now", "measure")
    base = {m: f.estimate.value for m, f in now.items() if f.estimate}
    found = [Spot(letter=story.voice._("As it is"), values=base, front="" in front)]
    for name, letter in scenarios.letters(story).items():
        values = {}
        for aim, value in base.items():
            change = story.by(f"{family}.{aim}", "change").get(name)
            if change is not None and change.estimate is not None:
                values[aim] = value + change.estimate.value
        found.append(Spot(letter=letter, values=values, front=name in front))
    return found


def _title(story: Story, aim: str, spots: list[Spot]) -> str:
    """What a scale shows, with its unit."""
    if aim == "cost" and not scenarios.priced(story):
        return story.voice.tell(scenarios.COSTS["duty"])
    title = story.voice.tell({**scenarios.TIMES, **scenarios.COSTS}[aim])
    if aim in PLAIN:
        return title
    unit = "hours" if _in_hours(spots) else "days"
    return f"{title} ({story.voice.tell(UNITS[unit])})"


def _in_hours(spots: list[Spot]) -> bool:
    return max(s.values["duration"] for s in spots) < 2


def _scaled(spots: list[Spot]) -> list[Spot]:
    """Days as hours where they are few."""
    if not _in_hours(spots):
        return spots
    return [
        replace(s, values={a: v * (1 if a in PLAIN else 24) for a, v in s.values.items()})
        for s in spots
    ]


def _axis(story: Story, aim: str, spots: list[Spot], title: str) -> Axis:
    values = [s.values[aim] for s in spots]
    low, high = min(values), max(values)
    room = 0.15 * (high - low) or 0.1 * abs(high) or 1.0
    room = max(room, LEAST_SHARE) if aim == "late" else room
    low, high = max(low - room, 0.0) if low >= 0 else low - room, high + room
    ticks = [low + (high - low) * part / 4 for part in range(5)]
    digits = 0 if high - low > 20 else 1 if high - low > 2 else 2
    told = [(x, _told(story, aim, x, digits)) for x in ticks]
    return Axis(low=low, high=high, ticks=told, title=title)


def _told(story: Story, aim: str, value: float, digits: int) -> str:
    return story.voice.percent(value, 1) if aim == "late" else story.voice.number(value, digits)


def _picture(story: Story, spots: list[Spot], across: str, title: str, desc: str) -> Markup:
    names = {aim: _title(story, aim, spots) for aim in ("duration", across)}
    spots = _scaled(spots)
    y = _axis(story, "duration", spots, names["duration"])
    frame = Frame(x=_axis(story, across, spots, names[across]), y=y, bottom=HEIGHT, top=34)
    body = [*frame.scales(), written(y.title, 2, 14, cls="tick")]
    taken: list[tuple[float, float]] = []
    for spot in sorted(spots, key=lambda s: s.values["duration"]):
        x, value = spot.values[across], spot.values["duration"]
        at = Point(x=x, y=value, low=value, high=value)
        left, down = frame.across(x), frame.down(value)
        body.append(
            frame.dot(at, 6) if spot.front
            else element("circle", cls="ring", cx=percent(left), cy=down, r=6)
        )  # fmt: skip
        label = down + 4
        while any(abs(left - x0) < 12 and abs(label - y0) < NEAR for x0, y0 in taken):
            label -= NEAR
        taken.append((left, label))
        right = left < 80
        side = left + 2 if right else left - 2
        body.append(
            written(spot.letter, side, label, anchor="start" if right else "end", cls="here")
        )
    return drawing(body, height=HEIGHT + 40, title=title, desc=desc)


def _table(story: Story, spots: list[Spot], aims: list[str], title: str) -> Table:
    voice = story.voice
    names = [_title(story, a, spots) for a in aims]
    rows = [
        [s.letter, *(_told(story, a, s.values[a], 2) for a in aims),
         voice._("yes") if s.front else voice._("no")]
        for s in _scaled(spots)
    ]  # fmt: skip
    headings = [voice._("Change"), *names, voice._("Not beaten")]
    return Table(
        caption=title, headings=headings, rows=rows,
        numeric=frozenset(range(1, len(aims) + 1)), stacked=True,
    )  # fmt: skip
