"""The engine of the simulation: by hand, against a stranger, laws, agreement, refusals."""

import sys
from dataclasses import replace
from datetime import date, datetime
from math import inf

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_models import any_model, simple_model, station

from iagkit.core.errors import DataError, DeclarationError, UsageError
from iagkit.measures.queueing import (
    erlang_c,
    jackson,
    pollaczek_khinchine,
    priority_waits,
)
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.engine import cut, run, simulate
from iagkit.prototypes.processes.simulation.floor import Floor
from iagkit.prototypes.processes.simulation.model import (
    Activity,
    Arrivals,
    Batch,
    Kind,
    Model,
    Pool,
    Priority,
    Progress,
)
from iagkit.prototypes.processes.simulation.plan import plan
from iagkit.prototypes.processes.simulation.steady import batch_means
from iagkit.prototypes.processes.simulation.ways import Routing, Template, Templates

NINE_TO_FIVE = tuple([*[0] * 9, *[1] * 8, *[0] * 7] * 7)
"""One person, each day from nine to five."""
TIMES = ("ready", "enabled", "start", "end", "pool")


def lived(*cases, times, activities, pools, **more) -> Model:
    """A model whose cases live templates in turn, at given times."""
    way = Templates.of(cases, in_turn=True)
    arrivals = Arrivals(times=tuple(float(t) for t in times))
    return Model(arrivals=arrivals, activities=activities, pools=pools, way=way, **more)


def desk(*hours, times, pool=None, **more) -> Model:
    """One desk at which the cases take so many hours."""
    people = (pool or Pool(name="clerk"),)
    work = (Activity(name="read", pools=("clerk",)),)
    cases = [Template(activities=("read",), service=(h,), **more.pop("of", {})) for h in hours]
    return lived(*cases, times=times, activities=work, pools=people, **more)


def starts(found) -> list[float]:
    return found.times.start.tolist()


def ends(found) -> list[float]:
    return found.times.end.tolist()


def test_who_comes_while_the_clerk_is_busy_waits():
    found = simulate(desk(3, 2, 1, times=[0, 1, 9]))
    assert starts(found) == [0, 3, 9]
    assert found.wait.tolist() == [0, 2, 0]
    assert found.closed.tolist() == [3, 5, 10]
    assert found.remarks == ()


def test_work_stops_in_the_evening_and_goes_on_in_the_morning():
    clerk = Pool(name="clerk", capacity=NINE_TO_FIVE)
    found = simulate(desk(10, 1, times=[8, 12], pool=clerk))
    assert starts(found) == [9, 24 + 9 + 2]
    assert ends(found) == [24 + 9 + 2, 24 + 9 + 3]


def test_a_clerk_who_stays_until_the_work_is_done_takes_nothing_new_in_the_evening():
    clerk = Pool(name="clerk", capacity=NINE_TO_FIVE, pauses=False)
    found = simulate(desk(10, 1, times=[8, 12], pool=clerk))
    assert starts(found) == [9, 24 + 9]
    assert ends(found) == [19, 24 + 10]


def test_nobody_works_on_a_closed_day():
    clerk = Pool(name="clerk", capacity=NINE_TO_FIVE, closed=(date(2024, 1, 2),))
    found = simulate(desk(10, times=[8], pool=clerk))
    assert ends(found) == [48 + 9 + 2]


def test_the_week_begins_on_the_day_the_model_says():
    clerk = Pool(name="clerk", capacity=(*[0] * 24, *[1] * 144))
    model = desk(1, times=[0], pool=clerk, start=datetime(2024, 1, 7, 20))
    assert starts(simulate(model)) == [0]
    assert starts(simulate(replace(model, start=datetime(2024, 1, 8, 6)))) == [18]


def test_work_that_ends_when_the_clerk_goes_home_is_not_left_for_the_morning():
    clerk = Pool(name="clerk", capacity=NINE_TO_FIVE)
    assert ends(simulate(desk(8, times=[9], pool=clerk))) == [17]


