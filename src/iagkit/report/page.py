"""A record → a page in one language, before it is drawn in HTML or Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from iagkit.core.record import Record
from iagkit.report import audit, processes
from iagkit.report.audit.reading import read
from iagkit.report.audit.summary import verdict as of_audit
from iagkit.report.audit.voice import AuditVoice
from iagkit.report.blocks import Page, Section, Status
from iagkit.report.sections import (
    annex,
    data,
    drift,
    evidence,
    groups,
    limits,
    review,
    summary,
    transparency,
    urgency,
    verdicts,
    waiting,
    words,
)  # fmt: skip
from iagkit.report.story import Story

PARTS = (
    summary, verdicts, evidence, urgency, waiting, review, drift, groups, words, data, limits,
    transparency, annex,
)  # fmt: skip


def compose(record: Record, *, lang: str) -> Page:
    """Tell a record in one language.

    Parameters
    ----------
    record : Record
    lang : {"es", "pt", "en"}

    Returns
    -------
    Page
        Blocks of text, tables and drawings; every number in it is one of the record.
    """
    if audit.is_audit(record):
        told = read(record, AuditVoice(lang))
        return _page(told, audit.title(told), *of_audit(told), audit.sections(told))
    if processes.is_process(record):
        story = processes.story_of(record, lang)
        found = processes.sections(story)
        page = _page(story, _titled(story), *processes.verdict(story), found)
        return page if page.verdict.tone == "pass" else replace(page, see=processes.CAUTIONS)
    story = Story.of(record, lang)
    parts = (part.section(story) for part in PARTS)
    return _page(story, _titled(story), *summary.verdict(story), parts)


def _titled(story: Story) -> str:
    title = story.voice.words(story.prototype.get("title"))
    return title or str(story.prototype.get("name", ""))


def _page(
    story: Story, title: str, status: Status, sentence: str, parts: Iterable[Section | None]
) -> Page:
    return Page(
        lang=story.voice.lang,
        title=title,
        kicker=_kicker(story),
        purpose=story.voice.words(story.prototype.get("intended_use")),
        verdict=status,
        sentence=sentence,
        sections=[part for part in parts if part is not None and part.blocks],
        closing=_closing(story),
    )


def _kicker(story: Story) -> str:
    voice, record = story.voice, story.record
    name = voice.words(record.dataset.get("title")) or str(record.dataset.get("name", ""))
    day = record.about.get("sealed_at") or record.about.get("at") or ""
    return voice.say("Audit record · {data} · {day}", data=name, day=voice.date(str(day)))


def _closing(story: Story) -> str:
    return story.voice.say(
        "Told by iagkit {version} from the record with the digest {digest}.",
        version=story.record.about.get("iagkit") or story.record.about.get("version") or "",
        digest=story.record.digest[:16],
    )
