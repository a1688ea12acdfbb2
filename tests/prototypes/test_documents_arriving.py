"""Whether a batch is like the tested documents: counted once a text, and unknown where few."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from iagkit.prototypes.documents.arriving import STRANGE_WORDS, TESTED, UNSURE, Batch
from iagkit.prototypes.engine.hashing import tokens

KNOWN = "luz agua calle expediente"
WAS = {"n": 400, "unsure": 40, "strange": 20, "limit": 0.3, "classes": {"a": 200, "b": 200}}


def model(**about):
    words = np.sort(tokens([KNOWN]).words.hashes)
    features = SimpleNamespace(word_keys_=words, common_keys_=words[:0])
    return SimpleNamespace(
        about=about, review_below=0.8, scorer=SimpleNamespace(features=features),
        inputs=lambda table: (table["text"].tolist(), None),
    )  # fmt: skip


def batch(n, *, strange=0.05, unsure=0.1, first=0.5, copies=1, about=None):
    """A batch with these shares; each text stands in it so many times."""
    at = np.arange(n)
    new = [f"{KNOWN} {'lunfardo cancha barra' if i < strange * n else 'luz'} x{i}y" for i in at]
    sure = np.where(at < unsure * n, 0.6, 0.9)
    told = pd.DataFrame(
        {"prediction": np.where(at < first * n, "a", "b"), "confidence": sure,
         "second_probability": 1 - sure}
    )  # fmt: skip
    found = Batch(model(**({TESTED: WAS} if about is None else about)))
    for _ in range(copies):
        found.add(pd.DataFrame({"text": new}), told)
    return found.told()


def test_a_batch_with_the_same_shares_is_not_said_to_have_changed():
    told = batch(400)
    assert told.changed is False
    assert [signal.name for signal in told.signals] == [UNSURE, STRANGE_WORDS]
    assert told.signals[0].batch.value == pytest.approx(0.1)
    assert all(s.change.low < 0 < s.change.high for s in told.signals)


@pytest.mark.parametrize(
    ("moved", "name"), [({"unsure": 0.4}, UNSURE), ({"strange": 0.4}, STRANGE_WORDS)]
)
def test_a_batch_that_is_less_sure_or_speaks_otherwise_is_told_by_that_signal(moved, name):
    told = batch(400, **moved)
    assert told.changed
    assert [signal.name for signal in told.signals if signal.changed] == [name]
    assert not told.mix


def test_a_batch_of_other_classes_names_them():
    told = batch(400, first=0.9)
    assert told.changed
    assert {(change.label, change.kind) for change in told.mix} == {("a", "more"), ("b", "fewer")}


def test_copies_of_a_text_are_counted_once():
    assert batch(400, unsure=0.13, copies=50).changed is False


def test_a_small_batch_or_an_old_model_is_unknown_and_not_unchanged():
    few = batch(99, unsure=0.9)
    assert few.changed is None
    assert "99 different documents" in str(few.because)
    old = batch(400, about={})
    assert old.changed is None
    assert "run it again" in str(old.because)


def test_nothing_changed_is_said_to_have_changed_in_at_most_one_sample_of_twenty():
    rng = np.random.default_rng(0)
    shares = rng.binomial(400, [0.1, 0.05, 0.5], size=(100, 3)) / 400
    was = rng.binomial(400, [0.1, 0.05, 0.5], size=(100, 3))
    false = 0
    for (unsure, strange, first), (u, s, a) in zip(shares, was, strict=True):
        about = {"n": 400, "unsure": int(u), "strange": int(s), "limit": 0.3,
                 "classes": {"a": int(a), "b": int(400 - a)}}  # fmt: skip
        told = batch(400, unsure=unsure, strange=strange, first=first, about={TESTED: about})
        false += bool(told.changed)
    assert false <= 0.05 * 100 + 3 * np.sqrt(100 * 0.05 * 0.95)
