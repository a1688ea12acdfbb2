"""Changes worth a try that a log itself suggests, each told in a sentence that names no person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.prototypes.processes.simulation import changes
from iagkit.prototypes.processes.simulation.engine import simulate
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.simulated import on_duty
from iagkit.prototypes.processes.simulation.ways import Templates

SEEN: Final = 5
"""Cases in which something must have happened so that it is proposed to change it."""
BOTH: Final = 0.2
"""Share of the rarer order of two steps beside the commoner one, from which the log allows both."""
TOGETHER: Final = 3
"""Cases of the same minute that are a batch."""
BATCHED: Final = 0.6
"""Share of the events of an activity in batches, from which a clock lets them through."""
MOST_HOURS: Final = 10
NO_PEOPLE: Final = say(
    "nothing was tried with people, shifts or the order of work: the log does not tell who worked "
    "from when to when"
)
FIRST_COME: Final = say(
    "no order of work by deadline or group was tried: first come, first served is declared as law"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """A change to be tried.

    Parameters
    ----------
    name : str
        For records and tables; no name of a person.
    what : Message or mapping of str to str
        What is done otherwise: a sentence, or the institution's own words by language.
    model : Model
        The process with it.
    """

    name: str
    what: Message | Mapping[str, str]
    model: Model


Maker = Callable[[Model, EventLog], Proposal | Message]


def proposed(
    model: Model, log: EventLog, *, first_come_first_served: bool = False
) -> tuple[tuple[Proposal, ...], tuple[Message, ...]]:
    """Changes that a log suggests, and why others were not tried.

    Parameters
    ----------
    model : Model
        Learnt from ``log``.
    log : EventLog
    first_come_first_served : bool
        The law's order: no other rule of priority is proposed.

    Returns
    -------
    tuple of Proposal
        One more person in the group with most work for its hours; the earliest deadline, or the
        oldest case, first; work shared among groups; the commonest loop removed; two steps side by
        side that were seen in both orders; another hour for what is let through in batches.
    tuple of Message
        One for each that was left out.
    """
    found: list[Proposal] = []
    without: list[Message] = [] if model.pools else [NO_PEOPLE]
    if model.pools and first_come_first_served:
        without.append(FIRST_COME)
    makers: list[Maker] = [one_more, oldest_first] if model.pools else []
    if model.pools and not first_come_first_served:
        makers += [earliest_deadline, shared_among_groups]
    for make in (*makers, without_loop, side_by_side, other_hour):
        made = make(model, log)
        if isinstance(made, Proposal):
            found.append(made)
        else:
            without.append(made)
    return tuple(found), tuple(without)


def one_more(model: Model, log: EventLog) -> Proposal | Message:  # noqa: ARG001
    """One more person where the work fills most of the hours."""
    run = simulate(model, seed=0, until=672.0)
    duty = on_duty(model, run.until)
    done = run.pools()["work_hours"].to_numpy()
    load = np.where(duty > 0, done / np.maximum(duty, 1e-9), 0.0)
    tightest = int(np.argmax(load))
    mine = run.times.pool == tightest
    if not mine.any():
        return say("nobody is ever needed in the simulated process: no one was added")
    activity = int(np.bincount(run.work.activity[mine]).argmax())
    return Proposal(
        name="one more person",
        what=say(
            "one more person beside those who do “{activity}”, with the same skills and hours; "
            "this group is the one whose hours are filled most",
            activity=model.activities[activity].name,
        ),
        model=changes.more_staff(model, model.pools[tightest].name),
    )


def oldest_first(model: Model, log: EventLog) -> Proposal | Message:  # noqa: ARG001
    """Whose case came first is first at every step."""
    return Proposal(
        name="oldest case first",
        what=say(
            "at every step the case that came to the office first is taken up first, instead of "
            "the one that has been at this step for longest"
        ),
        model=changes.in_order(model, "arrival"),
    )


def earliest_deadline(model: Model, log: EventLog) -> Proposal | Message:  # noqa: ARG001
    """The earliest deadline is first."""
    way = _templates(model)
    if way is None or not np.isfinite(way.due_after).any():
        return say("no order by deadline was tried: the log has no deadlines")
    return Proposal(
        name="earliest deadline first",
        what=say("at every step the case with the earliest deadline is taken up first"),
        model=changes.in_order(model, "due"),
    )


def shared_among_groups(model: Model, log: EventLog) -> Proposal | Message:  # noqa: ARG001
    """Each group has its share of the work, and none can crowd out others."""
    way = _templates(model)
    shares = {} if way is None else _shares(way)
    if len(shares) < 2:
        return say("no quotas were tried: no column of groups was declared")
    return Proposal(
        name="quota by group",
        what=say(
            "work is shared among the {n} groups by how many cases each brings, so that no group "
            "can crowd out another", n=len(shares),
        ),
        model=changes.in_order(model, "quota", quotas=shares),
    )  # fmt: skip


def _shares(way: Templates) -> dict[str, float]:
    told = pd.Series(way.weight).groupby(way.group.astype(str)).sum()
    if set(told.index) == {""}:
        return {}
    return {str(name): float(weight) for name, weight in (told / told.sum()).items() if weight > 0}


def without_loop(model: Model, log: EventLog) -> Proposal | Message:  # noqa: ARG001
    """What is most often done again is done once."""
    way = _templates(model)
    nothing = say("no loop was removed: hardly any case does the same twice")
    if way is None:
        return nothing
    case = np.repeat(np.arange(len(way)), np.diff(way.starts))
    pairs, visits = np.unique(np.column_stack([case, way.activity]), axis=0, return_counts=True)
    again = pairs[visits > 1]
    if not len(again):
        return nothing
    weight = np.bincount(again[:, 1], weights=way.weight[again[:, 0]], minlength=len(way.names))
    activity = int(np.argmax(weight))
    cases = int((again[:, 1] == activity).sum())
    if cases < SEEN:
        return nothing
    name = way.names[activity]
    return Proposal(
        name="loop removed",
        what=say(
            "“{activity}” is done once: what lies between the first time and the last is left out "
            "(in {share} of the cases it is done again)",
            activity=name, share=f"{weight[activity] / way.weight.sum():.0%}",
        ),
        model=changes.without_rework(model, name),
    )  # fmt: skip


def side_by_side(model: Model, log: EventLog) -> Proposal | Message:  # noqa: ARG001
    """Two steps that were seen in both orders need not wait for one another."""
    nothing = say("no two steps were put side by side: none were often seen in both orders")
    way = _templates(model)
    if way is None:
        return nothing
    seen: Counter[tuple[int, int]] = Counter()
    for low, high in pairwise(way.starts.tolist()):
        seen.update(set(pairwise(way.activity[low:high].tolist())))
    pairs = sorted(
        ((n, a, b) for (a, b), n in seen.items() if a != b and n >= seen[(b, a)]
         and seen[(b, a)] >= max(SEEN, BOTH * n)),
        reverse=True,
    )  # fmt: skip
    for _, first, second in pairs[:SEEN]:
        names = way.names[first], way.names[second]
        try:
            changed = changes.in_parallel(model, *names)
        except DataError:
            continue
        return Proposal(
            name="side by side",
            what=say(
                "“{second}” no longer waits for “{first}”; the log has them in both orders",
                first=names[0], second=names[1],
            ),
            model=changed,
        )  # fmt: skip
    return nothing


def other_hour(model: Model, log: EventLog) -> Proposal | Message:
    """What is let through together is let through at another time, or on more days."""
    nothing = say("no hour of a batch was moved: no work is let through by the clock")
    way = _templates(model)
    if way is None:
        return nothing
    for activity, hours in _batches(log):
        if activity not in way.names:
            continue
        clock = Counter(hour % 24 for hour in hours).most_common(1)[0][0]
        days = {hour // 24 for hour in hours}
        daily = tuple(float(24 * day + clock) for day in range(5))
        if len(days) < 5:
            moved, how = daily, say(
                "“{activity}”, now let through in batches on {days} days of the week, is let "
                "through on each working day at {hour}:00; what is ready by then goes",
                activity=activity, days=len(days), hour=int(clock),
            )  # fmt: skip
        else:
            early = (clock - 4) % 24
            moved, how = tuple(float(24 * day + early) for day in range(5)), say(
                "“{activity}”, now let through in batches, is let through at {hour}:00 instead of "
                "{now}:00; what is ready by then goes",
                activity=activity, hour=int(early), now=int(clock),
            )  # fmt: skip
        changed = changes.gated(model, activity, hours=moved)
        return Proposal(name="another hour", what=how, model=changed)
    return nothing


def _batches(log: EventLog) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Activities that a clock lets through, and at which hours of the week; the commonest first."""
    events = log.events[log.events["end"].notna()]
    stamp = events["start"].where(events["start"].notna(), events["end"])
    minute = stamp.dt.floor("min")
    size = minute.groupby([events["activity"], minute]).transform("size")
    rows = pd.DataFrame({"activity": events["activity"], "at": minute, "in": size >= TOGETHER})
    counts = rows.groupby("activity")["in"].agg(["sum", "mean"]).sort_values("sum", ascending=False)
    for activity, row in counts.iterrows():
        if row["mean"] < BATCHED or row["sum"] < 4 * SEEN:
            continue
        at = rows.loc[(rows["activity"] == activity) & rows["in"], "at"]
        if at.dt.hour.eq(0).mean() > 1 - BATCHED:
            continue  # dates without a time of day are no gate
        hours = (24 * at.dt.day_of_week + at.dt.hour).value_counts()
        often: Any = hours[hours.cumsum() <= 0.9 * hours.sum() + hours.iloc[0]]
        if len(often) <= MOST_HOURS:
            yield str(activity), tuple(int(hour) for hour in sorted(often.index))


def _templates(model: Model) -> Templates | None:
    return model.way if isinstance(model.way, Templates) else None
