"""Waiting under capacity: by hand, the guarantee as a law, the refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.core.message import Message
from iagkit.measures.queues import Load, load_of, longest_wait, patience_for, read_by

ARRIVALS = st.lists(st.integers(0, 25), min_size=1, max_size=70)
CAPACITY = st.one_of(st.integers(1, 6), st.sampled_from([0.5, 0.75, 1.5, 2.25]))
PATIENCE = st.one_of(st.integers(0, 12), st.sampled_from([0.5, 2.5]))


def scores_for(arrived, seed):
    """Half of the scores extreme, so that overtaking is common."""
    random = np.random.default_rng(seed)
    return np.where(
        random.random(len(arrived)) < 0.5,
        random.integers(0, 2, len(arrived)),
        random.random(len(arrived)),
    )


def test_the_urgent_case_of_a_later_day_goes_ahead_until_patience_is_over():
    arrived, score = [0, 0, 1, 2, 3], [0.0, 0.0, 1.0, 1.0, 1.0]
    assert read_by(arrived, score, capacity=1, patience=100).wait[2:].tolist() == [0, 0, 0]
    assert sorted(read_by(arrived, score, capacity=1, patience=100).wait[:2]) == [0, 4]
    assert read_by(arrived, score, capacity=1, patience=2).wait.tolist().count(3) == 0


def test_with_no_patience_cases_are_read_as_they_came():
    found = read_by([2, 0, 1, 1], [1.0, 0.0, 0.0, 0.0], capacity=1, patience=0)
    assert found.wait[[0, 1]].tolist() == [1, 0]
    assert sorted(found.wait[2:]) == [0, 1]


def test_half_a_case_a_day_is_one_every_second_day():
    assert sorted(read_by([0, 0], [0.1, 0.2], capacity=0.5, patience=1).wait) == [1, 3]


def test_periods_end_where_nothing_is_left_in_the_evening():
    found = read_by([0, 0, 1, 5], [0.0, 0.5, 1.0, 0.0], capacity=1, patience=50)
    assert found.period.tolist() == [0, 0, 0, 1]
    assert found.days == 6


def test_the_burst_is_what_comes_beyond_the_rate():
    assert load_of([0, 0, 0, 2], rate=1.0) == Load(rate=1.0, burst=2.0)
    assert load_of([4, 4, 6, 7]).rate == pytest.approx(1.0)


@settings(max_examples=300, deadline=None)
@given(arrived=ARRIVALS, capacity=CAPACITY, patience=PATIENCE, seed=st.integers(0, 9))
def test_nothing_waits_longer_than_guaranteed_whatever_comes(arrived, capacity, patience, seed):
    load = load_of(arrived, rate=min(load_of(arrived).rate, capacity))
    score = scores_for(arrived, seed)
    wait = read_by(arrived, score, capacity=capacity, patience=patience).wait
    most = longest_wait(load, capacity=capacity, patience=patience)
    assert isinstance(most, int)
    assert wait.max() <= most
    for own in range(len(arrived)):
        assert wait[own] <= longest_wait(
            load, capacity=capacity, patience=patience, score=score[own]
        )


@settings(max_examples=100, deadline=None)
@given(arrived=ARRIVALS, capacity=CAPACITY, patience=PATIENCE, seed=st.integers(0, 9))
def test_every_order_reads_as_many_cases_each_day(arrived, capacity, patience, seed):
    score = scores_for(arrived, seed)
    by = [read_by(arrived, score, capacity=capacity, patience=p) for p in (0, patience, np.inf)]
    days = [np.sort(np.add(arrived, found.wait)).tolist() for found in by]
    assert days[0] == days[1] == days[2]
    assert by[0].period.tolist() == by[1].period.tolist() == by[2].period.tolist()


@settings(max_examples=100, deadline=None)
@given(arrived=ARRIVALS, capacity=CAPACITY, patience=st.integers(0, 12), seed=st.integers(0, 9))
def test_nobody_is_overtaken_by_what_comes_after_patience_is_over(
    arrived, capacity, patience, seed
):
    wait = read_by(arrived, scores_for(arrived, seed), capacity=capacity, patience=patience).wait
    day = np.asarray(arrived)
    overtaken = (day[:, None] < day) & ((day + wait)[:, None] > day + wait)
    assert ((day - day[:, None])[overtaken] < max(patience, 1)).all()


def test_the_guarantee_is_reached_so_it_promises_no_more_than_is_true():
    """One case without urgency, and the full rate of urgent ones behind it."""
    arrived = [0] * 5 + [d for d in range(1, 40) for _ in range(2)]
    score = [0.0, *[1.0] * (len(arrived) - 1)]
    load = load_of(arrived, rate=2.0)
    most = longest_wait(load, capacity=2, patience=10)
    assert read_by(arrived, score, capacity=2, patience=10).wait[0] == most == 11


def test_patience_is_the_most_that_keeps_the_promise():
    load = Load(rate=9.0, burst=20.0)
    found = patience_for(load, capacity=10, longest=15)
    assert longest_wait(load, capacity=10, patience=found) <= 15
    assert longest_wait(load, capacity=10, patience=found + 1) > 15


def test_where_more_comes_than_can_be_read_no_order_helps_and_that_is_said():
    told = longest_wait(Load(rate=11.0, burst=5.0), capacity=10, patience=30)
    assert isinstance(told, Message)
    assert "somebody waits ever longer" in str(told)
    assert patience_for(Load(rate=11.0, burst=5.0), capacity=10, longest=99) == told
    assert "by order of arrival" in str(patience_for(Load(rate=1, burst=40), capacity=2, longest=3))
    assert "without ageing" in str(
        longest_wait(Load(rate=2, burst=40), capacity=2, patience=np.inf)
    )


def test_days_scores_and_capacities_that_are_none_are_refused():
    with pytest.raises(DataError, match="whole days"):
        read_by([0.5], [0.1], capacity=1, patience=1)
    with pytest.raises(DataError, match="from 0 to 1"):
        read_by([0], [1.5], capacity=1, patience=1)
    with pytest.raises(DataError, match="capacity above 0"):
        read_by([0], [0.5], capacity=0, patience=1)
