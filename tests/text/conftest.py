"""Where the real texts are, if they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def mirror() -> Path:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    place = Path(os.environ.get("IAGKIT_DATA_MIRROR") or beside)
    if not (place / "cdmx_foi_es").is_dir():
        pytest.skip("the real data sets are not here (set IAGKIT_DATA_MIRROR to their folder)")
    return place
