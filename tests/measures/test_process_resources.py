"""Calendars, skills and workload: by hand and by law."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.event_log import EventLog
from iagkit.measures.processes.resources import (
    calendars,
    skills,
    specialisation,
    union,
    workload,
)


def log_of(rows):
    """Make a log of rows of case, activity, start, end and resource."""
    events = pd.DataFrame(rows, columns=["case", "activity", "start", "end", "resource"])
    for column in ("start", "end"):
        events[column] = pd.to_datetime(events[column]).astype("datetime64[us]")
    events["order"] = range(len(events))
    cases = pd.DataFrame({"case": events["case"].unique()})
    cases = cases.assign(opened=events["end"].min(), closed=pd.NaT, due=pd.NaT)
    return EventLog(events=events, cases=cases, until=datetime(2024, 12, 31))


def weeks(n, resource="Ana", hours=(8, 15), days=range(5)):
    """Two pieces of work a day: from the first hour, and to the last."""
    rows = []
    for week in range(n):
        for day in days:
            monday = pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week, days=day)
            for hour in hours:
                start = monday + pd.Timedelta(hours=hour, minutes=10)
                rows.append(
                    (f"{week}-{day}-{hour}", "a", start, start + pd.Timedelta("30m"), resource)
                )
    return rows


def test_an_office_worker_is_on_duty_from_the_first_to_the_last_hour():
    found = calendars(log_of(weeks(8)))
    assert found.hours("Ana") == dict.fromkeys(range(5), ((8.0, 16.0),))
    assert found.weeks.tolist() == [8]
    assert not found.shared.any()


def test_one_night_in_ten_weeks_is_not_duty():
    odd = ("x", "a", "2024-01-06 03:00", "2024-01-06 03:20", "Ana")
    assert 5 not in calendars(log_of([*weeks(12), odd])).hours("Ana")


def test_who_left_few_traces_has_the_hours_of_all():
    found = calendars(log_of([*weeks(8), *weeks(1, "Eva", hours=(20,))]))
    assert found.shared.tolist() == [False, True]
    assert found.hours("Eva") == found.hours("Ana")


def test_nobody_named_means_no_calendar_and_no_work():
    log = log_of([("1", "a", "2024-01-01 09:00", "2024-01-01 10:00", None)])
    assert calendars(log).names == ()
    assert workload(log) == ()


def test_work_is_counted_once_where_it_overlaps_and_by_week():
    rows = [
        ("1", "a", "2024-01-01 09:00", "2024-01-01 12:00", "Ana"),
        ("2", "b", "2024-01-01 11:00", "2024-01-01 13:00", "Ana"),
        ("1", "b", "2024-01-08 09:00", "2024-01-08 11:00", "Ana"),
        ("1", "c", "2024-01-08 09:00", "2024-01-08 10:00", "Eva"),
    ]
    ana, eva = workload(log_of(rows))
    assert (ana.resource, ana.events, ana.cases) == ("Ana", 3, 2)
    assert dict(ana.activities) == {"b": 2, "a": 1}
    assert (ana.busy_hours.value, ana.busy_hours.n) == (3.0, 2)
    assert ana.together == pytest.approx(7 / 6)
    assert eva.busy_hours.value == 1.0


def test_work_over_the_end_of_a_week_belongs_to_both():
    rows = [("1", "a", "2024-01-07 23:00", "2024-01-08 01:00", "Ana")]
    (ana,) = workload(log_of(rows))
    assert (ana.busy_hours.value, ana.busy_hours.n) == (1.0, 2)


def test_without_starts_nobody_can_say_how_busy_people_are():
    (ana,) = workload(log_of([("1", "a", None, "2024-01-08 01:00", "Ana")]))
    assert ana.busy_hours is None
    assert ana.busy is None


def test_skills_are_counted_and_one_person_for_a_task_is_seen():
    day = ("2024-01-01 09:00", "2024-01-01 10:00")
    rows = [("1", "a", *day, "Ana"), ("2", "a", *day, "Eva"), ("1", "b", *day, "Eva")]
    people, tasks, counts = skills(log_of(rows))
    assert (people, tasks) == (("Ana", "Eva"), ("a", "b"))
    assert counts.tolist() == [[1, 0], [1, 1]]
    assert [e.value for e in specialisation(counts)] == [0.5, 1.0]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1))
def test_a_union_covers_the_same_minutes(spans):
    begin = np.array([a for a, _ in spans])
    end = np.array([a + n for a, n in spans])
    joined = union(begin, end)
    covered = {m for a, n in spans for m in range(a, a + n)}
    assert {m for a, b in zip(*joined, strict=True) for m in range(a, b)} == covered
    assert (joined[0][1:] > joined[1][:-1]).all()
