"""The same real norms as documents of six kinds and as a table: what reading them costs.

Run with ``IAGKIT_DATA_MIRROR`` set, one thread::

    OMP_NUM_THREADS=1 python benchmarks/triage_folder.py [--headings 12] [--each 120] [--seed 0]

Norms of the commonest headings of infoleg are written as PDF, DOCX, HTML, e-mail, ODT and text
into a folder with a manifest. Folder and table are split alike, by the column ``split`` of the
data, so that the held-out answers can be compared case by case.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from iagkit import flow
from iagkit.text.duplicates import near_duplicates
from iagkit.wire.documents.reading import read_documents

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
KINDS = ("pdf", "docx", "html", "eml", "odt", "txt")


def norms(headings: int, each: int, seed: int) -> pd.DataFrame:
    """Norms with different texts, as many of each of the commonest headings."""
    folder = Path(os.environ["IAGKIT_DATA_MIRROR"]) / "infoleg_ar_es"
    table = pd.read_parquet(folder / "infoleg_ar_es.parquet").drop_duplicates("grupo")
    common = table["heading_class"].value_counts().index[:headings]
    table = table[table["heading_class"].isin(common)].sample(frac=1, random_state=seed)
    table = table.groupby("heading_class").head(each)
    copies = pd.Series(near_duplicates(table["text"].tolist())).duplicated().to_numpy()
    table = table[~copies].reset_index(drop=True)
    return table.assign(split=np.where(table["split"] == "train", "train", "test"))


def write(table: pd.DataFrame, folder: Path) -> None:
    """Each norm as one document, and the manifest."""
    import made_documents as made

    rows = []
    for number, norm in enumerate(table.itertuples()):
        name = f"{number}.{KINDS[number % len(KINDS)]}"
        (folder / name).write_bytes(made.a_norm(KINDS[number % len(KINDS)], norm.text))
        rows.append({"file": name, "heading_class": norm.heading_class, "split": norm.split})
    pd.DataFrame(rows).to_csv(folder / "manifest.csv", index=False)


def answers(source: Path, out: Path, ids: str) -> pd.DataFrame:
    """Run the prototype; print what it reached, return the held-out answers."""
    began = time.process_time()
    record = flow.run(
        "document-triage", source, out=out, text="text", target="heading_class", ids=ids,
        split_column="split", language="es", track=False,
    )  # fmt: skip
    spent = time.process_time() - began
    for check in ("performance.accuracy", "performance.macro_f1", "coverage.conformal"):
        told = record.find(check).estimate
        print(f"  {check:22} {told.value:.3f} [{told.low:.3f}, {told.high:.3f}] n={told.n}")
    print(f"  {spent:.1f} CPU s")
    return pd.read_parquet(out / "predictions.parquet")


def main() -> None:
    """Print both runs, and how their answers differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("headings", 12), ("each", 120), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    table = norms(asked.headings, asked.each, asked.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "folder")
        folder.mkdir()
        write(table, folder)
        began = time.process_time()
        read = read_documents(folder)
        spent = time.process_time() - began
        print(f"{len(read.table)} documents read, {len(read.table) / spent:.0f} a CPU second")
        print("folder")
        first = answers(folder, Path(place, "a"), "id")
        print("table")
        plain = Path(place, "table.csv")
        table.assign(number=[str(n) for n in range(len(table))]).to_csv(plain, index=False)
        second = answers(plain, Path(place, "b"), "number")
    first["id"] = first["id"].str.partition(".")[0]
    both = first.merge(second.astype({"id": str}), on="id", suffixes=("", "_table"))
    right = both["prediction"] == both["truth"]
    right_table = both["prediction_table"] == both["truth"]
    only, only_table = int((right & ~right_table).sum()), int((~right & right_table).sum())
    p = binomtest(only, only + only_table).pvalue if only + only_table else 1.0
    print(
        f"of {len(both)} held out, right only as document {only}, only as row {only_table}: ",
        end="",
    )
    print(f"p {p:.2f} (McNemar, exact)")


if __name__ == "__main__":
    main()
