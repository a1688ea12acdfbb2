"""How long cases take with open ones counted, how many are late, and who waits longer."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.nouns import Finding
from iagkit.report import charts
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.processes import gaps
from iagkit.report.processes.remaining import days_axis
from iagkit.report.processes.summary import late_told
from iagkit.report.story import Story

MEDIAN, CLOSED = "process.wait.median", "process.wait.completed_only"
SHORT, TURNED, OPEN = "process.wait.understated", "process.wait.reversed", "process.wait.open"
LATE = "process.late.rate"


def section(story: Story) -> Section | None:
    """Build the part about durations."""
    found = story.record.find(MEDIAN)
    if found is None:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=_lead(story, found), kind="lead")]
    if told := list(_closed_only(story)):
        blocks.append(Bullets(items=told))
    for column in gaps.columns(story):
        blocks += _column(story, column)
    return Section(name="waits", title=voice._("How long do cases take?"), blocks=blocks)


def _lead(story: Story, found: Finding) -> str:
    if found.estimate is None:
        return story.sentence(found)
    return story.voice.say(
        "Half of the cases are closed after {value}, open cases counted.",
        value=story.voice.estimate(found.estimate),
    )


def _closed_only(story: Story) -> Iterator[str]:
    voice, closed, short = story.voice, story.overall(CLOSED), story.overall(SHORT)
    if closed is not None:
        yield voice.say(
            "If open cases were left out, as is often done, it would look like {value}.",
            value=voice.estimate(closed),
        )
    if short is not None and short.low is not None and short.low > 0:
        yield voice.say(
            "That is too short by {value}: the cases that take long are those that are still open.",
            value=voice.estimate(short),
        )


def _column(story: Story, column: str) -> list[Block]:
    voice = story.voice
    named = gaps.by_group(story, MEDIAN, column)
    title = voice.say("Time until half of the cases are closed, by {column}", column=column)
    blocks: list[Block] = [Heading(text=title)]
    if turned := _turned(story, column):
        blocks.append(Text(text=turned, kind="lead"))
    known = {name: f for name, f in named.items() if f.estimate is not None}
    if known:
        blocks.append(Figure(
            caption=voice._(
                "Open cases counted. Each group with its interval; the short upright line marks "
                "all cases together."
            ),
            drawings=_drawn(story, named, title), table=None,
        ))  # fmt: skip
    if named:
        blocks.append(_table(story, column, named, title))
    return [*blocks, *gaps.blocks(story, "process.wait.gap", column)]


def _drawn(story: Story, named: dict[str, Finding], title: str) -> list[str]:
    whole = story.overall(MEDIAN)
    return list(charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=days_axis(story, list(named.values())), title=title,
        desc=charts.described(story, named), marks=[whole.value] if whole else [],
    ))  # fmt: skip


def _table(story: Story, column: str, named: dict[str, Finding], title: str) -> Table:
    voice = story.voice
    closed, open_ = (gaps.by_group(story, check, column) for check in (CLOSED, OPEN))
    rows: list[list[Cell]] = [
        [name, story.cell(open_.get(name)), story.cell(found), story.cell(closed.get(name)),
         story.n(found)]
        for name, found in named.items()
    ]  # fmt: skip
    return Table(
        caption=title,
        headings=[column, voice._("Still open"), voice._("Time, open cases counted"),
                  voice._("Time, closed cases only"), voice._("Cases")],
        rows=rows, numeric=frozenset({1, 2, 3, 4}), wide=True, stacked=True,
    )  # fmt: skip


def _turned(story: Story, column: str) -> str:
    found = gaps.of_column(story, TURNED, column)
    if found is None or found.estimate is None or not found.estimate.value:
        return ""
    low, high = found.between or ("", "")
    if not low:
        return ""
    return story.voice.say(
        "Whoever looks at closed cases only gets the order wrong: {first} and {second} change "
        "places.", first=story.group(low), second=story.group(high),
    )  # fmt: skip


def late(story: Story) -> Section | None:
    """Build the part about deadlines."""
    found = story.record.find(LATE)
    if found is None or found.estimate is None:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=late_told(story, found.estimate), kind="lead")]
    for column in gaps.columns(story):
        blocks += _late_by(story, column)
    return Section(name="late", title=voice._("How many cases are late?"), blocks=blocks)


def _late_by(story: Story, column: str) -> list[Block]:
    voice = story.voice
    named = gaps.by_group(story, LATE, column)
    if not named:
        return []
    title = voice.say("Cases that missed their deadline, by {column}", column=column)
    whole = story.overall(LATE)
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()],
        axis=charts.near_zero(story, named.values()), title=title,
        desc=charts.described(story, named), marks=[whole.value] if whole else [],
    )  # fmt: skip
    caption = voice._(
        "Each group with its interval; the short upright line marks all cases together."
    )
    table = charts.listed(story, title, column, named)
    figure = Figure(caption=caption, drawings=list(drawings), table=table)
    return [Heading(text=title), figure, *gaps.blocks(story, f"{LATE}.gap", column)]
