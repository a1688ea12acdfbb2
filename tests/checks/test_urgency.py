"""Urgency within capacity: by hand, by law, by group, and what is said where nothing is known."""

from dataclasses import replace

import handmade_runs as by_hand
import numpy as np
import pytest

from iagkit.checks.urgency import InTime
from iagkit.measures.urgency import Urgency

DAYS = np.datetime64("2024-01-01")


def told(held, asked=InTime.parts, **columns):
    """Findings of a run whose held-out cases are these."""
    n = len(held.score)
    table = by_hand.outcome_table(n).drop(columns=["group:district"])
    table = table.assign(cluster=np.arange(n), **columns)
    run = by_hand.make_run(table, min_group=5)
    seen = {**run.outcome.evidence, "urgency": held}
    run = replace(run, outcome=replace(run.outcome, evidence=seen))
    if asked is InTime.parts:
        return InTime()(run)
    return tuple(finding for check in asked for finding in check(run))


def one(findings, check, **where):
    (found,) = (f for f in findings if f.check == check and dict(f.where) == where)
    return found


def ten_days(capacity=2.0, patience=30.0, **more):
    """Four cases a day in ten days, one of them urgent and found; later nothing comes."""
    return Urgency(
        score=np.tile([0.1, 0.2, 0.3, 0.9], 10),
        urgent=np.tile(np.array([0, 0, 0, 1], dtype=np.int8), 10),
        arrived=DAYS + np.repeat(np.arange(10), 4),
        capacity=capacity,
        patience=patience,
        **more,
    )


def test_two_read_of_four_a_day_find_every_urgent_case_that_stands_first():
    found = told(ten_days())
    assert one(found, "urgency.listed").estimate.value == 4.0
    assert one(found, "urgency.recall_at_capacity").estimate.value == 1.0
    assert one(found, "urgency.recall_at_capacity", capacity="0.5").estimate.value == 0.5
    assert one(found, "urgency.expected_missed").estimate.value == 0.0
    assert one(found, "urgency.expected_missed", capacity="0.5").estimate.value == 0.5
    assert one(found, "urgency.capacity_needed", recall="0.90").estimate.value == 1.0


def test_urgent_cases_are_read_the_same_day_and_the_others_pay_for_it():
    found = told(ten_days())
    assert one(found, "urgency.wait_of_urgent").estimate.value == 0.0
    gained = one(found, "urgency.days_gained", urgent="yes").estimate.value
    lost = one(found, "urgency.days_gained", urgent="no").estimate.value
    assert gained > 0 > lost
    assert 10 * gained == pytest.approx(-30 * lost)


def test_one_crowded_week_makes_waits_uncertain_but_none_shorter_than_no_time():
    days = np.array([0] * 12 + [100, 200, 300, 400])
    held = Urgency(
        score=np.linspace(0, 1, 16), urgent=np.zeros(16, dtype=np.int8), arrived=DAYS + days,
        capacity=1.0, patience=30.0,
    )  # fmt: skip
    wait = one(told(held), "urgency.wait").estimate
    assert (wait.value, wait.low, wait.clusters) == (66 / 16, 0.0, 57)
    assert wait.high > wait.value


def test_the_longest_wait_is_within_the_guarantee_and_overload_has_none():
    found = told(ten_days(capacity=4.0))
    assert one(found, "urgency.longest_wait", order="urgency").estimate.value == 0
    assert one(found, "urgency.guaranteed_wait").estimate.value == 0
    over = one(told(ten_days(capacity=3.0)), "urgency.guaranteed_wait")
    assert "somebody waits ever longer" in str(over.because)


def test_the_cut_off_moves_with_the_share_that_is_held_out():
    whole = told(ten_days(capacity=2.0))
    quarter = told(ten_days(capacity=8.0, share=0.25))
    for check in ("urgency.recall_at_capacity", "urgency.wait_of_urgent", "urgency.wait"):
        assert one(whole, check).estimate.value == one(quarter, check).estimate.value
    assert one(quarter, "urgency.listed").estimate.value == 16.0


