"""What a run of a classifier leaves beside its record: the model, its answers, labels to doubt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iagkit.core.nouns import Prototype, Run
from iagkit.core.record import to_json
from iagkit.prototypes.engine import persist
from iagkit.wire import rows

MODEL = "model.skops"
PREDICTIONS = "predictions.parquet"
LABEL_REVIEW = "label_review.csv"
DOUBTS = ("id", "recorded", "suggested", "confidence_recorded", "confidence_suggested")


def save_routing(done: Run, folder: Path, *, automatic: bool) -> tuple[str, ...]:
    """Write model, answers and doubtful labels.

    Parameters
    ----------
    done : Run
    folder : Path
    automatic : bool
        Whether every blocking gate was passed, so that the model may decide alone.

    Returns
    -------
    tuple of str
        Names of the files, which the record seals.
    """
    model = done.outcome.model
    model.automatic = automatic
    model.about = in_order(_about(done.prototype)) | done.outcome.evidence.get("about_model", {})
    persist.save(model, folder / MODEL)
    rows.write_parquet(done.outcome.table, folder / PREDICTIONS)
    rows.write_csv(done.outcome.evidence["doubtful"], folder / LABEL_REVIEW, columns=DOUBTS)
    return MODEL, PREDICTIONS, LABEL_REVIEW


def _about(declared: Prototype) -> dict[str, Any]:
    return {
        "prototype": declared.name,
        "human_role": to_json(declared.human_role),
        "taxonomy": to_json(declared.taxonomy),
    }


def in_order(told: dict[str, Any]) -> dict[str, Any]:
    """A declaration has its names in another order in YAML than in a record; the model has one."""
    ordered: dict[str, Any] = json.loads(json.dumps(told, sort_keys=True))
    return ordered
