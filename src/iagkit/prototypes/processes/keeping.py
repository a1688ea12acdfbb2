"""A model of the remaining time on disk: plain arrays and words, no object of any library."""

from __future__ import annotations

import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from iagkit.core.errors import ModelError
from iagkit.prototypes.processes.encoding import Encoder, Table
from iagkit.prototypes.processes.forest import Forest
from iagkit.prototypes.processes.remaining import Candidate, MedianByActivity, RemainingTime, Trees

FORM: Final = "iagkit remaining time 1"
FOREST: Final = ("n_features", "baseline", "roots", "feature", "threshold", "missing_left", "left",
                 "right", "value")  # fmt: skip


def save(model: RemainingTime, path: Path) -> None:
    """Write a fitted model; what it was chosen with is not kept, for it holds cases.

    Parameters
    ----------
    model : RemainingTime
    path : Path
        ``model.skops`` by custom.
    """
    from skops.io import dump

    trees = model.trees_
    encoder = trees.encoder_
    state = {
        "form": FORM,
        "blend": float(model.blend_),
        "candidate": asdict(trees.candidate),
        "most": trees.most_,
        "middle": _of_forest(trees.middle_),
        "tails": [_of_forest(forest) for forest in trees.tails_],
        "words": list(encoder.words_),
        "numbers": list(encoder.numbers_),
        "counts": list(map(str, encoder.counts_)),
        "tables": [[t.kinds, t.values] for t in encoder.tables_.values()],
        "median": [model.median_.kinds_, model.median_.days_, model.median_.whole_],
    }
    dump(state, path, compression=zipfile.ZIP_DEFLATED)


def load(path: Path) -> RemainingTime:
    """Read a model written by :func:`save`.

    Raises
    ------
    ModelError
        If the file is missing, is something else, or its parts do not fit.
    """
    if not zipfile.is_zipfile(path):
        msg = f"expected a model written by iagkit; '{path.name}' is none, or it is damaged"
        raise ModelError(msg)
    from skops.io import load as read

    try:
        return _rebuilt(read(path, trusted=[]))
    except ModelError:
        raise
    except Exception as error:  # noqa: BLE001 (damage shows as any of a dozen errors)
        msg = (
            f"'{path.name}' cannot be read as a model of the remaining time "
            f"({type(error).__name__}). Take it from the run folder again"
        )
        raise ModelError(msg) from None


def _rebuilt(state: dict[str, Any]) -> RemainingTime:
    if not isinstance(state, dict) or state.get("form") != FORM:
        msg = "expected a model of the remaining time; the file holds something else"
        raise ModelError(msg)
    how = Candidate(**state["candidate"])
    trees = Trees(candidate=how)
    trees.log_, trees.lean_, trees.most_ = how.log, how.lean, float(state["most"])
    trees.middle_ = _forest(state["middle"])
    trees.tails_ = tuple(_forest(told) for told in state["tails"])
    trees.encoder_ = encoder = Encoder(trend=how.trend, process=how.process)
    encoder.words_ = tuple(state["words"])
    encoder.numbers_, encoder.counts_ = tuple(state["numbers"]), tuple(state["counts"])
    encoder.tables_ = {
        name: Table(kinds=np.asarray(kinds, dtype=str), values=np.asarray(values))
        for name, (kinds, values) in zip(encoder.words_, state["tables"], strict=True)
    }
    if trees.middle_.n_features != len(encoder.names):
        msg = "expected trees and columns of one model; they do not fit, the model is damaged"
        raise ModelError(msg)
    model = RemainingTime(candidates=(how,))
    model.trees_, model.blend_, model.chosen_ = trees, float(state["blend"]), how.name
    model.median_ = median = MedianByActivity()
    median.kinds_, median.days_, median.whole_ = state["median"]
    return model


def _of_forest(forest: Forest) -> dict[str, Any]:
    return {name: getattr(forest, name) for name in FOREST}


def _forest(state: dict[str, Any]) -> Forest:
    return Forest(**{name: state[name] for name in FOREST}).check()
