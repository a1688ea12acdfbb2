"""The door to MLflow: telemetry off before it is imported, quiet, and errors without data."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from iagkit.core.errors import TrackingError

OFF = {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
QUIET = {
    "MLFLOW_LOGGING_LEVEL": "CRITICAL",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}

OF_THE_FILE = (
    "attempt to write a readonly database",
    "database disk image is malformed",
    "database is locked",
    "database or disk is full",
    "disk I/O error",
    "file is not a database",
    "unable to open database file",
)


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
    logging.getLogger("alembic").setLevel(logging.CRITICAL)
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
    except (MlflowException, SQLAlchemyError, OSError) as error:
        msg = _failure(place, _kind(error))
        raise TrackingError(msg) from None


def _kind(error: BaseException) -> str:
    """What sqlite says of its file (that text holds no data), or else only the kind of error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, sqlite3.Error) and str(cause) in OF_THE_FILE:
            return str(cause)
        cause = cause.__cause__ or cause.__context__
    return str(getattr(error, "error_code", None) or type(error).__name__)


def _failure(place: str, kind: str) -> str:
    return (
        f"the tracking store {place} cannot be used ({kind}). Is its disk writable and not full, "
        "is its server running, was it made by this version of MLflow? A new store is made if "
        "IAGKIT_STORE names an empty folder"
    )
