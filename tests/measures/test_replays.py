"""Waits of weeks in another order: intervals that know no negative wait."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.queues import read_by
from iagkit.measures.rates import mean
from iagkit.measures.replays import mean_wait, replayed


def crowded():
    """One week of seven a day, then a quiet year of one in ten days; one can be read a day."""
    days = np.concatenate([np.repeat(np.arange(7), 7), np.arange(60, 360, 10)])
    return days, np.linspace(0, 1, days.size)


def test_one_crowded_week_makes_the_wait_uncertain_but_never_shorter_than_no_time():
    days, score = crowded()
    read = read_by(days, score, capacity=1, patience=30)
    told = replayed(days, score, capacity=1, patience=30)
    found = mean_wait(read.wait, np.ones(days.size, dtype=bool), replays=told)
    assert found.low == 0.0
    assert found.high > 1.2 * found.value
    assert found.clusters == 351 // 7
    # what it takes the place of reaches below
    assert mean(read.wait, unit="days", clusters=read.period).low < 0


def test_weeks_are_drawn_whole_so_that_a_case_comes_on_its_own_weekday_or_waits_alike():
    days = np.repeat(np.arange(0, 140, 7), 3)
    told = replayed(days, np.zeros(days.size), capacity=1, patience=0, many=20)
    # three come at once and one is read a day: 0, 1 and 2 days, whichever weeks are drawn
    assert told.means(np.ones(days.size, dtype=bool)) == pytest.approx(np.ones(20))


def test_the_same_weeks_are_drawn_whatever_the_rule_so_that_rules_can_be_compared():
    days, score = crowded()
    ours, first = (replayed(days, score, capacity=1, patience=p, many=30) for p in (30, 0))
    assert (ours.drawn == first.drawn).all()
    everybody = np.ones(days.size, dtype=bool)
    # every order reads as many a day, so that all together gain nothing
    assert first.less(ours).means(everybody) == pytest.approx(np.zeros(30), abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(
    days=st.lists(st.integers(0, 40), min_size=2, max_size=40),
    level=st.sampled_from([0.8, 0.95]),
    capacity=st.sampled_from([0.5, 1, 3]),
)
def test_an_interval_holds_the_mean_and_no_negative_wait(days, level, capacity):
    score = np.random.default_rng(0).random(len(days))
    wait = read_by(days, score, capacity=capacity, patience=9).wait
    told = replayed(days, score, capacity=capacity, patience=9, many=20)
    found = mean_wait(wait, np.arange(len(days)) % 2 == 0, replays=told, level=level)
    assert (found.low is None) == (found.high is None)
    assert found.low is None or 0 <= found.low <= found.value <= found.high


def test_days_that_cannot_be_told_apart_give_a_mean_without_interval():
    told = replayed([0, 1, 3], [0.1, 0.2, 0.3], capacity=1, patience=1)
    found = mean_wait([0, 0, 2], np.ones(3, dtype=bool), replays=told)
    assert (found.value, found.low, found.high) == (2 / 3, None, None)


def test_scores_and_days_of_different_cases_are_refused():
    with pytest.raises(DataError, match="one value a case"):
        replayed([0, 1], [0.5], capacity=1, patience=1)


@pytest.mark.slow
def test_replayed_weeks_hold_the_mean_wait_far_more_often_than_students_interval():
    """Forty times of 120 days with a load of .8; benchmarks/waits.py has more."""
    random, held = np.random.default_rng(7), []
    truth = 0.36  # mean of 400 such times, by the command in benchmarks/waits.py
    for _ in range(40):
        days = np.repeat(np.arange(120), random.poisson(3.2, 120))
        score = np.clip(random.normal(0.41, 0.19, days.size), 0, 1)
        read = read_by(days, score, capacity=4, patience=30)
        told = replayed(days, score, capacity=4, patience=30, many=100)
        ours = mean_wait(read.wait, np.ones(days.size, dtype=bool), replays=told)
        theirs = mean(read.wait, unit="days", clusters=read.period)
        held.append([e.low <= truth <= e.high for e in (ours, theirs)])
    ours, theirs = np.mean(held, axis=0)
    assert ours >= 0.85
    assert ours > theirs
