"""A measure of urgency or waiting, group by group, with the gap between the furthest groups."""

from __future__ import annotations

from iagkit.core.nouns import Finding
from iagkit.report import charts
from iagkit.report.blocks import Block, Figure, Heading, Text
from iagkit.report.story import OVERALL, Story
from iagkit.report.svg import Axis

NO_COLUMN = ("capacity", "recall", "urgent", "order")
"""Coordinates of these findings that are no column of groups."""


def blocks(story: Story, check: str, *, title: str, axis: Axis, counted: str = "") -> list[Block]:
    """One figure a column of groups, with its table and its gap.

    Parameters
    ----------
    story : Story
    check : str
    title : str
        Translated, with a gap for the column.
    axis : Axis
    counted : str
        What the numbers rest on, where that is no case.
    """
    where = (k for f in story.record.select(check) for k in f.where if k not in NO_COLUMN)
    found: list[Block] = []
    for column in dict.fromkeys(where):
        heading = title.format(column=column)
        found += _column(story, check, column, title=heading, axis=axis, counted=counted)
    return found


def _column(
    story: Story, check: str, column: str, *, title: str, axis: Axis, counted: str
) -> list[Block]:
    named = {story.group(value): f for value, f in story.by(check, column).items()}
    gap = story.record.find(f"{check}.gap", **{column: OVERALL})
    told: list[Block] = [Heading(text=title)]
    if gap is not None:
        told.append(Text(text=_gap(story, gap)))
    if not any(f.estimate for f in named.values()):
        return told if gap is not None else []
    whole = story.overall(check)
    drawings = charts.in_parts(
        [charts.row(story, name, f) for name, f in named.items()], axis=axis, title=title,
        desc=charts.described(story, named), marks=[whole.value] if whole else [],
    )  # fmt: skip
    caption = story.voice._(
        "Each group with its interval; the short upright line marks all cases together."
    )
    table = charts.listed(story, title, column, named, counted)
    return [*told, Figure(caption=caption, drawings=drawings, table=table)]


def _gap(story: Story, gap: Finding) -> str:
    voice = story.voice
    if gap.estimate is None:
        return voice.say("How far the groups lie apart is not known: {why}.", why=story.reason(gap))
    low, high = (story.group(g) for g in gap.between or ("", ""))
    told = {"value": voice.gap(gap.estimate), "low": low, "high": high}
    if gap.between is None:
        return voice.say("No gap between the groups was seen, {value}.", value=told["value"])
    if gap.estimate.low is not None and gap.estimate.low > 0:
        return voice.say(
            "The furthest groups lie {value} apart, from {low} to {high}. This is more than "
            "chance explains.", **told,
        )  # fmt: skip
    return voice.say(
        "The furthest groups lie {value} apart, from {low} to {high}. Chance alone could explain "
        "it.", **told,
    )  # fmt: skip
