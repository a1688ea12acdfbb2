"""Models in the store: the sealed skops file, how to load it, what it reads and needs."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iagkit.core.record import Record
from iagkit.track.places import SERVERS

if TYPE_CHECKING:
    from iagkit.track.tracked import Tracked

FILE = "model.skops"
FOLDER = "data"
LOADER = "iagkit.track.loader"
NEEDS = ("iagkit", "mlflow", "scikit-learn", "skops", "numpy", "scipy", "pandas")
READ = ("text", "office")
OF_LOGS = ("id", "activity", "time", "start", "resource", "opened", "closed", "due", "status")
"""Roles of columns that a model of logs reads."""


def legal(name: str) -> str:
    """Name that MLflow's registry accepts: no slash or colon."""
    return re.sub(r"[/:]+", "-", name).strip() or "model"


def register(
    tracked: Tracked, record: Record, file: Path, *, name: str, tags: Mapping[str, str]
) -> str:
    """Put a model into the store, beside its run, and make it a version of a registered model.

    The file stays the sealed one, byte for byte; MLflow loads it through our own reader with
    its list of trusted types, so nothing is ever pickled.

    Returns
    -------
    str
        Number of the version.
    """
    from mlflow.entities import LoggedModelOutput

    client = tracked.client
    kept = client.create_logged_model(
        tracked.experiment_id, name=name, source_run_id=tracked.run_id, model_type="iagkit"
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "model")
        _write(folder, file, record, run_id=tracked.run_id, model_id=kept.model_id)
        client.log_model_artifacts(kept.model_id, str(folder))
    client.finalize_logged_model(kept.model_id, "READY")
    client.log_outputs(tracked.run_id, [LoggedModelOutput(kept.model_id, 0)])
    _make_registered(client, name)
    made = client.create_model_version(
        name,
        source=_source(tracked.place.uri, kept),
        run_id=tracked.run_id,
        model_id=kept.model_id,
        tags={**tags, "iagkit.model_file": file.name},
        await_creation_for=0,
    )
    return str(made.version)


def signature(record: Record) -> Any:
    """Columns the model reads, as the card declares them; groups may be absent.

    Text is told to MLflow explicitly: what it infers from examples of text is wrong.
    """
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema
    from mlflow.types.schema import Array

    if str(record.prototype["recipe"]).startswith("processes."):
        return _of_logs(record)
    roles = {c["name"]: c["role"] for c in record.dataset["columns"] if c["role"] == "group"}
    roles |= {c["name"]: c["role"] for c in record.dataset["columns"] if c["role"] in READ}
    reads = [ColSpec("string", name, required=role in READ) for name, role in roles.items()]
    answers = [
        ColSpec("string", "prediction"),
        ColSpec("double", "confidence"),
        ColSpec("boolean", "decided"),
        ColSpec(Array(DataType.string), "labels"),
    ]
    return ModelSignature(inputs=Schema(reads), outputs=Schema(answers))


def _of_logs(record: Record) -> Any:
    """Events in, open cases out: all columns as text but times, which may be either."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    named = [c["name"] for c in record.dataset["columns"] if c["role"] in OF_LOGS]
    answers = ("days_open", "days_still", "days_still_low", "days_still_high", "days_to_due",
               "chance_late")  # fmt: skip
    return ModelSignature(
        inputs=Schema([ColSpec("string", name, required=False) for name in dict.fromkeys(named)]),
        outputs=Schema([
            ColSpec("string", "id"), *(ColSpec("double", name) for name in answers),
            ColSpec("boolean", "look_first"),
        ]),
    )  # fmt: skip


def requirements() -> list[str]:
    """What the model needs, pinned to what it was made with."""
    return [f"{name}=={found}" for name in NEEDS if (found := _installed(name))]


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _write(folder: Path, file: Path, record: Record, *, run_id: str, model_id: str) -> None:
    from mlflow import pyfunc
    from mlflow.models import Model

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyfunc.save_model(
            folder,
            loader_module=LOADER,
            data_path=str(file),
            pip_requirements=requirements(),
            signature=signature(record),
            model_config={
                "recipe": str(record.prototype["recipe"]),
                "sha256": record.artifacts[file.name],
            },
            mlflow_model=Model(run_id=run_id, model_id=model_id),
        )


def _source(uri: str, kept: Any) -> str:
    """Place of the files; ``models:/`` is read in MLflow's global store, so only a server's is."""
    if uri.partition(":")[0] in SERVERS:
        return f"models:/{kept.model_id}"
    return str(kept.artifact_location)


def _make_registered(client: Any, name: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
