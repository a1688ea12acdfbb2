"""Changes tried in the simulated process: those that the log suggests, and those declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import numpy as np

from iagkit.core.errors import DeclarationError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.prototypes.processes.simulation.declared import declared
from iagkit.prototypes.processes.simulation.model import WEEK, Model
from iagkit.prototypes.processes.simulation.proposing import Proposal, proposed
from iagkit.prototypes.processes.simulation.scenarios import Comparison, compare
from iagkit.prototypes.processes.simulation.sensitivity import Assumption, sensitivities
from iagkit.prototypes.processes.simulation.validate import Certificate

RUNS: Final = 10
ASSUMED_RUNS: Final = 3
"""Runs for each assumption; only which of them is the worst is asked."""
FEWEST_CASES: Final = 400
"""Cases that should be counted in each run."""
MOST_STEPS: Final = 10_000
"""Steps of a run; where more come, the time simulated is shorter."""
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
    certified : {"certified", "refused", "unknown"}
        Whether the model may be believed at all.
    until : float, hours
        Simulated in each run.
    runs : int
    priced : bool
        Whether hours of people were given a cost.
    column : str
        Of groups; empty if there are none.
    remarks : tuple of Message
    """

    comparison: Comparison
    proposals: tuple[Proposal, ...]
    without: tuple[Message, ...]
    worst: Mapping[str, Assumption]
    certified: Certificate
    until: float
    runs: int
    priced: bool
    column: str
    remarks: tuple[Message, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Plain JSON for the record; no name of a person who works."""
        return {
            "certified": self.certified,
            "runs": self.runs,
            "priced": self.priced,
            "weeks": round(self.until / WEEK, 1),
            "changes": {p.name: _plain(p.what) for p in self.proposals},
            "front": list(self.comparison.front),
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
    warm_up, until, short = window(model)
    models = {each.name: each.model for each in proposals}
    comparison = compare(model, models, runs, until=until, warm_up=warm_up)
    assumed = sensitivities(model, models, min(runs, ASSUMED_RUNS), until=until, warm_up=warm_up)
    told = _once(comparison.remarks)
    return TriedOut(
        comparison=comparison,
        proposals=proposals,
        without=without,
        worst={name: each[0] for name, each in assumed.items()},
        certified=certified,
        until=until,
        runs=runs,
        priced=any(pool.cost for pool in model.pools),
        column=log.groups[0] if log.groups else "",
        remarks=(*([TOO_SHORT] if short and model.pools else []), *told),
    )


def window(model: Model) -> tuple[float, float, bool]:
    """How long to simulate before counting, and in all; and whether that is short.

    Parameters
    ----------
    model : Model

    Returns
    -------
    warm_up, until : float, hours
        So that some hundred cases are counted and no run has too many steps.
    short : bool
        Whether one case in twenty takes longer than the warm-up.
    """
    from iagkit.prototypes.processes.simulation.engine import simulate

    probe = simulate(model, seed=0, until=2 * WEEK)
    cases, steps = max(len(probe.work.arrived), 1), max(len(probe.work.activity), 1)
    an_hour = cases / (2 * WEEK)
    lasts = probe.closed - probe.work.arrived
    long = float(np.nanquantile(lasts, 0.95)) if np.isfinite(lasts).any() else inf
    warm_up = float(np.clip(2 * long, 2 * WEEK, 52 * WEEK))
    counted = float(np.clip(FEWEST_CASES / an_hour, 4 * WEEK, 52 * WEEK))
    most = MOST_STEPS / (steps / cases * an_hour)
    until = max(min(warm_up + counted, most), 3 * WEEK)
    warm_up = min(warm_up, until / 2)
    return warm_up, until, long > warm_up


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
