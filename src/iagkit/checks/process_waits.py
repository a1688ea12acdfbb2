"""How long cases take with open ones counted, how many are late, and who waits longer.

Gaps share one error: intervals are told at a level divided over the columns and both gaps.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import Chapter, Question, counted, level, too_few
from iagkit.checks.groups import too_many
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.processes.adjusted import AdjustedGap
from iagkit.measures.processes.durations import (
    Durations,
    Median,
    durations,
    late_gap,
    late_share,
    median_days,
    turned_round,
    wait_gap,
)
from iagkit.measures.processes.kinds import kind_of_case
from iagkit.measures.processes.survival_groups import log_rank

NEEDS = frozenset({"log"})
GAPS: Final = 2
"""Gaps told for each column: of being late and of days."""
Where = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What the checks of this page ask.

    Parameters
    ----------
    cases : Durations
    kind : str
        Column that tells which cases are alike; empty if none does.
    columns : tuple of str
        To compare.
    """

    cases: Durations
    kind: str
    columns: tuple[str, ...]

    @property
    def alike(self) -> NDArray[Any]:
        """Kind of each case."""
        if self.kind:
            return np.asarray(self.cases.groups[self.kind])
        return np.full(len(self.cases), "")


def waits_of(run: Run) -> Waits:
    """Durations of the cases of the log of a run; ``case_type`` may be declared."""
    log: EventLog = run.outcome.evidence["log"]
    told = run.prototype.params.get("case_type", "")
    return _waits(_Same(log), told if isinstance(told, str) else "")


class _Same:
    """A log as key of a cache: the same object, whatever it holds."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    def __hash__(self) -> int:
        return id(self.log)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.log is self.log


@lru_cache(maxsize=1)
def _waits(same: _Same, told: str) -> Waits:
    log = same.log
    kind = kind_of_case(log, told)
    cases = durations(log, also=[kind] if kind else [])
    return Waits(cases=cases, kind=kind, columns=tuple(log.groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfLog(Question):
    """A question about a log, whose outcome need not hold any case set apart."""

    needs: ClassVar[frozenset[str]] = NEEDS

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answer, or say that there is no log."""
        if "log" not in run.outcome.evidence:
            return (self.found(say("the outcome holds no {missing}", missing="log")),)
        waits = waits_of(run)
        if len(waits.cases) == 0:
            return (self.found(say("no case of the log has a possible duration")),)
        return tuple(self.answer(run))


