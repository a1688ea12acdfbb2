"""Changes and what they do: by hand, paired by luck, ranked, and refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_models import station

from iagkit.core.errors import DataError
from iagkit.measures.queueing import erlang_c
from iagkit.prototypes.processes.simulation.changes import (
    batched,
    busier,
    delayed,
    gated,
    in_order,
    in_parallel,
    later,
    more_staff,
    slower,
    without_rework,
)
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.engine import simulate
from iagkit.prototypes.processes.simulation.model import Activity, Arrivals, Kind, Model, Pool
from iagkit.prototypes.processes.simulation.scenarios import compare, effect, pareto
from iagkit.prototypes.processes.simulation.sensitivity import (
    ASSUMPTIONS,
    sensitivities,
    sensitivity,
)
from iagkit.prototypes.processes.simulation.ways import Template, Templates

MORNING = (*[*[0] * 8, *[1] * 4, *[0] * 12] * 7,)
"""One person, each day from eight to twelve."""


def lived(*cases, pools=(), batch=None, capacity=(1,), **more) -> Model:
    """Cases that live templates in turn, a hundred hours apart; each activity by its own pool."""
    names = dict.fromkeys(a for case in cases for a in case.activities)
    return Model(
        arrivals=Arrivals(times=tuple(100.0 * i for i in range(len(cases)))),
        activities=tuple(Activity(name=a, pools=(a,)) for a in names),
        pools=tuple(Pool(name=a, capacity=capacity) for a in names),
        way=Templates.of(cases, in_turn=True),
        **more,
    )


def line(*activities, hours=1.0, before=None, **more) -> Template:
    """A case that goes through activities of an hour each."""
    size = len(activities)
    return Template(
        activities=activities, service=(hours,) * size, before=before or (0.0,) * size,
        after=(0.0,) * size, **more,
    )  # fmt: skip


def durations(model: Model) -> list[float]:
    found = simulate(model)
    return (found.closed - found.work.arrived).tolist()


def activities(model: Model) -> list[str]:
    return [model.way.names[a] for a in model.way.activity]


def two_districts(*, servers: int = 2) -> Model:
    """A queue in which cases of the south take three times the work."""
    model = station(load=0.8, servers=servers)
    work = replace(model.activities[0], services={"long": Duration.exponential(2.0)})
    kinds = (
        Kind(name="short", group="north", share=0.7, due_after=3.0),
        Kind(name="long", group="south", share=0.3, due_after=3.0),
    )
    return replace(model, activities=(work,), kinds=kinds, arrivals=Arrivals.poisson(1.0))


def test_another_clerk_is_there_only_when_the_others_are():
    model = lived(line("read"), capacity=MORNING)
    found = more_staff(model, "read", people=2).pools[0].capacity
    assert found == tuple(3 * c for c in MORNING)
    assert more_staff(model, "read", people=-1).pools[0].weekly_hours == 0


def test_a_shift_begins_later_by_hours_or_by_minutes():
    model = lived(line("read"), capacity=MORNING)
    assert np.flatnonzero(later(model, "read", hours=2).pools[0].capacity)[:4].tolist() == [
        10, 11, 12, 13,
    ]  # fmt: skip
    minutes = later(model, "read", hours=0.5).pools[0]
    assert np.flatnonzero(minutes.capacity)[0] == 8 * 60 + 30
    assert minutes.weekly_hours == model.pools[0].weekly_hours
    assert later(later(model, "read", hours=3), "read", hours=-3).pools == model.pools


def test_a_loop_is_cut_out_from_the_first_visit_to_the_last():
    model = lived(
        line("ask", "check", "mend", "check", "mend", "check", "sign"), line("ask", "sign")
    )
    found = without_rework(model, "check")
    assert activities(found) == ["ask", "check", "sign", "ask", "sign"]
    assert durations(model) == [7, 2]
    assert durations(found) == [3, 2]


def test_after_a_cut_loop_steps_wait_for_the_first_visit():
    case = Template(
        activities=("ask", "check", "mend", "check", "sign"), service=(1,) * 5, before=(0,) * 5,
        after=(0, 0, 0, 0, 9), predecessors=([], [0], [1], [2], [3, 0]),
    )  # fmt: skip
    found = without_rework(lived(case), "check")
    begins, places = found.way.predecessors
    assert [places[begins[i] : begins[i + 1]].tolist() for i in range(3)] == [[], [0], [0, 1]]
    assert found.way.after.tolist() == [0, 0, 9]
    assert durations(found) == [3 + 9]


def test_what_follows_the_case_stays_when_its_last_step_is_cut_out():
    case = Template(
        activities=("check", "mend", "check"), service=(1,) * 3, before=(0,) * 3, after=(0, 0, 5)
    )
    assert durations(without_rework(lived(case), "check")) == [1 + 5]


def test_two_steps_side_by_side_take_as_long_as_the_longer():
    model = lived(line("ask", "left", "right", "sign"), line("ask", "right", "sign"))
    found = in_parallel(model, "left", "right")
    assert durations(model) == [4, 3]
    assert durations(found) == [3, 3]


def test_delays_before_the_second_step_still_pass():
    case = line("ask", "left", "right", "sign", before=(0.0, 0.0, 5.0, 0.0))
    assert durations(in_parallel(lived(case), "left", "right")) == [1 + 5 + 1 + 1]


def test_a_batch_is_let_through_at_its_hour_and_the_gate_can_be_taken_away():
    model = lived(line("ask", "send"))
    gated = batched(model, "send", hours=(10.0,))
    assert durations(gated) == [11.0]
    assert durations(batched(gated, "send", hours=(30.0,))) == [31.0]
    assert durations(batched(gated, "send", hours=())) == [2.0]


def test_the_order_of_work_is_replaced():
    assert in_order(lived(line("a")), "ageing", patience=9).priority.patience == 9


def test_more_cases_slower_work_and_longer_delays():
    model = station(load=0.5)
    assert busier(model, 1.5).arrivals.rates == (0.75,)
    gaps = replace(model, arrivals=Arrivals(gaps=Duration.fixed(4.0)))
    assert busier(gaps, 2.0).arrivals.gaps == Duration.fixed(2.0)
    assert slower(model, 2.0).activities[0].service == Duration.exponential(2.0)
    case = line("a", hours=2.0, before=(3.0,))
    assert durations(slower(lived(case), 2.0)) == [3 + 4]
    assert durations(delayed(lived(case), 2.0)) == [6 + 2]
    told = Duration.lognormal(median=2, spread=0.5)
    work = replace(model.activities[0], service=told, before=told)
    found = slower(replace(model, activities=(work,)), 3.0).activities[0]
    assert (found.service.values, found.before) == ((6, 0.5), told)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: more_staff(m, "reed"), r"kind 'pool'; got 'reed'\..*read"),
        (lambda m: more_staff(m, "read", people=-2), "none negative"),
        (lambda m: without_rework(m, "read"), "no loop to remove"),
        (lambda m: without_rework(m, "write"), "kind 'activity'; got 'write'"),
        (lambda m: in_parallel(m, "sign", "read"), "never waits for"),
        (lambda m: batched(m, "read", hours=(200.0,)), "below 168"),
        (lambda m: busier(m, 2.0), "given one by one"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(change, message):
    with pytest.raises(DataError, match=message):
        change(lived(line("read", "sign")))


def test_a_routing_has_no_past_cases_to_change():
    with pytest.raises(DataError, match="the model has a routing"):
        without_rework(station(load=0.5), "read")


def test_nothing_changed_is_no_difference_at_all():
    model = two_districts()
    found = compare(model, {"same": model}, 3, until=800)
    for name, each in found.effects["same"].items():
        assert (each.change.value, each.change.low, each.change.high) == (0, 0, 0), name
    assert found.front == ("", "same")
    assert not any(each.sure for each in found.groups["same"].values())


def test_one_clerk_more_saves_what_the_formula_says():
    before, after = (erlang_c(1.6, service_hours=1.0, servers=n).mean_wait for n in (2, 3))
    model = station(load=0.8, servers=2)
    found = compare(model, {"more": more_staff(model, "clerks")}, 10, until=6000).effects["more"]
    wait = found["wait"].change
    assert wait.low < after - before < wait.high
    assert found["wait"].sure
    assert found["duty"].change.value == pytest.approx(6000)
    assert found["work"].change.value == pytest.approx(0, abs=10)


def test_the_same_luck_makes_the_interval_narrower_than_other_luck():
    model = station(load=0.8, servers=2)
    paired = compare(model, {"more": slower(model, 0.95)}, 8, until=3000).effects["more"]["wait"]
    width = paired.change.high - paired.change.low
    apart = np.hypot(paired.before.high - paired.before.low, paired.after.high - paired.after.low)
    assert width < 0.5 * apart


def test_who_waits_less_and_who_longer_is_told_for_each_group():
    model = two_districts(servers=2)
    ranked = replace(
        model,
        kinds=tuple(replace(k, rank=float(k.group == "north")) for k in model.kinds),
    )
    found = compare(ranked, {"south first": in_order(ranked, "class")}, 6, until=2500)
    north, south = (found.groups["south first"][name].change for name in ("north", "south"))
    assert south.high < 0 < north.low
    assert found.effects["south first"]["gap"].change.value < 0
    assert 0 < found.effects["south first"]["late"].before.value < 1


def test_cost_is_that_of_the_hours_on_duty_where_they_have_a_price():
    model = station(load=0.5, servers=2)
    priced = replace(model, pools=(replace(model.pools[0], cost=20.0),))
    found = compare(priced, {"more": more_staff(priced, "clerks")}, 2, until=1000)
    assert found.effects["more"]["cost"].before.value == pytest.approx(2 * 20 * 1000)
    assert found.effects["more"]["cost"].change.value == pytest.approx(20 * 1000)


def test_too_much_work_is_remarked():
    model = station(load=0.9)
    found = compare(model, {"busier": busier(model, 1.5)}, 2, until=2000)
    assert any("the longer this lasts" in str(remark) for remark in found.remarks)


def test_intervals_are_wider_the_more_changes_are_compared():
    one, many = (effect([1, 2, 3], [2, 4, 5], n=9, unit="hours", together=n) for n in (1, 5))
    assert one.change.value == many.change.value == pytest.approx(5 / 3)
    assert many.change.high > one.change.high
    # Student's 97.5 % quantile with two degrees of freedom is 4.303; the deviation 1 / sqrt(3)
    assert one.change.high == pytest.approx(5 / 3 + 4.303 / 3, abs=1e-3)


def test_only_what_nobody_beats_is_on_the_front():
    points = {
        "": {"cost": 1.0, "wait": 9.0},
        "dear": {"cost": 3.0, "wait": 1.0},
        "worse": {"cost": 3.0, "wait": 2.0},
        "between": {"cost": 2.0, "wait": 5.0, "gap": 1.0},
    }
    assert pareto(points) == ("", "dear", "between")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9))
def test_whoever_is_not_on_the_front_is_beaten_by_one_that_is(rows):
    points = {str(i): {"cost": float(a), "wait": float(b)} for i, (a, b) in enumerate(rows)}
    front = pareto(points)
    assert front
    for name in points.keys() - set(front):
        a, b = points[name].values()
        assert any(
            c <= a and d <= b and (c, d) != (a, b)
            for c, d in (tuple(points[other].values()) for other in front)
        )


def test_the_worst_assumption_comes_first():
    model = station(load=0.7, servers=2)
    found = sensitivity(model, more_staff(model, "clerks"), 3, measure="wait", until=1500)
    assert {each.name for each in found} == set(ASSUMPTIONS)
    changes = [each.effect.change.value for each in found]
    assert changes == sorted(changes, reverse=True)
    assert found[-1].name in {"more cases", "slower work"}  # there the help is needed most


def test_comparisons_of_nothing_are_refused():
    model = station(load=0.5)
    for scenarios, seeds in (
        ({}, 5),
        ({"": model}, 5),
        ({"same": model}, 1),
        ({"s": model}, (3, 3)),
    ):
        with pytest.raises(DataError, match="a scenario with a name and two different seeds"):
            compare(model, scenarios, seeds)
    with pytest.raises(DataError, match="no case arrives after 500 hours"):
        compare(model, {"same": model}, 2, until=400, warm_up=500)
    with pytest.raises(DataError, match="as measure; got 'joy'"):
        sensitivity(model, model, 2, measure="joy", until=600)


def test_a_group_that_comes_too_often_is_served_at_its_quota():
    """A hundred of the north at once, one of the south an hour: half of the work is the south's."""
    cases = [line("read", group="north")] * 100 + [line("read", group="south")] * 60
    times = (*[0.0] * 100, *[i + 0.5 for i in range(60)])
    model = replace(
        lived(*cases), arrivals=Arrivals(times=times),
    )  # fmt: skip
    waits = {}
    for name, changed in (
        ("as it is", model),
        ("quota", in_order(model, "quota", quotas={"north": 1.0, "south": 1.0})),
    ):
        found = simulate(changed)
        south = found.work.group == "south"
        waits[name] = np.nanmean(found.wait[south]), np.nanmean(found.wait[~south])
    assert waits["as it is"][0] > 99
    assert waits["quota"][0] < 0.5 * waits["as it is"][0]
    assert waits["quota"][1] > waits["as it is"][1]


