"""Two predictions of the same rows: paired intervals, and the change of a gap."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef

from iagkit.core.errors import DataError
from iagkit.measures.cells import Cells
from iagkit.measures.counting import count
from iagkit.measures.gap_changes import gap_change
from iagkit.measures.paired import paired
from iagkit.measures.pairing import comparable, number

METRICS = (
    "selection_rate", "true_positive_rate", "false_positive_rate", "precision",
    "negative_predictive_value", "accuracy", "f1", "balanced_accuracy", "matthews_corrcoef",
)  # fmt: skip


def both(table, metric, groups=(), *, swapped=False, **counted):
    """Cells, groups and the metric of the first and of the second prediction."""
    cells = count(
        table, groups=groups, truth="truth", prediction="first", against="second", **counted
    ).known()
    by, yes = cells.by(groups), cells.labels.index("1") if "1" in cells.labels else -1
    told = (cells.against, cells.prediction) if swapped else (cells.prediction, cells.against)
    return cells, by, *(number(metric, cells, by, codes, positive=yes) for codes in told)


def table_of(both_yes, first_only, second_only, neither):
    """Rows of one truth by what two predictions say."""
    sizes = (both_yes, first_only, second_only, neither)
    first, second = (np.repeat(told, sizes) for told in ([1, 1, 0, 0], [1, 0, 1, 0]))
    return pd.DataFrame({"first": first, "second": second}).assign(truth=1)


def people(seed, n=600, agree=0.8):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, n)
    first = np.where(random.random(n) < 0.8, truth, 1 - truth)
    second = np.where(random.random(n) < agree, first, random.integers(0, 2, n))
    return pd.DataFrame(
        {
            "truth": truth,
            "first": first,
            "second": second,
            "sex": random.choice(["f", "m"], n),
            "who": np.arange(n) // 3,
            "weight": random.random(n) + 0.5,
        }
    )


@pytest.mark.parametrize(("counts", "low", "high"), [
    # examples and method 10 of Newcombe (1998), Statistics in Medicine 17, 2635-2650
    ((36, 12, 2, 0), 0.0569, 0.3404),
    ((20, 12, 2, 16), 0.0562, 0.3292),
    ((54, 0, 0, 0), -0.0664, 0.0664),
])  # fmt: skip
def test_shares_of_the_same_rows_have_newcombes_paired_interval(counts, low, high):
    change = paired(*both(table_of(*counts), "selection_rate"))
    assert (-change.high[0], -change.low[0]) == pytest.approx((low, high), abs=5e-5)


def test_few_rows_that_differ_are_judged_by_mcnemars_exact_test():
    # 5 against 0: Newcombe's interval (-.226, -.011) leaves 0 out, the exact test does not; the
    # exact lower limit of 5 in 41 is farther away
    change = paired(*both(table_of(14, 5, 0, 22), "selection_rate"))
    assert change.exact
    assert change.p[0] == pytest.approx(binomtest(0, 5).pvalue)
    assert change.high[0] == 0
    assert change.low[0] == pytest.approx(-binomtest(5, 41).proportion_ci().high)
    change = paired(*both(table_of(14, 8, 0, 22), "selection_rate"))
    assert change.p[0] == pytest.approx(binomtest(0, 8).pvalue)
    assert change.high[0] < 0


@pytest.mark.parametrize("metric", METRICS)
def test_two_predictions_that_agree_everywhere_change_by_exactly_nothing(metric):
    table = people(1).assign(second=lambda t: t["first"])
    for counted in ({}, {"weight": "weight"}, {"cluster": "who"}):
        cells, groups, first, second = both(table, metric, ("sex",), **counted)
        change = paired(cells, groups, first, second)
        assert (change.value == 0).all()
        assert np.allclose(change.low, -change.high)
        assert gap_change(cells, groups, first, second).estimate.value == 0


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(METRICS), st.sampled_from([{}, {"weight": "weight"},
       {"cluster": "who"}]))  # fmt: skip
def test_exchanging_the_predictions_turns_every_change_around(seed, metric, counted):
    table = people(seed, n=80)
    cells, groups, first, second = both(table, metric, ("sex",), **counted)
    there, back = paired(cells, groups, first, second), paired(cells, groups, second, first)
    assert np.allclose(there.value, -back.value, equal_nan=True)
    assert np.allclose(there.low, -back.high, equal_nan=True)
    assert np.allclose(there.p, back.p, equal_nan=True)
    one = gap_change(cells, groups, first, second, min_group=1)
    other = gap_change(cells, groups, second, first, min_group=1)
    if one.estimate is None:
        assert other.estimate is None
        return
    assert one.estimate.low <= one.estimate.value <= one.estimate.high
    assert one.estimate.value == pytest.approx(-other.estimate.value)
    assert one.estimate.low == pytest.approx(-other.estimate.high)


def test_numbers_are_those_of_scikit_learn():
    table = people(2)
    theirs = {
        "f1": f1_score,
        "balanced_accuracy": balanced_accuracy_score,
        "matthews_corrcoef": matthews_corrcoef,
    }
    for metric, function in theirs.items():
        _, _, first, second = both(table, metric)
        assert first.value[0] == pytest.approx(function(table.truth, table["first"]))
        assert second.value[0] == pytest.approx(function(table.truth, table["second"]))
    assert paired(*both(table, "matthews_corrcoef")).estimate().unit == "correlation"
    _, _, weighted, _ = both(table, "f1", weight="weight")
    own = f1_score(table.truth, table["first"], sample_weight=table.weight)
    assert weighted.value[0] == pytest.approx(own)


def test_what_a_row_moves_is_what_leaving_it_out_changes():
    table = people(3, n=400)
    for metric in METRICS:
        cells, _, first, _ = both(table, metric)
        cell = int(np.flatnonzero(first.among & (first.moved != 0))[0])
        fewer = cells.n - 1e-4 * (np.arange(len(cells)) == cell)
        less = replace(cells, n=fewer)
        changed = number(metric, less, less.by(), less.prediction, positive=1)
        slope = (first.value[0] - changed.value[0]) / 1e-4
        assert first.moved[cell] == pytest.approx(slope, rel=1e-3)


def test_copies_of_rows_are_one_piece_of_evidence():
    table = people(4, n=300)
    copies = pd.concat([table] * 4).assign(who=np.tile(np.arange(300), 4))
    alone = paired(*both(table, "precision"))
    clustered = paired(*both(copies, "precision", cluster="who"))
    pretended = paired(*both(copies, "precision"))
    assert clustered.value[0] == pytest.approx(alone.value[0])
    width = {n: c.high[0] - c.low[0] for n, c in
             {"alone": alone, "clustered": clustered, "pretended": pretended}.items()}  # fmt: skip
    assert width["clustered"] == pytest.approx(width["alone"], rel=0.15)
    assert width["pretended"] < 0.65 * width["alone"]


def test_weights_of_one_change_nothing():
    table = people(5).assign(weight=2.0)
    plain, weighted = (
        paired(*both(table, "f1", ("sex",), **k)) for k in ({}, {"weight": "weight"})
    )
    assert np.allclose(plain.value, weighted.value)
    assert np.allclose(plain.low, weighted.low, atol=1e-6)


@pytest.mark.parametrize("metric", ["accuracy", "precision", "f1", "balanced_accuracy"])
def test_uneven_weights_are_fewer_rows(metric):
    table = pd.concat([people(6, n=300)] * 4)
    uneven = table.assign(weight=np.repeat([9.0, 1.0, 1.0, 1.0], 300))
    plain = paired(*both(table, metric))
    weighted = paired(*both(uneven, metric, weight="weight"))
    width = [found.high[0] - found.low[0] for found in (plain, weighted)]
    kish = (9**2 + 3) * 4 / (9 + 3) ** 2  # rows for one: sum of squares over squared sum
    assert width[1] / width[0] == pytest.approx(np.sqrt(kish), rel=0.15)


def test_a_change_that_one_prediction_leaves_undefined_says_so():
    table = table_of(5, 5, 0, 0).assign(second=0)
    cells, groups, first, second = both(table, "precision")
    assert "no such case" in str(paired(cells, groups, first, second).estimate())


def test_a_gap_that_closes_is_seen_whichever_group_is_behind():
    random, n = np.random.default_rng(6), 4000
    table = people(7, n=n)
    wrong = random.random(n) < np.where(table.sex == "f", 0.35, 0.1)
    table["first"] = np.where(wrong, 1 - table.truth, table.truth)
    table["second"] = np.where(wrong & (random.random(n) < 0.8), table.truth, table["first"])
    told = gap_change(*both(table, "accuracy", ("sex",)))
    assert told.first == pytest.approx(0.25, abs=0.03)
    assert told.second == pytest.approx(0.05, abs=0.03)
    assert told.estimate.high < -0.14
    assert told.between == ("f", "m")


def test_groups_with_too_few_cases_are_left_out_and_named():
    table = people(8)
    table.loc[:9, "sex"] = "x"
    assert gap_change(*both(table, "accuracy", ("sex",))).left_out == ("x",)
    because = gap_change(*both(table[table.sex != "m"], "accuracy", ("sex",))).because
    assert "30 cases under both predictions; 1 of 2" in str(because)


def test_what_is_no_metric_is_refused_with_the_likely_one():
    with pytest.raises(DataError, match="Did you mean 'precision'"):
        both(people(1), "precisoin")
    cells = count(people(1), truth="truth", prediction="first", against="second")
    with pytest.raises(DataError, match="expected one of accuracy"):
        number("precision", cells, cells.by(), cells.prediction)
    assert not comparable("prevalence")


def population(base, first, second, together):
    """Chances of truth and both predictions; with ``together`` they are right about the same."""
    chances = np.zeros((2, 2, 2))
    same = together * min(first, second) + (1 - together) * first * second
    right = {(1, 1): same, (1, 0): first - same, (0, 1): second - same}
    right[0, 0] = 1 - sum(right.values())
    for truth in (0, 1):
        for (one, other), chance in right.items():
            place = (truth, truth if one else 1 - truth, truth if other else 1 - truth)
            chances[place] += chance * (base if truth else 1 - base)
    return chances


def cells_of(counts):
    """Cells of groups by truth and both predictions."""
    place = np.array(list(np.ndindex(*counts.shape)))
    names = tuple(f"g{i}" for i in range(len(counts)))
    return Cells(
        columns=("group",), levels=(names,), codes=place[:, :1], n=counts.reshape(-1).astype(float),
        labels=("0", "1"), truth=place[:, 1], prediction=place[:, 2], against=place[:, 3],
    )  # fmt: skip


def held(populations, metric, n, runs):
    """How often the intervals of the changes, and of the change of the gap, hold the truth."""
    random, chances = np.random.default_rng(1), np.stack([population(*p) for p in populations])

    def pair(counts):
        cells = cells_of(counts)
        by = cells.by(("group",))
        codes = (cells.prediction, cells.against)
        return cells, by, *(number(metric, cells, by, c, positive=1) for c in codes)

    _, _, first, second = pair(chances * 1e9)
    change, gap = second.value - first.value, np.ptp(second.value) - np.ptp(first.value)
    own, gaps = [], []
    for _ in range(runs):
        drawn = [random.multinomial(n, c.reshape(-1)).reshape(2, 2, 2) for c in chances]
        parts = pair(np.stack(drawn))
        told, wide = paired(*parts), gap_change(*parts, min_group=5).estimate
        known = np.isfinite(told.value)
        own += ((told.low <= change + 1e-12) & (change <= told.high + 1e-12))[known].tolist()
        gaps.append(wide is None or wide.low - 1e-12 <= gap <= wide.high + 1e-12)
    return np.mean(own), np.mean(gaps)


@pytest.mark.parametrize("metric", ["accuracy", "precision", "f1", "matthews_corrcoef"])
@pytest.mark.parametrize("together", [0.0, 0.7])
def test_the_intervals_hold_the_true_change(metric, together):
    groups = [(0.4, 0.8, 0.9, together), (0.4, 0.8, 0.8, together), (0.2, 0.9, 0.85, together)]
    own, gaps = held(groups, metric, n=100, runs=120)
    assert own >= 0.93  # 360 intervals of 95 % hold less in one of thirty tries
    assert gaps >= 0.92


@pytest.mark.data
def test_two_rules_on_the_census_income_data_differ_as_counted_by_hand(mirror):
    names = "age job weight school years marriage work kin race sex gain loss hours land income"
    census = pd.read_csv(
        mirror / "adult_us" / "adult.data.txt", names=names.split(), skipinitialspace=True
    )
    table = pd.DataFrame(
        {
            "truth": (census.income == ">50K").astype(int),
            "first": (census.years >= 13).astype(int),
            "second": (census.hours >= 45).astype(int),
            "sex": census.sex,
        }
    )
    cells, groups, first, second = both(table, "true_positive_rate", ("sex",))
    change, gap = paired(cells, groups, first, second), gap_change(cells, groups, first, second)
    rich = table[table.truth == 1].groupby("sex")[["first", "second"]].mean()
    assert np.allclose(change.value, rich["second"] - rich["first"], atol=1e-12)
    apart = np.ptp(rich["second"]) - np.ptp(rich["first"])
    assert gap.estimate.value == pytest.approx(apart)
    assert gap.estimate.low < apart < gap.estimate.high


def test_where_predictions_never_differ_strict_levels_ask_how_rare_a_difference_may_be():
    change = paired(*both(table_of(1500, 0, 0, 1500), "selection_rate"), level=0.9972)
    assert change.value[0] == 0
    unseen = 1 - 0.0014 ** (1 / 3000)  # a share this large stays unseen once in 714 samples
    assert change.high[0] == pytest.approx(unseen)
    assert change.low[0] == pytest.approx(-unseen)
