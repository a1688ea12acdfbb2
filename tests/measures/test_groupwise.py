import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.measures import histograms, multiclass, ranking, regression, scores
from iagkit.measures.counting import count
from iagkit.measures.groupwise import mean_of_cells, share_each
from iagkit.measures.histograms import roc_auc
from iagkit.measures.rates import share
from iagkit.measures.simultaneous import gap_of_estimates


def people(n=400, seed=0):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("abc"), n), "p": random.integers(0, 2, n)})
    table["w"], table["c"] = random.random(n), random.integers(0, n // 4, n)
    return table


def counted(table, **columns):
    cells = count(table, groups=["g"], prediction="p", **columns)
    return cells, cells.by(["g"])


def everything(cells):
    return np.ones(len(cells), dtype=bool)


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_whole_rows_and_rows_that_count_wholly_give_the_same_share(seed):
    cells, groups = counted(people(n=60, seed=seed))
    hits = cells.prediction == 1
    whole = share_each(cells, groups, hits, everything(cells))
    parts = share_each(cells, groups, hits.astype(float), everything(cells))
    np.testing.assert_allclose(parts.value, whole.value)
    np.testing.assert_allclose(parts.low, whole.low, atol=1e-9)
    np.testing.assert_allclose(parts.high, whole.high, atol=1e-9)


def test_the_share_of_clusters_is_that_of_the_measure_from_rows():
    table = people()
    cells, groups = counted(table, cluster="c")
    found = share_each(cells, groups, (cells.prediction == 1).astype(float), everything(cells))
    for group, name in enumerate("abc"):
        rows = table[table["g"] == name]
        exact = share(rows["p"], clusters=rows["c"])
        assert found.value[group] == pytest.approx(exact.value)
        assert found.low[group] == pytest.approx(exact.low, abs=0.03)
        assert found.estimate(group).clusters == exact.clusters


def test_the_mean_of_a_number_that_cells_have_is_students():
    cells, groups = counted(people())
    found = mean_of_cells(cells, groups, cells.prediction * 10.0, everything(cells), unit="days")
    hits = people()
    for group, name in enumerate("abc"):
        values = hits["p"][hits["g"] == name] * 10
        assert found.value[group] == pytest.approx(values.mean())
        assert found.error[group] == pytest.approx(values.sem())
        assert found.df[group] == len(values) - 1
        assert found.estimate(group).unit == "days"


def test_weights_that_differ_more_are_worth_fewer_rows():
    table = people()
    errors = [
        share_each(cells, groups, (cells.prediction == 1).astype(float), everything(cells)).error
        for cells, groups in (
            counted(table, weight=None),
            counted(table.assign(w=1 + table["w"] * 0.1), weight="w"),
            counted(table.assign(w=table["w"] ** 6), weight="w"),
        )
    ]
    np.testing.assert_allclose(errors[1], errors[0], rtol=0.05)
    assert (errors[2] > 1.5 * errors[0]).all()


MEASURES = {
    "area": lambda c, g: histograms.roc_auc(c, g, positive=0),
    "mean score": scores.mean_score,
    "calibration": lambda c, g: scores.calibration_in_the_large(c, g, positive=0),
    "brier": lambda c, g: scores.brier_score(c, g, positive=0),
    "ece": lambda c, g: scores.ece(c, g, positive=0),
    "f1": lambda c, g: multiclass.mean_of_classes(c, g, "f1"),
    "recall": lambda c, g: multiclass.mean_of_classes(
        c, g, "recall", average="weighted", over="all"
    ),
    "accuracy": multiclass.accuracy,
    "mean error": lambda c, g: regression.mean_absolute_error(c, g, unit="days"),
    "root": lambda c, g: regression.root_mean_squared_error(c, g, unit="days"),
    "bias": lambda c, g: regression.bias(c, g, unit="days"),
    "within": regression.within_tolerance,
    "r2": regression.r2_score,
    "selected": lambda c, g: ranking.selection_rate(c, g, ranking.select(c, share=0.5)),
    "recall at capacity": lambda c, g: ranking.recall_at_capacity(
        c, g, ranking.select(c, share=0.5), positive=0
    ),
    "exposure": ranking.exposure,
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("columns", [{}, {"cluster": "c"}, {"weight": "w"}])
@pytest.mark.parametrize("rows", ["one", "two", "one of two missing"])
def test_whatever_is_measured_of_next_to_nothing_has_a_number_or_a_reason(rows, columns):
    table = pd.DataFrame(
        {"g": ["a", "b"], "y": [0.0, 1], "s": [0.5, 1], "p": [0.0, 1], "t": [1.0, 2], "u": [1.0, 3],
         "w": [1.0, 0], "c": [1, 2]}
    )  # fmt: skip
    if rows == "one of two missing":
        table.loc[1, ["y", "s", "p", "t"]] = np.nan
    cells = count(
        table.head(1 if rows == "one" else 2), groups=["g"], truth="y", prediction="p", score="s",
        moments=regression.error_moments("t", "u", tolerance=1), **columns,
    )  # fmt: skip
    for groups in (cells.by(()), cells.by(["g"])):
        for name, measure in MEASURES.items():
            found = measure(cells, groups)
            for group in range(len(found)):
                lacking = found.estimate(group) is None
                assert lacking == (found.because[group] is not None), name


def test_names_of_groups_of_two_columns_are_joined():
    cells = count(people().assign(h="x"), groups=["g", "h"], prediction="p")
    found = share_each(cells, cells.by(["g", "h"]), cells.prediction == 1, everything(cells))
    assert found.names == ("a · x", "b · x", "c · x")


def test_a_gap_of_areas_holds_0_where_groups_are_alike_and_not_where_they_differ():
    random = np.random.default_rng(8)
    table = pd.DataFrame({"g": np.arange(6000) % 3, "y": random.integers(0, 2, 6000)})
    noise = np.where(table["g"] == 2, 3.0, 1.0)
    for spoilt in (False, True):
        apart = table["y"] + random.normal(0, noise if spoilt else 1, 6000)
        cells = count(table.assign(s=1 / (1 + np.exp(-apart))), groups=["g"], truth="y", score="s")
        found = roc_auc(cells, cells.by(["g"]), positive=1)
        gap = gap_of_estimates(found.value, found.error, found.df, found.names, n=found.n)
        assert (gap.estimate.low > 0) == spoilt
        assert not spoilt or gap.lowest == "2"
