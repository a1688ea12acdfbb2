"""Filters of cases leave out what was said, count it, and refuse what would tell on people."""

from datetime import datetime

import pandas as pd
import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.measures.processes.durations import durations
from iagkit.prototypes.processes.narrowing import narrowed


def a_log():
    """Twenty cases: four open, ten with a deadline, twelve of lamps, two that took no time."""
    opened = pd.to_datetime(["2024-01-01 09:00"] * 20).astype("datetime64[us]")
    days = pd.to_timedelta([0, 0, *range(1, 19)], unit="D")
    closed = pd.Series(opened + days).where([k < 16 for k in range(20)])
    due = pd.Series(opened + pd.Timedelta(days=8)).where([k % 2 == 0 for k in range(20)])
    cases = pd.DataFrame({
        "case": [f"id-{k}" for k in range(20)], "opened": opened, "closed": closed, "due": due,
        "district": ["north"] * 9 + [None] + ["south"] * 10,
        "request_type": ["lamp"] * 12 + ["road"] * 8,
    })  # fmt: skip
    events = pd.DataFrame({
        "case": cases["case"], "activity": "opened", "start": pd.NaT, "end": opened,
        "resource": None, "order": range(20),
    })  # fmt: skip
    return EventLog(
        events=events, cases=cases, until=datetime(2024, 1, 20, 9), groups=("district",)
    )


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("closed", 16), ("due", 10), ("group", 19), ("duration>1min", 18), ("duration<30d", 20),
        ("type>8", 12), ("district=south", 10), ("request_type=road", 8),
    ],
)  # fmt: skip
def test_each_filter_keeps_the_cases_it_names_and_says_so(told, left):
    found = narrowed(a_log(), [told])
    assert len(found.cases) == len(found.events) == left
    assert f"{20 - left} of 20 cases were left out" in " ".join(map(str, found.remarks))


def test_filters_are_taken_one_after_another():
    assert len(narrowed(a_log(), ["closed", "type>8"]).cases) == 12
    assert len(narrowed(a_log(), ["duration>3d", "type>6", "closed"]).cases) == 11
    with pytest.raises(DataError, match=r"at least 5 cases.*duration < 49 h"):
        narrowed(a_log(), ["duration < 49 h"])
    with pytest.raises(DataError, match="leaves fewer"):
        narrowed(a_log(), ["district=south", "type>8"])


def test_leaving_open_cases_out_is_told_as_a_bias():
    told = " ".join(map(str, narrowed(a_log(), ["closed"]).remarks))
    assert "too short for all" in told


def test_among_closed_cases_the_fate_of_every_deadline_is_known():
    log = a_log()
    early = EventLog(
        events=log.events, cases=log.cases, until=datetime(2024, 1, 5, 9), groups=log.groups
    )
    assert durations(early).judged.sum() == 0
    closed = durations(narrowed(early, ["closed"]))
    assert closed.judged.sum() == len(closed) - 3


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("open", "expected a filter such as closed"),
        ("duration>1week", "expected a filter such as closed"),
        ("distrit=north", "no 'distrit'"),
        ("case=id-1", "no 'case'"),
    ],
)
def test_what_is_no_filter_is_refused(told, why):
    with pytest.raises(UsageError, match=why):
        narrowed(a_log(), [told])


def test_kinds_need_a_column_that_tells_them():
    log = a_log()
    plain = EventLog(
        events=log.events, cases=log.cases.drop(columns="request_type"), until=log.until
    )
    with pytest.raises(UsageError, match="Name it with --case-type"):
        narrowed(plain, ["type>3"])