@pytest.mark.parametrize(
    ("priority", "order"),
    [
        (Priority(), [0, 1, 2, 3]),
        (Priority(rule="arrival"), [0, 1, 2, 3]),
        (Priority(rule="class"), [0, 3, 1, 2]),
        (Priority(rule="due"), [0, 2, 1, 3]),
        (Priority(rule="ageing", patience=1.0), [0, 1, 3, 2]),
        (Priority(rule="ageing", patience=1e9), [0, 3, 1, 2]),
    ],
)
def test_the_rule_says_who_is_next(priority, order):
    attributes = [
        {},
        {"rank": 2, "due_after": 20, "score": 0.2},
        {"rank": 2, "due_after": 5, "score": 0.1},
        {"rank": 1, "due_after": 50, "score": 2.5},
    ]
    cases = [Template(activities=("read",), service=(5,), **more) for more in attributes]
    model = lived(
        *cases,
        times=[0, 1, 3, 3.5],
        activities=(Activity(name="read", pools=("clerk",)),),
        pools=(Pool(name="clerk"),),
        priority=priority,
    )
    assert np.argsort(simulate(model).times.start).tolist() == order


def test_a_registered_rule_of_priority_is_given_the_cases(monkeypatch):
    def last_first(cases):
        assert list(cases.columns[:4]) == ["case", "arrived", "due", "kind"]
        return -cases["arrived"], 0.0

    from iagkit.prototypes.processes.simulation import plan as planning

    monkeypatch.setattr(planning, "names", lambda kind: ("last",))
    monkeypatch.setattr(planning, "find", lambda kind, name: {"last": last_first}[name])
    model = desk(5, 5, 5, times=[0, 1, 2], priority=Priority(rule="last"))
    assert starts(simulate(model)) == [0, 10, 5]


def test_a_full_batch_or_the_hour_opens_the_gate():
    gate = Activity(name="board", batch=Batch(size=3, hours=(50.0,)))
    model = lived(
        Template(activities=("board",), service=(1,)),
        times=[1, 2, 7, 8],
        activities=(gate,),
        pools=(),
    )
    found = simulate(model)
    assert found.times.ready.tolist() == [1, 2, 7, 8]
    assert found.times.enabled.tolist() == [7, 7, 7, 50]


def test_two_steps_in_parallel_and_one_that_waits_for_both():
    case = Template(
        activities=("in", "left", "right", "out"),
        service=(1, 5, 2, 1),
        after=(0, 0, 4, 0),
        predecessors=((), (0,), (0,), (1, 2)),
    )
    work = tuple(Activity(name=name) for name in case.activities)
    found = simulate(lived(case, times=[10], activities=work, pools=()))
    assert starts(found) == [10, 11, 11, 17]


def test_delays_keep_nobody_busy():
    work = Activity(
        name="read", pools=("clerk",), before=Duration.fixed(2), after=Duration.fixed(3)
    )
    again = Activity(name="sign", pools=("clerk",))
    model = lived(
        Template(activities=("read", "sign"), service=(1, 1)),
        times=[0, 0],
        activities=(work, again),
        pools=(Pool(name="clerk"),),
    )
    found = simulate(model)
    assert starts(found) == [2, 6, 3, 7]
    assert found.times.ready.tolist() == [0, 6, 0, 7]


@pytest.mark.parametrize(("choose", "pools"), [("listed", [0, 1, 0]), ("rested", [0, 1, 1])])
def test_the_first_named_or_the_longest_free_takes_the_work(choose, pools):
    work = Activity(name="read", pools=("ana", "luz"))
    model = lived(
        *(Template(activities=("read",), service=(h,)) for h in (4, 1, 1)),
        times=[0, 1, 5],
        activities=(work,),
        pools=(Pool(name="ana"), Pool(name="luz")),
        choose=choose,
    )
    assert simulate(model).times.pool.tolist() == pools


