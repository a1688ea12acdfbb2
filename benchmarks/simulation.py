"""Events per CPU second beside simpy and ciw, and how often known waits lie in the intervals.

An event is a case that comes up at a station, or the end of its work there: two for each visit,
counted alike for everybody. M/M/10 at a load of .9, and an open network of six stations.

    python benchmarks/simulation.py [CASES] [SEEDS]
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from math import exp
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import ciw
import numpy as np
import simpy

from iagkit.measures.queueing import (
    erlang_c,
    jackson,
    pollaczek_khinchine,
    priority_waits,
)
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.engine import run, simulate
from iagkit.prototypes.processes.simulation.fast import run_fast
from iagkit.prototypes.processes.simulation.fast_floor import run_floor
from iagkit.prototypes.processes.simulation.floor import Floor
from iagkit.prototypes.processes.simulation.model import (
    Activity,
    Arrivals,
    Kind,
    Model,
    Pool,
    Priority,
)
from iagkit.prototypes.processes.simulation.plan import plan
from iagkit.prototypes.processes.simulation.steady import batch_means
from iagkit.prototypes.processes.simulation.ways import Routing

SERVERS = (4, 3, 3, 2, 3, 2)
"""Of the six stations; work takes an hour on average."""
OUTSIDE = (2.4, 0.8, 0.0, 0.0, 0.0, 0.0)
MOVES = np.array(
    [
        [0.0, 0.4, 0.3, 0.0, 0.1, 0.0],
        [0.1, 0.0, 0.4, 0.3, 0.0, 0.0],
        [0.2, 0.0, 0.0, 0.3, 0.3, 0.0],
        [0.0, 0.1, 0.0, 0.1, 0.3, 0.2],
        [0.2, 0.0, 0.1, 0.0, 0.0, 0.3],
        [0.0, 0.0, 0.2, 0.0, 0.1, 0.0],
    ]
)
REPEATS = 3
PEERS = 10
"""How many times fewer cases the peers are given, as they are slower."""


def station(arrivals: float, servers: int, service: Duration, **more: Any) -> Model:
    """One queue."""
    return Model(
        arrivals=Arrivals.poisson(arrivals),
        activities=(Activity(name="s0", service=service, pools=("s0",)),),
        pools=(Pool(name="s0", capacity=(servers,)),),
        way=Routing(moves={(): {"s0": 1.0}, ("s0",): {"": 1.0}}),
        **more,
    )


def network() -> Model:
    """Six queues."""
    names = [f"s{i}" for i in range(6)]
    moves: dict[tuple[str, ...], dict[str, float]] = {
        (): {name: rate / sum(OUTSIDE) for name, rate in zip(names, OUTSIDE, strict=True)}
    }
    for name, row in zip(names, MOVES, strict=True):
        moves[(name,)] = {**dict(zip(names, row.tolist(), strict=True)), "": 1 - float(row.sum())}
    hour = Duration.exponential(1.0)
    return Model(
        arrivals=Arrivals.poisson(sum(OUTSIDE)),
        activities=tuple(Activity(name=n, service=hour, pools=(n,)) for n in names),
        pools=tuple(Pool(name=n, capacity=(c,)) for n, c in zip(names, SERVERS, strict=True)),
        way=Routing(moves=moves),
    )


def by_simpy(
    outside: tuple[float, ...], moves: Any, servers: tuple[int, ...], until: float
) -> tuple[int, float]:
    """Events and mean wait of a visit."""
    world, luck = simpy.Environment(), random.Random(1)
    desks = [simpy.Resource(world, count) for count in servers]
    waits: list[float] = []
    ways = [np.append(row, 1 - row.sum()).tolist() for row in moves]
    places = range(len(servers) + 1)

    def case(place: int) -> Any:
        while place < len(servers):
            came = world.now
            with desks[place].request() as turn:
                yield turn
                waits.append(world.now - came)
                yield world.timeout(luck.expovariate(1.0))
            place = luck.choices(places, ways[place])[0]

    def source(place: int, rate: float) -> Any:
        while True:
            yield world.timeout(luck.expovariate(rate))
            world.process(case(place))

    for place, rate in enumerate(outside):
        if rate:
            world.process(source(place, rate))
    world.run(until=until)
    return 2 * len(waits), float(np.mean(waits))


def by_ciw(
    outside: tuple[float, ...], moves: Any, servers: tuple[int, ...], until: float
) -> tuple[int, float]:
    """Events and mean wait of a visit."""
    ciw.seed(1)
    told = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate) if rate else None for rate in outside],
        service_distributions=[ciw.dists.Exponential(1.0) for _ in servers],
        routing=[list(row) for row in moves],
        number_of_servers=list(servers),
    )
    world = ciw.Simulation(told)
    world.simulate_until_max_time(until)
    waits = [record.waiting_time for record in world.get_all_records()]
    return 2 * len(waits), float(np.mean(waits))


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Result, and the least CPU seconds of some repeats."""
    least = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        found = work()
        least = min(least, time.process_time() - began)
    return found, least


