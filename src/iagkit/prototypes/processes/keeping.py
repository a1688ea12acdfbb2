"""What a run of a log learnt, on disk: plain arrays and words, no object of any library."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from iagkit.core.errors import ModelError
from iagkit.core.record import to_json
from iagkit.prototypes.engine import persist, saving
from iagkit.prototypes.processes.at_work import AtWork
from iagkit.prototypes.processes.encoding import Encoder, Table
from iagkit.prototypes.processes.forest import Forest
from iagkit.prototypes.processes.lateness import OURS, Lateness
from iagkit.prototypes.processes.remaining import MedianByActivity, RemainingTime
from iagkit.prototypes.processes.trees import Candidate, Trees

FORM: Final = "iagkit open cases 1"
FOREST: Final = ("n_features", "baseline", "roots", "feature", "threshold", "missing_left", "left",
                 "right", "value")  # fmt: skip


def save(model: AtWork, path: Path) -> None:
    """Write what a run learnt; what it was chosen with is not kept, for it holds cases.

    Parameters
    ----------
    model : AtWork
    path : Path
        ``model.skops`` by custom.
    """
    state = {
        "form": FORM,
        "remaining": None if model.remaining is None else _of_remaining(model.remaining),
        "margin": float(model.margin),
        "lateness": None if model.lateness is None else _of_lateness(model.lateness),
        "attributes": list(model.attributes),
        "capacity": float(model.capacity),
        "about": saving.in_order(to_json(dict(model.about))),
    }
    persist.save(state, path)


def load(path: Path) -> AtWork:
    """Read a model written by :func:`save`.

    Raises
    ------
    ModelError
        If the file is missing, is something else, or its parts do not fit.
    """
    return persist.opened(path, _rebuilt)


def _rebuilt(state: dict[str, Any]) -> AtWork:
    if not isinstance(state, dict) or state.get("form") != FORM:
        msg = "expected a model of open cases; the file holds something else"
        raise ModelError(msg)
    remaining, late = state["remaining"], state["lateness"]
    return AtWork(
        remaining=None if remaining is None else _remaining(remaining),
        margin=float(state["margin"]),
        lateness=None if late is None else _lateness(late),
        attributes=tuple(state["attributes"]),
        capacity=float(state["capacity"]),
        about=state["about"],
    )


def _of_lateness(model: Lateness) -> dict[str, Any]:
    return {
        "slope": float(model.slope_),
        "shift": float(model.shift_),
        "forest": _of_forest(model.forest_),
        **_of_encoder(model.encoder_),
    }


def _lateness(state: dict[str, Any]) -> Lateness:
    model = Lateness()
    model.slope_, model.shift_ = float(state["slope"]), float(state["shift"])
    model.forest_, model.encoder_ = _forest(state["forest"]), _encoder(state, Encoder())
    _refuse_other(model.forest_, len(model.encoder_.names) + len(OURS))
    return model


def _of_remaining(model: RemainingTime) -> dict[str, Any]:
    trees = model.trees_
    return {
        "blend": float(model.blend_),
        "candidate": asdict(trees.candidate),
        "most": trees.most_,
        "middle": _of_forest(trees.middle_),
        "tails": [_of_forest(forest) for forest in trees.tails_],
        **_of_encoder(trees.encoder_),
        "median": [model.median_.kinds_, model.median_.days_, model.median_.whole_],
    }


def _remaining(state: dict[str, Any]) -> RemainingTime:
    how = Candidate(**state["candidate"])
    trees = Trees(candidate=how)
    trees.most_ = float(state["most"])
    trees.middle_ = _forest(state["middle"])
    trees.tails_ = tuple(_forest(told) for told in state["tails"])
    trees.encoder_ = _encoder(state, Encoder(trend=True, process=True))
    _refuse_other(trees.middle_, len(trees.encoder_.names))
    model = RemainingTime(candidates=(how,))
    model.trees_, model.blend_ = trees, float(state["blend"])
    model.chosen_ = how.name
    model.median_ = median = MedianByActivity()
    median.kinds_, median.days_, median.whole_ = state["median"]
    return model


def _refuse_other(forest: Forest, columns: int) -> None:
    if forest.n_features != columns:
        msg = "expected trees and columns of one model; they do not fit, the model is damaged"
        raise ModelError(msg)


def _of_encoder(encoder: Encoder) -> dict[str, Any]:
    return {
        "words": list(encoder.words_),
        "numbers": list(encoder.numbers_),
        "counts": list(map(str, encoder.counts_)),
        "tables": [[t.kinds, t.values] for t in encoder.tables_.values()],
    }


def _encoder(state: dict[str, Any], encoder: Encoder) -> Encoder:
    encoder.words_ = tuple(state["words"])
    encoder.numbers_, encoder.counts_ = tuple(state["numbers"]), tuple(state["counts"])
    encoder.tables_ = {
        name: Table(kinds=np.asarray(kinds, dtype=str), values=np.asarray(values))
        for name, (kinds, values) in zip(encoder.words_, state["tables"], strict=True)
    }
    return encoder


def _of_forest(forest: Forest) -> dict[str, Any]:
    return {name: getattr(forest, name) for name in FOREST}


def _forest(state: dict[str, Any]) -> Forest:
    return Forest(**{name: state[name] for name in FOREST}).check()
