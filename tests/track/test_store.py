"""Runs in MLflow: complete, failed or killed; quiet; nothing of single cases."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from iagkit.core.errors import TrackingError
from iagkit.track import models, places
from iagkit.track.store import Store
from iagkit.wire import process


def run_in(store, prototype, finished, **settings):
    record, folder = finished()
    with store.run("first", prototype=prototype, **settings) as tracked:
        version = tracked.log(record, folder)
    return record, store.client.get_run(tracked.run_id), version


def files_of(store, run):
    return {f.path for f in store.client.list_artifacts(run.info.run_id)}


def python(script, *arguments, **environment):
    """Run a script in a process of its own."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("MLFLOW", "DO_NOT", "CI"))}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        env={**plain, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_finished_run_holds_settings_numbers_record_and_reports(store, prototype, finished):
    record, run, version = run_in(
        store, prototype, finished, params={"seed": 3}, tags={"note": "x"}
    )
    data = run.data
    assert run.info.status == "FINISHED"
    assert data.params["seed"] == "3"
    assert data.params["protocol.split_by"] == "text"
    assert data.metrics["performance.accuracy"] == 0.8
    assert data.metrics["performance.accuracy/low"] == 0.7
    assert data.metrics["performance.accuracy/n"] == 100
    assert data.tags["iagkit.record"] == record.digest
    assert data.tags["iagkit.gate"] == "passed"
    assert data.tags["iagkit.verdicts.pass"] == "1"
    assert data.tags["iagkit.dataset_sha256"] == "a" * 64
    assert data.tags["note"] == "x"
    assert version == "1"


def test_only_the_record_and_its_reports_are_copied(store, prototype, finished):
    _, run, _ = run_in(store, prototype, finished)
    assert files_of(store, run) == {"record.json", "report.es.html", "report.md", "labels.json"}


def test_the_label_map_leads_from_metric_to_group(store, prototype, finished, tmp_path):
    _, run, _ = run_in(store, prototype, finished)
    file = store.client.download_artifacts(run.info.run_id, "labels.json", str(tmp_path))
    told = json.loads(Path(file).read_text())["metrics"]
    (key,) = (k for k, label in told.items() if label["where"])
    assert run.data.metrics[key] == 0.75
    assert told[key]["where"] == {"grupo_étnico": "niño ≤ 5"}


def test_the_data_set_is_kept_with_our_own_sha256(store, prototype, finished):
    _, run, _ = run_in(store, prototype, finished)
    (used,) = run.inputs.dataset_inputs
    assert used.dataset.digest == "a" * 36
    assert [(t.key, t.value) for t in used.tags] == [("iagkit.sha256", "a" * 64)]


def test_nobody_is_named_in_the_store_without_being_asked(store, prototype, finished):
    _, run, _ = run_in(store, prototype, finished)
    assert "mlflow.user" not in run.data.tags
    assert "mlflow.source.name" not in run.data.tags


def test_the_model_is_the_sealed_file_with_signature_and_pins(store, prototype, finished):
    record, run, version = run_in(store, prototype, finished)
    kept = store.client.get_model_version("citizen-requests", version)
    folder = Path(urlsplit(kept.source).path)
    assert (folder / "data" / "model.skops").read_bytes() == b"a model"
    assert not list(folder.rglob("*.pkl"))
    pins = (folder / "requirements.txt").read_text().split()
    assert pins == models.requirements()
    assert all("==" in pin for pin in pins)
    assert kept.tags["iagkit.gate"] == "passed"
    assert kept.tags["iagkit.record"] == record.digest
    assert kept.tags["iagkit.run"] == run.info.run_id


def test_the_signature_demands_the_text_and_admits_the_groups(finished):
    inputs = models.signature(finished()[0]).inputs.to_dict()
    assert {c["name"]: c["required"] for c in inputs} == {"mensaje": True, "sexo": False}


def test_a_model_that_is_not_the_sealed_one_is_not_registered(store, prototype, finished):
    record, folder = finished()
    (folder / "model.skops").write_bytes(b"another")

    def log():
        with store.run("first", prototype=prototype) as tracked:
            tracked.log(record, folder)

    with pytest.raises(TrackingError, match="was changed since"):
        log()
    assert store.client.search_registered_models() == []


