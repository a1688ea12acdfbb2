"""Answers that no page or file can show, or that answer twice, are refused in words."""

import json

import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import DataError, UsageError
from iagkit.registers.answers import check
from iagkit.wire import answer_files


@pytest.mark.parametrize("sign", ["\0", "\x1b[31m", "\ud800", "\x85", "\ufffe"])
def test_signs_that_cannot_be_shown_are_refused(sign):
    for given in (f"a{sign}b", ["fine", sign]):
        with pytest.raises(DataError, match="no page or file can show"):
            check({"legal.basis": given})


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff\u2060", "\u202e TODO", "\u00ad"])
def test_an_answer_that_nobody_sees_is_none(unseen):
    with pytest.raises(DataError, match="placeholder"):
        check({"legal.basis": unseen})


def test_lines_tabs_and_joined_signs_are_words():
    told = "a\n\tb 👩🏽‍⚖️ \u202eabc"
    assert check({"legal.basis": told}).concepts["legal.basis"] == told


@pytest.mark.parametrize("content", ['{"q5": "yes", "q5": "no"}', '{"data": {"a": 1, "a": 1}}'])
def test_a_question_that_is_answered_twice_is_refused_and_named(content):
    with pytest.raises(DataError, match="answered twice"):
        answer_files.parse(content.encode(), name="a.json")


@pytest.mark.parametrize(("options", "said"), [
    (["canada-aia", "--mode", "complete"], "Did you mean 'completed'"),
    (["canada-aia", "--mode", ""], "live or completed"),
    (["chile-goblab-impacto", "--mode", "live"], "as-published or corrected"),
    (["uk-atrs", "--mode", "live"], "'uk-atrs' has no score"),
    (["canada-aia", "--answers", "a.json", "--form"], "got both"),
    (["canada-aia", "--answers", "a.json", "--save", "b.json"], "got both"),
])  # fmt: skip
def test_nothing_is_asked_before_the_options_agree(tmp_path, monkeypatch, options, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(json.dumps({"impact5": "item1-2"}))
    ended = CliRunner().invoke(app, ["assess", *options], input="q\n")
    assert isinstance(ended.exception, UsageError)
    assert said in str(ended.exception)
    assert ended.output == ""
