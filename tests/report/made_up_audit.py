"""A record of an audit, as the engine writes it; its figures come from the counts below."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from made_up import three

from iagkit.core.judge import judge
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Gate, Policy, Protocol
from iagkit.core.record import Record, to_json

YES, NO = ">50K", "<=50K"
LEVELS = {
    "sex": ("Female", "Male"),
    "race": ("Asian & Pacific", "Black", "Indígena", "White", "(missing)"),
    "region": tuple(f"Región {i}" for i in range(1, 11)),
}
Counts = tuple[int, int, int, int]
"""True positives, false negatives, false positives, true negatives."""
SMALL = 5
MIN_GROUP = 30
GAPS = 40
Z, FAMILY = 1.96, 3.2


def cells() -> dict[tuple[str, str, str], Counts]:
    """Make people: women are selected less often, everything else is the same for all."""
    found = {}
    for i, sex in enumerate(LEVELS["sex"]):
        for j, race in enumerate(LEVELS["race"]):
            for k, region in enumerate(LEVELS["region"]):
                n = (38, 30, 2, 160, 9)[j] * (1 + i) + 3 * k
                yes = n * (12 + 18 * i) // 100
                tp = yes * (50 + 15 * i) // 100
                fp = (n - yes) * (3 + 6 * i) // 100
                found[sex, race, region] = (tp, yes - tp, fp, n - yes - fp)
    return found


Measure = Callable[[float, float, float, float], tuple[float, float]]
MEASURES: dict[str, Measure] = {
    "selection_rate": lambda tp, fn, fp, tn: (tp + fp, tp + fn + fp + tn),
    "true_positive_rate": lambda tp, fn, fp, tn: (tp, tp + fn),
    "false_positive_rate": lambda tp, fn, fp, tn: (fp, fp + tn),
    "true_negative_rate": lambda tp, fn, fp, tn: (tn, fp + tn),
    "false_negative_rate": lambda tp, fn, fp, tn: (fn, tp + fn),
    "precision": lambda tp, fn, fp, tn: (tp, tp + fp),
    "negative_predictive_value": lambda tp, fn, fp, tn: (tn, tn + fn),
    "accuracy": lambda tp, fn, fp, tn: (tp + tn, tp + fn + fp + tn),
    "prevalence": lambda tp, fn, fp, tn: (tp + fn, tp + fn + fp + tn),
}


def share(hits: float, of: float, z: float = Z) -> Estimate:
    """Wilson's interval."""
    p, n = hits / of, of
    middle = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Estimate(value=p, n=int(n), low=min(low, p), high=max(high, p), level=0.95)


def added(columns: Sequence[str]) -> dict[tuple[str, ...], Counts]:
    """Roll the cells up to the groups of some columns."""
    names = list(LEVELS)
    which = [names.index(c) for c in columns]
    totals: dict[tuple[str, ...], Counts] = {}
    for place, counts in cells().items():
        group = tuple(place[i] for i in which)
        before = totals.get(group, (0, 0, 0, 0))
        totals[group] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return totals


def of_groups(columns: Sequence[str]) -> Iterator[Finding]:
    """Findings of every measure for groups of these columns, and their gaps."""
    totals = added(columns)
    for group, counts in totals.items():
        where = dict(zip(columns, group, strict=True))
        if columns:
            size = Estimate(value=sum(counts), n=sum(counts), unit="cases")
            yield Finding(
                check="fairness.group_size", question="How many?", estimate=size, where=where
            )
        yield from confusion(counts, where)
    for metric, measure in MEASURES.items():
        check, question = f"fairness.{metric}", f"Question of {metric}?"
        known: dict[tuple[str, ...], Estimate] = {}
        for group, counts in totals.items():
            where = dict(zip(columns, group, strict=True))
            hits, of = measure(*counts)
            if of < SMALL:
                because = say("withheld: fewer than {few} people", few=SMALL)
                yield Finding(check=check, question=question, because=because, where=where)
                continue
            told = share(hits, of)
            yield Finding(check=check, question=question, estimate=told, where=where)
            if of >= MIN_GROUP:
                known[group] = told
        if columns:
            yield from gap(check, question, columns, known)


def confusion(counts: Counts, where: Mapping[str, str]) -> Iterator[Finding]:
    if len(where) > 1:
        return
    pairs = ((YES, YES), (YES, NO), (NO, YES), (NO, NO))
    for (truth, answer), n in zip(pairs, counts, strict=True):
        place = {"truth": truth, "prediction": answer, **where}
        about = {"check": "confusion.count", "question": "How many?", "where": place}
        if n < SMALL:
            yield Finding(**about, because=say("withheld: fewer than {few} people", few=SMALL))
        else:
            yield Finding(**about, estimate=Estimate(value=n, n=n, unit="cases"))


