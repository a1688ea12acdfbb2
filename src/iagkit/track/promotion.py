"""The gate before a model is used: the evidence holds, and every blocking gate was passed."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iagkit.core.errors import GateError, IntegrityError, PromotionError
from iagkit.core.nouns import Verdict
from iagkit.core.record import Record, read
from iagkit.track import door, models
from iagkit.track.store import Store
from iagkit.track.tracked import sha256_of

CHAMPION = "champion"
TRAIL = "iagkit.promotions"
NOBODY = "not stated"
SHOWN_GATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A model version that an alias names from now on, and the one it named before.

    Parameters
    ----------
    model, version, alias : str
        ``models:/<model>@<alias>`` loads this version.
    run_id, record : str
        The run in the store, and the digest of its record.
    previous : str, optional
        Version that had the alias before.
    by, at : str
        Who answers for it, and when (UTC).
    """

    model: str
    version: str
    alias: str
    run_id: str
    record: str
    previous: str | None
    by: str
    at: str


def promote(
    store: Store,
    run: str | os.PathLike[str],
    *,
    alias: str = CHAMPION,
    by: str | None = None,
) -> Promotion:
    """Let an alias name the model of a run, if its record allows that.

    Parameters
    ----------
    store : Store
    run : path or str
        Folder with the results of the run (then its files are checked too), or the id of the
        run in the store.
    alias : str
    by : str, optional
        Who answers for the promotion; kept with it.

    Returns
    -------
    Promotion

    Raises
    ------
    PromotionError
        If the record was changed or is not the one in the store, if the model was changed, or
        if a blocking gate failed or is unknown: each named, with the reason. The alias stays
        where it was.
    TrackingError
        If the store cannot be used.
    """
    with door.speaking(store.place.shown):
        record, held = (
            _from_folder(store, Path(run)) if Path(run).is_dir() else _from_id(store, run)
        )
        _require_finished(held)
        version = _version_of(store, held)
        _require_sealed_in_store(store, version, record)
        _require_gates(record)
        return _move(store, record, version, alias, by or NOBODY)


def _from_folder(store: Store, folder: Path) -> tuple[Record, Any]:
    record = _read(folder / "record.json")
    if (name := models.FILE) in record.artifacts:
        _require_sealed(folder / name, record, f"in '{folder}'")
    held = store.runs_with(record.digest)
    if not held:
        msg = (
            f"no run in the store {store.place.shown} holds the record with digest "
            f"{record.digest[:16]}…. Name the store the run was kept in, or run the prototype "
            "again with tracking"
        )
        raise PromotionError(msg)
    return record, held[0]


def _from_id(store: Store, run: str | os.PathLike[str]) -> tuple[Record, Any]:
    from mlflow.exceptions import MlflowException

    run_id = str(run).removeprefix("runs:/")
    if not re.fullmatch(r"[0-9a-f]{32}", run_id):
        msg = f"expected a folder with results or the id of a run; there is no folder '{run}'"
        raise PromotionError(msg)
    try:
        held = store.client.get_run(run_id)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        msg = f"there is no run '{run_id}' in the store {store.place.shown}"
        raise PromotionError(msg) from None
    return _stored_record(store, held), held


def _stored_record(store: Store, held: Any) -> Record:
    if (tagged := held.data.tags.get("iagkit.record")) is None:
        msg = f"the run '{held.info.run_id}' has no record of iagkit; it did not come to its end"
        raise PromotionError(msg)
    with tempfile.TemporaryDirectory() as scratch:
        file = store.client.download_artifacts(held.info.run_id, "record.json", scratch)
        record = _read(Path(file))
    if record.digest != tagged:
        msg = (
            f"the record of the run '{held.info.run_id}' is not the one that was tracked: expected "
            f"digest {tagged[:16]}…, got {record.digest[:16]}…. Run the prototype again"
        )
        raise PromotionError(msg)
    return record


def _read(file: Path) -> Record:
    if not file.is_file():
        msg = f"expected a 'record.json' in '{file.parent}'; there is none. Name a folder of a run"
        raise PromotionError(msg)
    try:
        return read(file.read_bytes())
    except IntegrityError as error:
        raise PromotionError(str(error)) from None


def _require_finished(held: Any) -> None:
    if held.info.status != "FINISHED":
        reason = held.data.tags.get("iagkit.error", "no reason is known")
        msg = (
            f"the run '{held.info.run_id}' did not end well ({held.info.status}, {reason}). Run "
            "the prototype again"
        )
        raise PromotionError(msg)


