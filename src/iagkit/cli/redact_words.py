"""What ``redact`` and ``unredact`` tell on stderr, so that stdout holds the text alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.cli import show
from iagkit.cli.refusals import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iagkit.core.message import Message
    from iagkit.flow.redacting_files import Summary
    from iagkit.flow.redacting_tables import Seen

_NAMED: Final = 5

SAID: Final[dict[str, dict[str, Any]]] = {
    "en": {
        "unread": "not read", "note": "note", "more": "and {n} more",
        "done": "{n} {what}; hidden: {hidden}", "what": ("document", "documents"),
        "rows": ("row", "rows"), "left": "column left as it was, with personal data in {found} of "
        "the {cells} cells looked at: {column}", "key": "key written: {out}. Keep it apart from "
        "the sealed table, and a copy of it: without it nothing is ever restored",
        "sealed": "sealed: {out}. It opens with your key alone; do not publish it",
        "restored": "restored: {n} {what}, {places} place(s)", "inexact": "changed since it was "
        "redacted; only pseudonyms were put back, as first written",
        "nothing": "nothing",
        "others": "{n} other column(s) of the table are written as they were; "
        "give --text once for each column that may tell of a person",
        "patterns": "patterns only, no trained tagger",
        "written": "written: {out}",
        "limit": "found with {model}. No tool finds all: a person must read what is published",
    },
    "es": {
        "unread": "no leído", "note": "nota", "more": "y {n} más",
        "done": "{n} {what}; oculto: {hidden}", "what": ("documento", "documentos"),
        "rows": ("fila", "filas"), "left": "columna que quedó como estaba, con datos personales en "
        "{found} de las {cells} celdas miradas: {column}", "key": "clave escrita: {out}. Guárdela "
        "aparte de la tabla sellada, y una copia: sin ella nada se restituye nunca",
        "sealed": "sellado: {out}. Se abre solo con su clave; no lo publique",
        "restored": "restituido: {n} {what}, {places} lugar(es)", "inexact": "cambió desde que se "
        "testó; solo se repusieron los seudónimos, como se escribieron la primera vez",
        "nothing": "nada",
        "others": "otras {n} columnas de la tabla se escriben tal como estaban; "
        "indique --text una vez por cada columna que pueda hablar de una persona",
        "patterns": "patrones solamente, sin modelo entrenado (iagkit train-tagger --lang {lang})",
        "written": "escrito: {out}",
        "limit": "encontrado con {model}. Ninguna herramienta encuentra todo: una persona debe "
        "leer lo que se publica",
    },
    "pt": {
        "unread": "não lido", "note": "nota", "more": "e mais {n}",
        "done": "{n} {what}; ocultado: {hidden}", "what": ("documento", "documentos"),
        "rows": ("linha", "linhas"), "left": "coluna que ficou como estava, com dados pessoais em "
        "{found} das {cells} células olhadas: {column}", "key": "chave escrita: {out}. Guarde-a "
        "separada da tabela selada, e uma cópia: sem ela nada é restituído nunca",
        "sealed": "selado: {out}. Só abre com a sua chave; não o publique",
        "restored": "restituído: {n} {what}, {places} lugar(es)", "inexact": "mudou desde que foi "
        "tarjado; só os pseudônimos foram repostos, como foram escritos na primeira vez",
        "nothing": "nada",
        "others": "outras {n} colunas da tabela são escritas como estavam; "
        "indique --text uma vez para cada coluna que possa falar de uma pessoa",
        "patterns": "apenas padrões, sem modelo treinado (iagkit train-tagger --lang {lang})",
        "written": "escrito: {out}",
        "limit": "encontrado com {model}. Nenhuma ferramenta encontra tudo: uma pessoa deve ler o "
        "que é publicado",
    },
}  # fmt: skip


def tell(
    summary: Summary,
    out: Path | None,
    lang: str,
    *,
    as_json: bool,
    spans: bool = False,
    rows: bool = False,
) -> None:
    """Tell what was done."""
    from iagkit.flow.redacting import PATTERNS_ONLY
    from iagkit.flow.redacting_files import kinds_in_words

    if as_json:
        told = summary.told() | ({"spans": summary.spans} if spans else {})
        show.write(as_json_bytes(told) + b"\n")
        return
    words = SAID[lang]
    _lines(summary.unread, "unread", lang)
    _lines(summary.remarks, "note", lang)
    hidden = kinds_in_words(summary.kinds, lang) or words["nothing"]
    model = words["patterns"].format(lang=lang) if summary.model == PATTERNS_ONLY else summary.model
    say(
        words["done"].format(
            n=summary.documents, what=counted(summary.documents, lang, rows=rows), hidden=hidden
        )
    )
    say(words["limit"].format(model=model))
    if out is not None:
        say(words["written"].format(out=out))


def _lines(told: list[tuple[str, Message]], what: str, lang: str) -> None:
    """One line a sentence: with the names of the first documents, and how many more there are."""
    from iagkit.flow.redacting_files import in_words

    words = SAID[lang]
    names: dict[str, list[str]] = {}
    for (name, _), why in zip(told, in_words((w for _, w in told), lang), strict=True):
        names.setdefault(why, []).append(name)
    for why, of in names.items():
        more = f" {words['more'].format(n=len(of) - _NAMED)}" if len(of) > _NAMED else ""
        say(f"{words[what]}: {', '.join(of[:_NAMED])}{more}: {why}")


def say(line: str) -> None:
    """Tell one line."""
    print(visible(f"· {line}"), file=sys.stderr)  # noqa: T201


def as_json_bytes(told: Any) -> bytes:
    """Write for a machine."""
    import json

    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def tell_left(seen: Sequence[Seen], others: int, lang: str) -> None:
    """Tell how many columns stay as they were, and in which of them personal data was found."""
    words = SAID[lang]
    if others:
        say(words["others"].format(n=others))
    for s in seen:
        say(words["left"].format(column=s.column, found=s.found, cells=s.cells))


def counted(n: int, lang: str, *, rows: bool = False) -> str:
    """Name what is counted, one or more."""
    one, more = SAID[lang]["rows" if rows else "what"]
    return str(one if n == 1 else more)
