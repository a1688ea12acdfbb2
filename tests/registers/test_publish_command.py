"""``iagkit publish``: what is told, what is written, and how it ends."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import DataError, DeclarationError, UsageError

RUN = CliRunner()


def publish(*options):
    return RUN.invoke(app, ["publish", *map(str, options)])


def test_it_tells_completeness_what_is_owed_by_role_and_where_the_files_are(demo_file, tmp_path):
    ended = publish(demo_file, "--register", "uk-atrs", "--out", tmp_path / "out", "--lang", "es")
    assert ended.exit_code == 0
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("uk-atrs: ")
    assert "de 56 campos obligatorios tienen contenido" in lines[0]
    assert any(line.startswith("Área jurídica (") for line in lines) or "legal" not in ended.stdout
    assert "Lo que las personas aún deben, cada pregunta una sola vez:" in lines
    assert str(tmp_path / "out" / "uk-atrs.html") in ended.stdout


def test_the_same_as_json(demo_file, tmp_path):
    ended = publish(demo_file, "--register", "all", "--out", tmp_path / "out", "--json")
    assert ended.exit_code == 0
    told = json.loads(ended.stdout)
    assert {"record", "registers", "owed", "paths", "skipped"} <= set(told)
    assert set(told["skipped"]) == {"datasheet", "iso-42001", "uruguay-eia"}
    for register in told["registers"]:
        n = register["completeness"]["required"]
        assert n["filled"] == n["auto"] + n["draft"] + n["human"]
    for one in told["owed"]:
        assert one["task"] in ("answer", "confirm", "shorten")
        assert one["fields"]


@pytest.mark.parametrize(("options", "kind", "said"), [
    (["--register", "uk-atr"], DeclarationError, "Did you mean 'uk-atrs'?"),
    (["--register", "uruguay-eia"], UsageError, "--override"),
    (["--register", "uk-atrs", "--answers", "nothing.yaml"], DeclarationError, "cannot be opened"),
])  # fmt: skip
def test_bad_input_is_refused_in_words(demo_file, tmp_path, options, kind, said):
    ended = publish(demo_file, *options, "--out", tmp_path / "out")
    assert isinstance(ended.exception, kind)
    assert said in str(ended.exception)
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_if_one_answer_is_wrong(demo_file, tmp_path):
    answers = tmp_path / "answers.yaml"
    answers.write_text("legal.basis: Ley\nlegal.bases: Ley\n", encoding="utf-8")
    ended = publish(
        demo_file, "--register", "uk-atrs", "--answers", answers, "--out", tmp_path / "out"
    )
    assert isinstance(ended.exception, DataError)
    assert not (tmp_path / "out").exists()


def test_a_refusal_ends_with_2_and_without_a_traceback(demo_file, tmp_path):
    command = [sys.executable, "-m", "iagkit", "publish", demo_file, "--register", "uk-atr"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert "Did you mean 'uk-atrs'?" in ended.stderr


def test_registers_and_their_fields_are_listed():
    listed = RUN.invoke(app, ["registers"])
    assert len(listed.stdout.splitlines()) == 28
    fields = json.loads(RUN.invoke(app, ["registers", "nl-algorithm-register", "--json"]).stdout)
    assert {f["id"]: f["max_length"] for f in fields}["description_short"] == 399
