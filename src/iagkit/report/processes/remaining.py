"""How well it is known how long cases still take: beside the simplest rule, and by group."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts, lasting
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.sections import by_group
from iagkit.report.story import Story
from iagkit.report.svg import Axis

PREFIX = "process.remaining."
ERROR = f"{PREFIX}error"
BIAS = f"{PREFIX}bias"
FAR = 200
"""More of a unit than this are told in a longer one."""
ROUND = (1, 2, 2.5, 5, 10)


def section(story: Story) -> Section | None:
    """Build the part about forecasts, where any was made."""
    error = story.overall(ERROR)
    if error is None:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=_lead(story, error), kind="lead")]
    if told := list(_sentences(story)):
        blocks.append(Bullets(items=told))
    blocks += _figure(story)
    title = voice._("How far forecasts are off, by {column}")
    blocks += by_group.blocks(
        story, ERROR, title=title, axis=days_axis(story, _of_groups(story)),
        counted=voice._("Forecasts"),
    )  # fmt: skip
    blocks += _by_side(story)
    blocks.append(Text(text=voice._(
        "A forecast tells a person what to expect. It must not decide who is served first, and it "
        "says nothing of why a case takes long."
    ), kind="note"))  # fmt: skip
    return Section(name="remaining", title=voice._("How long do cases still take?"), blocks=blocks)


def _lead(story: Story, error: Estimate) -> str:
    voice, median = story.voice, story.overall(f"{PREFIX}error_of_median")
    told = voice.say(
        "Learnt from the older cases and tested on newer ones, a forecast is off by {value}.",
        value=voice.estimate(error),
    )
    if median is None:
        return told
    beside = voice.say(
        "The simplest rule, the median after the same activity, is off by {value}.",
        value=voice.estimate(median),
    )
    return f"{told} {beside}"


def _sentences(story: Story) -> Iterator[str]:
    voice, gain = story.voice, story.overall(f"{PREFIX}difference")
    if gain is not None and gain.low is not None and gain.high is not None:
        if gain.high < 0:
            yield voice._("For the same cases the forecast is better than the simplest rule.")
        elif gain.low > 0:
            yield voice._("For the same cases the forecast is worse than the simplest rule.")
        else:
            yield voice._(
                "For the same cases it cannot be said that the forecast is better than the "
                "simplest rule; then the rule should be used."
            )
    covered = story.overall(f"{PREFIX}coverage")
    if covered is not None:
        yield voice.say(
            "The range told with each forecast is promised to hold {goal} of the time; it held "
            "{value}.",
            goal=voice.percent(float(story.protocol.get("coverage", 0.9)), 0),
            value=voice.estimate(covered),
        )  # fmt: skip


def _figure(story: Story) -> list[Block]:
    voice = story.voice
    named = {
        name: found
        for name, check in (
            (voice._("the forecast"), ERROR),
            (voice._("the simplest rule"), f"{PREFIX}error_of_median"),
        )
        if (found := story.record.find(check)) is not None and found.estimate is not None
    }
    title = voice._("Time by which forecasts are off")
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=days_axis(story, list(named.values())), title=title,
        desc=charts.described(story, named),
    )  # fmt: skip
    caption = voice.say(
        "The dot is the measured value; the line is the interval ({level}) in which the true "
        "value probably lies.",
        level=story.level(),
    )
    table = charts.listed(story, title, voice._("Forecast"), named, voice._("Forecasts"))
    return [Heading(text=title), Figure(caption=caption, drawings=drawings, table=table)]


def _by_side(story: Story) -> list[Block]:
    """Days told too many or too few, by group: means may hide that one is always told too few."""
    voice, found = story.voice, list(story.record.select(BIAS))
    rows: list[list[Cell]] = [
        [", ".join(story.group(v) for v in f.where.values()) or voice._("All together"),
         story.cell(f), story.n(f)]
        for f in found
        if f.estimate is not None
    ]  # fmt: skip
    if not rows:
        return []
    title = voice._("Time by which forecasts are too long; below zero too short")
    headings = [voice._("Group"), voice._("Time"), voice._("Forecasts")]
    return [Table(caption=title, headings=headings, rows=rows, numeric=frozenset({1, 2}))]


def _of_groups(story: Story) -> list[Finding]:
    return [f for f in story.record.select(ERROR) if f.where and f.estimate is not None]


def days_axis(story: Story, findings: list[Finding], *, title: str = "") -> Axis:
    """Scale of times from zero to a round number above the highest interval, in one unit.

    It is that in which the highest value is told beside it, unless intervals reach far beyond.
    """
    told = [f.estimate for f in findings if f.estimate is not None]
    top = max((e.value if e.high is None else e.high for e in told), default=1.0)
    name, size = lasting.unit_of(story.voice, [e.value for e in told])
    if top / size > FAR:
        name, size = lasting.unit_of(story.voice, [top])
    high = round_above(top / size)
    ticks = [(size * high * part / 4, _shown(story, high * part / 4)) for part in range(5)]
    return Axis(low=0.0, high=size * high, ticks=ticks, title=title or name)


def _shown(story: Story, value: float) -> str:
    digits = next((d for d in (0, 1) if round(value, d) == round(value, 6)), 2)
    return story.voice.number(value, digits)


def round_above(value: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 … that is not below."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value > 0:
        power /= 10
    return next((step * power for step in ROUND if step * power >= value), value or 1.0)