def test_who_can_do_both_takes_what_is_more_urgent_of_both():
    work = (Activity(name="read", pools=("ana",)), Activity(name="sign", pools=("ana", "luz")))
    cases = [
        Template(activities=("read",), service=(4,)),
        Template(activities=("sign",), service=(9,)),
        Template(activities=("sign",), service=(1,)),
        Template(activities=("read",), service=(1,)),
    ]
    pools = (Pool(name="ana"), Pool(name="luz"))
    found = simulate(lived(*cases, times=[0, 0, 1, 2], activities=work, pools=pools))
    assert starts(found)[2:] == [4, 5]


def test_cases_under_way_are_finished_first_and_keep_what_they_waited():
    left = Templates.of(
        [Template(activities=("read",), service=(h,), due_after=9) for h in (2, 3, 4)]
    )
    under_way = Progress(
        templates=left,
        arrived=np.array([-30.0, -20.0, -10.0]),
        ready=np.array([-8.0, -6.0, -7.0]),
        begun=np.array([False, False, True]),
    )
    found = simulate(desk(1, times=[1], progress=under_way))
    assert starts(found) == [4, 6, 0, 9]
    assert found.wait.tolist() == [12, 12, 7, 8]
    assert found.cases()["due"].tolist()[:3] == [-21, -11, -1]


def test_the_log_is_one_like_any_other():
    found = simulate(desk(3, 2, times=[0, 1], of={"group": "north", "due_after": 4}))
    log = found.log()
    assert log.groups == ("group",)
    assert log.events["case"].tolist() == ["0", "1"]
    assert log.events["end"].tolist() == [datetime(2024, 1, 1, 3), datetime(2024, 1, 1, 5)]
    assert log.events["end"].dtype == "datetime64[us]"
    assert log.cases["closed"].tolist() == log.events["end"].tolist()
    assert log.timed_work
    assert log.until == datetime(2024, 1, 1, 5)


def test_pools_tell_hours_on_duty_hours_of_work_and_cost():
    clerk = Pool(name="clerk", capacity=NINE_TO_FIVE, cost=10.0, closed=(date(2024, 1, 2),))
    found = simulate(desk(3, 2, times=[9, 10], pool=clerk), until=72)
    assert found.pools().iloc[0].to_dict() == {
        "pool": "clerk",
        "on_duty_hours": 16.0,
        "work_hours": 5.0,
        "cost": 160.0,
    }


def test_rates_of_the_week_bring_nobody_at_night_and_as_many_as_they_say_by_day():
    rates = tuple([*[0.0] * 9, *[4.0] * 8, *[0.0] * 7] * 7)
    arrivals = Arrivals.poisson(*rates, closed=(date(2024, 1, 2),))
    model = replace(station(load=0.1), arrivals=arrivals)
    came = simulate(model, seed=5, until=8736.0).work.arrived
    hour = came % 24
    assert ((hour >= 9) & (hour < 17)).all()
    assert not ((came >= 24) & (came < 48)).any()
    expected = 363 * 8 * 4
    assert abs(len(came) - expected) < 4 * expected**0.5
    by_hour = np.bincount(hour.astype(int), minlength=24)[9:17]
    assert ((by_hour - expected / 8) ** 2 / (expected / 8)).sum() < 24.3


def test_gaps_from_a_sample_are_those_of_the_sample():
    arrivals = Arrivals(gaps=Duration.sample([1.0, 2.0, 5.0]))
    came = simulate(
        replace(station(load=0.1), arrivals=arrivals), seed=1, until=2000.0
    ).work.arrived
    gaps = np.diff(came).round(9)
    assert set(gaps) == {1.0, 2.0, 5.0}
    assert gaps.mean() == pytest.approx(8 / 3, abs=0.3)


def test_a_way_with_memory_remembers_two_activities():
    moves = {
        (): {"a": 0.5, "b": 0.5},
        ("a",): {"c": 1.0},
        ("b",): {"c": 1.0},
        ("a", "c"): {"a": 1.0},
        ("b", "c"): {"": 1.0},
        ("c", "a"): {"": 1.0},
    }
    work = tuple(Activity(name=name, service=Duration.fixed(1)) for name in "abc")
    model = Model(
        arrivals=Arrivals.poisson(1.0), activities=work, way=Routing(moves=moves, order=2)
    )
    found = simulate(model, seed=2, until=500.0).events()
    ways = found.groupby("case")["activity"].agg("".join)
    assert set(ways) == {"aca", "bc"}
    assert (ways == "bc").mean() == pytest.approx(0.5, abs=0.1)


