"""How well it is known how long cases still take: beside the median, over time, and by group."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from iagkit.checks.asking import Chapter, Question, level, too_few
from iagkit.checks.groups import too_many
from iagkit.core.message import Message
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.gaps import furthest_gap
from iagkit.measures.intervals import mean_evidence, mean_limits

NEEDS = frozenset({"remaining"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learnt(Question):
    """A question that cannot be answered where nothing was learnt."""

    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Answers, or the one reason why there are none."""
        told = run.outcome.evidence["remaining"]
        if isinstance(told, Message):
            yield self.found(told)
        else:
            yield from self.of_learnt(run, told)

    @abstractmethod
    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """Answers where a model was learnt and asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Error(_Learnt):
    """How far forecasts are off, as a whole and by group."""

    name: ClassVar[str] = "process.remaining.error"
    question: ClassVar[str] = "By how many days is the forecast of the days that remain off?"

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """The whole, and each group with enough cases."""
        yield self.found(told.error)
        for column, groups in _columns(run, told):
            if (many := too_many(groups)) is not None:
                yield self.found(many, {column: "*"})
                continue
            for group in np.unique(groups):
                yield self.found(_error(run, told, groups == group), {column: str(group)})


def _columns(run: Run, told: Any) -> Iterator[tuple[str, Any]]:
    """Groups of the prefixes, by column."""
    for column in run.outcome.evidence["log"].groups:
        if column in told.table.columns:
            yield column, told.table[column].astype(str).to_numpy(dtype=object).astype(str)


def _off(told: Any) -> Any:
    table = told.table
    return np.abs(table["prediction_days"] - table["truth_days"]).to_numpy(dtype=float)


def _error(run: Run, told: Any, here: Any) -> Estimate | Message:
    cases = np.unique(told.table["case"].to_numpy()[here], return_inverse=True)[1]
    many, needed = int(cases.max(initial=-1)) + 1, run.prototype.protocol.min_group
    if many < needed:
        return too_few(many, needed)
    evidence = mean_evidence(_off(told)[here], cases.astype(np.int64))
    low, high = mean_limits(evidence, level(run))
    return Estimate(
        value=evidence.value, n=int(here.sum()), low=low, high=high, level=level(run), unit="days",
        clusters=many,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGap(_Learnt):
    """Difference between the groups whose forecasts are most and least off."""

    name: ClassVar[str] = "process.remaining.error.gap"
    question: ClassVar[str] = "How far apart are the groups in how far forecasts are off?"

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """One finding for each declared column, with the error shared among them."""
        columns = list(_columns(run, told))
        strict = 1 - (1 - level(run)) / max(len(columns), 1)
        for column, groups in columns:
            if (many := too_many(groups)) is not None:
                yield self.found(many, {column: "*"})
                continue
            gap = furthest_gap(
                _off(told), groups, clusters=told.table["case"].to_numpy(), level=strict,
                unit="days", min_group=run.prototype.protocol.min_group,
            )  # fmt: skip
            between = (gap.lowest, gap.highest) if gap.lowest and gap.highest else None
            answer = gap.estimate if gap.estimate is not None else gap.because
            assert answer is not None
            yield self.found(answer, {column: "*"}, between)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorOfMedian(_Learnt):
    """How far the simplest rule is off."""

    name: ClassVar[str] = "process.remaining.error_of_median"
    question: ClassVar[str] = "By how many days is the median after the same activity off?"

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:  # noqa: ARG002
        """One finding about all of them."""
        yield self.found(told.error_of_median)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(_Learnt):
    """What the model brings against the simplest rule, for the same cases."""

    name: ClassVar[str] = "process.remaining.difference"
    question: ClassVar[str] = "By how many days is the forecast worse than that median?"

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:  # noqa: ARG002
        """One finding; below zero the forecast is better."""
        yield self.found(told.difference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered(_Learnt):
    """Ranges that held."""

    name: ClassVar[str] = "process.remaining.coverage"
    question: ClassVar[str] = "How often does the range told hold the days that remained?"

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:  # noqa: ARG002
        """One finding about all of them."""
        yield self.found(told.coverage)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredAtFirst(_Learnt):
    """Ranges that would have held, had nothing been learnt from outcomes."""

    name: ClassVar[str] = "process.remaining.coverage_at_first"
    question: ClassVar[str] = "How often would it, if nothing were learnt from what came?"

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:  # noqa: ARG002
        """One finding about all of them."""
        yield self.found(told.coverage_at_first)


PARTS: tuple[Check, ...] = (
    Error(), ErrorGap(), ErrorOfMedian(), Difference(), Covered(), CoveredAtFirst(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRemaining(Chapter):
    """All of this page; silent where the prototype declares that nothing is to be forecast."""

    name: ClassVar[str] = "process_remaining"
    question: ClassVar[str] = "Is it known how long cases still take?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts, if they were asked for."""
        if "remaining" not in run.outcome.evidence:
            return ()
        return Chapter.__call__(self, run)
