"""The way of the cases: the map as a drawing and as tables."""

from __future__ import annotations

from collections.abc import Mapping

from iagkit.report import process_map
from iagkit.report.blocks import Section
from iagkit.report.story import Story

PREFIX = "process.map."


def section(story: Story) -> Section | None:
    """Build the part about the map, where anything follows anything."""
    told = story.facts.get("map")
    if not isinstance(told, Mapping) or not told.get("arcs"):
        return None
    title = story.voice._("Which way do cases go?")
    return Section(name="map", title=title, blocks=process_map.blocks(story.voice, told))
