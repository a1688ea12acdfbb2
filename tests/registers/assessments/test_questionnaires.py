import io
import json

import pytest

from iagkit.cli import asking
from iagkit.core.errors import DataError, UsageError
from iagkit.flow.assessing import assess, open_session
from iagkit.registers.assessments.forms import form
from iagkit.registers.assessments.questionnaire import Ask, MisfitError, read
from iagkit.registers.assessments.requirements import requirements
from iagkit.report.voice import Voice

NAMES = ("canada-aia", "chile-goblab-impacto", "uk-atrs", "all")


def asked(session, typed, lang="en"):
    asking.ask(session, Voice(lang), lang, io.StringIO(typed))


@pytest.fixture
def canada(tmp_path):
    return open_session("canada-aia", tmp_path / "a.json")


def test_answers_are_kept_after_every_one_and_the_next_time_goes_on(canada, capsys):
    asked(canada, "1.0\n\nClerk\n")
    kept = json.loads(canada.path.read_text("utf-8"))
    assert kept == {"projectAIAnumber": "1.0", "projectDetailsJob": "Clerk"}
    again = open_session("canada-aia", canada.path)
    assert [one.key for one in again.left()][:2] == ["projectDetailsRespondent", "ADMresponsible"]
    assert "Question 1 of 99" in capsys.readouterr().err


def test_an_answer_that_does_not_fit_is_asked_again_and_not_kept(tmp_path, capsys):
    session = open_session("canada-aia", tmp_path / "a.json")
    session.put({ask.key: "x" for ask in session.asks()[:11] if ask.kind == "text"})
    session.put({"projectDetailsDepartment-NS": "item061"})
    asked(session, "7\n2\n")
    assert session.answers["projectDetailsPhase"] == "item2"
    assert "Expected: one of the answers, by its number." in capsys.readouterr().err


def test_an_answer_decides_what_is_asked_next(canada):
    before = {ask.key for ask in canada.asks()}
    canada.put({"projectDetailsPhase": "item1", "aboutAlgorithm8": "item1-3"})
    more = {ask.key for ask in canada.asks()} - before
    assert {"aboutAlgorithm8A", "consultationDesign1", "privacyDesign1"} <= more


def test_going_back_asks_the_question_before_again(canada):
    asked(canada, "first\nsecond\n<\nthird\nq\n")
    assert canada.answers["projectDetailsRespondent"] == "third"


def test_several_answers_are_given_by_number_or_by_value():
    ask = Ask(key="k", kind="choices", title={}, options=(("item1", {}), ("item2", {})))
    assert read(ask, "2, 1; 2") == ["item2", "item1"]
    assert read(ask, ["ITEM1"]) == ["item1"]
    assert read(ask, " ") is None
    with pytest.raises(MisfitError):
        read(ask, "3")


def test_a_text_that_is_too_long_is_refused_with_both_lengths():
    with pytest.raises(MisfitError, match="at most 10000 characters; there are 10001"):
        read(Ask(key="k", kind="text", title={}), "x" * 10_001)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_asked_once_in_words_and_every_option_has_some(name):
    asks = form(name).asks({"projectDetailsPhase": "item1"})
    assert len({ask.key for ask in asks}) == len(asks) > 50
    for ask in asks:
        assert all(ask.title.values())
        assert ask.title
        assert all(not isinstance(words, dict) or words["en"] for _, words in ask.options)


@pytest.mark.parametrize("name", ["chile-goblab-impacto", "uk-atrs", "all"])
def test_our_questions_are_in_three_languages(name):
    assert all({"es", "pt", "en"} <= set(ask.title) for ask in form(name).asks({}))


def test_answers_of_a_register_are_those_that_publish_takes(tmp_path):
    from iagkit.registers.answers import read_answers

    session = open_session("all", tmp_path / "a.json")
    by_key = {ask.key: ask for ask in session.asks()}
    session.put({"legal.basis": session.form.check(by_key["legal.basis"], "Act 1, section 2")})
    assert read_answers(session.path).concepts == {"legal.basis": "Act 1, section 2"}
    with pytest.raises(MisfitError):
        session.form.check(by_key["legal.basis"], "TODO")


def test_what_is_not_verified_or_not_there_is_not_asked():
    with pytest.raises(UsageError, match="not verified"):
        form("uruguay-eia")
    with pytest.raises(UsageError, match="Did you mean 'canada-aia'"):
        form("canada-ia")
    with pytest.raises(UsageError, match="has none"):
        assess("uk-atrs", {})


def test_what_the_official_tool_tolerates_can_be_refused():
    with pytest.raises(DataError, match="'zz' is no question"):
        assess("canada-aia", {"zz": 1, "projectDetailsPhase": "item1"}, strict=True)
    assert assess("canada-aia", {"zz": 1})["level"] == 1


def test_an_infinite_score_has_no_number_in_json():
    told = assess("canada-aia", {"impact5": float("inf")}, mode="live")
    assert (told["raw"], told["level"]) == (None, 4)
    json.dumps(told, allow_nan=False)


@pytest.mark.parametrize("lang", ["en", "fr", "es", "pt"])
def test_every_level_has_seven_requirements_and_the_official_words_are_marked(lang):
    for level in (1, 2, 3, 4):
        told = requirements(level, lang)
        assert len(told) == 7
        assert all(one.text and "<" not in one.text for one in told)
        assert {one.official for one in told} == {lang in ("en", "fr")}
    with pytest.raises(UsageError):
        requirements(5, lang)


def test_evidence_fills_only_texts_it_answers_each_with_its_source(demo, demo_file, tmp_path):
    session = open_session("canada-aia", tmp_path / "a.json", run=demo_file, lang="es")
    assert {"projectDetailsTitle", "aboutAlgorithm6"} <= set(session.answers)
    assert all(f"[evidencia: record {demo.digest}" in text for text in session.answers.values())
    assert all(isinstance(text, str) for text in session.answers.values())
    assert set(session.answers) < set(session.evidence)
    assert "impact20" not in session.answers


def test_what_a_person_answered_is_never_overwritten_by_evidence(demo_file, tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"projectDetailsTitle": "Ours"}', encoding="utf-8")
    session = open_session("canada-aia", file, run=demo_file)
    assert session.answers["projectDetailsTitle"] == "Ours"
