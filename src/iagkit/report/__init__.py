"""Records told to people; computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iagkit.report.write import write_report

__all__ = ["write_report"]


def __getattr__(name: str) -> object:
    """Load the writer, and with it Jinja and Babel, only when a report is asked for."""
    if name in __all__:
        from iagkit.report import write

        return getattr(write, name)
    msg = f"module 'iagkit.report' has no attribute '{name}'"
    raise AttributeError(msg)
