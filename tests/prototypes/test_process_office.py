"""Office hours as people write them, and what they come to."""

from datetime import date, datetime

import pandas as pd
import pytest

from iagkit.core.errors import UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message
from iagkit.prototypes.processes.asked import with_options
from iagkit.prototypes.processes.office import clock_of, hours_a_day
from iagkit.prototypes.processes.working import evidence


def test_hours_of_different_days_and_breaks():
    clock = clock_of({"hours": ["mon-thu 8-12 13:30-17", "fri 9-13"]}, years=[2024])
    assert clock.hours[0] == ((8.0, 12.0), (13.5, 17.0))
    assert clock.hours[4] == ((9.0, 13.0),)
    assert 5 not in clock.hours
    assert hours_a_day(clock) == pytest.approx((4 * 7.5 + 4) / 5)


@pytest.mark.parametrize("told", ["lun-vie 8-16", "seg-sex 8-16", "Mon-Fri 8:00-16:00"])
def test_days_are_named_in_three_languages(told):
    assert clock_of({"hours": told}, years=[2024]).hours == clock_of({}, years=[2024]).hours


@pytest.mark.parametrize(
    ("calendar", "place"), [("BR", ("BR", "")), ("BR-SC", ("BR", "SC")), ("es-AR", ("AR", ""))]
)
def test_a_calendar_is_a_country_with_or_without_its_state_or_language(calendar, place):
    clock = clock_of({"calendar": calendar}, years=[2024])
    assert (clock.country, clock.subdivision) == place


def test_a_yearly_recess_closes_every_year_also_over_the_turn():
    clock = clock_of({"recess": ["12-20/01-20"]}, years=[2023, 2024])
    closed = clock.closed_days(date(2023, 1, 1), date(2024, 12, 31))
    assert date(2023, 1, 10) in closed
    assert date(2024, 1, 20) in closed
    assert date(2024, 12, 20) in closed
    assert date(2024, 1, 21) not in closed


@pytest.mark.parametrize(
    "told",
    [
        {"hours": "monday morning"}, {"hours": "mon-fri 17-8"}, {"recess": ["July"]},
        {"recess": ["2024-07-20/2024-07-10"]}, {"calendar": "XX"}, {"timetable": "8-16"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_an_example(told):
    with pytest.raises(UsageError, match="expected"):
        clock_of(told, years=[2024])


def test_options_go_before_what_is_declared_and_leave_the_rest():
    declared = {"clock": {"calendar": "CO", "optional": True}, "remaining": False}
    told = with_options(declared, {"calendar": "BR-SC", "filters": ("closed",), "recess": None})
    assert told["clock"] == {"calendar": "BR-SC", "optional": True}
    assert (told["filters"], told["remaining"]) == (["closed"], False)
    assert with_options(declared, {}) == declared


def a_log():
    """Forty cases from Friday 15:00 to Monday 9:00 and some minutes."""
    opened = pd.to_datetime(["2024-03-01 15:00"] * 40).astype("datetime64[us]")
    later = pd.to_timedelta(range(40), unit="min")
    closed = (pd.to_datetime(["2024-03-04 09:00"] * 40) + later).astype("datetime64[us]")
    cases = pd.DataFrame({
        "case": [str(k) for k in range(40)], "opened": opened, "closed": closed, "due": pd.NaT,
    })  # fmt: skip
    events = pd.DataFrame({
        "case": cases["case"].tolist() * 2, "activity": ["in"] * 40 + ["out"] * 40,
        "start": pd.NaT, "end": [*opened, *closed], "resource": None, "order": range(80),
    })  # fmt: skip
    return EventLog(events=events, cases=cases, until=datetime(2024, 3, 4, 12))


def test_a_weekend_is_no_working_time():
    found, facts = evidence(a_log(), {"hours": "mon-fri 8-16"})
    spent = found["working_time"]
    assert spent.hours == pytest.approx([2 + k / 60 for k in range(40)])
    assert (spent.in_days, spent.outside.value) == (False, 0.0)
    told = spent.median(spent.closed)
    assert (told.value, told.unit) == (pytest.approx(2 + 19.5 / 60), "working hours")
    assert told.low < told.value < told.high
    assert facts["office"]["hours_a_day"] == 8.0
    assert isinstance(found["working_wait"], Message)


def test_without_office_hours_nothing_is_told_of_working_time():
    found, facts = evidence(a_log(), None)
    assert isinstance(found["working_time"], Message)
    assert facts == {}
    with pytest.raises(UsageError, match="got one value"):
        evidence(a_log(), "BR")
