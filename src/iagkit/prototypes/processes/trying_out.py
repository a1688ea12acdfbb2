"""Changes tried in the simulated process: those that the log suggests, and those declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final, Literal

import numpy as np

from iagkit.core.errors import DeclarationError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.prototypes.processes.simulation.declared import declared
from iagkit.prototypes.processes.simulation.engine import YEAR, simulate
from iagkit.prototypes.processes.simulation.model import WEEK, Model
from iagkit.prototypes.processes.simulation.proposing import Proposal, proposed
from iagkit.prototypes.processes.simulation.scenarios import FEWEST, Comparison, compare
from iagkit.prototypes.processes.simulation.sensitivity import Assumption, sensitivities
from iagkit.prototypes.processes.simulation.validate import Certificate

RUNS: Final = 10
ASSUMED_RUNS: Final = 3
"""Runs for each assumption; only which of them is the worst is asked."""
FEWEST_CASES: Final = 400
"""Cases that should be counted in each run."""
MOST_STEPS: Final = 10_000
"""Steps of a run; where more come, fewer weeks are counted."""
LONGEST_STEPS: Final = 60_000
"""Steps of a run whose cases take long: they must come, and be finished, under the usual load."""
SEVERAL_YEARS: Final = 10 * YEAR
"""How long cases are followed at most, where a year does not do."""
NEARLY_ALL: Final = 0.95
MOST_UNFINISHED: Final = 0.1
"""Share of the counted cases that may be open at the end; beyond it nothing is certified."""
Standing = Literal[Certificate, "unfinished", "emptier"]
SETTINGS: Final = ("runs", "proposed", "cost_per_hour", "declared")
TOO_SHORT: Final = say(
    "cases take longer than the process was simulated before counting began, so that the process "
    "is emptier than the real one and waits for people are rather too short"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriedOut:
    """What came of the changes.

    Parameters
    ----------
    comparison : Comparison
    proposals : tuple of Proposal
    without : tuple of Message
        Why other changes were not tried.
    worst : mapping of str to Assumption
        By proposal: what, were it otherwise than learnt, would leave least of its effect on
        durations.
    certified : {"certified", "refused", "unknown", "unfinished", "emptier"}
        Whether the model may be believed at all; and, if it may, whether what was simulated holds
        what cases take: not if more than a tenth of those counted were open at the end, nor if
        people were simulated for too short a time to be as busy as they are.
    until : float, hours
        Simulated in each run.
    runs : int
    priced : bool
        Whether hours of people were given a cost.
    column : str
        Of groups; empty if there are none.
    most_unfinished : float
    remarks : tuple of Message
    """

    comparison: Comparison
    proposals: tuple[Proposal, ...]
    without: tuple[Message, ...]
    worst: Mapping[str, Assumption]
    certified: Standing
    until: float
    runs: int
    priced: bool
    column: str
    most_unfinished: float = MOST_UNFINISHED
    remarks: tuple[Message, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Plain JSON for the record; no name of a person who works."""
        return {
            "certified": self.certified,
            "unfinished": round(self.comparison.unfinished, 4),
            "most_unfinished": self.most_unfinished,
            "runs": self.runs,
            "priced": self.priced,
            "weeks": round(self.until / WEEK, 1),
            "changes": {p.name: _plain(p.what) for p in self.proposals},
            "front": list(self.comparison.front),
            "column": self.column,
            "fewest": FEWEST,
            "worst": {name: _plain(found.what) for name, found in self.worst.items()},
            "without": [_plain(message) for message in self.without],
            "remarks": [_plain(message) for message in self.remarks],
        }


def _plain(told: Message | Mapping[str, str]) -> dict[str, Any]:
    if isinstance(told, Message):
        return {"template": told.template, "values": dict(told.values)}
    return {"words": dict(told)}


def try_out(
    model: Model,
    log: EventLog,
    *,
    asked: Mapping[str, Any],
    certified: Certificate,
    first_come_first_served: bool = False,
) -> TriedOut | Message:
    """Simulate the process as it is and with each change, with the same luck.

    Parameters
    ----------
    model : Model
        That which was held against the cases held out.
    log : EventLog
        That it was learnt from.
    asked : mapping
        ``runs``; ``proposed``, false to try declared changes only; ``cost_per_hour`` of people;
        ``declared``, see :func:`~iagkit.prototypes.processes.simulation.declared.declared`.
    certified : str
        Verdict of the validation.
    first_come_first_served : bool
        The law's order.

    Returns
    -------
    TriedOut or Message
        A message where there is nothing to try.

    Raises
    ------
    DeclarationError
        If the declaration cannot be followed.
    """
    if unknown := sorted(set(asked) - set(SETTINGS)):
        msg = f"'scenarios' may hold {', '.join(SETTINGS)}; got '{unknown[0]}'"
        raise DeclarationError(msg)
    runs = _whole(asked.get("runs", RUNS))
    if price := float(asked.get("cost_per_hour", 0.0)):
        model = replace(model, pools=tuple(replace(p, cost=price) for p in model.pools))
    own = declared(
        model, asked.get("declared", ()), first_come_first_served=first_come_first_served
    )
    found: tuple[Proposal, ...] = ()
    without: tuple[Message, ...] = ()
    if asked.get("proposed", True):
        found, without = proposed(model, log, first_come_first_served=first_come_first_served)
    taken = {each.name for each in own}
    proposals = (*own, *(each for each in found if each.name not in taken))
    if not proposals:
        return say("the log suggests no change, and none is declared under 'scenarios'")
    return _compared(model, proposals, without, certified=certified, runs=runs, log=log)


