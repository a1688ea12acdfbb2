"""Which cases are asked about, their type and the office hours, told by flags alone."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from iagkit import flow
from iagkit.cli.app import app
from iagkit.core.errors import UsageError
from iagkit.wire import adapt

BALTIMORE = {
    "groups": ("CouncilDistrict",), "case_type": "SRType",
    "filters": ("closed", "due", "group", "duration>1min", "type>40"),
}  # fmt: skip


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The prototype without what takes long."""
    folder = tmp_path_factory.mktemp("asked") / "quick-permits"
    adapt.copy("process-optimization", folder)
    file = folder / "prototype.yaml"
    slow = "params:\n  remaining: false\n  simulation: false\n  staffing: false\n"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{slow}", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Requests of two kinds, each Friday at 15:00; closed on Monday morning, or open."""
    path = tmp_path_factory.mktemp("office") / "requests.csv"
    opened = pd.date_range("2024-01-05 15:00", periods=60, freq="7D")
    closed = (
        (opened + pd.Timedelta(days=2, hours=18)).to_series().where([k < 50 for k in range(60)])
    )
    pd.DataFrame({
        "number": [f"R-{k}" for k in range(60)], "opened": opened, "closed": closed.to_numpy(),
        "matter": ["lamp", "road"] * 30, "district": ["a", "a", "b"] * 20,
    }).to_csv(path, index=False)  # fmt: skip
    return path


def test_flags_reach_the_record_and_what_was_left_out_is_told(quick, table, tmp_path):
    told = [
        "run", str(quick), "--data", str(table), "--case-id", "number", "--opened", "opened",
        "--closed", "closed", "--case-type", "matter", "--filter", "closed", "--calendar", "BR",
        "--office-hours", "mon-fri 8-16", "--recess", "12-20/01-20", "--no-track",
        "--out", str(tmp_path / "out"), "--lang", "en", "--group", "district",
    ]  # fmt: skip
    done = CliRunner().invoke(app, told)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "10 of 60 cases were left out, as was asked: closed" in " ".join(page.split())
    assert "working time" in page


def test_working_time_counts_hours_in_which_the_office_is_open(quick, table):
    record = flow.run(
        quick, table, track=False, case_id="number", opened="opened", closed="closed",
        office_hours=("mon-fri 8-16",),
    )  # fmt: skip
    told = record.find("process.clock.median").estimate
    assert (told.value, told.unit) == (2.0, "working hours")
    assert record.find("process.wait.median").estimate.value == pytest.approx(2.75)
    assert record.prototype["params"]["clock"] == {"hours": ["mon-fri 8-16"]}
    assert record.find("process.arrivals.weekly").estimate.value == pytest.approx(1.0)


def test_what_is_not_there_is_refused_before_anything_is_counted(quick, table):
    columns = {"case_id": "number", "opened": "opened", "closed": "closed"}
    with pytest.raises(UsageError, match="Did you mean 'matter'"):
        flow.run(quick, table, track=False, case_type="mater", **columns)
    with pytest.raises(UsageError, match="--case-type"):
        flow.run("citizen-requests", table, track=False, case_type="matter")


def test_a_log_of_four_hundred_activities_is_counted_in_full_and_has_its_page(quick, tmp_path):
    rows = [
        (f"c{case}", name, pd.Timestamp("2024-01-08 09:00") + pd.Timedelta(hours=20 * case + place))
        for case in range(50)
        for place, name in enumerate(
            ["recibir", *(f"trámite {(8 * case + k) % 398:03}" for k in range(8)), "archivo"]
        )
    ]
    table = pd.DataFrame(rows, columns=["expediente", "actividad", "fecha"])
    table.to_csv(path := tmp_path / "log.csv", index=False)
    record = flow.run(
        quick, path, out=tmp_path / "out", track=False, case_id="expediente",
        activity="actividad", timestamp="fecha", end_activities=("archivo",), zone="UTC",
    )  # fmt: skip
    assert record.run["log"]["activities"] == table["actividad"].nunique() == 400
    follows = table.assign(next=table.groupby("expediente")["actividad"].shift(-1)).dropna()
    counted = pd.read_csv(tmp_path / "out" / "map.csv").set_index(["from", "to"])["times"]
    assert counted.to_dict() == follows.groupby(["actividad", "next"]).size().to_dict()
    assert record.find("process.quality.without_resource").estimate.value == 1.0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 1
    assert len(page) < 300_000  # the map draws the commonest, and says so


@pytest.mark.data
def test_districts_of_baltimore_by_flags_alone(quick, mirror):
    file = mirror / "baltimore_311/requests.csv.gz"
    record = flow.run(quick, file, track=False, dates="month-first", **BALTIMORE)
    gap = {f.check.removeprefix("process.late.rate.gap"): f.estimate
           for f in record.findings if f.check.startswith("process.late.rate.gap")}  # fmt: skip
    assert gap[""].value == pytest.approx(0.138, abs=0.001)
    assert gap[".adjusted"].value == pytest.approx(0.086, abs=0.001)
    assert gap[".chance"].value == pytest.approx(0.087, abs=0.003)
    assert gap[".p"].value == pytest.approx(0.057, abs=0.02)


@pytest.mark.data
def test_courts_change_places_by_flags_alone(quick, mirror):
    file = mirror / "tjsc_datajud/cases.csv.gz"
    record = flow.run(quick, file, track=False, groups=("court_name",))
    medians = sorted(
        f.estimate.value for f in record.findings
        if f.check == "process.wait.median" and f.estimate and f.where
    )  # fmt: skip
    assert medians == pytest.approx([2730, 3723], rel=0.01)
    assert record.find("process.wait.reversed", court_name="*").estimate.value > 0
