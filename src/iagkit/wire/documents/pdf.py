"""PDF: the text layer, forms and notes; pages that are pictures are told, never guessed.

PDFium is the only parser here; it runs no script and follows no link.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from iagkit.core.message import Message, say
from iagkit.wire.documents.nouns import Document, Limits, UnreadableError, bounded

BETWEEN: Final = "\n\n"
"""Stands between two pages."""
_END: Final = b"%%EOF"
_TAIL: Final = 4096
_PASSWORD: Final = 4
_SHOWN: Final = 8
_PATH: Final = 2
_IMAGE: Final = 3
_SHADING: Final = 4
_FORM: Final = 5
_DEEPEST: Final = 5
_LOST: Final = "\ufffd"


class Pages(NamedTuple):
    """Texts of the pages and of forms and notes; pages that are pictures, or drawn lines alone."""

    texts: list[str]
    beside: list[str]
    scanned: list[int]
    drawn: list[int]
    pictures: int


def read(name: str, content: bytes, limits: Limits) -> Document:
    """Read the text layer of a PDF, and what is written in its forms and notes.

    Raises
    ------
    UnreadableError
        If it is locked, cut, beyond the limits, or has no text layer.
    """
    with opened(content, limits) as file:
        pages = _pages(file, limits)
        remarks = _remarks(file, pages)
    text = BETWEEN.join(t for t in (*pages.texts, *pages.beside) if t)
    if not text:
        raise UnreadableError(_why_none(pages))
    return Document(
        name=name, format="pdf", text=bounded(text, limits), pages=len(pages.texts), remarks=remarks
    )


def _why_none(pages: Pages) -> Message:
    if pages.scanned:
        return say(
            "it has no text layer: its pages are pictures (a scan); recognise its text first"
        )
    if pages.drawn:
        return say(
            "it has no text: its pages are drawn lines, which may be letters; recognise its text "
            "first"
        )
    return say("it is empty")


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[Any]:
    """Open a PDF.

    Raises
    ------
    UnreadableError
        If it is locked, damaged, cut, or has too many pages.
    """
    import pypdfium2 as pdfium

    if _END not in content[-_TAIL:]:
        raise UnreadableError(say("it is damaged or was cut; copy it again"))
    try:
        file = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as refusal:
        if getattr(refusal, "err_code", None) == _PASSWORD or "password" in str(refusal).lower():
            raise UnreadableError(say("it is protected by a password")) from None
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None
    try:
        if len(file) > limits.pages:
            raise UnreadableError(
                say("it has more than {most} pages; split it, or raise the limit of pages",
                    most=limits.pages)
            )  # fmt: skip
        yield file
    finally:
        file.close()


def characters(textpage: Any) -> tuple[str, list[int]]:
    """Text of a page, and which character of the page each one of it is."""
    from pypdfium2 import raw

    codes = (raw.FPDFText_GetUnicode(textpage, i) for i in range(textpage.count_chars()))
    kept = [(i, _plain(code)) for i, code in enumerate(codes) if code != 0x0D]
    return "".join(c for _, c in kept), [i for i, _ in kept]


def _plain(code: int) -> str:
    if code in (0x02, 0xFFFE):  # how PDFium marks a hyphen at the end of a line
        return "-"
    if code in (0x0A, 0x09) or (code >= 0x20 and not 0xD800 <= code <= 0xDFFF):
        return chr(code) if code <= 0x10FFFF else _LOST
    return " "


def _pages(file: Any, limits: Limits) -> Pages:
    found = Pages([], [], [], [], 0)
    pictures = size = 0
    for number in range(1, len(file) + 1):
        page = _page(file, number)
        try:
            textpage = page.get_textpage()
            text = characters(textpage)[0].strip()
            textpage.close()
            images = _objects(page, _IMAGE)
            lines = not (text or images) and _objects(page, _PATH, _SHADING)
            found.texts.append(text)
            found.beside.extend(_beside(page))
        finally:
            page.close()
        pictures += images
        size += len(text)
        if images and not text:
            found.scanned.append(number)
        if lines:
            found.drawn.append(number)
        if size > limits.characters:
            bounded(" " * size, limits)
    return found._replace(pictures=pictures)


def _page(file: Any, number: int) -> Any:
    import pypdfium2 as pdfium

    try:
        return file[number - 1]
    except pdfium.PdfiumError:
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None


def _objects(page: Any, *kinds: int) -> int:
    return sum(1 for _ in page.get_objects(filter=list(kinds), max_depth=_DEEPEST))


def _beside(page: Any) -> list[str]:
    """What people wrote in the fields of a form and in notes."""
    from pypdfium2 import raw

    found: list[str] = []
    for i in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, i)
        if not note:
            continue
        found += [told for key in (b"Contents", b"V") if (told := _string(note, key).strip())]
        raw.FPDFPage_CloseAnnot(note)
    return found


def _string(note: Any, key: bytes) -> str:
    from pypdfium2 import raw

    length = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if length <= 2:
        return ""
    room = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(
        note, key, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), length
    )
    return room.raw[: length - 2].decode("utf-16-le", "replace").replace("\r", "\n")


def _remarks(file: Any, pages: Pages) -> tuple[Message, ...]:
    told = []
    if pages.scanned:
        told.append(
            say("{n} of its pages are pictures and were not read: {pages}",
                n=len(pages.scanned), pages=_listed(pages.scanned))
        )  # fmt: skip
    if pages.drawn:
        told.append(
            say("{n} of its pages are drawn lines without text and were not read: {pages}",
                n=len(pages.drawn), pages=_listed(pages.drawn))
        )  # fmt: skip
    if pages.pictures > len(pages.scanned):
        told.append(
            say("{n} picture(s) in it were not read", n=pages.pictures - len(pages.scanned))
        )
    if n := file.count_attachments():
        told.append(say("{n} file(s) within it were not read", n=n))
    return tuple(told)


def _listed(numbers: list[int]) -> str:
    more = "…" if len(numbers) > _SHOWN else ""
    return ", ".join(map(str, numbers[:_SHOWN])) + more