def test_kinds_have_their_own_work_ways_and_deadlines():
    kinds = (
        Kind(name="easy", share=3.0, due_after=5.0, group="north"),
        Kind(name="hard", routing=Routing(moves={(): {"b": 1.0}, ("b",): {"": 1.0}})),
    )
    model = Model(
        arrivals=Arrivals.poisson(1.0),
        activities=(
            Activity(name="a", service=Duration.fixed(1), services={"easy": Duration.fixed(2)}),
            Activity(name="b", service=Duration.fixed(4)),
        ),
        way=Routing(moves={(): {"a": 1.0}, ("a",): {"": 1.0}}),
        kinds=kinds,
    )
    cases = simulate(model, seed=3, until=1000.0).cases()
    easy = cases[cases["kind"] == "easy"]
    assert len(easy) / len(cases) == pytest.approx(0.75, abs=0.05)
    assert (easy["closed"] - easy["opened"]).round(9).eq(2).all()
    assert (easy["due"] - easy["opened"]).round(9).eq(5).all()
    hard = cases[cases["kind"] == "hard"]
    assert (hard["closed"] - hard["opened"]).round(9).eq(4).all()
    assert hard["due"].isna().all()


def test_the_same_seed_gives_the_same_and_another_seed_something_else():
    model = any_model(11)
    first, again, other = (simulate(model, seed=s, until=200.0) for s in (4, 4, 5))
    assert first.events().equals(again.events())
    assert not first.events().equals(other.events())


def test_one_more_clerk_meets_the_same_arrivals_ways_and_work():
    model = any_model(3)
    more = replace(
        model,
        pools=tuple(replace(p, capacity=tuple(c + 1 for c in p.capacity)) for p in model.pools),
    )
    now, then = (simulate(m, seed=8, until=200.0) for m in (model, more))
    for name in ("arrived", "activity", "service", "before", "after", "kind", "group"):
        assert np.array_equal(getattr(now.work, name), getattr(then.work, name)), name
    assert not np.array_equal(now.times.start, then.times.start, equal_nan=True)


def test_without_one_activity_the_work_of_all_others_stays_the_same():
    work = tuple(Activity(name=name, service=Duration.exponential(1.0)) for name in "abc")
    way = {(): {"a": 1.0}, ("a",): {"b": 1.0}, ("b",): {"c": 1.0}, ("c",): {"": 1.0}}
    model = Model(arrivals=Arrivals.poisson(1.0), activities=work, way=Routing(moves=way))
    shorter = {(): {"a": 1.0}, ("a",): {"c": 1.0}, ("c",): {"": 1.0}}
    less = replace(model, activities=work[::2], way=Routing(moves=shorter))
    now, then = (simulate(m, seed=8, until=50.0).events() for m in (model, less))
    kept = now[now["activity"] != "b"].reset_index(drop=True)
    assert (kept["end"] - kept["start"]).to_numpy() == pytest.approx(
        (then["end"] - then["start"]).to_numpy(), abs=1e-12
    )


def strangers_starts(model, work):
    """Starts of all steps as simpy has them; pools of several queues are left to others."""
    world = simpy.Environment()
    pools = {p.name: simpy.PriorityResource(world, p.capacity[0]) for p in model.pools}
    found = np.full(len(work.activity), np.nan)
    rank = work.rank if model.priority.rule == "class" else np.zeros(len(work.rank))

    def case(number):
        yield world.timeout(work.arrived[number])
        for step in range(work.starts[number], work.starts[number + 1]):
            activity = model.activities[work.activity[step]]
            yield world.timeout(work.before[step])
            if activity.pools:
                with pools[activity.pools[0]].request(priority=rank[number]) as turn:
                    yield turn
                    found[step] = world.now
                    yield world.timeout(work.service[step])
            else:
                found[step] = world.now
                yield world.timeout(work.service[step])
            yield world.timeout(work.after[step])

    for number in range(len(work.arrived)):
        world.process(case(number))
    world.run()
    return found


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["fcfs", "class"]))
def test_a_stranger_given_the_same_luck_begins_every_step_at_the_same_time(seed, rule):
    model = replace(simple_model(seed, ties=False), priority=Priority(rule=rule))
    found = simulate(model, seed=seed, until=60.0)
    told = strangers_starts(model, found.work)
    assert found.times.start == pytest.approx(told, abs=1e-9)


