"""Audits with more than two answers: each class for itself, overall and by group."""

from __future__ import annotations

from iagkit.core.nouns import Finding
from iagkit.report.audit import groups as grouped
from iagkit.report.audit import panels, sentences
from iagkit.report.audit.metrics import METRICS
from iagkit.report.audit.reading import AuditStory, metric_of, suffix_of
from iagkit.report.blocks import Block, Figure, Heading, Section, Table
from iagkit.report.story import OVERALL

OF_EACH = ("performance.precision", "performance.recall", "performance.f1")


def section(story: AuditStory) -> Section | None:
    """Build the part about classes."""
    blocks = [*_overall(story)]
    for column in story.columns():
        for metric in _metrics(story, column):
            blocks += _by(story, column, metric)
    if not blocks:
        return None
    return Section(name="classes", title=story.voice._("Class by class"), blocks=blocks)


def _overall(story: AuditStory) -> list[Block]:
    found = {check: story.by(check, "class") for check in OF_EACH}
    for some in found.values():
        story.tell(some.values())
    known = {check: some for check, some in found.items() if some}
    if not known:
        return []
    voice = story.voice
    classes = dict.fromkeys(c for some in known.values() for c in some)
    caption = voice.say("Each class against the rest ({level} intervals)", level=story.level())
    table = Table(
        caption=caption,
        headings=[voice._("Class"), *map(story.check, known)],
        rows=[[c, *(story.short(some.get(c)) for some in known.values())] for c in classes],
        numeric=frozenset(range(1, len(known) + 1)),
        wide=len(known) > 2,
    )
    drawings = [d for check, some in known.items()
                for d in panels.panel(story, some, title=story.check(check))]  # fmt: skip
    return [Figure(caption=caption, drawings=drawings, table=table, beside=True)]


def _metrics(story: AuditStory, column: str) -> tuple[str, ...]:
    met = dict.fromkeys(
        metric_of(f.check)
        for f in story.of_kind("fairness.")
        if set(f.where) == {column, "class"} and suffix_of(f.check) == ""
    )
    return (*(m for m in METRICS if m in met), *(m for m in met if m not in METRICS))


def _by(story: AuditStory, column: str, metric: str) -> list[Block]:
    """One panel a class, groups as rows."""
    voice, check = story.voice, f"fairness.{metric}"
    by: dict[str, dict[str, Finding]] = {}
    for f in story.by_check.get(check, ()):
        if set(f.where) == {column, "class"} and f.where[column] != OVERALL:
            by.setdefault(f.where["class"], {})[story.group(f.where[column])] = f
            story.tell([f])
    drawings = [d for c, some in by.items() for d in panels.panel(story, some, title=c)]
    caption = voice.say(
        "{measure}, one class against the rest, by {column}.",
        measure=story.metric(metric),
        column=column,
    )
    groups = dict.fromkeys(g for some in by.values() for g in some)
    table = Table(
        caption=caption,
        headings=[voice._("Class"), *groups],
        rows=[[c, *(story.short(some.get(g)) for g in groups)] for c, some in by.items()],
        numeric=frozenset(range(1, len(groups) + 1)),
        wide=True,
    )
    gaps = sentences.of_classes(story, (column,), metric)
    story.tell(gap.finding for gap in gaps)
    drawn = Figure(caption=caption, drawings=drawings, table=table, beside=True)
    blocks = [Heading(text=caption.rstrip(".")), *grouped.told(story, gaps), drawn]
    if gaps:
        title = voice.say(
            "{measure}: gaps between the furthest groups of “{column}”, class by class; shares in "
            "percentage points",
            measure=story.metric(metric),
            column=column,
        )
        apart = grouped.gap_table(story, title, gaps)
        blocks.append(Figure(caption=title, drawings=[], table=apart))
    return blocks
