"""Texts scattered over the nodes of a tree: read as one, and rewritten where they stand.

One way for DOCX, ODT and HTML: a document is a list of `Piece`, whose words together are its
text. What is hidden is replaced in the piece where it begins and removed from the others, so a
number split over ten formatted runs goes as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from iagkit.core.message import say
from iagkit.wire.documents.nouns import Hidden, UnreadableError

DEEPEST: Final = 250
"""Nodes one within another, at most: deeper ones are made to exhaust a reader."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a node (its ``text`` or ``tail``), or a separator that stands in no node."""

    words: str
    node: Any = None
    place: str = ""


def joined(pieces: Sequence[Piece]) -> str:
    """Text of a document."""
    return "".join(p.words for p in pieces)


def rewrite(pieces: Sequence[Piece], hidden: Sequence[Hidden]) -> None:
    """Put what is shown in the place of what is hidden, in the nodes themselves."""
    ordered = sorted(hidden)
    at = first = 0
    for piece in pieces:
        end = at + len(piece.words)
        while first < len(ordered) and ordered[first].end <= at:
            first += 1
        last = first
        while last < len(ordered) and ordered[last].start < end:
            last += 1
        if last > first and piece.node is not None:
            setattr(piece.node, piece.place, _without(piece.words, at, ordered[first:last]))
        at = end


def _without(words: str, at: int, touching: Sequence[Hidden]) -> str:
    kept: list[str] = []
    done = 0
    for h in touching:
        begin = max(h.start - at, 0)
        kept.append(words[done:begin])
        if h.start >= at:
            kept.append(h.shown)
        done = min(h.end - at, len(words))
    return "".join((*kept, words[done:]))


def parsed(content: bytes) -> Any:
    """Parse XML: nothing outside it is fetched, no entity is expanded, depth is bounded.

    Raises
    ------
    UnreadableError
        If it is not well formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None


def named(node: Any) -> str:
    """Give the local name of a node; nothing for an entity or an instruction."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def drop(node: Any) -> None:
    """Take a node out with all that is in it; the words after it stay."""
    parent = node.getparent()
    if parent is None:
        return
    _leave_tail(node, parent, node.tail or "")
    parent.remove(node)


def unwrap(node: Any) -> None:
    """Take a node out; what is in it stays in its place."""
    parent = node.getparent()
    if parent is None:
        return
    children = list(node)
    _leave_tail(node, parent, node.text or "")
    at = parent.index(node)
    tail, node.tail = node.tail, None
    parent.remove(node)
    for k, child in enumerate(children):
        parent.insert(at + k, child)
    before = children[-1] if children else None
    if before is not None:
        before.tail = (before.tail or "") + (tail or "")
    elif at > 0:
        parent[at - 1].tail = (parent[at - 1].tail or "") + (tail or "")
    else:
        parent.text = (parent.text or "") + (tail or "")


def _leave_tail(node: Any, parent: Any, words: str) -> None:
    if not words:
        return
    before = node.getprevious()
    if before is None:
        parent.text = (parent.text or "") + words
    else:
        before.tail = (before.tail or "") + words


def elements(root: Any) -> Iterator[Any]:
    """Give all elements in document order, as they are now."""
    return iter([n for n in root.iter() if isinstance(n.tag, str)])
