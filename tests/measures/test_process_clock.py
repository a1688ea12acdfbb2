"""The business clock: by hand, by law, and what it refuses."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.measures.processes.clock import BusinessClock

SPLIT = {0: ((8, 12), (13.5, 17)), 5: ((9, 11),)}
MINUTES = st.integers(0, 60 * 24 * 400)


def moment(minutes):
    return np.datetime64("2023-12-01T00:00", "us") + np.timedelta64(minutes, "m")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2024-03-04 09:00", "2024-03-04 11:30", 2.5),  # a Monday
        ("2024-03-04 11:00", "2024-03-04 14:00", 1.5),  # over lunch
        ("2024-03-04 06:00", "2024-03-05 06:00", 7.5),
        ("2024-03-04 18:00", "2024-03-11 08:00", 2.0),  # to the next Monday: Saturday only
        ("2024-03-09 10:30", "2024-03-11 09:00", 1.5),
        ("2024-03-04 12:15", "2024-03-04 13:15", 0.0),
    ],
)
def test_hours_of_a_split_week(start, end, hours):
    assert BusinessClock(hours=SPLIT).hours_between([start], [end])[0] == hours


def test_a_holiday_of_the_country_of_the_state_and_a_recess_are_closed():
    day = (["2024-07-08 00:00"], ["2024-07-11 00:00"])  # 9 July: revolution of 1932, São Paulo
    assert BusinessClock(country="BR").hours_between(*day)[0] == 24
    assert BusinessClock(country="BR", subdivision="SP").hours_between(*day)[0] == 16
    recess = [(date(2024, 7, 10), date(2024, 7, 31))]
    clock = BusinessClock(country="BR", subdivision="SP", recess=recess)
    assert clock.hours_between(*day)[0] == 8
    named = clock.closed_days(date(2024, 7, 1), date(2024, 7, 10))
    assert named[date(2024, 7, 10)] == ""
    assert date(2024, 7, 9) in named


def test_carnival_is_closed_only_where_it_is_asked_for():
    carnival = (["2024-02-12 00:00"], ["2024-02-14 00:00"])
    assert BusinessClock(country="BR").hours_between(*carnival)[0] == 16
    assert BusinessClock(country="BR", optional=True).hours_between(*carnival)[0] == 0


@pytest.mark.parametrize(
    "country",
    [
        "AR",
        "BO",
        "BR",
        "CL",
        "CO",
        "CR",
        "CU",
        "DO",
        "EC",
        "SV",
        "GT",
        "HN",
        "MX",
        "NI",
        "PA",
        "PY",
        "PE",
        "PT",
        "UY",
        "VE",
        "ES",
    ],
)
def test_every_country_of_the_region_is_known_and_rests_on_new_year(country):
    clock = BusinessClock(country=country)
    assert date(2024, 1, 1) in clock.closed_days(date(2024, 1, 1), date(2024, 1, 2))


@given(MINUTES, MINUTES, MINUTES)
def test_hours_add_up_over_any_moment_between(a, b, c):
    a, b, c = sorted((a, b, c))
    clock = BusinessClock(hours=SPLIT, country="BR")
    parts = clock.hours_between([moment(a), moment(b)], [moment(b), moment(c)])
    whole = clock.hours_between([moment(a)], [moment(c)])[0]
    assert parts.sum() == pytest.approx(whole, abs=1e-9)
    assert 0 <= whole <= (c - a) / 60


@given(MINUTES)
def test_a_minute_counts_exactly_where_it_is_open(a):
    clock = BusinessClock(hours=SPLIT, country="MX")
    spent = clock.hours_between([moment(a)], [moment(a + 1)])[0] * 60
    assert spent == pytest.approx(float(clock.is_open([moment(a)])[0]))


def test_a_term_of_working_days_ends_when_the_office_closes():
    clock = BusinessClock(country="BR")
    ends = clock.days_after(["2024-04-30 15:00", "NaT", "2024-05-01 10:00"], 2)
    assert ends[0] == np.datetime64("2024-05-03T16:00")
    assert np.isnat(ends[1])
    assert ends[2] == np.datetime64("2024-05-03T16:00")


def test_missing_moments_have_unknown_hours():
    found = BusinessClock().hours_between(["NaT", "2024-03-04 09:00"], ["2024-03-04", "NaT"])
    assert np.isnan(found).all()


def test_what_cannot_be_is_refused():
    with pytest.raises(DataError, match=r"1 are before\. Were both swapped"):
        BusinessClock().hours_between(["2024-03-05"], ["2024-03-04"])
    with pytest.raises(UsageError, match="hours in order"):
        BusinessClock(hours={0: ((9, 12), (11, 13))})
    with pytest.raises(UsageError, match="first to last"):
        BusinessClock(recess=[(date(2024, 2, 1), date(2024, 1, 1))])
    with pytest.raises(UsageError, match=r"such as BR.*'XX'"):
        BusinessClock(country="XX")
    with pytest.raises(UsageError, match="'BR-ZZ'"):
        BusinessClock(country="BR", subdivision="ZZ")
    with pytest.raises(DataError, match="from 1900 to 2200"):
        BusinessClock().hours_between(["2024-03-05"], ["7021-03-04"])
    with pytest.raises(DataError, match="local times"):
        BusinessClock().hours_between(["yesterday"], ["today"])
