"""Findings → those that may be published: counts of few people, and what betrays them, withheld.

Every number of a group is told only if all counts that it reveals are
(:mod:`iagkit.measures.disclosure`). The team's own copy of the findings keeps everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np

from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.beside import BETWEEN, betraying, companions, few, key_of
from iagkit.core.judge import WHOLE
from iagkit.core.message import say
from iagkit.core.nouns import Finding, Run, Verdict
from iagkit.measures.binary import RATES, quadrants
from iagkit.measures.cells import Cells
from iagkit.measures.disclosure import Suppression, protect

QUADRANTS = ("tp", "fp", "fn", "tn")
PERIOD = "period"
"""Coordinate that findings over time carry for the column of dates."""
AGAINST = "against."
MOST = 200_000
"""Places of the table of all columns together up to which it is protected as a whole."""


def publishable(
    run: Run, findings: Sequence[Finding], *, k: int
) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    """Withhold what would tell of fewer than ``k`` people.

    Parameters
    ----------
    run : Run
        Of an audit.
    findings : sequence of Finding
    k : int
        0 and 1 withhold nothing.

    Returns
    -------
    findings : tuple of Finding
        In the same order; a withheld one has a reason in the place of its number.
    facts : dict
        ``k``, and how many counts were small, withheld beside them, and published at all.
    """
    if k < 2:
        return tuple(findings), {"k": k, "primary": 0, "complementary": 0, "cells": 0}
    guards = _guards(cells(run), settings(run), k)
    period = settings(run).period or PERIOD
    beside = betraying(findings, k)
    kept = tuple(
        _withheld(finding, k)
        if finding.estimate is not None and key_of(finding) in beside
        else _told(finding, guards, k, period)
        for finding in findings
    )
    if (second := _second(cells(run), settings(run), k)) is not None:
        guards += second
        kept = tuple(
            _told(finding, second, k, period) if finding.check.startswith(AGAINST) else finding
            for finding in kept
        )
    kept = _with_companions(kept, findings, k)
    return kept, {
        "k": k,
        "primary": sum(g.found.n_primary for g in guards),
        "complementary": sum(g.found.n_complementary for g in guards),
        "cells": sum(g.found.n_cells for g in guards),
        "withheld": sum(a is not b for a, b in zip(kept, findings, strict=True)),
    }


def _told(finding: Finding, guards: Sequence[Guard], k: int, period: str) -> Finding:
    dated = finding.check.startswith("over_time.")
    named = {period if dated and c == PERIOD else c: v for c, v in finding.where.items()}
    where = {c: v for c, v in named.items() if any(c in g.columns for g in guards)}
    about_all = finding.check.endswith(BETWEEN) or (where and set(where.values()) <= {WHOLE})
    if finding.estimate is None:
        return finding
    reveals = _revealed(finding)
    if about_all:
        return (
            finding if _ends_told(finding, tuple(where), reveals, guards) else _withheld(finding, k)
        )
    where = {c: v for c, v in where.items() if v != WHOLE}
    if finding.where and _beside(finding) and few(finding, k):
        return _withheld(finding, k)
    if _allowed(where, reveals, guards) and _other_side_told(finding, where, reveals, guards):
        return finding
    return _withheld(finding, k)


def _allowed(where: Mapping[str, str], reveals: Iterable[str], guards: Sequence[Guard]) -> bool:
    """Whether every table that holds a group allows its number: what one hides, no other tells."""
    covering = [g for g in guards if set(where) <= set(g.columns)]
    return bool(covering) and all(g.allows(where, reveals) for g in covering)


def _other_side_told(
    finding: Finding, where: Mapping[str, str], reveals: tuple[str, ...], guards: Sequence[Guard]
) -> bool:
    """Whether the group compared with is told too: the difference gives its rate."""
    if not finding.check.endswith(".difference") or not finding.between or len(where) != 1:
        return True
    (column,), other = where, finding.between[1]
    return _allowed({} if other == WHOLE else {column: other}, reveals, guards)


def _with_companions(
    kept: tuple[Finding, ...], full: Sequence[Finding], k: int
) -> tuple[Finding, ...]:
    changed = companions(kept, full)
    return tuple(
        finding
        if (key := key_of(finding)) not in changed
        else _withheld(finding, k)
        if (answer := changed[key]) is None
        else replace(finding, estimate=answer)
        for finding in kept
    )


def _withheld(finding: Finding, k: int) -> Finding:
    because = say("withheld: it would tell of fewer than {k} people, or betray such a count", k=k)
    return replace(finding, estimate=None, because=because, between=None)


def _ends_told(
    finding: Finding, columns: tuple[str, ...], reveals: tuple[str, ...], guards: Sequence[Guard]
) -> bool:
    """Whether both groups of a gap are told: with the number of one, it gives that of the other."""
    if finding.between is None or not finding.check.endswith((".gap", ".ratio")):
        return True
    for name in finding.between:
        levels = name.split(" · ") if len(columns) > 1 else [name]
        if len(levels) != len(columns):
            return False
        where = dict(zip(columns, levels, strict=True))
        if not _allowed(where, reveals, guards):
            return False
    return True


def verdicts_told(
    verdicts: Sequence[Verdict], findings: Sequence[Finding], public: Sequence[Finding]
) -> tuple[Verdict, ...]:
    """Verdicts that do not repeat a number which is withheld.

    Parameters
    ----------
    verdicts : sequence of Verdict
    findings, public : sequence of Finding
        Before and after :func:`publishable`, in the same order.
    """
    hidden = {
        (told.check, tuple(sorted(told.where.items())))
        for told, full in zip(public, findings, strict=True)
        if told.estimate is None and full.estimate is not None
    }
    judged = say("judged on numbers of few people, which are withheld")
    undecided = say("the data do not suffice; their numbers are of few people, and withheld")
    return tuple(
        replace(v, because=undecided if v.result == "unknown" else judged)
        if (v.check, tuple(sorted(v.where.items()))) in hidden
        else v
        for v in verdicts
    )


def _beside(finding: Finding) -> bool:
    """Whether a finding reveals counts that are not among the outcomes that are protected."""
    return finding.check.startswith(("calibration.", "data.", "ranking.")) or bool(
        {"class", "confidence"} & set(finding.where)
    )


def _revealed(finding: Finding) -> tuple[str, ...]:
    """Outcomes whose counts follow from a finding and its number of cases; all, if in doubt."""
    kind, _, rest = finding.check.partition(".")
    metric = rest.partition(".")[0]
    if finding.check == "fairness.group_size":
        return ()
    if kind in ("fairness", "over_time") and metric in RATES and "class" not in finding.where:
        rate = RATES[metric]
        return tuple(sorted(rate.hits | rate.among))
    if kind in NOT_COUNTS or metric in OF_SCORES:
        return ()
    return QUADRANTS


NOT_COUNTS = frozenset({"explainability", "recourse", "robustness", "ranking"})
OF_SCORES = frozenset({"mean_score", "mean_absolute_error", "root_mean_squared_error", "bias",
                       "within_tolerance", "r2"})  # fmt: skip
"""Numbers from which only the size of the group follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What may be told of one table of group columns and outcomes.

    Parameters
    ----------
    columns : tuple of str
    levels : tuple of tuple of str
        Groups of each column.
    outcomes : tuple of str
        What the last axis of the table counts.
    found : Suppression
    """

    columns: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    outcomes: tuple[str, ...]
    found: Suppression
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def allows(self, where: Mapping[str, str], reveals: Iterable[str]) -> bool:
        """Whether a number of a group that reveals these outcomes may be told."""
        subset = tuple(i for i, c in enumerate(self.columns) if c in where)
        group = tuple(self.places[self.columns[i]][where[self.columns[i]]] for i in subset)
        wanted = [self.outcomes.index(o) for o in reveals if o in self.outcomes]
        return self.found.allows(subset, group, wanted, size=True)


def _guards(every: Cells, asked: AuditSettings, k: int) -> list[Guard]:
    """One guard for all columns together, or, where that table is huge, one a set of columns."""
    columns = asked.columns if asked.period is None else (*asked.columns, asked.period)
    depth = min(asked.depth + (asked.period is not None), len(columns))
    outcomes = _outcomes(every, asked)
    sizes = [len(every.levels[every.columns.index(c)]) for c in columns]
    if np.prod(sizes, dtype=float) * len(outcomes) <= MOST:
        return [_guard(every, columns, outcomes, depth, k)]
    return [_guard(every, part, outcomes, depth, k) for part in combinations(columns, depth)]


def _second(every: Cells, asked: AuditSettings, k: int) -> list[Guard] | None:
    """Guards of a second prediction: its counts follow from the first's and the change."""
    if every.against is None or not every.labels:
        return None
    return _guards(replace(every, prediction=every.against, against=None), asked, k)


