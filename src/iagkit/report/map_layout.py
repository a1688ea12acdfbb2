"""Where the boxes and lines of a map stand: layers from top to bottom, few crossings, no overlap.

Geometry only, in pixels. The steps are those of Sugiyama, Tagawa & Toda (1981): the order that
turns the least weight back (Eades, Lin & Smyth 1993), layers of few boxes, barycentres within
them, and places across by isotonic regression.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Key = tuple[str, str]

ACROSS: Final = 3
"""Boxes beside one another."""
BOX: Final = 178.0
LANE: Final = 9.0
"""Width of a line that passes a layer."""
SPACE: Final = 14.0
NEAR: Final = 5.0
"""Room between two lines; beside boxes it is ``SPACE``."""
SWEEPS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A box, or the place at which a line passes a layer (then ``name`` is the arc)."""

    name: str | tuple[str, str, int]
    layer: int

    @property
    def width(self) -> float:
        """Pixels across."""
        return BOX if isinstance(self.name, str) else LANE


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Centres of boxes and places of lines.

    Parameters
    ----------
    layers : tuple of tuple of str
        Boxes from top to bottom, and within a layer from left to right.
    centre : mapping of str to float
        Of each box, in pixels from the left.
    lines : mapping of (source, target) to tuple of (layer, x)
        Where each line leaves its source, passes the layers between, and meets its target;
        the layer falls or rises by one from each to the next.
    width : float
    """

    layers: tuple[tuple[str, ...], ...]
    centre: Mapping[str, float]
    lines: Mapping[Key, tuple[tuple[int, float], ...]]
    width: float


def laid_out(
    names: Sequence[str],
    arcs: Mapping[Key, int],
    starts: Mapping[str, int],
    ends: Mapping[str, int],
    *,
    across: int = ACROSS,
) -> Layout:
    """Find places for boxes and the lines between them.

    Parameters
    ----------
    names : sequence of str
    arcs : mapping of (source, target) to int
        Weights; those of a box to itself are not placed.
    starts, ends : mapping of str to int
        How often a path begins or ends in a box: what begins stands high.
    across : int
        Boxes beside one another, at most.
    """
    between = {key: n for key, n in arcs.items() if key[0] != key[1]}
    layer = _layers(_ordered(names, between, starts, ends), between, across)
    rows, chains = _stops(layer, between)
    rows = _uncrossed(rows, chains)
    x, width = _across(rows, chains)
    boxes = tuple(tuple(s.name for s in row if isinstance(s.name, str)) for row in rows)
    centre = {s.name: x[s] for row in rows for s in row if isinstance(s.name, str)}
    ports = _ports(chains, x)
    lines = {
        key: tuple(
            (s.layer, ports.get((key, s), x[s])) for s in chain
        ) for key, chain in chains.items()
    }  # fmt: skip
    return Layout(layers=boxes, centre=centre, lines=lines, width=width)


def _ordered(
    names: Sequence[str],
    arcs: Mapping[Key, int],
    starts: Mapping[str, int],
    ends: Mapping[str, int],
) -> list[str]:
    """Order in which little weight goes back: take sources, sinks, else what leads on most."""
    left, first, last = list(names), list[str](), list[str]()
    while left:
        out = {k: ends.get(k, 0) + sum(n for (a, b), n in arcs.items() if a == k and b in left)
               for k in left}  # fmt: skip
        into = {k: starts.get(k, 0) + sum(n for (a, b), n in arcs.items() if b == k and a in left)
                for k in left}  # fmt: skip
        inner = {k: into[k] - starts.get(k, 0) for k in left}
        onward = {k: out[k] - ends.get(k, 0) for k in left}
        if sinks := [k for k in left if not onward[k] and inner[k]]:
            last.insert(0, sinks[-1])
            left.remove(sinks[-1])
            continue
        free = [k for k in left if not inner[k]] or left
        pick = max(free, key=lambda k: onward[k] - inner[k] + starts.get(k, 0) - ends.get(k, 0))
        first.append(pick)
        left.remove(pick)
    return first + last


def _layers(order: Sequence[str], arcs: Mapping[Key, int], across: int) -> dict[str, int]:
    """Layer of each box: below all that are joined to it and come before, where there is room."""
    layer: dict[str, int] = {}
    for name in order:
        joined = [a if b == name else b for a, b in arcs if name in (a, b)]
        above = [layer[other] for other in joined if other in layer]
        at = max(above, default=-1) + 1
        while sum(1 for other in layer.values() if other == at) >= across:
            at += 1
        layer[name] = at
    return layer


def _stops(
    layer: Mapping[str, int], arcs: Mapping[Key, int]
) -> tuple[list[list[Stop]], dict[Key, list[Stop]]]:
    rows: list[list[Stop]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    boxes = {name: Stop(name=name, layer=at) for name, at in layer.items()}
    for name, at in layer.items():
        rows[at].append(boxes[name])
    chains = {}
    for source, target in arcs:
        a, b = layer[source], layer[target]
        step = 1 if b > a else -1
        passed = [Stop(name=(source, target, at), layer=at) for at in range(a + step, b, step)]
        for stop in passed:
            rows[stop.layer].append(stop)
        chains[source, target] = [boxes[source], *passed, boxes[target]]
    return rows, chains


def _pairs(chains: Mapping[Key, Sequence[Stop]]) -> list[tuple[Stop, Stop]]:
    """Pieces of lines, each from a layer to the next one below."""
    pieces = [
        pair for c in chains.values() for pair in itertools.pairwise(c)
    ]  # fmt: skip
    return [(a, b) if a.layer < b.layer else (b, a) for a, b in pieces]


def _uncrossed(rows: list[list[Stop]], chains: Mapping[Key, Sequence[Stop]]) -> list[list[Stop]]:
    """Sort each layer by the mean place of its neighbours, down and up, and keep the best."""
    pairs = _pairs(chains)
    up: dict[Stop, list[Stop]] = {}
    down: dict[Stop, list[Stop]] = {}
    for a, b in pairs:
        down.setdefault(a, []).append(b)
        up.setdefault(b, []).append(a)
    best, fewest = rows, _crossings(rows, pairs)
    for sweep in range(SWEEPS):
        beside = up if sweep % 2 == 0 else down
        rows, place = list(rows), _places(rows)
        for i in range(len(rows)) if sweep % 2 == 0 else reversed(range(len(rows))):
            rows[i] = _by_mean(rows[i], beside, place)
            place |= _places([rows[i]])
        crossed = _crossings(rows, pairs)
        if crossed < fewest:
            best, fewest = rows, crossed
    return best


def _places(rows: Sequence[Sequence[Stop]]) -> dict[Stop, float]:
    return {s: (i + 0.5) / len(row) for row in rows for i, s in enumerate(row)}


def _by_mean(
    row: list[Stop], beside: Mapping[Stop, list[Stop]], place: Mapping[Stop, float]
) -> list[Stop]:
    def mean(stop: Stop) -> float:
        near = beside.get(stop, [])
        return sum(place[s] for s in near) / len(near) if near else place[stop]

    return sorted(row, key=mean)


def _crossings(rows: Sequence[Sequence[Stop]], pairs: Sequence[tuple[Stop, Stop]]) -> int:
    place = _places(rows)
    by_layer: dict[int, list[tuple[float, float]]] = {}
    for a, b in pairs:
        by_layer.setdefault(a.layer, []).append((place[a], place[b]))
    return sum(
        (p[0] - q[0]) * (p[1] - q[1]) < 0
        for lines in by_layer.values() for i, p in enumerate(lines) for q in lines[:i]
    )  # fmt: skip


def _across(
    rows: Sequence[Sequence[Stop]], chains: Mapping[Key, Sequence[Stop]]
) -> tuple[dict[Stop, float], float]:
    """Centres in pixels: near the neighbours, in the order of the layer, without overlap."""
    width = max((_wide(row) for row in rows), default=0.0)
    near: dict[Stop, list[Stop]] = {}
    for a, b in _pairs(chains):
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    x = {s: place * width for s, place in _places(rows).items()}
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = [
                sum(x[o] for o in near[s]) / len(near[s]) if s in near else width / 2 for s in row
            ]
            x.update(zip(row, _apart(row, wanted, width), strict=True))
    return x, width


def _gap(a: Stop, b: Stop) -> float:
    return NEAR if isinstance(a.name, tuple) and isinstance(b.name, tuple) else SPACE


def _wide(row: Sequence[Stop]) -> float:
    gaps = sum(_gap(a, b) for a, b in itertools.pairwise(row))
    return sum(s.width for s in row) + gaps + 2 * SPACE


def _apart(row: Sequence[Stop], wanted: Sequence[float], width: float) -> list[float]:
    """Places nearest to the wanted ones that keep order, distance and margins."""
    reach = [0.0]
    for a, b in itertools.pairwise(row):
        reach.append(reach[-1] + (a.width + b.width) / 2 + _gap(a, b))
    blocks: list[tuple[float, int]] = []
    for want, far in zip(wanted, reach, strict=True):
        mean, n = want - far, 1
        while blocks and blocks[-1][0] > mean:
            other, m = blocks.pop()
            mean, n = (mean * n + other * m) / (n + m), n + m
        blocks.append((mean, n))
    level = [mean for mean, n in blocks for _ in range(n)]
    low = row[0].width / 2 + SPACE if row else 0.0
    high = width - reach[-1] - (row[-1].width / 2 + SPACE if row else 0.0)
    return [min(max(at, low), max(high, low)) + far for at, far in zip(level, reach, strict=True)]


def _ports(
    chains: Mapping[Key, Sequence[Stop]], x: Mapping[Stop, float]
) -> dict[tuple[Key, Stop], float]:
    """Where lines touch a box: side by side, in the order in which they come."""
    sides: dict[tuple[Stop, bool], list[tuple[float, Key]]] = {}
    for key, chain in chains.items():
        for box, beside in ((chain[0], chain[1]), (chain[-1], chain[-2])):
            sides.setdefault((box, beside.layer > box.layer), []).append((x[beside], key))
    result = {}
    for (box, _), lines in sides.items():
        lines.sort()
        step = min(26.0, (BOX - 24) / max(len(lines) - 1, 1))
        for i, (_, key) in enumerate(lines):
            result[key, box] = x[box] + (i - (len(lines) - 1) / 2) * step
    return result
