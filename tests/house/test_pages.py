"""What README and the site tell people to type or to open does exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from iagkit.cli.app import app

TOP = "src|docs|tests|benchmarks|prototypes|audits|datasets|examples|changes|\\.ci"
FENCE = re.compile(r"^```(?:bash|sh|console)\n(.*?)^```", flags=re.M | re.S)


@pytest.fixture(scope="module")
def typed(pages) -> list[tuple[str, list[str]]]:
    """Page and words of every command that a page tells to type."""
    return [
        (page.name, shlex.split(line, comments=True))
        for page in pages
        for block in FENCE.findall(page.read_text(encoding="utf-8"))
        for line in block.replace("\\\n", " ").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def test_every_make_target_that_a_page_names_exists(root, typed):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.M))
    wanted = {w for _, words in typed if words[0] == "make" for w in words[1:] if "=" not in w}
    assert {"demo", "test"} <= wanted
    assert wanted <= targets


def test_every_iagkit_command_and_option_that_a_page_names_exists(typed):
    commands = [(page, words[1:]) for page, words in typed if words[0] == "iagkit"]
    assert {words[0] for _, words in commands} >= {"run", "explain", "verify", "predict", "promote"}
    assert [f"{page}: {wrong}" for page, words in commands if (wrong := _unknown(words))] == []


def _unknown(words: list[str]) -> str | None:
    """Return the first word that no command knows."""
    command = typer.main.get_command(app)
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return words[0]
        command, words = command.commands[words[0]], words[1:]
    known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}
    options = [w.split("=")[0] for w in words if w.startswith("-") and w != "-"]
    return next((o for o in options if o not in known), None)


def test_an_unknown_command_or_option_would_be_noticed():
    assert _unknown(["run", "citizen-requests", "--data", "x.csv"]) is None
    assert _unknown(["run", "citizen-requests", "--tezt", "x"]) == "--tezt"
    assert _unknown(["datasets", "lost"]) == "lost"


def test_every_path_of_the_project_that_a_page_names_exists(root, pages):
    named = {
        (page.name, path)
        for page in pages
        for path in re.findall(rf"`((?:{TOP})/[^`\s]*)`", page.read_text(encoding="utf-8"))
        if not set("<>*{}…") & set(path)
    }
    assert len(named) > 10
    assert sorted(pair for pair in named if not (root / pair[1]).exists()) == []


def test_every_link_between_pages_leads_somewhere(pages):
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:")
        if not (Path(page).parent / target).exists()
    ]
    assert broken == []


def test_the_readme_can_be_read_by_a_tired_person(root):
    assert len((root / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
