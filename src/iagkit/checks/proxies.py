"""Whether the inputs of a model stand for a group that it is not told of.

A protected attribute that is left out of a model comes back through inputs that go with it.
How far they do is found by learning to tell the groups apart on one half of the people and
trying on the other; what is found is about the inputs, whether or not the model uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asked import PER_GROUP, inputs_of, large, only, own_clusters
from iagkit.checks.asking import GROUP, Question, clusters, group_columns, level
from iagkit.checks.groups import too_many
from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.explain.proxy import chances, told_apart
from iagkit.measures.classification import balanced_accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy(Question):
    """How far the inputs of the model give away which group a person belongs to.

    The value is balanced accuracy on the half of the people that the learner has not seen,
    rescaled so that 0 is guessing and 1 is knowing, whatever the number of groups. Groups that
    are too small are left out. Single inputs are told at a level divided by their number.
    """

    name: ClassVar[str] = "explainability.proxy"
    question: ClassVar[str] = "How far do the inputs give away the group, from 0 (not at all) to 1?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", GROUP})
    cases: int = 2000
    seed: int = 0

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding a column, and one a column and input."""
        if len(run.outcome.evidence["inputs"]) != len(run.outcome):
            yield self.found(say("there is not one row of inputs a case"))
            return
        for column, groups in group_columns(run):
            kept = _large(run, groups)
            if isinstance(kept, Message):
                yield self.found(kept, {column: "*"})
                continue
            rows = kept[_evenly(groups[kept], self.cases, self.seed)]
            yield from self._of_column(only(run, rows), column, groups[rows])

    def _of_column(self, run: Run, column: str, groups: NDArray[Any]) -> Iterator[Finding]:
        inputs = inputs_of(run)
        itself = [name for name in inputs.columns if _same(inputs[name], groups)]
        for name in itself:
            because = say("this input is the group itself; the other inputs are told without it")
            yield self.found(because, {column: "*", "feature": str(name)})
        others = [name for name in inputs.columns if name not in itself]
        if not others or len(np.unique(groups)) < 2:
            yield self.found(say("no input is left that could give the group away"), {column: "*"})
            return
        yield self.found(self._given_away(run, others, groups, level(run)), {column: "*"})
        each = 1 - (1 - level(run)) / len(others)
        for name in others if len(others) > 1 else ():
            found = self._given_away(run, [name], groups, each)
            yield self.found(found, {column: "*", "feature": str(name)})

    def _given_away(
        self, run: Run, names: list[Any], groups: NDArray[Any], level: float
    ) -> Estimate | Message:
        try:
            guess = told_apart(
                inputs_of(run)[names],
                groups,
                clusters=clusters(run),
                learner=run.outcome.evidence.get("learner", chances),
                seed=self.seed,
            )
        except DataError:
            return say("too few sources of cases to learn from one half and test on the other")
        texts = own_clusters(run, guess.rows)
        found = balanced_accuracy(groups[guess.rows], guess.groups, clusters=texts, level=level)
        return above_chance(found, len(np.unique(groups)))


def _large(run: Run, groups: NDArray[Any]) -> NDArray[Any] | Message:
    """Rows of the groups that are large enough, or why there are not two such groups."""
    found = list(large(run, groups))
    rows = [at for _, at in found if not isinstance(at, Message)]
    if len(rows) < 2:
        needed = run.prototype.protocol.min_group
        many = too_many(groups)
        return many or say("fewer than two groups have {needed} cases", needed=needed)
    return np.sort(np.concatenate(rows))


def _evenly(groups: NDArray[Any], most: int, seed: int) -> NDArray[Any]:
    """At most so many rows, as many of each group as there are; groups count alike anyway."""
    if len(groups) <= most:
        return np.arange(len(groups))
    mixed = np.random.default_rng(seed).permutation(len(groups))
    names = np.unique(groups)
    each = [mixed[groups[mixed] == name][: max(PER_GROUP, most // len(names))] for name in names]
    return np.sort(np.concatenate(each))


def _same(column: Any, groups: NDArray[Any]) -> bool:
    """Whether an input names the groups, under whatever names."""
    pairs = {*zip(column.astype(object).astype(str), groups, strict=True)}
    sides = [{pair[side] for pair in pairs} for side in (0, 1)]
    return len(pairs) == len(sides[0]) == len(sides[1])


def above_chance(found: Estimate, k: int) -> Estimate:
    """Balanced accuracy with 0 for guessing among ``k`` groups and 1 for knowing."""
    low, high = (None if x is None else (k * x - 1) / (k - 1) for x in (found.low, found.high))
    return Estimate(
        value=(k * found.value - 1) / (k - 1),
        n=found.n,
        low=low,
        high=high,
        level=found.level,
        clusters=found.clusters,
    )
