"""``redact``: documents, tables and streams without personal data."""

from __future__ import annotations

import codecs
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Final

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible

if TYPE_CHECKING:
    from iagkit.core.message import Message
    from iagkit.flow.redacting import Asked
    from iagkit.flow.redacting_files import Summary

_BLOCK: Final = 1 << 16
_NAMED: Final = 5


class Modes(StrEnum):
    """What is put in the place of personal data."""

    placeholder = "placeholder"
    mask = "mask"
    pseudonym = "pseudonym"
    highlight = "highlight"


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
    spans: Annotated[
        Path | None, typer.Option(help="JSON file for the spans: offsets and kinds, no words.")
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Repeat what was hidden in the spans: for reviewers.")
    ] = False,
    key_file: Annotated[
        Path | None,
        typer.Option(help="File with your secret key: same person, same number in every run."),
    ] = None,
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

    Example: iagkit redact letters/ --same-format --lang es --out out/redacted
    """
    from iagkit.flow.redacting import asked
    from iagkit.wire.documents.nouns import Limits

    fits = out is not None and out.suffix.lower() in (".pdf", ".docx", ".odt", ".html", ".eml")
    how = asked(
        mode=mode.value, lang=lang.value, kinds=kinds, countries=countries, tagger=tagger,
        patterns_only=patterns, same=same or (fits and mode is not Modes.highlight),
        key=key_file.read_bytes() if key_file else None,
        limits=Limits(pages=max_pages, characters=max_characters, file_bytes=max_bytes),
    )  # fmt: skip
    if text:
        _table(source, text, how, out, as_json=json)
    elif source == "-":
        _stream(how, out, as_json=json)
    else:
        _documents(Path(source).expanduser(), how, out, spans, reveal=reveal, as_json=json)


def _documents(
    source: Path, how: Asked, out: Path | None, spans: Path | None, *, reveal: bool, as_json: bool
) -> None:
    from iagkit.flow import redacting_files as files
    from iagkit.wire.documents.folders import holds_documents

    if holds_documents(source) and not _is_one(source):
        out = out or o.default_out("redact", str(source))
        summary = files.redact_folder(source, out, how, reveal=reveal)
        content = None
    else:
        content, summary = files.redact_file(source, how, reveal=reveal)
        if out is not None:
            files.put(out, content)
    if spans is not None:
        files.put(spans, _as_json(summary.spans))
    if content is not None and out is None and not as_json:
        show.write(content)
    _tell(summary, out, how.lang, as_json=as_json, spans=reveal or spans is None)


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


def _as_json(told: Any) -> bytes:
    import json

    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _table(source: str, columns: list[str], how: Asked, out: Path | None, *, as_json: bool) -> None:
    from iagkit.flow.redacting import redact_table
    from iagkit.flow.redacting_files import Summary
    from iagkit.wire import tables
    from iagkit.wire.rows import AnswerFile

    others = 0
    counted: Counter[str] = Counter()
    summary = Summary(model=how.model, mode=how.mode, kinds=counted)
    target = out or o.default_out("redact", source) / "redacted.csv"
    with AnswerFile(target) as file:
        for piece in tables.iter_table(source):
            file.write(redact_table(piece, columns, how, kept=counted))
            summary.documents += len(piece)
            others = sum(c not in columns for c in piece.columns)
    if others:
        _say(_SAID[how.lang]["others"].format(n=others))
    _tell(summary, target, how.lang, as_json=as_json)


def _stream(how: Asked, out: Path | None, *, as_json: bool) -> None:
    from iagkit.flow.redacting import redact_stream
    from iagkit.flow.redacting_files import Summary, put

    counted: Counter[str] = Counter()
    summary = Summary(model=how.model, mode=how.mode, kinds=counted, documents=1)
    made: list[bytes] = []
    write = made.append if out is not None or as_json else _write_now
    for piece in redact_stream(_blocks(sys.stdin.buffer), how, kept=counted):
        write(piece.encode("utf-8", "surrogateescape"))
    if out is not None:
        put(out, b"".join(made))
    _tell(summary, out, how.lang, as_json=as_json)


def _write_now(content: bytes) -> None:
    show.write(content)
    sys.stdout.buffer.flush()


def _blocks(stream: IO[bytes]) -> Iterator[str]:
    """Decode as it comes; bytes that are no UTF-8 pass through as they are."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while block := stream.read(_BLOCK):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


