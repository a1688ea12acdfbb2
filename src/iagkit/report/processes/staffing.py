"""How many people a week needs, what a plan of shifts gives, and what its trial shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.dates import get_day_names

from iagkit.core.message import Message
from iagkit.core.nouns import Finding
from iagkit.report.blocks import Block, Bullets, Cell, Heading, Section, Stack, Status, Table, Text
from iagkit.report.story import Story

PREFIX = "process.staffing."
HOURS = ("needed", "on_duty", "planned")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""As the record names them."""
KINDS = ("needed", "on_duty", "planned", "in_time", "worst_half_hour")


def section(story: Story) -> Section | None:
    """Build the part about staff, where any was planned."""
    told = story.facts.get("staffing")
    if not isinstance(told, Mapping) or not told.get("desks"):
        return None
    voice = story.voice
    lead = voice.say(
        "How many people each half-hour of a week needs so that {share} of the work is taken up "
        "within {hours}, the shifts that give them at the least cost, and what becomes of "
        "the work when that plan is tried in a simulation.",
        share=voice.percent(float(told["target"]), 0),
        hours=voice.amount(float(told["within_hours"]), "hours"),
    )  # fmt: skip
    blocks: list[Block] = [
        Text(text=lead, kind="lead"),
        _table(story, told["desks"]),
        *_plans(story, told),
        Heading(text=voice._("What was taken for granted")),
        Bullets(items=[_sentence(story, m) for m in told.get("assumed") or ()]),
        Text(text=voice._(
            "Every half-hour stands in staffing.csv, the shifts in shifts.csv: how many people, "
            "never which. What the log shows of the people who are there includes work of other "
            "desks, so that hours planned are no measure of hours too many."
        ), kind="note"),
    ]  # fmt: skip
    return Section(
        name="staffing", title=voice._("How many people are needed, and when?"), blocks=blocks
    )


def _table(story: Story, desks: list[Mapping[str, Any]]) -> Table:
    voice = story.voice
    found = {kind: story.by(f"{PREFIX}{kind}", "desk") for kind in KINDS}
    rows: list[list[Cell]] = []
    for desk in desks:
        name = str(desk["name"])
        first = Stack(main=name, small=voice.say("{n} people seen", n=desk["people"]))
        cells = [_cell(story, kind, found[kind].get(name)) for kind in KINDS]
        rows.append([first, *cells, _verdict(story, str(desk["verdict"]))])
    return Table(
        caption=voice._("Hours of people a week, by desk"),
        headings=[voice._("Desk"), voice._("Needed"), voice._("On duty in the log"),
                  voice._("Planned"), voice._("Taken up in time"),
                  voice._("In the worst half-hour"), voice._("Promise")],
        rows=rows, numeric=frozenset(range(1, 6)), stacked=True, wide=True,
    )  # fmt: skip


def _cell(story: Story, kind: str, finding: Finding | None) -> Cell:
    """A cell; hours as plain numbers, for the caption says the unit."""
    if kind not in HOURS or finding is None or finding.estimate is None:
        return story.cell(finding)
    e, number = finding.estimate, story.voice.number
    ends = "" if e.low is None or e.high is None or e.low == e.high else (
        f"{number(e.low, 0)}–{number(e.high, 0)}"
    )  # fmt: skip
    return Stack(main=number(e.value, 0), small=ends)


def _verdict(story: Story, verdict: str) -> Status:
    voice = story.voice
    if verdict == "reached":
        return Status(tone="pass", word=voice._("kept"))
    if verdict == "impossible":
        return Status(tone="fail", word=voice._("cannot be kept"))
    return Status(tone="unknown", word=voice._("not known"))


def _plans(story: Story, told: Mapping[str, Any]) -> list[Block]:
    """How good each plan is proven to be, and what it lacks."""
    items = [text for desk in told["desks"] for text in _of_desk(story, desk)]
    return [Bullets(items=items)] if items else []


def _of_desk(story: Story, desk: Mapping[str, Any]) -> list[str]:
    voice, name, plan = story.voice, str(desk["name"]), desk.get("plan")
    found = []
    if len(desk["activities"]) > 1:
        found.append(
            voice.say(
                "{desk} is: {activities}.", desk=name, activities=", ".join(desk["activities"])
            )
        )
    if plan is None:
        return [*found, voice.say("{desk}: no plan was found before the search ended.", desk=name)]
    people = plan["people"]
    if plan["proven"]:
        found.append(voice.say(
            "{desk}: {people} people; it is proven that no cheaper shifts give as much.",
            desk=name, people=people,
        ))  # fmt: skip
    elif plan["gap"] is not None:
        found.append(voice.say(
            "{desk}: {people} people; shifts cheaper by at most {gap} may exist.",
            desk=name, people=people, gap=voice.percent(float(plan["gap"]), 0),
        ))  # fmt: skip
    else:
        found.append(voice.say(
            "{desk}: {people} people; how much cheaper shifts may be is not known.",
            desk=name, people=people,
        ))  # fmt: skip
    if plan["missing"]:
        found.append(voice.say(
            "{desk}: people lack first on {when}.", desk=name,
            when=", ".join(_when(story, when) for when in plan["missing"]),
        ))  # fmt: skip
    return found + [f"{name}: {_sentence(story, remark)}" for remark in desk.get("remarks") or ()]


def _when(story: Story, when: str) -> str:
    """``Mon 09:30`` as the reader names the day."""
    day, _, hour = when.partition(" ")
    if day not in DAYS:
        return when
    return f"{get_day_names('wide', locale=story.voice.locale)[DAYS.index(day)]} {hour}"


def _sentence(story: Story, told: Mapping[str, Any]) -> str:
    text = story.voice.tell(Message(str(told["template"]), told["values"]))
    return f"{text[:1].upper()}{text[1:]}."
