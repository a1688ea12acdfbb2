# ruff: noqa: E501
"""Documents made in memory, of invented persons; each place of each format can hold a canary."""

from __future__ import annotations

import email.policy
import io
import re
import textwrap
import zipfile
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from html import escape

WORDS = "Solicita copia del expediente."


def canary(n: int) -> str:
    """An address that is nobody's and that any search for personal data finds."""
    return f"canario.{n:03}@ejemplo.org"


class Canaries:
    """Gives a new canary for each place and remembers where it was put."""

    def __init__(self) -> None:
        self.at: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        self.at[place] = canary(len(self.at))
        return self.at[place]


def a_pdf(lines: Iterable[str] = (WORDS,), *, pages: int = 1, password: str | None = None) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    locked = StandardEncryption(password) if password else None
    drawing = canvas.Canvas(made, encrypt=locked)
    for _ in range(pages):
        for n, line in enumerate(lines):
            if n and n % 36 == 0:
                drawing.showPage()
            drawing.drawString(72, 760 - 20 * (n % 36), line)
        drawing.showPage()
    drawing.save()
    return made.getvalue()


def a_scan(*, text_page: bool = False) -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawing = canvas.Canvas(made)
    if text_page:
        drawing.drawString(72, 760, WORDS)
        drawing.showPage()
    drawing.drawImage(ImageReader(Image.new("RGB", (200, 200), "grey")), 0, 0, 500, 700)
    drawing.showPage()
    drawing.save()
    return made.getvalue()


def a_drawing(*, text_page: bool = False) -> bytes:
    """A PDF of lines without text, as a signature or letters turned into curves."""
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawing = canvas.Canvas(made)
    if text_page:
        drawing.drawString(72, 760, WORDS)
        drawing.showPage()
    drawing.bezier(72, 700, 150, 780, 200, 600, 300, 700)
    drawing.rect(72, 500, 200, 100)
    drawing.showPage()
    drawing.save()
    return made.getvalue()


