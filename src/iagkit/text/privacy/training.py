"""Train a tagger: examples in, a field of weights out. The door to python-crfsuite."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, NamedTuple

from iagkit.core.errors import DataError
from iagkit.text.privacy.features import (
    NO_KIN,
    PAD,
    REACH,
    Kin,
    Tokens,
    kin_of_word,
    of_places,
    of_word,
    tokens,
)
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
    kin: bool = True

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
    kin: Kin = NO_KIN,
    fewest_documents: int = 3,
) -> tuple[Field, ...]:
    """Train conditional random fields, one a recipe.

    Parameters
    ----------
    examples : sequence of Example
        Documents; spans that overlap an earlier one are left out.
    recipes : sequence of Recipe
    kin : mapping
        Groups of words (:func:`iagkit.text.privacy.training_kin.kin_of`).
    fewest_documents : int
        In so many a feature must occur, so that no rare word is learnt by heart.

    Returns
    -------
    tuple of Field
        With the same labels; those with groups of words come first.

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
    fields: list[Field] = []
    for grouped in (True, False):
        wanted = [recipe for recipe in recipes if recipe.kin is grouped]
        if wanted:
            marked = _sequences(examples, kin if grouped else NO_KIN, fewest_documents)
            fields += [_trained(marked, recipe) for recipe in wanted]
    return tuple(fields)


class _Sequences(NamedTuple):
    """Everything that is learnt from, ready for CRFsuite: made once, whatever the recipes."""

    items: list[Any]
    tags: list[list[str]]
    labels: list[str]
    kin: Kin
    names: list[str]
    """Features by number: CRFsuite is told numbers, which it reads several times as fast."""


def _sequences(examples: Sequence[Example], kin: Kin, fewest: int) -> _Sequences:
    from pycrfsuite import ItemSequence

    cut = [tokens(example.text) for example in examples]
    places = [of_places(found) for found in cut]
    numbers = _common(cut, places, kin, fewest)
    near = _Near(numbers, kin)
    items, tags = [], []
    for found, document, example in zip(cut, places, examples, strict=True):
        rows = _rows(found, document, numbers, near)
        told = tags_of(found, example.spans)
        for a, b in zip(found.begins, [*found.begins[1:], len(rows)], strict=True):
            items.append(ItemSequence(rows[a:b]))
            tags.append(told[a:b])
    labels = sorted({OUT, *(tag for each in tags for tag in each)})
    return _Sequences(items, tags, labels, kin, list(numbers))


def _common(
    cut: Sequence[Tokens], places: Sequence[list[list[str]]], kin: Kin, fewest: int
) -> dict[str, str]:
    """Number of every feature that enough documents have."""
    seen: Counter[str] = Counter()
    for found, rows in zip(cut, places, strict=True):
        seen.update({feature for row in rows for feature in row})
        told = [of_word(word, kin_of_word(word, kin)) for word in {PAD, *found.words}]
        seen.update({f for each in told for fits in each.values() for f in fits})
    return {f: str(k) for k, f in enumerate(sorted(f for f, n in seen.items() if n >= fewest))}


class _Near(dict[str, dict[int, list[str]]]):
    """Numbers of the features that a word has for its neighbours, made once a word."""

    def __init__(self, numbers: dict[str, str], kin: Kin) -> None:
        self.numbers, self.kin = numbers, kin

    def __missing__(self, word: str) -> dict[int, list[str]]:
        told = {
            offset: [self.numbers[f] for f in fits if f in self.numbers]
            for offset, fits in of_word(word, kin_of_word(word, self.kin)).items()
        }
        self[word] = told
        return told


def _rows(
    found: Tokens, places: Sequence[Sequence[str]], numbers: dict[str, str], near: _Near
) -> list[list[str]]:
    """Numbers of all features of each token."""
    padded = [near[word] for word in ([PAD] * REACH + found.words + [PAD] * REACH)]
    rows = [[numbers[f] for f in row if f in numbers] for row in places]
    for i, row in enumerate(rows):
        around = padded[i : i + 2 * REACH + 1]
        row.extend(f for k, word in enumerate(around) for f in word[k - REACH])
    return rows


def _trained(marked: _Sequences, recipe: Recipe) -> Field:
    from pycrfsuite import Tagger, Trainer

    trainer = Trainer(algorithm=recipe.algorithm, verbose=False)
    trainer.set_params(recipe.settings)
    order = list(range(len(marked.items)))
    Random(recipe.seed).shuffle(order)  # noqa: S311 (no secret)
    for k in order:
        trainer.append(marked.items[k], marked.tags[k])
    sharp = recipe.sharpness if recipe.algorithm == "pa" else 1.0
    names = marked.names
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "crf")
        trainer.train(file)
        tagger = Tagger()
        with tagger.open(file):
            told = tagger.info()
            return field_of(
                {(names[int(f)], to): w * sharp for (f, to), w in told.state_features.items()},
                {at: w * sharp for at, w in told.transitions.items()},
                marked.labels,
                kin=marked.kin,
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
