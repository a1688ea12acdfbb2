"""A source of documents → a table of their texts, and a list of those that could not be read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.wire.documents import docx, eml, formats, html, odt, pdf, redacted_pdf, txt
from iagkit.wire.documents.folders import Lying, lying, too_large, unpacked
from iagkit.wire.documents.nouns import (
    DEFAULT,
    Document,
    Documents,
    Format,
    Hide,
    Limits,
    Remark,
    Unread,
    UnreadableError,
    Written,
)

Read = Callable[[str, bytes, Limits], Document]
Write = Callable[[bytes, Hide, Limits], Written]
READERS: Final[Mapping[Format, Read]] = {
    "pdf": pdf.read, "docx": docx.read, "odt": odt.read, "html": html.read, "eml": eml.read,
    "txt": txt.read,
}  # fmt: skip
WRITERS: Final[Mapping[Format, Write]] = {
    "pdf": redacted_pdf.write, "docx": docx.write, "odt": odt.write, "html": html.write,
    "eml": eml.write, "txt": txt.write,
}  # fmt: skip
_OWN: Final = ("id", "text", "format", "pages", "characters", "folder")


class Each(NamedTuple):
    """One document with its bytes and the manifest's row, or why it was not read."""

    document: Document | None
    content: bytes
    told: Mapping[str, object]
    unread: Unread | None = None


def read_documents(source: str | Path, *, limits: Limits = DEFAULT) -> Documents:
    """Read all documents of a file, folder, zip or manifest into a table.

    Formats are recognised by content: PDF, DOCX, ODT, HTML, e-mail, text. Attachments of e-mails
    are documents of their own (``mail.eml#1``). Nothing is run, fetched or written.

    Parameters
    ----------
    source : str or Path
        A document; a folder (with all below it, links not followed out of it; a ``manifest.csv``
        in it says which files, and their labels); a zip; or a CSV with a column ``file``.
    limits : Limits
        Bounds of bytes, pages, characters, documents and depth.

    Returns
    -------
    Documents
        ``table`` with the columns ``id`` (relative path), ``text``, ``format``, ``pages``
        (missing but for PDF), ``characters``, ``folder`` (of the first level) and those of the
        manifest; ``unread`` with a reason each; ``remarks`` on those that were read.

    Raises
    ------
    DataError
        If nothing is there, nothing could be read, or there are more documents than allowed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "one.pdf").write_text("Solicito copia del expediente.")
    >>> found = read_documents(folder)
    >>> found.table["format"].tolist(), str(found.remarks[0].what)
    (['txt'], 'its name says pdf, its content is txt; it was read as what it is')
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    unread: list[Unread] = []
    remarks: list[Remark] = []
    for each in each_document(source, limits=limits):
        if each.unread:
            unread.append(each.unread)
        if document := each.document:
            rows.append(_row(document, each.told))
            remarks += [Remark(document.name, r) for r in document.remarks]
    if not rows:
        raise DataError(_nothing(source, unread))
    table = pd.DataFrame(rows)
    table["pages"] = table["pages"].astype("Int64")
    return Documents(table=table, unread=tuple(unread), remarks=tuple(remarks))


def _row(document: Document, told: Mapping[str, object]) -> dict[str, Any]:
    parts = PurePosixPath(document.name).parts
    own = (
        document.name, document.text, document.format, document.pages, len(document.text),
        parts[0] if len(parts) > 1 else "",
    )  # fmt: skip
    return {**{k: v for k, v in told.items() if k not in _OWN}, **dict(zip(_OWN, own, strict=True))}


def _nothing(source: str | Path, unread: list[Unread]) -> str:
    why = "; ".join(f"'{u.name}': {u.why}" for u in unread[:3])
    told = f"none could be read ({why})" if unread else "it holds none"
    return f"expected documents in '{Path(source).name}'; {told}. Add documents that can be read"


def each_document(source: str | Path, *, limits: Limits = DEFAULT) -> Iterator[Each]:
    """Give the documents of a source one by one, in memory for one.

    Yields
    ------
    Each

    Raises
    ------
    DataError
        As `read_documents`.
    """
    left = limits.total_bytes
    lone = Path(source).is_file()
    for n, one in enumerate(_opened(lying(source, limits), limits, depth=1, lone=lone)):
        left -= len(one.content)
        if left < 0 or n >= limits.documents:
            msg = (
                "expected documents within the limits; unpacked they are more. Give a part of them"
            )
            raise DataError(msg)
        yield from _each(replace(one, name=writable(one.name or Path(source).name)), limits)


def writable(name: str) -> str:
    r"""Give a name of a file as text that can be written: bytes that are no letters as escapes.

    Examples
    --------
    >>> writable("nota\udcff.txt")
    'nota\\xff.txt'
    """
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _opened(
    found: Iterator[Lying], limits: Limits, depth: int, *, lone: bool = False
) -> Iterator[Lying]:
    """Open the zips among the files; names in the only one begin inside it."""
    for one in found:
        if one.why is None and one.content[:2] == b"PK" and _is_archive(one.content):
            inner = unpacked("" if lone else one.name, one.content, limits, depth)
            yield from (
                replace(i, told={**one.told, **i.told})
                for i in _opened(iter(inner), limits, depth + 1)
            )
        else:
            yield one


def _is_archive(content: bytes) -> bool:
    try:
        return formats.recognise(content) == "zip"
    except UnreadableError:
        return False


def _each(one: Lying, limits: Limits) -> Iterator[Each]:
    waiting = [(one, 1)]
    seen: set[bytes] = set()
    while waiting:
        now, depth = waiting.pop(0)
        each = _one(now, limits)
        yield each
        if each.document is not None and each.document.format == "eml":
            waiting = [*_attached(now, depth, limits, seen), *waiting]


def _one(one: Lying, limits: Limits) -> Each:
    if one.why is not None:
        return Each(None, b"", one.told, Unread(one.name, one.why))
    try:
        document = read_one(one.name, one.content, limits)
    except UnreadableError as refusal:
        return Each(None, b"", one.told, Unread(one.name, refusal.why))
    except (RecursionError, MemoryError):
        why = say("it is nested too deeply to be a document written by a person")
        return Each(None, b"", one.told, Unread(one.name, why))
    return Each(document, one.content, one.told)


def read_one(name: str, content: bytes, limits: Limits = DEFAULT) -> Document:
    """Read one document from its bytes; a name that promises another format is remarked.

    Raises
    ------
    UnreadableError
        With the reason.
    """
    if len(content) > limits.file_bytes:
        raise UnreadableError(too_large(limits))
    found = formats.recognise(content)
    if found == "zip":
        raise UnreadableError(say("it lies in too many archives, one within another"))
    document = READERS[found](name, content, limits)
    if not document.text.strip():
        raise UnreadableError(say("it holds no text"))
    if remark := formats.misnamed(name, found):
        document = replace(document, remarks=(remark, *document.remarks))
    return document


def _attached(mail: Lying, depth: int, limits: Limits, seen: set[bytes]) -> list[tuple[Lying, int]]:
    """Files of a mail; one that was met before on the way, or lies too deep, is not opened."""
    found = []
    for place, content in eml.attached(mail.content):
        digest = hashlib.sha256(content).digest()
        name = f"{mail.name}{place}"
        if depth >= limits.depth:
            one = Lying(name=name, why=say("it lies in too many e-mails, one within another"))
        elif digest in seen:
            one = Lying(name=name, why=say("it was attached before, and is read once"))
        else:
            one = Lying(name=name, content=content, told=mail.told)
        seen.add(digest)
        found.append((one, depth + 1))
    return found
