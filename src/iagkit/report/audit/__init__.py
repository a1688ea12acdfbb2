"""Records of audits told to people: who was counted, what differs, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.record import Record
from iagkit.report.audit import (
    against,
    annex,
    changes,
    classes,
    confusion,
    crosses,
    further,
    groups,
    method,
    mitigation,
    overall,
    scores,
    summary,
    thresholds,
)
from iagkit.report.audit.fragment import audit_html
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Section
from iagkit.report.sections import verdicts

__all__ = ["TASKS", "audit_html", "is_audit", "sections", "title"]
TASKS = frozenset({"audit", "mitigation", "explanations"})


def is_audit(record: Record) -> bool:
    """Tell whether a record is one of an audit, and not of a prototype."""
    return record.prototype.get("task") in TASKS


def title(story: AuditStory) -> str:
    """Name of the page: the declared one, or what was audited."""
    declared = story.voice.words(story.prototype.get("title"))
    if declared:
        return declared
    card = story.record.dataset
    data = story.voice.words(card.get("title")) or str(card.get("name", ""))
    return story.voice.say("Audit of the predictions in {data}", data=data)


def sections(story: AuditStory) -> Iterator[Section | None]:
    """Build all parts, in the order of the page; the annex last, with what no other part told."""
    yield summary.section(story)
    yield _verdicts(story)
    yield overall.section(story)
    yield groups.section(story)
    yield crosses.section(story)
    yield confusion.section(story)
    yield scores.section(story)
    yield thresholds.section(story)
    yield classes.section(story)
    yield further.ranking(story)
    yield changes.section(story)
    yield against.section(story)
    yield mitigation.section(story)
    yield further.why(story)
    yield method.section(story)
    yield annex.section(story)


def _verdicts(story: AuditStory) -> Section | None:
    return verdicts.section(story) if story.record.verdicts else None
