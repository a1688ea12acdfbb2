"""What time did to the model: no promise is repeated here that an alarm has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iagkit.core.message import Message, Scalar, say
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
    promise = story.record.find("drift.guarantee")
    if promise is None:
        return []
    if promise.estimate is not None:
        return [Text(text=story.voice.say(
            "No alarm was raised in {n} cases reviewed by lot. An alarm would say that what "
            "arrives is no longer like what was learnt from.",
            n=story.voice.number(promise.estimate.n),
        ))]  # fmt: skip
    values = promise.because.values if promise.because else {}
    told = _silent(story, values) if "period" in values else _ended(story, values)
    return [Text(text=told, kind="lead")]


def _silent(story: Story, values: Mapping[str, Scalar]) -> str:
    return story.voice.say(
        "What was promised of the shortlist did not hold in {period}, and no alarm was raised "
        "in time. More cases must be reviewed by lot.",
        period=str(values["period"]),
    )


def _ended(story: Story, values: Mapping[str, Scalar]) -> str:
    voice = story.voice
    # records of before there were two alarms
    older = story.record.find("drift.alarm", signal="reviewed")
    found = next(iter(story.record.select("drift.reviewed")), older)
    reviewed = found.estimate if found else None
    told = {
        "day": voice.date(str(values.get("day", ""))),
        "n": voice.number(reviewed.value) if reviewed else "—",
    }
    if found is not None and found.where.get("alarm") == "certainty":
        return voice.say(
            "What was promised of the shortlist is not valid since {day}. The alarm came from how "
            "certain the system says it is of its own answers, when {n} cases had been reviewed "
            "by lot; in a stream that does not change it is raised, ever, with a chance of at "
            "most 5 in 100.",
            **told,
        )
    return voice.say(
        "What was promised of the shortlist is not valid since {day}. The alarm came after {n} "
        "cases reviewed by lot; in a stream that does not change it is raised, ever, with a "
        "chance of at most 5 in 100.",
        **told,
    )


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


def _signals(story: Story) -> list[Block]:
    title = story.voice._("What shows without anyone reading the cases")
    return _before_and_after(
        story, "drift.signal", {"signal": story.voice._("Sign")}, title=title, caption=title,
        told=lambda where: [_named(story, SIGNALS, where[0])],
    )  # fmt: skip


def _mix(story: Story) -> list[Block]:
    voice = story.voice
    title = voice._("Destinations that came, went, grew or shrank")
    return _before_and_after(
        story, "drift.class", {"class": voice._("Destination"), "change": voice._("Change")},
        title=title, caption=title,
        told=lambda where: [story.target(where[0]), _named(story, CHANGES, where[1])],
    )  # fmt: skip


def _moved(story: Story) -> list[Block]:
    voice = story.voice
    found = _before_and_after(
        story, "drift.moved",
        {"looks_like": voice._("Looks like"), "class": voice._("Recorded as")},
        title=voice._("Where documents moved"),
        caption=voice._(
            "Documents that look like one destination and are now recorded as another"
        ),
        told=lambda where: [story.target(label) for label in where],
    )  # fmt: skip
    note = voice._(
        "Renamed and merged offices show here. Whoever keeps the list of destinations should say "
        "which name is in force."
    )
    return [*found, Text(text=note, kind="note")] if found else []


def _named(story: Story, names: Mapping[str, Message], key: str) -> str:
    return story.voice.tell(names[key]) if key in names else key


def _before_and_after(
    story: Story, check: str, keys: Mapping[str, str], *, title: str, caption: str,
    told: Callable[[tuple[str, ...]], list[str]],
) -> list[Block]:  # fmt: skip
    """A table of what a check found, what was learnt from beside what came since."""
    found: dict[tuple[str, ...], dict[str, Finding]] = {}
    for f in story.record.select(check):
        if {*keys, "period"} <= set(f.where):
            found.setdefault(tuple(f.where[k] for k in keys), {})[f.where["period"]] = f
    if not found:
        return []
    _ = story.voice._
    table = Table(
        caption=caption,
        headings=[*keys.values(), _("What it learnt from"), _("Since then")],
        rows=[
            [*told(where), story.cell(both.get(LEARNT)), story.cell(both.get(SINCE))]
            for where, both in found.items()
        ],
        numeric=frozenset({len(keys), len(keys) + 1}),
    )
    return [Heading(text=title), table]


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
