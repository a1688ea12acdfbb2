"""The door to MLflow: telemetry off before it is imported, quiet, and errors without data."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from iagkit.core.errors import TrackingError

OFF = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
QUIET = {
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}


def mlflow() -> ModuleType:
    """Import MLflow, with nothing sent to anyone and nothing logged on the terminal.

    What a person has set for the amount of logging stays; telemetry is off in any case.
    """
    late = "mlflow" in sys.modules
    os.environ.update(OFF)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow  # noqa: F401 (returned below, typed)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    if late:
        _stop_telemetry()
    return sys.modules["mlflow"]


def _stop_telemetry() -> None:
    """Whoever imported MLflow first may have started it: end it, as MLflow itself would."""
    try:
        from mlflow.telemetry.client import set_telemetry_client
    except ImportError:
        return
    set_telemetry_client()


@contextmanager
def speaking(place: str) -> Iterator[None]:
    """Tell failures of the store by their kind only: their text may hold what was logged."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except MlflowException as error:
        msg = _failure(place, error.error_code)
        raise TrackingError(msg) from None
    except (SQLAlchemyError, OSError) as error:
        msg = _failure(place, type(error).__name__)
        raise TrackingError(msg) from None


def _failure(place: str, kind: str) -> str:
    return (
        f"the tracking store {place} cannot be used ({kind}). Is its disk writable and not full, "
        "is its server running, was it made by this version of MLflow? A new store is made if "
        "IAGKIT_STORE names an empty folder"
    )
