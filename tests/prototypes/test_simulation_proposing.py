"""Changes that a log suggests or an institution declares: by hand, lawful, nameless, refused."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from logs_by_hand import MONDAY, local, log_of

from iagkit.checks.process_scenarios import ProcessScenarios
from iagkit.core.errors import DeclarationError
from iagkit.prototypes.processes.simulation.declared import declared
from iagkit.prototypes.processes.simulation.discover import discover
from iagkit.prototypes.processes.simulation.durations import Duration
from iagkit.prototypes.processes.simulation.engine import YEAR, simulate
from iagkit.prototypes.processes.simulation.model import Activity, Arrivals, Model, Pool
from iagkit.prototypes.processes.simulation.proposing import NO_PEOPLE, proposed
from iagkit.prototypes.processes.simulation.scenarios import compare
from iagkit.prototypes.processes.simulation.ways import Template, Templates
from iagkit.prototypes.processes.trying_out import (
    LONGEST_STEPS,
    SETTINGS,
    TriedOut,
    try_out,
    window,
)

CASES = 80
PEOPLE = ("SECRETO-ana", "SECRETO-bea", "SECRETO-caro")


def office(*, timed=True, due=False):
    """Two districts; some cases are checked twice, two steps come in either order."""
    rng = np.random.default_rng(1)
    rows, groups = [], {}
    for number in range(CASES):
        case, at = f"{number:03}", 3.0 * number + 168 * (number // 40) + 9
        groups[case] = "north" if number % 4 else "south"
        middle = ["check", "visit"] if number % 2 else ["visit", "check"]
        for step in ("receive", *middle, *(["check"] if number % 3 == 0 else []), "sign"):
            begin = at + rng.exponential(1.0)
            at = begin + rng.exponential(1.5)
            who = {"receive": 0, "check": 1, "visit": 2}.get(step, rng.integers(3))
            rows.append((case, step, begin if timed else None, at, PEOPLE[who]))
    log = log_of(*rows, groups=groups)
    return replace(log, cases=log.cases.assign(due=log.cases["opened"] + pd.Timedelta(hours=12))
                   if due else log.cases)  # fmt: skip


@pytest.fixture(scope="module")
def timed():
    log = office(due=True)
    return log, discover(log)


@pytest.fixture(scope="module")
def tried(timed):
    log, model = timed
    asked = {"runs": 2, "cost_per_hour": 10.0}
    return try_out(model, log, asked=asked, certified="certified")


def test_a_log_with_people_groups_and_deadlines_suggests_one_change_of_each_kind(timed):
    log, model = timed
    found, without = proposed(model, log)
    assert [each.name for each in found] == [
        "one more person", "oldest case first", "earliest deadline first", "quota by group",
        "loop removed", "side by side",
    ]  # fmt: skip
    loop = found[4]
    assert loop.what.values["activity"] == "check"
    assert loop.what.values["share"] == "34%"  # 27 of 80
    assert {str(v) for v in found[5].what.values.values()} == {"check", "visit"}
    quotas = found[3].model.priority.quotas
    assert quotas["north"] == pytest.approx(0.75)
    assert [str(message) for message in without] == [
        "no hour of a batch was moved: no work is let through by the clock"
    ]


def test_the_person_is_added_where_hours_are_filled_most(timed):
    log, model = timed
    more = proposed(model, log)[0][0].model
    added = [
        (before.name, after.weekly_hours - before.weekly_hours)
        for before, after in zip(model.pools, more.pools, strict=True)
        if before != after
    ]
    pools = simulate(model, seed=0, until=672.0).pools()
    load = (pools["work_hours"] / pools["on_duty_hours"]).to_numpy()
    assert [name for name, _ in added] == [pools["pool"].iloc[load.argmax()]]
    assert added[0][1] > 0


def test_where_the_law_says_first_come_no_other_order_is_proposed(timed):
    log, model = timed
    found, without = proposed(model, log, first_come_first_served=True)
    assert {each.model.priority.rule for each in found} == {"fcfs", "arrival"}
    assert any("declared as law" in str(message) for message in without)


def test_one_time_an_event_suggests_nothing_about_people():
    log = office(timed=False)
    found, without = proposed(discover(log), log)
    assert [each.name for each in found] == ["loop removed", "side by side"]
    assert without[0] == NO_PEOPLE


def test_what_goes_out_together_once_a_week_could_go_out_every_day():
    rows = []
    for number in range(80):
        week, place = divmod(number, 8)
        begins = 168.0 * week + 10 * place
        rows += [(f"{number:02}", "write", None, begins, None),
                 (f"{number:02}", "send", None, 168.0 * week + 4 * 24 + 15, None)]  # fmt: skip
    log = log_of(*rows)
    model = discover(log)
    found = {each.name: each for each in proposed(model, log)[0]}
    told = found["another hour"]
    assert (told.what.values["activity"], told.what.values["days"]) == ("send", 1)
    gate = next(a.batch for a in told.model.activities if a.name == "send")
    assert gate.hours == (15.0, 39.0, 63.0, 87.0, 111.0)
    before, after = (
        np.nanmean(run.closed - run.work.arrived)
        for run in (simulate(m, seed=0, until=800) for m in (model, told.model))
    )
    assert after < before


def test_changes_are_tried_and_told_without_a_name(tried):
    assert isinstance(tried, TriedOut)
    told = str(tried.facts())
    assert not any(person in told for person in PEOPLE)
    assert set(tried.worst) == {each.name for each in tried.proposals}
    assert tried.facts()["priced"]
    more = tried.comparison.effects["one more person"]["cost"].change
    assert more.value == pytest.approx(
        10 * tried.comparison.effects["one more person"]["duty"].change.value
    )
    loop = tried.comparison.effects["loop removed"]
    assert loop["duration"].change.value < 0
    assert loop["work"].change.value < 0
    assert set(tried.comparison.groups["loop removed"]) == {"north", "south"}


def taking(hours, *, pools=("clerk",), every=8.0):
    """A case now and then that lies for so long before it is worked at for an hour."""
    case = Template(
        activities=("read",), service=(1.0,), before=(hours,), after=(0.0,), group="north"
    )
    return Model(
        arrivals=Arrivals(gaps=Duration.fixed(every)),
        activities=(Activity(name="read", pools=pools),),
        pools=tuple(Pool(name=name, capacity=(1,)) for name in pools),
        way=Templates.of([case]),
    )


def test_cases_that_take_years_are_followed_to_their_end():
    time, short = window(taking(3 * YEAR, pools=()))
    assert time["drain"] > 3 * YEAR
    assert not short
    found = compare(taking(3 * YEAR, pools=()), {"same": taking(3 * YEAR, pools=())}, 2, **time)
    assert found.unfinished == 0
    assert found.effects["same"]["duration"].before.value == pytest.approx(3 * YEAR + 1)


def test_people_stay_as_busy_as_ever_until_the_cases_counted_are_over():
    time, short = window(taking(500.0))
    assert not short
    assert time["warm_up"] >= 2 * 500
    assert time["follow"] >= 500
    time, short = window(taking(500.0, every=0.02))
    assert short  # so many come that no run can be long enough
    assert time["until"] <= LONGEST_STEPS * 0.02 * (1 + 1e-9)


@pytest.mark.parametrize(("hours", "every", "standing"), [
    (50.0, 8.0, "certified"), (20 * YEAR, 8.0, "unfinished"), (1.1 * YEAR, 8.0, "emptier"),
])  # fmt: skip
def test_what_cases_take_is_certified_only_if_they_come_to_their_end(hours, every, standing):
    model = taking(hours, every=every)
    told = [{"name": "x", "changes": [{"more_people": {"activity": "read"}}]}]
    asked = {"runs": 2, "proposed": False, "declared": told}
    log = office()
    found = try_out(model, log, asked=asked, certified="certified")
    assert found.certified == standing
    assert found.facts()["unfinished"] == (1.0 if standing == "unfinished" else 0.0)
    assert try_out(model, log, asked=asked, certified="refused").certified == "refused"

    class Run:
        outcome = SimpleNamespace(evidence={"scenarios": found})

    why = ProcessScenarios()(Run)[0].because
    assert (why is None) == (standing == "certified")
    if standing == "unfinished":
        assert "100% of the cases are not over, more than 10%" in str(why)


def test_declared_changes_are_made_piece_by_piece(timed):
    _, model = timed
    found = declared(
        model,
        [
            {"name": {"es": "dos más", "en": "two more"}, "changes": [
                {"more_people": {"activity": "check", "people": 2}},
                {"order": {"rule": "quota", "quotas": {"north": 1, "south": 2}}},
            ]},
            {"name": "evenings", "changes": [
                {"later": {"activity": "visit", "hours": 2}},
                {"without_rework": "check"},
                {"in_parallel": ["check", "visit"]},
                {"batch": {"activity": "sign", "hours": [15, 39]}},
            ]},
        ],
    )  # fmt: skip
    assert [each.name for each in found] == ["dos más", "evenings"]
    assert found[0].what == {"es": "dos más", "en": "two more"}
    assert found[0].model.priority.quotas == {"north": 1.0, "south": 2.0}
    hours = [sum(pool.weekly_hours for pool in m.pools) for m in (model, found[0].model)]
    assert hours[1] > hours[0]
    assert len(found[1].model.way.activity) < len(model.way.activity)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("more people", "declares a list of changes, for example"),
        ([{"name": "x"}], "has a 'name' and 'changes'"),
        ([{"name": "x", "changes": ["later"]}], "one piece with what it needs"),
        ([{"name": "x", "changes": [{"mor_people": {}}]}], "Did you mean 'more_people'"),
        ([{"name": "x", "changes": [{"more_people": {"people": 2}}]}], "lacks something"),
        ([{"name": "x", "changes": [{"more_people": {"activity": "chek"}}]}], "mean 'check'"),
        ([{"name": "x", "changes": [{"without_rework": "sign"}]}], "no loop to remove"),
        ([{"name": "x", "changes": [{"without_rework": "check"}]}] * 2, "names .* must differ"),
    ],
)
def test_a_declaration_that_cannot_be_followed_says_what_is_wrong(timed, told, message):
    with pytest.raises(DeclarationError, match=message):
        declared(timed[1], told)


def test_the_order_of_the_law_refuses_declared_orders_against_it(timed):
    told = [{"name": "x", "changes": [{"order": "due"}]}]
    assert declared(timed[1], told)[0].model.priority.rule == "due"
    with pytest.raises(DeclarationError, match="declared as law"):
        declared(timed[1], told, first_come_first_served=True)
    lawful = [{"name": "x", "changes": [{"order": "arrival"}]}]
    assert declared(timed[1], lawful, first_come_first_served=True)


def test_settings_that_are_none_are_refused(timed):
    log, model = timed
    with pytest.raises(DeclarationError, match=SETTINGS[0]):
        try_out(model, log, asked={"run": 2}, certified="certified")
    with pytest.raises(DeclarationError, match="whole number from 2 on"):
        try_out(model, log, asked={"runs": 1}, certified="certified")
    nothing = try_out(model, log, asked={"proposed": False}, certified="certified")
    assert "suggests no change" in str(nothing)


def test_local_times_begin_on_a_monday():
    assert local([0.0])[0] == pd.Timestamp(MONDAY)
