"""Redacted documents as files: one, or a folder that is put in place when whole; and a summary."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from iagkit.core.errors import DataError, OutputError
from iagkit.core.message import Message
from iagkit.flow.redacting import (
    PATTERNS_ONLY,
    Asked,
    RedactedDocument,
    redact_documents,
    safe_name,
)
from iagkit.report.redaction_page import Mark, review_page
from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.labels import label
from iagkit.text.privacy.redact import Redacted
from iagkit.wire.documents.nouns import Unread
from iagkit.wire.placing import write_new

SUMMARY: Final = "redaction.json"
SPANS: Final = "spans.json"
BETWEEN: Final = "\n\n"
"""Stands between an e-mail and what was attached to it, in one text."""
Tell = Callable[[str, Message], None]


@dataclass(slots=True, kw_only=True)
class Summary:
    """What a redaction did, in numbers; no word of any document is in it.

    ``kinds`` counts what was hidden; ``written`` the formats; ``unread`` and ``remarks`` name
    documents with a reason.
    """

    model: str
    mode: str
    documents: int = 0
    characters: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    unread: list[tuple[str, Message]] = field(default_factory=list)
    remarks: list[tuple[str, Message]] = field(default_factory=list)
    spans: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False)

    def told(self) -> dict[str, Any]:
        """As a machine reads it."""
        return {
            "documents": self.documents, "characters": self.characters, "mode": self.mode,
            "model": self.model, "hidden": dict(self.kinds.most_common()),
            "written": dict(self.written),
            "unread": [{"name": n, "why": str(w)} for n, w in self.unread],
            "remarks": [{"name": n, "what": str(w)} for n, w in self.remarks],
            "limit": "no tool finds all personal data: a person must read what is published",
        }  # fmt: skip

    def add(self, document: RedactedDocument, name: str, *, reveal: bool) -> None:
        """Count a document."""
        self.documents += 1
        self.characters += len(document.original)
        self.kinds.update(s.entity.kind for s in document.spans)
        self.written[document.written] += 1
        self.remarks += [(name, remark) for remark in document.remarks]
        self.spans[name] = document.told(reveal=reveal)


def redact_file(source: Path, how: Asked, *, reveal: bool = False) -> tuple[bytes, Summary]:
    """Redact one file.

    Parameters
    ----------
    source : Path
    how : Asked
    reveal : bool
        Whether the spans of the summary repeat what was hidden.

    Returns
    -------
    content : bytes
        In the format that came in if that was asked for, else text, or the page for review.
        Attachments of an e-mail follow it in text, and are left out of an e-mail.
    summary : Summary

    Raises
    ------
    DataError
        If it could not be read.
    """
    summary = Summary(model=how.model, mode=how.mode)
    made: list[bytes] = []
    for document, name in _each(source, how, summary):
        summary.add(document, name, reveal=reveal)
        made.append(content_of(document, how))
        if not how.same or summary.documents == 1:
            _keep(document, "", how)
    _refuse_nothing(source, summary)
    whole = made[0] if how.same or how.mode == "highlight" else BETWEEN.encode().join(made)
    return whole, summary


def redact_folder(
    source: Path, out: Path, how: Asked, *, reveal: bool = False, tell: Tell | None = None
) -> Summary:
    """Redact all documents of a folder, zip or manifest into a folder.

    Parameters
    ----------
    source : Path
    out : Path
        A new or empty folder; it is there when all is done, or not at all.
    how : Asked
    reveal : bool
        Whether ``spans.json`` repeats what was hidden.
    tell : callable, optional
        Told the name of each document that could not be read, and why.

    Returns
    -------
    Summary
        Also written, as ``redaction.json``.

    Raises
    ------
    DataError
        If nothing could be read.
    OutputError
        If the folder cannot be written.
    """
    from iagkit.wire.output import OutputFolder

    _refuse_inside(source, out)
    place = OutputFolder(out)
    place.probe()
    summary = Summary(model=how.model, mode=how.mode)
    with place as folder:
        for document, name in _each(source, how, summary, tell):
            path = _free(folder.path, _target(document, name, how))
            write_new(path, content_of(document, how), private=how.mode == "highlight")
            written = path.relative_to(folder.path).as_posix()
            summary.add(document, written, reveal=reveal)
            _keep(document, written, how)
        _refuse_nothing(source, summary)
        write_new(folder.path / SPANS, _written(summary.spans), private=reveal)
        write_new(folder.path / SUMMARY, _written(summary.told()))
    return summary


def _keep(document: RedactedDocument, name: str, how: Asked) -> None:
    """Keep the originals of what is written as text; of other formats pseudonyms alone are."""
    if how.originals is not None and document.written == "txt":
        new = Redacted(document.text, document.spans)
        how.originals.keep(name, document.original, new, between=BETWEEN)


def _refuse_inside(source: Path, out: Path) -> None:
    if source.is_dir() and out.resolve().is_relative_to(source.resolve()):
        msg = (
            f"expected a folder outside '{source.name}' for what is redacted; '{out}' lies in it, "
            "so that the next run would read it. Give --out another folder"
        )
        raise OutputError(msg)


def _each(
    source: Path, how: Asked, summary: Summary, tell: Tell | None = None
) -> Iterator[tuple[RedactedDocument, str]]:
    for one in redact_documents(source, how):
        name = safe_name(one.name, how)
        if isinstance(one, Unread):
            summary.unread.append((name, one.why))
            if tell is not None:
                tell(name, one.why)
        else:
            yield one, name


def _refuse_nothing(source: Path, summary: Summary) -> None:
    if not summary.documents:
        why = "; ".join(f"'{name}': {why}" for name, why in summary.unread[:3])
        msg = (
            f"expected documents that can be read in '{source.name}'; none could ({why or 'there '}"
            f"{'' if why else 'is none'}). Add documents that can be read"
        )
        raise DataError(msg)


def content_of(document: RedactedDocument, how: Asked) -> bytes:
    """Bytes to write: the redacted document, or the page for review."""
    if how.mode != "highlight":
        return document.content
    marks = [Mark(e.start, e.end, label(e, how.lang)) for e in (s.entity for s in document.spans)]
    page = review_page(
        safe_name(document.name, how), document.original, marks, lang=how.lang,
        model="" if how.model == PATTERNS_ONLY else how.model,
        remarks=in_words(document.remarks, how.lang),
    )  # fmt: skip
    return page.encode("utf-8", "replace")


def in_words(remarks: Iterable[Message], lang: str) -> list[str]:
    """Tell sentences in a reader's language."""
    from iagkit.report.voice import catalogue

    found = catalogue(lang)
    return [found.gettext(r.template).format(**r.values) for r in remarks]


def kinds_in_words(kinds: Counter[str], lang: str) -> str:
    """Tell what was hidden, most first: ``PERSONA 3, CORREO 1``."""
    named = ((label(Entity(0, 1, kind, "shaped", ""), lang), n) for kind, n in kinds.most_common())
    return ", ".join(f"{name} {n}" for name, n in named)


def _target(document: RedactedDocument, name: str, how: Asked) -> str:
    """Where a document goes: its own name, with the ending of what it is now."""
    clean = PurePosixPath(*(p for p in PurePosixPath(name.replace("#", "-")).parts if p != "/"))
    end = ".review.html" if how.mode == "highlight" else f".redacted.{document.written}"
    return f"{clean.with_suffix('') if clean.suffix else clean}{end}"


def _free(folder: Path, name: str) -> Path:
    path = folder / name
    stem, _, ends = path.name.partition(".")
    n = 1
    while path.exists():
        n += 1
        path = path.with_name(f"{stem}-{n}.{ends}")
    return path


def _written(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
