"""For those who check: what no other section told, digests, facts and the words used."""

from __future__ import annotations

from iagkit.core.message import Message, say
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Block, Heading, Pairs, Section
from iagkit.report.sections import annex

MOST = 200
"""Rows of findings that nobody foresaw; more are counted, and stand in the record."""
GLOSSARY: tuple[tuple[Message, Message], ...] = (
    (
        say("Interval"),
        say("The range in which the true value probably lies, given how many cases were seen."),
    ),
    (
        say("Gap"),
        say(
            "How far the group with the highest value lies above the one with the lowest, in "
            "percentage points where values are shares."
        ),
    ),
    (
        say("Proven"),
        say("The whole interval lies above zero: chance alone would hardly make such a gap."),
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


def section(story: AuditStory) -> Section:
    """Build the technical annex."""
    voice = story.voice
    words = [(voice.tell(term), voice.tell(meaning)) for term, meaning in GLOSSARY]
    blocks: list[Block] = [
        *_others(story),
        *annex.verify(story),
        *annex.remarks(story),
        *annex.facts(story),
        Heading(text=voice._("Words used here")),
        Pairs(items=words),
    ]
    return Section(name="annex", title=voice._("For those who check"), blocks=blocks)


def _others(story: AuditStory) -> list[Block]:
    rest = [f for f in story.record.findings if id(f) not in story.told]
    return annex.table_of(story, rest[:MOST], more=max(0, len(rest) - MOST))
