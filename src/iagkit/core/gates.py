"""What a gate may speak of: findings that a registered check, or the run itself, can give."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from iagkit.core import registry
from iagkit.core.errors import DeclarationError

OF_MITIGATIONS = ("mitigation.*",)
"""Findings of a comparison of ways to narrow a gap, which no check gives."""


def known_findings() -> tuple[str, ...]:
    """Names of the findings that registered checks can give, sorted; ``*`` stands for any text.

    Notes
    -----
    A check says so in ``gives``, a chapter by its ``parts``. Of a check that says nothing, those
    count that have its registered name, or begin with it and a dot. Metrics of one's own have no
    name before they are brought along.
    """
    return tuple(sorted({f for name in registry.names("checks") for f in _given_by(name)}))


def refuse_unknown(gates: Iterable[str], *, where: str, also: Iterable[str] = ()) -> None:
    """Refuse gates about findings that nobody will ever give.

    Parameters
    ----------
    gates : iterable of str
        Names of findings.
    where : str
        What holds the gates, for the message.
    also : iterable of str
        Metrics that are brought along.

    Raises
    ------
    DeclarationError
        With the likely name: a misspelt limit would be undecided for ever.
    """
    brought = [f"fairness.{metric}{part}" for metric in also for part in ("", ".gap")]
    known = (*known_findings(), *OF_MITIGATIONS, *brought)
    for gate in gates:
        if not any(fnmatchcase(gate, pattern) for pattern in known):
            msg = (
                f"expected findings that a check can give in {where}; got '{gate}'."
                f"{registry.did_you_mean(gate, known)} docs/howto/policies.md lists them; metrics "
                "of your own must come with the audit (metrics={...})"
            )
            raise DeclarationError(msg)


@cache
def _given_by(name: str) -> tuple[str, ...]:
    try:
        check = registry.find("checks", name)
    except Exception:  # noqa: BLE001 (a check of others that is broken must not stop those that are not)
        check = None
    told = _given(check)
    return (name, f"{name}.*") if told is None else told


def _given(check: Any) -> tuple[str, ...] | None:
    if (gives := getattr(check, "gives", None)) is not None:
        return tuple(gives)
    if (parts := getattr(check, "parts", None)) is None:
        return None
    each = ((part, _given(part)) for part in parts)
    return tuple(name for part, told in each for name in (told or (part.name,)))