def gap(
    check: str, question: str, columns: Sequence[str], known: Mapping[tuple[str, ...], Estimate]
) -> Iterator[Finding]:
    where = dict.fromkeys(columns, "*")
    if len(known) < 2:
        because = say("fewer than two groups have {needed} cases", needed=MIN_GROUP)
        yield Finding(check=f"{check}.gap", question=question, because=because, where=where)
        return
    low = min(known, key=lambda g: known[g].value)
    high = max(known, key=lambda g: known[g].value)
    a, b = known[low], known[high]
    half = FAMILY * math.sqrt(a.value * (1 - a.value) / a.n + b.value * (1 - b.value) / b.n + 1e-9)
    size, n = b.value - a.value, sum(e.n for e in known.values())
    between = (" · ".join(low), " · ".join(high))
    about = {"question": question, "where": where, "between": between}
    told = Estimate(
        value=size, n=n, low=max(0.0, size - half), high=min(1.0, size + half), level=0.95
    )
    yield Finding(check=f"{check}.gap", estimate=told, **about)
    ratio = a.value / b.value if b.value else 1.0
    wide = Estimate(value=ratio, n=n, low=ratio * 0.8, high=min(1.0, ratio * 1.2), unit="ratio")
    yield Finding(check=f"{check}.ratio", estimate=wide, **about)
    seen = Estimate(value=min(1.0, half * 1.2), n=n)
    yield Finding(check=f"{check}.detectable_gap", estimate=seen, **about)
    if 0 < size < half:
        price = Estimate(value=int(n * (half / size) ** 2 - n), n=n, unit="cases")
        yield Finding(check=f"{check}.cases_needed", estimate=price, **about)


def found(check: str, value: float, n: int, *, half: float = 0.02, unit: str = "share", **where):
    told = Estimate(value=value, n=n, low=value - half, high=value + half, level=0.95, unit=unit)
    return Finding(check=check, question=f"Question of {check}?", estimate=told, where=where)


def of_scores() -> Iterator[Finding]:
    yield found("performance.roc_auc", 0.86, 5000)
    yield found("fairness.roc_auc.error_bound", 0.0001, 5000, half=0.0)
    for i, sex in enumerate(LEVELS["sex"]):
        yield found("fairness.roc_auc", 0.88 - 0.03 * i, 2000, sex=sex)
        yield found("fairness.calibration_in_the_large", -0.01 + 0.02 * i, 2000, sex=sex)
        for b in range(1, 9):
            told = {"sex": sex, "confidence": f"{b / 10:.1f}–{(b + 1) / 10:.1f}"}
            yield found("calibration.reliability", b / 10 + 0.02 * (i + 1), 200, **told)
    chance = found("fairness.roc_auc.gap", 0.03, 4000, half=0.03, sex="*")
    yield replace(chance, between=("Male", "Female"))


def over_time() -> Iterator[Finding]:
    for q in range(8):
        period = f"202{3 + q // 4}-Q{1 + q % 4}"
        yield found("over_time.selection_rate", 0.2 + 0.01 * (q > 4), 900, period=period)
        for i, sex in enumerate(LEVELS["sex"]):
            level = 0.1 + 0.15 * i + 0.08 * (q > 4) * (1 - i)
            yield found("over_time.selection_rate", level, 450, period=period, sex=sex)
    yield found(
        "over_time.selection_rate.change", 0.08, 450, half=0.03, period="2024-Q2", sex="Female"
    )
    yield found(
        "over_time.selection_rate.change", 0.0, 450, half=0.03, period="2024-Q2", sex="Male"
    )


def against() -> Iterator[Finding]:
    for metric, change in (("accuracy", 0.012), ("false_positive_rate", -0.021)):
        yield found(f"against.{metric}.change", change, 5000, half=0.008)
        for i, sex in enumerate(LEVELS["sex"]):
            yield found(f"against.{metric}.change", change * (i + 0.5), 2000, half=0.01, sex=sex)


def reasons() -> Iterator[Finding]:
    for j, name in enumerate(("age", "education", "hours per week", "occupation")):
        yield found("explainability.attribution", 0.2 / (j + 1), 300, feature=name, unit="logits")
    yield found("robustness.flip_rate", 0.03, 300, noise="typos")
    for i, sex in enumerate(LEVELS["sex"]):
        yield found("recourse.cost", 1.2 + 0.4 * i, 150, half=0.2, unit="steps", sex=sex)
    yield found("ranking.representation", 0.31, 500, sex="Female")
    yield found("ranking.representation", 0.69, 500, sex="Male")


