"""What a run tells of an event log; each part only where the log, or the institution, allows it.

A part is a function of the :class:`Setting`. It hands over evidence for its checks, facts for the
record and files to be sealed beside it; where it has nothing to say it leaves the reason as the
evidence of its checks, a :class:`Message`. To add one, add it to ``PARTS``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import say
from iagkit.core.nouns import Prototype
from iagkit.prototypes.processes import tables

ACTIVITIES: Final = 20
ARCS: Final = 40
"""Of the drawn map."""
MIN_CELL: Final = 5
"""Fewer cases are not told apart: they say nothing, and may say who they are of."""
RUNS: Final = 10
"""Of a simulation, each with another seed."""
FEW_RUNS: Final = 5
"""Of a simulation of a long log."""
RESAMPLES: Final = 20
"""Draws of held-out cases by which it is told whether others could turn a comparison round."""
SMALL: Final = 20_000
"""Cases of a past in which it is tried how fast it should be forgotten; more take long."""
NOT_SIMULATED: Final = say(
    "too few cases are closed to learn a process from the older ones and to hold it against the "
    "newer ones"
)
NO_STARTS: Final = say(
    "the log tells when work ended and not when it began, so that waiting and working cannot be "
    "told apart"
)
TOO_SHORT: Final = say(
    "too few cases of three events or more are closed to learn how long others still take, and to "
    "test it on later ones"
)
Progress = Callable[[str], None]
Writer = Callable[[Path], None]
"""Writes one file at the place it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every part may look at.

    Parameters
    ----------
    log : EventLog
    prototype : Prototype
        ``params`` may hold settings of parts; a part reads those of its own name.
    seed : int
    progress : callable
        Told what begins, where it takes long.
    """

    log: EventLog
    prototype: Prototype
    seed: int
    progress: Progress

    def asked(self, part: str) -> Mapping[str, Any]:
        """Settings that are declared for a part."""
        told = self.prototype.params.get(part, {})
        return told if isinstance(told, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a part hands over.

    Parameters
    ----------
    evidence : mapping of str to object
        What its checks need, by name.
    facts : mapping
        Plain JSON for the record; no id of a case, no name of a person.
    files : mapping of str to Writer
        Files of the institution, sealed by their digests; they may hold ids of cases.
    """

    evidence: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Writer] = field(default_factory=dict)


def quality(setting: Setting) -> Found:
    """How good the log is, before anything is read from it."""
    from iagkit.measures.processes.quality import log_quality

    setting.progress("quality")
    found = log_quality(setting.log)
    told = {
        "impossible": dict(found.impossible),
        "placeholder_dates": found.placeholder_dates,
        "backwards": found.backwards,
        "busiest_minute": found.busiest_minute,
        "date_only": found.date_only,
    }
    return Found(evidence={"quality": found}, facts={"quality": told})


def follows(setting: Setting) -> Found:
    """Which activity follows which; ``map`` may declare ``activities`` and ``arcs`` to draw."""
    from iagkit.measures.processes.follows import directly_follows

    setting.progress("map")
    asked = setting.asked("map")
    found = directly_follows(setting.log.events, medians=True)
    shown = found.filtered(
        activities=int(asked.get("activities", ACTIVITIES)),
        arcs=int(asked.get("arcs", ARCS)),
        least=MIN_CELL,
    )
    return Found(
        evidence={"follows": found, "map_shown": shown},
        facts={"map": tables.without_few(shown.plain(), least=MIN_CELL)},
        files={"map.csv": partial(tables.write, tables.of_arcs(found))},
    )


def ways(setting: Setting) -> Found:
    """Which ways cases take, what is done again, how often work passes to another."""
    from iagkit.measures.processes import variants

    events = setting.log.events
    return Found(
        evidence={
            "variants": variants.variants(events),
            "rework": variants.rework(events),
            "hand_overs": variants.hand_overs(events),
        }
    )


def causes(setting: Setting) -> Found:
    """Why work waits, where starts of work are known."""
    from iagkit.measures.processes.waits import waits

    if not setting.log.timed_work:
        return Found(evidence={"causes": NO_STARTS})
    return Found(evidence={"causes": waits(setting.log)})


def arrivals(setting: Setting) -> Found:
    """When cases come, and whether by chance alone."""
    from iagkit.measures.processes import arrivals as coming

    log = setting.log
    return Found(
        evidence={
            "arrivals": coming.arrivals(
                log.cases["opened"].to_numpy(), until=log.until, seed=setting.seed
            )
        }
    )


def people(setting: Setting) -> Found:
    """Those who work, all together; nobody is named."""
    from iagkit.measures.processes.workforce import workforce

    return Found(
        evidence={"workforce": workforce(setting.log, level=setting.prototype.protocol.level)}
    )