def test_quotas_belong_to_their_order_and_to_every_group():
    model = lived(line("read", group="north"), line("read", group="south"))
    with pytest.raises(DataError, match="positive quotas belong to the order 'quota'"):
        in_order(model, "due", quotas={"north": 1.0})
    with pytest.raises(DataError, match="positive quotas"):
        in_order(model, "quota")
    with pytest.raises(DataError, match="1 groups have no quota"):
        simulate(in_order(model, "quota", quotas={"north": 1.0}))


def test_a_gate_takes_the_place_of_the_wait_for_it():
    case = line("ask", "send", before=(0.0, 30.0))
    assert durations(gated(lived(case), "send", hours=(10.0,))) == [11.0]


def test_medians_and_nine_tenths_are_compared_too():
    model = station(load=0.8, servers=2)
    found = compare(model, {"more": more_staff(model, "clerks")}, 4, until=1500).effects["more"]
    waits = [found[name].before.value for name in ("wait_median", "wait", "wait_90")]
    assert waits == sorted(waits)
    assert found["wait_90"].change.value < 0


def test_without_people_nobody_waits_for_them_and_nothing_is_said_of_cost():
    case = line("ask", "send", before=(0.0, 30.0))
    model = lived(case, case)
    alone = replace(
        model, pools=(), activities=tuple(replace(a, pools=()) for a in model.activities),
        arrivals=Arrivals.poisson(0.1),
    )  # fmt: skip
    found = compare(alone, {"same": alone}, 2, until=500, warm_up=50)
    assert set(found.effects["same"]) == {"duration", "duration_median", "duration_90"}
    assert found.front == ("", "same")


def test_assumptions_of_many_changes_are_simulated_once():
    model = station(load=0.7, servers=2)
    changes = {"more": more_staff(model, "clerks"), "same": model}
    found = sensitivities(model, changes, 2, measure="wait", until=800)
    alone = sensitivity(model, changes["more"], 2, measure="wait", until=800)
    assert [a.name for a in found["more"]] == [a.name for a in alone]
    assert all(a.effect.change.value == 0 for a in found["same"])
