"""How long cases take while the office is open, beside the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from iagkit.report import lasting
from iagkit.report.blocks import Block, Bullets, Cell, Section, Table, Text
from iagkit.report.processes import gaps
from iagkit.report.story import Story

MEDIAN, OUTSIDE, WAIT = "process.clock.median", "process.clock.outside", "process.clock.wait"
CALENDAR: Final = "process.wait.median"
MANY: Final = 0.2


def section(story: Story) -> Section | None:
    """Build the part about working time, where office hours were declared."""
    office, found = story.facts.get("office"), story.record.find(MEDIAN)
    if not isinstance(office, Mapping) or found is None:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=_lead(story), kind="lead")]
    if told := list(_sentences(story, office)):
        blocks.append(Bullets(items=told))
    blocks += [table for column in gaps.columns(story) if (table := _table(story, column))]
    return Section(name="office", title=voice._("How long is that in working time?"), blocks=blocks)


def _lead(story: Story) -> str:
    voice, working, calendar = story.voice, story.overall(MEDIAN), story.overall(CALENDAR)
    if working is None:
        found = story.record.find(MEDIAN)
        return story.sentence(found) if found is not None else ""
    if calendar is None:
        return voice.say(
            "Half of the cases are closed after {value}, open cases counted.",
            value=voice.estimate(working),
        )
    return voice.say(
        "Half of the cases are closed after {value}, open cases counted; by the calendar that is "
        "{calendar}.",
        value=voice.estimate(working), calendar=voice.value(calendar),
    )  # fmt: skip


def _sentences(story: Story, office: Mapping[str, Any]) -> Iterator[str]:
    voice = story.voice
    hours = voice.number(float(office.get("hours_a_day") or 0.0), 1)
    yield voice.say(
        "A working day has {hours} hours here. Nights, the days on which the office does not open, "
        "and {n} holidays and days of recess are not counted.",
        hours=hours, n=voice.number(int(office.get("closed_days") or 0)),
    )  # fmt: skip
    wait, whole = story.overall(WAIT), story.overall("process.cause.wait")
    if wait is not None and whole is not None:
        yield voice.say(
            "A piece of work waits {value}, on average, while the office is open; by the calendar "
            "{calendar}.",
            value=voice.estimate(wait), calendar=voice.value(lasting.in_days(whole)),
        )  # fmt: skip
    outside = story.overall(OUTSIDE)
    if outside is None:
        return
    share = voice.percent(outside.value)
    if outside.value > MANY:
        yield voice.say(
            "{value} of the events lie outside these hours. Either the hours are wrong, or much is "
            "done outside them; then working time says too little.", value=share,
        )  # fmt: skip
    else:
        yield voice.say("{value} of the events lie outside these hours.", value=share)


def _table(story: Story, column: str) -> Table | None:
    voice = story.voice
    working, calendar = (gaps.by_group(story, check, column) for check in (MEDIAN, CALENDAR))
    if not working:
        return None
    rows: list[list[Cell]] = [
        [name, story.cell(found), story.cell(calendar.get(name)), story.n(found)]
        for name, found in working.items()
    ]
    return Table(
        caption=voice.say("Working time until half of the cases are closed, by {column}",
                          column=column),
        headings=[column, voice._("Working time"), voice._("By the calendar"), voice._("Cases")],
        rows=rows, numeric=frozenset({1, 2, 3}), wide=True, stacked=True,
    )  # fmt: skip
