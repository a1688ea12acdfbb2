"""The same audit over time, and two answers to the same rows side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iagkit.core.nouns import Finding
from iagkit.report import charts
from iagkit.report.audit import drawings, panels
from iagkit.report.audit.metrics import COMPLEMENTS, METRICS
from iagkit.report.audit.reading import AuditStory, metric_of
from iagkit.report.blocks import Block, Bullets, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.story import OVERALL
from iagkit.report.svg import Axis, Point

OVER, AGAINST = "over_time.", "against."


def over_time(story: AuditStory) -> Section | None:
    """Build the part about time."""
    metrics = _metrics(story, OVER)
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
    blocks += _turned(story, OVER, metrics)
    return Section(name="time", title=voice._("Over time"), blocks=blocks)


def _metrics(story: AuditStory, prefix: str) -> tuple[str, ...]:
    """Measures of a family, but for those that say the same turned around."""
    met = dict.fromkeys(metric_of(f.check) for f in story.of_kind(prefix))
    kept = {m for m in met if COMPLEMENTS.get(m) not in met}
    return (*(m for m in METRICS if m in kept), *(m for m in met if m in kept - set(METRICS)))


def _turned(story: AuditStory, prefix: str, metrics: Sequence[str]) -> list[Block]:
    """Say which measures are left to the record, since those that are told give them away."""
    rest = [f for f in story.of_kind(prefix) if metric_of(f.check) not in metrics]
    if not rest:
        return []
    story.tell(rest)
    names = dict.fromkeys(story.metric(metric_of(f.check)) for f in rest)
    text = story.voice.say(
        "In record.json, beside this page, stand also: {measures}.", measures=", ".join(names)
    )
    return [Text(text=text, kind="note")]


def _courses(story: AuditStory, metric: str) -> list[Block]:
    found = [f for f in story.by_check.get(f"{OVER}{metric}", ()) if "period" in f.where]
    blocks: list[Block] = [Heading(text=story.metric(metric))]
    changes = _changes(story, metric)
    if changes:
        blocks.append(Bullets(items=[_change(story, f) for f in changes]))
    periods = sorted({f.where["period"] for f in found})
    for column in ("", *story.columns()):
        by = _series(story, found, column)
        if by:
            blocks.append(_figure(story, metric, by, periods, changes, column))
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
    e = finding.estimate
    return e is not None and e.low is not None and e.high is not None and not e.low <= 0 <= e.high


def _change(story: AuditStory, finding: Finding) -> str:
    voice = story.voice
    since = {"period": finding.between[1]} if finding.between else {}
    place = story.place({k: v for k, v in finding.where.items() if v != OVERALL} | since)
    where = place or voice._("All rows")
    if finding.estimate is None:
        return voice.say("{where}: {why}.", where=where, why=story.reason(finding))
    value = voice.gap(finding.estimate)
    if _shifted(finding):
        return voice.say("{where}: it changed by {value}.", where=where, value=value)
    return voice.say("{where}: no change is proven; {value}.", where=where, value=value)


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
            here.add(f.between[1] if f.between else f.where.get("period", ""))
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


def against(story: AuditStory) -> Section | None:
    """Build the part about two answers to the same rows."""
    metrics = _metrics(story, AGAINST)
    if not metrics:
        return None
    voice = story.voice
    blocks: list[Block] = [Text(text=voice._(
        "The same rows were answered twice. Each figure is the second answer minus the first, so "
        "a figure above zero means that the measure rose; intervals compare row by row."
    ))]  # fmt: skip
    overall = {story.metric(m): f for m in metrics if (f := story.at(f"{AGAINST}{m}.change", {}))}
    blocks += _sides(story, {"": overall}, voice._("All rows"))
    for column in story.columns():
        by = {m: story.groups_of(f"{AGAINST}{m}.change", (column,)) for m in metrics}
        found = {story.metric(m): some for m, some in by.items() if some}
        if found:
            blocks.append(Heading(text=voice.say("By {column}", column=column)))
            blocks += _sides(story, found, column)
    blocks += _turned(story, AGAINST, metrics)
    return Section(name="against", title=voice._("Second answer against the first"), blocks=blocks)


def _sides(
    story: AuditStory, found: Mapping[str, Mapping[str, Finding]], heading: str
) -> list[Block]:
    rows = dict.fromkeys(name for some in found.values() for name in some)
    if not rows:
        return []
    voice = story.voice
    caption = voice.say(
        "Second minus first, {heading}; shares in percentage points.", heading=heading
    )
    drawn = [
        d
        for title, some in found.items()
        for d in panels.panel(
            story, _shares(some), title=title or caption, zero=True, headed=bool(title)
        )
    ]
    table = Table(
        caption=caption,
        headings=[heading, *(title or voice._("Change") for title in found)],
        rows=[[name, *(_apart(story, some.get(name)) for some in found.values())] for name in rows],
        numeric=frozenset(range(1, len(found) + 1)),
        wide=len(found) > 3,
    )
    return [Figure(caption=caption, drawings=drawn, table=table, beside=len(found) > 1)]


def _shares(some: Mapping[str, Finding]) -> dict[str, Finding]:
    """Only shares, if there are any: numbers of other units have no scale in common."""
    units = {f.estimate.unit for f in some.values() if f.estimate}
    kept = "share" if "share" in units else next(iter(units), "share")
    return {k: f for k, f in some.items() if f.estimate and f.estimate.unit == kept}


def _apart(story: AuditStory, finding: Finding | None) -> Cell:
    if finding is None:
        return "—"
    return story.apart(finding.estimate) if finding.estimate else story.voice._("not known")