def _compared(
    model: Model,
    proposals: tuple[Proposal, ...],
    without: tuple[Message, ...],
    *,
    certified: Certificate,
    runs: int,
    log: EventLog,
) -> TriedOut:
    time, short = window(model)
    models = {each.name: each.model for each in proposals}
    comparison = compare(model, models, runs, **time)
    assumed = sensitivities(model, models, min(runs, ASSUMED_RUNS), **time)
    told = _once(comparison.remarks)
    return TriedOut(
        comparison=comparison,
        proposals=proposals,
        without=without,
        worst={name: each[0] for name, each in assumed.items()},
        certified=_standing(certified, comparison.unfinished, short),
        until=time["until"],
        runs=runs,
        priced=any(pool.cost for pool in model.pools),
        column=log.groups[0] if log.groups else "",
        remarks=(*([TOO_SHORT] if short else []), *told),
    )


def _standing(certified: Certificate, unfinished: float, short: bool) -> Standing:
    if certified != "certified":
        return certified
    if unfinished > MOST_UNFINISHED:
        return "unfinished"
    return "emptier" if short else certified


def window(model: Model) -> tuple[dict[str, Any], bool]:
    """How long to simulate, so that cases come to their end under the usual load.

    Parameters
    ----------
    model : Model

    Returns
    -------
    dict of str to float, hours
        ``warm_up``, ``until``, ``follow`` and ``drain`` of
        :func:`~iagkit.prototypes.processes.simulation.scenarios.compare`. Twice the time within
        which nineteen in twenty cases end passes before counting, and that time once after it, as
        far as no run has too many steps. Cases that need more than a year are followed for ten.
        Where nobody is waited for, what comes after a case does not matter to it.
    bool
        Whether there are people, and one case in twenty takes longer than what passes before
        counting, or than what passes after it.
    """
    long, an_hour, steps, drain = _probed(model)
    warm_up = float(np.clip(2 * long, 2 * WEEK, 52 * WEEK))
    counted = float(np.clip(FEWEST_CASES / an_hour, 4 * WEEK, 52 * WEEK))
    until = max(min(warm_up + counted, MOST_STEPS / (steps * an_hour)), 3 * WEEK)
    if not model.pools:
        time = {"warm_up": min(warm_up, until / 2), "until": until, "follow": 0.0}
        return {**time, "drain": drain}, False
    follow = float(min(long, 52 * WEEK))
    counted = max(until - warm_up, WEEK)
    most = max(LONGEST_STEPS / (steps * an_hour), 3 * WEEK)
    part = min(1.0, (most - counted) / (warm_up + follow))
    warm_up, follow = part * warm_up, part * follow
    time = {"warm_up": warm_up, "until": warm_up + counted + follow, "follow": follow}
    return {**time, "drain": drain}, bool(long > warm_up or long > follow * (1 + 1e-9))


def _probed(model: Model) -> tuple[float, float, float, float]:
    """Hours within which nearly all cases end, cases an hour, steps a case, and how long to go on.

    Cases that are open at the end count as longer than all others.
    """
    for drain in (YEAR, SEVERAL_YEARS):
        probe = simulate(model, seed=0, until=2 * WEEK, drain=drain)
        lasts = np.where(probe.finished, probe.closed - probe.work.arrived, inf)
        long = float(np.quantile(lasts, NEARLY_ALL, method="higher")) if len(lasts) else inf
        if long < YEAR / 2:
            break
    cases, steps = max(len(lasts), 1), max(len(probe.work.activity), 1)
    return long, cases / (2 * WEEK), steps / cases, drain


def _once(remarks: Sequence[Message]) -> list[Message]:
    """Remarks without names of people; cases that were not finished are told once, as it is now."""
    return [_nameless(remark) for remark in remarks if remark.values.get("scenario", "-") == "-"]


def _nameless(remark: Message) -> Message:
    """Remarks about pools name people; records do not. A scenario is named by its letter."""
    if "scenario" in remark.values:
        share = float(str(remark.values["left"])) / float(str(remark.values["cases"]))
        return say(
            "when the simulation ends, {share} of the cases of the process as it is are not "
            "finished; their time until then counts, and is too short",
            share=f"{share:.0%}",
        )
    if "pools" not in remark.values:
        return remark
    return say(
        "people who stand in for one another were given {load} hours of work and have {hours}: "
        "the longer this lasts, the longer cases wait",
        load=remark.values["load"], hours=remark.values["hours"],
    )  # fmt: skip


def _whole(runs: Any) -> int:
    if isinstance(runs, bool) or not isinstance(runs, int) or runs < 2:
        msg = f"'runs' of 'scenarios' is a whole number from 2 on; got {runs!r}"
        raise DeclarationError(msg)
    return runs
