"""Models loaded through MLflow itself: the sealed file, through the recipe's own reader."""

from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest

from iagkit.core.errors import ModelError
from iagkit.prototypes.engine import persist
from iagkit.prototypes.engine.candidates import LinearScorer
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.model import RoutingModel
from iagkit.track import door
from iagkit.track.promotion import promote

TEXTS = ["hay un bache en la calle", "bache grande", "no hay agua", "fuga de agua en la casa"]
OFFICES = ["calles", "agua"]


def router():
    """A small model: the score of an office is the likeness to its two texts."""
    features = HashedTfidf(min_df=1)
    rows = features.fit_transform(TEXTS).toarray()
    scorer = LinearScorer(
        features=features, offices=[], own=0.0, crossed=0.0, pairs=np.zeros(0, dtype=np.int64),
        coef=np.stack([rows[:2].mean(axis=0), rows[2:].mean(axis=0)]),
        intercept=np.zeros(2), classes=OFFICES,
    )  # fmt: skip
    return RoutingModel(
        scorer=scorer, classes=OFFICES, temperature=1.0,
        thresholds={"": {"": 0.9}}, review_below=0.0,
        roles={"text": "mensaje", "groups": ["sexo"]}, shown_words={}, about={},
    )  # fmt: skip


@pytest.fixture
def champion(store, prototype, finished, tmp_path, monkeypatch):
    """A promoted model, and MLflow pointed at its store as a person would."""
    persist.save(router(), tmp_path / "made.skops")
    record, folder = finished(model=(tmp_path / "made.skops").read_bytes())
    with store.run("run", prototype=prototype) as tracked:
        tracked.log(record, folder)
    promote(store, folder)
    mlflow = door.mlflow()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store.place.uri)
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(store.place.uri)
    yield "models:/citizen-requests@champion"
    mlflow.set_tracking_uri(before)


def load(address):
    import mlflow

    return mlflow.pyfunc.load_model(address)


def test_the_champion_answers_through_mlflow_as_it_does_by_itself(champion):
    table = pd.DataFrame({"mensaje": TEXTS, "sexo": ["m", "f", None, "m"], "other": 1})
    served = load(champion).predict(table)
    assert list(served["prediction"]) == ["calles", "calles", "agua", "agua"]
    pd.testing.assert_frame_equal(served, router().answer(table))


def test_groups_may_be_absent_but_the_text_may_not(champion):
    model = load(champion)
    assert list(model.predict(pd.DataFrame({"mensaje": ["agua"]}))["prediction"]) == ["agua"]
    with pytest.raises(Exception, match="missing inputs"):
        model.predict(pd.DataFrame({"sexo": ["m"]}))


def test_a_model_changed_in_the_store_is_not_opened(champion, store):
    source = store.client.get_model_version("citizen-requests", "1").source
    Path(urlsplit(source).path, "data", "model.skops").write_bytes(b"\x80\x04 a pickle")
    with pytest.raises(ModelError, match="not the model that was sealed; it was not opened"):
        load(champion)
