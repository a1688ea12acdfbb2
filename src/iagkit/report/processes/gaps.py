"""How far groups lie apart: plainly, among like cases, and beside what chance alone makes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from iagkit.core.nouns import MISSING, Finding
from iagkit.report import lasting
from iagkit.report.blocks import Block, Bullets
from iagkit.report.processes.log import log_of
from iagkit.report.story import OVERALL, Story, number

LEAST = 0.001
BESIDE = ("alike", "horizon_days")
"""Coordinates of these findings that are no column of groups."""


def columns(story: Story) -> list[str]:
    """Columns whose groups are compared."""
    return [str(column) for column in log_of(story).get("groups") or ()]


def of_column(story: Story, check: str, column: str) -> Finding | None:
    """The finding of a check about a column as a whole, whatever stands beside."""
    found = (f for f in story.record.select(check) if f.where.get(column) == OVERALL)
    return next(found, None)


def by_group(story: Story, check: str, column: str) -> dict[str, Finding]:
    """Findings of a check by the name of the group."""
    found = {
        f.where[column]: f
        for f in story.record.select(check)
        if set(f.where) - set(BESIDE) == {column} and f.where[column] != OVERALL
    }
    return {story.group(name): found[name] for name in sorted(found, key=_place)}


def _place(name: str) -> tuple[bool, float, str]:
    """District 2 stands before 10, numbers before words, and who is not known comes last."""
    told = number(name)
    return (name == MISSING, math.inf if told is None else told, name)


def blocks(story: Story, check: str, column: str) -> list[Block]:
    """Tell the gap of a column in sentences, if it was asked."""
    told = list(_sentences(story, check, column))
    return [Bullets(items=told)] if told else []


def _sentences(story: Story, check: str, column: str) -> Iterator[str]:
    gap = of_column(story, check, column)
    if gap is None:
        return
    if gap.estimate is None:
        yield story.voice.say(
            "How far the groups lie apart is not known: {why}.", why=story.reason(gap)
        )
        return
    yield _plainly(story, gap)
    adjusted = of_column(story, f"{check}.adjusted", column)
    if adjusted is not None and adjusted.estimate is not None:
        yield _among_like(story, adjusted, gap)
    elif adjusted is not None:
        yield story.voice.say(
            "Whether like cases wait the same is not known: {why}.", why=story.reason(adjusted)
        )
    yield from _by_chance(story, check, column)


def _between(story: Story, gap: Finding) -> Mapping[str, str]:
    low, high = gap.between or ("—", "—")
    return {"low": story.group(low), "high": story.group(high)}


def _plainly(story: Story, gap: Finding) -> str:
    voice = story.voice
    assert gap.estimate is not None
    told = {"value": voice.gap(gap.estimate), **_between(story, gap)}
    if horizon := gap.where.get("horizon_days"):
        return voice.say(
            "Within {time}, the furthest groups, {low} and {high}, lie {value} apart.",
            time=lasting.told(voice, number(horizon) or 0.0), **told,
        )  # fmt: skip
    return voice.say("The furthest groups, {low} and {high}, lie {value} apart.", **told)


def _among_like(story: Story, adjusted: Finding, gap: Finding) -> str:
    voice = story.voice
    assert adjusted.estimate is not None
    assert gap.estimate is not None
    told = voice.say(
        "Among cases that are alike in “{kind}”, the furthest are {low} and {high}, {value} apart.",
        kind=adjusted.where.get("alike", "—"), value=voice.gap(adjusted.estimate),
        **_between(story, adjusted),
    )  # fmt: skip
    if adjusted.estimate.value >= gap.estimate.value:
        return told
    return f"{told} {voice._('The rest comes from groups asking for different things.')}"


def _probability(story: Story, value: float) -> str:
    """What is not nothing is never written as 0.000."""
    if value < LEAST:
        return f"< {story.voice.number(LEAST, 3)}"
    return story.voice.number(value, 3)


def _by_chance(story: Story, check: str, column: str) -> Iterator[str]:
    voice = story.voice
    p = of_column(story, f"{check}.p", column)
    chance = of_column(story, f"{check}.chance", column)
    if p is None or p.estimate is None or chance is None or chance.estimate is None:
        return
    limit, far = 1 - float(story.protocol.get("level", 0.95)), chance.estimate
    size = voice.points(far.value) if far.unit == "share" else voice.value(far)
    told = {"chance": size, "p": _probability(story, p.estimate.value)}
    if p.estimate.value <= limit:
        yield voice.say(
            "If the group made no difference, chance would hardly ever put them further apart than "
            "{chance}; the probability of what was seen is {p}. That is more than chance explains.",
            **told,
        )
    else:
        yield voice.say(
            "If the group made no difference, chance would hardly ever put them further apart than "
            "{chance}; the probability of what was seen is {p}. Chance alone could explain it.",
            **told,
        )
