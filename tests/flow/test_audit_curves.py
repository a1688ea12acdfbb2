"""Audits of scores: areas without bins, and what other thresholds would do."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from real_tables import adult
from sklearn.metrics import roc_auc_score

import iagkit
from iagkit.core.errors import UsageError


@pytest.fixture(scope="module")
def people(mirror):
    return adult(mirror)


@pytest.mark.data
def test_exact_areas_are_scikit_learns_for_every_group_of_one_and_two_columns(people):
    found = iagkit.audit(
        people, truth="income", score="score", groups=["sex", "race"], exact=True
    )  # fmt: skip
    compared = 0
    for columns in (["sex"], ["race"], ["sex", "race"]):
        for group, rows in people.groupby(columns):
            area = found.find("fairness.roc_auc", **dict(zip(columns, group, strict=True)))
            expected = roc_auc_score(rows["income"], rows["score"])
            assert area.estimate.value == pytest.approx(expected, abs=1e-12)
            compared += 1
    assert compared == 2 + 5 + 10
    whole = roc_auc_score(people["income"], people["score"])
    assert found.find("performance.roc_auc").estimate.value == pytest.approx(whole, abs=1e-12)


@pytest.mark.data
def test_exact_areas_say_what_they_cost_and_have_no_bound(people, tmp_path):
    file = tmp_path / "people.parquet"
    pl.from_pandas(people[["income", "score", "sex"]]).write_parquet(file)
    binned, exact = (
        iagkit.audit(file, truth="income", score="score", groups=["sex"], exact=each)
        for each in (False, True)
    )
    bound = binned.find("performance.roc_auc.bound").estimate.value
    areas = [a.find("performance.roc_auc").estimate.value for a in (binned, exact)]
    assert 0 < abs(areas[0] - areas[1]) <= bound
    assert not [f for f in exact.findings if f.check == "performance.roc_auc.bound"]
    different = people.groupby(["income", "score", "sex"]).ngroups
    assert exact.record.run["exact_scores"]["counts"] == different
    assert "exact_scores" not in binned.record.run


def test_exact_areas_without_scores_are_refused():
    table = pd.DataFrame({"y": [0, 1] * 40, "told": [0, 1] * 40, "g": ["a", "b"] * 40})
    with pytest.raises(UsageError, match="--exact-scores counts every score for itself"):
        iagkit.audit(table, truth="y", prediction="told", groups=["g"], exact=True)


METRICS = ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")


def scored(n=4000, seed=0, groups="abc"):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list(groups), n), "y": random.random(n) < 0.4})
    table["s"] = np.clip(random.beta(2, 3, n) + 0.2 * table["y"], 0, 1).round(3)
    return table.astype({"y": int})


def test_two_thresholds_by_hand():
    table = pd.DataFrame(
        {"y": [0, 0, 1, 1] * 20, "s": [0.1, 0.6, 0.55, 0.9] * 20, "g": ["a"] * 40 + ["b"] * 40}
    )
    found = iagkit.audit(table, truth="y", score="s", groups=["g"], threshold=0.7)
    rates = {
        t: [found.find(f"threshold.{m}", threshold=t).estimate.value for m in METRICS]
        for t in ("0.1", "0.6", "0.7")
    }
    assert rates == {
        "0.1": [1, 1, 1, 1 / 2], "0.6": [1 / 2, 1 / 2, 1 / 2, 1 / 2], "0.7": [1 / 4, 1 / 2, 0, 1]
    }  # fmt: skip
    given = found.find("fairness.precision").estimate
    assert found.find("threshold.precision", threshold="0.7").estimate == given


@pytest.mark.parametrize("threshold", [0.3, 0.7])
def test_a_tenth_as_the_threshold_in_use_tells_the_rates_of_the_audit_itself(threshold):
    found = iagkit.audit(scored(), truth="y", score="s", groups=["g"], threshold=threshold)
    for metric in METRICS:
        for group in "abc":
            other = found.find(f"threshold.{metric}", g=group, threshold=str(threshold))
            assert other.estimate == found.find(f"fairness.{metric}", g=group).estimate
        gap = found.find(f"threshold.{metric}.gap", g="*", threshold=str(threshold))
        assert gap.estimate.value == found.find(f"fairness.{metric}.gap", g="*").estimate.value


def test_columns_of_many_groups_are_told_by_their_gaps_only():
    found = iagkit.audit(scored(groups="abcdefghijklmnopqrst"), truth="y", score="s", groups=["g"])
    told = [f for f in found.findings if f.check.startswith("threshold.")]
    assert {f.check.endswith(".gap") for f in told if "g" in f.where} == {True}
    assert len(told) == 9 * len(METRICS) * 2


def test_no_count_of_few_people_follows_from_the_published_thresholds():
    table = scored(900)
    table.loc[(table["g"] == "c") & (table["s"] > 0.6), "s"] = 0.3
    few = table.index[table["g"] == "c"][:3]
    table.loc[few, "s"] = 0.75
    found = iagkit.audit(table, truth="y", score="s", groups=["g"], min_group=1)
    public = [f for f in found.record.findings if f.check == "threshold.selection_rate"]
    told = {(f.where.get("g"), f.where["threshold"]): f.estimate for f in public if f.estimate}
    assert ("c", "0.7") not in told
    chosen = {place: round(e.value * e.n) for place, e in told.items()}
    assert chosen
    for t in {t for _, t in chosen}:
        groups = [chosen.get((g, t)) for g in (None, *"abc")]
        if groups.count(None) == 1 and groups[0] is not None:
            missing = groups[0] - sum(n for n in groups[1:] if n is not None)
            assert missing == 0 or missing >= 5


def test_the_page_draws_the_curves_in_three_languages_and_chooses_no_threshold(tmp_path):
    iagkit.audit(scored(), truth="y", score="s", groups=["g"], out=tmp_path)
    for lang, title, words in (
        ("es", "Qué pasaría con otros umbrales", "lo deben decidir personas"),
        ("pt", "O que outros limiares fariam", "cabe a pessoas decidir"),
        ("en", "What other thresholds would do", "is for people to decide"),
    ):
        page = (tmp_path / f"report.{lang}.html").read_text()
        assert title in page
        part = page.split(title)[-1]
        assert words in part
        assert part.count("<svg") >= 8