def test_a_group_whose_urgent_cases_look_harmless_waits_longer_and_is_named():
    """Every day three urgent cases of three; those of the north get a low score."""
    random = np.random.default_rng(1)
    days = np.repeat(np.arange(0, 500, 2), 3)
    north = random.random(len(days)) < 0.5
    held = Urgency(
        score=np.where(north, 0.2, 0.8),
        urgent=np.ones(len(days), dtype=np.int8),
        arrived=DAYS + days,
        capacity=2.0,
        patience=30.0,
        length=3.0,
    )
    groups = np.where(north, "north", "south")
    found = told(held, **{"group:place": groups})
    gap = one(found, "urgency.wait.gap", place="*")
    assert gap.between == ("south", "north")
    assert gap.estimate.low > 0
    assert gap.estimate.unit == "days"
    assert one(found, "urgency.wait_of_urgent.gap", place="*").between == ("south", "north")
    assert one(found, "urgency.recall_at_capacity.gap", place="*").between == ("north", "south")
    wait = {g: one(found, "urgency.wait", place=g).estimate.value for g in ("north", "south")}
    assert wait["north"] - wait["south"] == pytest.approx(gap.estimate.value)


def test_equal_groups_are_rarely_accused_of_waiting_differently():
    """Gaps of three measures of one column share an error of 5 %."""
    random, accused = np.random.default_rng(2), 0
    asked = [check for check in InTime.parts if check.name.endswith(".gap")]
    for _ in range(25):
        days = np.sort(random.integers(0, 200, 260))
        urgent = (random.random(260) < 0.3).astype(np.int8)
        score = np.clip(0.3 + 0.4 * urgent + random.normal(0, 0.15, 260), 0, 1)
        held = Urgency(score=score, urgent=urgent, arrived=DAYS + days, capacity=1.6, patience=20.0)
        groups = random.choice(["north", "south", "east"], 260)
        found = told(held, asked, **{"group:place": groups})
        gaps = [f for f in found if f.estimate is not None]
        assert gaps
        accused += any(f.estimate.low > 0 for f in gaps)
    assert accused <= 3


def test_without_times_waits_are_not_known_and_the_reason_says_what_to_do():
    held = replace(ten_days(), arrived=None)
    found = told(held, **{"group:place": np.tile(["a", "b"], 20)})
    silent = [f for f in found if f.estimate is None and "--time" in str(f.because)]
    assert {f.check for f in silent} == {
        "urgency.wait", "urgency.wait.gap", "urgency.wait_of_urgent", "urgency.wait_of_others",
        "urgency.wait_of_urgent.gap", "urgency.days_gained", "urgency.longest_wait",
        "urgency.guaranteed_wait",
    }  # fmt: skip
    assert one(found, "urgency.listed").estimate.value == 40.0


def test_cases_without_date_or_truth_are_left_out_where_they_say_nothing():
    held = ten_days()
    arrived, urgent = held.arrived.copy(), held.urgent.copy()
    arrived[0], urgent[1] = np.datetime64("NaT"), -1
    found = told(replace(held, arrived=arrived, urgent=urgent))
    assert one(found, "urgency.wait").estimate.n == 39
    assert one(found, "urgency.expected_missed").estimate.n == 39
    unknown = told(replace(held, urgent=np.full(40, -1, dtype=np.int8)))
    assert "nobody said" in str(one(unknown, "urgency.recall_at_capacity").because)


def test_a_run_without_urgency_says_nothing_of_it():
    assert InTime()(by_hand.make_run()) == ()


def test_every_finding_it_gives_is_one_it_declares():
    found = told(ten_days(), **{"group:place": np.tile(["a", "b"], 20)})
    assert {f.check for f in found} == set(InTime.gives)
