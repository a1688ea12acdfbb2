"""The command line as its users meet it: a separate process, an exit code, one message."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = [
    "north", "south", "east", "west", "mill", "hill", "church", "market", "school", "river",
    "bridge", "square",
]  # fmt: skip
THINGS = {
    "light": ["street lamp is broken", "lamp post went dark", "bulb flickers all night"],
    "water": ["pipe leaks on the road", "tap gives no water", "meter shows too much"],
}
ROWS = [
    f"{place} {thing} since {day}"
    for day in ("monday", "easter")
    for things in zip(*THINGS.values(), strict=True)
    for place in PLACES
    for thing in things
]
GOOD = "id,message,office,sex\n" + "\n".join(
    f"{i},the {row},{'water' if i % 2 else 'light'},{'f' if i % 3 else 'm'}"
    for i, row in enumerate([*ROWS, *ROWS[:20]])
)


def iagkit(*arguments, cwd, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "iagkit", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def refused(done, *words):
    """One helpful message on stderr, exit code 2, no traceback."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
    return done.stderr


def run(cwd, file, *more, text="message", target="office"):
    return iagkit(
        "run", "citizen-requests", "--data", file, "--text", text, "--target", target,
        "--out", "out", "--no-track", *more, cwd=cwd,
    )  # fmt: skip


@pytest.fixture
def here(tmp_path):
    (tmp_path / "good.csv").write_text(GOOD)
    return tmp_path


def test_help_names_every_command_and_the_exit_codes(tmp_path):
    done = iagkit("--help", cwd=tmp_path)
    assert done.returncode == 0
    for word in ("run", "predict", "explain", "verify", "promote", "new", "datasets", "Exit codes"):
        assert word in done.stdout


@pytest.mark.parametrize(
    "command", ["run", "predict", "explain", "verify", "promote", "new", "datasets fetch"]
)
def test_every_command_has_help_with_an_example(tmp_path, command):
    done = iagkit(*command.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "Example: iagkit" in " ".join(done.stdout.split())


def test_a_missing_column_is_refused_with_the_nearest_name(here):
    refused(run(here, "good.csv", text="mesage"), "mesage", "Did you mean 'message'?")
    assert not (here / "out").exists()


def test_an_empty_file_is_refused(here):
    (here / "empty.csv").write_bytes(b"")
    refused(run(here, "empty.csv"), "empty.csv")


def test_one_class_only_is_refused(here):
    (here / "one.csv").write_text(GOOD.replace(",water,", ",light,"))
    refused(run(here, "one.csv"), "office")


def test_texts_that_are_all_missing_are_refused(here):
    rows = "\n".join(f"{i},,{'light' if i % 2 else 'water'},f" for i in range(100))
    (here / "null.csv").write_text(f"id,message,office,sex\n{rows}\n")
    refused(run(here, "null.csv"), "message")


def test_a_binary_file_with_a_table_s_name_is_refused(here):
    (here / "binary.csv").write_bytes(bytes(range(256)) * 40)
    refused(run(here, "binary.csv"), "binary.csv")


def test_a_text_of_two_hundred_thousand_characters_is_refused_with_the_remedy(here):
    (here / "long.csv").write_text(GOOD + f"\n999,{'a' * 200_000},light,f\n")
    told = refused(run(here, "long.csv"), "100,000", "--long-texts cut")
    assert len(told) < 1000


def test_mixed_encodings_are_refused_by_line_number(here):
    lines = GOOD.encode().split(b"\n")
    lines[3] += " señal".encode()
    lines[7] += " señal".encode("latin-1")
    (here / "mixed.csv").write_bytes(b"\n".join(lines))
    refused(run(here, "mixed.csv"), "line", "8")


def test_duplicate_ids_are_refused(here):
    (here / "twice.csv").write_text(GOOD.replace("\n5,", "\n4,"))
    refused(run(here, "twice.csv", "--id", "id"), "id")


def test_an_unknown_language_is_refused(here):
    refused(run(here, "good.csv", "--language", "xx"), "xx")
    refused(run(here, "good.csv", "--lang", "xx"), "xx")


def test_a_split_that_leaks_is_refused_with_the_reason(here):
    refused(run(here, "good.csv", "--split-by", "rows"), "repeat", "--split-by text")


def test_both_rules_at_once_are_refused(here):
    refused(run(here, "good.csv", "--review-share", "0.2", "--max-error", "0.1"), "review-share")


def test_an_out_that_cannot_be_written_is_refused_before_any_work(here):
    (here / "file").write_text("")
    done = iagkit(
        "run", "citizen-requests", "--data", "good.csv", "--text", "message", "--target", "office",
        "--out", "file/below", cwd=here,
    )  # fmt: skip
    refused(done, "file/below")


def test_a_pickle_is_never_opened_as_a_model(here):
    class Bomb:
        def __reduce__(self):
            return (Path.touch, (here / "exploded",))

    (here / "model.skops").write_bytes(pickle.dumps(Bomb()))
    refused(iagkit("predict", "model.skops", "good.csv", cwd=here), "pickle")
    assert not (here / "exploded").exists()


def test_a_damaged_model_is_refused(here):
    (here / "model.skops").write_bytes(b"PK\x03\x04 and then nothing")
    refused(iagkit("predict", "model.skops", "good.csv", cwd=here), "model.skops")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("recipe: no.such.recipe", ("no.such.recipe", "registered")),
        ("recipe: os.system", ("os.system", "never by path")),
        ("recipie: requests.linear", ("recipie",)),
        ("recipe: [", ("yaml",)),
    ],
)
def test_a_declaration_that_is_not_valid_is_refused(here, line, words):
    source = (ROOT / "prototypes" / "citizen-requests" / "prototype.yaml").read_text()
    (here / "own.yaml").write_text(source.replace("recipe: requests.linear", line))
    done = iagkit("run", "own.yaml", "--data", "good.csv", "--out", "out", cwd=here)
    refused(done, *words)