def test_a_run_without_a_model_is_kept_too(store, prototype, finished):
    record, folder = finished()
    with store.run("audit", prototype=prototype) as tracked:
        assert tracked.log(record, folder, model=None) is None
    assert store.runs_with(record.digest)[0].info.run_id == tracked.run_id


def test_many_findings_and_settings_are_kept_in_batches(store, prototype):
    with store.run("many", prototype=prototype, params={f"p{i}": i for i in range(250)}) as tracked:
        pass
    assert len(store.client.get_run(tracked.run_id).data.params) == 250


def test_a_failed_run_keeps_the_kind_of_error_but_not_its_text(store, prototype):
    secret = "María Pérez, 44.123.456"

    def fails():
        with store.run("first", prototype=prototype) as tracked:
            ids.append(tracked.run_id)
            raise KeyError(secret)

    ids = []
    with pytest.raises(KeyError, match=secret):
        fails()
    run = store.client.get_run(ids[0])
    assert (run.info.status, run.data.tags["iagkit.error"]) == ("FAILED", "KeyError")
    database = Path(store.place.uri.removeprefix("sqlite:///"))
    assert secret.encode() not in database.read_bytes()


KILLED = """
import os, signal, sys
from pathlib import Path
from urllib.parse import urlsplit
from iagkit.core.record import read
from iagkit.core.nouns import Policy, Protocol, Prototype
from iagkit.track import models
from iagkit.track.store import Store
prototype = Prototype(name="citizen-requests", version="1", task="", recipe="r", title={},
    intended_use={}, not_for={}, human_role={}, protocol=Protocol(name="p"),
    policy=Policy(name="p", version="1", owner="", reason={}, gates=()))
folder = Path(sys.argv[2])
models._write = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
with Store.open(sys.argv[1]).run("killed", prototype=prototype) as tracked:
    print(tracked.run_id, flush=True)
    tracked.log(read((folder / "record.json").read_bytes()), folder)
"""


def test_a_run_killed_in_the_middle_is_marked_by_the_next_one(store_folder, finished, prototype):
    _, folder = finished()
    done = python(KILLED, store_folder, folder)
    run_id = done.stdout.strip()
    assert done.returncode == -signal.SIGKILL
    with sqlite3.connect(store_folder / "mlflow.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT status FROM runs").fetchall() == [("RUNNING",)]
    store = Store.open(store_folder)
    run = store.client.get_run(run_id)
    assert (run.info.status, run.data.tags["iagkit.error"]) == ("FAILED", "killed")
    assert store.client.search_registered_models() == []
    models = store.client.search_logged_models([run.info.experiment_id])
    assert [str(model.status) for model in models] == ["FAILED"]
    record, later = finished(name="later")
    with store.run("next", prototype=prototype) as tracked:
        assert tracked.log(record, later) == "1"


def test_what_was_left_of_a_store_in_the_making_is_cleared_away(template, tmp_path):
    shutil.copy(template, tmp_path / "mlflow.db")
    host, _, space, pid, start = process.token().split(".")
    left = tmp_path / f".mlflow.db.new-{host}.00000000.{space}.{pid}.{start}"
    mine = tmp_path / f".mlflow.db.new-{process.token()}"
    for file in (left, mine):
        file.write_bytes(b"half a database")
    Store.open(tmp_path)
    assert not left.exists()
    assert mine.exists()


def test_a_run_that_is_going_on_is_left_alone(store, store_folder, prototype):
    with store.run("going on", prototype=prototype) as tracked:
        assert Store.open(store_folder).mark_killed() == ()
        assert store.client.get_run(tracked.run_id).info.status == "RUNNING"


def test_a_run_of_another_machine_is_left_alone(store, prototype, monkeypatch):
    with store.run("elsewhere", prototype=prototype):
        monkeypatch.setattr(process, "_host", lambda: "00000000")
        assert store.mark_killed() == ()