@given(st.integers(0, 10_000), st.floats(0, 30))
def test_the_quick_way_is_the_slow_way_to_the_last_bit_also_at_the_same_instant(seed, drain):
    model = simple_model(seed, ties=True)
    found = simulate(model, seed=seed, until=60.0, drain=drain)
    laid = plan(model, found.work, stop=found.stop)
    assert laid.simple
    slow = cut(Floor(laid).run(), found.stop)
    for name in TIMES:
        assert np.array_equal(getattr(slow, name), getattr(found.times, name), equal_nan=True), name


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_never_do_more_work_than_there_are_and_nobody_is_idle_while_work_waits(seed):
    model = any_model(seed)
    found = simulate(model, seed=seed, until=150.0, drain=300.0)
    times, work = found.times, found.work
    begun = ~np.isnan(times.start)
    assert (times.enabled[begun] <= times.start[begun]).all()
    ended = ~np.isnan(times.end)
    assert (times.end[ended] - times.start[ended] >= work.service[ended] - 1e-9).all()
    for index, pool in enumerate(model.pools):
        mine = np.flatnonzero(times.pool == index)
        moments = np.sort(times.start[mine])
        until = np.where(np.isnan(times.end[mine]), inf, times.end[mine])
        busy = np.searchsorted(moments, moments, side="right") - np.searchsorted(
            np.sort(until), moments, side="right"
        )
        assert (busy <= max(pool.capacity)).all()
        part = 168 / len(pool.capacity)
        on_duty = np.array([pool.capacity[int(t // part) % len(pool.capacity)] for t in moments])
        assert (on_duty > 0).all()


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_first_come_is_first_served_in_every_queue_of_one_pool(seed):
    model = replace(simple_model(seed, ties=False), priority=Priority())
    events = simulate(model, seed=seed, until=60.0).events().dropna()
    for _, queue in events.groupby("resource"):
        order = queue.sort_values("enabled", kind="stable")["start"].to_numpy()
        assert (np.diff(order) >= 0).all()


@pytest.mark.parametrize("seed", range(12))
def test_compiled_simple_models_give_the_same_events_to_the_last_bit(seed):
    model = simple_model(seed, ties=True)
    plain, fast = (simulate(model, seed=seed, until=60.0, fast=f) for f in (False, True))
    assert plain.events().equals(fast.events())


@pytest.mark.slow
@settings(max_examples=150)
@given(st.integers(0, 100_000))
def test_compiled_models_of_any_kind_give_the_same_events_to_the_last_bit(seed):
    model = any_model(seed)
    plain, fast = (
        simulate(model, seed=seed, until=200.0, drain=300.0, fast=f) for f in (False, True)
    )
    for name in TIMES:
        both = getattr(plain.times, name), getattr(fast.times, name)
        assert np.array_equal(*both, equal_nan=True), name


def test_waits_of_three_clerks_are_those_of_erlang():
    model = station(load=0.7, servers=3)
    told = erlang_c(2.1, service_hours=1.0, servers=3).mean_wait
    found = [batch_means(simulate(model, seed=s, until=8000.0).wait) for s in range(6)]
    assert sum(e.low <= told <= e.high for e in found) >= 5
    assert np.mean([e.value for e in found]) == pytest.approx(told, rel=0.1)


OUTSIDE = (2.4, 0.8, 0.0)
MOVES = [[0.0, 0.4, 0.3], [0.1, 0.0, 0.4], [0.2, 0.1, 0.0]]
UNEVEN = Duration.lognormal(median=0.7, spread=0.8)
VARIATION = (np.exp(0.8**2) - 1) ** 0.5
CLASSES = {
    "kinds": (Kind(name="urgent", rank=1.0), Kind(name="other", share=2.0, rank=2.0)),
    "priority": Priority(rule="class"),
}


def network() -> Model:
    """Three stations with ways back."""
    names, hour = ("a", "b", "c"), Duration.exponential(1.0)
    moves = {(): {"a": 0.75, "b": 0.25}}
    for name, row in zip(names, MOVES, strict=True):
        moves[(name,)] = {**dict(zip(names, row, strict=True)), "": 1 - sum(row)}
    return Model(
        arrivals=Arrivals.poisson(sum(OUTSIDE)),
        activities=tuple(Activity(name=n, service=hour, pools=(n,)) for n in names),
        pools=tuple(Pool(name=n, capacity=(4,)) for n in names),
        way=Routing(moves=moves),
    )


def of_jackson() -> float:
    stations = jackson(OUTSIDE, MOVES, service_hours=[1.0] * 3, servers=[4] * 3)
    return sum(q.mean_queue for q in stations) / sum(OUTSIDE)


def uneven(*, services=None, **more) -> Model:
    """One server; work that is not exponential for all, or for one kind."""
    service = Duration.exponential(1.0) if services else UNEVEN
    work = Activity(name="read", service=service, services=services or {}, pools=("clerks",))
    return replace(station(load=0.8), activities=(work,), **more)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "told", "kind"),
    [
        (station(load=0.9, servers=10), erlang_c(9.0, service_hours=1.0, servers=10).mean_wait, ""),
        (network(), of_jackson(), ""),
        (
            uneven(),
            pollaczek_khinchine(0.8, service_hours=UNEVEN.mean, variation=VARIATION),
            "",
        ),
        (
            replace(station(load=0.8, servers=3), **CLASSES),
            priority_waits([0.8, 1.6], service_hours=1.0, servers=3)[0],
            "urgent",
        ),
        (
            replace(station(load=0.8, servers=3), **CLASSES),
            priority_waits([0.8, 1.6], service_hours=1.0, servers=3)[1],
            "other",
        ),
        (
            uneven(services={"urgent": UNEVEN}, **CLASSES),
            priority_waits(
                [0.8 / 3, 1.6 / 3], service_hours=[UNEVEN.mean, 1.0], variation=[VARIATION, 1.0]
            )[1],
            "other",
        ),
    ],
    ids=["erlang", "jackson", "pollaczek", "urgent", "other", "uneven"],
)
def test_at_least_eighteen_of_twenty_intervals_hold_the_wait_of_the_formula(model, told, kind):
    held = 0
    for seed in range(20):
        found = simulate(model, seed=seed, until=400_000 / model.arrivals.rates[0], fast=True)
        waits = np.bincount(found.work.case, weights=found.wait)
        some = batch_means(waits[found.work.kind == kind])
        held += some.low <= told <= some.high
    assert held >= 18


def test_more_work_than_hours_is_remarked_and_what_is_left_is_counted():
    found = simulate(station(load=1.4, servers=2), seed=1, until=200.0, drain=0.0)
    sentences = [str(remark) for remark in found.remarks]
    assert any("hours of work and have 400" in told for told in sentences)
    left = int((~found.finished).sum())
    assert left > 20
    assert f"{left} of {len(found.finished)} cases were not finished" in sentences[1]


def test_work_that_nobody_ever_takes_ends_as_unfinished():
    model = desk(1, 1, times=[0, 1], pool=Pool(name="clerk", capacity=(0,)))
    for found in (simulate(model), run_slowly(model)):
        assert np.isnan(found.times.start).all()
        assert not found.finished.any()
        assert found.log().events.empty
        assert "2 of 2 cases were not finished" in str(found.remarks[-1])


def run_slowly(model):
    found = simulate(model)
    return replace(found, times=cut(run(plan(model, found.work, stop=found.stop)), found.stop))


def test_a_batch_that_never_fills_is_left_over():
    gate = Activity(name="board", batch=Batch(size=3))
    model = lived(Template(activities=("board",)), times=[1, 2], activities=(gate,), pools=())
    found = simulate(model)
    assert np.isnan(found.times.enabled).all()
    assert found.times.ready.tolist() == [1, 2]
    assert "2 of 2 cases" in str(found.remarks[-1])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Duration.exponential(-1.0), "Were start and end swapped"),
        (lambda: Duration.sample([]), "0 values"),
        (lambda: Duration.fixed(float("nan")), "finite hours"),
        (lambda: Templates.of([Template(activities=("a",), service=(-2,))]), "start and end"),
        (lambda: Templates.of([]), "Is the log empty"),
        (lambda: Templates.of([Template(activities=())]), "1 have none"),
        (lambda: Templates.of([Template(activities=("a", "b"), service=(1,))]), "one time for"),
        (
            lambda: Templates.of(
                [Template(activities=("a", "b"), predecessors=((1,), (0,)))],
            ),
            "2 of 2 steps wait for one another",
        ),
        (lambda: Pool(name="p", capacity=()), "at least one number"),
        (lambda: Pool(name="p", capacity=(1, -1)), "1 of 2 are not"),
        (Batch, "size of 1 or more"),
        (lambda: Arrivals.poisson(0.0, 0.0), "no case ever comes"),
        (lambda: Arrivals.poisson(-1.0), "not negative"),
        (lambda: Arrivals(times=(-3.0,)), "none negative"),
        (lambda: Arrivals(gaps=Duration.fixed(0.0)), "all at once"),
        (lambda: Routing(moves={("a",): {"": 1.0}}), "row for the beginning"),
        (lambda: Routing(moves={(): {"a": 3.0, "b": 7.0}}), "Were counts given"),
        (lambda: Priority(patience=0.0), "positive hours"),
        (lambda: replace(station(load=0.5), pools=()), "'clerks'"),
        (
            lambda: replace(station(load=0.5), activities=(Activity(name="raed"),)),
            "Did you mean 'raed'",
        ),
        (lambda: replace(station(load=0.5), kinds=(Kind(share=0.0),)), "one must be positive"),
    ],
)
def test_what_cannot_be_simulated_is_refused_when_it_is_declared(make, told):
    with pytest.raises(DataError, match=told):
        make()


