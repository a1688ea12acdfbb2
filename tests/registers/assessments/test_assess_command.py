import json
import subprocess
import sys

import pytest

KEYS = ("raw", "mitigation", "current", "level")


def iagkit(*args, typed="", cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "iagkit", "assess", *map(str, args)],
        input=typed, capture_output=True, text=True, check=False, cwd=cwd,
    )  # fmt: skip


def test_answers_are_scored_as_json_and_labelled_a_rehearsal(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"projectDetailsPhase": "item1", "impact5": "item1-2", "zz": 5}))
    done = iagkit("canada-aia", "--answers", file, "--mode", "live", "--json", "--lang", "en")
    told = json.loads(done.stdout)
    assert (done.returncode, [told[k] for k in KEYS]) == (0, [2, 0, 2, 1])
    assert told["sections"]["impact"] == {"counts": "raw", "score": 2, "max": 52, "questions": 18}
    assert "rehearsal, not the official outcome" in told["label"]
    assert "'zz'" in told["remarks"][0]


@pytest.mark.parametrize("content", ["[1, 2]", "{broken"])
def test_a_file_that_holds_no_answers_is_refused_in_one_sentence(tmp_path, content):
    file = tmp_path / "a.json"
    file.write_text(content)
    done = iagkit("canada-aia", "--answers", file, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("iagkit: expected answers as JSON")
    assert len(done.stderr.splitlines()) == 1


def test_questions_are_asked_in_the_terminal_and_resumed(tmp_path):
    first = iagkit("chile-goblab-impacto", "--lang", "es", typed="Uno\n", cwd=tmp_path)
    kept = tmp_path / "chile-goblab-impacto.answers.json"
    assert (first.returncode, json.loads(kept.read_text("utf-8"))) == (0, {"q1": "Uno"})
    again = iagkit("chile-goblab-impacto", "--lang", "es", typed="Dos\nq\n", cwd=tmp_path)
    assert "Pregunta 2 de 61" in again.stderr
    assert "Puntuación: 18,32 %" in again.stdout
    assert json.loads(kept.read_text("utf-8")) == {"q1": "Uno", "q2": "Dos"}
