"""Nothing is lost to a result, and what holds personal data is its owner's alone."""

from __future__ import annotations

import json
import os
import stat
import sys

import pytest

from iagkit.cli.app import app
from iagkit.cli.refusals import leave_with_a_message
from iagkit.wire.documents.reading import read_documents

LINE = "La Sra. Rosa Quispe, D.N.I. 30.123.456, pide vista.\n"


def ran(*args):
    with pytest.raises(SystemExit) as ended, leave_with_a_message():
        sys.exit(app([*map(str, args), "--lang", "es"]))
    return ended.value.code or 0


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "nota.txt"
    path.write_text(LINE, "utf-8")
    return path


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "sello.key"
    assert ran("redaction-key", path) == 0
    return path


def redact(source, *args):
    return ran("redact", source, "--patterns", *args)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("option", ["--out", "--spans"])
def test_a_result_never_replaces_the_document_that_is_read(letter, tmp_path, option, capfd):
    also = () if option == "--out" else ("--out", tmp_path / "otra.txt")
    assert redact(letter, option, letter, *also) == 2
    assert letter.read_text("utf-8") == LINE
    assert "would be lost" in capfd.readouterr().err


def test_a_result_never_replaces_the_key_nor_another_result(letter, key, tmp_path):
    held = key.read_bytes()
    assert redact(letter, "--out", key, "--seal-with", key) == 2
    assert redact(letter, "--out", tmp_path / "a", "--spans", tmp_path / "a") == 2
    assert key.read_bytes() == held
    assert not (tmp_path / "a").exists()


def test_a_table_never_replaces_the_table_that_is_read(tmp_path):
    table = tmp_path / "tabla.csv"
    table.write_text(f"texto\n{LINE}", "utf-8")
    assert redact(table, "--text", "texto", "--out", table) == 2
    assert table.read_text("utf-8") == f"texto\n{LINE}"


@pytest.mark.parametrize("command", ["redact", "unredact"])
def test_neither_a_folder_nor_a_pipe_is_replaced(letter, key, tmp_path, command, capfd):
    pipe, done = tmp_path / "tubo", tmp_path / "testada.txt"
    os.mkfifo(pipe)
    assert redact(letter, "--out", done, "--seal-with", key) == 0
    for place, told in ((pipe, "a device or pipe"), (tmp_path, "a folder")):
        if command == "redact":
            assert redact(letter, "--out", place) == 2
        else:
            sealed = tmp_path / "testada.txt.sealed"
            assert ran("unredact", done, "--sealed", sealed, "--key", key, "--out", place) == 2
        assert told in capfd.readouterr().err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_restored_text_never_replaces_the_table_that_restores_it(letter, key, tmp_path):
    done, sealed = tmp_path / "testada.txt", tmp_path / "testada.txt.sealed"
    assert redact(letter, "--out", done, "--seal-with", key) == 0
    held = sealed.read_bytes()
    for place in (sealed, key, done):
        assert ran("unredact", done, "--sealed", sealed, "--key", key, "--out", place) == 2
    assert sealed.read_bytes() == held


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are those of POSIX")
def test_what_repeats_personal_data_is_its_owners_alone(letter, tmp_path):
    page, spans, clean = tmp_path / "nota.html", tmp_path / "s.json", tmp_path / "nota-limpia.txt"
    assert redact(letter, "--mode", "highlight", "--out", page) == 0
    assert redact(letter, "--out", clean, "--spans", spans, "--reveal") == 0
    assert "Quispe" in page.read_text("utf-8")
    assert "Quispe" in spans.read_text("utf-8")
    assert [mode_of(p) for p in (page, spans)] == [0o600, 0o600]
    folder, out = tmp_path / "notas", tmp_path / "salida"
    folder.mkdir()
    letter.rename(folder / "nota.txt")
    assert redact(folder, "--mode", "highlight", "--reveal", "--out", out) == 0
    modes = {p.name: mode_of(p) for p in out.iterdir()}
    assert modes["nota.review.html"] == modes["spans.json"] == 0o600


@pytest.mark.skipif(os.name != "posix", reason="permissions of files are those of POSIX")
def test_a_secret_that_others_may_read_is_no_secret(letter, tmp_path, capfd):
    secret = tmp_path / "secreto"
    secret.write_bytes(os.urandom(32))
    secret.chmod(0o644)
    assert redact(letter, "--mode", "pseudonym", "--key-file", secret) == 2
    assert "chmod 600" in capfd.readouterr().err
    secret.chmod(0o600)
    assert redact(letter, "--mode", "pseudonym", "--key-file", secret) == 0


def test_a_name_of_bytes_that_are_no_letters_is_told_as_escapes(tmp_path):
    folder, out = tmp_path / "notas", tmp_path / "salida"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"nota\xff.txt")).write_text(LINE, "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert read_documents(folder).table["id"].tolist() == ["nota\\xff.txt"]
    assert redact(folder, "--out", out) == 0
    assert json.loads((out / "redaction.json").read_text("utf-8"))["documents"] == 1


@pytest.mark.parametrize("header", ["Zoila Ccori,zoila@ejemplo.org,agua", "Zoila,30.123.456,x"])
def test_a_table_without_header_does_not_tell_its_first_row(tmp_path, header, capfd):
    table = tmp_path / "sin.csv"
    table.write_text(f"{header}\n{header}\n", "utf-8")
    assert redact(table, "--text", "texto") == 2
    told = capfd.readouterr().err
    assert "is the header missing?" in told
    assert "Zoila" not in told
    assert "123" not in told


def test_a_cell_that_stands_twice_in_the_first_row_is_not_told(tmp_path, capfd):
    table = tmp_path / "sin.csv"
    table.write_text("30.123.456,30.123.456\na,b\n", "utf-8")
    assert redact(table, "--text", "texto") == 2
    told = capfd.readouterr().err
    assert "is the header missing?" in told
    assert "123" not in told


def test_a_full_disk_leaves_no_half_of_a_key(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert ran("redaction-key", tmp_path / "a.key") == 2
    assert not (tmp_path / "a.key").exists()


def test_a_folder_that_may_not_be_opened_is_told(tmp_path, monkeypatch):
    (tmp_path / "cerrada").mkdir()
    (tmp_path / "nota.txt").write_text(LINE, "utf-8")
    (tmp_path / "vuelta.txt").symlink_to(tmp_path / "vuelta.txt")
    scandir = os.scandir

    def refused(path):
        if os.fspath(path).endswith("cerrada"):
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    unread = {u.name: str(u.why) for u in read_documents(tmp_path).unread}
    assert unread == {
        "cerrada": "it may not be opened; check its permissions",
        "vuelta.txt": "it is a link, which is not followed",
    }


def test_a_mail_of_more_parts_than_are_read_says_so(tmp_path):
    part = "--B\r\nContent-Type: text/plain\r\n\r\nparte\r\n"
    head = "From: a@e.org\r\nTo: b@e.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    kind = "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
    (tmp_path / "correo.eml").write_text(head + kind + part * 1200 + "--B--", "utf-8")
    remarks = [str(r.what) for r in read_documents(tmp_path).remarks]
    assert remarks == ["of its parts only the first 1000 were read"]


@pytest.mark.parametrize("level", ["0", "1", "2", "nan"])
def test_a_level_that_is_none_is_refused_before_anything_is_read(tmp_path, level, capfd):
    nothing = tmp_path / "no.csv"
    assert ran("evaluate-redaction", "--data", nothing, "--level", level) == 2
    assert "expected a level between 0 and 1" in capfd.readouterr().err