def _outcomes(every: Cells, asked: AuditSettings) -> dict[str, Any]:
    """Cells of each outcome that can be told; all rows are in one of them."""
    everyone = np.ones(len(every), dtype=bool)
    if every.prediction is None or not every.labels:
        return {"row": everyone}
    if asked.task == "binary" and asked.positive is not None:
        parts: dict[str, Any] = dict(quadrants(every, every.labels[asked.positive]))
    elif every.truth is None:
        return {"row": everyone}
    else:
        right = np.asarray(every.truth == every.prediction)
        parts = {"tp": right, "fp": ~right}
    rest = everyone & ~np.any(list(parts.values()), axis=0)
    return {**parts, "unknown": rest} if rest.any() else parts


def _guard(
    every: Cells, columns: tuple[str, ...], outcomes: Mapping[str, Any], depth: int, k: int
) -> Guard:
    which = [every.columns.index(c) for c in columns]
    levels = tuple(every.levels[i] for i in which)
    shape = tuple(len(one) for one in levels)
    place = np.ravel_multi_index(tuple(every.codes[:, i] for i in which), shape)
    size = int(np.prod(shape))
    counts = np.stack(
        [
            np.bincount(place, weights=every.n * cells, minlength=size)
            for cells in outcomes.values()
        ],
        axis=1,
    )
    subsets = [s for d in range(depth + 1) for s in combinations(range(len(columns)), d)]
    found = protect(counts.reshape(*shape, len(outcomes)), k=k, subsets=subsets)
    places = {c: {v: i for i, v in enumerate(one)} for c, one in zip(columns, levels, strict=True)}
    return Guard(
        columns=columns, levels=levels, outcomes=tuple(outcomes), found=found, places=places
    )
