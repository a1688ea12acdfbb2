"""The share of documents that are the same matter again."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from handmade_runs import make_run

from iagkit.checks.matters import Repeated
from iagkit.core.nouns import Run

MATTERS = pd.DataFrame(
    {
        "matter": [0, 0, 0, 1],
        "documents": [3, 3, 3, 1],
        "kind": ["representative", "same", "near", "template"],
        "pattern": ["a", "a", "a", "a"],
        "on_pattern": [4, 4, 4, 4],
    }
)


def run_with(**evidence: object) -> Run:
    run = make_run()
    return replace(run, outcome=replace(run.outcome, evidence=evidence))


def test_half_of_the_documents_are_a_matter_that_is_already_there():
    found = Repeated()(run_with(matters=MATTERS))
    assert [(f.check, dict(f.where), f.estimate.value) for f in found] == [
        ("matters.repeated", {}, 0.5),
        ("matters.repeated", {"kind": "same"}, 0.25),
        ("matters.repeated", {"kind": "near"}, 0.25),
        ("matters.filed", {}, 1.0),
    ]


def test_a_run_without_matters_says_so():
    (found,) = Repeated()(run_with())
    assert found.estimate is None
    assert "matters" in str(found.because)
