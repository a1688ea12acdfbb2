"""What every test shares: quiet libraries, patient hypothesis, the mirror of real data."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from servers import postgres, spark

__all__ = ["mirror", "postgres", "spark"]

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")

settings.register_profile("shared-machine", deadline=None, max_examples=50)
settings.load_profile("shared-machine")

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder of the real data sets, or a skip that says how to get them."""
    folder = Path(os.environ.get("IAGKIT_DATA_MIRROR", BESIDE))
    if not (folder / "MANIFEST.yaml").is_file():
        pytest.skip("the real data are not here: set IAGKIT_DATA_MIRROR to their folder")
    return folder
