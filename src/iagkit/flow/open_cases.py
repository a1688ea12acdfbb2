"""Open cases of a log: a list of all of them by a model that was kept, and a letter about one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.core.record import Record
from iagkit.core.registry import did_you_mean
from iagkit.flow.proving import record_in, verify
from iagkit.flow.running import MODEL, PRIVATE, sha256_of

MOST_TO_COMPARE: Final = 20_000
"""Looking for the nearest of more ids would take minutes."""


def is_of_cases(record: Record) -> bool:
    """Whether a record is one of an event log."""
    return str(record.prototype.get("recipe") or "").startswith("processes.")


def predict_open(model: Path, file: str, *, out: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """Tell of each open case of another log how long it still takes, and whether it will be late.

    Parameters
    ----------
    model : Path
        The ``model.skops`` of a run of a log.
    file : str
        The log.
    out : Path
        CSV file of ids and numbers; see
        :meth:`iagkit.prototypes.processes.at_work.AtWork.open_cases`.
    told : mapping
        Which column is what, where it is otherwise than in the log of the run.

    Returns
    -------
    dict
        ``cases`` of the log, how many of them are ``open``, of how many time and risk are
        ``told``, how many are to be looked at ``first``, and the file.
    """
    from iagkit.flow.arrived import model_name
    from iagkit.prototypes.processes import keeping
    from iagkit.prototypes.processes.at_work import write_open_cases

    at_work = keeping.load(model)
    log = _log(model.parent, {"data": file, **_given(told)}, at_work.about)
    table = at_work.open_cases(log).assign(model=model_name(sha256_of(model)))
    write_open_cases(table, out)
    return {
        "cases": len(log.cases),
        "open": len(table),
        "days_told": int(table["days_still"].notna().sum()),
        "risk_told": int(table["chance_late"].notna().sum()),
        "look_first": int(table["look_first"].sum()),
        "file": str(out),
    }


def explain_open(folder: Path, case: str, *, data: str | None, lang: str) -> dict[str, Any]:
    """Write a letter about an open case of the log of a run.

    Raises
    ------
    DataError
        If there is no such case, it is closed, or the log cannot be found.
    """
    from iagkit.explain.letters_of_cases import letter_of_case
    from iagkit.prototypes.processes import keeping
    from iagkit.report.voice import Voice

    record = record_in(folder)
    verify(folder)
    at_work = keeping.load(folder / MODEL)
    log = _log(folder, {"data": data} if data else {}, at_work.about, record)
    _refuse_other(log, case)
    told, moved = _of_case(at_work, log, case, record)
    told = replace(told, until=Voice(lang).date(told.until))
    letter = letter_of_case(told, lang=lang, human_role=at_work.about["human_role"])
    return {
        "letter": letter,
        "days_open": told.days_open,
        "days_still": told.days_still,
        "days_to_due": told.days_to_due,
        "moved": [{"input": kind, "size": round(size, 4)} for kind, size in moved],
    }


def _given(told: Mapping[str, Any]) -> dict[str, Any]:
    from iagkit.wire.logs.loading import SETTINGS

    return {name: value for name, value in told.items() if value and name in SETTINGS}


def _log(
    folder: Path, told: Mapping[str, Any], about: Mapping[str, Any], record: Record | None = None
) -> EventLog:
    """A log with the settings of a run: those just told, its note, the columns its model knows."""
    from iagkit.prototypes.engine.lookup import noted
    from iagkit.prototypes.processes.recipe import asked_about
    from iagkit.wire.logs.loading import SETTINGS, load, log_of

    note = noted(folder / PRIVATE, {"data", "query", *SETTINGS})
    other = "data" in told
    kept = {k: v for k, v in note.items() if not (other and k in ("data", "query", "until"))}
    settings = {**(about.get("columns", {}) if not note else {}), **kept, **told}
    if "data" not in settings:
        msg = "the run does not say where its log is; name it with --data"
        raise DataError(msg)
    log = log_of(load(**settings))
    declared = record or (record_in(folder) if (folder / "record.json").is_file() else None)
    return log if declared is None else asked_about(log, declared.prototype.get("params") or {})


def _refuse_other(log: EventLog, case: str) -> None:
    ids = log.cases["case"].astype(str)
    here = ids == case
    if not here.any():
        near = did_you_mean(case, ids.tolist()) if len(ids) <= MOST_TO_COMPARE else ""
        msg = f"there is no case '{case}' among the {len(ids)} of the log.{near}"
        raise DataError(msg)
    if log.cases.loc[here, "closed"].notna().any():
        msg = f"expected a case that is open when the log ends; '{case}' is closed by then"
        raise DataError(msg)


def _of_case(at_work: Any, log: EventLog, case: str, record: Record) -> Any:
    from iagkit.checks.process_lateness import band_of
    from iagkit.explain.letters_of_cases import OpenCase

    table = at_work.open_cases(log)
    row = table[table["id"].astype(str) == case].iloc[0]
    days = [float(row[c]) for c in ("days_still_low", "days_still", "days_still_high")]
    chance = float(row["chance_late"])
    band = {} if np.isnan(chance) else {"chance": band_of(chance)}
    moved, of_risk = _moved(at_work, log, case)
    told = OpenCase(
        case=case,
        until=f"{log.until:%Y-%m-%d}",
        days_open=float(row["days_open"]),
        days_still=None if np.isnan(days).any() else (days[0], days[1], days[2]),
        days_to_due=None if np.isnan(row["days_to_due"]) else float(row["days_to_due"]),
        held=_estimate(record, "process.remaining.coverage", {}),
        late=_estimate(record, "process.risk.band", band) if band else None,
        moved=moved,
        of_risk=of_risk,
    )
    return told, moved


def _estimate(record: Record, check: str, where: Mapping[str, str]) -> Estimate | None:
    found = record.find(check, **where)
    return None if found is None else found.estimate


def _moved(at_work: Any, log: EventLog, case: str) -> tuple[list[tuple[str, float]], bool]:
    """What moved the days that remain, of this case beside others; else the chance to be late."""
    from iagkit.prototypes.processes import reasons
    from iagkit.prototypes.processes.at_work import FIRST
    from iagkit.prototypes.processes.landmarks import every_prefix, landmarks, running

    rows = every_prefix(log, attributes=at_work.attributes)
    own = rows.names.astype(str) == case
    last = own & (rows.position == rows.position[own].max())
    many = rows.position >= FIRST
    if at_work.remaining is not None and (last & many).any():
        others = reasons.some(rows.where(many), rows.case[many])
        return _told(reasons.of_days(at_work, rows.where(last), others)), False
    now = running(log, rows)
    asked = now.where(last[now.row] & (now.due > now.at))
    if at_work.lateness is None or not len(asked):
        return [], False
    evenings = landmarks(log, rows)
    others = reasons.some(evenings, evenings.case)
    return _told(reasons.of_risk(at_work, asked, others)), True


def _told(found: Any) -> list[tuple[str, float]]:
    return [(k, float(v)) for k, v in zip(found.features, found.values[0], strict=True)]
