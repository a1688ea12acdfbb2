"""When cases come: by hour, weekday and month, and whether by chance alone."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Chapter, Question
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.processes.arrivals import Arrivals

NEEDS = frozenset({"arrivals"})
UNTESTED = say("too few cases, or times too coarse, to test whether they come by chance alone")


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfArrivals(Question):
    """A question about the pattern of arrivals."""

    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """Answers, or the one reason why there are none."""
        told = run.outcome.evidence["arrivals"]
        if isinstance(told, Message):
            yield self.found(told)
        else:
            yield from self.of_arrivals(told)

    @abstractmethod
    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """Answers where the pattern is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly(_OfArrivals):
    """Cases a week."""

    name: ClassVar[str] = "process.arrivals.weekly"
    question: ClassVar[str] = "How many cases come in a week, on average?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding; none where the log is shorter than a week."""
        short = say("the log is shorter than a week")
        yield self.found(told.weekly if told.weekly.n else short)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekday(_OfArrivals):
    """Cases a day, by the day of the week."""

    name: ClassVar[str] = "process.arrivals.weekday"
    question: ClassVar[str] = "How many cases come on this day of the week?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding a weekday, 1 is Monday."""
        for k, rate in enumerate(told.by_weekday, 1):
            yield self.found(rate, {"weekday": str(k)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour(_OfArrivals):
    """Cases a day, by the hour."""

    name: ClassVar[str] = "process.arrivals.hour"
    question: ClassVar[str] = "How many cases come in this hour of the day?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding an hour; none where the log has dates only."""
        if not told.by_hour:
            yield self.found(say("cases have dates without a time of day"))
        for k, rate in enumerate(told.by_hour):
            yield self.found(rate, {"hour": f"{k:02}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Month(_OfArrivals):
    """Cases a day, by the month."""

    name: ClassVar[str] = "process.arrivals.month"
    question: ClassVar[str] = "How many cases come a day in this month?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding a month that the log has."""
        for k, rate in enumerate(told.by_month, 1):
            if rate is not None:
                yield self.found(rate, {"month": f"{k:02}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(_OfArrivals):
    """How unevenly cases come, beside what chance alone makes."""

    name: ClassVar[str] = "process.arrivals.dispersion"
    question: ClassVar[str] = "How many times more than by chance do counts of an hour vary?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding; 1 is chance alone."""
        yield self.found(UNTESTED if told.dispersion is None else told.dispersion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons(_OfArrivals):
    """Whether one and the same week that repeats explains what comes."""

    name: ClassVar[str] = "process.arrivals.dispersion_p"
    question: ClassVar[str] = "How probable is such a variation, if weeks were alike?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding."""
        yield self.found(UNTESTED if told.dispersion_p is None else _p(told.dispersion_p, told.n))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts(_OfArrivals):
    """Whether cases of one hour come one by one."""

    name: ClassVar[str] = "process.arrivals.gaps_p"
    question: ClassVar[str] = "How probable are such gaps within an hour, if cases came one by one?"

    def of_arrivals(self, told: Arrivals) -> Iterator[Finding]:
        """One finding."""
        yield self.found(UNTESTED if told.gaps_p is None else _p(told.gaps_p, told.n))


def _p(value: float, n: int) -> Estimate:
    return Estimate(value=value, n=n, unit="probability")


PARTS: tuple[Check, ...] = (
    Weekly(), Weekday(), Hour(), Month(), Spread(), Seasons(), Bursts(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessArrivals(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_arrivals"
    question: ClassVar[str] = "When do cases come?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
