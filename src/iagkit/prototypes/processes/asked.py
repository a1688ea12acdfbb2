"""What the person who runs a prototype of logs asks otherwise than it declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

CLOCK: Final = {"calendar": "calendar", "office_hours": "hours", "recess": "recess"}
"""Option → its name under ``clock``."""
OPTIONS: Final = ("case_type", "filters", "sla_days", *CLOCK)
"""Options that change the params of a prototype of logs."""


def with_options(params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Params with what was asked by options in the place of what is declared.

    Parameters
    ----------
    params : mapping
        Of the prototype.
    options : mapping
        ``case_type``, ``filters``, ``sla_days``, ``calendar``, ``office_hours``, ``recess``; what
        is empty was not asked.
    """
    told = dict(params)
    if options.get("case_type"):
        told["case_type"] = str(options["case_type"])
    if options.get("sla_days"):
        told["sla_days"] = options["sla_days"]
    if options.get("filters"):
        told["filters"] = _plain(options["filters"])
    clock = {name: options[flag] for flag, name in CLOCK.items() if options.get(flag)}
    if clock:
        declared = told.get("clock")
        before = dict(declared) if isinstance(declared, Mapping) else {}
        told["clock"] = before | {
            k: v if isinstance(v, str) else _plain(v) for k, v in clock.items()
        }
    return told


def _plain(told: Sequence[str] | str) -> list[str]:
    return [told] if isinstance(told, str) else [str(each) for each in told]