_SAID: Final = {
    "en": {
        "unread": "not read", "note": "note", "more": "and {n} more",
        "done": "{n} document(s) or row(s); hidden: {hidden}", "nothing": "nothing",
        "others": "{n} other column(s) of the table are written as they were; "
        "give --text once for each column that may tell of a person",
        "patterns": "patterns only, no trained tagger",
        "written": "written: {out}",
        "limit": "found with {model}. No tool finds all: a person must read what is published",
    },
    "es": {
        "unread": "no leído", "note": "nota", "more": "y {n} más",
        "done": "{n} documentos o filas; oculto: {hidden}", "nothing": "nada",
        "others": "otras {n} columnas de la tabla se escriben tal como estaban; "
        "indique --text una vez por cada columna que pueda hablar de una persona",
        "patterns": "patrones solamente, sin modelo entrenado (iagkit train-tagger --lang {lang})",
        "written": "escrito: {out}",
        "limit": "encontrado con {model}. Ninguna herramienta encuentra todo: una persona debe "
        "leer lo que se publica",
    },
    "pt": {
        "unread": "não lido", "note": "nota", "more": "e mais {n}",
        "done": "{n} documentos ou linhas; ocultado: {hidden}", "nothing": "nada",
        "others": "outras {n} colunas da tabela são escritas como estavam; "
        "indique --text uma vez para cada coluna que possa falar de uma pessoa",
        "patterns": "apenas padrões, sem modelo treinado (iagkit train-tagger --lang {lang})",
        "written": "escrito: {out}",
        "limit": "encontrado com {model}. Nenhuma ferramenta encontra tudo: uma pessoa deve ler o "
        "que é publicado",
    },
}  # fmt: skip


def _tell(
    summary: Summary, out: Path | None, lang: str, *, as_json: bool, spans: bool = False
) -> None:
    """Tell on stderr what was done, so that stdout holds the text alone."""
    from iagkit.flow.redacting import PATTERNS_ONLY
    from iagkit.flow.redacting_files import kinds_in_words

    if as_json:
        told = summary.told() | ({"spans": summary.spans} if spans else {})
        show.write(_as_json(told) + b"\n")
        return
    words = _SAID[lang]
    _lines(summary.unread, "unread", lang)
    _lines(summary.remarks, "note", lang)
    hidden = kinds_in_words(summary.kinds, lang) or words["nothing"]
    model = words["patterns"].format(lang=lang) if summary.model == PATTERNS_ONLY else summary.model
    _say(words["done"].format(n=summary.documents, hidden=hidden))
    _say(words["limit"].format(model=model))
    if out is not None:
        _say(words["written"].format(out=out))


def _lines(told: list[tuple[str, Message]], what: str, lang: str) -> None:
    """One line a sentence: with the names of the first documents, and how many more there are."""
    from iagkit.flow.redacting_files import in_words

    words = _SAID[lang]
    names: dict[str, list[str]] = {}
    for (name, _), why in zip(told, in_words((w for _, w in told), lang), strict=True):
        names.setdefault(why, []).append(name)
    for why, of in names.items():
        more = f" {words['more'].format(n=len(of) - _NAMED)}" if len(of) > _NAMED else ""
        _say(f"{words[what]}: {', '.join(of[:_NAMED])}{more}: {why}")


def _say(line: str) -> None:
    print(visible(f"· {line}"), file=sys.stderr)  # noqa: T201
