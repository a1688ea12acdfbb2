"""Why the model decides as it does, and whether what is said of it may be shown.

Explanations are statements about a model that can be wrong. They are told here together with
tests of them: whether taking the inputs in the order of an explanation moves the score faster
than a random order, and whether near neighbours hear the same. Sizes of single inputs are
descriptions, each at the level of the protocol; gaps between groups hold for all columns
together.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asked import (
    first,
    grouped,
    members,
    of_whole,
    only,
    own_clusters,
    strict,
    told,
    with_evidence,
)
from iagkit.checks.asking import (
    GROUP,
    Chapter,
    Question,
    counted,
    level,
)
from iagkit.checks.explaining import CASES, Examined, Explained, examined, explained
from iagkit.checks.groups import per_group, too_many
from iagkit.checks.proxies import Proxy
from iagkit.checks.recourse import Recourse
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
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
        yield from self._sizes(known, first(known.run), {})
        for where, rows in members(known.run):
            if isinstance(rows, Message):
                yield self.found(rows, where)
            else:
                yield from self._sizes(known, rows, where)

    def _sizes(
        self, known: Explained, rows: NDArray[Any], where: dict[str, str]
    ) -> Iterator[Finding]:
        sizes, texts = np.abs(known.attribution.values), own_clusters(known.run, rows)
        order = np.argsort(-sizes[first(known.run)].mean(axis=0), kind="stable")
        for j in order[:SHOWN]:
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
        for column, rows, groups in grouped(known.run):
            answer, between = _distance(known, rows, groups)
            yield self.found(answer, {column: "*"}, between)


def _distance(
    known: Explained, rows: NDArray[Any], groups: NDArray[Any]
) -> tuple[Estimate | Message, tuple[str, str] | None]:
    if (many := too_many(groups)) is not None:
        return many, None
    gap = furthest_profile(
        np.abs(known.attribution.values[rows]),
        groups,
        clusters=own_clusters(known.run, rows),
        level=strict(known.run),
        min_group=known.run.prototype.protocol.min_group,
    )
    return told(gap)


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

    @abstractmethod
    def judged(self, run: Run, results: Examined) -> Iterator[Finding]:
        """Findings of a test that was made."""

    def by_group(self, run: Run, hits: NDArray[Any]) -> Iterator[Finding]:
        """Share of hits in each group of each column."""
        for column, rows, groups in grouped(run):
            for group, found in per_group(only(run, rows), hits[rows], groups):
                yield self.found(found, {column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowsModel(_Testing):
    """Whether the score moves sooner in the order of an explanation than in a random one."""

    name: ClassVar[str] = "explainability.faithfulness"
    question: ClassVar[str] = "How much better than chance do the explanations follow the model?"

    def judged(self, run: Run, results: Examined) -> Iterator[Finding]:
        """Of all, of either curve, and of each group."""
        every = first(run)
        if not results.faithful.total.any():
            yield self.found(say("all cases have the same score, so there is nothing to follow"))
            return
        for curve in ("", "deletion", "insertion"):
            where = {"curve": curve} if curve else {}
            yield self.found(faithful_share(run, results, every, curve), where)
        for where, rows in members(run):
            answer = rows if isinstance(rows, Message) else faithful_share(run, results, rows)
            yield self.found(answer, where)


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
        yield self.found(_share_of_all(run, kept))
        yield self.found(_correlation(run, related), {"measure": "rank_correlation"})
        yield from self.by_group(run, kept)


UNSHAKEN = say("no number among the inputs varies enough to be changed a little")


def _share_of_all(run: Run, hits: NDArray[Any]) -> Estimate:
    rows = first(run)
    return share(hits[rows], clusters=own_clusters(run, rows), level=level(run))


def _correlation(run: Run, related: NDArray[Any]) -> Estimate | Message:
    rows = first(run)
    rows = rows[np.isfinite(related[rows])]
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
        whole = faithful_share(run, results, first(run))
        if isinstance(whole, Message) or whole.low is None or whole.low <= 0:
            yield self.found(counted(0.0, n=len(first(run)), unit="share"))
            yield self.found(CHANCE, {"failing": "faithfulness"})
            return
        follows = results.faithful.beaten >= CLEARLY
        stable = results.stable
        kept = np.ones(len(follows), bool) if stable is None else stable.kept == 1
        yield self.found(_share_of_all(run, follows & kept))
        for reason, fails in (("faithfulness", ~follows), ("stability", ~kept)):
            unknown = reason == "stability" and stable is None
            found = UNSHAKEN if unknown else _share_of_all(run, fails)
            yield self.found(found, {"failing": reason})
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
