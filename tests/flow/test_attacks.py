"""What people do by mistake or on purpose: refused in one sentence, and nothing is lost."""

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from skops.io import dump
from test_cli import GOOD, iagkit, refused, run

from iagkit import flow
from iagkit.cli.refusals import visible
from iagkit.core.canonical import digest
from iagkit.core.errors import DataError, IntegrityError, ModelError, OutputError
from iagkit.core.record import SECTIONS
from iagkit.prototypes.engine import persist
from iagkit.prototypes.engine.splits import declared
from iagkit.wire.datasets import load


@pytest.fixture
def here(tmp_path):
    (tmp_path / "good.csv").write_text(GOOD)
    return tmp_path


@pytest.fixture(scope="module")
def unnamed(tmp_path_factory, finished, table):
    """A run without ids on a table with empty rows, and the table."""
    home = tmp_path_factory.mktemp("unnamed")
    rows = pd.read_csv(table).head(500).drop(columns="id")
    rows.loc[rows.index % 5 == 0, "text"] = None
    rows.to_csv(home / "rows.csv", index=False)
    flow.run(
        "citizen-requests", home / "rows.csv", out=home / "out", track=False,
        text="text", target="office",
    )  # fmt: skip
    return home / "out", rows


def resealed(finished, folder, change):
    """Copy a run, change its record, and compute every digest anew."""
    out, _, _ = finished
    shutil.copytree(out, folder)
    whole = json.loads((folder / "record.json").read_bytes())
    change(whole)
    seals = {name: digest(whole[name]) for name in SECTIONS}
    body = {name: whole[name] for name in SECTIONS}
    text = json.dumps(body, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    whole["seal"] = {
        "digest": digest(seals), "sections": seals, "head": digest(seals), "amendments": 0,
        "text": hashlib.sha256(text.encode()).hexdigest(),
    }  # fmt: skip
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / "record.json").write_text(text)
    return folder


def test_a_case_without_id_is_named_by_its_row_of_the_whole_table(unnamed):
    out, rows = unnamed
    answers = pd.read_parquet(out / "predictions.parquet")
    place = answers["id"].str.removeprefix("row-").astype(int)
    assert (place % 5 != 0).all()
    assert (rows["office"].iloc[place].to_numpy() == answers["truth"].to_numpy()).all()


def test_a_letter_about_a_row_of_a_table_that_has_changed_is_refused(unnamed, tmp_path):
    out, rows = unnamed
    assert flow.explain(out, "row-7")["letter"]
    rows.iloc[1:].to_csv(tmp_path / "rows.csv", index=False)
    with pytest.raises(DataError, match="is not the same"):
        flow.explain(out, "row-7", data=str(tmp_path / "rows.csv"))


def test_ids_that_differ_by_spaces_only_are_refused(here):
    (here / "spaces.csv").write_text(GOOD.replace("\n5,", "\n 4,"))
    refused(run(here, "spaces.csv", "--id", "id"), "2 rows share one")


def test_a_seed_below_zero_is_refused(here):
    refused(run(here, "good.csv", "--seed", "-1"), "seed", "-1")


def test_an_option_that_is_no_number_is_refused_with_what_came(here):
    refused(run(here, "good.csv", "--review-share", "nan"), "review_share=nan")


def test_a_path_that_no_system_accepts_is_refused(here):
    told = refused(run(here, "a" * 5000 + ".csv"), "too long")
    assert len(told) < 1000


def test_a_split_column_says_train_or_test_in_every_row():
    with pytest.raises(DataError, match="2 of 4 rows say something else"):
        declared(["train", "test", "Test", "nan"], [0, 1, 2, 3], column="part")


def test_signs_that_would_move_the_cursor_are_shown_as_escapes(here):
    assert visible("a\x1b[2J\u202eb\nc é 🚰") == "a\\x1b[2J\\u202eb\nc é 🚰"
    (here / "escape.csv").write_text(GOOD.replace("sex", "s\x1b[2Jex", 1))
    told = refused(run(here, "escape.csv", text="nothing"), "nothing")
    assert "\x1b" not in told


def test_names_that_look_like_markup_are_printed_as_they_are(here):
    (here / "markup.csv").write_text(GOOD.replace(",sex", ",[/sex]", 1).replace("water", "[/b]"))
    done = run(here, "markup.csv", "--group", "[/sex]")
    assert done.returncode in (0, 1), done.stderr
    assert "[/sex]" in done.stdout


@pytest.mark.parametrize("name", ["table", "model"])
def test_answers_never_replace_what_they_are_made_from(finished, table, tmp_path, name):
    out, _, _ = finished
    files = {"table": tmp_path / "in.csv", "model": tmp_path / "model.skops"}
    shutil.copy(table, files["table"])
    shutil.copy(out / "model.skops", files["model"])
    before = files[name].read_bytes()
    with pytest.raises(OutputError, match="would replace"):
        flow.predict(files["model"], str(files["table"]), out=files[name])
    assert files[name].read_bytes() == before


def test_answers_never_replace_a_device_or_pipe(finished, table, tmp_path):
    out, _, _ = finished
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="pipe"):
        flow.predict(out / "model.skops", str(table), out=tmp_path / "pipe")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_a_model_of_another_kind_is_refused(tmp_path):
    dump({"a": np.ones(3)}, tmp_path / "other.skops")
    with pytest.raises(ModelError, match="damaged"):
        persist.load(tmp_path / "other.skops")


