"""Distances between logs: by hand, against another implementation of the same, laws, refusals."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.measures.processes.log_distance import (
    DISTANCES,
    aedd,
    cedd,
    ctdd,
    log_distances,
    ngd,
    redd,
)

MONDAY = datetime(2024, 1, 1)


def log(*rows, starts=True) -> EventLog:
    """Rows of case, activity, start and end, in hours since a Monday."""
    table = pd.DataFrame(rows, columns=["case", "activity", "start", "end"])
    for name in ("start", "end"):
        hours = table[name].astype(float)
        table[name] = pd.Timestamp(MONDAY) + pd.to_timedelta(hours, unit="h")
        table[name] = table[name].astype("datetime64[us]")
    if not starts:
        table["start"] = pd.NaT
    table["resource"], table["order"] = None, np.arange(len(table))
    cases = table.groupby("case").agg(opened=("end", "min"), closed=("end", "max")).reset_index()
    cases["due"] = pd.NaT
    return EventLog(events=table, cases=cases, until=MONDAY + timedelta(days=365))


ONE = log(("1", "a", 0, 1), ("1", "b", 2, 3))


def test_two_activities_have_four_trigrams_with_the_blanks_around_them():
    other = log(("1", "a", 0, 1), ("1", "c", 2, 3))
    # (_, _, a) is in both; (_, a, b), (a, b, _), (b, _, _) only in one: 6 of 8
    assert ngd(ONE, other).value == 6 / 8
    assert ngd(ONE, other).n == 2
    assert ngd(ONE, other, n=1).value == 2 / 4


def test_a_log_with_twice_as_many_cases_is_not_the_same():
    twice = log(*((c, a, s, e) for c in "12" for a, s, e in [("a", 0, 1), ("b", 2, 3)]))
    assert ngd(ONE, twice).value == 4 / 12


def test_order_is_that_of_starts_not_of_ends():
    parallel = log(("1", "b", 1, 2), ("1", "a", 0, 9))
    assert ngd(ONE, parallel).value == 0


def test_a_log_that_is_five_hours_later_is_five_hours_away():
    later = log(("1", "a", 5, 6), ("1", "b", 7, 8))
    assert (aedd(ONE, later).value, aedd(ONE, later).n, aedd(ONE, later).unit) == (5, 8, "hours")
    assert redd(ONE, later).value == ctdd(ONE, later).value == 0


def test_times_are_rounded_down_to_hours_before_they_are_compared():
    assert aedd(log(("1", "a", 0, 0)), log(("1", "a", 0.99, 0.99))).value == 0
    assert aedd(log(("1", "a", 0.99, 0.99)), log(("1", "a", 1.01, 1.01))).value == 1


def test_hours_of_the_case_are_counted_from_its_first_start():
    slow = log(("1", "a", 50, 51), ("1", "b", 56, 57))
    # 0, 1, 2, 3 against 0, 1, 6, 7
    assert redd(ONE, slow).value == 2
    assert ctdd(ONE, slow).value == 4
    assert ctdd(ONE, slow).n == 2


def test_bins_of_cycle_times_begin_at_the_shortest_of_both_logs():
    short, long = log(("1", "a", 0, 0.5)), log(("1", "a", 0, 1.4))
    assert ctdd(short, long).value == 0  # 0.9 hours longer than the shortest
    assert ctdd(short, log(("1", "a", 0, 1.6))).value == 1


def test_the_day_of_the_week_is_compared_with_itself():
    tuesday = log(("1", "a", 24, 25), ("1", "b", 26, 27))
    assert cedd(ONE, tuesday).value == pytest.approx(2 * 23 / 7)
    week_later = log(("1", "a", 168 + 4, 168 + 5), ("1", "b", 168 + 6, 168 + 7))
    assert cedd(ONE, week_later).value == pytest.approx(4 / 7)
    assert cedd(ONE, week_later).n == 8


def test_where_starts_are_not_known_the_ends_count():
    bare = log(("1", "a", 0, 1), ("1", "b", 2, 3), starts=False)
    assert redd(bare, bare).value == 0
    assert ctdd(bare, ONE).value == 1  # two hours against three
    assert ngd(bare, ONE).value == 0


hours = st.integers(0, 400)
logs = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from("ab"), hours, hours), min_size=1, max_size=12
).map(lambda rows: log(*((c, a, min(s, e), max(s, e)) for c, a, s, e in rows)))


@given(logs, logs)
def test_the_way_back_is_as_long_and_to_oneself_is_none(ours, theirs):
    for name, distance in DISTANCES.items():
        assert distance(ours, ours).value == 0, name
        assert distance(ours, theirs) == distance(theirs, ours), name


@given(logs, logs)
def test_moving_earth_is_what_scipy_says_it_is(ours, theirs):
    def stamps(one):
        both = pd.concat([one.events["start"], one.events["end"]])
        return ((both - pd.Timestamp(MONDAY)) / pd.Timedelta(hours=1)).to_numpy()

    assert aedd(ours, theirs).value == pytest.approx(
        wasserstein_distance(stamps(ours), stamps(theirs)), abs=1e-9
    )


def test_all_five_have_a_count_and_a_unit():
    found = log_distances(ONE, ONE)
    assert list(found) == ["ngd", "aedd", "cedd", "redd", "ctdd"]
    assert {e.unit for e in found.values()} == {"share", "hours"}
    assert all(e.n for e in found.values())


def test_a_log_without_events_and_grams_of_nothing_are_refused():
    empty = EventLog(events=ONE.events[:0], cases=ONE.cases[:0], until=MONDAY)
    for distance in DISTANCES.values():
        with pytest.raises(DataError, match="at least one event"):
            distance(ONE, empty)
    with pytest.raises(DataError, match="at least one activity; got 0"):
        ngd(ONE, ONE, n=0)
