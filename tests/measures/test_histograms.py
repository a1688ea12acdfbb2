import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from iagkit.core.errors import DataError
from iagkit.measures import histograms
from iagkit.measures.counting import count
from iagkit.measures.histograms import auc_by_group, roc_auc

tables = st.integers(1, 6).flatmap(
    lambda bins: st.lists(
        st.lists(st.lists(st.integers(0, 9), min_size=bins, max_size=bins), min_size=2, max_size=2),
        min_size=1,
        max_size=4,
    )
)


def people(n=3000, seed=0, step=None):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("abc"), n), "y": random.random(n) < 0.3})
    score = np.clip(random.beta(2, 3, n) + 0.15 * table["y"], 0, 1)
    table["s"] = score if step is None else np.round(score / step) * step
    table["w"] = random.random(n)
    return table.astype({"y": int})


def areas_of(table, **columns):
    cells = count(table, groups=["g"], truth="y", score="s", **columns)
    return cells, roc_auc(cells, cells.by(["g"]), positive=1)


def every_score(table):
    cells = count(table, truth="y", score="s", score_bins=0)
    return roc_auc(cells, cells.by(()), positive=1)


def test_an_area_by_hand_with_ties_counted_half():
    found = auc_by_group([[[8, 2], [1, 9]]])
    # 10 x 10 pairs: 8 x 9 won, 8 x 1 and 2 x 9 tied, 2 x 1 lost
    assert found.value.tolist() == [(72 + 13) / 100]
    assert found.bound.tolist() == [13 / 100]


def test_delongs_variance_by_hand():
    found = auc_by_group([[[2, 1, 0], [0, 1, 2]]])
    # positives pass 5/6, 1, 1 of the negatives and the same the other way round
    each = np.var([5 / 6, 1, 1], ddof=1) / 3
    assert found.variance == pytest.approx(2 * each)


@given(tables)
def test_swapping_truth_and_turning_the_scores_leaves_the_area(table):
    counts = np.array(table, dtype=float)
    turned = auc_by_group(counts[:, ::-1, ::-1])
    for name in ("value", "low", "high", "bound", "error"):
        np.testing.assert_allclose(
            getattr(turned, name), getattr(auc_by_group(counts), name), atol=1e-12
        )


@given(tables)
def test_turning_the_scores_alone_mirrors_the_area_at_one_half(table):
    counts = np.array(table, dtype=float)
    one, other = auc_by_group(counts), auc_by_group(counts[:, :, ::-1])
    np.testing.assert_allclose(one.value, 1 - other.value, atol=1e-12)
    np.testing.assert_allclose(one.low, 1 - other.high, atol=1e-12)


@given(tables)
def test_the_interval_lies_within_0_to_1_and_holds_the_area(table):
    found = auc_by_group(np.array(table, dtype=float))
    known = np.isfinite(found.value)
    assert (found.low[known] >= 0).all()
    assert (found.high[known] <= 1).all()
    assert (found.low[known] <= found.value[known]).all()
    assert (found.value[known] <= found.high[known]).all()
    assert (found.high - found.low)[known].min(initial=1) > 0


@given(st.integers(0, 10_000), st.sampled_from([np.exp, np.cbrt, lambda x: 5 * x - 2]))
def test_the_exact_area_keeps_under_any_rising_change_of_scores(seed, change):
    random = np.random.default_rng(seed)
    truth, score = random.permutation([0, 1] * 10), np.round(random.random(20), 1)
    areas = [
        every_score(pd.DataFrame({"y": truth, "s": scaled}))
        for scaled in (score, (change(score) - change(0)) / (change(1) - change(0)))
    ]
    assert areas[0].value == areas[1].value


@pytest.mark.parametrize("bins", [10, 100, 4096])
@pytest.mark.parametrize("weight", [None, "w"])
def test_the_area_of_the_rows_lies_within_the_bound_of_the_bins(bins, weight):
    table = people()
    cells = count(table, groups=["g"], truth="y", score="s", weight=weight, score_bins=bins)
    found = roc_auc(cells, cells.by(["g"]), positive=1)
    _, exact = areas_of(table, weight=weight, score_bins=0)
    assert (abs(found.value - exact.value) <= found.bound + 1e-12).all()
    assert ((found.low < exact.value) & (exact.value < found.high)).all()
    assert found.bound.max() < 1 / bins


def test_equal_weights_change_nothing_but_the_scale():
    table = people().assign(w=2.5)
    (_, plain), (_, weighted) = areas_of(table), areas_of(table, weight="w")
    np.testing.assert_allclose(weighted.value, plain.value)
    np.testing.assert_allclose(weighted.low, plain.low)


