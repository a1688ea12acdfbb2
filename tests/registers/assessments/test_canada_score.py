import json
import math
from pathlib import Path

import by_the_rules
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_answers import PHASE, QUESTIONS, most, random_answers, scoring

from iagkit.core.errors import UsageError
from iagkit.registers.assessments.canada import fits, level, score, value_points
from iagkit.registers.assessments.javascript import is_empty, number, rounded

OFFICIAL = json.loads(Path(__file__).with_name("official_scores.json").read_text("utf-8"))
MODES = ("live", "completed")
SEEDS = st.integers(0, 10**9)


def told(answers, mode):
    got = score(answers, mode=mode)
    return got.raw, got.mitigation, got.current, got.level


@pytest.mark.parametrize("phase", ["item1", "item2"])
@pytest.mark.parametrize(
    ("raw", "mitigation", "current", "impact"),
    [(19, 0, 19, 1), (72, 38, 72, 2), (72, 73, 61, 2), (167, 0, 167, 4), (167, 77, 142, 4)],
)
def test_the_published_anchors(phase, raw, mitigation, current, impact):
    answers = scoring(raw, mitigation, phase)
    assert {told(answers, mode) for mode in MODES} == {(raw, mitigation, current, impact)}


@pytest.mark.parametrize("one", OFFICIAL["sets"], ids=range(len(OFFICIAL["sets"])))
@pytest.mark.parametrize("mode", MODES)
def test_scores_that_the_official_tool_gave(one, mode):
    spelt = [str(v) if not math.isfinite(v) else v for v in told(one["answers"], mode)]
    assert [{"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(v, v) for v in spelt] == (
        one[mode]
    )


@pytest.mark.parametrize("mode", MODES)
def test_a_second_scorer_from_the_table_of_fields_gives_the_same(mode):
    different = []
    for seed in range(250):
        answers = random_answers(seed)
        if told(answers, mode) != by_the_rules.score(answers, mode):
            different.append(seed)
    assert different == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_a_second_scorer_gives_the_same_on_thousands_of_sets(mode):
    sets = (random_answers(seed) for seed in range(10_000, 15_000))
    assert [a for a in sets if told(a, mode) != by_the_rules.score(a, mode)] == []


def test_the_most_that_can_be_reached_is_that_of_the_profile():
    got = score(most(), mode="completed")
    assert (got.raw_max, got.mitigation_max, len(got.sections)) == (167, 77, 16)
    assert sum(s.max for s in got.sections if s.counts == "raw") == 167
    design = [s for s in got.sections if s.name.endswith("Design")]
    assert [(s.name, s.score, s.max) for s in design] == [
        ("consultationDesign", 10, 10), ("dataQualityDesign", 14, 14),
        ("fairnessDesign", 44, 44), ("privacyDesign", 9, 9),
    ]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_scores_of_valid_answers_stay_within_their_bounds(seed):
    valid = {n: v for n, v in random_answers(seed).items() if _is_valid(n, v)}
    got = score(valid, mode="completed")
    assert 0 <= got.current <= got.raw <= 167
    assert 0 <= got.mitigation <= 77
    assert got.current in (got.raw, rounded(0.85 * got.raw))
    assert got.level == level(got.current, 167)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_completing_a_second_time_changes_nothing(seed):
    from iagkit.registers.assessments.canada import completed
    from iagkit.registers.assessments.survey import canada

    answers = random_answers(seed)
    shown = canada().shown(answers)
    once = completed(answers, canada(), shown)
    assert told(once, "live") == told(answers, "completed")


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, 10**6))
def test_a_worse_answer_to_one_risk_question_never_lowers_the_raw_score(seed, pick):
    answers = random_answers(seed)
    question = [q for q in QUESTIONS if q.counts == "raw" and q.kind != "checkbox"][pick % 60]
    ordered = sorted(question.choices, key=lambda c: c.points)
    low, high = ({**answers, question.name: c.value} for c in (ordered[0], ordered[-1]))
    assert score(low, mode="live").raw <= score(high, mode="live").raw


def test_mitigation_may_lower_the_current_score_and_never_raises_it():
    currents = [score(scoring(100, m), mode="completed").current for m in (0, 61, 62, 77)]
    assert currents == [100, 100, 85, 85]


@pytest.mark.parametrize(("raw", "current"), [(10, 9), (30, 26), (50, 43), (90, 77), (130, 111)])
def test_halves_are_rounded_up(raw, current):
    assert score(scoring(raw, 77), mode="completed").current == current


def test_a_hidden_answer_counts_live_and_is_dropped_on_completion():
    answers = {
        PHASE: "item1",
        "consultationImplementation1": "item1-2",
        "aboutAlgorithm8A": "item2-1",
    }
    assert told(answers, "live")[:2] == (1, 2)
    assert told(answers, "completed")[:2] == (0, 0)
    assert sum("hidden" in str(r) for r in score(answers, mode="completed").remarks) == 2


def test_both_phases_in_one_file_count_mitigation_twice_when_live_and_that_is_told():
    both = {**most("item2"), **most("item1")}
    got = score(both, mode="live")
    assert got.mitigation == 154
    assert any("counted twice" in str(r) for r in got.remarks)


def test_an_unknown_value_gives_its_number_live_and_nothing_on_completion():
    answers = {PHASE: "item1", "impact5": "mine-9", "decisionSector1": ["item1-1", "zz-5"]}
    assert told(answers, "live")[0] == 15
    assert told(answers, "completed")[0] == 1


def test_unknown_questions_count_for_nothing_and_the_likely_one_is_told():
    got = score({"impactt5": "item1-2"}, mode="live")
    assert got.raw == 0
    assert "(perhaps 'impact5')" in str(got.remarks[0])


def test_levels_change_where_a_quarter_of_the_most_ends():
    assert [level(n, 167) for n in (41, 42, 83, 84, 125, 126)] == [1, 2, 2, 3, 3, 4]
    assert level(math.nan, 167) == 4


def test_another_mode_is_refused_with_the_likely_one():
    with pytest.raises(UsageError, match="Did you mean 'completed'"):
        score({}, mode="complete")


def test_numbers_are_read_as_a_browser_reads_them():
    read = [number(t) for t in ("", "7", " 7\ufeff", "0x1F", "0b11", "1e2", ".5", "5.", "+4")]
    assert read == [0, 7, 7, 31, 3, 100, 0.5, 5, 4]
    assert {number(t) for t in ("1_0", "nan", "٣", "\x1c5", "1e", "0x", "inf", "0x-1")} == {0}
    assert number("Infinity") == math.inf
    assert value_points(10**400) == math.inf


def test_nothing_is_what_the_survey_takes_for_nothing():
    assert all(map(is_empty, (None, "", " \u00a0", [], {}, {"a": {"b": ""}})))
    assert not any(map(is_empty, (0, False, [""], {"a": 0}, "\x1c")))


def _is_valid(name, value):
    return any(q.name == name and fits(q, value) for q in QUESTIONS)


def test_a_level_without_answers_is_told_as_the_lowest_possible_one():
    assert any("lowest possible" in str(r) for r in score({}, mode="completed").remarks)
    assert not any("lowest possible" in str(r) for r in score(most("item2"), mode="live").remarks)
