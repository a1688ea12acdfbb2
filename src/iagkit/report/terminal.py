"""The same verdicts for a terminal: a title, a table, one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iagkit.core.nouns import Estimate, Verdict
from iagkit.core.record import Record
from iagkit.report import audit, names, processes
from iagkit.report.audit import against, changes, further
from iagkit.report.audit.reading import AuditStory, read
from iagkit.report.audit.summary import lines
from iagkit.report.audit.summary import verdict as of_audit
from iagkit.report.audit.voice import AuditVoice
from iagkit.report.blocks import Bullets, Heading, Section, Status, Text
from iagkit.report.sections.summary import verdict as of_all
from iagkit.report.story import Story

ASKED_BESIDE = (changes.section, against.section, further.ranking)
"""Parts of the page that answer ``--time``, ``--against`` and ``--capacity``."""
FIRST = 3
"""Sentences of each that a terminal tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a person sees in the terminal.

    Parameters
    ----------
    title, sentence : str
    headings : sequence of str
    rows : sequence of sequence of str
        One a verdict, in the order of the record; as many cells as headings.
    lines : sequence of str
        Of an audit: what differs, what was not found, what was asked beside; to be told below
        the table.
    """

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    sentence: str
    lines: Sequence[str] = ()


def summary(record: Record, *, lang: str) -> Summary:
    """Tell the verdicts of a record in a few words.

    Parameters
    ----------
    record : Record
    lang : {"es", "pt", "en"}
    """
    if audit.is_audit(record):
        told = read(record, AuditVoice(lang))
        return _summary(told, *of_audit(told), [*_unlimited(told), *lines(told), *_beside(told)])
    if processes.is_process(record):
        story = processes.story_of(record, lang)
        return _summary(story, *processes.verdict(story), processes.lines(story))
    story = Story.of(record, lang)
    return _summary(story, *of_all(story))


def _unlimited(story: AuditStory) -> Iterator[str]:
    """Say why no limit is told, which could be taken for all of them being met."""
    if not story.record.verdicts:
        policy = story.prototype.get("policy", {}).get("name", "")
        yield story.voice.say(
            "The policy “{policy}” has no limit for what was audited, so nothing was judged.",
            policy=policy,
        )


def _beside(story: AuditStory) -> Iterator[str]:
    """First sentences of what was asked beside gaps; the page tells the rest."""
    for part in ASKED_BESIDE:
        if (found := part(story)) is not None:
            told = [(f"{found.title}. {sentence}", proven) for sentence, proven in _told(found)]
            some = [s for s, proven in told if proven] or [s for s, _ in told]
            yield from list(dict.fromkeys(some))[:FIRST]


def _told(section: Section) -> Iterator[tuple[str, bool]]:
    """Sentences of a section after the first block, and whether each stands for itself."""
    heading = ""
    for block in section.blocks:
        if isinstance(block, Heading):
            heading = f"{block.text} " if block.text.endswith("?") else f"{block.text}: "
        elif isinstance(block, Bullets):
            yield from ((f"{heading}{item}", True) for item in block.items)
        elif isinstance(block, Text) and heading:
            yield f"{heading}{block.text}", False


def _summary(story: Story, status: Status, sentence: str, lines: Sequence[str] = ()) -> Summary:
    _ = story.voice._
    return Summary(
        title=_("Was each limit met?"),
        headings=[_("Result"), _("What is asked"), _("Measured"), _("Why")],
        rows=[_row(story, verdict) for verdict in story.record.verdicts],
        sentence=f"{status.mark} {status.word}. {sentence}",
        lines=lines,
    )


def _row(story: Story, verdict: Verdict) -> list[str]:
    voice = story.voice
    finding = story.record.find(verdict.check, **verdict.where)
    known = finding.estimate if finding else None
    place = story.place(verdict.where)
    asked = story.check(verdict.check) + (f" ({place})" if place else "")
    return [
        voice.tell(names.RESULTS[verdict.result]),
        asked,
        _measured(story, verdict.check, known),
        voice.tell(verdict.because, unit=known.unit if known else ""),
    ]


def _measured(story: Story, check: str, known: Estimate | None) -> str:
    if known is None:
        return "—"
    return story.voice.gap(known) if check.endswith(".gap") else story.voice.estimate(known)
