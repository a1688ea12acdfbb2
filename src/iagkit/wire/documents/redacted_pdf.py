"""A redacted PDF: a new file, on which words, lines and boxes are drawn again.

Nothing of the old file is copied, so that nothing can stay hidden in it: neither metadata,
attachments, bookmarks, forms, notes, layers, nor earlier versions. Words are drawn at their place
in a standard typeface; lines and boxes are drawn again; pictures and other drawings are left out.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from iagkit.core.message import say
from iagkit.wire.documents.nouns import Hidden, Hide, Limits, UnreadableError, Written
from iagkit.wire.documents.pdf import characters, opened

_FONT: Final = b"Helvetica"
_PATH: Final = 2
_FORM_DEPTH: Final = 5
_SEGMENTS: Final = 6
"""Lines and boxes have no more; glyphs drawn as outlines do."""
_LINES: Final = 5000
_MOST_LOST: Final = 0.02
_BOX_PART: Final = 0.8
_GAP: Final = 0.05
"""Left between two words, of the size of the letters, so that a reader still parts them."""


class _Glyph(NamedTuple):
    """A character with its box, its origin, its size and its angle, in points and radians."""

    sign: str
    box: tuple[float, float, float, float]
    at: tuple[float, float]
    size: float
    angle: float


def write(content: bytes, hide: Hide, limits: Limits) -> Written:
    """Draw a PDF again without what is to be hidden.

    Raises
    ------
    UnreadableError
        If it cannot be opened, or its letters are not those of es, pt and en.
    """
    import pypdfium2 as pdfium

    made = pdfium.PdfDocument.new()
    signs = lost = 0
    try:
        with opened(content, limits) as old:
            texts = [_text(old[n]) for n in range(len(old))]
            whole = "\n".join(texts)
            hidden = hide(whole)
            begin = 0
            for n, text in enumerate(texts):
                told = _drawn_again(made, old[n], _within(hidden, begin, begin + len(text)))
                begin += len(text) + 1
                signs, lost = signs + told[0], lost + told[1]
        if lost > _MOST_LOST * signs:
            raise UnreadableError(
                say("its letters are not those of Spanish, Portuguese or English, so it cannot be "
                    "drawn again as PDF")
            )  # fmt: skip
        room = io.BytesIO()
        made.save(room)
    finally:
        made.close()
    gone = tuple(whole[h.start : h.end] for h in hidden)
    left_out = say(
        "the PDF is drawn anew: pictures, forms, notes, links, bookmarks, files within and "
        "properties are left out"
    )
    return Written(content=room.getvalue(), gone=gone, remarks=(left_out,))


def _text(page: Any) -> str:
    textpage = page.get_textpage()
    try:
        return characters(textpage)[0]
    finally:
        textpage.close()
        page.close()


def _within(hidden: Sequence[Hidden], begin: int, end: int) -> list[Hidden]:
    """What is hidden on one page, in offsets of its own text."""
    return [
        Hidden(max(h.start, begin) - begin, min(h.end, end) - begin, h.shown)
        for h in hidden
        if h.start < end and begin < h.end
    ]


def _drawn_again(made: Any, page: Any, hidden: Sequence[Hidden]) -> tuple[int, int]:
    """Draw one page; give the number of its signs, and of those that could not be drawn."""
    from pypdfium2 import raw

    new = made.new_page(*_size(page))
    box = _corner(page)
    textpage = page.get_textpage()
    text, at = characters(textpage)
    font = raw.FPDFText_LoadStandardFont(made, _FONT)
    for path in page.get_objects(filter=[_PATH], max_depth=1):
        _copy_lines(new, path, box)
    covered = {i for h in hidden for i in range(h.start, h.end)}
    signs = [c for i, c in enumerate(text) if i not in covered and not c.isspace()]
    for word in _words(textpage, text, at, covered):
        _draw(made, new, font, word, box)
    for h in hidden:
        _black_out(made, new, font, textpage, at, text, h, box)
    textpage.close()
    raw.FPDFFont_Close(font)
    new.gen_content()
    new.close()
    page.close()
    return len(signs), sum(not _drawable(c) for c in signs)


def _size(page: Any) -> tuple[float, float]:
    left, bottom, right, top = page.get_cropbox()
    return max(right - left, 1), max(top - bottom, 1)


def _corner(page: Any) -> tuple[float, float]:
    left, bottom, _, _ = page.get_cropbox()
    return left, bottom


def _drawable(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _words(
    textpage: Any, text: str, at: Sequence[int], covered: set[int]
) -> Iterator[list[_Glyph]]:
    """Signs that stand together on one line and are not hidden."""
    word: list[_Glyph] = []
    for i, sign in enumerate(text):
        if sign.isspace() or i in covered:
            if word:
                yield word
            word = []
            continue
        glyph = _glyph(textpage, at[i], sign)
        if word and not _follows(word[-1], glyph):
            yield word
            word = []
        word.append(glyph)
    if word:
        yield word


def _follows(before: _Glyph, glyph: _Glyph) -> bool:
    apart = math.hypot(glyph.at[0] - before.at[0], glyph.at[1] - before.at[1])
    return (
        abs(glyph.angle - before.angle) < 0.01
        and abs(glyph.size - before.size) < 0.1
        and apart < 2.5 * before.size
    )


def _glyph(textpage: Any, index: int, sign: str) -> _Glyph:
    from pypdfium2 import raw

    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, index, matrix)
    scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = raw.FPDFText_GetFontSize(textpage, index) * scale
    box = tuple(textpage.get_charbox(index, loose=True))
    angle = raw.FPDFText_GetCharAngle(textpage, index)
    return _Glyph(sign, box, (x.value, y.value), min(max(size, 1), 400), max(angle, 0.0))


def _draw(made: Any, page: Any, font: Any, word: list[_Glyph], corner: tuple[float, float]) -> None:
    """Draw a word where it stood, as wide as it was."""
    first, last = word[0], word[-1]
    shown = "".join(g.sign if _drawable(g.sign) else "?" for g in word)
    if abs(math.sin(first.angle)) < 0.01:
        width = abs(last.box[2] - first.box[0]) - _GAP * first.size
    else:
        width = math.hypot(last.at[0] - first.at[0], last.at[1] - first.at[1]) + last.size / 2
    place = (first.at[0] - corner[0], first.at[1] - corner[1])
    _write(made, page, font, shown, place, size=first.size, width=width, angle=first.angle)


def _write(
    made: Any, page: Any, font: Any, words: str, place: tuple[float, float], *, size: float,
    width: float, angle: float = 0.0, white: bool = False, at_most: bool = False,
) -> None:  # fmt: skip
    from pypdfium2 import raw

    drawn = raw.FPDFPageObj_CreateTextObj(made, font, size)
    room = ctypes.create_string_buffer((words + "\0").encode("utf-16-le"))
    raw.FPDFText_SetText(drawn, ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)))
    natural = _width(drawn)
    stretch = width / natural if natural > 0 and width > 0 else 1.0
    stretch = min(stretch, 1.0) if at_most else min(max(stretch, 0.3), 3.0)
    if white:
        raw.FPDFPageObj_SetFillColor(drawn, 255, 255, 255, 255)
    cos, sin = math.cos(angle), math.sin(angle)
    raw.FPDFPageObj_Transform(drawn, cos * stretch, sin * stretch, -sin, cos, *place)
    raw.FPDFPage_InsertObject(page, drawn)


def _width(drawn: Any) -> float:
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    return float(right.value - left.value)


def _black_out(
    made: Any, page: Any, font: Any, textpage: Any, at: Sequence[int], text: str, hidden: Hidden,
    corner: tuple[float, float],
) -> None:  # fmt: skip
    """Draw a black box on each line of what is hidden, and say on the first what stood there."""
    from pypdfium2 import raw

    for n, (left, bottom, right, top) in enumerate(_boxes(textpage, at, text, hidden)):
        x, y, wide, high = left - corner[0], bottom - corner[1], right - left, top - bottom
        box = raw.FPDFPageObj_CreateNewRect(x, y, wide, high)
        raw.FPDFPageObj_SetFillColor(box, 0, 0, 0, 255)
        raw.FPDFPath_SetDrawMode(box, raw.FPDF_FILLMODE_WINDING, 0)
        raw.FPDFPage_InsertObject(page, box)
        shown = "".join(c for c in hidden.shown if _drawable(c) and c != "█")
        if n == 0 and shown.strip() and high > 2:
            size = high * _BOX_PART * 0.75
            _write(made, page, font, shown, (x + 1, y + high * 0.25), size=size,
                   width=max(wide - 2, 1), white=True, at_most=True)  # fmt: skip


def _boxes(
    textpage: Any, at: Sequence[int], text: str, hidden: Hidden
) -> list[tuple[float, float, float, float]]:
    """One box a line, around the loose boxes of its signs."""
    lines: list[list[tuple[float, float, float, float]]] = []
    for i in range(hidden.start, hidden.end):
        if text[i].isspace():
            continue
        box = textpage.get_charbox(at[i], loose=True)
        last = lines[-1][-1] if lines else None
        if last and box[1] < last[3] and last[1] < box[3] and box[0] >= last[0]:
            lines[-1].append(box)
        else:
            lines.append([box])
    return [
        (min(b[0] for b in line), min(b[1] for b in line),
         max(b[2] for b in line), max(b[3] for b in line))
        for line in lines
    ]  # fmt: skip


def _copy_lines(page: Any, path: Any, corner: tuple[float, float]) -> None:
    """Draw a line or box again, with its colours and width; other drawings are left out."""
    from pypdfium2 import raw

    count = raw.FPDFPath_CountSegments(path)
    if not 1 < count <= _SEGMENTS:
        return
    segments = [raw.FPDFPath_GetPathSegment(path, i) for i in range(count)]
    kinds = [raw.FPDFPathSegment_GetType(s) for s in segments]
    if raw.FPDF_SEGMENT_BEZIERTO in kinds:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    points = [_point(s) for s in segments]
    new = raw.FPDFPageObj_CreateNewPath(*points[0])
    for segment, kind, point in zip(segments[1:], kinds[1:], points[1:], strict=True):
        (raw.FPDFPath_LineTo if kind == raw.FPDF_SEGMENT_LINETO else raw.FPDFPath_MoveTo)(
            new, *point
        )
        if raw.FPDFPathSegment_GetClose(segment):
            raw.FPDFPath_Close(new)
    _dress(new, path)
    m = matrix
    raw.FPDFPageObj_Transform(new, m.a, m.b, m.c, m.d, m.e - corner[0], m.f - corner[1])
    raw.FPDFPage_InsertObject(page, new)


def _point(segment: Any) -> tuple[float, float]:
    from pypdfium2 import raw

    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    return x.value, y.value


def _dress(new: Any, path: Any) -> None:
    from pypdfium2 import raw

    colour = [ctypes.c_uint() for _ in range(4)]
    if raw.FPDFPageObj_GetStrokeColor(path, *colour):
        raw.FPDFPageObj_SetStrokeColor(new, *(c.value for c in colour))
    if raw.FPDFPageObj_GetFillColor(path, *colour):
        raw.FPDFPageObj_SetFillColor(new, *(c.value for c in colour))
    width = ctypes.c_float()
    if raw.FPDFPageObj_GetStrokeWidth(path, width):
        raw.FPDFPageObj_SetStrokeWidth(new, width.value)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    raw.FPDFPath_SetDrawMode(new, fill.value, stroke.value)
