"""Declarations that people write → nouns; every unknown word is refused with the likely one."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from iagkit.core import gates, registry
from iagkit.core.errors import DeclarationError, UsageError
from iagkit.core.nouns import Card, Column, Gate, Policy, Protocol, Prototype
from iagkit.wire import files, models, yamls
from iagkit.wire.mistakes import why
from iagkit.wire.models import (
    CardModel,
    DataModel,
    ManifestModel,
    PolicyModel,
    ProtocolModel,
    PrototypeModel,
    RecordModel,
    Strict,
    TaxonomyModel,
)
from iagkit.wire.register_files import ProfileModel

SCHEMAS: Final[dict[str, type[Strict]]] = {
    "card": CardModel,
    "manifest": ManifestModel,
    "policy": PolicyModel,
    "profile": ProfileModel,
    "protocol": ProtocolModel,
    "prototype": PrototypeModel,
    "record": RecordModel,
    "taxonomy": TaxonomyModel,
}
PROTOCOL_FIELDS: Final = frozenset(ProtocolModel.model_fields) - {"name", "version", "reason"}
M = TypeVar("M", bound=BaseModel)


def prototype(name: str | Path, **overrides: Any) -> Prototype:
    """Read a prototype by name, or from its YAML file or folder.

    Parameters
    ----------
    name : str or Path
        ``"citizen-requests"``, or a path.
    **overrides
        ``policy``, ``protocol``, ``taxonomy`` (name or path), ``params`` (mapping), and any
        field of the protocol such as ``review_share``; ``None`` leaves what is declared.

    Returns
    -------
    Prototype
        ``params["data"]`` holds the declared table and roles, if there are any; ``source``
        tells where the file was found.

    Raises
    ------
    DeclarationError
        If a file is not valid, or names a recipe or check that is not registered.
    UsageError
        If an override is not one of those above, or out of range.
    """
    found = files.locate("prototypes", name)
    declared = _model(PrototypeModel, found.path)
    _refuse_unregistered("recipes", declared.recipe)
    near, given = found.path.parent, {k: v for k, v in overrides.items() if v is not None}
    _refuse_unknown(given)
    rules = {key: value for key, value in given.items() if key in PROTOCOL_FIELDS}
    return Prototype(
        name=declared.name,
        version=declared.version,
        task=declared.task,
        recipe=declared.recipe,
        title=declared.title.words(),
        intended_use=declared.intended_use.words(),
        not_for=declared.not_for.words(),
        human_role={k: v.words() for k, v in declared.human_role},
        protocol=_protocol(given.get("protocol"), declared.protocol, near, rules),
        policy=_either(_of_prototype, given.get("policy"), declared.policy, near),
        params=_params(declared, near, given.get("params", {})),
        taxonomy=_taxonomy(given.get("taxonomy"), declared.taxonomy, near),
        jurisdiction={k: v for k, v in declared.jurisdiction if v is not None},
        answers=yamls.read(near / declared.answers) if declared.answers else {},
        source=_told(found),
    )


def data(name: str | Path) -> dict[str, Any]:
    """Table and roles that a prototype declares, the path made findable from here."""
    path = files.find("prototypes", name)
    return _data(_model(PrototypeModel, path).data, path.parent)


def policy(
    name: str | Path, near: Path | None = None, *, tasks: Collection[str] | None = None
) -> Policy:
    """Read a policy by name or path; a path is relative to ``near``.

    Parameters
    ----------
    name : str or Path
    near : Path, optional
    tasks : collection of str, optional
        What the run is of, such as ``{"audit", "binary"}``: gates that name tasks, none of
        them among these, are left out, since nobody will measure what they ask. All gates if
        not given.
    """
    return policy_file(name, near)(tasks)


def policy_file(
    name: str | Path, near: Path | None = None, *, also: Collection[str] = ()
) -> Callable[[Collection[str] | None], Policy]:
    """Read a policy once, to be asked for the gates of one task or another.

    Its gates must speak of findings that a check can give, or of metrics named in ``also``.
    """
    path = files.find("policies", name, near=near)
    read = _model(PolicyModel, path)
    gates.refuse_unknown((g.check for g in read.gates), where=f"'{path.name}'", also=also)

    def of(tasks: Collection[str] | None) -> Policy:
        return Policy(
            name=read.name,
            version=read.version,
            owner=read.owner,
            reason=read.reason.words(),
            gates=tuple(_gate(g) for g in read.gates if _speaks_of(g, tasks)),
        )

    return of


def protocol(name: str | Path, near: Path | None = None) -> Protocol:
    """Read a protocol by name or path; its checks must be registered."""
    read = _model(ProtocolModel, files.find("protocols", name, near=near))
    for check in read.checks:
        _refuse_unregistered("checks", check)
    return Protocol(**{**dict(read), "reason": read.reason.words()})


def taxonomy(name: str | Path, near: Path | None = None) -> tuple[dict[str, Any], ...]:
    """Read the offices: rows of ``code``, ``parent`` (or None) and ``name`` in es, pt, en.

    Departments come first; their parent is None.
    """
    read = _model(TaxonomyModel, files.find("taxonomies", name, near=near))
    return tuple(
        {"code": row.code, "parent": row.parent, "name": row.name.words()}
        for row in (*read.departments, *read.offices)
    )


def card(path: Path) -> Card:
    """Read a ``card.yaml``."""
    read = _model(CardModel, path)
    return Card(
        name=read.name,
        version=read.version,
        title=read.title.words(),
        description=read.description.words(),
        licence=read.licence,
        source=read.source,
        columns=tuple(_column(c) for c in read.columns),
        limits=read.limits,
    )


def manifest(path: Path) -> ManifestModel:
    """Read a ``manifest.yaml``."""
    return _model(ManifestModel, path)


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schemas of all files that iagkit reads and writes, by kind."""
    return {
        kind: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(),
        }
        for kind, model in SCHEMAS.items()
    }


