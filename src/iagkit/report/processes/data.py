"""The log as a data set: where it comes from, and what each column was used as."""

from __future__ import annotations

from iagkit.report.blocks import Section
from iagkit.report.sections import data
from iagkit.report.story import Story


def section(story: Story) -> Section:
    """Build the part about the source."""
    return Section(name="data", title=story.voice._("The data"), blocks=data.card(story))
