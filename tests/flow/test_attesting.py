"""Signed records: whatever was changed is named, in three languages; remarks only append."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

import iagkit
from iagkit import flow
from iagkit.cli.app import app
from iagkit.core.errors import IntegrityError, OutputError, UsageError
from iagkit.flow import attesting
from iagkit.flow.attesting import ENVELOPE, amend, sign
from iagkit.report import write_report
from iagkit.wire import signing

SECRET = b"a long passphrase of nobody"


def audited(folder, n=600):
    """Audit a small table into a folder, as a run that seals files would leave it."""
    table = pd.DataFrame({"sex": ["f", "m"] * (n // 2), "y": [0, 1, 1, 0] * (n // 4)})
    iagkit.audit(table.assign(p=table["y"]), truth="y", prediction="p", groups=["sex"], out=folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A run with two sealed files, signed; the keys of an institution and of somebody else."""
    place = tmp_path_factory.mktemp("institution")
    audited(place / "run")
    record = flow.record_in(place / "run")
    for name, content in (("a.csv", "1"), ("b.csv", "2")):
        (place / "run" / name).write_text(content)
    files = {n: attesting.sha256_of(place / "run" / n) for n in ("a.csv", "b.csv")}
    sealed = attesting.replace(record, artifacts=files)
    (place / "run" / "record.json").write_bytes(sealed.to_bytes())
    for page in (place / "run").glob("report.*"):  # they take a second to compare
        page.unlink()
    for name in ("ours", "theirs"):
        signing.new_key(place / f"{name}.pem")
    sign(place / "run", key=place / "ours.pem")
    return place


@pytest.fixture
def run(home, tmp_path):
    """Folder of a copy of the signed run, to be changed."""
    return shutil.copytree(home / "run", tmp_path / "run")


@pytest.fixture
def told(home, run):
    """A signed run with its pages."""
    (run / ENVELOPE).unlink()
    write_report(flow.record_in(run), run, lang="pt")
    sign(run, key=home / "ours.pem")
    return run


def changed(run, home, key="ours"):
    """Names of what is not as it was sealed or signed."""
    proof = flow.inspect(run, public_key=home / f"{key}.pem.pub")
    return {part.name: str(part.why) for part in proof.changed}


def test_a_signed_run_is_whole_and_its_key_is_told(home, run):
    told = flow.verify(run, public_key=home / "ours.pem.pub")
    assert told[ENVELOPE] == told["a.csv"] == "ok"
    assert told["signed_by"] == signing.key_id(signing.public_key(home / "ours.pem.pub"))
    assert flow.verify(run)[ENVELOPE] == "not checked"


def test_the_statement_is_of_in_toto_and_names_every_file(run):
    told = json.loads(base64.b64decode(json.loads((run / ENVELOPE).read_bytes())["payload"]))
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    named = {s["name"]: s["digest"]["sha256"] for s in told["subject"]}
    assert set(named) == {"record.json", "a.csv", "b.csv"}
    assert all(attesting.sha256_of(run / name) == sha256 for name, sha256 in named.items())
    assert told["predicate"]["digest"] == flow.record_in(run).digest


def test_signing_again_changes_no_byte(home, run):
    before = (run / ENVELOPE).read_bytes()
    sign(run, key=home / "ours.pem")
    assert (run / ENVELOPE).read_bytes() == before


def test_another_key_is_refused(home, run):
    assert "of another key" in changed(run, home, "theirs")[ENVELOPE]


def test_a_missing_signature_is_missed_only_with_a_key(home, run):
    (run / ENVELOPE).unlink()
    assert changed(run, home) == {ENVELOPE: "the signature is missing"}
    assert flow.verify(run)["record"] == "ok"


def test_the_signature_of_another_record_is_named(home, run, tmp_path):
    audited(tmp_path / "other", 400)
    sign(tmp_path / "other", key=home / "ours.pem")
    shutil.copy(tmp_path / "other" / ENVELOPE, run / ENVELOPE)
    assert "of another record" in changed(run, home)[ENVELOPE]
    with pytest.raises(IntegrityError, match="of another record"):
        sign(run, key=home / "ours.pem")


