"""How right the answers are, before anybody is compared."""

from __future__ import annotations

from iagkit.core.nouns import Finding
from iagkit.report import charts
from iagkit.report.audit import panels
from iagkit.report.audit.metrics import COMPLEMENTS, METRICS, SCORES
from iagkit.report.audit.reading import AuditStory, metric_of, suffix_of
from iagkit.report.blocks import Figure, Section, Text


def section(story: AuditStory) -> Section | None:
    """Build the part about all rows together."""
    found = _found(story)
    if not found:
        return None
    voice = story.voice
    shares = {k: f for k, f in found.items() if f.estimate and f.estimate.unit == "share"}
    caption = voice.say(
        "Each measure over all rows; the line is the interval ({level}) in which the true value "
        "probably lies.",
        level=story.level(),
    )
    drawings = panels.panel(
        story, shares, title=voice._("All rows together"), letters=30, headed=False
    )
    table = charts.listed(story, caption, voice._("Measure"), found)
    told = voice._("A figure for all hides how it is for some; the next parts tell that.")
    return Section(
        name="overall", title=voice._("All rows together"),
        blocks=[Text(text=told), Figure(caption=caption, drawings=drawings, table=table)],
    )  # fmt: skip


def _found(story: AuditStory) -> dict[str, Finding]:
    """One finding a measure: those of groups are asked first, so that both say the same."""
    by: dict[str, Finding] = {}
    for prefix in ("fairness.", "performance."):
        for f in story.of_kind(prefix):
            metric = metric_of(f.check)
            if metric == "group_size":
                story.tell([f] if not f.where else [])
            elif f.where or suffix_of(f.check) or metric in SCORES:
                continue
            elif (
                metric not in by or by[metric].estimate is None or f.estimate == by[metric].estimate
            ):
                by.setdefault(metric, f)
                story.tell([f])
    order = {m: i for i, m in enumerate(METRICS)}
    kept = sorted(by, key=lambda m: (m in COMPLEMENTS, order.get(m, len(order))))
    return {story.metric(m): by[m] for m in kept}
