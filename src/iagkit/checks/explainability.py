"""Why the model decides as it does, and whether what is said of it may be shown.

Explanations are statements about a model that can be wrong. They are told here together with
tests of them: whether taking the inputs in the order of an explanation moves the score faster
than a random order, and whether near neighbours hear the same. Sizes of single inputs are
descriptions, each at the level of the protocol; gaps between groups hold for all columns
together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asked import (
    inputs_of,
    members,
    of_whole,
    only,
    own_clusters,
    sample,
    strict,
    told,
    with_evidence,
)
from iagkit.checks.asking import (
    GROUP,
    Chapter,
    Question,
    clusters,
    counted,
    group_columns,
    level,
)
from iagkit.checks.explaining import CASES, Examined, Explained, examined, explained
from iagkit.checks.groups import per_group, too_many
from iagkit.checks.recourse import Recourse
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.explain.proxy import chances, told_apart
from iagkit.measures.classification import balanced_accuracy
from iagkit.measures.furthest import furthest_profile, mean_size
from iagkit.measures.rates import mean, share

SHOWN = 15
"""Inputs told, the largest first."""
CLEARLY = 0.9
"""Share of random orders that the explanation of one case must beat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explaining(Question):
    cases: int = CASES
    seed: int = 0

    def known(self, run: Run) -> Explained | Message:
        """Explanations of the cases, or why there are none."""
        return explained(run, cases=self.cases, seed=self.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeOfInputs(_Explaining):
    """Mean size of the contribution of each input, for all and by group."""

    name: ClassVar[str] = "explainability.attribution"
    question: ClassVar[str] = "How much does this input move the score, in whichever direction?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding an input, and one an input and group."""
        known = self.known(run)
        if isinstance(known, Message):
            yield self.found(known)
            return
        every = np.arange(len(known.run.outcome))
        yield from self._sizes(known, every, {})
        for column, groups in group_columns(known.run):
            for group, rows in members(known.run, groups):
                if isinstance(rows, Message):
                    yield self.found(rows, {column: group})
                else:
                    yield from self._sizes(known, rows, {column: group})

    def _sizes(
        self, known: Explained, rows: NDArray[Any], where: dict[str, str]
    ) -> Iterator[Finding]:
        sizes, texts = np.abs(known.attribution.values), own_clusters(known.run, rows)
        for j in np.argsort(-sizes.mean(axis=0), kind="stable")[:SHOWN]:
            size = mean_size(
                sizes[rows, j],
                unit=known.attribution.unit,
                clusters=texts,
                level=level(known.run),
            )
            yield self.found(size, {"feature": known.attribution.features[j], **where})


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceOfReasons(_Explaining):
    """Whether the decisions on two groups rest on the same inputs."""

    name: ClassVar[str] = "explainability.attribution_distance"
    question: ClassVar[str] = "How far apart are the groups in which inputs count for them?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs", GROUP})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding a column."""
        known = self.known(run)
        if isinstance(known, Message):
            yield self.found(known)
            return
        for column, groups in group_columns(known.run):
            answer, between = _distance(known, groups)
            yield self.found(answer, {column: "*"}, between)


def _distance(
    known: Explained, groups: NDArray[Any]
) -> tuple[Estimate | Message, tuple[str, str] | None]:
    if (many := too_many(groups)) is not None:
        return many, None
    gap = furthest_profile(
        np.abs(known.attribution.values),
        groups,
        clusters=clusters(known.run),
        level=strict(known.run),
        min_group=known.run.prototype.protocol.min_group,
    )
    return told(gap)


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
            part = sample(only(run, kept), self.cases, self.seed)
            yield from self._of_column(part, column, dict(group_columns(part))[column])

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
    ) -> Estimate:
        guess = told_apart(
            inputs_of(run)[names],
            groups,
            clusters=clusters(run),
            learner=run.outcome.evidence.get("learner", chances),
            seed=self.seed,
        )
        texts = own_clusters(run, guess.rows)
        found = balanced_accuracy(groups[guess.rows], guess.groups, clusters=texts, level=level)
        return above_chance(found, len(np.unique(groups)))


def _large(run: Run, groups: NDArray[Any]) -> NDArray[Any] | Message:
    """Rows of the groups that are large enough, or why there are not two such groups."""
    found = list(members(run, groups))
    rows = [at for _, at in found if not isinstance(at, Message)]
    if len(rows) < 2:
        needed = run.prototype.protocol.min_group
        many = too_many(groups)
        return many or say("fewer than two groups have {needed} cases", needed=needed)
    return np.sort(np.concatenate(rows))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Testing(_Explaining):
    needs: ClassVar[frozenset[str]] = frozenset({"inputs"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """Findings of the tests, or why they cannot be made."""
        known = self.known(run)
        if isinstance(known, Message):
            yield self.found(known)
            return
        results = examined(known, seed=self.seed)
        if isinstance(results, Message):
            yield self.found(results)
        else:
            yield from self.judged(known.run, results)

    def judged(self, run: Run, results: Examined) -> Iterator[Finding]:
        """Findings of a test that was made."""
        raise NotImplementedError

    def by_group(self, run: Run, hits: NDArray[Any]) -> Iterator[Finding]:
        """Share of hits in each group of each column."""
        for column, groups in group_columns(run):
            for group, found in per_group(run, hits, groups):
                yield self.found(found, {column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowsModel(_Testing):
    """Whether the score moves sooner in the order of an explanation than in a random one."""

    name: ClassVar[str] = "explainability.faithfulness"
    question: ClassVar[str] = "How much better than chance do the explanations follow the model?"

    def judged(self, run: Run, results: Examined) -> Iterator[Finding]:
        """Of all, of either curve, and of each group."""
        every = np.arange(len(run.outcome))
        if not results.faithful.total.any():
            yield self.found(say("all cases have the same score, so there is nothing to follow"))
            return
        for curve in ("", "deletion", "insertion"):
            where = {"curve": curve} if curve else {}
            yield self.found(faithful_share(run, results, every, curve), where)
        for column, groups in group_columns(run):
            for group, rows in members(run, groups):
                answer = rows if isinstance(rows, Message) else faithful_share(run, results, rows)
                yield self.found(answer, {column: group})


def faithful_share(
    run: Run, results: Examined, rows: NDArray[Any], curve: str = ""
) -> Estimate | Message:
    """Mean advantage over random orders as a share of the whole change of score."""
    one, total = results.faithful, results.faithful.total[rows]
    if not total.any():
        return say("all cases have the same score, so there is nothing to follow")
    both = (one.deletion + one.insertion) / 2
    values = {"deletion": one.deletion, "insertion": one.insertion}.get(curve, both)[rows]
    texts = own_clusters(run, rows)
    return mean(of_whole(values, total), unit="share", clusters=texts, level=level(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsNearby(_Testing):
    """Whether a small change of the numbers of a case leaves its explanation as it was."""

    name: ClassVar[str] = "explainability.stability"
    question: ClassVar[str] = "How often does a nearly equal case hear the same main reason?"

    def judged(self, run: Run, results: Examined) -> Iterator[Finding]:
        """Of all, of each group, and the correlation of all reasons."""
        if results.stable is None:
            yield self.found(UNSHAKEN)
            return
        kept, related = results.stable.kept, results.stable.rank_correlation
        yield self.found(share(kept, clusters=clusters(run), level=level(run)))
        yield self.found(_correlation(run, related), {"measure": "rank_correlation"})
        yield from self.by_group(run, kept)


UNSHAKEN = say("no number among the inputs varies enough to be changed a little")


def _correlation(run: Run, related: NDArray[Any]) -> Estimate | Message:
    rows = np.flatnonzero(np.isfinite(related))
    if not rows.size:
        return say("no case has inputs that count differently, so they have no order")
    texts = own_clusters(run, rows)
    return mean(related[rows], unit="correlation", clusters=texts, level=level(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class MayBeShown(_Testing):
    """Share of cases whose explanation is good enough to be shown to the citizen.

    An explanation passes if its order beats at least nine in ten random orders of its case,
    and no near neighbour has another main reason. If all together are no better than chance,
    none passes. Which share is enough is for a policy to say.
    """

    name: ClassVar[str] = "explainability.may_be_shown"
    question: ClassVar[str] = "How many explanations are good enough to be shown to citizens?"

    def judged(self, run: Run, results: Examined) -> Iterator[Finding]:
        """Of all, of each group, and how many fail for which reason."""
        whole = faithful_share(run, results, np.arange(len(run.outcome)))
        if isinstance(whole, Message) or whole.low is None or whole.low <= 0:
            yield self.found(counted(0.0, n=len(run.outcome), unit="share"))
            yield self.found(CHANCE, {"failing": "faithfulness"})
            return
        follows = results.faithful.beaten >= CLEARLY
        stable = results.stable
        kept = np.ones(len(follows), bool) if stable is None else stable.kept == 1
        yield self.found(share(follows & kept, clusters=clusters(run), level=level(run)))
        for reason, fails in (("faithfulness", ~follows), ("stability", ~kept)):
            unknown = reason == "stability" and stable is None
            found = share(fails, clusters=clusters(run), level=level(run))
            yield self.found(UNSHAKEN if unknown else found, {"failing": reason})
        yield from self.by_group(run, follows & kept)


CHANCE = say(
    "a random order of the inputs follows the model as well as these explanations do; they must "
    "not be shown to citizens"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explainability(Chapter):
    """All of this page; explanations are made and examined once."""

    name: ClassVar[str] = "explainability"
    question: ClassVar[str] = "Why are decisions as they are, and may that be told?"
    needs: ClassVar[frozenset[str]] = frozenset({"inputs"})
    parts: ClassVar[tuple[Check, ...]] = (
        SizeOfInputs(),
        DistanceOfReasons(),
        Proxy(),
        FollowsModel(),
        HoldsNearby(),
        MayBeShown(),
        Recourse(),
    )

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts, from the same explanations."""
        return Chapter.__call__(self, _with_explanations(run))


def _with_explanations(run: Run) -> Run:
    if "inputs" not in run.outcome.evidence or not len(run.outcome):
        return run
    known = explained(run)
    if isinstance(known, Message):
        return run
    results = examined(known)
    if not isinstance(results, Message):
        part = with_evidence(known.run, examined=results)
        known = Explained(run=part, attribution=known.attribution)
    return with_evidence(run, explained=known)
