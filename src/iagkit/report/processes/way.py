"""The map of the process: its most frequent steps, those that nobody can be sure of marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iagkit.core.nouns import Estimate
from iagkit.report.blocks import Block, Cell, Section, Stack, Status, Table, Text
from iagkit.report.story import Story

PREFIX = "process.map."


def section(story: Story) -> Section | None:
    """Build the part about the way of the cases."""
    told = story.facts.get("map")
    if not isinstance(told, Mapping) or not told.get("arcs"):
        return None
    blocks: list[Block] = [Text(text=_lead(story, told), kind="lead"), _table(story, told)]
    if any(arc["n"] != arc["otherwise"] for arc in told["arcs"]):
        blocks.append(Text(text=story.voice._(
            "A step marked with a question mark is counted otherwise when rows of the same time "
            "are taken in the opposite order; nobody knows which count is right."
        ), kind="note"))  # fmt: skip
    return Section(name="map", title=story.voice._("Which way do cases go?"), blocks=blocks)


def _lead(story: Story, told: Mapping[str, Any]) -> str:
    voice = story.voice
    return voice.say(
        "The most frequent {arcs} of {of_arcs} different steps, between {activities} of "
        "{of_activities} activities. They are {share} of all steps that were taken.",
        arcs=len(told["arcs"]), of_arcs=told["of_arcs"], activities=len(told["activities"]),
        of_activities=told["of_activities"], share=voice.percent(told["share"]),
    )  # fmt: skip


def _table(story: Story, told: Mapping[str, Any]) -> Table:
    voice = story.voice
    medians = told["arcs"][0]["days_are"] == "median"
    days = voice._("Days, half of them at most") if medians else voice._("Days, on average")
    return Table(
        caption=voice._("Steps from one activity to the next, the most frequent first"),
        headings=[voice._("From"), voice._("To"), voice._("Times"), days],
        rows=[_row(story, arc) for arc in told["arcs"]],
        numeric=frozenset({2, 3}), wide=True, stacked=True,
    )  # fmt: skip


def _row(story: Story, arc: Mapping[str, Any]) -> list[Cell]:
    voice = story.voice
    days = Estimate(value=arc["days"], n=arc["n"], low=arc["low"], high=arc["high"], unit="days")
    times: Cell = voice.number(arc["n"])
    if arc["n"] != arc["otherwise"]:
        unsure = Status(tone="unknown", word=voice.number(arc["n"]))
        other = voice.say("otherwise {n}", n=arc["otherwise"])
        times = Stack(main=unsure, small=other)
    interval = voice.interval(days)
    value = voice.number(days.value, 1 if days.value >= 1 else 2)
    return [arc["source"], arc["target"], times,
            Stack(main=value, small="" if interval == "—" else interval)]  # fmt: skip
