import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from iagkit.core.errors import DataError
from iagkit.measures import classification, multiclass
from iagkit.measures.counting import count
from iagkit.measures.groupwise import share_each
from iagkit.measures.multiclass import confusion, mean_of_classes, of_classes, one_vs_rest

PARTS = {
    "recall": metrics.recall_score,
    "precision": metrics.precision_score,
    "f1": metrics.f1_score,
}


def people(n=900, seed=0, right=0.6):
    """Three groups; ``b`` never has the class z, in ``c`` nobody is told y."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("abc"), n)})
    table["y"] = random.choice(list("wxyz"), n, p=[0.5, 0.3, 0.15, 0.05])
    table.loc[(table["g"] == "b") & (table["y"] == "z"), "y"] = "w"
    table["p"] = np.where(random.random(n) < right, table["y"], random.choice(list("wxyz"), n))
    table.loc[(table["g"] == "c") & (table["p"] == "y"), "p"] = "w"
    table["w"], table["c"] = random.random(n), random.integers(0, n // 3, n)
    return table


def counted(table, **columns):
    cells = count(table, groups=["g"], truth="y", prediction="p", **columns)
    return cells, cells.by(["g"])


def test_a_confusion_of_five_rows_by_hand():
    table = pd.DataFrame({"g": "a", "y": list("aabbc"), "p": list("abbbb")})
    cells, groups = counted(table)
    assert confusion(cells, groups).tolist() == [[[1, 1, 0], [0, 2, 0], [0, 1, 0]]]
    recall, precision = (of_classes(cells, groups, part).value[0] for part in PARTS if part != "f1")
    assert recall.tolist() == [0.5, 1, 0]
    assert precision[:2].tolist() == [1, 0.5]
    assert np.isnan(precision[2])  # never predicted: 0 of 0
    assert of_classes(cells, groups, "f1").value[0].tolist() == pytest.approx([2 / 3, 2 / 3, 0])


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("average", ["macro", "weighted"])
@pytest.mark.parametrize("part", PARTS)
def test_means_over_classes_are_scikit_learns_of_the_rows_of_a_group(part, average, weight):
    table = people()
    found = mean_of_classes(*counted(table, weight=weight), part, average=average)
    for group, name in enumerate("abc"):
        rows = table[table["g"] == name]
        own = None if weight is None else rows[weight]
        expected = PARTS[part](
            rows["y"], rows["p"], average=average, zero_division=np.nan, sample_weight=own
        )
        assert found.value[group] == pytest.approx(expected, abs=1e-12)


def test_overall_accuracy_confusion_and_balanced_accuracy_are_scikit_learns():
    table = people()
    cells = count(table, groups=["g"], truth="y", prediction="p")
    whole = cells.by(())
    expected = metrics.confusion_matrix(table["y"], table["p"], labels=list(cells.labels))
    np.testing.assert_array_equal(confusion(cells, whole)[0], expected)
    accuracy = multiclass.accuracy(cells, whole).value[0]
    assert accuracy == pytest.approx(metrics.accuracy_score(table["y"], table["p"]), abs=1e-12)
    assert accuracy == pytest.approx(
        metrics.f1_score(table["y"], table["p"], average="micro"), abs=1e-12
    )
    balanced = mean_of_classes(cells, whole, "recall").value[0]
    expected = metrics.balanced_accuracy_score(table["y"], table["p"])
    assert balanced == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_a_class_that_a_group_lacks_makes_the_mean_of_all_classes_undefined(part):
    cells, groups = counted(people())
    found = mean_of_classes(cells, groups, part, over="all")
    present = mean_of_classes(cells, groups, part)
    lacking = {"recall": 1, "precision": 2, "f1": None}[part]
    for group in range(3):
        if group == lacking:
            assert found.estimate(group) is None
            assert "no mean of all classes" in str(found.because[group])
            assert present.estimate(group) is not None
        else:
            assert found.estimate(group) == present.estimate(group)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_macro_average_is_the_mean_of_the_classes_that_are_defined(seed):
    cells, groups = counted(people(n=25, seed=seed))
    for part in PARTS:
        means = [row[~np.isnan(row)].mean() for row in of_classes(cells, groups, part).value]
        found = mean_of_classes(cells, groups, part)
        np.testing.assert_allclose(found.value, means)
        assert (found.low <= found.value + 1e-12).all()
        assert (found.value <= found.high + 1e-12).all()
        assert (found.low >= 0).all()
        assert (found.high <= 1).all()


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_weighted_recall_and_the_accuracy_are_one(seed):
    cells, groups = counted(people(n=40, seed=seed))
    found = mean_of_classes(cells, groups, "recall", average="weighted")
    np.testing.assert_allclose(found.value, multiclass.accuracy(cells, groups).value)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_overall_confusion_is_the_sum_of_the_groups(seed):
    cells, groups = counted(people(n=40, seed=seed))
    assert (confusion(cells, groups).sum(axis=0) == confusion(cells, cells.by(()))[0]).all()


def test_rates_of_one_class_against_the_rest_are_those_of_its_own_column():
    table = people()
    cells, groups = counted(table)
    masks = one_vs_rest(cells, cells.labels.index("x"))
    own = table.assign(y=table["y"] == "x", p=table["p"] == "x")
    for rate, measure in (
        ("precision", metrics.precision_score), ("true_positive_rate", metrics.recall_score),
        ("accuracy", metrics.accuracy_score),
    ):  # fmt: skip
        found = share_each(cells, groups, *masks[rate])
        for group, name in enumerate("abc"):
            rows = own[own["g"] == name]
            assert found.value[group] == pytest.approx(measure(rows["y"], rows["p"]), abs=1e-12)


@pytest.mark.parametrize("columns", [{}, {"weight": "w"}, {"cluster": "c"}])
@pytest.mark.parametrize("part", ["precision", "f1"])
def test_the_standard_error_is_that_of_drawing_people_again(part, columns):
    table = people(n=1500)
    rows = table[table["g"] == "a"].reset_index(drop=True)
    found = mean_of_classes(*counted(rows, **columns), part)
    random, values = np.random.default_rng(1), []
    blocks = [at.to_numpy() for at in rows.groupby("c").groups.values()]
    for _ in range(100):
        if "cluster" in columns:
            picked = random.integers(0, len(blocks), len(blocks))
            at = np.concatenate([blocks[i] for i in picked])
        else:
            at = random.integers(0, len(rows), len(rows))
        own = rows.loc[at]
        weight = own["w"] if "weight" in columns else None
        values.append(
            PARTS[part](own["y"], own["p"], average="macro", sample_weight=weight, zero_division=0)
        )
    assert found.error[0] == pytest.approx(np.std(values), rel=0.3)


def test_the_macro_f1_is_that_of_the_measure_from_rows():
    table = people()
    cells = count(table, groups=["g"], truth="y", prediction="p")
    found = mean_of_classes(cells, cells.by(()), "f1").estimate()
    exact = classification.macro_f1(table["y"], table["p"])
    assert found.value == pytest.approx(exact.value)
    assert found.low == pytest.approx(exact.low, abs=0.01)
    assert found.high == pytest.approx(exact.high, abs=0.01)


@pytest.mark.parametrize("n", [60, 400])
def test_the_interval_of_the_macro_f1_holds_the_true_one(n):
    random, runs = np.random.default_rng(n), 200
    truth = people(n=200_000, seed=9)
    truth = truth[truth["g"] == "a"]
    target = metrics.f1_score(truth["y"], truth["p"], average="macro")
    samples = truth.iloc[random.integers(0, len(truth), n * runs)]
    found = mean_of_classes(
        *counted(samples.assign(g=np.repeat(np.arange(runs).astype(str), n))), "f1"
    )
    assert ((found.low <= target) & (target <= found.high)).mean() >= 0.92


def test_cells_without_predictions_are_refused():
    cells = count(people(n=20), groups=["g"], truth="y")
    with pytest.raises(DataError, match="got cells without predictions"):
        confusion(cells, cells.by(["g"]))
