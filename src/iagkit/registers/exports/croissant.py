"""Croissant 1.1 with the RAI vocabulary: the data set a system was run on, as JSON-LD."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from iagkit.core.record import Record
from iagkit.registers.exports.common import Told, as_json, state, unconfirmed
from iagkit.registers.exports.cyclonedx import spdx_ids
from iagkit.registers.filling import Filled

VERSION: Final = "http://mlcommons.org/croissant/1.1"
RAI_VERSION: Final = "http://mlcommons.org/croissant/RAI/1.0"
_OF_CROISSANT: Final = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field",
    "fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset",
    "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
FORMATS: Final = {
    ".csv": "text/csv", ".csv.gz": "text/csv", ".tsv": "text/tab-separated-values",
    ".json": "application/json", ".jsonl": "application/jsonlines",
    ".parquet": "application/x-parquet", ".zip": "application/zip", ".xes": "application/xml",
    ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
OTHER: Final = "application/octet-stream"
REQUIRED: Final = ("name", "description", "license", "url", "creator", "datePublished",
                   "distribution")  # fmt: skip
SAID: Final = ("citeAs", "sdVersion", "sdLicense", "dateCreated")
SAID_LISTS: Final = ("keywords", "sameAs")
LISTS: Final = frozenset({
    "rai:dataCollectionType", "rai:dataCollectionTimeframe", "rai:dataPreprocessingProtocol",
    "rai:dataAnnotationPlatform", "rai:dataAnnotationAnalysis", "rai:dataReleaseMaintenancePlan",
    "rai:personalSensitiveInformation", "rai:dataBiases", "rai:dataLimitations",
    "rai:dataUseCases", "rai:annotatorDemographics", "rai:machineAnnotationTools",
})  # fmt: skip


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """The description of the data set, and what people still owe to it."""
    told = Told(filled=filled, record=record)
    found = describe(told)
    owed = [name for name in REQUIRED if name not in found]
    mark = ".draft" if owed else ""
    files = {f"{filled.profile.id}.metadata{mark}.json": as_json(found)}
    return files | {f"{filled.profile.id}.state.json": state(told, VERSION, owed, files)}


def context(lang: str) -> dict[str, Any]:
    """Context of Croissant 1.1 and of RAI; words without a language are in ``lang``."""
    found: dict[str, Any] = {
        "@language": lang,
        "@vocab": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "sc": "https://schema.org/",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "description": {"@container": "@language"},
        "name": {"@container": "@language"},
    }
    return found | {name: f"cr:{name}" for name in _OF_CROISSANT}


def describe(told: Told) -> dict[str, Any]:
    """The data set as JSON-LD; name, version and columns are those of its card."""
    card, read = told.record.dataset, told.reading
    title = told.said("name") or read.words(card.get("title")) or str(card.get("name") or "")
    told_of = told.said("description") or read.words(card.get("description"))
    found: dict[str, Any] = {
        "@context": context(told.filled.lang),
        "@type": "sc:Dataset",
        "conformsTo": [VERSION, RAI_VERSION],
        "name": title,
        "description": told_of,
        "license": _licence(told.said("license") or read.words(card.get("licence"))),
        "url": told.said("url"),
        "creator": [{"@type": "sc:Organization", "name": one} for one in told.texts("creator")],
        "publisher": [{"@type": "sc:Organization", "name": one} for one in told.texts("publisher")],
        "datePublished": told.said("datePublished") or told.text("datePublished"),
        "version": str(card.get("version") or ""),
        "inLanguage": told.texts("inLanguage") if told.answered("inLanguage") else [],
        **{name: told.said(name) for name in SAID},
        **{name: told.texts(name) if told.answered(name) else [] for name in SAID_LISTS},
        "distribution": _files(card),
        "recordSet": _records(told, card),
        **_rai(told),
    }
    if draft := unconfirmed(told):
        found["comment"] = {"@type": "sc:Comment", "text": draft}
    if (live := told.entry("isLiveDataset")) and live.value is not None:
        found["isLiveDataset"] = live.value.content
    return {name: value for name, value in found.items() if value not in ("", [], {}, None)}


def _licence(told: str) -> str:
    """Address of a licence that SPDX lists; else the words."""
    return f"https://spdx.org/licenses/{told}.html" if told in spdx_ids() else told


def _file_name(card: Any) -> str:
    origin = str(card.get("origin") or "")
    return origin.rstrip("/").rsplit("/", 1)[-1]


def _files(card: Any) -> list[dict[str, Any]]:
    origin, sha256 = str(card.get("origin") or ""), str(card.get("sha256") or "")
    name = _file_name(card)
    if not name or not sha256:
        return []
    public = origin.startswith(("https://", "http://"))
    suffix = next((one for one in sorted(FORMATS, key=len, reverse=True)
                   if name.lower().endswith(one)), "")  # fmt: skip
    return [{
        "@type": "cr:FileObject",
        "@id": "data-file",
        "name": name,
        "contentUrl": origin if public else quote(name),
        "encodingFormat": FORMATS.get(suffix, OTHER),
        "sha256": sha256,
    }]  # fmt: skip


def _records(told: Told, card: Any) -> list[dict[str, Any]]:
    columns = card.get("columns", ())
    if not columns or not _files(card):
        return []
    used: dict[str, int] = {}
    return [{
        "@type": "cr:RecordSet",
        "@id": "records",
        "name": "records",
        "field": [_field(told, one, used) for one in columns],
    }]  # fmt: skip


def _field(told: Told, column: Any, used: dict[str, int]) -> dict[str, Any]:
    """One column; only a date of a day is known to be more than text."""
    name = str(column["name"])
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", name) or "column"
    used[plain] = used.get(plain, 0) + 1
    ident = f"records/{plain}" + (f"-{used[plain]}" if used[plain] > 1 else "")
    of_day = column.get("role") == "time" and "day" in str(column.get("unit", ""))
    found = {
        "@type": "cr:Field",
        "@id": ident,
        "name": name,
        "description": told.reading.words(column.get("description")),
        "dataType": "sc:Date" if of_day else "sc:Text",
        "source": {"fileObject": {"@id": "data-file"}, "extract": {"column": name}},
    }
    return {key: value for key, value in found.items() if value}


def _rai(told: Told) -> dict[str, Any]:
    """What the RAI vocabulary asks, as far as evidence or people tell it."""
    found: dict[str, Any] = {}
    for one in told.filled.entries:
        name = one.field.id
        if name.startswith("rai:") and one.value is not None:
            found[name] = told.texts(name) if name in LISTS else told.text(name)
    return found
