from __future__ import annotations

import io
import socket
import zipfile

import pytest

import made_documents as made
from iagkit.core.errors import DataError, UsageError
from iagkit.wire import datasets
from iagkit.wire.documents import reading
from iagkit.wire.documents.nouns import Limits, UnreadableError
from iagkit.wire.documents.reading import read_documents, read_one


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refused(*_):
        raise AssertionError("a document made its reader look for the network")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def whys(found):
    return {u.name: str(u.why) for u in found.unread}


def said(document):
    return [str(r) for r in document.remarks]


def test_a_folder_becomes_a_table_with_a_row_a_document(tmp_path):
    (tmp_path / "obras").mkdir()
    (tmp_path / "obras" / "a.pdf").write_bytes(made.a_pdf(pages=2))
    (tmp_path / "obras" / "b.txt").write_text("Señor director", encoding="cp1252")
    (tmp_path / "c.html").write_text("<html><body><p>Hola</p></body></html>")
    table = read_documents(tmp_path).table
    assert table["id"].tolist() == ["c.html", "obras/a.pdf", "obras/b.txt"]
    assert table["folder"].tolist() == ["", "obras", "obras"]
    assert table["format"].tolist() == ["html", "pdf", "txt"]
    assert table["pages"].tolist()[1] == 2
    assert table["text"].tolist()[::2] == ["Hola", "Señor director"]
    assert table["characters"].tolist() == [len(t) for t in table["text"]]


@pytest.mark.parametrize("kind", sorted(made.FULL))
def test_what_a_person_can_read_in_a_document_is_read(kind):
    put = made.Canaries()
    document = read_one(f"a.{kind}", made.FULL[kind](put))
    seen = {
        "pdf": ("text", "margin", "white", "stamp", "note", "form value"),
        "docx": ("heading", "split runs", "table", "header", "footer", "comment", "inserted",
                 "deleted", "control", "field", "text box", "footnote"),
        "odt": ("heading", "text", "after spaces", "footnote", "comment", "table", "header"),
        "html": ("text", "hidden", "area", "cell"),
        "eml": ("body", "subject", "cc"),
    }[kind]  # fmt: skip
    assert document.format == kind
    assert made.WORDS in document.text
    assert not [place for place in seen if put.at[place] not in document.text]


def test_a_text_box_that_is_written_twice_is_read_once():
    put = made.Canaries()
    text = read_one("a.docx", made.a_full_docx(put)).text
    assert text.count(put.at["text box"]) == 1


def test_scripts_are_not_read_and_hidden_words_are_told():
    put = made.Canaries()
    document = read_one("a.html", made.a_full_page(put))
    assert put.at["script"] not in document.text
    assert put.at["style"] not in document.text
    assert "4 script(s) or frame(s) in it were neither run nor fetched" in said(document)
    assert any("hidden from a reader" in r for r in said(document))


def test_a_scanned_page_is_told_and_not_guessed():
    document = read_one("a.pdf", made.a_scan(text_page=True))
    assert said(document) == ["1 of its pages are pictures and were not read: 2"]
    with pytest.raises(UnreadableError, match="no text layer"):
        read_one("a.pdf", made.a_scan())


