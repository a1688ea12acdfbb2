"""What a tracked audit keeps: figures of groups, and no cell that says who somebody is."""

import logging

import numpy as np
import pandas as pd
import pytest
from flow_help import CANARIES, contents

import iagkit

SECRET = {name: f"{value} {{}}" for name, value in CANARIES.items()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Folder and store of an audit of a table in which no cell but answers and groups is told."""
    home = tmp_path_factory.mktemp("tracked")
    rng, n = np.random.default_rng(11), 600
    table = pd.DataFrame({
        "person": [SECRET["identity"].format(i % 400) for i in range(n)],
        "name": [SECRET["name"].format(i) for i in range(n)],
        "mail": [SECRET["mail"].format(i) for i in range(n)],
        "phone": [SECRET["phone"].format(i) for i in range(n)],
        "rut": [SECRET["rut"].format(i) for i in range(n)],
        "village": ["lonely" if i == 5 else "ab"[i % 2] for i in range(n)],
        "due": rng.integers(0, 2, n), "told": rng.integers(0, 2, n), "score": rng.random(n),
    })  # fmt: skip
    file = home / "table.csv"
    table.to_csv(file, index=False)
    heard = []
    listening = logging.Handler()
    listening.emit = lambda entry: heard.append(entry.getMessage())
    logging.getLogger().addHandler(listening)
    found = iagkit.audit(
        file, truth="due", prediction="told", score="score", groups=["village"], cluster="person",
        out=home / "out", store=str(home / "store"), track=True, remark=heard.append,
    )  # fmt: skip
    logging.getLogger().removeHandler(listening)
    return home, found, "\n".join(map(str, heard))


def test_a_tracked_audit_stands_in_the_store_with_its_record(kept):
    home, found, _ = kept
    stored = [content for where, content in contents(home / "store") if "record.json" in where]
    assert found.record.to_bytes() in stored


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_no_cell_of_any_column_reaches_store_record_pages_or_log(kept, canary):
    home, _, heard = kept
    told = [where for where, c in contents(home / "out", home / "store") if canary.encode() in c]
    assert told == []
    assert canary not in heard


def test_a_village_of_one_person_is_counted_and_its_count_withheld(kept):
    _, found, _ = kept
    assert found.find("fairness.group_size", village="lonely").estimate.value == 1
    assert found.record.find("fairness.group_size", village="lonely").estimate is None
