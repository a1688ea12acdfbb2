"""Models on disk: skops with a list of trusted types of our own; a pickle is never opened."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from iagkit.core.errors import ModelError
from iagkit.prototypes.engine import archives

if TYPE_CHECKING:
    from iagkit.prototypes.engine.model import RoutingModel

T = TypeVar("T")
TRUSTED = (
    "iagkit.prototypes.engine.model.RoutingModel",
    "iagkit.prototypes.documents.model.TriageModel",
    "iagkit.prototypes.engine.features.HashedTfidf",
    "iagkit.prototypes.engine.parts.PartsTfidf",
    "iagkit.prototypes.engine.candidates.LinearScorer",
)
PICKLE_MARKS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def save(model: Any, path: Path) -> None:
    """Write a model that :func:`load` will accept.

    Raises
    ------
    ModelError
        If the model holds a type that is not on the list.
    """
    from skops.io import dump, get_untrusted_types

    dump(model, path, compression=zipfile.ZIP_DEFLATED)
    strange = set(get_untrusted_types(file=path)) - set(TRUSTED)
    if strange:
        path.unlink()
        msg = f"expected a model of trusted types; it holds {', '.join(sorted(strange))}"
        raise ModelError(msg)
    archives.settle(path)


def load(path: Path) -> RoutingModel:
    """Read a model written by :func:`save`.

    Raises
    ------
    ModelError
        If the file is missing, a pickle, damaged, or holds types that are not on our list.
    """
    return opened(path, _that_answers)


def opened(path: Path, sound: Callable[[Any], T]) -> T:
    """Read what :func:`save` wrote, and make a model of it.

    Parameters
    ----------
    path : Path
    sound : callable
        What the file holds → the model; raises whatever it likes where parts do not fit.

    Raises
    ------
    ModelError
        As for :func:`load`.
    """
    _refuse_others(path)
    from skops.io import exceptions
    from skops.io import load as read

    try:
        return sound(read(path, trusted=list(TRUSTED)))
    except exceptions.UntrustedTypesFoundException as error:
        msg = f"'{path.name}' holds types that iagkit does not trust and was not opened: {error}"
        raise ModelError(msg) from None
    except Exception as error:  # noqa: BLE001 (damage shows as any of a dozen errors)
        msg = (
            f"'{path.name}' is damaged and cannot be read as a model ({type(error).__name__}). "
            "Take it from the run folder again, or run the prototype again"
        )
        raise ModelError(msg) from None


def holds_words(path: Path) -> bool:
    """Whether a file of ours holds plain words and numbers, as models of logs do."""
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(archives.SCHEMA))
    except (OSError, KeyError, ValueError, RecursionError, zipfile.BadZipFile):
        return False
    return isinstance(told, dict) and told.get("__class__") == "dict"


def _that_answers(model: Any) -> RoutingModel:
    """Ask one empty question: a model whose parts do not fit fails here, not at row 100,000."""
    import pandas as pd

    from iagkit.prototypes.engine.model import RoutingModel

    if not isinstance(model, RoutingModel):
        msg = f"expected a {RoutingModel.__name__}; got a {type(model).__name__}"
        raise TypeError(msg)
    parts = set(signature(RoutingModel).parameters)
    if lacking := parts - set(vars(model)):
        msg = f"expected a whole model; {', '.join(sorted(lacking))} is missing"
        raise TypeError(msg)
    read = [c for c in (model.roles["text"], model.roles.get("office")) if c]
    model.answer(pd.DataFrame([dict.fromkeys(read, "")]))
    return model


def _refuse_others(path: Path) -> None:
    if not path.is_file():
        msg = f"expected a model file; there is none at '{path}'. It is 'model.skops' of a run"
        raise ModelError(msg)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] in PICKLE_MARKS or path.suffix in {".pkl", ".pickle", ".joblib"}:
        msg = (
            f"'{path.name}' is a pickle; opening one runs whatever is in it, so iagkit never does. "
            "Use the 'model.skops' of a run"
        )
        raise ModelError(msg)
    if not zipfile.is_zipfile(path):
        msg = f"'{path.name}' is not a model written by iagkit, or it is damaged. Use 'model.skops'"
        raise ModelError(msg)