def test_a_page_of_drawn_lines_is_neither_empty_nor_a_scan():
    document = read_one("a.pdf", made.a_drawing(text_page=True))
    assert said(document) == ["1 of its pages are drawn lines without text and were not read: 2"]
    with pytest.raises(UnreadableError, match="drawn lines, which may be letters"):
        read_one("a.pdf", made.a_drawing())
    with pytest.raises(UnreadableError, match="it is empty"):
        read_one("a.pdf", made.a_pdf([]))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<p>Hola <b>Ana</b></p>", "html"),
        ("  <!-- x --><div class='a'>Hola</div>", "html"),
        ("Nota:<ul><li>uno</li><li>dos</li><li>tres</li></ul>", "html"),
        ("I <3 you", "txt"),
        ("<3 <3 </3 corazones", "txt"),
        ("si a<b y b>c entonces", "txt"),
        ("Escriba a Ana <ana@ejemplo.org> hoy", "txt"),
        ("use la etiqueta <p> para un párrafo", "txt"),
        ("use <p>así</p> para un párrafo", "txt"),
        ("<acta><dato>x</dato></acta>", "txt"),
    ],
)
def test_a_part_of_a_page_is_a_page_and_a_text_with_a_sign_is_a_text(content, found):
    document = read_one("a", content.encode())
    assert document.format == found
    assert ("<" in document.text) == (found == "txt")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", made.a_pdf(password="x"), "protected by a password"),
        ("a.pdf", made.a_pdf()[:-400], "damaged or was cut"),
        ("a.pdf", b"%PDF-1.7\nnonsense\n%%EOF", "damaged or was cut"),
        ("a.txt", b"", "it is empty"),
        ("a.txt", b" \n\t\0\0", "it is empty"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "password, or an old Office file"),
        ("a.docx", made.a_zip({"word/document.xml": b"<w"}), "damaged or was cut"),
        ("a.docx", made.a_full_docx(made.Canaries())[:3000], "damaged or was cut"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(99), "it is a picture"),
        ("a.txt", b"MZ\x90\0" + bytes(99), "a program"),
        ("a.txt", bytes(range(256)) * 40, "it is not text"),
        ("a.txt", "año\n".encode() * 9 + "año\n".encode("cp1252") * 9, "mixes two encodings"),
        ("a.txt", b"\xff\xfea", "announces an encoding"),
        ("a.html", b"<html><body><script>x</script></body></html>", "it holds no text"),
        ("a.rtf", b"{\\rtf1 hola}", "RTF"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_the_reason(name, content, why):
    with pytest.raises(UnreadableError, match=why):
        read_one(name, content)


def test_one_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path):
    (tmp_path / "bien.txt").write_text("Hola")
    (tmp_path / "vacio.txt").touch()
    (tmp_path / "clave.pdf").write_bytes(made.a_pdf(password="x"))
    found = read_documents(tmp_path)
    assert found.table["id"].tolist() == ["bien.txt"]
    assert whys(found) == {"clave.pdf": "it is protected by a password", "vacio.txt": "it is empty"}


def test_a_folder_without_a_readable_document_is_refused_with_reasons(tmp_path):
    (tmp_path / "vacio.txt").touch()
    with pytest.raises(DataError, match=r"'vacio.txt': it is empty"):
        read_documents(tmp_path)


@pytest.mark.parametrize("kind", sorted(made.FULL))
def test_a_wrong_extension_is_told_and_the_content_decides(kind):
    document = read_one("carta.txt", made.FULL[kind](made.Canaries()))
    assert document.format == kind
    assert said(document)[0].startswith(f"its name says txt, its content is {kind};")


def test_limits_of_pages_characters_and_bytes_are_kept(tmp_path):
    with pytest.raises(UnreadableError, match="more than 2 pages"):
        read_one("a.pdf", made.a_pdf(pages=3), Limits(pages=2))
    with pytest.raises(UnreadableError, match="more than 9 characters"):
        read_one("a.txt", b"0123456789", Limits(characters=9))
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    (tmp_path / "b.txt").write_bytes(b"0")
    found = read_documents(tmp_path, limits=Limits(file_bytes=9))
    assert "more than 9 bytes" in whys(found)["a.txt"]
    with pytest.raises(DataError, match="at most 1 documents"):
        read_documents(tmp_path, limits=Limits(documents=1))
    with pytest.raises(UsageError, match="'depth' must be 1 or more"):
        Limits(depth=0)