def _each_group(
    run: Run, waits: Waits, among: NDArray[np.bool_]
) -> Iterator[tuple[Where, NDArray[np.bool_] | Message]]:
    """Place, and the cases of each group or why there are none."""
    needed = run.prototype.protocol.min_group
    for column in waits.columns:
        groups = waits.cases.groups[column]
        if (many := too_many(groups)) is not None:
            yield {column: "*"}, many
            continue
        for group in np.unique(groups):
            here = (groups == group) & among
            few = int(here.sum())
            yield {column: str(group)}, too_few(few, needed) if few < needed else here


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianWait(_OfLog):
    """Medians with open cases counted, beside those of closed cases alone."""

    name: ClassVar[str] = "process.wait.median"
    question: ClassVar[str] = "After how much time is half of the cases closed?"
    gives: ClassVar[tuple[str, ...]] = (
        "process.wait.median",
        "process.wait.completed_only",
        "process.wait.understated",
        "process.wait.reversed",
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole, each group, and whether groups change places."""
        waits, sure = waits_of(run), level(run)
        cases = waits.cases
        yield from self._three(median_days(cases.days, cases.closed, level=sure), {})
        known: dict[str, dict[str, Median]] = {column: {} for column in waits.columns}
        for where, here in _each_group(run, waits, np.ones(len(cases), dtype=bool)):
            if isinstance(here, Message):
                yield self.found(here, where)
                continue
            ((column, group),) = where.items()
            found = median_days(cases.days[here], cases.closed[here], level=sure)
            known[column][group] = found
            yield from self._three(found, where)
        for column, medians in known.items():
            told, between = turned_round(medians)
            yield _other(REVERSED, told, {column: "*"}, between)

    def _three(self, found: Median, where: Where) -> Iterator[Finding]:
        yield self.found(found.days, where)
        yield _other(COMPLETED, found.closed_only, where)
        yield _other(UNDERSTATED, found.short, where)


COMPLETED: Final = (
    "process.wait.completed_only",
    say("And if open cases were left out, as is often done?"),
)
UNDERSTATED: Final = (
    "process.wait.understated",
    say("By how much is the median of closed cases alone too short?"),
)
BEFORE_OPENING: Final = (
    "process.late.before_opening",
    say("How many deadlines are earlier than the opening of their case, and left out?"),
)
REVERSED: Final = (
    "process.wait.reversed",
    say("How many pairs of groups change places if open cases are left out?"),
)


def _other(
    asked: tuple[str, Message],
    told: Estimate | Message,
    where: Where,
    between: tuple[str, str] | None = None,
) -> Finding:
    known = isinstance(told, Estimate)
    return Finding(
        check=asked[0], question=asked[1].template, where=where,
        estimate=told if isinstance(told, Estimate) else None,
        because=told if isinstance(told, Message) else None,
        between=between if known else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOpen(_OfLog):
    """Cases that are open, which is why closed ones say too little."""

    name: ClassVar[str] = "process.wait.open"
    question: ClassVar[str] = "How many of the cases are still open?"

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole and each group, counted."""
        waits = waits_of(run)
        still = ~waits.cases.closed
        yield self.found(_counted(still))
        for where, here in _each_group(run, waits, np.ones(len(still), dtype=bool)):
            yield self.found(here if isinstance(here, Message) else _counted(still[here]), where)


def _counted(hits: NDArray[np.bool_]) -> Estimate:
    return counted(float(hits.mean()), n=len(hits), unit="share")


@dataclass(frozen=True, slots=True, kw_only=True)
class SameSpeed(_OfLog):
    """Whether chance alone could make the groups so different."""

    name: ClassVar[str] = "process.wait.log_rank"
    question: ClassVar[str] = "How probable are such different durations by chance alone?"

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding a column; within like cases where it is known which are."""
        waits = waits_of(run)
        cases = waits.cases
        for column in waits.columns:
            groups = cases.groups[column]
            if (many := too_many(groups)) is not None:
                yield self.found(many, {column: "*"})
                continue
            for where, strata in (({}, None), ({"alike": waits.kind}, waits.alike)):
                if strata is not None and not waits.kind:
                    continue
                found = log_rank(cases.days, cases.closed, groups, strata=strata)
                told = found if isinstance(found, Message) else _chance(found.p, found.n)
                yield self.found(told, {column: "*", **where})


def _chance(p: float, n: int) -> Estimate:
    return Estimate(value=p, n=n, unit="probability")


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRate(_OfLog):
    """Share of cases that missed their deadline, open ones counted."""

    name: ClassVar[str] = "process.late.rate"
    question: ClassVar[str] = "How many cases missed their deadline, open ones counted?"
    gives: ClassVar[tuple[str, ...]] = ("process.late.rate", "process.late.before_opening")

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole, what was left out of it, and each group with enough deadlines."""
        waits, sure = waits_of(run), level(run)
        every = np.ones(len(waits.cases), dtype=bool)
        yield self.found(late_share(waits.cases, every, level=sure))
        if waits.cases.with_deadline:
            yield _other(BEFORE_OPENING, _left_out(waits.cases), {})
        if not waits.cases.judged.any():
            return
        for where, here in _each_group(run, waits, waits.cases.judged):
            told = here if isinstance(here, Message) else late_share(waits.cases, here, level=sure)
            yield self.found(told, where)


def _left_out(cases: Durations) -> Estimate:
    """Share of the deadlines that nobody could have met."""
    n = cases.with_deadline
    return counted(cases.before_opening / n, n=n, unit="share")


@dataclass(frozen=True, slots=True, kw_only=True)
class _GapOf(_OfLog):
    """The gap as it is, among like cases, and what chance alone makes."""

    adjusted: ClassVar[Message]
    null: ClassVar[Message]
    p: ClassVar[Message]

    @abstractmethod
    def gap(
        self, run: Run, waits: Waits, column: str
    ) -> tuple[AdjustedGap, dict[str, str]] | Message:
        """Gaps of a column and further coordinates."""

    def answer(self, run: Run) -> Iterator[Finding]:
        """Four findings a column."""
        waits = waits_of(run)
        if not waits.columns:
            yield self.found(say("no group column was declared, so groups cannot be compared"))
        for column in waits.columns:
            many = too_many(waits.cases.groups[column])
            found = self.gap(run, waits, column) if many is None else many
            if isinstance(found, Message):
                yield self.found(found, {column: "*"})
            else:
                yield from self._told(found[0], {column: "*", **found[1]}, waits.kind)

    def _told(self, gap: AdjustedGap, where: Where, kind: str) -> Iterator[Finding]:
        raw = gap.raw
        yield self.found(_of(raw.estimate, raw.because), where, _pair(raw.lowest, raw.highest))
        like = {**where, "alike": kind} if kind else where
        within = (f"{self.name}.adjusted", self.adjusted)
        if not kind:
            yield _other(within, say("no column tells which cases are alike"), where)
        else:
            told = gap.adjusted
            pair = _pair(told.lowest, told.highest)
            yield _other(within, _of(told.estimate, told.because), like, pair)
        if gap.p is None or gap.chance is None or raw.estimate is None:
            return
        n = raw.estimate.n
        by_chance = Estimate(value=gap.chance, n=n, unit=raw.estimate.unit)
        yield _other((f"{self.name}.chance", self.null), by_chance, like)
        yield _other((f"{self.name}.p", self.p), _chance(gap.p, n), like)


def _of(estimate: Estimate | None, because: Message | None) -> Estimate | Message:
    told = estimate if estimate is not None else because
    assert told is not None
    return told


def _pair(lowest: str | None, highest: str | None) -> tuple[str, str] | None:
    if lowest is None or highest is None or lowest == highest:
        return None
    return lowest, highest


def _names(name: str) -> tuple[str, ...]:
    return (name, f"{name}.adjusted", f"{name}.chance", f"{name}.p")


def _strict(run: Run, waits: Waits) -> float:
    return 1 - (1 - level(run)) / max(GAPS * len(waits.columns), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateGap(_GapOf):
    """Difference between the groups that are late most and least often."""

    name: ClassVar[str] = "process.late.rate.gap"
    question: ClassVar[str] = "How far apart are the groups in missed deadlines?"
    gives: ClassVar[tuple[str, ...]] = _names("process.late.rate.gap")
    adjusted: ClassVar[Message] = say("And among like cases, how far apart in missed deadlines?")
    null: ClassVar[Message] = say("How far apart does chance put missed deadlines, rarely further?")
    p: ClassVar[Message] = say("How probable is such a gap in missed deadlines by chance alone?")

    def gap(
        self, run: Run, waits: Waits, column: str
    ) -> tuple[AdjustedGap, dict[str, str]] | Message:
        """Of cases whose deadline had passed."""
        found = late_gap(
            waits.cases, waits.cases.groups[column], waits.alike, level=_strict(run, waits),
            min_group=run.prototype.protocol.min_group, chance_level=level(run),
        )  # fmt: skip
        return found if isinstance(found, Message) else (found, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitGap(_GapOf):
    """Difference between the groups that wait longest and shortest."""

    name: ClassVar[str] = "process.wait.gap"
    question: ClassVar[str] = "How far apart are the groups in mean days open, within this horizon?"
    gives: ClassVar[tuple[str, ...]] = _names("process.wait.gap")
    adjusted: ClassVar[Message] = say("And among like cases, how far apart in days open?")
    null: ClassVar[Message] = say("How far apart does chance put days open, rarely further?")
    p: ClassVar[Message] = say("How probable is such a gap in days open by chance alone?")

    def gap(
        self, run: Run, waits: Waits, column: str
    ) -> tuple[AdjustedGap, dict[str, str]] | Message:
        """Of all cases, open ones counted."""
        found = wait_gap(
            waits.cases, waits.cases.groups[column], waits.alike, level=_strict(run, waits),
            min_group=run.prototype.protocol.min_group, chance_level=level(run),
        )  # fmt: skip
        if isinstance(found, Message):
            return found
        return found[0], {"horizon_days": f"{found[1]:.0f}"}


PARTS: tuple[Check, ...] = (
    StillOpen(), MedianWait(), SameSpeed(), WaitGap(), LateRate(), LateGap(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessWaits(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_waits"
    question: ClassVar[str] = "How long do cases take, how many are late, and who waits longer?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(
        name for part in PARTS for name in getattr(part, "gives", (part.name,))
    )