def test_rows_that_are_copies_widen_the_interval_as_if_they_were_one_row():
    table = people(n=600)
    copies = pd.concat([table.assign(c=range(600))] * 4)
    (_, once), (_, known) = areas_of(table), areas_of(copies, cluster="c")
    (_, believed) = areas_of(copies)
    np.testing.assert_allclose(known.value, once.value)
    widths = [(found.high - found.low).mean() for found in (once, known, believed)]
    assert widths[1] == pytest.approx(widths[0], rel=0.05)
    assert widths[2] < 0.55 * widths[1]
    assert known.clusters.tolist() == once.n.tolist()


def test_groups_that_share_clusters_have_related_areas():
    table = people(n=2000)
    pairs = pd.concat([table.assign(c=range(2000), g="a"), table.assign(c=range(2000), g="b")])
    cells = count(pairs, groups=["g"], truth="y", score="s", cluster="c")
    assert roc_auc(cells, cells.by(["g"]), positive=1).related[0, 1] == pytest.approx(0.95)


def test_every_number_of_groups_at_a_time_gives_the_same(monkeypatch):
    cells, whole = areas_of(people(), weight="w")
    monkeypatch.setattr(histograms, "ROOM", 1)
    parts = roc_auc(cells, cells.by(["g"]), positive=1)
    np.testing.assert_array_equal(parts.low, whole.low)


def test_a_group_with_one_truth_only_has_a_reason_and_no_area():
    table = people(n=300)
    table.loc[table["g"] == "b", "y"] = 1
    table.loc[table["g"] == "c", "s"] = np.nan
    _, found = areas_of(table)
    assert found.estimate(0) is not None
    assert found.estimate(1) is None
    assert str(found.because[1]).startswith("the truth of all rows of this group is the same")
    assert str(found.because[2]) == "no row of this group has both a score and a truth"


def histograms_of(random, area, n, prevalence, runs):
    apart, counts = norm.ppf(area) * 2**0.5, np.zeros((runs, 2, 1024))
    for run in range(runs):
        positive = random.random(n) < prevalence
        score = norm.cdf((random.normal(apart * positive, 1) - apart / 2) / 1.5)
        for side in (0, 1):
            at = (score[positive == side] * 1024).astype(int)
            counts[run, side] = np.bincount(np.minimum(at, 1023), minlength=1024)
    return counts


@pytest.mark.parametrize(("n", "prevalence"), [(200, 0.05), (200, 0.5), (1000, 0.05), (5000, 0.1)])
@pytest.mark.parametrize("area", [0.6, 0.8, 0.95])
def test_the_interval_holds_the_true_area_in_95_of_100_samples(area, n, prevalence):
    runs = 400
    random = np.random.default_rng(int(area * 100) + n)
    found = auc_by_group(histograms_of(random, area, n, prevalence, runs))
    held = ((found.low <= area) & (area <= found.high))[np.isfinite(found.value)].mean()
    assert 0.92 <= held <= 0.995


def test_what_is_no_histogram_is_refused():
    with pytest.raises(DataError, match=r"shape \(groups, 2, bins\).*got \(2, 2\)"):
        auc_by_group([[1, 2], [3, 4]])
    with pytest.raises(DataError, match="no negative count"):
        auc_by_group([[[1, -2], [3, 4]]])
    cells = count(people(n=50), groups=["g"], truth="y")
    with pytest.raises(DataError, match="got cells without scores"):
        roc_auc(cells, cells.by(()), positive=1)


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("step", [None, 0.05])
def test_the_area_of_every_score_counted_for_itself_is_scikit_learns_in_each_group(weight, step):
    table = people(step=step)
    _, found = areas_of(table, score_bins=0, weight=weight)
    for group, (_, rows) in enumerate(table.groupby("g")):
        expected = roc_auc_score(rows["y"], rows["s"], sample_weight=weight and rows[weight])
        assert found.value[group] == pytest.approx(expected, abs=1e-12)
    assert found.bound.tolist() == [0, 0, 0]


def test_scores_counted_for_themselves_are_no_bins():
    cells = count(people(n=50), truth="y", score="s", score_bins=0)
    with pytest.raises(DataError, match="expected scores in bins"):
        histograms.scored(cells, 1)


def test_a_score_of_another_scale_is_refused_without_bins_too():
    with pytest.raises(DataError, match="probabilities from 0 to 1"):
        count(pd.DataFrame({"y": [0, 1], "s": [0.5, 50.0]}), truth="y", score="s", score_bins=0)