def test_swapped_attachments_are_both_named_with_what_they_are(home, run):
    a, b = (run / "a.csv").read_bytes(), (run / "b.csv").read_bytes()
    (run / "a.csv").write_bytes(b)
    (run / "b.csv").write_bytes(a)
    told = changed(run, home)
    assert told["a.csv"] == "'a.csv' was changed: it is what was sealed as 'b.csv'"
    assert set(told) == {"a.csv", "b.csv"}


def test_a_changed_file_is_named_and_no_other(home, run):
    with (run / "a.csv").open("ab") as file:
        file.write(b" ")
    assert set(changed(run, home)) == {"a.csv"}


def test_a_record_sealed_anew_is_not_the_signed_one(home, run):
    record = flow.record_in(run)
    forged = attesting.replace(record, run={**record.run, "seconds": 9.9})
    (run / "record.json").write_bytes(forged.to_bytes())
    for page in run.glob("report*"):
        page.unlink()
    assert "of another record" in changed(run, home)[ENVELOPE]


def test_a_changed_record_and_a_changed_file_are_named_together(home, run):
    content = (run / "record.json").read_bytes()
    (run / "record.json").write_bytes(content.replace(b'"rows": 600', b'"rows": 601'))
    (run / "a.csv").write_text("x")
    told = flow.inspect(run, public_key=home / "ours.pem.pub").changed
    assert {str(part.why) for part in told} == {
        "section 'run' was changed after sealing", "'a.csv' is not the file that was signed",
    }  # fmt: skip


def test_a_file_that_was_not_published_is_absent_and_not_changed(run):
    (run / "b.csv").unlink()
    assert flow.verify(run)["b.csv"] == "absent"


def test_a_link_in_the_place_of_a_file_is_named_and_not_signed(home, run, tmp_path):
    shutil.move(run / "a.csv", tmp_path / "a.csv")
    (run / "a.csv").symlink_to(tmp_path / "a.csv")
    assert "is a link" in changed(run, home)["a.csv"]
    for step in (lambda: sign(run, key=home / "ours.pem"),
                 lambda: amend(run, author="A", reason="x")):  # fmt: skip
        with pytest.raises(UsageError, match=r"a\.csv is a link"):
            step()


def test_a_remark_is_told_by_the_pages_and_asks_for_a_new_signature(home, told):
    record, pages = amend(told, author="Ana Pérez", reason="wrong", at="2026-01-01T00:00:00Z")
    assert record.amendments[0]["author"] == "Ana Pérez"
    assert "Ana Pérez" in (told / "report.es.html").read_text("utf-8")
    assert (told / "report.html").read_bytes() == (told / "report.pt.html").read_bytes()
    assert "report.html" in pages
    found = changed(told, home)
    assert found["amendment 1"] == "amendment 1 is not signed: it came after"
    assert {"report.es.html", "report.md"} < set(found)
    sign(told, key=home / "ours.pem")
    whole = flow.verify(told, public_key=home / "ours.pem.pub")
    assert (whole["amendments"], whole["report.es.html"]) == (1, "as the record")


def test_a_signed_remark_that_was_dropped_is_missed_even_if_all_is_sealed_anew(home, run):
    amend(run, author="Ana", reason="one")
    amend(run, author="Bea", reason="two")
    sign(run, key=home / "ours.pem")
    record = flow.record_in(run)
    for kept, told in ((1, "amendment 2 was signed and is missing"), (0, "amendment 1 was signed")):
        less = attesting.replace(record, amendments=record.amendments[:kept])
        (run / "record.json").write_bytes(less.to_bytes())
        assert any(told in why for why in changed(run, home).values())
    bare = attesting.replace(record, amendments=())
    other = bare.amend(author="X", reason="one", at="t").amend(author="Y", reason="two", at="u")
    (run / "record.json").write_bytes(other.to_bytes())
    assert changed(run, home)["amendments"] == "the amendments are not those that were signed"


def test_nothing_is_added_to_a_record_that_was_changed(run):
    (run / "a.csv").write_text("x")
    before = (run / "record.json").read_bytes()
    with pytest.raises(IntegrityError, match=r"a\.csv"):
        amend(run, author="A", reason="x")
    assert (run / "record.json").read_bytes() == before


