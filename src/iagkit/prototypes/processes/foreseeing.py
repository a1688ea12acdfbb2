"""What is foreseen of cases: how long they still take, which will be late, what is done next.

One model file and one list of open cases come of it, and what moves the forecasts.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.prototypes.processes import reasons
from iagkit.prototypes.processes.at_work import AtWork, write_open_cases
from iagkit.prototypes.processes.landmarks import every_prefix, landmarks
from iagkit.prototypes.processes.lateness import LateEvaluated, evaluate_lateness
from iagkit.prototypes.processes.next_activity import NextEvaluated, evaluate_next
from iagkit.prototypes.processes.parts import Found, Setting
from iagkit.prototypes.processes.predicting import Evaluated

if TYPE_CHECKING:
    from iagkit.explain.attribution import Attribution

MORE: Final = 3
"""Activities from which on it is a question which one follows."""
OPEN_CASES: Final = "open_cases.csv"
NO_DEADLINES: Final = say(
    "the log tells no deadlines; name their column with --due, or say sla_days in the prototype"
)
FEW_DEADLINES: Final = say(
    "too few deadlines have passed, late and in time, of cases that were open on some evening, to "
    "learn which will be late and to test it on later cases"
)
FEW_STEPS: Final = say(
    "too few cases of two events or more are closed to learn what is done next, and to test it"
)
NO_CHOICE: Final = say("the log has two activities or fewer, so that the next one is no question")
NOTHING: Final = say("nothing was learnt whose reasons could be told")


def foresee(setting: Setting, remaining: Found) -> Found:
    """Add lateness, next activity and reasons to the remaining time.

    Parameters
    ----------
    setting : Setting
        ``params`` may hold ``attributes`` (columns of the cases that were known when they began)
        and ``capacity`` (cases a day that people look at).
    remaining : Found
        With the evidence ``remaining``.

    Returns
    -------
    Found
    """
    late, following = _late(setting), _next(setting.log, setting.prototype.protocol.level)
    days: Any = remaining.evidence.get("remaining")
    model = _at_work(setting, days, late)
    facts: dict[str, Any] = dict(remaining.facts)
    if not isinstance(late, Message):
        facts["lateness"] = late.facts()
    files = dict(remaining.files)
    if model.remaining is not None or model.lateness is not None:
        listed = model.open_cases(setting.log)
        files[OPEN_CASES] = partial(write_open_cases, listed)
        facts["open_cases"] = {
            "open": len(listed),
            "first": int(listed["look_first"].sum()),
            "overdue": int((listed["days_to_due"] < 0).sum()),
        }
    evidence = {
        **remaining.evidence,
        "lateness": late,
        "next": following,
        "drivers": _drivers(setting, model),
        "at_work": model if files.get(OPEN_CASES) else None,
    }
    return replace(remaining, evidence=evidence, facts=facts, files=files)


def attributes_of(params: Any) -> tuple[str, ...]:
    """Columns of the cases that are declared as known when they begin."""
    told = params.get("attributes") or ()
    return (told,) if isinstance(told, str) else tuple(map(str, told))


def _late(setting: Setting) -> LateEvaluated | Message:
    log = setting.log
    if log.cases["due"].isna().all():
        return NO_DEADLINES
    capacity = setting.prototype.params.get("capacity")
    try:
        return evaluate_lateness(
            log, attributes=attributes_of(setting.prototype.params),
            capacity=None if capacity is None else float(capacity),
            level=setting.prototype.protocol.level, seed=setting.seed,
        )  # fmt: skip
    except DataError:
        return FEW_DEADLINES


def _next(log: EventLog, level: float) -> NextEvaluated | Message:
    if log.events["activity"].nunique() < MORE:
        return NO_CHOICE
    try:
        return evaluate_next(log, level=level)
    except DataError:
        return FEW_STEPS


def _at_work(setting: Setting, days: Any, late: LateEvaluated | Message) -> AtWork:
    known = isinstance(days, Evaluated)
    return AtWork(
        remaining=days.model if known else None,
        margin=days.margin if known else 0.0,
        lateness=None if isinstance(late, Message) else late.model,
        attributes=attributes_of(setting.prototype.params),
        capacity=0.0 if isinstance(late, Message) else late.capacity,
    )


def _drivers(setting: Setting, model: AtWork) -> dict[str, Attribution] | Message:
    """Explain forecasts of some cases; they are compared with some others."""
    if model.remaining is None and model.lateness is None:
        return NOTHING
    rows = every_prefix(setting.log, attributes=model.attributes)
    found = {}
    if model.remaining is not None:
        many = rows.where(rows.position > 1)
        asked, others = (reasons.some(many, many.case, seed=setting.seed + k) for k in (0, 1))
        found["days"] = reasons.of_days(model, asked, others, seed=setting.seed)
    if model.lateness is not None:
        evenings = landmarks(setting.log, rows)
        asked, others = (
            reasons.some(evenings, evenings.case, seed=setting.seed + k) for k in (0, 1)
        )
        found["risk"] = reasons.of_risk(model, asked, others, seed=setting.seed)
    return found
