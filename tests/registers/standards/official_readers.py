"""The official schema or reader of each format, offline; each returns what it finds wrong."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

import jsonschema
from referencing import Registry, Resource

from iagkit.wire.register_files import reference

BASE = "http://cyclonedx.org/schema/"
REFERRED = ("spdx.schema.json", "jsf-0.82.schema.json")


def _schema(name: str) -> Any:
    return json.loads(reference(f"schemas/{name}"))


@cache
def _cyclonedx() -> jsonschema.Draft7Validator:
    known = [(BASE + name, Resource.from_contents(_schema(name))) for name in REFERRED]
    return jsonschema.Draft7Validator(
        _schema("cyclonedx-bom-1.7.schema.json"), registry=Registry().with_resources(known)
    )


def cyclonedx(content: bytes) -> list[str]:
    """Official JSON Schema of CycloneDX 1.7, and that every reference has its target."""
    bom = json.loads(content)
    wrong = [error.message for error in _cyclonedx().iter_errors(bom)]
    refs = ["model", *(one["bom-ref"] for one in bom["components"])]
    if len(refs) != len(set(refs)):
        wrong.append("a bom-ref stands twice")
    for one in bom["dependencies"]:
        wrong += [f"{ref} is nowhere" for ref in (one["ref"], *one.get("dependsOn", ()))
                  if ref not in refs]  # fmt: skip
    return wrong


def dutch(content: bytes) -> list[str]:
    """Official JSON Schema of the Dutch register."""
    asked = jsonschema.Draft7Validator(_schema("nl-algoritmeregister-v1.0.0.schema.json"))
    return [error.message for error in asked.iter_errors(json.loads(content))]


def croissant(content: bytes) -> list[str]:
    """mlcroissant's own errors; its warnings are about what is recommended."""
    import mlcroissant

    try:
        read = mlcroissant.Dataset(json.loads(content))
    except mlcroissant.ValidationError as error:
        return [str(error)]
    return sorted(read.metadata.ctx.issues.errors)


def spdx(content: bytes) -> list[str]:
    """Reader of the SPDX project, made from its SHACL model: names, types, choices, counts."""
    from spdx_python_model import v3_0_1

    found = v3_0_1.SHACLObjectSet()
    try:
        v3_0_1.JSONLDDeserializer().read(io.BytesIO(content), found)
        v3_0_1.JSONLDSerializer().write(found, io.BytesIO())
    except (TypeError, ValueError, KeyError) as error:
        return [str(error)]
    return [f"{one} is nowhere" for one in sorted(found.missing_ids)]
