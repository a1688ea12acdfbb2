"""Right explanations follow the model, wrong ones do not, and neighbours hear alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from explain_tables import made_up
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.explain.attribution import Attribution, attribute
from iagkit.explain.faithfulness import faithfulness, neighbours, stability
from iagkit.explain.noise import shaken
from iagkit.explain.tables import usual_spread

WEIGHTS = np.array([8.0, 4.0, 2.0, 1.0, 0.0])


def linear(table):
    return table.to_numpy() @ WEIGHTS


def said(values):
    names = tuple(f"x{j}" for j in range(np.shape(values)[1]))
    return Attribution(values=np.asarray(values, float), base=0.0, features=names, method="given")


def test_two_inputs_by_hand():
    inputs, others = pd.DataFrame({"a": [1.0], "b": [1.0]}), pd.DataFrame({"a": [0.0], "b": [0.0]})
    right = faithfulness(lambda t: 3 * t["a"] + t["b"], inputs, others, np.array([[3.0, 1.0]]))
    assert right.total.tolist() == [4.0]
    assert 0 <= right.deletion[0] <= 2
    assert right.beaten.tolist() == [1.0]
    wrong = faithfulness(lambda t: 3 * t["a"] + t["b"], inputs, others, np.array([[1.0, 3.0]]))
    assert right.deletion[0] - wrong.deletion[0] == pytest.approx(2.0)
    assert right.insertion[0] - wrong.insertion[0] == pytest.approx(2.0)
    assert wrong.beaten.tolist() == [0.5]


@settings(max_examples=15)
@given(st.integers(0, 99))
def test_the_true_order_of_a_sum_is_never_behind_a_random_one(seed):
    inputs, others = made_up(10, 5, seed), made_up(4, 5, seed + 1)
    found = attribute(linear, inputs, others, seed=seed)
    result = faithfulness(linear, inputs, others, found.values, seed=seed)
    assert (result.beaten == 1).all()
    assert min(result.deletion.min(), result.insertion.min()) >= -1e-9


def test_an_explanation_turned_upside_down_loses_as_much_as_the_right_one_wins():
    inputs, others = made_up(40, 5, 0), made_up(10, 5, 1)
    values = attribute(linear, inputs, others).values
    right, wrong = (faithfulness(linear, inputs, others, s * values) for s in (1, -1))
    assert right.deletion.mean() > 1
    assert wrong.deletion.mean() < -1
    assert wrong.beaten.max() < 0.9


def test_an_explanation_of_another_model_is_no_better_than_chance():
    inputs, others = made_up(300, 5, 0), made_up(10, 5, 1)
    values = np.random.default_rng(2).normal(size=(300, 5))
    result = faithfulness(linear, inputs, others, values)
    both = (result.deletion + result.insertion) / 2
    assert abs(both.mean()) < 3 * both.std() / np.sqrt(300)
    assert (result.beaten >= 0.9).mean() < 0.3


def test_equal_explanations_are_fully_stable_and_reversed_ones_not_at_all():
    one = said([[3.0, 2.0, 1.0], [0.5, -4.0, 1.0]])
    same = stability(one, said(2 * one.values))
    assert same.rank_correlation.tolist() == [1.0, 1.0]
    assert same.kept.tolist() == [1.0, 1.0]
    other = stability(one, said([[1.0, 2.0, 3.0], [0.5, -4.0, 1.0]]), one)
    assert other.rank_correlation.tolist() == [0.0, 1.0]
    assert other.kept.tolist() == [0.5, 1.0]


def test_where_no_input_counts_more_than_another_there_is_no_correlation():
    found = stability(said([[1.0, 1.0]]), said([[1.0, 2.0]]))
    assert np.isnan(found.rank_correlation).all()


def test_a_smooth_model_is_explained_more_stably_than_a_jumping_one():
    inputs, spread = made_up(60, 5, 0), usual_spread(made_up(500, 5, 1))

    def jumping(table):
        x = table.to_numpy()
        return np.where(np.floor(x[:, 0] * 20) % 2 == 0, x[:, 1], x[:, 2])

    def told(respond):
        def explain(table, seed):
            return attribute(respond, table, inputs, seed=seed)

        near = neighbours(explain, lambda seed: shaken(inputs, spread, seed=seed), draws=2)
        return stability(explain(inputs, 0), *near)

    smooth, rough = told(linear), told(jumping)
    assert smooth.kept.mean() > 0.95
    assert rough.kept.mean() < 0.8


def test_explanations_of_other_cases_are_refused():
    inputs = made_up(4, 3, 0)
    with pytest.raises(DataError, match=r"\(4, 3\), of at least two features; got \(4, 2\)"):
        faithfulness(lambda t: t["x0"], inputs, inputs, np.zeros((4, 2)))
    with pytest.raises(DataError, match="neighbours of the same cases"):
        stability(said([[1.0, 2.0]]))
    with pytest.raises(DataError, match=r"\(1, 2\), \(1, 3\)"):
        stability(said([[1.0, 2.0]]), said([[1.0, 2.0, 3.0]]))