def office(setting: Setting) -> Found:
    """Working time, where ``clock`` declares when the office is open."""
    from iagkit.prototypes.processes import working

    evidence, facts = working.evidence(setting.log, setting.prototype.params.get("clock"))
    return Found(evidence=evidence, facts=facts)


def remaining(setting: Setting) -> Found:
    """How long cases still take, learnt and tested in time; ``remaining: false`` is quicker."""
    if setting.prototype.params.get("remaining") is False:
        return Found()
    from iagkit.prototypes.processes.predicting import evaluate

    setting.progress("predict")
    protocol = setting.prototype.protocol
    try:
        found = evaluate(
            setting.log, coverage=protocol.coverage, level=protocol.level, seed=setting.seed
        )
    except DataError:
        return Found(evidence={"remaining": TOO_SHORT})
    return Found(
        evidence={"remaining": found},
        facts={"remaining": found.facts()},
        files={
            "forecasts.parquet": partial(found.table.to_parquet, index=False),
        },
    )


def foreseen(setting: Setting) -> Found:
    """What is foreseen of cases: see :mod:`iagkit.prototypes.processes.foreseeing`."""
    if setting.prototype.params.get("remaining") is False:
        return Found()
    from iagkit.prototypes.processes.foreseeing import foresee

    return foresee(setting, remaining(setting))


def simulation(setting: Setting) -> Found:
    """A process learnt from the older cases, held against the newer ones.

    ``simulation: false`` is quicker; ``simulation: {runs: 20}`` is surer.
    """
    if setting.prototype.params.get("simulation") is False:
        return Found()
    from iagkit.prototypes.processes.simulation.discover import discovered
    from iagkit.prototypes.processes.simulation.replay import split
    from iagkit.prototypes.processes.simulation.validate import best_half_life, validate

    setting.progress("simulate")
    try:
        past, held_out = split(setting.log, share=1 - setting.prototype.protocol.test_share)
        small = len(past.cases) <= SMALL
        runs = int(setting.asked("simulation").get("runs", RUNS if small else FEW_RUNS))
        found = discovered(past, half_life=best_half_life(past) if small else math.inf)
        validated = validate(
            found.model, held_out, past=past, seeds=runs, resamples=RESAMPLES if small else 0
        )
    except DataError:
        return Found(evidence={"simulation": NOT_SIMULATED, "scenarios": NOT_SIMULATED})
    remarks = [{"template": r.template, "values": dict(r.values)} for r in found.remarks]
    told = {"certified": validated.verdict, "runs": runs, "remarks": remarks}
    tried = _tried(setting, found.model, past, validated.verdict)
    return Found(
        evidence={"simulation": validated, **tried.evidence},
        facts={"simulation": told, **tried.facts},
        files=tried.files,
    )


def _tried(setting: Setting, model: Any, past: EventLog, verdict: Any) -> Found:
    """Changes in the simulated process; ``scenarios: false`` is quicker."""
    params = setting.prototype.params
    if params.get("scenarios") is False:
        return Found()
    from iagkit.prototypes.processes.trying_out import TriedOut, try_out

    setting.progress("try")
    told = params.get("scenarios", {})
    found = try_out(
        model,
        past,
        asked=told if isinstance(told, Mapping) else {"declared": told},
        certified=verdict,
        first_come_first_served=bool(params.get("first_come_first_served", False)),
    )
    if not isinstance(found, TriedOut):
        return Found(evidence={"scenarios": found})
    return Found(
        evidence={"scenarios": found},
        facts={"scenarios": found.facts()},
        files={"scenarios.csv": partial(tables.write, tables.of_scenarios(found.comparison))},
    )


def staffing(setting: Setting) -> Found:
    """People that each half-hour needs, and shifts; only where the log tells who worked when.

    ``staffing: false`` is quicker; see
    :func:`~iagkit.prototypes.processes.staffing.week.plan_week` for what may be declared.
    """
    asked = setting.prototype.params.get("staffing", {})
    if asked is False:
        return Found()
    from iagkit.prototypes.processes.staffing import week

    if not setting.log.timed_work:
        return Found(evidence={"staffing": NO_STARTS})
    setting.progress("staff")
    found = week.plan_week(setting.log, asked=asked, level=setting.prototype.protocol.level)
    if not isinstance(found, week.Week):
        return Found(evidence={"staffing": found})
    return Found(
        evidence={"staffing": found},
        facts={"staffing": found.facts()},
        files={
            "staffing.csv": partial(tables.write, week.half_hours(found)),
            "shifts.csv": partial(tables.write, week.shifts(found)),
        },
    )


PARTS: tuple[Callable[[Setting], Found], ...] = (
    quality, follows, ways, arrivals, people, office, causes, foreseen, simulation,
    staffing,
)  # fmt: skip
