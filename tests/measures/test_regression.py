import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from iagkit.core.errors import DataError
from iagkit.measures.counting import count
from iagkit.measures.regression import (
    bias,
    error_moments,
    mean_absolute_error,
    r2_score,
    root_mean_squared_error,
    within_tolerance,
)


def people(n=1500, seed=0):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("ab"), n), "y": random.lognormal(2, 0.4, n)})
    table["p"] = table["y"] * random.lognormal(0.1 * (table["g"] == "b"), 0.3, n)
    table["w"], table["c"] = random.random(n), random.integers(0, n // 3, n)
    return table


def counted(table, tolerance=2.0, **columns):
    moments = error_moments("y", "p", tolerance=tolerance)
    cells = count(table, groups=["g"], moments=moments, **columns)
    return cells, cells.by(["g"])


def test_four_waits_by_hand():
    table = pd.DataFrame({"g": "a", "y": [1.0, 2, 3, 6], "p": [2.0, 2, 3, 3]})
    cells, groups = counted(table, tolerance=1.0)
    assert bias(cells, groups, unit="days").estimate(0).value == -0.5
    mae = mean_absolute_error(cells, groups, unit="days").estimate(0)
    assert (mae.value, mae.n, mae.unit) == (1.0, 4, "days")
    assert root_mean_squared_error(cells, groups, unit="days").value[0] == np.sqrt(10 / 4)
    assert within_tolerance(cells, groups).value[0] == 0.75
    assert r2_score(cells, groups).value[0] == 1 - 10 / 14


@pytest.mark.parametrize("cluster", [None, "c"])
@pytest.mark.parametrize("weight", [None, "w"])
def test_every_measure_is_scikit_learns_of_the_rows_of_a_group(weight, cluster):
    table = people()
    cells, groups = counted(table, weight=weight, cluster=cluster)
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        own = None if weight is None else rows[weight]
        error = rows["p"] - rows["y"]
        for found, expected in (
            (bias(cells, groups, unit="days"), np.average(error, weights=own)),
            (within_tolerance(cells, groups), np.average(error.abs() <= 2, weights=own)),
            (
                mean_absolute_error(cells, groups, unit="days"),
                metrics.mean_absolute_error(rows["y"], rows["p"], sample_weight=own),
            ),
            (
                root_mean_squared_error(cells, groups, unit="days"),
                metrics.root_mean_squared_error(rows["y"], rows["p"], sample_weight=own),
            ),
            (
                r2_score(cells, groups),
                metrics.r2_score(rows["y"], rows["p"], sample_weight=own),
            ),
        ):
            assert found.value[group] == pytest.approx(expected, abs=1e-12, rel=1e-12)
            assert found.n[group] == len(rows)


@settings(max_examples=10)
@given(st.floats(0.01, 1e5), st.integers(0, 1000))
def test_another_unit_changes_every_number_by_its_factor(factor, seed):
    table = people(n=60, seed=seed)
    (days, groups), (other, same) = counted(table), counted(table.assign(
        y=table["y"] * factor, p=table["p"] * factor
    ))  # fmt: skip
    for measure in (bias, mean_absolute_error, root_mean_squared_error):
        one, two = measure(days, groups, unit="days"), measure(other, same, unit="hours")
        for name in ("value", "low", "high", "error"):
            np.testing.assert_allclose(getattr(two, name), getattr(one, name) * factor, rtol=1e-6)
    np.testing.assert_allclose(r2_score(other, same).value, r2_score(days, groups).value)


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_the_bias_is_at_most_the_mean_and_that_at_most_the_root_of_the_squares(seed):
    cells, groups = counted(people(n=40, seed=seed))
    means = mean_absolute_error(cells, groups, unit="days").value
    assert (np.abs(bias(cells, groups, unit="days").value) <= means + 1e-12).all()
    assert (means <= root_mean_squared_error(cells, groups, unit="days").value + 1e-12).all()


@pytest.mark.parametrize("columns", [{}, {"weight": "w"}, {"cluster": "c"}])
def test_the_standard_errors_are_those_of_drawing_people_again(columns):
    table = people().assign(g="a")
    if columns.get("cluster"):  # rows of one person err alike
        person = np.random.default_rng(4).lognormal(0, 0.4, len(table))
        table["p"] = table["y"] * person[table["c"]]
    cells, groups = counted(table, **columns)
    random, draws = np.random.default_rng(1), []
    blocks = list(table.groupby("c").indices.values())
    error = (table["p"] - table["y"]).to_numpy()
    weights = table["w"].to_numpy() if "weight" in columns else np.ones(len(table))
    for _ in range(600):
        at = random.integers(0, len(table), len(table))
        if columns.get("cluster"):
            picked = random.integers(0, len(blocks), len(blocks))
            at = np.concatenate([blocks[i] for i in picked])
        e, w = error[at], weights[at]
        squares = np.sqrt(np.average(e**2, weights=w))
        draws.append([np.average(e, weights=w), np.average(np.abs(e), weights=w), squares])
    for measure, spread in zip(
        (bias, mean_absolute_error, root_mean_squared_error), np.std(draws, axis=0), strict=True
    ):
        assert measure(cells, groups, unit="days").error[0] == pytest.approx(spread, rel=0.15)


def test_copies_of_rows_that_are_known_as_copies_say_no_more():
    table = people(n=300)
    copies = pd.concat([table.assign(c=range(300))] * 5)
    for measure in (mean_absolute_error, bias):
        once = measure(*counted(table), unit="days")
        known = measure(*counted(copies, cluster="c"), unit="days")
        np.testing.assert_allclose(known.error, once.error, rtol=0.02)
    share = within_tolerance(*counted(copies, cluster="c"))
    alone = within_tolerance(*counted(table))
    np.testing.assert_allclose(share.high - share.low, alone.high - alone.low, rtol=0.05)


ERRORS = {
    "normal": (lambda random, size: random.normal(size=size), (2 / np.pi) ** 0.5, 1.0),
    "exponential": (lambda random, size: random.exponential(1, size), 1.0, 2**0.5),
    "log-normal": (lambda random, size: random.lognormal(0, 1, size), np.exp(0.5), np.exp(1.0)),
}


@pytest.mark.parametrize(
    ("kind", "n", "least", "least_of_squares"),
    [
        ("normal", 20, 0.925, 0.92),
        ("normal", 200, 0.925, 0.92),
        ("exponential", 20, 0.92, 0.87),
        ("exponential", 200, 0.92, 0.89),
        ("log-normal", 20, 0.87, 0.75),
        ("log-normal", 200, 0.90, 0.79),
    ],
)
def test_intervals_of_skewed_errors_hold_as_often_as_the_page_says(
    kind, n, least, least_of_squares
):
    draw, mean, root = ERRORS[kind]
    random, held = np.random.default_rng(n), np.zeros(2)
    for _ in range(4):  # 150 samples at once, each a group
        table = pd.DataFrame({"g": np.repeat([f"group {i}" for i in range(150)], n), "y": 0.0})
        cells, groups = counted(table.assign(p=draw(random, 150 * n)))
        for i, (measure, true) in enumerate(
            ((mean_absolute_error, mean), (root_mean_squared_error, root))
        ):
            found = measure(cells, groups, unit="days")
            missed = (found.low > true) | (true > found.high)  # no interval misses nothing
            held[i] += (~missed).sum()
    assert held[0] / 600 >= least
    assert held[1] / 600 >= least_of_squares


def test_the_root_of_squares_has_no_interval_where_a_few_errors_are_nearly_all_of_it():
    random = np.random.default_rng(0)
    table = pd.DataFrame({"g": np.repeat(["a", "b"], 1000), "y": 0.0})
    table["p"] = np.where(table["g"] == "a", 1.0, random.lognormal(0, 1.5, 2000))
    table["p"] *= random.choice([0.9, 1.1], 2000)
    short, long = map(root_mean_squared_error(*counted(table), unit="days").estimate, (0, 1))
    assert short.low < short.value < short.high
    assert long.value > 1
    assert long.low is None
    assert mean_absolute_error(*counted(table), unit="days").estimate(1).low is not None


def test_r2_has_an_interval_only_where_clusters_show_it():
    table = people()
    assert r2_score(*counted(table)).estimate(0).low is None
    found = r2_score(*counted(table, cluster="c")).estimate(0)
    assert found.low < found.value < found.high


def test_a_single_row_and_errors_of_nothing_have_no_interval():
    table = pd.DataFrame({"g": list("abb"), "y": [1.0, 2, 3], "p": [2.0, 2, 3]})
    found = mean_absolute_error(*counted(table), unit="days")
    assert [found.estimate(g).value for g in (0, 1)] == [1, 0]
    assert [found.estimate(g).low for g in (0, 1)] == [None, None]
    assert bias(*counted(table), unit="days").estimate(0).low is None


def test_missing_numbers_are_left_out_and_a_group_without_any_has_a_reason():
    table = people(n=200)
    table.loc[table["g"] == "b", "p"] = np.nan
    cells, groups = counted(table)
    for found in (
        mean_absolute_error(cells, groups, unit="days"),
        bias(cells, groups, unit="days"),
        within_tolerance(cells, groups),
    ):
        assert found.estimate(0).n == (table["g"] == "a").sum()
        assert found.estimate(1) is None
        assert str(found.because[1]) == (
            "no row of this group has both a true and a predicted number"
        )
    part = people(n=200)
    part.loc[part.index[:20], "p"] = np.nan
    assert "is known where the prediction is not" in str(r2_score(*counted(part)).because[0])


def test_cells_without_errors_or_tolerance_are_refused():
    table = people(n=20)
    cells = count(table, groups=["g"])
    with pytest.raises(DataError, match=r"expected sums 'error\..*got none\. Count with error_mom"):
        bias(cells, cells.by(["g"]), unit="days")
    with pytest.raises(DataError, match=r"expected sums 'error\.within'"):
        within_tolerance(*counted(table, tolerance=None))
