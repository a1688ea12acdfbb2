"""What is asked of an audit beside its columns: which limits, which checks."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import iagkit
from iagkit.cli.app import app
from iagkit.cli.options import default_out
from iagkit.core.errors import DeclarationError
from iagkit.core.gates import refuse_unknown
from iagkit.core.nouns import Gate, Policy

MINE = """
from iagkit.core.nouns import Estimate, Finding


class Quarters:
    name, question, needs = "quarters", "How many cases are there?", frozenset({"cells"})

    def __call__(self, run, /):
        cells = run.outcome.evidence["cells"]
        told = Estimate(value=float(cells.rows), n=cells.rows, unit="cases")
        return (Finding(check="quarters.cases", question=self.question, estimate=told),)
"""
POLICY = """
name: ours
version: 1
owner: us
reason: {en: Ours.}
gates:
  - {check: GATE, at_most: LIMIT, on_fail: block, reason: {en: A limit.}}
"""
COMMAND = ("audit", "table.csv", "--truth", "due", "--prediction", "told", "--group", "region")
WORDS = dict.fromkeys(("es", "pt", "en"), "reason")
ANSWERS = {"truth": "due", "prediction": "told", "groups": ("region", "sex")}
EVERYTHING = {
    "yes or no, with all options": {
        **ANSWERS, "score": "score", "capacity": 0.3, "time": "date", "every": "month",
        "against": "other", "strata": ("sex",), "reference": {"region": "n"},
        "population": {"region": {"n": 0.5, "s": 0.5}},
    },
    "only scores": {"score": "score", "truth": "due", "groups": ("region",)},
    "labels": {"truth": "label", "prediction": "guess", "groups": ("region",)},
    "numbers": {
        "truth": "days", "prediction": "days_told", "groups": ("region",), "tolerance": 2.0,
        "task": "regression",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def table():
    rng, n = np.random.default_rng(7), 900
    due = rng.integers(0, 2, n)
    score = np.clip(0.3 * due + rng.uniform(0, 0.7, n), 0, 1).round(3)
    days = rng.gamma(4, 5, n)
    return pd.DataFrame({
        "region": rng.choice(["n", "s"], n), "sex": rng.choice(["f", "m", None], n),
        "due": due, "score": score, "told": (score > 0.5).astype(int),
        "other": (score > 0.4).astype(int), "days": days, "days_told": days + rng.normal(0, 3, n),
        "label": rng.choice(["a", "b", "c"], n), "guess": rng.choice(["a", "b", "c"], n),
        "date": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 360, n), unit="D"),
    })  # fmt: skip


@pytest.mark.parametrize("asked", EVERYTHING.values(), ids=EVERYTHING)
def test_every_finding_of_an_audit_may_be_named_by_a_gate(table, asked):
    found = {f.check for f in iagkit.audit(table, **asked).findings}
    judged = [name for name in found if not name.endswith(".cases_needed")]
    assert len(judged) > 10
    refuse_unknown(judged, where="the record")


def policy(check, **more):
    gate = Gate(check=check, at_most=0.1, reason=WORDS, on_fail="block", **more)
    return Policy(name="ours", version="1", owner="us", reason=WORDS, gates=(gate,))


def test_a_policy_made_in_python_is_read_as_strictly_as_a_file(table):
    with pytest.raises(DeclarationError, match=r"Did you mean 'fairness\.f1\.gap'"):
        iagkit.audit(table, **ANSWERS, policy=policy("fairness.f1.gapp"))


def test_metrics_that_are_brought_along_may_be_limited(table):
    held = iagkit.audit(
        table, truth="due", prediction="told", groups=("sex",), policy=policy("fairness.cost.gap"),
        metrics={"cost": lambda true, told: float(np.mean(true != told))},
    )  # fmt: skip
    assert [verdict.check for verdict in held.verdicts] == ["fairness.cost.gap"]


def iagkit_(*arguments, cwd, **environment):
    return subprocess.run(
        [sys.executable, "-m", "iagkit", *map(str, arguments)], cwd=cwd, capture_output=True,
        text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
    )  # fmt: skip


def invoked(*arguments):
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def here(tmp_path, table):
    table.to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


@pytest.fixture
def plugin(here):
    """A distribution of others with a registered check, as pip would have installed it."""
    about = here / "lib" / "mine-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[iagkit.checks]\nquarters = mine:Quarters\n")
    (here / "lib" / "mine.py").write_text(MINE)
    return {"PYTHONPATH": str(here / "lib")}


def test_a_check_of_others_answers_in_an_audit_and_may_be_limited(here, plugin):
    (here / "ours.yaml").write_text(
        POLICY.replace("GATE", "quarters.cases").replace("LIMIT", "5000")
    )
    more = ("--check", "quarters", "--policy", "ours.yaml", "--json")
    done = iagkit_(*COMMAND, *more, cwd=here, **plugin)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    (told,) = [f for f in record["findings"] if f["check"] == "quarters.cases"]
    assert told["estimate"]["value"] == 900
    assert "quarters" in record["prototype"]["protocol"]["checks"]
    assert [v["check"] for v in record["verdicts"]] == ["quarters.cases"]


def test_a_check_that_is_not_registered_is_refused_with_the_likely_one(here, plugin):
    done = iagkit_(*COMMAND, "--check", "quarter", cwd=here, **plugin)
    assert done.returncode == 2
    assert "Did you mean 'quarters'?" in done.stderr
    assert not (here / "out").exists()


def test_a_check_that_is_asked_for_twice_answers_once(table):
    found = iagkit.audit(table, **ANSWERS, checks=["sizes", "sizes"]).findings
    places = [tuple(f.where.items()) for f in found if f.check == "fairness.group_size"]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("limit", "plain", "strict"), [("0.99", 0, 0), ("0.02", 0, 1), ("-1", 1, 1)]
)
def test_only_a_strict_audit_ends_with_one_where_a_blocking_limit_is_undecided(
    here, limit, plain, strict, monkeypatch
):
    monkeypatch.chdir(here)
    rules = POLICY.replace("GATE", "fairness.accuracy.gap").replace("LIMIT", limit)
    (here / "ours.yaml").write_text(rules)
    asked = (*COMMAND, "--policy", "ours.yaml", "--json", "--lang", "en")
    assert invoked(*asked).exit_code == plain
    done = invoked(*asked, "--strict")
    assert done.exit_code == strict
    assert ("is undecided" in done.stderr) == (plain != strict)


@pytest.mark.parametrize(
    ("of", "folder"),
    [
        ("2025/decisions.csv", "audit-decisions"), ("2025/*.parquet", "audit-table"),
        ("-", "audit-table"),
        ("our/prototype.yaml", "audit-our"), ("año 1.xlsx", "audit-año-1"),
    ],
)  # fmt: skip
def test_results_have_a_folder_of_their_own_unless_told_otherwise(of, folder):
    assert default_out("audit", of).as_posix() == f"out/{folder}"


def test_an_audit_without_out_leaves_what_stands_in_the_folder_out_as_it_was(here, monkeypatch):
    (here / "out").mkdir()
    (here / "out" / "mine.txt").write_text("mine")
    monkeypatch.chdir(here)
    for _ in range(2):
        assert invoked(*COMMAND).exit_code == 0
    assert (here / "out" / "mine.txt").read_text() == "mine"
    made = sorted(p.name for p in (here / "out").iterdir() if p.is_dir())
    assert len(made) == 2
    assert made[0] == "audit-table"
    assert made[1].startswith("audit-table.before-")


SLOW = """
import os, sys, time
import pandas, iagkit.flow.auditing as auditing
def measure(run):
    print("measuring", flush=True)
    time.sleep(60)
auditing.measure = measure
sys.argv[0] = "iagkit"
from iagkit.cli import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_audit_that_is_stopped_says_so_in_one_line_and_leaves_nothing(here, number):
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, *COMMAND, "--json", "--out", "results/first"],
        cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout.readline() == "measuring\n"
    child.send_signal(number)
    _, told = child.communicate(timeout=30)
    assert child.returncode == 128 + number
    assert told == "iagkit: stopped; nothing half-written was kept\n"
    assert sorted(p.name for p in here.iterdir()) == ["table.csv"]
