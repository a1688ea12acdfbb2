"""Logs that would give a wrong number in silence, or tell of a person, are refused or remarked."""

from __future__ import annotations

from time import process_time

import numpy as np
import pandas as pd
import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import FEW
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.loading import load
from iagkit.wire.logs.mapping import guess

ROWS = 60


def table(**columns):
    """Twenty cases of three events, of two districts."""
    number = np.arange(ROWS)
    at = pd.Timestamp("2024-03-04 09:00") + pd.to_timedelta(number * 5, "h")
    rows = pd.DataFrame({
        "expediente": [f"EXP-{n // 3:03d}" for n in number],
        "actividad": [("alta", "revision", "archivo")[n % 3] for n in number],
        "fecha": at.astype(str),
        "funcionario": "Rosa Quispe",
        "distrito": [("norte", "sur")[n // 3 % 2] for n in number],
    })  # fmt: skip
    return rows.assign(**columns)


def written(tmp_path, rows):
    rows.to_csv(path := tmp_path / "permisos.csv", index=False)
    return path


def remarks(log):
    return [remark.template for remark in log.remarks]


def test_groups_too_small_to_be_named_are_one_and_that_is_told(tmp_path):
    districts = ["Juana Perez"] * 6 + ["Luis Mamani"] * 3 + ["norte"] * (ROWS - 9)
    log = load(written(tmp_path, table(distrito=districts)), groups=("distrito",)).table
    assert log.cases["distrito"].value_counts().to_dict() == {"norte": 17, FEW: 3}
    told = next(r for r in log.remarks if "told as one" in r.template)
    assert dict(told.values) == {"n": 2, "column": "distrito", "few": 5}


def test_a_column_of_names_is_no_column_of_groups(tmp_path):
    path = written(tmp_path, table(vecino=[f"Juana {n // 3}" for n in range(ROWS)]))
    with pytest.raises(DataError, match="at least 5 cases in 'vecino'") as refusal:
        load(path, groups=("vecino",))
    assert "Juana" not in str(refusal.value)


@pytest.mark.parametrize(
    ("group", "why"), [("expediente", "names each"), ("funcionario", "does not compare those who")]
)
def test_neither_cases_nor_those_who_work_are_compared(tmp_path, group, why):
    with pytest.raises(UsageError, match=why):
        load(written(tmp_path, table()), groups=(group,))


def test_a_table_without_a_header_is_refused_without_its_first_row(tmp_path):
    path = tmp_path / "permisos.csv"
    table(expediente="EXP-2024-00017").to_csv(path, index=False, header=False)
    for told in ({}, {"groups": ("x",), "case_id": "Rosa Quispe", "activity": "alta",
                      "timestamp": "2024-03-04 09:00:00"}):  # fmt: skip
        with pytest.raises((UsageError, DataError)) as refusal:
            load(path, **told)
        assert "is the header missing?" in str(refusal.value)
        assert "EXP-2024" not in str(refusal.value)


@pytest.mark.parametrize(
    "ids",
    [[f"{1.2e19 + n // 3 * 1e14:.5E}" for n in range(ROWS)], 1e17 + np.arange(ROWS) // 3 * 64.0],
    ids=["texts", "numbers"],
)
def test_ids_that_a_spreadsheet_rounded_are_refused_before_cases_fall_together(ids):
    rows = table(expediente=ids)
    with pytest.raises(DataError, match=r"all their digits in 'expediente'.*Export .* as text"):
        event_log(rows, guess(rows))


@pytest.mark.parametrize("ids", ["1E5", "12E+", "7.0", "20240304123456789012"])
def test_other_ids_with_letters_and_points_are_none(ids):
    rows = table(expediente=[ids] * ROWS)
    assert event_log(rows, guess(rows)).cases["case"].tolist() == [ids]


def test_numbers_in_the_place_of_times_are_told_as_what_they_may_be():
    rows = table(fecha=np.arange(ROWS) + 45_000)
    with pytest.raises(DataError, match="since 1970, or days as a spreadsheet counts them"):
        event_log(rows, guess(rows))


def test_a_log_of_which_nothing_can_be_used_says_so_before_it_looks_for_end_activities():
    rows = table(fecha="9999-12-31")
    with pytest.raises(DataError, match="impossible time: 60"):
        event_log(rows, guess(rows), end_activities=("archivo",))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"timestamp": "fecha", "start": "fecha"}, "--timestamp and --start; got 'fecha'"),
        ({"timestamp": "fecha", "due": "fecha"}, "--timestamp and --due"),
        ({"case_id": "actividad", "activity": "actividad"}, "--case-id and --activity"),
        ({"activity": "actividad", "opened": "fecha"}, "got --opened beside --activity"),
    ],
)
def test_a_column_has_one_of_two_roles_that_exclude_each_other(told, why):
    with pytest.raises(UsageError, match=why):
        guess(table(), **told)