def a_full_pdf(put: Canaries) -> bytes:
    """A PDF with a canary in its text, a form, a note, a link, bookmarks, properties, a file."""
    from pypdf import PdfWriter
    from pypdf.annotations import FreeText, Link
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject
    from reportlab.pdfgen import canvas

    made = io.BytesIO()
    drawing = canvas.Canvas(made)
    drawing.setTitle(put("title"))
    drawing.setAuthor(put("author"))
    drawing.setKeywords(put("keywords"))
    drawing.drawString(72, 760, f"{WORDS} Escribir a {put('text')} hoy")
    drawing.rotate(90)
    drawing.drawString(100, -300, f"Al margen {put('margin')}")
    drawing.rotate(-90)
    drawing.setFillColorRGB(1, 1, 1)
    drawing.drawString(72, 700, f"En blanco {put('white')}")
    drawing.bookmarkPage("p")
    drawing.addOutlineEntry(put("bookmark"), "p")
    drawing.acroForm.textfield(
        name="campo", value=put("form value"), tooltip=put("form tip"), x=72, y=600, width=200
    )
    drawing.beginForm("sello")
    drawing.drawString(72, 640, f"Sello {put('stamp')}")
    drawing.endForm()
    drawing.doForm("sello")
    drawing.showPage()
    drawing.save()
    writer = PdfWriter(io.BytesIO(made.getvalue()))
    writer.add_annotation(0, FreeText(text=put("note"), rect=(72, 500, 300, 520)))
    writer.add_annotation(0, Link(rect=(72, 400, 300, 420), url=f"mailto:{put('link')}"))
    writer.add_attachment(f"{put('file name')}.txt", put("file").encode())
    noted = FreeText(text="nota", rect=(72, 460, 300, 480), title_bar=put("note author"))
    writer.add_annotation(0, noted)
    script = {"/S": "/JavaScript", "/JS": f"app.alert('{put('script')}')"}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({
        NameObject(key): NameObject(value) if value[0] == "/" else TextStringObject(value)
        for key, value in script.items()
    })  # fmt: skip
    writer.add_named_destination(put("destination"), 0)
    writer.set_page_label(0, 0, prefix=put("page label"))
    writer.add_metadata({"/Owner": put("own property")})
    writer.xmp_metadata = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{put('xmp')}</x:xmpmeta>".encode()
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def a_full_docx(put: Canaries) -> bytes:
    """A DOCX with a canary in every place where Word lets one write."""
    import docx
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from PIL import Image

    made = docx.Document()
    made.add_heading(f"Nota {put('heading')}", 1)
    paragraph = made.add_paragraph(f"{WORDS} ")
    first, second = put("split runs").split(".0")
    paragraph.add_run(first).bold = True
    paragraph.add_run(f".0{second}").italic = True
    made.add_table(1, 1).cell(0, 0).text = put("table")
    section = made.sections[0]
    section.header.paragraphs[0].text = put("header")
    section.footer.paragraphs[0].text = put("footer")
    for name in ("author", "title", "subject", "keywords", "comments", "last_modified_by"):
        setattr(made.core_properties, name, put(f"property {name}"))
    made.add_comment(paragraph.runs[0], text=put("comment"), author=put("comment author"))
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    picture.seek(0)
    shape = made.add_picture(picture)._inline
    shape.docPr.set("descr", put("alt text"))
    shape.docPr.set("title", put("alt title"))
    link = made.part.relate_to(
        f"mailto:{put('link')}", RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    spaces = nsdecls("w")
    office = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    for inner in (
        f'<w:hyperlink {office} r:id="{link}" w:tooltip="{put("tooltip")}"><w:r><w:t>aquí</w:t></w:r></w:hyperlink>',
        f'<w:ins w:id="1" w:author="{put("inserter")}"><w:r><w:t>más {put("inserted")}</w:t></w:r></w:ins>',
        f'<w:del w:id="2" w:author="{put("deleter")}"><w:r><w:delText>{put("deleted")}</w:delText></w:r></w:del>',
        f'<w:sdt><w:sdtPr><w:alias w:val="{put("control name")}"/><w:tag w:val="{put("control tag")}"/></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{put('control')}</w:t></w:r></w:sdtContent></w:sdt>",
        f'<w:fldSimple w:instr=" AUTHOR {put("field code")} "><w:r><w:t>{put("field")}</w:t></w:r></w:fldSimple>',
        f'<w:r><w:instrText>HYPERLINK "mailto:{put("instruction")}"</w:instrText></w:r>',
        f'<w:bookmarkStart w:id="9" w:name="{put("bookmark")}"/><w:bookmarkEnd w:id="9"/>',
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>oculto {put('hidden')}</w:t></w:r>",
        f'<w:moveFrom w:id="3" w:author="{put("mover")}"><w:r><w:t>antes {put("moved from")}</w:t></w:r></w:moveFrom>',
        f'<w:moveTo w:id="4" w:author="a"><w:r><w:t>ahora {put("moved to")}</w:t></w:r></w:moveTo>',
        f'<w:pPr><w:pPrChange w:id="5" w:author="{put("formatter")}"><w:pPr/></w:pPrChange></w:pPr>',
        f'<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape alt="{put("box alt")}"><v:textbox>'
        f"<w:txbxContent><w:p><w:r><w:t>{put('text box')}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
    ):
        made.element.body.insert(0, parse_xml(f"<w:p {spaces}>{inner}</w:p>"))
    whole = io.BytesIO()
    made.save(whole)
    notes = f'<w:footnotes {spaces}><w:footnote w:id="2"><w:p><w:r><w:t>{put("footnote")}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    return with_parts(
        whole.getvalue(),
        {
            "word/footnotes.xml": notes.encode(),
            "word/embeddings/oleObject1.bin": put("embedded").encode(),
            "customXml/item9.xml": f"<a>{put('custom xml')}</a>".encode(),
            "docProps/custom.xml": f"<a>{put('custom property')}</a>".encode(),
            "word/endnotes.xml": notes.replace("footnote", "endnote")
            .replace(put.at["footnote"], put("endnote"))
            .encode(),
            "word/people.xml": f"<a>{put('people')}</a>".encode(),
            "word/glossary/document.xml": f"<a>{put('glossary')}</a>".encode(),
            "word/media/a.png": put("picture").encode(),
            f"word/{put('part name')}.xml": b"<a/>",
            "docProps/thumbnail9.jpeg": put("thumbnail").encode(),
        },
    )