def test_fifty_megabytes_of_text_are_told_to_be_too_many(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Solicita copia de todo. " * (50 * 2**20 // 24))
    (tmp_path / "b.txt").write_bytes(b"Hola")
    assert "more than 10000000 characters" in whys(read_documents(tmp_path))["a.txt"]


def test_a_zip_is_read_as_a_folder(tmp_path):
    inner = made.a_zip({"d.txt": b"dentro"})
    path = tmp_path / "docs.zip"
    path.write_bytes(made.a_zip({"obras/a.txt": b"uno", "b.pdf": made.a_pdf(), "c.zip": inner}))
    table = read_documents(path).table
    assert table["id"].tolist() == ["obras/a.txt", "b.pdf", "c.zip/d.txt"]
    assert table["folder"].tolist() == ["obras", "", "c.zip"]


def test_a_zip_that_grows_without_end_is_stopped(tmp_path):
    bomb = made.a_zip({"a.txt": b"0" * (30 << 20), "b.txt": b"Hola"})
    (tmp_path / "bomb.zip").write_bytes(bomb)
    found = read_documents(tmp_path)
    assert whys(found) == {
        "bomb.zip/a.txt": "it grows beyond the limits when unpacked, as a zip bomb does"
    }
    with pytest.raises(UnreadableError, match="zip bomb"):
        read_one("a.docx", made.a_zip({"word/document.xml": b" " * (30 << 20)}))


def test_zips_within_zips_end_at_the_limit(tmp_path):
    content = b"Hola"
    for n in range(6):
        content = made.a_zip({f"{n}.zip" if n else "a.txt": content})
    (tmp_path / "a.zip").write_bytes(content)
    (tmp_path / "b.txt").write_bytes(b"Hola")
    assert list(whys(read_documents(tmp_path)).values()) == [
        "it lies in too many archives, one within another"
    ]


@pytest.mark.parametrize(
    "name", ["../fuera.txt", "/etc/fuera.txt", "a/../../fuera.txt", "C:\\a.txt"]
)
def test_a_name_that_points_out_of_a_zip_is_not_followed(tmp_path, name):
    (tmp_path / "a.zip").write_bytes(made.a_zip({name: b"x", "b.txt": b"Hola"}))
    found = read_documents(tmp_path)
    assert list(whys(found).values()) == ["its name points out of the archive"]
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_a_locked_entry_of_a_zip_is_told(tmp_path):
    content = bytearray(made.a_zip({"a.txt": b"Hola"}))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    content[6] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(content))
    (tmp_path / "b.txt").write_bytes(b"Hola")
    assert whys(read_documents(tmp_path)) == {"a.zip/a.txt": "it is protected by a password"}


def test_links_out_of_a_folder_are_not_followed(tmp_path):
    outside, folder = tmp_path / "fuera.txt", tmp_path / "carpeta"
    outside.write_text("secreto")
    folder.mkdir()
    (folder / "a.txt").write_text("Hola")
    (folder / "b.txt").symlink_to(outside)
    (folder / "c").symlink_to(folder)
    found = read_documents(folder)
    assert found.table["id"].tolist() == ["a.txt"]
    assert set(whys(found)) == {"b.txt", "c"}


def test_a_manifest_says_which_files_and_what_is_known_of_them(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "manifest.csv").write_text(
        "file;label\na.txt;uno\nb.txt;dos\n../x;tres\nno.txt;x\n"
    )
    for source in (tmp_path, tmp_path / "manifest.csv"):
        found = read_documents(source)
        assert found.table[["id", "label"]].to_numpy().tolist() == [
            ["a.txt", "uno"],
            ["b.txt", "dos"],
        ]
        assert set(whys(found)) == {"../x", "no.txt", "c.txt"}
        assert str(whys(found)["c.txt"]) == "the manifest does not name it"
        assert str(whys(found)["no.txt"]).startswith("there is no such file")


@pytest.mark.parametrize("top", ["", "cartas/"])
def test_a_manifest_in_a_zip_says_the_same(tmp_path, top):
    listed = b"file;label\na.txt;uno\nb.txt;dos\nno.txt;x\n"
    files = {"manifest.csv": listed, "a.txt": b"Hola", "b.txt": b"Nota", "c.txt": b"Otra"}
    packed = tmp_path / "cartas.zip"
    packed.write_bytes(made.a_zip({top + name: content for name, content in files.items()}))
    found = read_documents(packed)
    assert found.table[["id", "label"]].to_numpy().tolist() == [
        [f"{top}a.txt", "uno"],
        [f"{top}b.txt", "dos"],
    ]
    assert set(whys(found)) == {f"{top}c.txt", f"{top}no.txt"}


