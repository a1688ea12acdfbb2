"""A record as the process prototype writes it, with figures made up for the page."""

from __future__ import annotations

import itertools
from dataclasses import replace

from made_up import a_record, found

from iagkit.core.judge import judge
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Gate, Policy
from iagkit.core.record import Record, to_json

STEPS = ("Recepción", "Revisión de papeles", "Visita", "Decisión & aviso")
COLUMN = "distrito"


def exactly(check: str, value: float, n: int, unit: str = "share", **where: str) -> Finding:
    told = Estimate(value=value, n=n, low=value, high=value, unit=unit)
    return Finding(check=check, question=f"Question of {check}?", estimate=told, where=where)


def days(check: str, value: float, low: float, high: float, n: int, **where: str) -> Finding:
    told = Estimate(value=value, n=n, low=low, high=high, level=0.95, unit="days")
    return Finding(check=check, question=f"Question of {check}?", estimate=told, where=where)


def clustered(check: str, value: float, low: float, high: float, n: int, **where: str) -> Finding:
    told = Estimate(value=value, n=n, low=low, high=high, level=0.95, unit="share", clusters=20)
    return Finding(check=check, question=f"Question of {check}?", estimate=told, where=where)


def unknown(check: str, **where: str) -> Finding:
    because = say("fewer than {few} cases; {needed} are needed", few=5, needed=30)
    return Finding(check=check, question=f"Question of {check}?", because=because, where=where)


def quality(unstable: float, unusable: float) -> list[Finding]:
    return [
        exactly("process.quality.cases", 900.0, 900, "cases"),
        exactly("process.quality.events", 4000.0, 4000, "events"),
        exactly("process.quality.open", 0.46, 900),
        exactly("process.quality.unusable", unusable, 4000),
        exactly("process.quality.unstable_arcs", unstable, 3100),
        exactly("process.quality.at_midnight", 0.9, 4000),
        exactly("process.quality.timed_work", 0.0, 4000),
    ]


def waits() -> list[Finding]:
    told = [
        days("process.wait.median", 372.3, 350.0, 390.0, 900),
        days("process.wait.completed_only", 76.0, 70.0, 80.0, 480),
        days("process.wait.understated", 296.3, 270.0, 320.0, 900),
        found("process.late.rate", 0.16, 880),
        exactly("process.late.before_opening", 0.05, 1200),
    ]
    for place, (group, median, closed) in enumerate(
        (("2", 273.0, 126.4), ("10", 372.3, 76.0), ("Villa <Real>", 0.034, 0.03))
    ):
        told += [
            days("process.wait.median", median, 0.9 * median, 1.1 * median, 300, distrito=group),
            days("process.wait.completed_only", closed, 0.9 * closed, 1.1 * closed, 200,
                 distrito=group),
            exactly("process.wait.open", 0.3, 300, distrito=group),
            found("process.late.rate", 0.1 + 0.07 * place, 290, distrito=group),
        ]  # fmt: skip
    told.append(unknown("process.wait.median", distrito="(missing)"))
    turned = exactly("process.wait.reversed", 1.0, 3, "pairs", distrito="*")
    told.append(replace(turned, between=("2", "10")))
    gap = replace(found("process.late.rate.gap", 0.138, 880, distrito="*"), between=("2", "10"))
    like = {"distrito": "*", "alike": "tipo"}
    adjusted = replace(gap, check="process.late.rate.gap.adjusted", where=like)
    return [
        *told, gap, replace(adjusted, estimate=found("x", 0.086, 880).estimate),
        exactly("process.late.rate.gap.chance", 0.087, 880, **like),
        exactly("process.late.rate.gap.p", 0.057, 880, "probability", **like),
    ]  # fmt: skip


def learnt(within: float) -> list[Finding]:
    return [
        days("process.remaining.error", 1.41, 0.4, 2.4, 1048),
        days("process.remaining.error_of_median", 1.44, 0.4, 2.4, 1048),
        days("process.remaining.difference", -0.023, -0.057, 0.011, 1048),
        found("process.remaining.coverage", 0.9, 1048),
        exactly("process.simulation.within_floor", within, 5),
        *(exactly("process.simulation.distance", d, 90, "hours", measure=m)
          for m, d in (("redd", 22.0), ("ctdd", 90.0))),
        clustered("process.risk.error", 0.2, 0.1, 0.3, 294),
        *(clustered("process.risk.band", value, low, high, 59, chance=chance)
          for chance, value, low, high in (
              ("0.05-0.20", 0.15, 0.03, 0.5), ("0.20-0.40", 0.85, 0.2, 0.99),
              ("0.40-0.60", 0.9, 0.8, 0.95))),
        *(exactly("process.simulation.floor", 36.0, 90, "hours", measure=m)
          for m in ("redd", "ctdd")),
    ]  # fmt: skip


