"""An event log runs a prototype end to end, and no case leaves it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from iagkit import flow
from iagkit.core import registry
from iagkit.core.errors import DataError, UsageError
from iagkit.wire import adapt

CASES = 120


def made_log(seed=3, cases=CASES, each=1.4):
    """Permits of two districts: some come back for papers, the newest are not decided yet."""
    random = np.random.default_rng(seed)
    rows = []
    begin, end = datetime(2024, 1, 8, 9), datetime(2024, 7, 1)
    for number in range(cases):
        name, district = f"EXP-{number:05d}-SECRETO", ("norte", "sur")[number % 2]
        at = begin + timedelta(days=number * each)
        due = at + timedelta(days=20)
        steps = ["recepción", *["revisión"] * (1 + number % 3 // 2), "decisión", "archivo"]
        for step in steps:
            who = f"persona-{random.integers(4)}"
            rows.append((name, step, at, who, due, district))
            at += timedelta(hours=float(random.gamma(2.0, 60.0 + 40.0 * (district == "sur"))))
            if at > end:
                break
    columns = ["expediente", "actividad", "fecha", "funcionario", "vencimiento", "distrito"]
    return pd.DataFrame(rows, columns=columns)


OPTIONS = {
    "case_id": "expediente", "activity": "actividad", "timestamp": "fecha",
    "resource": "funcionario", "due": "vencimiento", "groups": ("distrito",),
    "zone": "America/Bogota", "end_activities": ("archivo",), "until": "2024-06-30",
}  # fmt: skip


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("office") / "permisos.csv"
    made_log().to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """The prototype without what takes long."""
    folder = tmp_path_factory.mktemp("quick") / "quick-permits"
    adapt.copy("process-optimization", folder)
    file = folder / "prototype.yaml"
    slow = "params:\n  remaining: false\n  simulation: false\n"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{slow}", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def finished(tmp_path_factory, table):
    home = tmp_path_factory.mktemp("processes")
    record = flow.run(
        "process-optimization", table, out=home / "out", store=str(home / "store"), lang="es",
        **OPTIONS,
    )  # fmt: skip
    return home, record


def test_a_log_runs_a_prototype_and_its_quality_comes_first(finished, table):
    _, record = finished
    rows = pd.read_csv(table)
    assert record.find("process.quality.cases").estimate.value == CASES
    assert record.find("process.quality.events").estimate.value == len(rows)
    open_ = record.find("process.quality.open").estimate
    closed = rows.loc[rows["actividad"] == "archivo", "expediente"].nunique()
    assert open_.value == pytest.approx(1 - closed / CASES)
    assert record.run["log"]["groups"] == ["distrito"]
    assert record.run["log"]["zone"] == "America/Bogota"


def test_neither_a_case_nor_a_person_leaves_by_record_or_report(finished):
    home, record = finished
    told = record.to_bytes().decode()
    for page in (home / "out").glob("report*"):
        told += page.read_text(encoding="utf-8")
    assert "SECRETO" not in told
    assert "persona-" not in told


def test_what_was_written_is_what_was_sealed(finished):
    home, record = finished
    proven = flow.verify(home / "out")
    assert proven["record"] == "ok"
    assert proven["report.es.html"] == "as the record"
    assert all(proven[name] == "ok" for name in record.artifacts)
    assert (home / "store").is_dir()


def test_pages_tell_what_was_guessed_and_what_nobody_knows(finished):
    home, _ = finished
    es = (home / "out" / "report.es.html").read_text(encoding="utf-8")
    pt = (home / "out" / "report.pt.html").read_text(encoding="utf-8")
    assert "¿Merece confianza el registro?" in es
    assert "Lo que nadie sabe" in es
    assert "O que ninguém sabe" in pt


def test_what_is_left_out_leaves_the_rest_as_it_was(finished, quick, table):
    _, record = finished
    again = flow.run(quick, table, **OPTIONS)
    left_out = (
        "process.remaining", "process.risk", "process.alarm", "process.next", "process.driver",
        "process.simulation", "process.scenarios", "process.sketch",
        "process_remaining", "process_lateness", "process_next", "process_drivers", "process_sim",
    )  # fmt: skip
    assert again.findings == tuple(f for f in record.findings if not f.check.startswith(left_out))


def test_a_log_of_which_much_cannot_be_true_is_not_to_be_used(quick, tmp_path):
    bad = made_log()
    bad["fecha"] = bad["fecha"].astype(str)
    bad.loc[bad.index % 8 == 1, "fecha"] = "0001-01-01 00:00:00"
    bad.to_csv(path := tmp_path / "malo.csv", index=False)
    record = flow.run(quick, path, **OPTIONS)
    assert "process.quality.unusable" in {v.check for v in record.blocked}


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ({"text": "expediente"}, "--text.*Leave it out"),
        ({"ids": "expediente"}, "--id;.*--case-id"),
        ({"time": "fecha"}, "--time;.*--timestamp"),
        ({"until": "mañana"}, "--until"),
        ({"case_id": "expedient"}, "Did you mean 'expediente'"),
        ({"zone": "Bogota"}, "zone"),
    ],
)
def test_options_that_fit_no_log_are_refused(table, option, told):
    with pytest.raises((UsageError, DataError), match=told):
        flow.run("process-optimization", table, **{**OPTIONS, **option})


def test_options_of_logs_are_refused_where_a_table_is_read(table):
    with pytest.raises(UsageError, match="--case-id; got 'citizen-requests'"):
        flow.run("citizen-requests", table, case_id="expediente")


def test_an_institution_copies_declares_and_runs(table, tmp_path):
    adapt.copy("process-optimization", tmp_path / "nuestros-permisos")
    file = tmp_path / "nuestros-permisos" / "prototype.yaml"
    head, _, _ = file.read_text(encoding="utf-8").partition("\ndata:\n")
    head += "\nparams: {remaining: false, simulation: false}\n"
    declared = "\n".join(
        [f"  {name}: {json.dumps(value, ensure_ascii=False)}" for name, value in OPTIONS.items()]
    )
    file.write_text(f"{head}\ndata:\n  source: {table}\n{declared}\n", encoding="utf-8")
    record = flow.run(file)
    assert record.prototype["name"] == "nuestros-permisos"
    assert record.run["log"]["cases"] == CASES


def test_every_check_of_the_protocol_says_what_it_gives(finished):
    _, record = finished
    checks = [registry.find("checks", name) for name in record.prototype["protocol"]["checks"]]
    parts = [p for check in checks for p in getattr(check, "parts", (check,))]
    given = {name for part in parts for name in getattr(part, "gives", (part.name,))}
    told = {f.check for f in record.findings if f.estimate is not None}
    assert told <= given
    kinds = {".".join(name.split(".")[:2]) for name in given}  # of a chapter without any answer
    silent = {f.check for f in record.findings if f.estimate is None}
    assert silent <= given | kinds | set(record.prototype["protocol"]["checks"])


@pytest.mark.data
def test_real_permits_run_by_their_name(mirror, quick, monkeypatch):
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
    record = flow.run(quick, groups=("channel",))
    assert record.find("process.quality.cases").estimate.value == 1434
    assert record.find("process.quality.unstable_arcs").estimate.value == 0
    assert not record.blocked


@pytest.fixture(scope="module")
def foretold(tmp_path_factory):
    """A run of enough cases to learn from, without a simulation."""
    home = tmp_path_factory.mktemp("foretold")
    adapt.copy("process-optimization", home / "many-permits")
    file = home / "many-permits" / "prototype.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\nparams: {{simulation: false}}\n", encoding="utf-8")
    made_log(cases=360, each=0.47).to_csv(table := home / "permisos.csv", index=False)
    record = flow.run(file, table, out=home / "out", store=str(home / "store"), **OPTIONS)
    return home, table, record


@pytest.mark.slow
def test_an_open_case_is_explained_in_three_languages_and_a_closed_one_is_not(foretold):
    home, _, _ = foretold
    listed = pd.read_csv(home / "out" / "open_cases.csv", encoding="utf-8-sig")
    told = listed.dropna(subset=["days_still"]).iloc[0]
    letters = {
        lang: str(flow.explain(home / "out", told["id"], lang=lang)) for lang in ("es", "pt", "en")
    }
    assert len(set(letters.values())) == 3
    assert all(told["id"] in letter for letter in letters.values())
    assert not any(re.search(r"\d{4}-\d\d-\d\d", letter) for letter in letters.values())
    assert not any("persona-" in letter for letter in letters.values())
    assert "EXP-00000-SECRETO" not in set(listed["id"])
    with pytest.raises(DataError):
        flow.explain(home / "out", "EXP-00000-SECRETO", lang="es")


@pytest.mark.slow
def test_open_cases_of_the_same_log_are_answered_as_in_the_run(foretold):
    home, table, _ = foretold
    flow.predict(home / "out", str(table), out=home / "open.csv", log=OPTIONS)
    again = pd.read_csv(home / "open.csv", encoding="utf-8-sig").set_index("id")
    first = pd.read_csv(home / "out" / "open_cases.csv", encoding="utf-8-sig").set_index("id")
    assert len(first) > 1
    shared = [column for column in first if column in again]
    assert {"days_open", "days_still", "chance_late"} <= set(shared)
    pd.testing.assert_frame_equal(again.loc[first.index, shared], first[shared])


@pytest.mark.slow
def test_the_model_of_a_log_is_promoted_with_what_was_not_met_beside_it(foretold):
    home, _, record = foretold
    assert not record.blocked
    told = flow.promote(home / "out", store=str(home / "store"), by="jefa de la oficina")
    open_points = [v.check for v in record.verdicts if v.result != "pass"]
    assert open_points
    assert [point.partition(" ")[0].rstrip(":") for point in told["not_passed"]] == open_points
