"""One small run of the whole flow, shared by the tests that look at what it left behind."""

import pytest

from iagkit import flow
from iagkit.prototypes.requests.sample import generate

CANARIES = {
    "name": "Xiomara Quetzalcoatl Zubizarreta",
    "mail": "xiomara.zubi@canario.example",
    "phone": "+52 55 9137 4468",
    "identity": "QZXX850101MDFTBR09",
    "rut": "19.876.543-K",
}
"""Things no file of a run may hold; some stand in many texts, as a model's words would."""


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


OPTIONS = {
    "text": "text", "target": "office", "groups": ("district", "sex"), "ids": "id", "time": "date",
    "taxonomy": "citizen-requests-sample",
}  # fmt: skip


@pytest.fixture(scope="session")
def finished(tmp_path_factory, table):
    """Folder of a finished run, its record, and the store it was tracked in."""
    home = tmp_path_factory.mktemp("run")
    record = flow.run(
        "citizen-requests", table, out=home / "out", store=str(home / "store"), lang="es", **OPTIONS
    )
    return home / "out", record, home / "store"
