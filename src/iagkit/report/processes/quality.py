"""How good the log is: told before anything that is read from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding
from iagkit.report.blocks import Block, Bullets, Heading, Section, Table, Text
from iagkit.report.processes.log import QUALITY, log_of
from iagkit.report.story import Story

MANY, SOME = 0.2, 0.05
MISTAKES = (
    "unusable", "impossible_dates", "placeholder_dates", "backwards", "repeated_rows",
    "copied_events", "tied", "unstable_arcs", "without_resource", "without_due", "at_midnight",
)  # fmt: skip
"""Measures of which nothing is good."""
WARNINGS: tuple[tuple[str, float, Message], ...] = (
    ("unusable", 0.0, say(
        "{value} of the rows have a date that cannot be true. They were left out, and whatever "
        "made them may have touched other rows too."
    )),
    ("repeated_rows", 0.0, say(
        "{value} of the rows repeat an earlier one. Somebody who knows the export should say why."
    )),
    ("unstable_arcs", 0.0, say(
        "{value} of the map depends on nothing but the order of rows in the file: where two steps "
        "have the same time, nobody knows which came first."
    )),
    ("at_midnight", 0.5, say(
        "{value} of all times are dates without a time of day. Waits of less than a day cannot be "
        "seen, and the order within a day is not known."
    )),
    ("at_busiest_minute", SOME, say(
        "{value} of all times of day fall on one single minute. That is a program that stamps many "
        "cases at once, not people at work; waits end when it runs."
    )),
    ("without_resource", MANY, say(
        "Of {value} of the events it is not known who did them, so that little can be said of "
        "workloads and shifts."
    )),
    ("open", SOME, say(
        "{value} of the cases are still open. Leaving them out would make waits look shorter than "
        "they are."
    )),
    ("single_events", MANY, say(
        "{value} of the cases have a single event; nothing is known of how long they took."
    )),
)  # fmt: skip
"""Measure, the share above which it is a warning, and what it means."""
NO_STARTS = say(
    "Only the end of each step is recorded, so that waiting and working cannot be told apart."
)


def section(story: Story) -> Section | None:
    """Build the part about the log itself."""
    voice = story.voice
    rows = [f for f in story.record.findings if f.check.startswith(QUALITY)]
    if not rows:
        return None
    told, absent = list(_warnings(story)), [f for f in rows if _absent(f)]
    lead = voice._("Read this first: a handsome map of a bad log does harm.") if told else voice._(
        "Nothing was found that makes the log doubtful. That does not prove that it is complete."
    )  # fmt: skip
    table = Table(
        caption=voice._("What was counted in the log"),
        headings=[voice._("Question"), voice._("Answer"), voice._("Of so many")],
        rows=[[voice._(f.question), _answer(story, f) if f.estimate else story.reason(f),
               story.n(f)] for f in rows if f not in absent],
        numeric=frozenset({1, 2}),
    )  # fmt: skip
    blocks: list[Block] = [Text(text=lead, kind="lead")]
    blocks += [Bullets(items=told)] if told else []
    blocks += [table, *_sought(story, absent), *_remarks(story)]
    return Section(name="quality", title=voice._("Does the log deserve trust?"), blocks=blocks)


def _answer(story: Story, found: Finding) -> str:
    e = found.estimate
    seen = e is not None and e.unit == "share" and e.value > 0
    return _share(story, e) if seen and e is not None else story.cells(found)[0]


def _absent(found: Finding) -> bool:
    """Whether a mistake was looked for in vain."""
    name = found.check.removeprefix(QUALITY)
    return name in MISTAKES and found.estimate is not None and found.estimate.value == 0


def _sought(story: Story, absent: Sequence[Finding]) -> list[Block]:
    """Mistakes that were not found, without a row of zeros for each."""
    if not absent:
        return []
    asked = " ".join(story.voice._(f.question) for f in absent)
    told = story.voice.say("Looked for, and none was found: {asked}", asked=asked)
    return [Text(text=told, kind="note")]


def _warnings(story: Story) -> Iterator[str]:
    voice = story.voice
    for name, above, message in WARNINGS:
        found = story.overall(f"{QUALITY}{name}")
        if found is not None and found.n and found.value > above:
            yield voice.say(message.template, value=_share(story, found))
    timed = story.overall(f"{QUALITY}timed_work")
    if timed is not None and timed.n and timed.value == 0:
        yield voice.tell(NO_STARTS)


def _share(story: Story, found: Estimate) -> str:
    """A share that is seen: what is not nothing is never written as 0.0 %."""
    digits = next((d for d in (1, 2, 3) if round(100 * found.value, d) > 0), 4)
    return story.voice.percent(found.value, digits)


def _remarks(story: Story) -> list[Block]:
    voice = story.voice
    told = [
        voice.tell(Message(str(r["template"]), r["values"]))
        for r in log_of(story).get("remarks") or ()
    ]
    if not told:
        return []
    heading = voice._("What was guessed or left out in reading it")
    note = voice._("Whatever is wrong here can be said otherwise by the options of the command.")
    sentences = [f"{text[:1].upper()}{text[1:]}." for text in told]
    return [Heading(text=heading), Bullets(items=sentences), Text(text=note, kind="note")]
