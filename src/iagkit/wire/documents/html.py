"""HTML without a browser: nothing is fetched, nothing is run; and written again redacted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from iagkit.core.message import Message, say
from iagkit.wire.documents import trees, txt
from iagkit.wire.documents.nouns import Document, Hide, Limits, UnreadableError, Written, bounded
from iagkit.wire.documents.trees import Piece

_SILENT: Final = frozenset(
    ("script", "style", "head", "template", "iframe", "object", "embed", "applet", "svg", "math",
     "audio", "video", "canvas", "noembed", "noframes", "frameset")
)  # fmt: skip
_BLOCKS: Final = frozenset(
    ("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "h1", "h2", "h3", "h4", "h5",
     "h6", "section", "article", "header", "footer", "main", "nav", "aside", "blockquote", "pre",
     "form", "fieldset", "figure", "figcaption", "address", "hr", "caption", "option", "textarea",
     "legend", "summary", "details", "body", "title", "center")
)  # fmt: skip
_CELLS: Final = frozenset(("td", "th"))
_SPACED: Final = frozenset(("pre", "textarea"))
_KEPT: Final = frozenset(
    (*_BLOCKS, *_CELLS, "html", "head", "body", "span", "b", "i", "em", "strong", "u", "s", "sub",
     "sup", "br", "small", "code", "q", "cite", "abbr", "thead", "tbody", "tfoot", "font", "big",
     "tt", "time", "mark", "kbd", "samp", "var", "wbr")
) - {"form", "fieldset", "textarea", "option", "title"}  # fmt: skip
_ATTRIBUTES: Final = frozenset(("colspan", "rowspan", "dir", "align", "start"))
_BLANK: Final = re.compile(r"[ \t\r\n\f]+")
_UNSEEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
_CUT: Final = re.compile(r"excessive depth|huge text", re.IGNORECASE)
"""What libxml2 says where it stops reading, though it gives back a page."""
_DECLARED: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,30})", re.IGNORECASE)


def read(name: str, content: bytes, limits: Limits) -> Document:
    """Read an HTML page: its words and none of its scripts; hidden words too, told as such.

    Raises
    ------
    UnreadableError
        If it cannot be decoded, or is beyond the limits.
    """
    root = _root(content)
    text = bounded(_tidy(trees.joined(list(_pieces(root)))), limits)
    return Document(name=name, format="html", text=text, remarks=_remarks(root))


def text_of(markup: str) -> str:
    """Give the words of a page that was already decoded."""
    return _tidy(trees.joined(list(_pieces(_parsed(markup)))))


def write(content: bytes, hide: Hide, _: Limits) -> Written:
    """Write a page again: its words without what is to be hidden, plain structure, no links."""
    from lxml import etree, html

    root = _root(content)
    remarks = _remarks(root)
    _clean(root)
    pieces = list(_pieces(root))
    text = trees.joined(pieces)
    hidden = hide(text)
    trees.rewrite(pieces, hidden)
    head = etree.Element("head")
    etree.SubElement(head, "meta", charset="utf-8")
    root.insert(0, head)
    left_out = say("scripts, styles, pictures, links and forms are left out of the redacted page")
    return Written(
        content=html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>"),
        gone=tuple(text[h.start : h.end] for h in hidden),
        remarks=(*remarks, left_out),
    )


def _root(content: bytes) -> Any:
    return _parsed(_decoded(content))


def _parsed(markup: str) -> Any:
    from lxml import etree, html

    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup).replace("\0", "")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableError(say("it is empty")) from None
    if any(_CUT.search(entry.message) for entry in parser.error_log):
        raise UnreadableError(say("it is nested too deeply to be a document written by a person"))
    return root


def _decoded(content: bytes) -> str:
    """As the page itself declares, where that is true; else as any text."""
    if declared := _DECLARED.search(content[:4096]):
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return txt.decoded(content)


def _pieces(root: Any) -> Iterator[Piece]:
    """Words and separators in order; blanks are kept as they stand, so that nodes can be written.

    Raises
    ------
    UnreadableError
        If tags are nested too deeply.
    """
    waiting: list[tuple[Any, bool, int]] = [(root, True, 0)]
    while waiting:
        node, enters, depth = waiting.pop()
        kind = trees.named(node).lower()
        if enters and kind and kind not in _SILENT:
            if depth > trees.DEEPEST:
                raise UnreadableError(
                    say("it is nested too deeply to be a document written by a person")
                )
            if kind in _BLOCKS or kind == "br":
                yield Piece("\n")
            if node.text:
                yield Piece(node.text, node, "text")
            waiting.append((node, False, depth))
            waiting += [(child, True, depth + 1) for child in reversed(node)]
            continue
        if not enters and (kind in _BLOCKS or kind in _CELLS):
            yield Piece("\n" if kind in _BLOCKS else "\t")
        if node.tail and node is not root:
            yield Piece(node.tail, node, "tail")


def _tidy(text: str) -> str:
    """Blanks as a browser shows them: one for many, lines where blocks begin."""
    lines = (_BLANK.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _clean(root: Any) -> None:
    """Keep structure and words; everything that acts, loads, points or hides goes."""
    for node in trees.elements(root):
        kind = trees.named(node).lower()
        if kind in _SILENT or (kind in ("form", "title") and node.getparent() is None):
            trees.drop(node)
        elif kind not in _KEPT and node.getparent() is not None:
            trees.unwrap(node)
        for key in list(node.attrib):
            if key.lower() not in _ATTRIBUTES or not re.fullmatch(r"[a-z0-9]{1,9}", node.get(key)):
                del node.attrib[key]


def _remarks(root: Any) -> tuple[Message, ...]:
    kinds = [trees.named(n).lower() for n in root.iter()]
    scripts = kinds.count("script") + kinds.count("iframe") + kinds.count("object")
    pictures = kinds.count("img") + kinds.count("svg") + kinds.count("canvas")
    unseen = sum(_is_unseen(n) for n in root.iter() if isinstance(n.tag, str))
    told = []
    if scripts:
        told.append(say("{n} script(s) or frame(s) in it were neither run nor fetched", n=scripts))
    if pictures:
        told.append(say("{n} picture(s) in it were not read", n=pictures))
    if unseen:
        told.append(say("{n} part(s) of it are hidden from a reader; they were read", n=unseen))
    return tuple(told)


def _is_unseen(node: Any) -> bool:
    return bool(
        "hidden" in node.attrib
        or _UNSEEN.search(node.get("style") or "")
        or (trees.named(node) == "input" and node.get("type") == "hidden")
    )
