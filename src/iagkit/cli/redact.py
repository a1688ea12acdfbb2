"""``redact``: documents, tables and streams without personal data."""

from __future__ import annotations

import codecs
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.redact_words import SAID, as_json_bytes, say, tell, tell_left
from iagkit.core.errors import UsageError
from iagkit.wire.placing import put, refuse_to_replace

if TYPE_CHECKING:
    from iagkit.flow.redacting import Asked
    from iagkit.text.privacy.originals import Originals

_BLOCK: Final = 1 << 16


class Modes(StrEnum):
    """What is put in the place of personal data."""

    placeholder = "placeholder"
    mask = "mask"
    pseudonym = "pseudonym"
    highlight = "highlight"


_Spans = Annotated[
    Path | None, typer.Option(help="JSON file for the spans: offsets and kinds, no words.")
]
_Reveal = Annotated[
    bool, typer.Option("--reveal", help="Repeat what was hidden in the spans: for reviewers.")
]
_KeyFile = Annotated[
    Path | None,
    typer.Option(help="File with your secret key: same person, same number in every run."),
]
_SealWith = Annotated[
    Path | None, typer.Option(help="Key of redaction-key: seals what was hidden, for unredact.")
]
_Sealed = Annotated[
    Path | None, typer.Option(help="File for the sealed table (default: OUT.sealed).")
]


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(redact)


