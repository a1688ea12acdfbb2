"""Findings → figures: which numbers stand in which drawing, and the same numbers in a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from iagkit.core.nouns import Finding
from iagkit.report import svg
from iagkit.report.blocks import Table
from iagkit.report.story import Story, number
from iagkit.report.svg import Axis, Point, Row

PAPER = 780
"""Pixels of rows that fit a page of paper; a longer drawing goes on in a second one."""
HALVES = (0.0, 0.5, 1.0)
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def shares(story: Story, *, title: str = "", at: Sequence[float] = QUARTERS) -> Axis:
    """Scale from none to all."""
    digits = 0 if all(round(100 * x, 6).is_integer() for x in at) else 1
    ticks = [(x, story.voice.percent(x, digits)) for x in at]
    return Axis(low=at[0], high=at[-1], ticks=ticks, title=title)


def close_up(story: Story, findings: Iterable[Finding], *, title: str = "") -> Axis:
    """Scale of shares that begins at the tenth below the lowest interval."""
    lowest = min((_low(f) for f in findings if f.estimate), default=0.0)
    begin = min(int(10 * lowest), 9)
    step = 1 if begin >= 5 else 2
    return shares(story, title=title, at=[x / 10 for x in range(begin - begin % step, 11, step)])


def near_zero(story: Story, findings: Iterable[Finding], *, title: str = "") -> Axis:
    """Scale of shares from zero to the next round number above the highest interval."""
    top = max((_high(f) for f in findings if f.estimate), default=1.0)
    high = next((x for x in (0.1, 0.2, 0.4, 0.6, 0.8) if x >= top), 1.0)
    return shares(story, title=title, at=[high * part / 4 for part in range(5)])


def row(story: Story, label: str, finding: Finding) -> Row:
    """One line of a dot plot."""
    estimate = finding.estimate
    if estimate is None:
        return Row(label=label, note=story.reason(finding))
    return Row(
        label=label,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        shown=story.voice.value(estimate),
    )


def in_parts(
    rows: Sequence[Row],
    *,
    axis: Axis,
    title: str,
    desc: str,
    marks: Sequence[float] = (),
    bars: bool = False,
    letters: int = svg.LETTERS,
) -> list[Markup]:
    """Draw a dot plot, in as many pieces as paper needs."""
    return [
        svg.dots(piece, axis=axis, title=title, desc=desc, marks=marks, bars=bars, letters=letters)
        for piece in pieces(rows, letters=letters)
    ]


def pieces(rows: Sequence[Row], *, letters: int = svg.LETTERS) -> list[list[Row]]:
    """Divide rows among drawings of about the same height, none higher than paper."""
    heights = [svg.row_height(row, letters=letters) for row in rows]
    target = sum(heights) / (-(-sum(heights) // PAPER) or 1)
    parts: list[list[Row]] = [[]]
    filled = 0.0
    for row, height in zip(rows, heights, strict=True):
        if parts[-1] and (filled >= target or filled + height > PAPER):
            parts.append([])
            filled = 0.0
        parts[-1].append(row)
        filled += height
    return parts


def described(story: Story, named: Mapping[str, Finding]) -> str:
    """Read a figure aloud: how many rows, the lowest and the highest."""
    known = {k: f.estimate for k, f in named.items() if f.estimate}
    if not known:
        return story.voice._("No value is known.")
    low, high = min(known, key=lambda k: known[k].value), max(known, key=lambda k: known[k].value)
    return story.voice.say(
        "{n} rows. Lowest: {low}, {low_value}. Highest: {high}, {high_value}. All values are in "
        "the table that follows.",
        n=len(named),
        low=low,
        low_value=story.voice.estimate(known[low]),
        high=high,
        high_value=story.voice.estimate(known[high]),
    )


def listed(
    story: Story, caption: str, heading: str, named: Mapping[str, Finding], counted: str = ""
) -> Table:
    """Write the numbers of a figure as a table; ``counted`` names what is not a case."""
    _ = story.voice._
    return Table(
        caption=caption,
        headings=[heading, _("Value"), story.voice.say("Interval ({level})", level=story.level()),
                  counted or _("Cases")],
        rows=[[name, *story.cells(f), story.n(f)] for name, f in named.items()],
        numeric=frozenset({1, 2, 3}),
    )  # fmt: skip


def points(findings: Mapping[str, Finding]) -> list[Point]:
    """Points of a curve, where the coordinate is a number or a range of numbers."""
    told = [(middle(x), f.estimate) for x, f in findings.items()]
    known = [
        Point(x=x, y=e.value, low=e.value if e.low is None else e.low,
              high=e.value if e.high is None else e.high)
        for x, e in told if x is not None and e is not None
    ]  # fmt: skip
    return sorted(known, key=lambda p: p.x)


def middle(coordinate: str) -> float | None:
    """Read ``0.20`` or the middle of ``0.6–0.7``."""
    ends = [number(end) for end in coordinate.replace("–", "-").split("-")]
    known = [end for end in ends if end is not None]
    return sum(known) / len(known) if known and len(known) == len(ends) else None


def _low(finding: Finding) -> float:
    e = finding.estimate
    assert e is not None
    return e.value if e.low is None else e.low


def _high(finding: Finding) -> float:
    e = finding.estimate
    assert e is not None
    return e.value if e.high is None else e.high