def _version_of(store: Store, held: Any) -> Any:
    found = store.client.search_model_versions(f"run_id='{held.info.run_id}'")
    if not found:
        msg = f"the run '{held.info.run_id}' registered no model, so there is nothing to promote"
        raise PromotionError(msg)
    return max(found, key=lambda version: int(version.version))


def _require_sealed_in_store(store: Store, version: Any, record: Record) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        _require_sealed(_stored_model(store, version, scratch), record, "in the store")


def _stored_model(store: Store, version: Any, scratch: str) -> Path:
    from mlflow import artifacts
    from mlflow.exceptions import MlflowException

    name = version.tags.get("iagkit.model_file", models.FILE)
    try:
        where = f"{_folder_of(store, version)}/{models.FOLDER}/{name}"
        return Path(artifacts.download_artifacts(where, None, None, scratch, store.place.uri))
    except (MlflowException, OSError) as error:
        msg = (
            f"the model of version {version.version} cannot be read from the store "
            f"({type(error).__name__}), so nobody can tell whether it is the sealed one"
        )
        raise PromotionError(msg) from None


def _folder_of(store: Store, version: Any) -> str:
    if not version.source.startswith("models:/"):
        return str(version.source)
    kept = store.client.get_logged_model(version.source.removeprefix("models:/"))
    return str(kept.artifact_location)


def _require_sealed(file: Path, record: Record, place: str) -> None:
    sealed = record.artifacts.get(file.name)
    if sealed is None:
        msg = f"the record seals no '{file.name}', so nobody can tell which model it speaks of"
        raise PromotionError(msg)
    if not file.is_file() or (found := sha256_of(file)) != sealed:
        got = f"SHA-256 {found[:16]}…" if file.is_file() else "no such file"
        msg = (
            f"the model '{file.name}' {place} is not the one the record speaks of: expected "
            f"SHA-256 {sealed[:16]}…, got {got}. Run the prototype again"
        )
        raise PromotionError(msg)


def _require_gates(record: Record) -> None:
    if not any(v.on_fail == "block" for v in record.verdicts):
        msg = (
            "the policy has no blocking gate, so nothing was proven that would allow use. Run the "
            "prototype with a policy that says what has to be passed"
        )
        raise GateError(msg)
    if record.unproven:
        msg = f"the record does not allow use: {_told(record.unproven)}"
        raise GateError(msg)


def _told(verdicts: Sequence[Verdict]) -> str:
    lines = [f"{_name(v)}: {v.result}, because {v.because}" for v in verdicts[:SHOWN_GATES]]
    if more := len(verdicts) - len(lines):
        lines.append(f"and {more} more")
    return "; ".join(lines)


def _name(verdict: Verdict) -> str:
    where = ", ".join(f"{k}={v}" for k, v in verdict.where.items())
    return f"{verdict.check} ({where})" if where else verdict.check


def _move(store: Store, record: Record, version: Any, alias: str, by: str) -> Promotion:
    """Write the trail first: an alias that nobody answers for must not exist, even for a moment."""
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    before = _holder(store, version.name, alias)
    previous = str(before.version) if before is not None else None
    event = {"alias": alias, "at": at, "by": by}
    _remark(store, version, {**event, "event": "promoted", "previous": previous})
    store.client.set_registered_model_alias(version.name, alias, version.version)
    if before is not None and previous != str(version.version):
        _remark(store, before, {**event, "event": "replaced", "next": str(version.version)})
    return Promotion(
        model=version.name,
        version=str(version.version),
        alias=alias,
        run_id=version.run_id,
        record=record.digest,
        previous=previous,
        by=by,
        at=at,
    )


def _holder(store: Store, name: str, alias: str) -> Any | None:
    model = store.client.get_registered_model(name)
    number = model.aliases.get(alias)
    return None if number is None else store.client.get_model_version(name, number)


def _remark(store: Store, version: Any, event: dict[str, Any]) -> None:
    """Add to the trail of a version; what stands there stays."""
    now = store.client.get_model_version(version.name, version.version)
    trail = [*json.loads(now.tags.get(TRAIL, "[]")), event]
    text = json.dumps(trail, ensure_ascii=False)
    store.client.set_model_version_tag(version.name, version.version, TRAIL, text)
