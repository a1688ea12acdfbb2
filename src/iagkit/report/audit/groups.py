"""Each column of groups: what differs, small drawings, and every number in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iagkit.report.audit import panels, sentences
from iagkit.report.audit.metrics import COMPLEMENTS, METRICS, PANELS, SCORES
from iagkit.report.audit.reading import AuditStory, Columns
from iagkit.report.audit.sentences import Gap
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.story import OVERALL

MOST = 10
"""Proven gaps of a column that are told as sentences; the table tells all."""


def section(story: AuditStory) -> Section | None:
    """Build the part about groups, one column after the other."""
    voice, columns = story.voice, story.columns()
    if not columns:
        return None
    blocks: list[Block] = [Text(text=voice._(
        "Each small drawing is one measure. The dot is the measured value of a group, the line its "
        "interval, and the dashed mark the value of all rows together. Scales differ from drawing "
        "to drawing. The interval of a group is a description; the gap, which is corrected for "
        "having looked at all pairs of groups, is the evidence."
    ))]  # fmt: skip
    told = [block for column in columns for block in _column(story, column)]
    if not told:
        return None
    blocks += told
    return Section(name="groups", title=voice._("Group by group"), blocks=blocks)


def _column(story: AuditStory, column: str) -> list[Block]:
    columns = (column,)
    found = [g for g in sentences.gaps(story, columns) if g.metric not in SCORES]
    blocks: list[Block] = [Heading(text=story.voice.say("By {column}", column=column))]
    blocks += told(story, found)
    blocks += _panels(story, columns)
    blocks += _gaps(story, columns, found)
    blocks += _differences(story, column)
    return blocks if len(blocks) > 1 else []


def told(story: AuditStory, found: list[Gap], *, most: int = MOST) -> list[Block]:
    """Gaps as sentences: the proven, the open and those that were not found."""
    proven = [g for g in found if g.proven]
    order = [*sentences.ranked(proven), *(g for g in proven if g.metric == "equalized_odds")]
    items = [_gap(story, gap) for gap in order[:most]]
    if (more := len(order) - most) > 0:
        items.append(story.voice.say("Further proven differences, told below: {n}.", n=more))
    items += sentences.unknown(story, found)
    items += _stratified(story, found)
    missed = list(sentences.not_found(story, found))
    blocks: list[Block] = [Bullets(items=items)] if items else []
    if missed:
        text = story.voice.say("No gap was found in the following. {measures}", measures=missed[0])
        blocks.append(Text(text=text, kind="note"))
    return blocks


def _gap(story: AuditStory, gap: Gap) -> str:
    if gap.metric == "equalized_odds":
        assert gap.estimate is not None
        return story.voice.say(
            "{measure}: {value}.",
            measure=story.metric(gap.metric),
            value=story.voice.gap(gap.estimate),
        )
    return sentences.here(story, gap)


def _stratified(story: AuditStory, found: list[Gap]) -> Iterator[str]:
    """Gaps among comparable people, with a warning where they say something else."""
    for gap in found:
        for f in story.by_check.get(f"fairness.{gap.metric}.stratified_gap", ()):
            given = f.where.get("given")
            if {k for k, v in f.where.items() if v == OVERALL} != set(gap.columns) or not given:
                continue
            story.tell([f])
            among = Gap(metric=gap.metric, columns=gap.columns, finding=f)
            value = story.voice.gap(f.estimate) if f.estimate else story.reason(f)
            text = story.voice.say(
                "{measure}, among people alike in “{given}”: {value}.",
                measure=story.metric(gap.metric),
                given=given,
                value=value,
            )
            doubt = _turned(story, gap, f.where) or _simpson(story, gap, among)
            yield f"{text} {doubt}".strip()


def _turned(story: AuditStory, gap: Gap, where: Mapping[str, str]) -> str:
    """What the check says if the furthest groups lie the other way round among people alike."""
    found = story.at(f"fairness.{gap.metric}.simpson", where)
    return story.sentence(found) if found else ""


def _simpson(story: AuditStory, gap: Gap, among: Gap) -> str:
    if among.estimate is None or gap.estimate is None or among.proven == gap.proven:
        return ""
    _ = story.voice._
    if gap.proven:
        return _(
            "The gap is not proven among comparable people: groups differ in this column, too."
        )
    return _("The gap shows only among comparable people: looking at all together hides it.")


def _panels(story: AuditStory, columns: Columns) -> list[Block]:
    voice = story.voice
    metrics = [m for m in story.metrics(columns) if m not in SCORES]
    drawings, panelled = panels.drawn(story, columns, [m for m in metrics if in_panel(m)])
    found = {m: panelled.get(m) or story.groups_of(f"fairness.{m}", columns) for m in metrics}
    sizes = story.groups_of("fairness.group_size", columns)
    turned = [m for m, some in found.items() if some and found.get(COMPLEMENTS.get(m, ""))]
    if not any(found.values()):
        return []
    caption = voice.say(
        "Groups of “{column}”, measure by measure ({level} intervals).",
        column=sentences.by_columns(columns),
        level=story.level(),
    )
    table = panels.numbers(
        story,
        caption=caption,
        heading=sentences.by_columns(columns),
        found={m: f for m, f in found.items() if m not in turned},
        sizes=sizes,
    )
    blocks: list[Block] = [Figure(caption=caption, drawings=drawings, table=table, beside=True)]
    blocks += _many(story, table)
    if turned:
        rest = voice.say(
            "In record.json, beside this page, stand also: {measures}.",
            measures=", ".join(map(story.metric, turned)),
        )
        blocks.append(Text(text=rest, kind="note"))
    if few := panels.silent(story, (sizes, *found.values())):
        blocks.append(Text(text=voice._("What cannot be told, and why:"), kind="note"))
        blocks.append(Bullets(items=few))
    return blocks


def in_panel(metric: str) -> bool:
    """Tell whether a measure is drawn: the principal ones, and those nobody foresaw."""
    return metric in PANELS or metric not in METRICS


def _many(story: AuditStory, table: Table) -> list[Block]:
    if len(table.rows) <= panels.MANY:
        return []
    text = story.voice.say(
        "Of {n} groups, the drawings show the {shown} furthest; the table holds all.",
        n=len(table.rows),
        shown=panels.MANY,
    )
    return [Text(text=text, kind="note")]


def _gaps(story: AuditStory, columns: Columns, found: list[Gap]) -> list[Block]:
    """All gaps of a column as one drawing and one table."""
    measured = [g for g in sentences.measured(story, columns) if g.metric not in SCORES]
    known = {story.metric(g.metric): g.finding for g in found if g.estimate is not None}
    if not known:
        return []
    shares = {k: f for k, f in known.items() if f.estimate and f.estimate.unit == "share"}
    caption = story.voice.say(
        "Gaps between the furthest groups of “{column}”. A line that begins above zero is more "
        "than chance explains.",
        column=sentences.by_columns(columns),
    )
    title = story.voice._("Gaps between the furthest groups")
    drawings = panels.panel(story, shares, title=title, zero=True, letters=30)
    return [
        Figure(
            caption=caption,
            drawings=drawings,
            table=gap_table(story, captioned(story, columns), measured),
        )
    ]


def captioned(story: AuditStory, columns: Columns) -> str:
    """What a table of gaps is called."""
    return story.voice.say(
        "Gaps between the furthest groups of “{column}”; shares in percentage points",
        column=sentences.by_columns(columns),
    )


def gap_table(story: AuditStory, caption: str, found: list[Gap]) -> Table:
    """Gaps with intervals, furthest groups, ratio, and what could have been shown."""
    _ = story.voice._
    return Table(
        caption=caption,
        headings=[_("Measure"), _("Gap"), _("Lowest"), _("Highest"), _("Ratio"),
                  _("Would have shown"), _("Cases"), _("More cases to decide the limit")],
        rows=[_gap_row(story, gap) for gap in found],
        numeric=frozenset({1, 4, 5, 6, 7}), wide=True,
    )  # fmt: skip


def _gap_row(story: AuditStory, gap: Gap) -> list[Cell]:
    check = f"fairness.{gap.metric}"
    seen = sentences.detectable(story, gap)
    price = sentences.needed(story, gap)
    ratio = story.at(f"{check}.ratio", gap.finding.where)
    between = gap.finding.between
    low, high = (sentences.group(story, gap, raw) for raw in between or ("—", "—"))
    return [
        sentences.named(story, gap),
        story.apart(gap.estimate) if gap.estimate else story.voice._("not known"),
        low,
        high,
        story.short(ratio),
        story.apart(seen) if seen else "—",
        story.n(gap.finding),
        story.voice.number(price.value) if price else "—",
    ]


def _differences(story: AuditStory, column: str) -> list[Block]:
    """Each group against the reference or everybody else."""
    known = {
        m: some
        for m in story.metrics((column,))
        if (some := story.groups_of(f"fairness.{m}.difference", (column,)))
    }
    found = {m: some for m, some in known.items() if COMPLEMENTS.get(m) not in known}
    if not found:
        return []
    reference = (story.audit.get("reference") or {}).get(column)
    caption = _against(story, column, reference)
    groups = dict.fromkeys(g for some in found.values() for g in some)
    rows = [[g, *(_apart(story, some.get(g)) for some in found.values())] for g in groups]
    table = Table(
        caption=caption, headings=[column, *map(story.metric, found)], rows=rows,
        numeric=frozenset(range(1, len(found) + 1)), wide=True,
    )  # fmt: skip
    return [Figure(caption=caption, drawings=[], table=table)]


def _apart(story: AuditStory, finding: object) -> Cell:
    estimate = getattr(finding, "estimate", None)
    return story.apart(estimate) if estimate else story.voice._("not known")


def _against(story: AuditStory, column: str, reference: object) -> str:
    if reference:
        return story.voice.say(
            "Each group of “{column}” minus “{reference}”; shares in percentage points, intervals "
            "that hold for all together.",
            column=column,
            reference=str(reference),
        )
    return story.voice.say(
        "Each group of “{column}” minus everybody else; shares in percentage points, intervals "
        "that hold for all together.",
        column=column,
    )
