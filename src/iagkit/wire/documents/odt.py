"""ODT: the body in order, then headers and footers; and written again redacted.

As for DOCX, the parts are read as XML, and a redacted file holds text and format only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from iagkit.core.message import Message, say
from iagkit.wire.documents import packages, trees
from iagkit.wire.documents.nouns import Document, Hide, Limits, UnreadableError, Written, bounded
from iagkit.wire.documents.trees import Piece

_KIND: Final = b"application/vnd.oasis.opendocument.text"
_ENDS: Final = {"p": "\n", "h": "\n", "table-cell": "\t", "table-row": "\n"}
_MIXED: Final = frozenset(
    ("p", "h", "span", "a", "ruby-base", "title", "desc", "creator", "date", "note-citation",
     "meta", "meta-field", "user-defined", "subject", "author-name", "sender-firstname",
     "placeholder", "reference-ref", "bookmark-ref", "sequence", "file-name", "chapter",
     "page-number", "page-count", "user-field-get", "variable-get", "variable-set", "text-input",
     "expression", "conditional-text", "hidden-text", "database-display", "drop-down",
     "initial-creator", "author-initials", "sender-lastname", "sender-initials", "sender-title",
     "sender-position", "sender-email", "sender-phone-private", "sender-phone-work",
     "sender-company", "sender-street", "sender-city", "sender-postal-code", "sender-country",
     "description", "keywords", "printed-by", "time", "tracked-changes-text", "label")
)  # fmt: skip
_SKIPPED: Final = frozenset(("ruby-text", "scripts", "font-face-decls", "automatic-styles"))
_DROPPED: Final = frozenset(
    ("annotation", "annotation-end", "tracked-changes", "change", "change-start", "change-end",
     "image", "object", "object-ole", "plugin", "applet", "floating-frame", "event-listeners",
     "scripts", "forms", "user-field-decls", "variable-decls", "sequence-decls",
     "dde-connection-decls",
     "bookmark", "bookmark-start", "bookmark-end", "reference-mark", "reference-mark-start",
     "reference-mark-end", "meta", "desc", "binary-data", "image-map", "database-display",
     "ruby-text", "control", "hidden-text", "hidden-paragraph", "index-source", "fill-image",
     "background-image", "table-source", "section-source", "alphabetical-index-mark",
     "toc-mark", "user-index-mark", "drop-down", "list-level-style-image", "consolidation",
     "settings")
)  # fmt: skip
_UNWRAPPED: Final = frozenset(
    ("a", "meta-field", "user-defined", "author-name", "author-initials", "sender-firstname",
     "sender-lastname", "sender-initials", "sender-title", "sender-position", "sender-email",
     "sender-phone-private", "sender-phone-work", "sender-company", "sender-street", "sender-city",
     "sender-postal-code", "sender-country", "initial-creator", "creator", "printed-by",
     "reference-ref", "bookmark-ref", "user-field-get", "variable-get", "variable-set",
     "text-input", "expression", "conditional-text", "file-name", "placeholder", "description",
     "keywords", "subject", "ruby", "ruby-base")
)  # fmt: skip
_PROSE: Final = frozenset(
    ("href", "string-value", "value", "formula", "description", "title", "date-value", "user-name",
     "password", "condition", "current-value", "string-value-if-true", "string-value-if-false",
     "target-frame-name", "author", "help-text", "hint", "protection-key", "fixed", "about",
     "content", "property", "datatype")
)  # fmt: skip
_SECTIONED: Final = frozenset(("section", "table", "frame", "text-box", "custom-shape", "rect"))


def read(name: str, content: bytes, limits: Limits) -> Document:
    """Read an ODT; text of tracked deletions and of comments too.

    Raises
    ------
    UnreadableError
        If it is damaged, locked, or beyond the limits.
    """
    found = _parts(content, limits)
    told = [trees.joined(list(_pieces(root))).strip("\n") for root in found.values()]
    text = bounded("\n".join(t for t in told if t), limits)
    return Document(name=name, format="odt", text=text, remarks=_remarks(packages.names(content)))


def write(content: bytes, hide: Hide, limits: Limits) -> Written:
    """Write an ODT again without what is to be hidden, and without all that is not its text."""
    from lxml import etree

    found = _parts(content, limits)
    gone: list[str] = []
    for root in found.values():
        _clean(root)
        pieces = list(_pieces(root))
        text = trees.joined(pieces)
        hidden = hide(text)
        trees.rewrite(pieces, hidden)
        gone += [text[h.start : h.end] for h in hidden]
        _strip(root)
    made = {
        n: etree.tostring(root, xml_declaration=True, encoding="UTF-8") for n, root in found.items()
    }
    made |= {"mimetype": _KIND, "META-INF/manifest.xml": _manifest(list(found))}
    left_out = say(
        "pictures, comments, properties, links, tracked changes and files within are left out "
        "of the redacted document"
    )
    return Written(
        content=packages.packed(made, plain_first="mimetype"), gone=tuple(gone),
        remarks=(*_remarks(packages.names(content)), left_out),
    )  # fmt: skip


def _parts(content: bytes, limits: Limits) -> Mapping[str, Any]:
    found = packages.parts(content, limits)
    if b"encryption-data" in found.get("META-INF/manifest.xml", b""):
        raise UnreadableError(say("it is protected by a password"))
    if "content.xml" not in found:
        raise UnreadableError(say("it is damaged or was cut; copy it again"))
    return {n: trees.parsed(found[n]) for n in ("content.xml", "styles.xml") if n in found}


def _pieces(root: Any) -> Iterator[Piece]:
    """Words and separators in order, what is in the tail of a node too."""
    waiting: list[tuple[Any, bool, int]] = [(root, True, 0)]
    while waiting:
        node, enters, depth = waiting.pop()
        kind = trees.named(node)
        if enters and kind and kind not in _SKIPPED:
            if depth > trees.DEEPEST:
                raise UnreadableError(
                    say("it is nested too deeply to be a document written by a person")
                )
            yield from _opening(node, kind)
            waiting.append((node, False, depth))
            waiting += [(child, True, depth + 1) for child in reversed(node)]
            continue
        if not enters and kind in _ENDS:
            yield Piece(_ENDS[kind])
        if node.tail and trees.named(node.getparent()) in _MIXED:
            yield Piece(node.tail, node, "tail")


def _opening(node: Any, kind: str) -> Iterator[Piece]:
    if kind == "s":
        count = next((v for k, v in node.attrib.items() if k.endswith("}c")), "1")
        yield Piece(" " * min(int(count) if count.isdigit() else 1, 1000))
    elif kind == "tab":
        yield Piece("\t")
    elif kind in ("line-break", "soft-page-break"):
        yield Piece("\n" if kind == "line-break" else "")
    elif kind in _MIXED and node.text:
        yield Piece(node.text, node, "text")


def _clean(root: Any) -> None:
    for node in trees.elements(root):
        if node.getparent() is None:
            continue
        kind = trees.named(node)
        if kind in _DROPPED:
            trees.drop(node)
        elif kind in _UNWRAPPED:
            trees.unwrap(node)


def _strip(root: Any) -> None:
    """Empty the attributes in which people write words, and those that point outwards."""
    for node in trees.elements(root):
        kind = trees.named(node)
        for key in list(node.attrib):
            plain = key.rpartition("}")[2]
            if plain in _PROSE or (plain == "name" and kind in _SECTIONED):
                del node.attrib[key]
        if node.text and kind not in _MIXED:
            node.text = None
        if node.tail and trees.named(node.getparent()) not in _MIXED:
            node.tail = None


def _manifest(names: Sequence[str]) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = [("/", _KIND.decode()), *((n, "text/xml") for n in names)]
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="{kind}"/>'
        for n, kind in entries
    )
    told = f'<manifest:manifest xmlns:manifest="{space}" manifest:version="1.2">{lines}'
    return f'<?xml version="1.0" encoding="UTF-8"?>{told}</manifest:manifest>'.encode()


def _remarks(names: Sequence[str]) -> tuple[Message, ...]:
    pictures = sum(n.startswith("Pictures/") and not n.endswith("/") for n in names)
    inside = sum(n.startswith("Object") and n.endswith("/content.xml") for n in names)
    macros = any(n.startswith(("Basic/", "Scripts/")) for n in names)
    told = []
    if pictures:
        told.append(say("{n} picture(s) in it were not read", n=pictures))
    if inside:
        told.append(say("{n} file(s) within it were not read", n=inside))
    if macros:
        told.append(say("it holds macros, which were not run"))
    return tuple(told)
