"""Fitted models on real people (Adult, ACSIncome): equal to scikit-learn and fairlearn."""

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame
from sklearn import metrics
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.preprocessing import StandardScaler

from iagkit.measures import multiclass, regression, scores
from iagkit.measures.counting import count
from iagkit.measures.groupwise import share_each
from iagkit.measures.histograms import roc_auc
from iagkit.measures.ranking import recall_at_capacity, select
from iagkit.measures.thresholds import every_threshold, rate_at

COLUMNS = [
    "age", "workclass", "fnlwgt", "education", "years", "marital", "occupation", "relationship",
    "race", "sex", "gain", "loss", "hours", "country", "income",
]  # fmt: skip


@pytest.fixture(scope="module")
def adult(mirror):
    """Adult, its income as probability, label of four classes and number, all predicted."""
    parts = [
        pd.read_csv(mirror / "adult_us" / file, names=COLUMNS, skipinitialspace=True, comment="|")
        for file in ("adult.data.txt", "adult.test.txt")
    ]
    table = pd.concat(parts, ignore_index=True)
    table["y"] = table["income"].str.startswith(">50K").astype(int)
    X = StandardScaler().fit_transform(table[["age", "years", "hours", "gain", "loss"]])
    table["s"] = LogisticRegression().fit(X, table["y"]).predict_proba(X)[:, 1]
    table["told"] = (table["s"] >= 0.5).astype(int)
    table["kind"] = table["marital"].str.split("-").str[0]
    table["kind told"] = LogisticRegression().fit(X, table["kind"]).predict(X)
    table["hours told"] = LinearRegression().fit(X[:, :2], table["hours"]).predict(X[:, :2])
    return table


@pytest.fixture(scope="module")
def counted(adult):
    cells = count(adult, groups=["race", "sex"], truth="y", score="s")
    return cells, cells.by(["race", "sex"])


def rows_of(adult, groups):
    for number, (race, sex) in enumerate(groups.names):
        yield number, adult[(adult["race"] == race) & (adult["sex"] == sex)]


def test_areas_of_race_and_sex_are_scikit_learns(adult, counted):
    cells, groups = counted
    found = roc_auc(cells, groups, positive=1)
    every = count(adult, groups=["race", "sex"], truth="y", score="s", score_bins=0)
    exact = roc_auc(every, every.by(["race", "sex"]), positive=1)
    assert every.by(["race", "sex"]).names == groups.names
    assert len(found) == 10
    for number, rows in rows_of(adult, groups):
        expected = metrics.roc_auc_score(rows["y"], rows["s"])
        assert exact.value[number] == pytest.approx(expected, abs=1e-12)
        assert abs(found.value[number] - expected) <= found.bound[number] + 1e-12
        assert found.bound[number] < 1e-3


def test_areas_by_group_are_fairlearns(adult):
    cells = count(adult, groups=["race"], truth="y", score="s")
    found = roc_auc(cells, cells.by(["race"]), positive=1)
    frame = MetricFrame(
        metrics=metrics.roc_auc_score, y_true=adult["y"], y_pred=adult["s"],
        sensitive_features=adult["race"],
    )  # fmt: skip
    assert list(frame.by_group.index) == list(found.names)
    assert (np.abs(frame.by_group.to_numpy() - found.value) <= found.bound).all()


def test_rates_at_one_half_are_fairlearns_of_the_decisions(adult, counted):
    cells, groups = counted
    curve = every_threshold(cells, groups, positive=1, steps=4096).rates()
    found = rate_at(cells, groups, "true_positive_rate", threshold=0.5, positive=1)
    frame = MetricFrame(
        metrics={"recall": metrics.recall_score, "f1": metrics.f1_score},
        y_true=adult["y"], y_pred=adult["told"], sensitive_features=adult[["race", "sex"]],
    ).by_group  # fmt: skip
    order = [tuple(name) for name in groups.names]
    np.testing.assert_allclose(found.value, frame["recall"][order], atol=1e-12)
    np.testing.assert_allclose(curve["f1"][:, 2048], frame["f1"][order], atol=1e-12)


