"""Whether decisions hold where nothing that matters has changed, and whether people have.

Noise that a service meets every day: cells that went missing, numbers a little off, typing
mistakes. A decision that flips then depends on luck, and some groups may depend on it more.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asked import (
    background,
    decided,
    draw,
    first,
    grouped,
    inputs_of,
    only,
    own_clusters,
    sample,
    silent,
    strict,
    told,
    with_evidence,
)
from iagkit.checks.asking import GROUP, Chapter, Question, clusters, level
from iagkit.checks.groups import per_group, too_many
from iagkit.checks.proxies import above_chance
from iagkit.core.errors import ModelError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.explain.attribution import drawn
from iagkit.explain.noise import blanked, shaken
from iagkit.explain.proxy import chances, ranges, told_apart
from iagkit.explain.tables import Table, joined, numeric_columns, usual_spread
from iagkit.measures.classification import balanced_accuracy
from iagkit.measures.gaps import furthest_gap
from iagkit.measures.moved import moved_shares
from iagkit.measures.rates import share
from iagkit.text.typos import mistyped

DRAWS = 3
WORDS = 4
"""A column whose cells hold so many words in the middle holds text, not categories."""
Noise = Callable[[Table, int], Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """Share of the draws in which the decision on each case flips, by noise."""

    run: Run
    shares: Mapping[str, NDArray[np.float64] | Message]


def flips(run: Run, *, cases: int, seed: int) -> Flips | Message:
    """Decide a sample of the cases again under each noise, or say why that cannot be done."""
    made = run.outcome.evidence.get("flips")
    if isinstance(made, Flips):
        return made
    if (because := silent(run)) is not None:
        return because
    part = draw(run, cases, seed)
    noises = {"missing": _missing, "numeric": _numeric, "typos": _typos}
    return Flips(run=part, shares={name: make(part, seed) for name, make in noises.items()})


def _missing(run: Run, seed: int) -> NDArray[np.float64] | Message:
    try:
        return _flipped(run, lambda table, draw: blanked(table, seed=draw), seed)
    except ModelError:
        return say(
            "the model does not answer cases with missing inputs; someone must decide what "
            "happens to such people before the model is used"
        )


def _numeric(run: Run, seed: int) -> NDArray[np.float64] | Message:
    spread = usual_spread(background(run))
    if not any(width > 0 for width in spread.values()):
        return say("no number among the inputs varies enough to be changed a little")
    return _flipped(run, lambda table, draw: shaken(table, spread, seed=draw), seed)


def _typos(run: Run, seed: int) -> NDArray[np.float64] | Message:
    names = text_columns(inputs_of(run))
    if not names:
        return say("no input holds text in which people could mistype")
    return _flipped(run, partial(_retyped, names), seed)


def text_columns(table: Table) -> list[Any]:
    """Columns of running text: in the middle, a cell holds at least four words."""
    rest = [name for name in table.columns if name not in numeric_columns(table)]
    return [
        name
        for name in rest
        if (words := table[name].dropna().astype(str).str.split().map(len)).size
        and words.median() >= WORDS
    ]


def _retyped(names: list[Any], table: Table, draw: int) -> Table:
    moved = table.copy()
    for name in names:
        known = moved[name].notna().to_numpy()
        cells = moved[name].astype(object).to_numpy().copy()
        cells[known] = mistyped(cells[known].astype(str), seed=draw)
        moved[name] = cells
    return moved


def _flipped(run: Run, noise: Noise, seed: int) -> NDArray[np.float64]:
    inputs = inputs_of(run)
    before = decided(run, inputs)
    again = [decided(run, noise(inputs, seed + draw)) != before for draw in range(1, DRAWS + 1)]
    return np.asarray(np.mean(again, axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnderNoise(Question):
    cases: int = 1000
    seed: int = 0

    def answer(self, run: Run) -> Iterator[Finding]:
        """Findings for each noise, or why there are none."""
        known = flips(run, cases=self.cases, seed=self.seed)
        if isinstance(known, Message):
            yield self.found(known)
            return
        for noise, shares in known.shares.items():
            if isinstance(shares, Message):
                yield self.found(shares, {"noise": noise})
            else:
                yield from self.told_of(known.run, noise, shares)

    @abstractmethod
    def told_of(self, run: Run, noise: str, shares: NDArray[Any]) -> Iterator[Finding]:
        """Findings for one noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRate(_UnderNoise):
    """Share of decisions that flip, of all and by group."""

    name: ClassVar[str] = "robustness.flip_rate"
    question: ClassVar[str] = "How many decisions flip though nothing that matters has changed?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs"})

    def told_of(self, run: Run, noise: str, shares: NDArray[Any]) -> Iterator[Finding]:
        """Of all, and of each group."""
        every = first(run)
        whole = share(shares[every], clusters=own_clusters(run, every), level=level(run))
        yield self.found(whole, {"noise": noise})
        for column, rows, groups in grouped(run):
            for group, found in per_group(only(run, rows), shares[rows], groups):
                yield self.found(found, {"noise": noise, column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipGap(_UnderNoise):
    """Difference of the share of flips between the furthest groups."""

    name: ClassVar[str] = "robustness.flip_rate.gap"
    question: ClassVar[str] = "How far apart are the groups in how many decisions flip?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", GROUP})

    def told_of(self, run: Run, noise: str, shares: NDArray[Any]) -> Iterator[Finding]:
        """One finding a column; all columns and noises hold together."""
        for column, rows, groups in grouped(run):
            where = {"noise": noise, column: "*"}
            if (many := too_many(groups)) is not None:
                yield self.found(many, where)
                continue
            gap = furthest_gap(
                shares[rows],
                groups,
                clusters=own_clusters(run, rows),
                level=strict(run, 3),
                min_group=run.prototype.protocol.min_group,
            )
            answer, between = told(gap)
            yield self.found(answer, where, between)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift(Question):
    """Whether the cases are still like those of the reference, usually the training table.

    All inputs together by a classifier two-sample test [1]_: how far a learner tells the two
    tables apart, 0 for guessing. Each input by the share of cases that lie elsewhere, all of
    them holding together.

    References
    ----------
    .. [1] Lopez-Paz, D. & Oquab, M. (2017). Revisiting classifier two-sample tests. ICLR.
    """

    name: ClassVar[str] = "robustness.drift"
    question: ClassVar[str] = "How far are these cases from those the model has learnt from?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", "reference"})
    cases: int = 2000
    seed: int = 0

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding of all inputs, and one an input."""
        evidence = run.outcome.evidence
        if _other_columns(evidence["inputs"], evidence["reference"]):
            yield self.found(say("the reference has other columns than the inputs"))
            return
        if len(evidence["inputs"]) != len(run.outcome):
            yield self.found(say("there is not one row of inputs a case"))
            return
        part = sample(run, self.cases, self.seed)
        before = drawn(evidence["reference"], self.cases, self.seed).reset_index(drop=True)
        needed = run.prototype.protocol.min_group
        if min(len(before), len(part.outcome)) < needed:
            yield self.found(say("fewer than two groups have {needed} cases", needed=needed))
            return
        yield self.found(self._together(part, before))
        yield from self._each(part, before)

    def _together(self, run: Run, before: Table) -> Estimate:
        import pandas as pd

        now, texts = inputs_of(run), clusters(run)
        both = pd.DataFrame({name: joined(before[name], now[name]) for name in now.columns})
        side = np.repeat(["before", "now"], [len(before), len(now)])
        alone = [f"before {i}" for i in range(len(before))]
        own = None if texts is None else np.array([*alone, *(f"now {c}" for c in texts)])
        learner = run.outcome.evidence.get("learner", chances)
        rows, guess = told_apart(both, side, clusters=own, learner=learner, seed=self.seed)
        texts = None if own is None else own[rows]
        found = balanced_accuracy(side[rows], guess, clusters=texts, level=level(run))
        return above_chance(found, 2)

    def _each(self, run: Run, before: Table) -> Iterator[Finding]:
        places = ranges(before, inputs_of(run))
        found = moved_shares(
            {name: a for name, (a, _) in places.items()},
            {name: b for name, (_, b) in places.items()},
            clusters=clusters(run),
            level=level(run),
        )
        for name, moved in found.items():
            yield self.found(moved, {"feature": name})


def _other_columns(one: Table, other: Table) -> bool:
    same = list(one.columns) == list(other.columns)
    return not same or numeric_columns(one) != numeric_columns(other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness(Chapter):
    """All of this page; the model is asked once for each noise."""

    name: ClassVar[str] = "robustness"
    question: ClassVar[str] = "Do decisions hold where nothing that matters has changed?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs"})
    parts: ClassVar[tuple[Check, ...]] = (FlipRate(), FlipGap(), Drift())

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts."""
        if "inputs" in run.outcome.evidence and len(run.outcome):
            known = flips(run, cases=FlipRate().cases, seed=FlipRate().seed)
            run = run if isinstance(known, Message) else with_evidence(run, flips=known)
        return Chapter.__call__(self, run)
