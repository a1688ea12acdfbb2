"""Whether a batch of new documents is like those the model was tested on; no label is needed.

What is counted of the held-out documents goes along with the model: how many were unsure, the
classes proposed, and how many unknown words a text holds. A batch is counted the same way, copies
of one text once. None of it tells how often the answers are right: only people's answers do.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.measures.drift import Change, mix_changes
from iagkit.measures.pairs import differences
from iagkit.measures.rates import share
from iagkit.measures.shares import independent
from iagkit.prototypes.engine.hashing import tokens

if TYPE_CHECKING:
    import pandas as pd

    from iagkit.prototypes.engine.model import RoutingModel

TESTED = "tested"
"""Where the model keeps what was counted of the documents it was tested on."""
FEWEST = 100
"""Different documents below which a batch says nothing of itself."""
STRANGE = 0.95
"""A text is strange if it holds more unknown words than so many of the tested ones."""
SIGNALS = 3
"""They share the chance of a false word among them."""
MOST = 200_000
"""Different documents that a batch is judged by; the memory for them is bounded."""
UNSURE, STRANGE_WORDS = "unsure", "unknown words"


@dataclass(slots=True)
class Counts:
    """What is counted of documents, each different text once."""

    n: int = 0
    unsure: int = 0
    strange: int = 0
    classes: Counter[str] = field(default_factory=Counter)

    def plain(self) -> dict[str, Any]:
        """Plain values that a model file can keep."""
        own = {"n": self.n, "unsure": self.unsure, "strange": self.strange}
        return {**own, "classes": dict(self.classes)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A share of the batch beside that of the tested documents.

    Parameters
    ----------
    name : str
    tested, batch : Estimate
        Shares.
    change : Estimate
        The second less the first, at a level shared by all signals.
    """

    name: str
    tested: Estimate
    batch: Estimate
    change: Estimate

    @property
    def changed(self) -> bool:
        """Whether the whole interval of the change is on one side of zero."""
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and (low > 0 or high < 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a batch shows, or why it shows nothing.

    Parameters
    ----------
    signals : tuple of Signal
        Empty where there is a reason.
    mix : tuple of Change
        Classes proposed more or less often than among the tested documents.
    because : Message or None
    """

    signals: tuple[Signal, ...] = ()
    mix: tuple[Change, ...] = ()
    because: Message | None = None

    @property
    def changed(self) -> bool | None:
        """Whether anything changed; ``None`` if that is unknown."""
        if self.because is not None:
            return None
        return bool(self.mix) or any(signal.changed for signal in self.signals)


def tested(
    model: RoutingModel, texts: Sequence[str], answers: pd.DataFrame, clusters: NDArray[Any]
) -> dict[str, Any]:
    """Count the documents that a model was tested on.

    Parameters
    ----------
    model : RoutingModel
    texts : sequence of str, shape (n,)
    answers : DataFrame
        With ``prediction`` and ``confidence``.
    clusters : ndarray, shape (n,)
        Copies of one text share a number; the first of them is counted.

    Returns
    -------
    dict
        Plain values for the model: counts, and ``limit``, the share of unknown words above
        which a text is strange.
    """
    first = np.sort(np.unique(clusters, return_index=True)[1])
    unknown = unknown_share(model, [texts[i] for i in first])
    limit = float(np.quantile(unknown, STRANGE)) if unknown.size else 1.0
    counts = Counts()
    _count(counts, model, answers.iloc[first], unknown, limit)
    return {**counts.plain(), "limit": limit}


class Batch:
    """Counts a batch piece by piece, in bounded memory.

    Parameters
    ----------
    model : RoutingModel
        With what :func:`tested` counted; a model without it tells nothing.
    """

    def __init__(self, model: RoutingModel) -> None:
        self.model = model
        self.known: Mapping[str, Any] | None = model.about.get(TESTED)
        self.counts = Counts()
        self._seen: set[bytes] = set()

    def add(self, table: pd.DataFrame, answers: pd.DataFrame) -> None:
        """Count the answers to a piece of the table; copies of a text once."""
        if self.known is None:
            return
        texts, _ = self.model.inputs(table)
        new = [i for i, text in enumerate(texts) if self._first(text)]
        unknown = unknown_share(self.model, [texts[i] for i in new])
        _count(self.counts, self.model, answers.iloc[new], unknown, float(self.known["limit"]))

    def _first(self, text: str) -> bool:
        if not text.strip() or len(self._seen) >= MOST:
            return False
        name = hashlib.blake2b(" ".join(text.split()).casefold().encode(), digest_size=8).digest()
        fresh = name not in self._seen
        self._seen.add(name)
        return fresh

    def told(self, *, level: float = 0.95) -> Told:
        """Compare with the tested documents.

        Parameters
        ----------
        level : float
            Chance that no signal speaks although nothing changed.
        """
        if self.known is None:
            return Told(because=say("the model does not say what it was tested on; run it again"))
        was, now = self.known, self.counts.plain()
        if min(was["n"], now["n"]) < FEWEST:
            told = {"n": now["n"], "tested": was["n"], "needed": FEWEST}
            return Told(
                because=say(
                    "{n} different documents beside {tested} tested ones are too few to tell; "
                    "{needed} of both are needed", **told,
                )
            )  # fmt: skip
        strict = 1 - (1 - level) / SIGNALS
        pairs = ((UNSURE, "unsure"), (STRANGE_WORDS, "strange"))
        signals = tuple(_signal(name, was, now, key, strict) for name, key in pairs)
        mix = mix_changes(_each(was["classes"]), _each(now["classes"]), error=1 - strict)
        return Told(signals=signals, mix=mix)


def unknown_share(model: RoutingModel, texts: Sequence[str]) -> NDArray[np.float64]:
    """Share of the words of each text that the model gives no weight, shape (n_texts,).

    Words of one letter and those with digits count like others; a text without words has none.
    """
    if not texts:
        return np.zeros(0)
    features = model.scorer.features
    first = getattr(features, "passes_", [features])[0]
    known = np.concatenate([first.word_keys_, first.common_keys_])
    run = tokens(list(texts))
    strange = ~np.isin(run.words.hashes, known) & (run.words.lengths > 1)
    total = np.concatenate([[0], np.cumsum(strange[run.word])])
    size = np.maximum(np.diff(run.bounds), 1)
    return np.asarray((total[run.bounds[1:]] - total[run.bounds[:-1]]) / size, dtype=float)


def _count(
    counts: Counts, model: RoutingModel, answers: pd.DataFrame, unknown: Any, limit: float
) -> None:
    counts.n += len(answers)
    counts.unsure += int((_leads(answers) < model.review_below).sum())
    counts.strange += int((unknown > limit).sum())
    counts.classes.update(answers["prediction"].astype(str).tolist())


def _leads(answers: pd.DataFrame) -> Any:
    """How sure each answer is beside the second alone, which is what the model decides by."""
    return answers["confidence"] / (answers["confidence"] + answers["second_probability"])


def _signal(
    name: str, was: Mapping[str, Any], now: Mapping[str, Any], key: str, level: float
) -> Signal:
    hits, n = np.array([was[key], now[key]], float), np.array([was["n"], now["n"]], float)
    sides = ("tested", "batch")
    (found,) = differences(independent(hits, n), sides, reference="tested", level=level)
    assert found.estimate is not None
    shares = [share(np.arange(int(m)) < h, level=level) for h, m in zip(hits, n, strict=True)]
    return Signal(name=name, tested=shares[0], batch=shares[1], change=found.estimate)


def _each(classes: Mapping[str, int]) -> list[str]:
    return [label for label, many in classes.items() for _ in range(many)]
