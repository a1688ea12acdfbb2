"""A week of staff read from a log: desks, people needed by half-hour, shifts, and their trial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from typing import Any, Final

import numpy as np
import pandas as pd

from iagkit.core.errors import DataError, DeclarationError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.prototypes.processes.simulation.people import SLOTS, Staff, open_hours, staff
from iagkit.prototypes.processes.staffing.closing import Closing, close_loop
from iagkit.prototypes.processes.staffing.demand import LONGEST, demand
from iagkit.prototypes.processes.staffing.needs import Needs, Target, needed
from iagkit.prototypes.processes.staffing.solving import SECONDS, NoPlanError
from iagkit.prototypes.processes.staffing.tours import Contract

DESKS: Final = 3
"""Desks that are planned, those with most work; each takes some seconds."""
NODES: Final = 20
"""Nodes of a search for shifts, of which a run needs many."""
ALIKE: Final = 0.5
"""Share of people in common from which two activities are one desk."""
FEWEST: Final = 200
"""Pieces of work of a desk from which half-hours can be told apart."""
TARGET: Final = Target(share=0.9, hours=1.0)
FULL, HALF = 8.0, 4.0
"""Hours of shifts where none are declared."""
MAY_HOLD: Final = ("target", "within", "budget", "near", "contracts", "desks", "weeks", "nodes",
                   "seconds", "rounds")  # fmt: skip
NO_PEOPLE: Final = say("the log does not tell who did the work, so that no staff can be planned")
TOO_LITTLE: Final = say(
    "no desk has {n} pieces of work or more whose start and end are known, in whole weeks",
    n=FEWEST,
)
SLOT_COLUMNS: Final = (
    "desk", "when", "cases_an_hour", "low", "high", "people_needed", "needed_low", "needed_high",
    "people_planned", "taken_up_in_time",
)  # fmt: skip
SHIFT_COLUMNS: Final = ("desk", "contract", "begins", "hours", "days", "people")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """Activities that the same people do, and their week.

    Parameters
    ----------
    name : str
        Its commonest activity, and how many more it has.
    activities : tuple of str
    needs : Needs
    closing : Closing or None
        ``None`` where no plan was found, or the clock stopped a search.
    on_duty_hours : float, a week
        Hours in which the log shows the people of the desk to be there, whatever they do then.
    people : int
        That the log shows.
    """

    name: str
    activities: tuple[str, ...]
    needs: Needs
    closing: Closing | None
    on_duty_hours: float
    people: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Week:
    """What was found.

    Parameters
    ----------
    desks : tuple of Desk
    target : Target
    near : float
        Share of the target that every half-hour must reach.
    budget : float or None
        Of each desk.
    assumed : tuple of Message
        What nobody declared, and what the plan takes for granted.
    """

    desks: tuple[Desk, ...]
    target: Target
    near: float
    budget: float | None
    assumed: tuple[Message, ...]

    def facts(self) -> dict[str, Any]:
        """Plain JSON for the record: counts, no name of a person."""
        return {
            "target": self.target.share,
            "within_hours": self.target.hours,
            "near": self.near,
            "budget": self.budget,
            "assumed": [{"template": m.template, "values": dict(m.values)} for m in self.assumed],
            "desks": [_told(desk) for desk in self.desks],
        }


def _told(desk: Desk) -> dict[str, Any]:
    last = desk.closing.last if desk.closing else None
    found: dict[str, Any] = {
        "name": desk.name,
        "activities": list(desk.activities),
        "weeks": desk.needs.demand.weeks,
        "on_duty_hours": round(desk.on_duty_hours, 1),
        "people": desk.people,
        "verdict": desk.closing.verdict if desk.closing else "unknown",
        "remarks": [
            {"template": m.template, "values": dict(m.values)}
            for m in (
                *(desk.closing.remarks if desk.closing else ()),
                *(last.plan.remarks if last else ()),
            )
        ],
    }
    if last is not None:
        found["plan"] = {
            "people": last.plan.people,
            "proven": last.plan.proven,
            "gap": last.plan.gap if isfinite(last.plan.gap) else None,
            "missing": [m.when for m in last.plan.missing[:5]],
        }
    return found


def plan_week(log: EventLog, *, asked: Any = None, level: float = 0.95) -> Week | Message:
    """Plan the week of the desks of a log, and try the plan in a simulation.

    Parameters
    ----------
    log : EventLog
        With starts and ends of work, and who did it.
    asked : mapping, optional
        ``target``: share of the work to be taken up ``within`` hours; ``near``: share of it that
        every half-hour must reach; ``budget``: of each desk, a week; ``contracts``: a list of the
        fields of :class:`~iagkit.prototypes.processes.staffing.tours.Contract`; ``desks``,
        ``weeks`` simulated; ``nodes`` of each search and ``rounds`` of planning; ``seconds`` by
        the clock, after which a desk has no plan. The rest is assumed, and said to be.
    level : float

    Returns
    -------
    Week or Message
        A message where the log does not allow it.

    Raises
    ------
    DeclarationError
        If ``asked`` cannot be followed.

    Notes
    -----
    Activities with at least half of their people in common are one desk. Work comes when what was
    before it in its case ends; what comes while the desk is closed counts when it opens. The desk
    is open in the half-hours in which its work begins or ends often enough.
    """
    told = _checked({} if asked is None else asked)
    events = log.events[log.events["start"].notna() & log.events["end"].notna()]
    found = staff(events)
    if not found.skills:
        return NO_PEOPLE
    target = Target(
        share=float(told.get("target", TARGET.share)), hours=float(told.get("within", TARGET.hours))
    )
    desks = []
    for activities in _desks(events, found)[: int(told.get("desks", DESKS))]:
        desk = _desk(log, events, activities, found, told, target, level)
        if desk is not None:
            desks.append(desk)
    if not desks:
        return TOO_LITTLE
    return Week(
        desks=tuple(desks),
        target=target,
        near=float(told.get("near", 0.9)),
        budget=told["budget"],
        assumed=_assumed(told, target),
    )


def _checked(asked: Any) -> Mapping[str, Any]:
    if not isinstance(asked, Mapping):
        msg = f"'staffing' is false, or holds {', '.join(MAY_HOLD)}; got {type(asked).__name__}"
        raise DeclarationError(msg)
    if unknown := sorted(set(asked) - set(MAY_HOLD)):
        msg = f"'staffing' may hold {', '.join(MAY_HOLD)}; got '{unknown[0]}'"
        raise DeclarationError(msg)
    budget = asked.get("budget")
    return {**asked, "budget": None if budget is None else float(budget)}


def _desks(events: pd.DataFrame, found: Staff) -> list[tuple[str, ...]]:
    """Activities that share their people, those with most hours of work first."""
    who = {
        str(activity): set(part["resource"].dropna())
        for activity, part in events.groupby("activity")
        if activity in found.skills
    }
    of = {activity: activity for activity in who}
    for a, b in combinations(sorted(who), 2):
        if len(who[a] & who[b]) >= ALIKE * len(who[a] | who[b]):
            old, new = of[b], of[a]
            of = {name: new if part == old else part for name, part in of.items()}
    spent = (events["end"] - events["start"]).dt.total_seconds().to_numpy()
    sums = events.assign(hours=spent).groupby("activity")["hours"].agg(["sum", "size"])
    hours, times = sums["sum"].to_dict(), sums["size"].to_dict()
    groups: dict[str, list[str]] = {}
    for activity, part in of.items():
        groups.setdefault(part, []).append(activity)
    ordered = sorted(groups.values(), key=lambda names: -sum(hours[name] for name in names))
    return [tuple(sorted(names, key=lambda name: -times[name])) for names in ordered]


def _desk(
    log: EventLog,
    events: pd.DataFrame,
    activities: tuple[str, ...],
    found: Staff,
    told: Mapping[str, Any],
    target: Target,
    level: float,
) -> Desk | None:
    work = events[events["activity"].isin(activities)]
    hours = (work["end"] - work["start"]).dt.total_seconds().to_numpy() / 3600
    whole = (hours > 0) & (hours <= LONGEST)
    if whole.sum() < FEWEST:
        return None
    name = activities[0] if len(activities) == 1 else f"{activities[0]} +{len(activities) - 1}"
    open_ = open_hours(pd.concat([work["start"], work["end"]]))
    try:
        coming = demand(
            _when_open(_ready(log, activities), open_),
            hours[whole],
            name=name,
            clusters=work["case"].to_numpy()[whole],
            since=log.cases["opened"].min(),
            until=pd.Timestamp(log.until),
            level=level,
        )
        needs = needed(coming, target=target)
    except DataError:
        return None
    pools = {pool.name: pool for pool in found.pools}
    people = set(work["resource"].dropna()) & set(found.pool_of)
    mine = {found.pool_of[person] for person in people}
    return Desk(
        name=name,
        activities=activities,
        needs=needs,
        closing=_closed(needs, open_, told, target),
        on_duty_hours=float(sum(pools[pool].weekly_hours for pool in mine)),
        people=len(people),
    )


def _ready(log: EventLog, activities: Sequence[str]) -> Any:
    """When each piece of work could be taken up."""
    events = log.events
    before = events.groupby("case")["end"].shift()
    opened = events["case"].map(log.cases.set_index("case")["opened"])
    return before.fillna(opened)[events["activity"].isin(activities)].dropna()


def _when_open(times: Any, open_: Any) -> Any:
    """Times moved to when the desk opens next, where it is closed."""
    stamps = pd.DatetimeIndex(times)
    slot = stamps.day_of_week * 48 + stamps.hour * 2 + stamps.minute // 30
    twice = np.flatnonzero(np.concatenate([open_, open_]))
    next_ = twice[np.searchsorted(twice, np.arange(SLOTS))]
    later = next_[slot] - slot
    begins = stamps.floor("30min") + pd.to_timedelta(30 * later, unit="min")
    return np.where(later > 0, begins.to_numpy(), stamps.to_numpy())


def _closed(needs: Needs, open_: Any, told: Mapping[str, Any], target: Target) -> Closing | None:
    try:
        return close_loop(
            needs.demand,
            _contracts(told.get("contracts"), open_),
            target=target,
            budget=told["budget"],
            near=float(told.get("near", 0.9)),
            rounds=int(told.get("rounds", 5)),
            weeks=int(told.get("weeks", 100)),
            nodes=int(told.get("nodes", NODES)),
            seconds=float(told.get("seconds", SECONDS)),
            gap=0.001,
        )
    except NoPlanError:
        return None
    except (UsageError, DataError) as error:
        raise DeclarationError(str(error)) from None


def _contracts(told: Any, open_: Any) -> tuple[Contract, ...]:
    """Declared contracts; or full and half days within the hours in which the desk is open."""
    if told:
        try:
            return tuple(Contract(**_frozen(one)) for one in told)
        except (TypeError, AttributeError) as error:
            msg = f"'contracts' is a list of what a contract allows: {error}"
            raise DeclarationError(msg) from None
    week = np.asarray(open_).reshape(7, 48)
    slots, days = np.flatnonzero(week.any(axis=0)), np.flatnonzero(week.any(axis=1))
    first, last = int(slots[0]) / 2, (int(slots[-1]) + 1) / 2
    return tuple(
        Contract(
            name=name,
            starts=_starts(first, last, length),
            lengths=(length,),
            days=(min(5, len(days)),),
            on=tuple(int(day) for day in days),
            part_time=length < FULL,
        )
        for name, length in (("full day", FULL), ("half day", HALF))
    )


def _frozen(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in one.items()}


def _starts(first: float, last: float, length: float) -> tuple[float, ...]:
    latest = max(last - length, first)
    return tuple(float(at) for at in np.arange(first, latest + 0.25, 1.0)) + (
        (latest,) if (latest - first) % 1 else ()
    )


def _assumed(told: Mapping[str, Any], target: Target) -> tuple[Message, ...]:
    found = []
    if not {"target", "within"} <= set(told):
        found.append(
            say(
                "nobody declared a promise: that {share} of the work is taken up within {hours} "
                "h is an example",
                share=f"{target.share:.0%}", hours=target.hours,
            )
        )  # fmt: skip
    if not told.get("contracts"):
        found.append(
            say(
                "nobody declared contracts: shifts of {full} and {half} hours, five days a week, "
                "without breaks, are taken, and as many people as are needed",
                full=FULL, half=HALF,
            )
        )  # fmt: skip
    if told["budget"] is None:
        found.append(say("nobody declared a budget: the cheapest plan that keeps the promise"))
    found.append(
        say(
            "work comes by chance at the rate of each half-hour, its length varies without memory, "
            "and whoever is at a desk can do all of its work and does nothing else"
        )
    )
    return tuple(found)


def half_hours(found: Week) -> tuple[Sequence[str], list[dict[str, Any]]]:
    """One row a desk and half-hour in which anything comes or anybody works."""
    rows = []
    for desk in found.desks:
        needs, last = desk.needs, desk.closing.last if desk.closing else None
        coming, grid = needs.demand, needs.demand.grid
        nobody = np.zeros(grid.size)
        staff_ = sum(last.plan.staff.values(), nobody) if last else nobody
        for slot in range(grid.size):
            if not coming.rates[slot] and not staff_[slot]:
                continue
            values = (
                desk.name, grid.told(slot), float(coming.rates[slot]), float(coming.low[slot]),
                float(coming.high[slot]), int(needs.people[slot]), int(needs.low[slot]),
                int(needs.high[slot]), int(staff_[slot]) if last else "",
                float(last.tried.shares[slot]) if last and coming.rates[slot] else "",
            )  # fmt: skip
            rows.append(dict(zip(SLOT_COLUMNS, values, strict=True)))
    return SLOT_COLUMNS, rows


def shifts(found: Week) -> tuple[Sequence[str], list[dict[str, Any]]]:
    """One row a desk and kind of week, with how many people work it."""
    rows = []
    for desk in found.desks:
        last = desk.closing.last if desk.closing else None
        for tour in last.plan.tours if last else ():
            days = " ".join(last.plan.grid.told(48 * day)[:3] for day in tour.days) if last else ""
            values = (desk.name, tour.contract, tour.start_hour, tour.hours, days, tour.people)
            rows.append(dict(zip(SHIFT_COLUMNS, values, strict=True)))
    return SHIFT_COLUMNS, rows
