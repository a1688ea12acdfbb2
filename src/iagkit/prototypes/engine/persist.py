"""Models on disk: skops with a list of trusted types of our own; a pickle is never opened."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from iagkit.core.errors import ModelError

TRUSTED = (
    "iagkit.prototypes.engine.model.RoutingModel",
    "iagkit.prototypes.engine.features.HashedTfidf",
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


def load(path: Path) -> Any:
    """Read a model written by :func:`save`.

    Raises
    ------
    ModelError
        If the file is missing, a pickle, damaged, or holds types that are not on our list.
    """
    _refuse_others(path)
    from skops.io import exceptions
    from skops.io import load as read

    try:
        return read(path, trusted=list(TRUSTED))
    except exceptions.UntrustedTypesFoundException as error:
        msg = f"'{path.name}' holds types that iagkit does not trust and was not opened: {error}"
        raise ModelError(msg) from None
    except Exception as error:  # noqa: BLE001 (damage shows as any of a dozen errors)
        msg = (
            f"'{path.name}' is damaged and cannot be read as a model ({type(error).__name__}). "
            "Take it from the run folder again, or run the prototype again"
        )
        raise ModelError(msg) from None


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
