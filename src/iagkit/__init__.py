"""Human-supervised AI prototypes, honest audits and publishable records for institutions.

The verbs and nouns are imported when first used, so that ``import iagkit`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "run": "iagkit.flow",
    "judge": "iagkit.core.judge",
    "Record": "iagkit.core.record",
    **dict.fromkeys(
        (
            "Card", "Check", "Column", "Dataset", "Estimate", "Finding", "Gate", "Outcome",
            "Policy", "Protocol", "Prototype", "Run", "Verdict",
        ),
        "iagkit.core.nouns",
    ),
}  # fmt: skip

__all__ = [*sorted(_HOMES), "__version__"]  # noqa: PLE0604 (strings, built from the map above)

if TYPE_CHECKING:
    from iagkit.core.judge import judge
    from iagkit.core.nouns import (
        Card, Check, Column, Dataset, Estimate, Finding, Gate, Outcome, Policy, Protocol,
        Prototype, Run, Verdict,
    )  # fmt: skip
    from iagkit.core.record import Record
    from iagkit.flow import run


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'iagkit' has no attribute '{name}'"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