def narrowed() -> Iterator[Finding]:
    """Two ways to decide, as a comparison of methods tells them."""
    for method, right, size in (("baseline", 0.83, 0.18), ("group_thresholds", 0.81, 0.04)):
        yield found("mitigation.accuracy", right, 1500, method=method)
        yield found("mitigation.balanced_accuracy", right - 0.05, 1500, method=method)
        yield found("mitigation.gap", size, 1500, half=0.03, method=method, sex="*")
        law = say("No: the group is not used at all, but other inputs may stand for it.")
        yield Finding(
            check="mitigation.uses_group", question="Q?", because=law, where={"method": method}
        )
    here = {"method": "group_thresholds"}
    yield found("mitigation.accuracy_change", -0.02, 1500, half=0.01, **here)
    for sex, gains, losses in (("Female", 41, 0), ("Male", 7, 63)):
        for check, n in (("gains", gains), ("losses", losses)):
            told = Estimate(value=n, n=700, unit="cases")
            where = {**here, "sex": sex}
            yield Finding(check=f"mitigation.{check}", question="Q?", estimate=told, where=where)
    withheld = say(
        "withheld: it is, or would give away, a number of fewer than {few} people", few=5
    )
    where = {**here, "sex": "Male"}
    yield Finding(check="mitigation.gains.right", question="Q?", because=withheld, where=where)
    for limit in ("0", "0.05", "1"):
        where = {"method": "group_thresholds", "limit": limit}
        yield found("mitigation.tradeoff.accuracy", 0.8 + 0.02 * float(limit), 1500, **where)
        size = 0.02 + 0.15 * float(limit)
        yield found("mitigation.tradeoff.gap", size, 1500, half=0.02, sex="*", **where)


def policy() -> Policy:
    def gate(name: str, **limit: object) -> Gate:
        return Gate(check=f"fairness.{name}", reason=three(f"Reason of {name}"), **limit)

    gates = (
        gate("selection_rate.gap", at_most=0.05, on_fail="block"),
        gate("false_positive_rate.gap", at_most=0.05),
        gate("selection_rate.ratio", at_least=0.8, on_fail="note"),
        gate("accuracy.gap", at_most=0.3),
    )
    return Policy(
        name="high-stakes", version="1", owner="Oficina de datos", reason=three("Limits"),
        gates=gates,
    )  # fmt: skip


FURTHER = (of_scores, over_time, against, reasons, narrowed)


def an_audit(
    *, depth: int = 2, further: bool = True, columns: Sequence[str] = tuple(LEVELS),
    limits: Policy | None = None, more: Sequence[Finding] = (),
) -> Record:  # fmt: skip
    """Make a record of an audit of three columns of groups."""
    told = list(of_groups(()))
    for k in range(1, depth + 1):
        for some in combinations(columns, k):
            told += of_groups(some)
    if further:
        told += [f for part in FURTHER for f in part()]
    told += more
    limits = limits or policy()
    total = sum(map(sum, cells().values()))
    return Record(
        about={
            "format": "iagkit-record/1",
            "iagkit": "0.1.0",
            "sealed_at": "2026-11-24T07:00:00+00:00",
        },
        dataset={
            "name": "people.csv",
            "version": "1",
            "title": three("Made-up people"),
            "licence": "CC0-1.0",
            "source": "generated",
            "sha256": "ab" * 32,
            "origin": "people.csv",
        },
        prototype={
            "name": "audit",
            "version": "1",
            "task": "audit",
            "recipe": "audit",
            "protocol": to_json(Protocol(name="audit")),
            "policy": to_json(limits),
            "protocol_sha256": "cd" * 32,
            "policy_sha256": "ef" * 32,
        },
        run={
            "audit": {
                "task": "binary",
                "rows": total,
                "left_out": {"truth": 12, "prediction": 0},
                "positive": YES,
                "labels": [NO, YES],
                "columns": list(columns),
                "depth": depth,
                "bins": {},
                "weight": False,
                "cluster": False,
                "reference": {},
                "level": 0.95,
                "family": GAPS,
                "disclosure": {"k": 5, "primary": 9, "complementary": 4, "cells": 400},
            }
        },
        findings=tuple(told),
        verdicts=judge(told, limits),
    )
