"""A page on which a person reviews what a redaction would hide, before anybody else reads it.

It shows what is personal on purpose, so it is for the reviewer only. Kinds are told in words,
beside what they mark, and never by colour alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

from iagkit.core.errors import UsageError


class Mark(NamedTuple):
    """Characters ``[start, end)`` of the text that would be hidden, and the name of their kind."""

    start: int
    end: int
    label: str


_WORDS: Final = {
    "en": {
        "title": "What would be hidden", "of": "Document", "warning":
        "This page shows personal data. It is for the person who reviews the redaction: do not "
        "pass it on, and delete it afterwards.",
        "limit": "No tool finds everything. Read the text, not only what is marked.",
        "kinds": "Marked, by kind", "kind": "Kind", "count": "Places", "none":
        "Nothing was marked. That does not mean that there is nothing.",
        "unread": "Not read, or left out", "text": "Text", "model": "Found with",
        "patterns": "patterns only, no trained tagger",
    },
    "es": {
        "title": "Qué se ocultaría", "of": "Documento", "warning":
        "Esta página muestra datos personales. Es para quien revisa el testado: no la comparta y "
        "bórrela después.",
        "limit": "Ninguna herramienta encuentra todo. Lea el texto, no solo lo marcado.",
        "kinds": "Marcado, por tipo", "kind": "Tipo", "count": "Lugares", "none":
        "No se marcó nada. Eso no significa que no haya nada.",
        "unread": "No leído, o dejado fuera", "text": "Texto", "model": "Encontrado con",
        "patterns": "patrones solamente, sin modelo entrenado",
    },
    "pt": {
        "title": "O que seria ocultado", "of": "Documento", "warning":
        "Esta página mostra dados pessoais. É para quem revisa a tarja: não a compartilhe e "
        "apague-a depois.",
        "limit": "Nenhuma ferramenta encontra tudo. Leia o texto, não só o que está marcado.",
        "kinds": "Marcado, por tipo", "kind": "Tipo", "count": "Lugares", "none":
        "Nada foi marcado. Isso não significa que não haja nada.",
        "unread": "Não lido, ou deixado de fora", "text": "Texto", "model": "Encontrado com",
        "patterns": "apenas padrões, sem modelo treinado",
    },
}  # fmt: skip
_STYLE: Final = (
    "body{font:1.0625rem/1.7 system-ui,sans-serif;color:#23201b;background:#fffdf8;"
    "max-width:46rem;margin:0 auto;padding:1rem 1rem 3rem}"
    "h1,h2{font-family:Charter,'Source Serif 4',Georgia,serif;line-height:1.2;text-wrap:balance}"
    "h1{margin:1rem 0 .5rem}h2{margin:2rem 0 .8rem;padding-top:1.4rem;border-top:1px solid #d9d2c4}"
    ".warning{border:1px solid #d9d2c4;border-left:.5rem solid #9b2418;background:#f6f1e6;"
    "border-radius:4px;padding:.8rem 1rem}"
    "table{border-collapse:collapse;margin:1.5rem 0}caption{text-align:left;font-weight:700;"
    "padding-bottom:.4rem}th,td{border-bottom:1px solid #d9d2c4;padding:.25rem 1.5rem .25rem 0;"
    "text-align:left}thead th{border-bottom:2px solid #23201b}tbody th{font-weight:400}"
    "th+th,td{text-align:right;padding-right:0;font-variant-numeric:tabular-nums}"
    ".text{white-space:pre-wrap;overflow-wrap:anywhere}"
    "mark{background:#fff2b3;color:#23201b;border:1px solid #7a5c00;border-radius:3px;"
    "padding:.05rem .2rem;-webkit-box-decoration-break:clone;box-decoration-break:clone}"
    "mark b{font-size:.72rem;letter-spacing:.02em;background:#23201b;color:#fff;"
    "padding:.05rem .3rem;margin-right:.3rem;border-radius:2px;white-space:nowrap}"
    "@media print{mark{background:none}}"
)
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def review_page(
    name: str, text: str, marks: Sequence[Mark], *, lang: str, model: str,
    remarks: Sequence[str] = (),
) -> str:  # fmt: skip
    """Compose the page of one document.

    Parameters
    ----------
    name : str
        Of the document.
    text : str
        As it was read.
    marks : sequence of Mark
        In reading order, not overlapping.
    lang : {"es", "pt", "en"}
        Language of the page.
    model : str
        Which tagger found them; empty if patterns alone.
    remarks : sequence of str
        What was not read.

    Returns
    -------
    str
        HTML; it loads nothing and runs nothing.

    Raises
    ------
    UsageError
        If the page does not speak the language.
    """
    if lang not in _WORDS:
        msg = f"expected one of the languages {', '.join(sorted(_WORDS))}; got '{lang}'"
        raise UsageError(msg)
    words = _WORDS[lang]
    return "".join((
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{words['title']}: {escape(name)}</title><style>{_STYLE}</style></head><body>",
        f"<main><h1>{words['title']}</h1><p>{words['of']}: <strong>{escape(name)}</strong></p>",
        f'<p class="warning">{words["warning"]}</p>',
        f"<p>{words['limit']} {words['model']}: {escape(model or words['patterns'])}.</p>",
        *_kinds(marks, words),
        *_listed(remarks, words),
        f'<h2>{words["text"]}</h2><div class="text" lang="{lang}">',
        *_marked(text, marks),
        "</div></main></body></html>\n",
    ))  # fmt: skip


def _kinds(marks: Sequence[Mark], words: dict[str, str]) -> Iterator[str]:
    if not marks:
        yield f"<p>{words['none']}</p>"
        return
    yield f"<table><caption>{words['kinds']}</caption><thead><tr>"
    yield f'<th scope="col">{words["kind"]}</th><th scope="col">{words["count"]}</th></tr></thead>'
    yield "<tbody>"
    for label, n in Counter(m.label for m in marks).most_common():
        yield f'<tr><th scope="row">{escape(label)}</th><td>{n}</td></tr>'
    yield "</tbody></table>"


def _listed(remarks: Sequence[str], words: dict[str, str]) -> Iterator[str]:
    if remarks:
        yield f"<h2>{words['unread']}</h2><ul>"
        yield from (f"<li>{escape(r)}</li>" for r in remarks)
        yield "</ul>"


def _marked(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    at = 0
    for mark in marks:
        yield escape(text[at : mark.start])
        hidden = escape(text[mark.start : mark.end])
        yield f"<mark><b>{escape(mark.label)}</b>{hidden}</mark>"
        at = mark.end
    yield escape(text[at:])
