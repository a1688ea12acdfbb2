"""Running again from a record: clean on the same data, refused on others, told where it differs."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import iagkit
from iagkit import flow
from iagkit.cli.app import app
from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import say
from iagkit.core.nouns import Estimate
from iagkit.core.record import read
from iagkit.flow.comparing_records import differences
from iagkit.flow.declared_again import prototype_of
from iagkit.flow.reproducing import reproduce
from iagkit.prototypes.engine import archives
from iagkit.wire import declare, files


@pytest.fixture(scope="module")
def audited(tmp_path_factory):
    """A table of 1,200 people, and the record of an audit of it that asks for many things."""
    home = tmp_path_factory.mktemp("audited")
    table = pd.DataFrame({"sex": ["f", "m", "x"] * 400, "age": [18, 30, 45, 60] * 300})
    table["y"] = [0, 1, 1, 0, 1] * 240
    table["p"] = [0, 1, 1, 0, 0, 1] * 200
    table["w"] = [1, 2] * 600
    table.to_csv(home / "people.csv", index=False)
    found = iagkit.audit(
        home / "people.csv", truth="y", prediction="p", groups=["sex", "age"], weight="w",
        bins={"age": [0, 40, 80]}, reference={"sex": "f"}, depth=1, min_group=20, k=3,
    )  # fmt: skip
    (home / "record.json").write_bytes(found.record.to_bytes())
    return home


def test_an_audit_is_reproduced_from_its_record_alone(audited):
    found = reproduce(audited / "record.json", data=str(audited / "people.csv"))
    assert found.clean
    assert found.identical
    assert {one.kind for one in found.differences} <= {"volatile"}


def test_other_data_are_refused_and_both_digests_told(audited, tmp_path):
    table = pd.read_csv(audited / "people.csv")
    table.loc[0, "y"] = 1 - table.loc[0, "y"]
    table.to_csv(tmp_path / "people.csv", index=False)
    with pytest.raises(DataError, match="SHA-256") as refused:
        reproduce(audited / "record.json", data=str(tmp_path / "people.csv"))
    assert flow.record_in(audited).dataset["sha256"] in str(refused.value)


def test_data_that_nothing_leads_to_are_asked_for(audited):
    with pytest.raises(DataError, match="Name them with --data"):
        reproduce(audited / "record.json")


def test_an_audit_that_asked_code_is_refused_with_what_is_missing(audited, tmp_path):
    record = flow.record_in(audited)
    protocol = {**record.prototype["protocol"], "checks": ["rates", "custom", "robustness"]}
    other = replace(record, prototype={**record.prototype, "protocol": protocol})
    (tmp_path / "record.json").write_bytes(other.to_bytes())
    with pytest.raises(DataError, match="metrics=, model="):
        reproduce(tmp_path, data=str(audited / "people.csv"))


def test_a_record_from_before_what_was_asked_was_kept_is_refused(audited, tmp_path):
    record = flow.record_in(audited)
    told = {k: v for k, v in record.run["audit"].items() if k != "asked"}
    (tmp_path / "record.json").write_bytes(
        replace(record, run={**record.run, "audit": told}).to_bytes()
    )
    with pytest.raises(DataError, match="does not hold it"):
        reproduce(tmp_path, data=str(audited / "people.csv"))


def test_a_recipe_that_is_none_is_refused(audited, tmp_path):
    record = flow.record_in(audited)
    other = replace(record, prototype={**record.prototype, "recipe": "mitigation"})
    (tmp_path / "record.json").write_bytes(other.to_bytes())
    with pytest.raises(DataError, match="of the recipe 'mitigation'"):
        reproduce(tmp_path, data=str(audited / "people.csv"))


@pytest.mark.parametrize("tolerance", [-1.0, 1.0, float("nan")])
def test_a_tolerance_that_is_none_is_refused(audited, tolerance):
    with pytest.raises(UsageError, match="tolerance"):
        reproduce(audited / "record.json", tolerance=tolerance)


def changed(record, value):
    """Return the record with another first estimate."""
    at = next(i for i, f in enumerate(record.findings) if f.estimate is not None)
    known = record.findings[at].estimate
    other = replace(record.findings[at], estimate=Estimate(**{**asdict(known), **value(known)}))
    rows = (*record.findings[:at], other, *record.findings[at + 1 :])
    return replace(record, findings=rows)


def test_a_hair_of_a_difference_is_within_the_tolerance_and_more_is_evidence(audited):
    record = flow.record_in(audited)
    hair = changed(record, lambda e: {"value": e.value * (1 + 1e-12) + 1e-15})
    (one,) = differences(record, hair, tolerance=1e-9)
    assert (one.kind, one.matters) == ("tolerance", False)
    assert differences(record, hair, tolerance=0)[0].kind == "evidence"
    (one,) = differences(record, changed(record, lambda e: {"n": e.n + 1}), tolerance=1e-9)
    assert (one.kind, one.matters, one.field.rpartition(".")[2]) == ("evidence", True, "n")


def test_a_verdict_that_turned_comes_first(audited):
    record = flow.record_in(audited)
    verdict = record.verdicts[-1]
    result = {"pass": "fail"}.get(verdict.result, "pass")
    other = changed(record, lambda e: {"n": e.n + 1})
    turned = replace(verdict, result=result, because=say("limit {limit:.2f}", limit=0.5))
    found = differences(
        record, replace(other, verdicts=(*other.verdicts[:-1], turned)), tolerance=0
    )
    assert (found[0].kind, found[0].now) == ("verdict", result)
    assert all(one.matters for one in found)


def test_what_explains_and_what_only_moved_does_not_matter(audited):
    record = flow.record_in(audited)
    moved = replace(
        record, dataset={**record.dataset, "origin": "elsewhere.csv"},
        run={**record.run, "made_with": {**record.run["made_with"], "numpy": "0"}, "seconds": 9.9},
        artifacts={"model.skops": "1"},
    )  # fmt: skip
    kinds = {one.kind: one.matters for one in differences(record, moved, tolerance=0)}
    assert kinds == {"place": False, "environment": False, "volatile": False, "file": False}
    same = replace(record, artifacts={"model.skops": "1"})
    assert [one.matters for one in differences(record, same, tolerance=0)] == [True]
    other = replace(record, dataset={**record.dataset, "licence": "x"})
    assert differences(record, other, tolerance=0)[0].kind == "declaration"


@pytest.mark.parametrize("name", files.names("prototypes"))
def test_a_declaration_comes_back_from_a_record_as_it_was(name):
    declared = declare.prototype(name, review_share=0.2)
    declared = replace(declared, params={k: v for k, v in declared.params.items() if k != "data"})
    again = prototype_of(read(sealed(declared).to_bytes()))
    assert again.protocol == declared.protocol
    assert again.policy == declared.policy
    assert again.params == declared.params
    assert again.protocol.max_error is None


def sealed(declared):
    """Seal a declaration without any finding."""
    from iagkit.core.nouns import Card, Dataset, Outcome, Run
    from iagkit.core.record import seal

    data = Dataset(card=Card(name="d"), table=None, sha256="0" * 64)
    outcome = Outcome(table=[], respond=lambda: None)
    run = Run(prototype=declared, dataset=data, outcome=outcome, facts={"seed": 0})
    return seal(run, (), (), about={"iagkit": iagkit.__version__})


def test_a_declaration_with_a_field_that_is_new_is_refused_with_the_version():
    record = sealed(declare.prototype("citizen-requests"))
    protocol = {**record.prototype["protocol"], "gathered_by": "lot"}
    other = replace(record, prototype={**record.prototype, "protocol": protocol})
    with pytest.raises(DataError, match=f"made with iagkit {iagkit.__version__}"):
        prototype_of(other)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", "no difiere nada que importe"),
        ("pt", "nada do que importa"),
        ("en", "nothing differs"),
    ],
)
def test_what_was_found_is_told_in_the_language_of_the_reader(audited, lang, words):
    asked = ["reproduce", str(audited), "--data", str(audited / "people.csv"), "--lang", lang]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.exception
    assert words in done.stdout


def test_the_same_model_is_the_same_file_wherever_it_lay_in_memory(tmp_path):
    from skops.io import dump, load

    held, content = [], []
    for number in (1, 2):
        held.append(shared := np.arange(5.0))
        word = "".join(["te", "xt"])  # another object each time, as texts of two files are
        held.append(model := {"a": shared, "b": [shared, word, 0.5, word], "c": np.ones(3)})
        path = tmp_path / f"{number}.skops"
        dump(model, path)
        with zipfile.ZipFile(path) as archive:
            before = archive.read("schema.json")
        archives.settle(path)
        content.append((path.read_bytes(), before))
    assert content[0][0] == content[1][0]
    assert content[0][1] != content[1][1]
    told = load(path)
    assert told["a"].tolist() == told["b"][0].tolist() == [0, 1, 2, 3, 4]
    assert (told["b"][1:], told["c"].tolist()) == (["text", 0.5, "text"], [1, 1, 1])


@pytest.mark.slow
def test_the_demo_is_the_same_to_the_byte_wherever_it_is_run(tmp_path):
    """Two folders stand for two clones: the record of one, alone, is reproduced in the other."""
    run = "from iagkit import flow; flow.run('citizen-requests', out='out', track=False)"
    for clone in ("first", "second"):
        (tmp_path / clone).mkdir()
        subprocess.run([sys.executable, "-c", run], cwd=tmp_path / clone, check=True)
    first, second = (flow.record_in(tmp_path / clone / "out") for clone in ("first", "second"))
    assert first.steady() == second.steady()
    assert str(tmp_path) not in first.to_bytes().decode()
    alone = tmp_path / "second" / "record.json"
    shutil.copy(tmp_path / "first" / "out" / "record.json", alone)
    done = subprocess.run(
        [sys.executable, "-m", "iagkit", "reproduce", str(alone), "--json"],
        cwd=tmp_path / "second", capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["clean"] is told["identical_but_for_time"] is True


@pytest.fixture(scope="module")
def logged(mirror):
    """A real log of permits, with nothing said about it."""
    return mirror / "receipt_coselog" / "receipt.xes.gz", {}


@pytest.fixture(scope="module")
def normed(mirror, tmp_path_factory):
    """Nine hundred real norms under three headings, and what their columns are."""
    table = pd.read_parquet(mirror / "infoleg_ar_es" / "infoleg_ar_es.parquet")
    often = table["heading_class"].value_counts().index[:3]
    table = table[table["heading_class"].isin(often)].sort_values("id")
    path = tmp_path_factory.mktemp("norms") / "norms.csv"
    table.groupby("heading_class").head(300)[["id", "text", "heading_class"]].to_csv(
        path, index=False
    )
    return path, {"text": "text", "target": "heading_class", "ids": "id", "language": "es"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "given"), [("process-optimization", "logged"), ("document-triage", "normed")]
)
def test_other_prototypes_seal_the_same_record_twice(request, tmp_path, name, given):
    """Python orders sets anew in each process: what hangs on an order would differ."""
    data, options = request.getfixturevalue(given)
    run = (
        "import sys; from iagkit import flow; "
        f"flow.run({name!r}, {str(data)!r}, out=sys.argv[1], track=False, **{options!r})"
    )
    for hashes in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", run, str(tmp_path / hashes)],
            env={**os.environ, "PYTHONHASHSEED": hashes}, check=True,
        )  # fmt: skip
    first, second = (flow.record_in(tmp_path / hashes) for hashes in ("1", "2"))
    assert first.steady() == second.steady()
    assert first.artifacts == second.artifacts
