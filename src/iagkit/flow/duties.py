"""A sealed record → duties of transparency: which concern a system, which are documented."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from iagkit.core.record import Record
from iagkit.flow.proving import record_in
from iagkit.flow.publishing import publish
from iagkit.registers.answers import Answers
from iagkit.registers.duties import Duty, Jurisdiction, duties
from iagkit.registers.filling import Filled
from iagkit.registers.profiles import load_profile
from iagkit.report.duties import ADVICE
from iagkit.report.duties_page import duties_page
from iagkit.report.voice import Voice
from iagkit.wire.output import write_files

State = Literal["documented", "missing", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A duty, and what the record and the answers document of it.

    Parameters
    ----------
    duty : Duty
    state : {"documented", "missing", "unknown"}
        ``"documented"`` if every required field of its forms is evidence or was answered;
        a sentence that nobody confirmed documents nothing.
    filled, fields : int
        Required fields of its forms: those that are documented, and all.
    counted : bool
        Whether it stands in the share: it applies, was verified, and has a form.
    """

    duty: Duty
    state: State
    filled: int
    fields: int
    counted: bool


def audit(
    record: str | Path | Record,
    place: Jurisdiction,
    *,
    answers: str | Path | Mapping[str, Any] | Answers | None = None,
    lang: str = "en",
) -> tuple[Told, ...]:
    """Tell which duties concern a system, and how far they are documented.

    Parameters
    ----------
    record : str, Path or Record
    place : Jurisdiction
        As the institution declares it.
    answers : path, mapping or Answers, optional
        As for :func:`iagkit.publish`.
    lang : {"es", "pt", "en"}

    Raises
    ------
    DataError, IntegrityError
        As :func:`iagkit.publish`.
    """
    found = duties(place)
    names = sorted({name for duty in found for name in duty.profiles if _read(name)})
    filled: dict[str, Filled] = {}
    if names:
        registers = publish(record, names, answers=answers, lang=lang).registers
        filled = {one.profile.id: one for one in registers}
    return tuple(_told(duty, [filled[n] for n in duty.profiles if n in filled]) for duty in found)


def place_of(record: str | Path, given: Mapping[str, str | None]) -> tuple[str, Jurisdiction]:
    """What a system is called, and where it is used: as given, else as its prototype declared."""
    found = record_in(Path(record))
    declared = found.prototype.get("jurisdiction") or {}
    told = {name: value or declared.get(name) for name, value in given.items()}
    return str(found.prototype["name"]), Jurisdiction(**told)


def to_json(told: tuple[Told, ...], place: Jurisdiction, lang: str) -> dict[str, Any]:
    """Counts, every duty with its state, and that this is no legal advice."""
    return {
        "lang": lang,
        "note": Voice(lang).tell(ADVICE),
        "jurisdiction": asdict(place),
        "counted": counts(told),
        "duties": [row(one) for one in told],
    }


def counts(told: tuple[Told, ...]) -> dict[str, int]:
    """How many are documented whole, of those that stand in the share."""
    counted = [one for one in told if one.counted]
    return {"documented": sum(one.state == "documented" for one in counted), "n": len(counted)}


def row(told: Told) -> dict[str, Any]:
    """One duty as plain data, as a record keeps it."""
    duty = asdict(told.duty)
    for name in ("source", "depends_on", "profiles"):
        duty[name] = list(duty[name])
    counts = {"state": told.state, "filled": told.filled, "fields": told.fields}
    return {**duty, "binds": told.duty.binds, **counts, "counted": told.counted}


def write(
    told: tuple[Told, ...], place: Jurisdiction, out: str | Path, *, about: str, lang: str
) -> tuple[Path, ...]:
    """Write ``duties.html`` and ``duties.json``.

    Parameters
    ----------
    told : tuple of Told
    place : Jurisdiction
    out : path
    about : str
        What the system is called.
    lang : {"es", "pt", "en"}

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    content = to_json(told, place, lang)
    files = {
        "duties.html": duties_page(content, about),
        "duties.json": json.dumps(content, ensure_ascii=False, indent=1) + "\n",
    }
    return write_files(out, files)


def _read(name: str) -> bool:
    """Whether somebody read a form at its source; what was written from memory tells nothing."""
    return load_profile(name).verified != "no"


def _told(duty: Duty, forms: list[Filled]) -> Told:
    counts = [form.completeness() for form in forms]
    fields = sum(one.fields for one in counts)
    filled = sum(one.auto + one.human for one in counts)
    known = fields > 0 and duty.verified != "no"
    state: State = "unknown"
    if known:
        state = "documented" if filled == fields else "missing"
    return Told(
        duty=duty, state=state, filled=filled, fields=fields,
        counted=known and duty.applies == "yes",
    )  # fmt: skip
