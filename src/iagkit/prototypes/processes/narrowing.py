"""A log of which only some cases are asked about; how many are left out is counted and said."""

from __future__ import annotations

import operator
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING
from iagkit.measures.processes.durations import DAY, named
from iagkit.measures.processes.kinds import kind_of_case

Mask = NDArray[np.bool_]
MIN_CELL: Final = 5
UNITS: Final = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0}
LASTED: Final = re.compile(r"duration\s*([<>])\s*(\d+(?:\.\d+)?)\s*(min|h|d)")
FREQUENT: Final = re.compile(r"type\s*>\s*(\d+)")
IS: Final = re.compile(r"([^=<>]+)=(.+)")
BIASED: Final = say(
    "open cases were left out, as was asked: what is told of waits is about cases that ended, and "
    "too short for all"
)
FORMS: Final = "closed, due, group, duration>1min, duration<30d, type>40 or COLUMN=VALUE"


def narrowed(log: EventLog, filters: Sequence[str], *, case_type: object = "") -> EventLog:
    """Leave out the cases that are not asked about.

    Parameters
    ----------
    log : EventLog
    filters : sequence of str
        One after another: ``closed``; ``due`` (with a deadline); ``group`` (whose groups are
        known); ``duration>1min`` or ``duration<30d`` (open cases have lasted until the cut; units
        min, h, d); ``type>40`` (kinds of which more than so many cases are left);
        ``COLUMN=VALUE`` of the cases.
    case_type : str
        Column that tells which cases are of one kind, for ``type>40``.

    Returns
    -------
    EventLog
        Its ``remarks`` count what each filter left out.

    Raises
    ------
    UsageError
        If a filter is none of these, or the log has no such column.
    DataError
        If fewer than 5 cases are left: they would say whose they are.
    """
    for told in filters:
        kept = _kept(log, told.strip(), case_type)
        if int(kept.sum()) < MIN_CELL:
            msg = (
                f"expected a filter that leaves at least {MIN_CELL} cases; '{told[:60]}' leaves "
                "fewer. Leave it out, or ask about more"
            )
            raise DataError(msg)
        log = _only(log, kept, told.strip())
    return log


def _kept(log: EventLog, told: str, case_type: object) -> Mask:
    cases = log.cases
    if told == "closed":
        return _closed(log)
    if told == "due":
        return np.asarray(cases["due"].notna())
    if told == "group":
        known = [named(cases[column]) != MISSING for column in log.groups]
        return np.logical_and.reduce(known) if known else np.ones(len(cases), dtype=bool)
    if lasted := LASTED.fullmatch(told):
        sign, size, unit = lasted.groups()
        return np.asarray(_compared(sign)(_days(log), float(size) * UNITS[unit]))
    if frequent := FREQUENT.fullmatch(told):
        return _of_frequent_kinds(log, int(frequent[1]), case_type)
    if equal := IS.fullmatch(told):
        return _equal(log, equal[1].strip(), equal[2].strip())
    msg = f"expected a filter such as {FORMS}; got '{told[:60]}'"
    raise UsageError(msg)


def _compared(sign: str) -> Any:
    return operator.gt if sign == ">" else operator.lt


def _closed(log: EventLog) -> Mask:
    closed = log.cases["closed"].to_numpy().astype("datetime64[us]")
    return np.asarray(~np.isnat(closed) & (closed <= np.datetime64(log.until, "us")))


def _days(log: EventLog) -> NDArray[np.float64]:
    opened, closing = (
        log.cases[c].to_numpy().astype("datetime64[us]") for c in ("opened", "closed")
    )
    end = np.where(_closed(log), closing, np.datetime64(log.until, "us"))
    days: NDArray[np.float64] = (end - opened) / DAY
    return days


def _of_frequent_kinds(log: EventLog, least: int, case_type: object) -> Mask:
    kind = kind_of_case(log, case_type)
    if not kind:
        msg = (
            "expected a column that tells the kind of a case for a filter such as type>40; none "
            "does. Name it with --case-type"
        )
        raise UsageError(msg)
    _, place, many = np.unique(named(log.cases[kind]), return_inverse=True, return_counts=True)
    return np.asarray(many[place.reshape(-1)] > least)


def _equal(log: EventLog, column: str, value: str) -> Mask:
    if column not in log.cases.columns or column in ("case", "opened", "closed", "due"):
        msg = f"expected a column of the cases before '='; there is no '{column[:60]}'"
        raise UsageError(msg)
    return np.asarray(named(log.cases[column]) == value)


def _only(log: EventLog, kept: Mask, told: str) -> EventLog:
    cases = log.cases[kept].reset_index(drop=True)
    events = log.events[log.events["case"].isin(set(cases["case"]))].reset_index(drop=True)
    out = say(
        "{n} of {all} cases were left out, as was asked: {filter}",
        n=int((~kept).sum()), all=len(kept), filter=told,
    )  # fmt: skip
    said: tuple[Message, ...] = (out, BIASED) if told == "closed" else (out,)
    return replace(log, cases=cases, events=events, remarks=(*log.remarks, *said))
