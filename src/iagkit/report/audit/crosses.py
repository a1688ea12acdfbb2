"""Groups of several columns together: the furthest ones, and how many were looked at."""

from __future__ import annotations

from iagkit.core.nouns import Finding
from iagkit.report.audit import groups, panels, sentences
from iagkit.report.audit.metrics import PANELS, SCORES
from iagkit.report.audit.reading import AuditStory, Columns
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text

FEW = 8
"""Groups that a panel of a cross shows."""
DRAWN = 3
"""Measures that are drawn for each cross."""
SAID = 5
"""Proven gaps of a cross that are told as sentences."""
SILENT = 5
"""Reasons, and names of groups a reason, that are told in full."""


def section(story: AuditStory) -> Section | None:
    """Build the part about groups of several columns together."""
    crosses = story.crosses()
    if not crosses:
        return None
    voice = story.voice
    n = sum(_looked(story, columns) for columns in crosses)
    blocks: list[Block] = [Text(text=voice.say(
        "Here people are grouped by several columns at once; {n} such groups were looked at. "
        "Looking at many groups finds far ones by chance alone, so intervals of gaps are widened; "
        "how far is told under “How it was measured”.",
        n=n,
    ))]  # fmt: skip
    for columns in crosses:
        blocks += _cross(story, columns)
    return Section(name="intersections", title=voice._("Groups within groups"), blocks=blocks)


def _looked(story: AuditStory, columns: Columns) -> int:
    return max(
        (len(story.groups_of(f"fairness.{m}", columns)) for m in story.metrics(columns)), default=0
    )


def _cross(story: AuditStory, columns: Columns) -> list[Block]:
    found = sentences.gaps(story, columns)
    by = story.voice.say("By {column}", column=sentences.by_columns(columns))
    blocks: list[Block] = [Heading(text=by)]
    blocks += groups.told(story, found, most=SAID)
    told = {m: story.groups_of(f"fairness.{m}", columns) for m in story.metrics(columns)}
    sizes = story.groups_of("fairness.group_size", columns)
    blocks += _figure(story, columns, told, sizes)
    if found:
        caption = story.voice._("All gaps of these groups.")
        table = groups.gap_table(
            story, groups.captioned(story, columns), sentences.measured(story, columns)
        )
        blocks.append(Figure(caption=caption, drawings=[], table=table))
    blocks += _silent(story, [sizes, *told.values()])
    return blocks


def _figure(
    story: AuditStory,
    columns: Columns,
    told: dict[str, dict[str, Finding]],
    sizes: dict[str, Finding],
) -> list[Block]:
    drawings: list[str] = []
    kept = [m for m in told if groups.in_panel(m) and m not in SCORES]
    for metric in _telling(story, columns, kept)[:DRAWN]:
        known = {k: f for k, f in told[metric].items() if f.estimate}
        overall = story.overall_of(metric)
        drawings += panels.panel(
            story,
            panels.furthest(known, FEW),
            title=story.metric(metric),
            mark=overall.estimate if overall else None,
        )
    if not drawings:
        return []
    n = max(len(f) for f in told.values())
    caption = story.voice.say(
        "The furthest groups of {columns}; {n} groups in all, which the table holds.",
        columns=sentences.by_columns(columns),
        n=n,
    )
    table = panels.numbers(
        story,
        caption=caption,
        heading=sentences.by_columns(columns),
        found={m: told[m] for m in kept},
        sizes=sizes,
    )
    blocks: list[Block] = [Figure(caption=caption, drawings=drawings, table=table, beside=True)]
    others = [m for m, some in told.items() if some and m not in kept]
    if others:
        rest = story.voice.say(
            "In record.json, beside this page, stand also: {measures}.",
            measures=", ".join(map(story.metric, others)),
        )
        blocks.append(Text(text=rest, kind="note"))
    return blocks


def _telling(story: AuditStory, columns: Columns, metrics: list[str]) -> list[str]:
    """Measures with proven gaps first, then the principal ones."""
    proven = {g.metric for g in sentences.gaps(story, columns) if g.proven}
    order = {m: i for i, m in enumerate(PANELS)}
    return sorted(metrics, key=lambda m: (m not in proven, order.get(m, len(order))))


def _silent(story: AuditStory, found: list[dict[str, Finding]]) -> list[Block]:
    reasons: dict[str, dict[str, None]] = {}
    for some in found:
        for group, f in some.items():
            if f.estimate is None:
                reasons.setdefault(story.reason(f), {})[group] = None
    if not reasons:
        return []
    items = [_together(story, why, list(names)) for why, names in reasons.items()]
    more = len(items) - SILENT
    rest = [story.voice.say("Further reasons: {n}, see the record.", n=more)] if more > 0 else []
    note = story.voice._("What cannot be told, and why:")
    return [Text(text=note, kind="note"), Bullets(items=[*items[:SILENT], *rest])]


def _together(story: AuditStory, why: str, names: list[str]) -> str:
    shown = ", ".join(f"“{g}”" for g in names[:SILENT])
    more = len(names) - SILENT
    if more > 0:
        return story.voice.say("{groups} and {more} more: {why}.", groups=shown, more=more, why=why)
    return story.voice.say("{groups}: {why}.", groups=shown, why=why)
