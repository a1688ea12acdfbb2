"""The commands of the how-to of audits, run as they stand on the page."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app

PAGE = (Path(__file__).resolve().parents[2] / "docs/howto/audit.en.md").read_text("utf-8")
COMMANDS = [
    line.replace("\\\n", " ")
    for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    for line in re.split(r"\n(?=iagkit)", block.strip())
]
HERE = [command for command in COMMANDS if "--db" not in command]
"""Databases are another test's: this page has no server."""
ROWS = re.findall(
    r"^\| ([^|]*) \| ([^|]*`--[^|]*) \|$",
    PAGE.partition("## 5.")[2].partition("## 6.")[0],
    re.MULTILINE,
)
WITH = {"--store": [], "--check NAME": ["--check", "sizes"]}


def added(told):
    """What a row says to add to the command, one after another."""
    for words in re.findall(r"`(--[^`]+)`", told):
        if words not in ("--group", "--prediction", "--store"):
            yield WITH.get(words) or shlex.split(words)


ADDED = [
    pytest.param(told, more, id=f"{question[:30]} {more[0]}", marks=pytest.mark.slow)
    for question, told in ROWS
    for more in added(told)
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The table that the page makes, also as the files it speaks of."""
    home = tmp_path_factory.mktemp("howto")
    with pytest.MonkeyPatch.context() as there:
        there.chdir(home)
        exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], {})
    table = pd.read_csv(home / "decisions.csv")
    table.to_excel(home / "decisions.xlsx", index=False)
    (home / "2025").mkdir()
    for month, part in table.groupby(table["date"].str[:7]):
        part.to_parquet(home / "2025" / f"{month}.parquet")
    return home


def run(command, tables):
    with pytest.MonkeyPatch.context() as there:
        there.chdir(tables)
        words = shlex.split(command)[1:] if isinstance(command, str) else command
        return CliRunner().invoke(app, words)


def test_the_page_has_commands_and_options():
    assert len(HERE) >= 5
    assert len(ADDED) >= 20


@pytest.mark.parametrize("command", HERE)
def test_a_command_of_the_page_runs_as_it_stands(command, tables):
    done = run(command, tables)
    assert done.exit_code == 0, done.stderr


def test_the_last_sentence_is_the_one_on_the_page(tables):
    told = re.search(r"the last sentence says:\n\n```text\n(.*?)```", PAGE, re.DOTALL)[1]
    said = run(HERE[0], tables).stdout
    assert " ".join(told.split()) in " ".join(said.split())


@pytest.mark.parametrize(("told", "more"), ADDED)
def test_an_option_of_the_page_answers(told, more, tables):
    first = shlex.split(HERE[0])[1:]
    if "without `--prediction`" in told:
        place = first.index("--prediction")
        del first[place : place + 2]
    if "with these" in told:
        more = ["--score", "score", "--capacity", "0.2", *more]
    if "--track" in more:
        more = [*more, "--store", "store"]
    done = run([*first, *more], tables)
    assert done.exit_code == (1 if "high-stakes" in more else 0), done.stderr
