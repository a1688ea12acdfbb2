"""DOCX: the body in order, then headers, footers, notes and comments; and written again redacted.

The parts are read as XML and not through an object model, which knows neither notes nor text
boxes nor tracked changes. A redacted file is put together from the parts that hold text and
format; all others (properties, comments, pictures, files within, macros) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from iagkit.core.message import Message, say
from iagkit.wire.documents import packages, trees
from iagkit.wire.documents.nouns import Document, Hide, Limits, UnreadableError, Written, bounded
from iagkit.wire.documents.trees import Piece

_MAIN: Final = "word/document.xml"
_STYLES: Final = "word/styles.xml"
_NUMBERS: Final = "word/numbering.xml"
_TEXTS: Final = (
    re.compile(r"word/document\.xml"), re.compile(r"word/header\d*\.xml"),
    re.compile(r"word/footer\d*\.xml"), re.compile(r"word/footnotes\.xml"),
    re.compile(r"word/endnotes\.xml"), re.compile(r"word/comments\.xml"),
)  # fmt: skip
_KEPT: Final = re.compile(
    r"word/(?:document|styles|numbering|footnotes|endnotes|header\d*|footer\d*)\.xml"
)
_WORDS: Final = frozenset(("t", "delText"))
_ENDS: Final = {"p": "\n", "tc": "\t", "tr": "\n"}
_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_TWICE: Final = frozenset(("Fallback",))
_DROPPED: Final = frozenset(
    ("del", "moveFrom", "delText", "instrText", "delInstrText", "fldChar", "fldData", "Fallback",
     "object", "OLEObject", "control", "altChunk", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr",
     "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference",
     "annotationRef", "proofErr", "permStart", "permEnd", "rPrChange", "pPrChange", "tblPrChange",
     "sectPrChange", "tcPrChange", "trPrChange", "tblGridChange", "numberingChange", "cellDel",
     "cellIns", "cellMerge", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
     "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart",
     "customXmlDelRangeEnd", "printerSettings", "subDoc", "contentPart", "dataBinding",
     "imagedata", "blip", "attachedTemplate", "aliases", "webHidden", "ruby")
)  # fmt: skip
_UNWRAPPED: Final = frozenset(
    ("ins", "moveTo", "sdt", "sdtContent", "hyperlink", "smartTag", "customXml", "fldSimple", "dir",
     "bdo")
)  # fmt: skip
_PICTURES: Final = frozenset(("drawing", "pict"))
_PROSE: Final = frozenset(
    ("descr", "title", "author", "initials", "date", "alt", "href", "instr", "anchor", "tooltip",
     "history", "docLocation", "tgtFrame", "uri", "element", "string", "hlinkHref", "userId")
)  # fmt: skip
_NAMED: Final = frozenset(("docPr", "cNvPr", "shape", "rect", "textbox", "group"))
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def read(name: str, content: bytes, limits: Limits) -> Document:
    """Read a DOCX; deleted text of tracked changes too, and comments at the end.

    Raises
    ------
    UnreadableError
        If it is damaged, or beyond the limits.
    """
    found = packages.parts(content, limits)
    told = [trees.joined(list(_pieces(trees.parsed(found[n])))).strip("\n") for n in _texts(found)]
    text = bounded("\n".join(t for t in told if t), limits)
    return Document(name=name, format="docx", text=text, remarks=_remarks(packages.names(content)))


def write(content: bytes, hide: Hide, limits: Limits) -> Written:
    """Write a DOCX again without what is to be hidden, and without all that is not its text."""
    found = packages.parts(content, limits)
    kept = {n: trees.parsed(found[n]) for n in found if _KEPT.fullmatch(n)}
    gone: list[str] = []
    links = {n: _links(found, n) for n in kept}
    for name, root in kept.items():
        if name == _STYLES:  # names of styles and their measures: nobody writes there
            continue
        if name != _NUMBERS:
            _clean(root)
            gone += _redact(root, hide)
        _strip(root)
        _unlink(root, {link[0] for link in links[name]})
    return Written(content=_packed(kept, links), gone=tuple(gone), remarks=_left_out(content))


def _texts(found: Mapping[str, bytes]) -> list[str]:
    if _MAIN not in found:
        raise UnreadableError(say("it is damaged or was cut; copy it again"))
    return [n for part in _TEXTS for n in sorted(found) if part.fullmatch(n)]


def _pieces(root: Any) -> Iterator[Piece]:
    """Words and separators in order; a text box stands where it is anchored, once."""
    waiting: list[tuple[Any, bool, int]] = [(root, True, 0)]
    while waiting:
        node, enters, depth = waiting.pop()
        kind = trees.named(node)
        if not enters:
            yield Piece(_ENDS[kind])
            continue
        if kind in _TWICE or not kind:
            continue
        if kind in _WORDS and node.text:
            yield Piece(node.text, node, "text")
        elif kind in _SIGNS and trees.named(node.getparent()) == "r":
            yield Piece(_SIGNS[kind])
        if depth > trees.DEEPEST:
            raise UnreadableError(
                say("it is nested too deeply to be a document written by a person")
            )
        if kind in _ENDS:
            waiting.append((node, False, depth))
        waiting += [(child, True, depth + 1) for child in reversed(node)]


def _redact(root: Any, hide: Hide) -> list[str]:
    pieces = list(_pieces(root))
    text = trees.joined(pieces)
    hidden = hide(text)
    trees.rewrite(pieces, hidden)
    return [text[h.start : h.end] for h in hidden]


def _clean(root: Any) -> None:
    """Accept tracked changes; drop comments, fields, pictures and files; keep what is read."""
    for node in trees.elements(root):
        if node.getparent() is None:
            continue
        kind = trees.named(node)
        if kind in _DROPPED or (kind in _PICTURES and not _has_words(node)):
            trees.drop(node)
        elif kind in _UNWRAPPED:
            trees.unwrap(node)


def _has_words(node: Any) -> bool:
    return any(trees.named(n) == "txbxContent" for n in node.iter())


def _strip(root: Any) -> None:
    """Empty the attributes in which people write words, and those that point outwards."""
    for node in trees.elements(root):
        for key in list(node.attrib):
            plain = key.rpartition("}")[2]
            if plain == "name" and trees.named(node) in _NAMED:
                node.set(key, "")
            elif plain in _PROSE and trees.named(node) != "lvl":
                del node.attrib[key]
        if trees.named(node) not in _WORDS and node.text:
            node.text = None
        node.tail = None


def _links(found: Mapping[str, bytes], name: str) -> list[tuple[str, str, str]]:
    """Id, kind and target of the links of a part to parts that are kept."""
    folder, _, file = name.rpartition("/")
    links = found.get(f"{folder}/_rels/{file}.rels")
    if links is None:
        return []
    return [
        (str(link.get("Id")), str(link.get("Type")), str(link.get("Target")))
        for link in trees.elements(trees.parsed(links))
        if link.get("TargetMode") != "External"
        and _KEPT.fullmatch(f"word/{link.get('Target')}")
        and f"word/{link.get('Target')}" in found
    ]


def _unlink(root: Any, kept: set[str]) -> None:
    for node in trees.elements(root):
        for key in [k for k in node.attrib if k.startswith(f"{{{_OFFICE}}}")]:
            if node.get(key) not in kept:
                del node.attrib[key]
        if trees.named(node) in ("headerReference", "footerReference") and not any(
            k.endswith("}id") for k in node.attrib
        ):
            trees.drop(node)


def _packed(kept: Mapping[str, Any], links: Mapping[str, Sequence[tuple[str, str, str]]]) -> bytes:
    from lxml import etree

    made = {
        n: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        for n, root in kept.items()
    }
    for name, told in links.items():
        if told:
            folder, _, file = name.rpartition("/")
            made[f"{folder}/_rels/{file}.rels"] = _rels(told)
    made["_rels/.rels"] = _rels([("rId1", f"{_OFFICE}/officeDocument", _MAIN)])
    made["[Content_Types].xml"] = _types(sorted(kept))
    return packages.packed(made)


def _rels(links: Sequence[tuple[str, str, str]]) -> bytes:
    from lxml import etree

    root = etree.Element(f"{{{_LINKS}}}Relationships", nsmap={None: _LINKS})
    for name, kind, target in links:
        etree.SubElement(root, f"{{{_LINKS}}}Relationship", Id=name, Type=kind, Target=target)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _types(names: Sequence[str]) -> bytes:
    from lxml import etree

    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    default = f"{{{_TYPES}}}Default"
    package = "application/vnd.openxmlformats-package.relationships+xml"
    etree.SubElement(root, default, Extension="rels", ContentType=package)
    etree.SubElement(root, default, Extension="xml", ContentType="application/xml")
    for name in names:
        kind = name.removeprefix("word/").removesuffix(".xml").rstrip("0123456789")
        kind = "document.main" if kind == "document" else kind
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}",
                         ContentType=f"{_MIME}.{kind}+xml")  # fmt: skip
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _remarks(names: Sequence[str]) -> tuple[Message, ...]:
    pictures = sum(n.startswith("word/media/") for n in names)
    inside = sum(n.startswith(("word/embeddings/", "word/afchunk")) for n in names)
    told = []
    if pictures:
        told.append(say("{n} picture(s) in it were not read", n=pictures))
    if inside:
        told.append(say("{n} file(s) within it were not read", n=inside))
    if "word/vbaProject.bin" in names:
        told.append(say("it holds macros, which were not run"))
    return tuple(told)


def _left_out(content: bytes) -> tuple[Message, ...]:
    return (
        *_remarks(packages.names(content)),
        say(
            "pictures, comments, properties, links, tracked changes and files within are left out "
            "of the redacted document"
        ),
    )
