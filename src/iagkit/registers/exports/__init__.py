"""Registers as files: plain ones for every profile, and the standards' own formats."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from iagkit.core.record import Record
from iagkit.registers.exports import plain
from iagkit.registers.filling import Filled

STANDARDS: Final[Mapping[str, str]] = {
    "brazil-cnj-615": "forms",
    "brazil-pl2338-aia": "forms",
    "chile-cplt": "cplt",
    "chile-ficha": "forms",
    "colombia-directiva-007": "forms",
    "croissant": "croissant",
    "cyclonedx-mlbom": "cyclonedx",
    "datasheet": "datasheet",
    "eu-ai-act-annex-iv": "eu",
    "eu-ai-act-annex-viii": "eu",
    "eu-ai-act-fria": "eu",
    "eurocities-adts": "forms",
    "france-etalab": "forms",
    "model-card": "model_card",
    "nist-ai-rmf": "nist",
    "nl-algorithm-register": "dutch",
    "nyc-ll35": "forms",
    "spdx3-ai": "spdx3",
    "uk-atrs": "atrs",
    "uk-atrs-v3": "atrs",
    "uruguay-eia": "forms",
    "us-omb-2025": "omb",
}
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
