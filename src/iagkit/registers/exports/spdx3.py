"""SPDX 3.0.1 with the AI and Dataset profiles: the system, its data, and who made the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from iagkit import __version__
from iagkit.core.record import Record
from iagkit.registers.evidence.reading import ALL
from iagkit.registers.exports.common import Told, as_json, state, unconfirmed
from iagkit.registers.exports.cyclonedx import MEASURED, spdx_ids
from iagkit.registers.filling import Filled

CONTEXT: Final = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
VERSION: Final = "3.0.1"
UNKNOWN: Final = "expandedlicensing_NoAssertionLicense"
TEXTS: Final = ("informationAboutApplication", "informationAboutTraining", "limitation")
LISTS: Final = ("domain", "modelDataPreprocessing", "modelExplainability", "standardCompliance",
                "typeOfModel")  # fmt: skip
CHOICES: Final = {
    "autonomyType": ("yes", "no", "noAssertion"),
    "safetyRiskAssessment": ("serious", "high", "medium", "low"),
    "useSensitivePersonalInformation": ("yes", "no", "noAssertion"),
    "confidentialityLevel": ("red", "amber", "green", "clear"),
    "datasetAvailability": (
        "clickthrough", "directDownload", "query", "registration", "scrapingScript"),
    "hasSensitivePersonalInformation": ("yes", "no", "noAssertion"),
}  # fmt: skip
DATA_TEXTS: Final = ("dataCollectionProcess", "datasetNoise", "datasetUpdateMechanism",
                     "intendedUse")  # fmt: skip
DATA_LISTS: Final = ("anonymizationMethodUsed", "dataPreprocessing", "knownBias")
TYPES: Final = ("audio", "categorical", "graph", "image", "noAssertion", "numeric", "other",
                "sensor", "structured", "syntactic", "text", "timeseries", "timestamp",
                "video")  # fmt: skip


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """The document, and what it does not claim because nobody answered it."""
    told = Told(filled=filled, record=record)
    name = f"{filled.profile.id}.spdx3.json"
    files = {name: as_json(document(told))}
    unsaid = [e.field.id for e in filled.entries
              if e.field.id in CHOICES and e.value is not None
              and _choice(told, e.field.id) is None]  # fmt: skip
    return files | {f"{filled.profile.id}.state.json": state(told, CONTEXT, unsaid, files)}


def document(told: Told) -> dict[str, Any]:
    """The document as JSON-LD.

    Conformance to the profiles ``ai`` and ``dataset`` is not claimed: they ask who supplies the
    package, where it is had and when it was released, which no evidence tells.
    """
    base = f"https://spdx.org/spdxdocs/{told.uuid}"
    made = {
        "type": "CreationInfo",
        "@id": "_:made",
        "specVersion": VERSION,
        "created": told.sealed_at or "1970-01-01T00:00:00Z",
        "createdBy": [f"{base}#maker"],
    }
    graph = [made, *(_kept(one) for one in _elements(told, base))]
    return {"@context": CONTEXT, "@graph": graph}


def _elements(told: Told, base: str) -> Iterator[dict[str, Any]]:
    known = {"creationInfo": "_:made"}
    yield {"type": "SoftwareAgent", "spdxId": f"{base}#maker", **known,
           "name": f"iagkit {__version__}"}  # fmt: skip
    yield {
        "type": "SpdxDocument", "spdxId": base, **known, "name": told.subject,
        "comment": f"iagkit record {told.filled.record_digest}\n{unconfirmed(told)}".strip(),
        "profileConformance": ["core", "software", "simpleLicensing"],
        "rootElement": [f"{base}#system"],
    }  # fmt: skip
    yield {"type": "ai_AIPackage", "spdxId": f"{base}#system", **known, **_system(told)}
    licence = told.reading.words(told.record.dataset.get("licence"))
    if told.record.dataset.get("name"):
        yield {"type": "dataset_DatasetPackage", "spdxId": f"{base}#data", **known, **_data(told)}
        yield from _licensed(base, licence, known)
        trained = any(name.endswith(".skops") for name in told.record.artifacts)
        yield {
            "type": "Relationship", "spdxId": f"{base}#of-data", **known, "from": f"{base}#system",
            "relationshipType": "trainedOn" if trained else "testedOn", "to": [f"{base}#data"],
        }  # fmt: skip


def _licensed(base: str, licence: str, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The licence that the card declares; in its own words where SPDX lists none."""
    to = UNKNOWN
    if licence:
        to = f"{base}#licence"
        listed = licence in spdx_ids()
        yield {
            "type": "simplelicensing_LicenseExpression", "spdxId": to, **known,
            "simplelicensing_licenseExpression": licence if listed else "LicenseRef-declared",
            "simplelicensing_customIdToUri": [] if listed else [_pair(
                "LicenseRef-declared", f"{base}#licence-text")],
        }  # fmt: skip
        if not listed:
            yield {"type": "simplelicensing_SimpleLicensingText", "spdxId": f"{base}#licence-text",
                   **known, "simplelicensing_licenseText": licence}  # fmt: skip
    for kind, target in (("hasDeclaredLicense", to), ("hasConcludedLicense", UNKNOWN)):
        yield {
            "type": "Relationship", "spdxId": f"{base}#{kind}", **known, "from": f"{base}#data",
            "relationshipType": kind, "to": [target],
        }  # fmt: skip


