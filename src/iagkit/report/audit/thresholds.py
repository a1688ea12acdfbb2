"""Other thresholds of the score: curves of each group, and how far groups would be apart."""

from __future__ import annotations

from collections.abc import Mapping

from iagkit.core.nouns import Finding
from iagkit.report import charts, svg
from iagkit.report.audit import panels
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.story import OVERALL

METRICS = ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")
CURVES = (("false_positive_rate", "true_positive_rate"), ("true_positive_rate", "precision"))
"""ROC, and precision over recall: across and up."""
ALL = ""
Values = Mapping[str, Mapping[str, Finding]]
"""Threshold → metric → finding, of one group."""


def section(story: AuditStory) -> Section | None:
    """Build the part about other thresholds."""
    blocks = [*_curves(story, ALL)]
    for column in story.columns():
        curves, gaps = _curves(story, column), _gaps(story, column)
        if curves or gaps:
            title = story.voice.say("Other thresholds, by {column}", column=column)
            blocks += [Heading(text=title), *gaps, *curves]
    if not blocks:
        return None
    _ = story.voice._
    first = _(
        "What would happen if another score counted as yes. These are the same cases, answered "
        "again; nobody knows how people would have behaved. No threshold is right by itself: a "
        "lower one finds more of those who qualify and grants more wrongly. Which of the two "
        "weighs more is for people to decide."
    )
    exact = _(
        "Scores are counted in bins, and these thresholds are edges of bins: the rates are those "
        "of the rows, without an error of counting."
    )
    blocks = [Text(text=first), *blocks, Text(text=exact, kind="note")]
    return Section(name="thresholds", title=_("What other thresholds would do"), blocks=blocks)


def _groups(story: AuditStory, column: str) -> dict[str, Values]:
    """Findings of each group by threshold and metric; of all rows, if there is no column."""
    by: dict[str, dict[str, dict[str, Finding]]] = {}
    for metric in METRICS:
        for f in story.by_check.get(f"threshold.{metric}", ()):
            if set(f.where) - {"threshold"} != ({column} if column else set()):
                continue
            name = story.group(f.where[column]) if column else story.voice._("All rows")
            by.setdefault(name, {}).setdefault(f.where["threshold"], {})[metric] = f
            story.tell([f])
    return dict(by)


def _curves(story: AuditStory, column: str) -> list[Block]:
    voice, by = story.voice, _groups(story, column)
    if not by:
        return []
    blocks: list[Block] = []
    for across, up in CURVES:
        caption = voice.say(
            "Across: {across}. Up: {up}. Each point is a threshold, from 90% on the left to 10% on "
            "the right, with its interval ({level}); the ring is the answer that was given.",
            across=story.metric(across),
            up=story.metric(up),
            level=story.level(),
        )
        drawn = [_curve(story, column, name, values, across, up)
                 for name, values in list(by.items())[: panels.MANY]]  # fmt: skip
        table = _values(story, column, by) if (across, up) == CURVES[0] else None
        drawings = [d for d in drawn if d]
        blocks.append(Figure(caption=caption, drawings=drawings, table=table, beside=bool(column)))
    return blocks


def _curve(story: AuditStory, column: str, name: str, values: Values, across: str, up: str) -> str:
    points = [
        point
        for threshold in sorted(values, reverse=True)
        if (point := _point(values[threshold].get(across), values[threshold].get(up)))
    ]
    if not points:
        return ""
    given = _point(*(_given(story, column, name, metric) for metric in (across, up)))
    told = {story.scale(t): of[up] for t, of in values.items() if up in of}
    return svg.curve(
        points, x=charts.shares(story, title=name, at=charts.HALVES),
        y=charts.shares(story, at=charts.HALVES), title=f"{name}: {story.metric(up)}",
        desc=charts.described(story, told), diagonal=(across, up) == CURVES[0], height=190,
        here=None if given is None else (given, story.voice._("as answered")),
    )  # fmt: skip


def _given(story: AuditStory, column: str, name: str, metric: str) -> Finding | None:
    """Rate of the answers that were given, by the predictions or the threshold in use."""
    if not column:
        return story.at(f"fairness.{metric}", {})
    return story.groups_of(f"fairness.{metric}", (column,)).get(name)


def _point(across: Finding | None, up: Finding | None) -> svg.Point | None:
    if across is None or up is None or across.estimate is None or up.estimate is None:
        return None
    e = up.estimate
    low, high = (e.value if end is None else end for end in (e.low, e.high))
    return svg.Point(x=across.estimate.value, y=e.value, low=low, high=high)


def _values(story: AuditStory, column: str, by: Mapping[str, Values]) -> Table:
    _ = story.voice._
    return Table(
        caption=_("Rates at other thresholds"),
        headings=[column or _("Group"), _("Threshold"), *map(story.metric, METRICS)],
        rows=[[name, story.scale(t), *(story.short(of.get(m)) for m in METRICS)]
              for name, values in by.items() for t, of in values.items()],
        numeric=frozenset(range(1, 6)), wide=True,
    )  # fmt: skip


def _gaps(story: AuditStory, column: str) -> list[Block]:
    """Gap between the furthest groups at each threshold; first the extremes in words."""
    by = {
        metric: {
            f.where["threshold"]: f
            for f in story.by_check.get(f"threshold.{metric}.gap", ())
            if f.where.get(column) == OVERALL
        }
        for metric in METRICS
    }
    story.tell(f for of in by.values() for f in of.values())
    by = {m: of for m, of in by.items() if of}
    if not by:
        return []
    caption = story.voice.say(
        "Gaps by {column} at other thresholds, in percentage points", column=column
    )
    table = Table(
        caption=caption,
        headings=[story.voice._("Threshold"), *map(story.metric, by)],
        rows=[[story.scale(t), *(_gap(story, of.get(t)) for of in by.values())]
              for t in dict.fromkeys(t for of in by.values() for t in of)],
        numeric=frozenset(range(len(by) + 1)), wide=True,
    )  # fmt: skip
    told = [line for m, of in by.items() if (line := _in_words(story, m, of))]
    return [Bullets(items=told), Figure(caption=caption, drawings=[], table=table)]


def _gap(story: AuditStory, finding: Finding | None) -> Cell:
    if finding is None or finding.estimate is None:
        return story.short(finding)
    return story.apart(finding.estimate)


def _in_words(story: AuditStory, metric: str, of: Mapping[str, Finding]) -> str:
    known = {t: f.estimate for t, f in of.items() if f.estimate}
    if len(known) < 2:
        return ""
    least, most = (pick(known, key=lambda t: known[t].value) for pick in (min, max))
    return story.voice.say(
        "{measure}: the gap would lie between {low} (threshold {least}) and {high} (threshold "
        "{most}).",
        measure=story.metric(metric),
        low=story.distance(known[least]),
        high=story.distance(known[most]),
        least=story.scale(least),
        most=story.scale(most),
    )
