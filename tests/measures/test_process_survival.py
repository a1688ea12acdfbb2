"""Durations with open cases counted: by hand, against SciPy, by law, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf, logrank

from iagkit.core.errors import DataError
from iagkit.core.message import Message
from iagkit.core.nouns import Estimate
from iagkit.measures.processes.survival import (
    kaplan_meier,
    open_after,
    quantile,
    restricted_mean,
)
from iagkit.measures.processes.survival_groups import LogRank, log_rank, pseudo_days

CASES = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40)


def drawn(n, seed, *, scale=10.0, cut=15.0):
    """Exponential durations, cut at random times."""
    random = np.random.default_rng(seed)
    time, until = random.exponential(scale, n), random.uniform(0, cut, n)
    return np.minimum(time, until), time <= until


def test_the_curve_of_six_remission_times_is_that_of_the_book():
    # 6-MP arm of Freireich et al. (1963), as in Kalbfleisch & Prentice, table 1.1
    days = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    closed = np.isin(np.arange(21), [0, 1, 2, 4, 6, 9, 10, 14, 15])
    curve = kaplan_meier(days, closed)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    told = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.open_share.round(3).tolist() == told
    errors = curve.open_share * np.sqrt(curve.spread)
    assert errors.round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    found = quantile(curve)
    assert (found.value, found.low, found.high) == (23, 13, None)


@pytest.mark.parametrize("seed", range(5))
def test_curve_and_its_intervals_agree_with_scipy(seed):
    time, closed = drawn(60, seed)
    theirs = ecdf(CensoredData(uncensored=time[closed], right=time[~closed])).sf
    curve = kaplan_meier(time, closed)
    at = np.searchsorted(theirs.quantiles, curve.times)
    np.testing.assert_allclose(curve.open_share, theirs.probabilities[at])
    with np.errstate(all="ignore"):
        band = theirs.confidence_interval(method="log-log")
    low, high = curve.limits()
    inside = np.isfinite(low)
    np.testing.assert_allclose(low[inside], band.low.probabilities[at][inside])
    np.testing.assert_allclose(high[inside], band.high.probabilities[at][inside])


@pytest.mark.parametrize("seed", range(5))
def test_two_groups_without_ties_agree_with_scipy(seed):
    a, b = drawn(40, seed), drawn(50, seed + 100, scale=20.0)
    theirs = logrank(*(CensoredData(uncensored=t[c], right=t[~c]) for t, c in (a, b)))
    ours = log_rank(*(np.concatenate(x) for x in zip(a, b, strict=True)), ["a"] * 40 + ["b"] * 50)
    assert ours.statistic == pytest.approx(theirs.statistic**2)
    assert ours.p == pytest.approx(theirs.pvalue)
    assert ours.df == 1


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_without_open_cases_median_and_mean_are_the_usual_ones(days):
    curve = kaplan_meier(days, np.ones(len(days), dtype=bool))
    assert quantile(curve).value == pytest.approx(np.median(days))
    mean = restricted_mean(curve, 1000.0)
    assert mean.value == pytest.approx(np.mean(days))
    error = np.std(days) / np.sqrt(len(days))
    assert mean.high == pytest.approx(mean.value + 1.959964 * error)


@given(CASES, st.integers(1, 12))
def test_pseudo_days_average_to_the_restricted_mean_and_vary_as_greenwood_says(cases, horizon):
    time, closed = np.array([t for t, _ in cases], float), np.array([c for _, c in cases])
    found = restricted_mean(kaplan_meier(time, closed), float(horizon))
    values = pseudo_days(time, closed, float(horizon))
    if isinstance(found, Message):
        return
    assert values.mean() == pytest.approx(found.value)
    if found.low > 0 and found.high < horizon:
        half = 1.959964 * values.std() / np.sqrt(len(values))
        assert found.value - found.low == pytest.approx(half, rel=1e-5)


@given(CASES)
def test_closing_an_open_case_at_its_cut_never_makes_the_curve_higher(cases):
    time, closed = np.array([t for t, _ in cases], float), np.array([c for _, c in cases])
    before = kaplan_meier(time, closed)
    after = kaplan_meier(time, np.ones_like(closed))
    at = np.searchsorted(before.times, after.times, side="right")
    assert (after.open_share <= np.append(1.0, before.open_share)[at] + 1e-12).all()


@given(CASES)
def test_entering_at_the_opening_is_no_late_entry(cases):
    time, closed = [t for t, _ in cases], np.array([c for _, c in cases])
    plain, late = kaplan_meier(time, closed), kaplan_meier(time, closed, entered=[0] * len(time))
    assert plain.at_risk.tolist() == late.at_risk.tolist()


def test_who_enters_late_is_at_risk_only_afterwards():
    curve = kaplan_meier([2, 4, 6, 8], [True] * 4, entered=[0, 0, 3, 5])
    assert curve.at_risk.tolist() == [2, 2, 2, 1]
    assert curve.open_share.tolist() == [0.5, 0.25, 0.125, 0.0]


def test_leaving_late_entry_out_would_make_durations_too_long():
    random = np.random.default_rng(0)
    whole = random.exponential(10, 40_000)
    entered = random.uniform(0, 30, 40_000)
    seen = whole > entered
    closed = np.ones(seen.sum(), dtype=bool)
    right = quantile(kaplan_meier(whole[seen], closed, entered=entered[seen]), 0.5)
    wrong = quantile(kaplan_meier(whole[seen], closed), 0.5)
    assert right.value == pytest.approx(10 * np.log(2), rel=0.1)
    assert wrong.value > 1.4 * right.value


def test_where_all_watched_cases_ran_out_early_nothing_is_told():
    curve = kaplan_meier([1, 5, 6], [True] * 3, entered=[0, 2, 2])
    assert curve.emptied
    assert isinstance(quantile(curve).told(), Message)
    assert isinstance(restricted_mean(curve, 5.0), Message)


def test_a_median_that_nobody_lived_to_see_is_unknown_with_its_lower_limit():
    found = quantile(kaplan_meier([1, 2, 9, 9, 9, 9, 9], [True, True] + [False] * 5))
    assert found.value is None
    assert "of the 7 cases are still open" in str(found.told())
    assert "none of the 2 cases" in str(quantile(kaplan_meier([1, 2], [False, False])).told())


def test_shares_of_all_and_none_have_exact_limits():
    curve = kaplan_meier([1, 2, 3], [True] * 3)
    before, after = open_after(curve, 0.5), open_after(curve, 3.5)
    assert (before.value, before.high, round(before.low, 3)) == (1.0, 1.0, 0.292)
    assert (after.value, after.low, round(after.high, 3)) == (0.0, 0.0, 0.975)
    assert isinstance(open_after(kaplan_meier([1, 2], [True, False]), 3.0), Message)


def test_three_groups_with_ties_and_strata_by_hand():
    found = log_rank([1, 1, 2, 3], [True, True, True, False], ["a", "b", "a", "c"])
    assert found.expected.tolist() == pytest.approx([1 + 0.5, 0.5, 0.5 + 0.5])
    assert found.df == 2
    apart = log_rank([1, 2, 1, 2], [True] * 4, ["a", "b", "b", "a"], strata=["x", "x", "y", "y"])
    assert apart.statistic == pytest.approx(0.0)
    alone = log_rank([1, 2], [True] * 2, ["a", "b"], strata=["x", "y"])
    assert "no two groups" in str(alone)


@given(CASES)
def test_closings_expected_are_as_many_as_there_were(cases):
    time, closed = [t for t, _ in cases], np.array([c for _, c in cases])
    found = log_rank(time, closed, [str(k % 3) for k in range(len(time))])
    if isinstance(found, LogRank):
        assert found.expected.sum() == pytest.approx(closed.sum())


def test_what_does_not_fit_is_refused():
    with pytest.raises(DataError, match="1 of 2 are not"):
        kaplan_meier([1, -2], [True, True])
    with pytest.raises(DataError, match="true or false"):
        kaplan_meier([1, 2], [1, 0])
    with pytest.raises(DataError, match="must enter the log before it ends; 1 of 2"):
        kaplan_meier([1, 2], [True, True], entered=[0, 3])
    with pytest.raises(DataError, match="'share' must lie"):
        quantile(kaplan_meier([1], [True]), 1.0)
    with pytest.raises(DataError, match="positive time"):
        restricted_mean(kaplan_meier([1], [True]), 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("n", [30, 100])
def test_intervals_of_median_and_mean_hold_as_often_as_they_say(n):
    median, mean = 10 * np.log(2), 10 * (1 - np.exp(-0.8))
    held, told, within, runs = 0, 0, 0, 2000
    for seed in range(runs):
        time, closed = drawn(n, seed, cut=40.0)
        curve = kaplan_meier(time, closed)
        found = quantile(curve)
        if found.value is not None:
            told += 1
            high = np.inf if found.high is None else found.high
            held += (found.low is None or found.low <= median) and median <= high
        area = restricted_mean(curve, 8.0)
        assert isinstance(area, Estimate)
        within += area.low <= mean <= area.high
    assert told > 0.99 * runs
    assert 0.93 <= held / told <= 0.98
    assert 0.92 <= within / runs <= 0.97


@pytest.mark.slow
def test_equal_groups_are_called_different_no_more_often_than_said():
    alarms, runs = 0, 2000
    for seed in range(runs):
        time, closed = drawn(120, seed)
        alarms += log_rank(time, closed, ["a"] * 30 + ["b"] * 30 + ["c"] * 60).p <= 0.05
    assert alarms / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert alarms / runs >= 0.03
