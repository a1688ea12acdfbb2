"""Code is found by registered name only, so that no file can make iagkit run anything else."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from iagkit.core.errors import DeclarationError

Kind = Literal["checks", "recipes", "priorities"]


def names(kind: Kind) -> tuple[str, ...]:
    """Registered names, sorted."""
    return tuple(sorted(_points(kind)))


def find(kind: Kind, name: str) -> Any:
    """Load what is registered under ``iagkit.<kind>`` with this name.

    Raises
    ------
    DeclarationError
        If nothing is registered under it; dotted paths to code are never followed.
    """
    points = _points(kind)
    if name not in points:
        msg = (
            f"expected one of the registered {kind} ({', '.join(sorted(points))}); got "
            f"'{name}'.{did_you_mean(name, points)} Code is named by registered name, never by path"
        )
        raise DeclarationError(msg)
    return points[name].load()


def did_you_mean(name: str, known: Any) -> str:
    """Return a hint with the closest known name, or nothing; starts with a space."""
    spelt = {str(k).casefold(): str(k) for k in known}
    close = difflib.get_close_matches(str(name).casefold(), spelt, n=1, cutoff=0.6)
    return f" Did you mean '{spelt[close[0]]}'?" if close else ""


@cache
def _points(kind: Kind) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=f"iagkit.{kind}")}
