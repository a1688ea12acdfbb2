"""Tables that a run of a log leaves beside its record, and what of them may be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from iagkit.measures.processes.follows import Follows
from iagkit.wire.rows import write_csv

ARC_COLUMNS = ("from", "to", "times", "times_if_ties_are_reversed", "median_days")
Rows = Sequence[Mapping[str, Any]]


def write(table: tuple[Sequence[str], Rows], path: Path) -> None:
    """Write columns and rows as CSV."""
    columns, rows = table
    write_csv(rows, path, columns=columns)


def of_arcs(follows: Follows) -> tuple[Sequence[str], Rows]:
    """All arcs of a map, the most frequent first."""
    rows = [
        dict(zip(ARC_COLUMNS, (a.source, a.target, a.n, a.otherwise, days), strict=True))
        for a in follows.arcs
        for days in [(a.median or a.mean).value]
    ]
    return ARC_COLUMNS, rows


def without_few(shown: Mapping[str, Any], *, least: int) -> dict[str, Any]:
    """Leave activities out that so few events have that they may say whose they are."""
    kept = [activity for activity in shown["activities"] if activity["n"] >= least]
    return {**shown, "activities": kept}
