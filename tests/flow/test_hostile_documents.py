"""Whatever comes in: found, or named with its reason; never a crash, and nothing gets out."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys

import pytest

import made_documents as made
from iagkit.flow.redacting import asked
from iagkit.flow.redacting_files import redact_folder

DNI = "30.123.456"
LINE = f"La Sra. Rosa Quispe, D.N.I. {DNI}, pide vista."


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refused(*_):
        raise AssertionError("redaction looked for the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def a_loop(depth):
    """A mail in a mail in a mail, each as message/rfc822, with the line in all of them."""
    from email.message import EmailMessage

    inner = None
    for n in range(depth):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "a@ejemplo.org", "b@ejemplo.org", f"Nota {n}"
        mail.set_content(LINE)
        if inner is not None:
            mail.add_attachment(inner)
        inner = mail
    return inner.as_bytes()


PAGE = (
    f"<html><head><meta charset='utf-8'><script>fetch('http://127.0.0.1:9/')</script></head><body>"
    f"<img src='http://127.0.0.1:9/a.png' onerror='alert(1)'><link rel='stylesheet' "
    f"href='http://127.0.0.1:9/a.css'><p>{LINE}</p><iframe src='file:///etc/passwd'></iframe>"
    "</body></html>"
)
HIDDEN_IDS = {
    "derecha": "30.1\u202e23.456",
    "invisible": "30\u200b.12\u200d3.4\u206056",
    "ancho": "３０.１２３.４５６",
    "arabe": "٣٠.١٢٣.٤٥٦",
    "gemelos": "З0.l23.45б",
    "lineas": "30.\n123.\n456",
    "espacios": "3 0 . 1 2 3 . 4 5 6",
    "guiones": "30‑123‑456",
    "entidades": "30&#46;123&#x2e;456",
}
UNREAD = {
    "clave.pdf": (lambda: made.a_pdf([LINE], password="x"), "protected by a password"),
    "cortado.pdf": (lambda: made.a_pdf([LINE])[:-500], "damaged or was cut"),
    "dibujo.pdf": (made.a_drawing, "drawn lines"),
    "escaneo.pdf": (made.a_scan, "no text layer"),
    "cero.txt": (lambda: b"", "it is empty"),
    "grande.txt": (lambda: b"Solicita copia de todo. " * (50 * 2**20 // 24), "more than 10000000"),
    "bomba.zip": (lambda: made.a_zip({"a.txt": b"0" * (30 << 20)}), "zip bomb"),
    "bomba.docx": (lambda: made.a_zip({"word/document.xml": b" " * (30 << 20)}), "zip bomb"),
    "programa.txt": (lambda: b"MZ\x90\0" + bytes(99), "a program"),
}
READ = {
    "nombre.pdf": LINE.encode,
    "nombre.txt": lambda: made.a_pdf([LINE]),
    "pagina.html": PAGE.encode,
    "bucle.eml": lambda: a_loop(12),
    **{
        f"{name}.txt": (lambda written=written: f"El D.N.I. {written} consta.".encode())
        for name, written in HIDDEN_IDS.items()
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    source = tmp_path_factory.mktemp("in")
    for name, (make, _) in UNREAD.items():
        (source / name).write_bytes(make())
    for name, make in READ.items():
        (source / name).write_bytes(make())
    return source


@pytest.fixture(scope="module", params=[False, True], ids=["as text", "same format"])
def done(folder, tmp_path_factory, request):
    out = tmp_path_factory.mktemp("out") / "r"
    how = asked(patterns_only=True, same=request.param)
    return redact_folder(folder, out, how), out


def test_what_cannot_be_read_is_named_with_its_reason_and_the_rest_is_done(done):
    summary, _ = done
    whys = {name: str(why) for name, why in summary.unread}
    for name, (_, why) in UNREAD.items():
        told = whys.get(name) or whys.get(f"{name}/a.txt") or ""
        assert why in told, name
    assert summary.documents >= len(READ)


def test_mails_within_mails_end_and_that_is_said(done):
    whys = {name: str(why) for name, why in done[0].unread if name.startswith("bucle")}
    assert list(whys.values()) == ["it lies in too many e-mails, one within another"]


def test_a_wrong_extension_is_said(done):
    said = {name for name, what in done[0].remarks if "it was read as what it is" in str(what)}
    assert {name.split(".")[0] for name in said} == {"nombre", "nombre-2"} or len(said) == 2


def test_no_id_is_left_however_it_hid(done):
    _, out = done
    files = [p for p in out.rglob("*") if p.is_file()]
    assert len(files) > len(READ)
    for path in files:
        everything = made.everything_in(path.read_bytes())
        plain = (
            re.sub(r"[^0-9]", "", everything.translate(AS_DIGITS)) if path.suffix == ".txt" else ""
        )
        assert DNI not in everything, path.name
        assert "30123456" not in plain, path.name
        assert "Quispe" not in everything, path.name
        assert "127.0.0.1:9" not in everything, path.name


AS_DIGITS = {
    **dict(zip(map(ord, "０１２３４５６７８９"), "0123456789", strict=True)),
    **dict(zip(map(ord, "٠١٢٣٤٥٦٧٨٩"), "0123456789", strict=True)),
    **{ord("З"): "3", ord("б"): "6", ord("l"): "1"},
}


def test_what_is_told_of_the_folder_repeats_nothing(done):
    summary, out = done
    told = json.dumps(summary.told()) + (out / "redaction.json").read_text()
    assert "Quispe" not in told
    assert DNI not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("name", ["clave.pdf", "cortado.pdf", "cero.txt", "bomba.zip"])
def test_the_command_ends_with_one_line_and_no_traceback(folder, name, capfd):
    from iagkit.__main__ import main

    sys.argv, before = ["iagkit", "redact", str(folder / name), "--patterns"], sys.argv
    try:
        with pytest.raises(SystemExit) as left:
            main()
    finally:
        sys.argv = before
    told = capfd.readouterr().err
    assert left.value.code == 2
    assert "Traceback" not in told
    assert UNREAD[name][1] in told


@pytest.mark.slow
def test_fifty_megabytes_pass_as_a_stream():
    text = (LINE + "\n").encode() * (50 * 2**20 // (len(LINE) + 1))
    done = subprocess.run(
        [sys.executable, "-m", "iagkit", "redact", "-", "--patterns"],
        input=text, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == text.count(b"\n")
    assert DNI.encode() not in done.stdout
