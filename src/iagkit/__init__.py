"""Human-supervised AI prototypes, honest audits and publishable records for institutions.

The verbs and nouns are imported when first used, so that ``import iagkit`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "Card",
    "Check",
    "Column",
    "Dataset",
    "Estimate",
    "Feature",
    "Finding",
    "Gate",
    "IagkitError",
    "Mitigation",
    "Outcome",
    "Policy",
    "Protocol",
    "Prototype",
    "Published",
    "Record",
    "Run",
    "Verdict",
    "__version__",
    "audit",
    "judge",
    "mitigate",
    "publish",
    "run",
]

if TYPE_CHECKING:
    from iagkit.core.errors import IagkitError
    from iagkit.core.judge import judge
    from iagkit.core.nouns import (
        Card,
        Check,
        Column,
        Dataset,
        Estimate,
        Finding,
        Gate,
        Outcome,
        Policy,
        Protocol,
        Prototype,
        Run,
        Verdict,
    )
    from iagkit.core.record import Record
    from iagkit.explain.options import Feature
    from iagkit.flow import Audit, Mitigation, Published, audit, mitigate, publish, run

_ELSEWHERE = {
    "Audit": "iagkit.flow",
    "Feature": "iagkit.explain.options",
    "IagkitError": "iagkit.core.errors",
    "Mitigation": "iagkit.flow",
    "Published": "iagkit.flow",
    "Record": "iagkit.core.record",
    "audit": "iagkit.flow",
    "judge": "iagkit.core.judge",
    "mitigate": "iagkit.flow",
    "publish": "iagkit.flow",
    "run": "iagkit.flow",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module 'iagkit' has no attribute '{name}'"
        raise AttributeError(msg)
    return getattr(import_module(_ELSEWHERE.get(name, "iagkit.core.nouns")), name)


def __dir__() -> list[str]:
    return sorted(__all__)
