"""What a record tells of the log itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iagkit.report.story import Story

QUALITY = "process.quality."


def log_of(story: Story) -> Mapping[str, Any]:
    """What the record tells of the log itself."""
    told = story.facts.get("log")
    return told if isinstance(told, Mapping) else {}
