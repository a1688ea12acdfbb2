"""`iagkit mitigate` and `iagkit.mitigate`: one table in, one sealed comparison out."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.cli.refusals import leave_with_a_message
from iagkit.core.errors import DeclarationError, UsageError
from iagkit.core.nouns import Gate, Policy
from iagkit.core.record import read
from iagkit.flow import verify
from iagkit.flow.mitigating import mitigate

CANARY = "Xiomara Zubizarreta"
QUICK = ["threshold_optimizer", "reweighing", "group_thresholds"]


def policy(limit, check="mitigation.gap", **more):
    gate = Gate(check=check, reason={"en": "asked by law"}, at_most=limit, **more)
    return Policy(name="ours", version="1", owner="us", reason={"en": "ours"}, gates=(gate,))


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(4)
    n = 2000
    sex = random.choice(["f", "m"], n)
    merit = random.normal(size=n)
    income = merit + 1.2 * (sex == "m") + 0.5 * random.normal(size=n)
    told = {"person": [f"{CANARY} {i // 2}" for i in range(n)], "sex": sex, "income": income}
    repaid = np.where(merit + 0.3 * random.normal(size=n) > 0, "yes", "no")
    return pd.DataFrame({**told, "town": random.choice(["a", "b", None], n), "repaid": repaid})


ASKED = {"truth": "repaid", "groups": ["sex"], "clusters": "person", "estimator": "logistic"}


@pytest.fixture(scope="module")
def told(table):
    return mitigate(table, methods=QUICK, **ASKED)


@pytest.fixture(scope="module")
def file(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("institution") / "loans.csv"
    table.to_csv(path, index=False)
    return path


def command(*words):
    return CliRunner().invoke(app, ["mitigate", *map(str, words)])


def test_a_table_of_methods_has_one_row_each_and_every_number_its_interval(told):
    frame = told.to_frame()
    assert frame["method"].tolist() == ["baseline", *QUICK]
    for name in ("accuracy", "balanced_accuracy", "selection_rate", "gap:sex"):
        assert (frame[f"{name}_low"] <= frame[name]).all()
        assert (frame[name] <= frame[f"{name}_high"]).all()
    assert frame["accuracy_change"].isna().tolist() == [True, False, False, False]
    assert frame["gap:sex"][0] > 2 * frame["gap:sex"][3]


def test_the_record_is_sealed_and_holds_no_cell_of_the_table(told):
    content = told.record.to_bytes()
    assert read(content).digest == told.record.digest
    assert CANARY.encode() not in content
    whole = json.loads(content)
    assert whole["prototype"]["name"] == "mitigation"
    assert whole["run"]["rows"]["judged_on"] == 600
    assert {c["name"]: c["role"] for c in whole["dataset"]["columns"]} == {
        "person": "id", "sex": "group", "income": "input", "town": "input", "repaid": "target",
    }  # fmt: skip


def test_intervals_know_that_rows_of_one_person_repeat_one_another(told):
    found = told.find("mitigation.accuracy", method="baseline").estimate
    assert (found.n, found.clusters) == (600, 300)


def test_polars_eager_and_lazy_tell_what_pandas_tells(table, told):
    for frame in (pl.from_pandas(table), pl.from_pandas(table).lazy()):
        assert mitigate(frame, methods=QUICK, **ASKED).findings == told.findings


def test_a_policy_sets_the_limit_and_judges_every_method(table):
    held = mitigate(table, methods=QUICK, policy=policy(0.0, on_fail="block"), **ASKED)
    assert held.record.prototype["params"]["limit"] == 0
    assert {v.where["method"] for v in held.record.verdicts} == {"baseline", *QUICK}
    assert "baseline" in {v.where["method"] for v in held.record.blocked}
    strict = held.find("mitigation.gap", method="group_thresholds", sex="*").estimate
    loose = mitigate(
        table,
        methods=["group_thresholds"],
        policy=policy(0.2, "fairness.equalized_odds.gap"),
        **ASKED,
    )
    wide = loose.find("mitigation.gap", method="group_thresholds", sex="*").estimate
    assert strict.value < wide.value


def test_a_policy_that_sets_no_limit_on_the_gap_is_refused(table):
    with pytest.raises(DeclarationError, match="'ours', or on the gap"):
        mitigate(table, policy=policy(0.1, "performance.ece"), **ASKED)


def test_an_audit_policy_that_ships_can_be_used_as_it_is(table):
    held = mitigate(table, methods=["reweighing"], policy="high-stakes", **ASKED)
    assert held.record.prototype["params"]["limit"] == 0.05
    assert {v.check for v in held.record.verdicts} == {
        "mitigation.true_positive_rate.gap", "mitigation.false_positive_rate.gap",
    }  # fmt: skip


def test_the_command_writes_what_verify_accepts(file, tmp_path):
    done = command(
        file, "--truth", "repaid", "--group", "sex", "--cluster", "person", "--estimator",
        "logistic", "--method", "reweighing", "--out", tmp_path / "out", "--lang", "es",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Formas de reducir la brecha" in done.output
    assert "Esto no es asesoría jurídica" in " ".join(done.output.split())
    assert CANARY not in done.output
    told = verify(tmp_path / "out")
    assert told["record"] == "ok"
    assert told["report.html"] == told["report.pt.html"] == "as the record"
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "Formas de reducir la brecha" in page
    assert CANARY not in page


def test_json_is_the_record_and_another_split_is_another_result(file):
    asked = (file, "--truth", "repaid", "--group", "sex", "--cluster", "person", "--json",
             "--estimator", "logistic", "--method", "group_thresholds")  # fmt: skip
    first, other = (read(command(*asked, "--seed", seed).stdout_bytes) for seed in (0, 1))
    assert first.findings != other.findings
    assert (first.run["seed"], other.run["seed"]) == (0, 1)


def test_a_blocking_gate_that_fails_ends_with_one(file, tmp_path):
    rules = tmp_path / "ours.yaml"
    words = "{es: x, pt: x, en: x}"
    rules.write_text(
        f"name: ours\nversion: '1'\nowner: us\nreason: {words}\ngates:\n"
        f"- {{check: mitigation.gap, at_most: 0.01, on_fail: block, reason: {words}}}\n"
    )
    done = command(
        file, "--truth", "repaid", "--group", "sex", "--cluster", "person", "--estimator",
        "logistic", "--method", "reweighing", "--policy", rules,
    )  # fmt: skip
    assert done.exit_code == 1, done.output


def test_help_shows_an_example():
    assert "Example: iagkit mitigate" in command("--help").output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--truth", "income", "--group", "sex"), "two outcomes in 'income'"),
        (("--truth", "repaid", "--group", "sexo"), "Did you mean 'sex'?"),
        (("--truth", "repaid", "--group", "sex", "--positive", "ja"), "--positive LABEL"),
        (("--truth", "repaid", "--group", "sex", "--method", "magic"), "expected methods among"),
        (("--truth", "repaid", "--group", "sex", "--constraint", "magic"), "of the constraints"),
        (("--truth", "repaid", "--group", "sex", "--policy", "magic"), "of the policies"),
        (("--truth", "repaid", "--group", "sex", "--seed", "-1"), "a seed of 0 or more"),
    ],
)
def test_bad_input_is_one_message_and_two(file, tmp_path, capsys, words, told):
    refused = command(file, *words, "--out", tmp_path / "out")
    with pytest.raises(SystemExit) as left, leave_with_a_message():
        raise refused.exception
    message = capsys.readouterr().err
    assert left.value.code == 2
    assert told in message
    assert message.count("\n") == 1
    assert CANARY not in message
    assert not (tmp_path / "out").exists()


def test_the_estimator_of_a_person_is_named_but_not_kept(table):
    from sklearn.linear_model import LogisticRegression

    own = mitigate(
        table, truth="repaid", groups=["sex"], inputs=["income"], methods=["reweighing"],
        estimator=LogisticRegression(),
    )  # fmt: skip
    assert own.record.prototype["params"]["estimator"] == "LogisticRegression"
    with pytest.raises(UsageError, match="got int"):
        mitigate(table, truth="repaid", groups=["sex"], estimator=3)


def test_german_credit_is_read_as_it_is_published(mirror):
    names = [f"a{i}" for i in range(1, 21)] + ["risk"]
    loans = pd.read_csv(mirror / "german_credit" / "german.data", sep=r"\s+", names=names)
    loans["age"] = np.where(loans.pop("a13") > 25, "over 25", "to 25")
    told = mitigate(
        loans, truth="risk", positive=1, groups=["age"], constraint="demographic_parity",
        methods=QUICK, test_share=0.4,
    )  # fmt: skip
    found = told.find("mitigation.gap", method="baseline", age="*")
    assert found.estimate.n == 400
    assert set(found.between) == {"over 25", "to 25"}
    assert told.find("mitigation.accuracy", method="baseline").estimate.value > 0.65


AUTOLOGGED = """
import mlflow, pandas as pd, numpy as np, sys
mlflow.set_tracking_uri(sys.argv[1])
mlflow.sklearn.autolog(silent=True)
from iagkit.flow.mitigating import mitigate
x = np.arange(300)
table = pd.DataFrame({"y": x % 7 > 2, "g": np.where(x % 3, "a", "b"), "x": x % 7 + x % 5})
mitigate(table, truth="y", groups=["g"], estimator="logistic", methods=["exponentiated_gradient"])
print(len(mlflow.search_runs(search_all_experiments=True)))
"""


@pytest.mark.slow
def test_mlflow_is_left_with_no_stray_run(tmp_path):
    words = [sys.executable, "-c", AUTOLOGGED, f"sqlite:///{tmp_path}/mlflow.db"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.split()[-1] == "0"
