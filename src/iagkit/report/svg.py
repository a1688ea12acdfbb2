"""Drawings: small SVG elements that keep their letters' size at every width.

Horizontal places are percentages and vertical ones pixels, so a drawing follows the width of
the page without any script. Every drawing carries its title and its description.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

LEFT, RIGHT = 2.0, 98.0
LINE = 16
"""Height of a line of letters, in pixels."""
LETTERS = 30
"""Letters of a label that fit beside its value on a telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Where a scale begins and ends, and what is written along it."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    title: str = ""

    def place(self, value: float, left: float = LEFT, right: float = RIGHT) -> float:
        """Percent of the width at which a value stands; never outside the drawing."""
        span = self.high - self.low or 1.0
        part = min(max((value - self.low) / span, 0.0), 1.0)
        return left + (right - left) * part


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a dot plot; without a value, ``note`` tells why."""

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    shown: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of a curve, with its interval."""

    x: float
    y: float
    low: float
    high: float


def drawing(body: Sequence[Markup], *, height: float, title: str, desc: str) -> Markup:
    """Wrap elements as one image with a name and a description.

    Parameters
    ----------
    body : sequence of Markup
    height : float
        Pixels; the width is that of the page.
    title, desc : str
        What a screen reader says.

    Returns
    -------
    Markup
        An ``svg`` element with ``role="img"``.
    """
    inner = Markup("").join(body)
    return Markup(
        '<svg role="img" aria-label="{title}. {desc}" width="100%" height="{h}">'
        "<title>{title}</title><desc>{desc}</desc>{inner}</svg>"
    ).format(h=pixels(height), title=title, desc=desc, inner=inner)


def dots(
    rows: Sequence[Row],
    *,
    axis: Axis,
    title: str,
    desc: str,
    marks: Sequence[float] = (),
    bars: bool = False,
    letters: int = LETTERS,
) -> Markup:
    """Draw values with their intervals, one below the other; labels stand above their line.

    Parameters
    ----------
    rows : sequence of Row
    axis : Axis
    title, desc : str
    marks : sequence of float
        Reference values, marked on every line.
    bars : bool
        Draw a bar from the start of the axis to the value.
    letters : int
        Letters of a label that fit beside its value.
    """
    heading = textwrap.wrap(axis.title, letters)
    body = [written(line, LEFT, 13 + LINE * i, cls="heading") for i, line in enumerate(heading)]
    top = float(LINE * len(heading) + 6)
    for row in rows:
        drawn, top = _row(row, axis, top, _Look(bars=bars, letters=letters, marks=marks))
        body += drawn
    body += [written(label, axis.place(x), top + LINE, anchor=anchor_at(axis.place(x)), cls="tick")
             for x, label in axis.ticks]  # fmt: skip
    return drawing(body, height=top + LINE + 8, title=title, desc=desc)


def curve(
    points: Sequence[Point],
    *,
    x: Axis,
    y: Axis,
    title: str,
    desc: str,
    level: tuple[float, str] | None = None,
    here: tuple[Point, str] | None = None,
    diagonal: bool = False,
    joined: bool = True,
    height: int = 260,
) -> Markup:
    """Draw points over two scales: a line with its band, or dots with their intervals.

    Parameters
    ----------
    points : sequence of Point
        In the order of ``x``.
    level : (y, label), optional
        A horizontal reference.
    here : (Point, label), optional
        The point that was chosen.
    diagonal : bool
        Draw the line on which both scales agree.
    joined : bool
        Line and band, or separate dots.
    """
    frame = Frame(x=x, y=y, bottom=height)
    body = [*frame.scales()]
    if diagonal:
        body.append(frame.segment((x.low, y.low), (x.high, y.high), "reference"))
    if level:
        body += frame.level(*level)
    body += frame.joined(points) if joined else frame.apart(points)
    if here:
        body += frame.here(*here, avoid=frame.down(level[0]) if level else None)
    return drawing(body, height=height + 2 * LINE + 8, title=title, desc=desc)


