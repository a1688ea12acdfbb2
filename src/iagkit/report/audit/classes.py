"""Audits with more than two answers: each class for itself, overall and by group."""

from __future__ import annotations

from iagkit.core.nouns import Finding
from iagkit.report.audit import panels
from iagkit.report.audit.metrics import METRICS
from iagkit.report.audit.reading import AuditStory, metric_of, suffix_of
from iagkit.report.audit.sentences import Gap
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Table
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
    blocks: list[Block] = [Heading(text=caption.rstrip("."))]
    if told := _gaps(story, column, metric):
        blocks.append(Bullets(items=told))
    return [*blocks, Figure(caption=caption, drawings=drawings, table=table, beside=True)]


def _gaps(story: AuditStory, column: str, metric: str) -> list[str]:
    told = []
    for f in story.by_check.get(f"fairness.{metric}.gap", ()):
        if set(f.where) != {column, "class"} or f.where[column] != OVERALL:
            continue
        story.tell([f])
        gap = Gap(metric=metric, columns=(column,), finding=f)
        told.append(_gap(story, gap, f.where["class"]))
    return told


def _gap(story: AuditStory, gap: Gap, of: str) -> str:
    voice = story.voice
    if gap.estimate is None:
        return voice.say(
            "“{name}”: not known, because {why}.", name=of, why=story.reason(gap.finding)
        )
    value = voice.gap(gap.estimate)
    if not gap.proven:
        return voice.say("“{name}”: {value}; chance alone could explain it.", name=of, value=value)
    low, high = (story.group(g) for g in gap.finding.between or ("—", "—"))
    return voice.say(
        "“{name}”: {value}, lowest in “{low}”, highest in “{high}”; more than chance explains.",
        name=of, value=value, low=low, high=high,
    )  # fmt: skip
