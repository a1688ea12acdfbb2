import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.gaps import furthest_gap


def test_two_groups_by_hand_are_newcombes_interval():
    # Newcombe (1998), table II, example (a): 56/70 against 48/80 -> .0524 to .3339
    gap = furthest_gap([1] * 56 + [0] * 14 + [1] * 48 + [0] * 32, ["first"] * 70 + ["second"] * 80)
    assert gap.estimate.value == pytest.approx(0.2)
    assert (gap.estimate.low, gap.estimate.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (gap.lowest, gap.highest, gap.estimate.n) == ("second", "first", 150)


def test_many_equal_groups_use_half_of_tukeys_studentised_range():
    from scipy.stats import studentized_range

    from iagkit.measures.overlap import overlap_critical

    exact = studentized_range.ppf(0.95, 6, np.inf) / 2
    assert overlap_critical(np.full(6, 1e4), 0.5, 0.95) == pytest.approx(exact, rel=1e-3)


def test_small_groups_are_left_out_and_named():
    gap = furthest_gap([1, 0] * 60 + [1] * 3, ["a"] * 60 + ["b"] * 60 + ["tiny"] * 3)
    assert gap.left_out == {"tiny": 3}
    assert gap.estimate.n == 120


def test_a_group_of_many_copies_of_few_texts_is_left_out():
    groups = ["a"] * 60 + ["b"] * 60 + ["copies"] * 60
    texts = np.concatenate([np.arange(120), 120 + np.arange(60) // 20])
    assert furthest_gap([1, 0] * 90, groups, clusters=texts).left_out == {"copies": 60}


def test_one_large_group_has_no_gap_and_says_why():
    gap = furthest_gap([1, 0] * 40, ["a"] * 70 + ["b"] * 10)
    assert gap.estimate is None
    assert gap.lowest is gap.highest is None
    assert "1 of 2 have them" in str(gap.because)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_the_gap_is_the_range_and_misses_have_the_same(hits_of_40):
    values = np.concatenate([np.arange(40) < hits for hits in hits_of_40])
    groups = np.repeat([f"g{i}" for i in range(len(hits_of_40))], 40)
    gap, mirror = furthest_gap(values, groups), furthest_gap(~values, groups)
    assert gap.estimate.value == pytest.approx((max(hits_of_40) - min(hits_of_40)) / 40)
    assert 0 <= gap.estimate.low <= gap.estimate.value <= gap.estimate.high <= 1 + 1e-9
    assert mirror.estimate.low == pytest.approx(gap.estimate.low, abs=1e-9)
    assert mirror.estimate.high == pytest.approx(gap.estimate.high, abs=1e-9)


@settings(max_examples=20)
@given(st.integers(1, 39), st.integers(1, 39), st.integers(2, 6))
def test_looking_at_more_groups_makes_the_interval_no_shorter(a, b, more):
    values = [np.arange(40) < a, np.arange(40) < b, *[np.arange(40) < (a + b) / 2] * more]
    groups = np.repeat([f"g{i}" for i in range(2 + more)], 40)
    two = furthest_gap(np.concatenate(values[:2]), groups[:80]).estimate
    all_groups = furthest_gap(np.concatenate(values), groups).estimate
    assert all_groups.low <= two.low + 1e-9
    assert all_groups.high >= two.high - 1e-9


def test_other_units_are_compared_with_students_limits():
    random = np.random.default_rng(2)
    days = np.concatenate([random.normal(10, 2, 80), random.normal(14, 2, 80)])
    gap = furthest_gap(days, ["north"] * 80 + ["south"] * 80, unit="days")
    assert gap.estimate.unit == "days"
    assert gap.estimate.low > 3
    assert gap.lowest == "north"


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(DataError, match="values 2, groups 1"):
        furthest_gap([1, 0], ["a"])
    with pytest.raises(DataError, match="from 0 to 1; 1 of 2"):
        furthest_gap([1, 3], ["a", "b"])
    with pytest.raises(DataError, match="'groups' must have no missing label; 1 of 2"):
        furthest_gap([1, 0], ["a", None])


def equal_groups(random, k, p, *, copies):
    """Groups of 60 to 400 cases with one true share; with ``copies`` texts repeat."""
    groups = np.repeat(np.arange(k), np.geomspace(60, 400, k).astype(int)).astype(str)
    n = len(groups)
    if not copies:
        return random.random(n) < p, groups, None
    codes = np.repeat(np.arange(n), np.minimum(random.zipf(2.2, n), 30))[:n]
    own = random.beta(p * 1.5, (1 - p) * 1.5, n)
    return random.random(n) < own[codes], random.permutation(groups), codes


@pytest.mark.parametrize("copies", [False, True])
@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_equal_groups_are_rarely_accused(k, copies):
    random, runs = np.random.default_rng(k), 120
    held = sum(
        furthest_gap(cases, groups, clusters=codes).estimate.low == 0
        for cases, groups, codes in (
            equal_groups(random, k, 0.8, copies=copies) for _ in range(runs)
        )
    )
    assert held / runs >= 0.92


def test_one_truly_worse_group_of_ten_is_found():
    random, found = np.random.default_rng(3), 0
    groups = np.repeat([f"g{i}" for i in range(10)], 150)
    chance = np.where(groups == "g4", 0.6, 0.85)
    for _ in range(60):
        gap = furthest_gap(random.random(1500) < chance, groups)
        found += gap.estimate.low > 0 and gap.lowest == "g4"
    assert found / 60 >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("p", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_the_interval_of_equal_groups_holds_zero_about_as_often_as_it_says(k, p):
    random, runs = np.random.default_rng(100 + k), 2000
    held = sum(
        furthest_gap(cases, groups).estimate.low == 0
        for cases, groups, _ in (equal_groups(random, k, p, copies=False) for _ in range(runs))
    )
    assert 0.93 <= held / runs <= 0.985
