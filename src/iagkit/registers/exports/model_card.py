"""Model card: Markdown with the metadata that Hugging Face reads, results with their intervals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from iagkit.core.record import Record
from iagkit.registers.exports.common import (
    Told,
    missing,
    notices,
    sections,
    state,
    stated,
    unconfirmed,
    value_of,
)
from iagkit.registers.exports.eu import paragraphs
from iagkit.registers.exports.plain import escaped
from iagkit.registers.filling import Filled
from iagkit.wire import yamls

STANDARD: Final = "Hugging Face model card metadata (model-index)"
LICENCES: Final = {
    "Apache-2.0": "apache-2.0", "MIT": "mit", "CC0-1.0": "cc0-1.0", "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0", "GPL-3.0-only": "gpl-3.0", "EUPL-1.2": "eupl-1.2",
    "BSD-3-Clause": "bsd-3-clause", "MPL-2.0": "mpl-2.0", "AGPL-3.0-only": "agpl-3.0",
}  # fmt: skip
"""SPDX id → the id Hugging Face knows."""
METRICS: Final = {
    "performance.accuracy": "accuracy", "performance.macro_f1": "f1",
    "performance.balanced_accuracy": "balanced_accuracy", "performance.recall": "recall",
    "performance.precision": "precision", "calibration.ece": "expected_calibration_error",
    "coverage.conformal": "coverage", "abstention.rate": "abstention_rate",
    "performance.top_3_accuracy": "top_3_accuracy",
}  # fmt: skip
REPOSITORY: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """The card; its head is YAML."""
    told, name = Told(filled=filled, record=record), filled.profile.id
    head = yamls.dump(metadata(told))
    body = ("\n".join(_lines(told)).strip() + "\n").encode()
    note = f"# {' '.join(unconfirmed(told).split())}\n".encode() if unconfirmed(told) else b""
    files = {f"{name}.README.md": b"---\n" + note + head + b"---\n\n" + body}
    return files | {f"{name}.state.json": state(told, STANDARD, missing(filled), files)}


def metadata(told: Told) -> dict[str, Any]:
    """What Hugging Face reads; a value it cannot read is left to the text of the card."""
    licence = told.text("hf.license") or told.text("md.license")
    found: dict[str, Any] = {
        "language": _languages(told),
        **_licence(licence),
        "library_name": _library(told),
        "tags": told.texts("hf.tags"),
        "datasets": [d for d in told.texts("hf.datasets") if REPOSITORY.fullmatch(d)],
        "metrics": sorted({metric for check, metric in METRICS.items()
                           if told.record.find(check)}),
        "base_model": [d for d in told.texts("hf.base_model") if REPOSITORY.fullmatch(d)],
        "model-index": _index(told),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value not in ("", [], {})}


def _library(told: Told) -> str:
    """Name of the library if it is one; else that of the sealed file."""
    said = told.text("hf.library_name")
    if REPOSITORY.fullmatch(said):
        return said
    return "skops" if any(name.endswith(".skops") for name in told.record.artifacts) else ""


def _languages(told: Told) -> list[str]:
    """Languages of the card, by the codes that Hugging Face reads."""
    return [one for one in told.texts("hf.language") if LANGUAGE.fullmatch(one)]


def _licence(told: str) -> dict[str, str]:
    if not told:
        return {}
    known = LICENCES.get(told) or (told if told in LICENCES.values() else "")
    return {"license": known} if known else {"license": "other", "license_name": told}


def _index(told: Told) -> list[dict[str, Any]]:
    figures = list(_figures(told))
    card, read = told.record.dataset, told.reading
    name = read.words(card.get("title")) or str(card.get("name") or "")
    if not figures or not name:
        return []
    result = {
        "task": {"type": _task(told)},
        "dataset": {"name": name, "type": str(card.get("name") or name), "split": "test"},
        "metrics": figures,
    }
    return [{"name": told.subject, "results": [result]}]


def _task(told: Told) -> str:
    roles = {column["role"] for column in told.record.dataset.get("columns", ())}
    if told.reading.of_log:
        return "tabular-regression"
    return "text-classification" if "text" in roles else "tabular-classification"


def _figures(told: Told) -> Iterator[dict[str, Any]]:
    """Overall figures that the findings hold, each with cases and interval."""
    voice = told.filled.voice
    for found in told.record.findings:
        estimate = found.estimate
        if estimate is None or found.where or not found.check.startswith(
            ("performance.", "calibration.ece", "coverage.", "abstention.rate", "regression.",
             "fairness.", "process.")):  # fmt: skip
            continue
        args = {"check": found.check, "n": estimate.n, "unit": estimate.unit}
        if estimate.low is not None and estimate.high is not None:
            args |= {"low": float(estimate.low), "high": float(estimate.high)}
        if estimate.level:
            args["level"] = float(estimate.level)
        yield {
            "type": METRICS.get(found.check, found.check.rpartition(".")[2]),
            "name": f"{voice._(found.question)} {voice.estimate(estimate)}",
            "value": float(estimate.value),
            "args": args,
        }


def _lines(told: Told) -> Iterator[str]:
    yield f"# {escaped(told.subject)}\n"
    yield from (f"> {escaped(said)}\n" for said in notices(told))
    for section, entries in sections(told.filled).items():
        if section.startswith("HF metadata"):
            continue
        yield f"## {escaped(section)}\n"
        for one in entries:
            yield f"### {escaped(one.field.name)}\n"
            yield from paragraphs(value_of(one))
            yield f"*{escaped(stated(told, one))}*\n"
