"""Limits meet numbers in one place, and not knowing is an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.judge import blocked_by, judge, unproven
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Gate, Policy

shares = st.floats(0, 1)


def policy(**limits):
    gate = Gate(check="performance.accuracy", reason={"en": "why"}, on_fail="block", **limits)
    return Policy(name="p", version="1", owner="o", reason={"en": "why"}, gates=(gate,))


def finding(low, high, n=100):
    estimate = Estimate(value=(low + high) / 2, n=n, low=low, high=high, level=0.95)
    return Finding(check="performance.accuracy", question="?", estimate=estimate)


@pytest.mark.parametrize(
    ("low", "high", "result"),
    [(0.6, 0.7, "pass"), (0.5, 0.7, "pass"), (0.4, 0.49, "fail"), (0.4, 0.6, "unknown")],
)
def test_the_whole_interval_must_clear_the_limit(low, high, result):
    (verdict,) = judge([finding(low, high)], policy(at_least=0.5))
    assert verdict.result == result


def test_an_upper_limit_is_the_mirror_of_a_lower_one():
    results = [
        judge([finding(low, high)], policy(at_most=0.1))[0].result
        for low, high in [(0.02, 0.08), (0.12, 0.3), (0.05, 0.2)]
    ]
    assert results == ["pass", "fail", "unknown"]


@given(shares, shares, shares)
def test_no_interval_both_passes_and_fails(a, b, limit):
    low, high = sorted((a, b))
    (verdict,) = judge([finding(low, high)], policy(at_least=limit))
    assert verdict.result == ("pass" if low >= limit else "fail" if high < limit else "unknown")


def test_too_few_cases_are_unknown_however_good_they_look():
    (verdict,) = judge([finding(0.9, 1.0, n=12)], policy(at_least=0.5, min_n=30))
    assert verdict.result == "unknown"
    assert str(verdict.because) == "12 cases are too few; 30 are needed"


def test_what_was_not_measured_is_unknown_and_named():
    (verdict,) = judge([], policy(at_least=0.5))
    assert verdict.result == "unknown"
    assert "performance.accuracy" in str(verdict.because)


def test_a_number_without_interval_is_not_judged():
    alone = Finding(
        check="performance.accuracy", question="?", estimate=Estimate(value=0.9, n=1000)
    )
    assert judge([alone], policy(at_least=0.5))[0].result == "unknown"


def test_a_finding_without_estimate_hands_on_its_reason():
    reason = say("only {n} cases", n=3)
    empty = Finding(check="performance.accuracy", question="?", because=reason)
    assert judge([empty], policy(at_least=0.5))[0].because == reason


def of_group(value, low, high):
    whole = finding(low, high)
    return Finding(check=whole.check, question="?", estimate=whole.estimate, where={"sex": value})


def test_groups_are_judged_only_where_the_gate_asks_for_each():
    found = [finding(0.6, 0.7), of_group("f", 0.3, 0.4)]
    assert [v.result for v in judge(found, policy(at_least=0.5))] == ["pass"]
    each = judge(found, policy(at_least=0.5, each=True))
    assert [(dict(v.where), v.result) for v in each] == [({}, "pass"), ({"sex": "f"}, "fail")]


def test_where_there_are_only_groups_each_is_judged():
    assert len(judge([of_group("f", 0.3, 0.4)], policy(at_least=0.5))) == 1


def test_a_gap_over_a_column_is_a_whole():
    found = [of_group("*", 0.6, 0.7), of_group("f", 0.1, 0.2)]
    assert [v.result for v in judge(found, policy(at_least=0.5))] == ["pass"]


def test_unknown_does_not_block_but_is_unproven():
    verdicts = judge([finding(0.4, 0.6)], policy(at_least=0.5))
    assert blocked_by(verdicts) == ()
    assert unproven(verdicts) == verdicts


def test_a_gate_needs_exactly_one_limit():
    with pytest.raises(DeclarationError, match="both or neither"):
        Gate(check="x", reason={}, at_most=1.0, at_least=0.0)


def test_a_number_that_is_not_finite_is_no_estimate():
    with pytest.raises(DataError, match="finite"):
        Estimate(value=float("nan"), n=3)


def test_a_finding_is_a_fact_or_a_reason_never_both_or_neither():
    with pytest.raises(DataError, match="not both"):
        Finding(check="x", question="?")


def test_a_chapter_that_could_not_answer_lends_its_reason_to_its_checks():
    why = say("no group column was declared, so groups cannot be compared")
    chapter = Finding(check="performance", question="?", because=why)
    (verdict,) = judge([chapter], policy(at_least=0.5))
    assert (verdict.result, verdict.because) == ("unknown", why)
