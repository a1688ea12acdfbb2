"""Whether some people fare worse: every declared group, with what cannot be known."""

from __future__ import annotations

from itertools import zip_longest

from iagkit.core.nouns import Finding
from iagkit.report import charts
from iagkit.report.blocks import Block, Bullets, Figure, Heading, Section, Table, Text
from iagkit.report.story import OVERALL, Story

MEASURES = ("fairness.accuracy", "fairness.abstention_rate", "fairness.conformal_coverage")


def section(story: Story) -> Section:
    """Build the part about groups of people."""
    voice, columns = story.voice, story.columns()
    blocks: list[Block] = []
    if not columns:
        blocks.append(Text(text=voice._(
            "No group was declared, so nothing is known about whether some people fare worse "
            "than others. Not knowing is not the same as equal treatment."
        )))  # fmt: skip
    else:
        blocks.append(Text(text=voice._(
            "Each group of people is shown with its interval. Where intervals overlap widely, the "
            "data cannot tell the groups apart. The gap between the two furthest groups is "
            "corrected for having been chosen after looking."
        )))  # fmt: skip
    for column in columns:
        blocks += _column(story, column)
    return Section(name="groups", title=voice._("Do some people fare worse?"), blocks=blocks)


def _column(story: Story, column: str) -> list[Block]:
    voice = story.voice
    found = {m: story.by(m, column) for m in MEASURES}
    shown = {m: f for m, f in found.items() if any(one.estimate for one in f.values())}
    blocks: list[Block] = [Heading(text=voice.say("By {column}", column=column))]
    if gaps := [
        _gap(story, m, column)
        for m in MEASURES
        if story.record.find(f"{m}.gap", **{column: OVERALL})
    ]:
        blocks.append(Bullets(items=gaps))
    if not shown:
        few = _too_few(story, found)
        return [*blocks, Text(text=few, kind="note")] if few else blocks
    caption = voice.say(
        "Groups of “{column}”: each measure with its interval; the short upright line marks all "
        "requests together.",
        column=column,
    )
    # the same groups of every measure stand side by side, also where a drawing is divided
    rows = zip_longest(*(_drawn(story, m, f) for m, f in shown.items()))
    drawings = [drawing for row in rows for drawing in row if drawing]
    table = _table(story, column, shown)
    blocks.append(Figure(caption=caption, drawings=drawings, table=table, beside=True))
    if few := _too_few(story, shown):
        blocks.append(Text(text=few, kind="note"))
    return blocks


def _drawn(story: Story, measure: str, found: dict[str, Finding]) -> list[str]:
    title = story.check(measure)
    named = {story.group(value): f for value, f in found.items()}
    rows = [charts.row(story, name, f) for name, f in named.items()]
    overall = story.overall(_OVERALL[measure])
    marks = [overall.value] if overall else []
    drawn = charts.in_parts(
        rows, axis=charts.shares(story, title=title, at=charts.HALVES), title=title,
        desc=charts.described(story, named), marks=marks, letters=24,
    )  # fmt: skip
    return list(drawn)


_OVERALL = {
    "fairness.accuracy": "performance.accuracy",
    "fairness.abstention_rate": "abstention.rate",
    "fairness.conformal_coverage": "coverage.conformal",
}


def _gap(story: Story, measure: str, column: str) -> str:
    voice = story.voice
    finding = story.record.find(f"{measure}.gap", **{column: OVERALL})
    name = story.check(measure)
    if finding is None or finding.estimate is None:
        why = story.reason(finding) if finding else ""
        return voice.say("{measure}: the gap is not known: {why}.", measure=name, why=why)
    if finding.estimate.value == 0:
        none = voice.gap(finding.estimate)
        return voice.say("{measure}: no gap was seen, {value}.", measure=name, value=none)
    low, high = (story.group(g) for g in finding.between or ("", ""))
    told = {"measure": name, "value": voice.gap(finding.estimate), "low": low, "high": high}
    if finding.estimate.low is not None and finding.estimate.low > 0:
        seen = voice.say(
            "{measure}: the furthest groups lie {value} apart, from {low} to {high}. This is more "
            "than chance explains.", **told,
        )  # fmt: skip
        return f"{seen} {_beyond(story, finding)}".strip()
    return voice.say(
        "{measure}: the furthest groups lie {value} apart, from {low} to {high}. Chance alone "
        "could explain it.", **told,
    )  # fmt: skip


def _beyond(story: Story, gap: Finding) -> str:
    """Say so if a gap is there, yet nobody can tell whether it is above its limit."""
    same = (v for v in story.record.verdicts if (v.check, v.where) == (gap.check, gap.where))
    if "unknown" not in {v.result for v in same}:
        return ""
    return story.voice._("There is a gap; whether it exceeds the limit is not known.")


def _table(story: Story, column: str, shown: dict[str, dict[str, Finding]]) -> Table:
    voice = story.voice
    sizes = story.by("fairness.group_size", column)
    values = dict.fromkeys(v for f in (*shown.values(), sizes) for v in f)
    first = next(iter(shown.values()), {})
    return Table(
        caption=voice.say(
            "Groups of “{column}” (intervals: {level})", column=column, level=story.level()
        ),
        headings=[column, voice._("Requests"), *map(story.check, shown)],
        rows=[
            [story.group(v), _size(story, sizes.get(v), first.get(v)),
             *(story.cell(f.get(v)) for f in shown.values())]
            for v in values
        ],
        numeric=frozenset(range(1, 2 + len(shown))),
    )  # fmt: skip


def _size(story: Story, size: Finding | None, measured: Finding | None) -> str:
    if size and size.estimate:
        return story.voice.number(size.estimate.value)
    return story.n(measured)


def _too_few(story: Story, shown: dict[str, dict[str, Finding]]) -> str:
    unknown = {v for f in shown.values() for v, finding in f.items() if finding.estimate is None}
    if not unknown:
        return ""
    names = ", ".join(sorted(story.group(v) for v in unknown))
    return story.voice.say("Nothing can be said yet about: {names}.", names=names)
