"""Models for the tests of the engine: small ones, and any that a seed makes up."""

from datetime import date

import numpy as np

from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.model import (
    Activity,
    Arrivals,
    Batch,
    Model,
    Pool,
    Priority,
    Progress,
)
from iagkit.prototypes.processes.simulation.ways import Routing, Template, Templates

NONE = Duration.fixed(0.0)


def station(*, load: float, servers: int = 1) -> Model:
    """One queue without memory; one hour of work a case."""
    return Model(
        arrivals=Arrivals.poisson(load * servers),
        activities=(Activity(name="read", service=Duration.exponential(1.0), pools=("clerks",)),),
        pools=(Pool(name="clerks", capacity=(servers,)),),
        way=Routing(moves={(): {"read": 1.0}, ("read",): {"": 1.0}}),
    )


def simple_model(seed: int, *, ties: bool) -> Model:
    """One pool an activity, always there; with ``ties``, whole hours and cases under way."""
    rng = np.random.default_rng(seed)
    names, pools = [f"a{i}" for i in range(rng.integers(1, 5))], ["p0", "p1", "p2"]
    kinds = [Duration.fixed(1.0), Duration.fixed(0.0), Duration.sample([0, 1, 1, 2])]

    def some() -> Duration:
        return kinds[rng.integers(3)] if ties else Duration.exponential(rng.uniform(0.3, 1.5))

    work = tuple(
        Activity(
            name=name,
            service=some(),
            pools=(pools[rng.integers(3)],) if rng.random() < 0.8 else (),
            before=some() if rng.random() < 0.4 else NONE,
            after=some() if rng.random() < 0.4 else NONE,
        )
        for name in names
    )
    longest = 2 if seed % 4 == 0 else 5
    cases = [
        Template(activities=rng.choice(names, rng.integers(1, longest)).tolist(), rank=float(i % 2))
        for i in range(4)
    ]
    times = tuple(rng.integers(0, 60, 50).astype(float))
    return Model(
        arrivals=Arrivals(times=times) if ties else Arrivals.poisson(1.0),
        activities=work,
        pools=tuple(Pool(name=name, capacity=(int(rng.integers(1, 4)),)) for name in pools),
        way=Templates.of(cases),
        progress=_under_way(cases) if ties and rng.random() < 0.4 else None,
    )


def any_model(seed: int) -> Model:
    """Anything the engine knows: skills, calendars, batches, parallel steps, rules."""
    rng = np.random.default_rng(seed)
    names = [f"a{i}" for i in range(rng.integers(2, 6))]
    pools = [f"p{i}" for i in range(rng.integers(1, 5))]
    cases = [_case(rng, names) for _ in range(6)]
    arrivals = Arrivals.poisson(*rng.uniform(0.1, 1, 7))
    rules = ("fcfs", "arrival", "class", "due", "ageing")
    return Model(
        arrivals=arrivals if rng.random() < 0.5 else Arrivals(gaps=Duration.fixed(1.0)),
        activities=tuple(_activity(rng, name, pools) for name in names),
        pools=tuple(_pool(rng, name) for name in pools),
        way=_routing(rng, names) if rng.random() < 0.4 else Templates.of(cases),
        priority=Priority(rule=rules[rng.integers(5)]),
        choose="listed" if rng.random() < 0.5 else "rested",
        progress=_under_way(cases) if rng.random() < 0.3 else None,
    )


def _some(rng: np.random.Generator) -> Duration:
    kinds = (
        Duration.exponential(rng.uniform(0.2, 2)),
        Duration.fixed(float(rng.integers(0, 3))),
        Duration.lognormal(median=1, spread=0.7),
        Duration.sample([0, 1, 1, 2.5]),
    )
    return kinds[rng.integers(4)]


def _activity(rng: np.random.Generator, name: str, pools: list[str]) -> Activity:
    hours = tuple(rng.integers(0, 167, 3).astype(float))
    batch = Batch(size=int(rng.integers(0, 4)), hours=hours)
    return Activity(
        name=name,
        service=_some(rng),
        pools=tuple(rng.permutation(pools)[: rng.integers(0, len(pools) + 1)].tolist()),
        before=_some(rng) if rng.random() < 0.3 else NONE,
        after=_some(rng) if rng.random() < 0.3 else NONE,
        batch=batch if rng.random() < 0.3 else None,
    )


def _pool(rng: np.random.Generator, name: str) -> Pool:
    parts = (1, 168, 7, 336)[rng.integers(4)]
    capacity = rng.integers(0, 4, parts)
    return Pool(
        name=name,
        capacity=tuple(capacity.tolist()),
        closed=(date(2024, 1, 4),) if rng.random() < 0.3 else (),
        pauses=bool(rng.random() < 0.6),
    )


def _case(rng: np.random.Generator, names: list[str]) -> Template:
    size = int(rng.integers(1, 7))
    before = [
        tuple(rng.choice(i, size=rng.integers(0, min(i, 2) + 1), replace=False).tolist())
        if i
        else ()
        for i in range(size)
    ]
    return Template(
        activities=rng.choice(names, size).tolist(),
        predecessors=before if rng.random() < 0.5 else None,
        due_after=rng.uniform(5, 50),
        rank=float(rng.integers(0, 3)),
        score=rng.random(),
        group=str(rng.integers(2)),
    )


def _routing(rng: np.random.Generator, names: list[str]) -> Routing:
    moves = {(): {names[0]: 1.0}}
    for name in names:
        share = rng.dirichlet(np.ones(len(names) + 1))
        moves[(name,)] = {**dict(zip(names, share, strict=False)), "": share[-1]}
    return Routing(moves=moves)


def _under_way(cases: list[Template]) -> Progress:
    return Progress(
        templates=Templates.of(cases[:3]),
        arrived=np.array([-9.0, -8.0, -7.0]),
        ready=np.array([-3.0, -2.0, 0.0]),
        begun=np.array([True, False, True]),
    )
