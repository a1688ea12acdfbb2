"""What nobody knows: every question without an answer, with its reason."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.message import Message, say
from iagkit.report.blocks import Block, Bullets, Section, Table, Text
from iagkit.report.processes.summary import QUALITY, log_of
from iagkit.report.story import Story

ALWAYS: tuple[Message, ...] = (
    say("Why a case waited: a log shows when something was done, not why it was not done before."),
    say("Who never came: people who gave up before they opened a case are in no log."),
)
"""What no log can say."""
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
    """One row a reason; questions about the same measure of several groups are told once."""
    silent: dict[str, list[str]] = {}
    for f in story.record.findings:
        if f.estimate is None and not f.check.startswith(QUALITY):
            silent.setdefault(story.sentence(f), []).append(story.voice._(f.question))
    for why, asked in silent.items():
        yield [" ".join(dict.fromkeys(asked)), why]


def _general(story: Story) -> Iterator[Message]:
    log = log_of(story)
    if not log.get("zone"):
        yield NO_ZONE
    if not log.get("resources"):
        yield NO_PEOPLE
    yield from ALWAYS
