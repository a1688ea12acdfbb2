"""Whether it is known which cases will be late, and who is looked at because of it.

An alarm asks people to look at a case. Missed and false alarms are told by group: a group whose
late cases are seldom seen waits for help that others get.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from iagkit.checks.asking import MIN_CELL, Chapter, Learnt, Told, counted, level, too_few
from iagkit.checks.by_group import Sample, each_gap, each_group
from iagkit.checks.process_remaining import rows_of_cases
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.arrays import Ints
from iagkit.measures.rates import share
from iagkit.measures.urgency import Mask

PART: Final = "lateness"
NEEDS: Final = frozenset({PART})
GAPS: Final = 2
"""Gaps told for each column: of missed and of false alarms."""
BANDS: Final = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Ranges of the chance that is told, in which it is counted how many were late."""


def band_of(chance: float) -> str:
    """Name of the range of a chance, such as ``0.05-0.20``."""
    place = int(np.clip(np.searchsorted(BANDS, chance, side="right") - 1, 0, len(BANDS) - 2))
    return f"{BANDS[place]:.2f}-{BANDS[place + 1]:.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands(Learnt):
    """Whether what is told happens as often as it says."""

    name: ClassVar[str] = "process.risk.band"
    question: ClassVar[str] = "Of cases of which this chance was told, how many were late?"
    needs: ClassVar[frozenset[str]] = NEEDS
    part: ClassVar[str] = PART

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """One finding a range in which there are enough cases."""
        table = told.table
        names = np.array([band_of(chance) for chance in table["probability"]])
        cases = table["case"].to_numpy()
        for name in map(str, np.unique(names)):
            here = names == name
            if len(np.unique(cases[here])) < MIN_CELL:
                continue
            late = table["truth"].to_numpy()[here]
            yield self.found(share(late, clusters=cases[here], level=level(run)), {"chance": name})


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfAlarms(Learnt):
    """A share of the cases that were late, or of those in time."""

    needs: ClassVar[frozenset[str]] = NEEDS
    part: ClassVar[str] = PART
    of_late: ClassVar[bool]

    def kept(self, run: Run, told: Any) -> tuple[Mask, Mask, Ints]:
        """Whether the alarm was wrong, which cases of the outcome it is about, and their rows."""
        alarms = told.alarms
        these = alarms.late == self.of_late
        row = rows_of_cases(run, told.names[these])
        wrong = np.zeros(len(run.outcome.table), dtype=bool)
        among = wrong.copy()
        wrong[row] = alarms.raised[these] != self.of_late
        among[row] = True
        return wrong, among, row

    def none(self) -> Message:
        """Say that there is no such case."""
        if self.of_late:
            return say("no case that could be tested missed its deadline")
        return say("every case that could be tested missed its deadline")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rate(_OfAlarms):
    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """The whole, and each group with enough cases."""
        wrong, among, _ = self.kept(run, told)

        def of(here: Mask) -> Estimate | Message:
            if not here.any():
                return self.none()
            return _share(wrong[here], run)

        yield self.found(of(among))
        yield from each_group(self, run, among, of)


@dataclass(frozen=True, slots=True, kw_only=True)
class _RateGap(_OfAlarms):
    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """One finding for each declared column."""
        wrong, _, row = self.kept(run, told)
        sample = (
            Sample(values=wrong[row], among=row, pieces=None, unit="share")
            if len(row)
            else self.none()
        )
        yield from each_gap(self, run, sample, gaps=GAPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(_Rate):
    """Late cases nobody was asked to look at."""

    name: ClassVar[str] = "process.alarm.missed"
    question: ClassVar[str] = "How many of the late cases had no alarm before?"
    of_late: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedGap(_RateGap):
    """Difference between the groups whose late cases are missed most and least often."""

    name: ClassVar[str] = "process.alarm.missed.gap"
    question: ClassVar[str] = "How far apart are the groups in missed alarms?"
    of_late: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAlarms(_Rate):
    """Cases in time that people were asked to look at."""

    name: ClassVar[str] = "process.alarm.false"
    question: ClassVar[str] = "How many of the cases that kept their deadline had an alarm?"
    of_late: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseGap(_RateGap):
    """Difference between the groups with most and fewest false alarms."""

    name: ClassVar[str] = "process.alarm.false.gap"
    question: ClassVar[str] = "How far apart are the groups in false alarms?"
    of_late: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Learnt):
    """Alarms whose case was late, beside those of the simplest rule."""

    name: ClassVar[str] = "process.alarm.right"
    question: ClassVar[str] = "How many alarms were about a case that was late?"
    needs: ClassVar[frozenset[str]] = NEEDS
    part: ClassVar[str] = PART

    def of_learnt(self, run: Run, told: Any) -> Iterator[Finding]:
        """Ours, then those by the share of late ones after the same activity."""
        for where, alarms in (({}, told.alarms), ({"by": "rate"}, told.alarms_of_rate)):
            hits = alarms.late[alarms.raised]
            answer = _share(hits, run) if len(hits) else say("no alarm was raised")
            yield self.found(answer, where)


def _share(hits: Mask, run: Run) -> Estimate | Message:
    """A share of enough cases that it tells of none of them."""
    return share(hits, level=level(run)) if len(hits) >= MIN_CELL else too_few(len(hits), MIN_CELL)


def _ahead(told: Any) -> Estimate | Message:
    """Middle of the days that people have, of alarms about late cases."""
    from iagkit.measures.furthest import median

    days = told.alarms.days_ahead[told.alarms.raised & told.alarms.late]
    if len(days) < MIN_CELL:
        return too_few(len(days), MIN_CELL)
    found: Estimate = median(days, unit="days")
    return found


def _one(name: str, *, question: str, of: Any) -> Told:
    return Told(name=f"process.{name}", question=question, part=PART, of=of)


PARTS: tuple[Check, ...] = (
    _one(
        "risk.error", of=lambda told: told.brier,
        question="How far is the chance to be late from what came (Brier)?",
    ),
    _one(
        "risk.error_of_rate", of=lambda told: told.brier_of_rate,
        question="And the share of late ones after the same activity?",
    ),
    _one(
        "risk.difference", of=lambda told: told.difference,
        question="How much further from what came is the chance than that share?",
    ),
    _one(
        "risk.auc", of=lambda told: told.auc,
        question="How often does a late case have a higher chance than one in time?",
    ),
    _one(
        "risk.auc_of_rate", of=lambda told: told.auc_of_rate,
        question="And how often by the share after the same activity?",
    ),
    _one(
        "risk.bias", of=lambda told: told.bias,
        question="How much too high is the chance to be late on average?",
    ),
    Bands(),
    _one(
        "alarm.capacity", question="How many cases a day can people look at?",
        of=lambda told: counted(told.capacity, n=len(told.names), unit="cases a day"),
    ),
    Right(), _one("alarm.days_ahead", of=_ahead,
                  question="How many days before the deadline comes a right alarm?"),
    Missed(), MissedGap(), FalseAlarms(), FalseGap(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLateness(Chapter):
    """All of this page; silent where the prototype declares that nothing is to be forecast."""

    name: ClassVar[str] = "process_lateness"
    question: ClassVar[str] = "Is it known which cases will miss their deadline?"
    only_with: ClassVar[str] = PART
    parts: ClassVar[tuple[Check, ...]] = PARTS
