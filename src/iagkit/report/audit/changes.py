"""The same audit over time: courses, changes and drifts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts
from iagkit.report.audit import drawings, panels
from iagkit.report.audit.families import measures, turned
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.story import OVERALL
from iagkit.report.svg import Axis, Point

OVER = "over_time."


def section(story: AuditStory) -> Section | None:
    """Build the part about time."""
    metrics = measures(story, OVER)
    if not metrics:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=voice._(
        "Each drawing follows one measure from period to period; upright lines are intervals. A "
        "dashed line and a ring mark a period in which the measure changed by more than chance "
        "explains, all periods being looked at together."
    ))]  # fmt: skip
    for metric in metrics:
        blocks += _courses(story, metric)
    blocks += turned(story, OVER, metrics)
    return Section(name="time", title=voice._("Over time"), blocks=blocks)


def _courses(story: AuditStory, metric: str) -> list[Block]:
    found = [f for f in story.by_check.get(f"{OVER}{metric}", ()) if "period" in f.where]
    blocks: list[Block] = [Heading(text=story.metric(metric))]
    changes = _changes(story, metric)
    blocks += _told(story, metric, changes)
    periods = sorted({f.where["period"] for f in found})
    for column in ("", *story.columns()):
        by = _series(story, found, column)
        if by:
            blocks.append(_figure(story, metric, by, periods, changes, column))
    blocks += _table(story, metric, changes)
    return blocks if len(blocks) > 1 else []


def _series(
    story: AuditStory, found: Sequence[Finding], column: str
) -> dict[str, dict[str, Finding]]:
    """Group → period → finding; without a column, all rows together."""
    by: dict[str, dict[str, Finding]] = {}
    for f in found:
        if set(f.where) == {"period", *([column] if column else [])}:
            name = story.group(f.where[column]) if column else story.voice._("All rows")
            by.setdefault(name, {})[f.where["period"]] = f
            story.tell([f])
    return by


def _changes(story: AuditStory, metric: str) -> list[Finding]:
    found = list(story.by_check.get(f"{OVER}{metric}.change", ()))
    story.tell(found)
    return found


def _shifted(finding: Finding) -> bool:
    """Tell whether a change was found; one about all periods names those between which it lies."""
    e = finding.estimate
    if finding.where.get("period") == OVERALL:
        return e is not None and finding.between is not None
    return _beyond(e)


def _beyond(e: Estimate | None) -> bool:
    return e is not None and e.low is not None and e.high is not None and not e.low <= 0 <= e.high


def _period(finding: Finding) -> str:
    return finding.between[1] if finding.between else finding.where.get("period", "")


def _place(story: AuditStory, finding: Finding) -> str:
    where = {k: v for k, v in finding.where.items() if k != "period"}
    return story.place(where) or story.voice._("All rows")


def _told(story: AuditStory, metric: str, changes: Sequence[Finding]) -> list[Block]:
    """Changes that were found, drifts, and in one sentence where nothing was found."""
    items = [_change(story, metric, f) for f in changes if _shifted(f)]
    items += _drifts(story, metric)
    items += panels.silent(story, [{_place(story, f): f for f in changes}])
    blocks: list[Block] = [Bullets(items=items)] if items else []
    still = [_place(story, f) for f in changes if f.estimate and not _shifted(f)]
    if still:
        places = "; ".join(dict.fromkeys(still))
        text = story.voice.say("No change is proven: {places}.", places=places)
        blocks.append(Text(text=text, kind="note"))
    return blocks


def _change(story: AuditStory, metric: str, finding: Finding) -> str:
    assert finding.estimate is not None
    told = story.voice.say(
        "{where}: from {period} on it changed by {value}.",
        where=_place(story, finding),
        period=_period(finding),
        value=story.voice.gap(finding.estimate),
    )
    doubt = _season(story, metric, finding)
    return f"{told} {doubt}".strip()


def _season(story: AuditStory, metric: str, change: Finding) -> str:
    found = story.at(f"{OVER}{metric}.season", change.where)
    if found is None:
        return ""
    if found.estimate is None:
        return story.sentence(found)
    return story.voice.say(
        "If seasons may differ, chance makes so large a change with a probability of {value}.",
        value=_probability(story, found.estimate.value),
    )


def _probability(story: AuditStory, value: float) -> str:
    least = 0.001
    return f"< {story.voice.number(least, 3)}" if value < least else story.voice.number(value, 3)


def _drifts(story: AuditStory, metric: str) -> Iterator[str]:
    for f in story.by_check.get(f"{OVER}{metric}.trend", ()):
        if f.estimate is not None and _beyond(f.estimate):
            yield story.voice.say(
                "{where}: from the first period to the last it drifts by {value}.",
                where=_place(story, f),
                value=story.voice.gap(f.estimate),
            )


def _table(story: AuditStory, metric: str, changes: Sequence[Finding]) -> list[Block]:
    """Largest change, drift and scatter of every line, found or not."""
    if not changes:
        return []
    voice = story.voice
    caption = voice.say(
        "{measure}: largest change, drift and scatter; shares in percentage points",
        measure=story.metric(metric),
    )
    table = Table(
        caption=caption,
        headings=[voice._("Where"), voice._("Change"), voice._("From"), voice._("Drift"),
                  voice._("Scatter, in times of chance")],
        rows=[_line(story, metric, f) for f in changes],
        numeric=frozenset({1, 3, 4}), wide=True,
    )  # fmt: skip
    return [Figure(caption=caption, drawings=[], table=table)]


def _line(story: AuditStory, metric: str, change: Finding) -> list[Cell]:
    drift = story.at(f"{OVER}{metric}.trend", change.where)
    spread = story.at(f"{OVER}{metric}.spread", change.where)
    return [
        _place(story, change),
        story.apart(change.estimate) if change.estimate else story.voice._("not known"),
        _period(change) if _shifted(change) else "—",
        story.apart(drift.estimate) if drift and drift.estimate else "—",
        story.voice.number(spread.estimate.value, 1) if spread and spread.estimate else "—",
    ]


def _figure(
    story: AuditStory,
    metric: str,
    by: Mapping[str, Mapping[str, Finding]],
    periods: Sequence[str],
    changes: Sequence[Finding],
    column: str,
) -> Figure:
    voice = story.voice
    known = [f.estimate for some in by.values() for f in some.values() if f.estimate]
    y = panels.around(story, known)
    drawn = []
    for name, some in list(by.items())[: panels.MANY]:
        marked = _marked(story, changes, column, name)
        drawn.append(_course(story, name, some, periods, marked, y))
    caption = (
        voice.say(
            "{measure}: period by period, in the groups of “{column}”.",
            measure=story.metric(metric),
            column=column,
        )
        if column
        else voice.say("{measure}: period by period, all rows.", measure=story.metric(metric))
    )
    table = Table(
        caption=caption,
        headings=[voice._("Period"), *by],
        rows=[[p, *(story.short(some.get(p)) for some in by.values())] for p in periods],
        numeric=frozenset(range(1, len(by) + 1)),
        wide=len(by) > 2,
    )
    return Figure(caption=caption, drawings=drawn, table=table, beside=bool(column))


def _marked(story: AuditStory, changes: Sequence[Finding], column: str, name: str) -> set[str]:
    """Periods in which this group changed."""
    here = set()
    for f in changes:
        of = {k: v for k, v in f.where.items() if k != "period" and v != OVERALL}
        named = {column: name} if column else {}
        if {k: story.group(v) for k, v in of.items()} == named and _shifted(f):
            here.add(_period(f))
    return here


def _course(
    story: AuditStory,
    name: str,
    some: Mapping[str, Finding],
    periods: Sequence[str],
    marked: set[str],
    y: Axis,
) -> str:
    at = {p: float(i) for i, p in enumerate(periods)}
    ends = dict.fromkeys((periods[0], periods[-1]))
    x = Axis(low=0, high=max(len(periods) - 1, 1), ticks=[(at[p], p) for p in ends])
    points = [_point(at[p], f) for p, f in sorted(some.items()) if f.estimate]
    return drawings.course(
        points, x=x, y=y, changed=[at[p] for p in sorted(marked) if p in at], title=name,
        desc=charts.described(story, some),
    )  # fmt: skip


def _point(x: float, finding: Finding) -> Point:
    e = finding.estimate
    assert e is not None
    low = e.value if e.low is None else e.low
    high = e.value if e.high is None else e.high
    return Point(x=x, y=e.value, low=low, high=high)
