"""For those who check: what no other part told, facts, digests, and the words used."""

from __future__ import annotations

from iagkit.core.message import Message, say
from iagkit.report.blocks import Section
from iagkit.report.processes.log import QUALITY
from iagkit.report.sections import annex
from iagkit.report.story import Story

TOLD: tuple[str, ...] = (
    QUALITY, "process.remaining.", "process.risk.", "process.alarm.", "process.next.",
    "process.drivers.", "process.wait.median",
    "process.wait.completed_only", "process.wait.open", "process.late.rate",
    "process.late.before_opening",
    "process.simulation.", "process.scenarios.", "process.sketch.", "process.staffing.",
    "process.cause.", "process.map.", "process.arrivals.",
    "process.people.", "process.clock.",
)  # fmt: skip
"""Beginnings of the names of checks that have a part of their own."""
WORDS: tuple[tuple[Message, Message], ...] = (
    (
        say("Case, event"),
        say("A case is one matter of one person; an event is one thing that was done in it."),
    ),
    (
        say("Open case"),
        say("A case that was not over when the log ends. It has waited at least until then."),
    ),
    (
        say("Durations with open cases"),
        say(
            "What is known of open cases counts too: that they have lasted at least so long "
            "(Kaplan-Meier)."
        ),
    ),
    (
        say("NGD, AEDD, CEDD, REDD, CTDD"),
        say(
            "Distances between simulated and real cases: of sequences of steps (N-gram distance), "
            "of the moments of all events (absolute event distribution), of their hours of the "
            "week (circadian), of their moments since the case began (relative), and of how long "
            "cases take (cycle time)."
        ),
    ),
    (
        say("Interval"),
        say("The range in which the true value probably lies, given how many cases were seen."),
    ),
    (
        say("Unknown"),
        say("The data do not suffice to say yes or no. It is never counted as a yes."),
    ),
    (
        say("Digest"),
        say("A fingerprint of the record. If one letter of the record changes, it changes."),
    ),
)


def section(story: Story) -> Section:
    """Build the technical annex."""
    rest = [
        f for f in story.record.findings
        if f.estimate is not None and not f.check.startswith(TOLD)
    ]  # fmt: skip
    blocks = [
        *annex.table_of(story, rest),
        *annex.verify(story),
        *annex.remarks(story),
        *annex.facts(story),
        *annex.glossary(story, WORDS),
    ]
    return Section(name="annex", title=story.voice._("For those who check"), blocks=blocks)
