"""How many people a week needs, what a plan of shifts gives, and what a trial of it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from iagkit.checks.asking import Wanted, counted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding

NAME: Final = "process.staffing"
QUESTIONS: Final = {
    "needed": str(say("How many hours of people does a week need, half-hour by half-hour?")),
    "on_duty": str(say("In how many hours a week does the log show people to be there?")),
    "planned": str(say("How many hours of people does the plan give to a week?")),
    "missing": str(say("How many hours of people lack in the plan of a week?")),
    "in_time": str(say("How much of the work is taken up in time, when the plan is tried?")),
    "worst_half_hour": str(say("And in the half-hour in which it is least?")),
}
NOT_FOUND: Final = say("no plan was found before the search ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStaffing(Wanted):
    """Each desk; silent where the prototype declares that no staff is to be planned."""

    name: ClassVar[str] = "process_staffing"
    question: ClassVar[str] = "How many people are needed, and when?"
    gives: ClassVar[tuple[str, ...]] = (
        NAME,
        *(f"{NAME}.{kind}" for kind in QUESTIONS),
    )

    part: ClassVar[str] = "staffing"
    head: ClassVar[str] = NAME

    def of_told(self, told: Any) -> Iterator[Finding]:
        """All desks."""
        for desk in told.desks:
            yield from _of_desk(desk)


def _of_desk(desk: Any) -> Iterator[Finding]:
    needs, coming = desk.needs, desk.needs.demand
    half = coming.grid.hours
    yield _finding(desk, "needed", Estimate(
        value=needs.hours, low=float(needs.low.sum() * half), high=float(needs.high.sum() * half),
        level=coming.level, n=coming.n, unit="hours", clusters=coming.weeks,
    ))  # fmt: skip
    yield _finding(desk, "on_duty", counted(desk.on_duty_hours, n=desk.people, unit="hours"))
    last = desk.closing.last if desk.closing else None
    if last is None:
        for kind in ("planned", "missing", "in_time", "worst_half_hour"):
            yield _finding(desk, kind, NOT_FOUND)
        return
    plan, tried = last.plan, last.tried
    yield _finding(desk, "planned", counted(plan.hours, n=plan.people, unit="hours"))
    yield _finding(desk, "missing", counted(plan.missing_hours, n=coming.n, unit="hours"))
    yield _finding(desk, "in_time", tried.week)
    yield _finding(desk, "worst_half_hour", _worst(tried))


def _worst(tried: Any) -> Estimate:
    worst = tried.worst
    return Estimate(
        value=float(tried.shares[worst]), low=float(tried.low[worst]), high=1.0, level=tried.level,
        n=int(tried.cases[worst]), unit="share", clusters=tried.weeks,
    )  # fmt: skip


def _finding(desk: Any, kind: str, answer: Estimate | Message) -> Finding:
    return Finding(
        check=f"{NAME}.{kind}",
        question=QUESTIONS[kind],
        estimate=answer if isinstance(answer, Estimate) else None,
        because=answer if isinstance(answer, Message) else None,
        where={"desk": desk.name},
    )
