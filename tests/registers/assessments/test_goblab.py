from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.registers.assessments.goblab import impact, is_scored, questions, worth

SCORED = [name for name, field in questions().items() if is_scored(field)]
ANSWERS = st.dictionaries(st.sampled_from(SCORED), st.sampled_from(["yes", "no"]))
WORST = {
    n: max(("yes", "no"), key=lambda a, n=n: worth(questions()[n], mode="as-published")[a])
    for n in SCORED
}


def test_as_published_an_empty_form_is_low_at_the_floor_and_the_worst_never_reaches_a_hundred():
    assert (impact({}, mode="as-published").low, impact({}, mode="as-published").level) == (
        Decimal("18.32"), "Bajo",
    )  # fmt: skip
    worst = impact(WORST, mode="as-published")
    assert (worst.low, worst.level) == (Decimal("95.36"), "Muy alto")


def test_as_published_good_practice_adds_risk_and_nine_questions_add_the_same():
    base = {"q5": "yes", "q6": "yes"}
    plain = impact(base, mode="as-published").low
    assert impact({**base, "q21": "yes"}, mode="as-published").low == plain + Decimal("2.22")
    same = {impact({**base, "q19": a}, mode="as-published").low for a in ("yes", "no")}
    assert same == {plain}


def test_corrected_good_practice_lowers_risk_and_the_hundred_can_be_reached():
    low, high = (impact({"q21": a}, mode="corrected") for a in ("yes", "no"))
    assert low.high < high.high
    every = {n: max(("yes", "no"), key=lambda a, n=n: worth(questions()[n], mode="corrected")[a])
             for n in SCORED}  # fmt: skip
    assert (impact(every, mode="corrected").low, impact(every, mode="corrected").level) == (
        100, "Muy alto",
    )  # fmt: skip


def test_corrected_what_is_not_answered_leaves_a_range_and_no_level():
    got = impact({}, mode="corrected")
    assert (got.low, got.high, got.level) == (0, 100, None)


@settings(max_examples=50, deadline=None)
@given(ANSWERS)
def test_scores_stay_within_their_bounds_and_a_range_narrows_with_answers(answers):
    told = impact(answers, mode="as-published")
    assert Decimal("18.32") <= told.low == told.high <= Decimal("95.36")
    some = dict(list(answers.items())[: len(answers) // 2])
    wide, narrow = impact(some, mode="corrected"), impact(answers, mode="corrected")
    assert wide.low <= narrow.low <= narrow.high <= wide.high


def test_the_corrected_score_is_never_told_as_the_official_one():
    from iagkit.flow.assessing import assess

    told = assess("chile-goblab-impacto", {}, mode="corrected")
    assert told["official"] is False
    assert "not the score of the published tool" in told["label"]


@pytest.mark.parametrize(
    ("answers", "why"),
    [({"q99": "yes"}, "got 'q99'"), ({"q5": "maybe"}, "'yes' or 'no'"), ({"q5": ["yes"]}, "'yes'"),
     ({"q2": 5}, "expected a text"), ({"q2": "x" * 10_001}, "at most 10,000")],
)  # fmt: skip
def test_answers_that_do_not_fit_are_refused(answers, why):
    with pytest.raises(DataError, match=why):
        impact(answers, mode="as-published")


def test_another_mode_is_refused():
    with pytest.raises(UsageError, match="Did you mean 'corrected'"):
        impact({}, mode="correct")
