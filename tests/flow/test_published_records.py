"""What was published stays: every record verifies, and none that git knows was changed."""

import json
import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import IntegrityError, OutputError, UsageError
from iagkit.core.record import read
from iagkit.flow import shelving


@pytest.fixture
def published(root, tmp_path):
    """A copy of the published records, to be changed."""
    return shutil.copytree(root / "audits/records", tmp_path / "records")


@pytest.fixture(scope="module")
def root():
    """Folder of the checkout."""
    from iagkit.wire.files import checkout

    found = checkout()
    assert found is not None
    return found


def test_every_published_record_verifies_and_the_chain_holds(root):
    entries = shelving.check(root / "audits/records")
    assert {"citizen-requests", "document-triage"} <= {entry["name"] for entry in entries}
    for entry in entries:
        content = (root / "audits/records" / entry["name"] / "record.json").read_bytes()
        assert read(content).digest == entry["record"]


def test_no_published_record_that_git_knows_was_changed_or_taken_away(root):
    told = ["git", "log", "--diff-filter=MDRT", "--name-only", "--format=", "--", "audits/records"]
    done = subprocess.run(told, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("there is no history of git here; the chain was checked without it")
    named = {line for line in done.stdout.splitlines() if line}
    assert named - {"audits/records/CHAIN", "audits/records/README.md"} == set()


def test_the_chain_that_git_knows_is_the_beginning_of_the_one_here(root):
    told = ["git", "log", "--format=%H", "--", "audits/records/CHAIN"]
    done = subprocess.run(told, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("there is no history of git here; the chain was checked without it")
    now = (root / "audits/records/CHAIN").read_bytes()
    for commit in done.stdout.split():
        shown = ["git", "show", f"{commit}:audits/records/CHAIN"]
        before = subprocess.run(shown, cwd=root, capture_output=True, check=True).stdout
        assert now.startswith(before)


def test_no_published_record_names_a_folder_of_a_machine(root):
    for file in (root / "audits/records").glob("*/record.json"):
        told = read(file.read_bytes())
        places = [told.dataset["origin"], told.prototype["source"]]
        assert not any(place.startswith(("/", "~")) or ":\\" in place for place in places)


def lines(shelf):
    return (shelf / "CHAIN").read_text("utf-8").splitlines(keepends=True)


def write(shelf, rows):
    (shelf / "CHAIN").write_text("".join(rows), "utf-8")


def edit_record(shelf):
    file = shelf / "citizen-requests/record.json"
    file.write_bytes(file.read_bytes().replace(b'"seed": 0', b'"seed": 1'))


def swap_records(shelf):
    a, b = shelf / "citizen-requests", shelf / "document-triage"
    a.rename(shelf / "aside")
    b.rename(a)
    (shelf / "aside").rename(b)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (edit_record, "'citizen-requests/record.json' was changed after it was published"),
        (swap_records, "was changed after it was published"),
        (lambda s: shutil.rmtree(s / "citizen-requests"), "'citizen-requests' was published and"),
        (lambda s: write(s, lines(s)[::-1]), "not in its place"),
        (lambda s: write(s, lines(s)[1:]), "one is missing"),
        (lambda s: write(s, lines(s)[:-1]), "the chain does not know it"),
        (lambda s: (s / "CHAIN").unlink(), "the chain does not know it"),
        (lambda s: write(s, [lines(s)[0].replace('"name"', ' "name"'), *lines(s)[1:]]), "CHAIN"),
        (lambda s: write(s, [lines(s)[0].replace("citizen", "citizem"), *lines(s)[1:]]), "edited"),
        (lambda s: write(s, [*lines(s), "{}\n"]), "CHAIN"),
        (lambda s: write(s, [*lines(s), "x"]), "CHAIN"),
    ],
)
def test_whatever_happens_to_a_published_record_is_named(published, change, told):
    change(published)
    with pytest.raises(IntegrityError, match=told):
        shelving.check(published)


def test_a_record_is_published_once_under_a_name_and_linked(root, tmp_path):
    source, shelf = root / "audits/records/citizen-requests", tmp_path / "shelf"
    first = shelving.add(shelf, source, name="one")
    second = shelving.add(shelf, source, name="two")
    assert (first["follows"], second["follows"]) == (shelving.START, first["digest"])
    assert sorted(p.name for p in shelf.iterdir()) == ["CHAIN", "one", "two"]
    with pytest.raises(OutputError, match="another name"):
        shelving.add(shelf, source, name="one")
    assert len(shelving.check(shelf)) == 2


@pytest.mark.parametrize("name", ["../x", "", "Ü", "a/b", ".hidden", "a" * 99])
def test_a_name_that_could_lead_elsewhere_is_refused(root, tmp_path, name):
    with pytest.raises(UsageError, match="expected a name"):
        shelving.add(tmp_path, root / "audits/records/citizen-requests", name=name)


def test_a_folder_of_records_is_checked_on_the_command_line(published):
    done = CliRunner().invoke(app, ["records", str(published), "--lang", "es"])
    assert done.exit_code == 0, done.exception
    assert "tal como se publicó" in done.stdout
    told = json.loads(CliRunner().invoke(app, ["records", str(published), "--json"]).stdout)
    assert [entry["name"] for entry in told] == [
        json.loads(line)["name"] for line in lines(published)
    ]
    edit_record(published)
    done = CliRunner().invoke(app, ["records", str(published), "--lang", "pt"])
    assert "foi alterado depois de publicado" in str(done.exception)