def test_deadlines_that_cannot_be_are_counted_and_told():
    due = ["30 dias"] * 6 + ["9999-12-31"] * 6 + ["2020-01-01"] * 9 + ["2030-01-01"] * (ROWS - 21)
    rows = table(vencimiento=due)
    log = event_log(rows, guess(rows))
    assert log.facts["unread_due"] == 6
    assert log.facts["impossible_due"] == 6
    assert log.facts["due_before_opened"] == 3
    assert log.cases["due"].isna().sum() == 4
    assert sum("deadline" in told for told in remarks(log)) >= 3


def test_closing_dates_that_cannot_be_read_are_counted_and_told():
    rows = pd.DataFrame({
        "numero": [f"{n}" for n in range(20)], "apertura": "2024-03-04",
        "cierre": ["pendiente"] * 5 + ["2024-03-09"] * 15,
    })  # fmt: skip
    log = event_log(rows, guess(rows, opened="apertura", closed="cierre"))
    assert log.facts["unread_close"] == 5
    assert log.cases["closed"].isna().sum() == 5
    assert any("closing dates cannot be read" in told for told in remarks(log))


def test_end_activities_of_a_table_of_requests_need_the_column_they_stand_in():
    rows = pd.DataFrame({"numero": ["1"], "apertura": ["2024-03-04"], "cierre": ["2024-03-09"]})
    mapping = guess(rows, opened="apertura", closed="cierre")
    with pytest.raises(UsageError, match="--last-activity beside --end-activity"):
        event_log(rows, mapping, end_activities=("closed",))


def test_midnights_in_utc_are_of_utc_and_of_no_place_that_shares_its_hour():
    rows = table(fecha=[f"2024-01-{n // 3 + 1:02d}T00:00:00Z" for n in range(ROWS)])
    assert event_log(rows, guess(rows)).zone == "UTC"


def test_cells_that_are_lists_may_be_activities_and_cases():
    rows = table()
    rows["actividad"] = [np.array([name]) for name in rows["actividad"]]
    rows["expediente"] = [{"id": name} for name in rows["expediente"]]
    log = event_log(rows, guess(rows))
    assert len(log.cases) == 20
    assert log.events["activity"].nunique() == 3


def test_a_type_of_object_is_of_ocel_only(tmp_path):
    with pytest.raises(UsageError, match=r"OCEL log for --object-type; 'permisos\.csv' is none"):
        load(written(tmp_path, table()), object_type="order")


def test_a_data_set_that_is_not_spelt_right_is_told():
    with pytest.raises(DataError, match="Did you mean 'receipt_coselog'"):
        load("receipt_cosleog")


def test_numbers_of_cases_in_the_place_of_activities_are_refused_and_counted():
    rows = table(actividad="alta")
    many = pd.concat([rows] * 100, ignore_index=True)
    many["actividad"] = [f"EXP-{n}" for n in range(len(many))]
    with pytest.raises(DataError, match=r"'actividad' has 6,000 for 6,000 events\. Is it") as told:
        event_log(many, guess(many))
    assert "EXP-" not in str(told.value)


def test_many_activities_take_no_time_that_grows_with_their_square():
    n = 60_000
    at = pd.Timestamp("2024-03-04") + pd.to_timedelta(np.arange(n) * 60, "s")
    rows = pd.DataFrame({
        "case": np.arange(n) // 2, "timestamp": at,
        "activity": [f"step {k % 5_000}" for k in range(n)],
    })  # fmt: skip
    began = process_time()
    log = event_log(rows, guess(rows))
    took = process_time() - began
    few = rows.assign(activity="step")
    began = process_time()
    event_log(few, guess(few))
    assert took < 20 * max(process_time() - began, 0.05)
    assert log.events["activity"].nunique() == 5_000
