"""Who keeps the key can go back; nobody else can."""

from __future__ import annotations

import stat
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made_documents as made
from iagkit.core.errors import DataError, IntegrityError, OutputError, UsageError
from iagkit.flow.redacting import asked
from iagkit.flow.redacting_files import redact_file, redact_folder
from iagkit.flow.unredacting import opened, restore, restore_folder, write_sealed
from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.originals import Originals
from iagkit.text.privacy.redact import redact
from iagkit.wire.sealing import new_key, read_key

DNI = "30.123.456"
LETTER = f"La Sra. Rosa Quispe Mamani, D.N.I. {DNI}, solicita vista."


def how(originals, **said):
    return asked(patterns_only=True, originals=originals, **said)


@pytest.mark.parametrize("mode", ["placeholder", "mask", "pseudonym"])
def test_a_file_comes_back_exactly_and_the_table_shows_nothing(tmp_path, mode):
    (tmp_path / "a.txt").write_text(LETTER)
    new_key(key := tmp_path / "a.key")
    kept = Originals()
    content, _ = redact_file(tmp_path / "a.txt", how(kept, mode=mode))
    table = tmp_path / "a.sealed"
    write_sealed(kept, read_key(key), table)
    assert b"Quispe" not in table.read_bytes() + content
    assert "Quispe" not in repr(kept) + repr(how(kept))
    assert stat.S_IMODE(table.stat().st_mode) & 0o077 == 0
    again, restored = restore("a.txt", content, opened(table, key))
    assert again.decode() == LETTER
    assert restored.exact
    assert restored.places == 2
    with pytest.raises(OutputError, match="only it opens"):
        write_sealed(kept, read_key(key), table)


def test_a_wrong_key_a_cut_and_a_changed_table_are_refused(tmp_path):
    new_key(key := tmp_path / "a.key")
    new_key(other := tmp_path / "b.key")
    kept = Originals()
    kept.keep("", LETTER, redact(LETTER, [Entity(8, 19, "person", "cued", "")]))
    write_sealed(kept, read_key(key), table := tmp_path / "a.sealed")
    with pytest.raises(IntegrityError, match="another key"):
        opened(table, other)
    whole = table.read_bytes()
    table.write_bytes(whole[:-3])
    with pytest.raises(IntegrityError, match="changed or cut"):
        opened(table, key)
    with pytest.raises(DataError, match="cannot be read"):
        opened(tmp_path / "none", key)


def test_pseudonyms_come_back_in_a_text_that_was_worked_on_and_placeholders_do_not(tmp_path):
    (tmp_path / "a.txt").write_text(LETTER)
    kept = Originals()
    redact_file(tmp_path / "a.txt", how(kept, mode="pseudonym"))
    again, restored = restore("b.txt", b"Citar a [PERSONA 1]; no a [PERSONA 2].", kept)
    assert again.decode() == "Citar a Rosa Quispe Mamani; no a [PERSONA 2]."
    assert not restored.exact
    plain = Originals()
    redact_file(tmp_path / "a.txt", how(plain))
    with pytest.raises(DataError, match="expected a text of this table"):
        restore("b.txt", b"Citar a [PERSONA].", plain)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_pseudonyms_of_other_formats_come_back_as_text(tmp_path, kind):
    (tmp_path / f"a.{kind}").write_bytes(made.a_norm(kind, LETTER))
    kept = Originals()
    content, summary = redact_file(tmp_path / f"a.{kind}", how(kept, mode="pseudonym", same=True))
    assert summary.written == {kind: 1}
    again, _ = restore(f"a.{kind}", content, kept)
    assert "Rosa Quispe Mamani" in " ".join(again.decode().split())
    assert DNI in again.decode()


