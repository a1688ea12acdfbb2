"""Shifts: by hand, against every possible plan, laws, what is missing, refusals."""

from functools import cache
from itertools import product
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.prototypes.processes.staffing.grid import Grid
from iagkit.prototypes.processes.staffing.layout import Weekly
from iagkit.prototypes.processes.staffing.shifts import plan_shifts
from iagkit.prototypes.processes.staffing.solving import NoPlanError, Solved
from iagkit.prototypes.processes.staffing.tours import Contract, day_patterns, deal, shifts_of

TWO_DAYS = Grid(days=2, slots=6)
"""Twelve parts of four hours: few enough to try every plan."""
BROKEN = Contract(
    name="clerk",
    starts=(0.0, 8.0),
    lengths=(16.0,),
    days=(1, 2),
    break_hours=4.0,
    break_between=(4.0, 8.0),
)
SHORT = Contract(name="half", starts=(0.0, 12.0), lengths=(8.0,), days=(1,), cost=1.5)
LATE = Contract(name="late", starts=(16.0,), lengths=(12.0,), days=(1,))
small_needs = st.lists(st.integers(0, 2), min_size=12, max_size=12)


def every_tour(contracts, grid):
    """All weeks that one person can work, with their cost: places of breaks told apart."""
    for number, contract in enumerate(contracts):
        for shift in shifts_of(contract, number=number, grid=grid):
            for days in day_patterns(contract, grid=grid):
                for places in product(range(len(shift.works)), repeat=len(days)):
                    at_work = np.zeros(grid.size, dtype=int)
                    for day, place in zip(days, places, strict=True):
                        at_work[shift.slots(day, place, grid)] += 1
                    yield tuple(at_work), contract.cost * shift.paid_hours * len(days)


def least_cost(need, tours):
    """Try every tour at the first part that lacks somebody: all plans, none twice as deep."""

    @cache
    def of(rest):
        if not any(rest):
            return 0.0
        first = next(i for i, people in enumerate(rest) if people)
        found = inf
        for at_work, cost in tours:
            if at_work[first]:
                less = tuple(max(r - w, 0) for r, w in zip(rest, at_work, strict=True))
                found = min(found, cost + of(less))
        return found

    return of(tuple(need))


def least_missing(need, tours, budget, each=3):
    """Fewest missing people of all plans within the budget, then the least cost of those."""
    best = (inf, inf)
    for counts in product(range(each), repeat=len(tours)):
        cost = sum(n * c for n, (_, c) in zip(counts, tours, strict=True))
        if cost <= budget:
            have = sum(n * np.array(w) for n, (w, _) in zip(counts, tours, strict=True))
            best = min(best, (int(np.maximum(np.array(need) - have, 0).sum()), cost))
    return best


def test_one_day_is_covered_by_the_two_halves_that_overlap_least():
    grid = Grid(days=1, slots=4)
    half = Contract(name="half", starts=(0, 6, 12), lengths=(12.0,), days=(1,))
    found = plan_shifts({"desk": [1, 2, 1, 0]}, [half], grid=grid)
    assert sorted(tour.start_hour for tour in found.tours) == [0.0, 6.0]
    assert found.staff["half"].tolist() == [1, 2, 1, 0]
    assert (found.cost, found.bound, found.gap, found.proven) == (24.0, 24.0, 0.0, True)


def test_a_night_shift_passes_into_the_next_day_and_the_last_day_into_the_first():
    grid = Grid(days=2, slots=4)
    night = Contract(name="night", starts=(18.0,), lengths=(12.0,), days=(1,))
    found = plan_shifts({"desk": [2, 0, 0, 0, 0, 0, 0, 2]}, [night], grid=grid)
    assert found.staff["night"].tolist() == [2, 0, 0, 0, 0, 0, 0, 2]
    assert found.tours[0].days == (1,)


def test_breaks_are_spread_so_that_somebody_always_stays():
    grid = Grid(days=1, slots=6)
    need = [0, 1, 1, 1, 0, 0]
    clerk = Contract(
        name="clerk",
        starts=(0.0,),
        lengths=(20.0,),
        days=(1,),
        break_hours=4.0,
        break_between=(4.0, 12.0),
    )
    found = plan_shifts({"desk": need}, [clerk], grid=grid)
    assert found.people == 2
    assert (found.staff["clerk"] >= need).all()
    assert found.cost == 2 * 16.0


