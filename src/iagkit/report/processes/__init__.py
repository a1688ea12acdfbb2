"""Records of event logs told to people: first whether the log deserves trust, then what it says."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.record import Record
from iagkit.report.blocks import Section
from iagkit.report.processes import (
    annex,
    arrivals,
    causes,
    data,
    foreseen,
    lateness,
    office,
    people,
    quality,
    remaining,
    scenarios,
    simulation,
    staffing,
    summary,
    unknown,
    waits,
    way,
)
from iagkit.report.processes.summary import brief, lines, verdict
from iagkit.report.processes.voice import ProcessVoice
from iagkit.report.sections import limits, transparency, verdicts
from iagkit.report.story import Story

__all__ = ["CAUTIONS", "brief", "is_process", "lines", "sections", "story_of", "verdict"]

CAUTIONS = ("quality", "verdicts", "unknown")
"""Sections in which the cautions of the first sentence stand."""


def is_process(record: Record) -> bool:
    """Tell whether a record is one of an event log."""
    return str(record.prototype.get("recipe") or "").startswith("processes.")


def story_of(record: Record, lang: str) -> Story:
    """Take the voice that writes times of processes."""
    return Story(record=record, voice=ProcessVoice(lang, about="processes"))


def sections(story: Story) -> Iterator[Section | None]:
    """Build all parts, in the order of the page; the annex last, with what no other part told."""
    yield summary.section(story)
    yield quality.section(story)
    yield verdicts.section(story) if story.record.verdicts else None
    yield way.section(story)
    yield waits.section(story)
    yield office.section(story)
    yield waits.late(story)
    yield arrivals.section(story)
    yield people.section(story)
    yield causes.section(story)
    yield remaining.section(story)
    yield lateness.section(story)
    yield foreseen.following(story)
    yield foreseen.drivers(story)
    yield simulation.section(story)
    yield scenarios.section(story)
    yield staffing.section(story)
    yield unknown.section(story)
    yield data.section(story)
    yield limits.section(story)
    yield transparency.section(story)
    yield annex.section(story)