def _column(read: models.ColumnModel) -> Column:
    words = read.description.words() if read.description else {}
    return Column(**{**dict(read), "description": words})


def _of_prototype(name: str | Path, near: Path | None = None) -> Policy:
    return policy(name, near, tasks={"prototype"})


def _gate(read: models.GateModel) -> Gate:
    told = {name: value for name, value in read if name != "tasks"}
    return Gate(**{**told, "reason": read.reason.words()})


def _speaks_of(gate: models.GateModel, tasks: Collection[str] | None) -> bool:
    return tasks is None or not gate.tasks or not set(tasks).isdisjoint(gate.tasks)


def _either(reader: Any, given: Any, declared: str, near: Path) -> Any:
    """What a person asks for is relative to where they are; what a file asks for, to the file."""
    return reader(given) if given is not None else reader(declared, near=near)


def _protocol(given: Any, declared: str, near: Path, rules: dict[str, Any]) -> Protocol:
    read: Protocol = _either(protocol, given, declared, near)
    if not rules:
        return read
    either = {"review_share", "max_error"}
    if len(either & set(rules)) == 1:  # the one that is asked for replaces the declared one
        rules = dict.fromkeys(either) | rules
    whole = {f: getattr(read, f) for f in ProtocolModel.model_fields} | rules
    try:
        checked = ProtocolModel(**whole)
    except ValidationError as error:
        given = ", ".join(f"{name}={value}" for name, value in rules.items() if value is not None)
        msg = f"an option cannot be used (got {given}): {why(error, ProtocolModel)}"
        raise UsageError(msg) from None
    return Protocol(**{**dict(checked), "reason": checked.reason.words()})


def _taxonomy(given: Any, declared: str | None, near: Path) -> Sequence[dict[str, Any]]:
    if given is None and declared is None:
        return ()
    rows: Sequence[dict[str, Any]] = _either(taxonomy, given, declared or "", near)
    return rows


def _params(declared: PrototypeModel, near: Path, given: dict[str, Any]) -> dict[str, Any]:
    if "data" in declared.params:
        msg = "expected the table under 'data:', beside 'params:', not inside it. Move it there"
        raise DeclarationError(msg)
    told = _data(declared.data, near)
    return {**declared.params, **given, **({"data": told} if told else {})}


def _data(read: DataModel, near: Path) -> dict[str, Any]:
    told = {k: v for k, v in dict(read).items() if v}
    source = told.get("source", "")
    if re.search(r"[/.]", source) and "://" not in source:
        told["source"] = os.path.relpath(near / Path(source).expanduser())
    return {k: list(v) if isinstance(v, tuple) else v for k, v in told.items()}


def _told(found: files.Found) -> str:
    folder = found.path.parent.name
    return f"{found.place}: {folder}/{found.path.name}" if folder else found.path.name


def _refuse_unregistered(kind: registry.Kind, name: str) -> None:
    known = registry.names(kind)
    if name not in known:
        registry.find(kind, name)


def _refuse_unknown(given: dict[str, Any]) -> None:
    known = PROTOCOL_FIELDS | {"policy", "protocol", "taxonomy", "params"}
    for name in given:
        if name not in known:
            msg = (
                f"expected one of {', '.join(sorted(known))}; got "
                f"'{name}'.{registry.did_you_mean(name, known)}"
            )
            raise UsageError(msg)


def _model(model: type[M], path: Path) -> M:
    try:
        return model.model_validate(yamls.read(path))
    except ValidationError as error:
        msg = f"'{path.name}' is not valid: {why(error, model)}"
        raise DeclarationError(msg) from None