def test_brier_and_mean_scores_are_those_of_the_rows(adult, counted):
    cells, groups = counted
    brier = scores.brier_score(cells, groups, positive=1)
    large = scores.calibration_in_the_large(cells, groups, positive=1)
    for number, rows in rows_of(adult, groups):
        expected = metrics.brier_score_loss(rows["y"], rows["s"])
        assert abs(brier.value[number] - expected) <= brier.bound[number] + 1e-12
        away = (rows["s"] - rows["y"]).mean()
        assert large.value[number] == pytest.approx(away, abs=1e-12)


def test_recall_at_capacity_is_that_of_the_highest_scores(adult, counted):
    cells, groups = counted
    found = recall_at_capacity(cells, groups, select(cells, capacity=4884), positive=1)
    order = adult.sort_values("s", ascending=False, kind="stable")
    order["first"] = np.arange(len(order)) < 4884
    for number, rows in rows_of(order, groups):
        expected = rows.loc[rows["y"] == 1, "first"].mean()
        assert abs(found.value[number] - expected) <= found.bound[number] + 1e-9


def test_classes_of_race_and_sex_are_scikit_learns(adult):
    cells = count(adult, groups=["race", "sex"], truth="kind", prediction="kind told")
    groups = cells.by(["race", "sex"])
    macro = multiclass.mean_of_classes(cells, groups, "f1")
    accuracy = multiclass.accuracy(cells, groups)
    label = cells.labels.index("Married")
    recall = share_each(cells, groups, *multiclass.one_vs_rest(cells, label)["true_positive_rate"])
    for number, rows in rows_of(adult, groups):
        true, told = rows["kind"], rows["kind told"]
        expected = metrics.f1_score(true, told, average="macro", zero_division=np.nan)
        assert macro.value[number] == pytest.approx(expected, abs=1e-12)
        assert accuracy.value[number] == pytest.approx((true == told).mean(), abs=1e-12)
        expected = metrics.recall_score(true == "Married", told == "Married")
        assert recall.value[number] == pytest.approx(expected, abs=1e-12)


def test_errors_of_hours_by_race_and_sex_are_scikit_learns(adult):
    moments = regression.error_moments("hours", "hours told", tolerance=5)
    cells = count(adult, groups=["race", "sex"], moments=moments)
    groups = cells.by(["race", "sex"])
    pairs = (
        (regression.mean_absolute_error(cells, groups, unit="hours"), metrics.mean_absolute_error),
        (
            regression.root_mean_squared_error(cells, groups, unit="hours"),
            metrics.root_mean_squared_error,
        ),
        (regression.r2_score(cells, groups), metrics.r2_score),
    )
    for number, rows in rows_of(adult, groups):
        for found, measure in pairs:
            expected = measure(rows["hours"], rows["hours told"])
            assert found.value[number] == pytest.approx(expected, abs=1e-12, rel=1e-12)


def test_areas_and_brier_scores_of_acs_income_are_scikit_learns(mirror):
    table = pd.read_parquet(mirror / "acs_income_us" / "ACSIncome.test.parquet")
    X = StandardScaler().fit_transform(table[["AGEP", "SCHL", "WKHP", "SEX"]])
    table["s"] = LogisticRegression().fit(X, table["PINCP"]).predict_proba(X)[:, 1]
    cells = count(table, groups=["RAC1P"], truth="PINCP", score="s")
    groups = cells.by(["RAC1P"])
    area = roc_auc(cells, groups, positive=1)
    brier = scores.brier_score(cells, groups, positive=1)
    assert area.n.sum() == len(table)
    for number, (race,) in enumerate(groups.names):
        rows = table[table["RAC1P"] == int(race)]
        expected = metrics.roc_auc_score(rows["PINCP"], rows["s"])
        assert abs(area.value[number] - expected) <= area.bound[number] + 1e-12
        assert area.bound[number] < 1e-3
        expected = metrics.brier_score_loss(rows["PINCP"], rows["s"])
        assert abs(brier.value[number] - expected) <= brier.bound[number] + 1e-12
