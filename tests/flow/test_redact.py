# ruff: noqa: E501
from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_documents as made
from iagkit.core.errors import DataError, OutputError, UsageError
from iagkit.flow.long_texts import WINDOW, find_in_long, portions
from iagkit.flow.redacting import asked, redact_document
from iagkit.flow.redacting_files import redact_file, redact_folder
from iagkit.flow.redacting_tables import redact_table
from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.find import find_personal
from iagkit.wire.documents.nouns import DEFAULT, Hidden, Written
from iagkit.wire.documents.reading import WRITERS, read_one

DNI = "30.123.456"
LETTER = f"La Sra. Rosa Quispe Mamani, D.N.I. {DNI}, rosa.quispe@ejemplo.org, solicita vista."


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refused(*_):
        raise AssertionError("redaction looked for the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def how(**said):
    return asked(**{"patterns_only": True, **said})


def redacted(kind, content, **said):
    return redact_document(read_one(f"a.{kind}", content), content, how(same=True, **said))


def test_a_letter_by_hand():
    done = redacted("txt", LETTER.encode())
    assert DNI not in done.text
    assert "rosa.quispe@ejemplo.org" not in done.text
    assert done.text.endswith("solicita vista.")


@pytest.mark.parametrize("kind", sorted(made.FULL))
def test_no_canary_of_any_place_of_a_document_is_in_what_is_written(kind):
    put = made.Canaries()
    content = made.FULL[kind](put)
    done = redacted(kind, content)
    assert done.written == kind, [str(r) for r in done.remarks]
    before, after = made.everything_in(content), made.everything_in(done.content)
    assert [p for p, c in put.at.items() if c in before], "the test must be able to fail"
    assert not [p for p, c in put.at.items() if c in after]
    assert "canario" not in after
    assert made.WORDS in read_one("a", done.content).text


@pytest.mark.parametrize("kind", sorted(made.FULL))
def test_no_canary_is_in_the_text_or_the_spans(kind):
    done = redacted(kind, made.FULL[kind](made.Canaries()))
    assert "canario" not in done.text
    assert "canario" not in json.dumps(done.told())
    assert "canario" in json.dumps(done.told(reveal=True))


@pytest.mark.parametrize("kind", sorted(made.FULL))
def test_spans_are_offsets_of_the_text_as_it_was_read(kind):
    content = made.FULL[kind](made.Canaries())
    text = read_one(f"a.{kind}", content).text
    told = redacted(kind, content).told(reveal=True)
    assert told
    assert all(text[t["start"] : t["end"]] == t["text"] for t in told)


def test_the_words_of_a_pdf_that_are_not_personal_stay_where_they_were():
    import pypdfium2 as pdfium

    done = redacted("pdf", made.a_pdf([LETTER, "Segunda línea: año 2019, ñandú."]))
    page = pdfium.PdfDocument(done.content)[0]
    textpage = page.get_textpage()
    at = textpage.search("Segunda")
    index, _ = at.get_next()
    left, bottom, _, _ = textpage.get_charbox(index, loose=True)
    assert left == pytest.approx(72, abs=1.5)
    assert bottom == pytest.approx(740, abs=5)
    assert "ñandú" in textpage.get_text_range()


def test_what_is_hidden_in_a_pdf_is_black_on_the_page():
    import pypdfium2 as pdfium

    line = f"D.N.I. {DNI}"
    done = redacted("pdf", made.a_pdf([line]), mode="mask")
    picture = pdfium.PdfDocument(done.content)[0].render(scale=1).to_numpy()
    dark = (picture[70:90, 105:160].max(axis=2) < 40).mean()
    assert dark > 0.3


def test_a_pdf_of_other_letters_is_written_as_text_and_that_is_said(tmp_path):
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen import canvas

    font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
    try:
        pdfmetrics.registerFont(TTFont("D", font))
    except Exception:  # noqa: BLE001
        pytest.skip(f"the letters of this test need the font {font}")
    made_in = io.BytesIO()
    drawing = canvas.Canvas(made_in)
    drawing.setFont("D", 12)
    drawing.drawString(72, 700, f"Ελληνικό κείμενο για δοκιμή D.N.I. {DNI}")
    drawing.save()
    done = redacted("pdf", made_in.getvalue())
    assert done.written == "txt"
    assert DNI not in done.content.decode()
    assert "it was written as plain text instead" in [str(r) for r in done.remarks]


def test_a_writer_that_leaves_something_behind_is_not_believed(monkeypatch):
    content = made.a_pdf([LETTER])
    monkeypatch.setitem(WRITERS, "pdf", lambda *_: Written(content=content, gone=()))
    done = redacted("pdf", content)
    assert done.written == "txt"
    assert DNI not in done.content.decode()
    assert "something that was to be hidden would still be in it" in [str(r) for r in done.remarks]


def test_an_id_split_over_runs_of_a_docx_is_hidden_whole():
    import docx

    made_in = docx.Document()
    paragraph = made_in.add_paragraph("El D.N.I. ")
    for piece in ("30", ".12", "3", ".4", "56"):
        paragraph.add_run(piece).bold = piece == "3"
    paragraph.add_run(" consta.")
    whole = io.BytesIO()
    made_in.save(whole)
    done = redacted("docx", whole.getvalue())
    again = docx.Document(io.BytesIO(done.content)).paragraphs[0].text
    assert again == "El D.N.I. [DNI] consta."


@pytest.mark.parametrize(
    "written",
    [
        "30.1\u202e23.456", "30.1\u200b23.456", "３０.１２３.４５６", "30.\n123.456", "30 123 456",
        "\u200f30.123.456\u200f", "З0.123.456", "30\u00ad.123.456",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["txt", "html", "eml", "docx"])
def test_an_id_that_hides_behind_signs_is_found_in_every_format(kind, written):
    import docx

    line = f"El D.N.I. {written} consta."
    if kind == "docx":
        made_in, whole = docx.Document(), io.BytesIO()
        made_in.add_paragraph(line)
        made_in.save(whole)
        content = whole.getvalue()
    else:
        content = {
            "txt": line.encode(),
            "html": f'<html><head><meta charset="utf-8"></head><body><p>{line}</p></body></html>'.encode(),
            "eml": made.a_mail(line),
        }[kind]
    done = redacted(kind, content)
    left = re.sub(r"[^\d]", "", read_one("a", done.content).text.translate(FULL_WIDTH))
    assert "123" not in left
    assert "[DNI]" in done.text


FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def test_a_name_is_the_same_number_in_all_documents_of_a_run(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text(f"El Sr. Juan Pérez, D.N.I. {DNI}")
    (source / "b.txt").write_text(f"La Sra. Ana Gómez, D.N.I. 31.222.333; D.N.I. {DNI}")
    redact_folder(source, tmp_path / "out", how(mode="pseudonym"))
    first, second = ((tmp_path / "out" / f"{n}.redacted.txt").read_text() for n in "ab")
    assert "[DNI 1]" in first
    assert "[DNI 2]; D.N.I. [DNI 1]" in second


def test_a_folder_is_redacted_whole_with_a_summary_that_repeats_nothing(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    for kind, make in made.FULL.items():
        (source / f"{kind}.{kind}").write_bytes(make(made.Canaries()))
    (source / "vacio.txt").touch()
    (source / f"DNI {DNI}.txt").write_text(LETTER)
    summary = redact_folder(source, tmp_path / "out", how(same=True))
    files = [p for p in (tmp_path / "out").rglob("*") if p.is_file()]
    assert {p.suffix for p in files} == {".pdf", ".docx", ".odt", ".html", ".eml", ".txt", ".json"}
    for path in files:
        everything = f"{path} {made.everything_in(path.read_bytes())}"
        assert "canario" not in everything, path.name
        assert DNI not in everything, path.name
    told = json.loads((tmp_path / "out" / "redaction.json").read_text())
    assert told["unread"] == [{"name": "vacio.txt", "why": "it is empty"}]
    assert told["hidden"]["email"] == summary.kinds["email"] > 20
    assert told["model"] == "patterns only"


def test_results_are_never_written_into_the_folder_that_is_read(tmp_path):
    (tmp_path / "a.txt").write_text(LETTER)
    with pytest.raises(OutputError, match="expected a folder outside"):
        redact_folder(tmp_path, tmp_path / "out", how())


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path):
    path = tmp_path / "clave.pdf"
    path.write_bytes(made.a_pdf([LETTER], password="x"))
    with pytest.raises(DataError, match=r"'clave.pdf': it is protected by a password"):
        redact_file(path, how())


def test_the_page_for_review_shows_kinds_in_words_and_runs_nothing(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"{LETTER} <script>alert(1)</script>")
    page = redact_file(path, how(mode="highlight", lang="pt"))[0].decode()
    assert f"<b>DNI</b>{DNI}</mark>" in page
    assert "<script" not in page
    assert '<html lang="pt">' in page


def test_columns_of_a_table_are_redacted_and_the_others_stay():
    table = pd.DataFrame({"texto": [LETTER, None], "n": [1, 2], "otro": [DNI, "b"]})
    from collections import Counter

    done = redact_table(table, ["texto"], how(), kept=(kept := Counter()))
    assert DNI not in done["texto"][0]
    assert pd.isna(done["texto"][1])
    assert done[["n", "otro"]].equals(table[["n", "otro"]])
    assert kept["national_id"] == 1
    with pytest.raises(DataError, match="expected columns"):
        redact_table(table, ["nada"], how(), kept=kept)


def test_a_mode_that_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="expected a mode among"):
        how(mode="borrar")


def test_text_far_longer_than_a_window_is_found_as_a_whole():
    text = "".join(
        f"Consta el D.N.I. {20 + n % 70}.{n % 1000:03}.{n % 997:03} en autos. " for n in range(3000)
    )
    found = find_in_long(text, find_personal)
    assert len(text) > 5 * WINDOW
    assert len(found) == 3000
    assert all(re.fullmatch(r"\d\d\.\d{3}\.\d{3}", text[e.start : e.end]) for e in found)


def numbers(text):
    return [
        Entity(m.start(), m.end(), "other_id", "shaped", "x") for m in re.finditer(r"\d+", text)
    ]


@given(st.lists(st.sampled_from(["palabra ", "7654321", " ", "\n", "x" * 900, "9" * 40]), max_size=60),
       st.integers(1, 5000))  # fmt: skip
def test_portions_are_the_text_and_cut_no_entity(pieces, size):
    text = "".join(pieces) * 12
    blocks = [text[i : i + size] for i in range(0, len(text), size)]
    seen = list(portions(blocks, numbers))
    assert "".join(portion for portion, _ in seen) == text
    found = [portion[e.start : e.end] for portion, entities in seen for e in entities]
    longest = max((len(f) for f in re.findall(r"\d+", text)), default=0)
    if longest < 500:
        assert found == re.findall(r"\d+", text)


def test_what_is_hidden_once_is_hidden_wherever_it_stands():
    text = f"D.N.I. {DNI}. Ver también {DNI}, no {DNI}7."
    found = find_in_long(text, lambda t: [Entity(7, 17, "national_id", "cued", "dni")])
    assert [text[e.start : e.end] for e in found] == [DNI, DNI]


@given(st.lists(st.text("ab1\n", min_size=1, max_size=6), min_size=1, max_size=12), st.data())
def test_pieces_are_rewritten_as_the_text_would_be(words, data):
    from lxml import etree

    from iagkit.wire.documents import trees, txt

    root = etree.Element("a")
    pieces = []
    for word in words:
        node = etree.SubElement(root, "b")
        node.text = word
        pieces.append(trees.Piece(word, node, "text"))
    text = trees.joined(pieces)
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    hidden = [Hidden(a, b, "[X]") for a, b in zip(ends[::2], ends[1::2], strict=False)]
    trees.rewrite(pieces, hidden)
    assert "".join(node.text or "" for node in root) == txt.replaced(text, hidden)


def run(*arguments, stdin=None, lang="en"):
    return subprocess.run(
        [sys.executable, "-m", "iagkit", "redact", "--lang", lang, *map(str, arguments)],
        input=stdin, capture_output=True, check=False,
    )  # fmt: skip


def test_a_stream_passes_from_stdin_to_stdout_with_the_summary_beside():
    done = run("-", "--patterns", stdin=(LETTER + "\n").encode() + b"\xff fin\n")
    assert done.returncode == 0
    assert DNI.encode() not in done.stdout + done.stderr
    assert done.stdout.endswith(b"solicita vista.\n\xff fin\n")
    assert b"No tool finds all" in done.stderr


def test_the_command_names_what_could_not_be_read_and_ends_with_2_if_that_is_all(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    (source / "vacio.txt").touch()
    done = run(source, "--out", tmp_path / "out", "--patterns")
    assert done.returncode == 2
    assert b"'vacio.txt': it is empty" in done.stderr
    assert not (tmp_path / "out").exists()
    (source / "a.txt").write_text(LETTER)
    done = run(source, "--out", tmp_path / "out", "--patterns", "--spans", tmp_path / "s.json")
    assert done.returncode == 0
    assert b"not read: vacio.txt: it is empty" in done.stderr
    assert DNI not in (tmp_path / "s.json").read_text()
    assert "national_id" in (tmp_path / "s.json").read_text()


def test_what_was_done_is_told_in_the_language_of_the_reader(tmp_path, capfd):
    from iagkit.cli.options import Lang
    from iagkit.cli.redact import redact

    (tmp_path / "a.eml").write_bytes(made.a_mail(LETTER, files={"x.bin": bytes(99)}))
    told = {}
    for lang in ("es", "pt"):
        redact(str(tmp_path / "a.eml"), lang=Lang(lang), patterns=True)
        told[lang] = capfd.readouterr().err
    assert "no leído: a.eml#1: está vacío" in told["es"]
    assert "1 documento; oculto: " in told["es"]
    assert "CORREO 2" in told["es"]
    assert "Nenhuma ferramenta encontra tudo" in told["pt"]


def test_a_table_is_redacted_by_column(tmp_path):
    pd.DataFrame({"texto": [LETTER], "n": [1]}).to_csv(tmp_path / "a.csv", index=False)
    done = run(tmp_path / "a.csv", "--text", "texto", "--out", tmp_path / "b.csv", "--patterns")
    assert done.returncode == 0
    assert DNI not in (tmp_path / "b.csv").read_text()
    assert pd.read_csv(tmp_path / "b.csv")["n"].tolist() == [1]
    assert b"1 other column(s) of the table are written as they were; give --text" in done.stderr


def test_a_table_of_which_no_column_is_named_is_refused_with_those_that_hold_personal_data(
    tmp_path,
):
    pd.DataFrame({"texto": [LETTER, "nada"], "dni": [30123456, 31222333], "n": [1, 2]}).to_csv(
        tmp_path / "a.csv", index=False
    )
    done = run(tmp_path / "a.csv", "--out", tmp_path / "b.csv", "--patterns")
    assert done.returncode == 2
    assert b"dni (2 of 2), texto (1 of 2)" in done.stderr
    assert b"30123456" not in done.stderr
    assert not (tmp_path / "b.csv").exists()


def test_columns_that_are_left_are_looked_at_and_told(tmp_path, capfd):
    from iagkit.cli.options import Lang
    from iagkit.cli.redact import redact

    table = pd.DataFrame({"texto": ["a", "b"], "nombre": ["Wayra Ñanco", None], "x": [0.123456, 2]})
    table.to_csv(tmp_path / "a.csv", index=False)
    out = tmp_path / "b.csv"
    redact(str(tmp_path / "a.csv"), text=["texto"], out=out, lang=Lang("es"), patterns=True)
    told = capfd.readouterr().err
    assert "datos personales en 1 de las 1 celdas miradas: nombre" in told
    assert "Wayra" not in told
    assert "2 filas" in told
    pd.testing.assert_frame_equal(pd.read_csv(out), table)


@pytest.mark.parametrize(
    ("column", "cell", "shown"),
    [
        ("dni", 30123456, "[DNI]"),
        ("dni", 30123456.0, "[DNI]"),
        ("nombre_completo", "WAYRA ÑANCO", "[PERSONA]"),
        ("fecha_nacimiento", "03/05/1980", "[FECHA DE NACIMIENTO]"),
        ("monto", "30123456", "30123456"),
    ],
)
def test_the_head_of_a_column_tells_what_its_cells_are(column, cell, shown):
    from collections import Counter

    done = redact_table(pd.DataFrame({column: [cell]}), [column], how(), kept=Counter())
    assert done[column][0] == shown


def test_nothing_is_said_of_other_columns_where_there_is_none(tmp_path, capfd):
    from iagkit.cli.options import Lang
    from iagkit.cli.redact import redact

    pd.DataFrame({"texto": [LETTER]}).to_csv(tmp_path / "a.csv", index=False)
    redact(
        str(tmp_path / "a.csv"), text=["texto"], out=tmp_path / "b.csv", lang=Lang("es"),
        patterns=True,
    )  # fmt: skip
    told = capfd.readouterr().err
    assert "otras" not in told
    assert "patrones solamente, sin modelo entrenado (iagkit train-tagger --lang es)" in told


def test_the_tagger_of_the_cache_is_used_where_there_is_one(tmp_path, monkeypatch):
    from iagkit.flow import redacting

    cached = tmp_path / "es.tagger"
    monkeypatch.setattr(redacting, "default_path", lambda _: cached)
    assert asked(lang="es").model == "patterns only"
    cached.write_bytes(b"no tagger at all")
    with pytest.raises(DataError):
        asked(lang="es")
    assert asked(lang="es", patterns_only=True).model == "patterns only"


@pytest.mark.data
def test_published_ids_of_real_norms_are_gone_from_the_text(mirror):
    norms = pd.read_parquet(mirror / "infoleg_ar_es" / "infoleg_ar_es.parquet", columns=["text"])
    shape = re.compile(
        r"(?:D\.?\s?N\.?\s?I\.?|M\.?\s?I\.?)\s*(?:N[°ºo]?\.?\s*)?(\d{1,2}\.\d{3}\.\d{3})"
    )
    texts = [t for t in norms["text"] if shape.search(t)][:150]
    ids = left = 0
    for text in texts:
        done = redact_document(read_one("a.txt", text.encode()), text.encode(), how())
        said = set(shape.findall(text))
        ids, left = ids + len(said), left + sum(one in done.text for one in said)
    assert ids > 150
    assert left == 0


@pytest.mark.data
@pytest.mark.parametrize("kind", ["pdf", "docx", "html", "eml"])
def test_published_ids_of_real_norms_are_gone_from_documents_of_every_format(mirror, kind):
    norms = pd.read_parquet(mirror / "infoleg_ar_es" / "infoleg_ar_es.parquet", columns=["text"])
    shape = re.compile(r"D\.?N\.?I\.? (?:N[°º] ?)?(\d{1,2}\.\d{3}\.\d{3})")
    texts = [t for t in norms["text"] if shape.search(t) and len(t) < 4000][:12]
    ids = left = kept = 0
    for text in texts:
        content = made.a_norm(kind, text)
        done = redacted(kind, content)
        everything = made.everything_in(done.content)
        said = set(shape.findall(text))
        ids, left = ids + len(said), left + sum(one in everything for one in said)
        kept += done.written == kind
    assert ids >= len(texts) == 12
    assert left == 0
    assert kept == 12


def test_limits_are_those_of_the_reader():
    assert how().limits == DEFAULT
