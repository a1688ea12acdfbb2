"""Settings that must stand before anything heavy is imported."""

from __future__ import annotations

import os

SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
}
"""The library calls nobody, and on small machines one thread is faster than several."""


def be_quiet() -> None:
    """Set what the environment does not say yet."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
