"""Formulas of queues: by hand, against other ways to the same number, laws, refusals."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.queueing import (
    erlang_a,
    erlang_b,
    erlang_c,
    finite_population,
    jackson,
    pollaczek_khinchine,
    priority_waits,
)

rates = st.floats(0.01, 20)
people = st.integers(1, 60)


def steady(births, deaths):
    """Shares of the states of a chain that moves by one, from its balance alone."""
    weights = [1.0]
    for birth, death in zip(births, deaths, strict=True):
        weights.append(weights[-1] * birth / death)
    return np.array(weights) / sum(weights)


def exact_b(load, servers):
    terms = [Fraction(load) ** n / factorial(n) for n in range(servers + 1)]
    return float(terms[-1] / sum(terms))


@pytest.mark.parametrize(
    ("load", "servers", "blocked"),
    [(1, 1, 1 / 2), (2, 3, 4 / 19), (3, 2, 9 / 17), (10, 10, 0.21458), (0, 4, 0.0), (7, 0, 1.0)],
)
def test_erlang_b_is_what_the_tables_say(load, servers, blocked):
    assert erlang_b(load, servers=servers) == pytest.approx(blocked, abs=5e-6)


@pytest.mark.parametrize(("load", "servers"), [(180, 200), (470, 500), (5, 150), (700, 400)])
def test_erlang_b_is_exact_for_hundreds_of_servers(load, servers):
    assert erlang_b(load, servers=servers) == pytest.approx(exact_b(load, servers), rel=1e-11)


@pytest.mark.parametrize(
    ("arrivals", "servers", "waits", "mean"),
    [
        (0.5, 1, 0.5, 1.0),
        (1.0, 2, 1 / 3, 1 / 3),
        (2.0, 3, 4 / 9, 4 / 9),
        (9.0, 10, 0.66873, 0.66873),
    ],
)
def test_erlang_c_is_what_one_computes_by_hand(arrivals, servers, waits, mean):
    found = erlang_c(arrivals, service_hours=1.0, servers=servers)
    assert found.wait_share == pytest.approx(waits, abs=5e-6)
    assert found.mean_wait == pytest.approx(mean, abs=5e-6)


def test_one_server_makes_ninety_percent_wait_less_than_the_quantile_says():
    found = erlang_c(0.5, service_hours=1.0, servers=1)
    assert found.longer_than(2.0) == pytest.approx(0.5 * np.exp(-1.0))
    assert found.quantile(0.4) == 0.0
    assert found.longer_than(found.quantile(0.9)) == pytest.approx(0.1)


@given(st.floats(0.01, 0.995), people, st.floats(0.01, 10))
def test_the_mean_wait_is_the_area_under_the_share_that_waits_longer(busy, servers, mean):
    found = erlang_c(busy * servers / mean, service_hours=mean, servers=servers)
    area = found.wait_share / (servers / mean - found.arrivals)
    assert found.mean_wait == pytest.approx(area, rel=1e-9)
    assert 0 <= found.wait_share <= found.utilisation * (1 + 1e-12)


@given(st.floats(0.05, 0.98), people)
def test_one_shared_queue_waits_less_than_two_of_half_the_size(busy, servers):
    small = erlang_c(busy * servers, service_hours=1.0, servers=servers)
    large = erlang_c(2 * busy * servers, service_hours=1.0, servers=2 * servers)
    assert large.mean_wait < small.mean_wait


@given(st.floats(0.1, 30), st.integers(1, 20), st.floats(0.05, 5))
def test_erlang_a_balances_what_comes_with_what_is_served_and_what_leaves(load, servers, patience):
    found = erlang_a(load, service_hours=1.0, patience_hours=patience, servers=servers)
    states = np.arange(1, servers + int(load * (1 + patience) * 3) + 400)
    out = np.minimum(states, servers) + np.maximum(states - servers, 0) / patience
    shares = steady(np.full(len(states), load), out)
    state = np.arange(len(shares))
    assert found.wait_share == pytest.approx(shares[state >= servers].sum(), rel=1e-8)
    queue = (np.maximum(state - servers, 0) * shares).sum()
    assert found.mean_wait == pytest.approx(queue / load, rel=1e-8)
    served = (np.minimum(state, servers) * shares).sum()
    assert load * (1 - found.leave_share) == pytest.approx(served, rel=1e-8)


@settings(max_examples=15)
@given(st.floats(1, 30), st.integers(2, 20), st.floats(0.1, 3))
def test_the_mean_of_impatient_waits_is_the_area_under_their_tail(load, servers, patience):
    found = erlang_a(load, service_hours=1.0, patience_hours=patience, servers=servers)
    falls = 1 / patience + max(servers - load, 0.0)
    hours = 30 / falls * np.linspace(0, 1, 201) ** 2
    area = np.trapezoid([found.longer_than(h) for h in hours], hours)
    assert area == pytest.approx(found.mean_wait, rel=3e-3, abs=1e-12)


def test_with_endless_patience_erlang_a_is_erlang_c():
    patient = erlang_a(9.0, service_hours=1.0, patience_hours=1e5, servers=10)
    waiting = erlang_c(9.0, service_hours=1.0, servers=10)
    assert patient.mean_wait == pytest.approx(waiting.mean_wait, rel=1e-3)
    assert patient.longer_than(1.0) == pytest.approx(waiting.longer_than(1.0), rel=1e-3)


def test_hundreds_of_servers_under_far_too_much_work_lose_what_they_cannot_do():
    found = erlang_a(900.0, service_hours=1.0, patience_hours=1.0, servers=600)
    assert found.leave_share == pytest.approx(1 / 3, rel=1e-3)
    assert found.wait_share == pytest.approx(1.0)


@pytest.mark.parametrize(("variation", "wait"), [(0.0, 0.5), (1.0, 1.0), (3.0, 5.0)])
def test_uneven_work_makes_one_server_keep_people_waiting(variation, wait):
    found = pollaczek_khinchine(0.5, service_hours=1.0, variation=variation)
    assert found == pytest.approx(wait)


def test_two_classes_by_hand():
    plain = priority_waits([0.25, 0.25], service_hours=1.0)
    assert plain == pytest.approx([2 / 3, 4 / 3])
    stopped = priority_waits([0.25, 0.25], service_hours=1.0, preemptive=True)
    assert stopped == pytest.approx([1 / 3, 5 / 3])


loads = st.lists(st.floats(0.02, 1.0), min_size=1, max_size=5)


@given(loads, st.floats(0.1, 0.97), st.lists(st.floats(0, 3), min_size=5, max_size=5), st.data())
def test_who_goes_first_only_shifts_the_wait_of_one_server(parts, busy, spread, data):
    means = np.array([data.draw(st.floats(0.1, 5)) for _ in parts])
    arrivals = np.array(parts) / sum(parts) * busy / means
    spread = np.array(spread[: len(parts)])
    waits = priority_waits(arrivals, service_hours=means, variation=spread)
    rest = (arrivals * means**2 * (1 + spread**2)).sum() / 2
    together = busy * rest / (1 - busy)
    assert (arrivals * means * waits).sum() == pytest.approx(together, rel=1e-8)
    assert (np.diff(waits) >= -1e-12).all()


@given(loads, st.floats(0.1, 0.97), st.integers(1, 50), st.booleans())
def test_classes_of_one_kind_of_work_wait_as_long_as_without_classes(parts, busy, servers, preempt):
    arrivals = np.array(parts) / sum(parts) * busy * servers
    waits = priority_waits(arrivals, service_hours=1.0, servers=servers, preemptive=preempt)
    alone = erlang_c(float(arrivals.sum()), service_hours=1.0, servers=servers)
    mean = (arrivals * waits).sum() / arrivals.sum()
    assert mean == pytest.approx(alone.mean_wait, rel=1e-6, abs=1e-12)
    assert (waits >= -1e-9).all()


@given(loads, st.floats(0.1, 0.97))
def test_one_server_is_the_case_of_several_with_one(parts, busy):
    arrivals = np.array(parts) / sum(parts) * busy
    for preemptive in (True, False):
        one = priority_waits(arrivals, service_hours=1.0, preemptive=preemptive)
        if preemptive:
            upto = np.cumsum(arrivals)
            queues = [erlang_c(x, service_hours=1.0, servers=1).mean_queue for x in upto]
            assert one == pytest.approx(np.diff([0.0, *queues]) / arrivals, rel=1e-6)
        else:
            left = (1 - np.append(0, np.cumsum(arrivals)[:-1])) * (1 - np.cumsum(arrivals))
            assert one == pytest.approx(arrivals.sum() / left)


def test_two_machines_and_one_mechanic_by_hand():
    found = finite_population(2, away_hours=1.0, service_hours=1.0, servers=1)
    assert found.utilisation == pytest.approx(4 / 5)
    assert found.throughput == pytest.approx(4 / 5)
    assert found.wait_share == pytest.approx(1 / 2)
    assert found.mean_wait == pytest.approx(1 / 2)


@given(st.integers(1, 300), st.integers(1, 40), st.floats(0.1, 50), st.floats(0.1, 5))
def test_cases_that_come_back_are_away_wait_or_are_served(sources, servers, away, service):
    found = finite_population(sources, away_hours=away, service_hours=service, servers=servers)
    everywhere = found.throughput * (away + found.mean_wait + service)
    assert everywhere == pytest.approx(sources, rel=1e-8)
    fewer = max(sources - 1, 1)
    before = finite_population(fewer, away_hours=away, service_hours=service, servers=servers)
    assert found.mean_wait >= before.mean_wait - 1e-9


def test_two_stations_with_a_way_back_by_hand():
    one, two = jackson([1.0, 0.0], [[0, 1], [0.5, 0]], service_hours=[0.2, 0.4], servers=[1, 2])
    assert (one.arrivals, two.arrivals) == pytest.approx((2.0, 2.0))
    assert one.mean_wait == pytest.approx(2 / 15)
    assert two.mean_wait == erlang_c(2.0, service_hours=0.4, servers=2).mean_wait


@given(st.integers(1, 6), st.data())
def test_what_comes_into_a_network_goes_out_of_it(size, data):
    draw = st.floats(0, 1)
    weights = np.array([[data.draw(draw) for _ in range(size + 1)] for _ in range(size)])
    weights[:, -1] += 0.2
    moves = (weights / weights.sum(axis=1, keepdims=True))[:, :-1]
    outside = np.array([data.draw(rates) for _ in range(size)])
    means = np.full(size, 1e-4)
    stations = jackson(outside, moves, service_hours=means, servers=np.ones(size))
    out = sum(q.arrivals * (1 - row.sum()) for q, row in zip(stations, moves, strict=True))
    assert out == pytest.approx(outside.sum(), rel=1e-8)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: erlang_c(10.0, service_hours=1.0, servers=10), r"for ever\. 11 servers"),
        (lambda: pollaczek_khinchine(3.2, service_hours=1.0, variation=0.0), r"4 servers are the"),
        (lambda: priority_waits([1.0, 1.5], service_hours=1.0, servers=2), r"3 servers"),
        (
            lambda: priority_waits([1.0, 0.5], service_hours=[1.0, 0.5], servers=2),
            "Simulate it instead",
        ),
        (
            lambda: priority_waits([1.0, 0.0], service_hours=1.0, servers=2, preemptive=True),
            "1 classes have no case",
        ),
        (lambda: erlang_b(-1.0, servers=2), "'load' must be"),
        (lambda: erlang_b(1.0, servers=2.5), "whole number"),
        (lambda: erlang_c(1.0, service_hours=0.0, servers=2), "positive"),
        (lambda: erlang_c(float("nan"), service_hours=1.0, servers=2), "'arrivals' must be"),
        (
            lambda: erlang_a(9.0, service_hours=1.0, patience_hours=1e12, servers=9),
            "use 'erlang_c'",
        ),
        (
            lambda: finite_population(0, away_hours=1.0, service_hours=1.0, servers=1),
            "'sources' must be",
        ),
        (
            lambda: jackson([1, 0], [[0, 1], [1, 0]], service_hours=[0.1, 0.1], servers=[1, 1]),
            "can never leave 2 of 2",
        ),
        (
            lambda: jackson([1, 0], [[0, 1.5], [0, 0]], service_hours=[0.1, 0.1], servers=[1, 1]),
            "Rows are where cases come from",
        ),
        (lambda: erlang_c(0.5, service_hours=1.0, servers=1).quantile(1.0), "below 1"),
        (lambda: erlang_c(0.5, service_hours=1.0, servers=1).longer_than(-1.0), "'hours'"),
    ],
)
def test_what_has_no_answer_is_refused_with_the_reason(ask, told):
    with pytest.raises(DataError, match=told):
        ask()
