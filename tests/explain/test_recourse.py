"""Recourse is accepted by the model, within reach, plausible, small, and honest where none is."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from explain_tables import GERMAN, NUMBERS, adult, boosted, forest, german, mixed, positive
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from iagkit.core.errors import DataError, DeclarationError
from iagkit.explain.options import Feature, options
from iagkit.explain.plausible import Plausible
from iagkit.explain.recourse import recourse


def grid(n: int = 500, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "income": random.uniform(0, 10, n),
            "years": random.integers(0, 20, n),
            "age": random.integers(18, 80, n),
            "home": random.choice(["rent", "own", "other"], n),
        }
    )


def accepts_income(table):
    return expit(table["income"].to_numpy(dtype=float) - 6.0)


def test_who_lacks_one_unit_of_income_needs_one_unit():
    training = grid()
    case = training.iloc[[0]].assign(income=5.0)
    found = recourse(accepts_income, case, training, [Feature(name="income", direction="up")])
    assert found.found.tolist() == [True]
    assert 6.0 <= found.changed["income"].iloc[0] <= 6.1
    assert found.cost[0] == pytest.approx(1.0 / training["income"].std(ddof=0), rel=0.1)
    assert found.features.tolist() == [1]


def test_whole_steps_are_kept_from_where_the_person_stands():
    training = grid()
    case = training.iloc[[0]].assign(income=5.0)
    found = recourse(accepts_income, case, training, [Feature(name="income", step=0.75)])
    assert found.changed["income"].iloc[0] == pytest.approx(6.5)


def test_a_category_is_changed_to_one_that_occurs_and_costs_one():
    training = grid()
    case = training.iloc[[0]].assign(home="rent")

    def respond(table):
        return (table["home"] == "own").to_numpy(dtype=float)

    found = recourse(respond, case, training, [Feature(name="home")])
    assert (found.changed["home"].iloc[0], found.cost[0]) == ("own", 1.0)


def test_what_two_features_must_do_together_is_found():
    training = grid()
    case = training.iloc[[0]].assign(income=1.0, years=1, home="own")

    def respond(table):
        return ((table["income"] > 5) & (table["years"] >= 8)).to_numpy(dtype=float)

    features = [Feature(name="income"), Feature(name="years"), Feature(name="home")]
    found = recourse(respond, case, training, features)
    assert found.features.tolist() == [2]
    assert found.changed["years"].iloc[0] == 8
    assert 5 < found.changed["income"].iloc[0] < 5.3
    assert found.changed["home"].iloc[0] == "own"


def test_who_may_only_go_the_wrong_way_has_no_recourse():
    training = grid()
    case = training.iloc[[0]].assign(income=5.0)
    for feature in (
        Feature(name="income", direction="down"),
        Feature(name="income", high=5.5),
        Feature(name="income", actionable=False),
        Feature(name="years"),
    ):
        found = recourse(accepts_income, case, training, [feature])
        assert not found.found.any()
        assert np.isinf(found.cost).all()
        assert found.changed.equals(case.reset_index(drop=True))


def test_a_place_where_nobody_lives_is_no_recourse():
    random = np.random.default_rng(0)
    x = random.normal(size=400)
    training = pd.DataFrame({"a": x, "b": x + random.normal(0, 0.05, 400)})
    case = pd.DataFrame({"a": [-1.0], "b": [-1.0]})

    def respond(table):
        return expit(table["a"].to_numpy() - 1.5)

    alone = recourse(respond, case, training, [Feature(name="a")])
    both = recourse(respond, case, training, [Feature(name="a"), Feature(name="b")])
    assert not alone.found.any()
    assert both.found.all()
    assert both.features.tolist() == [2]
    density = Plausible.of(training)
    assert density.distance(both.changed)[0] <= density.limit


FEATURES = (
    Feature(name="a1", direction="down", low=6, step=6, unit="months"),
    Feature(name="a4", direction="down"),
    Feature(name="a0"),
    Feature(name="a7", low=1, high=4),
    Feature(name="a12", actionable=False),
)


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_on_real_credits_every_answer_is_accepted_and_within_reach(mirror, kind):
    inputs, truth = german(mirror)
    rows = (
        inputs
        if kind == "linear"
        else inputs[[*GERMAN, "a0"]].assign(a0=inputs["a0"].astype("category"))
    )
    rest = [name for name in rows if name not in GERMAN]
    model = mixed(GERMAN, rest) if kind == "linear" else boosted(categorical_features="from_dtype")
    respond = positive(model.fit(rows[:600], truth[:600]))
    denied = rows[600:][respond(rows[600:]) < 0.5]
    result = recourse(respond, denied, rows[:600], FEATURES)
    before, after = denied.reset_index(drop=True)[result.found], result.changed[result.found]
    assert result.found.mean() > 0.5
    assert (respond(after) >= 0.5).all()
    assert (after.dtypes == before.dtypes).all()
    fixed = [name for name in rows if name not in {"a1", "a4", "a0", "a7"}]
    assert after[fixed].equals(before[fixed])
    moved = after["a1"] - before["a1"]
    assert ((moved <= 0) & (moved % 6 == 0)).all()
    assert (after["a1"][moved != 0] >= 6).all()
    assert (after["a4"] <= before["a4"]).all()
    assert after["a7"].between(1, 4).all()
    assert set(after["a0"]) <= set(rows["a0"][:600])
    changes = (after.astype(object) != before.astype(object)).sum(axis=1)
    assert changes.tolist() == result.features[result.found].tolist()


@settings(max_examples=10)
@given(st.integers(0, 99), st.sampled_from(["any", "up", "down"]), st.sampled_from([None, 2.0]))
def test_no_bound_direction_or_density_is_ever_overstepped(seed, direction, step):
    training = grid(200, seed)
    cases = training[accepts_income(training) * (training["years"] > 5) < 0.5].head(20)
    features = [
        Feature(name="income", direction=direction, low=2, high=8, step=step),
        Feature(name="years", direction="up", high=10),
    ]

    def respond(table):
        return accepts_income(table) * (table["years"].to_numpy() > 5)

    result = recourse(respond, cases, training, features)
    before, after = cases.reset_index(drop=True)[result.found], result.changed[result.found]
    moved = (after["income"] - before["income"]).to_numpy()
    assert (moved * {"any": 0, "up": -1, "down": 1}[direction] <= 0).all()
    assert after["income"][moved != 0].between(2, 8).all()
    assert step is None or np.allclose(np.round(moved / 2), moved / 2)
    assert ((after["years"] == before["years"]) | after["years"].between(0, 10)).all()
    assert (respond(after) >= 0.5).all()
    density = Plausible.of(training)
    usual = np.maximum(density.distance(before), density.limit)
    assert (density.distance(after) <= usual + 1e-9).all()


def test_search_comes_near_the_smallest_change_of_a_known_linear_model(mirror):
    inputs, truth = adult(mirror)
    rows = inputs[NUMBERS]
    respond = positive(forest().fit(rows, truth))
    denied = rows[respond(rows) < 0.5].head(60)
    feature = Feature(name="education_num", direction="up")
    result = recourse(respond, denied, rows, [feature], quantile=1.0)
    spread = rows["education_num"].std(ddof=0)
    for i, case in denied.reset_index(drop=True)[result.found].iterrows():
        tried = pd.DataFrame([case] * 16)
        tried["education_num"] = np.arange(1, 17)
        good = (respond(tried) >= 0.5) & (tried["education_num"] > case["education_num"]).to_numpy()
        cheapest = (np.arange(1, 17)[good].min() - case["education_num"]) / spread
        assert result.cost[i] >= cheapest - 1e-9
        assert result.cost[i] <= cheapest + 2 / spread


def test_of_all_changes_of_two_features_the_cheapest_is_found():
    random = np.random.default_rng(5)
    training = pd.DataFrame(random.integers(0, 10, (300, 3)), columns=list("abc"))
    spread = training.std(ddof=0)

    def respond(table):
        a, b, c = table["a"].to_numpy(), table["b"].to_numpy(), table["c"].to_numpy()
        return ((a + 2 * b >= 14) & (c % 3 == 1) & (a < 8)).astype(float)

    cases = training[respond(training) < 0.5].head(25).reset_index(drop=True)
    features = [Feature(name=name) for name in "abc"]
    result = recourse(respond, cases, training, features, quantile=1.0, most_features=2)
    steps = np.arange(10)
    for i, case in cases.iterrows():
        tried = [pd.DataFrame([case] * 10).assign(**{name: steps}) for name in "abc"]
        tried += [
            pd.DataFrame([case] * 100).assign(**{x: np.repeat(steps, 10), y: np.tile(steps, 10)})
            for x, y in combinations("abc", 2)
        ]
        rows = pd.concat(tried, ignore_index=True)
        good = rows[respond(rows) >= 0.5]
        moved = (good - case).abs() / spread
        fewest = (moved > 0).sum(axis=1).min() if len(good) else np.nan
        if not len(good):
            assert not result.found[i]
            continue
        assert result.features[i] == fewest
        cheapest = moved.sum(axis=1)[(moved > 0).sum(axis=1) == fewest].min()
        assert result.cost[i] == pytest.approx(cheapest)


def test_missing_numbers_are_not_a_place_to_start_from():
    training = grid()
    case = training.iloc[[0]].assign(income=np.nan)
    found = options(case, training, [Feature(name="income")])
    assert not np.isfinite(found[0].costs).any()


def test_ordered_categories_follow_their_direction():
    order = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
    training = pd.DataFrame({"school": pd.Series(["low", "middle", "high"] * 10, dtype=order)})
    found = options(training[1:2], training, [Feature(name="school", direction="up")])
    assert [v for v in found[0].values[0] if v is not None] == ["high"]


def test_declarations_that_cannot_be_meant_are_refused():
    with pytest.raises(DeclarationError, match="low <= high and a step above 0"):
        Feature(name="x", low=3, high=1)
    with pytest.raises(DeclarationError, match="'sideways'"):
        Feature(name="x", direction="sideways")
    training = grid(50)
    with pytest.raises(DeclarationError, match=r"unknown: \['wealth'\]"):
        options(training, training, [Feature(name="wealth")])
    with pytest.raises(DeclarationError, match="categories without order"):
        options(training, training, [Feature(name="home", direction="up")])
    with pytest.raises(DataError, match="recourse is for refused cases"):
        recourse(lambda t: np.ones(len(t)), training, training, [Feature(name="income")])
