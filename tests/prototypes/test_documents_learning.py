"""Lists that teach: the least sure first, unlike one another, and a part by lot that is honest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from iagkit.core.errors import UsageError
from iagkit.prototypes.documents.learning import (
    BY_LOT,
    UNSURE,
    fit_quickly,
    margins,
    next_cases,
    scores_of,
)


def pool(n, seed=0, classes=3):
    """Scores and features of cases that have nothing in common."""
    random = np.random.default_rng(seed)
    return random.dirichlet(np.ones(classes), n), sparse.identity(n, format="csr")


def test_the_margin_is_the_lead_of_the_best_answer_over_the_second():
    assert margins(np.array([[0.2, 0.5, 0.3], [0.9, 0.1, 0.0]])) == pytest.approx([0.2, 0.8])


def test_the_least_sure_come_first():
    told = np.array([[0.9, 0.1], [0.5, 0.5], [0.6, 0.4], [0.55, 0.45]])
    found = next_cases(told, sparse.identity(4, format="csr"), many=3, at_random=0)
    assert found.places.tolist() == [1, 3, 2]
    assert set(found.drawn) == {UNSURE}


def test_a_near_copy_of_a_listed_case_waits_and_is_counted():
    told = np.array([[0.5, 0.5], [0.51, 0.49], [0.6, 0.4], [0.9, 0.1]])
    copies = sparse.csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]))
    found = next_cases(told, copies, many=2, at_random=0, alike=0.9)
    assert found.places.tolist() == [0, 2]
    assert found.passed_over == 1


def test_copies_fill_places_that_would_stay_empty():
    told = np.tile([0.5, 0.5], (6, 1))
    copies = sparse.csr_matrix(np.ones((6, 1)))
    found = next_cases(told, copies, many=4, at_random=0)
    assert len(set(found.places.tolist())) == 4
    assert found.passed_over == 0


@given(st.integers(1, 60), st.integers(1, 80), st.floats(0, 1), st.integers(0, 5))
def test_every_list_holds_each_case_once_and_as_many_by_lot_as_asked(n, many, at_random, seed):
    scores, design = pool(n, seed)
    found = next_cases(scores, design, many=many, at_random=at_random, seed=seed)
    assert len(found) == len(set(found.places.tolist())) == min(n, many)
    assert len(found.by_lot) == found.drawn.count(BY_LOT) == round(min(n, many) * at_random)
    again = next_cases(scores, design, many=many, at_random=at_random, seed=seed)
    assert again.places.tolist() == found.places.tolist()


def test_only_the_cases_by_lot_tell_how_often_the_model_is_right():
    """A model that is right as often as it is sure; the unsure ones make it look worse."""
    random, by_lot, unsure = np.random.default_rng(4), [], []
    for seed in range(60):
        scores, design = pool(400, seed)
        right = random.random(400) < scores.max(axis=1)
        found = next_cases(scores, design, many=100, at_random=0.3, seed=seed)
        by_lot += right[found.by_lot].tolist()
        rest = np.setdiff1d(found.places, found.by_lot)
        unsure += right[rest].tolist()
    truth = np.mean([pool(400, seed)[0].max(axis=1).mean() for seed in range(60)])
    assert np.mean(by_lot) == pytest.approx(truth, abs=0.03)
    assert np.mean(unsure) < truth - 0.1


def test_a_quick_model_has_scores_of_all_classes_also_of_two():
    design = sparse.csr_matrix(np.eye(4)[[0, 0, 1, 1, 2, 2]])
    model = fit_quickly(design, ["a", "a", "b", "b", "c", "c"])
    assert model.predict(design).tolist() == ["a", "a", "b", "b", "c", "c"]
    two = fit_quickly(design[:4], ["a", "a", "b", "b"])
    assert scores_of(two, design).shape == (6, 2)
    assert (scores_of(two, design).argmax(axis=1)[:4] == [0, 0, 1, 1]).all()


@pytest.mark.parametrize(
    "settings", [{"many": 0}, {"many": 1, "at_random": 1.5}, {"many": 1, "alike": 0}]
)
def test_settings_that_make_no_list_are_refused(settings):
    scores, design = pool(5)
    with pytest.raises(UsageError, match="at least one place"):
        next_cases(scores, design, **settings)


def test_hundreds_of_labels_by_the_queue_teach_more_than_by_lot(mirror):
    """Argentine norms, the ten commonest headings: lists of 100 against as many by lot."""
    import pandas as pd

    from iagkit.prototypes.engine.features import HashedTfidf

    table = pd.read_parquet(mirror / "infoleg_ar_es" / "infoleg_ar_es.parquet")
    table = table[table["heading_class"].isin(table["heading_class"].value_counts().index[:10])]
    table = table.sample(3000, random_state=1)
    labels = table["heading_class"].to_numpy(str)
    design = HashedTfidf(letter_sizes=()).fit_transform(table["text"].str[:600].tolist())
    test = np.unique(table["grupo"], return_inverse=True)[1] % 3 == 0
    inside, truth = np.flatnonzero(~test), labels[test]
    random = np.random.default_rng(0)

    def right(known):
        model = fit_quickly(design[known], labels[known])
        return model, (model.predict(design[test]) == truth).mean()

    known = random.permutation(inside)[:200]
    while len(known) < 600:
        model, _ = right(known)
        rest = np.setdiff1d(inside, known)
        listed = next_cases(scores_of(model, design[rest]), design[rest], many=100)
        known = np.concatenate([known, rest[listed.places]])
    lots = [right(random.permutation(inside)[:600])[1] for _ in range(3)]
    assert right(known)[1] > np.mean(lots)
