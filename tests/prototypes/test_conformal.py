"""Prediction sets: the promise holds in every declared group, shown by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from iagkit.core.errors import DataError
from iagkit.prototypes.engine.conformal import OVERALL, fit_thresholds, label_sets

CLASSES = 6


def world(rng, n, *, hard=0.2):
    """Cases of an easy group, and of a hard one in which the model is sure and often wrong."""
    group = np.where(rng.random(n) < hard, "hard", "easy")
    logits = rng.normal(size=(n, CLASSES)) * 2.5
    truth = np.array([rng.choice(CLASSES, p=p) for p in softmax(logits, axis=1)])
    misread = rng.normal(size=(n, CLASSES)) * np.where(group == "hard", 2.5, 0.0)[:, None]
    told = softmax(logits + misread, axis=1)
    return group.tolist(), truth, told


def covered(seed, *, groups):
    rng = np.random.default_rng(seed)
    group, truth, told = world(rng, 1200)
    thresholds = fit_thresholds(
        told[np.arange(1200), truth],
        clusters=np.arange(1200),
        groups={"g": group} if groups else {},
    )
    new_group, new_truth, new_told = world(rng, 1200)
    sets = label_sets(new_told, thresholds=thresholds, groups={"g": new_group})
    hit = sets[np.arange(1200), new_truth]
    return hit[np.array(new_group) == "hard"].mean(), hit.mean()


def test_ninety_of_a_hundred_sets_hold_the_truth_in_the_hard_group_too():
    by_group = np.array([covered(seed, groups=True) for seed in range(40)])
    assert by_group[:, 0].mean() == pytest.approx(0.9, abs=0.015)
    assert by_group[:, 1].mean() == pytest.approx(0.9, abs=0.01)


def test_without_groups_the_hard_group_is_let_down():
    overall = np.array([covered(seed, groups=False) for seed in range(40)])
    assert overall[:, 1].mean() == pytest.approx(0.9, abs=0.01)
    assert overall[:, 0].mean() < 0.88


def test_copies_of_one_text_do_not_count_as_evidence():
    rng = np.random.default_rng(0)
    p = np.repeat(rng.uniform(0.3, 1, size=40), 25)
    copies = fit_thresholds(p, clusters=np.repeat(np.arange(40), 25), groups={})
    rows = fit_thresholds(p, clusters=np.arange(1000), groups={})
    assert copies[OVERALL][OVERALL] >= rows[OVERALL][OVERALL]


def test_a_small_group_uses_the_overall_threshold():
    p = np.linspace(0.1, 1, 200)
    groups = {"g": ["small"] * 5 + ["large"] * 195}
    found = fit_thresholds(p, clusters=np.arange(200), groups=groups)
    assert found["g"]["small"] == found[OVERALL][OVERALL]


def test_with_too_little_evidence_every_label_belongs_to_the_set():
    found = fit_thresholds(np.array([0.9, 0.9, 0.8]), clusters=np.arange(3), groups={})
    assert label_sets(np.array([[0.7, 0.2, 0.1]]), thresholds=found, groups={}).all()


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_the_first_answer_always_belongs_to_the_set(raw):
    p = np.array([raw]) / sum(raw)
    sets = label_sets(p, thresholds={OVERALL: {OVERALL: 0.0}}, groups={})
    assert sets[0, p.argmax()]


def test_who_does_not_tell_the_group_gets_the_widest_set():
    thresholds = {OVERALL: {OVERALL: 0.2}, "g": {"a": 0.1, "b": 0.9}}
    p = np.array([[0.7, 0.2, 0.1]])
    silent = label_sets(p, thresholds=thresholds, groups={})
    assert (silent == label_sets(p, thresholds=thresholds, groups={"g": ["b"]})).all()
    assert silent.sum() == 3 > label_sets(p, thresholds=thresholds, groups={"g": ["a"]}).sum()


def test_a_case_of_several_groups_gets_the_widest_of_their_sets():
    thresholds = {OVERALL: {OVERALL: 0.2}, "g": {"a": 0.1}, "h": {"x": 0.85}}
    both = {"g": ["a"], "h": ["x"]}
    sets = label_sets(np.array([[0.7, 0.2, 0.1]]), thresholds=thresholds, groups=both)
    assert sets.sum() == 2


def test_our_sets_are_those_of_mapie_where_there_are_no_groups():
    mapie = pytest.importorskip("mapie.classification", reason="mapie is the oracle of this test")
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression

    X, y = make_classification(900, 8, n_informative=5, n_classes=4, random_state=0)
    model = LogisticRegression(max_iter=500).fit(X[:300], y[:300])
    oracle = mapie.SplitConformalClassifier(model, confidence_level=0.9, prefit=True)
    oracle.conformalize(X[300:600], y[300:600])
    theirs = oracle.predict_set(X[600:])[1][:, :, 0]
    p = model.predict_proba(X[300:600])[np.arange(300), y[300:600]]
    thresholds = fit_thresholds(p, clusters=np.arange(300), groups={})
    ours = label_sets(model.predict_proba(X[600:]), thresholds=thresholds, groups={})
    empty = ~theirs.any(axis=1)
    assert (ours[~empty] == theirs[~empty]).all()
    assert (ours[empty].sum(axis=1) == 1).all()


def test_a_coverage_that_is_no_share_is_refused():
    with pytest.raises(DataError, match="between 0 and 1"):
        fit_thresholds(np.array([0.5]), clusters=np.array([0]), groups={}, coverage=90)
