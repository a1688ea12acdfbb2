"""A planted proxy is found, an independent group is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_tables import CATEGORIES, NUMBERS, adult
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.explain.proxy import chances, encoded, ranges, told_apart
from iagkit.measures.classification import balanced_accuracy


def people(n: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": random.normal(40, 10, n),
            "debt": random.gamma(0.5, 100, n),
            "town": random.choice(["north", "south", "east"], n),
        }
    )


def test_a_range_is_an_eighth_of_training_and_missing_is_none():
    train = pd.DataFrame({"x": np.arange(80.0)})
    first, second = ranges(train, pd.DataFrame({"x": [-5.0, 5.0, 79.0, 500.0, np.nan]}))["x"]
    assert np.bincount(first).tolist() == [10] * 8
    assert second.tolist() == [0, 0, 7, 7, -1]


def test_a_value_that_most_share_is_a_range_of_its_own():
    train = pd.DataFrame({"gain": [0.0] * 90 + [7000.0] * 10})
    first, second = ranges(train, pd.DataFrame({"gain": [0.0, 1.0, -1.0]}))["gain"]
    assert len(set(first)) == 2
    assert len(set(second)) == 3


def test_rare_categories_share_a_place_with_unknown_ones():
    train = pd.DataFrame({"town": ["a"] * 20 + ["b"] * 15 + ["rare"] * 3 + [None] * 12})
    first, second = ranges(train, pd.DataFrame({"town": ["b", "never seen", "rare", None]}))["town"]
    assert first[0] == 1
    assert second.tolist() == [2, -1, -1, 0]
    assert encoded(train, train)[0].sum(axis=1).tolist() == [1.0] * 50


def test_chances_are_those_of_scikit_learn():
    linear_model = pytest.importorskip("sklearn.linear_model")
    table = people(400, 0)
    groups = np.where(table["age"] + np.random.default_rng(1).normal(0, 5, 400) > 40, "b", "a")
    a, _ = encoded(table, table)
    theirs = linear_model.LogisticRegression(C=2, max_iter=5000, tol=1e-8).fit(a, groups)
    ours = chances(table, groups, table)
    assert np.abs(ours - theirs.predict_proba(a)).max() < 2e-3


def test_a_planted_proxy_is_found_and_named():
    table, random = people(600, 0), np.random.default_rng(1)
    groups = np.where((table["town"] == "north") ^ (random.random(600) < 0.1), "f", "m")
    found = {name: _apart(table[[name]], groups) for name in table}
    assert found["town"].low > 0.8
    assert max(found["age"].low, found["debt"].low) < 0.5
    assert _apart(table, groups).low > 0.8


def test_a_proxy_in_the_middle_of_a_number_is_found_though_no_line_parts_it():
    table = people(600, 0)
    assert _apart(table, np.where(np.abs(table["age"] - 40) < 5, "f", "m")).low > 0.8


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_inputs_that_know_nothing_of_the_group_are_rarely_accused(share):
    random, runs = np.random.default_rng(7), 80
    accused = sum(
        _apart(people(300, s), np.where(random.random(300) < share, "f", "m"), seed=s).low > 0.5
        for s in range(runs)
    )
    assert accused / runs <= 0.075


@settings(max_examples=10)
@given(st.integers(0, 99))
def test_rows_of_one_person_are_never_in_both_halves(seed):
    table = pd.concat([people(60, seed)] * 3, ignore_index=True)
    person = np.tile(np.arange(60), 3)
    groups = np.tile(np.random.default_rng(seed).permutation(["f", "m"] * 30), 3)
    seen = []

    def learner(train, own, other):
        seen.append((set(person[train.index]), set(person[other.index])))
        return np.ones((len(other), 2))

    rows, _ = told_apart(table, groups, clusters=person, learner=learner, seed=seed)
    assert not seen[0][0] & seen[0][1]
    assert (len(seen[0][0]), len(rows)) == (30, 90)


def test_the_sex_of_real_people_is_told_from_their_other_inputs(mirror):
    inputs, _ = adult(mirror)
    found = _apart(inputs[NUMBERS + CATEGORIES], inputs["sex"])
    assert found.low > 0.75
    assert _apart(inputs[["relationship"]], inputs["sex"]).low > 0.72


def test_what_cannot_be_learnt_is_refused():
    table = people(20, 0)
    with pytest.raises(DataError, match="got 19 groups for 20 rows"):
        told_apart(table, ["a"] * 19)
    with pytest.raises(DataError, match="all of at least two groups; got 1 of 1"):
        told_apart(table, ["a"] * 20)
    with pytest.raises(DataError, match=r"\(10, 2\); got \(10, 3\)"):
        told_apart(table, ["a", "b"] * 10, learner=lambda a, g, b: np.ones((len(b), 3)))


def _apart(table, groups, seed=0):
    rows, guess = told_apart(table, groups, seed=seed)
    return balanced_accuracy(np.asarray(groups)[rows], guess)
