"""What the model may tell of itself: words of an office, reasons of one decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from iagkit.explain.linear import Term, office_terms, texts_with
from iagkit.explain.reasons import Discretion, Reasons, reasons, spellings
from iagkit.prototypes.engine.model import RoutingModel
from iagkit.text.language_words import small_words
from iagkit.text.normalise import normalise
from iagkit.text.personal import is_personal, personal_spans
from iagkit.text.words import LETTERS, same_text

MOST_TEXTS = 1_500
"""Texts that are searched for names; of more, a sample."""
LEAST_TEXTS = 10
"""A word in fewer different texts could be about one person and is never shown."""


def keep_public_words(model: RoutingModel, texts: Sequence[str]) -> None:
    """Let the model remember only words that may be shown, with their number of texts.

    Everything readable that the feature pass noted is replaced: the model file holds no
    other word of the texts it was trained on.
    """
    features = model.scorer.features
    terms, columns = features.shown_terms_, features.shown_columns_
    different = list(dict.fromkeys(texts))
    found = features.transform(different)[:, columns]
    counts = np.asarray((found > 0).sum(axis=0)).ravel()
    plain = _words_in(different)
    public = np.array(
        [
            n >= LEAST_TEXTS and term in plain and not is_personal(str(term))
            for term, n in zip(terms, counts, strict=True)
        ],
        dtype=bool,
    )
    features.shown_terms_ = terms[public]
    features.shown_columns_ = columns[public]
    kept = zip(features.shown_terms_.tolist(), counts[public].tolist(), strict=True)
    model.shown_words = dict(kept)


def _words_in(texts: Sequence[str]) -> set[str]:
    """Folded words seen more often outside anything personal than inside.

    Of many texts a sample is searched; a word that it does not hold is not shown.
    """
    inside: dict[str, int] = {}
    outside: dict[str, int] = {}
    for text in texts[:: 1 + len(texts) // MOST_TEXTS]:
        spans = personal_spans(text)
        covered = " ".join(text[s.start : s.end] for s in spans)
        for word in set(same_text(covered).split()):
            inside[word] = inside.get(word, 0) + 1
        for word in set(same_text(_without(text, spans)).split()):
            outside[word] = outside.get(word, 0) + 1
    return {word for word, n in outside.items() if n > inside.get(word, 0)}


def _without(text: str, spans: Sequence[Any]) -> str:
    kept, at = [], 0
    for span in spans:
        kept.append(text[at : span.start])
        at = span.end
    return " ".join([*kept, text[at:]])


def discretion(model: RoutingModel) -> Discretion:
    """Words of this model that may be shown."""
    return Discretion(
        vocabulary=model.shown_words, fold=normalise, covered=personal_spans, small=small_words()
    )


def office_words(
    model: RoutingModel, texts: Sequence[str], labels: Sequence[str]
) -> dict[str, list[list[Any]]]:
    """Words that speak for each office: ``[word, mean contribution, number of texts]``."""
    features = model.scorer.features
    label_of = dict(zip(texts, labels, strict=True))
    label = np.array([model.classes.index(told) for told in label_of.values()])
    found = office_terms(
        [features.word_effects(model.scorer.effects(j)) for j in range(len(model.classes))],
        [str(term) for term in features.shown_terms_],
        texts_with(
            features.transform(list(label_of))[:, features.shown_columns_],
            label,
            n_classes=len(model.classes),
        ),
        classes=model.classes,
        n=np.bincount(label, minlength=len(model.classes)),
        discretion=discretion(model),
        least=LEAST_TEXTS,
    )
    return _spelt(found, list(label_of))


def _spelt(found: dict[str, list[Term]], texts: Sequence[str]) -> dict[str, list[list[Any]]]:
    shown = {term.term for of_class in found.values() for term in of_class}
    running = (word for text in texts for word in LETTERS.findall(text))
    written = spellings(running, shown, normalise)
    return {
        label: [[written.get(t.term, t.term), round(t.weight, 6), t.n_texts] for t in of_class]
        for label, of_class in found.items()
    }


def why(model: RoutingModel, text: str, label: str, *, office: str | None = None) -> Reasons:
    """Words that weighed most for an answer, in contrast with the other answers."""
    column = model.classes.index(label)
    shares = [model.scorer.reasons(text, j, office)[0] for j in range(len(model.classes))]
    average = [float(np.mean([s[i].value for s in shares])) for i in range(len(shares[0]))]
    spans = [
        (word.start, word.end, word.value - mean)
        for word, mean in zip(shares[column], average, strict=True)
    ]
    return reasons(text, spans, discretion=discretion(model))
