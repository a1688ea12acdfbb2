"""Rates of yes-or-no predictions by groups of people, from the counts of one pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import CELLS, Question, counted
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import OF_SHARES, Asking, group_sets, named, shares_told
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.binary import CRITERIA, RATES, nobody, rates_of
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.shares import Shares

COUNTED = frozenset({CELLS, "asked"})
_SUBJECT = {
    "selection_rate": say("How many of this group get the favourable answer?"),
    "true_positive_rate": say("How many of those who truly qualify are found?"),
    "false_positive_rate": say("How many of those who do not qualify get the answer all the same?"),
    "true_negative_rate": say("How many of those who do not qualify are told so?"),
    "false_negative_rate": say("How many of those who truly qualify are missed?"),
    "precision": say("How many of those who get the answer truly qualify?"),
    "negative_predictive_value": say("How many of those refused truly do not qualify?"),
    "false_discovery_rate": say("How many of those who get the answer do not qualify?"),
    "false_omission_rate": say("How many of those refused do qualify?"),
    "accuracy": say("How many of the answers to this group are right?"),
    "prevalence": say("How many of this group truly qualify?"),
}
SUBJECT = {metric: str(question) for metric, question in _SUBJECT.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates(Question):
    """Every rate, of all and of each group, with gaps, ratios and comparisons."""

    name: ClassVar[str] = "rates"
    question: ClassVar[str] = "Are people of different groups treated and served alike?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = (
        *named(SUBJECT, OF_SHARES),
        "fairness.equalized_odds.gap",
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """All groups of all columns, alone and together."""
        asked, every = settings(run), cells(run)
        assert asked.positive is not None
        positive = every.labels[asked.positive]
        for groups in group_sets(every, asked):
            found = _rates(every, groups, asked, positive)
            for metric, shares in found.items():
                asking = Asking(
                    metric=metric, question=SUBJECT[metric], groups=groups, asked=asked, more={}
                )
                yield from shares_told(asking, shares, nobody(metric, positive))
            if groups.columns:
                yield from _criteria(found, groups, asked)


def _rates(every: Cells, groups: Groups, asked: AuditSettings, positive: str) -> dict[str, Shares]:
    """Shares of each rate; who was selected is known of those too whose truth is not."""
    without_truth = every.truth is None
    wanted = tuple(m for m in asked.metrics if m in RATES)
    if without_truth:
        wanted = tuple(m for m in wanted if m == "selection_rate")
    found = rates_of(wanted, every, groups, positive=positive)
    if "selection_rate" in wanted and every.truth is not None and (every.truth == UNKNOWN).any():
        blind = replace(every, truth=None)
        found |= rates_of(("selection_rate",), blind, groups, positive=positive)
    return found


def _criteria(found: dict[str, Shares], groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    """Equalized odds: the larger gap of its two rates."""
    from iagkit.measures.simultaneous import gap

    parts = CRITERIA["equalized_odds"]
    if not set(parts) <= set(found):
        return
    question = str(say("How far apart are the groups in both kinds of error together?"))
    asking = Asking(metric="equalized_odds", question=question, groups=groups, asked=asked, more={})
    gaps = [
        gap(found[p], asking.names, level=asked.strict, min_group=asked.min_group) for p in parts
    ]
    unknown = [g for g in gaps if g.estimate is None]
    if unknown:
        yield asking.apart(".gap", unknown[0])
        return
    larger = max(gaps, key=lambda g: _value(g.estimate))
    known = [g.estimate for g in gaps if g.estimate is not None]
    estimate = replace(
        known[gaps.index(larger)],
        low=max(e.low or 0.0 for e in known),
        high=max(e.high or 0.0 for e in known),
    )
    yield asking.apart(".gap", replace(larger, estimate=estimate))


def _value(estimate: Estimate | None) -> float:
    return 0.0 if estimate is None else estimate.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes(Question):
    """How many rows each group has, and how they divide by truth and prediction."""

    name: ClassVar[str] = "sizes"
    question: ClassVar[str] = "How many cases are of this group?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = ("fairness.group_size", "confusion.count")

    def answer(self, run: Run) -> Iterator[Finding]:
        """Sizes of groups, alone and together; outcomes of all and of each column's groups."""
        asked, every = settings(run), cells(run)
        for groups in group_sets(every, asked):
            rows = groups.total(every.n)
            for group, n in enumerate(rows.tolist()):
                told = counted(n, n=int(n), unit="cases")
                yield self._told("fairness.group_size", self.question, groups.where(group), told)
        if asked.task == "binary" and every.truth is not None and every.prediction is not None:
            yield from self._outcomes(every, asked)

    def _outcomes(self, every: Cells, asked: AuditSettings) -> Iterator[Finding]:
        question = str(say("How many cases have this truth and this answer?"))
        for groups in (every.by(()), *(every.by((c,)) for c in asked.columns)):
            for truth, told in product(range(len(every.labels)), repeat=2):
                among = (every.truth == truth) & (every.prediction == told)
                rows = groups.total(every.n, np.asarray(among))
                sizes = groups.total(every.n)
                for group, (n, size) in enumerate(zip(rows, sizes, strict=True)):
                    where = {"truth": every.labels[truth], "prediction": every.labels[told]}
                    found = counted(float(n), n=int(size), unit="cases")
                    yield self._told(
                        "confusion.count", question, {**groups.where(group), **where}, found
                    )

    def _told(self, check: str, question: str, where: dict[str, str], told: Estimate) -> Finding:
        return Finding(check=check, question=question, where=where, estimate=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Question):
    """How many rows lack a truth, a prediction or a score, and of whom."""

    name: ClassVar[str] = "missing"
    question: ClassVar[str] = "How many cases lack what is needed to judge them?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = ("data.missing",)

    def answer(self, run: Run) -> Iterator[Finding]:
        """Share of rows without each part, of all rows and of the groups of each column."""
        from iagkit.measures.binary import told
        from iagkit.measures.shares import shares

        asked, every = settings(run), cells(run)
        everyone = np.ones(len(every), dtype=bool)
        parts = {"truth": every.truth, "prediction": every.prediction, "score": every.bins}
        for part, codes in parts.items():
            lost = np.asarray(codes == UNKNOWN) if codes is not None else ~everyone
            if not lost.any():
                continue
            for groups in (every.by(()), *(every.by((c,)) for c in asked.columns)):
                found = told(
                    shares(every, groups, lost, everyone), say("no case"), level=asked.level
                )
                for group, answer in enumerate(found):
                    yield replace(
                        self.found(answer, {"column": part, **groups.where(group)}),
                        check="data.missing",
                    )