def rate(check: str, value: float, n: int, **where: str) -> Finding:
    told = Estimate(
        value=value, n=n, low=0.8 * value, high=1.2 * value, level=0.95, unit="arrivals a day"
    )
    return Finding(check=check, question=f"Question of {check}?", estimate=told, where=where)


def coming_and_working(seasons: float) -> list[Finding]:
    """Arrivals, those who work, and working time."""
    weekly = rate("process.arrivals.weekly", 21.0, 68)
    told = [
        replace(weekly, estimate=replace(weekly.estimate, unit="arrivals a week")),
        *(rate("process.arrivals.weekday", 4.0 * (k < 6) + 0.04, 68, weekday=str(k))
          for k in range(1, 8)),
        *(rate("process.arrivals.month", 1.0 + k, 30, month=f"{k:02}") for k in range(1, 13)),
        *(rate("process.arrivals.hour", 0.1 * (7 < k < 18), 470, hour=f"{k:02}")
          for k in range(24)),
        replace(rate("process.arrivals.dispersion", 1.57, 1400),
                estimate=Estimate(value=1.57, low=1.2, high=1.95, n=1400, unit="ratio")),
        exactly("process.arrivals.dispersion_p", seasons, 1400, "probability"),
        exactly("process.arrivals.gaps_p", 0.3, 1400, "probability"),
        exactly("process.people.count", 48.0, 48, "people"),
        exactly("process.people.pieces", 79.0, 48, "events"),
        exactly("process.people.activities", 7.0, 48, "activities"),
        exactly("process.people.hanging", 0.25, 12),
        *(exactly("process.people.on_duty", 30.0, 48, "people", weekday=str(k))
          for k in range(1, 6)),
        *(exactly("process.people.on_duty", 5.0 + k, 48, "people", hour=f"{k:02}")
          for k in range(8, 17)),
        unknown("process.people.on_duty", hour="07"),
    ]  # fmt: skip
    for where in ({}, {COLUMN: "2"}):
        working = days("process.clock.median", 260.0, 250.0, 270.0, 900, **where)
        told.append(replace(working, estimate=replace(working.estimate, unit="working days")))
    return [*told, exactly("process.clock.outside", 0.31, 4000)]


def the_map() -> dict:
    arcs = [
        {"source": a, "target": b, "n": 300 - 40 * k, "otherwise": 300 - 40 * k - (k == 1),
         "days": 0.3 + k, "low": 0.2, "high": 4.0, "days_are": "median"}
        for k, (a, b) in enumerate([*itertools.pairwise(STEPS), (STEPS[2], STEPS[1])])
    ]  # fmt: skip
    named = [{"name": s, "n": 300, "starts": 300 * (s == STEPS[0]), "ends": 300 * (s == STEPS[3])}
             for s in STEPS]  # fmt: skip
    return {"activities": named, "arcs": arcs, "share": 0.93, "all_arcs": 1000, "cases": 900,
            "of_activities": 9, "of_arcs": 31}  # fmt: skip


def a_process(
    *, unstable: float = 0.557, unusable: float = 0.01, within: float = 0.6, seasons: float = 0.001
) -> Record:
    """A record of a log; more than a twentieth of ``unusable`` rows blocks."""
    ways = [
        exactly("process.map.variants", 77.0, 900, "ways"),
        found("process.map.commonest_way", 0.4, 900),
        found("process.map.done_again", 0.3, 200, activity=STEPS[1]),
    ]
    coming = coming_and_working(seasons)
    findings = (*quality(unstable, unusable), *ways, *waits(), *coming, *learnt(within))
    words = {"es": "Razón", "pt": "Razão", "en": "Reason"}
    gates = (
        Gate(check="process.quality.unusable", at_most=0.05, on_fail="block", reason=words),
        Gate(check="process.quality.unstable_arcs", at_most=0.1, reason=words),
        Gate(check="process.simulation.within_floor", at_least=1.0, reason=words),
    )
    policy = Policy(name="made-up", version="1", owner="Ayuntamiento", reason=words, gates=gates)
    remark = say("{n} rows without a case were left out", n=3)
    told = {"template": remark.template, "values": dict(remark.values)}
    log = {"cases": 900, "events": 4000, "activities": 9, "first": "2020-01-02T08:00",
           "last": "2024-03-04T17:00", "zone": "", "resources": False, "groups": [COLUMN],
           "remarks": [told]}  # fmt: skip
    known = a_record()
    declared = {**known.prototype, "recipe": "processes.log", "name": "process-optimization",
                "policy": to_json(policy)}  # fmt: skip
    return replace(
        known, prototype=declared, findings=findings, verdicts=judge(findings, policy),
        run={"seed": 0, "log": log, "map": the_map(), "simulation": {"remarks": [told]},
             "office": {"hours_a_day": 7.5, "closed_days": 61},
             "open_cases": {"open": 414, "first": 3, "overdue": 12}},
    )  # fmt: skip
