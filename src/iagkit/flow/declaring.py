"""What a person says of a run: the prototype with its changes, and where the table or log lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

from iagkit.core import registry
from iagkit.core.canonical import EXACT as LARGEST_SEED
from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Dataset, Prototype


class Options(TypedDict, total=False):
    """What the person who runs a prototype may say beside the table; all optional.

    ``text``, ``target``, ``groups``, ``time``, ``ids``, ``office``, ``language`` name columns
    (what is not told comes from the card); the others replace what the prototype declares:
    ``capacity`` in cases a day, ``urgent`` a column of yes and no, ``urgent_classes`` classes.
    From ``case_id`` on, all speak of logs; see :func:`iagkit.wire.logs.loading.load`, and from
    ``sla_days`` on :func:`iagkit.prototypes.processes.asked.with_options`.
    """

    text: str | None
    target: str | None
    groups: Sequence[str]
    time: str | None
    ids: str | None
    office: str | None
    language: str | None
    split_column: str | None
    query: str | None
    long_texts: str
    split_by: str | None
    review_share: float | None
    max_error: float | None
    coverage: float | None
    capacity: float | None
    urgent: str | None
    urgent_classes: Sequence[str]
    policy: str | None
    protocol: str | None
    taxonomy: str | None
    case_id: str | None
    activity: str | None
    timestamp: str | None
    start: str | None
    resource: str | None
    lifecycle: str | None
    instance: str | None
    opened: str | None
    closed: str | None
    due: str | None
    status: str | None
    last: str | None
    last_activity: str | None
    dates: str | None
    zone: str | None
    end_activities: Sequence[str]
    until: str | None
    object_type: str | None
    sla_days: str | float | None
    case_type: str | None
    filters: Sequence[str]
    calendar: str | None
    office_hours: Sequence[str]
    recess: Sequence[str]


NAMED = {"id": "ids", "split": "split_column"}
"""Roles of a table whose option has another name."""
OF_TABLES = ("text", "target", "time", "ids", "office", "language", "split_column", "split_by")
SPELT = {
    "ids": "--id", "last": "--last-motion", "end_activities": "--end-activity",
    "groups": "--group", "filters": "--filter",
}  # fmt: skip
"""Options whose flag is not their name with hyphens."""
INSTEAD = {"time": "--timestamp", "ids": "--case-id"}


def declare(prototype: str | Path, options: Options, seed: int) -> Prototype:
    """Read a prototype as it is declared, with what was asked otherwise."""
    from iagkit.registers import answers
    from iagkit.wire import declare as files

    if options.get("review_share") is not None and options.get("max_error") is not None:
        msg = "give --review-share or --max-error, not both: one decides how many go to a person"
        raise UsageError(msg)
    if not 0 <= seed <= LARGEST_SEED:
        msg = (
            f"expected a seed from 0 to {LARGEST_SEED}, which every reader of JSON keeps exactly; "
            f"got {seed}. Give --seed a whole number such as 0"
        )
        raise UsageError(msg)
    names = ("policy", "protocol", "taxonomy", "split_by", "coverage", "review_share", "max_error")
    found = files.prototype(prototype, **{name: options.get(name) for name in names})
    answers.check(found.answers)  # before anything is run, not after it
    public = {name: value for name, value in found.params.items() if name != "data"}
    public = _with_urgency(found, public, options)
    public = _with_log(found, public, options)
    return replace(found, params=public)  # where the table lies is nobody else's business


def _with_urgency(found: Prototype, params: dict[str, Any], options: Options) -> dict[str, Any]:
    capacity, column = options.get("capacity"), options.get("urgent")
    classes = options.get("urgent_classes") or ()
    if capacity is None and column is None and not classes:
        return params
    if takes_log(found) and column is None and not classes:
        return params | {"capacity": capacity}
    if "urgency" not in getattr(registry.find("recipes", found.recipe), "reads", ()):
        msg = (
            "expected a prototype that reads urgency, such as document-triage; got "
            f"'{found.name}'. Leave --capacity, --urgent and --urgent-class out"
        )
        raise UsageError(msg)
    from iagkit.prototypes.documents.urgency import with_options

    return with_options(params, capacity=capacity, column=column, classes=classes)


def _with_log(found: Prototype, params: dict[str, Any], options: Options) -> dict[str, Any]:
    from iagkit.prototypes.processes.asked import OPTIONS, with_options

    if not any(options.get(name) for name in OPTIONS):
        return params
    if not takes_log(found):
        _refuse(found, options, OPTIONS, "event logs, such as process-optimization")
    return with_options(params, options)


def whereabouts(
    prototype: str | Path, declared: Prototype, data: str | Path | None, options: Options
) -> dict[str, Any]:
    """Tell the table and its roles: as asked, else as declared; kept in the private `run.json`."""
    from iagkit.wire import declare as files

    defaults = files.data(prototype)
    source = str(data) if data is not None else defaults.get("source")
    if source is None:
        msg = f"the prototype '{prototype}' has no data of its own; name a table with --data"
        raise DataError(msg)
    if Path(source).exists():
        source = str(Path(source).resolve())
    own = _of_log if takes_log(declared) else _of_table
    told = {name: value for name, value in own(declared, options, defaults).items() if value}
    return {"data": source, **told}


def load(declared: Prototype, private: dict[str, Any]) -> Dataset:
    """Read the table or the log that the recipe works on."""
    if takes_log(declared):
        from iagkit.wire.logs import loading

        return loading.load(**private)
    from iagkit.wire import datasets

    return datasets.load(**private)


def takes_log(declared: Prototype) -> bool:
    """Whether the recipe says that it works on event logs."""
    return getattr(registry.find("recipes", declared.recipe), "takes", "table") == "log"


def _of_table(declared: Prototype, options: Options, defaults: dict[str, Any]) -> dict[str, Any]:
    from iagkit.prototypes.engine.lookup import ROLES
    from iagkit.wire.logs.loading import SETTINGS

    alone = [name for name in SETTINGS if name not in ROLES]
    _refuse(declared, options, alone, "event logs, such as process-optimization")
    told = {role: options.get(NAMED.get(role, role)) or defaults.get(role) for role in ROLES}
    return told | {name: options.get(name) for name in ("query", "long_texts")}


def _of_log(declared: Prototype, options: Options, defaults: dict[str, Any]) -> dict[str, Any]:
    from iagkit.wire.logs.loading import SETTINGS

    _refuse(declared, options, OF_TABLES, "tables of texts, such as citizen-requests")
    told = {name: options.get(name) or defaults.get(name) for name in SETTINGS}
    return told | {"query": options.get("query")}


def _refuse(declared: Prototype, options: Options, names: Sequence[str], needed: str) -> None:
    """Refuse an option that the recipe would never look at."""
    name = next((name for name in names if options.get(name)), None)
    if name is None:
        return
    flag = SPELT.get(name, f"--{name.replace('_', '-')}")
    instead = f"Say {INSTEAD[name]} instead" if name in INSTEAD else "Leave it out"
    msg = f"expected a prototype that reads {needed} for {flag}; got '{declared.name}'. {instead}"
    raise UsageError(msg)
