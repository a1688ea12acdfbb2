"""What the standards' own formats share: values, tables, and what a file leaves out."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from iagkit.core.record import Record
from iagkit.registers.evidence.reading import Reading
from iagkit.registers.exports.plain import warnings
from iagkit.registers.filling import Entry, Filled, as_text
from iagkit.registers.telling import STATES
from iagkit.wire.rows import guarded

STYLE: Final = (
    "body{font-family:system-ui,sans-serif;line-height:1.5;max-width:62rem;margin:auto;padding:1rem;"
    "color:#1a1a1a;background:#fff}table{border-collapse:collapse;width:100%;margin:0 0 2rem}"
    "caption{text-align:left;font-weight:700;font-size:1.2rem;padding:.5rem 0}"
    "th,td{border:1px solid #767676;padding:.4rem .6rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere;min-width:6rem}th[scope=row]{width:22%}"
    "thead th{background:#eef2f6}td p{margin:0 0 .5rem}"
    ".state{color:#4a4a4a}.note{border-left:.3rem solid #8a5a00;padding:.3rem .8rem}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A register beside its record, asked field by field.

    Parameters
    ----------
    filled : Filled
    record : Record
    """

    filled: Filled
    record: Record

    def entry(self, name: str) -> Entry | None:
        """The entry of a field."""
        return self.filled.entry(name)

    def text(self, name: str) -> str:
        """Value of a field as one text; empty if there is none."""
        found = self.entry(name)
        return as_text(found.value.content) if found and found.value else ""

    def texts(self, name: str) -> list[str]:
        """Value of a field as a list."""
        found = self.entry(name)
        if found is None or found.value is None:
            return []
        content = found.value.content
        return list(content) if isinstance(content, list | tuple) else [as_text(content)]

    def answered(self, name: str) -> bool:
        """Whether a person answered or confirmed it."""
        found = self.entry(name)
        return found is not None and found.state == "human"

    def said(self, name: str) -> str:
        """Value of a field if a person gave it; empty otherwise."""
        return self.text(name) if self.answered(name) else ""

    @property
    def reading(self) -> Reading:
        """The record, read in the language of the register."""
        return Reading(record=self.record, voice=self.filled.voice)

    @property
    def subject(self) -> str:
        """What the record is about; an audit knows the answers and not the name of the system."""
        read, voice = self.reading, self.filled.voice
        if read.of_others:
            data = read.words(read.card.get("title")) or str(read.card.get("name", ""))
            return voice.say("System whose answers are in {data}", data=data)
        return read.words(read.declared.get("title")) or str(read.declared.get("name", ""))

    @property
    def uuid(self) -> str:
        """A number that is the same for the same record and profile."""
        name = f"{self.filled.profile.id}:{self.filled.record_digest}:{self.filled.lang}"
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:iagkit:{name}"))

    @property
    def sealed_at(self) -> str:
        """Time of sealing, UTC, with seconds and ``Z``; empty if the record has none."""
        at = str(self.record.about.get("sealed_at", ""))
        return f"{at[:19]}Z" if len(at) >= len("2026-01-01T00:00:00") else ""


def state(
    told: Told, standard: str, left_out: Iterable[str], files: Iterable[str], *,
    said: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """What a machine reads of the files in the standard's own format: whole, or still a draft.

    Parameters
    ----------
    told : Told
    standard : str
        What the files are to be valid against.
    left_out : iterable of str
        What the standard requires and nobody answered.
    files : iterable of str
        Names of the files.
    said : sequence of str
        What else must be known of them.
    """
    voice, absent = told.filled.voice, list(dict.fromkeys(left_out))
    drafts = [e.field.id for e in told.filled.entries if e.state == "draft"]
    words = list(said)
    if absent:
        words.append(voice.say(
            "A draft that is not valid yet: {n} entries of the standard are left out because "
            "nobody answered them.", n=len(absent)))  # fmt: skip
    if drafts:
        words.append(voice.say("Proposals that no person has confirmed yet: {n}.", n=len(drafts)))
    return as_json({
        "format": "iagkit-register-state/1",
        "profile": told.filled.profile.id,
        "record": told.filled.record_digest,
        "standard": standard,
        "files": sorted(files),
        "complete": not absent,
        "left_out": absent,
        "to_confirm": drafts,
        "said": words,
    })  # fmt: skip


def unconfirmed(told: Told) -> str:
    """The sentence that a file carries inside itself while it holds proposals; else empty."""
    drafts = [e.field.id for e in told.filled.entries if e.state == "draft"]
    if not drafts:
        return ""
    return told.filled.voice.say(
        "Draft: these entries are proposals that no person has confirmed yet: {fields}.",
        fields=", ".join(drafts),
    )


def missing(filled: Filled) -> list[str]:
    """Fields the standard always requires that hold no value."""
    return [e.field.id for e in filled.entries if e.field.required == "yes" and e.value is None]


def as_json(content: Any) -> bytes:
    """Readable JSON, the same bytes for the same content."""
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """CSV (UTF-8 with its mark) that a spreadsheet opens without running anything."""
    told = io.StringIO(newline="")
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerows([guarded(str(cell)) for cell in row] for row in rows)
    return told.getvalue().encode("utf-8-sig")


def as_page(
    told: Told, tables: Mapping[str, Sequence[Sequence[str]]], heads: Sequence[str], *,
    anchors: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """A page of tables, one a section, that holds no script and loads nothing.

    Parameters
    ----------
    told : Told
    tables : mapping of str to rows
        Caption → rows; the first cell of a row is its heading.
    heads : sequence of str
        Headings of the columns.
    anchors : mapping, optional
        First cell of a row → its anchor.
    """
    title = f"{told.filled.profile.title}: {told.subject}"
    lang, notes = told.filled.lang, notices(told)
    parts = [
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n",
        *(f'<p class="note">{escape(one)}</p>\n' for one in notes),
    ]
    for caption, rows in tables.items():
        parts.append(_table(caption, rows, heads, anchors or {}))
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts).encode()


def _table(
    caption: str, rows: Sequence[Sequence[str]], heads: Sequence[str], anchors: Mapping[str, str]
) -> str:
    top = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = []
    for first, *rest in rows:
        mark = f' id="{escape(anchors[first])}"' if first in anchors else ""
        cells = "".join(f"<td>{_paragraphs(cell)}</td>" for cell in rest)
        body.append(f'<tr{mark}><th scope="row">{escape(first)}</th>{cells}</tr>\n')
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{''.join(body)}</tbody>\n</table>\n"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())


def notices(told: Told) -> list[str]:
    """What must be read before a register itself."""
    return list(warnings(told.filled))


def stated(told: Told, one: Entry) -> str:
    """Whether evidence, a proposal or a person says it, in words."""
    return told.filled.voice.tell(STATES[one.state])


def sections(filled: Filled) -> dict[str, list[Entry]]:
    """Entries by section, in the order of the standard."""
    found: dict[str, list[Entry]] = {}
    for one in filled.entries:
        found.setdefault(one.field.section, []).append(one)
    return found


def value_of(one: Entry) -> str:
    """Value of an entry as text; empty if there is none."""
    if one.value is None:
        return ""
    content = one.value.content
    if isinstance(content, bool):
        return "true" if content else "false"
    return "\n".join(content) if isinstance(content, list | tuple) else as_text(content)
