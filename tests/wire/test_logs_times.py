"""Times as they are written, on one clock: nothing is guessed in silence."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.wire.logs.clocks import one_clock
from iagkit.wire.logs.times import stamps_of, written


def read(cells, **options):
    clock = one_clock({"timestamp": written(pd.Series(cells), "when")}, **options)
    return clock.times["timestamp"], clock


def texts(times):
    return ["" if np.isnat(t) else str(t)[:19] for t in times]


def test_times_are_read_as_the_region_writes_them():
    found = stamps_of(
        written(
            pd.Series([
                "2024-03-04", "20240304", "20240304153000", "04/03/2024 15:30",
                "4/3/2024 3:30:05 p. m.", "4 de marzo de 2024", "4 de março de 2024", "4-dez-2024",
                "March 4, 2024 15:30", "2024-03-04T15:30:00.123456Z", "04.03.2024",
                "2024/03/04 15h30", "4/3/24", "12:00", "", "nunca", "2024-02-30", "2024-13-01",
                None,
            ])
        ),
        day_first=True,
    )  # fmt: skip
    assert texts(found) == [
        "2024-03-04T00:00:00", "2024-03-04T00:00:00", "2024-03-04T15:30:00", "2024-03-04T15:30:00",
        "2024-03-04T15:30:05", "2024-03-04T00:00:00", "2024-03-04T00:00:00", "2024-12-04T00:00:00",
        "2024-03-04T15:30:00", "2024-03-04T15:30:00", "2024-03-04T00:00:00", "2024-03-04T15:30:00",
        "2024-03-04T00:00:00", "", "", "", "", "", "",
    ]  # fmt: skip


@given(
    st.lists(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), min_size=1),
    st.integers(-14 * 60, 14 * 60),
)
def test_an_iso_time_is_what_it_says_in_any_year_and_offset(moments, away):
    sign, far = "-" if away < 0 else "+", abs(away)
    cells = [f"{m.isoformat()}{sign}{far // 60:02d}:{far % 60:02d}" for m in moments]
    column = written(pd.Series(cells))
    assert stamps_of(column, day_first=True).tolist() == moments
    assert set(column.offset) == {float(away)}


@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 31)))
def test_the_order_that_wrote_a_date_reads_it(moment):
    day = pd.Series([moment.strftime("%d/%m/%Y %H:%M"), "31/12/2024 00:00"])
    month = pd.Series([moment.strftime("%m-%d-%Y %I:%M %p"), "12-31-2024 12:00 AM"])
    minute = moment.replace(second=0, microsecond=0)
    for cells in (day, month):
        assert read(cells)[0][0].astype(object) == minute


def test_numbers_are_dates_only_where_they_look_like_one():
    assert texts(read([20240304, 20240305])[0]) == ["2024-03-04T00:00:00", "2024-03-05T00:00:00"]
    with pytest.raises(DataError, match="2 cells with something in them 0 can be read"):
        read([45000.0, 45001.0, None])


def test_dates_that_can_be_read_in_two_ways_are_refused_with_the_flag_to_give():
    with pytest.raises(DataError, match=r"all 2 may have the day first.*--dates day-first"):
        read(["04/03/2024", "05/06/2024"])
    assert texts(read(["04/03/2024"], dates="month-first")[0]) == ["2024-04-03T00:00:00"]
    assert texts(read(["04/03/2024"], dates="day-first")[0]) == ["2024-03-04T00:00:00"]


def test_one_date_that_can_be_read_in_one_way_decides_for_all_and_is_told():
    times, clock = read(["04/03/2024", "13/03/2024"])
    assert texts(times)[0] == "2024-03-04T00:00:00"
    assert "day first" in str(clock.remarks[0])
    times, clock = read(["04/03/2024", "03/13/2024"])
    assert texts(times)[0] == "2024-04-03T00:00:00"
    assert "month first" in str(clock.remarks[0])


def test_another_column_of_the_table_decides_too():
    columns = {
        "opened": written(pd.Series(["04/03/2024"]), "opened"),
        "closed": written(pd.Series(["03/25/2024"]), "closed"),
    }
    assert texts(one_clock(columns).times["opened"]) == ["2024-04-03T00:00:00"]


def test_a_column_of_two_orders_is_refused():
    with pytest.raises(DataError, match="1 can only have the day first and 1 only the month"):
        read(["25/03/2024", "03/25/2024"])
    with pytest.raises(DataError, match="as told; 1 of them cannot"):
        read(["25/03/2024"], dates="month-first")


def test_a_column_that_holds_no_times_is_refused_without_a_cell():
    with pytest.raises(DataError, match="3 cells") as refused:
        read(["Perez", "Gomez", "2024-03-04"])
    assert "Perez" not in str(refused.value)


def test_offsets_are_converted_to_the_zone_that_is_told():
    times, clock = read(["2024-03-04T12:00:00Z", "2024-03-04T09:00:00-03:00"], zone="America/Lima")
    assert texts(times) == ["2024-03-04T07:00:00"] * 2
    assert clock.zone == "America/Lima"


def test_a_zone_is_recognised_by_its_offsets_in_summer_and_winter():
    times, clock = read(["2024-01-04T12:00:00-03:00", "2024-07-04T12:00:00-04:00"])
    assert clock.zone == "America/Santiago"
    assert texts(times) == ["2024-01-04T12:00:00", "2024-07-04T12:00:00"]


def test_offsets_of_no_place_become_utc_and_that_is_told():
    times, clock = read(["2024-01-04T12:00:00+05:45", "2024-07-04T12:00:00-04:30"])
    assert (clock.zone, texts(times)[1]) == ("UTC", "2024-07-04T16:30:00")
    assert "no single time zone" in str(clock.remarks[-1])


def test_dates_written_as_midnights_in_utc_get_their_day_back():
    days = [datetime(2024, 1, 5) + timedelta(days=k) for k in range(300)]
    cells = pd.DatetimeIndex(days).tz_localize("Europe/Madrid").tz_convert("UTC")
    times, clock = read(cells)
    assert clock.zone == "Europe/Madrid"
    assert times.tolist() == days


def test_a_nightly_job_in_utc_is_no_midnight_of_elsewhere():
    night = [datetime(2024, 1, 5, 3) + timedelta(days=k) for k in range(300)]
    noon = [datetime(2024, 1, 5, 11, 7) + timedelta(hours=5 * k) for k in range(600)]
    assert read(pd.DatetimeIndex(night + noon).tz_localize("UTC"))[1].zone == "UTC"


def test_times_with_and_without_an_offset_together_are_told():
    _, clock = read(["2024-03-04T12:00:00Z", "2024-03-04 12:00"])
    assert "1 times without a time zone" in str(clock.remarks[-1])


def test_impossible_years_are_kept_for_whoever_counts_them():
    times, _ = read(
        ["0001-05-04T00:00:00.000Z", "7021-09-06T17:28:04.000Z", "2024-03-04T00:00:00Z"]
    )
    assert texts(times)[:2] == ["0001-05-04T00:00:00", "7021-09-06T17:28:04"]


def test_an_unknown_zone_is_refused_with_the_likely_one():
    with pytest.raises(UsageError, match="America/Bogota"):
        read(["2024-03-04"], zone="America/Bogotá")