def a_full_odt(put: Canaries) -> bytes:
    """An ODT with a canary in its text, table, header, note, comment, link and properties."""
    import odfdo

    made = odfdo.Document("text")
    body = made.body
    body.append(odfdo.Header(1, f"Nota {put('heading')}"))
    paragraph = odfdo.Paragraph(f"{WORDS} {put('text')} y   {put('after spaces')}")
    paragraph.insert_note(note_id="n1", citation="1", body=put("footnote"))
    paragraph.insert_annotation(body=put("comment"), creator=put("comment author"))
    body.append(paragraph)
    link = odfdo.Paragraph("ver ")
    link.append(odfdo.Link(url=f"mailto:{put('link')}", text="aquí", title=put("link title")))
    body.append(link)
    table = odfdo.Table(put("table name"), width=1, height=1)
    table.set_value("A1", put("table"))
    body.append(table)
    made.meta.title = put("title")
    made.meta.creator = put("author")
    made.meta.set_user_defined_metadata("dni", put("own property"))
    whole = io.BytesIO()
    made.save(whole)
    header = f"<style:header><text:p>{put('header')}</text:p></style:header>"
    content = with_header(whole.getvalue(), header)
    more = {
        "Pictures/a.png": put("picture").encode(),
        "Thumbnails/thumbnail9.png": put("thumbnail").encode(),
        "Object 1/content.xml": f"<a>{put('object')}</a>".encode(),
        "Basic/a.xml": f"<a>{put('macro')}</a>".encode(),
        "layout-cache": put("cache").encode(),
    }
    return with_parts(content, more)


def a_full_page(put: Canaries) -> bytes:
    """An HTML page with a canary in words, attributes, scripts, comments and forms."""
    return f"""<!DOCTYPE html><html lang="es"><head><meta charset="utf-8">
<title>{put("title")}</title><meta name="author" content="{put("meta")}">
<script>var a = "{put("script")}"; document.write(a)</script>
<style>p:after {{ content: "{put("style")}" }}</style><!-- {put("comment")} --></head>
<body onload="alert('{put("handler")}')" class="{put("class")}"><h1>Nota</h1><p>{WORDS} Escribir a <b>{put("bold")[:9]}</b>{canary(6)[9:]}
<img src="http://127.0.0.1:9/{put("remote picture")}" alt="{put("alt text")}">
<a href="mailto:{put("link")}" title="{put("link title")}">aquí</a> {put("text")}</p>
<div style="display:none">{put("hidden")}</div><p hidden data-x="{put("data")}">oculto</p>
<form action="http://127.0.0.1:9/{put("action")}"><input type="hidden" name="a" value="{put("input")}">
<textarea>{put("area")}</textarea></form><iframe src="http://127.0.0.1:9/"></iframe>
<table summary="{put("summary")}"><caption>{put("caption")}</caption><tr><td>{put("cell")}</td><td>b</td></tr></table>
<noscript>{put("without scripts")}</noscript><template>{put("template")}</template>
<svg><text>{put("drawing")}</text><title>{put("drawing title")}</title></svg>
<iframe srcdoc="<p>{put("frame")}</p>"></iframe><object data="x">{put("object")}</object>
<input placeholder="{put("placeholder")}" aria-label="{put("label")}"><option label="{put("option")}">o</option>
<p style="background:url(http://127.0.0.1:9/{put("css")})" id="{put("id")}" lang="{put("lang")}">x</p>
<custom-tag x="{put("custom")}">{put("unknown tag")}</custom-tag><!-- [if IE]> {put("condition")} <![endif] -->
</body></html>""".encode()


def a_mail(
    body: str = WORDS, *, subject: str = "Pedido", files: Mapping[str, bytes] | None = None,
    html: str | None = None, **headers: str,
) -> bytes:  # fmt: skip
    made = EmailMessage(policy=email.policy.default)
    made["From"], made["To"], made["Subject"] = "mesa@ejemplo.org", "archivo@ejemplo.org", subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content in (files or {}).items():
        made.add_attachment(content, "application", "octet-stream", filename=name)
    return made.as_bytes()


