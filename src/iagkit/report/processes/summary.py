"""The first page of a log: may anything be decided from it, and what it says in a few sentences."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.nouns import Estimate
from iagkit.report.blocks import Block, Bullets, Heading, Section, Status, Text
from iagkit.report.processes import monday
from iagkit.report.processes.log import QUALITY, log_of
from iagkit.report.story import Story


def verdict(story: Story) -> tuple[Status, str]:
    """Say in one sentence whether anything may be decided from this log."""
    voice, record = story.voice, story.record
    if any(v.check.startswith(QUALITY) for v in record.blocked):
        told = voice._(
            "The log does not deserve trust: an indispensable limit of its quality was not met. "
            "Mend the log before anything is decided from it."
        )
        return Status(tone="fail", word=voice._("Not as it is")), told
    if record.blocked:
        told = voice._("It must not be used as it is: an indispensable limit was not met.")
        return Status(tone="fail", word=voice._("Not as it is")), told
    if record.unproven:
        told = voice._(
            "It is not known whether an indispensable limit is met. What stands here may be read, "
            "but nothing may be decided from it alone."
        )
        return Status(tone="unknown", word=voice._("Not enough evidence")), told
    if any(v.result != "pass" and v.on_fail != "note" for v in record.verdicts):
        told = voice._(
            "The log can be read with its cautions. Somebody must decide about each limit "
            "that is not met or not known, and answer for it."
        )
        return Status(tone="unknown", word=voice._("With conditions")), told
    told = voice._(
        "Every limit was met. The log can be read; whoever changes the work because of it answers "
        "for the change."
    )
    return Status(tone="pass", word=voice._("May be used")), told


def section(story: Story) -> Section:
    """Build the part that says the most important."""
    voice = story.voice
    blocks: list[Block] = [Text(text=_size(story), kind="lead")]
    if cautions := monday.cautions(story):
        blocks += [Heading(text=voice._("Mend this first")), Bullets(items=cautions)]
    if steps := monday.first_steps(story):
        blocks += [Heading(text=voice._("What to do on Monday")), Bullets(items=steps)]
    if told := list(brief(story)):
        blocks += [Heading(text=voice._("In short")), Bullets(items=told)]
    return Section(name="summary", title=story.voice._("What the log says"), blocks=blocks)


def _size(story: Story) -> str:
    log, voice = log_of(story), story.voice
    return voice.say(
        "{cases} cases and {events} events, from {first} to {last}; {activities} different "
        "activities.",
        cases=log.get("cases"), events=log.get("events"), activities=log.get("activities"),
        first=voice.date(str(log.get("first", ""))), last=voice.date(str(log.get("last", ""))),
    )  # fmt: skip


def lines(story: Story) -> list[str]:
    """The most important in a few sentences; also for a terminal."""
    return [*monday.cautions(story), *monday.first_steps(story), *brief(story)]


def brief(story: Story) -> Iterator[str]:
    """What the log says in a few sentences, without what the office has to do."""
    voice = story.voice
    if (open_ := story.overall(f"{QUALITY}open")) is not None:
        yield (
            voice.say(
                "When the log ends, {value} of the cases are still open.", value=voice.value(open_)
            )
            if open_.value
            else voice._("No case that was looked at is open when the log ends.")
        )
    if (median := story.overall("process.wait.median")) is not None:
        yield voice.say(
            "Half of the cases are closed after {value}, open cases counted.",
            value=voice.estimate(median),
        )
    if (late := story.overall("process.late.rate")) is not None:
        yield late_told(story, late)
    unstable = story.overall(f"{QUALITY}unstable_arcs")
    if unstable is not None and 0 < unstable.value <= monday.UNSTABLE:
        yield voice.say(
            "{value} of the map depends on nothing but the order of rows in the file, as steps "
            "have the same time.", value=voice.value(unstable),
        )  # fmt: skip


def late_told(story: Story, late: Estimate) -> str:
    """How many missed their deadline, and which deadlines were left out of that."""
    voice = story.voice
    told = voice.say(
        "Of the cases whose deadline is known to have been met or missed, {value} missed it.",
        value=voice.estimate(late),
    )
    early = story.overall("process.late.before_opening")
    if early is None or not early.value:
        return told
    left = voice.say(
        "Cases whose deadline is earlier than their opening are a mistake of the log and left out "
        "of that share: {n}.", n=round(early.value * early.n),
    )  # fmt: skip
    return f"{told} {left}"
