"""Tables that a run of a log leaves beside its record, and what of them may be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from iagkit.measures.processes.follows import Follows
from iagkit.prototypes.processes.simulation.scenarios import Comparison, Effect
from iagkit.wire.rows import write_csv

ARC_COLUMNS = ("from", "to", "times", "times_if_ties_are_reversed", "median_days")
EFFECT_COLUMNS = ("change", "measure", "group", "unit", "as_it_is", "changed", "difference", "low",
                  "high", "cases", "runs")  # fmt: skip
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


def of_scenarios(found: Comparison) -> tuple[Sequence[str], Rows]:
    """All that changes do, as simulated: one row a change and measure, or group."""
    rows = [
        _effect(scenario, measure, "", effect)
        for scenario, effects in found.effects.items()
        for measure, effect in effects.items()
    ]
    rows += [
        _effect(scenario, "duration", group, effect)
        for scenario, groups in found.groups.items()
        for group, effect in groups.items()
    ]
    return EFFECT_COLUMNS, rows


def _effect(scenario: str, measure: str, group: str, effect: Effect) -> dict[str, Any]:
    told = effect.change
    values = (
        scenario, measure, group, told.unit, effect.before.value, effect.after.value, told.value,
        told.low, told.high, told.n, told.clusters,
    )  # fmt: skip
    return dict(zip(EFFECT_COLUMNS, values, strict=True))
