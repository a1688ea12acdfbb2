"""How it was measured, what each measure means, and what an audit cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from iagkit.core.message import say
from iagkit.report.audit.metrics import METRICS
from iagkit.report.audit.reading import AuditStory, metric_of
from iagkit.report.blocks import Block, Bullets, Heading, Pairs, Section, Text

TASKS = {
    "binary": say("yes or no"),
    "multiclass": say("one of several classes"),
    "multilabel": say("several labels at once"),
    "regression": say("a number"),
    "score": say("a score"),
}
CANNOT = (
    say(
        "Whether the truth of the table is right: if people were labelled unjustly, an answer that "
        "repeats it looks right here."
    ),
    say(
        "Anything about groups that the table does not record, or that people would name "
        "differently than the table does."
    ),
    say(
        "Why groups differ: these are differences, not causes. A gap may come from the answers, "
        "from the data, or from life; finding out needs people who know the field."
    ),
    say(
        "What will be true tomorrow or elsewhere: the figures hold for people like those of this "
        "table."
    ),
)


def section(story: AuditStory) -> Section:
    """Build the part about method."""
    _ = story.voice._
    blocks: list[Block] = []
    if facts := list(_facts(story)):
        blocks.append(Pairs(items=facts))
    if defined := list(_definitions(story)):
        blocks += [Heading(text=_("What each measure means")), Pairs(items=defined)]
    blocks += [Heading(text=_("Why intervals of gaps are wide")), Text(text=_correction(story))]
    blocks += [*_disclosure(story), *_four_fifths(story)]
    cannot = [story.voice.tell(m) for m in CANNOT]
    blocks += [Heading(text=_("What this audit cannot tell")), Bullets(items=cannot)]
    return Section(name="method", title=_("How it was measured"), blocks=blocks)


def _facts(story: AuditStory) -> Iterator[tuple[str, str]]:
    voice, audit = story.voice, story.audit
    _ = voice._
    if task := TASKS.get(str(audit.get("task"))):
        yield _("What is answered"), voice.tell(task)
    if audit.get("positive") not in (None, ""):
        yield _("Counts as yes"), f"“{story.positive}”"
    yield _("Intervals"), voice.say("{level}, each for itself", level=story.level())
    if family := audit.get("family"):
        told = (
            voice.say("{level}, all {n} together", level=story.level(), n=family)
            if story.joint
            else voice.say("{level}, the {n} that limits judge", level=story.level(), n=family)
        )
        yield _("Intervals of gaps"), told
    yield from _settings(story)
    if depth := audit.get("depth"):
        yield _("Columns looked at together, at most"), voice.number(depth)
    for column, reference in (audit.get("reference") or {}).items():
        yield voice.say("Compared with, by {column}", column=column), f"“{reference}”"
    for column, edges in (audit.get("bins") or {}).items():
        yield voice.say("“{column}” was divided at", column=column), _edges(story, edges)


def _settings(story: AuditStory) -> Iterator[tuple[str, str]]:
    voice, audit = story.voice, story.audit
    _ = voice._
    if least := audit.get("min_group"):
        yield _("Groups are compared from"), voice.amount(least, "cases")
    if (threshold := audit.get("threshold")) is not None:
        yield _("Scores count as yes from"), voice.number(threshold, 3)
    if (tolerance := audit.get("tolerance")) is not None:
        yield _("Within the tolerance"), voice.number(tolerance, 3)
    if (capacity := audit.get("capacity")) is not None:
        yield _("Share that can be served"), voice.percent(capacity)


def _edges(story: AuditStory, edges: Any) -> str:
    return ", ".join(story.voice.number(e) for e in edges if isinstance(e, int | float))


def _definitions(story: AuditStory) -> Iterator[tuple[str, str]]:
    kinds = ("fairness.", "performance.", "over_time.", "against.", "calibration.")
    met = {metric_of(f.check) for kind in kinds for f in story.of_kind(kind)}
    for name, metric in METRICS.items():
        if name in met:
            yield story.voice.tell(metric.name), story.means(metric.means)


def _correction(story: AuditStory) -> str:
    wide = story.voice._(
        "Whoever looks at many groups and picks the furthest two finds a gap even where there is "
        "none. Intervals of gaps are therefore wider."
    )
    if story.joint:
        held = story.voice.say(
            "If all groups were equal, all gaps of this page together would hold zero in {level} "
            "of audits like this one.",
            level=story.level(),
        )
    else:
        held = story.voice.say(
            "If all groups were equal, all gaps that a limit judges would together hold zero in "
            "{level} of audits like this one. Gaps that no limit judges are as wide each, but are "
            "not counted among those together.",
            level=story.level(),
        )
    return f"{wide} {held}"


def _disclosure(story: AuditStory) -> list[Block]:
    told = story.audit.get("disclosure")
    if not isinstance(told, Mapping) or not told.get("k"):
        return []
    voice = story.voice
    text = voice.say(
        "Counts below {k} are withheld, so that nobody can be recognised: {primary} of {cells} "
        "counts. Another {complementary} are withheld because the first could be worked out from "
        "them.",
        k=told.get("k"),
        primary=told.get("primary", 0),
        complementary=told.get("complementary", 0),
        cells=told.get("cells"),
    )
    blocks: list[Block] = [Heading(text=voice._("How single people are protected"))]
    blocks.append(Text(text=text))
    lines = list(_withheld(story, told.get("where") or ()))
    if told.get("withheld") and not lines:
        lines = [voice.say("Figures withheld on account of this: {n}.", n=told["withheld"])]
    return [*blocks, Bullets(items=lines)] if lines else blocks


def _withheld(story: AuditStory, where: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line a column or columns: how many figures are withheld, and what would tell more."""
    for one in where:
        columns = tuple(sorted(one.get("columns") or (), key=story.order))
        told = story.voice.plural(
            "By {columns}: {n} figure is withheld.",
            "By {columns}: {n} figures are withheld.",
            int(one.get("withheld") or 0),
            columns=" × ".join(columns) or story.voice._("All rows"),
        )
        yield f"{told} {_advice(story, columns)}".strip()


def _advice(story: AuditStory, columns: Sequence[str]) -> str:
    _ = story.voice._
    if len(columns) > 1:
        return _("More could be told with fewer columns at once, or with larger groups.")
    if set(columns) & set(story.audit.get("bins") or {}):
        return _("More could be told with fewer or wider ranges.")
    return _("More could be told if small groups were joined.") if columns else ""


def _four_fifths(story: AuditStory) -> list[Block]:
    gates = story.policy.get("gates") or ()
    if not any(str(g.get("check", "")).endswith(".ratio") for g in gates):
        return []
    voice = story.voice
    text = voice._(
        "A limit on a ratio, such as four fifths, is a rule of thumb for deciding where to look "
        "more closely. Meeting it proves no equal treatment, and missing it proves no "
        "discrimination; what the law asks is for lawyers to say."
    )
    return [Heading(text=voice._("About limits on ratios")), Text(text=text)]
