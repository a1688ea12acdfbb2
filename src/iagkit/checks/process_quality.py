"""How good an event log is; counts of the whole log, so that each is its own interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Chapter, Question, counted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.processes.quality import LogQuality

NEEDS = frozenset({"quality"})
Answer = Estimate | Message


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfLog(Question):
    """A question that :class:`LogQuality` answers."""

    needs: ClassVar[frozenset[str]] = NEEDS
    of: ClassVar[Callable[[LogQuality], Answer]]

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding about the whole log."""
        yield self.found(type(self).of(run.outcome.evidence["quality"]))


def _exactly(share: Estimate) -> Answer:
    """A share of all there is, or that there is nothing to share."""
    if share.n == 0:
        return say("the log holds nothing that could be counted for this")
    return counted(share.value, n=share.n, unit=share.unit)


def _of_rows(part: int, found: LogQuality) -> Answer:
    rows = max(found.rows, part)
    return _exactly(Estimate(value=part / rows if rows else 0.0, n=rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases(_OfLog):
    """Cases that can be used."""

    name: ClassVar[str] = "process.quality.cases"
    question: ClassVar[str] = "How many cases does the log hold?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: counted(
        float(q.cases), n=q.cases, unit="cases"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Events(_OfLog):
    """Events that can be used."""

    name: ClassVar[str] = "process.quality.events"
    question: ClassVar[str] = "How many events does the log hold?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: counted(
        float(q.events), n=q.events, unit="events"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(_OfLog):
    """Cases that are not over."""

    name: ClassVar[str] = "process.quality.open"
    question: ClassVar[str] = "How many of the cases are still open when the log ends?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.open_cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable(_OfLog):
    """Dates that cannot be true, of whatever kind."""

    name: ClassVar[str] = "process.quality.unusable"
    question: ClassVar[str] = "How many rows have a date that cannot be true?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _of_rows(
        q.impossible_dates + q.placeholder_dates + q.backwards, q
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible(_OfLog):
    """Dates that are missing, cannot be read, or are of no possible year."""

    name: ClassVar[str] = "process.quality.impossible_dates"
    question: ClassVar[str] = "How many rows have an impossible date, or none?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _of_rows(q.impossible_dates, q)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholders(_OfLog):
    """Dates that programs write where there is none."""

    name: ClassVar[str] = "process.quality.placeholder_dates"
    question: ClassVar[str] = "How many rows have a date that programs write for none?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _of_rows(q.placeholder_dates, q)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backwards(_OfLog):
    """Ends before their beginnings."""

    name: ClassVar[str] = "process.quality.backwards"
    question: ClassVar[str] = "How many rows end before they begin?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _of_rows(q.backwards, q)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(_OfLog):
    """Rows that are there already."""

    name: ClassVar[str] = "process.quality.repeated_rows"
    question: ClassVar[str] = "How many rows of the file repeat an earlier one?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.repeated_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied(_OfLog):
    """Events that are there twice."""

    name: ClassVar[str] = "process.quality.copied_events"
    question: ClassVar[str] = "How many events are the same as another in everything?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.copied_events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tied(_OfLog):
    """Steps without a before and after."""

    name: ClassVar[str] = "process.quality.tied"
    question: ClassVar[str] = "How many steps have the same time as the step before?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.tied)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstable(_OfLog):
    """Arcs of the map that another order of the file would change."""

    name: ClassVar[str] = "process.quality.unstable_arcs"
    question: ClassVar[str] = "How much of the map depends on nothing but the order of the file?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.unstable_arcs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody(_OfLog):
    """Events of which nobody knows who did them."""

    name: ClassVar[str] = "process.quality.without_resource"
    question: ClassVar[str] = "Of how many events is it not known who did them?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.without_resource)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated(_OfLog):
    """Cases without a deadline."""

    name: ClassVar[str] = "process.quality.without_due"
    question: ClassVar[str] = "How many cases have no deadline?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.without_due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Single(_OfLog):
    """Cases of one event."""

    name: ClassVar[str] = "process.quality.single_events"
    question: ClassVar[str] = "How many cases have a single event?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.single_events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Midnight(_OfLog):
    """Times that are dates."""

    name: ClassVar[str] = "process.quality.at_midnight"
    question: ClassVar[str] = "How many times are midnights, so that they are dates?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.at_midnight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(_OfLog):
    """Times that a program stamped all at once."""

    name: ClassVar[str] = "process.quality.at_busiest_minute"
    question: ClassVar[str] = "How many of the other times fall on the busiest minute of the day?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.at_busiest_minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed(_OfLog):
    """Work of which beginning and end are known."""

    name: ClassVar[str] = "process.quality.timed_work"
    question: ClassVar[str] = "Of how many events are both beginning and end known?"
    of: ClassVar[Callable[[LogQuality], Answer]] = lambda q: _exactly(q.timed_work)


PARTS: tuple[Check, ...] = (
    Cases(), Events(), Open(), Unusable(), Impossible(), Placeholders(), Backwards(), Repeated(),
    Copied(), Tied(), Unstable(), Nobody(), Undated(), Single(), Midnight(), Batch(), Timed(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessQuality(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_quality"
    question: ClassVar[str] = "How good is the log, before anything is read from it?"
    needs: ClassVar[frozenset[str]] = NEEDS
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)
