"""Changes over time: found with their period, and not where nothing changed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from iagkit.core.errors import DataError
from iagkit.measures.chance import holm, rare, redraw, whole
from iagkit.measures.change_points import Counts
from iagkit.measures.over_time import Series, between, seasons, watch

YEARS = tuple(f"{2020 + m // 12}-{m % 12 + 1:02}" for m in range(60))


def series(hits, cases, periods=None):
    cases = np.asarray(cases, dtype=float)
    return Series(
        periods=periods or tuple(f"p{i:02}" for i in range(len(cases))),
        hits=np.asarray(hits, dtype=float),
        cases=cases,
        n=cases.astype(int),
    )


def drawn(random, share, cases, periods=None):
    return series(random.binomial(cases, share), cases, periods)


def counts(hits, cases, strata=None):
    return Counts.of(
        np.asarray(hits, float), np.asarray(cases, float), strata, np.arange(len(hits), dtype=float)
    )


def test_the_ratio_of_two_periods_is_the_binomial_one_by_hand():
    # 2 log of (30/100)^30 (70/100)^70 (50/100)^100 over (40/200)... written out
    told = counts([30, 50], [100, 100])
    apart = 30 * np.log(0.3 / 0.4) + 70 * np.log(0.7 / 0.6)
    apart += 50 * np.log(0.5 / 0.4) + 50 * np.log(0.5 / 0.6)
    assert told.ratios(told.hits)[0] == pytest.approx(2 * apart * 199 / 200)


def test_the_slope_is_that_of_cochran_and_armitage():
    # Armitage's statistic without strata: the correlation of place and hit, squared, times n - 1
    hits, cases = np.array([20, 25, 30, 42]), np.array([100, 90, 95, 100])
    place = np.repeat(np.arange(4), cases)
    hit = np.concatenate([np.arange(n) < h for h, n in zip(hits, cases, strict=True)])
    told = counts(hits, cases)
    expected = abs(np.corrcoef(place, hit)[0, 1]) * np.sqrt(cases.sum() - 1)
    assert told.slope(told.hits) == pytest.approx(expected)
    rise, _ = told.rise()
    assert rise == pytest.approx(3 * np.polyfit(place, hit, 1)[0])


def test_two_periods_are_fishers_exact_test():
    found = watch({"x": series([30, 45], [100, 100])})["x"]
    exact = fisher_exact([[30, 70], [45, 55]]).pvalue
    assert found.change.p == pytest.approx(exact, abs=0.015)
    assert (found.change.last, found.change.period) == ("p00", "p01")


def test_the_period_of_a_step_is_found_with_the_level_before_and_after():
    random = np.random.default_rng(5)
    share = np.where(np.arange(24) < 15, 0.7, 0.5)
    change = watch({"x": drawn(random, share, np.full(24, 200))})["x"].change
    assert change.found
    assert abs(int(change.period[1:]) - 15) <= 1
    assert change.before.low < 0.7 < change.before.high
    assert change.after.low < 0.5 < change.after.high
    assert change.difference.low < -0.2 < change.difference.high < 0


def test_a_drift_is_found_as_a_trend():
    random = np.random.default_rng(6)
    trend = watch({"x": drawn(random, np.linspace(0.4, 0.6, 24), np.full(24, 200))})["x"].trend
    assert trend.found
    assert trend.difference.low < 0.2 < trend.difference.high


def test_a_season_alone_is_told_from_a_change_if_there_are_years_of_it():
    random = np.random.default_rng(7)
    season = np.where(np.arange(24) % 12 < 6, 0.4, 0.6)
    change = watch({"x": drawn(random, season, np.full(24, 300), YEARS[:24])})["x"].change
    assert change.found
    assert change.season > 0.05
    step = np.where(np.arange(24) < 12, 0.4, 0.6)
    change = watch({"x": drawn(random, step, np.full(24, 300), YEARS[:24])})["x"].change
    assert change.season <= 0.01
    year = watch({"x": drawn(random, season[:12], np.full(12, 300), YEARS[:12])})["x"].change
    assert (year.found, year.season) == (True, None)


@pytest.mark.parametrize(("periods", "told"), [
    (("2020-01", "2020-02", "2021-01", "2021-02"), [0, 1, 0, 1]),
    (("2020-Q1", "2021-Q1"), [0, 0]),
    (("2020-01", "2020-02"), None),
    (("2020-01", "2021-01", "2021-13"), None),
    (("2020", "2021"), None),
    ((), None),
])  # fmt: skip
def test_the_season_of_a_period_is_read_from_its_name(periods, told):
    found = seasons(periods)
    assert told is None if found is None else found.tolist() == told


def test_periods_that_differ_by_more_than_chance_count_for_less():
    random, alarms, spread = np.random.default_rng(9), 0, []
    for run in range(40):
        share = np.clip(random.normal(0.5, 0.1, 24), 0, 1)
        rough = watch({"x": drawn(random, share, np.full(24, 400))}, seed=run)["x"]
        alarms += rough.change.found or rough.trend.found
        spread.append(rough.spread)
    assert alarms <= 5
    assert 12 < np.mean(spread) < 23  # 1 + .1² · 400 / (.5 · .5) = 17
    step = np.where(np.arange(24) < 12, 0.3, 0.7)
    assert watch({"x": drawn(random, step, np.full(24, 400))})["x"].spread == 1


def test_periods_without_cases_are_passed_over():
    found = watch({"x": series([30, 0, 60], [100, 0, 100])})["x"].change
    assert (found.last, found.period, found.difference.n) == ("p00", "p02", 200)
    assert "at least 2 periods" in str(watch({"x": series([3, 0], [10, 0])})["x"])


@pytest.mark.filterwarnings("error")
def test_a_handful_of_hits_in_tiny_periods_is_no_change_and_has_a_wide_interval():
    hits = [1, 3, 3, 2, 0, 0, 3, 0, 0, 1, 1, 0]
    cases = [2, 300, 22, 63, 13, 7, 178, 1, 4, 106, 37, 1]
    change = watch({0: series(hits, cases)})[0].change
    assert not change.found
    assert change.before.high - change.before.low > 0.5  # of two cases


def test_all_hits_or_none_are_no_change():
    for hits in (0, 50):
        found = watch({"x": series([hits] * 6, [50] * 6)})["x"]
        assert (found.change.p, found.trend.p, found.change.difference.value) == (1, 1, 0)


def test_the_answer_does_not_depend_on_the_day_but_on_the_seed():
    one = {"x": drawn(np.random.default_rng(1), 0.5, np.full(12, 50))}
    assert watch(one, seed=3) == watch(one, seed=3)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=15))
def test_hits_and_misses_change_alike_and_time_can_run_backwards(both):
    hits, misses = np.array(both).T
    found = [watch({"x": one})["x"] for one in (
        series(hits, hits + misses), series(misses, hits + misses),
    )]  # fmt: skip
    if (hits + misses > 0).sum() < 2:
        assert all("periods with cases" in str(one) for one in found)
        return
    own, mirror = (one.change.difference for one in found)
    assert own.low <= own.value <= own.high
    told = counts(hits[hits + misses > 0], (hits + misses)[hits + misses > 0])
    other = counts(misses[hits + misses > 0], (hits + misses)[hits + misses > 0])
    assert np.allclose(told.ratios(told.hits), other.ratios(other.hits), atol=1e-8)
    back = counts(told.hits[::-1], told.cases[::-1])
    assert np.allclose(told.ratios(told.hits), back.ratios(back.hits)[::-1], atol=1e-8)
    if np.ptp(told.ratios(told.hits)) > 1e-6 and found[0].change.period == found[1].change.period:
        assert own.value == pytest.approx(-mirror.value, abs=1e-9)


def test_draws_keep_the_totals_of_every_stratum():
    random, strata = np.random.default_rng(0), np.array([0, 1, 0, 1, 0])
    hits, cases = np.array([3, 9, 0, 1, 5]), np.array([10, 9, 4, 2, 5])
    told = redraw(hits, cases, strata, draws=200, random=random)
    assert ((told >= 0) & (told <= cases)).all()
    assert (told[:, strata == 0].sum(axis=1) == 8).all()
    assert (told[:, strata == 1].sum(axis=1) == 10).all()


def test_drawing_stops_early_and_the_p_value_stays_valid():
    random, asked = np.random.default_rng(0), []

    def draw(many):
        asked.append(many)
        return random.random((many, 1))

    assert rare((0.5,), draw, draws=10_000).p[0] == pytest.approx(0.5, abs=0.2)
    assert sum(asked) == 500
    seen = [rare((random.random(),), draw, draws=2000).p[0] for _ in range(400)]
    assert np.mean(np.array(seen) <= 0.05) <= 0.08
    assert rare((2.0,), draw, draws=999).p[0] == 1 / 1000


def test_holm_is_the_published_procedure():
    # Holm (1979): steps m p(1), (m - 1) p(2), ..., never falling, at most 1
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


def test_fractions_of_cases_and_billions_of_them_become_counts_that_can_be_drawn():
    hits, cases = whole(np.array([0.4, 30.2]), np.array([0.8, 60.9]))
    assert (hits.tolist(), cases.tolist()) == ([0, 30], [1, 60])
    found = watch({"x": series([4e9, 5e9], [9e9, 9e9])})["x"]
    assert found.change.found


def test_two_dates_have_newcombes_interval():
    # Newcombe (1998), table II, example (a): 56/70 against 48/80 -> .0524 to .3339
    found = between(series([48, 56], [80, 70]), "p00", "p01")
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (found.value, found.n) == (pytest.approx(0.2), 150)
    assert "both periods" in str(between(series([1, 0], [5, 0]), "p00", "p01"))


def test_what_is_no_series_is_refused():
    with pytest.raises(DataError, match="1 of 2 periods"):
        series([5, 11], [10, 10])
    with pytest.raises(DataError, match="hits 1"):
        series([5], [10, 10])
    with pytest.raises(DataError, match="expected a period of the series"):
        between(series([5, 1], [10, 10]), "p00", "p09")
    with pytest.raises(DataError, match="between 0 and 1"):
        watch({}, level=1)


def uneven(random, periods):
    """Sizes from 1 to 300, in any order: months of a small town."""
    return random.permutation(np.geomspace(1, 300, periods).astype(int))


def alarms(periods, share, many, runs):
    """In how many runs anything is found in any of several series where nothing changed."""
    random, found = np.random.default_rng(periods + many), 0
    for run in range(runs):
        group = {i: drawn(random, share, uneven(random, periods)) for i in range(many)}
        found += any(w.change.found or w.trend.found for w in watch(group, seed=run).values())
    return found


@pytest.mark.parametrize(("periods", "share", "many"), [(12, 0.3, 1), (12, 0.03, 4), (36, 0.8, 2)])
def test_nothing_is_found_in_any_series_where_nothing_changed(periods, share, many):
    assert alarms(periods, share, many, 60) <= 6  # of 5 %, that many come in 97 of 100 tries


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.03, 0.3, 0.8])
def test_five_years_of_four_series_raise_a_false_alarm_once_in_twenty_at_most(share):
    assert alarms(60, share, 4, 200) / 200 <= 0.06


def test_a_shift_of_a_tenth_is_found_in_two_years_of_a_hundred_cases_a_month():
    random, found, near = np.random.default_rng(4), 0, 0
    share = np.where(np.arange(24) < 12, 0.3, 0.4)
    for run in range(40):
        change = watch({0: drawn(random, share, np.full(24, 100))}, seed=run)[0].change
        found += change.found
        near += change.found and abs(int(change.period[1:]) - 12) <= 2
    assert found >= 34
    assert near >= 0.8 * found
