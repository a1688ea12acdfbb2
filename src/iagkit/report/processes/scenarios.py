"""What changes would do, for whom, and if an assumption is wrong; a sketch if not certified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding
from iagkit.report.blocks import Block, Bullets, Cell, Heading, Section, Stack, Table, Text
from iagkit.report.processes import pareto
from iagkit.report.story import Story

SURE, SKETCH = "process.scenarios", "process.sketch"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TIMES: dict[str, Message] = {
    "duration": say("How long cases take, on average"),
    "duration_median": say("Half of the cases, at most"),
    "duration_90": say("Nine in ten, at most"),
}
WAITS: dict[str, Message] = {
    "wait": say("Waiting for people, on average"),
    "wait_median": say("Half wait for people at most"),
    "wait_90": say("Nine in ten wait for people at most"),
}
COSTS: dict[str, Message] = {
    "late": say("Missed deadlines"),
    "duty": say("Hours on duty a week"),
    "cost": say("Cost a week"),
    "work": say("Hours worked a week"),
    "gap": say("Gap between the groups"),
}
PLAIN = ("duty", "cost", "work")
"""Their heading says the unit."""


def section(story: Story) -> Section | None:
    """Build the part about changes, where any was tried."""
    told = story.facts.get("scenarios")
    if not isinstance(told, Mapping) or not told.get("changes"):
        return None
    voice = story.voice
    family = SURE if told.get("certified") == "certified" else SKETCH
    called = letters(story)
    blocks: list[Block] = [
        Text(text=_lead(story, told), kind="lead"),
        Bullets(items=[f"{called[name]}. {text}" for name, text in named(story).items()]),
        _table(story, family, TIMES, voice._("What changes for those who wait")),
        _table(story, family, WAITS, voice._("Of that, waiting for somebody to take it up")),
        _table(story, family, COSTS, voice._("Deadlines, hours and groups")),
    ]  # fmt: skip
    blocks = [b for b in blocks if not isinstance(b, Table) or len(b.headings) > 1]
    blocks += _remarks(story, told)
    blocks += _groups(story, family)
    blocks += pareto.blocks(story, family, told)
    blocks += _worst(story, family, told)
    blocks += _rest(story, told)
    return Section(name="scenarios", title=voice._("What would a change do?"), blocks=blocks)


def named(story: Story) -> dict[str, str]:
    """The sentence of each change, by its name in the record."""
    told: Any = story.facts["scenarios"]
    return {name: _sentence(story, what) for name, what in told["changes"].items()}


def letters(story: Story) -> dict[str, str]:
    """A letter for each change, as the report calls it."""
    told: Any = story.facts["scenarios"]
    return {name: LETTERS[i % 26] for i, name in enumerate(told["changes"])}


def _sentence(story: Story, what: Mapping[str, Any]) -> str:
    text = _told(story, what).rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def _told(story: Story, what: Mapping[str, Any]) -> str:
    if "words" in what:
        return story.voice.words(what["words"]) or ""
    return story.voice.tell(Message(str(what["template"]), what["values"]))


def _lead(story: Story, told: Mapping[str, Any]) -> str:
    voice = story.voice
    values = {"runs": told.get("runs"), "weeks": voice.number(float(told.get("weeks") or 0), 0)}
    if told.get("certified") == "certified":
        return voice.say(
            "Each change was tried in the simulated process, {runs} times with the cases that come "
            "in {weeks} weeks, followed to their end, and with the same luck as without it. Below "
            "zero is less: a difference is sure where its whole interval lies on one side of zero.",
            **values,
        )  # fmt: skip
    sketch = voice.say(
        "Only a sketch: the simulated process is not certified, so that nothing here may be a "
        "reason to adopt a change. Each was tried {runs} times with the cases that come in {weeks} "
        "weeks, and with the same luck as without it; below zero is less.", **values,
    )  # fmt: skip
    return f"{_why(story, told)} {sketch}".strip()


def _why(story: Story, told: Mapping[str, Any]) -> str:
    """What is wrong with the time simulated, where the model itself was as near as a replay."""
    voice = story.voice
    if told.get("certified") == "unfinished":
        return voice.say(
            "When the simulation ends, {share} of the cases are not over; at most {most} may be, "
            "for nobody knows how long they take.",
            share=voice.percent(float(told["unfinished"]), 0),
            most=voice.percent(float(told["most_unfinished"]), 0),
        )
    if told.get("certified") == "emptier":
        return voice._(
            "Cases take longer than people could be simulated at work, so that these are less busy "
            "than they are."
        )
    return ""


def _table(story: Story, family: str, measures: Mapping[str, Message], caption: str) -> Table:
    """One row for the process as it is, and one a change; only measures that are known."""
    voice = story.voice
    now = story.by(f"{family}.now", "measure")
    shown = [m for m in measures if m in now and (m != "cost" or priced(story))]
    found = {m: story.by(f"{family}.{m}", "change") for m in shown}
    first: list[Cell] = [voice._("As it is"), *(_plain(story, m, now[m]) for m in shown)]
    rows: list[list[Cell]] = [first]
    for name, letter in letters(story).items():
        rows.append([letter, *(_plain(story, m, found[m].get(name)) for m in shown)])
    return Table(
        caption=caption,
        headings=[voice._("Change"), *(voice.tell(measures[m]) for m in shown)],
        rows=rows, numeric=frozenset(range(1, len(shown) + 1)), stacked=True, wide=True,
    )  # fmt: skip


def priced(story: Story) -> bool:
    """Whether an hour of a person was given a price."""
    told: Any = story.facts["scenarios"]
    return bool(told.get("priced"))


def _plain(story: Story, measure: str, finding: Finding | None) -> Cell:
    """A cell; plain numbers where the heading says the unit."""
    if measure not in PLAIN or finding is None or finding.estimate is None:
        here = finding is not None and "change" in finding.where
        return _change(story, finding) if here else story.cell(finding)
    e = finding.estimate
    ends = [story.voice.number(end, 1) for end in (e.low, e.high) if end is not None]
    more = "+" if "change" in finding.where and round(e.value, 1) > 0 else ""
    same = len(set(ends)) < 2
    small = "" if same else story.voice.say("{low} to {high}", low=ends[0], high=ends[1])
    return Stack(main=f"{more}{story.voice.number(e.value, 1)}", small=small)


def _change(story: Story, finding: Finding | None) -> Cell:
    """A difference over its interval; shares in points."""
    if finding is None or finding.estimate is None:
        return story.cell(finding)
    e = finding.estimate
    if e.unit != "share":
        return Stack(main=signed(story, e), small=interval(story, e))
    low, high = (100 * (e.value if end is None else end) for end in (e.low, e.high))
    told = (story.voice.number(low, 1), story.voice.number(high, 1))
    return Stack(
        main=story.voice.points(e.value),
        small=story.voice.say("{low} to {high}", low=told[0], high=told[1]),
    )  # fmt: skip


def signed(story: Story, e: Estimate) -> str:
    """A difference, with a plus where it is more than shows as nothing."""
    told = story.voice.value(e)
    return f"+{told}" if e.value > 0 and any(c in "123456789" for c in told) else told


def interval(story: Story, e: Estimate) -> str:
    """Its interval, empty where it is exact."""
    told = story.voice.interval(e)
    return "" if told == "—" else told


def sure(e: Estimate) -> int:
    """-1 or 1 where the whole interval is below or above zero; else 0."""
    if e.low is None or e.high is None:
        return 0
    return -1 if e.high < 0 else int(e.low > 0)


def _groups(story: Story, family: str) -> list[Block]:
    """Who waits less, and who longer."""
    by_change: dict[str, dict[int, list[str]]] = {}
    for f in story.record.select(f"{family}.group"):
        group = next((v for k, v in f.where.items() if k != "change"), "")
        if f.estimate is not None:
            side = by_change.setdefault(f.where["change"], {}).setdefault(sure(f.estimate), [])
            side.append(f"{story.group(group)} ({signed(story, f.estimate)})")
    if not by_change:
        return []
    items = [
        f"{letter}: {' '.join(_who(story, by_change[name]))}"
        for name, letter in letters(story).items()
        if name in by_change
    ]
    return [Heading(text=story.voice._("Who waits less, and who longer")), Bullets(items=items)]


def _who(story: Story, sides: Mapping[int, list[str]]) -> Iterator[str]:
    voice = story.voice
    if sides.get(-1):
        yield voice.say("Surely shorter for {groups}.", groups=", ".join(sides[-1]))
    if sides.get(1):
        yield voice.say("Surely longer for {groups}.", groups=", ".join(sides[1]))
    if sides.get(0):
        yield voice.say("Nothing sure for {groups}.", groups=", ".join(sides[0]))


def _worst(story: Story, family: str, told: Mapping[str, Any]) -> list[Block]:
    """What, were it otherwise than learnt, would leave least of each change."""
    found = story.by(f"{family}.worst", "change")
    worst: Mapping[str, Any] = told.get("worst") or {}
    items = [
        story.voice.say(
            "{letter}: if {what}, the change makes {value} on average.",
            letter=letter, what=_told(story, worst[name]),
            value=f"{signed(story, e)} ({interval(story, e) or '0'})",
        )
        for name, letter in letters(story).items()
        if name in worst and name in found and (e := found[name].estimate) is not None
    ]  # fmt: skip
    if not items:
        return []
    note = story.voice._(
        "More or fewer cases, slower or quicker work, longer or shorter delays were tried; for "
        "each change the one that leaves least of it stands here, beside the process as it would "
        "be then."
    )
    title = story.voice._("If what was assumed is wrong")
    return [Heading(text=title), Text(text=note), Bullets(items=items)]


def _remarks(story: Story, told: Mapping[str, Any]) -> list[Block]:
    """What makes the numbers above less than they look."""
    items = [_sentence(story, what) for what in told.get("remarks") or ()]
    return [Bullets(items=items)] if items else []


def _rest(story: Story, told: Mapping[str, Any]) -> list[Block]:
    """What was not tried."""
    items = [_sentence(story, what) for what in told.get("without") or ()]
    note = Text(text=story.voice._(
        "A simulation knows only what the log tells: not whether a step may be left out by law, "
        "nor how people take a change. Who does the work must say whether it can be done."
    ), kind="note")  # fmt: skip
    if not items:
        return [note]
    return [Heading(text=story.voice._("What was not tried, and why")), Bullets(items=items), note]
