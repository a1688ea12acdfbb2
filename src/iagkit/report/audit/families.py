"""Measures of a family of checks, such as those over time."""

from __future__ import annotations

from collections.abc import Sequence

from iagkit.report.audit.metrics import COMPLEMENTS, METRICS
from iagkit.report.audit.reading import AuditStory, metric_of
from iagkit.report.blocks import Block, Text


def measures(story: AuditStory, prefix: str) -> tuple[str, ...]:
    """Measures of a family, but for those that say the same turned around."""
    met = dict.fromkeys(metric_of(f.check) for f in story.of_kind(prefix))
    kept = {m for m in met if COMPLEMENTS.get(m) not in met}
    return (*(m for m in METRICS if m in kept), *(m for m in met if m in kept - set(METRICS)))


def turned(story: AuditStory, prefix: str, metrics: Sequence[str]) -> list[Block]:
    """Say which measures are left to the record, since those that are told give them away.

    One whose counterpart is not known at the same place stays for the annex.
    """
    family = list(story.of_kind(prefix))
    there = {(f.check, tuple(sorted(f.where.items()))) for f in family}
    rest = [
        f for f in family
        if metric_of(f.check) not in metrics
        and (_other_way(f.check), tuple(sorted(f.where.items()))) in there
    ]  # fmt: skip
    if not rest:
        return []
    story.tell(rest)
    names = dict.fromkeys(story.metric(metric_of(f.check)) for f in rest)
    text = story.voice.say(
        "In record.json, beside this page, stand also: {measures}.", measures=", ".join(names)
    )
    return [Text(text=text, kind="note")]


def _other_way(check: str) -> str:
    """Name of the check that gives this one away at the same place."""
    metric = metric_of(check)
    return check.replace(metric, COMPLEMENTS.get(metric, metric), 1)
