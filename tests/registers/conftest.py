"""Sealed records of three kinds: the demo as it was run, an audit and a log run here."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from iagkit import flow
from iagkit.core.record import Record, read
from iagkit.wire import adapt

RECORDS = Path(__file__).parent / "records"


@pytest.fixture(scope="session")
def demo() -> Record:
    """Record of ``make demo``: 7,000 generated requests, 1,761 of them held out."""
    return read((RECORDS / "citizen-requests.json").read_bytes())


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory, demo) -> Path:
    """The same as a file, in a folder of its own."""
    file = tmp_path_factory.mktemp("run") / "record.json"
    file.write_bytes(demo.to_bytes())
    return file


@pytest.fixture(scope="session")
def audited(tmp_path_factory) -> Record:
    """Record of an audit whose predictions differ by region."""
    random = np.random.default_rng(0)
    region = random.choice(["centre", "north"], 3000, p=[0.6, 0.4])
    need = random.normal(size=3000)
    seen = need - 0.7 * (region == "north") + 0.5 * random.normal(size=3000)
    table = pd.DataFrame(
        {"region": region, "eligible": np.where(need > 0, "yes", "no"),
         "granted": np.where(seen > 0, "yes", "no")}
    )  # fmt: skip
    file = tmp_path_factory.mktemp("audit") / "decisions.csv"
    table.to_csv(file, index=False)
    return flow.audit(file, truth="eligible", prediction="granted", groups=("region",)).record


@pytest.fixture(scope="session")
def logged(tmp_path_factory) -> Record:
    """Record of an event log of permits, without what takes long."""
    folder = tmp_path_factory.mktemp("office")
    adapt.copy("process-optimization", folder / "quick")
    declared = folder / "quick" / "prototype.yaml"
    quick = "params:\n  remaining: false\n  simulation: false\n"
    declared.write_text(f"{declared.read_text(encoding='utf-8')}\n{quick}", encoding="utf-8")
    _permits().to_csv(folder / "permits.csv", index=False)
    return flow.run(
        declared, folder / "permits.csv", case_id="case", activity="step", timestamp="at",
        due="due", groups=("district",), zone="America/Bogota", end_activities=("filed",),
        track=False,
    )  # fmt: skip


def _permits() -> pd.DataFrame:
    random, begin, rows = np.random.default_rng(3), datetime(2024, 1, 8, 9), []
    for number in range(80):
        at = begin + timedelta(days=1.4 * number)
        due = at + timedelta(days=20)
        for step in ("received", "looked at", "decided", "filed"):
            rows.append((number, step, at, due, ("north", "south")[number % 2]))
            at += timedelta(hours=float(random.gamma(2.0, 60.0)))
    return pd.DataFrame(rows, columns=["case", "step", "at", "due", "district"])


@pytest.fixture(params=["demo", "audited", "logged"])
def any_record(request) -> Record:
    """Each kind of record in turn."""
    found: Record = request.getfixturevalue(request.param)
    return found
