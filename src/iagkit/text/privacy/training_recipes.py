"""How each field is trained; chosen by cross-validation inside the training parts."""

from __future__ import annotations

from typing import Final

from iagkit.text.privacy.training import Recipe

SCORED: Final[dict[str, tuple[Recipe, ...]]] = {
    "es": tuple(Recipe(seed=seed) for seed in range(5)),
    "pt": tuple(Recipe(seed=seed) for seed in range(5)),
}
"""One field a recipe, their weights averaged; labels of MEDDOCAN and of LeNER-Br."""

BALANCE: Final[dict[str, float]] = {"es": 0.7, "pt": 1.0}
"""Factor on the probability of ``O`` with the best F1."""

CAUTION: Final[dict[str, float]] = {"es": 0.005, "pt": 0.1}
"""The same for redaction, where leaking is worse than hiding: looked at on the dev parts."""

NAMES: Final = tuple(Recipe(seed=seed) for seed in range(2))
"""Names of persons in gazettes and requests, one label."""