def a_full_mail(put: Canaries) -> bytes:
    return a_mail(
        f"{WORDS} {put('body')}", subject=f"Pedido de {put('subject')}", Cc=put("cc"),
        X_Origin=put("other header"), html=f"<p>{put('page')}</p>",
        files={
            f"{put('file name')}.txt": f"Nota de {put('file')}".encode(),
            "b.eml": a_mail(f"Dentro {put('mail within')}", subject=put("subject within")),
        },
        Received=f"from {put('received')}", List_Unsubscribe=f"<mailto:{put('list')}>",
        Reply_To=f'"{put("reply name")}" <mesa@ejemplo.org>', Keywords=put("keywords"),
    ).replace(b"\n--", f"\nprefacio {put('preamble')}\n\n--".encode(), 1)  # fmt: skip


def a_norm(kind: str, text: str) -> bytes:
    """A text as a document of a kind."""
    import docx

    plain = re.sub(r"[^\n\x20-\x7e\xa0-\xff]", " ", text)
    if kind == "pdf":
        return a_pdf([w for line in plain.split("\n") for w in textwrap.wrap(line, 90)])
    if kind == "html":
        body = "".join(f"<p>{escape(line)}</p>" for line in plain.split("\n"))
        return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()
    if kind == "eml":
        return a_mail(plain)
    if kind == "txt":
        return plain.encode()
    if kind == "odt":
        return _an_odt(plain.split("\n"))
    made, whole = docx.Document(), io.BytesIO()
    for line in plain.split("\n"):
        made.add_paragraph(line)
    made.save(whole)
    return whole.getvalue()


def _an_odt(lines: Iterable[str]) -> bytes:
    import odfdo

    made, whole = odfdo.Document("text"), io.BytesIO()
    for line in lines:
        made.body.append(odfdo.Paragraph(line))
    made.save(whole)
    return whole.getvalue()


FULL = {"pdf": a_full_pdf, "docx": a_full_docx, "odt": a_full_odt, "html": a_full_page,
        "eml": a_full_mail}  # fmt: skip


def with_header(content: bytes, header: str) -> bytes:
    """An ODT whose first page style has a header."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    styles = parts["styles.xml"].decode()
    begin = styles.index("<style:master-page ")
    end = styles.index(">", begin)
    if styles[end - 1] == "/":
        styles = f"{styles[: end - 1]}>{header}</style:master-page>{styles[end + 1 :]}"
    else:
        styles = f"{styles[: end + 1]}{header}{styles[end + 1 :]}"
    return a_zip({**parts, "styles.xml": styles.encode()})


def with_parts(content: bytes, more: Mapping[str, bytes]) -> bytes:
    """A zip container with more parts in it."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        for name, part in more.items():
            archive.writestr(name, part)
    return made.getvalue()


def a_zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def everything_in(content: bytes) -> str:
    """Bytes of a file, and of all that is packed in it, as letters of every likely encoding."""
    parts = [content]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
            parts += [name.encode() for name in archive.namelist()]
    if content[:5] == b"%PDF-":
        parts += _pdf_parts(content)
    return "\n".join(
        p.decode(encoding, "replace") for p in parts for encoding in ("utf-8", "utf-16-be")
    )


def _pdf_parts(content: bytes) -> list[bytes]:
    """Every object of a PDF, unpacked by a reader that is not ours, and its words."""
    from pypdf import PdfReader
    from pypdf.generic import StreamObject

    reader = PdfReader(io.BytesIO(content))
    words = "".join(page.extract_text() for page in reader.pages)
    found = [words.encode(), words.replace("\n", "").replace(" ", "").encode()]
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 2):
        try:
            thing = reader.get_object(number)
        except Exception:  # noqa: BLE001 (a number without an object)
            continue
        found.append(repr(thing).encode())
        if isinstance(thing, StreamObject):
            found.append(thing.get_data())
    return found
