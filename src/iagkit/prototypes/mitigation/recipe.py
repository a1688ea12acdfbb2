"""Several ways to decide, learnt from the same people and judged on the same others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from iagkit.core.errors import UsageError
from iagkit.core.nouns import Finding
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import checked_level
from iagkit.measures.rates import share
from iagkit.prototypes.mitigation import questions as q
from iagkit.prototypes.mitigation.cases import Cases, Ints, Labels
from iagkit.prototypes.mitigation.encode import encoded, estimator
from iagkit.prototypes.mitigation.judged import MIN_GROUP, Decided, Held, findings, largest_gap
from iagkit.prototypes.mitigation.methods import (
    METHODS,
    RATES,
    ROUNDS,
    People,
    Study,
    chosen_thresholds,
    fitted,
    weight_name,
)
from iagkit.prototypes.mitigation.parts import Parts, divide, pooled

BASELINE = "baseline"
THRESHOLDS = "group_thresholds"
LIMIT = 0.05
"""Gap that thresholds may leave among the people they are chosen on, if no policy says."""
LIMITS = (0.0, 0.02, 0.05, 0.1, 0.2, 1.0)
"""Limits told as a trade-off; with 1 there is none."""


def compare(
    cases: Cases,
    *,
    learner: Any = "boosting",
    constraint: str = "equalized_odds",
    methods: Sequence[str] | None = None,
    limit: float = LIMIT,
    test_share: float = 0.3,
    seed: int = 0,
    level: float = 0.95,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    """Learn, choose, and judge once.

    Parameters
    ----------
    cases : Cases
    learner : {"boosting", "logistic"} or estimator
    constraint : str
        A key of :data:`iagkit.prototypes.mitigation.methods.RATES`.
    methods : sequence of str, optional
        Default: all; the estimator as it is always comes first.
    limit : float
        Largest gap that ``group_thresholds`` may leave among the people it is chosen on.
    test_share, seed, level : float, int, float
    progress : callable
        Told each step as it begins.

    Returns
    -------
    findings : tuple of Finding
        In the order of the methods; nothing is chosen.
    facts : dict
        Sizes of the parts, seconds, groups pooled to choose: plain JSON.

    Raises
    ------
    IagkitError
        If something was asked that has no meaning, or the table cannot answer it.
    """
    chosen = _methods(methods)
    refuse_constraint(constraint)
    checked_level(level)
    parts = divide(cases, test_share=test_share, seed=seed)
    small = pooled(cases.joined, cases.truth, parts)
    progress("learn")
    study = _study(cases, parts, small, learner, constraint, limit, seed)
    decided, seconds = _decide(study, chosen, seed)
    progress("measure")
    held = _held(cases, parts, constraint, level=level, methods=len(chosen))
    told = tuple(_told(held, decided, cases))
    if THRESHOLDS in chosen:
        told += tuple(_tradeoff(study, held))
    return told, _facts(cases, parts, small, held, seconds)


def _methods(asked: Sequence[str] | None) -> tuple[str, ...]:
    for name in asked or ():
        if name not in METHODS:
            msg = (
                f"expected methods among {', '.join(METHODS)}; got "
                f"'{name}'.{did_you_mean(name, METHODS)}"
            )
            raise UsageError(msg)
    return tuple(dict.fromkeys((BASELINE, *(asked or METHODS))))


def refuse_constraint(constraint: str) -> None:
    """Refuse a constraint that is none of those known.

    Raises
    ------
    UsageError
        Naming the likely one.
    """
    if constraint not in RATES:
        msg = (
            f"expected one of the constraints {', '.join(RATES)}; got "
            f"'{constraint}'.{did_you_mean(constraint, RATES)}"
        )
        raise UsageError(msg)


def _study(
    cases: Cases,
    parts: Parts,
    groups: Labels,
    learner: Any,
    constraint: str,
    limit: float,
    seed: int,
) -> Study:
    made = estimator(learner, seed=seed)
    table = encoded(cases.inputs, learn=parts.fit, how=learner)
    people = {
        name: People(inputs=_rows(table, rows), truth=cases.truth[rows], groups=groups[rows])
        for name, rows in (("fit", parts.fit), ("choose", parts.choose), ("test", parts.test))
    }
    base = fitted(made, people["fit"])
    return Study(**people, estimator=made, base=base, constraint=constraint, limit=limit)


def _rows(table: Any, rows: Ints) -> Any:
    return table[rows] if isinstance(table, np.ndarray) else table.iloc[rows]


def _decide(
    study: Study, chosen: Sequence[str], seed: int
) -> tuple[list[Decided], dict[str, float]]:
    """Decisions of each method; where chance decides, all methods meet the same draw."""
    if any(METHODS[name].weighs for name in chosen):
        weight_name(study.estimator)
    luck = np.random.default_rng(seed).random(len(study.test.truth))
    decided, seconds = [], {}
    for name in chosen:
        began = time.monotonic()
        chance = METHODS[name].chance(study)
        seconds[name] = round(time.monotonic() - began, 1)
        decided.append(Decided(method=name, granted=luck < chance, chance=chance))
    return decided, seconds


def _held(cases: Cases, parts: Parts, constraint: str, *, level: float, methods: int) -> Held:
    rates, rows = RATES[constraint], parts.test
    columns = len(cases.groups) + (len(cases.groups) > 1)
    return Held(
        truth=cases.truth[rows],
        groups={column: groups[rows] for column, groups in cases.groups.items()},
        joined=cases.joined[rows],
        clusters=_clusters(cases, rows),
        rates=rates,
        level=level,
        strict=1 - (1 - level) / (methods * columns * len(rates)),
    )


def _clusters(cases: Cases, rows: Ints) -> Ints | None:
    if cases.clusters is None:
        return None
    found, codes = np.unique(cases.clusters[rows], return_inverse=True)
    return None if len(found) == len(rows) else codes.astype(np.intp)


def _told(held: Held, decided: Sequence[Decided], cases: Cases) -> Iterator[Finding]:
    among_inputs = bool(set(map(str, cases.inputs.columns)) & set(cases.groups))
    for one in decided:
        uses = q.uses_group(
            needed=METHODS[one.method].needs_group,
            among_inputs=among_inputs,
            learnt=one.method != BASELINE,
        )
        yield from findings(held, one, decided[0], uses_group=uses)


def _tradeoff(study: Study, held: Held) -> Iterator[Finding]:
    """What stricter and looser limits would have given, on the same people held out."""
    for limit in LIMITS:
        granted = chosen_thresholds(study, limit=limit) > 0
        where = {"method": THRESHOLDS, "limit": f"{limit:g}"}
        right = share(granted == held.truth, clusters=held.clusters, level=held.level)
        yield q.TRADEOFF_ACCURACY.found(right, where)
        told, groups = list(held.compared())[-1]
        gap, between = largest_gap(held, granted, groups)
        yield q.TRADEOFF_GAP.found(gap, {**where, **told}, between)


def _facts(
    cases: Cases, parts: Parts, small: Labels, held: Held, seconds: dict[str, float]
) -> dict[str, Any]:
    return {
        "audit": {
            "rows": len(parts.test),
            "columns": list(cases.groups),
            "positive": cases.positive,
            "level": held.level,
            "min_group": MIN_GROUP,
        },
        "rows": {
            "learnt_from": len(parts.fit),
            "chosen_on": len(parts.choose),
            "judged_on": len(parts.test),
            "without_truth": cases.left_out,
        },
        "inputs": [str(column) for column in cases.inputs.columns],
        "groups_pooled_to_choose": int(len(np.unique(cases.joined)) - len(np.unique(small))),
        "level_of_each_gap": held.strict,
        "seconds_by_method": seconds,
        "rounds_at_most": {"exponentiated_gradient": ROUNDS},
    }
