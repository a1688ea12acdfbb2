"""What an audit refuses: one message, exit code 2, nothing written, no cell told."""

import json
import subprocess

import numpy as np
import pandas as pd
import pytest
from test_cli import refused

from iagkit.cli.app import app
from iagkit.cli.refusals import leave_with_a_message

CANARY = "Xiomara Zubizarreta"
DRAW = np.random.default_rng(3)
N = 400
GOOD = {
    "sex": DRAW.choice(["f", "m"], N), "district": DRAW.choice(["n", "s"], N),
    "y": DRAW.integers(0, 2, N), "p": DRAW.integers(0, 2, N), "score": DRAW.random(N).round(3),
    "weight": DRAW.random(N).round(3), "one": ["same"] * N,
    "name": [f"{CANARY} {i}" for i in range(N)],
    "age": DRAW.permutation(np.arange(N) % 62 + 18), "day": pd.date_range("2020-01-01", periods=N),
    "huge": np.where(np.arange(N) % 9, 1.0, np.inf), "empty": [None] * N,
    "income": DRAW.normal(1000, 200, N).round(2),
}  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    pd.DataFrame(GOOD).to_csv(tmp_path / "good.csv", index=False)
    monkeypatch.chdir(tmp_path)
    CAPTURED.append(capsys)
    yield tmp_path
    CAPTURED.clear()


CAPTURED = []


def iagkit(*arguments, cwd=None):
    """Run a command in this process: starting Python thirty times takes minutes."""
    code = 0
    try:
        with leave_with_a_message():
            app(list(map(str, arguments)))
    except SystemExit as left:
        code = left.code or 0
    told = CAPTURED[-1].readouterr()
    return subprocess.CompletedProcess(arguments, code, told.out, told.err)


def audit(cwd, *more, file="good.csv", truth="y", prediction="p", group="sex"):
    return iagkit(
        "audit", file, "--truth", truth, "--prediction", prediction, "--group", group, *more,
        "--out", "out", cwd=cwd,
    )  # fmt: skip


