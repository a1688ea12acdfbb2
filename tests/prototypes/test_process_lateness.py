"""Cases that will be late: evenings by hand, alarms under a capacity, the list of open cases."""

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from test_process_prefixes import log_of

from iagkit.core.errors import DataError, DeclarationError
from iagkit.prototypes.processes.alarms import raise_alarms
from iagkit.prototypes.processes.at_work import COLUMNS, AtWork
from iagkit.prototypes.processes.deadlines import with_deadlines
from iagkit.prototypes.processes.landmarks import every_prefix, landmarks, running
from iagkit.prototypes.processes.lateness import ALL_ALIKE, ANYTHING, SAME_CHANCE, area


def two_cases():
    log = log_of(
        ("a", "ask", "2024-03-01 09:00", "Ana"),
        ("a", "answer", "2024-03-04 09:00", "Ana"),
        ("b", "ask", "2024-03-02 09:00", "Ana"),
    )
    due = pd.to_datetime(["2024-03-03 12:00", "2024-03-05 12:00"])
    cases = log.cases.assign(due=due, closed=[log.cases["closed"][0], pd.NaT])
    return replace(log, cases=cases, until=datetime(2024, 3, 4, 12))


def test_a_case_is_looked_at_on_evenings_while_it_is_open_and_its_deadline_ahead():
    log = two_cases()
    found = landmarks(log, every_prefix(log))
    names = found.prefixes.names[found.row]
    told = list(zip(names, found.at.astype("datetime64[D]").astype(str), strict=True))
    assert told == [
        ("a", "2024-03-02"), ("a", "2024-03-03"), ("b", "2024-03-03"), ("b", "2024-03-04"),
    ]  # fmt: skip
    assert found.days_to_due.tolist() == [1.5, 0.5, 2.5, 1.5]
    assert found.late.tolist() == [True, True, True, True]


def test_only_open_cases_are_listed_and_by_numbers_alone():
    log = two_cases()
    assert running(log, every_prefix(log)).prefixes.names[
        running(log, every_prefix(log)).row
    ].tolist() == ["b"]
    table = AtWork(remaining=None, margin=0.0, lateness=None).open_cases(log)
    assert tuple(table.columns) == COLUMNS
    assert table["id"].tolist() == ["b"]
    assert table["days_to_due"].tolist() == [1.0]
    assert table["chance_late"].isna().all()


def test_alarms_are_raised_for_the_likeliest_and_never_beyond_the_capacity():
    log = two_cases()
    rows = landmarks(log, every_prefix(log))
    chance = np.array([0.2, 0.9, 0.8, 0.1])
    one = raise_alarms(rows, chance, capacity=1.0)
    assert one.raised.tolist() == [True, True]
    assert one.days_ahead.tolist() == [1.5, 2.5]
    half = raise_alarms(rows, chance, capacity=0.5)
    assert half.raised.tolist() == [True, False]
    with pytest.raises(DataError, match="capacity above 0"):
        raise_alarms(rows, chance, capacity=0.0)


def test_how_often_late_cases_stand_above_is_a_number_only_where_it_says_something():
    late = np.tile([True, False], 30)
    asked = SimpleNamespace(late=late, case=np.arange(60))
    told = np.where(late, 0.8, 0.2) + np.linspace(0, 0.1, 60)
    assert area(asked, told, level=0.95).value == 1.0
    assert area(asked, np.full(60, 0.3), level=0.95) == SAME_CHANCE
    assert area(replace_late(asked, True), told, level=0.95) == ALL_ALIKE
    two = SimpleNamespace(late=late[:2], case=np.arange(2))
    assert area(two, np.array([0.3, 0.4]), level=0.95) == ANYTHING


def replace_late(asked, all_of_them):
    return SimpleNamespace(late=np.full(len(asked.late), all_of_them), case=asked.case)


def test_deadlines_are_counted_from_the_opening_where_the_log_tells_none():
    log = log_of(("a", "ask", "2024-03-01 09:00", "Ana"))
    assert with_deadlines(log, 10).cases["due"].tolist() == [pd.Timestamp("2024-03-11 09:00")]
    with pytest.raises(DeclarationError, match="'soon'"):
        with_deadlines(log, "soon")
