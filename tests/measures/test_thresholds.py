import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from iagkit.core.errors import DataError
from iagkit.measures.counting import count
from iagkit.measures.histograms import roc_auc
from iagkit.measures.thresholds import OTHER, RATES, at_threshold, every_threshold, rate_at, unsure


def people(n=2000, seed=0):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("ab"), n), "s": random.random(n)})
    table["y"] = np.where(random.random(n) < table["s"], "yes", "no")
    table["w"], table["c"] = random.random(n), random.integers(0, n // 3, n)
    return table


def counted(table, **columns):
    return count(table, groups=["g"], truth="y", score="s", **columns)


def test_four_rows_at_two_thresholds_by_hand():
    table = pd.DataFrame({"g": "a", "y": [0, 0, 1, 1], "s": [0.1, 0.6, 0.4, 1.0]})
    cells = count(table, groups=["g"], truth="y", score="s")
    found = every_threshold(cells, cells.by(()), positive=1, steps=2)
    assert found.at.tolist() == [0, 0.5, 1]
    assert [a[0].tolist() for a in (found.tp, found.fp, found.tn, found.fn)] == [
        [2, 1, 0], [2, 1, 0], [0, 1, 2], [0, 1, 2],
    ]  # fmt: skip
    rates = found.rates()
    assert rates["true_positive_rate"][0].tolist() == [1, 0.5, 0]
    assert np.isnan(rates["precision"][0, 2])  # nobody is told yes: 0 of 0


@pytest.mark.parametrize("weight", [None, "w"])
def test_every_rate_at_every_threshold_is_that_of_the_rows(weight):
    table = people()
    cells = counted(table, weight=weight)
    found = every_threshold(cells, cells.by(["g"]), positive=1, steps=64)
    rates = found.rates()
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        own = None if weight is None else rows[weight]
        for at in (5, 32, 60):
            told = np.where(rows["s"] >= found.at[at], "yes", "no")
            for rate, measure in (
                ("precision", metrics.precision_score), ("f1", metrics.f1_score),
                ("true_positive_rate", metrics.recall_score),
            ):  # fmt: skip
                expected = measure(rows["y"], told, pos_label="yes", sample_weight=own)
                assert rates[rate][group, at] == pytest.approx(expected, abs=1e-12)
            for rate, measure in (
                ("accuracy", metrics.accuracy_score),
                ("balanced_accuracy", metrics.balanced_accuracy_score),
                ("matthews_corrcoef", metrics.matthews_corrcoef),
            ):
                expected = measure(rows["y"], told, sample_weight=own)
                assert rates[rate][group, at] == pytest.approx(expected, abs=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_rates_that_complete_each_other_sum_to_1(seed):
    cells = counted(people(n=60, seed=seed), score_bins=16)
    rates = every_threshold(cells, cells.by(["g"]), positive=1).rates()
    for one, other in (
        ("true_positive_rate", "false_negative_rate"), ("precision", "false_discovery_rate"),
        ("false_positive_rate", "true_negative_rate"),
        ("negative_predictive_value", "false_omission_rate"),
    ):  # fmt: skip
        sums = rates[one] + rates[other]
        np.testing.assert_allclose(sums[np.isfinite(sums)], 1)


def test_the_area_under_the_curve_of_all_thresholds_is_the_area():
    cells = counted(people())
    rates = every_threshold(cells, cells.by(["g"]), positive=1, steps=4096).rates()
    x, y = rates["false_positive_rate"], rates["true_positive_rate"]
    area = -np.trapezoid(y, x, axis=1)
    np.testing.assert_allclose(area, roc_auc(cells, cells.by(["g"]), positive=1).value)


@pytest.mark.parametrize("columns", [{}, {"weight": "w"}, {"cluster": "c"}])
def test_a_point_of_a_curve_has_an_interval_around_it(columns):
    cells = counted(people(), **columns)
    groups = cells.by(["g"])
    curve = every_threshold(cells, groups, positive=1, steps=64).rates()
    for rate in RATES:
        found = rate_at(cells, groups, rate, threshold=0.5, positive=1)
        np.testing.assert_allclose(found.value, curve[rate][:, 32])
        assert (found.low < found.value).all()
        assert (found.value < found.high).all()
        assert found.clusters is None or (found.clusters <= found.n).all()


def test_predictions_of_a_threshold_are_those_of_a_column():
    table = people().assign(p=lambda t: np.where(t["s"] >= 0.5, "yes", "no"))
    by_threshold = at_threshold(counted(table), 0.5, positive=1)
    by_column = count(table, groups=["g"], truth="y", prediction="p")
    for told in ((0, 0), (0, 1), (1, 0), (1, 1)):
        sums = [
            c.n[(c.truth == told[0]) & (c.prediction == told[1])].sum()
            for c in (by_threshold, by_column)
        ]
        assert sums[0] == sums[1]


def test_a_threshold_within_a_bin_says_how_many_rows_are_in_doubt():
    table = pd.DataFrame({"g": "a", "y": 1, "s": [0.29, 0.31, 0.34, 0.9]})
    cells = count(table, groups=["g"], truth="y", score="s", score_bins=10)
    assert unsure(cells, 0.3) == 0
    assert unsure(cells, 0.33) == 2
    assert unsure(cells, 1) == 1  # the last bin also holds what is a little less than 1
    told = at_threshold(cells, 0.33, positive=0)
    assert told.labels == ("1", OTHER)
    assert told.n[told.prediction == 0].sum() == 3


def test_missing_scores_stay_missing():
    table = people(n=50)
    table.loc[:9, "s"] = np.nan
    told = at_threshold(counted(table), 0.5, positive=1)
    assert told.n[told.prediction == -1].sum() == 10


def test_what_is_no_threshold_is_refused():
    cells = counted(people(n=50))
    with pytest.raises(DataError, match=r"probability from 0 to 1; got 50\. Is it percent"):
        at_threshold(cells, 50, positive=1)
    with pytest.raises(DataError, match="'steps' must be at least 1; got 0"):
        every_threshold(cells, cells.by(()), positive=1, steps=0)
    with pytest.raises(DataError, match="'rate' must be one of selection_rate"):
        rate_at(cells, cells.by(()), "recall", threshold=0.5, positive=1)
    three = counted(people(n=50).assign(y=list("abc") * 16 + ["a", "b"]))
    with pytest.raises(DataError, match="decides between two labels; the table has 3"):
        at_threshold(three, 0.5, positive=1)