def _system(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": told.subject,
        "builtTime": told.sealed_at,
        "comment": told.text("energyConsumption"),
        "verifiedUsing": [
            {"type": "Hash", "algorithm": "sha256", "hashValue": sha256}
            for name, sha256 in sorted(told.record.artifacts.items()) if name.endswith(".skops")
        ],
        "software_primaryPurpose": "model",
        "software_packageVersion": str(told.record.prototype.get("version") or "")
        if not told.reading.of_others else "",
        **{f"ai_{name}": told.text(name) for name in TEXTS},
        **{f"ai_{name}": told.texts(name) for name in LISTS},
        "ai_hyperparameter": list(_parameters(told)),
        "ai_metric": list(_metrics(told.record)),
        "ai_metricDecisionThreshold": [
            _pair(f"rule {n}", one)
            for n, one in enumerate(told.texts("metricDecisionThreshold"), start=1)
        ],
    }  # fmt: skip
    for name in ("autonomyType", "safetyRiskAssessment", "useSensitivePersonalInformation"):
        found[f"ai_{name}"] = _choice(told, name)
    return found


def _data(told: Told) -> dict[str, Any]:
    card, read = told.record.dataset, told.reading
    sha256 = str(card.get("sha256") or "")
    origin = str(card.get("origin") or "")
    found: dict[str, Any] = {
        "name": read.words(card.get("title")) or str(card["name"]),
        "description": read.words(card.get("description")),
        "software_primaryPurpose": "data",
        "software_packageVersion": str(card.get("version") or ""),
        "software_downloadLocation": origin if origin.startswith("https://") else "",
        "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": sha256}]
        if sha256 else [],
        "dataset_datasetType": _types(told),
        **{f"dataset_{name}": told.text(name) for name in DATA_TEXTS},
        **{f"dataset_{name}": told.texts(name) for name in DATA_LISTS},
        "dataset_sensor": [_pair(one, one) for one in told.texts("sensor")],
    }  # fmt: skip
    size = told.entry("datasetSize")
    if size and size.value is not None and isinstance(size.value.content, int):
        found["dataset_datasetSize"] = size.value.content
    for name in ("confidentialityLevel", "datasetAvailability", "hasSensitivePersonalInformation"):
        found[f"dataset_{name}"] = _choice(told, name)
    return found


def _types(told: Told) -> list[str]:
    """Kind of the data in the words of the standard, by the roles of the columns."""
    said = [one for one in told.texts("datasetType") if one in TYPES]
    if said and told.answered("datasetType"):
        return said
    roles = {column["role"] for column in told.record.dataset.get("columns", ())}
    if told.reading.of_log:
        return ["timestamp", "structured"]
    return ["text"] if "text" in roles else ["structured"] if roles else ["noAssertion"]


def _parameters(told: Told) -> Iterator[dict[str, str]]:
    chosen = told.record.run.get("chosen") or {}
    for name in ("candidate", "context", "strength", "balance"):
        if name in chosen:
            yield _pair(name, str(chosen[name]))
    if "seed" in told.record.run:
        yield _pair("seed", str(told.record.run["seed"]))


def _metrics(record: Record) -> Iterator[dict[str, str]]:
    for found in record.findings:
        estimate = found.estimate
        if estimate is None or not found.check.startswith(MEASURED):
            continue
        where = [f"{k}={'all groups' if v == ALL else v}" for k, v in found.where.items()]
        if found.between:
            where.append(f"between {' and '.join(found.between)}")
        key = f"{found.check} ({'; '.join(where)})" if where else found.check
        value = f"{estimate.value!r} {estimate.unit}; n={estimate.n}"
        if estimate.low is not None and estimate.high is not None:
            level = f" at {estimate.level:.4g}" if estimate.level else ""
            value += f"; interval{level} {estimate.low!r} to {estimate.high!r}"
        yield _pair(key, value)


def _choice(told: Told, name: str) -> str | None:
    said = told.text(name)
    return said if said in CHOICES[name] else None


def _pair(key: str, value: str) -> dict[str, str]:
    return {"type": "DictionaryEntry", "key": key, "value": value}


def _kept(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in ("", [], None)}
