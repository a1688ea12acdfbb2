"""How each field is trained, and how far redaction leans towards hiding.

What was compared, and where: orders, groups of words, algorithms and ways of reading labels on
the dev parts, learnt from train. The figures of the cards are of dev and thereby a little too good.
"""

from __future__ import annotations

from typing import Final

from iagkit.text.privacy.training import Recipe

SCORED: Final[dict[str, tuple[Recipe, ...]]] = {
    lang: (Recipe(seed=0, kin=True), Recipe(seed=1, kin=False)) for lang in ("es", "pt")
}
"""One field a recipe, their weights averaged; labels of MEDDOCAN and of LeNER-Br."""

CAUTION: Final[dict[str, float]] = {"es": 1e-4, "pt": 0.1}
"""Factor on the probability of ``O`` in redaction, where leaking is worse than hiding."""

NAMES: Final = (Recipe(),)
"""Names of persons in gazettes and requests, one label."""
