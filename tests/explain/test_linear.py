"""Contributions of linear models are exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from iagkit.core.errors import DataError, UsageError
from iagkit.explain.linear import (
    contributions,
    global_terms,
    mean_deviation,
    office_terms,
    texts_with,
)
from iagkit.explain.reasons import Discretion
from iagkit.text.personal import personal_spans
from iagkit.text.words import same_text


def show(*words: str) -> Discretion:
    return Discretion(vocabulary=set(words), fold=same_text, covered=personal_spans)


def rows(n_rows: int, n_features: int, seed: int):
    X = np.random.default_rng(seed).random((n_rows, n_features))
    return np.where(X > 0.6, X, 0.0)


def test_a_feature_at_its_mean_adds_nothing_and_one_above_adds_its_weight():
    phi = contributions(np.array([[1.0, 5.0]]), [[2.0, 3.0]], [0.5, 5.0])
    assert phi.tolist() == [[[1.0], [0.0]]]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 8), st.integers(1, 4), st.integers(0, 99))
def test_contributions_and_the_mean_score_add_up_to_the_score(n, d, k, seed):
    chance = np.random.default_rng(seed)
    X, coef = rows(n, d, seed), chance.normal(size=(k, d))
    mean = X.mean(axis=0)
    whole = contributions(sparse.csr_matrix(X), coef, mean).sum(axis=1) + coef @ mean
    assert np.allclose(whole, X @ coef.T, atol=1e-12)


@pytest.mark.parametrize("labels", [2, 4])
def test_contributions_are_those_of_shap_to_nine_digits(labels):
    shap = pytest.importorskip("shap")
    linear_model = pytest.importorskip("sklearn.linear_model")
    X = rows(80, 12, 5)
    y = np.arange(80) % labels
    model = linear_model.LogisticRegression().fit(X, y)
    ours = contributions(sparse.csr_matrix(X), model.coef_, X.mean(axis=0))
    maskers = (
        shap.maskers.Independent(X, max_samples=len(X)),
        (X.mean(axis=0), np.zeros((12, 12))),
    )
    for masker in maskers:
        theirs = np.asarray(shap.LinearExplainer(model, masker).shap_values(X))
        theirs = theirs.reshape(80, 12, -1)
        assert np.abs(ours - theirs).max() <= 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 9), st.integers(1, 6), st.integers(0, 99))
def test_mean_deviation_is_the_same_with_and_without_zeros_stored(n, d, seed):
    X = rows(n, d, seed)
    mean = X.mean(axis=0)
    expected = np.abs(X - mean).mean(axis=0)
    assert np.allclose(mean_deviation(sparse.csr_matrix(X), mean), expected, atol=1e-15)
    assert np.allclose(mean_deviation(X, mean), expected, atol=1e-15)


def test_global_terms_name_what_tells_a_class_from_the_others():
    terms = global_terms(
        [[2.0, 0.0, 9.0], [0.0, 1.0, 0.0]],
        ["bache", "poste", "fernandez"],
        [1.0, 1.0, 1.0],
        classes=["roads", "lighting"],
        discretion=show("bache", "poste", "fernandez"),
    )
    assert terms == {"roads": [("bache", 1.0)], "lighting": [("poste", 0.5)]}


def test_office_terms_are_shared_by_enough_texts_and_never_personal():
    terms = ["bache", "poste", "perez", "cable", "zanja", "senores"]
    found = office_terms(
        [[3.0, 0.0, 9.0, 0.0, 9.0, 5.0], [0.0, 2.0, 0.0, 9.0, 0.0, 0.0]],
        terms,
        [[50, 0, 80, 0, 30, 25], [0, 20, 0, 9, 0, 25]],
        classes=["roads", "lighting"],
        n=[100, 100],
        discretion=show("bache", "poste", "perez", "cable", "senores"),
    )
    assert found == {"roads": [("bache", 0.375, 50)], "lighting": [("poste", 0.1, 20)]}


def test_a_word_that_is_missing_where_it_would_count_against_is_no_word_for_the_office():
    found = office_terms(
        [[1.0], [-1.0]],
        ["si"],
        [[90], [10]],
        classes=["a", "b"],
        n=[100, 100],
        discretion=show("si"),
    )
    assert [name for name, terms in found.items() if terms] == ["a"]


def test_counts_that_do_not_tell_offices_apart_give_the_mean_over_all_texts():
    found = office_terms(
        [[3.0, 0.0], [0.0, 2.0]],
        ["bache", "poste"],
        [50, 20],
        classes=["a", "b"],
        n=100,
        discretion=show("bache", "poste"),
    )
    assert found == {"a": [("bache", 0.75, 50)], "b": [("poste", 0.2, 20)]}


def test_a_two_class_model_with_one_row_speaks_for_both_classes():
    found = office_terms(
        [[1.0, -1.0]],
        ["si", "no"],
        [[0, 10], [10, 0]],
        classes=["a", "b"],
        n=[10, 10],
        discretion=show("si", "no"),
    )
    assert found == {"a": [("no", 0.5, 10)], "b": [("si", 0.5, 10)]}


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(0, 99))
def test_texts_are_counted_by_class_and_term(n, d, seed):
    X, label = rows(n, d, seed), np.random.default_rng(seed).integers(0, 3, n)
    found = texts_with(sparse.csr_matrix(X), label, 3)
    assert found.tolist() == [(X[label == k] > 0).sum(axis=0).tolist() for k in range(3)]


def test_parts_of_two_models_are_refused():
    with pytest.raises(DataError, match="got 3, 2 and 3"):
        contributions(np.zeros((1, 3)), np.zeros((1, 2)), np.zeros(3))
    with pytest.raises(DataError, match=r"\(2, 1\), and 'n' a number an office, .* got \(1, 1\)"):
        office_terms([[1], [2]], ["a"], [[1]], classes="ab", n=[1, 1], discretion=show())
    with pytest.raises(DataError, match="2 x 3; got 2 x 1"):
        office_terms([[1], [2]], list("abc"), [[1]], classes="ab", n=[1, 1], discretion=show())


def test_more_rows_than_fit_in_memory_are_refused_before_they_are_made():
    X = sparse.csr_matrix((100_000, 1000))
    with pytest.raises(UsageError, match="Explain fewer rows"):
        contributions(X, np.zeros((5, 1000)), np.zeros(1000))
