import pytest

from iagkit.core.errors import DeclarationError
from iagkit.registers.assessments.survey import canada, read
from iagkit.registers.assessments.visibility import condition, holds, names


@pytest.mark.parametrize(
    ("text", "answers", "held"),
    [
        ('{a} = "item1-2"', {"a": "item1-2"}, True),
        ('{a} = "item1-2"', {"a": ["item1-2"]}, False),
        ('{a} = "item1"', {"A": "item1"}, True),
        ('{a} contains "item6"', {"a": ["item1", "item6"]}, True),
        ('{a} contains "item1-0"', {"a": "item1-0"}, True),
        ('{a} contains ["item2"]', {"a": "item2-0"}, True),
        ('{a} contains ["item2"]', {"a": ["item2-0"]}, False),
        ('{a} contains "item1"', {"a": 5}, False),
        ('{a} = "item1" or {a} = "item2" and {b} = "item1"', {"a": "item1"}, True),
        ('({a} = "item1" or {a} = "item2") and {b} = "item1"', {"a": "item1"}, False),
        ('{a} = "item1" and {b} = "item2" ', {"a": "item1", "b": "item2"}, True),
    ],
)
def test_conditions_hold_as_in_the_official_tool(text, answers, held):
    assert holds(condition(text), answers) is held


@pytest.mark.parametrize(
    "text",
    [
        "", "{a}", '{a} = ', '{a} == "item1"', '{a} anyof ["item1"]', "{a} notempty", '{a} = 5',
        '{a} = "5"', '{a} = "true"', '({a} = "item1"', '{a} = "item1") or', '{a} = ["item1"]',
        '{a} contains ["item1","item2"]', '{a} = "item1" xor {b} = "item1"', "a = 'item1'",
        '{a} > "item1"', 'not {a} = "item1"',
    ],
)  # fmt: skip
def test_other_forms_are_refused_loudly(text):
    with pytest.raises(DeclarationError, match="expected a condition"):
        condition(text)


def test_a_condition_tells_at_which_questions_it_looks():
    assert names(condition('{a} = "item1" and ({b} contains "item2" or {c} = "item1")')) == {
        "a", "b", "c",
    }  # fmt: skip


def test_a_page_with_nothing_shown_inside_is_hidden_with_all_it_holds():
    question = {"type": "radiogroup", "name": "q", "title": "?", "visibleIf": '{p} = "item1"'}
    page = {"name": "one", "elements": [{"type": "panel", "name": "x-RS", "elements": [question]}]}
    survey = read({"pages": [page]})
    assert (survey.shown({}), survey.shown({"p": "item1"})) == (frozenset(), {"q"})
    assert not survey.pages[0].is_shown({})


def test_a_survey_with_something_unknown_in_it_is_refused():
    with pytest.raises(DeclarationError, match="'hasOther', unknown here"):
        read({"pages": [{"name": "p", "elements": [
            {"type": "checkbox", "name": "q", "title": "?", "hasOther": True}]}]})  # fmt: skip
    with pytest.raises(DeclarationError, match="got 'matrix'"):
        read({"pages": [{"name": "p", "elements": [{"type": "matrix", "name": "q"}]}]})
    with pytest.raises(DeclarationError, match="'triggers', unknown here"):
        read({"pages": [], "triggers": []})


def test_the_official_survey_asks_sixty_scored_questions_before_a_phase_is_chosen():
    survey = canada()
    scored = [q for q in survey.questions() if q.counts != "none"]
    assert len(scored) == 160
    assert len(survey.shown({"projectDetailsPhase": "item1"})) > len(survey.shown({}))
