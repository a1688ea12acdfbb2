"""What time did to the model: no promise is repeated here that an alarm has ended."""

from __future__ import annotations

from iagkit.core.message import Message, say
from iagkit.core.nouns import Finding
from iagkit.report import charts
from iagkit.report.blocks import Block, Figure, Heading, Section, Table, Text
from iagkit.report.story import Story

LEARNT = "learnt"
SINCE = "since"
SIGNALS: dict[str, Message] = {
    "certainty": say("Certainty that the system states for its own answers"),
    "unknown words": say("Words of a document that no document learnt from holds"),
}
CHANGES: dict[str, Message] = {
    "appeared": say("new"),
    "disappeared": say("gone"),
    "more": say("more"),
    "fewer": say("fewer"),
}
REPAIRED: dict[str, Message] = {
    "accuracy": say("Right at the first answer"),
    "decided": say("Decided alone, where 9 in 10 of these answers are right"),
    "coverage": say("The shortlist holds the right destination"),
    "set_size": say("Destinations on the shortlist"),
}


def section(story: Story) -> Section | None:
    """Build the part about time, where the test was of later cases."""
    if not story.record.select("drift.accuracy"):
        return None
    blocks = [
        *_promise(story), *_periods(story), *_signals(story), *_mix(story), *_moved(story),
        *_repaired(story),
    ]  # fmt: skip
    return Section(name="drift", title=story.voice._("What time did to it"), blocks=blocks)


def _promise(story: Story) -> list[Block]:
    voice = story.voice
    promise = story.record.find("drift.guarantee")
    alarm = story.record.find("drift.alarm", signal="reviewed")
    if promise is None or alarm is None:
        return []
    if promise.estimate is not None:
        return [Text(text=voice.say(
            "No alarm was raised in {n} cases reviewed by lot. An alarm would say that what "
            "arrives is no longer like what was learnt from.", n=voice.number(promise.estimate.n),
        ))]  # fmt: skip
    values = promise.because.values if promise.because else {}
    if "period" in values:
        return [Text(text=voice.say(
            "What was promised of the shortlist did not hold in {period}, and no alarm was raised "
            "in time. More cases must be reviewed by lot.", period=str(values["period"]),
        ), kind="lead")]  # fmt: skip
    day = values.get("day", "")
    raised = alarm.estimate
    told = voice.say(
        "What was promised of the shortlist is not valid since {day}. The alarm came after {n} "
        "cases reviewed by lot; in a stream that does not change it is raised, ever, with a "
        "chance of at most 5 in 100.",
        day=voice.date(str(day)), n=voice.number(raised.value) if raised else "—",
    )  # fmt: skip
    return [Text(text=told, kind="lead")]


def _periods(story: Story) -> list[Block]:
    voice = story.voice
    blocks: list[Block] = [Heading(text=voice._("Period by period"))]
    titles = {
        "drift.accuracy": voice._("Right at the first answer, period by period"),
        "drift.coverage": voice._("The shortlist holds the right destination, period by period"),
    }
    for check, title in titles.items():
        found = {_period(story, k): f for k, f in story.by(check, "period").items()}
        rows = [charts.row(story, name, f) for name, f in found.items()]
        drawn = charts.in_parts(
            rows, axis=charts.shares(story), title=title, desc=charts.described(story, found)
        )
        table = charts.listed(story, title, voice._("Period"), found)
        blocks.append(Figure(caption=title, drawings=drawn, table=table))
    return blocks


def _period(story: Story, period: str) -> str:
    return story.voice._("What it learnt from") if period == LEARNT else period


def _both(story: Story, check: str, *keys: str) -> dict[tuple[str, ...], dict[str, Finding]]:
    """Findings of a check by their place, each of what was learnt from and of what came since."""
    found: dict[tuple[str, ...], dict[str, Finding]] = {}
    for f in story.record.select(check):
        if {*keys, "period"} <= set(f.where):
            found.setdefault(tuple(f.where[k] for k in keys), {})[f.where["period"]] = f
    return found


def _signals(story: Story) -> list[Block]:
    voice = story.voice
    found = _both(story, "drift.signal", "signal")
    if not found:
        return []
    rows = [
        [voice.tell(SIGNALS[name]) if name in SIGNALS else name,
         story.cell(both.get(LEARNT)), story.cell(both.get(SINCE))]
        for (name,), both in found.items()
    ]  # fmt: skip
    table = Table(
        caption=voice._("What shows without anyone reading the cases"),
        headings=[voice._("Sign"), voice._("What it learnt from"), voice._("Since then")],
        rows=rows, numeric=frozenset({1, 2}),
    )  # fmt: skip
    return [Heading(text=voice._("What shows without anyone reading the cases")), table]


def _mix(story: Story) -> list[Block]:
    voice = story.voice
    found = _both(story, "drift.class", "class", "change")
    if not found:
        return []
    rows = [
        [story.target(label), voice.tell(CHANGES[kind]) if kind in CHANGES else kind,
         story.cell(both.get(LEARNT)), story.cell(both.get(SINCE))]
        for (label, kind), both in found.items()
    ]  # fmt: skip
    table = Table(
        caption=voice._("Destinations that came, went, grew or shrank"),
        headings=[voice._("Destination"), voice._("Change"), voice._("What it learnt from"),
                  voice._("Since then")],
        rows=rows, numeric=frozenset({2, 3}),
    )  # fmt: skip
    return [Heading(text=voice._("Destinations that came, went, grew or shrank")), table]


def _moved(story: Story) -> list[Block]:
    voice = story.voice
    found = _both(story, "drift.moved", "looks_like", "class")
    if not found:
        return []
    rows = [
        [story.target(looks), story.target(label), story.cell(both.get(LEARNT)),
         story.cell(both.get(SINCE))]
        for (looks, label), both in found.items()
    ]  # fmt: skip
    table = Table(
        caption=voice._("Documents that look like one destination and are now recorded as another"),
        headings=[voice._("Looks like"), voice._("Recorded as"), voice._("What it learnt from"),
                  voice._("Since then")],
        rows=rows, numeric=frozenset({2, 3}),
    )  # fmt: skip
    note = voice._(
        "Renamed and merged offices show here. Whoever keeps the list of destinations should say "
        "which name is in force."
    )
    return [Heading(text=voice._("Where documents moved")), table, Text(text=note, kind="note")]


def _repaired(story: Story) -> list[Block]:
    voice = story.voice
    found = {part: story.record.select(f"drift.repaired.{part}") for part in REPAIRED}
    named = {voice.tell(REPAIRED[part]): f[0] for part, f in found.items() if f}
    if not named:
        return []
    reviewed = next(iter(named.values())).where.get("reviewed", "")
    told = voice.say(
        "With {n} cases reviewed by lot after the alarm, learnt from and used to set the "
        "shortlist anew, a new model reaches this on the cases that nobody reviewed. It must be "
        "run and judged before it is used.",
        n=reviewed,
    )
    title = voice._("What a repair would reach")
    table = charts.listed(story, title, voice._("Measure"), named)
    return [Heading(text=title), Text(text=told), table]
