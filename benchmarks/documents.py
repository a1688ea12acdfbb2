"""Documents in and redacted documents out: how many a CPU second, on real norms in six formats.

Run ``python benchmarks/documents.py [--norms N] [--keep FOLDER] [--tagger]`` with
IAGKIT_DATA_MIRROR set. Norms of infoleg_ar_es are written as PDF, DOCX, ODT, HTML, e-mail and text
in turn, in a folder for each heading, read again, and redacted: as text and in their own format.
``--keep`` leaves the folder for ``iagkit run document-triage --data FOLDER --target folder``.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from iagkit.flow.redacting import asked, redact_document
from iagkit.wire.documents.reading import each_document

KINDS = ("pdf", "docx", "odt", "html", "eml", "txt")
LINES = 52
_UNDRAWN = re.compile(r"[^\x20-\x7e\xa0-\xff\n]")


def as_pdf(text: str) -> bytes:
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawing = canvas.Canvas(made)
    lines = [w for line in text.split("\n") for w in (textwrap.wrap(line, 90) or [""])]
    for begin in range(0, len(lines), LINES):
        for n, line in enumerate(lines[begin : begin + LINES]):
            drawing.drawString(60, 790 - 14 * n, _UNDRAWN.sub(" ", line))
        drawing.showPage()
    drawing.save()
    return made.getvalue()


def as_docx(text: str) -> bytes:
    import docx

    made, file = docx.Document(), io.BytesIO()
    for line in text.split("\n"):
        made.add_paragraph(re.sub(r"[\x00-\x08\x0b-\x1f]", " ", line))
    made.save(file)
    return file.getvalue()


def as_odt(text: str) -> bytes:
    import odfdo

    made, file = odfdo.Document("text"), io.BytesIO()
    for line in text.split("\n"):
        made.body.append(odfdo.Paragraph(re.sub(r"[\x00-\x08\x0b-\x1f]", " ", line)))
    made.save(file)
    return file.getvalue()


def as_html(text: str) -> bytes:
    body = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    head = '<head><meta charset="utf-8"></head>'
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>".encode()


def as_eml(text: str) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "mesa@ejemplo.org", "Norma"
    made.set_content(text)
    return made.as_bytes()


MAKERS: dict[str, Callable[[str], bytes]] = {
    "pdf": as_pdf, "docx": as_docx, "odt": as_odt, "html": as_html, "eml": as_eml,
    "txt": str.encode,
}  # fmt: skip


def norms(count: int) -> list[tuple[str, str]]:
    """Heading and text of some norms, of the headings that have most, drawn evenly over time."""
    import pandas as pd

    path = Path(os.environ["IAGKIT_DATA_MIRROR"], "infoleg_ar_es", "infoleg_ar_es.parquet")
    table = pd.read_parquet(path, columns=["text", "heading_class"]).dropna()
    most = table["heading_class"].value_counts().index[:8]
    table = table[table["heading_class"].isin(most)]
    step = max(len(table) // count, 1)
    chosen = table.iloc[::step].head(count)
    return list(zip(chosen["heading_class"].astype(str), chosen["text"].astype(str), strict=True))


def write(folder: Path, count: int) -> None:
    for n, (heading, text) in enumerate(norms(count)):
        kind = KINDS[n % len(KINDS)]
        place = folder / re.sub(r"[^\w ]+", "_", heading)[:40]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{n:05}.{kind}").write_bytes(MAKERS[kind](text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--norms", type=int, default=600)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--tagger", action="store_true", help="with the tagger of the cache")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = said.keep or Path(made)
        write(folder, said.norms)
        measure(folder, tagger=said.tagger)


def measure(folder: Path, *, tagger: bool) -> None:
    """Print, for each format, documents a CPU second: read, redacted as text, and in its format."""
    spent = {what: Counter[str]() for what in ("read", "as text", "as it came")}
    many, characters, kept = Counter[str](), Counter[str](), Counter[str]()
    text_of, same_of = (asked(patterns_only=not tagger, lang="es", same=s) for s in (False, True))
    begun = time.process_time()
    for each in each_document(folder):
        assert each.document, each.unread
        kind = each.document.format
        spent["read"][kind] += time.process_time() - begun
        many[kind] += 1
        characters[kind] += len(each.document.text)
        for what, how in (("as text", text_of), ("as it came", same_of)):
            begun = time.process_time()
            done = redact_document(each.document, each.content, how)
            spent[what][kind] += time.process_time() - begun
        kept[kind] += done.written == kind
        begun = time.process_time()
    print(f"{many.total()} documents; found with {text_of.model}; documents a CPU second:")
    print(f"{'':6}{'n':>5}{'characters':>12}{'read':>8}{'as text':>9}{'as it came':>12}{'kept':>7}")
    for kind in KINDS:
        rates = [many[kind] / max(spent[what][kind], 1e-9) for what in spent]
        print(
            f"{kind:6}{many[kind]:5}{characters[kind] / many[kind]:12,.0f}"
            f"{rates[0]:8,.0f}{rates[1]:9,.0f}{rates[2]:12,.0f}{kept[kind] / many[kind]:7.1%}"
        )


if __name__ == "__main__":
    main()
