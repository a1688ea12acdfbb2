"""Drawings that only audits need: outcomes side by side, courses over time, trade-offs."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from iagkit.report.svg import (
    LEFT,
    LINE,
    RIGHT,
    Axis,
    Frame,
    Point,
    anchor_at,
    drawing,
    element,
    percent,
    written,
)

BAR = 16
"""Height of a bar, in pixels."""
LETTERS = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One group's cases by what became of them; without parts, ``note`` tells why."""

    label: str
    parts: Sequence[tuple[str, float]] = ()
    shown: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One way to decide: where it stands on both scales, with both intervals."""

    x: float
    y: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    mark: str
    first: bool = False


def bars(
    rows: Sequence[Bar], *, legend: Sequence[tuple[str, str]], title: str, desc: str
) -> Markup:
    """Draw each group as one bar of full width, divided by kind.

    Parameters
    ----------
    rows : sequence of Bar
        Parts are (kind, count); a kind is a class of the style sheet.
    legend : sequence of (kind, words)
    title, desc : str
    """
    body: list[Markup] = []
    top = 0.0
    for kind, words in legend:
        body.append(element("rect", cls=kind, x=percent(LEFT), y=top + 2, width=14, height=12))
        shifted = Markup('<svg x="20" y="0" width="100%" height="100%">{}</svg>')
        for line in textwrap.wrap(words, LETTERS - 2):
            body.append(shifted.format(written(line, LEFT, top + 13)))
            top += LINE
        top += 3
    for row in rows:
        drawn, top = _bar(row, top + 8)
        body += drawn
    return drawing(body, height=top + 8, title=title, desc=desc)


def _bar(row: Bar, top: float) -> tuple[list[Markup], float]:
    lines = textwrap.wrap(row.label, LETTERS, max_lines=2, placeholder=" …") or [""]
    body = [written(line, LEFT, top + 13 + LINE * i) for i, line in enumerate(lines)]
    top += LINE * len(lines) + 4
    if not row.parts:
        for line in textwrap.wrap(row.note, LETTERS + 8):
            body.append(written(line, LEFT, top + 11, cls="faint"))
            top += LINE
        return body, top
    body.append(written(row.shown, RIGHT, top - 7, anchor="end", cls="figure"))
    return [*body, *_stacked(row.parts, top)], top + BAR


def _stacked(parts: Sequence[tuple[str, float]], top: float) -> list[Markup]:
    whole = sum(count for _, count in parts) or 1.0
    body, x = [], LEFT
    for kind, count in parts:
        width = (RIGHT - LEFT) * count / whole
        body.append(
            element("rect", cls=kind, x=percent(x), y=top, width=percent(width), height=BAR)
        )
        x += width
    return body


def course(
    points: Sequence[Point],
    *,
    x: Axis,
    y: Axis,
    changed: Sequence[float] = (),
    title: str,
    desc: str,
    height: int = 150,
) -> Markup:
    """Draw a measure over time; periods in which it changed have an upright line and a ring.

    Parameters
    ----------
    points : sequence of Point
        In the order of time.
    x, y : Axis
    changed : sequence of float
        Places on ``x``.
    title, desc : str
    height : int
        Pixels of the plot.
    """
    heading = textwrap.wrap(title, LETTERS - 6)
    top = float(LINE * len(heading) + 8)
    frame = Frame(x=replace(x, ticks=()), y=y, bottom=top + height, top=top)
    body = [written(line, LEFT, 13 + LINE * i, cls="heading") for i, line in enumerate(heading)]
    body += frame.scales()
    body += [_period(frame, at, label) for at, label in x.ticks]
    body += [frame.segment((at, y.low), (at, y.high), "reference") for at in changed]
    body += [frame.segment((p.x, p.low), (p.x, p.high), "interval") for p in points]
    body += [frame.segment((a.x, a.y), (b.x, b.y), "curve") for a, b in itertools.pairwise(points)]
    body += [frame.dot(p, 3.5) for p in points]
    body += [_ring(frame, p) for p in points if p.x in set(changed)]
    return drawing(body, height=frame.bottom + LINE + 8, title=title, desc=desc)


def _period(frame: Frame, at: float, label: str) -> Markup:
    """First and last names of periods, written inwards so that they stay inside."""
    place = frame.across(at)
    anchor = "start" if place < 50 else "end"
    return written(label, place, frame.bottom + LINE, anchor=anchor, cls="tick")


def _ring(frame: Frame, p: Point) -> Markup:
    return element("circle", cls="ring", cx=percent(frame.across(p.x)), cy=frame.down(p.y), r=8)


def trades(
    points: Sequence[Trade], *, x: Axis, y: Axis, title: str, desc: str, height: int = 300
) -> Markup:
    """Draw ways to decide over two scales as crosses of their two intervals, each with its number.

    Parameters
    ----------
    points : sequence of Trade
    x, y : Axis
        The title of ``y`` stands above the drawing.
    title, desc : str
    height : int
        Pixels of the plot.
    """
    top = 24.0
    frame = Frame(x=x, y=y, bottom=top + height, top=top)
    body = [written(y.title, LEFT, 13, cls="heading"), *frame.scales()]
    for p in points:
        body.append(frame.segment((p.x_low, p.y), (p.x_high, p.y), "interval"))
        body.append(frame.segment((p.x, p.y_low), (p.x, p.y_high), "interval"))
    taken = [(frame.across(p.x), frame.down(p.y) + 4) for p in points]
    for p in points:
        at = (frame.across(p.x), frame.down(p.y))
        body.append(element("circle", cls="dot", cx=percent(at[0]), cy=at[1], r=5))
        if p.first:
            body.append(element("circle", cls="ring", cx=percent(at[0]), cy=at[1], r=9))
        body.append(_number(p.mark, at, taken))
    return drawing(body, height=frame.bottom + 2 * LINE + 8, title=title, desc=desc)


def _number(mark: str, at: tuple[float, float], taken: list[tuple[float, float]]) -> Markup:
    """Write a number beside its point, moved up or down until it stands alone."""
    x, y = at[0] + 2.2, at[1] - 8
    places = [y, *(y + sign * 12 * i for i in range(1, 14) for sign in (-1, 1))]
    free = next((p for p in places if not any(_near(x, p, other) for other in taken)), y)
    taken.append((x, free))
    return written(mark, x, free, anchor=anchor_at(x, 3), cls="here")


def _near(x: float, y: float, other: tuple[float, float]) -> bool:
    return abs(x - other[0]) < 9 and abs(y - other[1]) < 12