def test_a_manifest_that_names_a_file_twice_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("Hola")
    (tmp_path / "manifest.csv").write_text("file;label\na.txt;uno\na.txt;dos\n")
    with pytest.raises(DataError, match="each file once"):
        read_documents(tmp_path)


def test_a_manifest_without_its_column_is_refused(tmp_path):
    (tmp_path / "manifest.csv").write_text("archivo;label\na.txt;uno\n")
    with pytest.raises(DataError, match="expected a column 'file'"):
        read_documents(tmp_path)


def test_attachments_are_documents_of_their_own_named_by_place(tmp_path):
    mail = made.a_mail(files={"Juan Quispe.pdf": made.a_pdf(), "foto.png": b"\x89PNG" + bytes(99)})
    (tmp_path / "a.eml").write_bytes(mail)
    found = read_documents(tmp_path)
    assert found.table["id"].tolist() == ["a.eml", "a.eml#1"]
    assert found.table["format"].tolist() == ["eml", "pdf"]
    assert list(whys(found)) == ["a.eml#2"]
    assert "Juan" not in " ".join(found.table["text"])


def test_mails_within_mails_end_at_the_limit_and_copies_are_read_once(tmp_path):
    mail = made.a_mail("nivel 0")
    for n in range(1, 6):
        mail = made.a_mail(f"nivel {n}", files={"a.eml": mail, "b.eml": mail})
    (tmp_path / "a.eml").write_bytes(mail)
    found = read_documents(tmp_path)
    assert found.table["text"].str.contains("nivel").sum() == 3
    assert set(whys(found).values()) == {
        "it was attached before, and is read once",
        "it lies in too many e-mails, one within another",
    }


def test_elements_nested_without_end_are_told_and_do_not_crash():
    deep = b"<html><body>" + b"<div>" * 5000 + b"x" + b"</div>" * 5000 + b"</body></html>"
    with pytest.raises(UnreadableError, match="nested too deeply"):
        read_one("a.html", deep)
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    tables = b"<w:tbl>" * 5000 + b"</w:tbl>" * 5000
    body = b"<w:document " + space + b"><w:body>" + tables + b"</w:body></w:document>"
    with pytest.raises(UnreadableError, match=r"nested too deeply|damaged"):
        read_one("a.docx", made.a_zip({"word/document.xml": body}))


def test_entities_are_neither_expanded_nor_fetched():
    bomb = (
        b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>Hola &b;&f;</w:t></w:r></w:p></w:body></w:document>"
    )
    document = read_one("a.docx", made.a_zip({"word/document.xml": bomb}))
    assert document.text == "Hola "


def test_documents_are_data_of_a_prototype_and_what_was_not_read_is_a_limit(tmp_path):
    for folder in ("obras", "reclamos"):
        (tmp_path / folder).mkdir()
        for n in range(6):
            (tmp_path / folder / f"{n}.txt").write_text(f"Documento {n} de {folder}")
    (tmp_path / "vacio.txt").touch()
    loaded = datasets.load(tmp_path, text="text", target="folder", id="id")
    assert len(loaded.table) == 12
    assert list(map(str, loaded.card.limits)) == ["documents that were not read: 1 (it is empty)"]
    assert loaded.sha256 == datasets.load(tmp_path, text="text", target="folder").sha256


def test_a_spreadsheet_and_a_table_are_still_read_as_tables(tmp_path):
    import pandas as pd

    table = pd.DataFrame({"text": ["uno", "dos"], "file": ["a", "b"]})
    table.to_excel(tmp_path / "a.xlsx", index=False)
    table.to_csv(tmp_path / "a.csv", index=False)
    for name in ("a.xlsx", "a.csv"):
        assert len(datasets.load(tmp_path / name, text="text", required=("text",)).table) == 2


def test_every_format_that_is_told_can_be_read_and_written():
    assert set(reading.READERS) == set(reading.WRITERS) == {*made.FULL, "txt"}


def test_a_docx_of_parts_in_strange_order_is_read():
    put = made.Canaries()
    content = made.a_full_docx(put)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        turned = {n: archive.read(n) for n in reversed(archive.namelist())}
    assert read_one("a.docx", made.a_zip(turned)).text == read_one("a.docx", content).text
