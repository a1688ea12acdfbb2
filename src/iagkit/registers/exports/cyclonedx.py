"""CycloneDX 1.7: a bill of materials of the model, its data and the libraries it was made with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from iagkit import __version__
from iagkit.core.nouns import Finding
from iagkit.core.record import Record
from iagkit.registers.evidence.reading import ALL
from iagkit.registers.exports.common import Told, as_json, state, unconfirmed
from iagkit.registers.filling import Filled
from iagkit.wire.register_files import reference

SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.7.schema.json"
MEASURED: Final = ("performance.", "calibration.ece", "coverage.", "abstention.", "fairness.",
                   "regression.", "scores.", "ranking.", "urgency.", "process.")  # fmt: skip
CONSIDERED: Final = {
    "users": "users", "useCases": "useCases", "technicalLimitations": "technicalLimitations",
    "performanceTradeoffs": "performanceTradeoffs",
}  # fmt: skip
APPROACHES: Final = ("supervised", "unsupervised", "reinforcement-learning", "semi-supervised",
                     "self-supervised")  # fmt: skip


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """The bill of materials, and what people still owe to it."""
    told = Told(filled=filled, record=record)
    name = f"{filled.profile.id}.cdx.json"
    files = {name: as_json(bom(told))}
    owed = [e.field.id for e in filled.entries if e.value is None and e.field.required == "yes"
            and e.field.id not in ("component.type", "component.name")]  # fmt: skip
    return files | {f"{filled.profile.id}.state.json": state(told, SCHEMA, owed, files)}


def bom(told: Told) -> dict[str, Any]:
    """The bill as plain JSON."""
    data, libraries = _data(told), list(_libraries(told))
    model = _model(told)
    parts = ([data] if data else []) + libraries
    return {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{told.uuid}",
        "version": 1 + len(told.record.amendments),
        "metadata": _kept({
            "timestamp": told.sealed_at,
            "tools": {"components": [
                {"type": "application", "name": "iagkit", "version": __version__}]},
            "component": model,
        }),
        "components": parts,
        "dependencies": [
            {"ref": "model", "dependsOn": [one["bom-ref"] for one in parts]},
            *({"ref": one["bom-ref"]} for one in parts),
        ],
        "properties": [
            {"name": "iagkit:record:digest", "value": told.filled.record_digest},
            *({"name": "iagkit:unconfirmed", "value": one} for one in [unconfirmed(told)] if one),
        ],
    }  # fmt: skip


def _model(told: Told) -> dict[str, Any]:
    artifacts = told.record.artifacts
    sealed = [{"alg": "SHA-256", "content": artifacts[n]} for n in sorted(artifacts)
              if n.endswith(".skops")]  # fmt: skip
    is_model = bool(sealed) or told.reading.of_others or "classes" in told.record.run
    about = {
        "type": "machine-learning-model" if is_model else "application",
        "bom-ref": "model",
        "name": told.said("component.name") or told.subject,
        "version": told.text("component.version"),
        "description": "\n".join(told.texts("useCases")),
        "hashes": sealed,
        "licenses": licences(told.text("component.licenses")),
        "externalReferences": [
            {"type": "website", "url": one} for one in told.texts("component.externalReferences")
            if one.startswith(("https://", "http://")) and not set(one) & set(" <>\"{}|\\^`\n")
        ],
    }  # fmt: skip
    if is_model:
        return _kept({**about, "modelCard": _card(told)})
    figures = [{"name": f"iagkit:{one['type']}", "value": json.dumps(one, ensure_ascii=False)}
               for one in _metrics(told.record)]  # fmt: skip
    return _kept({**about, "properties": figures})


def _card(told: Told) -> dict[str, Any]:
    approach = told.text("approach.type")
    parameters = _kept({
        "approach": {"type": approach} if approach in APPROACHES else {},
        "task": told.text("task"),
        "architectureFamily": told.text("architectureFamily"),
        "modelArchitecture": told.text("modelArchitecture"),
        "datasets": [{"ref": "data"}] if _data(told) else [],
        "inputs": [{"format": one} for one in told.texts("inputs")],
        "outputs": [{"format": one} for one in told.texts("outputs")],
    })  # fmt: skip
    considered = _kept({
        **{name: told.texts(asked) for name, asked in CONSIDERED.items()},
        "ethicalConsiderations": [{"name": one} for one in told.texts("ethicalConsiderations")],
        "fairnessAssessments": list(_fairness(told)),
    })  # fmt: skip
    energy = told.texts("environmentalConsiderations")
    properties = [
        *({"name": "iagkit:energy", "value": one} for one in energy),
        *({"name": "iagkit:answered", "value": one} for one in told.texts("properties")),
    ]
    return _kept({
        "bom-ref": "card",
        "modelParameters": parameters,
        "quantitativeAnalysis": _kept({"performanceMetrics": list(_metrics(told.record))}),
        "considerations": considered,
        "properties": properties,
    })  # fmt: skip


def _metrics(record: Record) -> Iterator[dict[str, Any]]:
    """Every figure with its cases; the schema has no place for them but the slice."""
    for found in record.findings:
        estimate = found.estimate
        if estimate is None or not found.check.startswith(MEASURED):
            continue
        bounds = {} if estimate.low is None or estimate.high is None else {
            "confidenceInterval": {
                "lowerBound": repr(estimate.low), "upperBound": repr(estimate.high)}
        }  # fmt: skip
        yield {"type": found.check, "value": repr(estimate.value), "slice": _slice(found), **bounds}


def _slice(found: Finding) -> str:
    estimate = found.estimate
    where = [f"{name}={'all groups' if value == ALL else value}"
             for name, value in found.where.items()]  # fmt: skip
    if found.between:
        where.append(f"between {' and '.join(found.between)}")
    told = [*where, f"n={estimate.n}", f"unit={estimate.unit}"] if estimate else where
    if estimate and estimate.level:
        told.append(f"interval at {estimate.level:.4g}")
    return "; ".join(told)


def _fairness(told: Told) -> Iterator[dict[str, str]]:
    """Gaps that were measured; which group is harmed, and how, is for people to say."""
    read = told.reading
    for found in told.record.findings:
        gap = found.check.startswith("fairness.") and ALL in found.where.values()
        if gap and found.between and found.estimate is not None:
            by = ", ".join(name for name, value in found.where.items() if value == ALL)
            yield {"groupAtRisk": f"{by}: {' / '.join(found.between)}", "harms": read.line(found)}
    for one in told.texts("fairnessAssessments") if told.answered("fairnessAssessments") else ():
        yield {"harms": one}


def _data(told: Told) -> dict[str, Any] | None:
    card, read = told.record.dataset, told.reading
    name = str(card.get("name") or "")
    if not name:
        return None
    sensitive = [c["name"] for c in card.get("columns", ()) if c.get("sensitive")]
    inner = _kept({
        "type": "dataset", "name": read.words(card.get("title")) or name,
        "sensitiveData": sensitive,
    })  # fmt: skip
    sha256 = str(card.get("sha256") or "")
    return _kept({
        "type": "data", "bom-ref": "data", "name": name, "version": str(card.get("version") or ""),
        "description": read.words(card.get("description")),
        "hashes": [{"alg": "SHA-256", "content": sha256}] if sha256 else [],
        "licenses": licences(read.words(card.get("licence"))),
        "data": [inner],
    })  # fmt: skip


def _libraries(told: Told) -> Iterator[dict[str, Any]]:
    made: Mapping[str, Any] = told.record.run.get("made_with") or {}
    for name in sorted(made):
        version = str(made[name])
        if name == "python":
            yield {"type": "platform", "bom-ref": "python", "name": name, "version": version}
        else:
            purl = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
            yield {"type": "library", "bom-ref": purl, "name": name, "version": version,
                   "purl": purl}  # fmt: skip


def licences(told: str) -> list[dict[str, Any]]:
    """A licence by its SPDX id where it is one, else by the words it was given in."""
    if not told.strip():
        return []
    known = told.strip() in spdx_ids()
    return [{"license": {"id" if known else "name": told.strip()}}]


@cache
def spdx_ids() -> frozenset[str]:
    """Ids of licences that SPDX lists."""
    return frozenset(json.loads(reference("schemas/spdx.schema.json"))["enum"])


def _kept(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: nothing stands where an answer should."""
    return {name: value for name, value in told.items() if value not in ("", [], {}, None)}
