"""The map of a process as a drawing and as tables; all numbers were computed before."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from iagkit.core.message import say
from iagkit.report import lasting
from iagkit.report.blocks import Block, Figure, Table
from iagkit.report.map_layout import BOX, Key, Layout, laid_out
from iagkit.report.svg import LINE, pixels
from iagkit.report.voice import Voice

Told = Mapping[str, Any]

LETTERS: Final = 23
CAPITALS: Final = 17
"""Letters of a name that fit a line of a box; fewer where most are capitals."""
LINES: Final = 3
LABEL: Final = 6.3
"""Pixels across of a letter of a label."""
ROW: Final = 17.0
GAP: Final = 40.0
THIN, THICK = 1.2, 6.0
WIDE, NARROW = 668.0, 318.0
"""Pixels across that a page has for a drawing on paper or a large screen, and on a telephone."""
FEWER: Final = (30, 24, 20, 17, 14, 12, 10, 8, 6, 4, 2)
"""Steps that are tried on a telephone, until they fit."""
TIP: Final = 9.0
FEW: Final = 3
OF_REQUESTS: Final = {"opened": say("case opened"), "closed": say("case closed")}
"""Names in logs that were made of a table with one row a case; such a log has three at most."""


def blocks(voice: Voice, told: Told) -> list[Block]:
    """Show a map.

    Parameters
    ----------
    voice : Voice
    told : mapping
        What :meth:`iagkit.measures.processes.follows.Shown.plain` wrote.

    Returns
    -------
    list of Block
        The drawing with its arcs as a table, and a table of the activities.
    """
    told = _worded(voice, told)
    figure = Figure(
        caption=caption(voice, told), drawings=[drawn(voice, told)], table=arcs(voice, told)
    )
    return [figure, activities(voice, told)]


def _worded(voice: Voice, told: Told) -> Told:
    """A table of requests has no activities but those that iagkit names; they are translated."""
    if not {*OF_REQUESTS} <= {a["name"] for a in told["activities"]} or told["of_activities"] > FEW:
        return told

    def named(row: Told) -> Told:
        keys = [key for key in ("name", "source", "target") if row.get(key) in OF_REQUESTS]
        return {**row, **{key: voice.tell(OF_REQUESTS[row[key]]) for key in keys}}

    return {**told, **{rows: [named(row) for row in told[rows]] for rows in ("activities", "arcs")}}


def caption(voice: Voice, told: Told) -> str:
    """Say how much of the map is shown, and how it is read."""
    shown = voice.say(
        "The map shows {kept} of {all_kinds} activities and {kept_arcs} of {all_arcs} kinds of "
        "steps; these are {share:.1%} of all {n} steps of {cases} cases.",
        kept=len(told["activities"]), all_kinds=told["of_activities"],
        kept_arcs=len(told["arcs"]), all_arcs=told["of_arcs"], share=told["share"],
        n=told["all_arcs"], cases=told["cases"],
    )  # fmt: skip
    days = "median" if all(a["days_are"] == "median" for a in told["arcs"]) else "mean"
    read = voice._(
        "Beside each line: how often the step happened, and its median time. In a box: ● events, "
        "▶ cases that begin there, ■ cases that end there, ↻ the activity again at once."
        if days == "median" else
        "Beside each line: how often the step happened, and its mean time. In a box: ● events, "
        "▶ cases that begin there, ■ cases that end there, ↻ the activity again at once."
    )  # fmt: skip
    sentences = [shown, read]
    joined = {name for a in told["arcs"] for name in (a["source"], a["target"])}
    if alone := sum(a["name"] not in joined for a in told["activities"]):
        sentences.append(
            voice.say(
                "{n} of these activities have none of these steps; they stand in the table only.",
                n=alone,
            )
        )
    if any(_unstable(a) for a in told["arcs"]):
        sentences.append(
            voice._(
                "Dashed lines that start with a ring are unstable: their frequency depends on the "
                "order of the file, because events have the same time."
            )
        )
    return " ".join(sentences)


def arcs(voice: Voice, told: Told) -> Table:
    """Write the arcs of the map as a table; what ties would make of them where there are any."""
    _ = voice._
    ties = any(_unstable(a) for a in told["arcs"])
    counts = ("n", "otherwise") if ties else ("n",)
    headings = [_("From"), _("To"), _("Times"), *([_("If ties are reversed")] if ties else []),
                _("Time between"), _("Interval")]  # fmt: skip
    return Table(
        caption=_("Steps of the map"), headings=headings,
        rows=[[a["source"], a["target"], *(voice.number(a[k]) for k in counts),
               lasting.short(voice, a["days"]), _interval(voice, a)] for a in told["arcs"]],
        numeric=frozenset(range(2, len(headings))), wide=True,
    )  # fmt: skip


def activities(voice: Voice, told: Told) -> Table:
    """Write the activities of the map as a table."""
    _ = voice._
    return Table(
        caption=_("Activities of the map"),
        headings=[_("Activity"), _("Events"), _("Cases that begin there"),
                  _("Cases that end there")],
        rows=[[a["name"], *(voice.number(a[k]) for k in ("n", "starts", "ends"))]
              for a in told["activities"]],
        numeric=frozenset({1, 2, 3}),
    )  # fmt: skip


def _interval(voice: Voice, arc: Told) -> str:
    if arc["low"] is None:
        return "—"
    return f"{lasting.short(voice, arc['low'])} – {lasting.short(voice, arc['high'])}"


def _unstable(arc: Told) -> bool:
    return bool(arc["n"] != arc["otherwise"])


def drawn(voice: Voice, told: Told) -> Markup:
    """Draw the map, and its commonest steps for a narrow screen; letters keep their size."""
    arcs = list(told["arcs"])
    wide = _fitting(voice, told, arcs, WIDE)
    if wide.layout.width <= NARROW:
        return _image(voice, wide, voice._("Map of the process"))
    few, narrow = next(
        (few, picture)
        for few in (*(k for k in FEWER if k < len(arcs)), 1)
        if (picture := _fitting(voice, told, arcs[:few], NARROW)).layout.width <= NARROW or few == 1
    )
    less = voice.say("Only the {n} commonest steps fit this screen; all are in the table.", n=few)
    return Markup('<div class="map-wide">{}</div><div class="map-narrow">{}<p>{}</p></div>').format(
        _image(voice, wide, voice._("Map of the process")),
        _image(voice, narrow, voice._("Map of the commonest steps")), less,
    )  # fmt: skip


def _fitting(voice: Voice, told: Told, arcs: Sequence[Told], width: float) -> _Picture:
    """Arcs with as many boxes beside one another as the width allows."""
    joined = {name for a in arcs for name in (a["source"], a["target"])}
    boxes = [a for a in told["activities"] if a["name"] in joined] or told["activities"]
    for across in (3, 2):
        picture = _Picture.of(voice, boxes, arcs, across=across)
        if picture.layout.width <= width:
            return picture
    return _Picture.of(voice, boxes, arcs, across=1)


def _image(voice: Voice, picture: _Picture, title: str) -> Markup:
    body = [*(picture.line(a) for a in picture.arcs), *(picture.box(a) for a in picture.boxes),
            *picture.labels]  # fmt: skip
    arcs = picture.arcs
    desc = voice.say(
        "{n} activities from top to bottom, and {arcs} lines between them. The most frequent "
        "step leads from “{source}” to “{target}”, {times} times. All steps are in the table "
        "that follows.",
        n=len(picture.boxes), arcs=len(arcs), source=arcs[0]["source"],
        target=arcs[0]["target"], times=arcs[0]["n"],
    ) if arcs else voice._("No activity follows another.")  # fmt: skip
    return Markup(
        '<div class="scroll" role="region" tabindex="0" aria-label="{title}">'
        '<svg role="img" class="map" aria-label="{title}. {desc}" width="{w}" height="{h}" '
        'viewBox="0 0 {w} {h}"><title>{title}</title><desc>{desc}</desc>{inner}</svg></div>'
    ).format(
        title=title, desc=desc, w=pixels(picture.layout.width), h=pixels(picture.height),
        inner=Markup("").join(body),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """Where everything stands, down as well as across."""

    voice: Voice
    boxes: Sequence[Told]
    arcs: Sequence[Told]
    layout: Layout
    words: Mapping[str, Sequence[str]]
    tops: Sequence[float]
    bottoms: Sequence[float]
    labels: Sequence[Markup]
    most: int

    @property
    def height(self) -> float:
        return (self.bottoms[-1] if self.bottoms else 0.0) + 8

    @classmethod
    def of(
        cls, voice: Voice, boxes: Sequence[Told], arcs: Sequence[Told], *, across: int
    ) -> _Picture:
        """Find the places, then the labels, which need room between the layers."""
        loops = {a["source"]: a for a in arcs if a["source"] == a["target"]}
        names = [a["name"] for a in boxes]
        layout = laid_out(
            names, {(a["source"], a["target"]): a["n"] for a in arcs},
            {a["name"]: a["starts"] for a in boxes},
            {a["name"]: a["ends"] for a in boxes}, across=across,
        )  # fmt: skip
        words = {a["name"]: _words(voice, a, loops.get(a["name"])) for a in boxes}
        texts = {
            (a["source"], a["target"]): " · ".join(
                (voice.number(a["n"]), lasting.short(voice, a["days"]))
            )
            for a in arcs
        }
        chosen = _gaps(layout)
        tops, bottoms, labels = [], list[float](), list[Markup]()
        top = 8.0
        for i, row in enumerate(layout.layers):
            tops.append(top)
            bottoms.append(top + max((_tall(words[name]) for name in row), default=0.0))
            here = [key for key, gap in chosen.items() if gap == i]
            packed, gap = _packed(layout, here, texts, i, bottoms[-1])
            labels += packed
            top = bottoms[-1] + gap
        most = max((a["n"] for a in arcs), default=1)
        return cls(voice=voice, boxes=boxes, arcs=arcs, layout=layout, words=words, tops=tops,
                   bottoms=bottoms, labels=labels, most=most)  # fmt: skip

    def box(self, activity: Told) -> Markup:
        """Draw an activity with its counts."""
        name = activity["name"]
        (at,) = (i for i, row in enumerate(self.layout.layers) if name in row)
        x, top, lines = self.layout.centre[name], self.tops[at], self.words[name]
        named = len(_wrapped(name))
        text = Markup("").join(
            _written("label" if i < named else "tick", line, x, top + 19 + LINE * i)
            for i, line in enumerate(lines)
        )
        return Markup(
            '<g><title>{}</title><rect class="box" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
            "{}</g>"
        ).format(name, pixels(x - BOX / 2), pixels(top), pixels(BOX), pixels(_tall(lines)), text)

    def line(self, arc: Told) -> Markup:
        """Draw an arc with its head and, if it is unstable, the ring at its start."""
        key = (arc["source"], arc["target"])
        if key[0] == key[1]:
            return Markup("")
        points, down = self._points(key)
        thick = THIN + (THICK - THIN) * arc["n"] / self.most
        (x0, y0), (x1, y1) = points[0], points[-1]
        back = TIP if down else -TIP
        path = _path([*points[:-1], (x1, y1 - back)])
        half = 3 + thick / 2
        tip = (f"M{pixels(x1)} {pixels(y1)}L{pixels(x1 - half)} {pixels(y1 - back)}"
               f"L{pixels(x1 + half)} {pixels(y1 - back)}Z")  # fmt: skip
        ring = Markup('<circle class="start" cx="{}" cy="{}" r="5"/>').format(
            pixels(x0), pixels(y0 + (5 if down else -5))
        )
        cls = "arc unstable" if _unstable(arc) else "arc"
        told = f"{key[0]} → {key[1]}: {self.voice.number(arc['n'])}"
        return Markup(
            '<g><title>{}</title><path class="{}" d="{}" stroke-width="{}"/>'
            '<path class="tip" d="{}"/>{}</g>'
        ).format(told, cls, path, pixels(thick), tip, ring if _unstable(arc) else "")

    def _points(self, key: Key) -> tuple[list[tuple[float, float]], bool]:
        stops = self.layout.lines[key]
        down = stops[1][0] > stops[0][0]
        points = []
        for i, (layer, x) in enumerate(stops):
            into, out = self.tops[layer], self._under(key, i, layer)
            first, last = (into, out) if down else (out, into)
            if i > 0:
                points.append((x, first))
            if i < len(stops) - 1:
                points.append((x, last))
        return points, down

    def _under(self, key: Key, i: int, layer: int) -> float:
        """Lower side of a box, which may be lower than its layer allows; else of the layer."""
        name = key[0] if i == 0 else key[1]
        ends = i in (0, len(self.layout.lines[key]) - 1)
        return self.tops[layer] + _tall(self.words[name]) if ends else self.bottoms[layer]


def _wrapped(name: str) -> list[str]:
    wide = 2 * sum(letter.isupper() for letter in name) > len(name)
    fit = CAPITALS if wide else LETTERS
    lines = textwrap.wrap(name, fit, break_long_words=True, max_lines=LINES, placeholder=" …")
    return lines or ["—"]


def _words(voice: Voice, activity: Told, loop: Told | None) -> list[str]:
    """Lines of a box."""
    signs = (("●", "n"), ("▶", "starts"), ("■", "ends"))
    counts = [f"{sign} {voice.number(activity[k])}" for sign, k in signs if activity[k]]
    lines = [*_wrapped(activity["name"]), "  ".join(counts)]
    if loop:
        lines.append(f"↻ {voice.number(loop['n'])} · {lasting.short(voice, loop['days'])}")
    return lines


def _tall(lines: Sequence[str]) -> float:
    return LINE * len(lines) + 14


def _gaps(layout: Layout) -> dict[Key, int]:
    """Between which layers the label of each line stands: where fewest are."""
    held: dict[int, int] = {}
    result = {}
    for key, stops in sorted(layout.lines.items(), key=lambda item: len(item[1])):
        crossed = [
            min(a[0], b[0]) for a, b in itertools.pairwise(stops)
        ]  # fmt: skip
        result[key] = min(crossed, key=lambda gap: (held.get(gap, 0), gap))
        held[result[key]] = held.get(result[key], 0) + 1
    return result


def _packed(
    layout: Layout, keys: Sequence[Key], texts: Mapping[Key, str], gap: int, top: float
) -> tuple[list[Markup], float]:
    """Labels between two layers, in as few rows as they need; and how high that is."""
    ends = {key: _ends(layout.lines[key], gap) for key in keys}
    for rows in range(1, len(keys) + 2):
        height = GAP + ROW * rows
        free: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
        labels = []
        for key in sorted(keys, key=lambda k: sum(ends[k])):
            half = LABEL * len(texts[key]) / 2 + 3
            for row in range(rows):
                part = (GAP / 2 + ROW * (row + 0.5)) / height
                x = _at(*ends[key], part)
                x = min(max(x, half), layout.width - half)
                if all(x + half < low or x - half > high for low, high in free[row]):
                    free[row].append((x - half, x + half))
                    labels.append(_written("tick on", texts[key], x, top + part * height + 4))
                    break
        if len(labels) == len(keys):
            return labels, height
    return [], GAP


def _ends(stops: Sequence[tuple[int, float]], gap: int) -> tuple[float, float]:
    """Places of a line above and below a gap."""
    at = dict(stops)
    return at[gap], at[gap + 1]


def _at(above: float, below: float, part: float) -> float:
    """Place across of a line, some part of the way down a gap."""
    low, high = 0.0, 1.0
    for _ in range(20):
        t = (low + high) / 2
        down = 1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3
        low, high = (t, high) if down < part else (low, t)
    t = (low + high) / 2
    return above + (below - above) * (3 * t**2 - 2 * t**3)


def _written(cls: str, words: str, x: float, y: float) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>').format(
        cls, pixels(x), pixels(y), words
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Curves between layers, straight through them."""
    told = f"M{pixels(points[0][0])} {pixels(points[0][1])}"
    for i, ((x0, y0), (x1, y1)) in enumerate(itertools.pairwise(points)):
        if i % 2:
            told += f"V{pixels(y1)}"
            continue
        middle = pixels((y0 + y1) / 2)
        told += f"C{pixels(x0)} {middle} {pixels(x1)} {middle} {pixels(x1)} {pixels(y1)}"
    return told
