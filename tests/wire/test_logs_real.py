"""Real logs: what is known of them comes out, whatever form they have."""

import pytest

from iagkit.measures.processes.quality import log_quality
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

pytestmark = pytest.mark.data


@pytest.fixture
def log(mirror):
    def read(place, **options):
        raw = read_raw(mirror / place)
        return event_log(raw, guess(raw), **options)

    return read


def test_permits_from_xes_and_from_the_table_made_of_it_are_one_log(log):
    xes = log("receipt_coselog/receipt.xes.gz")
    table = log("receipt_coselog/log.parquet")
    assert (len(xes.events), len(xes.cases), xes.timed_work) == (8577, 1434, False)
    shown = ["case", "activity", "end", "resource"]
    assert xes.events[shown].equals(table.events[shown])
    assert xes.cases[["opened", "due", "channel"]].equals(table.cases[["opened", "due", "channel"]])
    assert xes.cases["due"].notna().all()
    assert log_quality(xes).tied.value == 0


def test_courts_31_dates_cannot_be_and_7551_rows_repeat_a_case(log):
    courts = log("tjsc_datajud/cases.csv.gz", groups=["court_name"])
    found = log_quality(courts)
    assert (found.rows, found.impossible_dates) == (32_124, 31)
    assert courts.facts["repeated_cases"] == 7551
    assert found.open_cases.value == pytest.approx(0.46, abs=0.01)
    assert courts.groups == ("court_name",)
    told = " | ".join(map(str, courts.remarks))
    assert "7551 rows repeat a case" in told
    assert "last_motion_name says that it is closed" in told


def test_requests_in_baltimore(log):
    requests = log("baltimore_311/requests.csv.gz", groups=["CouncilDistrict"])
    closed = requests.cases[requests.cases["closed"].notna()]
    assert (len(requests.cases), len(closed)) == (10_000, 9792)
    assert (closed["closed"] > closed["due"]).mean() == pytest.approx(0.16, abs=0.0005)


def test_requests_in_new_york_whose_status_and_closing_date_disagree_are_open(log):
    requests = log("nyc_311_1day/requests.csv.gz")
    assert requests.facts["reopened"] == 17
    assert requests.cases["closed"].isna().sum() == 31


@pytest.mark.slow
def test_fines_are_dates_of_a_place_whose_midnight_is_not_that_of_utc(log):
    fines = log("road_traffic_fines/log.parquet")
    assert (len(fines.cases), len(fines.events)) == (150_370, 561_470)
    assert log_quality(fines).date_only
    assert "100.0 % of all times are midnights" in " ".join(map(str, fines.remarks))
    assert {"vehicleClass", "article", "points"} <= set(fines.cases.columns)
    assert {"paymentAmount", "dismissal"} <= set(fines.events.columns)


@pytest.mark.slow
def test_loans_with_starts_and_ends_are_paired(log):
    loans = log("bpic2012/log.parquet")
    assert loans.facts["other_transitions"] == 26_318
    assert loans.facts["starts_without_end"] == 3
    assert loans.events["start"].notna().sum() == 71_376 - 3


def test_planned_dates_are_no_past(log):
    tenders = log("it_procurement/log.parquet")
    assert log_quality(tenders).impossible["after_the_cut"] >= 1


@pytest.mark.parametrize("name", ["helpdesk", "bpic15_1", "sepsis"])
def test_other_logs_keep_their_cases_and_events(log, mirror, name):
    import pyarrow.parquet as pq

    found = log(f"{name}/log.parquet")
    rows = pq.read_metadata(mirror / name / "log.parquet").num_rows
    assert (
        len(found.events)
        + sum(found.facts[k] for k in ("no_case", "no_time", "unread_time", "impossible_time"))
        == rows
    )