@pytest.mark.parametrize("part", ["temperature", "shown_words", "scorer"])
def test_a_model_that_lacks_a_part_is_refused_before_any_row(finished, tmp_path, part):
    out, _, _ = finished
    model = persist.load(out / "model.skops")
    delattr(model, part)
    dump(model, tmp_path / "model.skops")
    with pytest.raises(ModelError, match="damaged"):
        persist.load(tmp_path / "model.skops")


@pytest.mark.parametrize("content", [b"[" * 200_000, b'{"a":' + b"9" * 6000 + b"}", b"\xff"])
def test_json_that_is_no_record_is_refused(tmp_path, content):
    (tmp_path / "record.json").write_bytes(content)
    with pytest.raises(IntegrityError, match="expected"):
        flow.verify(tmp_path)


@pytest.mark.parametrize("artifacts", [["x"], None, {"../secret": "0" * 64}, {"/etc/passwd": "0"}])
def test_a_record_names_files_beside_it_only(finished, tmp_path, artifacts):
    folder = resealed(finished, tmp_path / "f", lambda whole: whole.update(artifacts=artifacts))
    with pytest.raises(IntegrityError, match="artifacts"):
        flow.verify(folder)


def test_verdicts_changed_and_sealed_anew_do_not_promote(finished, tmp_path):
    def all_pass(whole):
        for verdict in whole["verdicts"]:
            verdict["result"] = "pass"
        whole["about"]["sealed_at"] = "2030-01-01T00:00:00+00:00"

    _, record, store = finished
    folder = resealed(finished, tmp_path / "forged", all_pass)
    with pytest.raises(IntegrityError, match="does not tell what the record says"):
        flow.verify(folder)
    for page in folder.glob("report.*"):
        page.unlink()
    assert flow.verify(folder)["digest"] != record.digest  # a digest is compared, not believed
    refused(iagkit("promote", folder, "--store", store, cwd=tmp_path), "no run in the store")


@pytest.mark.parametrize("note", ["{bad", "[1]", '{"data": "x.csv", "foo": 1}', '{"data": 5}'])
def test_a_damaged_note_of_where_the_table_is_is_refused(finished, tmp_path, note):
    out, _, _ = finished
    shutil.copytree(out, tmp_path / "run")
    (tmp_path / "run" / "run.json").write_text(note)
    with pytest.raises(DataError, match="damaged"):
        flow.explain(tmp_path / "run", "R-000001")


def test_a_letter_needs_no_private_note_if_the_table_is_named(finished, table, tmp_path):
    out, _, _ = finished
    shutil.copytree(out, tmp_path / "run")
    (tmp_path / "run" / "run.json").unlink()
    case = pd.read_csv(table)["id"][0]
    expected = flow.explain(out, case)["letter"]
    assert flow.explain(tmp_path / "run", case, data=str(table))["letter"] == expected


@pytest.mark.parametrize("value", [b"\xff\xfe", ["a", "b"], {"a": 1}])
@pytest.mark.parametrize("role", ["text", "target", "groups", "id"])
def test_a_column_with_several_values_in_a_cell_is_refused(here, value, role):
    table = pd.read_csv(here / "good.csv")
    table.assign(odd=[value] * len(table)).to_parquet(here / "odd.parquet")
    named = {"text": "message", "target": "office", role: ["odd"] if role == "groups" else "odd"}
    with pytest.raises(DataError, match="expected single values in 'odd'"):
        load(here / "odd.parquet", **named)


def test_a_table_without_header_does_not_tell_its_first_text(here):
    rows = "\n".join(f"{i},{'my name is Zoila ' * 9},water" for i in "abc")
    (here / "bare.csv").write_text(rows)
    told = refused(run(here, "bare.csv"), "a name of 152 characters")
    assert "Zoila" not in told


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_stop_leaves_nothing(here, told):
    command = [sys.executable, "-m", "iagkit", "run", "citizen-requests", "--data", "good.csv",
               "--text", "message", "--target", "office", "--out", "out", "--no-track"]  # fmt: skip
    running = subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    next(line for line in running.stderr if "training" in line)
    running.send_signal(told)
    assert "nothing half-written was kept" in running.stderr.read()
    assert running.wait() == 128 + told
    assert [path.name for path in here.iterdir()] == ["good.csv"]


def test_dates_with_the_day_first_divide_by_time(here, tmp_path):
    table = pd.read_csv(here / "good.csv")
    days = pd.date_range("2024-01-05", periods=len(table))
    for name, layout in {"iso": "%Y-%m-%d", "day": "%d/%m/%Y"}.items():
        table.assign(date=days.strftime(layout)).to_csv(here / f"{name}.csv", index=False)
        flow.run(
            data=here / f"{name}.csv", out=tmp_path / name, track=False, text="message",
            target="office", time="date", split_by="time", ids="id",
        )  # fmt: skip
    iso, day = (pd.read_parquet(tmp_path / n / "predictions.parquet") for n in ("iso", "day"))
    assert iso["id"].tolist() == day["id"].tolist()