def speed(name: str, model: Model, system: tuple[Any, ...], told: float, cases: int) -> None:
    """Print one table."""
    until = cases / sum(system[0])
    found = simulate(model, seed=1, until=until)
    laid = plan(model, found.work, stop=found.stop)
    simulate(model, seed=1, until=until / 100, fast=True)
    run_floor(plan(model, found.work, stop=1.0))
    rows: list[tuple[str, int, float, float]] = []
    for peer, ask in (("simpy", by_simpy), ("ciw", by_ciw)):
        (events, wait), seconds = timed(lambda ask=ask: ask(*system, until / PEERS))
        rows.append((peer, events, seconds, wait))
    engines = (
        ("iagkit", lambda: run(laid)),
        ("iagkit, all rules", lambda: Floor(laid).run()),
        ("iagkit, numba", lambda: run_fast(laid)),
        ("iagkit, numba, all rules", lambda: run_floor(laid)),
        ("iagkit, with drawing", lambda: simulate(model, seed=1, until=until)),
        ("iagkit, numba, with drawing", lambda: simulate(model, seed=1, until=until, fast=True)),
    )
    for engine, ask_it in engines:
        _, seconds = timed(ask_it)
        rows.append((engine, found.count, seconds, float(np.nanmean(found.wait))))
    best = rows[0][1] / rows[0][2]
    print(f"\n{name}; mean wait {told:.3f} h by formula")
    print(
        f"{'':30s} {'events':>10s} {'CPU s':>7s} {'million/s':>9s} {'simpy=1':>8s} {'wait h':>7s}"
    )
    for engine, events, seconds, wait in rows:
        rate = events / seconds
        print(
            f"{engine:30s} {events:10,d} {seconds:7.3f} {rate / 1e6:9.2f} {rate / best:8.1f} "
            f"{wait:7.3f}"
        )


def wait_of_cases(found: Any, only: Any = None) -> Any:
    """Hours that each case waited, all visits together."""
    waits = np.bincount(found.work.case, weights=found.wait, minlength=len(found.work.arrived))
    return waits if only is None else waits[only(found.work)]


def systems() -> list[tuple[str, Model, float, Any]]:
    """Name, model, mean wait of a case by formula, and which cases."""
    hour, uneven = Duration.exponential(1.0), Duration.lognormal(median=0.7, spread=0.8)
    variation = (exp(0.8**2) - 1) ** 0.5
    stations = jackson(OUTSIDE, MOVES, service_hours=[1.0] * 6, servers=SERVERS)
    around = sum(q.mean_queue for q in stations) / sum(OUTSIDE)
    kinds = (Kind(name="urgent", share=1.0, rank=1.0), Kind(name="other", share=2.0, rank=2.0))
    first = Priority(rule="class")
    several = priority_waits([0.8, 1.6], service_hours=1.0, servers=3)
    work = Activity(name="s0", pools=("s0",), service=hour, services={"urgent": uneven})
    mean = uneven.mean
    single = station(0.75, 1, hour, kinds=kinds, priority=first)
    mixed = Model(
        arrivals=single.arrivals,
        activities=(work,),
        pools=single.pools,
        way=single.way,
        kinds=kinds,
        priority=first,
    )
    one = priority_waits([0.25, 0.5], service_hours=[mean, 1.0], variation=[variation, 1.0])
    queue = erlang_c(9.0, service_hours=1.0, servers=10)
    pk = pollaczek_khinchine(0.8, service_hours=mean, variation=variation)
    found = [
        ("Erlang C, ten servers", station(9.0, 10, hour), queue.mean_wait, None),
        ("Jackson, six stations", network(), around, None),
        ("Pollaczek-Khinchine", station(0.8, 1, uneven), pk, None),
    ]
    for i, kind in enumerate(("urgent", "other")):

        def only(drawn: Any, kind: str = kind) -> Any:
            return drawn.kind == kind

        queues = station(2.4, 3, hour, kinds=kinds, priority=first)
        found.append((f"three servers, {kind}", queues, float(several[i]), only))
        found.append((f"one server, uneven work, {kind}", mixed, float(one[i]), only))
    return found


def agreement(seeds: int, cases: int) -> None:
    """Print how many intervals of 95 % hold the wait that the formula gives."""
    print(
        f"\n95 % intervals that hold the wait of the formula, {seeds} seeds, {cases:,d} cases each"
    )
    for name, model, told, only in systems():
        until = cases / model.arrivals.rates[0]
        found = [
            batch_means(wait_of_cases(simulate(model, seed=s, until=until, fast=True), only))
            for s in range(seeds)
        ]
        held = sum((e.low or 0) <= told <= (e.high or 0) for e in found)
        mean = np.mean([e.value for e in found])
        print(f"{name:40s} {held:3d} of {seeds}; {told:.4f} h by formula, {mean:.4f} h simulated")


def main() -> None:
    """Print both."""
    told = [*sys.argv[1:], "1000000", "20"]
    cases, seeds = int(told[0]), int(told[1] if len(sys.argv) > 2 else 20)
    ten = erlang_c(9.0, service_hours=1.0, servers=10).mean_wait
    speed(
        "M/M/10 at a load of .9",
        station(9.0, 10, Duration.exponential(1.0)),
        ((9.0,), np.zeros((1, 1)), (10,)),
        ten,
        cases,
    )
    stations = jackson(OUTSIDE, MOVES, service_hours=[1.0] * 6, servers=SERVERS)
    visits = sum(q.arrivals for q in stations)
    wait = sum(q.mean_queue for q in stations) / visits
    speed("six stations", network(), (OUTSIDE, MOVES, SERVERS), wait, cases // 3)
    agreement(seeds, cases * 2 // 5)


if __name__ == "__main__":
    main()
