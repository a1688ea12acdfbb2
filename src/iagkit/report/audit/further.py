"""Lists under a capacity, explanations and robustness: one drawing and one table a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iagkit.core.nouns import Finding
from iagkit.report.audit import panels
from iagkit.report.audit.reading import AuditStory, suffix_of
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Table
from iagkit.report.story import OVERALL

WHY = ("explainability.", "recourse.", "robustness.")
ENOUGH = 2
"""Rows that are worth a drawing."""


def ranking(story: AuditStory) -> Section | None:
    """Build the part about lists of which only the first can be served."""
    blocks = _questions(story, ("ranking.",))
    title = story.voice._("Who is served when not all can be")
    return Section(name="ranking", title=title, blocks=blocks) if blocks else None


def why(story: AuditStory) -> Section | None:
    """Build the part about reasons, and how steady they and the answers are."""
    blocks = _questions(story, WHY)
    title = story.voice._("Why it answers so, and how steadily")
    return Section(name="why", title=title, blocks=blocks) if blocks else None


def _questions(story: AuditStory, prefixes: Sequence[str]) -> list[Block]:
    """One part a question: a number, and beside it its gaps, ratios and what belongs to them."""
    by: dict[str, list[str]] = {}
    for check in story.by_check:
        if check.startswith(tuple(prefixes)):
            suffix = suffix_of(check)
            by.setdefault(check.removesuffix(f".{suffix}") if suffix else check, []).append(check)
    return [block for base, checks in by.items() for block in _question(story, base, checks)]


def _question(story: AuditStory, base: str, checks: Sequence[str]) -> list[Block]:
    found = [f for c in checks for f in story.by_check[c] if id(f) not in story.told]
    if not found:
        return []
    story.tell(found)
    title = story.voice._(next((f.question for f in found if f.check == base), found[0].question))
    own = {place(story, f): f for f in found if f.check == base and f.estimate}
    beside = [f for f in found if f.estimate and (f.check != base or len(own) < ENOUGH)]
    items = [_line(story, base, f) for f in beside]
    items += panels.silent(story, [{_titled(story, base, f): f} for f in found])
    blocks: list[Block] = [Heading(text=title), *([Bullets(items=items)] if items else [])]
    if len(own) < ENOUGH:
        return blocks
    drawings = panels.panel(
        story, _alike(own), title=title, zero=_signed(own), letters=30, headed=False
    )
    return [*blocks, Figure(caption=title, drawings=drawings, table=listed(story, title, own))]


def _titled(story: AuditStory, base: str, finding: Finding) -> str:
    """Where a finding stands, after what is told of the number if it is not the number itself."""
    where = place(story, finding)
    told = story.what(suffix_of(finding.check))
    return f"{told}, {where}" if finding.check != base and told else where


def _line(story: AuditStory, base: str, finding: Finding) -> str:
    assert finding.estimate is not None
    title = _titled(story, base, finding)
    value = (
        story.voice.gap(finding.estimate)
        if finding.check.endswith("gap")
        else story.voice.estimate(finding.estimate)
    )
    return f"{title[:1].upper()}{title[1:]}: {value}"


def place(story: AuditStory, finding: Finding) -> str:
    """Where a finding stands, or all rows; a gap names its furthest groups."""
    told = story.place(finding.where) or story.voice._("All rows")
    if finding.between is None:
        return told
    return f"{told}: {' – '.join(story.group(g) for g in finding.between)}"


def _alike(known: Mapping[str, Finding]) -> dict[str, Finding]:
    """Rows of the first unit only, and none about all groups together, to share one scale."""
    unit = next(f.estimate.unit for f in known.values() if f.estimate)
    kept = {k: f for k, f in known.items() if f.estimate and f.estimate.unit == unit}
    parts = {k: f for k, f in kept.items() if OVERALL not in f.where.values()}
    return parts or kept


def _signed(known: Mapping[str, Finding]) -> bool:
    return any(
        f.estimate and min(f.estimate.low or 0, f.estimate.value) < 0 for f in known.values()
    )


def listed(story: AuditStory, caption: str, known: Mapping[str, Finding]) -> Table:
    """Places, values, intervals and cases."""
    voice = story.voice
    return Table(
        caption=caption,
        headings=[voice._("Where"), voice.say("Value ({level} interval)", level=story.level()),
                  voice._("Cases")],
        rows=[[name, story.short(f), story.n(f)] for name, f in known.items()],
        numeric=frozenset({1, 2}),
    )  # fmt: skip
