"""A store is made once (seconds of migrations) and copied for every test."""

import hashlib
import os
import shutil

import pytest

from iagkit.core.message import say
from iagkit.core.nouns import (
    Card,
    Column,
    Dataset,
    Estimate,
    Finding,
    Outcome,
    Policy,
    Protocol,
    Prototype,
    Run,
    Verdict,
)  # fmt: skip
from iagkit.core.record import seal
from iagkit.track import door
from iagkit.track.store import Store

os.environ.update(door.OFF)


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "store"
    store = Store.open(folder)
    store.client.search_registered_models()
    return folder / "mlflow.db"


@pytest.fixture
def store_folder(template, tmp_path):
    folder = tmp_path / "store"
    folder.mkdir()
    shutil.copy(template, folder / "mlflow.db")
    return folder


@pytest.fixture
def store(store_folder):
    return Store.open(store_folder)


@pytest.fixture(scope="session")
def prototype():
    return Prototype(
        name="citizen-requests",
        version="1",
        task="routing",
        recipe="requests.linear",
        title={"en": "Requests"},
        intended_use={"en": "Routing"},
        not_for={"en": "Decisions"},
        human_role={},
        protocol=Protocol(name="default"),
        policy=Policy(name="baseline", version="1", owner="us", reason={}, gates=()),
        params={"candidates": ["a", "b"]},
    )


def a_verdict(result, check="performance.accuracy", on_fail="block", **where):
    because = say("the number is {x}", x=0.5)
    return Verdict(check=check, result=result, because=because, on_fail=on_fail, where=where)


@pytest.fixture
def verdict():
    """A function that makes a verdict."""
    return a_verdict


FINDINGS = (
    Finding(
        check="performance.accuracy",
        question="How often is it right?",
        estimate=Estimate(value=0.8, n=100, low=0.7, high=0.9, level=0.95),
    ),
    Finding(
        check="fairness.accuracy",
        question="For whom?",
        estimate=Estimate(value=0.75, n=40, low=0.6, high=0.85, level=0.95),
        where={"grupo_étnico": "niño ≤ 5"},
    ),
    Finding(check="calibration.ece", question="How sure?", because=say("too few cases")),
)


@pytest.fixture
def finished(tmp_path, prototype):
    """A function that makes the folder of a finished run, with these verdicts."""
    columns = (
        Column(name="mensaje", role="text"),
        Column(name="oficina", role="target"),
        Column(name="sexo", role="group"),
    )
    card = Card(name="requests", columns=columns)
    dataset = Dataset(card=card, table=None, sha256="a" * 64, origin="requests.csv")
    outcome = Outcome(table=(), respond=lambda rows: rows)

    def make(*verdicts, name="out", model=b"a model"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "model.skops").write_bytes(model)
        (folder / "report.es.html").write_text("informe")
        (folder / "report.md").write_text("report")
        (folder / "predictions.parquet").write_text("one row a case")
        (folder / "label_review.csv").write_text("ids")
        (folder / "run.json").write_text("{}")
        run = Run(prototype=prototype, dataset=dataset, outcome=outcome, facts={"seed": 0})
        record = seal(
            run,
            FINDINGS,
            verdicts or (a_verdict("pass"),),
            about={"iagkit": "0.1.0", "at": name},
            artifacts={"model.skops": hashlib.sha256(model).hexdigest()},
        )
        (folder / "record.json").write_bytes(record.to_bytes())
        return record, folder

    return make
