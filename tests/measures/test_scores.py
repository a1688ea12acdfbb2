import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from iagkit.core.errors import DataError
from iagkit.measures import calibration, scores
from iagkit.measures.counting import count


def people(n=3000, seed=0, over=0.0):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("ab"), n), "s": random.uniform(0.2, 0.9, n)})
    table["y"] = (random.random(n) < table["s"] - over * (table["g"] == "b")).astype(int)
    table["w"], table["c"] = random.random(n), random.integers(0, n // 3, n)
    return table


def counted(table, **columns):
    cells = count(table, groups=["g"], truth="y", score="s", **columns)
    return cells, cells.by(["g"])


def test_four_rows_by_hand():
    table = pd.DataFrame({"g": "a", "y": [0, 1, 1, 0], "s": [0.25, 0.5, 0.75, 0.5]})
    cells, groups = counted(table)
    assert scores.mean_score(cells, groups).value[0] == pytest.approx(0.5)
    assert scores.calibration_in_the_large(cells, groups, positive=1).value[0] == pytest.approx(0)
    brier = scores.brier_score(cells, groups, positive=1)
    assert brier.value[0] == pytest.approx((1 / 16 + 1 / 4 + 1 / 16 + 1 / 4) / 4)
    assert brier.bound[0] == 0  # scores on the edges of bins leave nothing open


@pytest.mark.parametrize("weight", [None, "w"])
def test_means_are_exact_however_few_bins_there_are(weight):
    table = people()
    cells, groups = counted(table, weight=weight, score_bins=2)
    found = scores.mean_score(cells, groups)
    large = scores.calibration_in_the_large(cells, groups, positive=1)
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        own = None if weight is None else rows[weight]
        assert found.value[group] == pytest.approx(np.average(rows["s"], weights=own), abs=1e-12)
        away = np.average(rows["s"] - rows["y"], weights=own)
        assert large.value[group] == pytest.approx(away, abs=1e-12)


@pytest.mark.parametrize("bins", [4, 64, 4096])
@pytest.mark.parametrize("weight", [None, "w"])
def test_the_brier_score_of_scikit_learn_lies_within_the_bound(bins, weight):
    table = people()
    cells, groups = counted(table, weight=weight, score_bins=bins)
    found = scores.brier_score(cells, groups, positive=1)
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        own = None if weight is None else rows[weight]
        exact = brier_score_loss(rows["y"], rows["s"], sample_weight=own)
        assert abs(found.value[group] - exact) <= found.bound[group] + 1e-12
        assert found.bound[group] <= 1 / (8 * bins**2)
        assert found.low[group] < exact < found.high[group]


def test_a_group_of_whom_too_much_is_expected_stands_out():
    cells, groups = counted(people(over=0.1))
    fair, unfair = (
        scores.calibration_in_the_large(cells, groups, positive=1).estimate(g) for g in (0, 1)
    )
    assert fair.low <= 0 <= fair.high
    assert unfair.low > 0.05
    assert unfair.value == pytest.approx(0.1, abs=0.03)


def test_three_rows_that_are_alike_do_not_give_an_interval_without_width():
    table = pd.DataFrame({"g": "a", "y": [1, 1, 1], "s": [0.9, 0.9, 0.9]})
    found = scores.calibration_in_the_large(*counted(table), positive=0).estimate(0)
    assert found.value == pytest.approx(-0.1)
    assert found.low < -0.5
    assert found.high > 0.3


@pytest.mark.parametrize("cluster", [None, "c"])
def test_the_calibration_error_is_that_of_the_rows(cluster):
    table = people(over=0.1)
    cells, groups = counted(table, cluster=cluster)
    found = scores.ece(cells, groups, positive=1)
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        own = None if cluster is None else rows[cluster]
        exact = calibration.ece(rows["y"], rows["s"], clusters=own)
        assert found.value[group] == pytest.approx(exact.value, abs=0.004)
        assert found.low[group] == pytest.approx(exact.low, abs=0.006)
        assert found.high[group] == pytest.approx(exact.high, abs=0.006)
        assert found.estimate(group).clusters == exact.clusters


def test_perfect_calibration_of_ten_groups_is_seldom_accused():
    random, accused, groups_in_all = np.random.default_rng(5), 0, 0
    for _ in range(8):
        table = pd.DataFrame({"g": np.arange(3000) % 10, "s": random.beta(2, 2, 3000)})
        table["y"] = (random.random(3000) < table["s"]).astype(int)
        found = scores.ece(*counted(table), positive=1)
        accused, groups_in_all = accused + (found.low > 0).sum(), groups_in_all + 10
    assert accused / groups_in_all <= 0.075


def test_reliability_by_group_is_that_of_the_rows():
    table = people()
    cells, groups = counted(table)
    found = scores.reliability(cells, groups, positive=1, bins=8)
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        exact = calibration.reliability(rows["y"], rows["s"], bins=8)
        assert len(found[group]) == len(exact)
        for one, other in zip(found[group], exact, strict=True):
            assert (one.low, one.high) == (other.low, other.high)
            assert one.confidence == pytest.approx(other.confidence)
            assert one.accuracy.value == pytest.approx(other.accuracy.value)
            assert one.accuracy.n == other.accuracy.n


@settings(max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 20))
def test_every_row_with_a_score_and_a_truth_is_in_one_bin(seed, bins):
    table = people(n=40, seed=seed)
    table.loc[:4, "s"] = np.nan
    found = scores.reliability(*counted(table), positive=1, bins=bins)
    assert sum(b.accuracy.n for group in found for b in group) == 35


def test_a_group_without_scores_has_reasons_and_no_numbers():
    table = people(n=100)
    table.loc[table["g"] == "b", "s"] = np.nan
    cells, groups = counted(table)
    for measure in (scores.ece, scores.brier_score, scores.calibration_in_the_large):
        found = measure(cells, groups, positive=1)
        assert found.estimate(0) is not None
        assert found.estimate(1) is None
        assert str(found.because[1]).startswith("no row of this group")


def test_cells_without_scores_and_no_bins_are_refused():
    table = people(n=50)
    cells = count(table, groups=["g"], truth="y")
    with pytest.raises(DataError, match="got cells without"):
        scores.mean_score(cells, cells.by(["g"]))
    for measure in (scores.ece, scores.reliability):
        with pytest.raises(DataError, match="'bins' must be at least 1; got 0"):
            measure(*counted(table), positive=1, bins=0)