def test_a_folder_comes_back_and_texts_that_look_alike_are_told_apart_by_name(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").write_text("La Sra. Rosa Quispe pide.")
    (source / "b.txt").write_text("La Sra. Ana Mamani pide.")
    (source / "c.eml").write_bytes(made.a_mail(LETTER, files={"x.txt": LETTER.encode()}))
    kept = Originals()
    redact_folder(source, tmp_path / "out", how(kept))
    done = restore_folder(tmp_path / "out", tmp_path / "back", kept)
    assert all(restored.exact for _, restored in done)
    assert (tmp_path / "back" / "a.txt").read_text() == "La Sra. Rosa Quispe pide."
    assert (tmp_path / "back" / "b.txt").read_text() == "La Sra. Ana Mamani pide."
    assert DNI in (tmp_path / "back" / "c.txt").read_text()
    with pytest.raises(DataError, match="look alike"):
        restore("x.txt", (tmp_path / "out" / "a.redacted.txt").read_bytes(), kept)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.data())
def test_a_text_kept_in_parts_comes_back_as_one(parts, data):
    kept, whole = Originals(), []
    for text in parts:
        cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=4)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        new = redact(text, [Entity(a, b, "phone", "cued", "") for a, b in pairs])
        kept.keep("", text, new, between="\n\n")
        whole.append(new.text)
    again = Originals.read(kept.written())
    assert again.restore("\n\n".join(whole)).text == "\n\n".join(parts)


def run(*arguments, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "iagkit", *map(str, arguments), "--lang", "es"],
        input=stdin, capture_output=True, check=False,
    )  # fmt: skip


def test_the_commands_make_a_key_seal_and_give_back(tmp_path):
    key, out, sealed = (tmp_path / n for n in ("a.key", "a.txt", "a.txt.sealed"))
    made_key = run("redaction-key", key)
    assert made_key.returncode == 0
    assert b"clave escrita" in made_key.stderr
    assert key.read_bytes().split()[1] not in made_key.stderr + made_key.stdout
    assert run("redaction-key", key).returncode == 2
    text = (LETTER + "\r\n").encode() + b"\xff fin\n"
    done = run("redact", "-", "--patterns", "--seal-with", key, "--out", out, stdin=text)
    assert done.returncode == 0, done.stderr
    assert b"sellado: " in done.stderr
    assert sealed.is_file()
    back = run("unredact", out, "--sealed", sealed, "--key", key)
    assert back.stdout == text
    assert b"restituido: 1 documento, 2 lugar(es)" in back.stderr


def test_the_cells_of_a_table_come_back_by_their_pseudonyms(tmp_path):
    from iagkit.cli.options import Lang
    from iagkit.cli.redact import Modes
    from iagkit.cli.redact import redact as redact_command
    from iagkit.cli.unredact import unredact

    table = pd.DataFrame({"texto": [LETTER, f"Otra vez D.N.I. {DNI}"], "n": [1.25, 2.0]})
    table.to_csv(tmp_path / "a.csv", index=False)
    new_key(key := tmp_path / "a.key")
    asked_for = {"text": ["texto"], "lang": Lang.es, "patterns": True, "seal_with": key}
    with pytest.raises(UsageError, match="--mode pseudonym"):
        redact_command(str(tmp_path / "a.csv"), out=tmp_path / "b.csv", **asked_for)
    redact_command(
        str(tmp_path / "a.csv"), mode=Modes.pseudonym, out=tmp_path / "b.csv", **asked_for
    )
    assert DNI not in (tmp_path / "b.csv").read_text()
    unredact(tmp_path / "b.csv", sealed=tmp_path / "b.csv.sealed", key=key, out=tmp_path / "c.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "c.csv"), table)


def test_what_cannot_be_sealed_is_refused_before_anything_is_read(tmp_path):
    from iagkit.cli.redact import Modes
    from iagkit.cli.redact import redact as redact_command

    (tmp_path / "a.txt").write_text(LETTER)
    new_key(key := tmp_path / "a.key")
    with pytest.raises(UsageError, match="expected --out or --sealed"):
        redact_command(str(tmp_path / "a.txt"), seal_with=key, patterns=True)
    with pytest.raises(UsageError, match="expected --seal-with"):
        redact_command(str(tmp_path / "a.txt"), sealed=tmp_path / "x", patterns=True)
    with pytest.raises(UsageError, match="hides something"):
        redact_command(
            str(tmp_path / "a.txt"), mode=Modes.highlight, seal_with=key, out=tmp_path / "b.html",
            patterns=True,
        )  # fmt: skip
    assert not (tmp_path / "b.html").exists()