def test_a_command_that_does_not_exist_is_usage(tmp_path):
    assert iagkit("rnu", cwd=tmp_path).returncode == 2


def test_a_promotion_that_the_gates_forbid_ends_with_one(forbidden, tmp_path):
    out, _, store = forbidden
    done = iagkit("promote", out, "--store", store, cwd=tmp_path)
    assert done.returncode == 1
    assert "the record does not allow use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_record_that_is_not_there_is_refused(tmp_path):
    refused(iagkit("verify", "nothing.json", cwd=tmp_path), "nothing.json")


def test_a_changed_byte_is_named(finished, tmp_path):
    out, _, _ = finished
    content = (out / "record.json").read_bytes()
    (tmp_path / "record.json").write_bytes(content.replace(b'"seed": 0', b'"seed": 7', 1))
    refused(iagkit("verify", "record.json", cwd=tmp_path), "section 'run'")


def test_new_speaks_the_language_that_was_asked(here):
    done = iagkit("new", "process-optimization", "permisos", "--lang", "es", cwd=here)
    assert "Lea permisos/ADAPT.md; edite permisos/prototype.yaml" in done.stdout
    assert "## English" not in (here / "permisos" / "ADAPT.md").read_text("utf-8")


def test_new_copies_a_prototype_that_runs_by_editing_its_yaml(here):
    assert iagkit("new", "citizen-requests", "ours", cwd=here).returncode == 0
    path = here / "ours" / "prototype.yaml"
    assert "\nname: ours\n" in path.read_text()
    head, _, _ = path.read_text().partition("\ndata:\n")
    data = "\ndata:\n  source: ../good.csv\n  text: message\n  target: office\n  groups: [sex]\n"
    path.write_text(head.replace("taxonomy: ", "# taxonomy: ") + data)
    done = iagkit("run", "ours/prototype.yaml", "--out", "out", "--no-track", "--json", cwd=here)
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["dataset"]["origin"] == "good.csv"


def test_a_table_comes_from_standard_input(here):
    done = iagkit(
        "run", "citizen-requests", "--data", "-", "--text", "message", "--target", "office",
        "--out", "out", "--no-track", "--json", cwd=here, stdin=GOOD,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="needs to mount")
def test_a_full_disk_loses_nothing(here):
    small = here / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        done = iagkit(
            "run", "citizen-requests", "--data", "good.csv", "--text", "message",
            "--target", "office", "--out", "small/out", "--no-track", cwd=here,
        )  # fmt: skip
        refused(done, "full")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
