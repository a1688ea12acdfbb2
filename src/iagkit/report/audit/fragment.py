"""An audit as a piece of HTML for a notebook: the verdict, a few sentences, one table."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from iagkit.core.record import Record
from iagkit.report.audit import sentences, summary
from iagkit.report.audit.reading import AuditStory, read
from iagkit.report.audit.sentences import Gap
from iagkit.report.audit.voice import AuditVoice
from iagkit.report.blocks import Stack
from iagkit.report.voice import TAGS

MOST = 40
"""Gaps that the table shows; more are counted."""


def audit_html(record: Record, lang: str = "en") -> str:
    """Tell an audit in a notebook.

    Parameters
    ----------
    record : Record
        Of an audit.
    lang : {"es", "pt", "en"}

    Returns
    -------
    str
        One ``div`` with its own style, which asks nobody for anything; every name of the data
        is escaped.

    Raises
    ------
    UsageError
        If iagkit does not speak the language.
    """
    story = read(record, AuditVoice(lang))
    status, sentence = summary.verdict(story)
    found = [g for g in sentences.all_gaps(story) if g.metric != "equalized_odds"]
    ordered = sorted(found, key=lambda g: (len(g.columns) > 1, not g.proven, -g.size))
    more = max(0, len(ordered) - MOST)
    return _template().render(
        tag=TAGS[lang],
        status=status,
        sentence=sentence,
        lines=summary.lines(story),
        caption=story.voice._("Gaps between the furthest groups; shares in percentage points"),
        headings=headings(story),
        rows=[_row(story, gap) for gap in ordered[:MOST]],
        more=story.voice.say("Further gaps: {n}.", n=more) if more else "",
    )


def headings(story: AuditStory) -> list[str]:
    """Headings of the table of gaps."""
    _ = story.voice._
    return [_("Column"), _("Measure"), _("Gap"), _("Interval"), _("Lowest"), _("Highest")]


def _row(story: AuditStory, gap: Gap) -> list[str]:
    name = sentences.named(story, gap)
    columns = sentences.by_columns(gap.columns)
    if gap.estimate is None:
        return [columns, name, story.voice._("not known"), story.reason(gap.finding), "", ""]
    size = story.apart(gap.estimate)
    main, small = (str(size.main), size.small) if isinstance(size, Stack) else (str(size), "—")
    between = gap.finding.between
    low, high = (sentences.group(story, gap, raw) for raw in between or ("—", "—"))
    return [columns, name, main, small, low, high]


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("iagkit.report", "templates")
    found = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return found.get_template("fragment.html.j2")
