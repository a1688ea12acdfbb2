"""The plain files of a register: JSON, CSV and Markdown, with who says what beside each value."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from iagkit import __version__
from iagkit.core.record import Record
from iagkit.registers.filling import Completeness, Entry, Filled, as_text
from iagkit.registers.owing import TASKS, owed
from iagkit.registers.telling import ROLES, STATES
from iagkit.wire.rows import guarded

FORMAT: Final = "iagkit-register/1"
SPECIAL: Final = "\\`*_[]<>|#~"
COLUMNS: Final = ("section", "id", "name", "required", "state", "value", "owed_by", "because",
                  "source")  # fmt: skip


def export(filled: Filled, record: Record) -> dict[str, bytes]:
    """The three plain files of a register."""
    told, name = document(filled, record), filled.profile.id
    text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
    return {
        f"{name}.json": text.encode() + b"\n",
        f"{name}.csv": _csv(filled),
        f"{name}.md": _markdown(filled, told),
    }


def document(filled: Filled, record: Record) -> dict[str, Any]:
    """A register as plain JSON: what the other files, and the page, tell.

    Returns
    -------
    dict
        ``profile``, ``record``, ``warnings`` (read them first), ``completeness``, ``fields``
        and ``owed``.
    """
    profile, voice = filled.profile, filled.voice
    return {
        "format": FORMAT,
        "iagkit": __version__,
        "lang": filled.lang,
        "profile": {
            "id": profile.id, "title": profile.title, "issuer": profile.issuer,
            "jurisdiction": profile.jurisdiction, "version": profile.version,
            "date": profile.date, "licence": profile.licence, "verified": profile.verified,
            "source": list(profile.source), "notes": list(profile.notes),
        },
        "record": {
            "digest": filled.record_digest,
            "sealed_at": record.about.get("sealed_at"),
            "title": voice.words(record.prototype.get("title")),
        },
        "warnings": list(warnings(filled)),
        "blocking_limits_failed": list(filled.gates),
        "override": filled.override,
        "completeness": {
            "required": _counts(filled.completeness()),
            "all": _counts(filled.completeness(required=False)),
        },
        "fields": [_field(filled, one) for one in filled.entries],
        "owed": [
            {**asdict(one), "fields": list(one.fields), "role_name": voice.tell(ROLES[one.role]),
             "task_name": voice.tell(TASKS[one.task])}
            for one in owed([filled], voice)
        ],
    }  # fmt: skip


def warnings(filled: Filled) -> Iterator[str]:
    """What must be read before the register itself, the gravest first."""
    voice, counts = filled.voice, filled.completeness(required=False)
    if filled.gates:
        yield voice.say(
            "A blocking limit of the policy failed ({checks}): the system must not decide alone.",
            checks=", ".join(filled.gates),
        )
    if filled.profile.verified == "no":
        yield voice.say(
            "This form was written from memory and never read at its source. It is published for "
            "this reason: {reason}",
            reason=filled.override or "",
        )
    if filled.profile.verified == "partial":
        yield voice.say("Parts of this form were not read at their source; its notes say which.")
    if counts.draft:
        yield voice.say("Proposals that no person has confirmed yet: {n}.", n=counts.draft)
    required = filled.completeness()
    if left := required.missing + required.blocked:
        yield voice.say(
            "Required fields without an answer: {n} of {all}.", n=left, all=required.fields
        )


def _counts(of: Completeness) -> dict[str, Any]:
    return {**asdict(of), "filled": of.filled, "share": of.share}


def _field(filled: Filled, one: Entry) -> dict[str, Any]:
    voice, value = filled.voice, one.value
    content = value.content if value else None
    return {
        "id": one.field.id,
        "name": one.field.name,
        "section": one.field.section,
        "required": one.field.required,
        "state": one.state,
        "state_name": voice.tell(STATES[one.state]),
        "value": list(content) if isinstance(content, tuple) else content,
        "source": value.source if value else None,
        "owed_by": one.owed_by or None,
        "owed_by_name": voice.tell(ROLES[one.owed_by]) if one.owed_by else None,
        "because": voice.tell(one.because) if one.because else None,
        "asks": list(one.asks),
        "confirms": list(one.confirms),
    }


def _csv(filled: Filled) -> bytes:
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in filled.entries:
        row = _field(filled, one)
        row["value"] = as_text(one.value.content) if one.value else ""
        writer.writerow([guarded(str(row[c] if row[c] is not None else "")) for c in COLUMNS])
    return told.getvalue().encode("utf-8-sig")


def _markdown(filled: Filled, told: dict[str, Any]) -> bytes:
    return ("\n".join(_lines(filled, told)).strip() + "\n").encode()


def _lines(filled: Filled, told: dict[str, Any]) -> Iterator[str]:
    voice, profile = filled.voice, filled.profile
    yield f"# {escaped(profile.title)}"
    yield ""
    yield from (f"> {escaped(one)}\n>" for one in told["warnings"])
    yield ""
    yield escaped(voice.say(
        "Version {version}, {issuer}. Filled from the record with the digest {digest}.",
        version=profile.version, issuer=profile.issuer, digest=filled.record_digest))  # fmt: skip
    section = None
    for one in told["fields"]:
        if one["section"] != section:
            section = one["section"]
            yield f"\n## {escaped(section)}\n"
        yield from _field_lines(one)
    if told["owed"]:
        yield f"\n## {escaped(voice.say('What people still owe'))}\n"
        for debt in told["owed"]:
            yield f"- {escaped(debt['role_name'])}: {escaped(debt['text'])} ({debt['task_name']})"


def _field_lines(one: dict[str, Any]) -> Iterator[str]:
    yield f"### {escaped(one['id'])} {escaped(one['name'])}\n"
    value = one["value"]
    if isinstance(value, list):
        yield from (f"- {escaped(part)}" for part in value)
    elif value is not None:
        yield "\n\n".join(escaped(part) for part in str(value).split("\n") if part.strip())
    if value is not None:
        yield ""
    why = f": {escaped(one['because'])}" if one["because"] else ""
    yield f"*{escaped(one['state_name'])}{why}*\n"


def escaped(text: object) -> str:
    """Words as Markdown draws them, on one line."""
    line = " ".join(str(text).split())
    told = "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in line)
    return f"\\{told}" if told[:1] in ("-", "+", "=", "&") else told
