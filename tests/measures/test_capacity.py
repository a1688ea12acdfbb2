"""Recall at capacity: by hand, laws, coverage in simulation, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.capacity import capacity_for, chances, listed, missed_at, recall_at

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40)


def test_two_read_of_four_find_half_of_the_urgent_and_miss_one():
    cases = listed([4, 3, 2, 1], [1, 0, 1, 0])
    assert recall_at(cases, 2).value == 0.5
    assert missed_at(cases, 2).value == 1.0
    assert capacity_for(cases, 0.9).value == 3.0


def test_lists_of_another_length_have_the_cut_off_at_the_same_share():
    cases = listed([4, 3, 2, 1], [1, 0, 1, 0], length=40)
    assert recall_at(cases, 20).value == 0.5
    assert missed_at(cases, 20).value == 10.0
    assert capacity_for(cases, 0.9).value == 30.0


def test_cases_with_the_score_of_the_cut_off_are_drawn_by_lot():
    assert chances([0.9, 0.5, 0.5, 0.1], 0.5).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert recall_at(listed([1, 1, 1, 1], [1, 0, 0, 0]), 1).value == 0.25


def test_a_group_stands_in_the_same_list_as_all_others():
    cases = listed([4, 3, 2, 1], [1, 0, 1, 0])
    assert recall_at(cases, 2, among=np.array([False, False, True, True])).value == 0.0


@given(ROWS, st.integers(1, 39), st.integers(1, 39))
def test_more_capacity_never_finds_fewer_and_reads_exactly_so_many(rows, one, other):
    score, urgent = zip(*rows, strict=True)
    few, many = sorted((one, other))
    n = len(rows)
    assert chances(score, few / n).sum() == pytest.approx(min(few, n))
    if any(urgent):
        cases = listed(score, urgent)
        assert recall_at(cases, few).value <= recall_at(cases, many).value + 1e-12


@given(ROWS, st.sampled_from([0.5, 0.9, 1.0]))
def test_the_capacity_asked_for_reaches_the_recall_and_is_within_its_interval(rows, wanted):
    score, urgent = zip(*rows, strict=True)
    cases = listed(score, urgent)
    found = capacity_for(cases, wanted)
    if not any(urgent):
        assert "no case was urgent" in str(found)
        return
    assert recall_at(cases, found.value).value >= wanted - 1e-12
    assert found.low <= found.value <= found.high <= len(rows)


def test_intervals_of_recall_and_capacity_hold_the_truth_as_often_as_they_say():
    """Copies of eight share a text: scores normal, urgent ones one higher; truth from the law."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    random, held, needed = np.random.default_rng(3), 0, 0

    def depth(cut):
        return 0.2 * ndtr(1 - cut) + 0.8 * ndtr(-cut)

    cut = brentq(lambda c: depth(c) - 0.3, -5, 5)
    cut90 = brentq(lambda c: ndtr(1 - c) - 0.9, -5, 5)
    for _ in range(200):
        cluster = np.repeat(np.arange(150), random.integers(1, 9, 150))
        yes = (random.random(150) < 0.2)[cluster]
        score = (random.normal(size=150))[cluster] + yes
        cases = listed(score, yes, clusters=cluster, length=1000)
        found, many = recall_at(cases, 300), capacity_for(cases, 0.9)
        held += found.low <= ndtr(1 - cut) <= found.high
        needed += many.low <= 1000 * depth(cut90) <= many.high
    assert held / 200 >= 0.9
    assert needed / 200 >= 0.88


def test_a_capacity_of_nothing_and_lists_of_nothing_are_refused():
    with pytest.raises(DataError, match="capacity above 0"):
        recall_at(listed([1], [1]), 0)
    with pytest.raises(DataError, match="at least one case on a list"):
        listed([1], [1], length=0)
    with pytest.raises(DataError, match="above 0 and up to 1"):
        capacity_for(listed([1], [1]), 0)
