"""Plans that are tried: by hand, against formulas, the loop, and its limits."""

import numpy as np
import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Estimate
from iagkit.measures.queueing import erlang_c
from iagkit.prototypes.processes.staffing.closing import close_loop
from iagkit.prototypes.processes.staffing.grid import Grid
from iagkit.prototypes.processes.staffing.needs import Demand, Target, needed
from iagkit.prototypes.processes.staffing.pooling import compare_pooling
from iagkit.prototypes.processes.staffing.tours import Contract
from iagkit.prototypes.processes.staffing.trying import best_share, least_people, try_staff

HOURS = Grid(slots=24)
ANY = Contract(name="any", starts=tuple(range(24)), lengths=(1.0, 4.0), days=(1,))


def asked(rates, hours=0.5, grid=HOURS) -> Demand:
    rates = np.asarray(rates, dtype=float)
    service = Estimate(value=hours, n=9, unit="hours")
    return Demand(
        name="desk", rates=rates, low=rates, high=rates, service=service, weeks=4, n=9, grid=grid
    )


def rush() -> Demand:
    """Nothing, then a crowd from nine to ten, then few until noon; every day."""
    return asked(np.tile([*[0] * 9, 20, 4, 4, *[0] * 12], 7))


def test_steady_staff_takes_up_the_share_of_erlang():
    steady = asked([6.0] * 168)
    found = try_staff(
        steady, np.full(168, 4), target=Target(share=0.8, hours=0.25), weeks=150, seed=3
    )
    exact = 1 - erlang_c(6.0, service_hours=0.5, servers=4).longer_than(0.25)
    assert found.week.low < exact < found.week.high
    assert found.week.n == found.cases.sum()
    assert (found.low <= found.shares).all()


def test_people_elsewhere_hide_who_is_missing_in_one_hour():
    staff = np.tile([*[0] * 9, 6, 12, 12, *[0] * 12], 7)
    found = try_staff(rush(), staff, target=Target(share=0.9, hours=0.25), weeks=20)
    assert found.worst % 24 == 9
    assert found.shares[found.worst] < 0.8
    assert found.week.value > found.shares[found.worst]
    assert found.shares[11] > 0.95
    assert found.shares[0] == 1.0


def test_the_best_share_is_that_of_a_queue_which_starts_empty():
    assert best_share(5.0, 0.5, 1.0, 0, 0.25) == 0.25
    assert best_share(5.0, 0.5, 1.0, 3, 1.0) == 1.0
    from_empty = best_share(6.0, 0.5, 30.0, 4, 0.0)
    steady = 1 - erlang_c(6.0, service_hours=0.5, servers=4).wait_share
    assert from_empty == pytest.approx(steady, abs=0.05)
    assert from_empty > steady


def test_who_is_needed_whatever_others_do_is_never_more_than_erlang_asks_for():
    target = Target(share=0.9, hours=0.1)
    least = least_people(rush(), target=target)
    assert (least <= needed(rush(), target=target).people).all()
    assert least[9] >= 5
    assert least[0] == 0


def test_the_loop_ends_with_every_hour_near_its_target():
    target = Target(share=0.9, hours=0.1)
    found = close_loop(rush(), [ANY], target=target, weeks=60)
    assert found.verdict == "reached"
    assert (found.last.tried.shares >= 0.81).all()
    assert found.last.tried.week.value >= 0.9
    assert found.last.below == ()


def test_a_plan_that_falls_short_gets_more_people_where_it_did():
    target = Target(share=0.95, hours=0.05)
    crowd = asked(np.tile([*[0] * 9, 3, 30, 3, *[0] * 12], 7), hours=1.5)
    found = close_loop(crowd, [ANY], target=target, near=1.0, weeks=60)
    first, last = found.rounds[0], found.rounds[-1]
    assert found.verdict == "reached"
    assert first.below
    assert all(slot % 24 in {9, 10, 11} for slot in first.below)
    assert last.plan.cost > first.plan.cost


def test_a_budget_below_what_each_hour_must_have_is_shown_to_be_impossible():
    found = close_loop(rush(), [ANY], target=Target(hours=0.1), budget=45.0, weeks=20)
    assert found.verdict == "impossible"
    assert "people who are needed whatever is done in all others" in str(found.remarks[0])
    crowd = asked([4.0] * 168, hours=1.0)
    poor = close_loop(crowd, [ANY], target=Target(hours=2.0), budget=100.0, weeks=20)
    assert poor.verdict == "impossible"
    assert "pays for 300.0 hours of work at most, and 672.0 come" in str(poor.remarks[0])
    nobody = close_loop(rush(), [ANY], target=Target(hours=0.1), budget=0.0, weeks=20)
    assert (nobody.verdict, nobody.last) == ("impossible", None)


def test_where_nothing_is_shown_the_answer_is_unknown():
    target = Target(share=0.9, hours=0.1)
    least = least_people(rush(), target=Target(share=0.81, hours=0.1)).sum()
    found = close_loop(rush(), [ANY], target=target, budget=float(least), weeks=20, rounds=1)
    assert found.verdict == "unknown"
    assert "was not shown" in str(found.remarks[0])


def test_one_queue_for_all_is_cheaper_than_two_and_the_week_than_each_hour():
    found = compare_pooling([rush(), rush()], [ANY], target=Target(hours=0.1))
    assert found.proven
    assert found.together.cost < found.cost_apart
    assert 0 < found.saved_by_pooling < 1
    assert 0 <= found.saved_by_week < 1


def test_trials_that_make_no_sense_are_refused():
    with pytest.raises(DataError, match="two weeks or more and somebody at work"):
        try_staff(rush(), np.zeros(168, dtype=int), target=Target())
    with pytest.raises(UsageError, match="got 0 and 15"):
        close_loop(rush(), [ANY], target=Target(), near=0.0)
