"""A record → a page in one language, before it is drawn in HTML or Markdown."""

from __future__ import annotations

from iagkit.core.record import Record
from iagkit.report.blocks import Page
from iagkit.report.sections import annex, data, evidence, groups, limits, summary, verdicts, words
from iagkit.report.story import Story
from iagkit.report.voice import Voice

PARTS = (summary, verdicts, evidence, groups, words, data, limits, annex)


def compose(record: Record, *, lang: str) -> Page:
    """Tell a record in one language.

    Parameters
    ----------
    record : Record
    lang : {"es", "pt", "en"}

    Returns
    -------
    Page
        Blocks of text, tables and drawings; every number in it is one of the record.
    """
    voice = Voice(lang)
    story = Story(record=record, voice=voice)
    status, sentence = summary.verdict(story)
    parts = (part.section(story) for part in PARTS)
    return Page(
        lang=lang,
        title=voice.words(record.prototype.get("title")) or str(record.prototype.get("name", "")),
        kicker=_kicker(story),
        purpose=voice.words(record.prototype.get("intended_use")),
        verdict=status,
        sentence=sentence,
        sections=[part for part in parts if part is not None and part.blocks],
        closing=_closing(story),
    )


def _kicker(story: Story) -> str:
    voice, record = story.voice, story.record
    name = voice.words(record.dataset.get("title")) or str(record.dataset.get("name", ""))
    day = record.about.get("sealed_at") or record.about.get("at") or ""
    return voice.say("Audit record · {data} · {day}", data=name, day=voice.date(str(day)))


def _closing(story: Story) -> str:
    return story.voice.say(
        "Told by iagkit {version} from the record with the digest {digest}.",
        version=story.record.about.get("iagkit") or story.record.about.get("version") or "",
        digest=story.record.digest[:16],
    )
