"""How well the answers fit, beside what anyone could reach and what costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from iagkit.checks.asking import MIN_CELL, Chapter, Question, clusters, level, too_few
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures import classification
from iagkit.measures.agreement import Ceiling, human_ceiling
from iagkit.measures.rates import share

BOTH = frozenset({"truth", "prediction"})
TOP = 3


def _of_answers(run: Run, measure: Callable[..., Any], **settings: Any) -> Any:
    table = run.outcome.table
    return measure(
        table["truth"], table["prediction"], clusters=clusters(run), level=level(run), **settings
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy(Question):
    """Share of answers that are right."""

    name: ClassVar[str] = "performance.accuracy"
    question: ClassVar[str] = "How many of the answers are right?"
    needs: ClassVar[frozenset[str]] = BOTH

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        yield self.found(_of_answers(run, classification.accuracy))


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorityAccuracy(Question):
    """What always giving the commonest answer of the training cases would reach."""

    name: ClassVar[str] = "performance.majority_accuracy"
    question: ClassVar[str] = "How many would be right if the commonest answer were always given?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "prevalence"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        prevalence: Mapping[str, float] = run.outcome.evidence["prevalence"]
        if not prevalence:
            yield self.found(say("the recipe does not tell how common each answer is"))
            return
        commonest = max(sorted(prevalence), key=lambda name: prevalence[name])
        hits = np.asarray(run.outcome.table["truth"], dtype=object) == commonest
        yield self.found(share(hits, clusters=clusters(run), level=level(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanAgreement(Question):
    """How often two labels that people gave to one text agree."""

    name: ClassVar[str] = "performance.human_agreement"
    question: ClassVar[str] = "How often do people give the same text the same answer?"
    needs: ClassVar[frozenset[str]] = frozenset({"repeats"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        found = _ceiling(run)
        known = found if isinstance(found, Message) else found.agreement or found.because
        assert known is not None
        yield self.found(known)


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanCeiling(Question):
    """The best accuracy that any reader of the text alone could reach."""

    name: ClassVar[str] = "performance.human_ceiling"
    question: ClassVar[str] = "How many could be right at most, since equal texts differ in answer?"
    needs: ClassVar[frozenset[str]] = frozenset({"repeats"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """Over all cases, and over those whose text occurs again."""
        found = _ceiling(run)
        if isinstance(found, Message):
            yield self.found(found)
            return
        yield self.found(found.best)
        repeated = found.best_repeated or found.because
        assert repeated is not None
        yield self.found(repeated, {"texts": "repeated"})


def _ceiling(run: Run) -> Ceiling | Message:
    repeats = run.outcome.evidence["repeats"]
    if len(repeats) == 0:
        return say("no labelled text was handed over")
    return human_ceiling(repeats["cluster"], repeats["label"], level=level(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Top3Accuracy(Question):
    """Share of cases whose truth is among the first three suggestions."""

    name: ClassVar[str] = "performance.top_3_accuracy"
    question: ClassVar[str] = "How often is the right answer among the first three?"
    needs: ClassVar[frozenset[str]] = frozenset({"rank", "classes"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; none where three suggestions are all there is."""
        many = len(run.outcome.evidence["classes"])
        if many <= TOP:
            yield self.found(say("there are only {many} answers, so three are all", many=many))
            return
        ranks = run.outcome.table["rank"]
        yield self.found(
            classification.top_k(ranks, k=TOP, clusters=clusters(run), level=level(run))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroF1(Question):
    """Mean F1 of the classes, each counting the same."""

    name: ClassVar[str] = "performance.macro_f1"
    question: ClassVar[str] = "How good are the answers if rare and common ones count the same?"
    needs: ClassVar[frozenset[str]] = BOTH

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        yield self.found(_of_answers(run, classification.macro_f1))


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancedAccuracy(Question):
    """Mean recall of the classes, each counting the same."""

    name: ClassVar[str] = "performance.balanced_accuracy"
    question: ClassVar[str] = "How much of each class is found, on average over classes?"
    needs: ClassVar[frozenset[str]] = BOTH

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        yield self.found(_of_answers(run, classification.balanced_accuracy))


@dataclass(frozen=True, slots=True, kw_only=True)
class HierarchicalF1(Question):
    """F1 with part credit for the right department, where a taxonomy was declared."""

    name: ClassVar[str] = "performance.hierarchical_f1"
    question: ClassVar[str] = "How good are the answers if near misses in the hierarchy count?"
    needs: ClassVar[frozenset[str]] = BOTH | {"parents"}

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; none without a hierarchy."""
        parents = run.outcome.evidence["parents"]
        if not parents:
            yield self.found(say("no hierarchy of answers was declared"))
            return
        yield self.found(_of_answers(run, classification.hierarchical_f1, parents=parents))


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfClass(Question):
    needs: ClassVar[frozenset[str]] = BOTH
    never: ClassVar[Message]

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each class that occurs."""
        kind = self.name.rpartition(".")[2]
        for name, found in _of_answers(run, classification.by_class).items():
            yield self.found(self._told(found.get(kind)), {"class": name})

    def _told(self, found: Estimate | None) -> Estimate | Message:
        if found is None:
            return self.never
        return found if found.n >= MIN_CELL else too_few(found.n, MIN_CELL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(_OfClass):
    """Of the cases that are of a class, the share found."""

    name: ClassVar[str] = "performance.recall"
    question: ClassVar[str] = "Of the cases that belong here, how many are sent here?"
    never: ClassVar[Message] = say("no held-out case belongs here")


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision(_OfClass):
    """Of the cases said to be of a class, the share that is."""

    name: ClassVar[str] = "performance.precision"
    question: ClassVar[str] = "Of the cases sent here, how many belong here?"
    never: ClassVar[Message] = say("no held-out case was sent here")


@dataclass(frozen=True, slots=True, kw_only=True)
class F1(_OfClass):
    """Precision and recall of a class in one number."""

    name: ClassVar[str] = "performance.f1"
    question: ClassVar[str] = "How good are the answers for this class, misses and intruders both?"
    never: ClassVar[Message] = say("this class does not occur among the held-out cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance(Chapter):
    """All of this page."""

    name: ClassVar[str] = "performance"
    question: ClassVar[str] = "How well do the answers fit?"
    needs: ClassVar[frozenset[str]] = BOTH
    parts: ClassVar[tuple[Check, ...]] = (
        Accuracy(),
        MajorityAccuracy(),
        HumanAgreement(),
        HumanCeiling(),
        Top3Accuracy(),
        MacroF1(),
        BalancedAccuracy(),
        HierarchicalF1(),
        Recall(),
        Precision(),
        F1(),
    )
