"""Waits of a log: what is found by group, what chance makes of it, and what is said without."""

import json
from dataclasses import replace
from datetime import datetime

import handmade_runs as by_hand
import numpy as np
import pandas as pd
import pytest

from iagkit.checks.process_waits import ProcessWaits
from iagkit.core import registry
from iagkit.core.errors import UsageError
from iagkit.core.event_log import EventLog
from iagkit.measures.processes.kinds import kind_of_case


def log_of(groups=("district",), **cases):
    """A log whose cases are these; the cut is the first of March."""
    n = len(cases["opened"])
    table = pd.DataFrame(
        {"case": [f"id-{k}" for k in range(n)], "closed": pd.NaT, "due": pd.NaT, **cases}
    )
    for column in ("opened", "closed", "due"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    events = pd.DataFrame(columns=["case", "activity", "start", "end", "resource", "order"])
    return EventLog(events=events, cases=table, until=datetime(2024, 3, 1), groups=groups)


def two_districts(n=200, **more):
    """North closes in two days, south in four; south's are mostly roads, which are late."""
    random = np.random.default_rng(0)
    district = np.repeat(["north", "south"], n // 2)
    road = random.random(n) < np.where(district == "north", 0.3, 0.7)
    opened = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 40, n), "D")
    closed = opened + pd.to_timedelta(np.where(road, 4.0, 2.0) + random.random(n), "D")
    return log_of(
        opened=opened, closed=closed, due=opened + pd.Timedelta(4, "D"), district=district,
        request_type=np.where(road, "road", "lamp"), **more,
    )  # fmt: skip


def told(log, **params):
    run = by_hand.make_run(min_group=20)
    run = replace(run, outcome=replace(run.outcome, evidence={"log": log}, table=pd.DataFrame()))
    run = replace(run, prototype=replace(run.prototype, params=params))
    return ProcessWaits()(run)


def one(findings, check, **where):
    (found,) = (f for f in findings if f.check == check and dict(f.where) == where)
    return found


def test_all_that_a_full_log_tells_is_told_and_was_declared():
    found = told(two_districts())
    assert {f.check for f in found} == set(ProcessWaits.gives)
    assert one(found, "process.wait.open").estimate.value == 0.0
    north = one(found, "process.wait.median", district="north").estimate
    assert 2 <= north.low <= north.value <= north.high <= 5
    assert north.n == 100
    assert one(found, "process.wait.understated").estimate.value == pytest.approx(0.0)


def test_deadlines_before_the_opening_are_left_out_of_the_share_and_told():
    log = two_districts()
    log.cases.loc[:19, "due"] = log.cases["opened"][:20] - pd.Timedelta(1, "D")
    found = told(log)
    early = one(found, "process.late.before_opening").estimate
    assert (early.value, early.n, early.low, early.high) == (0.1, 200, 0.1, 0.1)
    assert one(found, "process.late.rate").estimate.n == 180


def test_a_gap_that_kinds_of_cases_explain_is_gone_among_like_cases():
    found = told(two_districts())
    raw = one(found, "process.late.rate.gap", district="*")
    assert raw.between == ("north", "south")
    assert raw.estimate.low > 0
    like = {"district": "*", "alike": "request_type"}
    within = one(found, "process.late.rate.gap.adjusted", **like).estimate
    assert (within.value, within.low) == (pytest.approx(0.0, abs=1e-9), 0.0)
    assert one(found, "process.late.rate.gap.p", **like).estimate.value == 1.0
    assert one(found, "process.wait.log_rank", district="*").estimate.value < 0.01
    assert one(found, "process.wait.log_rank", **like).estimate.value > 0.05


def test_days_apart_are_told_within_a_horizon_and_against_chance():
    found = told(two_districts())
    (raw,) = (f for f in found if f.check == "process.wait.gap")
    (by_chance,) = (f for f in found if f.check == "process.wait.gap.chance")
    assert raw.where["horizon_days"] == "5"
    assert raw.estimate.unit == by_chance.estimate.unit == "days"
    assert raw.estimate.value > by_chance.estimate.value


def test_without_a_column_of_kinds_only_the_plain_gap_is_told():
    log = two_districts()
    log = replace(log, cases=log.cases.drop(columns="request_type"))
    found = told(log)
    within = one(found, "process.late.rate.gap.adjusted", district="*")
    assert "no column tells which cases are alike" in str(within.because)
    assert one(found, "process.late.rate.gap.p", district="*").estimate.value < 0.05


def test_the_declared_kind_goes_before_the_guessed_one():
    log = two_districts(office=["x"] * 200)
    assert kind_of_case(log, "") == "request_type"
    assert kind_of_case(log, "office") == "office"
    with pytest.raises(UsageError, match=r"there is no 'ofice'.*Did you mean 'office'"):
        kind_of_case(log, "ofice")
    with pytest.raises(UsageError, match="another column as the type of case"):
        kind_of_case(log, "district")
    found = told(log, case_type="office")
    assert one(found, "process.late.rate.gap.p", district="*", alike="office").estimate.n == 200


def test_open_cases_turn_the_order_of_offices_round():
    log = log_of(
        opened=["2024-01-01"] * 160,
        closed=["2024-01-03"] * 45 + ["2024-02-10"] * 30 + [None] * 45 + ["2024-01-09"] * 40,
        district=["a"] * 120 + ["b"] * 40,
    )
    found = told(log)
    turned = one(found, "process.wait.reversed", district="*")
    assert (turned.estimate.value, turned.between) == (1.0, ("a", "b"))
    assert one(found, "process.wait.completed_only", district="a").estimate.value == 2.0
    assert one(found, "process.wait.median", district="a").estimate.value == 40.0
    assert one(found, "process.wait.understated", district="a").estimate.low > 0
    assert "no case has a deadline" in str(one(found, "process.late.rate").because)


def test_a_log_where_nothing_is_closed_says_so_everywhere():
    found = told(log_of(opened=["2024-01-01"] * 60, district=["a"] * 30 + ["b"] * 30))
    assert one(found, "process.wait.open").estimate.value == 1.0
    assert "none of the 60 cases is closed" in str(one(found, "process.wait.median").because)
    assert "fewer than two have them" in str(one(found, "process.wait.gap", district="*").because)


DAY = "2024-01-02"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (log_of(opened=["2025-01-01"], district=["a"]), "possible duration"),
        (log_of(opened=[DAY], closed=[DAY], district=["a"]), "fewer than 5 cases"),
        (log_of((), opened=[DAY], closed=[DAY]), "no group column"),
        (log_of(opened=[DAY] * 150, district=map(str, range(150))), "150 different values"),
    ],
)
def test_a_log_that_tells_nothing_says_why(log, said):
    assert any(said in str(f.because) for f in told(log))


def test_a_run_without_a_log_says_so():
    assert "no log" in str(ProcessWaits()(by_hand.make_run())[0].because)


def test_no_finding_names_a_case():
    told_all = [str((dict(f.where), str(f.because), f.estimate)) for f in told(two_districts())]
    assert "id-" not in json.dumps(told_all)


def test_it_is_registered_under_its_name():
    assert registry.find("checks", "process_waits") is not None
