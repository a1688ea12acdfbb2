"""Audits of scores: areas without bins, and what other thresholds would do."""

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
