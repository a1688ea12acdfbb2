"""The plain words first: who was counted, what differs for certain, what nobody can tell yet."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.nouns import Finding, Verdict
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
    plural = story.voice.plural
    told = (
        plural("{n} exceeded", "{n} exceeded", results.count("fail")),
        plural("{n} kept", "{n} kept", results.count("pass")),
        plural("{n} undecided", "{n} undecided", results.count("unknown")),
    )
    return plural(
        "{n} limit: {results}.", "{n} limits: {results}.", len(results), results=", ".join(told)
    )


def _largest(story: AuditStory) -> str:
    """The largest gap of those that hold all together; else any other, and that it does not."""
    found = sentences.all_gaps(story)
    if not found:
        return ""
    some = sentences.ranked(found)
    if not some:
        return story.voice._(
            "No difference between groups is proven; that does not prove equality."
        )
    top = next((g for g in some if sentences.holds(story, g)), some[0])
    told = {
        "columns": sentences.by_columns(top.columns),
        "frequencies": sentences.frequencies(story, top) or story.metric(top.metric),
    }
    if sentences.holds(story, top):
        return story.voice.say(
            "The largest proven difference, by {columns}: {frequencies}.", **told
        )
    return story.voice.say(
        "The largest difference, by {columns}: {frequencies}. No limit judges it: it is beyond "
        "chance for itself, not together with all others.",
        **told,
    )


def lines(story: AuditStory) -> list[str]:
    """The summary in a few lines, for a terminal and a notebook."""
    found = sentences.all_gaps(story)
    some = sentences.ranked(found)
    certain = [g for g in some if sentences.holds(story, g)] or some
    told = [sentences.proven(story, gap) for gap in certain[:MOST]]
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
        voice.plural("{column} ({n} group)", "{column} ({n} groups)", n, column=c)
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
        yield voice.plural(
            "Left out, because the truth is missing: {n} row.",
            "Left out, because the truth is missing: {n} rows.",
            left["truth"],
        )
    if left.get("prediction"):
        yield voice.plural(
            "Left out, because the answer is missing: {n} row.",
            "Left out, because the answer is missing: {n} rows.",
            left["prediction"],
        )
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
    """What holds together with all others first; then what shows only for itself."""
    voice, some = story.voice, sentences.ranked(found)
    if not found:
        return []
    certain = [g for g in some if sentences.holds(story, g)]
    alone = [g for g in some if g not in certain]
    title = Heading(text=voice._("Differences that are proven"))
    if not some:
        none = voice._("None. No gap between groups is larger than chance explains in these data.")
        return [title, Text(text=none)]
    blocks: list[Block] = [title]
    if certain:
        blocks += _told(story, certain)
    if alone:
        blocks.append(Text(text=voice._(
            "No limit judges the following. Each is larger than chance explains if it is looked "
            "at for itself; among so many, some may be due to chance."
        )))  # fmt: skip
        blocks += [Bullets(items=list(_named(story, alone)))] if certain else _told(story, alone)
    return blocks


def _told(story: AuditStory, some: list[Gap]) -> list[Block]:
    blocks: list[Block] = [Bullets(items=[sentences.proven(story, gap) for gap in some[:MOST]])]
    if (more := len(some) - MOST) > 0:
        told = story.voice.say("Further proven differences, told below: {n}.", n=more)
        blocks.append(Text(text=told, kind="note"))
    return blocks


def _named(story: AuditStory, some: list[Gap]) -> Iterator[str]:
    """Gaps by their names and sizes, one line a column."""
    by: dict[str, list[str]] = {}
    for gap in some:
        assert gap.estimate is not None
        size = f"{sentences.named(story, gap)} ({story.distance(gap.estimate)})"
        by.setdefault(sentences.by_columns(gap.columns), []).append(size)
    for columns, sizes in by.items():
        yield story.voice.say(
            "By {columns}: {measures}.", columns=columns, measures="; ".join(sizes)
        )


def _not_found(story: AuditStory, found: list[Gap]) -> list[Block]:
    told = list(sentences.not_found(story, [g for g in found if len(g.columns) == 1]))
    if not told:
        return []
    voice = story.voice
    meaning = voice._(
        "Not found does not mean equal. A figure in brackets is the smallest true gap that these "
        "data would have shown in 8 of 10 samples; anything smaller could be there unseen. Where "
        "none stands, it cannot be worked out."
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
    blocks: list[Block] = [Heading(text=story.voice._("What is not known")), Bullets(items=told)]
    if any(_withheld(g.finding) for g in found):
        advice = story.voice._(
            "More can be told of what is withheld if small groups are joined into larger ones, or "
            "if fewer columns are looked at together."
        )
        blocks.append(Text(text=advice, kind="note"))
    return blocks


def _withheld(finding: Finding) -> bool:
    return finding.because is not None and finding.because.template.startswith("withheld")


def _undecided(story: AuditStory) -> Iterator[str]:
    """Limits about which the data cannot tell, a line a measure, the weightiest first."""
    found = [v for v in story.record.verdicts if v.result == "unknown"]
    by: dict[str, list[Verdict]] = {}
    for one in sorted(found, key=lambda v: (WEIGHT[v.on_fail], len(v.where))):
        by.setdefault(one.check, []).append(one)
    for some in list(by.values())[:DECIDES]:
        yield _open(story, some)
    if n := sum(map(len, list(by.values())[DECIDES:])):
        yield story.voice.say("Further undecided limits, told below: {n}.", n=n)


def _open(story: AuditStory, some: list[Verdict]) -> str:
    """One limit wherever it is undecided; places with the same reason share it."""
    by: dict[str, list[str]] = {}
    for one in some:
        why = "; ".join(part for part in (story.why(one), _price(story, one)) if part)
        by.setdefault(why, []).append(story.place(one.where))
    told = (f"{', '.join(filter(None, places))} ({why})".strip() for why, places in by.items())
    return story.voice.say(
        "{asked}: the limit is undecided {places}.",
        asked=story.check(some[0].check),
        places="; ".join(told),
    )


def _price(story: AuditStory, one: Verdict) -> str:
    """How many more cases would decide it, or why nobody can say, where the gap is known."""
    found = story.at(one.check.rpartition(".")[0] + ".cases_needed", one.where)
    gap = story.record.find(one.check, **one.where)
    if found is None or gap is None or gap.estimate is None:
        return ""
    if found.estimate is None:
        return story.reason(found)
    return story.voice.say(
        "about {n} more, of the same mix and with figures as now, would decide it",
        n=story.voice.amount(found.estimate.value, "cases"),
    )