def redact(
    source: Annotated[
        str, typer.Argument(help="Document, folder, zip, manifest or table; '-' for a stream.")
    ],
    mode: Annotated[
        Modes,
        typer.Option(help="[KIND], ███, [KIND 3], or a page on which a person reviews the marks."),
    ] = Modes.placeholder,
    lang: o.LangOption = o.DEFAULT_LANG,
    kinds: Annotated[
        list[str] | None, typer.Option(help="Hide only this kind; may be repeated.")
    ] = None,
    countries: Annotated[
        list[str] | None, typer.Option(help="Ids of this country only (br); may be repeated.")
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(help="Column of a table to redact; may be repeated.")
    ] = None,
    tagger: Annotated[
        Path | None, typer.Option(help="File of train-tagger (default: in iagkit's cache).")
    ] = None,
    patterns: Annotated[bool, typer.Option("--patterns", help="Use no tagger.")] = False,
    same: Annotated[
        bool, typer.Option("--same-format", help="Write PDF as PDF, DOCX as DOCX ..., not text.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="File, or folder for a folder.")] = None,
    spans: _Spans = None,
    reveal: _Reveal = False,
    key_file: _KeyFile = None,
    seal_with: _SealWith = None,
    sealed: _Sealed = None,
    max_pages: Annotated[int, typer.Option(help="Most pages of a document.")] = 5_000,
    max_characters: Annotated[
        int, typer.Option(help="Most characters of a document.")
    ] = 10_000_000,
    max_bytes: Annotated[int, typer.Option(help="Most bytes of a document.")] = 100 << 20,
    json: o.JsonOption = False,
) -> None:
    """Hide personal data: in documents, in columns of a table, or in a stream.

    No tool finds everything: a person must read what is published. A document that cannot be read
    is named on stderr with the reason, and is not in the results; 2 if none could be read.
    Columns of a table are redacted where --text names them, and those alone.

    Example: iagkit redact letters/ --same-format --lang es --out out/redacted
    """
    from iagkit.flow.redacting import asked
    from iagkit.wire.documents.nouns import Limits
    from iagkit.wire.sealing import own_key

    path = Path(source).expanduser()
    refuse_to_replace((out, spans, sealed), (path, key_file, seal_with, tagger))
    seal = _seal(source, mode, out, seal_with, sealed, cells=bool(text))
    fits = out is not None and out.suffix.lower() in (".pdf", ".docx", ".odt", ".html", ".eml")
    how = asked(
        mode=mode.value, lang=lang.value, kinds=kinds, countries=countries, tagger=tagger,
        patterns_only=patterns, same=same or (fits and mode is not Modes.highlight),
        key=own_key(key_file) if key_file else None, originals=seal.originals if seal else None,
        limits=Limits(pages=max_pages, characters=max_characters, file_bytes=max_bytes),
    )  # fmt: skip
    if text or _unnamed(path):
        written: Path | None = _table(source, text or [], how, out, as_json=json)
    elif source == "-":
        written = _stream(how, out, as_json=json)
    else:
        written = _documents(path, how, out, spans, reveal=reveal, as_json=json)
    if seal:
        seal.write(written, how.lang)


class _Seal(NamedTuple):
    """What was hidden, the key to seal it with, and where to; beside the results by default."""

    originals: Originals
    key: bytes
    table: Path | None

    def write(self, written: Path | None, lang: str) -> None:
        from iagkit.flow.unredacting import table_beside, write_sealed

        table = self.table or table_beside(written or Path("redacted"))
        write_sealed(self.originals, self.key, table)
        say(SAID[lang]["sealed"].format(out=table))


def _seal(
    source: str,
    mode: Modes,
    out: Path | None,
    key: Path | None,
    sealed: Path | None,
    *,
    cells: bool,
) -> _Seal | None:
    """Refuse before anything is redacted what could not be sealed."""
    from iagkit.flow.unredacting import probe, table_beside
    from iagkit.text.privacy.originals import Originals
    from iagkit.wire.sealing import read_key

    if key is None:
        if sealed is not None:
            msg = "expected --seal-with FILE beside --sealed; got none. Name the key to seal with"
            raise UsageError(msg)
        return None
    if cells and mode is not Modes.pseudonym:
        msg = (
            f"expected --mode pseudonym, with which cells can be restored; got '{mode.value}'. "
            "Give --mode pseudonym, or leave --seal-with out"
        )
        raise UsageError(msg)
    table = sealed or (table_beside(out) if out else None)
    if table is None and not (cells or Path(source).expanduser().is_dir()):
        msg = (
            "expected --out or --sealed, to know where the sealed table goes; got neither. Name a "
            "file for it: --sealed letter.sealed"
        )
        raise UsageError(msg)
    if table is not None:
        probe(table)
    return _Seal(Originals(), read_key(key), table)


def _unnamed(path: Path) -> bool:
    """Whether it is a table of which no column was named."""
    from iagkit.flow.redacting_tables import is_table
    from iagkit.wire.documents.folders import holds_documents

    return is_table(path) and not holds_documents(path)


def _documents(
    source: Path, how: Asked, out: Path | None, spans: Path | None, *, reveal: bool, as_json: bool
) -> Path | None:
    from iagkit.flow import redacting_files as files
    from iagkit.wire.documents.folders import holds_documents

    if holds_documents(source) and not _is_one(source):
        out = out or o.default_out("redact", str(source))
        summary = files.redact_folder(source, out, how, reveal=reveal)
        content = None
    else:
        content, summary = files.redact_file(source, how, reveal=reveal)
        if out is not None:
            put(out, content, private=how.mode == "highlight")
    if spans is not None:
        put(spans, as_json_bytes(summary.spans), private=reveal)
    if content is not None and out is None and not as_json:
        show.write(content)
    tell(summary, out, how.lang, as_json=as_json, spans=reveal or spans is None)
    return out


def _is_one(source: Path) -> bool:
    """A zip may be an office document."""
    from iagkit.wire.documents.formats import recognise
    from iagkit.wire.documents.nouns import UnreadableError

    if source.is_dir() or source.suffix.lower() == ".csv":
        return False
    try:
        return recognise(source.read_bytes()) != "zip"
    except UnreadableError:
        return True


def _table(source: str, columns: list[str], how: Asked, out: Path | None, *, as_json: bool) -> Path:
    from iagkit.flow import redacting_tables as columns_of
    from iagkit.flow.redacting_files import Summary
    from iagkit.wire import tables
    from iagkit.wire.rows import AnswerFile

    counted: Counter[str] = Counter()
    summary = Summary(model=how.model, mode=how.mode, kinds=counted)
    target = out or o.default_out("redact", source) / "redacted.csv"
    pieces = tables.iter_table(source)
    first = next(iter(pieces))
    if not columns:
        columns_of.refuse_unnamed(Path(source).name, first, how)
    with AnswerFile(target) as file:
        for piece in chain((first,), pieces):
            done = columns_of.redact_table(piece, columns, how, kept=counted)
            file.write(columns_of.as_written(done))
            summary.documents += len(piece)
    if not as_json:
        left = columns_of.personal_columns(first, replace(how, originals=None), but=columns)
        tell_left(left, sum(c not in columns for c in first.columns), how.lang)
    tell(summary, target, how.lang, as_json=as_json, rows=True)
    return target


def _stream(how: Asked, out: Path | None, *, as_json: bool) -> Path | None:
    from iagkit.flow.redacting import redact_stream
    from iagkit.flow.redacting_files import Summary

    counted: Counter[str] = Counter()
    summary = Summary(model=how.model, mode=how.mode, kinds=counted, documents=1)
    made: list[bytes] = []
    write = made.append if out is not None or as_json else _write_now
    for piece in redact_stream(_blocks(sys.stdin.buffer), how, kept=counted, name=""):
        write(piece.encode("utf-8", "surrogateescape"))
    if out is not None:
        put(out, b"".join(made))
    tell(summary, out, how.lang, as_json=as_json)
    return out


def _write_now(content: bytes) -> None:
    show.write(content)
    sys.stdout.buffer.flush()


def _blocks(stream: IO[bytes]) -> Iterator[str]:
    """Decode as it comes; bytes that are no UTF-8 pass through as they are."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while block := stream.read(_BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)
