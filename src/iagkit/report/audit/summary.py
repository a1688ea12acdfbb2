"""The plain words first: who was counted, what differs for certain, what nobody can tell yet."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.nouns import Verdict
from iagkit.report.audit import mitigation, sentences
from iagkit.report.audit.reading import AuditStory
from iagkit.report.audit.sentences import Gap
from iagkit.report.blocks import Block, Bullets, Heading, Section, Status, Text
from iagkit.report.sections.verdicts import WEIGHT

MOST = 6
"""Proven gaps that the summary tells; the rest stands below."""
DECIDES = 6
"""Undecided limits that the summary tells."""


def verdict(story: AuditStory) -> tuple[Status, str]:
    """Say in one sentence what the audit found."""
    _ = story.voice._
    results = [v.result for v in story.record.verdicts if v.on_fail != "note"]
    if not results:
        status = Status(tone="plain", word=_("No limit was set"))
    elif "fail" in results:
        status = Status(tone="fail", word=_("Limits were exceeded"))
    elif "unknown" in results:
        status = Status(tone="unknown", word=_("The data cannot tell"))
    else:
        status = Status(tone="pass", word=_("No limit was exceeded"))
    compared = mitigation.sentence(story)
    told = (_limits(story), compared or _largest(story))
    return status, " ".join(part for part in told if part)


def _limits(story: AuditStory) -> str:
    results = [v.result for v in story.record.verdicts]
    if not results:
        return ""
    return story.voice.say(
        "Of {n} limits, {failed} exceeded, {met} kept, {unknown} undecided.",
        n=len(results),
        failed=results.count("fail"),
        met=results.count("pass"),
        unknown=results.count("unknown"),
    )


def _largest(story: AuditStory) -> str:
    found = sentences.all_gaps(story)
    if not found:
        return ""
    proven = sentences.ranked(found)
    if not proven:
        return story.voice._(
            "No difference between groups is proven; that does not prove equality."
        )
    top = proven[0]
    return story.voice.say(
        "The largest proven difference, by {columns}: {frequencies}.",
        columns=sentences.by_columns(top.columns),
        frequencies=sentences.frequencies(story, top) or story.metric(top.metric),
    )


def lines(story: AuditStory) -> list[str]:
    """The summary in a few lines, for a terminal and a notebook."""
    found = sentences.all_gaps(story)
    told = [sentences.proven(story, gap) for gap in sentences.ranked(found)[:MOST]]
    told = [*mitigation.lines(story), *told]
    return [*told, *sentences.not_found(story, [g for g in found if len(g.columns) == 1])]


def section(story: AuditStory) -> Section:
    """Build the summary."""
    found = sentences.all_gaps(story)
    blocks: list[Block] = [Text(text=_counted(story), kind="lead")]
    if aside := list(_aside(story)):
        blocks.append(Bullets(items=aside))
    if ways := mitigation.lines(story):
        blocks.append(Bullets(items=ways))
    blocks += _proven(story, found)
    blocks += _not_found(story, found)
    blocks += _unknown(story, found)
    return Section(name="summary", title=story.voice._("In plain words"), blocks=blocks)


def _counted(story: AuditStory) -> str:
    voice, rows = story.voice, story.audit.get("rows")
    columns = story.columns()
    if not columns:
        return voice.say(
            "{rows} rows were counted. No group was declared, so nothing is known about whether "
            "some people fare worse than others.",
            rows=rows,
        )
    told = [
        voice.say("{column} ({n} groups)", column=c, n=n)
        for c in columns
        if (n := _groups(story, c))
    ]
    return voice.say(
        "{rows} rows were counted and compared by {columns}.",
        rows=rows,
        columns=", ".join(told or columns),
    )


def _groups(story: AuditStory, column: str) -> int:
    sizes = story.groups_of("fairness.group_size", (column,))
    found = [story.groups_of(f"fairness.{m}", (column,)) for m in story.metrics((column,))]
    return max(map(len, (sizes, *found)), default=0)


def _aside(story: AuditStory) -> Iterator[str]:
    """What was left out, and what each row counts."""
    voice, audit = story.voice, story.audit
    left = audit.get("left_out") or {}
    if left.get("truth"):
        yield voice.say("Left out, because the truth is missing: {n} rows.", n=left["truth"])
    if left.get("prediction"):
        yield voice.say("Left out, because the answer is missing: {n} rows.", n=left["prediction"])
    yield from _missing(story)
    if audit.get("weight"):
        yield voice._("Rows count by their weight, as the table says; intervals take that in.")
    if audit.get("cluster"):
        yield voice._(
            "Several rows may be of one person; intervals count people, not rows, as evidence."
        )


def _missing(story: AuditStory) -> Iterator[str]:
    for f in story.by_check.get("data.missing", ()):
        column = f.where.get("column")
        if column and f.estimate and f.estimate.value > 0:
            story.tell([f])
            yield story.voice.say(
                "“{column}” is missing in {share} of the rows.",
                column=column,
                share=story.voice.value(f.estimate),
            )
        elif column and f.estimate:
            story.tell([f])


def _proven(story: AuditStory, found: list[Gap]) -> list[Block]:
    voice, some = story.voice, sentences.ranked(found)
    if not found:
        return []
    title = Heading(text=voice._("Differences that are proven"))
    if not some:
        none = voice._("None. No gap between groups is larger than chance explains in these data.")
        return [title, Text(text=none)]
    blocks: list[Block] = [
        title,
        Bullets(items=[sentences.proven(story, gap) for gap in some[:MOST]]),
    ]
    if (more := len(some) - MOST) > 0:
        told = voice.say("Further proven differences, told below: {n}.", n=more)
        blocks.append(Text(text=told, kind="note"))
    return blocks


def _not_found(story: AuditStory, found: list[Gap]) -> list[Block]:
    told = list(sentences.not_found(story, [g for g in found if len(g.columns) == 1]))
    if not told:
        return []
    voice = story.voice
    meaning = voice._(
        "Not found does not mean equal. Beside each measure stands the smallest true gap that "
        "these data would have shown in 8 of 10 samples; anything smaller could be there unseen."
    )
    return [
        Heading(text=voice._("Differences that were not found")),
        Text(text=meaning),
        Bullets(items=told),
    ]


def _unknown(story: AuditStory, found: list[Gap]) -> list[Block]:
    alone = [g for g in found if len(g.columns) == 1]
    told = [*sentences.unknown(story, alone), *_undecided(story)]
    if not told:
        return []
    return [Heading(text=story.voice._("What is not known")), Bullets(items=told)]


def _undecided(story: AuditStory) -> Iterator[str]:
    """Limits about which the data cannot tell, few enough to be read, the weightiest first."""
    found = [v for v in story.record.verdicts if v.result == "unknown"]
    ordered = sorted(found, key=lambda v: (WEIGHT[v.on_fail], len(v.where)))
    for one in ordered[:DECIDES]:
        yield _open(story, one)
    if len(ordered) > DECIDES:
        n = len(ordered) - DECIDES
        yield story.voice.say("Further undecided limits, told below: {n}.", n=n)


def _open(story: AuditStory, one: Verdict) -> str:
    finding = story.record.find(one.check, **one.where)
    unit = finding.estimate.unit if finding and finding.estimate else "share"
    place = story.place(one.where)
    asked = story.check(one.check) + (f" ({place})" if place else "")
    why = story.voice.tell(one.because, unit=unit)
    told = story.voice.say("{asked}: the limit is undecided, because {why}.", asked=asked, why=why)
    return f"{told} {_price(story, one)}".strip()


def _price(story: AuditStory, one: Verdict) -> str:
    """How many more cases would decide it, where that is known."""
    found = story.at(one.check.rpartition(".")[0] + ".cases_needed", one.where)
    if found is None:
        return ""
    if found.estimate is None:
        return story.sentence(found)
    return story.voice.say(
        "About {n} more, of the same mix and with figures as now, would decide it.",
        n=story.voice.amount(found.estimate.value, "cases"),
    )