def test_runs_that_others_left_are_not_touched(store):
    experiment = store.client.create_experiment("theirs")
    theirs = store.client.create_run(experiment).info.run_id
    assert store.mark_killed() == ()
    assert store.client.get_run(theirs).info.status == "RUNNING"


def test_a_new_store_is_made_without_a_word_and_nowhere_else(tmp_path):
    script = """
    from iagkit.track.store import Store
    store = Store.open()
    from mlflow.telemetry.client import get_telemetry_client
    assert get_telemetry_client() is None
    """
    (tmp_path / "home").mkdir()
    (tmp_path / "cwd").mkdir()
    source = str(Path(places.__file__).parents[2])
    code = f"import os; os.chdir({str(tmp_path / 'cwd')!r})\n" + textwrap.dedent(script)
    done = python(code, HOME=str(tmp_path / "home"), PYTHONPATH=source)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    made = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*"))
    assert made == [
        "cwd", "cwd/iagkit-store", "cwd/iagkit-store/.lock", "cwd/iagkit-store/artifacts",
        "cwd/iagkit-store/mlflow.db", "home",
    ]  # fmt: skip


def test_telemetry_that_somebody_else_began_is_ended():
    script = """
    import mlflow
    from mlflow.telemetry.client import get_telemetry_client
    from iagkit.track import door
    door.mlflow()
    assert get_telemetry_client() is None
    """
    offline = (
        "import socket\nsocket.getaddrinfo = lambda *_, **__: (_ for _ in ()).throw(OSError)\n"
    )
    assert python(offline + textwrap.dedent(script)).returncode == 0


def test_the_address_is_as_told_then_ours_then_mlflows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IAGKIT_STORE", raising=False)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert places.find().artifacts == tmp_path / "iagkit-store" / "artifacts"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow.example:5000")
    assert places.find().uri == "http://mlflow.example:5000"
    monkeypatch.setenv("IAGKIT_STORE", "ours")
    assert places.find().artifacts == tmp_path / "ours" / "artifacts"
    assert places.find(tmp_path / "told").artifacts == tmp_path / "told" / "artifacts"


def test_the_password_of_a_database_is_never_shown():
    place = places.find("postgresql+psycopg://user:secret@db.example/mlflow?password=secret")
    assert "secret" not in repr(place)
    assert place.shown == "'postgresql+psycopg://db.example/mlflow'"


@pytest.mark.parametrize("address", ["file:///tmp/mlruns", "file:mlruns"])
def test_a_store_of_loose_files_is_refused_with_the_reason(address):
    with pytest.raises(TrackingError, match="no longer maintains that kind"):
        Store.open(address)


def test_a_folder_that_is_a_store_of_loose_files_is_refused(tmp_path, monkeypatch):
    (tmp_path / "mlruns" / "0").mkdir(parents=True)
    (tmp_path / "mlruns" / "0" / "meta.yaml").write_text("")
    with pytest.raises(TrackingError, match="loose files"):
        Store.open(tmp_path / "mlruns")
    monkeypatch.delenv("IAGKIT_STORE", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "./mlruns")
    with pytest.raises(TrackingError, match="MLFLOW_TRACKING_URI is an MLflow store of loose"):
        Store.open()


@pytest.mark.parametrize(
    ("address", "said"),
    [("gopher://x", "begins with 'gopher'"), ("sqlite:///:memory:", "would forget every run")],
)
def test_an_address_nobody_can_use_is_refused(address, said):
    with pytest.raises(TrackingError, match=said):
        Store.open(address)


def test_a_store_that_is_no_database_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "mlflow.db").write_text("not a database at all" * 100)
    with pytest.raises(TrackingError, match=r"\(file is not a database\)\. Is its disk"):
        Store.open(tmp_path)


def test_a_store_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TrackingError, match="cannot be used"):
        Store.open(tmp_path / "file" / "store")


def test_a_deleted_experiment_is_named_with_the_way_to_restore_it(store, prototype):
    with store.run("first", prototype=prototype) as tracked:
        pass
    store.client.delete_experiment(tracked.experiment_id)
    with pytest.raises(TrackingError, match="experiments restore -x"):
        store.run("second", prototype=prototype).__enter__()
