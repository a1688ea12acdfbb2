"""When cases come, by month, weekday and hour, and whether by chance alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Final

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts, svg
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text
from iagkit.report.processes.remaining import round_above
from iagkit.report.story import Story
from iagkit.report.svg import Axis

PREFIX: Final = "process.arrivals."
SURE: Final = 0.05 / 2
"""Two tests share one error."""
HOURS: Final = (0, 6, 12, 18, 23)


def section(story: Story) -> Section | None:
    """Build the part about arrivals."""
    weekly = story.overall(f"{PREFIX}weekly")
    if weekly is None:
        return None
    voice = story.voice
    lead = voice.say("{value} come, on average.", value=voice.estimate(weekly))
    blocks: list[Block] = [Text(text=lead, kind="lead")]
    if told := list(_tested(story)):
        blocks.append(Bullets(items=told))
    blocks += _rows(story, "weekday", voice._("Cases that come, by the day of the week"))
    blocks += _hours(story)
    blocks += _rows(story, "month", voice._("Cases that come a day, by the month"))
    return Section(name="arrivals", title=voice._("When do cases come?"), blocks=blocks)


def _tested(story: Story) -> Iterator[str]:
    voice = story.voice
    spread, weeks, bursts = (
        story.overall(f"{PREFIX}{name}") for name in ("dispersion", "dispersion_p", "gaps_p")
    )
    if spread is not None and weeks is not None and weeks.value < SURE and (spread.low or 0.0) > 1:
        yield voice.say(
            "From week to week numbers vary {value} times as much as by chance alone: there are "
            "seasons or waves, and whoever plans with the mean of all weeks falls short in some.",
            value=_times(story, spread),
        )
    elif spread is not None and weeks is not None and weeks.value < SURE:
        yield voice.say(
            "Weeks differ otherwise than by chance alone, but by how much is not certain: {value} "
            "times as much as by chance.",
            value=_times(story, spread),
        )
    elif weeks is not None:
        yield voice._(
            "One and the same week that repeats, and chance, explain how many come in each hour."
        )
    if bursts is not None:
        yield voice._(
            "Within an hour cases do not come one by one: several come together, as from an "
            "appointment, a batch, or a counter that opens."
            if bursts.value < SURE else
            "Within an hour cases come one by one, as chance would have it."
        )  # fmt: skip


def _times(story: Story, spread: Estimate) -> str:
    voice = story.voice
    low, high = (voice.number(end or 0.0, 2) for end in (spread.low, spread.high))
    told = {"value": voice.number(spread.value, 2), "interval": f"{low}–{high}"}
    return voice.say("{value} ({interval}; n = {n})", n=voice.number(spread.n), **told)


def day_name(story: Story, weekday: str) -> str:
    """Name of a weekday; 1 is Monday."""
    name = str(story.voice.locale.days["stand-alone"]["wide"][int(weekday) - 1])
    return name[:1].upper() + name[1:]


def month_name(story: Story, month: str) -> str:
    """Name of a month; 01 is January."""
    name = str(story.voice.locale.months["stand-alone"]["wide"][int(month)])
    return name[:1].upper() + name[1:]


def rates(story: Story, findings: Mapping[str, Finding]) -> Axis:
    """Scale from none to a round number above the highest interval."""
    told = [f.estimate for f in findings.values() if f.estimate is not None]
    top = max((e.value if e.high is None else e.high for e in told), default=1.0)
    high = 4 * round_above(top / 4)
    parts = [high * k / 4 for k in range(5)]
    digits = next((d for d in (0, 1) if all(round(x, d) == round(x, 6) for x in parts)), 2)
    return Axis(low=0.0, high=high, ticks=[(x, story.voice.number(x, digits)) for x in parts])


def _rows(story: Story, key: str, title: str) -> list[Block]:
    found = story.by(f"{PREFIX}{key}", key)
    if not found:
        return []
    voice, name = story.voice, month_name if key == "month" else day_name
    named = {name(story, k): f for k, f in sorted(found.items())}
    drawings = charts.in_parts(
        [charts.row(story, k, f) for k, f in named.items()],
        axis=rates(story, named), title=title, desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice._("Mean of all such days of the log, with its interval.")
    heading = voice._("Month") if key == "month" else voice._("Day of the week")
    table = charts.listed(story, title, heading, named, voice._("Days"))
    return [Heading(text=title), Figure(caption=caption, drawings=list(drawings), table=table)]


def _hours(story: Story) -> list[Block]:
    found = story.by(f"{PREFIX}hour", "hour")
    if not found:
        return []
    voice = story.voice
    title = voice._("Cases that come, by the hour of the day")
    named = {f"{k}:00": f for k, f in sorted(found.items())}
    drawing = svg.curve(
        charts.points(dict(sorted(found.items()))),
        x=Axis(low=0, high=23, ticks=[(h, f"{h}:00") for h in HOURS], title=voice._("Hour")),
        y=rates(story, named), title=title, desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice._("Cases in each hour, mean of all days of the log; the band is the interval.")
    kept = _folded(named)
    table = charts.listed(story, title, voice._("Hour"), kept, voice._("Days"))
    return [Heading(text=title), Figure(caption=caption, drawings=[drawing], table=table)]


def _folded(hours: Mapping[str, Finding]) -> dict[str, Finding]:
    """Hours in a row in which nobody ever came, as one row."""
    told: dict[str, Finding] = {}
    for nobody, run in itertools.groupby(hours.items(), lambda pair: _nobody(pair[1])):
        some = list(run)
        if nobody and len(some) > 1:
            told[f"{some[0][0]}–{some[-1][0][:2]}:59"] = some[0][1]
        else:
            told |= dict(some)
    return told


def _nobody(found: Finding) -> bool:
    e = found.estimate
    return e is not None and e.value == 0 and not e.high