@settings(max_examples=40, deadline=None)
@given(small_needs)
def test_the_plan_costs_as_little_as_the_best_of_all_plans(need):
    contracts = [BROKEN, SHORT, LATE]
    found = plan_shifts({"desk": need}, contracts, grid=TWO_DAYS)
    best = least_cost(need, list(every_tour(contracts, TWO_DAYS)))
    assert found.proven
    if best == inf:
        assert found.missing
    else:
        assert found.cost == pytest.approx(best)
        assert (found.given["desk"] >= need).all()


@settings(max_examples=40, deadline=None)
@given(small_needs, st.sampled_from([0.0, 12.0, 24.0, 30.0, 48.0]))
def test_too_small_a_budget_leaves_as_little_missing_as_the_best_of_all_plans(need, budget):
    contracts = [SHORT, LATE]
    tours = list(every_tour(contracts, TWO_DAYS))
    found = plan_shifts({"desk": need}, contracts, budget=budget, grid=TWO_DAYS)
    missing, cost = least_missing(need, tours, budget, each=3)
    assert found.proven
    assert sum(m.people for m in found.missing) == pytest.approx(missing)
    assert found.cost == pytest.approx(cost)
    assert found.cost <= budget
    for place in found.missing:
        assert place.people == need[place.slot] - found.given["desk"][place.slot]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=4, max_size=4), st.data())
def test_people_of_two_skills_cost_as_little_as_the_best_of_all_plans(first, data):
    second = data.draw(st.lists(st.integers(0, 2), min_size=4, max_size=4))
    grid = Grid(days=1, slots=4)
    kinds = {("a",): 1.0, ("b",): 1.0, ("a", "b"): 1.25}
    contracts = [
        Contract(
            name="+".join(skills), starts=(0, 12), lengths=(12.0,), days=(1,), skills=skills, cost=c
        )
        for skills, c in kinds.items()
    ]
    found = plan_shifts({"a": first, "b": second}, contracts, grid=grid)
    best = 0.0
    for half in (slice(0, 2), slice(2, 4)):
        a, b, both = max(first[half]), max(second[half]), 0
        both = max(x + y for x, y in zip(first[half], second[half], strict=True))
        options = [
            na + nb + 1.25 * nab
            for na, nb, nab in product(range(5), repeat=3)
            if na + nab >= a and nb + nab >= b and na + nb + nab >= both
        ]
        best += 12 * min(options)
    assert found.proven
    assert found.cost == pytest.approx(best)
    assert (found.given["a"] >= np.array(first) - 1e-6).all()
    assert (found.given["b"] >= np.array(second) - 1e-6).all()


def test_all_missing_half_hours_are_named_with_what_they_lack():
    grid = Grid(days=1, slots=4)
    half = Contract(name="half", starts=(0, 12), lengths=(12.0,), days=(1,))
    found = plan_shifts({"desk": [1, 1, 3, 1]}, [half], budget=24.0, grid=grid)
    assert [(m.when, m.people) for m in found.missing] == [("Mon 12:00", 2.0)]
    assert found.missing_hours == 12.0
    assert found.enough == 48.0
    assert "a budget of 24.0 a week is too small: 1 half-hours lack people, 12.0" in str(
        found.remarks[0]
    )


def test_where_no_shift_reaches_no_budget_helps():
    grid = Grid(days=1, slots=4)
    half = Contract(name="half", starts=(0,), lengths=(12.0,), days=(1,))
    found = plan_shifts({"desk": [1, 0, 0, 2]}, [half], grid=grid)
    assert [(m.when, m.people) for m in found.missing] == [("Mon 18:00", 2.0)]
    assert found.enough == inf
    assert "no budget helps" in str(found.remarks[0])


def test_heads_and_part_time_hours_are_kept_within_their_limits():
    grid = Grid(days=2, slots=4)
    full = Contract(name="full", starts=(0,), lengths=(24.0,), days=(2,))
    half = Contract(name="half", starts=(0,), lengths=(6.0,), days=(1,), part_time=True, most=3)
    need = [3, 1, 1, 1, 1, 1, 1, 1]
    free = plan_shifts({"desk": need}, [full, half], grid=grid)
    assert free.cost == 48 + 2 * 6
    bound = plan_shifts({"desk": need}, [full, half], part_time_share=0.1, grid=grid)
    assert bound.cost == 2 * 48 + 6
    few = plan_shifts({"desk": [9, *[0] * 7]}, [half], grid=grid)
    assert few.missing[0].people == 6.0


