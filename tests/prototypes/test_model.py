"""A routing model by itself: saved, loaded, asked, and what it refuses."""

import pickle
import zipfile

import numpy as np
import pandas as pd
import pytest
from skops.io import dump

from iagkit.core.errors import ModelError
from iagkit.core.nouns import MISSING
from iagkit.prototypes.engine import persist
from iagkit.prototypes.engine.calibration import fit_temperature, probabilities
from iagkit.prototypes.engine.candidates import select
from iagkit.prototypes.engine.model import RoutingModel, group_values, label_text
from iagkit.prototypes.engine.story import keep_public_words, why
from iagkit.prototypes.requests.sample import generate


@pytest.fixture(scope="module")
def table():
    return generate(rows=500, seed=3).query("office in ['waste', 'roads', 'taxes', 'health']")


@pytest.fixture(scope="module")
def model(table):
    texts = table["text"].tolist()
    chosen = select(texts, table["office"].tolist(), groups=texts, candidates=("squares",))
    made = RoutingModel(
        scorer=chosen.scorer,
        classes=[str(c) for c in chosen.classes],
        temperature=0.5,
        thresholds={"": {"": 0.4}, "sex": {"f": 0.3, "m": 0.6}},
        review_below=0.5,
        roles={"text": "text", "office": None, "groups": ["sex"], "id": "id", "language": "lang"},
        shown_words={},
        about={},
    )
    keep_public_words(made, texts)
    return made


def test_a_saved_model_answers_as_before(model, table, tmp_path):
    persist.save(model, tmp_path / "model.skops")
    again = persist.load(tmp_path / "model.skops")
    pd.testing.assert_frame_equal(again.answer(table), model.answer(table))


def test_a_row_without_text_goes_to_a_person(model, table):
    blank = table.head(3).assign(text=["", None, "   "])
    assert not model.answer(blank)["decided"].any()


def test_a_blocked_model_decides_nothing(model, table):
    model.automatic = False
    try:
        assert not model.answer(table)["decided"].any()
    finally:
        model.automatic = True


def test_the_reasons_are_words_of_the_text_that_may_be_shown(model, table):
    text = "me llamo Ana Ruiz, tel. 555 123 4567: hay un bache enorme en la calle, un bache"
    found = why(model, text, "roads")
    shown = {reason.word for reason in found.shown}
    assert "calle" in shown
    assert not shown & {"ana", "ruiz", "555"}
    assert shown <= set(text.replace(",", "").split())


def test_the_model_remembers_public_words_only(model):
    assert set(model.shown_words) == set(model.scorer.features.shown_terms_.tolist())
    assert min(model.shown_words.values()) >= 10


def test_a_model_with_a_foreign_type_is_not_opened(tmp_path):
    class Foreign:
        pass

    Foreign.__module__, Foreign.__qualname__ = "os", "Foreign"
    dump({"a": np.random.default_rng(0)}, tmp_path / "fine.skops")
    with zipfile.ZipFile(tmp_path / "fine.skops") as fine:
        schema = fine.read("schema.json").decode()
    with zipfile.ZipFile(tmp_path / "evil.skops", "w") as evil:
        evil.writestr("schema.json", schema.replace("numpy.random", "subprocess"))
    with pytest.raises(ModelError):
        persist.load(tmp_path / "evil.skops")


def test_a_model_that_holds_foreign_types_is_not_saved(tmp_path):
    with pytest.raises(ModelError, match="trusted types"):
        persist.save({"path": tmp_path}, tmp_path / "model.skops")
    assert not (tmp_path / "model.skops").exists()


def test_a_pickle_is_refused_whatever_it_is_called(tmp_path):
    (tmp_path / "model.skops").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(ModelError, match="pickle"):
        persist.load(tmp_path / "model.skops")


def test_temperature_makes_confidence_honest():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 3)) * 2
    y = np.array([rng.choice(3, p=p) for p in probabilities(logits, temperature=1.0)])
    assert fit_temperature(logits * 5, y) == pytest.approx(5, rel=0.1)


def test_groups_are_told_the_same_way_whatever_their_type():
    assert group_values(pd.Series([1.0, None, 2.0])) == ["1", MISSING, "2"]
    assert group_values(pd.Series(["1", None, " "])) == ["1", MISSING, MISSING]
    assert label_text(True) == "True"


def test_the_words_of_a_decision_carry_what_shap_says_of_its_features(model, table):
    shap = pytest.importorskip("shap", reason="shap is the oracle of this test")
    texts = table["text"].tolist()[:40]
    scorer = model.scorer
    X = scorer.design(texts).toarray()
    mean = X.mean(axis=0)
    masker = shap.maskers.Independent(X, max_samples=len(X))
    for column in range(2):
        linear = (scorer.coef[column], scorer.intercept[column])
        told = shap.LinearExplainer(linear, masker).shap_values(X)
        ours = [sum(w.value for w in scorer.reasons(text, column)[0]) for text in texts]
        expected = told.sum(axis=1) + mean @ scorer.coef[column]
        np.testing.assert_allclose(ours, expected, atol=1e-9)
