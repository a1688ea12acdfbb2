"""Answers are checked before they are used: known, of the right kind, of the right length."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, DeclarationError
from iagkit.registers.answers import check, read_answers
from iagkit.registers.placeholders import is_placeholder


def write(tmp_path, content, name="answers.yaml"):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    return file


def refusal(told):
    with pytest.raises(DataError) as caught:
        check(told)
    return str(caught.value)


def test_concepts_and_fields_are_read_from_yaml_and_from_json_alike(tmp_path):
    told = {"legal.basis": "Ley 1755 de 2015", "uk-atrs/1.4": "ia@ciudad.gob.example"}
    yaml = "\n".join(f"{key}: {value}" for key, value in told.items())
    of_yaml = read_answers(write(tmp_path, yaml))
    of_json = read_answers(write(tmp_path, json.dumps(told), "answers.json"))
    assert of_yaml == of_json
    assert of_yaml.concepts == {"legal.basis": "Ley 1755 de 2015"}
    assert of_yaml.fields == {"uk-atrs/1.4": "ia@ciudad.gob.example"}


def test_an_unquoted_no_is_the_choice_no(tmp_path):
    read = read_answers(write(tmp_path, "uk-atrs/2.1.4: No\n"))
    assert read.fields == {"uk-atrs/2.1.4": "No"}


@pytest.mark.parametrize(("key", "told"), [
    ("legal.bases", "Did you mean 'legal.basis'?"),
    ("uk-atr/1.1", "Did you mean 'uk-atrs'?"),
    ("nl-algorithm-register/goals", "Did you mean 'goal'?"),
])  # fmt: skip
def test_a_question_that_nobody_asks_is_refused_with_the_likely_one(key, told):
    assert told in refusal({key: "something"})


@pytest.mark.parametrize(("key", "given_", "told"), [
    ("legal.basis", 3, "expected a text, or a list of texts; got a number"),
    ("legal.basis", {"a": 1}, "got a mapping"),
    ("legal.basis", [], "got an empty list"),
    ("legal.basis", ["a", None], "got nothing"),
    ("system.start_date", "31/12/2026", "a date such as 2026-05-31"),
    ("system.start_date", "2026-02-30", "a date such as 2026-05-31"),
    ("system.phase", "producton", "Did you mean 'production'?"),
    ("uk-atrs/0.4", "Mars", "expected one of 'International'"),
    ("nl-algorithm-register/begin_date", "31-12-2026", "a date such as"),
    ("nl-algorithm-register/url", "ciudad.example", "a web address that begins with https://"),
    ("uk-atrs/1.4", "nobody", "an e-mail address"),
    ("colombia-directiva-007/trata_datos_personales", "sí", "expected true or false; got a text"),
])  # fmt: skip
def test_an_answer_of_the_wrong_kind_is_refused(key, given_, told):
    assert told in refusal({key: given_})


def test_a_text_over_the_limit_is_refused_with_field_and_limit_and_never_cut():
    told = refusal({"nl-algorithm-register/description_short": "a" * 400})
    assert "'nl-algorithm-register/description_short'" in told
    assert "at most 399 characters; got 400" in told
    check({"nl-algorithm-register/description_short": "a" * 399})


@pytest.mark.parametrize("content", [
    "TODO: write", "TBD", "n/a", "N/A", "lorem ipsum dolor", "xxx", "...", " ", "por completar",
    "a preencher", "The registry (write address, phone and e-mail here).", "[insert name]",
])  # fmt: skip
def test_a_placeholder_is_no_answer(content):
    assert is_placeholder(content)
    assert "a placeholder" in refusal({"legal.basis": content})


@pytest.mark.parametrize("content", [
    "Todo el país", "TODO EL PAÍS", "Nadie más que la oficina", "x-ray reports",
])  # fmt: skip
def test_words_that_only_look_like_placeholders_are_answers(content):
    assert check({"legal.basis": content}).concepts == {"legal.basis": content}


@pytest.mark.parametrize(("content", "name", "told"), [
    ('{"legal.basis": "a", "legal.basis": "b"}', "a.json", "'legal.basis' stands here twice"),
    ('["legal.basis"]', "a.json", "is no mapping"),
    ('{"legal.basis": ', "a.json", "line 1"),
    ("- legal.basis\n", "a.yaml", "is a list"),
    ("legal.basis: a\nlegal.basis: b\n", "a.yaml", "twice"),
    ("legal.basis: !!python/object:os.system x\n", "a.yaml", "tags"),
    ("[" * 3000, "a.json", "expected JSON"),
])  # fmt: skip
def test_a_file_that_is_no_mapping_of_answers_is_refused(tmp_path, content, name, told):
    with pytest.raises(DeclarationError) as caught:
        read_answers(write(tmp_path, content, name))
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DeclarationError, match="cannot be opened"):
        read_answers(tmp_path / "nothing.json")


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=30)
NESTED = st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=8), PLAIN, max_size=3)


@given(PLAIN | NESTED)
def test_whatever_is_answered_is_taken_or_refused_in_words(anything):
    for key in ("legal.basis", "system.phase", "uk-atrs/0.4", "system.start_date"):
        told = None
        try:
            check({key: anything})
        except DataError as refused:
            told = str(refused)
        assert told is None or told.startswith(f"'answers', answer to '{key}': expected ")
