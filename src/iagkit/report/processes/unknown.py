"""What nobody knows: every question without an answer, with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iagkit.core.message import Message, say
from iagkit.core.nouns import Finding
from iagkit.report.blocks import Block, Bullets, Section, Table, Text
from iagkit.report.processes import gaps
from iagkit.report.processes.log import QUALITY, log_of
from iagkit.report.sections import transparency
from iagkit.report.story import OVERALL, Story

ALWAYS: tuple[Message, ...] = (
    say("Why a case waited: a log shows when something was done, not why it was not done before."),
    say("Who never came: people who gave up before they opened a case are in no log."),
)
"""What no log can say."""
ELSEWHERE = (QUALITY, transparency.PREFIX)
"""Beginnings of the names of checks whose part says itself what it does not know."""
NO_ZONE = say("In which time zone the times were written; office hours and nights may be shifted.")
NO_PEOPLE = say("Who did the work; nothing can be said of workloads, skills and shifts.")


def section(story: Story) -> Section:
    """Build the part about what is not known."""
    voice = story.voice
    blocks: list[Block] = [
        Text(text=voice._("Not knowing is an answer too; none of it was guessed."))
    ]
    if rows := list(_rows(story)):
        blocks.append(
            Table(
                caption=voice._("Questions without an answer"),
                headings=[voice._("Question"), voice._("Why there is no answer")],
                rows=rows,
                stacked=True,
            )
        )
    blocks.append(Bullets(items=[voice.tell(told) for told in _general(story)]))
    return Section(name="unknown", title=voice._("What nobody knows"), blocks=blocks)


def _rows(story: Story) -> Iterator[list[str]]:
    """One row for all questions that have the same reasons; none is asked twice."""
    silent: dict[str, dict[str, list[str]]] = {}
    for f in story.record.findings:
        if f.estimate is None and f.because is not None and not f.check.startswith(ELSEWHERE):
            reasons = silent.setdefault(_asked(story, f), {})
            reasons.setdefault(f.because.template, []).append(story.sentence(f))
    same: dict[tuple[str, ...], list[str]] = {}
    for asked, reasons in silent.items():
        told = tuple(_reason(story, list(dict.fromkeys(some))) for some in reasons.values())
        same.setdefault(told, []).append(asked)
    for why, questions in same.items():
        yield [" ".join(questions), " ".join(why)]


def _asked(story: Story, found: Finding) -> str:
    """The question, and that it is one of some groups where it was answered for all together."""
    asked, groups = story.voice._(found.question), set(gaps.columns(story))
    named = any(k in groups and v != OVERALL for k, v in found.where.items())
    if named and story.overall(found.check) is not None:
        return story.voice.say("{asked} (of some groups)", asked=asked)
    return asked


def _reason(story: Story, sentences: Sequence[str]) -> str:
    """The first of reasons that differ in their numbers only, and how many more there are."""
    if len(sentences) == 1:
        return sentences[0]
    more = story.voice.say("(With other numbers elsewhere: {n}.)", n=len(sentences) - 1)
    return f"{sentences[0]} {more}"


def _general(story: Story) -> Iterator[Message]:
    log = log_of(story)
    if not log.get("zone"):
        yield NO_ZONE
    if not log.get("resources"):
        yield NO_PEOPLE
    yield from ALWAYS
