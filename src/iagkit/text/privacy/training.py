"""Train a tagger: examples in, a field of weights out. The door to python-crfsuite."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, Literal, NamedTuple

from iagkit.core.errors import DataError
from iagkit.text.privacy.features import PAD, REACH, Tokens, of_places, of_word, tokens
from iagkit.text.privacy.tagger_crf import Field, field_of

OUT: Final = "O"


class Marked(NamedTuple):
    """Characters ``[start, end)`` of a text and the label that a corpus gives them."""

    start: int
    end: int
    label: str


class Example(NamedTuple):
    """A text with everything marked that is to be found in it."""

    text: str
    spans: tuple[Marked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one field is trained.

    ``lbfgs`` maximises the likelihood with the penalties ``lasso`` and ``ridge``; ``pa``
    (passive-aggressive) goes through the sequences in the order of ``seed`` and is some ten
    times as fast; its weights are multiplied by ``sharpness`` so that they too make probabilities.
    """

    algorithm: Literal["lbfgs", "pa"] = "pa"
    iterations: int = 10
    lasso: float = 0.1
    ridge: float = 0.1
    sharpness: float = 24.0
    seed: int = 0

    @property
    def settings(self) -> dict[str, float]:
        """What CRFsuite calls them."""
        told: dict[str, float] = {"max_iterations": self.iterations}
        if self.algorithm == "lbfgs":
            told |= {"c1": self.lasso, "c2": self.ridge}
        return told


def train_fields(
    examples: Sequence[Example],
    recipes: Sequence[Recipe],
    *,
    fewest_documents: int = 3,
) -> tuple[Field, ...]:
    """Train conditional random fields, one a recipe.

    Parameters
    ----------
    examples : sequence of Example
        Documents; spans that overlap an earlier one are left out.
    recipes : sequence of Recipe
    fewest_documents : int
        In so many a feature must occur, so that no rare word is learnt by heart.

    Returns
    -------
    tuple of Field
        With the same labels.

    Raises
    ------
    DataError
        If there is no example, or nothing is marked in any.

    References
    ----------
    .. [1] Lafferty, J., McCallum, A. & Pereira, F. (2001). Conditional random fields. ICML.
    .. [2] Crammer, K. et al. (2006). Online passive-aggressive algorithms. JMLR 7, 551-585.
    .. [3] Okazaki, N. (2007). CRFsuite: a fast implementation of conditional random fields.
    """
    if not any(example.spans for example in examples):
        msg = (
            f"expected examples with marked spans; got {len(examples)}, none with any. Was the "
            "column of spans named?"
        )
        raise DataError(msg)
    sequences, labels = _sequences(examples, fewest_documents)
    return tuple(_trained(sequences, labels, recipe) for recipe in recipes)


Sequences = list[tuple[list[list[str]], list[str]]]


def _sequences(examples: Sequence[Example], fewest: int) -> tuple[Sequences, list[str]]:
    """Features that enough documents have, and tags, of every sequence; all tags."""
    cut = [tokens(example.text) for example in examples]
    rows = [_rows(found) for found in cut]
    seen: Counter[str] = Counter()
    for document in rows:
        seen.update({feature for row in document for feature in row})
    kept = {feature for feature, n in seen.items() if n >= fewest}
    sequences: Sequences = []
    labels = {OUT}
    for found, document, example in zip(cut, rows, examples, strict=True):
        tags = tags_of(found, example.spans)
        labels |= set(tags)
        common = [[feature for feature in row if feature in kept] for row in document]
        ends = [*found.begins[1:], len(found.words)]
        sequences += [(common[a:b], tags[a:b]) for a, b in zip(found.begins, ends, strict=True)]
    return sequences, sorted(labels)


def _trained(sequences: Sequences, labels: Sequence[str], recipe: Recipe) -> Field:
    from pycrfsuite import ItemSequence, Tagger, Trainer

    trainer = Trainer(algorithm=recipe.algorithm, verbose=False)
    trainer.set_params(recipe.settings)
    order = list(range(len(sequences)))
    Random(recipe.seed).shuffle(order)  # noqa: S311 (no secret)
    for k in order:
        trainer.append(ItemSequence(sequences[k][0]), sequences[k][1])
    sharp = recipe.sharpness if recipe.algorithm == "pa" else 1.0
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "crf")
        trainer.train(file)
        tagger = Tagger()
        with tagger.open(file):
            told = tagger.info()
            return field_of(
                {at: w * sharp for at, w in told.state_features.items()},
                {at: w * sharp for at, w in told.transitions.items()},
                labels,
            )


def tags_of(found: Tokens, spans: Iterable[Marked]) -> list[str]:
    """Label of each token: ``O``, ``B-…`` for the first of a span, ``I-…`` for the others.

    Examples
    --------
    >>> tags_of(tokens("vi a Ana Ruiz ayer"), [Marked(5, 13, "PERSON")])
    ['O', 'O', 'B-PERSON', 'I-PERSON', 'O']
    """
    tags = [OUT] * len(found.words)
    at = 0
    for start, end, label in sorted(spans):
        while at < len(tags) and found.ends[at] <= start:
            at += 1
        first = True
        while at < len(tags) and found.starts[at] < end:
            tags[at] = f"{'B' if first else 'I'}-{label}"
            first = False
            at += 1
    return tags


def _rows(found: Tokens) -> list[list[str]]:
    """All features of each token."""
    padded = [PAD] * REACH + found.words + [PAD] * REACH
    told = {word: of_word(word) for word in set(padded)}
    rows = of_places(found)
    for i, row in enumerate(rows):
        for offset in range(-REACH, REACH + 1):
            row.extend(told[padded[i + REACH + offset]][offset])
    return rows
