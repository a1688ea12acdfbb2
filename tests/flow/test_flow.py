"""The whole way: a table goes in, and what may be published comes out."""

import json
import zipfile

import pandas as pd
import pytest
from flow_help import CANARIES, OPTIONS, contents

from iagkit import flow
from iagkit.core.errors import DataError, IntegrityError, ModelError, OutputError
from iagkit.core.record import read

WRITTEN = {
    "record.json", "report.html", "report.md", "report.es.html", "report.pt.html",
    "report.en.html", "model.skops", "predictions.parquet", "label_review.csv", "run.json",
}  # fmt: skip


def test_a_run_leaves_exactly_what_it_promises(finished):
    out, _, _ = finished
    assert {path.name for path in out.iterdir()} == WRITTEN


def test_the_record_on_disk_is_the_one_that_was_returned(finished):
    out, record, _ = finished
    assert read((out / "record.json").read_bytes()).digest == record.digest


def test_every_number_of_the_record_has_its_count_and_interval(finished):
    _, record, _ = finished
    alone = [
        f.check
        for f in record.findings
        if f.estimate and f.estimate.low is None and not f.check.startswith(("data.", "load."))
    ]
    assert set(alone) <= {"fairness.group_size", "coverage.set_size"}


def test_the_answers_agree_with_the_accuracy_in_the_record(finished):
    out, record, _ = finished
    answers = pd.read_parquet(out / "predictions.parquet")
    found = record.find("performance.accuracy").estimate
    assert found.n == len(answers)
    assert found.value == pytest.approx((answers["truth"] == answers["prediction"]).mean())


def test_answers_hold_no_text(finished, table):
    out, _, _ = finished
    answers = pd.read_parquet(out / "predictions.parquet")
    texts = set(pd.read_csv(table)["text"])
    for column in answers.columns:
        assert not texts & {str(value) for value in answers[column]}


def test_no_canary_is_in_any_file_of_the_run_or_the_store(finished):
    out, _, store = finished
    searched = 0
    for where, content in contents(out, store):
        searched += 1
        for canary in CANARIES.values():
            for part in (canary, *canary.split()):
                if len(part) > 4:
                    assert part.lower().encode() not in content.lower(), where
    assert searched > 10


def test_the_search_for_canaries_looks_into_the_model(finished):
    out, _, store = finished
    with zipfile.ZipFile(out / "model.skops") as model:
        members = set(model.namelist())
    seen = {where.rpartition("!")[2] for where, _ in contents(out, store)}
    assert members <= seen


def test_the_same_seed_gives_the_same_findings(finished, table):
    _, record, _ = finished
    again = flow.run("citizen-requests", table, lang="es", **OPTIONS)
    assert again.seals()["findings"] == record.seals()["findings"]


def test_a_record_and_its_files_verify(finished):
    out, record, _ = finished
    told = flow.verify(out / "record.json")
    assert told["digest"] == record.digest
    assert told["model.skops"] == "ok"


def test_a_changed_model_is_named(finished, tmp_path):
    out, _, _ = finished
    for name in ("record.json", "model.skops"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    with (tmp_path / "model.skops").open("ab") as file:
        file.write(b"x")
    with pytest.raises(IntegrityError, match=r"'model\.skops' was changed"):
        flow.verify(tmp_path)


def test_an_edited_page_does_not_pass_for_the_record(finished, tmp_path):
    out, record, _ = finished
    for name in ("record.json", "report.es.html"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    assert flow.verify(tmp_path)["report.es.html"] == "as the record"
    amended = record.amend(author="Ana", reason="appeal", at="2026-01-01T00:00:00Z")
    (tmp_path / "record.json").write_bytes(amended.to_bytes())
    assert flow.verify(tmp_path)["report.es.html"] == "as the record"
    page = (tmp_path / "report.es.html").read_text()
    (tmp_path / "report.es.html").write_text(page.replace("%", "٪", 1))
    with pytest.raises(IntegrityError, match=r"report\.es\.html"):
        flow.verify(tmp_path)


def test_while_a_blocking_gate_is_not_passed_a_person_decides_everything(
    finished, forbidden, table, tmp_path
):
    assert forbidden[1].unproven
    for out, record, _ in (finished, forbidden):
        told = flow.predict(out / "model.skops", str(table), out=tmp_path / "answers.csv")
        assert bool(record.unproven) == (told["automatic"] == 0)


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_a_letter_names_the_office_and_no_person(finished, table, lang):
    out, _, _ = finished
    case = pd.read_csv(table)["id"][0]
    told = flow.explain(out, case, lang=lang)
    assert case in told["letter"]
    assert len(told["letter"].split()) > 80
    assert not any(part in told["letter"] for part in CANARIES["name"].split())


def test_a_letter_for_nobody_is_refused_with_the_nearest_id(finished):
    out, _, _ = finished
    with pytest.raises(DataError, match="Did you mean"):
        flow.explain(out, "R-00001")


def test_answering_a_file_gives_what_the_run_gave(finished, table, tmp_path):
    out, _, _ = finished
    told = flow.predict(out / "model.skops", str(table), out=tmp_path / "answers.csv")
    answers = pd.read_csv(tmp_path / "answers.csv").set_index("id")
    held_out = pd.read_parquet(out / "predictions.parquet").set_index("id")
    assert told["rows"] == len(answers) == 1400
    same = answers.loc[held_out.index]
    assert (same["prediction"] == held_out["prediction"]).all()
    assert "text" not in answers.columns


def test_a_model_does_not_answer_a_table_without_its_column(finished, tmp_path):
    out, _, _ = finished
    (tmp_path / "other.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(ModelError, match="reads the column"):
        flow.predict(out / "model.skops", str(tmp_path / "other.csv"), out=tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


def test_where_the_table_came_from_stays_out_of_what_is_published(finished, table):
    out, record, _ = finished
    assert str(table.parent) not in record.to_bytes().decode()
    assert str(table.parent) not in (out / "report.html").read_text()
    assert json.loads((out / "run.json").read_text())["data"] == str(table)


def test_a_folder_with_other_files_is_not_touched(table, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="not results of iagkit"):
        flow.run("citizen-requests", table, out=tmp_path, track=False, **OPTIONS)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
