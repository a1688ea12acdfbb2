"""Medians, sizes and profiles: by hand, rarely accusing equals, finding what differs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.furthest import furthest_median, furthest_profile, mean_size, median

SIZES = st.lists(st.floats(0, 100, allow_nan=False), min_size=2, max_size=40)


def test_the_median_of_nine_lies_between_the_second_and_the_eighth():
    found = median([9, 1, 8, 2, 7, 3, 6, 4, 5], unit="days")
    assert (found.value, found.low, found.high, found.n) == (5.0, 2.0, 8.0, 9)


def test_five_values_cannot_give_an_interval_of_95_percent():
    assert median([1, 2, 3, 4, 5], unit="days").low is None


@given(SIZES, st.floats(-50, 50))
def test_moving_all_values_moves_median_and_limits_alike(values, by):
    one, other = median(values, unit="days"), median(np.add(values, by), unit="days")
    assert other.value == pytest.approx(one.value + by, abs=1e-9)
    assert one.low is None or other.low == pytest.approx(one.low + by, abs=1e-9)


@given(SIZES)
def test_the_size_of_sizes_is_never_below_zero(values):
    found = mean_size(values, unit="score")
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value == pytest.approx(np.mean(values))


def test_copies_of_a_row_are_one_piece_of_evidence():
    random = np.random.default_rng(0)
    once = random.exponential(1, 60)
    texts = np.repeat(np.arange(60), 10)
    for measure in (median, mean_size):
        alone, copied = (
            measure(once, unit="days"), measure(np.repeat(once, 10), unit="days", clusters=texts)
        )  # fmt: skip
        width, other = alone.high - alone.low, copied.high - copied.low
        assert other == pytest.approx(width, rel=0.35)
        assert copied.clusters == 60


def test_two_profiles_by_hand():
    values = np.array([[3.0, 1.0]] * 40 + [[1.0, 3.0]] * 40)
    gap = furthest_profile(values, ["a"] * 40 + ["b"] * 40)
    assert gap.estimate.value == pytest.approx(0.5)
    assert gap.estimate.low == gap.estimate.high == pytest.approx(0.5)
    assert {gap.lowest, gap.highest} == {"a", "b"}


def test_a_profile_is_about_shares_not_about_sizes():
    values = np.array([[3.0, 1.0]] * 40 + [[30.0, 10.0]] * 40)
    gap = furthest_profile(values, ["a"] * 40 + ["b"] * 40)
    assert gap.estimate.value == pytest.approx(0, abs=1e-12)


def test_medians_apart_are_found_and_named_in_order():
    random = np.random.default_rng(0)
    days = np.concatenate([random.normal(10, 3, 80), random.normal(16, 3, 80)])
    gap = furthest_median(days, ["south"] * 80 + ["north"] * 80, unit="days")
    assert (gap.lowest, gap.highest) == ("south", "north")
    assert 3 < gap.estimate.low < gap.estimate.value < gap.estimate.high < 9


def equal(random, n, k, *, copies):
    """Skewed sizes of eight features that do not know the group."""
    values = random.gamma(0.5, 1, (n, 8)) * np.arange(1, 9)
    texts = np.arange(n) // 4 if copies else None
    return (values if texts is None else values[texts]), random.integers(0, k, n).astype(str), texts


@pytest.mark.parametrize(("n", "k", "copies"), [(100, 2, False), (300, 5, False), (400, 3, True)])
def test_equal_groups_are_rarely_accused(n, k, copies):
    random, runs = np.random.default_rng(k), 40
    accused = np.zeros(2)
    for _ in range(runs):
        values, groups, texts = equal(random, n, k, copies=copies)
        profile = furthest_profile(values, groups, clusters=texts, min_group=10)
        middle = furthest_median(values[:, 7], groups, clusters=texts, min_group=10, unit="days")
        accused += [profile.estimate.low > 0, middle.estimate.low > 0]
    assert (accused / runs <= 0.12).all()


def test_one_group_whose_reasons_differ_is_found():
    random, found = np.random.default_rng(1), 0
    for _ in range(30):
        values, groups, _ = equal(random, 500, 5, copies=False)
        values[groups == "3", 0] += 6
        gap = furthest_profile(values, groups)
        found += gap.estimate.low > 0 and "3" in (gap.lowest, gap.highest)
    assert found >= 27


def test_small_groups_are_left_out_and_too_few_said():
    gap = furthest_profile(np.ones((70, 2)), ["a"] * 60 + ["b"] * 10)
    assert gap.estimate is None
    assert gap.left_out == {"b": 10}
    assert "1 of 2 have them" in str(gap.because)


def test_what_is_no_size_is_refused():
    with pytest.raises(DataError, match="Take absolute values first"):
        furthest_profile([[-1.0]], ["a"])
    with pytest.raises(DataError, match="from 0 to inf; 1 of 2"):
        mean_size([-1, 2], unit="score")
    with pytest.raises(DataError, match="values 2, groups 1"):
        furthest_median([1, 2], ["a"], unit="days")


@pytest.mark.slow
@pytest.mark.parametrize("n", [10, 31, 100])
def test_the_interval_of_a_median_holds_as_often_as_it_says(n):
    random, held = np.random.default_rng(n), 0
    for _ in range(3000):
        found = median(random.exponential(1, n), unit="days")
        held += found.low <= np.log(2) <= found.high
    assert held / 3000 >= 0.94
