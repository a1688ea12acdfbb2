"""How MLflow loads a model of iagkit: the sealed file, through the recipe's own reader.

This module is named in the ``MLmodel`` file of every model; the recipe is found by its
registered name, so the file can name no code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iagkit.core import registry
from iagkit.core.errors import ModelError


class Served:
    """A loaded model with the one method MLflow asks for."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        """Answer a table with the columns of the signature; there are no ``params``."""
        if params:
            msg = f"a model of iagkit has no settings to give it; got {', '.join(params)}"
            raise ModelError(msg)
        return self.model.answer(model_input)


def _load_pyfunc(path: str, model_config: Mapping[str, str] | None = None) -> Served:
    told = model_config or {}
    file = Path(path)
    if hashlib.sha256(file.read_bytes()).hexdigest() != told.get("sha256"):
        msg = f"'{file.name}' in the store is not the model that was sealed; it was not opened"
        raise ModelError(msg)
    return Served(registry.find("recipes", told.get("recipe", "")).load(file))
