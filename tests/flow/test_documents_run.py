"""A folder of documents runs a prototype, and nothing of what is in them leaves it."""

from __future__ import annotations

import pandas as pd
import pytest

import made_documents as made
from iagkit import flow

PLACES = ["norte", "sur", "este", "oeste", "molino", "cerro", "plaza", "puente", "escuela", "rio"]
THINGS = {
    "luz": ["el farol está roto", "no hay alumbrado de noche", "el poste quedó sin luz"],
    "agua": ["pierde el caño de agua", "no sale agua de la canilla", "el medidor marca de más"],
}
KINDS = ("pdf", "docx", "html", "eml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Documents of two offices, with a canary and an id in each."""
    root = tmp_path_factory.mktemp("documentos")
    n = 0
    for office, things in THINGS.items():
        (root / office).mkdir()
        for place in PLACES:
            for thing in things:
                kind = KINDS[n % len(KINDS)]
                text = f"En el barrio {place} {thing}.\nEscribir a {made.canary(n)}, D.N.I. "
                text += f"30.123.{n:03}"
                (root / office / f"{n}.{kind}").write_bytes(made.a_norm(kind, text))
                n += 1
    return root


@pytest.mark.slow
def test_a_folder_runs_a_prototype_and_no_canary_leaves_it(folder, tmp_path, capfd):
    out, store = tmp_path / "out", tmp_path / "store"
    record = flow.run(
        "citizen-requests", folder, text="text", target="folder", ids="id", out=out,
        store=str(store), language="es",
    )  # fmt: skip
    assert record.prototype["name"] == "citizen-requests"
    files = [p for root in (out, store) for p in root.rglob("*") if p.is_file()]
    assert len(files) > 8
    told = "".join(capfd.readouterr())
    for path in files:
        told += made.everything_in(path.read_bytes())
        if path.suffix == ".parquet":
            told += pd.read_parquet(path).to_csv()
    assert "canario" not in told
    assert "30.123." not in told
