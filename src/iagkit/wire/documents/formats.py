"""What the bytes of a document are, by their content; the name is only compared with it."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice
from pathlib import PurePosixPath
from typing import Final, Literal

from iagkit.core.message import Message, say
from iagkit.wire.documents.nouns import Format, UnreadableError

Found = Literal["pdf", "docx", "odt", "html", "eml", "txt", "zip"]
HEAD: Final = 1 << 14
EXTENSIONS: Final[dict[str, Format]] = {
    ".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".odt": "odt", ".ott": "odt",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".eml": "eml", ".txt": "txt", ".md": "txt",
    ".text": "txt",
}  # fmt: skip
_PICTURE: Final = say("it is a picture, which is not read; recognise its text first")
_ARCHIVE: Final = say("it is an archive other than zip; unpack it first")
_PROGRAM: Final = say("it is a program or a stored object, which is never opened")
_TABLE: Final = say("it is a table, a database or slides; give a table with --text, slides as PDF")
_RTF: Final = say("it is an RTF file; save it as .docx or PDF")
_FILM: Final = say("it is sound or film, which is not read")
FOREIGN: Final = (
    (b"\x89PNG", _PICTURE), (b"\xff\xd8\xff", _PICTURE), (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE), (b"MM\0*", _PICTURE), (b"Rar!", _ARCHIVE), (b"7z\xbc\xaf", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE), (b"BZh", _ARCHIVE), (b"\x7fELF", _PROGRAM), (b"MZ\x90", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM), (b"SQLite format 3\0", _TABLE), (b"PAR1", _TABLE),
    (b"\x80\x04", _PROGRAM), (b"\x80\x05", _PROGRAM), (b"{\\rtf", _RTF), (b"RIFF", _FILM),
    (b"ID3", _FILM), (b"OggS", _FILM),
)  # fmt: skip
_HEADER: Final = re.compile(rb"^[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]?[^\r\n]*", re.MULTILINE)
_MAIL: Final = frozenset(
    (b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version",
     b"return-path", b"content-type", b"delivered-to", b"reply-to", b"cc")
)  # fmt: skip
_MARKUP: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TAGS: Final = rb"p|div|table|ul|ol|dl|h[1-6]|section|article|blockquote|center|pre|main|header"
_FRAGMENT: Final = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?P<tag>" + _TAGS + rb")(?:\s[^<>]{0,500})?>.*?</(?P=tag)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_CLOSED: Final = re.compile(
    rb"<(?P<tag>" + _TAGS + rb"|li|td|tr)(?:\s[^<>]{0,500})?>[^<>]{0,2000}</(?P=tag)\s*>",
    re.IGNORECASE,
)
_ENOUGH: Final = 3
"""Blocks opened and closed from which a text is a part of a page, wherever it begins."""
_WORDS: Final = "word/document.xml"


def recognise(content: bytes) -> Found:
    """Tell the format of a document.

    Raises
    ------
    UnreadableError
        If it is empty, locked, damaged, or of a kind that is not read; the reason is told.
    """
    if not content.strip(b"\0\r\n\t "):
        raise UnreadableError(say("it is empty"))
    head = content[:HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _packed(content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            say("it is protected by a password, or an old Office file; save it as .docx or PDF")
        )
    for magic, why in FOREIGN:
        if head.startswith(magic):
            raise UnreadableError(why)
    return _written(head)


def _packed(content: bytes) -> Found:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if _is_short(archive, "mimetype") else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None
    if _WORDS in names:
        return "docx"
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    if "content.xml" in names or "[Content_Types].xml" in names:
        raise UnreadableError(_TABLE)
    return "zip"


def _is_short(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 1000


def _written(head: bytes) -> Found:
    """Kinds of text: mail begins with headers, a page has its first tags early."""
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    first = re.split(rb"\r?\n\r?\n", plain, maxsplit=1)[0]
    named = {h.split(b":", 1)[0].lower() for h in _HEADER.findall(first)}
    if plain.startswith(b"From ") or (len(named & _MAIL) > 1 and _HEADER.match(plain)):
        return "eml"
    if _MARKUP.search(plain[:4096]) or _is_fragment(plain):
        return "html"
    return "txt"


def _is_fragment(plain: bytes) -> bool:
    """Whether it is a part of a page: blocks that are opened and closed, not a lone ``<3``."""
    if b"</" not in plain:
        return False
    found = islice(_CLOSED.finditer(plain), _ENOUGH)
    return bool(_FRAGMENT.match(plain)) or sum(1 for _ in found) == _ENOUGH


def misnamed(name: str, found: Format) -> Message | None:
    """Say so where the extension promises another format than the content is."""
    promised = EXTENSIONS.get(PurePosixPath(name).suffix.lower())
    if promised is None or promised == found:
        return None
    return say(
        "its name says {promised}, its content is {found}; it was read as what it is",
        promised=promised, found=found,
    )  # fmt: skip