def changed(here, **columns):
    pd.DataFrame({**GOOD, **columns}).to_csv(here / "bad.csv", index=False)
    return "bad.csv"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--labels", "yes,no"], ["declared labels", "--labels"]),
        (["--positive", "granted"], ["--positive", "'0', '1'"]),
        (["--group", "one"], ["two groups", "'one'"]),
        (["--group", "name"], ["groups of people", "'name'", "Join rare values"]),
        (["--group", "income"], ["groups of people", "--bins income="]),
        (["--group", "age"], ["at most 20", "--bins age=32,46,63 ", "--bins age=values"]),
        (["--group", "day"], ["400 different", "--time"]),
        (["--weight", "sex"], ["'sex' (weights)", "for how many people a row stands"]),
        (["--weight", "huge"], ["'huge' (weights)", "below 1e60"]),
        (["--reference", "sex=F"], ["'f', 'm'", "Did you mean 'f'"]),
        (["--reference", "sex=m=f"], ["'sex'", "'f', 'm'"]),
        (["--group", "distrit"], ["Did you mean 'district'"]),
        (["--group", "income", "--bins", "income=900,800"], ["greater than the one before"]),
        (["--group", "income", "--bins", "income"], ["--bins age=0,18,30,65"]),
        (["--weight", "name"], ["numbers in 'name'"]),
        (["--score", "income"], ["probabilities from 0 to 1"]),
        (["--reference", "sex=x"], ["'sex'", "--reference"]),
        (["--reference", "sexo=f"], ["Did you mean 'sex'"]),
        (["--policy", "baselin"], ["Did you mean 'baseline'"]),
        (["--task", "bynary"], ["Did you mean 'binary'"]),
        (["--level", "95"], ["between 0 and 1"]),
        (["--time", "name"], ["dates"]),
        (["--every", "month"], ["--time"]),
        (["--strata", "one"], ["--strata"]),
        (["--capacity", "2"], ["capacity"]),
        (["--query", "select 1"], ["--query"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_an_option_that_does_not_fit_is_refused_with_what_to_do(here, options, words):
    told = refused(audit(here, *options), *words)
    assert CANARY not in told
    assert sum(line.startswith("iagkit:") for line in told.splitlines()) == 1
    assert told.strip().splitlines()[-1].startswith("iagkit:")
    assert not (here / "out").exists()


def test_an_option_that_the_task_has_no_use_for_is_refused(here):
    file = changed(here, told=np.asarray(GOOD["income"]) + 1)
    told = audit(here, "--against", "score", file=file, truth="income", prediction="told")
    refused(told, "--against", "regression")
    refused(audit(here, "--tolerance", "2"), "--tolerance", "binary")


def test_a_column_and_a_group_may_hold_an_equals_sign(here):
    file = changed(here, **{"a=b": np.where(np.arange(N) % 2, "f=1", "m")})
    done = audit(here, "--reference", "a=b=f=1", "--json", file=file, group="a=b")
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["run"]["audit"]["reference"] == {"a=b": "f=1"}


def test_numbers_that_are_codes_are_groups_if_that_is_said(here):
    done = audit(here, "--bins", "age=values", "--json", group="age")
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["run"]["audit"]["bins"] == {}
    done = audit(here, "--json", file=changed(here, race=np.arange(N) % 9 + 1), group="race")
    assert done.returncode in (0, 1), done.stderr


def test_weights_too_small_to_count_are_not_called_zero(here):
    refused(audit(here, "--weight", "w", file=changed(here, w=np.full(N, 1e-99))), "below 1e-60")


def test_scores_given_as_predictions_are_refused_with_how_to_give_them(here):
    for decimals in (2, 6):
        file = changed(here, p=np.round(GOOD["score"] * 0.98765, decimals))
        refused(audit(here, file=file), "labels in 'p'", "--score", "--task regression")


def test_truth_and_predictions_in_different_words_are_refused_with_both(here):
    file = changed(here, y=np.where(GOOD["y"], "paid", "default"))
    refused(audit(here, file=file), "'default', 'paid'", "'0', '1'", "none is in both")


def test_true_and_false_of_a_file_are_one_and_zero(here):
    file = changed(here, y=GOOD["y"] == 1)
    told = [audit(here, "--json", file=f) for f in (file, "good.csv")]
    asked = [json.loads(t.stdout)["run"]["audit"] for t in told]
    assert asked[0]["labels"] == asked[1]["labels"] == ["0", "1"]
    assert asked[0]["positive"] == "1"


def test_the_largest_numbers_are_told_in_every_language(here):
    income = np.asarray(GOOD["income"])
    pd.DataFrame({**GOOD, "y": income * 1e50, "p": income * 1.1e50}).to_parquet(here / "t.parquet")
    for lang in ("en", "es", "pt"):
        done = audit(here, "--task", "regression", "--lang", lang, file="t.parquet")
        assert done.returncode in (0, 1), done.stderr
        assert "E" in (here / "out/report.md").read_text()


def test_truth_that_is_all_missing_is_refused(here):
    refused(audit(here, truth="empty"), "all 400 rows are missing")


def test_one_column_in_two_roles_is_refused(here):
    refused(audit(here, prediction="y"), "one role for each column")


def test_negative_and_zero_weights_are_refused_with_their_number(here):
    weights = GOOD["weight"].copy()
    weights[:3] = -1
    file = changed(here, weight=weights)
    refused(audit(here, "--weight", "weight", file=file), "3 of 400", "negative")
    file = changed(here, weight=np.zeros(N))
    refused(audit(here, "--weight", "weight", file=file), "above 0")


def test_ten_thousand_levels_are_refused_before_they_fill_the_memory(here):
    table = pd.DataFrame({"g": [f"g{i}" for i in range(10_000)], "y": 1, "p": 0})
    table.to_parquet(here / "many.parquet")
    refused(audit(here, file="many.parquet", group="g"), "at most 200")


def test_three_labels_for_a_yes_or_no_task_are_refused(here):
    file = changed(here, p=DRAW.choice(["0", "1", "perhaps"], N))
    refused(audit(here, "--task", "binary", file=file), "two labels")


def test_labels_that_do_not_say_which_means_yes_are_asked_for(here):
    file = changed(here, y=DRAW.choice(["blue", "red"], N), p=DRAW.choice(["blue", "red"], N))
    refused(audit(here, file=file), "--positive", "'blue', 'red'")


def test_no_group_no_prediction_and_no_table_are_refused(here):
    refused(iagkit("audit", "good.csv", "--truth", "y", "--prediction", "p", cwd=here), "--group")
    refused(iagkit("audit", "good.csv", "--truth", "y", "--group", "sex", cwd=here), "--prediction")
    refused(iagkit("audit", "--truth", "y", "--group", "sex", cwd=here), "--db")
    refused(
        iagkit("audit", "absent.csv", "--prediction", "p", "--group", "sex", cwd=here), "absent"
    )


def test_what_is_in_the_way_stays_and_earlier_results_are_moved(here):
    assert audit(here).returncode in (0, 1)
    first = (here / "out/record.json").read_bytes()
    done = audit(here, "--group", "district")
    assert done.returncode in (0, 1)
    kept = list(here.glob("out.before-*"))
    assert [folder.joinpath("record.json").read_bytes() for folder in kept] == [first]


def test_no_name_of_the_table_reaches_any_file(here):
    done = audit(here, "--json", "--cluster", "name", "--score", "score")
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["run"]["audit"]["cluster"] is True
    written = [path for path in (here / "out").rglob("*") if path.is_file()]
    assert {"record.json", "report.html", "report.md"} <= {path.name for path in written}
    assert not any(CANARY.encode() in path.read_bytes() for path in written)
    assert CANARY not in done.stdout + done.stderr


def test_sql_that_writes_is_refused(here):
    told = iagkit(
        "audit", "--db", "sqlite:///absent.db", "--query", "delete from t", "--prediction", "p",
        "--group", "sex", cwd=here,
    )  # fmt: skip
    refused(told, "only reads")


def test_a_misspelt_check_is_not_taken_for_one_without_an_answer():
    from iagkit import audit as audited
    from iagkit.core.errors import UsageError

    found = audited(pd.DataFrame(GOOD), truth="y", prediction="p", groups=["sex"])
    assert found.find("fairness.accuracy", sex="x") is None
    with pytest.raises(UsageError, match=r"Did you mean 'fairness\.accuracy"):
        found.find("fairness.acuracy", sex="f")
