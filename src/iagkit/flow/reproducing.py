"""Run again what a record says was run, and compare field by field."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from iagkit.core import registry
from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Prototype
from iagkit.core.record import Record
from iagkit.flow.comparing_records import TOLERANCE, Difference, differences
from iagkit.flow.declared_again import prototype_of
from iagkit.flow.declaring import load, takes_log
from iagkit.flow.proving import record_in
from iagkit.flow.running import PRIVATE, Progress, do, judge_and_seal

ROLES = {"id": "id", "text": "text", "target": "target", "time": "time", "office": "office",
         "language": "language", "split": "split"}  # fmt: skip
WITH_CODE = {"custom": "metrics=", "explainability": "model=", "robustness": "model="}
"""Checks of an audit that ask code which was given in Python, and no record holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """What running again gave.

    Parameters
    ----------
    record, again : Record
        The one that was published, and the one that was made now; the latter is not kept.
    differences : tuple of Difference
    tolerance : float
    """

    record: Record
    again: Record
    differences: tuple[Difference, ...]
    tolerance: float

    @property
    def clean(self) -> bool:
        """Whether nothing differs that matters."""
        return not any(one.matters for one in self.differences)

    @property
    def identical(self) -> bool:
        """Whether all but the time is the same to the byte."""
        return self.record.steady() == self.again.steady()

    def told(self) -> dict[str, Any]:
        """Return all of it as plain JSON."""
        return {
            "clean": self.clean,
            "identical_but_for_time": self.identical,
            "record": self.record.digest,
            "tolerance": self.tolerance,
            "differences": [asdict(one) for one in self.differences],
        }


def reproduce(
    path: Path,
    *,
    data: str | None = None,
    query: str | None = None,
    tolerance: float = TOLERANCE,
    progress: Progress = lambda _: None,
) -> Reproduction:
    """Run again from a record: its declaration and seed, on data with the same digest.

    Parameters
    ----------
    path : Path
        ``record.json``, or the folder it is in.
    data : str, optional
        Where the data are; default: the data set of the name in the record, then where the
        private note of the run says.
    query : str, optional
        SELECT of a database, or sheet of an Excel file.
    tolerance : float
        Relative difference of numbers that does not matter.
    progress : callable

    Returns
    -------
    Reproduction

    Raises
    ------
    IntegrityError
        If the record was changed.
    DataError
        If the data are not there or are others, or the record does not hold what is needed to run
        it again: what is missing is named.
    UsageError
        If the tolerance is not a share.
    """
    if not 0 <= tolerance < 1:
        msg = f"expected a tolerance from 0 to below 1, such as {TOLERANCE:g}; got {tolerance}"
        raise UsageError(msg)
    record = record_in(path)
    note = _note(path if path.is_dir() else path.parent)
    source = data if data is not None else _source(record, note)
    progress("read")
    run_again = _audit if record.prototype.get("recipe") == "audit" else _prototype
    again = run_again(record, source, {**note, **({"query": query} if query else {})}, progress)
    found = differences(record, again, tolerance=tolerance)
    return Reproduction(record=record, again=again, differences=found, tolerance=tolerance)


def _prototype(record: Record, source: str, note: Mapping[str, Any], progress: Progress) -> Record:
    known = registry.names("recipes")
    if (recipe := record.prototype.get("recipe")) not in known:
        msg = (
            f"expected a record of a prototype or an audit; this one is of the recipe '{recipe}', "
            f"which is none of {', '.join(sorted(known))}, so that what it did cannot be run from "
            "the record alone. Run the command again that made it"
        )
        raise DataError(msg)
    declared = prototype_of(record)
    dataset = load(declared, {"data": source, **_roles(record, declared, note)})
    _refuse_other_data(record, dataset.sha256, source)
    done = do(declared, dataset, seed=int(record.run["seed"]), progress=progress)
    progress("measure")
    with tempfile.TemporaryDirectory() as aside:
        return judge_and_seal(done, Path(aside) if record.artifacts else None)


def _roles(record: Record, declared: Prototype, note: Mapping[str, Any]) -> dict[str, Any]:
    """Roles of the columns: as the private note says, else as the record's card does."""
    told = {name: value for name, value in note.items() if name != "data"}
    if set(told) - {"long_texts", "query"} or takes_log(declared):
        return told or _of_declaration(record)
    columns: list[Mapping[str, Any]] = record.dataset["columns"]
    if any(column["name"] == "(language)" for column in columns):
        msg = (
            "expected the language that was told for all rows; the record holds only that there "
            f"was one. Put the '{PRIVATE}' of the run beside the record"
        )
        raise DataError(msg)
    roles = {c["role"]: c["name"] for c in columns if c["role"] in ROLES}
    groups = tuple(c["name"] for c in columns if c["role"] == "group")
    cut = any("were cut to" in limit for limit in record.dataset.get("limits", ()))
    return {"groups": groups, **roles, "long_texts": "cut" if cut else "refuse", **told}


def _of_declaration(record: Record) -> dict[str, Any]:
    """What the prototype of this name says of its own log, if there is one."""
    from iagkit.wire import declare, files

    name = record.prototype["name"]
    if name not in files.names("prototypes"):
        return {}
    return {k: v for k, v in declare.data(name).items() if k != "source"}


def _audit(record: Record, source: str, note: Mapping[str, Any], progress: Progress) -> Record:
    from iagkit.flow.auditing import again

    asked = record.run.get("audit", {}).get("asked")
    checks = tuple(record.prototype["protocol"]["checks"])
    if lacking := sorted({WITH_CODE[name] for name in checks if name in WITH_CODE}):
        msg = (
            f"expected an audit of a table alone; this one asked code ({', '.join(lacking)} in "
            "Python), which no record holds. Run iagkit.audit with that code again"
        )
        raise DataError(msg)
    if asked is None:
        msg = (
            "expected what was asked of the audit (columns of predictions and scores, weights, "
            f"strata); a record of iagkit {record.about.get('iagkit')} of format "
            f"{record.about.get('format')} does not hold it. Run the audit again"
        )
        raise DataError(msg)
    made = again(
        source, asked=asked, policy=prototype_of(record).policy, checks=checks,
        name=str(record.dataset["name"]), query=note.get("query"), progress=progress,
    )  # fmt: skip
    _refuse_other_data(record, str(made.dataset["sha256"]), source)
    return made


def _refuse_other_data(record: Record, found: str, source: str) -> None:
    told = str(record.dataset["sha256"])
    if found != told:
        shown = "the database" if "://" in source else f"'{Path(source).name}'"
        msg = (
            f"expected the data of the record, with SHA-256 {told}; {shown} has {found}. Name the "
            "file that was used with --data; without it nothing can be compared"
        )
        raise DataError(msg)


def _source(record: Record, note: Mapping[str, Any]) -> str:
    from iagkit.wire import registry as data_sets

    name = str(record.dataset.get("name", ""))
    if name in data_sets.names():
        return name
    noted = str(note.get("data", ""))
    if noted and Path(noted).exists():
        return noted
    msg = (
        f"expected the data of the record, '{name}' with SHA-256 {record.dataset.get('sha256')}; "
        "they are no data set of iagkit, and nothing says where they lie. Name them with --data"
    )
    raise DataError(msg)


def _note(folder: Path) -> dict[str, Any]:
    """The private note of a run, if it is beside the record; it is not published with it."""
    try:
        told = json.loads((folder / PRIVATE).read_bytes())
    except (OSError, ValueError):
        return {}
    known = told if isinstance(told, dict) else {}
    return {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
