"""Scores: whether they order people rightly, and mean what they say, in every group."""

from __future__ import annotations

from collections.abc import Mapping

from iagkit.core.nouns import Finding
from iagkit.report import charts, svg
from iagkit.report.audit import groups, panels, sentences
from iagkit.report.audit.metrics import DRAWN_SCORES, METRICS, SCORES
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Text

BOUNDS = (".bound", ".error_bound")
RELIABILITY = "calibration.reliability"


def section(story: AuditStory) -> Section | None:
    """Build the part about scores."""
    blocks = [*_overall(story), *_reliability(story), *_groups(story)]
    if not blocks:
        return None
    title = story.voice._("What the scores are worth")
    return Section(name="scores", title=title, blocks=blocks)


def _overall(story: AuditStory) -> list[Block]:
    told = []
    for metric in SCORES:
        checks = (f"performance.{metric}", f"fairness.{metric}", f"calibration.{metric}")
        known = [f for check in checks if (f := story.at(check, {})) and f.estimate]
        # the same number may stand in the record under two names
        different = {f.estimate: f for f in reversed(known)}
        told += [_line(story, metric, f) for f in different.values()]
    bounds = [f for f in story.of_kind("") if f.check.endswith(BOUNDS) and f.estimate]
    story.tell(bounds)
    told += [_bound(story, f) for f in bounds]
    return [Bullets(items=told)] if told else []


def _line(story: AuditStory, metric: str, finding: Finding) -> str:
    assert finding.estimate is not None
    name, value = story.metric(metric), story.voice.estimate(finding.estimate)
    return f"{name}: {value}. {story.means(METRICS[metric].means)}"


def _bound(story: AuditStory, finding: Finding) -> str:
    assert finding.estimate is not None
    return story.voice.say(
        "{check}: scores were counted in bins, which moves the figure by at most {value}.",
        check=story.check(finding.check),
        value=story.voice.number(finding.estimate.value, 6),
    )


def _reliability(story: AuditStory) -> list[Block]:
    overall = _bins(story, {})
    blocks: list[Block] = []
    if overall:
        all_rows = story.voice._("All rows")
        blocks += _curves(story, {all_rows: overall}, "")
    for column in story.columns():
        found = [f for f in story.by_check.get(RELIABILITY, ()) if column in f.where]
        names = dict.fromkeys(f.where[column] for f in found)
        by = {story.group(g): _bins(story, {column: g}) for g in names}
        by = {name: bins for name, bins in by.items() if bins}
        if by:
            blocks += _curves(story, by, column)
    return blocks


def _bins(story: AuditStory, place: Mapping[str, str]) -> dict[str, Finding]:
    found = {
        f.where["confidence"]: f
        for f in story.by_check.get(RELIABILITY, ())
        if "confidence" in f.where
        and {k: v for k, v in f.where.items() if k != "confidence"} == dict(place)
    }
    story.tell(found.values())
    return found


def _curves(story: AuditStory, by: Mapping[str, Mapping[str, Finding]], column: str) -> list[Block]:
    voice = story.voice
    title = (
        voice.say("Do the scores mean what they say? By {column}", column=column)
        if column
        else voice._("Do the scores mean what they say?")
    )
    caption = voice._(
        "Across: the score that was given. Up: the share that came true. On the dashed line both "
        "agree; dots below it are scores that promise too much."
    )
    drawings = [_curve(story, name, bins) for name, bins in list(by.items())[: panels.MANY]]
    named = {
        f"{name}, {story.scale(k)}" if column else story.scale(k): f
        for name, bins in by.items()
        for k, f in bins.items()
    }
    table = charts.listed(story, title, voice._("Score"), named)
    return [
        Heading(text=title),
        Figure(caption=caption, drawings=drawings, table=table, beside=bool(column)),
    ]


def _curve(story: AuditStory, name: str, bins: Mapping[str, Finding]) -> str:
    points = charts.points(bins)
    x = charts.shares(story, title=name, at=charts.HALVES)
    y = charts.shares(story, at=charts.HALVES)
    return svg.curve(
        points, x=x, y=y, title=name, desc=charts.described(story, _scaled(story, bins)),
        diagonal=True, joined=False, height=190,
    )  # fmt: skip


def _scaled(story: AuditStory, bins: Mapping[str, Finding]) -> dict[str, Finding]:
    return {story.scale(k): f for k, f in bins.items()}


def _groups(story: AuditStory) -> list[Block]:
    blocks: list[Block] = []
    for column in story.columns():
        metrics = [m for m in story.metrics((column,)) if m in SCORES]
        drawings, found = panels.drawn(story, (column,), [m for m in metrics if m in DRAWN_SCORES])
        found = {m: found.get(m) or story.groups_of(f"fairness.{m}", (column,)) for m in metrics}
        gaps = [g for g in sentences.measured(story, (column,)) if g.metric in SCORES]
        if not any(found.values()):
            continue
        caption = story.voice.say(
            "Scores in the groups of “{column}” ({level} intervals).",
            column=column,
            level=story.level(),
        )
        table = panels.numbers(story, caption=caption, heading=column, found=found, sizes={})
        blocks.append(Heading(text=story.voice.say("Scores by {column}", column=column)))
        blocks += groups.told(story, gaps)
        blocks.append(Figure(caption=caption, drawings=drawings, table=table, beside=True))
        if gaps:
            told = story.voice.say(
                "Gaps of scores by {column}; shares in percentage points", column=column
            )
            table = groups.gap_table(story, told, gaps)
            blocks.append(Figure(caption=told, drawings=[], table=table))
        if few := panels.silent(story, found.values()):
            blocks.append(Bullets(items=few))
    if blocks:
        note = story.voice._(
            "A group whose base rate differs cannot have equal error rates, equal precision and "
            "calibrated scores all at once, unless the scores are perfect. Which of them matters "
            "is for people to decide."
        )
        blocks.append(Text(text=note, kind="note"))
    return blocks
