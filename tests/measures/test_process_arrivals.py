"""Arrivals: rates by hand, tests silent by chance and loud without."""

from datetime import datetime

import numpy as np
import pytest

from iagkit.core.errors import DataError
from iagkit.measures.processes.arrivals import arrivals

MONDAY = np.datetime64("2024-01-01T00:00", "us")
RATES = np.r_[np.zeros(8), 3, 5, 6, 4, 2, 3, 4, 2, np.zeros(8)]


def weekly_poisson(seed, weeks=30):
    """Office hours, Monday to Friday; the rate repeats every week."""
    rng = np.random.default_rng(seed)
    hours = [d * 24 + h for d in range(weeks * 7) if d % 7 < 5 for h in range(24)]
    counts = rng.poisson(np.tile(RATES, weeks * 5))
    at = np.repeat(hours, counts) + rng.uniform(size=counts.sum())
    return MONDAY + (at * 3.6e9).astype("timedelta64[us]")


def test_rates_by_weekday_hour_and_month():
    days = np.arange(70)
    at = MONDAY + days[days % 7 < 5] * np.timedelta64(24, "h") + np.timedelta64(570, "m")
    found = arrivals(at, until=datetime(2024, 3, 10, 23))
    assert [e.value for e in found.by_weekday] == [1, 1, 1, 1, 1, 0, 0]
    assert {e.n for e in found.by_weekday} == {10}
    assert found.by_hour[9].value == pytest.approx(50 / 70)
    assert found.by_hour[10].value == 0
    assert found.by_month[0].value == pytest.approx(23 / 31)
    assert found.by_month[3] is None
    assert (found.weekly.value, found.weekly.n) == (5, 10)


def test_a_poisson_process_with_a_weekly_pattern_is_seldom_called_otherwise():
    called = [arrivals(weekly_poisson(seed)).poisson for seed in range(40)]
    assert called.count(False) <= 6  # 2 expected of 40; more than 6 has a chance of 1 in 250


def test_stamps_rounded_to_minutes_are_not_mistaken_for_batches():
    called = [arrivals(weekly_poisson(s).astype("datetime64[m]")).poisson for s in range(20)]
    assert called.count(False) <= 4


def test_arrivals_every_half_hour_are_found_by_both_tests():
    found = arrivals(MONDAY + np.arange(2000) * np.timedelta64(30, "m"))
    assert found.poisson is False
    assert found.dispersion.value < 0.1
    assert found.gaps_p < 1e-6


def test_batches_are_found_by_their_gaps():
    one = weekly_poisson(3)
    found = arrivals(np.r_[one, one + np.timedelta64(1, "s")])
    assert found.gaps_p < 1e-6
    assert found.poisson is False


def test_a_season_is_found_by_dispersion_and_not_by_gaps():
    at = weekly_poisson(5, weeks=40)
    week = (at - MONDAY) // np.timedelta64(7, "D")
    keep = np.random.default_rng(1).uniform(size=len(at)) < np.where(week < 20, 1.0, 0.5)
    found = arrivals(at[keep])
    assert found.dispersion_p < 1e-6
    assert found.gaps_p > 0.001


def test_dates_have_no_hours_and_no_gaps():
    found = arrivals(weekly_poisson(7).astype("datetime64[D]"))
    assert found.by_hour == ()
    assert found.gaps_p is None
    assert found.dispersion is not None
    assert any("rounded" in str(m) for m in found.because)


def test_few_arrivals_are_not_tested():
    found = arrivals([MONDAY, MONDAY + np.timedelta64(5, "m")])
    assert found.poisson is None
    assert len(found.because) == 2


def test_no_arrival_is_refused():
    with pytest.raises(DataError, match="there is none"):
        arrivals(np.array(["NaT"], dtype="datetime64[us]"))


def test_stamps_of_which_many_are_dates_have_no_hours():
    days = np.datetime64("2024-01-01T00:00:00") + np.arange(300) * np.timedelta64(1, "D")
    hours = np.random.default_rng(0).integers(8, 17, 300) * np.timedelta64(1, "h")
    few, many = np.arange(300) % 20 == 0, np.arange(300) % 5 == 0
    assert len(arrivals(days + np.where(few, np.timedelta64(0, "h"), hours)).by_hour) == 24
    mixed = arrivals(days + np.where(many, np.timedelta64(0, "h"), hours))
    assert mixed.by_hour == ()
    assert mixed.gaps_p is None
