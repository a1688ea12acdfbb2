"""Attacks on an audit: odd tables are refused or counted right, small counts stay hidden."""

import numpy as np
import pandas as pd
import pytest

import iagkit

DRAW = np.random.default_rng(3)
N = 400
GOOD = pd.DataFrame({
    "sex": DRAW.choice(["f", "m"], N), "district": DRAW.choice(["n", "s"], N),
    "y": DRAW.integers(0, 2, N), "p": DRAW.integers(0, 2, N), "score": DRAW.random(N).round(3),
})  # fmt: skip


def audit(table=GOOD, **changed):
    asked = {"truth": "y", "prediction": "p", "groups": ["sex"], **changed}
    return iagkit.audit(table, **asked)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"p": np.where(GOOD["p"], "yes", "no"), "y": GOOD["y"].astype(str)}, "one way"),
        ({"p": np.where(GOOD["p"], "yes", "no"), "y": np.where(GOOD["y"], "sí", "no")}, "one way"),
        (
            {"p": np.where(GOOD["p"], "yes", "no"), "y": np.where(GOOD["y"], "yes ", "no")},
            "one way",
        ),
        ({"p": np.where(GOOD["p"], "a", "b"), "y": np.where(GOOD["y"], "A", "b")}, "one way"),
        ({"sex": np.where(GOOD["sex"] == "f", "*", "m")}, "stands for all"),
    ],
    ids=["yes and 1", "languages", "a space", "capitals", "a star"],
)
def test_words_that_mean_two_things_are_refused(changed, words):
    with pytest.raises(iagkit.IagkitError, match=words):
        audit(GOOD.assign(**changed))


def test_spellings_that_were_declared_are_different_answers():
    table = GOOD.assign(y=np.where(GOOD["y"], "A", "b"), p=np.where(GOOD["p"], "a", "b"))
    assert audit(table, labels=["A", "a", "b"]).record.run["audit"]["task"] == "multiclass"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"level": "x"}, "level"), ({"level": 1 - 1e-15}, "at most"), ({"depth": "2"}, "depth"),
        ({"k": 1.5}, "whole number"), ({"min_group": float("nan")}, "whole number"),
        ({"tolerance": -1.0}, "0 or more"), ({"threshold": 0.7}, "--threshold"),
        ({"groups": ["p"]}, "groups of people"), ({"groups": ["y"]}, "groups of people"),
        ({"population": {"sex": {"f": 0.5, "m": 0.5}}}, "--capacity"),
        ({"population": {"sex": 0.5}}, "by column and group"),
        ({"population": {"sex": {"f": 51, "m": 49}}, "score": "score", "capacity": 0.5}, "percent"),
        ({"population": {"sex": {"f": -1, "m": 2}}, "score": "score", "capacity": 0.5}, "above 0"),
    ],
)  # fmt: skip
def test_settings_without_effect_or_sense_are_refused(asked, words):
    with pytest.raises(iagkit.IagkitError, match=words):
        audit(**asked)


@pytest.mark.parametrize("name", ["truth", "prediction", "class", "confidence", "period", "column"])
def test_a_group_column_named_like_a_place_of_findings_is_refused(name):
    with pytest.raises(iagkit.IagkitError, match="Rename it"):
        audit(GOOD.rename(columns={"sex": name}), groups=[name])


@pytest.fixture(scope="module")
def few():
    draw = np.random.default_rng(1)
    group = ["a"] * 3 + ["b"] * 60 + ["c"] * 200 + ["d"] * 150
    y, p = draw.integers(0, 2, (2, len(group)))
    return pd.DataFrame({"g": group, "y": y, "p": p})


@pytest.mark.parametrize("seed", range(4))
def test_the_cases_of_a_gap_less_all_cases_are_not_those_of_a_group_of_few(few, seed):
    draw = np.random.default_rng(seed)
    table = few.assign(p=draw.integers(0, 2, len(few)))
    found = audit(table, groups=["g"])
    told = [f.estimate.n for f in found.record.findings if f.where.get("g") == "*" and f.estimate]
    assert not {len(table) - n for n in told} & {1, 2, 3, 4}
    assert found.find("fairness.selection_rate.gap", g="*").estimate.n == len(table) - 3


def test_a_difference_from_a_group_that_is_withheld_is_withheld(few):
    found = audit(few, groups=["g"], reference={"g": "a"}, min_group=1)
    full = found.find("fairness.selection_rate.difference", g="c")
    assert full is not None
    public = found.record.find("fairness.selection_rate.difference", g="c")
    assert public.estimate is None


def test_no_digest_confirms_a_guess_at_counts_that_are_withheld(few):
    found, same = audit(few, groups=["g"]).record, audit(few, groups=["g"]).record
    assert found.run["audit"]["cells_sha256"] is None
    assert found.dataset["sha256"] == same.dataset["sha256"]
    rows = few.drop(index=[0])
    full = audit(few, groups=["g"], k=0).record
    assert full.run["audit"]["cells_sha256"] == full.dataset["sha256"]
    assert full.dataset["sha256"] != audit(rows, groups=["g"], k=0).record.dataset["sha256"]
    assert found.dataset["sha256"] != full.dataset["sha256"]


def test_a_class_of_few_is_withheld_with_another_one(few):
    draw = np.random.default_rng(1)
    y = draw.choice(list("abcde"), 600, p=[0.5, 0.3, 0.15, 0.042, 0.008])
    p = np.where(draw.random(600) < 0.8, y, draw.choice(list("abcde"), 600))
    table = pd.DataFrame({"sex": draw.choice(["f", "m"], 600), "y": y, "p": p})
    found = audit(table)
    sizes = {c: found.find("performance.recall", **{"class": c}).estimate for c in "abcde"}
    assert any(e.n < 5 or e.value * e.n < 5 for e in sizes.values())
    told = [found.record.find("performance.recall", **{"class": c}).estimate for c in "abcde"]
    assert sum(e is None for e in told) >= 2
    assert not any(0.5 < e.value * e.n < 4.5 for e in told if e is not None)


def test_a_first_line_of_data_is_not_repeated_as_names_of_columns():
    table = GOOD.head(4).set_axis(["Xiomara", "41", "f", "1", "0"], axis=1)
    with pytest.raises(iagkit.IagkitError, match="a line with names") as refusal:
        audit(table)
    assert "Xiomara" not in str(refusal.value)


def test_a_folder_that_is_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "out")
    with pytest.raises(iagkit.IagkitError, match="cannot be written"):
        audit(out=tmp_path / "out")
