"""Small multiples: one small drawing a measure, groups as rows, all rows together as reference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from iagkit.core.nouns import Estimate, Finding
from iagkit.report import charts
from iagkit.report.audit.reading import AuditStory, Columns
from iagkit.report.blocks import Table
from iagkit.report.svg import Axis, Row

MANY = 16
"""Groups that one panel shows; of more, the furthest are drawn and the rest told in the table."""
LETTERS = 24


def around(
    story: AuditStory, estimates: Iterable[Estimate], *, title: str = "", zero: bool = False
) -> Axis:
    """Scale of round numbers that holds all intervals.

    With ``zero`` it holds zero too, and shares are told in points, as differences are.
    """
    known = list(estimates)
    unit = known[0].unit if known else "share"
    ends = [x for e in known for x in (e.value, e.low, e.high) if x is not None]
    ends += [0.0] if zero else []
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    step = _step((high - low) or abs(high) or 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    places = [i * step for i in range(first, last + 1)]
    places = places if len(places) <= 4 else places[:: max(1, (len(places) - 1) // 2)]
    ticks = [(x, _tick(story, x, unit, step, points=zero)) for x in places]
    return Axis(low=first * step, high=last * step, ticks=ticks, title=title)


def _step(span: float) -> float:
    """Of 1, 2 and 5 times a power of ten, the smallest that needs at most four steps."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    return next(k * power for k in (1, 2, 2.5, 5, 10) if k * power * 4 >= span)


def _tick(story: AuditStory, x: float, unit: str, step: float, *, points: bool) -> str:
    if unit == "share":
        digits = _digits(100 * step)
        write = story.voice.number
        return write(100 * x, digits) if points else story.voice.percent(x, digits)
    return story.voice.number(x, _digits(step))


def _digits(step: float) -> int:
    return next((d for d in range(6) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 6)


def panel(
    story: AuditStory,
    found: Mapping[str, Finding],
    *,
    title: str,
    mark: Estimate | None = None,
    zero: bool = False,
    letters: int = LETTERS,
    headed: bool = True,
) -> list[str]:
    """Draw one measure of several groups; those without a number are left to the note below."""
    known = {name: f for name, f in found.items() if f.estimate is not None}
    if not known:
        return []
    shown = furthest(known)
    estimates = [f.estimate for f in shown.values() if f.estimate]
    marks = [mark] if mark else []
    axis = around(story, [*estimates, *(_bare(m) for m in marks)], title=title if headed else "",
                  zero=zero)  # fmt: skip
    rows = [_row(story, name, f, zero=zero) for name, f in shown.items()]
    references = [0.0] if zero else [m.value for m in marks]
    return list(
        charts.in_parts(
            rows, axis=axis, title=title, desc=charts.described(story, known),
            marks=references, letters=letters,
        )
    )  # fmt: skip


def _bare(estimate: Estimate) -> Estimate:
    return Estimate(value=estimate.value, n=estimate.n, unit=estimate.unit)


def _row(story: AuditStory, name: str, finding: Finding, *, zero: bool) -> Row:
    row = charts.row(story, name, finding)
    if not zero or finding.estimate is None:
        return row
    e = finding.estimate
    return Row(label=name, value=e.value, low=e.low, high=e.high, shown=story.signed(e))


def furthest(known: Mapping[str, Finding], most: int = MANY) -> dict[str, Finding]:
    """All, or the lowest and the highest, in the order they came."""
    if len(known) <= most:
        return dict(known)
    by_size = sorted(known, key=lambda k: _value(known[k]))
    kept = {*by_size[: most // 2], *by_size[-(most // 2) :]}
    return {k: known[k] for k in by_size if k in kept}


def _value(finding: Finding) -> float:
    return finding.estimate.value if finding.estimate else 0.0


def drawn(
    story: AuditStory, columns: Columns, metrics: Sequence[str]
) -> tuple[list[str], dict[str, dict[str, Finding]]]:
    """Panels of these measures, and every measure's groups."""
    found = {m: story.groups_of(f"fairness.{m}", columns) for m in metrics}
    drawings: list[str] = []
    for metric, groups in found.items():
        overall = story.overall_of(metric)
        drawings += panel(
            story, groups, title=story.metric(metric), mark=overall.estimate if overall else None
        )
    return drawings, found


def numbers(
    story: AuditStory,
    *,
    caption: str,
    heading: str,
    found: Mapping[str, Mapping[str, Finding]],
    sizes: Mapping[str, Finding],
) -> Table:
    """Groups as rows and measures as columns, every number with its interval."""
    groups = dict.fromkeys(g for some in (sizes, *found.values()) for g in some)
    kept = [m for m, some in found.items() if some]
    with_sizes = bool(sizes)
    rows = [
        [
            group,
            *([_size(story, sizes.get(group))] if with_sizes else []),
            *(story.short(found[m].get(group)) for m in kept),
        ]
        for group in groups
    ]
    headings = [heading, *([story.voice._("Rows")] if with_sizes else []), *map(story.metric, kept)]
    return Table(
        caption=caption, headings=headings, rows=rows,
        numeric=frozenset(range(1, len(headings))), wide=len(headings) > 4,
    )  # fmt: skip


def _size(story: AuditStory, size: Finding | None) -> str:
    if size is None:
        return "—"
    if size.estimate is None:
        return story.voice._("not known")
    return story.voice.number(size.estimate.value)


def silent(story: AuditStory, found: Iterable[Mapping[str, Finding]]) -> list[str]:
    """Groups of which something is not known, gathered by the reason."""
    by: dict[str, dict[str, None]] = {}
    for some in found:
        for group, f in some.items():
            if f.estimate is None:
                by.setdefault(story.reason(f), {})[group] = None
    return [
        story.voice.say("{groups}: {why}.", groups=", ".join(f"“{g}”" for g in groups), why=why)
        for why, groups in by.items()
    ]