@pytest.mark.parametrize(("author", "reason"), [("A" * 4001, "x"), ("A", "x" * 4001)])
def test_a_remark_of_pages_is_refused(run, author, reason):
    with pytest.raises(UsageError, match="characters"):
        amend(run, author=author, reason=reason)


def test_an_envelope_of_another_statement_is_refused(home, run):
    key = signing.private_key(home / "ours.pem")
    (run / ENVELOPE).write_bytes(signing.sign(b'{"_type": "x"}', [key]))
    assert "not a statement" in changed(run, home)[ENVELOPE]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", "fue cambiado: es lo que se selló como"), ("pt", "foi trocado: é o que foi selado"),
     ("en", "it is what was sealed as")],
)  # fmt: skip
def test_what_was_changed_is_told_in_the_language_of_the_reader(home, run, lang, words):
    (run / "a.csv").write_bytes((run / "b.csv").read_bytes())
    asked = ["verify", str(run), "--lang", lang, "--public-key", str(home / "ours.pem.pub")]
    done = CliRunner().invoke(app, asked)
    assert isinstance(done.exception, IntegrityError)
    assert words in str(done.exception)
    as_json = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert as_json["whole"] is False
    assert [one["part"] for one in as_json["changed"]] == ["a.csv"]
    assert words in as_json["changed"][0]["why"]


def test_keys_signatures_and_remarks_are_made_on_the_command_line(run, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET)
    secret.chmod(0o600)
    (run / ENVELOPE).unlink()
    key = str(tmp_path / "k.pem")
    steps = [
        ["signing-key", key, "--passphrase-file", str(secret), "--lang", "pt"],
        ["amend", str(run), "--author", "Ana", "--reason", "x", "--lang", "es"],
        ["sign", str(run), "--key", key, "--passphrase-file", str(secret), "--lang", "es"],
        ["verify", str(run), "--public-key", f"{key}.pub", "--lang", "pt"],
    ]
    told = [CliRunner().invoke(app, step) for step in steps]
    assert [one.exit_code for one in told] == [0, 0, 0, 0], [one.exception for one in told]
    for one, words in zip(told, ("Chave privada", "Se agregó", "Firmado", "selado"), strict=True):
        assert words in one.stdout
        assert SECRET.decode() not in one.output
    assert isinstance(CliRunner().invoke(app, [*steps[0]]).exception, OutputError)


@pytest.mark.parametrize("seed", [-1, 2**53])
def test_a_seed_that_no_record_could_hold_is_refused_before_anything_is_read(seed):
    with pytest.raises(UsageError, match="a seed from 0 to"):
        flow.run("citizen-requests", seed=seed, track=False)


def test_a_locked_key_is_known_as_one_and_an_open_one_too(tmp_path):
    signing.new_key(tmp_path / "open.pem")
    signing.new_key(tmp_path / "shut.pem", b"a long passphrase")
    assert not signing.locked(tmp_path / "open.pem")
    assert signing.locked(tmp_path / "shut.pem")


def shown_until(words, terminal):
    """What a terminal shows up to these words; it fails, and does not wait for ever."""
    shown = b""
    while words.encode() not in shown:
        assert select.select([terminal], [], [], 60)[0], shown
        shown += os.read(terminal, 4096)
    return shown.decode()


@pytest.mark.skipif(os.name != "posix", reason="terminals of this kind are those of POSIX")
@pytest.mark.parametrize(("lang", "words"), [("es", "Contraseña de"), ("pt", "Senha de")])
def test_a_passphrase_is_asked_at_a_terminal_and_not_shown(run, tmp_path, lang, words):
    import pty

    signing.new_key(key := tmp_path / "shut.pem", SECRET)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "iagkit", "sign", str(run), "--key", str(key), "--lang", lang]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as signing_it:
        os.close(theirs)
        try:
            shown = shown_until(f"{words} shut.pem: ", ours)  # its last space: nothing is echoed
            os.write(ours, SECRET + b"\n")
            shown += shown_until("record.dsse.json", ours)
            assert signing_it.wait(60) == 0
        finally:
            signing_it.kill()
            os.close(ours)
    assert SECRET.decode() not in shown
    assert flow.verify(run, public_key=tmp_path / "shut.pem.pub")[ENVELOPE] == "ok"
