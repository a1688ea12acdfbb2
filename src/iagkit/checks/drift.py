"""What time did to the model: by period, the alarm, what moved, and what a repair buys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from iagkit.checks.asking import Chapter, Question, counted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.drift import Alarm

LEARNT = "learnt"
"""The period of the cases that the model learnt from, answered out of fold."""
NEEDS = frozenset({"drift"})
FURTHEST = 20
"""Most classes and pairs of classes that are told."""


class _OverTime(Question):
    """A share of what was learnt from, then of every period since."""

    needs: ClassVar[frozenset[str]] = NEEDS
    share: ClassVar[str]

    def answer(self, run: Run) -> Iterator[Finding]:
        """What was learnt from, then every period since."""
        found = run.outcome.evidence["drift"]
        yield self.found(getattr(found, f"learnt_{self.share}"), {"period": LEARNT})
        for period, told in getattr(found, self.share).items():
            yield self.found(told, {"period": period})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyOverTime(_OverTime):
    """Share of right answers in each period."""

    name: ClassVar[str] = "drift.accuracy"
    question: ClassVar[str] = "How often is the first answer right, period by period?"
    share: ClassVar[str] = "accuracy"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageOverTime(_OverTime):
    """Share of cases whose truth is on the shortlist, in each period."""

    name: ClassVar[str] = "drift.coverage"
    question: ClassVar[str] = "How often does the shortlist hold the right answer, by period?"
    share: ClassVar[str] = "coverage"


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedAlarm(Question):
    """Reviewed cases after which the alarm was raised."""

    name: ClassVar[str] = "drift.alarm"
    question: ClassVar[str] = "After how many reviewed cases did the alarm say that things changed?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """The alarm on reviewed cases, and that on the certainty of all cases."""
        found = run.outcome.evidence["drift"]
        for signal, alarm in (("reviewed", found.alarm), ("certainty", found.unlabelled)):
            yield self.found(raised(alarm), {"signal": signal})


def raised(alarm: Alarm) -> Estimate | Message:
    """Cases until an alarm, or that there was none."""
    if alarm.at is None:
        return say("no alarm was raised in {n} cases", n=alarm.seen)
    return counted(float(alarm.seen), n=int(alarm.evidence.size), unit="cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedUntil(Question):
    """Reading that people had done when the first alarm came."""

    name: ClassVar[str] = "drift.reviewed"
    question: ClassVar[str] = "How many cases had people reviewed by lot when the alarm came?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding, with the alarm that came first; all cases reviewed if none did."""
        found = run.outcome.evidence["drift"]
        n = int(found.unlabelled.evidence.size)
        by = "none" if found.first is None else found.first.by
        yield self.found(counted(float(found.reviewed), n=n, unit="cases"), {"alarm": by})


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee(Question):
    """Whether what was promised of the shortlist may still be said."""

    name: ClassVar[str] = "drift.guarantee"
    question: ClassVar[str] = "Does the promise made for the shortlist still hold?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """The promise, unless an alarm stands or known answers of a period disprove it."""
        found = run.outcome.evidence["drift"]
        broken = _broken(found.coverage, found.promised)
        if found.valid_until is not None:
            yield self.found(
                say("the promise is not valid since {day}: an alarm stands", day=found.valid_until)
            )
        elif broken is not None:
            yield self.found(
                say("the promise did not hold in {period}, though no alarm was raised",
                    period=broken)
            )  # fmt: skip
        else:
            yield self.found(Estimate(value=found.promised, n=found.alarm.seen))


def _broken(coverage: Mapping[str, Estimate | Message], promised: float) -> str | None:
    """First period in which the whole interval lies under the promise."""
    for period, told in coverage.items():
        if isinstance(told, Estimate) and told.high is not None and told.high < promised:
            return period
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals(Question):
    """What shows without any label."""

    name: ClassVar[str] = "drift.signal"
    question: ClassVar[str] = "What changed that can be seen without reading the cases?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Two findings a signal: what was learnt from, and since."""
        for signal in run.outcome.evidence["drift"].signals:
            yield self.found(signal.before, {"signal": signal.name, "period": LEARNT})
            yield self.found(signal.after, {"signal": signal.name, "period": "since"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMix(Question):
    """Classes that came, went, grew or shrank."""

    name: ClassVar[str] = "drift.class"
    question: ClassVar[str] = "Which classes came, went, grew or shrank?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Share since, beside that of what was learnt from; the surest changes first."""
        for change in run.outcome.evidence["drift"].mix[:FURTHEST]:
            where = {"class": change.label, "change": change.kind}
            yield self.found(change.before, {**where, "period": LEARNT})
            yield self.found(change.after, {**where, "period": "since"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDocuments(Question):
    """Documents that look like one class and are now recorded as another."""

    name: ClassVar[str] = "drift.moved"
    question: ClassVar[str] = "Documents of which class are now recorded under another?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Of the cases answered with a class, the share that is recorded as another."""
        for move in run.outcome.evidence["drift"].moved[:FURTHEST]:
            where = {"looks_like": move.looks_like, "class": move.recorded}
            yield self.found(move.before, {**where, "period": LEARNT})
            yield self.found(move.after, {**where, "period": "since"})


def _unrepaired(first: object) -> Message:
    if first is None:
        return say("no alarm stands, so there is nothing to repair")
    return say("an alarm stands; too few cases came after it to learn from some and test on others")


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterRepair(Question):
    """What a few hundred reviewed cases buy."""

    name: ClassVar[str] = "drift.repaired"
    question: ClassVar[str] = "What does a model reach that learnt from recent reviewed cases?"
    needs: ClassVar[frozenset[str]] = NEEDS
    gives: ClassVar[tuple[str, ...]] = (
        "drift.repaired", "drift.repaired.accuracy", "drift.repaired.coverage",
        "drift.repaired.set_size", "drift.repaired.decided",
    )  # fmt: skip

    def answer(self, run: Run) -> Iterator[Finding]:
        """On the recent cases that were not reviewed."""
        drift = run.outcome.evidence["drift"]
        found = drift.repaired
        if found is None:
            yield self.found(_unrepaired(drift.first))
            return
        told = {
            "accuracy": found.accuracy,
            "coverage": found.coverage,
            "set_size": found.set_size,
            "decided": found.decided,
        }
        for part, estimate in told.items():
            answer = self.found(estimate, {"reviewed": str(found.reviewed)})
            yield replace(answer, check=f"{self.name}.{part}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift(Chapter):
    """All of this page; silent where the split is not by time."""

    name: ClassVar[str] = "drift"
    question: ClassVar[str] = "What did time do to the model?"
    parts: ClassVar[tuple[Check, ...]] = (
        AccuracyOverTime(),
        CoverageOverTime(),
        RaisedAlarm(),
        ReviewedUntil(),
        Guarantee(),
        Signals(),
        ClassMix(),
        MovedDocuments(),
        AfterRepair(),
    )

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of all parts."""
        if "drift" not in run.outcome.evidence:
            return ()
        return tuple(finding for part in self.parts for finding in part(run))
