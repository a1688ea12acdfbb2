"""Tables of requests: opened, due and closed become a log with two events a case."""

from datetime import datetime

import pandas as pd
import pytest

from iagkit.core.errors import DataError
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess

COLUMNS = ("id", "opened", "closed", "due", "status")


def log_of(*cells, columns=COLUMNS, names=None, **options):
    table = pd.DataFrame(cells, columns=list(columns))
    return event_log(table, guess(table, **(names or {})), **options)


def said(log):
    return " | ".join(map(str, log.remarks))


def test_requests_by_hand():
    log = log_of(
        ("007", "2024-03-14 09:00", "2024-03-16 10:00", "2024-03-15", "Closed"),
        ("008", "2024-03-15 09:00", None, "2024-03-20", "Open"),
    )
    assert log.events[["case", "activity"]].values.tolist() == [
        ["007", "opened"], ["007", "closed"], ["008", "opened"],
    ]  # fmt: skip
    assert log.cases["closed"].notna().tolist() == [True, False]
    assert log.cases["due"][0] == pd.Timestamp("2024-03-15 23:59:59.999999")
    assert log.until == datetime(2024, 3, 16, 10)


def test_what_cannot_be_is_left_out_and_counted_by_kind():
    log = log_of(
        ("1", "2024-03-14 09:00", "2024-03-16 10:00", None, "Closed"),
        ("1", "2024-03-14 09:00", "2024-03-17 10:00", None, "Closed"),
        ("2", "0001-03-14 09:00", "2024-03-16 10:00", None, "Closed"),
        ("3", "2024-03-16 09:00", "2024-03-14 10:00", None, "Closed"),
        ("4", None, "2024-03-16 10:00", None, "Closed"),
        ("5", "2024-03-14 09:00", None, None, "Closed"),
        ("6", "2024-03-14 09:00", "2024-03-15 10:00", None, "Pending"),
        ("7", "7021-03-14 09:00", None, None, "Open"),
        ("8", "2024-12-14 09:00", None, None, "Open"),
    )
    counted = {k: n for k, n in log.facts.items() if isinstance(n, int) and n and k != "rows"}
    assert counted == {
        "repeated_cases": 1, "differing_repeats": 1, "no_time": 1, "impossible_time": 2,
        "after_the_cut": 1, "closed_before_opened": 1, "closed_without_time": 1, "reopened": 1,
    }  # fmt: skip
    assert log.cases["case"].tolist() == ["1", "6"]
    assert log.cases["closed"].notna().tolist() == [True, False]


def test_a_last_motion_closes_a_case_if_its_name_says_so():
    columns = ("id", "filing_date", "last_motion_date", "last_motion_name")
    cells = (
        ("1", "2024-03-14", "2024-03-16", "Baixa Definitiva"),
        ("2", "2024-03-14", "2024-03-18", "Petição"),
    )
    log = log_of(*cells, columns=columns)
    assert log.cases["closed"].notna().tolist() == [True, False]
    assert log.events["activity"].tolist() == ["opened", "closed", "opened", "last motion"]
    told = log_of(*cells, columns=columns, end_activities=["Petição"])
    assert told.cases["closed"].notna().tolist() == [False, True]
    with pytest.raises(DataError, match="'Peticao' is none"):
        log_of(*cells, columns=columns, end_activities=["Peticao"])


def test_where_nothing_says_which_are_closed_all_are_open_and_that_is_told():
    log = log_of(("1", "2024-03-14", "2024-03-16", "x"), ("2", "2024-03-15", "2024-03-18", "y"),
                 columns=("id", "filing_date", "last_motion_date", "last_motion_name"))  # fmt: skip
    assert log.cases["closed"].isna().all()
    assert "nothing says which cases are open" in said(log)


def test_an_earlier_cut_opens_again_what_closed_later():
    log = log_of(("1", "2024-03-14", "2024-03-16", None, "Closed"),
                 ("2", "2024-03-17", "2024-03-18", None, "Closed"),
                 until=datetime(2024, 3, 15))  # fmt: skip
    assert log.cases["case"].tolist() == ["1"]
    assert log.cases["closed"].isna().all()
    assert log.facts["after_the_cut"] == 1


def test_openings_after_the_last_closing_belong_to_the_log_but_not_a_slip_of_the_pen():
    cells = [(str(k), f"2024-0{k}-14", "2024-03-16" if k < 3 else None) for k in (1, 2, 3, 6, 7)]
    log = log_of(*cells, ("9", "2025-03-14", None), columns=("id", "opened", "closed"))
    assert log.cases["case"].tolist() == ["1", "2", "3"]
    near = [(k, f"2024-03-{10 + int(k)}", None) for k in "123456789"]
    log = log_of(("0", "2024-03-10", "2024-03-12"), *near, columns=("id", "opened", "closed"))
    assert (len(log.cases), log.until) == (10, datetime(2024, 3, 19))


def test_requests_without_an_id_are_numbered():
    log = log_of(("2024-03-14", "2024-03-16"), columns=("opened", "closed"))
    assert log.cases["case"].tolist() == ["1"]


def test_a_deadline_in_another_time_zone_is_brought_to_that_of_the_requests():
    log = log_of(
        ("1", "2024-03-14T20:00:00Z", "2024-03-15T04:30:00Z", "2024-03-14T23:00:00-05:00",
         "Closed"),
        zone="America/Bogota",
    )  # fmt: skip
    assert log.cases["due"].tolist() == [datetime(2024, 3, 14, 23)]
    assert log.cases["closed"].tolist() == [datetime(2024, 3, 14, 23, 30)]


def test_a_table_of_which_nothing_can_be_used_is_refused_with_the_count():
    with pytest.raises(DataError, match="impossible time: 1"):
        log_of(("1", "0001-03-14", None, None, "Open"))
