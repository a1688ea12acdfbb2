"""Staffing of real queues: proof and CPU seconds, too small a budget, pooling, the loop.

Calls of a bank (BPI 2012): three queues, 23 weeks. A call counts as having come when it was begun,
because the log does not tell the moment at which it was wanted.

    python benchmarks/staffing.py DATA
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from iagkit.core.event_log import EventLog
from iagkit.prototypes.processes.staffing.closing import close_loop
from iagkit.prototypes.processes.staffing.demand import demand_of
from iagkit.prototypes.processes.staffing.layout import Weekly
from iagkit.prototypes.processes.staffing.needs import Demand, Target, needed
from iagkit.prototypes.processes.staffing.pooling import compare_pooling, pooled
from iagkit.prototypes.processes.staffing.shifts import ShiftPlan, plan_shifts
from iagkit.prototypes.processes.staffing.tours import Contract
from iagkit.wire.logs import building, mapping, reading

QUEUES = ("W_Completeren aanvraag", "W_Nabellen offertes", "W_Nabellen incomplete dossiers")
TARGET = Target(share=0.9, hours=5 / 60)
FULL = Contract(
    name="full", starts=tuple(np.arange(7, 13, 0.5).tolist()), lengths=(8.5,), break_hours=0.5
)
PART = Contract(
    name="part",
    starts=tuple(np.arange(7, 17, 0.5).tolist()),
    lengths=(4.0,),
    days=(3, 4, 5),
    part_time=True,
)
TEAM, PART_TIME = (FULL, PART), 0.3
NODES = 300
TIMES = 5
"""As many calls as that many such banks."""


def log_of(data: Path, *file: str) -> EventLog:
    raw = reading.read_raw(data.joinpath(*file))
    return building.event_log(raw, mapping.guess(raw))


def times(demand: Demand, factor: float) -> Demand:
    return replace(
        demand,
        rates=demand.rates * factor,
        low=demand.low * factor,
        high=demand.high * factor,
    )


def planned(demand: Demand, need: object, **more: float) -> ShiftPlan:
    return plan_shifts({demand.name: need}, TEAM, part_time_share=PART_TIME, nodes=NODES, **more)


def line(name: str, plan: ShiftPlan) -> None:
    told = "proven" if plan.proven else f"gap {plan.gap:.2%}"
    print(
        f"{name:44s} people {plan.people:3d}  hours {plan.cost:7.1f}  {told:10s} "
        f"CPU s {plan.seconds:6.1f}  missing {len(plan.missing):3d} half-hours, "
        f"{plan.missing_hours:6.1f} hours",
        flush=True,
    )


def shifts(demands: list[Demand]) -> None:
    for factor in (1, TIMES):
        for demand in (times(d, factor) for d in demands):
            need = needed(demand, target=TARGET)
            low, high = need.low.sum() * demand.grid.hours, need.high.sum() * demand.grid.hours
            print(
                f"{demand.name} x{factor}: {demand.weekly_cases:.0f} cases a week, "
                f"{demand.weekly_work:.0f} hours of work; needs {need.hours:.0f} hours "
                f"({low:.0f} to {high:.0f})"
            )
            plan = planned(demand, need.people)
            line("  every half-hour", plan)
            line("  budget of 90 %", planned(demand, need.people, budget=0.9 * plan.cost))
            if factor > 1:
                line("  the week only", planned(demand, Weekly.of(demand, target=TARGET)))


def pooling(demands: list[Demand]) -> None:
    for factor in (1, TIMES):
        began = time.process_time()
        found = compare_pooling(
            [times(d, factor) for d in demands],
            TEAM, target=TARGET, part_time_share=PART_TIME, nodes=NODES,
        )  # fmt: skip
        print(
            f"x{factor}: apart {found.cost_apart:.0f}, together {found.together.cost:.0f} "
            f"({found.saved_by_pooling:.1%} saved), week only {found.saved_by_week:.1%} saved; "
            f"proven {found.proven}; CPU s {time.process_time() - began:.0f}",
            flush=True,
        )


def loop(demands: list[Demand]) -> None:
    one = pooled(demands)
    slow = replace(one, name="all, work four times as long", rates=one.rates,
                   service=replace(one.service, value=4 * one.service.value, low=None, high=None,
                                   level=None))  # fmt: skip
    for demand, budget in ((one, None), (slow, None), (slow, 600.0)):
        began = time.process_time()
        found = close_loop(
            demand, TEAM, target=TARGET, budget=budget, weeks=100, part_time_share=PART_TIME,
            gap=0.01, nodes=20,
        )  # fmt: skip
        print(f"{demand.name}, budget {budget}: {found.verdict}", *map(str, found.remarks))
        for one_round in found.rounds:
            tried = one_round.tried
            print(
                f"  hours {one_round.plan.cost:6.1f}  week {tried.week.value:.3f} of {TARGET.share}"
                f"  worst {demand.grid.told(tried.worst)} {tried.shares.min():.3f}"
                f"  below {len(one_round.below)}"
            )
        print(f"  CPU s {time.process_time() - began:.0f}", flush=True)


def main() -> None:
    data = Path(sys.argv[1])
    log = log_of(data, "bpic2012", "log.parquet")
    demands = [demand_of(log, queue, comes="begun", quiet=0.01) for queue in QUEUES]
    for demand in demands:
        print(demand.name, *demand.remarks, sep="; ")
    shifts(demands)
    pooling(demands)
    loop(demands)


if __name__ == "__main__":
    main()
