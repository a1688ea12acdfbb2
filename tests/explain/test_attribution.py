"""Attributions add up, agree with shap, and give nothing to what the model ignores."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from explain_tables import CATEGORIES, NUMBERS, adult, boosted, forest, made_up, mixed, positive
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from iagkit.core.errors import DataError, ModelError
from iagkit.explain.attribution import Attribution, attribute, drawn
from iagkit.explain.walks import sampled_values


def test_each_input_of_a_sum_carries_its_distance_from_the_mean():
    inputs = pd.DataFrame({"a": [3.0], "b": [10.0]})
    others = pd.DataFrame({"a": [0.0, 2.0], "b": [10.0, 10.0]})
    found = attribute(lambda t: t["a"] + t["b"], inputs, others)
    assert found.values.tolist() == [[2.0, 0.0]]
    assert (found.base, found.method, found.unit) == (11.0, "sampled", "score")


def test_two_inputs_that_act_only_together_share_what_they_do():
    inputs, others = (
        pd.DataFrame({"a": [1.0], "b": [1.0]}),
        pd.DataFrame({"a": [0.0] * 2, "b": 0.0}),
    )
    found = attribute(lambda t: t["a"] * t["b"], inputs, others)
    assert found.values.tolist() == [[0.5, 0.5]]


@settings(max_examples=20)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 6), st.integers(0, 99))
def test_sampled_values_add_up_exactly_whatever_the_model(n, m, d, seed):
    inputs, others, weights = made_up(n, d, seed), made_up(m, d, seed + 1), np.arange(1, d + 1)

    def respond(table):
        return np.sin(table.to_numpy() @ weights) * table.to_numpy()[:, 0]

    values, base = sampled_values(respond, inputs, others, seed=seed)
    assert base == pytest.approx(respond(others).mean())
    assert np.allclose(values.sum(axis=1) + base, respond(inputs), atol=1e-12)


@settings(max_examples=15)
@given(st.integers(2, 5), st.integers(0, 99))
def test_an_input_that_the_model_ignores_carries_nothing(d, seed):
    inputs, others = made_up(6, d, seed), made_up(9, d, seed + 1)
    values, _ = sampled_values(lambda t: np.exp(t["x0"].to_numpy()), inputs, others, seed=seed)
    assert (values[:, 1:] == 0).all()
    assert np.abs(values[:, 0]).max() > 0


def by_definition(respond, case, others) -> np.ndarray:
    """Shapley values from all subsets of the features."""
    d = case.shape[1]
    worth = {}
    for chosen in (c for k in range(d + 1) for c in combinations(range(d), k)):
        mixed_rows = others.copy()
        for j in chosen:
            mixed_rows.iloc[:, j] = case.iloc[0, j]
        worth[chosen] = respond(mixed_rows).mean()
    values = np.zeros(d)
    for chosen, before in worth.items():
        for j in set(range(d)) - set(chosen):
            after = worth[tuple(sorted((*chosen, j)))]
            values[j] += (after - before) / (d * comb(d - 1, len(chosen)))
    return values


def test_sampled_values_come_close_to_the_definition_over_all_subsets():
    inputs, others = made_up(3, 4, 0), made_up(30, 4, 1)

    def respond(rows):
        x = np.asarray(rows, dtype=float)
        return x[:, 0] * x[:, 1] + np.maximum(x[:, 2], x[:, 3])

    theirs = np.stack([by_definition(respond, inputs[i : i + 1], others) for i in range(3)])
    ours = np.mean([sampled_values(respond, inputs, others, seed=s)[0] for s in range(60)], axis=0)
    assert np.abs(ours - theirs).max() < 0.05


def test_the_closed_form_is_that_of_shap_with_all_of_the_background(mirror):
    shap = pytest.importorskip("shap")
    inputs, truth = adult(mirror)
    scaled = StandardScaler().set_output(transform="pandas").fit_transform(inputs[NUMBERS])
    model = LogisticRegression(max_iter=5000).fit(scaled, truth)
    found = attribute(positive(model), scaled[:100], scaled, model=model)
    masker = (scaled.mean().to_numpy(), np.zeros((len(NUMBERS), len(NUMBERS))))
    theirs = shap.LinearExplainer(model, masker).shap_values(scaled[:100])
    assert (found.method, found.unit) == ("linear", "log odds")
    assert np.abs(found.values - theirs).max() <= 1e-9
    assert found.base == pytest.approx(float(model.decision_function(scaled).mean()), abs=1e-9)


def test_a_linear_model_behind_columnwise_preparation_keeps_its_closed_form(mirror):
    inputs, truth = adult(mirror)
    rows = inputs[NUMBERS + CATEGORIES]
    model = mixed(NUMBERS, CATEGORIES).fit(rows, truth)
    found = attribute(positive(model), rows[:50], rows, model=model)
    assert (found.method, found.features) == ("linear", tuple(NUMBERS + CATEGORIES))
    total = found.base + found.values.sum(axis=1)
    assert np.abs(total - model.decision_function(rows[:50])).max() <= 1e-9
    one = rows[:50].copy()
    one["age"] = rows["age"].iloc[0]
    moved = model.decision_function(one) - model.decision_function(rows[:50])
    mean = found.values[0, 0] - found.values[:, 0]
    assert np.abs(moved - mean).max() <= 1e-9


@settings(max_examples=4)
@given(st.integers(0, 99), st.booleans())
def test_each_prepared_column_goes_to_the_input_it_comes_from(seed, same):
    random = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "town": random.choice(["north", "south", "rare"], 120, p=[0.6, 0.39, 0.01]),
            "x": random.normal(size=120),
            "home": random.choice(["own", "rent"], 120),
        }
    )
    model = mixed(["x"], ["town", "home"]).fit(rows, rows["x"] + (rows["home"] == "own") > 0)
    few = rows if same else rows[:7]
    found = attribute(positive(model), few, rows, model=model)
    assert found.method == "linear"
    for name in rows:
        other = few.assign(**{name: rows[name].iloc[0]})
        moved = model.decision_function(few) - model.decision_function(other)
        again = attribute(positive(model), other, rows, model=model).values
        j = found.features.index(name)
        assert np.allclose(found.values[:, j] - again[:, j], moved, atol=1e-9)


def test_a_product_of_two_inputs_behind_a_linear_model_has_no_closed_form():
    from sklearn.preprocessing import PolynomialFeatures

    random = np.random.default_rng(0)
    rows = pd.DataFrame(random.integers(0, 2, (300, 3)).astype(float), columns=list("abc"))
    steps = (PolynomialFeatures(interaction_only=True, include_bias=False), LogisticRegression())
    model = make_pipeline(*steps).fit(rows, rows["a"] * rows["b"] > random.random(300) / 2)
    assert attribute(positive(model), rows[:5], rows, model=model).method == "sampled"


def test_preparation_that_mixes_inputs_has_no_closed_form_and_is_asked_instead():
    from sklearn.decomposition import PCA

    inputs = made_up(200, 3, 0) @ np.array([[1, 0.5, 0], [0, 1, 0.3], [0, 0, 1]])
    inputs.columns = ["a", "b", "c"]
    model = make_pipeline(PCA(2), LogisticRegression()).fit(inputs, inputs["a"] > 0)
    found = attribute(positive(model), inputs[:5], inputs, model=model)
    assert found.method == "sampled"


@pytest.mark.parametrize("make", [forest, boosted])
def test_trees_are_explained_by_shap_and_add_up_to_what_they_respond(mirror, make):
    inputs, truth = adult(mirror)
    rows = inputs[NUMBERS]
    model = make().fit(rows, truth)
    found = attribute(positive(model), rows[:40], rows, model=model)
    total, told = found.base + found.values.sum(axis=1), positive(model)(rows[:40])
    assert found.method == "tree"
    assert (
        np.abs((expit(total) if found.unit == "log odds" else total) - told).max() <= 5e-8
    )  # shap keeps float32


def test_trees_and_sampling_answer_the_same_question(mirror):
    inputs, truth = adult(mirror)
    rows = inputs[NUMBERS]
    model = boosted().fit(rows, truth)
    exact = attribute(positive(model), rows[:20], rows, model=model)

    def odds(table):
        return logit(positive(model)(table))

    sampled = [sampled_values(odds, rows[:20], drawn(rows, 50, 0), seed=s)[0] for s in range(20)]
    assert np.abs(np.mean(sampled, axis=0) - exact.values).max() < 0.1


def test_boosted_trees_with_categories_are_asked_since_shap_cannot_read_them(mirror):
    inputs, truth = adult(mirror)
    rows = inputs[["age", *CATEGORIES]].astype(dict.fromkeys(CATEGORIES, "category"))
    model = boosted(categorical_features="from_dtype").fit(rows, truth)
    found = attribute(positive(model), rows[:10], rows, model=model)
    assert found.method == "sampled"
    assert np.allclose(found.base + found.values.sum(axis=1), positive(model)(rows[:10]))


def test_a_model_that_is_not_the_one_that_responds_is_never_believed():
    inputs = made_up(50, 3, 0)
    other = LinearRegression().fit(inputs, inputs["x1"])
    found = attribute(lambda t: 2 * t["x0"].to_numpy(), inputs[:5], inputs, model=other)
    assert found.method == "sampled"
    assert np.abs(found.values[:, 1]).max() == 0


def test_categories_that_only_the_background_knows_are_not_lost():
    inputs = pd.DataFrame({"town": pd.Categorical(["a", "a"])})
    others = pd.DataFrame({"town": pd.Categorical(["a", "b"])})
    found = attribute(lambda t: (t["town"] == "b").to_numpy(float), inputs, others)
    assert found.base == 0.5
    assert found.values.tolist() == [[-0.5], [-0.5]]


def test_what_cannot_be_explained_is_refused():
    inputs = made_up(3, 2, 0)
    with pytest.raises(ModelError, match=r"shape \(6,\); got shape \(6, 2\)"):
        attribute(lambda t: np.zeros((len(t), 2)), inputs, inputs)
    with pytest.raises(ModelError, match="it raised ValueError"):
        attribute(lambda t: np.asarray(["no"] * len(t)), inputs, inputs)
    with pytest.raises(ModelError, match="it raised KeyError"):
        attribute(lambda t: t["wealth"], inputs, inputs)
    with pytest.raises(DataError, match="the same columns in the same order"):
        attribute(lambda t: t["x0"], inputs, inputs[["x1", "x0"]])
    with pytest.raises(DataError, match="a column a feature, 2; got shape"):
        Attribution(values=np.zeros((3, 1)), base=0.0, features=("a", "b"), method="given")