def hundred(parts: Sequence[tuple[str, int]], *, title: str, desc: str) -> Markup:
    """Draw a hundred cases, ten a line; each kind has its own shape and colour.

    Parameters
    ----------
    parts : sequence of (kind, count)
        Kinds are ``machine``, ``person``, ``right`` and ``wrong``; counts add up to 100.
    """
    kinds = [kind for kind, count in parts for _ in range(count)]
    shapes = [_shape(kind, i % 20, i // 20) for i, kind in enumerate(kinds)]
    return Markup(
        '<svg role="img" class="hundred" aria-label="{title}. {desc}" viewBox="0 0 320 84">'
        "<title>{title}</title><desc>{desc}</desc>{inner}</svg>"
    ).format(title=title, desc=desc, inner=Markup("").join(shapes))


def sample(kind: str) -> Markup:
    """Draw one case, for a legend."""
    return Markup(
        '<svg class="sample" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>'
    ).format(_shape(kind, 0, 0))


def _shape(kind: str, column: int, line: int) -> Markup:
    x, y = 8 + 16 * column, 8 + 17 * line
    if kind == "person":
        return element("rect", cls=kind, x=x - 4.5, y=y - 4.5, width=9, height=9)
    if kind == "wrong":
        path = f"M{x - 5} {y - 5}L{x + 5} {y + 5}M{x - 5} {y + 5}L{x + 5} {y - 5}"
        return element("path", cls=kind, d=path)
    return element("circle", cls=kind, cx=x, cy=y, r=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How the lines of one dot plot are drawn."""

    bars: bool
    letters: int
    marks: Sequence[float]


def row_height(row: Row, *, letters: int = LETTERS) -> float:
    """Pixels that a row of a dot plot takes."""
    lines = len(_wrapped(row.label, letters))
    if row.value is None:
        return LINE * (lines + len(textwrap.wrap(row.note, letters + 8))) + 12
    return LINE * lines + 20


def _wrapped(label: str, letters: int) -> list[str]:
    return textwrap.wrap(label, letters, break_long_words=True, max_lines=3, placeholder=" …") or [
        ""
    ]


def _row(row: Row, axis: Axis, top: float, look: _Look) -> tuple[list[Markup], float]:
    wrapped = _wrapped(row.label, look.letters)
    body = [written(line, LEFT, top + 13 + LINE * i) for i, line in enumerate(wrapped)]
    middle = top + LINE * len(wrapped) + 8
    if row.value is None:
        for line in textwrap.wrap(row.note, look.letters + 8):
            body.append(written(line, LEFT, middle + 5, cls="faint"))
            middle += LINE
        return body, middle + 4
    body.append(written(row.shown, RIGHT, top + 13, anchor="end", cls="figure"))
    return [*body, *_rail(axis, middle, look), *_value(row, axis, middle, look)], middle + 12


def _rail(axis: Axis, middle: float, look: _Look) -> list[Markup]:
    body = [stroke(LEFT, RIGHT, middle, "rail")]
    body += [_upright(axis.place(x), middle, 3, "grid") for x, _ in axis.ticks]
    return body + [_upright(axis.place(x), middle, 6, "reference") for x in look.marks]


def _value(row: Row, axis: Axis, middle: float, look: _Look) -> list[Markup]:
    assert row.value is not None
    body = []
    if look.bars:
        width = percent(axis.place(row.value) - LEFT)
        body.append(
            element("rect", cls="load", x=percent(LEFT), y=middle - 5, width=width, height=10)
        )
    if row.low is not None and row.high is not None:
        cls = "whisker" if look.bars else "interval"
        body.append(stroke(axis.place(row.low), axis.place(row.high), middle, cls))
    if not look.bars:
        body.append(element("circle", cls="dot", cx=percent(axis.place(row.value)), cy=middle, r=5))
    return body


def _upright(x: float, middle: float, half: float, cls: str) -> Markup:
    return element(
        "line", cls=cls, x1=percent(x), x2=percent(x), y1=middle - half, y2=middle + half
    )


def anchor_at(x: float, margin: float = 8) -> str:
    """Side of a label that stands at a place, so that it stays inside."""
    if x < LEFT + margin:
        return "start"
    return "end" if x > RIGHT - margin else "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Two scales, and how to draw on them; the plot fills 14 to 97 percent of the width."""

    x: Axis
    y: Axis
    bottom: float
    top: float = 14
    left: float = 14
    right: float = 97

    def across(self, value: float) -> float:
        """Place across of a value, in percent."""
        return self.x.place(value, self.left, self.right)

    def down(self, value: float) -> float:
        """Place down of a value, in pixels."""
        return self.bottom - (self.bottom - self.top) * self.y.place(value, 0, 1)

    def scales(self) -> list[Markup]:
        """Both scales with their ticks."""
        body = []
        for value, label in self.y.ticks:
            y = self.down(value)
            body.append(stroke(self.left, self.right, y, "grid"))
            body.append(written(label, self.left - 1.5, y + 4, anchor="end", cls="tick"))
        for value, label in self.x.ticks:
            x = self.across(value)
            body.append(written(label, x, self.bottom + LINE, anchor="middle", cls="tick"))
        middle = (self.left + self.right) / 2
        title = written(self.x.title, middle, self.bottom + 2 * LINE, anchor="middle", cls="tick")
        return [*body, title]

    def segment(self, a: tuple[float, float], b: tuple[float, float], cls: str) -> Markup:
        """Straight line between two points."""
        (ax, ay), (bx, by) = a, b
        return element(
            "line", cls=cls, x1=percent(self.across(ax)), x2=percent(self.across(bx)),
            y1=self.down(ay), y2=self.down(by),
        )  # fmt: skip

    def level(self, value: float, label: str) -> list[Markup]:
        """Level reference with its label."""
        y = self.down(value)
        return [
            stroke(self.left, self.right, y, "reference"),
            written(label, self.left + 1, y - 4, cls="tick"),
        ]

    def joined(self, points: Sequence[Point]) -> list[Markup]:
        """Points as a line with its band."""
        upper = [(self.across(p.x), self.down(p.high)) for p in points]
        lower = [(self.across(p.x), self.down(p.low)) for p in reversed(points)]
        outline = " ".join(f"{x:.2f},{y:.1f}" for x, y in [*upper, *lower])
        band = Markup(
            '<svg x="0" y="0" width="100%" height="{h}" viewBox="0 0 100 {h}" '
            'preserveAspectRatio="none"><polygon class="band" points="{p}"/></svg>'
        ).format(h=pixels(self.bottom), p=outline)
        pairs = itertools.pairwise(points)
        lines = [self.segment((a.x, a.y), (b.x, b.y), "curve") for a, b in pairs]
        return [band, *lines, *(self.dot(p, 3) for p in points)]

    def apart(self, points: Sequence[Point]) -> list[Markup]:
        """Points each for itself, with intervals."""
        lines = [self.segment((p.x, p.low), (p.x, p.high), "interval") for p in points]
        return [*lines, *(self.dot(p, 5) for p in points)]

    def dot(self, p: Point, r: float) -> Markup:
        """One point."""
        return element("circle", cls="dot", cx=percent(self.across(p.x)), cy=self.down(p.y), r=r)

    def here(self, p: Point, label: str, *, avoid: float | None) -> list[Markup]:
        """Ring and label; the label keeps off the line at the height ``avoid``."""
        x, y = self.across(p.x), self.down(p.y)
        ring = element("circle", cls="ring", cx=percent(x), cy=y, r=8)
        free = (place for place in (y + 24, y - 14, y + 44, y - 34) if self._free(place, avoid))
        return [ring, written(label, x, next(free, y + 24), anchor=anchor_at(x, 40), cls="here")]

    def _free(self, baseline: float, avoid: float | None) -> bool:
        inside = self.top + LINE <= baseline < self.bottom - 4
        return inside and (avoid is None or not baseline - LINE < avoid < baseline + 6)


def stroke(x1: float, x2: float, y: float, cls: str) -> Markup:
    """Level line between two places."""
    return element("line", cls=cls, x1=percent(x1), x2=percent(x2), y1=y, y2=y)


def written(words: str, x: float, y: float, *, anchor: str = "start", cls: str = "label") -> Markup:
    """Words at a place."""
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        cls, percent(x), pixels(y), anchor, words
    )


def element(name: str, *, cls: str, **places: str | float) -> Markup:
    """Any element; numbers are pixels."""
    told = "".join(
        f' {key}="{escape(value if isinstance(value, str) else pixels(value))}"'
        for key, value in places.items()
    )
    return Markup('<{} class="{}"{}/>').format(Markup(name), cls, Markup(told))  # noqa: S704


def percent(value: float) -> str:
    """Place across, as SVG writes it."""
    return f"{value:.2f}%"


def pixels(value: float) -> str:
    """Place down, as SVG writes it."""
    return f"{value:.1f}".removesuffix(".0")
