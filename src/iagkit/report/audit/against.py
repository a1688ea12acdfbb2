"""Two answers to the same rows side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iagkit.core.nouns import Finding
from iagkit.report.audit import panels
from iagkit.report.audit.families import measures, turned
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text

AGAINST = "against."


def section(story: AuditStory) -> Section | None:
    """Build the part about two answers to the same rows."""
    metrics = measures(story, AGAINST)
    if not metrics:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=voice._(
        "The same rows were answered twice. Each figure is the second answer minus the first, so "
        "a figure above zero means that the measure rose; intervals compare row by row."
    ))]  # fmt: skip
    blocks += _gaps(story, metrics)
    overall = {story.metric(m): f for m in metrics if (f := story.at(f"{AGAINST}{m}.change", {}))}
    blocks += _sides(story, {"": overall}, voice._("All rows"))
    blocks += _values(story, metrics, "")
    for column in story.columns():
        by = {m: story.groups_of(f"{AGAINST}{m}.change", (column,)) for m in metrics}
        found = {story.metric(m): some for m, some in by.items() if some}
        if found:
            blocks.append(Heading(text=voice.say("By {column}", column=column)))
            blocks += _sides(story, found, column)
            blocks += _values(story, metrics, column)
    blocks += turned(story, AGAINST, metrics)
    return Section(name="against", title=voice._("Second answer against the first"), blocks=blocks)


def _gaps(story: AuditStory, metrics: Sequence[str]) -> list[Block]:
    """Whether gaps between groups grew or shrank: what is proven in words, all in a table."""
    voice = story.voice
    found = [(m, f) for m in metrics for f in story.by_check.get(f"{AGAINST}{m}.gap_change", ())]
    if not found:
        return []
    story.tell(f for _, f in found)
    items = [_gap(story, m, f) for m, f in found if _proven(f)]
    caption = voice._("Change of the gaps between groups; shares in percentage points")
    table = Table(
        caption=caption,
        headings=[voice._("Measure"), voice._("Column"), voice._("Change"), voice._("Cases")],
        rows=[[story.metric(m), " × ".join(f.where), _apart(story, f), story.n(f)]
              for m, f in found],
        numeric=frozenset({2, 3}),
    )  # fmt: skip
    why = panels.silent(story, [{" × ".join(f.where): f} for _, f in found])
    told = [*items, *dict.fromkeys(why)] or [voice._("No change of a gap is proven.")]
    return [Bullets(items=told), Figure(caption=caption, drawings=[], table=table)]


def _proven(f: Finding) -> bool:
    e = f.estimate
    return e is not None and e.low is not None and e.high is not None and not e.low <= 0 <= e.high


def _gap(story: AuditStory, metric: str, f: Finding) -> str:
    assert f.estimate is not None
    return story.voice.say(
        "{measure}, by {columns}: the gap changed by {value}.",
        measure=story.metric(metric),
        columns=" × ".join(f.where),
        value=story.voice.gap(f.estimate),
    )


def _values(story: AuditStory, metrics: Sequence[str], column: str) -> list[Block]:
    """What the second answer reaches."""
    voice, all_rows = story.voice, story.voice._("All rows")
    by: dict[str, dict[str, Finding]] = {}
    for metric in metrics:
        check = f"{AGAINST}{metric}"
        if column:
            found = story.groups_of(check, (column,))
        else:
            found = {all_rows: f} if (f := story.at(check, {})) else {}
        if found:
            by[metric] = found
    rows = dict.fromkeys(name for found in by.values() for name in found)
    if not rows:
        return []
    heading = column or all_rows
    caption = voice.say("Values of the second answer, {heading}", heading=heading)
    table = Table(
        caption=caption,
        headings=[heading, *map(story.metric, by)],
        rows=[[name, *(story.short(found.get(name)) for found in by.values())] for name in rows],
        numeric=frozenset(range(1, len(by) + 1)),
        wide=len(by) > 3,
    )
    return [Figure(caption=caption, drawings=[], table=table)]


def _sides(
    story: AuditStory, found: Mapping[str, Mapping[str, Finding]], heading: str
) -> list[Block]:
    rows = dict.fromkeys(name for some in found.values() for name in some)
    if not rows:
        return []
    voice = story.voice
    caption = voice.say(
        "Second minus first, {heading}; shares in percentage points.", heading=heading
    )
    drawn = [
        d
        for title, some in found.items()
        for d in panels.panel(
            story, _shares(some), title=title or caption, zero=True, headed=bool(title)
        )
    ]
    table = Table(
        caption=caption,
        headings=[heading, *(title or voice._("Change") for title in found)],
        rows=[[name, *(_apart(story, some.get(name)) for some in found.values())] for name in rows],
        numeric=frozenset(range(1, len(found) + 1)),
        wide=len(found) > 3,
    )
    return [Figure(caption=caption, drawings=drawn, table=table, beside=len(found) > 1)]


def _shares(some: Mapping[str, Finding]) -> dict[str, Finding]:
    """Only shares, if there are any: numbers of other units have no scale in common."""
    units = {f.estimate.unit for f in some.values() if f.estimate}
    kept = "share" if "share" in units else next(iter(units), "share")
    return {k: f for k, f in some.items() if f.estimate and f.estimate.unit == kept}


def _apart(story: AuditStory, finding: Finding | None) -> Cell:
    if finding is None:
        return "—"
    return story.apart(finding.estimate) if finding.estimate else story.voice._("not known")
