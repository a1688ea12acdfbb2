"""Options of event logs, added to a command that may work on one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any

import typer

PANEL = "Event logs"


def _column(what: str, *names: str) -> Any:
    return Annotated[str | None, typer.Option(*names, help=what, rich_help_panel=PANEL)]


def _several(what: str, *names: str) -> Any:
    told = f"{what} May be repeated."
    return Annotated[list[str] | None, typer.Option(*names, help=told, rich_help_panel=PANEL)]


OPTIONS: dict[str, Any] = {
    "case_id": _column("Column that names the case of an event."),
    "activity": _column("Column with what was done; or a classifier of an XES log."),
    "timestamp": _column("Column with when it was done."),
    "start": _column("Column with when it was begun, where there are two times."),
    "resource": _column("Column with who did it."),
    "lifecycle": _column("Column that says whether a row is a start or an end."),
    "instance": _column("Column that says which start belongs to which end."),
    "opened": _column("Of a table with one row a case: when it came."),
    "closed": _column("When the case was closed; empty while it is open."),
    "due": _column("Column with the deadline of the case."),
    "status": _column("Column that says whether the case is open."),
    "last": _column("Of a table of cases: when something was last done.", "--last-motion"),
    "last_activity": _column("Of a table of cases: what was last done."),
    "dates": _column("How 04/03/2024 is read: day-first or month-first."),
    "zone": _column("Time zone of the place, such as America/Bogota."),
    "end_activities": _several("Activity after which a case is over.", "--end-activity"),
    "until": _column("When the log was cut, such as 2024-12-31; later events are left out."),
    "object_type": _column("Of an OCEL log: the type of object that is taken as the case."),
    "sla_days": _column("Days until a case is due, where no column has its deadline."),
    "case_type": _column("Column with the kind of matter: cases of one kind are alike."),
    "filters": _several(
        "Cases to keep: closed, due, group, duration>1min, type>40, COLUMN=VALUE.", "--filter"
    ),
    "calendar": _column("Public holidays of a country or state: BR, BR-SC, AR, MX, CO."),
    "office_hours": _several("When the office is open, such as 'mon-fri 8-12 13:30-17'."),
    "recess": _several("Days without work: 12-20/01-20 every year, or 2024-07-15/2024-07-26."),
}
"""Option → its type, as typer reads it."""


def with_logs(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of logs, which it gets as one mapping ``log``.

    Typer reads options from a signature; one of thirty parameters would hide the command.
    """
    own = signature(command, eval_str=True)
    kept = [p for p in own.parameters.values() if p.name != "log"]
    more = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=kind)
        for name, kind in OPTIONS.items()
    ]

    @wraps(command)
    def with_log(**told: Any) -> None:
        log = {name: told.pop(name, None) for name in OPTIONS}
        command(**told, log=log)

    whole = own.replace(parameters=[*kept, *more])
    vars(with_log)["__signature__"] = whole
    with_log.__annotations__ = {name: p.annotation for name, p in whole.parameters.items()}
    return with_log