def test_days_that_must_follow_one_another_pass_the_end_of_the_week():
    contract = Contract(name="five", starts=(8,), days=(5,), together=True)
    found = day_patterns(contract, grid=Grid())
    assert len(found) == 7
    assert (0, 1, 2, 5, 6) in found
    assert (0, 1, 2, 4, 5) not in found


@given(st.integers(1, 7), st.integers(0, 12), st.data())
def test_days_are_dealt_out_so_that_each_works_as_many_and_each_day_has_its_people(
    length, heads, data
):
    weeks = [data.draw(st.permutations(range(7)).map(lambda p: p[:length])) for _ in range(heads)]
    people = np.bincount([d for w in weeks for d in w], minlength=7).astype(float)
    found = deal(range(7), people, length=length, heads=heads)
    assert sum(n for _, n in found) == heads
    assert all(len(set(days)) == length for days, _ in found)
    dealt = np.zeros(7)
    for days, n in found:
        dealt[list(days)] += n
    assert (dealt == people).all()


def test_a_promise_for_the_whole_week_puts_people_where_they_gain_most():
    gains = np.array([[4.0, 1.0], [3.0, 2.0], [0.0, 3.0], [1.0, 0.0]])
    one = Contract(name="one", starts=(0, 6, 12, 18), lengths=(6.0,), days=(1,))
    weekly = Weekly(gains=gains, least=9.0)
    found = plan_shifts({"desk": weekly}, [one], grid=Grid(days=1, slots=4))
    assert found.given["desk"].tolist() == [1, 2, 0, 0]


HARD = {"desk": np.tile([0, 1, 3, 5, 4, 6, 2, 3], 42)}
CLERK = Contract(name="clerk", starts=tuple(range(24)), lengths=(8.0,), break_hours=0.5)


def test_a_search_that_ends_before_the_proof_has_the_same_plan_however_fast_the_machine():
    need = {"desk": np.random.default_rng(13).integers(0, 6, 84)}
    clerk = Contract(name="clerk", starts=tuple(range(0, 24, 2)))
    first, again = (
        plan_shifts(need, [clerk], nodes=1, seconds=seconds, grid=Grid(slots=12))
        for seconds in (300.0, 600.0)
    )
    assert not first.proven
    assert first.bound < first.cost
    assert first.tours == again.tours
    assert (first.cost, first.bound, first.gap) == (again.cost, again.bound, again.gap)


def test_a_search_that_the_clock_stops_leaves_no_plan_at_all():
    with pytest.raises(NoPlanError, match=r"stopped after 0\.3 seconds, .* depends on the machine"):
        plan_shifts(HARD, [CLERK], seconds=0.3)
    with pytest.raises(UsageError, match="one node at least; got 0"):
        plan_shifts(HARD, [CLERK], nodes=0)


def test_a_solver_that_finds_nothing_within_its_nodes_says_so():
    def lost(program, /, *, nodes, gap, seconds):
        return Solved(status="unknown", x=None, value=inf, bound=0.0)

    with pytest.raises(NoPlanError, match="within the nodes of a search; give more nodes"):
        plan_shifts({"desk": [1] * 12}, [SHORT], grid=TWO_DAYS, solver=lost)


@pytest.mark.parametrize(
    ("needs", "more", "told"),
    [
        ([1, 1], {}, "needs 4 whole numbers of people"),
        ([1, 1, 0.5, 0], {}, "needs 4 whole numbers"),
        ([1, -1, 0, 0], {}, "none negative"),
        ([1, 1, 1, 1], {"skills": ("dask",)}, "Did you mean 'desk'"),
        ([1, 1, 1, 1], {"starts": (1.0,)}, "must be a multiple of 6 hours; got 1"),
        ([1, 1, 1, 1], {"days": (3,)}, "allows no choice of days"),
        ([1, 1, 1, 1], {"break_hours": 6.0, "break_between": (6, 6)}, "no break of 6 hours fits"),
    ],
)
def test_needs_and_contracts_that_do_not_fit_are_refused(needs, more, told):
    contract = Contract(**{"name": "c", "starts": (0,), "lengths": (12,), "days": (1,), **more})
    with pytest.raises(DataError, match=told.replace("(", r"\(")):
        plan_shifts({"desk": needs}, [contract], grid=Grid(days=1, slots=4))


def test_a_negative_budget_is_refused():
    contract = Contract(name="c", starts=(0,), lengths=(12,), days=(1,))
    with pytest.raises(UsageError, match="not negative; got -1"):
        plan_shifts({"desk": [1] * 4}, [contract], budget=-1.0, grid=Grid(days=1, slots=4))
