"""One small run of the whole flow, shared by the tests that look at what it left behind."""

import pytest
from flow_help import CANARIES, OPTIONS

from iagkit import flow
from iagkit.prototypes.requests.sample import generate
from iagkit.wire import files


def with_canaries(table):
    """Plant every canary in forty texts that share little else, with and without a cue."""
    planted = table.copy()
    for number, canary in enumerate(CANARIES.values()):
        rows = planted.index[number * 40 : (number + 1) * 40]
        cue = "Me llamo " if canary.startswith("Xiomara") else ""
        planted.loc[rows, "text"] = planted.loc[rows, "text"] + f" {cue}{canary}."
    return planted


@pytest.fixture(scope="session")
def table(tmp_path_factory):
    """Table of 1,400 generated requests with canaries, as a CSV file."""
    path = tmp_path_factory.mktemp("institution") / "solicitudes.csv"
    with_canaries(generate(rows=1400, seed=5)).to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def finished(tmp_path_factory, table):
    """Folder of a finished run, its record, and the store it was tracked in."""
    home = tmp_path_factory.mktemp("run")
    record = flow.run(
        "citizen-requests", table, out=home / "out", store=str(home / "store"), lang="es", **OPTIONS
    )
    return home / "out", record, home / "store"


@pytest.fixture(scope="session")
def forbidden(tmp_path_factory, table):
    """Folder, record and store of a run under a policy that nothing can satisfy."""
    home = tmp_path_factory.mktemp("forbidden")
    shipped = files.find("policies", "baseline").read_text(encoding="utf-8")
    policy = home / "strict.yaml"
    policy.write_text(shipped.replace("at_least: 0.5", "at_least: 1.0"), encoding="utf-8")
    record = flow.run(
        "citizen-requests", table, out=home / "out", store=str(home / "store"),
        policy=str(policy), **OPTIONS,
    )  # fmt: skip
    return home / "out", record, home / "store"
