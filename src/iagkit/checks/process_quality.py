"""How good an event log is; counts of the whole log, so that each is its own interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from iagkit.checks.asking import Chapter, Told, counted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate
from iagkit.measures.processes.quality import LogQuality

PART: Final = "quality"
Answer = Estimate | Message


def _exactly(share: Estimate) -> Answer:
    """A share of all there is, or that there is nothing to share."""
    if share.n == 0:
        return say("the log holds nothing that could be counted for this")
    return counted(share.value, n=share.n, unit=share.unit)


def _of_rows(part: int, found: LogQuality) -> Answer:
    rows = max(found.rows, part)
    return _exactly(Estimate(value=part / rows if rows else 0.0, n=rows))


def _told(name: str, *, question: str, of: Callable[[LogQuality], Answer]) -> Told:
    return Told(name=f"process.quality.{name}", question=question, part=PART, of=of)


PARTS: tuple[Check, ...] = (
    _told(
        "cases",
        question="How many cases does the log hold?",
        of=lambda q: counted(float(q.cases), n=q.cases, unit="cases"),
    ),
    _told(
        "events",
        question="How many events does the log hold?",
        of=lambda q: counted(float(q.events), n=q.events, unit="events"),
    ),
    _told(
        "open",
        question="How many of the cases are still open when the log ends?",
        of=lambda q: _exactly(q.open_cases),
    ),
    _told(
        "unusable",
        question="How many rows have a date that cannot be true?",
        of=lambda q: _of_rows(q.impossible_dates + q.placeholder_dates + q.backwards, q),
    ),
    _told(
        "impossible_dates",
        question="How many rows have an impossible date, or none?",
        of=lambda q: _of_rows(q.impossible_dates, q),
    ),
    _told(
        "placeholder_dates",
        question="How many rows have a date that programs write for none?",
        of=lambda q: _of_rows(q.placeholder_dates, q),
    ),
    _told(
        "backwards",
        question="How many rows end before they begin?",
        of=lambda q: _of_rows(q.backwards, q),
    ),
    _told(
        "repeated_rows",
        question="How many rows of the file repeat an earlier one?",
        of=lambda q: _exactly(q.repeated_rows),
    ),
    _told(
        "copied_events",
        question="How many events are the same as another in everything?",
        of=lambda q: _exactly(q.copied_events),
    ),
    _told(
        "tied",
        question="How many steps have the same time as the step before?",
        of=lambda q: _exactly(q.tied),
    ),
    _told(
        "unstable_arcs",
        question="How much of the map depends on nothing but the order of the file?",
        of=lambda q: _exactly(q.unstable_arcs),
    ),
    _told(
        "without_resource",
        question="Of how many events is it not known who did them?",
        of=lambda q: _exactly(q.without_resource),
    ),
    _told(
        "without_due",
        question="How many cases have no deadline?",
        of=lambda q: _exactly(q.without_due),
    ),
    _told(
        "single_events",
        question="How many cases have a single event?",
        of=lambda q: _exactly(q.single_events),
    ),
    _told(
        "at_midnight",
        question="How many times are midnights, so that they are dates?",
        of=lambda q: _exactly(q.at_midnight),
    ),
    _told(
        "at_busiest_minute",
        question="How many of the other times fall on the busiest minute of the day?",
        of=lambda q: _exactly(q.at_busiest_minute),
    ),
    _told(
        "timed_work",
        question="Of how many events are both beginning and end known?",
        of=lambda q: _exactly(q.timed_work),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessQuality(Chapter):
    """All of this page."""

    name: ClassVar[str] = "process_quality"
    question: ClassVar[str] = "How good is the log, before anything is read from it?"
    needs: ClassVar[frozenset[str]] = frozenset({PART})
    parts: ClassVar[tuple[Check, ...]] = PARTS