def endless(chance: float) -> Model:
    moves = {(): {"read": 1.0}, ("read",): {"read": 1 - chance, "": chance}}
    return replace(station(load=0.5), way=Routing(moves=moves))


@pytest.mark.parametrize(
    ("ask", "told", "error"),
    [
        (lambda: simulate(endless(0.0), until=9.0), "'read' can never end", DataError),
        (
            lambda: simulate(endless(1e-5), until=9.0, limit=5000),
            "a loop with hardly an exit",
            DataError,
        ),
        (
            lambda: simulate(station(load=0.5), until=1e6, limit=1000),
            "about 500000 cases would arrive, more than 1000",
            DataError,
        ),
        (lambda: simulate(station(load=0.5), until=1e-9), "no case arrives in", DataError),
        (lambda: simulate(station(load=0.5)), "got nothing", UsageError),
        (lambda: simulate(station(load=0.5), until=-1.0), "got -1", UsageError),
        (lambda: simulate(station(load=0.5), until=9.0, drain=-1.0), "'drain'", UsageError),
        (
            lambda: simulate(replace(station(load=0.5), priority=Priority(rule="fifo")), until=9.0),
            r"\(fcfs, arrival, class, due, ageing, quota\); got 'fifo'",
            DeclarationError,
        ),
    ],
)
def test_what_would_never_end_is_refused_before_it_begins(ask, told, error):
    with pytest.raises(error, match=told):
        ask()


def test_without_numba_the_fast_way_says_how_to_get_it(monkeypatch):
    for name in [
        n for n in sys.modules if n.startswith("iagkit.prototypes.processes.simulation.fast")
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(UsageError, match=r"iagkit\[fast\]"):
        simulate(station(load=0.5), until=9.0, fast=True)
