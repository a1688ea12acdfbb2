"""A declaration as a record holds it → the nouns it was, so that the same can be run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from iagkit.core.errors import DataError
from iagkit.core.nouns import Gate, Policy, Protocol, Prototype
from iagkit.core.record import Record, to_json

N = TypeVar("N", Protocol, Gate)


def prototype_of(record: Record) -> Prototype:
    """Return the prototype, protocol and policy that a record was made by.

    Raises
    ------
    DataError
        If this version of iagkit cannot declare the same: a field is new or gone.
    """
    told = record.prototype
    try:
        declared = Prototype(
            name=told["name"], version=told["version"], task=told["task"], recipe=told["recipe"],
            title=told["title"], intended_use=told["intended_use"], not_for=told["not_for"],
            human_role=told["human_role"], protocol=_protocol(told["protocol"]),
            policy=_policy(told["policy"]), params=told["params"],
            taxonomy=tuple(told["taxonomy"]), jurisdiction=told.get("jurisdiction", {}),
            answers=told.get("answers", {}), source=told["source"],
        )  # fmt: skip
        parts = {"protocol": declared.protocol, "policy": declared.policy}
        of = record.digest_of
        same = all(of(to_json(noun)) == told[f"{name}_sha256"] for name, noun in parts.items())
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        made = record.about.get("iagkit", "another version")
        msg = (
            "expected a declaration that this iagkit can read whole; that of the record is not. "
            f"It was made with iagkit {made}: reproduce it with that version"
        )
        raise DataError(msg)
    return declared


def _protocol(told: Mapping[str, Any]) -> Protocol:
    return _again(Protocol, {**told, "checks": tuple(told["checks"])})


def _policy(told: Mapping[str, Any]) -> Policy:
    gates = tuple(_again(Gate, gate) for gate in told["gates"])
    return Policy(**{**told, "gates": gates})


def _again(noun: type[N], told: Mapping[str, Any]) -> N:
    """A record leaves out what is None; the default of a field may be something else."""
    return noun(**{**{f.name: None for f in fields(noun)}, **told})
