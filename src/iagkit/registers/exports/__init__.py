"""Registers as files: plain ones for every profile, and the standards' own formats."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from iagkit.core.record import Record
from iagkit.registers.exports import plain
from iagkit.registers.filling import Filled

STANDARDS: Final[Mapping[str, str]] = {}
"""Profile → module of this package that writes its own format, by ``export(filled, record)``."""


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """All files of a register.

    Parameters
    ----------
    filled : Filled
    record : Record
        The record it was filled from.

    Returns
    -------
    dict of str to bytes
        File name → content; the same bytes for the same input.
    """
    files = plain.export(filled, record)
    if name := STANDARDS.get(filled.profile.id):
        own = import_module(f"iagkit.registers.exports.{name}")
        files.update(own.export(filled, record))
    return files
